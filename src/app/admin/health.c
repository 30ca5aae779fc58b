/* health — is the site able to answer (/health, for load balancers), and its
 * numbers (/metrics, Prometheus' text form). The numbers tell how the machine
 * is used: only this machine may read them, unless metrics_public is set. */
#include "app/find/find.h"
#include "app/ledger/ledger.h"
#include "app/routes.h"
#include "app/site/site.h"
#include "kit/http/server.h"
#include "kit/text/json_write.h"

#include <sys/resource.h>
#include <unistd.h>

/* --- /health --- */

bool health_get(ctx *c, const http_req *r, http_res *w)
{
    (void)r;
    site *s = c->site;
    int64_t seq = 0;
    bool record = ledger_seq(c, &seq);
    str why = record ? (str){ 0 } : S("the record cannot be read");
    err_clear(c);
    if (record && s->find == NULL)
        why = S("the search index is not built yet");
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "status", why.n == 0 ? "ok" : "failing");
    if (why.n > 0)
        json_kv(&j, "reason", why);
    json_kv(&j, "version", OPENSHELF_VERSION);
    json_kv(&j, "ledger", seq);
    json_kv(&j, "applied", s->find != NULL ? (int64_t)find_version(s) : 0);
    json_end(&j);
    w->cache_s = -1;
    w->status = why.n == 0 ? 200 : 503;
    return http_body_json(c, w, buf_str(&b));
}

/* --- /metrics --- */

static void head(buf *o, const char *name, const char *type, const char *help)
{
    buf_fmt(o, "# HELP openshelf_%s %s\n# TYPE openshelf_%s %s\n", name, help, name, type);
}

static void number(buf *o, const char *name, const char *type, const char *help, uint64_t v)
{
    head(o, name, type, help);
    buf_fmt(o, "openshelf_%s %" PRIu64 "\n", name, v);
}

static void put_latency(buf *o, const http_stats *t)
{
    uint64_t sum = 0;
    head(o, "request_seconds", "histogram", "Time from a request's head to its answer's last byte.");
    for (size_t i = 0; i < array_len(t->latency_us_bucket); i++) {
        sum += t->latency_us_bucket[i];
        buf_add(o, S("openshelf_request_seconds_bucket{le=\""));
        if (i + 1 < array_len(t->latency_us_bucket))
            buf_f64(o, (double)(UINT64_C(64) << i) / 1e6);
        else
            buf_add(o, S("+Inf"));
        buf_fmt(o, "\"} %" PRIu64 "\n", sum);
    }
    buf_add(o, S("openshelf_request_seconds_sum "));
    buf_f64(o, (double)t->latency_us_sum / 1e6);
    buf_fmt(o, "\nopenshelf_request_seconds_count %" PRIu64 "\n", sum);
}

static void put_http(buf *o, struct http_server *s)
{
    http_stats t;
    http_stats_read(s, &t);
    number(o, "requests_total", "counter", "Requests answered.", t.requests);
    head(o, "responses_total", "counter", "Answers by class of their status.");
    for (size_t i = 1; i < array_len(t.responses); i++)
        buf_fmt(o, "openshelf_responses_total{class=\"%zuxx\"} %" PRIu64 "\n", i, t.responses[i]);
    number(o, "not_modified_total", "counter", "Answers 304: the client had it already.", t.not_modified);
    number(o, "sent_bytes_total", "counter", "Bytes sent.", t.bytes_out);
    number(o, "connections", "gauge", "Connections open now.", t.connections_open);
    number(o, "connections_total", "counter", "Connections accepted.", t.connections_total);
    number(o, "refused_busy_total", "counter", "Refused because the server was full.", t.refused_busy);
    number(o, "refused_rate_total", "counter", "Refused because an address asked too often.", t.refused_rate);
    number(o, "cache_hits_total", "counter", "Answers found in the cache.", t.cache_hits);
    number(o, "cache_misses_total", "counter", "Answers that had to be made.", t.cache_misses);
    number(o, "cache_bytes", "gauge", "Memory of the cache.", t.cache_bytes);
    put_latency(o, &t);
}

static void put_process(ctx *c, buf *o, const site *s)
{
    struct rusage u = { 0 };
    str text = { 0 }, size, resident = { 0 };
    int64_t pages = 0;
    (void)getrusage(RUSAGE_SELF, &u);
    head(o, "cpu_seconds_total", "counter", "Processor time used.");
    buf_add(o, S("openshelf_cpu_seconds_total "));
    buf_f64(o, (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6);
    buf_byte(o, '\n');
    if (file_read(c, S("/proc/self/statm"), 4096, &text) && str_cut(text, S(" "), &size, &resident)) {
        (void)str_to_i64(str_sub(resident, 0, str_find_byte(resident, ' ')), &pages);
        number(o, "resident_bytes", "gauge", "Memory in use.", (uint64_t)(pages * sysconf(_SC_PAGESIZE)));
    }
    err_clear(c);
    head(o, "start_time_seconds", "gauge", "When the server started, seconds since 1970.");
    buf_fmt(o, "openshelf_start_time_seconds %" PRId64 "\n", s->started_at / 1000);
}

/* The text of /metrics, without the question who may see it. */
static str health_metrics(ctx *c)
{
    buf o = buf_in(c->a);
    const site *s = c->site;
    int64_t seq = 0;
    head(&o, "build_info", "gauge", "The program's version.");
    buf_add(&o, S("openshelf_build_info{version=\"" OPENSHELF_VERSION "\"} 1\n"));
    if (ledger_seq(c, &seq))
        number(&o, "ledger_sequence", "gauge", "Newest row of the ledger.", (uint64_t)seq);
    err_clear(c);
    if (s->find != NULL) {
        number(&o, "ledger_applied", "gauge", "Ledger row up to which the search index has followed.", find_version(s));
        number(&o, "datasets", "gauge", "Datasets in the search index.", search_count(find_index(s)));
    }
    if (s->server != NULL)
        put_http(&o, s->server);
    put_process(c, &o, s);
    return buf_str(&o);
}

/* A proxy that is not named in trusted_proxy makes everybody look local: what it adds gives it away. */
static bool is_local(const http_req *r)
{
    return (str_starts(r->remote, S("127.")) || str_eq(r->remote, S("::1")) || str_eq(r->remote, S("unix")))
        && http_header(r, "x-forwarded-for").n == 0 && http_header(r, "forwarded").n == 0;
}

bool metrics_get(ctx *c, const http_req *r, http_res *w)
{
    if (!is_local(r) && !conf_bool(&c->site->conf, CONF_metrics_public))
        return fail_said(c, FORBIDDEN, S(""), "the numbers of this server are shown to its own machine only");
    w->cache_s = -1;
    w->type = S("text/plain; version=0.0.4; charset=utf-8");
    w->body = health_metrics(c);
    return true;
}
