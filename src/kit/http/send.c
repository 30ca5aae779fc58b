/* send — an answer goes out: head and body from memory in one call, then a
 * file by sendfile, or a stream piece by piece, each asked for only when the
 * one before is out. */
#include "kit/http/conn.h"

#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILE_STEP ((int64_t)1 << 20)   /* others get their turn between */

static conn_step blocked(conn *k)
{
    k->writable = false;
    if (k->timer != TIMER_WRITE || k->moved > 65536) {
        loop_timer(k, TIMER_WRITE);
        k->outq = 0;
        (void)ioctl(k->fd, SIOCOUTQ, &k->outq);
    }
    return CONN_WAIT;
}

/* The whole of both or as much as goes; TLS takes them joined when they are short. */
static ssize_t send_two(conn *k, str head, str body)
{
    if (k->tls == NULL) {
        struct iovec v[2] = { { (void *)(uintptr_t)head.p, head.n }, { (void *)(uintptr_t)body.p, body.n } };
        struct msghdr m = { .msg_iov = head.n > 0 ? v : v + 1, .msg_iovlen = head.n > 0 && body.n > 0 ? 2 : 1 };
        return sendmsg(k->fd, &m, MSG_NOSIGNAL);
    }
    if (head.n == 0)
        return tls_write(k->tls, body.p, body.n);
    if (body.n == 0 || head.n > 8192)
        return tls_write(k->tls, head.p, head.n);
    char joined[16384];
    size_t n = body.n < sizeof joined - head.n ? body.n : sizeof joined - head.n;
    memcpy(joined, head.p, head.n);
    memcpy(joined + head.n, body.p, n);
    return tls_write(k->tls, joined, head.n + n);
}

static void account(conn *k, size_t n, str head)
{
    size_t of_head = head.n < n ? head.n : n;
    k->sent_head += of_head;
    k->sent_body += n - of_head;
    k->moved += (int64_t)n;
    k->j->bytes_out += (int64_t)n;
}

static conn_step send_memory(conn *k)
{
    run_work *w = &k->j->w;
    for (;;) {
        str head = str_from(w->head, k->sent_head), body = str_from(w->body, k->sent_body);
        if (head.n + body.n == 0)
            return CONN_GO_ON;
        ssize_t n = send_two(k, head, body);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? blocked(k) : CONN_CLOSE;
        account(k, (size_t)n, head);
    }
}

static ssize_t send_file_bytes(conn *k, run_work *w, int64_t most)
{
    off_t at = w->fd_from;
    if (k->tls == NULL)
        return sendfile(k->fd, w->fd, &at, (size_t)most);
    char piece[16384];
    ssize_t n = pread(w->fd, piece, (size_t)most < sizeof piece ? (size_t)most : sizeof piece, at);
    return n <= 0 ? n : tls_write(k->tls, piece, (size_t)n);
}

static conn_step send_file(conn *k)
{
    run_work *w = &k->j->w;
    for (int64_t step = 0; w->fd_bytes > 0 && step < FILE_STEP;) {
        ssize_t n = send_file_bytes(k, w, w->fd_bytes < FILE_STEP ? w->fd_bytes : FILE_STEP);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return blocked(k);
        if (n <= 0) /* the file became shorter than was promised: only a cut tells the client */
            return CONN_CLOSE;
        w->fd_from += n;
        w->fd_bytes -= n;
        step += n;
        k->moved += n;
        k->j->bytes_out += n;
    }
    return CONN_GO_ON;
}

/* A cut that nobody takes for the end: a reset, not an orderly close. */
static conn_step cut(conn *k)
{
    struct linger now = { .l_onoff = 1 };
    (void)setsockopt(k->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    return CONN_CLOSE;
}

static conn_step next_piece(conn *k)
{
    job *j = k->j;
    run_work *w = &j->w;
    if (j->is_piece && !j->piece_ok)
        return cut(k);
    if (j->is_piece && !j->piece_more)
        return CONN_GO_ON;
    if (j->pieces == NULL)
        j->pieces = arena_new(65536);
    j->is_piece = true;
    w->head = w->body = (str){ 0 };
    k->sent_head = k->sent_body = 0;
    if (j->on_worker) {
        k->state = CONN_WORK;
        loop_timer(k, TIMER_NONE);
        if (workers_add(k->l->s->pool, j))
            return CONN_WAIT;
        k->state = CONN_SEND; /* the queue is full: what was begun goes on as soon as there is room */
        j->piece_ok = j->piece_more = true;
        loop_timer(k, TIMER_WRITE);
        loop_ready(k);
        return CONN_WAIT;
    }
    arena_reset(j->pieces);
    j->piece_ok = run_piece(w, j->pieces, &w->body, &j->piece_more);
    loop_ready(k); /* one piece, then the others */
    return CONN_WAIT;
}

conn_step send_some(conn *k)
{
    run_work *w = &k->j->w;
    if (!k->writable)
        return CONN_WAIT;
    conn_step s = send_memory(k);
    if (s != CONN_GO_ON)
        return s;
    if (w->fd > 0 && w->fd_bytes > 0) {
        s = send_file(k);
        if (s != CONN_GO_ON)
            return s;
        if (w->fd_bytes > 0) {
            loop_ready(k);
            return CONN_WAIT;
        }
    }
    return w->streams ? next_piece(k) : CONN_GO_ON;
}

bool send_continue(conn *k)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    ssize_t n = k->tls != NULL ? tls_write(k->tls, text, sizeof text - 1)
                               : send(k->fd, text, sizeof text - 1, MSG_NOSIGNAL);
    return n == (ssize_t)(sizeof text - 1);
}
