#include "app/table/table_poll.h"

#include "app/site/site.h"
#include "app/table/table_fetch.h"
#include "kit/text/json_read.h"
#include "kit/text/url.h"

#define LATEST_MS DAY_MS                /* between two questions to an address that fails */
#define DOUBLED_MOST 20

static bool add_job(ctx *c, int64_t dataset, str distribution, int64_t *id)
{
    return job_add(c, &(job_wish){ .kind = S("table.poll"), .once = distribution, .subject_kind = S("dataset"), .subject_id = dataset,
                                   .arguments = str_fmt(c->a, "{\"distribution\":\"%.*s\"}", S_ARG(distribution)) }, id);
}

static str state_json(arena *a, str distribution, int64_t every_s, bool allow_private)
{
    return str_fmt(a, "{\"allow_private\":%s,\"distribution\":\"%.*s\",\"every_s\":%" PRId64 "}", allow_private ? "true" : "false",
                   S_ARG(distribution), every_s);
}

/* --- what was decided --- */

bool table_poll_set(ctx *c, const dataset_row *d, const distribution_row *f, int64_t every_s, bool allow_private)
{
    table_poll_row old;
    bool found;
    int64_t id, job_id, changed;
    if (!url_is_web(f->url))
        return fail(c, INVALID, "the distribution “%.*s” has no address that can be fetched", S_ARG(f->title));
    if (every_s < TABLE_POLL_LEAST_S || every_s > TABLE_POLL_MOST_S)
        return fail_field(c, INVALID, S("every"), "an address can be asked every %d seconds to %d days", TABLE_POLL_LEAST_S, TABLE_POLL_MOST_S / 86400);
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !q_table_poll_get(c, f->uid, &old, &found))
        return false;
    id = old.id;
    if (found ? !q_job_cancel_waiting(c, old.job_id, ch.at, &changed) : !change_ids(c, &ch, "data_poll", 1, &id))
        return false;               /* the new one asks at once */
    str after = state_json(c->a, f->uid, every_s, allow_private);
    ledger_entry e = {
        .action = S("poll.set"), .subject_kind = S("poll"), .subject_id = id, .subject_key = f->uid, .organization_id = d->organization_id,
        .before = found ? state_json(c->a, f->uid, old.every_s, old.allow_private) : (str){ 0 }, .after = after,
        .state_hash = ledger_hash_json(c->a, after),
    };
    return change_record(c, &ch, &e) && add_job(c, d->id, f->uid, &job_id)
        && q_table_poll_put(c, id, f->uid, d->id, every_s, allow_private, job_id, ch.at, ch.seq) && change_commit(c, &ch);
}

bool table_poll_end(ctx *c, const dataset_row *d, const distribution_row *f, bool *was)
{
    table_poll_row old;
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !q_table_poll_get(c, f->uid, &old, was))
        return false;
    if (!*was)
        return true;
    int64_t changed;
    str after = S("{\"every_s\":0}");
    ledger_entry e = {
        .action = S("poll.end"), .subject_kind = S("poll"), .subject_id = old.id, .subject_key = f->uid, .organization_id = d->organization_id,
        .before = state_json(c->a, f->uid, old.every_s, old.allow_private), .after = after, .state_hash = ledger_hash_json(c->a, after),
    };
    return change_record(c, &ch, &e) && q_table_poll_drop(c, f->uid) && q_job_cancel_waiting(c, old.job_id, ch.at, &changed)
        && change_commit(c, &ch);
}

static bool was_lost(ctx *c, const table_poll_row *p, bool *lost)
{
    job_row j;
    bool found;
    if (!q_job_get(c, p->job_id, &j, &found))
        return false;
    *lost = !found || str_eq(j.state, S("done")) || str_eq(j.state, S("failed"));
    return true;
}

bool table_poll_resume(ctx *c)
{
    table_poll_row_list l;
    bool lost;
    int64_t job_id;
    auto_tx tx = db_begin(c);
    if (!tx.open || !q_table_polls(c, &l))
        return false;
    list_each (table_poll_row, p, &l)
        if (!was_lost(c, p, &lost)
            || (lost && (!add_job(c, p->dataset_id, p->distribution_uid, &job_id) || !q_table_poll_job_set(c, p->distribution_uid, job_id))))
            return false;
    return db_commit(c, &tx);
}

/* --- the job --- */

static int64_t pause_ms(const table_poll_row *p, int64_t failures)
{
    int64_t every = p->every_s * 1000, most = every > LATEST_MS ? every : LATEST_MS;
    int64_t wait = every << (failures < DOUBLED_MOST ? failures : DOUBLED_MOST);
    return wait < most ? wait : most;
}

/* How it went is kept with the poll, too: the job's row tells the next one by then. */
static bool tell(ctx *c, job *j, const table_poll_row *p, bool ok)
{
    err e = c->err;
    int64_t now = day_now_ms(), failures = ok ? 0 : p->failures + 1;
    err_clear(c);
    auto_tx tx = db_begin(c);
    bool told = tx.open && q_table_poll_told(c, p->distribution_uid, now, failures, ok ? (str){ 0 } : e.message) && db_commit(c, &tx);
    j->again_at = now + pause_ms(p, failures);
    if (!ok)
        c->err = e;
    return ok && told;
}

bool table_poll_job(ctx *c, job *j)
{
    json args;
    table_poll_row p;
    dataset_row d;
    distribution_row f;
    bool found = false;
    if (!json_parse(c, j->arguments, &args) || !q_table_poll_get(c, json_get_text(c, &args, "distribution"), &p, &found))
        return false;
    if (!found || p.job_id != j->id) {
        j->result = S("{\"ended\":true}");
        return true;
    }
    if (!q_dataset_by_id(c, p.dataset_id, &d) || !q_distribution_by_key(c, p.distribution_uid, &f, &found))
        return false;
    if (!found || f.dataset_id != d.id)
        return fail(c, NOT_FOUND, "the dataset no longer has this distribution");
    bool ok = table_fetch(c, &d, &f, (table_fetch_how){ .allow_private = p.allow_private, .polled = true }, j);
    if (!ok && (j->put_back || c->err.code == ERR_CANCELLED))
        return false;
    return tell(c, j, &p, ok);
}
