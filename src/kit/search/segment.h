/* segment — a part of the index that never changes: the dictionary with its
 * postings, and for each document its id, title, numbers and values.
 * Documents are counted from 0 in the order they came. */
#ifndef SEGMENT_H
#define SEGMENT_H
#include "base.h"
#include "kit/search/column.h"
#include "kit/search/posting.h"

#include <stdatomic.h>

typedef struct {
    _Atomic int refs;
    uint32_t    n;              /* documents, with those that are gone */
    int64_t    *id;
    uint32_t   *by_id;          /* documents ordered by (id, document); NULL: they already are */
    uint8_t    *length;         /* atoms of the first text field, at most 255 */
    uint64_t   *title_key;      /* first eight bytes of the title, for comparing */
    uint32_t   *title_end;
    bytes       titles;
    size_t      number_n, column_n;
    int64_t   **number;
    column     *column;

    size_t      term_n;         /* the dictionary, ordered by key and tail */
    uint64_t   *key;
    uint32_t   *tail_end;       /* in tails */
    uint32_t   *df, *docs_at, *pos_at;
    bytes       tails, docs, pos;
} segment;

segment *segment_hold(segment *g);
void     segment_drop(segment *g);
size_t   segment_bytes(const segment *g);
posting_list segment_term(const segment *g, uint64_t key, str tail);      /* df 0 when absent */
posting_list segment_term_at(const segment *g, size_t i);
str      segment_tail(const segment *g, size_t i);
size_t   segment_first_word(const segment *g, str prefix);                /* first term that is not before it */
str      segment_word(const segment *g, size_t i, char room[8]);          /* first bytes; the tail is apart */
bool     segment_doc(const segment *g, int64_t id, uint32_t *doc);        /* the newest with that id */
str      segment_title(const segment *g, uint32_t doc);

/* Filling one: documents' facts first, then terms in order, then segment_seal. */
typedef struct {
    segment       *g;
    column_draft  *columns;
    bytes_list(int64_t) id;
    bytes_list(uint8_t) length;
    bytes_list(uint32_t) title_end;
    bytes_list(int64_t) *numbers;
    bytes_list(uint64_t) key;
    bytes_list(uint32_t) tail_end;
    bytes_list(uint32_t) df;
    bytes_list(uint32_t) docs_at;
    bytes_list(uint32_t) pos_at;
    posting_writer w;
} segment_draft;

segment_draft *segment_draft_new(size_t numbers, const bool *many, size_t columns);
void     segment_draft_doc(segment_draft *d, int64_t id, uint8_t length, str title, const int64_t *numbers);
void     segment_draft_term(segment_draft *d, uint64_t key, str tail);    /* what stands in d->w; nothing: no term */
segment *segment_seal(segment_draft *d);                                  /* frees the draft; one reference */
void     segment_draft_free(segment_draft *d);
#endif
