/* cmd_serve — the server: settings, site, index, listening, and an orderly stop. */
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/find/find.h"
#include "app/job/job_worker.h"
#include "app/jobs.h"
#include "app/link/link_walk.h"
#include "app/measure/measure.h"
#include "app/policy/policy.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/table/table_open.h"
#include "app/table/table_poll.h"
#include "app/token/token_api.h"
#include "bin/cli.h"
#include "kit/db/db.h"
#include "kit/http/server.h"

/* --- what the server asks the product --- */

static bool thread_start(void *app, ctx *c)
{
    c->actor = S("visitor");
    return site_attach(c, app);
}

static void thread_end(void *app, ctx *c)
{
    (void)app;
    site_detach(c);
}

/* A query of SQLite is memory and a file of ours; one of PostgreSQL waits for another process. */
static bool loop_may_block(void *app)
{
    return !str_starts(((const site *)app)->database, S("postgres"));
}

static bool allow(void *app, ctx *c, const http_req *r)
{
    (void)app;
    policy_action may = (policy_action)r->route->may;
    if (policy_allows(ROLE_VISITOR, may))
        return true;
    if (policy_allows(ROLE_WRITER, may))
        return token_api_allow(c, r);
    return fail(c, FORBIDDEN, "this is not open to visitors");
}

static uint64_t version(void *app)
{
    return find_version(app);
}

/* Pages change with the program too: its bytes are part of every tag, the same on all nodes that run it. */
static str build_id(ctx *c)
{
    arena *a = arena_new(1024);
    ctx tmp = { .a = a };
    str program = { 0 };
    bool ok = file_read(&tmp, S("/proc/self/exe"), (size_t)256 << 20, &program);
    str id = str_fmt(c->a, "%s %016" PRIx64, OPENSHELF_VERSION, ok ? str_hash(program) : 0);
    arena_free(a);
    return id;
}

static http_config config_of(ctx *c, site *s)
{
    const conf *k = &s->conf;
    return (http_config){
        .listen = conf_text(k, CONF_listen), .loops = (int)conf_int(k, CONF_loops),
        .workers = (int)conf_int(k, CONF_workers), .tls_cert = conf_text(k, CONF_tls_cert),
        .tls_key = conf_text(k, CONF_tls_key), .connections = (int)conf_int(k, CONF_connections),
        .queue = (int)conf_int(k, CONF_queue), .rate_per_s = conf_real(k, CONF_rate_per_second),
        .rate_burst = conf_real(k, CONF_rate_burst), .trusted_proxy = conf_text(k, CONF_trusted_proxy),
        .cache_bytes = (size_t)conf_int(k, CONF_cache_mb) << 20, .body_bytes = conf_int(k, CONF_body_mb) << 20,
        .large_body_bytes = conf_int(k, CONF_upload_mb) << 20,
        .access_log = conf_bool(k, CONF_access_log), .one_host = s->url.n > 0, .app = s,
        .thread_start = thread_start, .thread_end = thread_end, .loop_may_block = loop_may_block, .allow = allow,
        .error = page_error, .version = version, .build_id = build_id(c),
    };
}

/* --- systemd: READY=1 without its library (sd_notify is one datagram) --- */

static void tell_systemd(const char *text)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    size_t n = path != NULL ? strlen(path) : 0;
    if (n == 0 || n >= sizeof a.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(a.sun_path, path, n);
    if (a.sun_path[0] == '@')
        a.sun_path[0] = 0;
    auto_fd fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        (void)!sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&a,
                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
}

/* --- the command --- */

static str address_of(ctx *c, const site *s)
{
    str listen_on = conf_text(&s->conf, CONF_listen);
    if (str_starts(listen_on, S("unix:")))
        return listen_on;
    size_t colon = str_rfind_byte(listen_on, ':');
    bool tls = conf_text(&s->conf, CONF_tls_cert).n > 0;
    return str_fmt(c->a, "%s://%.*s:%d", tls ? "https" : "http", (int)colon, listen_on.p, http_port(s->server));
}

