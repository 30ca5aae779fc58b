#include "kit/schema/schema_part.h"

/* As typed values stand in the dumps: a year of the ROC calendar is a number, a quarter a text. */
static const char *schema_type_of(const column_about *k)
{
    return k->type == COLUMN_year ? "integer" : column_type_schema(k->type);
}

/* Of each column the field that speaks of it, else NO_FIELD: as it is matched when a file is read, else by the machine name. */
#define NO_FIELD SIZE_MAX
static size_t *fields_of(ctx *c, const column_file *f, const schema *given)
{
    size_t cols = column_file_count(f), *out = new_n(c->a, size_t, cols + 1);
    for (size_t i = 0; i < cols; i++)
        out[i] = NO_FIELD;
    if (given == NULL)
        return out;
    const size_t *places = table_schema_places(c, &given->table, f);
    for (size_t i = 0; i < given->table.n; i++) {
        size_t col = places[i];
        if (col != TABLE_NO_COLUMN || column_file_find(f, given->table.fields[i].name, &col))
            out[col] = out[col] == NO_FIELD ? i : out[col];
    }
    return out;
}

static str name_in_table(const column_file *f, str said)
{
    size_t col;
    return column_file_find(f, said, &col) ? column_file_about(f, col)->name : (str){ 0 };
}

static bool names_in_table(ctx *c, const column_file *f, const str_list *said, str_list *out)
{
    for (size_t i = 0; i < said->n; i++) {
        str name = name_in_table(f, said->v[i]);
        if (name.n == 0)
            return false;
        list_add(c->a, out, name);
    }
    return true;
}

/* One whose columns the table does not have is left out: no program could follow it. */
static void references_of(ctx *c, const column_file *f, const schema *given, schema *out)
{
    list_each (const table_reference, r, &given->table.references) {
        table_reference to = { .table = r->table };
        if (!names_in_table(c, f, &r->fields, &to.fields))
            continue;
        if (r->table.n > 0)
            to.to = r->to;
        else if (!names_in_table(c, f, &r->to, &to.to))
            continue;
        list_add(c->a, &out->table.references, to);
    }
}

static void column_of(const column_about *k, const table_field *given, const schema_more *more, table_field *to, schema_more *m)
{
    if (given != NULL) {
        *to = *given;
        to->spelling = (field_spelling){ 0 };   /* the dumps have values in our spelling, and no marks */
        to->missing = (str_list){ 0 };
        *m = *more;
    }
    if (column_type_key(k->type) != COLUMN_KEY_NONE) {  /* asked of texts as they were published */
        to->pattern = NULL;
        to->min_length = to->max_length = 0;
    }
    if (column_type_key(k->type) > COLUMN_KEY_NUMBER) {
        to->allowed = (str_list){ 0 };
        to->has_min = to->has_max = false;
    }
    to->name = k->name;
    to->title = k->title;
    to->type = k->type;
    to->has_type = true;
    m->type = str_of(schema_type_of(k));
    m->format = (str){ 0 };
}

bool schema_of(ctx *c, const column_file *f, const schema *given, schema *out)
{
    size_t n = column_file_count(f), *fields = fields_of(c, f, given);
    *out = (schema){ .table = { .fields = new_n(c->a, table_field, n), .n = n }, .more = new_n(c->a, schema_more, n) };
    for (size_t i = 0; i < n; i++) {
        bool known = fields[i] != NO_FIELD;
        column_of(column_file_about(f, i), known ? &given->table.fields[fields[i]] : NULL, known ? &given->more[fields[i]] : NULL, &out->table.fields[i], &out->more[i]);
    }
    for (size_t i = 0; given != NULL && i < given->key.n; i++) {
        str name = name_in_table(f, given->key.v[i]);
        if (name.n > 0)
            list_add(c->a, &out->key, name);
    }
    if (given != NULL) {
        references_of(c, f, given, out);
        out->title = given->title;
        out->description = given->description;
    }
    return true;
}

bool schema_of_file(ctx *c, const column_file *f, const schema *given, schema *out)
{
    size_t n = column_file_count(f), *fields = fields_of(c, f, given);
    *out = given != NULL ? *given : (schema){ 0 };
    out->table.fields = new_n(c->a, table_field, n);
    out->table.n = n;
    out->more = new_n(c->a, schema_more, n);
    for (size_t i = 0; i < n; i++) {
        const column_about *k = column_file_about(f, i);
        table_field *to = &out->table.fields[i];
        if (fields[i] == NO_FIELD) {
            *to = (table_field){ .name = k->name, .title = k->title, .type = k->type, .has_type = true };
            continue;
        }
        *to = given->table.fields[fields[i]];
        out->more[i] = given->more[fields[i]];
        to->title = to->title.n > 0 ? to->title : k->title;
    }
    return true;
}

