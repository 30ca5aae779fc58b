#include "app/link/link_walk.h"

#include "app/ledger/ledger.h"
#include "app/link/link_visit.h"
#include "app/site/site.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

#define BATCH 400               /* addresses that one job looks at */
#define PIECE_MS 10000          /* how long it begins requests */
#define MARK "link_walk"        /* in meta: when the last daily walk began */

typedef struct {
    link_walk_wish wish;
    bool    daily;
    int64_t began;              /* 0: not yet; what was asked since then is behind */
    int64_t after_at;           /* where the next job goes on: evidence of this age, and the uid */
    str     after_uid;
    int64_t all;                /* to be asked */
    link_walk_result sum;
    int64_t changed;
    job    *j;                  /* that runs */
} walk;

/* --- from job to job --- */

static str walk_json(arena *a, const walk *w)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "after_at", w->after_at);
    json_kv(&j, "after_uid", w->after_uid);
    json_kv(&j, "all", w->all);
    json_kv(&j, "allow_private", w->wish.allow_private);
    json_kv(&j, "asked", w->sum.asked);
    json_kv(&j, "began", w->began);
    json_kv(&j, "changed", w->changed);
    json_kv(&j, "daily", w->daily);
    json_kv(&j, "dataset", w->wish.dataset);
    json_kv(&j, "failing", w->sum.failing);
    json_kv(&j, "left_alone", w->sum.left_alone);
    json_kv(&j, "most", w->wish.most);
    json_kv(&j, "pages", w->sum.pages);
    json_kv(&j, "pause_ms", w->wish.pause_ms);
    json_kv(&j, "timeout_s", w->wish.timeout_s);
    json_end(&j);
    return buf_str(&b);
}

static bool walk_read(ctx *c, str text, walk *w)
{
    json args;
    if (!json_parse(c, text, &args))
        return false;
    *w = (walk){
        .wish = { .dataset = json_get_int(&args, "dataset", 0), .most = json_get_int(&args, "most", 0), .pause_ms = json_get_int(&args, "pause_ms", 1000),
                  .timeout_s = (int)json_get_int(&args, "timeout_s", 0), .allow_private = json_get_bool(&args, "allow_private", false) },
        .daily = json_get_bool(&args, "daily", false), .began = json_get_int(&args, "began", 0), .after_at = json_get_int(&args, "after_at", 0),
        .after_uid = json_get_text(c, &args, "after_uid"), .all = json_get_int(&args, "all", 0), .changed = json_get_int(&args, "changed", 0),
        .sum = { .asked = json_get_int(&args, "asked", 0), .failing = json_get_int(&args, "failing", 0), .pages = json_get_int(&args, "pages", 0),
                 .left_alone = json_get_int(&args, "left_alone", 0) },
    };
    return true;
}

static bool add_job(ctx *c, const walk *w, int64_t run_at, int64_t *id)
{
    return job_add(c, &(job_wish){ .kind = S("link.walk"), .once = w->daily ? S("daily") : (str){ 0 }, .subject_kind = S("site"),
                                   .run_at = run_at, .arguments = walk_json(c->a, w) }, id);
}

bool link_walk_ask(ctx *c, const link_walk_wish *wish, int64_t *id)
{
    return add_job(c, &(walk){ .wish = *wish }, 0, id);
}

bool link_walk_result_read(ctx *c, const job_row *r, link_walk_result *out)
{
    json doc;
    if (!json_parse(c, r->result, &doc))
        return false;
    *out = (link_walk_result){ .next_job = json_get_int(&doc, "next_job", 0), .asked = json_get_int(&doc, "asked", 0),
                               .failing = json_get_int(&doc, "failing", 0), .pages = json_get_int(&doc, "pages", 0),
                               .left_alone = json_get_int(&doc, "left_alone", 0) };
    return true;
}

static void say(ctx *c, const walk *w, int64_t next)
{
    w->j->result = str_fmt(c->a, "{\"asked\":%" PRId64 ",\"failing\":%" PRId64 ",\"left_alone\":%" PRId64 ",\"next_job\":%" PRId64
                           ",\"pages\":%" PRId64 "}", w->sum.asked, w->sum.failing, w->sum.left_alone, next, w->sum.pages);
}

/* --- one job --- */

static bool tell(ctx *c, void *to, const link_due_row *const *rows, const link_outcome *const *outcomes, size_t n)
{
    walk *w = to;
    if (n > 0) {
        auto_tx tx = db_begin(c);
        if (!tx.open)
            return false;
        for (size_t i = 0; i < n; i++) {
            bool changed;
            if (!link_note(c, rows[i]->uid, rows[i]->dataset_id, rows[i]->url, outcomes[i], &changed))
                return false;
            w->sum.asked++;
            w->sum.failing += outcomes[i]->error != ERR_OK;
            w->sum.pages += outcomes[i]->gave == LINK_PAGE;
            w->changed += changed;
        }
        if (!db_commit(c, &tx))
            return false;
    }
    return job_progress(c, w->j, "asking addresses", w->sum.asked, w->all, 0);
}

