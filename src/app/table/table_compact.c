#include "app/table/table_compact.h"

#include "app/site/site.h"
#include "app/table/table_describe.h"
#include "app/table/table_open.h"
#include "app/table/table_schema.h"
#include "app/table/table_thin.h"
#include "app/table/table_words.h"
#include "kit/blob/blob.h"
#include "kit/load/load.h"

typedef struct { load_before before; job *j; int64_t bytes; } work;

static bool before(ctx *c, void *to, size_t position, str name, load_before *out)
{
    (void)c, (void)position, (void)name;
    *out = ((work *)to)->before;
    return true;
}

static bool progress(ctx *c, void *to, uint64_t bytes, uint64_t rows)
{
    work *w = to;
    (void)bytes;
    return w->j == NULL || job_progress(c, w->j, "putting segments together", 0, w->bytes, (int64_t)rows);
}

/* First of the segments that are put together; n: none are. */
static size_t run_begins(const table_piece *p, size_t n)
{
    size_t first = n - 1;
    int64_t rows = p[n - 1].rows;
    while (first > 0 && p[first - 1].rows <= 2 * rows)
        rows += p[--first].rows;
    return n - first > 1 ? first : n;
}

/* Values are read again as they were read first: under the marks and spellings of the table's schema. */
static bool join(ctx *c, const table_row *t, const table_open *open, size_t first, job *j, load_result *r)
{
    work w = { .j = j };
    schema given;
    bool found;
    if (!table_given_schema(c, t, &given, &found))
        return false;
    load_before_of(c, open->files[0], found ? &given.table : NULL, false, &w.before);
    for (size_t i = first; i < open->n; i++)
        w.bytes += (int64_t)column_file_bytes(open->files[i]);
    load_options o = { .folder = c->site->blob_dir, .words = table_words(), .to = &w, .before = before, .progress = progress };
    return load_segments(c, open->files + first, NULL, open->n - first, &o, r);
}

/* Where the run stands in what the table consists of now; false: somebody replaced part of it. */
static bool still_there(const table_piece *was, size_t from, size_t n, const table_piece *now, size_t now_n)
{
    if (now_n < n)
        return false;
    for (size_t i = from; i < n; i++)
        if (!str_eq(was[i].file, now[i].file))
            return false;
    return true;
}

static bool publish(ctx *c, const table_row *seen, const table_piece *was, size_t first, size_t n, const table_piece *joined, bool *done)
{
    table_row now;
    table_version_row v;
    dataset_row d;
    table_piece *p;
    size_t now_n, k = 0;
    bool found = false;
    auto_change ch = change_begin(c);
    *done = false;
    if (!ch.tx.open || !q_table_by_id(c, seen->id, &now, &found))
        return false;
    if (!found)
        return true;
    if (!table_pieces(c, now.id, now.version, &p, &now_n) || !q_table_version_get(c, now.id, now.version, &v, &found)
        || !q_dataset_by_id(c, now.dataset_id, &d))
        return false;
    if (!found || !still_there(was, first, n, p, now_n))
        return true;
    table_piece *next = new_n(c->a, table_piece, now_n);
    for (size_t i = 0; i < first; i++)
        next[k++] = p[i];
    next[k++] = *joined;
    for (size_t i = n; i < now_n; i++)
        next[k++] = p[i];
    table_draft draft = { .name = now.name, .fields = v.fields, .about = v.about, .findings = v.findings, .score = (int)v.score,
                          .pieces = next, .piece_count = k };
    *done = true;
    return table_publish_rows(c, &ch, &now, d.organization_id, TABLE_COMPACT, &draft) && change_commit(c, &ch);
}

bool table_compact(ctx *c, int64_t table, job *j)
{
    table_row t;
    table_piece *p, joined;
    size_t n;
    bool found, done = false;
    blob_id id;
    load_result r;
    auto_table held = { .site = c->site };
    if (!q_table_by_id(c, table, &t, &found))
        return false;
    if (!found)
        return fail(c, NOT_FOUND, "the table is there no more");
    if (!table_pieces(c, t.id, t.version, &p, &n))
        return false;
    size_t first = n > 1 ? run_begins(p, n) : n;
    if (first == n)
        return true;
    if (!table_hold(c, &t, t.version, &held.open) || !join(c, &t, held.open, first, j, &r))
        return false;
    load_table *made = &r.tables.v[0];
    bool ok = blob_adopt_file(c, c->site->blob_dir, made->path, &id);
    if (ok) {
        made->path = (str){ 0 };
        joined = (table_piece){ .file = str_dup(c->a, str_of(id.hex)), .bytes = id.bytes, .rows = (int64_t)made->rows };
        ok = publish(c, &t, p, first, n, &joined, &done);
    }
    load_free(c, &r);
    if (ok && j != NULL)
        j->result = str_fmt(c->a, "{\"joined\":%zu,\"published\":%s}", n - first, done ? "true" : "false");
    return ok && table_thin(c, table);
}

bool table_compact_job(ctx *c, job *j)
{
    return table_compact(c, j->subject_id, j);
}

bool table_compact_wish(ctx *c, const table_row *t)
{
    int64_t id;
    return job_add(c, &(job_wish){ .kind = S("table.compact"), .once = t->uid, .subject_kind = S("table"), .subject_id = t->id,
                                   .arguments = S("{}") }, &id);
}
