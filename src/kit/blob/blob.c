#include "kit/blob/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PIECE 65536

/* Looked up once: EVP_sha256() would be looked up, under a lock, with every text that is hashed. */
static EVP_MD *sha256;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

static void sha256_find(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    must(sha256 != NULL);
}

void blob_sha256(str bytes, unsigned char out[32])
{
    unsigned int n = 32;
    must(pthread_once(&sha256_once, sha256_find) == 0);
    must(EVP_Digest(bytes.n > 0 ? bytes.p : "", bytes.n, out, &n, sha256, NULL) == 1);
}

struct blob_hash {
    EVP_MD_CTX *h;
};

static void to_hex(const unsigned char raw[32], char hex[65])
{
    for (int i = 0; i < 32; i++) {
        hex[2 * i] = "0123456789abcdef"[raw[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[raw[i] & 15];
    }
    hex[64] = 0;
}

blob_hash *blob_hash_new(void)
{
    blob_hash *b = mem_get(sizeof *b);
    b->h = EVP_MD_CTX_new();
    must(b->h != NULL && EVP_DigestInit_ex(b->h, EVP_sha256(), NULL) == 1);
    return b;
}

void blob_hash_add(blob_hash *b, str bytes)
{
    if (bytes.n > 0)
        must(EVP_DigestUpdate(b->h, bytes.p, bytes.n) == 1);
}

void blob_hash_end(blob_hash *b, char hex[65])
{
    unsigned char raw[32];
    must(EVP_DigestFinal_ex(b->h, raw, NULL) == 1);
    to_hex(raw, hex);
    EVP_MD_CTX_free(b->h);
    mem_free(b);
}

str blob_path(arena *a, str store, str hex)
{
    must(hex.n == 64);
    return str_fmt(a, "%.*s/%.2s/%.62s", S_ARG(store), hex.p, hex.p + 2);
}

/* Hashes what is read from fd; copies it to `to` when that is ≥ 0. */
static bool digest(ctx *c, int fd, int to, blob_id *out)
{
    blob_hash *h = blob_hash_new();
    char *piece = arena_get(c->a, PIECE);
    *out = (blob_id){ 0 };
    bool ok = true;
    for (;;) {
        ssize_t n = read(fd, piece, PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            ok = n == 0 || fail(c, IO, "reading the bytes to keep failed: %s", strerrordesc_np(errno));
            break;
        }
        blob_hash_add(h, (str){ piece, (size_t)n });
        out->bytes += n;
        if (to >= 0 && !file_put(to, (str){ piece, (size_t)n })) {
            ok = fail(c, IO, "writing a blob failed: %s", strerrordesc_np(errno));
            break;
        }
    }
    blob_hash_end(h, out->hex);
    return ok;
}

static bool settle(ctx *c, str store, const char *aside, int fd, const blob_id *id)
{
    str hex = str_of(id->hex);
    str path = blob_path(c->a, store, hex);
    if (file_exists(c, path)) {
        blob_touch(c, store, hex);
        unlink(aside);
        return true;
    }
    if (fchmod(fd, 0444) != 0 || fsync(fd) != 0)
        return fail(c, IO, "writing a blob failed: %s", strerrordesc_np(errno));
    str folder = str_fmt(c->a, "%.*s/%.2s", S_ARG(store), id->hex);
    if (!file_make_dir(c, folder))
        return false;
    if (rename(aside, str_z(c->a, path)) != 0)
        return fail(c, IO, "writing a blob failed: %s", strerrordesc_np(errno));
    auto_fd kept = open(str_z(c->a, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);      /* its new name outlives a loss of power, too */
    return (kept >= 0 && fsync(kept) == 0) || fail(c, IO, "writing a blob failed: %s", strerrordesc_np(errno));
}

static bool keep_fd(ctx *c, str store, int from, blob_id *out)
{
    if (!file_make_dir(c, store))
        return false;
    char *aside = str_z(c->a, str_fmt(c->a, "%.*s/new.XXXXXX", S_ARG(store)));
    auto_fd to = mkostemp(aside, O_CLOEXEC);
    if (to < 0)
        return fail(c, IO, "cannot write into “%.*s”: %s", S_ARG(store), strerrordesc_np(errno));
    if (digest(c, from, to, out) && settle(c, store, aside, to, out))
        return true;
    unlink(aside);
    return false;
}

bool blob_keep_file(ctx *c, str store, str path, blob_id *out)
{
    auto_fd fd = file_open(c, path);
    return fd >= 0 && keep_fd(c, store, fd, out);
}

bool blob_name_file(ctx *c, str path, blob_id *out)
{
    auto_fd fd = file_open(c, path);
    return fd >= 0 && digest(c, fd, -1, out);
}

bool blob_adopt_file(ctx *c, str store, str path, blob_id *out)
{
    auto_fd fd = file_open(c, path);
    return fd >= 0 && digest(c, fd, -1, out) && settle(c, store, str_z(c->a, path), fd, out);
}

bool blob_keep(ctx *c, str store, str bytes, blob_id *out)
{
    unsigned char raw[32];
    blob_sha256(bytes, raw);
    to_hex(raw, out->hex);
    out->bytes = (int64_t)bytes.n;
    str path = blob_path(c->a, store, str_of(out->hex));
    if (file_exists(c, path)) {
        blob_touch(c, store, str_of(out->hex));
        return true;
    }
    return file_make_dir(c, str_fmt(c->a, "%.*s/%.2s", S_ARG(store), out->hex)) && file_write(c, path, bytes);
}

bool blob_check(ctx *c, str store, str hex, bool *intact)
{
    str path = blob_path(c->a, store, hex);
    *intact = false;
    if (!file_exists(c, path))
        return true;
    auto_fd fd = file_open(c, path);
    blob_id id;
    if (fd < 0 || !digest(c, fd, -1, &id))
        return false;
    *intact = str_eq(str_of(id.hex), hex);
    return true;
}

static bool is_hex(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr("0123456789abcdef", s.p[i]) == NULL)
            return false;
    return true;
}

bool blob_list(ctx *c, str store, str_list *hexes)
{
    if (!file_exists(c, store))
        return true;
    str_list folders = { 0 };
    if (!file_list(c, store, &folders))
        return false;
    list_each (str, f, &folders) {
        str_list names = { 0 };
        if (f->n != 2 || !is_hex(*f))
            continue; /* a copy that a crash left half done: new.XXXXXX */
        if (!file_list(c, file_join(c->a, store, *f), &names))
            return false;
        list_each (str, n, &names)
            if (n->n == 62 && is_hex(*n))
                list_add(c->a, hexes, str_cat(c->a, *f, *n));
    }
    return true;
}

/* --- what nobody names any more --- */

void blob_touch(ctx *c, str store, str hex)
{
    (void)utimensat(AT_FDCWD, str_z(c->a, blob_path(c->a, store, hex)), NULL, 0);   /* gone: then there is nothing to keep from the sweep */
}

static void sweep_one(ctx *c, str path, int64_t older_than_s, int64_t *removed)
{
    struct stat st;
    const char *z = str_z(c->a, path);
    if (lstat(z, &st) == 0 && S_ISREG(st.st_mode) && st.st_mtime + older_than_s <= time(NULL) && unlink(z) == 0)
        ++*removed;
}

bool blob_sweep(ctx *c, str store, const map *known, int64_t older_than_s, int64_t *removed)
{
    str_list hexes = { 0 }, names = { 0 };
    *removed = 0;
    if (!file_exists(c, store))
        return true;
    if (!blob_list(c, store, &hexes) || !file_list(c, store, &names))
        return false;
    list_each (str, h, &hexes)
        if (map_get(known, *h) == NULL)
            sweep_one(c, blob_path(c->a, store, *h), older_than_s, removed);
    list_each (str, n, &names)
        if (str_starts(*n, S("new.")))
            sweep_one(c, file_join(c->a, store, *n), older_than_s, removed);
    return true;
}
