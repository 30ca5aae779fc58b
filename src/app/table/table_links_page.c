#include "app/table/table_links_page.h"

#include "app/table/table_page.h"
#include "kit/text/json_read.h"
#include "views.h"

enum { LINKS_MOST = 20, PREVIEW_ROWS = 5, PREVIEW_COLUMNS = 12, CELL_CHARS = 30 };

static int64_t columns_of(ctx *c, const table_link_row *t)
{
    json about;
    ctx scratch = *c;
    const json *n = json_parse(&scratch, t->about, &about) ? json_get(&about, "columns") : NULL;
    return n != NULL && n->type == JSON_INT ? n->i : 0;
}

html table_links(ctx *c, const table_link_row_list *all, str distribution_uid)
{
    table_links_view v = { 0 };
    int64_t n = 0, of_file = 0;
    for (size_t i = 0; i < all->n; i++)
        of_file += str_eq(all->v[i].distribution_uid, distribution_uid);
    for (size_t i = 0; i < all->n; i++) {
        const table_link_row *t = &all->v[i];
        if (!str_eq(t->distribution_uid, distribution_uid) || ++n > LINKS_MOST)
            continue;
        list_add(c->a, &v.tables, (table_named_link){ .href = link_part(c, "/tables/", t->uid, ""),
            .title = of_file > 1 && t->name.n > 0 ? t->name : T(c, "Table"),
            .size = lang_with(c, "{rows} rows × {columns} columns", { "rows", num_grouped(c->a, t->rows) },
                              { "columns", num_grouped(c->a, columns_of(c, t)) }) });
    }
    if (n > LINKS_MOST)
        v.more = lang_with(c, "{n} further tables", { "n", num_grouped(c->a, n - LINKS_MOST) });
    return n > 0 ? view_table_links(c, &v) : (html){ 0 };
}

void table_links_json(ctx *c, json_w *j, const table_link_row_list *all, str distribution_uid)
{
    json_key(j, S("tables"));
    json_arr(j);
    for (size_t i = 0; i < all->n; i++) {
        const table_link_row *t = &all->v[i];
        if (!str_eq(t->distribution_uid, distribution_uid))
            continue;
        json_obj(j);
        json_kv(j, "id", t->uid);
        json_kv(j, "name", t->name);
        json_kv(j, "rows", t->rows);
        json_kv(j, "columns", columns_of(c, t));
        json_kv(j, "score", t->score);
        json_end(j);
    }
    json_end(j);
}

/* --- the first rows --- */

static bool add_rows(ctx *c, const query_table *q, size_t cols, table_preview_view *v)
{
    char room[COLUMN_NUMBER_ROOM];
    str whole;
    size_t rows = query_table_rows(q) < PREVIEW_ROWS ? (size_t)query_table_rows(q) : PREVIEW_ROWS;
    table_preview_line *lines = new_n(c->a, table_preview_line, rows);
    for (size_t k = 0; k < cols; k++) {
        query_column col;
        bool number = table_is_number(query_table_about(q, k)->type);
        if (!query_column_use(c, q, k, &col))
            return false;
        list_add(c->a, &v->headings, (table_preview_cell){ .text = table_column_title(q, k), .number = number });
        for (size_t i = 0; i < rows; i++)
            list_add(c->a, &lines[i].cells, (table_preview_cell){ .number = number, .null = query_is_null(&col, (uint32_t)i),
                .text = str_dup(c->a, table_shown(c->a, query_text(&col, (uint32_t)i, room), CELL_CHARS, &whole)) });
    }
    for (size_t i = 0; i < rows; i++)
        list_add(c->a, &v->lines, lines[i]);
    return true;
}

bool table_preview(ctx *c, str distribution_uid, html *out)
{
    table_row_list l;
    *out = (html){ 0 };
    if (!q_table_of_distribution(c, distribution_uid, &l))
        return false;
    if (l.n == 0 || !str_eq(l.v[0].state, S("live")))
        return true;
    auto_table held = { .site = c->site };
    if (!table_hold(c, &l.v[0], 0, &held.open))
        return false;
    const query_table *q = held.open->query;
    size_t all = query_table_columns(q), cols = all < PREVIEW_COLUMNS ? all : PREVIEW_COLUMNS;
    table_preview_view v = { .href = link_part(c, "/tables/", l.v[0].uid, "") };
    if (cols < all)
        v.rest = lang_with(c, "Shown are the first {n} of {all} columns.", { "n", num_grouped(c->a, (int64_t)cols) }, { "all", num_grouped(c->a, (int64_t)all) });
    if (!add_rows(c, q, cols, &v))
        return false;
    *out = view_table_preview(c, &v);
    return true;
}
