/* quality — what is wrong with files and how to mend it, without a site: the
 * same reading and the same rules that a site applies before it publishes
 * (C12). A report is a list of tables with their findings, and of files that
 * hold none with the reason; how it is written is a file each. */
#ifndef QUALITY_H
#define QUALITY_H
#include "app/schema/schema_registry.h"
#include "base.h"
#include "app/quality/quality_declared.h"
#include "kit/load/load.h"
#include "kit/text/html.h"

typedef struct {
    str     name, title, second, type, least, greatest;
    int64_t nulls, distinct;
    bool    exact;
} quality_column;
typedef struct {
    str     file, name, format, encoding, rule;
    bool    packed;                     /* in an archive: lines and bytes are not those of the file itself */
    int64_t rows, header_rows, notes_rows;
    int     score;
    struct { quality_column *v; size_t n, cap; } columns;
    struct { table_finding *v; size_t n, cap; } findings;
    schema_guesses guesses;             /* domain schemas that it may keep to; none where one was given */
    int64_t more_findings;              /* beyond those that are kept with their place */
    str     called, titled;             /* by a package: what references call it */
    const table_schema *schema;         /* that it was checked against; NULL: none */
    str     path;                       /* its column file, while references wait for other files; empty: gone */
} quality_table;
typedef struct { str file, code, reason; } quality_refusal;
typedef struct {
    struct { quality_table *v; size_t n, cap; } tables;
    struct { quality_refusal *v; size_t n, cap; } refused;
    int64_t errors, warnings, notes;    /* rules broken, a table each */
} quality_report;

typedef struct {
    str folder;                         /* for temporary files */
    str format, encoding;               /* declared; empty: find out */
    const lexicon *words;
    const schema *schema;               /* that the tables should keep to; NULL: none */
    str called, titled;                 /* name and title of the file in its package; empty: it goes by its own name */
    bool keep;                          /* other files may refer to its tables: column files stay in the folder until quality_end */
    const quality_declared *declared;   /* what metadata says of the file's table; NULL: there is none */
    void *to;
    bool (*progress)(ctx *c, void *to, str file, uint64_t bytes, uint64_t rows);    /* NULL */
} quality_options;

/* Adds what one file holds. References of a schema wait for quality_end. False only for what is no fault of the file (I/O, cancelled). */
bool quality_check(ctx *c, int fd, str file, const quality_options *o, quality_report *r) nodiscard;

/* After the last file: compares the references of all tables that were kept, and removes what is left in the folder. Call it in any case; `ok`:
 * whether all files were checked. */
bool quality_end(ctx *c, quality_report *r, bool ok) nodiscard;

const char *quality_severity(load_severity s);              /* error, warning, note: for programs */
str         quality_severity_said(ctx *c, load_severity s);  /* for people */
uint64_t    quality_count(const quality_table *t, const char *code);
void        quality_count_rules(const quality_table *t, quality_report *r, int64_t by);     /* into the report; by -1: out of it */
int         quality_score(ctx *c, const quality_table *t);                                  /* of its findings */

bool quality_knows_byte(const quality_table *t, const table_finding *f);        /* 0 is a place in the first line only */
str  quality_place(ctx *c, const quality_table *t, const table_finding *f);     /* line 3, column 2 “縣市”; empty: all of the file */
str  quality_sample(ctx *c, const table_finding *f);                             /* as people are shown it */
str  quality_text(ctx *c, const quality_report *r, bool colour);
str  quality_json(arena *a, const quality_report *r);
str  quality_sarif(ctx *c, const quality_report *r);      /* SARIF 2.1.0 */
html quality_html(ctx *c, const quality_report *r);         /* a page of its own, nothing loaded from elsewhere */
#endif
