#include "app/table/table_answer.h"

#include <stdlib.h>

/* --- how well a row answers --- */

typedef struct {
    str          *words;
    size_t        word_count;
    query_column *cols;                 /* the columns that are looked into */
    size_t        col_count;
} ranking;

static bool has_word(str text, str word)
{
    for (size_t i = 0; i + word.n <= text.n; i++)
        if (str_ieq(str_sub(text, i, i + word.n), word))
            return true;
    return false;
}

/* Of each word the cell in which it is the largest part; the mean of these. */
static double rank_of(const void *of, uint32_t row)
{
    const ranking *r = of;
    double sum = 0;
    char room[COLUMN_NUMBER_ROOM];
    for (size_t w = 0; w < r->word_count; w++) {
        double best = 0;
        for (size_t i = 0; i < r->col_count; i++) {
            str cell = query_text(&r->cols[i], row, room);
            double part = cell.n > 0 ? (double)r->words[w].n / (double)cell.n : 0;
            if (part <= 1 && part > best && has_word(cell, r->words[w]))
                best = part;
        }
        sum += best;
    }
    return r->word_count > 0 ? sum / (double)r->word_count : 0;
}

static bool add_rank(ctx *c, const query_table *t, str name, str text, size_t first, size_t past, table_answer *out)
{
    ranking *r = new (c->a, ranking);
    r->word_count = table_ask_split(c->a, text, &r->words);
    r->cols = new_n(c->a, query_column, past - first);
    r->col_count = past - first;
    for (size_t i = first; i < past; i++)
        if (!query_column_use(c, t, i, &r->cols[i - first]))
            return false;
    out->extras[out->extra_count++] = (export_extra){ .name = name, .number = rank_of, .of = r };
    return true;
}

static bool add_ranks(ctx *c, const query_table *t, const json *q, table_answer *out)
{
    size_t n = q->type == JSON_OBJ ? q->obj.n : 1;
    if (n > EXPORT_EXTRAS_MAX)
        return fail_field(c, INVALID, S("q"), "words are looked for in %d columns at most", EXPORT_EXTRAS_MAX);
    out->extras = new_n(c->a, export_extra, n + 1);
    if (q->type != JSON_OBJ)
        return add_rank(c, t, S("rank"), json_text(c, q), 0, query_table_columns(t), out);
    for (size_t i = 0; i < n; i++) {
        size_t col;
        if (!query_table_find(t, q->obj.keys[i], &col))
            return fail_field(c, INVALID, S("q"), "the table has no column “%.*s”", S_ARG(utf8_cut(q->obj.keys[i], 80)));
        if (!add_rank(c, t, str_cat(c->a, S("rank "), query_table_about(t, col)->name), json_text(c, &q->obj.v[i]), col, col + 1, out))
            return false;
    }
    return true;
}

/* --- orders of our own --- */

static query_walk walk_of(const query_table *t, uint32_t *rows, size_t n)
{
    return (query_walk){ .t = t, .order = rows, .places = n, .nulls_first = true, .total = n };
}

typedef struct { double rank; uint32_t row; } ranked;

static int by_rank(const void *x, const void *y)
{
    const ranked *a = x, *b = y;
    return a->rank != b->rank ? (a->rank < b->rank ? 1 : -1) : (a->row > b->row) - (a->row < b->row);
}

static void sort_by_rank(ctx *c, table_answer *out)
{
    size_t n = (size_t)out->walk.total;
    uint32_t *rows = new_n(c->a, uint32_t, n + 1);
    ranked *all = new_n(c->a, ranked, n + 1);
    n = query_next(&out->walk, rows, n);
    for (size_t i = 0; i < n; i++) {
        all[i].row = rows[i];
        for (size_t k = 0; k < out->extra_count; k++)
            all[i].rank += out->extras[k].number(out->extras[k].of, rows[i]);
    }
    qsort(all, n, sizeof *all, by_rank);
    for (size_t i = 0; i < n; i++)
        rows[i] = all[i].row;
    out->walk = walk_of(out->walk.t, rows, n);
    out->by_row = false;
}

