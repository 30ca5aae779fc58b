#include "app/table/table_page.h"

#include "app/routes.h"
#include "kit/export/export.h"
#include "kit/text/json_read.h"
#include "views.h"

enum { CELL_CHARS = 80, WHOLE_CHARS = 2000, VERSIONS = 30, GLANCE_MOST = 40 };

/* --- headings that sort --- */

static table_heading heading_of(ctx *c, const table_asked *t, const table_ask_page *q, size_t col)
{
    const query_table *table = t->held.open->query;
    const column_about *k = query_table_about(table, col);
    bool first = q->sort_count > 0 && q->sorts[0].col == col, up = first && !q->sorts[0].desc;
    str name = str_fmt(c->a, "\"%.*s\"%s", S_ARG(k->name), up ? " desc" : "");
    bool plain = k->name.n > 0;
    for (size_t i = 0; i < k->name.n; i++)
        plain = plain && (k->name.p[i] == '_' || (k->name.p[i] >= 'a' && k->name.p[i] <= 'z') || (k->name.p[i] >= '0' && k->name.p[i] <= '9'));
    if (plain)
        name = str_cat(c->a, k->name, up ? S(" desc") : S(""));
    str query = table_ask_page_query(c, table, q, NULL, NULL, &name, 0);
    return (table_heading){ .title = table_column_title(table, col), .name = k->name, .number = table_is_number(k->type),
        .href = str_cat(c->a, link_to(c, t->path), query), .order = !first ? S("") : up ? S("ascending") : S("descending"),
        .hint = lang_with(c, "{name}: {type}", { "name", k->name }, { "type", T(c, column_type_title(k->type)) }) };
}

/* --- rows --- */

static table_cell cell_of(ctx *c, const query_column *q, bool number, uint32_t row)
{
    char room[COLUMN_NUMBER_ROOM];
    table_cell cell = { .number = number, .null = query_is_null(q, row) };
    str text = query_text(q, row, room);
    cell.text = str_dup(c->a, table_shown(c->a, text, CELL_CHARS, &cell.whole));
    if (cell.whole.n > 0)
        cell.whole = str_dup(c->a, utf8_cut_chars(cell.whole, WHOLE_CHARS));
    return cell;
}

static str row_path(ctx *c, const table_asked *t, uint32_t row)
{
    return link_to(c, str_fmt(c->a, "%.*s/rows/%" PRIu32 "%.*s", S_ARG(t->path), row + 1, S_ARG(t->version_query)));
}

static bool use_all(ctx *c, const query_table *table, query_column **out)
{
    size_t n = query_table_columns(table);
    *out = new_n(c->a, query_column, n);
    for (size_t i = 0; i < n; i++)
        if (!query_column_use(c, table, i, &(*out)[i]))
            return false;
    return true;
}

static bool read_rows(ctx *c, const table_asked *t, const uint32_t *rows, size_t n, table_rows_view *v)
{
    query_column *all;
    size_t cols = query_table_columns(t->held.open->query);
    if (!use_all(c, t->held.open->query, &all))
        return false;
    for (size_t i = 0; i < n; i++) {
        table_line l = { .number = num_grouped(c->a, (int64_t)rows[i] + 1), .href = row_path(c, t, rows[i]) };
        for (size_t k = 0; k < cols; k++)
            list_add(c->a, &l.cells, cell_of(c, &all[k], v->headings.v[k].number, rows[i]));
        list_add(c->a, &v->lines, l);
    }
    return true;
}

/* --- what the table is, beside its rows --- */

static str said_in(ctx *c, const json *about, const char *key)
{
    return about->type == JSON_OBJ ? json_get_text(c, about, key) : (str){ 0 };
}

/* How the encoding was found out (charset_rule), for people. */
static str rule_said(ctx *c, str rule)
{
    const struct { const char *rule; str says; } all[] = {
        { "declared", T(c, "as it was declared") },
        { "bom", T(c, "its byte order mark says so") },
        { "zeros", T(c, "the places of its zero bytes say so") },
        { "escapes", T(c, "its escape sequences say so") },
        { "ascii", T(c, "nothing but ASCII stands in it") },
        { "valid", T(c, "every byte of it is valid UTF-8") },
        { "mostly", T(c, "all but a few bytes are valid UTF-8") },
        { "common", T(c, "its characters are common ones in this encoding") },
        { "detected", T(c, "guessed from how often its bytes occur") },
        { "last", T(c, "guessed, since no other fits") },
    };
    for (size_t i = 0; i < array_len(all); i++)
        if (str_eq(rule, str_of(all[i].rule)))
            return all[i].says;
    return rule;
}

