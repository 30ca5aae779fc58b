#include "app/table/table_schema_page.h"

#include "app/job/job_worker.h"
#include "app/routes.h"
#include "app/schema/schema_registry.h"
#include "app/table/table_named.h"
#include "app/table/table_rows_api.h"
#include "views.h"

enum { ROWS_SHOWN = 10, CELL_CHARS = 40 };

/* All columns of the table with what was given of them: of the dumps, or of the file as it is published. */
static bool whole_schema(ctx *c, const table_asked *t, bool of_file, schema *out, bool *found)
{
    schema given;
    if (!table_given_schema(c, &t->t, &given, found)
        || !(of_file ? schema_of_file : schema_of)(c, t->held.open->files[0], *found ? &given : NULL, out))
        return false;
    if (out->title.n == 0)
        out->title = t->title;
    return true;
}

/* --- what the data would be --- */

static void fill_rows(ctx *c, const column_file *f, table_schema_view *v, bool *ok)
{
    size_t cols = column_file_count(f);
    column_view *views = new_n(c->a, column_view, cols + 1);
    char room[COLUMN_NUMBER_ROOM];
    for (size_t i = 0; i < cols && *ok; i++)
        *ok = column_use(c, f, i, &views[i]);
    for (uint64_t r = 0; *ok && r < column_file_rows(f) && r < ROWS_SHOWN; r++) {
        table_schema_row *row = list_push(c->a, &v->rows);
        *row = (table_schema_row){ 0 };
        for (size_t i = 0; i < cols; i++) {
            str whole, text = column_is_null(&views[i], r) ? S("–") : column_text(&views[i], r, room);
            list_add(c->a, &row->cells, str_dup(c->a, table_shown(c->a, text, CELL_CHARS, &whole)));
        }
    }
}

static void fill_rules(ctx *c, const load_table *t, table_schema_view *v)
{
    size_t n;
    const load_rule *rules = load_rules(&n);
    for (size_t i = 0; i < n; i++) {
        int64_t count = 0;
        for (size_t k = 0; k < t->findings.n; k++)
            if (strcmp(t->findings.v[k].at.code, rules[i].code) == 0)
                count += t->findings.v[k].at.count > 0 ? (int64_t)t->findings.v[k].at.count : 1;
        if (count > 0 && (rules[i].severity == LOAD_ERROR || strcmp(rules[i].code, "bad_value") == 0 || strcmp(rules[i].group, "SCHEMA") == 0))
            list_add(c->a, &v->rules, (table_schema_rule_line){ T(c, rules[i].says), num_grouped(c->a, count) });
    }
}

static bool fill_trial(ctx *c, const table_asked *t, const schema *s, table_schema_view *v)
{
    table_tried tried;
    bool ok = true;
    if (!table_schema_try(c, &t->t, s, &tried))
        return false;
    v->tried = true;
    v->tried_text = lang_with(c, "Tried on the first {rows} rows. Nothing was changed.", { "rows", num_grouped(c->a, (int64_t)tried.rows) });
    for (size_t i = 0; i < column_file_count(tried.file); i++) {
        const column_about *k = column_file_about(tried.file, i);
        list_add(c->a, &v->misfits, (table_schema_tried_line){ str_dup(c->a, k->title.n > 0 ? k->title : k->name),
            num_grouped(c->a, (int64_t)k->stats.nulls[COLUMN_NULL_BAD]), num_grouped(c->a, (int64_t)k->stats.null_count), T(c, column_type_title(k->type)) });
    }
    fill_rules(c, &tried.loaded.tables.v[0], v);
    fill_rows(c, tried.file, v, &ok);
    table_tried_end(c, &tried);
    return ok;
}

/* --- the page --- */

static bool fill_guesses(ctx *c, const table_asked *t, table_schema_view *v)
{
    schema_columns cols;
    schema_guesses l;
    if (!schema_registry_columns(c, t->held.open->files[0], &cols) || !schema_registry_guess(c, &cols, &l))
        return false;
    list_each (schema_guess, g, &l)
        list_add(c->a, &v->guesses, (table_schema_guess_line){ c->lang == LANG_EN ? g->entry->title_en : g->entry->title,
            link_part(c, "/schemas/", g->entry->code, ""), num_grouped(c->a, g->score), g->reason });
    return true;
}

