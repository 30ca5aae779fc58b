/* search — the text engine: postings in memory. It knows documents made of
 * texts, values and numbers, not datasets. Rebuilt from the record at start,
 * it follows the ledger; it is a cache by construction and cannot be out of
 * step with the record for longer than the follower's pause.
 *
 * Threads: any number may search while one writes; readers never wait (a
 * reader pins an immutable version under a reference count). search_put and
 * search_remove are visible after search_publish.
 *
 * Text: NFKC, case folding, 臺/台 and other variants (data/variants.tsv),
 * Chinese by unigrams and overlapping bigrams with positions, Latin words
 * folded and lightly stemmed, numbers as words. One function (search_norm)
 * for documents and queries alike. */
#ifndef SEARCH_H
#define SEARCH_H
#include "base.h"

typedef struct search search;

typedef struct { const char *name; double boost; } search_text_field;     /* at most 8; the first is the title: shorter ones score higher */
typedef enum { SEARCH_ONE, SEARCH_MANY } search_multi;
typedef struct {
    const char  *name;
    search_multi multi;
    bool         facet;       /* counted; else only filtered on */
} search_value_field;                                                      /* at most 32 */
typedef struct { const char *name; } search_number_field;                 /* int64 each, at most 16 */

typedef struct {
    const search_text_field   *texts;   size_t text_count;
    const search_value_field  *values;  size_t value_count;
    const search_number_field *numbers; size_t number_count;
} search_schema;

typedef struct { int field; str value; } search_value;    /* field ≥ 0: schema; -1: value is "key\x1fvalue" (open fields) */

typedef struct {
    int64_t       id;                   /* ≥ 1; a second put replaces */
    const str    *texts;                /* text_count of them; several values of one field are joined with "\n" */
    const int64_t *numbers;             /* number_count of them; SEARCH_NO_NUMBER when absent */
    const search_value *values; size_t value_count;
    str           sort_title;           /* compared bytewise after search_norm */
} search_doc;
#define SEARCH_NO_NUMBER INT64_MIN

search *search_new(const search_schema *schema, str variants_tsv);
void    search_free(search *s);
void    search_put(search *s, const search_doc *d);
void    search_remove(search *s, int64_t id);
void    search_publish(search *s);                 /* what was put becomes visible */
size_t  search_count(search *s);
size_t  search_bytes(search *s);

/* A query is a tree. Every leaf means a set of documents; SCORE leaves add to relevance. */
typedef enum {
    Q_ALL, Q_NONE,
    Q_AND, Q_OR, Q_NOT,        /* children; NOT has one */
    Q_TEXT,                    /* words: all of them, contiguous Chinese runs as phrases; fields mask. No word at all: everything */
    Q_PHRASE,                  /* text: contiguous, in one field */
    Q_PREFIX,                  /* text: a Latin or numeric word that begins so (at most 256 expansions) */
    Q_VALUE,                   /* field/key + text: exactly this value */
    Q_VALUE_WILD,              /* … with * and ? */
    Q_VALUE_ANY,               /* … any value at all */
    Q_RANGE,                   /* field: number, lo … hi, inclusive */
    Q_IDS                      /* ids */
} search_op;

typedef struct search_node search_node;
struct search_node {
    search_op op;
    search_node **kids; size_t kid_count;
    str      text;
    unsigned fields;           /* text fields: bit mask, 0 = all */
    int      field;            /* value or number field; -1: open key, see key */
    str      key;
    int64_t  lo, hi;
    const int64_t *ids; size_t id_count;
    double   boost;            /* 0 = 1 */
};

typedef enum { SORT_SCORE, SORT_NUMBER, SORT_TITLE, SORT_ID, SORT_VALUE } search_sort_by;
/* field: of SORT_NUMBER a number, of SORT_VALUE a value of a SEARCH_ONE field (bytewise). Ties: next key, then id. SCORE: best first,
 * always. No number or value: last, always. */
typedef struct { search_sort_by by; int field; bool descending; } search_sort;

typedef struct {
    const search_node *where;            /* matched and scored */
    const search_node *filter;           /* matched only; NULL = all. Visibility is applied here by the app */
    search_sort        sort[4]; size_t sort_count;   /* none: score, then the first number descending */
    size_t             start, rows;
    const int         *facets; size_t facet_count;   /* value fields to count */
    size_t             facet_limit;      /* values each, by count; 0 = all */
    int64_t            after_id;         /* cursor: with SORT_ID, hits whose id is greater than this; the total stays; 0 = from the start */
} search_query;

typedef struct { str value; int64_t count; } search_facet_value;
typedef struct { int field; search_facet_value *v; size_t n; size_t distinct; } search_facet;
typedef struct { int64_t id; double score; } search_hit;

typedef struct {
    int64_t       total;                 /* exact */
    search_hit   *hits; size_t hit_count;
    search_facet *facets; size_t facet_count;
} search_result;

bool search_run(ctx *c, search *s, const search_query *q, search_result *out) nodiscard;   /* INVALID, TIMEOUT */

/* For charts: counts of a value field or of a number cut into ranges, under a query. */
bool search_histogram(ctx *c, search *s, const search_query *q, int number, const int64_t *edges,
                      size_t edge_count, int64_t *counts) nodiscard;   /* counts[i]: edges[i] ≤ x < edges[i+1] */

str  search_norm(arena *a, const search *s, str text);   /* what is compared */
#endif
