/* maker_finish — one column on its way into the file: what its record in the
 * directory will say, gathered while its sections are written. */
#ifndef MAKER_FINISH_H
#define MAKER_FINISH_H
#include "kit/table/maker_tally.h"

typedef struct {
    column_about about;
    maker_rule rule;
    maker_tally tally;
    unsigned width, digits;
    int64_t base;
    uint64_t top;
    uint32_t nulls, dict_count;
    buf sections;                           /* records of those written */
    uint32_t section_n;
} maker_done;

/* An entry of the dictionary to be: in order, nulls first. */
typedef struct {
    str text;
    uint32_t code;                          /* the one it had while reading */
    uint32_t rows;
    column_null_kind kind;                  /* MAKER_VALUE: no null */
    int64_t key;
} maker_term;

/* maker_about.c */
void maker_section_put(buf *b, const maker_section *s);
void maker_about_table(buf *d, const column_build *b);
void maker_about_series(buf *d, bool known, uint64_t base, uint64_t step, unsigned width);
void maker_about_column(buf *d, const maker_done *m);

/* maker_terms.c: the dictionary. */
maker_term *maker_terms(const column_build *b, const maker_column *k, const maker_rule *rule, const maker_dict *d);  /* mem_free */
bool maker_terms_write(ctx *c, maker_out *o, maker_done *m, const maker_term *t, uint32_t n, bool keys) nodiscard;
void maker_terms_stats(const column_build *b, maker_done *m, const maker_term *t, uint32_t n);

/* Ends a section and keeps its record. */
bool maker_done_section(ctx *c, maker_out *o, maker_done *m) nodiscard;
unsigned maker_width(uint64_t top);         /* bytes that hold it: 1, 2, 4, 8 */
#define MAKER_AT_ONCE 4096                  /* rows that go through one step at a time */
void maker_narrow(void *out, unsigned width, const uint64_t *v, size_t n);  /* members of so many bytes */

/* Each form: writes its sections and fills m. */
bool maker_finish_dict(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m) nodiscard;
bool maker_finish_number(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m) nodiscard;
bool maker_finish_text(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m) nodiscard;
#endif
