#include "kit/schema/schema_part.h"

/* --- shared --- */

str schema_words(ctx *c, const json *v)
{
    if (v == NULL)
        return (str){ 0 };
    if (v->type == JSON_STR)
        return v->s;
    if (v->type == JSON_ARR && v->arr.n > 0)
        return schema_words(c, &v->arr.v[0]);
    if (v->type != JSON_OBJ || v->obj.n == 0)
        return (str){ 0 };
    for (size_t i = 0; i < v->obj.n; i++)
        if (str_starts(v->obj.keys[i], S("zh")))
            return schema_words(c, &v->obj.v[i]);
    return v->obj.v[0].type == JSON_OBJ ? (str){ 0 } : schema_words(c, &v->obj.v[0]);
}

bool schema_count(ctx *c, str field, const json *o, const char *key, uint64_t *out)
{
    const json *v = json_get(o, key);
    *out = 0;
    if (v == NULL || v->type == JSON_NULL)
        return true;
    if (v->type != JSON_INT || v->i < 0)
        return fail_field(c, INVALID, field, "“%s” of field “%.*s” is a whole number from 0", key, S_ARG(utf8_cut(field, 80)));
    *out = (uint64_t)v->i;
    return true;
}

bool schema_bound(ctx *c, const json *o, const char *key, bool *has, str *out)
{
    const json *v = json_get(o, key);
    *has = v != NULL && (v->type == JSON_INT || v->type == JSON_REAL || v->type == JSON_STR);
    *out = *has ? json_text(c, v) : (str){ 0 };
    return *has;
}

bool schema_room(ctx *c, size_t fields, schema *out)
{
    if (fields == 0)
        return fail(c, INVALID, "the schema has no fields: “fields” is a list of objects, each with a “name”");
    if (fields > SCHEMA_FIELDS_MAX)
        return fail(c, TOO_LARGE, "a schema has at most %d fields", SCHEMA_FIELDS_MAX);
    out->table.fields = new_n(c->a, table_field, fields);
    out->table.n = fields;
    out->more = new_n(c->a, schema_more, fields);
    return true;
}

static table_field *field_of(const schema *s, str name)
{
    for (size_t i = 0; i < s->table.n; i++)
        if (str_eq(s->table.fields[i].name, name))
            return &s->table.fields[i];
    return NULL;
}

/* A row is known by its key: no column of it may be empty. */
static bool add_key(ctx *c, str name, schema *out)
{
    table_field *f = field_of(out, name);
    if (f == NULL)
        return fail_field(c, INVALID, S("primaryKey"), "“primaryKey” names “%.*s”, and there is no such field", S_ARG(utf8_cut(name, 80)));
    f->required = true;
    list_add(c->a, &out->key, name);
    return true;
}

bool schema_key(ctx *c, const json *key, schema *out)
{
    if (key == NULL || key->type == JSON_NULL)
        return true;
    if (key->type == JSON_STR)
        return add_key(c, key->s, out);
    if (key->type != JSON_ARR)
        return fail_field(c, INVALID, S("primaryKey"), "“primaryKey” is the name of a field or a list of them");
    for (size_t i = 0; i < key->arr.n; i++)
        if (!add_key(c, json_text(c, &key->arr.v[i]), out))
            return false;
    return true;
}

/* --- Table Schema --- */

static const struct { const char *name; column_type type; } types[] = {
    { "string", COLUMN_text }, { "integer", COLUMN_integer }, { "number", COLUMN_decimal }, { "boolean", COLUMN_boolean }, { "date", COLUMN_date },
    { "time", COLUMN_time }, { "datetime", COLUMN_datetime }, { "year", COLUMN_year }, { "yearmonth", COLUMN_month }, { "duration", COLUMN_text },
    { "object", COLUMN_text }, { "array", COLUMN_text }, { "list", COLUMN_text }, { "geopoint", COLUMN_text }, { "geojson", COLUMN_text },
};

