/* small_http — an HTTP server of a test on loopback: the test writes the whole answer itself, also a wrong one. A thread a
 * connection; one request each. */
#ifndef SMALL_HTTP_H
#define SMALL_HTTP_H

typedef struct small_http small_http;
/* `head`: the request's, with method and target. What is written is what the client gets; then the connection is closed. */
typedef void small_http_answer(void *app, int fd, const char *head);

small_http *small_http_start(small_http_answer *answer, void *app);        /* ends the test when it cannot */
int         small_http_port(const small_http *h);
int         small_http_most(small_http *h);         /* connections that were open at the same time */
void        small_http_stop(small_http *h);
void        small_http_say(int fd, const char *text);
#endif
