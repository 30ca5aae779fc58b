#include "kit/http/tls.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

struct tls {
    SSL_CTX *ctx;
};

struct tls_conn {
    SSL *ssl;
};

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in,
                           unsigned in_n, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    (void)ssl;
    (void)arg;
    unsigned char *got = NULL;
    if (SSL_select_next_proto(&got, out_n, ours, sizeof ours - 1, in, in_n) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = got;
    return SSL_TLSEXT_ERR_OK;
}

static bool tls_fail(ctx *c, const char *what, str path)
{
    char why[160];
    ERR_error_string_n(ERR_get_error(), why, sizeof why);
    ERR_clear_error();
    return fail(c, IO, "%s “%.*s”: %s", what, S_ARG(path), why);
}

bool tls_open(ctx *c, str cert_path, str key_path, tls **out)
{
    tls *t = mem_get(sizeof *t);
    t->ctx = SSL_CTX_new(TLS_server_method());
    must(t->ctx != NULL);
    SSL_CTX_set_min_proto_version(t->ctx, TLS1_2_VERSION);
    SSL_CTX_set_options(t->ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(t->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                                 | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(t->ctx, choose_protocol, NULL);
    bool ok = true;
    if (SSL_CTX_use_certificate_chain_file(t->ctx, str_z(c->a, cert_path)) != 1)
        ok = tls_fail(c, "cannot read the certificate", cert_path);
    else if (SSL_CTX_use_PrivateKey_file(t->ctx, str_z(c->a, key_path), SSL_FILETYPE_PEM) != 1)
        ok = tls_fail(c, "cannot read the private key, or it does not belong to the certificate:", key_path);
    *out = t;
    if (!ok) {
        tls_close(t);
        *out = NULL;
    }
    return ok;
}

void tls_close(tls *t)
{
    if (t == NULL)
        return;
    SSL_CTX_free(t->ctx);
    mem_free(t);
}

tls_conn *tls_conn_new(tls *t, int fd)
{
    tls_conn *k = mem_get(sizeof *k);
    k->ssl = SSL_new(t->ctx);
    must(k->ssl != NULL && SSL_set_fd(k->ssl, fd) == 1);
    SSL_set_accept_state(k->ssl);
    return k;
}

void tls_conn_free(tls_conn *k)
{
    if (k == NULL)
        return;
    SSL_free(k->ssl);
    mem_free(k);
}

static ssize_t result(tls_conn *k, int r)
{
    if (r > 0)
        return r;
    int why = SSL_get_error(k->ssl, r);
    ERR_clear_error();
    if (why == SSL_ERROR_ZERO_RETURN)
        return 0;
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
    return -1;
}

ssize_t tls_read(tls_conn *k, void *p, size_t n)
{
    return result(k, SSL_read(k->ssl, p, n > INT_MAX ? INT_MAX : (int)n));
}

ssize_t tls_write(tls_conn *k, const void *p, size_t n)
{
    return result(k, SSL_write(k->ssl, p, n > INT_MAX ? INT_MAX : (int)n));
}

void tls_bye(tls_conn *k)
{
    (void)SSL_shutdown(k->ssl);
    ERR_clear_error();
}
