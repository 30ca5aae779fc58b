#include "app/schema/schema_page.h"

#include "app/routes.h"
#include "app/shell/shell.h"
#include "views.h"

static str status_text(ctx *c, str status)
{
    return str_eq(status, S("active")) ? T(c, "in force") : str_eq(status, S("draft")) ? T(c, "draft") : T(c, "retired");
}

static schema_line line_of(ctx *c, const schema_entry *e)
{
    bool english = c->lang == LANG_EN;
    return (schema_line){ .title = english ? e->title_en : e->title, .other_title = english ? e->title : e->title_en,
        .href = link_part(c, "/schemas/", e->code, ""), .code = e->code, .version = e->version, .status = status_text(c, e->status),
        .authority = e->authority, .fields = num_grouped(c->a, (int64_t)e->schema.table.n) };
}

static void entry_json(json_w *j, const schema_entry *e)
{
    json_obj(j);
    json_kv(j, "code", e->code);
    json_kv(j, "version", e->version);
    json_kv(j, "status", e->status);
    json_kv(j, "title", e->title);
    json_kv(j, "title_en", e->title_en);
    json_kv(j, "authority", e->authority);
    json_kv(j, "source", e->source);
    json_kv(j, "fields", e->schema.table.n);
    json_end(j);
}

static bool list_json(ctx *c, http_res *w, const schema_entries *all)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_key(&j, S("schemas"));
    json_arr(&j);
    list_each (const schema_entry, e, all)
        entry_json(&j, e);
    json_end(&j);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

bool schema_list_page(ctx *c, const http_req *r, http_res *w)
{
    schema_entries all;
    schema_list_view v = { 0 };
    if (!schema_registry_all(c, &all))
        return false;
    if (r->wants_json)
        return list_json(c, w, &all);
    list_each (const schema_entry, e, &all)
        if (!str_eq(e->status, S("retired")))       /* the page of its successor names it */
            list_add(c->a, &v.lines, line_of(c, e));
    page p = { .title = T(c, "Domain schemas"), .canonical = S("/schemas"), .json = S("/schemas.json"), .nav = NAV_DATASETS,
               .description = T(c, "What tables of a known kind should be: columns, types, codes and keys.") };
    return page_show(c, r, w, &p, view_schema_list(c, &v));
}

/* --- one --- */

str schema_rules(ctx *c, const table_field *f)
{
    str_list l = { 0 };
    if (f->required)
        list_add(c->a, &l, T(c, "no cell may be empty"));
    if (f->unique)
        list_add(c->a, &l, T(c, "no value twice"));
    if (f->optional)
        list_add(c->a, &l, T(c, "the column may be lacking"));
    if (f->has_min)
        list_add(c->a, &l, lang_with(c, "from {value}", { "value", f->min }));
    if (f->has_max)
        list_add(c->a, &l, lang_with(c, "to {value}", { "value", f->max }));
    if (f->min_length > 0)
        list_add(c->a, &l, lang_with(c, "{n} characters at least", { "n", num_grouped(c->a, (int64_t)f->min_length) }));
    if (f->max_length > 0)
        list_add(c->a, &l, lang_with(c, "{n} characters at most", { "n", num_grouped(c->a, (int64_t)f->max_length) }));
    if (f->missing.n > 0)
        list_add(c->a, &l, lang_with(c, "missing: {marks}", { "marks", str_join(c->a, &f->missing, S(" ")) }));
    if (f->pattern != NULL)
        list_add(c->a, &l, lang_with(c, "pattern {value}", { "value", pattern_text(f->pattern) }));
    if (f->allowed.n > 0)
        list_add(c->a, &l, lang_with(c, "one of {values}", { "values", str_join(c->a, &f->allowed, S("、")) }));
    return str_join(c->a, &l, c->lang == LANG_EN ? S("; ") : S("；"));
}

void schema_fill_references(ctx *c, const schema *s, str_list *out)
{
    list_each (const table_reference, r, &s->table.references) {
        str from = str_join(c->a, &r->fields, S(", ")), to = str_join(c->a, &r->to, S(", "));
        list_add(c->a, out, r->table.n == 0 ? lang_with(c, "{fields} must stand in {to} of this table", { "fields", from }, { "to", to })
                                            : lang_with(c, "{fields} must stand in {to} of the table “{table}”", { "fields", from }, { "to", to }, { "table", r->table }));
    }
}

static bool need(ctx *c, str key, schema_entry *out)
{
    bool found;
    if (!schema_registry_find(c, key, out, &found))
        return false;
    return found || fail_said(c, NOT_FOUND, S(""), "there is no domain schema “{code}”; /schemas lists them", { "code", utf8_cut(key, 80) });
}

bool schema_one_page(ctx *c, const http_req *r, http_res *w)
{
    schema_entry e;
    schema_entries all;
    schema_one_view v = { 0 };
    if (!need(c, http_param(r, "code"), &e) || !schema_registry_all(c, &all))
        return false;
    w->any_origin = true;
    if (r->wants_json)
        return http_body_json(c, w, e.text);
    v.line = line_of(c, &e);
    v.description = e.description;
    v.source = e.source;
    v.key = str_join(c->a, &e.schema.key, S(", "));
    schema_fill_references(c, &e.schema, &v.references);
    v.how = e.headerless ? T(c, "Files are published without a header; columns go by their place.") : (str){ 0 };
    v.check = str_fmt(c->a, "openshelf check --schema %.*s FILE", S_ARG(e.code));
    v.json = str_fmt(c->a, "/schemas/%.*s/%.*s.json", S_ARG(e.code), S_ARG(e.version));
    v.csvw = str_fmt(c->a, "/schemas/%.*s/csvw.json", S_ARG(e.code));
    for (size_t i = 0; i < e.schema.table.n; i++) {
        const table_field *f = &e.schema.table.fields[i];
        v.remarks = v.remarks || e.schema.more[i].description.n > 0;
        list_add(c->a, &v.fields, (schema_field_line){ f->name, f->title, T(c, column_type_title(f->type)), schema_rules(c, f), e.schema.more[i].description });
    }
    list_each (const schema_entry, k, &all)
        if (str_eq(k->code, e.code) && !str_eq(k->version, e.version)) {
            schema_line line = line_of(c, k);
            line.href = str_fmt(c->a, "/schemas/%.*s/%.*s.json", S_ARG(k->code), S_ARG(k->version));
            list_add(c->a, &v.versions, line);
        }
    str path = str_cat(c->a, S("/schemas/"), e.code);
    page p = { .title = v.line.title, .canonical = path, .json = str_cat(c->a, path, S(".json")), .nav = NAV_DATASETS, .description = e.description };
    return page_show(c, r, w, &p, view_schema_one(c, &v));
}

bool schema_version_get(ctx *c, const http_req *r, http_res *w)
{
    schema_entry e;
    str code = http_param(r, "code"), version = http_param(r, "version");
    bool csvw = str_eq(version, S("csvw"));
    if (str_ends(version, S(".json")))
        version = str_sub(version, 0, version.n - 5);
    if (!need(c, csvw ? code : str_fmt(c->a, "%.*s@%.*s", S_ARG(utf8_cut(code, 80)), S_ARG(utf8_cut(version, 20))), &e))
        return false;
    w->any_origin = true;
    return http_body_json(c, w, csvw ? schema_write_csvw(c, &e.schema, str_cat(c->a, e.code, S(".csv"))) : e.text);
}
