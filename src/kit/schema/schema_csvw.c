/* CSVW: the columns of a tableSchema. */
#include "kit/schema/schema_part.h"

static const struct { const char *name; column_type type; } types[] = {
    { "string", COLUMN_text }, { "normalizedString", COLUMN_text }, { "token", COLUMN_text }, { "any", COLUMN_text }, { "anyAtomicType", COLUMN_text },
    { "integer", COLUMN_integer }, { "int", COLUMN_integer }, { "long", COLUMN_integer }, { "short", COLUMN_integer }, { "byte", COLUMN_integer },
    { "nonNegativeInteger", COLUMN_integer }, { "positiveInteger", COLUMN_integer }, { "unsignedInt", COLUMN_integer },
    { "unsignedLong", COLUMN_integer }, { "unsignedShort", COLUMN_integer }, { "unsignedByte", COLUMN_integer }, { "negativeInteger", COLUMN_integer },
    { "nonPositiveInteger", COLUMN_integer }, { "decimal", COLUMN_decimal }, { "number", COLUMN_decimal }, { "float", COLUMN_decimal },
    { "double", COLUMN_decimal }, { "boolean", COLUMN_boolean }, { "date", COLUMN_date }, { "dateTime", COLUMN_datetime }, { "datetime", COLUMN_datetime },
    { "dateTimeStamp", COLUMN_datetime }, { "time", COLUMN_time }, { "gYear", COLUMN_year }, { "gYearMonth", COLUMN_month }, { "anyURI", COLUMN_url },
};

static bool take_base(ctx *c, str base, table_field *f)
{
    for (size_t i = 0; i < array_len(types); i++)
        if (str_eq(base, str_of(types[i].name))) {
            f->type = types[i].type;
            f->has_type = true;
            bool natural = str_starts(base, S("unsigned")) || str_starts(base, S("nonNegative")) || str_starts(base, S("positive"));
            if (natural && !f->has_min) {
                f->has_min = true;
                f->min = str_starts(base, S("positive")) ? S("1") : S("0");
            }
            return true;
        }
    /* Types that XML Schema has and tables of ours do not know stay text: hexBinary, duration, xml, html … */
    f->has_type = true;
    f->type = COLUMN_text;
    return base.n < 200 || fail_field(c, INVALID, f->name, "field “%.*s” has a datatype of %zu bytes", S_ARG(utf8_cut(f->name, 80)), base.n);
}

static bool take_datatype(ctx *c, const json *d, table_field *f, schema_more *m)
{
    if (d == NULL)
        return true;
    if (d->type == JSON_STR) {
        m->type = d->s;
        return take_base(c, d->s, f);
    }
    m->type = json_get_text(c, d, "base");
    m->format = json_get_text(c, d, "format");
    if (!schema_bound(c, d, "minimum", &f->has_min, &f->min))
        schema_bound(c, d, "minInclusive", &f->has_min, &f->min);
    if (!schema_bound(c, d, "maximum", &f->has_max, &f->max))
        schema_bound(c, d, "maxInclusive", &f->has_max, &f->max);
    uint64_t exact;
    if (!schema_count(c, f->name, d, "minLength", &f->min_length) || !schema_count(c, f->name, d, "maxLength", &f->max_length)
        || !schema_count(c, f->name, d, "length", &exact))
        return false;
    if (exact > 0)
        f->min_length = f->max_length = exact;
    return take_base(c, m->type.n > 0 ? m->type : S("string"), f);
}

static void take_null(ctx *c, const json *v, table_field *f)
{
    if (v != NULL && v->type == JSON_STR && v->s.n > 0)
        list_add(c->a, &f->missing, v->s);
    for (size_t i = 0; v != NULL && v->type == JSON_ARR && i < v->arr.n; i++)
        if (v->arr.v[i].type == JSON_STR && v->arr.v[i].s.n > 0)
            list_add(c->a, &f->missing, v->arr.v[i].s);
}

static bool take_column(ctx *c, const json *o, const json *above, size_t i, schema *out)
{
    table_field *f = &out->table.fields[i];
    schema_more *m = &out->more[i];
    const json *null = json_get(o, "null") != NULL ? json_get(o, "null") : json_get(above, "null");
    const json *datatype = json_get(o, "datatype") != NULL ? json_get(o, "datatype") : json_get(above, "datatype");
    if (o->type != JSON_OBJ)
        return fail(c, INVALID, "column %zu of the tableSchema is no object", i + 1);
    f->title = schema_words(c, json_get(o, "titles"));
    f->name = json_get_text(c, o, "name");
    if (f->name.n == 0)
        f->name = f->title.n > 0 ? f->title : str_fmt(c->a, "_col.%zu", i + 1);
    m->description = schema_words(c, json_get(o, "dc:description"));
    m->rdf_type = json_get_text(c, o, "propertyUrl");
    f->required = json_get_bool(o, "required", false);
    take_null(c, null, f);
    if (json_get(o, "separator") != NULL) {     /* a list in a cell: text here */
        f->has_type = true;
        return true;
    }
    return take_datatype(c, datatype, f, m);
}

bool schema_read_csvw(ctx *c, const json *table, schema *out)
{
    const json *s = json_get(table, "tableSchema"), *columns = json_get(s, "columns");
    size_t n = 0;
    if (columns == NULL || columns->type != JSON_ARR)
        return fail(c, INVALID, "the tableSchema has no list “columns”; one that is kept at another address is not fetched");
    for (size_t i = 0; i < columns->arr.n; i++)
        n += !json_get_bool(&columns->arr.v[i], "virtual", false);
    out->title = schema_words(c, json_get(table, "dc:title"));
    out->description = schema_words(c, json_get(table, "dc:description"));
    if (!schema_room(c, n, out))
        return false;
    for (size_t i = 0, k = 0; i < columns->arr.n; i++)
        if (!json_get_bool(&columns->arr.v[i], "virtual", false) && !take_column(c, &columns->arr.v[i], s, k++, out))
            return false;
    return schema_key(c, json_get(s, "primaryKey"), out);
}
