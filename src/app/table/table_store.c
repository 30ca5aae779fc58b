/* Files and versions of tables in the record, each with its row in the ledger. */
#include "app/ledger/uid.h"
#include "app/site/site.h"
#include "app/table/table.h"
#include "kit/blob/blob.h"
#include "kit/text/json_write.h"
#include "kit/text/url.h"

static const char *const hows[] = { "load", "append", "upsert", "compact" };

str table_path(ctx *c, str file)
{
    return blob_path(c->a, c->site->blob_dir, file);
}

static str file_json(arena *a, const table_file_draft *f)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "blob", f->blob);
    json_kv(&j, "bytes", f->bytes);
    json_kv(&j, "name", f->name);
    json_kv(&j, "source", f->source_url.n > 0 ? url_for_log(a, f->source_url) : S(""));
    json_end(&j);
    return buf_str(&b);
}

bool table_put_file(ctx *c, change *ch, const table_file_draft *f, int64_t *id, bool *fresh)
{
    table_file_row old;
    bool found;
    if (!q_table_file_newest(c, f->distribution_uid, &old, &found))
        return false;
    *fresh = !found || !str_eq(old.blob, f->blob);
    if (!*fresh) {
        *id = old.id;
        return true;
    }
    str state = file_json(c->a, f);
    ledger_entry e = {
        .action = found ? S("file.replace") : S("file.put"), .subject_kind = S("file"), .subject_key = f->distribution_uid,
        .organization_id = f->organization_id, .after = state, .state_hash = ledger_hash_json(c->a, state),
    };
    if (!change_ids(c, ch, "data_file", 1, id))
        return false;
    e.subject_id = *id;
    return change_record(c, ch, &e)
        && q_table_file_insert(c, *id, f->distribution_uid, f->dataset_id, f->blob, f->bytes, f->name, f->source_url, f->etag,
                               f->last_modified, f->polled, ch->at, ch->seq)
        && q_table_blob_add(c, f->blob, f->bytes, f->name, ch->at, ch->seq);
}

/* --- versions --- */

static str version_json(arena *a, str uid, int64_t number, str state, const table_piece *p, size_t n)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_key(&j, S("files"));
    json_arr(&j);
    for (size_t i = 0; i < n; i++)
        json_str(&j, p[i].file);
    json_end(&j);
    json_kv(&j, "state", state);
    json_kv(&j, "uid", uid);
    json_kv(&j, "version", number);
    json_end(&j);
    return buf_str(&b);
}

bool table_pieces(ctx *c, int64_t table, int64_t number, table_piece **out, size_t *n)
{
    table_segment_row_list l;
    if (!q_table_segments_of(c, table, number, &l))
        return false;
    *out = new_n(c->a, table_piece, l.n + 1);
    *n = l.n;
    for (size_t i = 0; i < l.n; i++)
        (*out)[i] = (table_piece){ l.v[i].file, l.v[i].bytes, l.v[i].rows };
    return true;
}

bool table_state_hash(ctx *c, const table_row *t, str *hash)
{
    table_piece *p;
    size_t n;
    if (!table_pieces(c, t->id, t->version, &p, &n))
        return false;
    *hash = ledger_hash_json(c->a, version_json(c->a, t->uid, t->version, t->state, p, n));
    return true;
}

static int64_t rows_of(const table_draft *d)
{
    int64_t rows = 0;
    for (size_t i = 0; i < d->piece_count; i++)
        rows += d->pieces[i].rows;
    return rows;
}

static bool same_pieces(const table_draft *d, const table_piece *p, size_t n)
{
    if (d->piece_count != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!str_eq(d->pieces[i].file, p[i].file))
            return false;
    return true;
}

