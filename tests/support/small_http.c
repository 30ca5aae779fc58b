#include "support/small_http.h"

#include "base.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

struct small_http {
    small_http_answer *answer;
    void *app;
    int listener, port, open, most;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t closed;
};
typedef struct { small_http *h; int fd; } connection;

static void count(small_http *h, int by)
{
    pthread_mutex_lock(&h->lock);
    h->open += by;
    h->most = h->open > h->most ? h->open : h->most;
    pthread_cond_signal(&h->closed);
    pthread_mutex_unlock(&h->lock);
}

static void *talk(void *data)
{
    connection k = *(connection *)data;
    char head[8192];
    ssize_t n = recv(k.fd, head, sizeof head - 1, 0);
    mem_free(data);
    head[n > 0 ? n : 0] = '\0';
    if (n > 0)
        k.h->answer(k.h->app, k.fd, head);
    shutdown(k.fd, SHUT_WR);
    close(k.fd);
    count(k.h, -1);
    return NULL;
}

static void *serve(void *data)
{
    small_http *h = data;
    for (int fd; (fd = accept4(h->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;) {
        pthread_t thread;
        connection *k = mem_get(sizeof *k);
        *k = (connection){ h, fd };
        count(h, 1);
        must(pthread_create(&thread, NULL, talk, k) == 0 && pthread_detach(thread) == 0);
    }
    return NULL;
}

small_http *small_http_start(small_http_answer *answer, void *app)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof a;
    small_http *h = mem_get(sizeof *h);
    *h = (small_http){ .answer = answer, .app = app, .lock = PTHREAD_MUTEX_INITIALIZER, .closed = PTHREAD_COND_INITIALIZER };
    h->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(h->listener >= 0 && bind(h->listener, (struct sockaddr *)&a, sizeof a) == 0 && listen(h->listener, 64) == 0);
    must(getsockname(h->listener, (struct sockaddr *)&a, &n) == 0);
    h->port = ntohs(a.sin_port);
    must(pthread_create(&h->thread, NULL, serve, h) == 0);
    return h;
}

int small_http_port(const small_http *h)
{
    return h->port;
}

int small_http_most(small_http *h)
{
    pthread_mutex_lock(&h->lock);
    int most = h->most;
    pthread_mutex_unlock(&h->lock);
    return most;
}

void small_http_stop(small_http *h)
{
    shutdown(h->listener, SHUT_RDWR);
    pthread_join(h->thread, NULL);
    close(h->listener);
    pthread_mutex_lock(&h->lock);
    while (h->open > 0)
        pthread_cond_wait(&h->closed, &h->lock);
    pthread_mutex_unlock(&h->lock);
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->closed);
    mem_free(h);
}

void small_http_say(int fd, const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        ssize_t n = send(fd, text + strlen(text) - left, left, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        left -= (size_t)n;
    }
}
