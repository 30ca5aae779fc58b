/* tls — optional TLS for the server's connections (non-blocking): with
 * blob.c's SHA-256 the only file that knows OpenSSL. TLS 1.2 and 1.3. */
#ifndef TLS_H
#define TLS_H
#include <sys/types.h>

#include "base.h"

typedef struct tls tls;
typedef struct tls_conn tls_conn;

bool tls_open(ctx *c, str cert_path, str key_path, tls **out) nodiscard;     /* PEM files */
void tls_close(tls *t);                                                       /* NULL is fine */

tls_conn *tls_conn_new(tls *t, int fd);
void      tls_conn_free(tls_conn *k);                                         /* NULL is fine; not the fd */
/* As recv and send: -1 with errno (EAGAIN: later, whichever direction it waits for); 0 at the end. */
ssize_t tls_read(tls_conn *k, void *p, size_t n);
ssize_t tls_write(tls_conn *k, const void *p, size_t n);
void    tls_bye(tls_conn *k);
#endif
