#include "app/table/table_fetch.h"

#include "app/link/link.h"
#include "app/site/site.h"
#include "kit/blob/blob.h"
#include "kit/fetch/fetch.h"
#include "kit/text/json_read.h"
#include "kit/text/url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_BYTES ((int64_t)4 << 30)

typedef struct { job *j; int fd; } spool;

static bool keep(ctx *c, void *to, str piece)
{
    spool *s = to;
    return file_put(s->fd, piece) || fail(c, IO, "writing what was fetched failed: %s", strerrordesc_np(errno));
}

static bool progress(ctx *c, void *to, int64_t done, int64_t all)
{
    spool *s = to;
    return job_progress(c, s->j, "fetching the file", done, all, 0);
}

static str name_of(ctx *c, const fetch_answer *a)
{
    url u;
    str name = a->filename;
    if (name.n == 0 && url_parse(a->url, &u)) {
        size_t slash = str_rfind_byte(u.path, '/');
        str last = slash < u.path.n ? str_from(u.path, slash + 1) : u.path;
        if (!url_decode(c->a, last, false, &name))
            name = last;
    }
    return name.n > 0 ? utf8_cut(name, 255) : S("file");
}

static bool record(ctx *c, const dataset_row *d, const distribution_row *f, bool polled, const blob_id *blob, const fetch_answer *a, job *j)
{
    int64_t file, next = 0;
    bool fresh;
    table_file_draft draft = {
        .distribution_uid = f->uid, .dataset_id = d->id, .organization_id = d->organization_id, .blob = str_of(blob->hex),
        .bytes = blob->bytes, .name = name_of(c, a), .source_url = f->url, .etag = a->etag, .last_modified = a->last_modified,
        .polled = polled,
    };
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !table_put_file(c, &ch, &draft, &file, &fresh))
        return false;
    if (fresh && (!table_load_wish(c, file, f->uid, &next) || !change_commit(c, &ch)))
        return false;
    j->result = fresh ? str_fmt(c->a, "{\"bytes\":%" PRId64 ",\"fresh\":true,\"load_job\":%" PRId64 "}", blob->bytes, next)
                      : str_fmt(c->a, "{\"bytes\":%" PRId64 ",\"fresh\":false}", blob->bytes);
    return true;
}

/* Whether the address answers is evidence of its own (C12). What our own guard, limits or a cancel ended says nothing of it. */
static bool note_answer(ctx *c, const dataset_row *d, const distribution_row *f, bool answered, int status)
{
    err e = c->err;
    if (!answered && !link_fails(e.code))
        return true;
    err_clear(c);
    link_outcome o = { .error = answered ? ERR_OK : e.code, .status = status, .gave = LINK_NOT_KNOWN };    /* its bytes tell */
    snprintf(o.says, sizeof o.says, "%.*s", S_ARG(utf8_cut(answered ? (str){ 0 } : e.message, sizeof o.says - 1)));
    bool changed;
    auto_tx tx = db_begin(c);
    bool ok = tx.open && link_note(c, f->uid, d->id, f->url, &o, &changed) && db_commit(c, &tx);
    if (!answered)
        c->err = e;                     /* the failure of the address is the one to tell */
    return ok || !answered;
}

bool table_fetch(ctx *c, const dataset_row *d, const distribution_row *f, table_fetch_how how, job *j)
{
    table_file_row old = { 0 };
    fetch_answer a;
    blob_id blob;
    bool found;
    if (!q_table_file_newest(c, f->uid, &old, &found) || !file_make_dir(c, c->site->blob_dir))
        return false;
    char *path = str_z(c->a, file_join(c->a, c->site->blob_dir, S("new.XXXXXX")));
    spool s = { .j = j };
    auto_fd fd = s.fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return fail(c, IO, "cannot write into “%.*s”: %s", S_ARG(c->site->blob_dir), strerrordesc_np(errno));
    bool same_place = found && str_eq(old.source_url, f->url);
    bool ok = fetch_get(c, &(fetch_request){ .url = f->url, .allow_private = how.allow_private, .most_bytes = MOST_BYTES, .to = &s, .bytes = keep,
                                             .progress = progress, .etag = same_place ? old.etag : (str){ 0 },
                                             .last_modified = same_place ? old.last_modified : (str){ 0 } }, &a);
    ok = note_answer(c, d, f, ok, a.status) && ok;
    if (ok && a.unchanged)
        j->result = S("{\"fresh\":false}");
    else
        ok = ok && blob_adopt_file(c, c->site->blob_dir, str_of(path), &blob) && record(c, d, f, how.polled, &blob, &a, j);
    unlink(path);
    return ok;
}

bool table_fetch_job(ctx *c, job *j)
{
    json args;
    dataset_row d;
    distribution_row f;
    bool found = false;
    if (!json_parse(c, j->arguments, &args) || !q_dataset_by_id(c, j->subject_id, &d)
        || !q_distribution_by_key(c, json_get_text(c, &args, "distribution"), &f, &found))
        return false;
    if (!found || f.dataset_id != d.id)
        return fail(c, NOT_FOUND, "the dataset no longer has this distribution");
    return table_fetch(c, &d, &f, (table_fetch_how){ .allow_private = json_get_bool(&args, "allow_private", false) }, j);
}

bool table_fetch_wish(ctx *c, const dataset_row *d, const distribution_row *f, bool allow_private, int64_t *id)
{
    str args = str_fmt(c->a, "{\"allow_private\":%s,\"distribution\":\"%.*s\"}", allow_private ? "true" : "false", S_ARG(f->uid));
    if (!url_is_web(f->url))
        return fail(c, INVALID, "the distribution “%.*s” has no address that can be fetched", S_ARG(f->title));
    return job_add(c, &(job_wish){ .kind = S("table.fetch"), .once = f->uid, .subject_kind = S("dataset"), .subject_id = d->id,
                                   .arguments = args }, id);
}
