#include "kit/http/conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kit/http/access_log.h"

#define EVENTS 256
#define POOL_MAX 64
#define JOB_ARENA 16384

/* --- deadlines: each kind has one length, so its list is in order by itself --- */

static int timer_ms(const loop *l, timer_kind kind)
{
    const http_config *f = &l->s->core.cfg;
    switch (kind) {
    case TIMER_IDLE:
        return f->idle_ms;
    case TIMER_HEAD:
        return f->head_ms;
    case TIMER_BODY:
        return f->body_ms;
    case TIMER_WRITE:
        return f->write_ms;
    default:
        return CONN_LINGER_MS;
    }
}

void loop_timer(conn *k, timer_kind kind)
{
    loop *l = k->l;
    if (k->timer != TIMER_NONE) {
        timer_list *old = &l->timers[k->timer];
        *(k->timer_prev != NULL ? &k->timer_prev->timer_next : &old->first) = k->timer_next;
        *(k->timer_next != NULL ? &k->timer_next->timer_prev : &old->last) = k->timer_prev;
    }
    k->timer = kind;
    k->moved = 0;
    if (kind == TIMER_NONE)
        return;
    timer_list *t = &l->timers[kind];
    k->due_ms = l->now_ms + timer_ms(l, kind);
    k->timer_prev = t->last;
    k->timer_next = NULL;
    *(t->last != NULL ? &t->last->timer_next : &t->first) = k;
    t->last = k;
}

static int next_timeout(const loop *l)
{
    int64_t least = l->now_ms + (l->stopping ? 20 : 1000);
    if (l->ready != NULL)
        return 0;
    for (int i = TIMER_NONE + 1; i < TIMERS; i++)
        if (l->timers[i].first != NULL && l->timers[i].first->due_ms < least)
            least = l->timers[i].first->due_ms;
    return least > l->now_ms ? (int)(least - l->now_ms) : 0;
}

static void run_timers(loop *l)
{
    for (int i = TIMER_NONE + 1; i < TIMERS; i++)
        while (l->timers[i].first != NULL && l->timers[i].first->due_ms <= l->now_ms)
            conn_timed_out(l->timers[i].first);
}

/* --- jobs --- */

job *loop_take_job(loop *l)
{
    job *j = l->pool;
    if (j != NULL) {
        l->pool = j->next;
        l->pool_n--;
        j->next = NULL;
        return j;
    }
    j = mem_get(sizeof *j);
    j->a = j->w.a = arena_new(JOB_ARENA);
    return j;
}

static void free_job(job *j)
{
    arena_free(j->a);
    arena_free(j->pieces);
    mem_free(j);
}

void loop_give_job(loop *l, job *j)
{
    run_clear(&j->w);
    if (j->spool > 0)
        close(j->spool);
    arena_free(j->pieces);
    arena *a = j->a;
    arena_reset(a);
    *j = (job){ .a = a, .w = { .a = a } };
    if (l->pool_n >= POOL_MAX) {
        free_job(j);
        return;
    }
    j->next = l->pool;
    l->pool = j;
    l->pool_n++;
}

void loop_done(job *j)
{
    loop *l = j->k->l;
    must(pthread_mutex_lock(&l->done_lock) == 0);
    bool first = l->done == NULL;
    j->next = l->done;
    l->done = j;
    must(pthread_mutex_unlock(&l->done_lock) == 0);
    if (first)
        loop_wake(l);
}

void loop_wake(loop *l)
{
    uint64_t one = 1;
    ssize_t n = write(l->wake, &one, sizeof one);
    (void)n; /* full means: it is awake already */
}

static void take_done(loop *l)
{
    must(pthread_mutex_lock(&l->done_lock) == 0);
    job *j = l->done;
    l->done = NULL;
    must(pthread_mutex_unlock(&l->done_lock) == 0);
    while (j != NULL) {
        job *next = j->next;
        j->next = NULL;
        conn_back_from_worker(j->k);
        j = next;
    }
}

void loop_ready(conn *k)
{
    loop *l = k->l;
    if (k->ready_listed)
        return;
    k->ready_listed = true;
    k->ready_next = NULL;
    *(l->ready_last != NULL ? &l->ready_last->ready_next : &l->ready) = k;
    l->ready_last = k;
}

static void run_ready(loop *l)
{
    conn *k = l->ready;
    l->ready = l->ready_last = NULL;
    while (k != NULL) {
        conn *next = k->ready_next;
        k->ready_listed = false;
        conn_drive(k);
        k = next;
    }
}

