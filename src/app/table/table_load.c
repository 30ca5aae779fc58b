#include "app/table/table_load.h"

#include "app/site/site.h"
#include "app/table/table_describe.h"
#include "app/table/table_other.h"
#include "app/table/table_refer.h"
#include "app/table/table_schema.h"
#include "app/table/table_sweep.h"
#include "app/table/table_thin.h"
#include "app/table/table_words.h"
#include "kit/blob/blob.h"
#include "kit/load/load.h"

#include <unistd.h>

typedef struct {
    const table_file_row *file;
    job *j;
    table_row_list old;             /* tables of the distribution so far */
    table_others others;            /* that schemas refer to */
} work;

/* --- what the loader asks --- */

static bool before(ctx *c, void *to, size_t position, str name, load_before *out)
{
    work *w = to;
    table_version_row v;
    bool found = false;
    (void)name;
    if (position >= w->old.n)
        return table_schema_before(c, &(table_row){ .distribution_uid = w->file->distribution_uid, .dataset_id = w->file->dataset_id,
                                                    .position = (int64_t)position }, out);
    const table_row *t = &w->old.v[position];
    return table_schema_before(c, t, out) && q_table_version_get(c, t->id, t->version, &v, &found)
        && (!found || table_describe_names(c, v.fields, &out->old_titles, &out->old_names));
}

/* The tables of this file are not those that they were. */
static bool other(ctx *c, void *to, str name, load_rows *out, bool *here, size_t *position)
{
    work *w = to;
    table_row t;
    if (!table_others_rows(c, &w->others, name, &t, out))
        return false;
    *here = out->n > 0 && str_eq(t.distribution_uid, w->file->distribution_uid);
    *position = *here ? (size_t)t.position : 0;
    if (*here)
        *out = (load_rows){ 0 };
    return true;
}

static bool progress(ctx *c, void *to, uint64_t bytes, uint64_t rows)
{
    work *w = to;
    return w->j == NULL || job_progress(c, w->j, "reading the file", (int64_t)bytes, w->file->bytes, (int64_t)rows);
}

/* --- from column files to versions --- */

static bool keep_piece(ctx *c, load_table *t, table_piece *out, str *fields)
{
    blob_id id;
    column_file *f = NULL;
    if (!column_file_open(c, t->path, &f))
        return false;
    *fields = table_describe_fields(c->a, f);
    *out = (table_piece){ .rows = (int64_t)column_file_rows(f) };
    column_file_close(f);
    if (!blob_adopt_file(c, c->site->blob_dir, t->path, &id))
        return false;
    t->path = (str){ 0 };
    out->file = str_dup(c->a, str_of(id.hex));
    out->bytes = id.bytes;
    return true;
}

static bool publish(ctx *c, const work *w, load_result *r, table_loaded *out)
{
    table_draft *d = new_n(c->a, table_draft, r->tables.n);
    table_piece *p = new_n(c->a, table_piece, r->tables.n);
    dataset_row set;
    for (size_t i = 0; i < r->tables.n; i++) {
        load_table *t = &r->tables.v[i];
        if (!keep_piece(c, t, &p[i], &d[i].fields))
            return false;
        d[i].name = t->name;
        d[i].about = table_describe_about(c->a, r, t);
        d[i].findings = table_describe_findings(c->a, t);
        d[i].score = load_score(t);
        d[i].pieces = &p[i];
        d[i].piece_count = 1;
        out->rows += p[i].rows;
    }
    out->tables = r->tables.n;
    auto_change ch = change_begin(c);
    return ch.tx.open && q_dataset_by_id(c, w->file->dataset_id, &set)
        && table_publish(c, &ch, w->file, set.organization_id, d, r->tables.n, &out->changed)
        && ((out->changed == 0 && w->old.n <= r->tables.n) || table_refer_wish(c, w->file->dataset_id, w->file->distribution_uid, 0))
        && table_sweep_wish(c)          /* for what a load that was killed has left */
        && change_commit(c, &ch);
}

static void from_hex(str hex, uint8_t out[32])
{
    for (size_t i = 0; i < 32 && 2 * i + 1 < hex.n; i++) {
        const char *digits = "0123456789abcdef", *hi = strchr(digits, hex.p[2 * i]), *lo = strchr(digits, hex.p[2 * i + 1]);
        out[i] = hi != NULL && lo != NULL ? (uint8_t)((hi - digits) << 4 | (lo - digits)) : 0;
    }
}