/* The first row of each that are the same in the columns, in the order of the walk. */
static bool only_distinct(ctx *c, table_answer *out)
{
    uint32_t rows[256], *kept = NULL;
    size_t n = 0, cap = 0, got;
    query_column *cols = new_n(c->a, query_column, out->col_count + 1);
    map seen = map_in(c->a);
    for (size_t i = 0; i < out->col_count; i++) {
        if (out->cols[i] == EXPORT_ROW)
            return true; /* no two rows have the same number */
        if (!query_column_use(c, out->walk.t, out->cols[i], &cols[i]))
            return false;
    }
    while ((got = query_next(&out->walk, rows, array_len(rows))) > 0)
        for (size_t r = 0; r < got; r++) {
            arena_mark m = arena_here(c->a);
            buf key = buf_in(c->a);
            for (size_t i = 0; i < out->col_count; i++) {
                char room[EXPORT_ROOM];
                uint64_t at;
                const column_view *v = query_at(&cols[i], rows[r], &at);
                str s = export_value(export_kind_of(v->type), v, at, room);
                buf_i64(&key, s.p == NULL ? -1 : (int64_t)s.n);
                buf_byte(&key, ':');
                buf_add(&key, s);
            }
            if (map_get(&seen, buf_str(&key)) != NULL) {
                arena_back(c->a, m);
                continue;
            }
            if (n == TABLE_ANSWER_DISTINCT || !ctx_in_time(c))
                return n < TABLE_ANSWER_DISTINCT ? false : fail_field(c, TOO_LARGE, S("distinct"), "more than %d rows are different; filter them, or ask for fewer fields", TABLE_ANSWER_DISTINCT);
            map_set_i64(&seen, buf_str(&key), 1);
            if (n == cap) {
                kept = arena_grow_raw(c->a, kept, cap * sizeof *kept, (cap > 0 ? cap * 2 : 64) * sizeof *kept);
                cap = cap > 0 ? cap * 2 : 64;
            }
            kept[n++] = rows[r];
        }
    out->walk = walk_of(out->walk.t, kept, n);
    out->by_row = false;
    return true;
}

/* --- the question --- */

static bool read_json(ctx *c, const char *field, const json *given, bool any_text, const json **out)
{
    json *v = new (c->a, json);
    *out = given;
    if (given == NULL || given->type != JSON_STR)
        return true;
    str text = str_trim(given->s);
    if (text.n == 0 || (any_text && !str_starts(text, S("{")))) {
        *out = text.n > 0 ? given : NULL;
        return true;
    }
    *out = v;
    if (json_parse(c, text, v))
        return true;
    err_clear(c);
    return fail_field(c, INVALID, str_of(field), "%s is not JSON: write it as {\"column\": \"value\"}", field);
}

static bool find_columns(ctx *c, query_table *t, const table_question *q, table_answer *out)
{
    size_t *cols, n;
    if (!table_ask_fields(c, t, &q->fields, true, &cols, &n))
        return false;
    bool all = q->fields.n == 0;
    out->cols = new_n(c->a, size_t, n + out->extra_count + 1);
    memcpy(out->cols, cols, n * sizeof *cols);
    for (size_t i = 0; all && i < out->extra_count; i++)
        out->cols[n++] = EXPORT_EXTRA(i);
    out->col_count = n;
    return true;
}

/* "rank" may stand in fields and sort as any column. */
static str_list without_rank(ctx *c, const str_list *l, bool *had)
{
    str_list rest = { 0 };
    *had = false;
    list_each(str, s, l) {
        if (str_eq(str_trim(*s), S("rank")))
            *had = true;
        else
            list_add(c->a, &rest, *s);
    }
    return rest;
}

bool table_answer_find(ctx *c, query_table *t, const table_question *q, table_answer *out)
{
    const json *filters, *words;
    query_filter f = { .op = QUERY_AND };
    query_sort sort[QUERY_COLUMNS_MAX];
    size_t sorts = 0;
    *out = (table_answer){ .by_row = true };
    table_question asked = *q;
    bool rank_field = false, rank_sort = str_starts(str_trim(q->sort), S("rank")) && str_find_byte(q->sort, ',') == q->sort.n;
    if (!read_json(c, "filters", q->filters, false, &filters) || !read_json(c, "q", q->q, true, &words))
        return false;
    if (words != NULL) {
        asked.fields = without_rank(c, &q->fields, &rank_field);
        if (!add_ranks(c, t, words, out))
            return false;
    }
    if (filters != NULL && !table_ask_filters(c, t, filters, &f))
        return false;
    if (words != NULL && !table_ask_words(c, t, words, &f))
        return false;
    bool by_rank_order = words != NULL && (str_trim(q->sort).n == 0 || rank_sort);
    if (!by_rank_order && !table_ask_sort(c, t, q->sort, true, sort, &sorts))
        return false;
    out->by_row = sorts == 0 || (sort[0].col == QUERY_ROW && !sort[0].desc);
    if (!find_columns(c, t, &asked, out))
        return false;
    if (rank_field && out->extra_count > 0)
        out->cols[out->col_count++] = EXPORT_EXTRA(0);
    const query_filter *left = filters == NULL && words == NULL ? NULL : &f;
    const bool all = by_rank_order || q->distinct;      /* which rows come is known only when all were looked at */
    if (!(all ? query_select(c, t, left, sort, sorts, &out->walk) : query_page(c, t, left, sort, sorts, q->offset, q->limit, &out->walk)))
        return false;
    if (by_rank_order && out->walk.total <= TABLE_ANSWER_RANKED)
        sort_by_rank(c, out);
    if (q->distinct && !only_distinct(c, out))
        return false;
    out->total = out->walk.total;
    if (all)
        query_skip(&out->walk, q->offset);
    return true;
}

void table_answer_plan(query_table *t, const table_answer *a, export_plan *p)
{
    p->t = t;
    p->walk = a->walk;
    p->cols = a->cols;
    p->col_count = a->col_count;
    p->extras = a->extras;
    p->extra_count = a->extra_count;
}
