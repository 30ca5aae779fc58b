#include "app/table/table_schema.h"

#include "app/schema/schema_registry.h"
#include "app/site/site.h"
#include "app/table/table_describe.h"
#include "app/table/table_load.h"
#include "app/table/table_named.h"
#include "app/table/table_open.h"
#include "app/table/table_other.h"
#include "app/table/table_words.h"
#include "kit/text/json_write.h"

/* The columns of its newest version, as a head. */
static bool head_of(ctx *c, const table_row *t, table_head *out, str *named)
{
    table_version_row v;
    str_list titles = { 0 }, names = { 0 };
    bool found, titled = false;
    *out = (table_head){ 0 };
    if (!q_table_version_get(c, t->id, t->version, &v, &found) || (found && !table_describe_names(c, v.fields, &titles, &names)))
        return false;
    out->cols = new_n(c->a, table_column_head, titles.n + 1);
    out->col_count = titles.n;
    for (size_t i = 0; i < titles.n; i++) {
        out->cols[i].title = titles.v[i];
        out->cols[i].second = names.v[i];
        titled = titled || titles.v[i].n > 0;
    }
    out->header_rows = titled;
    if (named != NULL)
        *named = str_join(c->a, titled ? &titles : &names, S(", "));
    return true;
}

bool table_given_schema(ctx *c, const table_row *t, schema *out, bool *found)
{
    schema_entry e;
    table_named named;
    table_head h;
    *found = t->given_schema.n > 0;
    if (*found)
        return schema_read(c, t->given_schema, out);
    if (t->domain_schema.n > 0) {
        if (!schema_registry_find(c, t->domain_schema, &e, found))
            return false;
        *out = *found ? e.schema : *out;
        return true;
    }
    if (!table_named_schema(c, t->distribution_uid, t->dataset_id, &named) || (named.found && !head_of(c, t, &h, NULL)))
        return false;
    *found = named.found && table_named_fits(&named, &h);
    *out = *found ? named.schema : *out;
    return true;
}

static str label_of(ctx *c, const char *who, str code)
{
    return code.n > 0 ? str_fmt(c->a, "%s %.*s", who, S_ARG(code)) : str_of(who);
}

static str named_label(ctx *c, const table_named *n)
{
    return label_of(c, n->by == TABLE_NAMED_BY_FILE ? "file" : "dataset", n->code);
}

bool table_schema_label(ctx *c, const table_row *t, str *out)
{
    table_named named;
    table_head h;
    *out = (str){ 0 };
    if (t->given_schema.n > 0 || t->domain_schema.n > 0) {
        *out = label_of(c, "table", t->given_schema.n > 0 ? (str){ 0 } : t->domain_schema);
        return true;
    }
    if (!table_named_schema(c, t->distribution_uid, t->dataset_id, &named) || (named.found && !head_of(c, t, &h, NULL)))
        return false;
    if (named.found && table_named_fits(&named, &h))
        *out = named_label(c, &named);
    return true;
}

bool table_schema_before(ctx *c, const table_row *t, load_before *out)
{
    schema *s = new (c->a, schema);
    table_named named;
    bool found;
    if (t->given_schema.n > 0 || t->domain_schema.n > 0) {
        if (!table_given_schema(c, t, s, &found) || !table_schema_label(c, t, &out->label))
            return false;
    } else {
        if (!table_named_schema(c, t->distribution_uid, t->dataset_id, &named))
            return false;
        found = named.found;
        *s = named.schema;
        out->word = !found ? LOAD_SET : named.by == TABLE_NAMED_BY_FILE && t->position == 0 ? LOAD_NAMED : LOAD_NAMED_PERHAPS;
        out->label = found ? named_label(c, &named) : (str){ 0 };
    }
    if (!found)
        return true;
    out->schema = &s->table;
    out->given = true;
    out->key = &s->key;
    return true;
}

/* --- setting one --- */

/* At least one field must be a column: else it is the schema of something else. */
static bool goes_with(ctx *c, const table_row *t, const schema *s)
{
    table_head h;
    str names;
    bool any = false;
    if (!head_of(c, t, &h, &names))
        return false;
    for (size_t i = 0; i < h.col_count && !any; i++)
        any = table_schema_field(&s->table, &h, i, NULL) != NULL;
    return any || fail(c, INVALID, "no field of the schema is a column of the table: its columns are %.*s", S_ARG(utf8_cut(names, 300)));
}

static bool canonical(ctx *c, const table_row *t, const table_schema_wish *w, str *given)
{
    schema s;
    schema_entry e;
    *given = (str){ 0 };
    if (w->given.n > 0) {
        if (!schema_read(c, w->given, &s) || !goes_with(c, t, &s))
            return false;
        *given = schema_write(c, &s);
    }
    return w->domain.n == 0 || (schema_registry_need(c, w->domain, &e) && (w->given.n > 0 || goes_with(c, t, &e.schema)));
}

static str state_json(ctx *c, str given, str domain)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_key(&j, S("domain"));
    json_str_or_null(&j, domain);
    json_key(&j, S("schema"));
    if (given.n > 0)
        json_raw(&j, given);
    else
        json_null(&j);
    json_end(&j);
    return buf_str(&b);
}