static bool take_type(ctx *c, const json *o, table_field *f, schema_more *m)
{
    str kind = json_get_text(c, o, "kind");
    m->type = json_get_text(c, o, "type");
    m->format = json_get_text(c, o, "format");
    if (kind.n > 0) {
        if (!column_type_find(kind, &f->type))
            return fail_field(c, INVALID, f->name, "field “%.*s”: there is no kind “%.*s”; docs/table-types.md lists them", S_ARG(utf8_cut(f->name, 80)),
                              S_ARG(utf8_cut(kind, 40)));
        f->has_type = true;
        return true;
    }
    if (m->type.n == 0 || str_eq(m->type, S("any")))
        return true;
    for (size_t i = 0; i < array_len(types); i++)
        if (str_eq(m->type, str_of(types[i].name))) {
            f->has_type = true;
            f->type = types[i].type;
            if (f->type == COLUMN_text && str_eq(m->format, S("email")))
                f->type = COLUMN_email;
            if (f->type == COLUMN_text && str_eq(m->format, S("uri")))
                f->type = COLUMN_url;
            return true;
        }
    return fail_field(c, INVALID, f->name, "field “%.*s”: “%.*s” is no type of Table Schema (string, integer, number, boolean, date, datetime, time, year, yearmonth …)",
                      S_ARG(utf8_cut(f->name, 80)), S_ARG(utf8_cut(m->type, 40)));
}

static void take_texts(ctx *c, const json *v, str_list *out)
{
    for (size_t i = 0; v != NULL && v->type == JSON_ARR && i < v->arr.n; i++)
        list_add(c->a, out, json_text(c, &v->arr.v[i]));
}

bool schema_date_format(ctx *c, str format, table_field *f)
{
    if (!field_text_knows(format))
        return fail_field(c, INVALID, f->name, "field “%.*s”: the format “%.*s” is not understood: %%Y, %%y, %%m, %%d, %%H, %%M, %%S, %%F and %%T are",
                          S_ARG(utf8_cut(f->name, 80)), S_ARG(utf8_cut(format, 40)));
    f->spelling.format = format;
    f->spelling.own = true;
    return true;
}

/* How values are spelled, where it is not as everybody does. */
static bool take_spelling(ctx *c, const json *o, const schema_more *m, table_field *f)
{
    column_key_kind key = f->has_type ? column_type_key(f->type) : COLUMN_KEY_NONE;
    field_spelling *s = &f->spelling;
    if (f->has_type && f->type == COLUMN_boolean) {
        take_texts(c, json_get(o, "trueValues"), &s->yes);
        take_texts(c, json_get(o, "falseValues"), &s->no);
        s->own = s->yes.n + s->no.n > 0;
        return true;
    }
    if (key == COLUMN_KEY_NUMBER) {
        s->decimal = json_get_text(c, o, "decimalChar");
        s->group = json_get_text(c, o, "groupChar");
        s->dressed = !json_get_bool(o, "bareNumber", true);
        s->own = (s->decimal.n > 0 && !str_eq(s->decimal, S("."))) || (s->group.n > 0 && !str_eq(s->group, S(","))) || s->dressed;
        if (s->decimal.n > 4 || s->group.n > 4)
            return fail_field(c, INVALID, f->name, "field “%.*s”: “decimalChar” and “groupChar” are one character", S_ARG(utf8_cut(f->name, 80)));
        return true;
    }
    return key == COLUMN_KEY_NONE || !str_has(m->format, S("%")) || schema_date_format(c, m->format, f);
}

static bool take_marks(ctx *c, const json *v, str_list *out)
{
    for (size_t i = 0; v != NULL && v->type == JSON_ARR && i < v->arr.n; i++) {
        const json *m = &v->arr.v[i];
        str mark = m->type == JSON_OBJ ? json_get_text(c, m, "value") : json_text(c, m);
        if (mark.n > 0)
            list_add(c->a, out, mark);
    }
    return v != NULL && v->type == JSON_ARR;
}

bool schema_pattern(ctx *c, str expression, table_field *f)
{
    if (expression.n == 0 || pattern_new(c, expression, &f->pattern))
        return true;
    c->err.field = f->name;
    return false;
}

static bool take_constraints(ctx *c, const json *k, table_field *f)
{
    const json *all = json_get(k, "enum");
    if (k == NULL || k->type == JSON_NULL)
        return true;
    if (k->type != JSON_OBJ)
        return fail_field(c, INVALID, f->name, "field “%.*s”: “constraints” is an object", S_ARG(utf8_cut(f->name, 80)));
    f->required = json_get_bool(k, "required", false);
    f->unique = json_get_bool(k, "unique", false);
    schema_bound(c, k, "minimum", &f->has_min, &f->min);
    schema_bound(c, k, "maximum", &f->has_max, &f->max);
    take_texts(c, all, &f->allowed);
    return schema_count(c, f->name, k, "minLength", &f->min_length) && schema_count(c, f->name, k, "maxLength", &f->max_length)
        && schema_pattern(c, json_get_text(c, k, "pattern"), f);
}

