#include "kit/schema/schema.h"
#include "kit/text/json_write.h"

/* As typed values stand in the dumps: a year of the ROC calendar is a number, a quarter a text. */
const char *schema_type_of(const column_about *k)
{
    return k->type == COLUMN_year ? "integer" : column_type_schema(k->type);
}

static const table_field *given_for(const schema *given, const column_about *k, size_t *at)
{
    for (size_t i = 0; given != NULL && i < given->table.n; i++) {
        const table_field *f = &given->table.fields[i];
        *at = i;
        if (str_eq(f->name, k->name) || (k->title.n > 0 && (str_eq(f->name, k->title) || str_eq(f->title, k->title))))
            return f;
    }
    return NULL;
}

static str name_in_table(const column_file *f, str said)
{
    size_t col;
    return column_file_find(f, said, &col) ? column_file_about(f, col)->name : (str){ 0 };
}

bool schema_of(ctx *c, const column_file *f, const schema *given, schema *out)
{
    size_t n = column_file_count(f), at = 0;
    *out = (schema){ .table = { .fields = new_n(c->a, table_field, n), .n = n }, .more = new_n(c->a, schema_more, n) };
    for (size_t i = 0; i < n; i++) {
        const column_about *k = column_file_about(f, i);
        const table_field *g = given_for(given, k, &at);
        table_field *to = &out->table.fields[i];
        if (g != NULL) {
            *to = *g;
            to->pattern = NULL;         /* stays the given schema's */
            out->more[i] = given->more[at];
        }
        to->name = k->name;
        to->title = k->title;
        to->type = k->type;
        to->has_type = true;
        out->more[i].type = str_of(schema_type_of(k));
        out->more[i].format = (str){ 0 };
    }
    for (size_t i = 0; given != NULL && i < given->key.n; i++) {
        str name = name_in_table(f, given->key.v[i]);
        if (name.n > 0)
            list_add(c->a, &out->key, name);
    }
    if (given != NULL) {
        out->title = given->title;
        out->description = given->description;
    }
    return true;
}

/* A bound as JSON of the field's type. */
static void put_bound(json_w *j, const char *key, const table_field *f, str value)
{
    double number;
    json_key(j, str_of(key));
    if (column_type_key(f->type) == COLUMN_KEY_NUMBER && str_to_f64(value, &number))
        json_raw(j, value);
    else
        json_str(j, value);
}

static void put_constraints(json_w *j, const table_field *f)
{
    if (!f->required && !f->unique && !f->has_min && !f->has_max && f->min_length == 0 && f->max_length == 0 && f->allowed.n == 0)
        return;
    json_key(j, S("constraints"));
    json_obj(j);
    if (f->required)
        json_kv(j, "required", (bool)true);
    if (f->unique)
        json_kv(j, "unique", (bool)true);
    if (f->has_min)
        put_bound(j, "minimum", f, f->min);
    if (f->has_max)
        put_bound(j, "maximum", f, f->max);
    if (f->min_length > 0)
        json_kv(j, "minLength", (int64_t)f->min_length);
    if (f->max_length > 0)
        json_kv(j, "maxLength", (int64_t)f->max_length);
    if (f->allowed.n > 0) {
        json_key(j, S("enum"));
        json_arr(j);
        for (size_t i = 0; i < f->allowed.n; i++)
            json_str(j, f->allowed.v[i]);
        json_end(j);
    }
    json_end(j);
}

static void put_texts(json_w *j, const char *key, const str_list *l)
{
    json_key(j, str_of(key));
    json_arr(j);
    for (size_t i = 0; i < l->n; i++)
        json_str(j, l->v[i]);
    json_end(j);
}

static void put_optional(json_w *j, const char *key, str value)
{
    if (value.n > 0)
        json_kv(j, key, value);
}

str schema_write(ctx *c, const schema *s)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    put_optional(&j, "title", s->title);
    put_optional(&j, "description", s->description);
    json_key(&j, S("fields"));
    json_arr(&j);
    for (size_t i = 0; i < s->table.n; i++) {
        const table_field *f = &s->table.fields[i];
        const schema_more *m = &s->more[i];
        json_obj(&j);
        json_kv(&j, "name", f->name);
        put_optional(&j, "title", f->title);
        put_optional(&j, "description", m->description);
        json_kv(&j, "type", m->type.n > 0 ? m->type : str_of(column_type_schema(f->type)));
        put_optional(&j, "format", m->format);
        json_kv(&j, "kind", column_type_name(f->type));
        put_optional(&j, "rdfType", m->rdf_type);
        put_constraints(&j, f);
        json_end(&j);
    }
    json_end(&j);
    if (s->key.n > 0)
        put_texts(&j, "primaryKey", &s->key);
    json_end(&j);
    return buf_str(&b);
}

/* --- CSVW --- */

static const char *csvw_base(const table_field *f)
{
    switch (f->type) {
    case COLUMN_integer:
    case COLUMN_year: return "integer";
    case COLUMN_decimal:
    case COLUMN_longitude:
    case COLUMN_latitude:
    case COLUMN_easting:
    case COLUMN_northing: return "decimal";
    case COLUMN_boolean: return "boolean";
    case COLUMN_date: return "date";
    case COLUMN_month: return "gYearMonth";
    case COLUMN_datetime: return "dateTime";
    case COLUMN_time: return "time";
    case COLUMN_url: return "anyURI";
    default: return "string";
    }
}

str schema_write_csvw(ctx *c, const schema *s, str url)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "@context", "http://www.w3.org/ns/csvw");
    json_kv(&j, "url", url);
    put_optional(&j, "dc:title", s->title);
    put_optional(&j, "dc:description", s->description);
    json_key(&j, S("tableSchema"));
    json_obj(&j);
    json_key(&j, S("columns"));
    json_arr(&j);
    for (size_t i = 0; i < s->table.n; i++) {
        const table_field *f = &s->table.fields[i];
        json_obj(&j);
        json_kv(&j, "name", f->name);
        json_key(&j, S("titles"));
        json_arr(&j);                   /* the header of the dump first */
        json_str(&j, f->name);
        if (f->title.n > 0 && !str_eq(f->title, f->name))
            json_str(&j, f->title);
        json_end(&j);
        put_optional(&j, "dc:description", s->more[i].description);
        json_kv(&j, "datatype", csvw_base(f));
        if (f->required)
            json_kv(&j, "required", (bool)true);
        json_end(&j);
    }
    json_end(&j);
    if (s->key.n > 0)
        put_texts(&j, "primaryKey", &s->key);
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}