static void free_dead(loop *l)
{
    for (conn **at = &l->dead; *at != NULL;) {
        conn *k = *at;
        if (k->ready_listed) { /* that list still names it */
            at = &k->dead_next;
            continue;
        }
        *at = k->dead_next;
        mem_free(k);
    }
}

/* --- accepting --- */

static void name_peer(conn *k, const struct sockaddr_storage *from)
{
    char *out = k->remote;
    if (from->ss_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)from)->sin_addr, out, sizeof k->remote);
    } else if (from->ss_family == AF_INET6) {
        const struct in6_addr *v6 = &((const struct sockaddr_in6 *)from)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(v6))
            inet_ntop(AF_INET, &v6->s6_addr[12], out, sizeof k->remote);
        else
            inet_ntop(AF_INET6, v6, out, sizeof k->remote);
    } else {
        memcpy(out, "unix", 5);
    }
}

static void refuse_connection(loop *l, int fd)
{
    static const char text[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
                               "Connection: close\r\n\r\n";
    if (l->s->tls == NULL)
        (void)send(fd, text, sizeof text - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    close(fd);
    atomic_fetch_sub(&l->s->open, 1);
    loop_count(&l->counts.refused_busy, 1);
}

/* No descriptor is left: the spare one takes the connection, to refuse it. Else the loop would spin. */
static void accept_without_fd(loop *l)
{
    if (l->spare_fd >= 0)
        close(l->spare_fd);
    int fd = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0) {
        atomic_fetch_add(&l->s->open, 1);
        refuse_connection(l, fd);
    }
    l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool accept_one(loop *l)
{
    struct sockaddr_storage from;
    socklen_t n = sizeof from;
    memset(&from, 0, sizeof from);
    int fd = accept4(l->listener, (struct sockaddr *)&from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE)
            accept_without_fd(l);
        return errno == EINTR || errno == ECONNABORTED;
    }
    loop_count(&l->counts.connections_total, 1);
    if (atomic_fetch_add(&l->s->open, 1) >= l->s->core.cfg.connections) {
        refuse_connection(l, fd);
        return true;
    }
    conn *k = conn_new(l, fd);
    name_peer(k, &from);
    struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = k };
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) != 0)
        conn_close(k);
    return true;
}

static void accept_some(loop *l)
{
    for (int i = 0; i < 64 && l->listener >= 0; i++)
        if (!accept_one(l))
            return;
}

/* --- stopping --- */

/* New connections are turned away before the socket closes: a filter drops their SYN, so that the queue of
 * those already made can be emptied; closing at once would reset them. */
static void stop_listening(loop *l)
{
    if (l->listener < 0)
        return;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),         /* flags of the TCP header */
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x12),      /* SYN, ACK */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x02, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    };
    struct sock_fprog prog = { array_len(code), code };
    if (l->s->unix_path == NULL)
        (void)setsockopt(l->listener, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof prog);
    while (accept_one(l))
        continue;
    if (l->s->unix_path == NULL)
        close(l->listener);
    else /* shared by all loops: the server closes it */
        epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->listener, NULL);
    l->listener = -1;
}

static void stop_step(loop *l)
{
    if (!l->stopping && atomic_load(&l->s->stopping)) {
        l->stopping = true;
        l->stop_ms = l->now_ms;
        stop_listening(l);
    }
    if (!l->stopping || l->now_ms < l->stop_ms + CONN_QUIET_MS)
        return;
    for (conn *k = l->all, *next; k != NULL; k = next) {
        next = k->next;
        if (k->state == CONN_HEAD && k->in_n == 0)
            conn_close(k);
    }
}

static bool must_go_on(const loop *l)
{
    if (!l->stopping)
        return true;
    return l->open > 0 && l->now_ms < atomic_load(&l->s->stop_until_ms);
}

/* --- the loop --- */

static void tick(loop *l)
{
    l->now_ms = day_now_mono_ms();
    int64_t wall = l->wall_ms = day_now_ms();
    if (wall / 1000 == l->date_s)
        return;
    l->date_s = wall / 1000;
    arena *a = arena_new(1024);
    str d = day_http(a, wall);
    must(d.n < sizeof l->date);
    memcpy(l->date, d.p, d.n);
    l->date[d.n] = 0;
    day_parts p = day_split(wall);
    d = str_fmt(a, "time=%04d-%02d-%02dT%02d:%02d:%02d.", p.year, p.month, p.day, p.hour, p.minute, p.second);
    must(d.n < sizeof l->log_time);
    memcpy(l->log_time, d.p, d.n);
    l->log_time[d.n] = 0;
    arena_free(a);
}