static bool take_field(ctx *c, const json *o, size_t i, schema *out)
{
    table_field *f = &out->table.fields[i];
    schema_more *m = &out->more[i];
    if (o->type == JSON_STR) {          /* early drafts: the name alone */
        f->name = o->s;
        return f->name.n > 0 || fail(c, INVALID, "field %zu has no “name”", i + 1);
    }
    f->name = json_get_text(c, o, "name");
    f->title = schema_words(c, json_get(o, "title"));
    m->description = schema_words(c, json_get(o, "description"));
    m->rdf_type = json_get_text(c, o, "rdfType");
    if (o->type != JSON_OBJ || f->name.n == 0)
        return fail(c, INVALID, "field %zu has no “name”", i + 1);
    f->optional = json_get_bool(o, "optional", false);
    m->source = o;
    take_texts(c, json_get(o, "titles"), &f->also);
    take_marks(c, json_get(o, "missingValues"), &f->missing);
    return take_type(c, o, f, m) && take_spelling(c, o, m, f) && take_constraints(c, json_get(o, "constraints"), f);
}

bool schema_names_differ(ctx *c, const schema *s)
{
    map seen = map_in(c->a);
    for (size_t i = 0; i < s->table.n; i++) {
        bool is_new;
        map_put(&seen, s->table.fields[i].name, &is_new);
        if (!is_new)
            return fail_field(c, INVALID, s->table.fields[i].name, "two fields are called “%.*s”", S_ARG(utf8_cut(s->table.fields[i].name, 80)));
    }
    return true;
}

static bool read_table_schema(ctx *c, const json *doc, schema *out)
{
    const json *fields = json_get(doc, "fields");
    if (fields == NULL || fields->type != JSON_ARR)
        return fail(c, INVALID, "this is no schema: Table Schema has a list “fields”, CSVW a “tableSchema” with “columns”");
    out->title = schema_words(c, json_get(doc, "title"));
    out->description = schema_words(c, json_get(doc, "description"));
    out->source = doc;
    if (!schema_room(c, fields->arr.n, out))
        return false;
    out->table.own_marks = take_marks(c, json_get(doc, "missingValues"), &out->table.missing);
    for (size_t i = 0; i < fields->arr.n; i++)
        if (!take_field(c, &fields->arr.v[i], i, out))
            return false;
    return schema_names_differ(c, out) && schema_key(c, json_get(doc, "primaryKey"), out)
        && schema_references(c, json_get(doc, "foreignKeys"), (str){ 0 }, out);
}

/* A data package has its schema in its first resource, a group of CSVW its tables in a list. */
static const json *inner(const json *doc, const char *list, const char *member)
{
    const json *l = json_get(doc, list);
    return l != NULL && l->type == JSON_ARR && l->arr.n > 0 ? member != NULL ? json_get(&l->arr.v[0], member) : &l->arr.v[0] : NULL;
}

bool schema_read_json(ctx *c, const json *doc, schema *out)
{
    const json *group = inner(doc, "tables", NULL), *packed = inner(doc, "resources", "schema"), *own = json_get(doc, "schema");
    if (packed == NULL && own != NULL && own->type == JSON_OBJ && json_get(doc, "fields") == NULL)
        packed = own;                   /* a resource of a data package alone */
    const json *csvw = json_get(doc, "tableSchema") != NULL ? doc : group;
    *out = (schema){ 0 };
    return csvw != NULL ? schema_read_csvw(c, csvw, out) : read_table_schema(c, packed != NULL ? packed : doc, out);
}

bool schema_read(ctx *c, str text, schema *out)
{
    json *doc = new (c->a, json);       /* what is kept of it points into it */
    *out = (schema){ 0 };
    if (text.n > SCHEMA_BYTES_MAX)
        return fail(c, TOO_LARGE, "a schema has at most %zu bytes", SCHEMA_BYTES_MAX);
    return json_parse(c, text, doc) && schema_read_json(c, doc, out);
}
