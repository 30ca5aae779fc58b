#include "kit/http/server.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "kit/http/access_log.h"
#include "kit/http/conn.h"

#define BACKLOG 4096

/* --- counting --- */

void server_finished(conn *k)
{
    loop *l = k->l;
    job *j = k->j;
    loop_counts *n = &l->counts;
    int64_t us = (day_now_mono_ns() - j->started_ns) / 1000;
    int class = j->w.status / 100;
    int bucket = 0;
    while (bucket < 15 && us >= INT64_C(64) << bucket)
        bucket++;
    loop_count(&n->requests, 1);
    loop_count(&n->responses[class >= 1 && class <= 5 ? class : 0], 1);
    loop_count(&n->bytes_out, (uint64_t)j->bytes_out);
    loop_count(&n->latency_us_bucket[bucket], 1);
    loop_count(&n->latency_us_sum, (uint64_t)us);
    if (j->w.status == 304)
        loop_count(&n->not_modified, 1);
    if (l->s->core.cfg.access_log)
        access_log_add(l, j, us);
}

static uint64_t read_count(const _Atomic uint64_t *n)
{
    return atomic_load_explicit(n, memory_order_relaxed);
}

void http_stats_read(http_server *s, http_stats *out)
{
    cache_numbers k;
    cache_count(s->core.cache, &k);
    *out = (http_stats){ .cache_hits = k.hits, .cache_misses = k.misses, .cache_bytes = k.bytes,
                         .connections_open = (uint64_t)atomic_load(&s->open) };
    for (int i = 0; i < s->n_loops; i++) {
        const loop_counts *n = &s->loops[i].counts;
        out->requests += read_count(&n->requests);
        out->bytes_out += read_count(&n->bytes_out);
        out->connections_total += read_count(&n->connections_total);
        out->refused_busy += read_count(&n->refused_busy);
        out->refused_rate += read_count(&n->refused_rate);
        out->not_modified += read_count(&n->not_modified);
        out->latency_us_sum += read_count(&n->latency_us_sum);
        for (size_t b = 0; b < array_len(out->responses); b++)
            out->responses[b] += read_count(&n->responses[b]);
        for (size_t b = 0; b < array_len(out->latency_us_bucket); b++)
            out->latency_us_bucket[b] += read_count(&n->latency_us_bucket[b]);
    }
}

/* --- listening --- */

static bool cannot_listen(ctx *c, str where)
{
    return fail(c, IO, "cannot listen on %.*s: %s", S_ARG(where), strerrordesc_np(errno));
}

static int listen_unix(ctx *c, str where, const char *path)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    size_t n = strlen(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (n == 0 || n >= sizeof a.sun_path || fd < 0) {
        errno = fd < 0 ? errno : ENAMETOOLONG;
        (void)cannot_listen(c, where);
        file_close_fd(&fd);
        return -1;
    }
    memcpy(a.sun_path, path, n);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0 && errno == ECONNREFUSED)
        unlink(path); /* left by a server that was killed */
    close(fd);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || chmod(path, 0666) != 0 || listen(fd, BACKLOG) != 0) {
        (void)cannot_listen(c, where);
        file_close_fd(&fd);
        return -1;
    }
    return fd;
}

static int listen_tcp(const struct sockaddr *a, socklen_t n, bool share)
{
    int one = 1, zero = 0;
    int fd = socket(a->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* connections inherit it */
    if (a->sa_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    if ((share && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) != 0) || bind(fd, a, n) != 0
        || listen(fd, BACKLOG) != 0) {
        int e = errno;
        close(fd);
        errno = e;
        return -1;
    }
    return fd;
}

static bool split_host_port(ctx *c, str where, const char **host, const char **port)
{
    size_t colon = str_rfind_byte(where, ':');
    str h = str_sub(where, 0, colon), p = str_from(where, colon + 1);
    int64_t n;
    if (colon == where.n || !str_to_i64(p, &n) || n < 0 || n > 65535)
        return fail(c, INVALID, "“%.*s” is no address to listen on; write 127.0.0.1:8080, [::1]:8080 or unix:/path",
                    S_ARG(where));
    if (str_starts(h, S("[")) && str_ends(h, S("]")))
        h = str_sub(h, 1, h.n - 1);
    *host = h.n == 0 || str_eq(h, S("*")) ? NULL : str_z(c->a, h);
    *port = str_z(c->a, p);
    return true;
}

static int port_of(int fd)
{
    struct sockaddr_storage a;
    socklen_t n = sizeof a;
    if (getsockname(fd, (struct sockaddr *)&a, &n) != 0)
        return 0;
    return ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port : ((struct sockaddr_in *)&a)->sin_port);
}