bool table_load(ctx *c, const table_file_row *file, job *j, table_loaded *out)
{
    work w = { .file = file, .j = j, .others = { .dataset_id = file->dataset_id } };
    distribution_row dist;
    bool found = false;
    uint8_t hash[32] = { 0 };
    load_result r;
    *out = (table_loaded){ 0 };
    if (!q_table_of_distribution(c, file->distribution_uid, &w.old) || !q_distribution_by_key(c, file->distribution_uid, &dist, &found))
        return false;
    auto_fd fd = file_open(c, blob_path(c->a, c->site->blob_dir, file->blob));
    if (fd < 0)
        return false;
    from_hex(file->blob, hash);
    load_options o = {
        .folder = c->site->blob_dir, .format = found ? dist.format : (str){ 0 }, .encoding = found ? dist.charset : (str){ 0 },
        .box_program = c->site->box_program, .source = hash, .words = table_words(), .to = &w, .before = before, .other = other, .progress = progress,
    };
    bool read = load_file(c, fd, file->name, &o, &r);
    table_others_end(c, &w.others);
    if (!read)
        return false;
    bool ok = publish(c, &w, &r, out);
    load_free(c, &r);
    return ok;
}

/* --- the job --- */

bool table_load_job(ctx *c, job *j)
{
    table_file_row file, newest;
    table_loaded done;
    bool found = false;
    if (!q_table_file_get(c, j->subject_id, &file, &found) || !found)
        return found || c->err.code != ERR_OK ? false : fail(c, NOT_FOUND, "the file is not in the record");
    if (!q_table_file_newest(c, file.distribution_uid, &newest, &found))
        return false;
    if (newest.id != file.id) {
        j->result = S("{\"superseded\":true}"); /* a newer file came meanwhile, and has a job of its own */
        return true;
    }
    if (!table_load(c, &file, j, &done) || (file.polled && !table_thin_polled(c, &file)))
        return false;
    j->result = str_fmt(c->a, "{\"tables\":%zu,\"changed\":%zu,\"rows\":%" PRId64 "}", done.tables, done.changed, done.rows);
    return true;
}

bool table_load_wish(ctx *c, int64_t file, str distribution_uid, int64_t *id)
{
    return job_add(c, &(job_wish){ .kind = S("table.load"), .once = str_fmt(c->a, "%" PRId64, file), .subject_kind = S("file"),
                                   .subject_id = file, .arguments = str_fmt(c->a, "{\"distribution\":\"%.*s\"}", S_ARG(distribution_uid)) }, id);
}

bool table_put_path(ctx *c, const dataset_row *d, const distribution_row *f, str path, str name, table_put *out)
{
    blob_id blob;
    return blob_keep_file(c, c->site->blob_dir, path, &blob) && table_put_blob(c, d, f, &blob, name, out);
}

bool table_put_blob(ctx *c, const dataset_row *d, const distribution_row *f, const blob_id *blob, str name, table_put *out)
{
    *out = (table_put){ 0 };
    table_file_draft draft = {
        .distribution_uid = f->uid, .dataset_id = d->id, .organization_id = d->organization_id, .blob = str_of(blob->hex),
        .bytes = blob->bytes, .name = utf8_cut(name, 255),
    };
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !table_put_file(c, &ch, &draft, &out->file, &out->fresh))
        return false;
    if (!out->fresh)
        return true;
    return table_load_wish(c, out->file, f->uid, &out->job) && change_commit(c, &ch);
}

bool table_job_dataset(ctx *c, const job_row *r, int64_t *dataset)
{
    table_file_row file;
    table_row t;
    bool found = false;
    *dataset = str_eq(r->subject_kind, S("dataset")) ? r->subject_id : 0;
    if (str_eq(r->subject_kind, S("file"))) {
        if (!q_table_file_get(c, r->subject_id, &file, &found))
            return false;
        *dataset = found ? file.dataset_id : 0;
    } else if (str_eq(r->subject_kind, S("table"))) {
        if (!q_table_by_id(c, r->subject_id, &t, &found))
            return false;
        *dataset = found ? t.dataset_id : 0;
    }
    return true;
}