/* What the metadata says, where nobody set a schema. */
static bool fill_named(ctx *c, const table_asked *t, table_schema_view *v)
{
    table_named n;
    schema_entry e;
    str label;
    bool found = false, by_file;
    if (t->t.given_schema.n > 0 || t->t.domain_schema.n > 0)
        return true;
    if (!table_named_schema(c, t->t.distribution_uid, t->t.dataset_id, &n) || !table_schema_label(c, &t->t, &label))
        return false;
    by_file = n.by == TABLE_NAMED_BY_FILE;
    if (label.n > 0 && n.code.n == 0)
        v->named = by_file ? T(c, "The schema stands in the metadata of the file.") : T(c, "The schema stands in the metadata of the dataset.");
    else if (label.n > 0)
        v->named = by_file ? T(c, "The metadata of the file names a domain schema:") : T(c, "The metadata of the dataset names a domain schema:");
    else if (n.found && by_file)
        v->named = T(c, "The metadata of the file names a schema whose fields are not the columns of this table; it is passed over:");
    else if (n.by != TABLE_NAMED_NOT && !n.found)
        v->named = n.why.n > 0 ? T(c, "The metadata holds a schema that cannot be used:")
                               : T(c, "The metadata names a schema that is not in the register of this site. It is not fetched; give it to the table as a file:");
    v->named_what = n.found ? (str){ 0 } : n.why.n > 0 ? n.why : utf8_cut(n.said, 300);
    if (n.code.n > 0 && v->named.n > 0) {
        if (!schema_registry_find(c, n.code, &e, &found))
            return false;
        v->named_code = c->lang == LANG_EN ? e.title_en : e.title;
        v->named_href = link_part(c, "/schemas/", e.code, "");
    }
    return true;
}

static bool show(ctx *c, const http_req *r, http_res *w, const table_asked *t, const schema *s, table_schema_view *v)
{
    schema_entry e;
    bool found = false;
    v->frame = table_frame_of(c, t, TABLE_TAB_SCHEMA);
    v->action = link_to(c, str_cat(c->a, t->path, S("/schema")));
    v->given = t->t.given_schema.n > 0 ? T(c, "The publisher gave this table a schema.") : (str){ 0 };
    if (t->t.domain_schema.n > 0 && !schema_registry_find(c, t->t.domain_schema, &e, &found))
        return false;
    if (!fill_named(c, t, v))
        return false;
    if (found) {
        v->domain = c->lang == LANG_EN ? e.title_en : e.title;
        v->domain_href = link_part(c, "/schemas/", e.code, "");
    } else if (v->given.n == 0 && v->named_href.n == 0 && !fill_guesses(c, t, v)) {
        return false;
    }
    for (size_t i = 0; i < s->table.n; i++) {
        const table_field *f = &s->table.fields[i];
        v->remarks = v->remarks || s->more[i].description.n > 0;
        list_add(c->a, &v->says, (schema_field_line){ f->name, f->title.n > 0 ? f->title : f->name,
            f->has_type ? T(c, column_type_title(f->type)) : T(c, "what the values look like"), schema_rules(c, f), s->more[i].description });
    }
    v->key_text = str_join(c->a, &s->key, S(", "));
    schema_fill_references(c, s, &v->references);
    table_schema_form(c, t, s, v);
    list_add(c->a, &v->programs, (table_link){ S("Table Schema"), str_cat(c->a, t->path, S("/schema.json")) });
    list_add(c->a, &v->programs, (table_link){ S("CSVW"), str_cat(c->a, t->path, S("/csvw.json")) });
    list_add(c->a, &v->programs, (table_link){ S("Data Package"), str_cat(c->a, t->path, S("/datapackage.json")) });
    list_add(c->a, &v->programs, (table_link){ S("OpenAPI"), str_cat(c->a, t->path, S("/openapi.json")) });
    page p = { .title = lang_with(c, "Schema of {title}", { "title", t->title }), .canonical = str_cat(c->a, t->path, S("/schema")), .nav = NAV_DATASETS,
               .json = str_cat(c->a, t->path, S("/schema.json")), .no_index = v->tried };
    return page_show(c, r, w, &p, view_table_schema(c, v));
}

static bool show_json(ctx *c, http_res *w, str text)
{
    w->any_origin = true;
    return http_body_json(c, w, text);
}

bool table_schema_page(ctx *c, const http_req *r, http_res *w)
{
    auto_asked t = { 0 };
    table_schema_view v = { 0 };
    schema s;
    bool found;
    if (!table_asked_read(c, r, &t) || !whole_schema(c, &t, !r->wants_json, &s, &found))
        return false;
    return r->wants_json ? show_json(c, w, schema_write(c, &s)) : show(c, r, w, &t, &s, &v);
}

