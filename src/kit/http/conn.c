#include "kit/http/conn.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <linux/sockios.h>
#include <unistd.h>

#define BUDGET 32 /* steps before others get their turn */

conn *conn_new(loop *l, int fd)
{
    conn *k = mem_get(sizeof *k);
    k->l = l;
    k->fd = fd;
    k->writable = true;
    if (l->s->tls != NULL)
        k->tls = tls_conn_new(l->s->tls, fd);
    k->next = l->all;
    if (l->all != NULL)
        l->all->prev = k;
    l->all = k;
    l->open++;
    loop_timer(k, TIMER_IDLE);
    return k;
}

static void free_input(conn *k)
{
    mem_free(k->own);
    k->own = NULL;
    k->own_cap = k->in_n = k->scanned = 0;
    k->in = NULL;
}

/* The struct itself is freed by the loop after this round of events: they may still point to it. A job
 * that a worker has comes back by itself and finds the connection dead. */
void conn_close(conn *k)
{
    loop *l = k->l;
    if (k->state == CONN_DEAD)
        return;
    bool at_worker = k->state == CONN_WORK;
    k->state = CONN_DEAD;
    loop_timer(k, TIMER_NONE);
    tls_conn_free(k->tls);
    k->tls = NULL;
    close(k->fd);
    k->fd = -1;
    free_input(k);
    *(k->prev != NULL ? &k->prev->next : &l->all) = k->next;
    if (k->next != NULL)
        k->next->prev = k->prev;
    atomic_fetch_sub(&l->s->open, 1);
    if (at_worker)
        return;
    if (k->j != NULL)
        loop_give_job(l, k->j);
    k->j = NULL;
    l->open--;
    k->dead_next = l->dead;
    l->dead = k;
}

static ssize_t conn_recv(conn *k, void *p, size_t n)
{
    for (;;) {
        ssize_t r = k->tls != NULL ? tls_read(k->tls, p, n) : recv(k->fd, p, n, 0);
        if (r >= 0 || errno != EINTR)
            return r;
    }
}

/* Bytes that must outlive this round move from the loop's buffer to the connection's own. */
static void keep_input(conn *k, size_t room)
{
    if (k->in_n == 0 && room == 0) {
        free_input(k);
        return;
    }
    size_t need = k->in_n + room;
    if (k->own != NULL && k->in >= k->own && k->in < k->own + k->own_cap) {
        memmove(k->own, k->in, k->in_n);
        if (need > k->own_cap)
            k->own = mem_resize(k->own, k->own_cap = need);
    } else {
        char *made = mem_get(need);
        if (k->in_n > 0)
            memcpy(made, k->in, k->in_n);
        mem_free(k->own);
        k->own = made;
        k->own_cap = need;
    }
    k->in = k->own;
}

/* More bytes behind those that are there. Reads into the loop's buffer where nothing must be kept. */
static conn_step read_more(conn *k)
{
    if (!k->readable)
        return CONN_WAIT;
    size_t room = k->in_n == 0 ? CONN_READ_BYTES : 16384;
    char *to = k->l->in;
    if (k->in_n > 0) {
        keep_input(k, room);
        to = k->own + k->in_n;
    }
    ssize_t n = conn_recv(k, to, room);
    if (n < 0 && errno == EAGAIN) {
        k->readable = false;
        return CONN_WAIT;
    }
    if (n <= 0) {
        k->ended = true;
        return CONN_CLOSE;
    }
    if (k->in_n == 0)
        k->in = to;
    k->in_n += (size_t)n;
    k->moved += n;
    /* A short read has emptied the socket: the next bytes bring a new event. */
    if (k->tls == NULL && (size_t)n < room && !k->ended)
        k->readable = false;
    return CONN_GO_ON;
}

static void use_input(conn *k, size_t n)
{
    k->in += n;
    k->in_n -= n;
}

static conn_step go_send(conn *k)
{
    k->state = CONN_SEND;
    k->sent_head = k->sent_body = 0;
    loop_timer(k, TIMER_WRITE);
    return CONN_GO_ON;
}