/* Every setting is a flag: rate_burst is --rate-burst. */
static cli_opt *options_of(arena *a, str *values, bool *no_work, size_t *n)
{
    cli_opt *o = new_n(a, cli_opt, CONF_COUNT + 2);
    *n = 0;
    for (int i = 0; i < CONF_COUNT; i++)
        if (i != CONF_database)
            o[(*n)++] = (cli_opt){ str_z(a, str_replace(a, str_of(conf_name((conf_key)i)), S("_"), S("-"))), CLI_TEXT,
                                   &values[i], "VALUE", conf_what((conf_key)i) };
    o[(*n)++] = (cli_opt){ "rate", CLI_TEXT, &values[CONF_rate_per_second], "N", "the same as --rate-per-second" };
    o[(*n)++] = (cli_opt){ "no-work", CLI_FLAG, no_work, NULL, "leave jobs to `openshelf work`" };
    return o;
}

static bool read_settings(ctx *c, cli_args *a, bool *no_work, bool *done)
{
    str *values = new_n(c->a, str, CONF_COUNT);
    cli_form form = {
        .usage = "serve [--listen 127.0.0.1:8080] [--rate N] [--no-work] [--SETTING VALUE …]",
        .what = "Serves the site over HTTP until SIGTERM or SIGINT; then answers what was asked and ends.",
        .examples = "  openshelf serve\n"
                    "  openshelf serve --data /var/lib/openshelf --listen unix:/run/openshelf/http\n",
    };
    form.opts = options_of(c->a, values, no_work, &form.opt_count);
    if (!cli_parse(c, a, &form, done) || *done)
        return *done;
    if (!conf_load(c, a->data_dir, &a->conf))
        return false;
    if (a->database.n > 0 && !conf_set(c, &a->conf, S("database"), a->database, CONF_FROM_FLAG))
        return false;
    for (int i = 0; i < CONF_COUNT; i++)
        if (values[i].p != NULL && !conf_set(c, &a->conf, str_of(conf_name((conf_key)i)), values[i], CONF_FROM_FLAG))
            return false;
    return true;
}

static void set_log_level(const conf *k)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    for (int i = 0; i < (int)array_len(names); i++)
        if (str_eq(conf_text(k, CONF_log_level), str_of(names[i])))
            log_set_level((log_level)i);
}

static bool serve_until_signal(ctx *c, site *s, const sigset_t *stop, int64_t began)
{
    http_config cfg = config_of(c, s);
    cfg.routes = routes_all(&cfg.route_count);
    if (!http_start(c, &cfg, &s->server))
        return false;
    log_line(LOG_INFO, "ready", log_s("address", address_of(c, s)), log_s("data", s->data_dir),
             log_i("ledger", find_version(s)), log_i("ms", day_now_mono_ms() - began));
    tell_systemd("READY=1");
    int sig = 0;
    while (sigwait(stop, &sig) != 0)
        continue;
    tell_systemd("STOPPING=1");
    log_line(LOG_INFO, "stopping", log_s("signal", sig == SIGINT ? S("INT") : S("TERM")));
    int64_t asked = day_now_mono_ms();
    http_stop(s->server, (int)conf_int(&s->conf, CONF_grace_seconds) * 1000);
    s->server = NULL;
    log_line(LOG_INFO, "stopped", log_i("ms", day_now_mono_ms() - asked));
    return true;
}

bool cmd_serve(ctx *c, cli_args *a)
{
    int64_t began = day_now_mono_ms();
    bool done;
    site *s;
    sigset_t stop;
    bool no_work = false;
    if (!read_settings(c, a, &no_work, &done) || done)
        return done;
    set_log_level(&a->conf);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    must(pthread_sigmask(SIG_BLOCK, &stop, NULL) == 0); /* before any thread: all inherit it, only sigwait gets them */
    if (!site_open(c, &(site_options){ .data_dir = a->data_dir, .conf = &a->conf }, &s))
        return false;
    size_t kinds;
    job_worker *jobs = NULL;
    measure_follower *measures = NULL;
    const job_kind *kind = jobs_all(&kinds);
    if (!find_open(c, s) || !find_start_following(c, s))
        return false;
    table_cache_start(s);
    int threads = (int)conf_int(&a->conf, CONF_job_threads);
    bool works = no_work || (table_poll_resume(c) && link_walk_plan(c) && job_worker_start(c, s, kind, kinds, threads, &jobs)
                             && measure_follow(c, s, &measures));
    bool ok = works && serve_until_signal(c, s, &stop, began);
    measure_follow_end(measures);
    job_worker_stop(jobs);
    table_cache_end(s);
    find_close(s);
    return ok;
}
