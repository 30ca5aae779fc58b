/* table_ask — what people and programs ask of a table, from the forms in which
 * they say it, to a question for kit/query. One reading for all faces: the CKAN
 * datastore (both generations of its filters), the common data-access API, pages.
 *
 * `_id` is the number of a row, from 1. Everything lives in c->a. INVALID names
 * the parameter (err.field) and what is wrong with it. */
#ifndef TABLE_ASK_H
#define TABLE_ASK_H
#include "kit/query/query.h"
#include "kit/text/json_read.h"

/* filters, as JSON: {"col": value}, {"col": [a, b]} (one of them), {"col": {"gt": 5, "lte": 9}}, {"col": null}; several
 * columns: all of them; a list of such objects, "$or": one of them; "$and"; "$$name" for a column whose name begins
 * with $. Added to what `f` holds already (an AND). */
bool table_ask_filters(ctx *c, const query_table *t, const json *filters, query_filter *f) nodiscard;
/* q: words, each of which stands in some column; or an object of columns and the words that stand in them. */
bool table_ask_words(ctx *c, const query_table *t, const json *q, query_filter *f) nodiscard;
size_t table_ask_split(arena *a, str text, str **words);    /* at most 20 words, parted by blanks */
/* "a, b desc nulls last"; names may stand in double quotes. At most QUERY_COLUMNS_MAX. nulls_largest: where nothing is said,
 * nulls count as the largest value, as PostgreSQL has it; else they come last. */
bool table_ask_sort(ctx *c, const query_table *t, str text, bool nulls_largest, query_sort *out, size_t *n) nodiscard;
/* "a,b": columns, in that order; SIZE_MAX stands for _id. Empty: all, _id first when `with_id`. */
bool table_ask_fields(ctx *c, const query_table *t, const str_list *names, bool with_id, size_t **out, size_t *n) nodiscard;
#endif