/* --- bodies --- */

/* An answer before the body was read. The connection can live on only if the body is short. */
static conn_step answer_early(conn *k)
{
    job *j = k->j;
    if (j->framing == PARSE_NO_BODY || !j->w.keep_alive)
        return go_send(k);
    j->drain = true;
    j->limit = CONN_DRAIN_BYTES;
    k->state = CONN_BODY;
    return CONN_GO_ON;
}

static conn_step fail_now(conn *k, err_code code, const char *why)
{
    k->j->w.keep_alive = false;
    if (!k->j->drain)
        run_fail(&k->l->s->core, &k->j->w, code, why);
    return go_send(k);
}

static bool open_spool(job *j, str dir)
{
    const char *path = dir.n > 0 ? str_z(j->a, dir) : "/tmp";
    j->spool = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return j->spool > 0;
}

static bool take_body(conn *k, str data)
{
    job *j = k->j;
    j->got += (int64_t)data.n;
    if (j->drain)
        return true;
    if (j->spool <= 0 && j->body.n + data.n <= RUN_BODY_IN_MEMORY) {
        buf_add(&j->body, data);
        return true;
    }
    if (j->spool <= 0 && (!open_spool(j, k->l->s->core.cfg.spool_dir) || !file_put(j->spool, buf_str(&j->body))))
        return false;
    return file_put(j->spool, data);
}

static bool map_body(job *j)
{
    if (j->spool <= 0) {
        j->w.r.body = buf_str(&j->body);
        return true;
    }
    void *p = mmap(NULL, (size_t)j->got, PROT_READ, MAP_SHARED, j->spool, 0);
    if (p == MAP_FAILED)
        return false;
    j->w.r.body = (str){ p, (size_t)j->got };
    j->w.r.body_fd = j->spool;
    j->spool = 0;
    return true;
}

static conn_step dispatch(conn *k)
{
    job *j = k->j;
    k->state = CONN_WORK;
    if (!j->on_worker) {
        run_handler(&k->l->s->core, &j->w);
        return go_send(k);
    }
    loop_timer(k, TIMER_NONE);
    if (k->in_n > 0)
        keep_input(k, 0);
    if (workers_add(k->l->s->pool, j))
        return CONN_WAIT;
    loop_count(&k->l->counts.refused_busy, 1);
    run_fail(&k->l->s->core, &j->w, ERR_BUSY, "too many requests are waiting; try again in a moment");
    return go_send(k);
}

static conn_step body_complete(conn *k)
{
    if (k->j->drain)
        return go_send(k);
    if (!map_body(k->j))
        return fail_now(k, ERR_IO, "the body of the request could not be kept");
    return dispatch(k);
}

static conn_step step_chunks(conn *k)
{
    job *j = k->j;
    size_t at = 0;
    for (;;) {
        str data = { 0 };
        switch (parse_chunk(&j->chunks, (str){ k->in, k->in_n }, &at, &data)) {
        case PARSE_DATA:
            if (j->got + (int64_t)data.n > j->limit)
                return fail_now(k, ERR_TOO_LARGE, "the body of the request is larger than this address takes");
            if (!take_body(k, data))
                return fail_now(k, ERR_IO, "the body of the request could not be kept");
            break;
        case PARSE_END:
            use_input(k, at);
            return body_complete(k);
        case PARSE_BAD:
            return fail_now(k, ERR_USAGE, "the chunks of the body are not well formed");
        case PARSE_MORE:
            use_input(k, at);
            return CONN_GO_ON;
        }
    }
}

static conn_step step_body(conn *k)
{
    job *j = k->j;
    if (j->framing == PARSE_LENGTH && j->got == j->length)
        return body_complete(k);
    if (k->in_n == 0) {
        if (k->timer != TIMER_BODY || k->moved >= 65536)
            loop_timer(k, TIMER_BODY);
        conn_step s = read_more(k);
        if (s != CONN_GO_ON)
            return s;
    }
    if (j->framing == PARSE_CHUNKED)
        return step_chunks(k);
    size_t n = k->in_n;
    if ((int64_t)n > j->length - j->got)
        n = (size_t)(j->length - j->got);
    if (!take_body(k, (str){ k->in, n }))
        return fail_now(k, ERR_IO, "the body of the request could not be kept");
    use_input(k, n);
    return CONN_GO_ON;
}