/* A first socket without SO_REUSEPORT finds out whether another program listens there: sockets that share
 * a port would not notice each other. */
static bool listen_tcp_all(ctx *c, http_server *s, str where, int *fds)
{
    const char *host = NULL, *port = NULL;
    struct addrinfo hint = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM }, *found = NULL;
    if (!split_host_port(c, where, &host, &port))
        return false;
    if (host == NULL)
        hint.ai_family = AF_INET6; /* takes IPv4 too */
    if (getaddrinfo(host, port, &hint, &found) != 0)
        return fail(c, INVALID, "“%.*s” is no address of this machine", S_ARG(where));
    struct sockaddr_storage a = { 0 };
    socklen_t n = found->ai_addrlen;
    memcpy(&a, found->ai_addr, n);
    freeaddrinfo(found);
    int probe = listen_tcp((struct sockaddr *)&a, n, false);
    if (probe < 0 && errno == EAFNOSUPPORT && host == NULL) { /* a machine without IPv6 */
        struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = ((struct sockaddr_in6 *)&a)->sin6_port };
        n = sizeof v4;
        memcpy(&a, &v4, n);
        probe = listen_tcp((struct sockaddr *)&a, n, false);
    }
    if (probe < 0)
        return cannot_listen(c, where);
    s->port = port_of(probe);
    close(probe);
    in_port_t be = htons((uint16_t)s->port);
    if (a.ss_family == AF_INET6)
        ((struct sockaddr_in6 *)&a)->sin6_port = be;
    else
        ((struct sockaddr_in *)&a)->sin_port = be;
    for (int i = 0; i < s->n_loops; i++) {
        fds[i] = listen_tcp((struct sockaddr *)&a, n, true);
        if (fds[i] < 0)
            return cannot_listen(c, where);
    }
    return true;
}

static bool listen_all(ctx *c, http_server *s, int *fds)
{
    str where = s->core.cfg.listen;
    if (!str_starts(where, S("unix:")))
        return listen_tcp_all(c, s, where, fds);
    s->unix_path = str_z(s->a, str_from(where, 5));
    int fd = s->unix_fd = listen_unix(c, where, s->unix_path);
    for (int i = 0; i < s->n_loops; i++)
        fds[i] = fd;
    return fd >= 0;
}

/* --- start and stop --- */

static int processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : (int)n;
}

static void raise_limits(int connections)
{
    struct rlimit r;
    rlim_t want = (rlim_t)connections * 2 + 256;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= want)
        return;
    r.rlim_cur = r.rlim_max == RLIM_INFINITY || r.rlim_max > want ? want : r.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &r);
}

static void own_texts(arena *a, http_config *f)
{
    str *all[] = { &f->listen, &f->tls_cert, &f->tls_key, &f->trusted_proxy, &f->build_id, &f->spool_dir };
    for (size_t i = 0; i < array_len(all); i++)
        *all[i] = str_dup(a, *all[i]);
}

