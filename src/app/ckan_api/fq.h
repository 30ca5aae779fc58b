/* fq — Solr's standard query language as clients of CKAN write it in `fq` and
 * `q`: field:value, "phrases", parentheses, AND OR NOT && || + - !, ranges
 * [a TO b} with *, wildcards, ^boost, ~slop (read, not used), \escapes.
 *
 * Source of the rules: Lucene's classic query parser with the default operator
 * AND, as CKAN's Solr is asked. In particular `a AND b OR c` means what it
 * means there: a, while b and c are wishes; parentheses say what is meant.
 *
 * This file knows the form only; what a field is, the caller's leaf function
 * says. Text of leaves is in c->a or borrowed. Errors: INVALID, with the byte
 * and how to mend it. Depth and number of clauses are limited. */
#ifndef FQ_H
#define FQ_H
#include "base.h"
#include "kit/search/search.h"

#define FQ_BYTES 16384
#define FQ_DEPTH 16
#define FQ_CLAUSES 1024

typedef enum { FQ_WORD, FQ_PHRASE, FQ_WILD, FQ_RANGE } fq_kind;

typedef struct {
    fq_kind kind;
    str     field;            /* empty: the default field; "*" only in *:* */
    str     text;             /* WILD: * and ? are wild */
    str     from, to;         /* RANGE; "*": open */
    bool    from_in, to_in;   /* … the ends belong to it */
    double  boost;            /* 0: not said */
} fq_leaf;

typedef bool fq_leaf_fn(ctx *c, void *data, const fq_leaf *l, search_node **out);

/* A blank text means everything. */
bool fq_parse(ctx *c, str text, fq_leaf_fn *leaf, void *data, search_node **out) nodiscard;
search_node *fq_node(ctx *c, search_op op, size_t kids);      /* with room for so many */

/* A moment as Solr writes it: 2020-01-01T00:00:00Z, shorter forms (a period: its first and last millisecond), NOW, and
 * mathematics behind it: NOW-1YEAR/DAY. UTC. False: it is none. */
bool fq_date(str text, int64_t now_ms, int64_t *first, int64_t *last, bool *uses_now);
#endif
