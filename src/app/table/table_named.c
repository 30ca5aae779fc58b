#include "app/table/table_named.h"

#include "app/site/site.h"
#include "app/table/table_load.h"
#include "app/table/table_schema.h"
#include "kit/text/json_read.h"

static const char *const members[] = { "schema", "conformsTo", "dct:conformsTo", "conforms_to", "describedBy", "described_by", "tableSchema" };

bool table_named_may(str extra)
{
    return str_has(extra, S("chema")) || str_has(extra, S("onforms")) || str_has(extra, S("escribed"));
}

static bool is_schema(const json *v)
{
    return v->type == JSON_OBJ && (json_get(v, "fields") != NULL || json_get(v, "tableSchema") != NULL || json_get(v, "columns") != NULL);
}

/* A schema that stands in the metadata: one that is wrong is told, and does not keep the table from being read. */
static bool take_schema(ctx *c, const json *v, table_named *out)
{
    const json *doc = v;
    if (json_get(v, "columns") != NULL) {       /* the tableSchema of CSVW alone */
        json *whole = new (c->a, json);
        *whole = (json){ .type = JSON_OBJ, .obj = { new_n(c->a, str, 1), new_n(c->a, json, 1), 1 } };
        whole->obj.keys[0] = S("tableSchema");
        whole->obj.v[0] = *v;
        doc = whole;
    }
    out->found = schema_read_json(c, doc, &out->schema);
    if (out->found)
        return true;
    if (c->err.code != ERR_INVALID && c->err.code != ERR_TOO_LARGE)
        return false;
    out->why = c->err.message;
    err_clear(c);
    return true;
}

static bool take_text(ctx *c, str said, table_named *out)
{
    schema_entry e;
    said = str_trim(said);
    if (str_starts(said, S("{"))) {             /* CKAN keeps a schema as text */
        json *doc = new (c->a, json);
        if (json_parse(c, said, doc) && is_schema(doc))
            return take_schema(c, doc, out);
        out->why = c->err.message;
        err_clear(c);
        return true;
    }
    out->said = said;
    if (!schema_registry_named(c, said, c->site->url, &e, &out->found))
        return false;
    if (out->found) {
        out->schema = e.schema;
        out->code = str_fmt(c->a, "%.*s@%.*s", S_ARG(e.code), S_ARG(e.version));
    }
    return true;
}

/* The first that can be used; what cannot is remembered for people. */
static bool take(ctx *c, const json *v, table_named *out)
{
    if (v == NULL || out->found)
        return true;
    if (v->type == JSON_STR)
        return v->s.n == 0 || take_text(c, v->s, out);
    if (v->type == JSON_ARR) {
        for (size_t i = 0; i < v->arr.n; i++)
            if (!take(c, &v->arr.v[i], out))
                return false;
        return true;
    }
    return is_schema(v) ? take_schema(c, v, out) : take(c, json_get(v, "@id"), out);
}

/* CKAN's extras: a list of keys and values. */
static const json *in_extras(ctx *c, const json *doc, const char *key)
{
    const json *l = json_get(doc, "extras");
    for (size_t i = 0; l != NULL && l->type == JSON_ARR && i < l->arr.n; i++)
        if (str_eq(json_get_text(c, &l->arr.v[i], "key"), str_of(key)))
            return json_get(&l->arr.v[i], "value");
    return NULL;
}

bool table_named_read(ctx *c, str extra, table_named_by by, table_named *out)
{
    json *doc = new (c->a, json);               /* what a schema keeps points into it */
    *out = (table_named){ 0 };
    if (!table_named_may(extra))
        return true;
    if (!json_parse(c, extra, doc))
        return false;
    for (size_t i = 0; i < array_len(members); i++)
        if (!take(c, json_get(doc, members[i]), out) || !take(c, in_extras(c, doc, members[i]), out))
            return false;
    if (out->found || out->said.n > 0 || out->why.n > 0)
        out->by = by;
    return true;
}

bool table_named_schema(ctx *c, str distribution_uid, int64_t dataset_id, table_named *out)
{
    distribution_row f;
    dataset_row d;
    table_named of_dataset;
    bool found;
    *out = (table_named){ 0 };
    if (!q_distribution_by_key(c, distribution_uid, &f, &found) || (found && !table_named_read(c, f.extra, TABLE_NAMED_BY_FILE, out)))
        return false;
    if (out->found)
        return true;
    if (!q_dataset_by_id(c, dataset_id, &d) || !table_named_read(c, d.extra, TABLE_NAMED_BY_DATASET, &of_dataset))
        return false;
    if (of_dataset.found || out->by == TABLE_NAMED_NOT)
        *out = of_dataset;
    return true;
}

bool table_named_fits(const table_named *n, const table_head *h)
{
    return n->found && load_schema_fits(&n->schema.table, h);
}

/* --- when metadata changed --- */

static bool follow_table(ctx *c, const table_row *t, int64_t *wished)
{
    table_version_row v;
    table_file_row file;
    str label;
    int64_t id;
    bool found;
    json about;
    if (t->given_schema.n > 0 || t->domain_schema.n > 0 || t->position > 0)
        return true;                            /* what was set wins; sheets are read with the first of them */
    if (!table_schema_label(c, t, &label) || !q_table_version_get(c, t->id, t->version, &v, &found))
        return false;
    if (!found || !json_parse(c, v.about, &about) || str_eq(json_get_text(c, &about, "schema"), label))
        return c->err.code == ERR_OK;
    if (table_rows_were_added(c, t, &found) && found)
        return true;                            /* reading the file again would leave them out */
    if (c->err.code != ERR_OK || !q_table_file_newest(c, t->distribution_uid, &file, &found))
        return false;
    *wished += found;
    return !found || table_load_wish(c, file.id, t->distribution_uid, &id);
}

bool table_named_follow(ctx *c, int64_t since, int64_t *wished)
{
    table_row_list l;
    *wished = 0;
    auto_tx tx = db_begin(c);
    if (!tx.open || !q_table_of_changed_datasets(c, since, &l))
        return false;
    list_each (const table_row, t, &l)
        if (!follow_table(c, t, wished))
            return false;
    return db_commit(c, &tx);
}