/* Where the file of the version lies; nowhere when a newer one took its address. */
static bool file_href(ctx *c, const table_asked *t, str name, str *out)
{
    table_file_row newest;
    bool found;
    *out = (str){ 0 };
    if (!q_table_file_newest(c, t->t.distribution_uid, &newest, &found))
        return false;
    if (found && newest.id == t->v.file_id)
        *out = str_fmt(c->a, "/files/%.*s/%.*s", S_ARG(url_encoded(c->a, t->t.distribution_uid)), S_ARG(url_encoded(c->a, name)));
    return true;
}

static void add_fact(ctx *c, table_rows_view *v, str label, str value, str href)
{
    if (value.n > 0)
        list_add(c->a, &v->facts, (table_fact){ label, value, href });
}

/* How often the address is asked for something new; empty: it is not. */
static bool asked_every(ctx *c, const table_asked *t, str *out)
{
    table_poll_row p;
    bool found;
    *out = (str){ 0 };
    if (!q_table_poll_get(c, t->t.distribution_uid, &p, &found) || !found)
        return !found && c->err.code == ERR_OK;
    if (p.every_s % 86400 == 0)
        *out = lang_with(c, "asked for anew every {n} days", { "n", num_grouped(c->a, p.every_s / 86400) });
    else if (p.every_s % 3600 == 0)
        *out = lang_with(c, "asked for anew every {n} hours", { "n", num_grouped(c->a, p.every_s / 3600) });
    else if (p.every_s % 60 == 0)
        *out = lang_with(c, "asked for anew every {n} minutes", { "n", num_grouped(c->a, p.every_s / 60) });
    else
        *out = lang_with(c, "asked for anew every {n} seconds", { "n", num_grouped(c->a, p.every_s) });
    return true;
}

static bool fill_facts(ctx *c, const table_asked *t, table_rows_view *v)
{
    table_file_row file;
    bool found;
    json about = { 0 };
    ctx scratch = *c;
    str every;
    if (!q_table_file_get(c, t->v.file_id, &file, &found) || !asked_every(c, t, &every))
        return false;
    if (!json_parse(&scratch, t->v.about, &about))
        about = (json){ .type = JSON_NULL };
    if (found) {
        str href;
        if (!file_href(c, t, file.name, &href))
            return false;
        add_fact(c, v, T(c, "Made of the file"), lang_with(c, "{name} ({size})", { "name", file.name }, { "size", num_bytes(c->a, file.bytes) }), href);
        add_fact(c, v, T(c, "Fetched from"), file.source_url, file.source_url);
        add_fact(c, v, T(c, "Renewed"), every, S(""));
        add_fact(c, v, T(c, "SHA-256 of the file"), file.blob, S(""));
    }
    str encoding = said_in(c, &about, "encoding"), rule = said_in(c, &about, "rule");
    add_fact(c, v, T(c, "Format found"), said_in(c, &about, "format"), S(""));
    add_fact(c, v, T(c, "Encoding found"), rule.n > 0 ? lang_with(c, "{encoding} ({reason})", { "encoding", encoding }, { "reason", rule_said(c, rule) }) : encoding, S(""));
    add_fact(c, v, T(c, "Loaded"), day_local(c->a, t->v.created_at), S(""));
    add_fact(c, v, T(c, "Version"), str_fmt(c->a, "%" PRId64, t->v.number), S(""));
    add_fact(c, v, T(c, "Entry of the ledger"), num_grouped(c->a, t->v.ledger_seq),
             link_to(c, str_fmt(c->a, "/ledger?before=%" PRId64, t->v.ledger_seq + 1)));
    return true;
}

static bool fill_versions(ctx *c, const table_asked *t, table_rows_view *v)
{
    table_version_brief_list l;
    if (!q_table_versions_of(c, t->t.id, VERSIONS, &l))
        return false;
    list_each (const table_version_brief, b, &l)
        list_add(c->a, &v->versions, (table_version_line){ .number = num_grouped(c->a, b->number), .rows = num_grouped(c->a, b->rows),
            .score = str_fmt(c->a, "%" PRId64, b->score), .at = day_local(c->a, b->created_at), .at_iso = day_iso(c->a, b->created_at),
            .entry = num_grouped(c->a, b->ledger_seq), .current = b->number == t->v.number,
            .href = link_to(c, b->number == t->t.version ? t->path : str_fmt(c->a, "%.*s?version=%" PRId64, S_ARG(t->path), b->number)) });
    return true;
}

/* --- JSON --- */