static bool is_json_number(str s)
{
    size_t i = s.n > 0 && s.p[0] == '-', from = i;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
        i++;
    bool whole = i > from && (s.p[from] != '0' || i == from + 1);
    if (whole && i + 1 < s.n && s.p[i] == '.')
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9';)
            i++;
    return whole && i == s.n && s.p[i - 1] != '.';
}

/* A bound as JSON of the field's type. */
static void put_bound(json_w *j, const char *key, const table_field *f, str value)
{
    json_key(j, str_of(key));
    if (f->has_type && column_type_key(f->type) == COLUMN_KEY_NUMBER && is_json_number(value))
        json_raw(j, value);
    else
        json_str(j, value);
}

static void put_constraints(json_w *j, const table_field *f)
{
    if (!f->required && !f->unique && !f->has_min && !f->has_max && f->min_length == 0 && f->max_length == 0 && f->allowed.n == 0
        && f->pattern == NULL)
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
    if (f->pattern != NULL)
        json_kv(j, "pattern", pattern_text(f->pattern));
    if (f->allowed.n > 0) {
        json_key(j, S("enum"));
        json_arr(j);
        for (size_t i = 0; i < f->allowed.n; i++)
            if (f->has_type && column_type_key(f->type) == COLUMN_KEY_NUMBER && f->type != COLUMN_boolean && is_json_number(f->allowed.v[i]))
                json_raw(j, f->allowed.v[i]);
            else
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

static bool is_known(str key, const char *const *known)
{
    for (; *known != NULL; known++)
        if (str_eq(key, str_of(*known)))
            return true;
    return false;
}

/* Members that are not ours to understand, as they were. */
static void put_kept(ctx *c, json_w *j, const json *source, const char *const *known)
{
    buf b = buf_in(c->a);
    for (size_t i = 0; source != NULL && source->type == JSON_OBJ && i < source->obj.n; i++) {
        if (is_known(source->obj.keys[i], known))
            continue;
        b.n = 0;
        json_dump(&b, &source->obj.v[i], false);
        json_key(j, source->obj.keys[i]);
        json_raw(j, buf_str(&b));
    }
}

static void put_spelling(json_w *j, const table_field *f)
{
    const field_spelling *s = &f->spelling;
    if (s->yes.n > 0)
        put_texts(j, "trueValues", &s->yes);
    if (s->no.n > 0)
        put_texts(j, "falseValues", &s->no);
    if (s->decimal.n > 0)
        json_kv(j, "decimalChar", s->decimal);
    if (s->group.n > 0)
        json_kv(j, "groupChar", s->group);
    if (s->dressed)
        json_kv(j, "bareNumber", (bool)false);
}

static void put_marks(json_w *j, const str_list *marks)
{
    json_key(j, S("missingValues"));
    json_arr(j);
    json_str(j, S(""));
    for (size_t i = 0; i < marks->n; i++)
        json_str(j, marks->v[i]);
    json_end(j);
}

static void put_optional(json_w *j, const char *key, str value)
{
    if (value.n > 0)
        json_kv(j, key, value);
}

static void put_field(ctx *c, json_w *j, const table_field *f, const schema_more *m)
{
    static const char *const known[] = { "name", "title", "description", "type", "format", "kind", "rdfType", "titles", "constraints",
        "missingValues", "trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", NULL };
    json_obj(j);
    json_kv(j, "name", f->name);
    put_optional(j, "title", f->title);
    put_optional(j, "description", m->description);
    json_kv(j, "type", m->type.n > 0 ? m->type : f->has_type ? str_of(column_type_schema(f->type)) : S("any"));
    put_optional(j, "format", m->format);
    if (f->has_type)
        json_kv(j, "kind", column_type_name(f->type));
    put_optional(j, "rdfType", m->rdf_type);
    if (f->also.n > 0)
        put_texts(j, "titles", &f->also);
    put_spelling(j, f);
    if (f->missing.n > 0)
        put_marks(j, &f->missing);
    put_constraints(j, f);
    put_kept(c, j, m->source, known);
    json_end(j);
}

str schema_write(ctx *c, const schema *s)
{
    static const char *const known[] = { "title", "description", "fields", "missingValues", "primaryKey", "foreignKeys", NULL };
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    put_optional(&j, "title", s->title);
    put_optional(&j, "description", s->description);
    json_key(&j, S("fields"));
    json_arr(&j);
    for (size_t i = 0; i < s->table.n; i++)
        put_field(c, &j, &s->table.fields[i], &s->more[i]);
    json_end(&j);
    if (s->table.own_marks)
        put_marks(&j, &s->table.missing);
    if (s->key.n > 0)
        put_texts(&j, "primaryKey", &s->key);
    schema_put_references(&j, s);
    put_kept(c, &j, s->source, known);
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