static bool start_loops(ctx *c, http_server *s)
{
    int *fds = new_n(s->a, int, (size_t)s->n_loops);
    for (int i = 0; i < s->n_loops; i++)
        fds[i] = -1;
    bool ok = listen_all(c, s, fds);
    for (int i = 0; ok && i < s->n_loops; i++) {
        ok = loop_start(c, s, &s->loops[i], fds[i]);
        fds[i] = s->unix_path != NULL ? fds[i] : -1; /* the loop's now */
    }
    for (int i = 0; !ok && s->unix_path == NULL && i < s->n_loops; i++)
        file_close_fd(&fds[i]);
    if (!ok)
        return false;
    must(pthread_mutex_lock(&s->begin_lock) == 0);
    while (s->begun + s->failed < s->n_loops)
        must(pthread_cond_wait(&s->begin_more, &s->begin_lock) == 0);
    ok = s->failed == 0;
    must(pthread_mutex_unlock(&s->begin_lock) == 0);
    for (int i = 0; i < s->n_loops && !ok; i++)
        if (s->loops[i].c.err.code != ERR_OK) {
            c->err = s->loops[i].c.err;
            c->err.message = str_dup(c->a, c->err.message);
            c->err.detail = str_dup(c->a, c->err.detail);
        }
    return ok;
}

static bool worker_begin(void *app, ctx *c)
{
    const http_config *f = &((http_server *)app)->core.cfg;
    return f->thread_start == NULL || f->thread_start(f->app, c);
}

static void worker_end(void *app, ctx *c)
{
    const http_config *f = &((http_server *)app)->core.cfg;
    if (f->thread_end != NULL)
        f->thread_end(f->app, c);
}

static bool start(ctx *c, http_server *s)
{
    const http_config *f = &s->core.cfg;
    int cores = processors();
    s->n_loops = f->loops > 0 ? f->loops : cores < 4 ? cores : 4;
    s->loops = mem_get((size_t)s->n_loops * sizeof *s->loops);
    for (int i = 0; i < s->n_loops; i++)
        s->loops[i] = (loop){ .index = i, .listener = -1, .epoll = -1, .wake = -1, .spare_fd = -1 };
    raise_limits(f->connections);
    if (f->tls_cert.n > 0 && !tls_open(c, f->tls_cert, f->tls_key, &s->tls))
        return false;
    workers_config w = { .threads = f->workers > 0 ? f->workers : cores * 2 < 4 ? 4 : cores * 2,
                         .queue = (size_t)f->queue, .app = s, .begin = worker_begin, .end = worker_end,
                         .run = conn_run_job };
    return workers_start(c, &w, &s->pool) && start_loops(c, s);
}

bool http_start(ctx *c, const http_config *cfg, http_server **out)
{
    http_server *s = mem_get(sizeof *s);
    s->a = arena_new(16384);
    s->unix_fd = -1;
    run_core_init(&s->core, s->a, cfg, true);
    own_texts(s->a, &s->core.cfg);
    must(pthread_mutex_init(&s->begin_lock, NULL) == 0 && pthread_cond_init(&s->begin_more, NULL) == 0);
    *out = s;
    if (start(c, s))
        return true;
    http_stop(s, 0);
    *out = NULL;
    return false;
}

int http_port(const http_server *s)
{
    return s->port;
}

void http_stop(http_server *s, int grace_ms)
{
    atomic_store(&s->stop_until_ms, day_now_mono_ms() + grace_ms);
    atomic_store(&s->stopping, true);
    for (int i = 0; i < s->n_loops; i++)
        if (s->loops[i].started)
            loop_wake(&s->loops[i]);
    if (s->unix_path != NULL)
        unlink(s->unix_path);
    for (int i = 0; i < s->n_loops; i++)
        if (s->loops[i].started)
            must(pthread_join(s->loops[i].thread, NULL) == 0);
    workers_stop(s->pool);
    for (int i = 0; i < s->n_loops; i++)
        loop_end(&s->loops[i]);
    file_close_fd(&s->unix_fd);
    tls_close(s->tls);
    run_core_end(&s->core);
    pthread_mutex_destroy(&s->begin_lock);
    pthread_cond_destroy(&s->begin_more);
    mem_free(s->loops);
    arena_free(s->a);
    mem_free(s);
}
