#include "app/table/table_schema_page.h"

static str joined(ctx *c, const str_list *l)
{
    return str_join(c->a, l, S(" | "));
}

static bool is_in(const str_list *l, str s)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->v[i], s))
            return true;
    return false;
}

static void add_types(ctx *c, const table_field *f, table_schema_field_line *line)
{
    list_add(c->a, &line->types, (table_choice){ S(""), T(c, "what the values look like"), !f->has_type });
    for (column_type t = 0; t < COLUMN_TYPES; t++)
        list_add(c->a, &line->types, (table_choice){ str_of(column_type_name(t)), T(c, column_type_title(t)), f->has_type && f->type == t });
}

static str sample_of(ctx *c, const column_about *k)
{
    str_list l = { 0 };
    str whole;
    for (size_t i = 0; i < k->stats.top_count && i < 3; i++)
        list_add(c->a, &l, table_shown(c->a, k->stats.top[i].text, 24, &whole));
    if (l.n == 0 && k->stats.min_text.n > 0) {
        list_add(c->a, &l, table_shown(c->a, k->stats.min_text, 24, &whole));
        list_add(c->a, &l, table_shown(c->a, k->stats.max_text, 24, &whole));
    }
    return str_join(c->a, &l, S(" · "));
}

void table_schema_form(ctx *c, const table_asked *t, const schema *s, table_schema_view *v)
{
    for (size_t i = 0; i < s->table.n && i < TABLE_SCHEMA_FORM_COLS && i < query_table_columns(t->held.open->query); i++) {
        const table_field *f = &s->table.fields[i];
        const column_about *k = query_table_about(t->held.open->query, i);
        table_schema_field_line line = {
            .key = str_fmt(c->a, "c%zu.", i), .id = str_fmt(c->a, "field-%zu", i + 1), .heading = table_column_title(t->held.open->query, i),
            .name = f->name, .title = f->title, .missing = joined(c, &f->missing), .min = f->has_min ? f->min : S(""), .max = f->has_max ? f->max : S(""),
            .pattern = f->pattern != NULL ? pattern_text(f->pattern) : S(""), .allowed = joined(c, &f->allowed), .required = f->required,
            .unique = f->unique, .in_key = is_in(&s->key, f->name), .sample = sample_of(c, k),
        };
        add_types(c, f, &line);
        list_add(c->a, &v->fields, line);
    }
}

/* --- back --- */

static str said(ctx *c, const url_pairs *all, size_t i, const char *name)
{
    return str_trim(url_arg(all, str_z(c->a, str_fmt(c->a, "c%zu.%s", i, name))));
}

static void put_list(ctx *c, json_w *j, const char *key, str text, bool with_empty)
{
    str one;
    if (text.n == 0)
        return;
    json_key(j, str_of(key));
    json_arr(j);
    if (with_empty)
        json_str(j, S(""));
    while (text.n > 0) {
        (void)str_cut(text, S("|"), &one, &text);
        if (str_trim(one).n > 0)
            json_str(j, str_dup(c->a, str_trim(one)));
    }
    json_end(j);
}

static void put_constraints(ctx *c, json_w *j, const url_pairs *all, size_t i)
{
    str min = said(c, all, i, "min"), max = said(c, all, i, "max"), form = said(c, all, i, "pattern");
    json_key(j, S("constraints"));
    json_obj(j);
    if (said(c, all, i, "required").n > 0)
        json_kv(j, "required", (bool)true);
    if (said(c, all, i, "unique").n > 0)
        json_kv(j, "unique", (bool)true);
    if (min.n > 0)
        json_kv(j, "minimum", min);
    if (max.n > 0)
        json_kv(j, "maximum", max);
    if (form.n > 0)
        json_kv(j, "pattern", form);
    put_list(c, j, "enum", said(c, all, i, "allowed"), false);
    json_end(j);
}

