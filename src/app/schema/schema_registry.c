#include "app/schema/schema_registry.h"

#include "embedded.h"
#include "kit/text/lang.h"

#include <stdlib.h>

#define FOLDER S("data/schemas/")
#define GUESSES_MOST 3

/* --- the files --- */

static bool read_entry(ctx *c, const embedded_file *f, schema_entry *e)
{
    json *doc = new (c->a, json);
    e->text = (str){ (const char *)f->bytes, f->n };
    if (!json_parse(c, e->text, doc) || !schema_read_json(c, doc, &e->schema))
        return false;
    const json *recognise = json_get(doc, "recognise");
    e->code = json_get_text(c, doc, "code");
    e->version = json_get_text(c, doc, "version");
    e->status = json_get_text(c, doc, "status");
    e->title = json_get_text(c, doc, "title");
    e->title_en = json_get_text(c, doc, "title_en");
    e->authority = json_get_text(c, doc, "authority");
    e->source = json_get_text(c, doc, "source");
    e->description = json_get_text(c, doc, "description");
    e->headerless = recognise != NULL && json_get_bool(recognise, "headerless", false);
    return true;
}

/* 1.10 is newer than 1.9. */
static int compare_versions(str x, str y)
{
    str a, b;
    while (x.n > 0 || y.n > 0) {
        int64_t m = 0, n = 0;
        (void)str_cut(x, S("."), &a, &x);
        (void)str_cut(y, S("."), &b, &y);
        if (str_to_i64(a, &m) && str_to_i64(b, &n) && m != n)
            return m < n ? -1 : 1;
    }
    return 0;
}

static int by_code(const void *x, const void *y)
{
    const schema_entry *a = x, *b = y;
    int n = str_cmp(a->code, b->code);
    return n != 0 ? n : -compare_versions(a->version, b->version);
}

bool schema_registry_all(ctx *c, schema_entries *out)
{
    *out = (schema_entries){ 0 };
    for (size_t i = 0; i < embedded_count; i++)
        if (str_starts(str_of(embedded_files[i].path), FOLDER) && !read_entry(c, &embedded_files[i], list_push(c->a, out)))
            return false;
    if (out->n > 0)
        qsort(out->v, out->n, sizeof *out->v, by_code);
    return true;
}

bool schema_registry_find(ctx *c, str key, schema_entry *out, bool *found)
{
    schema_entries all;
    str code, version;
    *found = false;
    (void)str_cut(key, S("@"), &code, &version);
    if (!schema_registry_all(c, &all))
        return false;
    list_each (schema_entry, e, &all) {
        bool is = str_eq(e->code, code) && (version.n > 0 ? str_eq(e->version, version) : str_eq(e->status, S("active")));
        if (is && !*found) {
            *out = *e;
            *found = true;
        }
    }
    return true;
}

bool schema_registry_need(ctx *c, str key, schema_entry *out)
{
    schema_entries all;
    str_list codes = { 0 };
    bool found;
    if (!schema_registry_find(c, key, out, &found) || found)
        return found;
    if (!schema_registry_all(c, &all))
        return false;
    list_each (schema_entry, e, &all)
        list_add(c->a, &codes, e->code);
    return fail(c, NOT_FOUND, "there is no domain schema “%.*s”; there are: %.*s", S_ARG(utf8_cut(key, 80)), S_ARG(str_join(c->a, &codes, S(", "))));
}

/* Without what stands behind a mark. */
static str until(str s, str mark)
{
    str before, rest;
    return str_cut(s, mark, &before, &rest) ? before : s;
}

bool schema_registry_named(ctx *c, str said, str site, schema_entry *out, bool *found)
{
    str code, version;
    *found = false;
    if (site.n > 0 && str_starts(said, site))
        said = str_from(said, site.n);
    if (!str_starts(said, S("/")))
        return str_has(said, S("/")) || schema_registry_find(c, said, out, found);      /* another site's address is none of ours */
    if (str_starts(said, S("/en/")) || str_starts(said, S("/zh/")))
        said = str_from(said, 3);
    if (!str_starts(said, S("/schemas/")))
        return true;
    said = until(until(str_from(said, 9), S("?")), S("#"));
    if (str_ends(said, S(".json")))
        said = str_sub(said, 0, said.n - 5);
    (void)str_cut(said, S("/"), &code, &version);
    if (version.n == 0 || str_eq(version, S("csvw")))
        return schema_registry_find(c, code, out, found);
    return schema_registry_find(c, str_fmt(c->a, "%.*s@%.*s", S_ARG(code), S_ARG(version)), out, found);
}

/* --- which one a table may keep to --- */

bool schema_registry_columns(ctx *c, const column_file *f, schema_columns *out)
{
    size_t n = column_file_count(f);
    schema_column *v = new_n(c->a, schema_column, n + 1);
    bool titled = false;
    for (size_t i = 0; i < n; i++) {
        const column_about *k = column_file_about(f, i);
        v[i] = (schema_column){ k->name, k->title, k->second, k->type };
        titled = titled || k->title.n > 0;
    }
    *out = (schema_columns){ v, n, !titled };
    return true;
}

/* Whether values that look like `found` may be of a field of type `want`: a code may look like a number, a text like anything. */
static bool may_be(column_type want, column_type found)
{
    if (want == found || column_type_key(want) == COLUMN_KEY_NONE)
        return true;
    if (column_type_key(want) == COLUMN_KEY_NUMBER)
        return column_type_key(found) == COLUMN_KEY_NUMBER || found == COLUMN_code;
    return column_type_key(want) == column_type_key(found);
}

