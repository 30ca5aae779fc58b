#include "kit/load/load_align.h"

#define NAMED_MOST 12           /* columns that a refusal names */
#define ABSENT SIZE_MAX

typedef struct {
    const load_shape *shape;
    const table_sink *to;
    size_t *from;               /* of each column of the table: its place in what comes, or ABSENT */
    size_t cols;                /* of what comes */
    bool   begun, titles_first; /* titles_first: the first row turned out to be the header */
    str   *cells;
    const uint64_t *bytes, *lines;
    uint64_t rows;              /* handed on so far */
} align;

static bool is_called(const load_shape_column *k, str name)
{
    return name.n > 0 && (str_eq(k->title, name) || str_eq(k->name, name) || (k->second.n > 0 && str_eq(k->second, name)));
}

static bool column_of(const load_shape *s, str name, size_t *out)
{
    for (size_t i = 0; i < s->n; i++)
        if (is_called(&s->cols[i], name)) {
            *out = i;
            return true;
        }
    return false;
}

static str names_of(ctx *c, const load_shape *s)
{
    str_list l = { 0 };
    for (size_t i = 0; i < s->n && i < NAMED_MOST; i++)
        list_add(c->a, &l, s->cols[i].title.n > 0 ? s->cols[i].title : s->cols[i].name);
    str all = str_join(c->a, &l, S(", "));
    return s->n > NAMED_MOST ? str_cat(c->a, all, S(" …")) : all;
}

/* `_id` is the number that a table's own downloads give to a row. */
static bool take_title(ctx *c, align *w, str title, size_t i)
{
    size_t col;
    title = str_trim(title);
    if (str_eq(title, S("_id")))
        return true;
    if (title.n == 0)
        return fail(c, INVALID, "column %zu of what was given has no name; the table has %.*s", i + 1, S_ARG(names_of(c, w->shape)));
    if (!column_of(w->shape, title, &col))
        return fail_field(c, INVALID, title, "the table has no column “%.*s”; it has %.*s", S_ARG(utf8_cut(title, 80)), S_ARG(names_of(c, w->shape)));
    if (w->from[col] != ABSENT)
        return fail_field(c, INVALID, title, "the column “%.*s” is there twice", S_ARG(utf8_cut(title, 80)));
    w->from[col] = i;
    return true;
}

static bool take_places(ctx *c, align *w)
{
    if (w->cols != w->shape->n)
        return fail(c, INVALID, "no header was found, and there are %zu columns where the table has %zu: begin with a row of their names (%.*s)",
                    w->cols, w->shape->n, S_ARG(names_of(c, w->shape)));
    for (size_t i = 0; i < w->cols; i++)
        w->from[i] = i;
    return true;
}

static bool align_begin(ctx *c, void *to, const table_head *h)
{
    align *w = to;
    table_head out = { .name = w->shape->name, .header_rows = 1, .col_count = w->shape->n };
    if (w->begun)
        return fail(c, INVALID, "there are several tables in what was given; rows are added from one");
    w->begun = true;
    w->cols = h->col_count;
    w->from = new_n(c->a, size_t, w->shape->n);
    w->cells = new_n(c->a, str, w->shape->n * TABLE_BLOCK_ROWS);
    out.cols = new_n(c->a, table_column_head, w->shape->n);
    for (size_t i = 0; i < w->shape->n; i++) {
        w->from[i] = ABSENT;
        out.cols[i] = (table_column_head){ .title = w->shape->cols[i].title, .second = w->shape->cols[i].second };
    }
    w->titles_first = h->header_rows == 0;
    for (size_t i = 0; h->header_rows > 0 && i < h->col_count; i++)
        if (!take_title(c, w, h->cols[i].title, i))
            return false;
    return w->to->begin(c, w->to->to, &out);
}

/* Where no header was recognised, the first row is one if all of its cells are names of columns. */
static bool look_for_titles(ctx *c, align *w, const table_block *b, size_t *skip)
{
    bool all = true;
    size_t col;
    w->titles_first = false;
    for (size_t i = 0; i < b->cols; i++)
        all = all && column_of(w->shape, str_trim(b->cells[i]), &col);
    *skip = all ? 1 : 0;
    for (size_t i = 0; all && i < b->cols; i++)
        if (!take_title(c, w, b->cells[i], i))
            return false;
    return all || take_places(c, w);
}

static bool align_block(ctx *c, void *to, const table_block *b)
{
    align *w = to;
    size_t skip = 0;
    if (b->rows == 0)
        return true;
    if (w->titles_first && !look_for_titles(c, w, b, &skip))
        return false;
    for (size_t from = skip; from < b->rows; from += TABLE_BLOCK_ROWS) {
        size_t rows = b->rows - from < TABLE_BLOCK_ROWS ? b->rows - from : TABLE_BLOCK_ROWS;
        for (size_t r = 0; r < rows; r++)
            for (size_t i = 0; i < w->shape->n; i++)
                w->cells[r * w->shape->n + i] = w->from[i] != ABSENT ? b->cells[(from + r) * b->cols + w->from[i]] : (str){ 0 };
        table_block out = { .rows = rows, .cols = w->shape->n, .cells = w->cells, .first_row = w->rows + 1,
                            .bytes = b->bytes != NULL ? b->bytes + from : NULL, .lines = b->lines != NULL ? b->lines + from : NULL };
        w->rows += rows;
        if (!w->to->block(c, w->to->to, &out))
            return false;
    }
    return true;
}

/* A reader's finding names the column as it came; what belongs to no column of the table is told of the table. */
static bool align_finding(ctx *c, void *to, const table_finding *f)
{
    align *w = to;
    table_finding out = *f;
    out.col = 0;
    for (size_t i = 0; f->col > 0 && w->from != NULL && i < w->shape->n; i++)
        if (w->from[i] == f->col - 1)
            out.col = i + 1;
    return w->to->finding(c, w->to->to, &out);
}

static bool align_end(ctx *c, void *to)
{
    align *w = to;
    return w->to->end(c, w->to->to);
}

table_sink load_align(ctx *c, const load_shape *shape, const table_sink *to)
{
    align *w = new (c->a, align);
    *w = (align){ .shape = shape, .to = to };
    return (table_sink){ .to = w, .begin = align_begin, .block = align_block, .finding = align_finding, .end = align_end };
}
