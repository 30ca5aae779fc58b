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

/* yyyy-MM-dd (UTS 35) as %Y-%m-%d; empty: a letter that is not known. */
static str percent_format(ctx *c, str uts)
{
    static const struct { const char *uts, *percent; } parts[] = { { "yyyy", "%Y" }, { "yy", "%y" }, { "MM", "%m" }, { "M", "%m" }, { "dd", "%d" },
                                                                   { "d", "%d" }, { "HH", "%H" }, { "H", "%H" }, { "mm", "%M" }, { "ss", "%S" } };
    buf b = buf_in(c->a);
    while (uts.n > 0) {
        size_t i = 0;
        while (i < array_len(parts) && !str_starts(uts, str_of(parts[i].uts)))
            i++;
        bool letter = (uts.p[0] | 0x20) >= 'a' && (uts.p[0] | 0x20) <= 'z' && uts.p[0] != 'T';
        if (i == array_len(parts) && letter)
            return (str){ 0 };
        if (i < array_len(parts))
            buf_add(&b, str_of(parts[i].percent));
        else
            buf_byte(&b, uts.p[0]);
        uts = str_from(uts, i < array_len(parts) ? strlen(parts[i].uts) : 1);
    }
    return buf_str(&b);
}

static void take_number_format(ctx *c, const json *format, table_field *f)
{
    field_spelling *s = &f->spelling;
    s->decimal = json_get_text(c, format, "decimalChar");
    s->group = json_get_text(c, format, "groupChar");
    s->own = (s->decimal.n > 0 && !str_eq(s->decimal, S("."))) || (s->group.n > 0 && !str_eq(s->group, S(",")));
}

/* What a format means hangs on the datatype: a pattern of texts, the words for yes and no, the form of dates and numbers. */
static bool take_format(ctx *c, const json *format, table_field *f, schema_more *m)
{
    str text = json_text(c, format), yes, no;
    if (format == NULL)
        return true;
    if (f->type == COLUMN_boolean) {
        if (!str_cut(text, S("|"), &yes, &no))
            return fail_field(c, INVALID, f->name, "column “%.*s”: the format of a boolean is two words with | between them", S_ARG(utf8_cut(f->name, 80)));
        list_add(c->a, &f->spelling.yes, yes);
        list_add(c->a, &f->spelling.no, no);
        f->spelling.own = true;
        return true;
    }
    switch (column_type_key(f->type)) {
    case COLUMN_KEY_NONE: return schema_pattern(c, text, f);
    case COLUMN_KEY_NUMBER: take_number_format(c, format, f); return true;
    default:
        m->format = percent_format(c, text);
        return schema_date_format(c, m->format.n > 0 ? m->format : text, f);
    }
}

static bool take_datatype(ctx *c, const json *d, table_field *f, schema_more *m)
{
    if (d == NULL)
        return true;
    str base = d->type == JSON_STR ? d->s : json_get_text(c, d, "base");
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
    if (!take_base(c, base.n > 0 ? base : S("string"), f) || !take_format(c, json_get(d, "format"), f, m))
        return false;
    m->type = str_of(column_type_schema(f->type));
    return true;
}

static void take_null(ctx *c, const json *v, table_field *f)
{
    if (v != NULL && v->type == JSON_STR && v->s.n > 0)
        list_add(c->a, &f->missing, v->s);
    for (size_t i = 0; v != NULL && v->type == JSON_ARR && i < v->arr.n; i++)
        if (v->arr.v[i].type == JSON_STR && v->arr.v[i].s.n > 0)
            list_add(c->a, &f->missing, v->arr.v[i].s);
}

/* All titles, in whatever language: a header may have any of them. */
static void take_titles(ctx *c, const json *v, table_field *f)
{
    if (v == NULL)
        return;
    if (v->type == JSON_STR)
        list_add(c->a, &f->also, v->s);
    for (size_t i = 0; v->type == JSON_ARR && i < v->arr.n; i++)
        if (v->arr.v[i].type == JSON_STR)
            list_add(c->a, &f->also, v->arr.v[i].s);
    for (size_t i = 0; v->type == JSON_OBJ && i < v->obj.n; i++)
        if (v->obj.v[i].type != JSON_OBJ)
            take_titles(c, &v->obj.v[i], f);
}

static bool take_column(ctx *c, const json *o, const json *above, size_t i, schema *out)
{
    table_field *f = &out->table.fields[i];
    schema_more *m = &out->more[i];
    const json *null = json_get(o, "null") != NULL ? json_get(o, "null") : json_get(above, "null");
    const json *datatype = json_get(o, "datatype") != NULL ? json_get(o, "datatype") : json_get(above, "datatype");
    if (o->type != JSON_OBJ)
        return fail(c, INVALID, "column %zu of the tableSchema is no object", i + 1);
    const json *titles = json_get(o, "titles");
    f->title = schema_words(c, titles);
    take_titles(c, titles, f);
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
    return schema_names_differ(c, out) && schema_key(c, json_get(s, "primaryKey"), out)
        && schema_references(c, json_get(s, "foreignKeys"), json_get_text(c, table, "url"), out);
}
