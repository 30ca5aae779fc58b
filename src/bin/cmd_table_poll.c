/* cmd_table_poll — addresses that are asked again and again: set, ended, listed. */
#include "bin/cmd_table.h"

#include "app/table/table_poll.h"
#include "bin/table_target.h"
#include "kit/text/json_write.h"

/* 30, 30s, 10m, 2h, 1d */
static bool read_span(ctx *c, str s, int64_t *seconds)
{
    static const struct { char unit; int64_t s; } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
    int64_t times = 1;
    str digits = s;
    for (size_t i = 0; i < array_len(units); i++)
        if (s.n > 1 && s.p[s.n - 1] == units[i].unit) {
            times = units[i].s;
            digits = str_sub(s, 0, s.n - 1);
        }
    if (str_to_i64(digits, seconds) && *seconds > 0 && *seconds <= TABLE_POLL_MOST_S) {
        *seconds *= times;
        return true;
    }
    return fail_field(c, USAGE, S("every"), "--every: “%.*s” is no time; wanted is 30s, 10m, 2h or 1d", S_ARG(s));
}

static str span(arena *a, int64_t s)
{
    return s % 86400 == 0 ? str_fmt(a, "%" PRId64 "d", s / 86400) : s % 3600 == 0 ? str_fmt(a, "%" PRId64 "h", s / 3600)
         : s % 60 == 0 ? str_fmt(a, "%" PRId64 "m", s / 60) : str_fmt(a, "%" PRId64 "s", s);
}

/* --- list --- */

typedef struct { dataset_row d; distribution_row f; job_row job; bool known, works; } polled;

static bool look_up(ctx *c, const table_poll_row *p, polled *out)
{
    bool has_job;
    *out = (polled){ 0 };
    if (!q_dataset_by_id(c, p->dataset_id, &out->d) || !q_distribution_by_key(c, p->distribution_uid, &out->f, &out->known)
        || !q_job_get(c, p->job_id, &out->job, &has_job))
        return false;
    out->works = has_job && (str_eq(out->job.state, S("waiting")) || str_eq(out->job.state, S("running")));
    return true;
}

static void put_json(ctx *c, json_w *j, const table_poll_row *p, const polled *w)
{
    json_obj(j);
    json_kv(j, "dataset", w->d.slug);
    json_kv(j, "distribution", p->distribution_uid);
    json_kv(j, "url", w->f.url);
    json_kv(j, "every_s", p->every_s);
    json_kv(j, "job", p->job_id);
    json_kv(j, "works", w->works);
    json_kv(j, "asked", p->asked_at > 0 ? day_iso(c->a, p->asked_at) : (str){ 0 });
    json_kv(j, "next", w->works && w->job.run_at > 0 ? day_iso(c->a, w->job.run_at) : (str){ 0 });
    json_kv(j, "failures", p->failures);
    json_kv(j, "error", p->error);
    json_end(j);
}

static void put_line(ctx *c, buf *b, const table_poll_row *p, const polled *w)
{
    buf_fmt(b, "every %-5.*s %-40.*s  %.*s", S_ARG(span(c->a, p->every_s)), S_ARG(cli_plain(c->a, w->d.slug)),
            S_ARG(p->asked_at > 0 ? day_local(c->a, p->asked_at) : S("not asked yet")));
    if (!w->works)
        buf_add(b, S("  rests: its job has ended, set it again"));
    else if (p->failures > 0)
        buf_fmt(b, "  failed %" PRId64 " times: %.*s", p->failures, S_ARG(cli_plain(c->a, p->error)));
    buf_byte(b, '\n');
}

static bool list(ctx *c, const cli_args *a)
{
    table_poll_row_list l;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!q_table_polls(c, &l))
        return false;
    if (a->json)
        json_arr(&j);
    list_each (table_poll_row, p, &l) {
        polled w;
        if (!look_up(c, p, &w))
            return false;
        if (a->json)
            put_json(c, &j, p, &w);
        else
            put_line(c, &b, p, &w);
    }
    if (a->json) {
        json_end(&j);
        buf_byte(&b, '\n');
    } else {
        cli_say(a, "%zu addresses", l.n);
    }
    return cli_out(c, buf_str(&b));
}

/* --- the word --- */

static bool end(ctx *c, const cli_args *a, const dataset_row *d, const distribution_row *f)
{
    bool was;
    if (!table_poll_end(c, d, f, &was))
        return false;
    cli_say(a, was ? "it is asked no more" : "it was not asked again and again");
    return !a->json || cli_out(c, S("{\"every_s\":0}\n"));
}

bool cmd_table_poll(ctx *c, cli_args *a)
{
    str every = { 0 };
    int64_t number = 0, seconds = 0;
    bool allow_private = false, off = false, done;
    const cli_opt opts[] = {
        { "every", CLI_TEXT, &every, "TIME", "how often: 30s, 10m, 2h, 1d" },
        { "off", CLI_FLAG, &off, NULL, "no more" },
        { "file", CLI_INT, &number, "N", "which of its files, from 1 (needed when there are several)" },
        { "allow-private", CLI_FLAG, &allow_private, NULL, "addresses on this machine and in private networks may be fetched" },
    };
    const cli_form form = {
        .usage = "table poll [DATASET --every TIME|--off] [--file N] [--allow-private]",
        .what = "Asks a distribution's address again and again and makes tables of what is new there, while the site is served. An address that fails is asked "
                "half as often each time, once a day at least. The newest 100 versions are kept. Without a dataset: lists what is asked.",
        .examples = "  openshelf table poll air-quality --every 10m\n  openshelf table poll air-quality --off\n  openshelf table poll\n",
        .opts = opts, .opt_count = array_len(opts), .max_rest = 1,
    };
    site *s;
    dataset_row d;
    distribution_row f;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (a->rest.n == 0 ? every.n > 0 || off : (every.n > 0) == off)
        return fail(c, USAGE, "wanted: table poll DATASET --every TIME, table poll DATASET --off, or table poll alone; see table poll --help");
    if (every.n > 0 && !read_span(c, every, &seconds))
        return false;
    if (!cli_site(c, a, true, &s))
        return false;
    if (a->rest.n == 0)
        return list(c, a);
    if (!table_target(c, a->rest.v[0], number, &d, &f))
        return false;
    if (off)
        return end(c, a, &d, &f);
    if (!table_poll_set(c, &d, &f, seconds, allow_private))
        return false;
    cli_say(a, "it is asked every %.*s, by the site's worker", S_ARG(span(c->a, seconds)));
    return !a->json || cli_out(c, str_fmt(c->a, "{\"every_s\":%" PRId64 "}\n", seconds));
}