static bool put_field(ctx *c, json_w *j, const url_pairs *all, size_t i)
{
    str type = said(c, all, i, "type");
    column_type t = COLUMN_text;
    if (type.n > 0 && !column_type_find(type, &t))
        return fail_field(c, INVALID, S("type"), "there is no type “%.*s”", S_ARG(utf8_cut(type, 40)));
    json_obj(j);
    json_kv(j, "name", said(c, all, i, "name"));
    json_kv(j, "title", said(c, all, i, "title"));
    json_kv(j, "type", type.n > 0 ? column_type_schema(t) : "any");
    if (type.n > 0)
        json_kv(j, "kind", column_type_name(t));
    put_list(c, j, "missingValues", said(c, all, i, "missing"), true);
    put_constraints(c, j, all, i);
    json_end(j);
    return true;
}

bool table_schema_form_read(ctx *c, const http_req *r, const table_asked *t, const schema *was, str *text, str *what)
{
    url_pairs all = { 0 };
    str_list key = { 0 };
    buf b = buf_max(c->a, SCHEMA_BYTES_MAX);
    json_w j = json_to(&b);
    size_t cols = query_table_columns(t->held.open->query);
    if (cols > TABLE_SCHEMA_FORM_COLS)
        return fail(c, TOO_LARGE, "a table of more than %d columns is given its schema as a file", TABLE_SCHEMA_FORM_COLS);
    if (!url_query(c, r->body, (size_t)TABLE_SCHEMA_FORM_COLS * 12 + 8, &all))
        return false;
    *what = url_arg(&all, "do");
    json_obj(&j);
    if (was->title.n > 0)
        json_kv(&j, "title", was->title);
    json_key(&j, S("fields"));
    json_arr(&j);
    for (size_t i = 0; i < cols; i++) {
        if (!put_field(c, &j, &all, i))
            return false;
        if (said(c, &all, i, "key").n > 0)
            list_add(c->a, &key, said(c, &all, i, "name"));
    }
    json_end(&j);
    if (key.n > 0) {
        json_key(&j, S("primaryKey"));
        json_arr(&j);
        list_each (str, k, &key)
            json_str(&j, *k);
        json_end(&j);
    }
    json_end(&j);
    *text = buf_str(&b);
    return buf_fits(&b) || fail(c, TOO_LARGE, "the schema is too large");
}

static str renamed(const schema *was, const schema *s, str name)
{
    for (size_t i = 0; i < was->table.n && i < s->table.n; i++)
        if (str_eq(was->table.fields[i].name, name))
            return s->table.fields[i].name;
    return name;
}

static void keep_references(ctx *c, const schema *was, schema *s)
{
    list_each (const table_reference, r, &was->table.references) {
        table_reference to = { .table = r->table };
        list_each (const str, f, &r->fields)
            list_add(c->a, &to.fields, renamed(was, s, *f));
        list_each (const str, f, &r->to)
            list_add(c->a, &to.to, r->table.n > 0 ? *f : renamed(was, s, *f));
        list_add(c->a, &s->table.references, to);
    }
}

void table_schema_form_keep(ctx *c, const schema *was, schema *s)
{
    s->description = was->description;
    s->table.missing = was->table.missing;
    s->table.own_marks = was->table.own_marks;
    s->source = was->source;
    for (size_t i = 0; i < was->table.n && i < s->table.n; i++) {
        const table_field *old = &was->table.fields[i];
        table_field *f = &s->table.fields[i];
        f->also = old->also;
        f->optional = old->optional;
        f->min_length = old->min_length;
        f->max_length = old->max_length;
        s->more[i].description = was->more[i].description;
        s->more[i].rdf_type = was->more[i].rdf_type;
        s->more[i].source = was->more[i].source;
        if (f->has_type && old->has_type && f->type == old->type) {
            f->spelling = old->spelling;
            s->more[i].type = was->more[i].type;
            s->more[i].format = was->more[i].format;
        }
    }
    keep_references(c, was, s);
}
