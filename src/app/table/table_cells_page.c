/* Rows for the grid of the page, which asks for many windows of them: lists instead of objects, and long values cut. */
#include "app/table/table_page.h"

enum { GRID_CHARS = 400 };

static void cell(ctx *c, json_w *j, const query_column *q, uint32_t row)
{
    char room[COLUMN_NUMBER_ROOM];
    str whole, text = table_shown(c->a, query_text(q, row, room), GRID_CHARS, &whole);
    bool null = query_is_null(q, row);
    if (null && text.n == 0) {
        json_null(j);
    } else if (null || whole.n > 0) {
        json_obj(j);
        json_kv(j, null ? "null" : "cut", text);
        json_end(j);
    } else {
        json_str(j, text);
    }
}

bool table_cells_json(ctx *c, http_res *w, const table_asked *t, uint64_t total, const uint32_t *rows, size_t n)
{
    const query_table *table = t->held.open->query;
    size_t cols = query_table_columns(table);
    query_column *all = new_n(c->a, query_column, cols);
    for (size_t i = 0; i < cols; i++)
        if (!query_column_use(c, table, i, &all[i]))
            return false;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "version", t->v.number);
    json_kv(&j, "total", (int64_t)total);
    json_key(&j, S("rows"));
    json_arr(&j);
    for (size_t i = 0; i < n; i++) {
        json_arr(&j);
        json_int(&j, (int64_t)rows[i] + 1);
        for (size_t k = 0; k < cols; k++)
            cell(c, &j, &all[k], rows[i]);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return http_body_json(c, w, buf_str(&b));
}
