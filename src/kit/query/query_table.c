/* The table: segments one after the other, and values of its rows. */
#include "kit/query/inside.h"

static bool agree(ctx *c, const column_file *first, const column_file *other)
{
    if (column_file_count(first) != column_file_count(other))
        return fail(c, INVALID, "the segments of the table have different numbers of columns");
    for (size_t i = 0; i < column_file_count(first); i++) {
        const column_about *a = column_file_about(first, i), *b = column_file_about(other, i);
        if (!str_eq(a->name, b->name) || a->type != b->type)
            return fail(c, INVALID, "the segments of the table disagree about column “%.*s”", S_ARG(a->name));
    }
    return true;
}

bool query_table_new(ctx *c, column_file *const *files, size_t n, query_table **out)
{
    uint64_t rows = 0;
    must(n > 0);
    for (size_t i = 0; i < n; i++) {
        if (!agree(c, files[0], files[i]))
            return false;
        rows += column_file_rows(files[i]);
    }
    if (rows >= QUERY_ROWS_MAX)
        return fail(c, TOO_LARGE, "a table of %" PRIu64 " rows is larger than can be asked", rows);
    query_table *t = mem_get(sizeof *t);
    *t = (query_table){ .n = n, .cols = column_file_count(files[0]), .rows = rows };
    t->files = mem_get(n * sizeof *t->files);
    t->first = mem_get((n + 1) * sizeof *t->first);
    t->orders = mem_get((t->cols + 1) * sizeof *t->orders);
    t->asked = mem_get((t->cols + 1) * sizeof *t->asked);
    for (size_t i = 0; i < n; i++) {
        t->files[i] = files[i];
        t->first[i + 1] = t->first[i] + column_file_rows(files[i]);
    }
    pthread_condattr_t monotonic;
    must(pthread_mutex_init(&t->lock, NULL) == 0 && pthread_condattr_init(&monotonic) == 0
         && pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 && pthread_cond_init(&t->sorted, &monotonic) == 0);
    *out = t;
    return true;
}

void query_table_free(query_table *t)
{
    if (t == NULL)
        return;
    query_order_end(t);
    for (size_t i = 0; i < t->cols; i++)
        mem_free(t->orders[i]);
    pthread_cond_destroy(&t->sorted);
    pthread_mutex_destroy(&t->lock);
    mem_free(t->asked);
    mem_free(t->orders);
    mem_free(t->first);
    mem_free(t->files);
    mem_free(t);
}

uint64_t query_table_rows(const query_table *t)
{
    return t->rows;
}

size_t query_table_columns(const query_table *t)
{
    return t->cols;
}

size_t query_table_segments(const query_table *t)
{
    return t->n;
}

const column_about *query_table_about(const query_table *t, size_t col)
{
    return column_file_about(t->files[0], col);
}

bool query_table_find(const query_table *t, str name, size_t *col)
{
    return column_file_find(t->files[0], name, col);
}

bool query_column_known(ctx *c, const query_table *t, size_t col)
{
    return col < t->cols || fail(c, INVALID, "the table has no column %zu", col + 1);
}

/* --- values --- */

bool query_column_use(ctx *c, const query_table *t, size_t col, query_column *out)
{
    *out = (query_column){ .t = t, .col = col, .views = new_n(c->a, column_view, t->n) };
    if (!query_column_known(c, t, col))
        return false;
    for (size_t i = 0; i < t->n; i++)
        if (!column_use(c, t->files[i], col, &out->views[i]))
            return false;
    return true;
}

static size_t segment_of(const query_table *t, uint32_t row)
{
    size_t lo = 0, hi = t->n;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (t->first[mid] <= row)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

const column_view *query_at(const query_column *q, uint32_t row, uint64_t *in_segment)
{
    size_t i = q->t->n == 1 ? 0 : segment_of(q->t, row);
    *in_segment = row - q->t->first[i];
    return &q->views[i];
}

str query_text(const query_column *q, uint32_t row, char *room)
{
    uint64_t at;
    const column_view *v = query_at(q, row, &at);
    return column_text(v, at, room);
}

bool query_is_null(const query_column *q, uint32_t row)
{
    uint64_t at;
    const column_view *v = query_at(q, row, &at);
    return column_is_null(v, at);
}

bool query_number(const query_column *q, uint32_t row, double *out)
{
    uint64_t at;
    const column_view *v = query_at(q, row, &at);
    return column_number(v, at, out);
}

bool query_place(ctx *c, const query_table *t, uint32_t row, uint64_t *byte, uint64_t *line, bool *known)
{
    size_t i = segment_of(t, row);
    return column_file_place(c, t->files[i], row - t->first[i], byte, line, known);
}

/* Keys of two segments may have different scales: the finer one decides, and what overflows is told apart as numbers. */
static int compare_keys(int64_t x, unsigned x_scale, int64_t y, unsigned y_scale)
{
    __int128 a = x, b = y;
    for (; x_scale < y_scale; x_scale++)
        a *= 10;
    for (; y_scale < x_scale; y_scale++)
        b *= 10;
    return (a > b) - (a < b);
}

int query_compare(const query_column *q, uint32_t x, uint32_t y)
{
    uint64_t i, j;
    int64_t k, l;
    char room_x[COLUMN_NUMBER_ROOM], room_y[COLUMN_NUMBER_ROOM];
    const column_view *v = query_at(q, x, &i), *w = query_at(q, y, &j);
    bool no_v = column_is_null(v, i), no_w = column_is_null(w, j);
    if (no_v || no_w)
        return no_w - no_v;
    if (column_key(v, i, &k) && column_key(w, j, &l))
        return compare_keys(k, v->scale, l, w->scale);
    return str_cmp(column_text(v, i, room_x), column_text(w, j, room_y));
}