static conn_step begin_body(conn *k, bool expects)
{
    job *j = k->j;
    j->limit = run_body_limit(&k->l->s->core, &j->w);
    if (j->framing == PARSE_NO_BODY)
        return dispatch(k);
    if (j->framing == PARSE_LENGTH && j->length > j->limit)
        return fail_now(k, ERR_TOO_LARGE, "the body of the request is larger than this address takes");
    j->body = buf_max(j->a, RUN_BODY_IN_MEMORY);
    k->state = CONN_BODY;
    if (expects && k->in_n == 0 && !send_continue(k))
        return CONN_CLOSE;
    return CONN_GO_ON;
}

/* --- heads --- */

static void set_request_id(loop *l, ctx *c, arena *a)
{
    buf o = buf_in(a);
    buf_add(&o, str_of(l->id_prefix));
    buf_hex_u64(&o, l->id_next++ & 0xffffffffu, 8);
    c->request_id = buf_str(&o);
}

static conn_step refuse_head(conn *k, int status, const char *why)
{
    run_refuse(&k->l->s->core, &k->j->w, status, why);
    return go_send(k);
}

static conn_step take_new_job(conn *k)
{
    loop *l = k->l;
    job *j = k->j = loop_take_job(l);
    j->k = k;
    j->started_ns = day_now_mono_ns();
    j->w.date = str_of(l->date);
    j->w.c = l->c;
    j->w.c.a = j->a;
    j->w.r.remote = str_of(k->remote);
    set_request_id(l, &j->w.c, j->a);
    return CONN_GO_ON;
}

static conn_step begin_request(conn *k, size_t head_n)
{
    loop *l = k->l;
    run_core *core = &l->s->core;
    (void)take_new_job(k);
    job *j = k->j;
    char *head = str_z(j->a, (str){ k->in, head_n });
    use_input(k, head_n);
    k->scanned = 0;
    parse_result p;
    const char *why = "";
    int status = parse_head(j->a, head, head_n, &p, &why);
    if (status != 0)
        return refuse_head(k, status, why);
    j->framing = p.framing;
    j->length = p.length;
    bool drainable = p.framing == PARSE_NO_BODY || (p.framing == PARSE_LENGTH && p.length <= CONN_DRAIN_BYTES);
    bool keep = p.keep_alive && !l->stopping;
    p.keep_alive = keep && drainable && !p.expect_continue; /* if the answer comes before the body */
    ctx c = j->w.c;
    if (!run_start(core, &j->w, &c, &p, str_of(k->remote), k->tls != NULL)) {
        if (core->rate != NULL && !j->w.rate.ok)
            loop_count(&l->counts.refused_rate, 1);
        return answer_early(k);
    }
    run_next next = run_decide(core, &j->w);
    if (next == RUN_ANSWERED)
        return answer_early(k);
    j->w.keep_alive = keep;
    j->on_worker = next == RUN_HANDLER_ON_WORKER;
    return begin_body(k, p.expect_continue);
}

static conn_step step_head(conn *k)
{
    size_t head_n = 0;
    const char *why = "";
    /* One empty line before a request is forgiven (RFC 9112 §2.2). */
    if (k->scanned == 0 && k->in_n >= 2 && k->in[0] == '\r' && k->in[1] == '\n')
        use_input(k, 2);
    if (k->in_n > 0) {
        int status = parse_find_end((str){ k->in, k->in_n }, &k->scanned, (size_t)k->l->s->core.cfg.head_bytes,
                                    &head_n, &why);
        if (status != 0) {
            (void)take_new_job(k);
            return refuse_head(k, status, why);
        }
        if (head_n > 0)
            return begin_request(k, head_n);
        if (k->timer != TIMER_HEAD)
            loop_timer(k, TIMER_HEAD);
    }
    return read_more(k);
}