static void on_event(loop *l, const struct epoll_event *e)
{
    conn *k = e->data.ptr;
    if (k == NULL) {
        uint64_t n;
        ssize_t r = read(l->wake, &n, sizeof n);
        (void)r;
        return;
    }
    if ((void *)k == (void *)l) {
        accept_some(l);
        return;
    }
    if (k->state == CONN_DEAD)
        return;
    bool any_way = k->tls != NULL; /* TLS may wait for either direction */
    if ((e->events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0 || any_way)
        k->readable = true;
    if ((e->events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0 || any_way)
        k->writable = true;
    if ((e->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        k->ended = true;
    if ((e->events & (EPOLLHUP | EPOLLERR)) != 0)
        k->hung = true;
    if (k->hung && k->state == CONN_WORK)
        conn_close(k); /* nobody waits for this answer */
    else
        conn_drive(k);
}

static void loop_run(loop *l)
{
    struct epoll_event events[EVENTS];
    tick(l);
    while (must_go_on(l)) {
        int n = epoll_wait(l->epoll, events, EVENTS, next_timeout(l));
        tick(l);
        for (int i = 0; i < n; i++)
            on_event(l, &events[i]);
        take_done(l);
        run_ready(l);
        run_timers(l);
        stop_step(l);
        access_log_tick(l);
        free_dead(l);
    }
    access_log_flush(l);
}

static void *thread_main(void *arg)
{
    loop *l = arg;
    struct http_server *s = l->s;
    const http_config *f = &s->core.cfg;
    bool ok = f->thread_start == NULL || f->thread_start(f->app, &l->c);
    must(pthread_mutex_lock(&s->begin_lock) == 0);
    *(ok ? &s->begun : &s->failed) += 1;
    must(pthread_cond_signal(&s->begin_more) == 0);
    must(pthread_mutex_unlock(&s->begin_lock) == 0);
    if (!ok)
        return NULL;
    loop_run(l);
    if (f->thread_end != NULL)
        f->thread_end(f->app, &l->c);
    return NULL;
}

static bool watch(loop *l, int fd, void *ptr, uint32_t more)
{
    struct epoll_event e = { .events = EPOLLIN | more, .data.ptr = ptr };
    return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

bool loop_start(ctx *c, struct http_server *s, loop *l, int listener)
{
    uint32_t id;
    sigset_t all, old;
    must(getrandom(&id, sizeof id, 0) == (ssize_t)sizeof id);
    (void)__builtin_snprintf(l->id_prefix, sizeof l->id_prefix, "%08x", id);
    l->s = s;
    l->listener = listener;
    l->c = (ctx){ .a = arena_new(4096) };
    l->in = mem_get(CONN_READ_BYTES);
    l->log = buf_max(arena_new(1024), 1 << 20);
    must(pthread_mutex_init(&l->done_lock, NULL) == 0);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (l->epoll < 0 || l->wake < 0 || !watch(l, l->wake, NULL, 0)
        || !watch(l, listener, l, s->unix_path != NULL ? EPOLLEXCLUSIVE : 0))
        return fail(c, IO, "an event loop could not be made: %s", strerrordesc_np(errno));
    sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, &old) == 0); /* signals are the main thread's */
    l->started = pthread_create(&l->thread, NULL, thread_main, l) == 0;
    must(pthread_sigmask(SIG_SETMASK, &old, NULL) == 0);
    return l->started || fail(c, IO, "the thread of an event loop could not be started");
}

void loop_end(loop *l)
{
    if (l->in == NULL)
        return;
    for (job *j = l->done, *next; j != NULL; j = next) { /* answers that came too late */
        next = j->next;
        if (j->k->state == CONN_DEAD)
            conn_back_from_worker(j->k);
        else
            j->k->state = CONN_SEND;
    }
    while (l->all != NULL)
        conn_close(l->all);
    run_ready(l);
    free_dead(l);
    while (l->pool != NULL) {
        job *j = l->pool;
        l->pool = j->next;
        free_job(j);
    }
    if (l->listener >= 0 && l->s->unix_path == NULL)
        close(l->listener);
    file_close_fd(&l->epoll);
    file_close_fd(&l->wake);
    file_close_fd(&l->spare_fd);
    pthread_mutex_destroy(&l->done_lock);
    arena_free(l->log.a);
    arena_free(l->c.a);
    mem_free(l->in);
}