bool table_schema_post(ctx *c, const http_req *r, http_res *w)
{
    auto_asked t = { 0 };
    table_schema_view v = { 0 };
    schema was, s;
    str text, what;
    bool found;
    if (!table_asked_read(c, r, &t) || !whole_schema(c, &t, true, &was, &found) || !table_schema_form_read(c, r, &t, &was, &text, &what))
        return false;
    w->cache_s = -1;
    if (!schema_read(c, text, &s)) {
        if (c->err.code != ERR_INVALID && c->err.code != ERR_TOO_LARGE)
            return false;
        v.problem = c->err.message;
        err_clear(c);
        return show(c, r, w, &t, &was, &v);
    }
    table_schema_form_keep(c, &was, &s);
    if (str_eq(what, S("download"))) {
        http_head(c, w, "Content-Disposition", str_fmt(c->a, "attachment; filename=\"%.*s.schema.json\"", S_ARG(t.t.uid)));
        return http_body_json(c, w, json_pretty(c->a, schema_write(c, &s)));
    }
    return fill_trial(c, &t, &s, &v) && show(c, r, w, &t, &s, &v);
}

bool table_schema_put(ctx *c, const http_req *r, http_res *w)
{
    table_row t;
    table_schema_done d;
    table_schema_wish wish = { .given = r->body, .domain = http_arg(r, "domain"), .why = http_arg(r, "why"),
                               .drop_added = str_eq(http_arg(r, "drop_added"), S("yes")) };
    if (wish.given.n == 0 && wish.domain.n == 0)
        return fail(c, INVALID, "the body is a schema (Table Schema or CSVW), or ?domain= names a domain schema");
    if (!table_rows_target(c, r, http_param(r, "uid"), &t) || !table_schema_set(c, &t, &wish, &d))
        return false;
    job_worker_wake();
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "changed", d.changed);
    json_key(&j, S("job"));
    json_str_or_null(&j, d.job > 0 ? str_fmt(c->a, "/jobs/%" PRId64 ".json", d.job) : (str){ 0 });
    json_end(&j);
    if (!http_body_json(c, w, buf_str(&b)))
        return false;
    w->status = d.job > 0 ? 202 : 200;
    w->cache_s = -1;
    return true;
}

/* --- for programs --- */

static str dump_of(ctx *c, const http_req *r, const table_asked *t)
{
    return link_absolute(c, r, str_fmt(c->a, "/api/v1/dump/datastore/%.*s?format=csv", S_ARG(t->t.uid)));
}

bool table_csvw_get(ctx *c, const http_req *r, http_res *w)
{
    auto_asked t = { 0 };
    schema s;
    bool found;
    return table_asked_read(c, r, &t) && whole_schema(c, &t, false, &s, &found) && show_json(c, w, schema_write_csvw(c, &s, dump_of(c, r, &t)));
}

/* A package of one table refers to nothing beside it. */
static void keep_within(ctx *c, schema *s)
{
    const table_reference *all = s->table.references.v;
    size_t n = s->table.references.n;
    memset(&s->table.references, 0, sizeof s->table.references);
    for (size_t i = 0; i < n; i++)
        if (all[i].table.n == 0)
            list_add(c->a, &s->table.references, all[i]);
}

bool table_datapackage_get(ctx *c, const http_req *r, http_res *w)
{
    auto_asked t = { 0 };
    schema s;
    bool found;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!table_asked_read(c, r, &t) || !whole_schema(c, &t, false, &s, &found))
        return false;
    keep_within(c, &s);
    json_obj(&j);
    json_kv(&j, "name", str_cat(c->a, S("table-"), t.t.uid));
    json_kv(&j, "id", t.t.uid);
    json_kv(&j, "title", t.title);
    json_kv(&j, "homepage", link_absolute(c, r, t.path));
    json_kv(&j, "version", str_fmt(c->a, "%" PRId64, t.v.number));
    json_kv(&j, "created", day_iso(c->a, t.v.created_at));
    json_key(&j, S("resources"));
    json_arr(&j);
    json_obj(&j);
    json_kv(&j, "name", "rows");
    json_kv(&j, "type", "table");
    json_kv(&j, "profile", "tabular-data-resource");
    json_kv(&j, "path", dump_of(c, r, &t));
    json_kv(&j, "scheme", "http");
    json_kv(&j, "format", "csv");
    json_kv(&j, "mediatype", "text/csv");
    json_kv(&j, "encoding", "utf-8");
    json_key(&j, S("schema"));
    json_raw(&j, schema_write(c, &s));
    json_end(&j);
    json_end(&j);
    json_end(&j);
    return show_json(c, w, buf_str(&b));
}