/* --- the end of a request, of a connection --- */

static conn_step linger(conn *k)
{
    if (k->tls != NULL)
        tls_bye(k->tls);
    shutdown(k->fd, SHUT_WR);
    k->state = CONN_LINGER;
    k->in_n = 0;
    loop_timer(k, TIMER_LINGER);
    return CONN_GO_ON;
}

static conn_step request_finished(conn *k)
{
    server_finished(k);
    bool keep = k->j->w.keep_alive && !k->hung;
    loop_give_job(k->l, k->j);
    k->j = NULL;
    k->state = CONN_HEAD;
    k->scanned = 0;
    if (!keep)
        return linger(k);
    loop_timer(k, TIMER_IDLE);
    return CONN_GO_ON;
}

/* Reads away what the client still sends, so that its kernel does not throw away our answer (a close
 * with unread bytes is a reset). */
static conn_step step_linger(conn *k)
{
    k->in_n = 0;
    return read_more(k);
}

static conn_step step_send(conn *k)
{
    conn_step s = send_some(k);
    return s == CONN_GO_ON && k->state == CONN_SEND ? request_finished(k) : s;
}

static conn_step step(conn *k)
{
    switch (k->state) {
    case CONN_HEAD:
        return step_head(k);
    case CONN_BODY:
        return step_body(k);
    case CONN_SEND:
        return step_send(k);
    case CONN_LINGER:
        return step_linger(k);
    default:
        return CONN_WAIT;
    }
}

void conn_drive(conn *k)
{
    if (k->state == CONN_DEAD)
        return;
    conn_step s = CONN_GO_ON;
    for (int i = 0; i < BUDGET && s == CONN_GO_ON; i++)
        s = step(k);
    if (s == CONN_CLOSE) {
        conn_close(k);
        return;
    }
    if (k->in_n > 0 || k->own != NULL)
        keep_input(k, 0);
    if (s == CONN_GO_ON)
        loop_ready(k);
}

void conn_back_from_worker(conn *k)
{
    job *j = k->j;
    if (k->state == CONN_DEAD) { /* the client left meanwhile */
        loop_give_job(k->l, j);
        k->j = NULL;
        k->l->open--;
        k->dead_next = k->l->dead;
        k->l->dead = k;
        return;
    }
    k->state = CONN_SEND;
    if (!j->is_piece)
        k->sent_head = 0;
    k->sent_body = 0;
    loop_timer(k, TIMER_WRITE);
    conn_drive(k);
}

void conn_timed_out(conn *k)
{
    int left = 0;
    switch (k->timer) {
    case TIMER_HEAD:
        (void)take_new_job(k);
        (void)refuse_head(k, 408, "the head of the request took too long");
        conn_drive(k);
        return;
    case TIMER_BODY:
        k->j->w.keep_alive = false;
        if (!k->j->drain)
            run_refuse(&k->l->s->core, &k->j->w, 408, "the body of the request took too long");
        (void)go_send(k);
        conn_drive(k);
        return;
    case TIMER_WRITE: /* slow, but moving? The kernel's queue tells. */
        if (ioctl(k->fd, SIOCOUTQ, &left) == 0 && (k->moved > 16384 || k->outq - left > 16384)) {
            loop_timer(k, TIMER_WRITE);
            k->outq = left;
            return;
        }
        break;
    default:
        break;
    }
    conn_close(k);
}

void conn_run_job(void *app, ctx *c, void *arg)
{
    struct http_server *s = app;
    job *j = arg;
    struct db *db = j->w.c.db;
    j->w.c.db = c->db;
    j->w.c.site = c->site;
    if (j->is_piece) {
        arena_reset(j->pieces);
        j->piece_ok = run_piece(&j->w, j->pieces, &j->w.body, &j->piece_more);
    } else {
        run_handler(&s->core, &j->w);
    }
    j->w.c.db = db;
    loop_done(j);
}
