/* table_rows_api — programs write (C10): rows into a table, a file of a distribution, the end of a job. Who may is said by a
 * token (app/token); what is written is done by the same functions as in the shell.
 *
 *   POST /tables/{uid}/rows         rows behind the others; ?key=A,B (or ?how=upsert): in the place of those with the same key;
 *                                   ?strict=true: all of them are right or nothing is added; ?dry_run=true: nothing is added
 *   PUT  /files/{uid}/{name}        the newest file of a distribution: 202 and the job that loads it
 *   POST /jobs/{id}/cancel */
#include "app/job/job_worker.h"
#include "app/routes.h"
#include "app/site/site.h"
#include "app/table/table_append.h"
#include "app/table/table_load.h"
#include "app/table/table_rows_api.h"
#include "app/token/token_api.h"
#include "kit/blob/blob.h"
#include "kit/text/json_write.h"

#include <errno.h>
#include <sys/mman.h>

/* Readers want a file: a small body becomes one that has no name. */
int table_rows_file(ctx *c, str bytes)
{
    int fd = memfd_create("rows", MFD_CLOEXEC);
    if (fd >= 0 && file_put(fd, bytes))
        return fd;
    (void)fail(c, IO, "what was sent could not be kept: %s", strerrordesc_np(errno));
    file_close_fd(&fd);
    return -1;
}

/* The ending by which readers know what the bytes may be. */
static str name_of(const http_req *r)
{
    str type, rest, said = http_header(r, "content-type");
    type = str_cut(said, S(";"), &type, &rest) ? str_trim(type) : str_trim(said);
    if (str_ieq(type, S("application/json")))
        return S("rows.json");
    if (str_ieq(type, S("application/x-ndjson")) || str_ieq(type, S("application/jsonl")))
        return S("rows.ndjson");
    return str_ieq(type, S("text/tab-separated-values")) ? S("rows.tsv") : str_ieq(type, S("text/csv")) ? S("rows.csv") : S("rows");
}

void table_rows_put(json_w *j, const table_rows_done *d)
{
    json_kv(j, "added", d->added);
    json_kv(j, "replaced", d->replaced);
    json_kv(j, "rows", d->rows);
    json_kv(j, "version", d->version);
    json_kv(j, "bad_values", (int64_t)d->bad);
    json_kv(j, "wrong_values", (int64_t)d->wrong);
    json_key(j, S("findings"));
    json_arr(j);
    list_each (const table_rows_finding, f, &d->told) {
        json_obj(j);
        json_kv(j, "code", f->rule->code);
        json_kv(j, "says", f->rule->says);
        json_kv(j, "row", (int64_t)f->row);
        json_kv(j, "column", f->column);
        json_kv(j, "sample", f->sample);
        json_kv(j, "count", (int64_t)f->count);
        json_end(j);
    }
    json_end(j);
}

bool table_rows_target(ctx *c, const http_req *r, str uid, table_row *t)
{
    dataset_row d;
    bool found;
    if (!q_table_by_key(c, uid, t, &found))
        return false;
    if (!found || !str_eq(t->state, S("live")))
        return fail(c, NOT_FOUND, "there is no table “%.*s”", S_ARG(utf8_cut(uid, 100)));
    return q_dataset_by_id(c, t->dataset_id, &d) && token_api_covers(c, r, &d);
}

static bool flag(ctx *c, const http_req *r, const char *name, bool *out)
{
    str said = http_arg(r, name);
    *out = str_eq(said, S("true"));
    return said.n == 0 || *out || str_eq(said, S("false")) || fail_field(c, INVALID, str_of(name), "%s is true or false", name);
}

bool table_rows_post(ctx *c, const http_req *r, http_res *w)
{
    table_row t;
    table_rows_done d;
    str key = http_arg(r, "key"), one, how = http_arg(r, "how");
    table_rows_wish wish = { .how = key.n > 0 || str_eq(how, S("upsert")) ? TABLE_UPSERT : TABLE_APPEND, .name = name_of(r),
                             .encoding = http_arg(r, "encoding") };
    if (!flag(c, r, "strict", &wish.strict) || !flag(c, r, "dry_run", &wish.dry_run))
        return false;
    while (key.n > 0 && str_next(&key, ',', &one))
        list_add(c->a, &wish.key, str_trim(one));
    if (how.n > 0 && !str_eq(how, S("append")) && !str_eq(how, S("upsert")))
        return fail_field(c, INVALID, S("how"), "how is append or upsert");
    if (!table_rows_target(c, r, http_param(r, "uid"), &t))
        return false;
    auto_fd own = r->body_fd > 0 ? -1 : table_rows_file(c, r->body);
    wish.fd = r->body_fd > 0 ? r->body_fd : own;
    if (wish.fd < 0 || !table_rows_add(c, &t, &wish, &d))
        return false;
    job_worker_wake();                  /* there may be segments to put together */
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    table_rows_put(&j, &d);
    json_end(&j);
    w->cache_s = -1;
    return http_body_json(c, w, buf_str(&b));
}

static bool put_file(ctx *c, const http_req *r, const dataset_row *d, const distribution_row *f, table_put *p)
{
    blob_id blob;
    bool kept = r->body_fd > 0 ? blob_keep_file(c, c->site->blob_dir, str_fmt(c->a, "/proc/self/fd/%d", r->body_fd), &blob)
                               : file_make_dir(c, c->site->blob_dir) && blob_keep(c, c->site->blob_dir, r->body, &blob);
    return kept && table_put_blob(c, d, f, &blob, http_param(r, "name"), p);
}

bool table_file_put(ctx *c, const http_req *r, http_res *w)
{
    dataset_row d;
    distribution_row f;
    table_put p;
    bool found;
    str uid = http_param(r, "uid");
    if (!q_distribution_by_key(c, uid, &f, &found))
        return false;
    if (!found)
        return fail(c, NOT_FOUND, "there is no distribution “%.*s”", S_ARG(utf8_cut(uid, 100)));
    if (r->body.n == 0)
        return fail(c, INVALID, "the file is empty");
    if (!q_dataset_by_id(c, f.dataset_id, &d) || !token_api_covers(c, r, &d) || !put_file(c, r, &d, &f, &p))
        return false;
    job_worker_wake();
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "fresh", p.fresh);
    json_key(&j, S("job"));
    json_str_or_null(&j, p.fresh ? str_fmt(c->a, "/jobs/%" PRId64 ".json", p.job) : (str){ 0 });
    json_end(&j);
    if (!http_body_json(c, w, buf_str(&b)))
        return false;
    w->status = p.fresh ? 202 : 200;
    w->cache_s = -1;
    return true;
}

bool table_job_cancel(ctx *c, const http_req *r, http_res *w)
{
    job_row row;
    dataset_row d;
    int64_t id = 0, dataset = 0;
    bool found = false, ended = false;
    if (str_to_i64(http_param(r, "id"), &id) && (!q_job_get(c, id, &row, &found) || (found && !table_job_dataset(c, &row, &dataset))))
        return false;
    if (dataset == 0)
        return fail(c, NOT_FOUND, "there is no job “%.*s”", S_ARG(utf8_cut(http_param(r, "id"), 20)));
    if (!q_dataset_by_id(c, dataset, &d) || !token_api_covers(c, r, &d) || !job_cancel(c, id, &ended))
        return false;
    if (!ended)
        return fail(c, CONFLICT, "job %" PRId64 " has ended already", id);
    w->cache_s = -1;
    return http_body_json(c, w, str_fmt(c->a, "{\"id\":%" PRId64 ",\"cancelled\":true}", id));
}
