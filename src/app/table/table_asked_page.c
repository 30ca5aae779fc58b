#include "app/table/table_page.h"

#include "app/dataset/dataset_page.h"
#include "app/policy/policy.h"
#include "app/site/site.h"
#include "app/table/table_map_page.h"

enum { TABLES_SHOWN = 20 };         /* of one file */

/* --- which one, and who may see it --- */

static bool none(ctx *c, str uid)
{
    return fail_said(c, NOT_FOUND, S(""), "there is no table “{name}”; the pages of the datasets lead to theirs", { "name", utf8_cut(uid, 80) });
}

static bool seen(ctx *c, table_asked *t)
{
    policy_state state;
    policy_class class;
    if (!q_dataset_by_id(c, t->t.dataset_id, &t->d))
        return false;
    if (!policy_state_of(t->d.state, &state) || !policy_class_of(t->d.class, &class))
        return fail(c, INTERNAL, "a dataset has a state or class that the policy does not know");
    switch (policy_sees(ROLE_VISITOR, state, class)) {
    case SEE_ALL: break;
    case SEE_TOMBSTONE:
        return fail_said(c, GONE, S(""), "the dataset of this table was withdrawn; /datasets/{slug} says when and why", { "slug", t->d.slug });
    case SEE_NOTHING: return none(c, t->t.uid);
    }
    return str_eq(t->t.state, S("live"))
        || fail_said(c, GONE, S(""), "the newest file no longer holds this table; /datasets/{slug} has those that there are", { "slug", t->d.slug });
}

static bool find_distribution(ctx *c, table_asked *t)
{
    distribution_row_list l;
    if (!q_distribution_of(c, t->d.id, &l))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (str_eq(l.v[i].uid, t->t.distribution_uid)) {
            t->f = l.v[i];
            t->file_number = (int64_t)i + 1;
        }
    return true;
}

static bool find_tables(ctx *c, table_asked *t)
{
    table_row_list all;
    if (!q_table_of_distribution(c, t->t.distribution_uid, &all))
        return false;
    list_each (const table_row, one, &all)
        if (str_eq(one->state, S("live")))
            list_add(c->a, &t->of_file, *one);
    return true;
}

static str title_of(ctx *c, const table_asked *t)
{
    str title = dataset_title(c, &t->d);
    if (t->file_number > 0 && t->f.title.n > 0 && !str_eq(t->f.title, title))
        title = t->f.title;
    bool named = t->t.name.n > 0 && t->of_file.n > 1;
    return named ? str_fmt(c->a, "%.*s – %.*s", S_ARG(title), S_ARG(t->t.name)) : title;
}

bool table_asked_read(ctx *c, const http_req *r, table_asked *out)
{
    bool found = false;
    int64_t number;
    *out = (table_asked){ .held = { .site = c->site } };
    str uid = http_param(r, "uid");
    if (!http_arg_int(c, r, "version", 0, 0, INT64_MAX, &number) || !q_table_by_key(c, uid, &out->t, &found))
        return false;
    if (!found)
        return none(c, uid);
    if (!seen(c, out) || !find_distribution(c, out) || !find_tables(c, out)
        || !q_table_version_get(c, out->t.id, number > 0 ? number : out->t.version, &out->v, &found))
        return false;
    if (!found)
        return fail_said(c, NOT_FOUND, S("version"), "the table has no version {n}", { "n", str_fmt(c->a, "%" PRId64, number) });
    out->path = str_cat(c->a, S("/tables/"), out->t.uid);
    if (number > 0)
        out->version_query = str_fmt(c->a, "?version=%" PRId64, number);
    out->title = title_of(c, out);
    return table_hold(c, &out->t, number, &out->held.open);
}

void table_asked_end(table_asked *t)
{
    table_held_end(&t->held);
}

/* --- what all pages share --- */

static void add_tables(ctx *c, const table_asked *t, table_frame *f)
{
    for (size_t i = 0; i < t->of_file.n && i < TABLES_SHOWN && t->of_file.n > 1; i++) {
        const table_row *one = &t->of_file.v[i];
        str name = one->name.n > 0 ? one->name : lang_with(c, "Table {n}", { "n", num_grouped(c->a, one->position + 1) });
        list_add(c->a, &f->of_file, (table_tab){ name, link_part(c, "/tables/", one->uid, ""), one->id == t->t.id });
    }
    if (t->of_file.n > TABLES_SHOWN)
        f->more = lang_with(c, "{n} further tables", { "n", num_grouped(c->a, (int64_t)(t->of_file.n - TABLES_SHOWN)) });
}