/* How much a match of types says: text goes with everything and says nothing. */
static double type_weight(column_type want, column_type found)
{
    bool code = found == COLUMN_code || found == COLUMN_integer || found == COLUMN_area_code || found == COLUMN_year || found == COLUMN_date;
    if (want == COLUMN_code)
        return code ? 1 : 0.4;
    if (want == COLUMN_text)
        return found == COLUMN_text || found == COLUMN_county || found == COLUMN_town || found == COLUMN_boolean ? 1 : 0.5;
    return may_be(want, found) ? 1 : 0;
}

static schema_guess guess_by_place(const schema_entry *e, const schema_columns *t)
{
    schema_guess g = { .entry = e, .columns = t->n, .fields = e->schema.table.n };
    double sum = 0;
    if (!e->headerless || g.columns != g.fields)
        return g;
    for (size_t i = 0; i < t->n; i++) {
        double w = type_weight(e->schema.table.fields[i].type, t->v[i].type);
        g.matched += w > 0;
        g.other_type += w < 1;
        sum += w;
    }
    g.score = (int)(90 * sum / (double)t->n);       /* never certain: nothing says what the columns are */
    return g;
}

static schema_guess guess_by_title(ctx *c, const schema_entry *e, const schema_columns *t)
{
    schema_guess g = { .entry = e, .columns = t->n, .fields = e->schema.table.n };
    table_column_head *heads = new_n(c->a, table_column_head, t->n + 1);
    table_head h = { .cols = heads, .col_count = t->n, .header_rows = 1 };
    bool *taken = new_n(c->a, bool, g.fields + 1);
    for (size_t i = 0; i < t->n; i++)
        heads[i] = (table_column_head){ .title = t->v[i].title.n > 0 ? t->v[i].title : t->v[i].name, .second = t->v[i].second };
    for (size_t i = 0; i < t->n; i++) {
        const table_field *f = table_schema_field(&e->schema.table, &h, i, NULL);
        if (f == NULL || taken[f - e->schema.table.fields])
            continue;
        taken[f - e->schema.table.fields] = true;
        g.matched++;
        g.other_type += f->has_type && !may_be(f->type, t->v[i].type);
    }
    size_t expected = g.fields;
    for (size_t i = 0; i < g.fields; i++)
        expected -= !taken[i] && e->schema.table.fields[i].optional;
    g.score = (int)(100 * (2 * (double)g.matched - (double)g.other_type) / (double)(g.columns + expected));
    return g;
}

static bool is_retired(const schema_guess *g)
{
    return str_eq(g->entry->status, S("retired"));
}

/* A retired version that goes with the table no better than another one. */
static bool is_surpassed(const schema_guesses *l, size_t i)
{
    const schema_guess *g = &l->v[i];
    for (size_t k = 0; k < l->n && is_retired(g); k++) {
        const schema_guess *o = &l->v[k];
        if (k != i && str_eq(o->entry->code, g->entry->code) && (o->score > g->score || (o->score == g->score && (!is_retired(o) || k < i))))
            return true;
    }
    return false;
}

static int by_score(const void *x, const void *y)
{
    const schema_guess *a = x, *b = y;
    return a->score != b->score ? (a->score < b->score ? 1 : -1) : str_cmp(a->entry->code, b->entry->code);
}

static str reason_of(ctx *c, const schema_guess *g)
{
    str matched = num_grouped(c->a, (int64_t)g->matched), columns = num_grouped(c->a, (int64_t)g->columns), fields = num_grouped(c->a, (int64_t)g->fields);
    if (g->entry->headerless)
        return lang_with(c, "no header; as many columns ({columns}) as the schema has fields, {matched} of them of a type that goes with it",
                         { "columns", columns }, { "matched", matched });
    return lang_with(c, "{matched} of {columns} columns are among the {fields} fields of the schema; of another type: {other}", { "matched", matched },
                     { "columns", columns }, { "fields", fields }, { "other", num_grouped(c->a, (int64_t)g->other_type) });
}

bool schema_registry_guess(ctx *c, const schema_columns *t, schema_guesses *out)
{
    schema_entries *all = new (c->a, schema_entries);
    schema_guesses found = { 0 };
    *out = (schema_guesses){ 0 };
    if (!schema_registry_all(c, all))
        return false;
    for (size_t i = 0; i < all->n && t->n > 0; i++) {
        schema_guess g = t->headerless ? guess_by_place(&all->v[i], t) : guess_by_title(c, &all->v[i], t);
        if (g.score < SCHEMA_GUESS_LEAST || str_eq(all->v[i].status, S("draft")))
            continue;
        g.key = is_retired(&g) ? str_fmt(c->a, "%.*s@%.*s", S_ARG(g.entry->code), S_ARG(g.entry->version)) : g.entry->code;
        list_add(c->a, &found, g);
    }
    for (size_t i = 0; i < found.n; i++)
        if (!is_surpassed(&found, i))
            list_add(c->a, out, found.v[i]);
    if (out->n > 0)
        qsort(out->v, out->n, sizeof *out->v, by_score);
    out->n = out->n > GUESSES_MOST ? GUESSES_MOST : out->n;
    list_each (schema_guess, g, out)
        g->reason = reason_of(c, g);
    return true;
}