static bool record(ctx *c, change *ch, const table_row *now, str given, const table_schema_wish *w)
{
    dataset_row d;
    str hash;
    if (!q_dataset_by_id(c, now->dataset_id, &d) || !table_state_hash(c, now, &hash))
        return false;
    ledger_entry e = {
        .action = S("table.schema"), .subject_kind = S("table"), .subject_id = now->id, .subject_key = now->uid,
        .organization_id = d.organization_id, .reason = w->why, .before = state_json(c, now->given_schema, now->domain_schema),
        .after = state_json(c, given, w->domain), .state_hash = hash,
    };
    return change_record(c, ch, &e) && q_table_set_schema(c, now->id, given, w->domain, ch->seq);
}

bool table_rows_were_added(ctx *c, const table_row *t, bool *yes)
{
    table_version_brief_list l;
    *yes = false;
    if (!q_table_versions_of(c, t->id, 1000, &l))
        return false;
    for (size_t i = 0; i < l.n && !str_eq(l.v[i].how, S("load")); i++)
        *yes = true;
    return true;
}

bool table_schema_set(ctx *c, const table_row *t, const table_schema_wish *w, table_schema_done *out)
{
    table_row now;
    table_file_row file;
    str given;
    bool found;
    *out = (table_schema_done){ 0 };
    if (!canonical(c, t, w, &given))
        return false;
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !q_table_by_id(c, t->id, &now, &found))
        return false;
    if (!found || !str_eq(now.state, S("live")))
        return fail(c, CONFLICT, "the table has ended meanwhile");
    bool added;
    if (!table_rows_were_added(c, &now, &added))
        return false;
    if (added && !w->drop_added)
        return fail(c, CONFLICT, "rows were added to the table since its file was loaded, and reading the file again under a schema leaves them out: "
                                 "put a file that has them first, or say that they may go (--drop-added)");
    out->changed = !str_eq(given, now.given_schema) || !str_eq(w->domain, now.domain_schema);
    if (!out->changed)
        return true;
    if (!record(c, &ch, &now, given, w) || !q_table_file_newest(c, now.distribution_uid, &file, &found))
        return false;
    return (!found || table_load_wish(c, file.id, now.distribution_uid, &out->job)) && change_commit(c, &ch);
}

/* --- trying one --- */

typedef struct { const schema *s; } trial;

static bool before(ctx *c, void *to, size_t position, str name, load_before *out)
{
    const trial *w = to;
    (void)c, (void)position, (void)name;
    *out = (load_before){ .schema = &w->s->table, .given = true, .key = &w->s->key };
    return true;
}

/* Rows past the first ones are left out, as if they had been replaced. */
static uint64_t *past(ctx *c, const column_file *f, uint64_t first)
{
    uint64_t rows = column_file_rows(f);
    uint64_t *bits = new_n(c->a, uint64_t, rows / 64 + 1);
    for (uint64_t r = first; r < rows; r++)
        bits[r / 64] |= UINT64_C(1) << (r % 64);
    return bits;
}

static bool find(ctx *c, void *to, str name, load_rows *out)
{
    table_row other;
    return table_others_rows(c, to, name, &other, out);
}

static bool tell(ctx *c, void *to, const table_finding *f)
{
    table_tried *w = to;
    (void)c;
    load_add_finding(&w->loaded, &w->loaded.tables.v[0], f);
    return true;
}

/* The rows that are tried may refer to any of the table. */
static bool try_references(ctx *c, const table_row *t, const schema *s, const table_open *open, table_tried *out)
{
    table_others others = { .dataset_id = t->dataset_id };
    const load_reference_plan p = { .schema = &s->table, .own = { .files = &out->file, .n = 1 }, .all = { .files = open->files, .n = open->n },
                                    .to = &others, .find = find };
    bool ok = load_references(c, &p, out, tell);
    table_others_end(c, &others);
    return ok;
}

bool table_schema_try(ctx *c, const table_row *t, const schema *s, table_tried *out)
{
    auto_table held = { .site = c->site };
    trial w = { s };
    *out = (table_tried){ 0 };
    if (!table_hold(c, t, 0, &held.open))
        return false;
    column_file *first = held.open->files[0];
    uint64_t rows = column_file_rows(first);
    const uint64_t *dropped = rows > TABLE_TRIED_ROWS ? past(c, first, TABLE_TRIED_ROWS) : NULL;
    load_options o = { .folder = c->site->blob_dir, .words = table_words(), .to = &w, .before = before };
    out->rows = rows > TABLE_TRIED_ROWS ? TABLE_TRIED_ROWS : rows;
    if (!load_segments(c, &first, dropped != NULL ? &dropped : NULL, 1, &o, &out->loaded))
        return false;
    if (column_file_open(c, out->loaded.tables.v[0].path, &out->file) && try_references(c, t, s, held.open, out))
        return true;
    table_tried_end(c, out);
    return false;
}

void table_tried_end(ctx *c, table_tried *t)
{
    column_file_close(t->file);
    if (t->loaded.keep != NULL)
        load_free(c, &t->loaded);
    *t = (table_tried){ 0 };
}