table_frame table_frame_of(ctx *c, const table_asked *t, table_tab_kind current)
{
    const query_table *q = t->held.open->query;
    str base = link_to(c, t->path);
    table_frame f = { .title = t->title, .dataset = dataset_title(c, &t->d), .dataset_href = link_part(c, "/datasets/", t->d.slug, ""),
        .size = lang_with(c, "{rows} rows, {columns} columns", { "rows", num_grouped(c->a, (int64_t)query_table_rows(q)) },
                          { "columns", num_grouped(c->a, (int64_t)query_table_columns(q)) }) };
    table_chart_list charts = { 0 };
    table_chart_choose(c, q, &charts);
    const struct { str label; const char *tail; bool is; } tabs[] = {
        [TABLE_TAB_ROWS] = { T(c, "Rows"), "", true }, [TABLE_TAB_COLUMNS] = { T(c, "Columns"), "/columns", true },
        [TABLE_TAB_CHART] = { T(c, "Chart"), "/chart", charts.n > 0 }, [TABLE_TAB_MAP] = { T(c, "Map"), "/map", table_map_can(c, q) },
        [TABLE_TAB_QUALITY] = { T(c, "Quality"), "/quality", true }, [TABLE_TAB_SCHEMA] = { T(c, "Schema"), "/schema", true },
    };
    for (size_t i = 0; i < array_len(tabs); i++)
        if (tabs[i].is)
            list_add(c->a, &f.tabs, (table_tab){ tabs[i].label, str_fmt(c->a, "%.*s%s%.*s", S_ARG(base), tabs[i].tail, S_ARG(t->version_query)),
                                             i == (size_t)current });
    if (t->file_number > 0) {
        f.file = lang_with(c, "File {n}", { "n", num_grouped(c->a, t->file_number) });
        f.file_href = link_to(c, str_fmt(c->a, "/datasets/%.*s/%" PRId64, S_ARG(url_encoded(c->a, t->d.slug)), t->file_number));
    }
    if (t->v.number != t->t.version)
        f.now_href = base;
    add_tables(c, t, &f);
    return f;
}

/* Control characters as their pictures: nothing that a value holds moves the page about. */
static str harmless(arena *a, str s)
{
    buf b = buf_in(a);
    bool any = false;
    for (size_t i = 0; i < s.n && !any; i++)
        any = ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\n') || s.p[i] == 0x7f;
    if (!any)
        return s;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if ((ch >= 0x20 && ch != 0x7f) || ch == '\n')
            buf_byte(&b, s.p[i]);
        else
            buf_add(&b, str_fmt(a, "\xe2\x90%c", ch == 0x7f ? 0xa1 : 0x80 + ch));     /* U+2400 … U+2421 */
    }
    return buf_str(&b);
}

str table_shown(arena *a, str value, size_t chars, str *whole)
{
    str s = harmless(a, value), cut = utf8_cut_chars(s, chars);
    *whole = cut.n < s.n ? s : (str){ 0 };
    return cut.n < s.n ? str_cat(a, cut, S("…")) : cut;
}

str table_column_title(const query_table *t, size_t col)
{
    const column_about *k = query_table_about(t, col);
    return k->title.n > 0 ? k->title : k->name;
}

bool table_is_number(column_type t)
{
    return column_type_key(t) == COLUMN_KEY_NUMBER && t != COLUMN_boolean && t != COLUMN_year;
}

void table_json_head(ctx *c, json_w *j, const table_asked *t)
{
    json_kv(j, "id", t->t.uid);
    json_kv(j, "title", t->title);
    json_kv(j, "dataset", t->d.slug);
    json_kv(j, "distribution", t->t.distribution_uid);
    json_kv(j, "version", t->v.number);
    json_kv(j, "current", (bool)(t->v.number == t->t.version));
    json_kv(j, "created", day_iso(c->a, t->v.created_at));
    json_kv(j, "rows_in_all", (int64_t)query_table_rows(t->held.open->query));
}