static void json_columns(json_w *j, const query_table *table)
{
    json_key(j, S("columns"));
    json_arr(j);
    for (size_t i = 0; i < query_table_columns(table); i++) {
        const column_about *k = query_table_about(table, i);
        json_obj(j);
        json_kv(j, "name", k->name);
        json_kv(j, "title", k->title);
        json_kv(j, "type", column_type_name(k->type));
        json_end(j);
    }
    json_end(j);
}

static bool json_rows(ctx *c, json_w *j, const query_table *table, const uint32_t *rows, size_t n)
{
    query_column *all;
    char room[COLUMN_NUMBER_ROOM];
    if (!use_all(c, table, &all))
        return false;
    json_key(j, S("rows"));
    json_arr(j);
    for (size_t i = 0; i < n; i++) {
        json_obj(j);
        json_kv(j, "_id", (int64_t)rows[i] + 1);
        for (size_t k = 0; k < query_table_columns(table); k++) {
            json_key(j, query_table_about(table, k)->name);
            if (query_is_null(&all[k], rows[i]))
                json_null(j);
            else
                json_str(j, query_text(&all[k], rows[i], room));
        }
        json_end(j);
    }
    json_end(j);
    return true;
}

static bool show_json(ctx *c, const http_req *r, http_res *w, const table_asked *t, const table_ask_page *q, uint64_t total,
                      const uint32_t *rows, size_t n)
{
    const query_table *table = t->held.open->query;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    table_json_head(c, &j, t);
    json_columns(&j, table);
    json_kv(&j, "total", (int64_t)total);
    json_kv(&j, "page", q->page);
    json_kv(&j, "sort", q->sort);
    if (!json_rows(c, &j, table, rows, n))
        return false;
    json_key(&j, S("next"));
    bool more = (uint64_t)q->page * (uint64_t)q->rows < total;
    json_str_or_null(&j, more ? link_absolute(c, r, str_fmt(c->a, "%.*s.json%.*s", S_ARG(t->path),
                                                            S_ARG(table_ask_page_query(c, table, q, NULL, NULL, NULL, q->page + 1)))) : (str){ 0 });
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

/* --- the page --- */

/* Columns at a glance, where their statistics stand ready and are few enough to be looked over. */
static bool fill_columns(ctx *c, const table_asked *t, table_rows_view *v)
{
    v->columns_href = link_to(c, str_fmt(c->a, "%.*s/columns%.*s", S_ARG(t->path), S_ARG(t->version_query)));
    return t->held.open->n > 1 || query_table_columns(t->held.open->query) > GLANCE_MOST || table_columns_fill(c, t, &v->columns);
}

/* What is shown as files: all rows of the selection, in its order. */
static void fill_downloads(ctx *c, const table_asked *t, const table_ask_page *q, table_rows_view *v)
{
    static const struct { const char *ending, *label; bool places; } formats[] = {
        { "csv", "CSV", false }, { "tsv", "TSV", false }, { "json", "JSON", false }, { "ndjson", "NDJSON", false }, { "xml", "XML", false },
        { "xlsx", "XLSX", false }, { "ods", "ODS", false }, { "sqlite", "SQLite", false }, { "geojson", "GeoJSON", true },
    };
    const query_table *table = t->held.open->query;
    export_places at;
    bool places = export_has_places(table, &at);
    table_ask_page all = *q;
    all.rows = TABLE_ASK_ROWS;
    str query = table_ask_page_query(c, table, &all, NULL, NULL, NULL, 0);
    for (size_t i = 0; i < array_len(formats); i++)
        if (!formats[i].places || places)
            list_add(c->a, &v->downloads, (table_link){ str_of(formats[i].label),
                str_fmt(c->a, "%.*s/download.%s%.*s", S_ARG(t->path), formats[i].ending, S_ARG(query)) });
    v->downloads_of = q->filtered ? T(c, "Download the selected rows") : T(c, "Download all rows");
}

static str shown_text(ctx *c, const table_ask_page *q, str from, str to, str total, uint64_t all)
{
    if (!q->filtered)
        return lang_with(c, "Rows {from}–{to} of {total}", { "from", from }, { "to", to }, { "total", total });
    return lang_with(c, "Rows {from}–{to} of {total} that match, of {all} in all", { "from", from }, { "to", to }, { "total", total },
                     { "all", num_grouped(c->a, (int64_t)all) });
}

static void fill_shown(ctx *c, const table_asked *t, const table_ask_page *q, uint64_t total, size_t n, table_rows_view *v)
{
    uint64_t all = query_table_rows(t->held.open->query);
    int64_t first = (q->page - 1) * q->rows;
    table_ask_page every = *q;
    every.rows = TABLE_ASK_ROWS;
    str query = table_ask_page_query(c, t->held.open->query, &every, NULL, NULL, NULL, 0);
    v->shown = total == 0 ? all == 0 ? T(c, "The table has no rows.") : T(c, "No row is like that.")
                          : shown_text(c, q, num_grouped(c->a, first + 1), num_grouped(c->a, first + (int64_t)n), num_grouped(c->a, (int64_t)total), all);
    v->grid = (table_grid){ .shown = shown_text(c, q, S("{from}"), S("{to}"), S("{total}"), all), .sort = q->sort, .all = num_grouped(c->a, (int64_t)all),
        .first = str_fmt(c->a, "%" PRId64, first), .rows = str_fmt(c->a, "%" PRId64, q->rows),
        .row = link_to(c, str_fmt(c->a, "%.*s/rows/{n}%.*s", S_ARG(t->path), S_ARG(t->version_query))),
        .cells = link_to(c, str_fmt(c->a, "%.*s.json%.*s%scells=1", S_ARG(t->path), S_ARG(query), query.n > 0 ? "&" : "?")) };
}

static void fill_programs(ctx *c, const table_asked *t, str json_path, table_rows_view *v)
{
    const table_link all[] = {
        { T(c, "These rows as JSON"), link_to(c, json_path) },
        { T(c, "The columns as JSON"), link_to(c, str_fmt(c->a, "%.*s/columns.json%.*s", S_ARG(t->path), S_ARG(t->version_query))) },
        { T(c, "Description of its interfaces (OpenAPI)"), link_to(c, str_cat(c->a, t->path, S("/openapi.json"))) },
        { T(c, "Common data-access API"), str_cat(c->a, S("/api/v1/rest/datastore/"), t->t.uid) },
        { S("CKAN (datastore_search)"), str_cat(c->a, S("/api/3/action/datastore_search?resource_id="), t->t.uid) },
    };
    for (size_t i = 0; i < array_len(all); i++)
        list_add(c->a, &v->programs, all[i]);
}

static bool show_html(ctx *c, const http_req *r, http_res *w, const table_asked *t, const table_ask_page *q, uint64_t total,
                      const uint32_t *rows, size_t n)
{
    const query_table *table = t->held.open->query;
    table_rows_view v = { .frame = table_frame_of(c, t, TABLE_TAB_ROWS) };
    for (size_t i = 0; i < query_table_columns(table); i++)
        list_add(c->a, &v.headings, heading_of(c, t, q, i));
    table_filter_fill(c, t, q, &v.filter);
    if (!read_rows(c, t, rows, n, &v) || !fill_facts(c, t, &v) || !fill_versions(c, t, &v) || !fill_columns(c, t, &v))
        return false;
    int64_t pages = ((int64_t)total + q->rows - 1) / q->rows;
    str here = table_ask_page_query(c, table, q, NULL, NULL, NULL, q->page), first = table_ask_page_query(c, table, q, NULL, NULL, NULL, 0);
    str base = str_fmt(c->a, "%.*s%.*s%spage=", S_ARG(t->path), S_ARG(first), first.n > 0 ? "&" : "?");
    fill_shown(c, t, q, total, n, &v);
    v.caption = lang_with(c, "Rows of {title}", { "title", t->title });
    v.paging = paging_show(c, &(paging){ .total = (int64_t)total, .page = q->page, .pages = pages, .base = link_to(c, base) });
    if (q->sort.n > 0) {
        str none = { 0 };
        v.unsorted = str_cat(c->a, link_to(c, t->path), table_ask_page_query(c, table, q, NULL, NULL, &none, 0));
    }
    str json_path = str_fmt(c->a, "%.*s.json%.*s", S_ARG(t->path), S_ARG(here));
    fill_programs(c, t, json_path, &v);
    fill_downloads(c, t, q, &v);
    page p = { .title = q->page > 1 ? lang_with(c, "{title}, page {n}", { "title", t->title }, { "n", num_grouped(c->a, q->page) }) : t->title,
        .canonical = str_cat(c->a, t->path, here), .json = json_path, .nav = NAV_DATASETS, .no_index = q->filtered || q->sort.n > 0 || q->page > 1, .script = "grid.js",
        .description = lang_with(c, "{title}: {size}, to be sorted, filtered and linked.", { "title", t->title }, { "size", v.frame.size }) };
    return page_show(c, r, w, &p, view_table_rows(c, &v));
}

static bool show(ctx *c, const http_req *r, http_res *w, const table_asked *t)
{
    query_table *table = t->held.open->query;
    table_ask_page q;
    query_walk walk;
    uint32_t rows[TABLE_ASK_ROWS_MOST];
    int64_t cells;
    if (!table_ask_page_read(c, table, r, &q) || !http_arg_int(c, r, "cells", 0, 0, 1, &cells))
        return false;
    if (q.untidy)
        return http_redirect(c, w, 302, link_to(c, str_fmt(c->a, "%.*s%s%.*s", S_ARG(t->path), r->wants_json ? ".json" : "",
                                                           S_ARG(table_ask_page_query(c, table, &q, NULL, NULL, NULL, q.page)))));
    const uint64_t offset = (uint64_t)(q.page - 1) * (uint64_t)q.rows;
    if (!query_page(c, table, q.filtered ? &q.filter : NULL, q.sorts, q.sort_count, offset, (uint64_t)q.rows, &walk))
        return false;
    if (q.page > 1 && offset >= walk.total)
        return fail_said(c, NOT_FOUND, S("page"), "there is no page {n}: the selection has {rows} rows",
                         { "n", str_fmt(c->a, "%" PRId64, q.page) }, { "rows", num_grouped(c->a, (int64_t)walk.total) });
    uint64_t total = walk.total;
    size_t n = query_next(&walk, rows, (size_t)q.rows);
    if (r->wants_json && cells != 0)
        return table_cells_json(c, w, t, total, rows, n);
    return r->wants_json ? show_json(c, r, w, t, &q, total, rows, n) : show_html(c, r, w, t, &q, total, rows, n);
}

bool table_rows_page(ctx *c, const http_req *r, http_res *w)
{
    auto_asked t = { 0 };
    return table_asked_read(c, r, &t) && show(c, r, w, &t);
}

/* --- one row --- */

static bool show_row(ctx *c, const http_req *r, http_res *w, const table_asked *t, uint32_t row)
{
    const query_table *table = t->held.open->query;
    query_column *all;
    char room[COLUMN_NUMBER_ROOM];
    uint64_t byte, line;
    bool known;
    table_one_row_view v = { .frame = table_frame_of(c, t, TABLE_TAB_ROWS), .number = num_grouped(c->a, (int64_t)row + 1) };
    if (!use_all(c, table, &all) || !query_place(c, table, row, &byte, &line, &known))
        return false;
    for (size_t i = 0; i < query_table_columns(table); i++) {
        str whole, text = query_text(&all[i], row, room);
        list_add(c->a, &v.values, (table_value_line){ table_column_title(table, i), query_table_about(table, i)->name,
                                                      str_dup(c->a, table_shown(c->a, text, SIZE_MAX, &whole)), query_is_null(&all[i], row) });
    }
    if (row > 0)
        v.previous = row_path(c, t, row - 1);
    if (row + 1 < query_table_rows(table))
        v.next = row_path(c, t, row + 1);
    if (known)
        v.place = lang_with(c, "In the file: line {line}, byte {byte}", { "line", num_grouped(c->a, (int64_t)line) }, { "byte", num_grouped(c->a, (int64_t)byte) });
    str path = str_fmt(c->a, "%.*s/rows/%" PRIu32, S_ARG(t->path), row + 1);
    page p = { .title = lang_with(c, "Row {n} – {title}", { "n", v.number }, { "title", t->title }), .canonical = str_cat(c->a, path, t->version_query),
               .json = str_fmt(c->a, "%.*s.json%.*s", S_ARG(path), S_ARG(t->version_query)), .nav = NAV_DATASETS, .no_index = true };
    return page_show(c, r, w, &p, view_table_one_row(c, &v));
}

static bool row_json(ctx *c, http_res *w, const table_asked *t, uint32_t row)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    table_json_head(c, &j, t);
    if (!json_rows(c, &j, t->held.open->query, &row, 1))
        return false;
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

bool table_row_page(ctx *c, const http_req *r, http_res *w)
{
    auto_asked t = { 0 };
    int64_t n;
    if (!table_asked_read(c, r, &t))
        return false;
    str said = http_param(r, "n");
    uint64_t all = query_table_rows(t.held.open->query);
    if (!str_to_i64(said, &n) || n < 1 || (uint64_t)n > all)
        return fail_said(c, NOT_FOUND, S(""), "there is no row “{n}”: the table has {rows}, counted from 1", { "n", utf8_cut(said, 20) },
                         { "rows", num_grouped(c->a, (int64_t)all) });
    return r->wants_json ? row_json(c, w, &t, (uint32_t)(n - 1)) : show_row(c, r, w, &t, (uint32_t)(n - 1));
}