static bool begin(ctx *c, walk *w)
{
    w->began = day_now_ms();
    if (!q_link_due_count(c, w->wish.dataset, &w->all))
        return false;
    if (w->wish.most > 0 && w->all > w->wish.most)
        w->all = w->wish.most;
    if (!w->daily)
        return true;
    auto_tx tx = db_begin(c);
    return tx.open && q_meta_set(c, S(MARK), str_fmt(c->a, "%" PRId64, w->began)) && db_commit(c, &tx);
}

/* What follows: another job, or the end with its row in the ledger, by which the pages are made anew. */
static bool end(ctx *c, walk *w, bool over)
{
    int64_t next = 0;
    if (!over) {
        auto_tx tx = db_begin(c);
        if (!tx.open || !add_job(c, w, 0, &next))
            return false;
        say(c, w, next);
        return db_commit(c, &tx);
    }
    say(c, w, 0);
    if (w->changed > 0) {
        str after = str_fmt(c->a, "{\"asked\":%" PRId64 ",\"changed\":%" PRId64 ",\"failing\":%" PRId64 ",\"pages\":%" PRId64 "}", w->sum.asked,
                            w->changed, w->sum.failing, w->sum.pages);
        auto_change ch = change_begin(c);
        if (!ch.tx.open || !change_record(c, &ch, &(ledger_entry){ .action = S("link.walk"), .subject_kind = S("site"), .subject_key = S("links"),
                                                                   .after = after, .state_hash = ledger_hash_json(c->a, after) })
            || !change_commit(c, &ch))
            return false;
    }
    return !w->daily || link_walk_plan(c);
}

/* What was never asked, then what has waited longest: each by an index, from where the job before stopped. */
static bool due_of(ctx *c, const walk *w, int64_t most, link_due_row_list *out)
{
    link_due_row_list asked = { 0 };
    *out = (link_due_row_list){ 0 };
    if (w->wish.dataset > 0)
        return q_link_due_of(c, w->wish.dataset, w->began, w->after_at, w->after_uid, most, out);
    if (w->after_at == 0 && !q_link_due_fresh(c, w->after_uid, most, out))
        return false;
    bool begins = w->after_at == 0;
    if ((int64_t)out->n < most && !q_link_due(c, w->began, begins ? 1 : w->after_at, begins ? (str){ 0 } : w->after_uid, most - (int64_t)out->n, &asked))
        return false;
    list_each (const link_due_row, r, &asked)
        list_add(c->a, out, *r);
    return true;
}

static str agent_of(ctx *c)
{
    str url = c->site->url;
    return url.n > 0 ? str_fmt(c->a, "open data platform; checks that links work; %.*s", S_ARG(url)) : S("open data platform; checks that links work");
}

bool link_walk_job(ctx *c, job *j)
{
    walk w;
    link_due_row_list due;
    size_t past, left;
    if (!walk_read(c, j->arguments, &w))
        return false;
    w.j = j;
    if (w.daily && !conf_bool(&c->site->conf, CONF_link_walk_daily)) {
        say(c, &w, 0);
        return true;
    }
    if (w.began == 0 && !begin(c, &w))
        return false;
    int64_t room = w.all - w.sum.asked, most = room < BATCH ? room : BATCH;
    if (!due_of(c, &w, most > 0 ? most : 0, &due))
        return false;
    if (due.n == 0)
        return end(c, &w, true);
    const link_round round = { .due = &due, .agent = agent_of(c), .allow_private = w.wish.allow_private, .timeout_s = w.wish.timeout_s,
                               .pause_ms = w.wish.pause_ms, .most_ms = PIECE_MS, .to = &w, .tell = tell };
    if (!link_visit(c, &round, &past, &left))
        return false;
    if (past > 0) {
        w.after_at = due.v[past - 1].asked_at;
        w.after_uid = due.v[past - 1].uid;
    }
    w.sum.left_alone += (int64_t)left;
    return end(c, &w, past == due.n && (int64_t)due.n < BATCH);
}

bool link_walk_plan(ctx *c)
{
    meta_row row;
    bool found;
    int64_t last = 0, id, now = day_now_ms();
    if (!conf_bool(&c->site->conf, CONF_link_walk_daily))
        return true;
    auto_tx tx = db_begin(c);
    if (!tx.open || !q_meta_get(c, S(MARK), &row, &found))
        return false;
    if (found && !str_to_i64(row.value, &last))
        last = 0;
    walk w = { .daily = true, .wish = { .most = conf_int(&c->site->conf, CONF_link_walk_most), .pause_ms = conf_int(&c->site->conf, CONF_link_walk_pause_ms) } };
    str actor = c->actor;
    c->actor = S("schedule");
    bool ok = add_job(c, &w, last + DAY_MS > now ? last + DAY_MS : now, &id);
    c->actor = actor;
    return ok && db_commit(c, &tx);
}