/* The version's rows and its ledger row; t->version is the number that it gets. */
static bool add_version(ctx *c, change *ch, const table_row *t, int64_t organization, table_how how, int64_t file, const table_draft *d)
{
    int64_t rows = rows_of(d);
    str state = version_json(c->a, t->uid, t->version, S("live"), d->pieces, d->piece_count);
    ledger_entry e = {
        .action = str_fmt(c->a, "table.%s", hows[how]), .subject_kind = S("table"), .subject_id = t->id, .subject_key = t->uid,
        .organization_id = organization, .after = str_fmt(c->a, "{\"rows\":%" PRId64 ",\"version\":%" PRId64 "}", rows, t->version),
        .state_hash = ledger_hash_json(c->a, state),
    };
    if (!change_record(c, ch, &e)
        || !q_table_version_insert(c, t->id, t->version, str_of(hows[how]), file, rows, d->fields, d->about, d->findings, d->score,
                                   S(OPENSHELF_VERSION), ch->at, ch->seq))
        return false;
    for (size_t i = 0; i < d->piece_count; i++)
        if (!q_table_segment_insert(c, t->id, t->version, (int64_t)i, d->pieces[i].file, d->pieces[i].bytes, d->pieces[i].rows)
            || !q_table_blob_add(c, d->pieces[i].file, d->pieces[i].bytes, str_cat(c->a, S("table "), t->uid), ch->at, ch->seq))
            return false;
    return true;
}

static bool publish_new(ctx *c, change *ch, const table_file_row *file, int64_t organization, size_t position, const table_draft *d)
{
    table_row t = { .distribution_uid = file->distribution_uid, .dataset_id = file->dataset_id, .version = 1 };
    t.uid = position == 0 ? file->distribution_uid
                          : uid_from(c->a, S("table"), file->distribution_uid, str_fmt(c->a, "%zu", position));
    return change_ids(c, ch, "data_table", 1, &t.id) && add_version(c, ch, &t, organization, TABLE_LOAD, file->id, d)
        && q_table_insert(c, t.id, t.uid, t.distribution_uid, t.dataset_id, (int64_t)position, d->name, 1, rows_of(d), ch->at, ch->seq);
}

static bool publish_known(ctx *c, change *ch, table_row *t, int64_t organization, table_how how, int64_t file, const table_draft *d,
                          size_t *changed)
{
    table_piece *p;
    size_t n;
    table_version_row v;
    bool found;
    if (!table_pieces(c, t->id, t->version, &p, &n) || !q_table_version_get(c, t->id, t->version, &v, &found))
        return false;
    if (str_eq(t->state, S("live")) && same_pieces(d, p, n) && found && str_eq(v.findings, d->findings) && str_eq(v.about, d->about))
        return true;                /* under another schema the same values may have other findings */
    t->version++;
    (*changed)++;
    return add_version(c, ch, t, organization, how, file, d)
        && q_table_now(c, t->id, d->name.n > 0 ? d->name : t->name, t->version, rows_of(d), S("live"), ch->seq);
}

static bool end_table(ctx *c, change *ch, const table_row *t, int64_t organization)
{
    table_piece *p;
    size_t n;
    if (!table_pieces(c, t->id, t->version, &p, &n))
        return false;
    str state = version_json(c->a, t->uid, t->version, S("ended"), p, n);
    ledger_entry e = {
        .action = S("table.end"), .subject_kind = S("table"), .subject_id = t->id, .subject_key = t->uid,
        .organization_id = organization, .reason = S("the newest file no longer holds it"), .after = S("{\"state\":\"ended\"}"),
        .state_hash = ledger_hash_json(c->a, state),
    };
    return change_record(c, ch, &e) && q_table_now(c, t->id, t->name, t->version, t->rows, S("ended"), ch->seq);
}

bool table_publish(ctx *c, change *ch, const table_file_row *file, int64_t organization, const table_draft *d, size_t n, size_t *changed)
{
    table_row_list old;
    *changed = 0;
    if (!q_table_of_distribution(c, file->distribution_uid, &old))
        return false;
    for (size_t i = 0; i < n; i++) {
        table_row *t = i < old.n ? &old.v[i] : NULL; /* positions are 0, 1 … without gaps */
        if (t != NULL) {
            if (!publish_known(c, ch, t, organization, TABLE_LOAD, file->id, &d[i], changed))
                return false;
            continue;
        }
        (*changed)++;
        if (!publish_new(c, ch, file, organization, i, &d[i]))
            return false;
    }
    for (size_t i = n; i < old.n; i++)
        if (str_eq(old.v[i].state, S("live")) && !end_table(c, ch, &old.v[i], organization))
            return false;
    return true;
}

bool table_publish_rows(ctx *c, change *ch, table_row *t, int64_t organization, table_how how, const table_draft *now)
{
    table_version_row v;
    bool found;
    size_t changed = 0;
    if (!q_table_version_get(c, t->id, t->version, &v, &found))
        return false;
    return publish_known(c, ch, t, organization, how, found ? v.file_id : 0, now, &changed);
}
