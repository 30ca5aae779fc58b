#include "kit/source/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>

#define PIECE ((size_t)65536)

struct unpack {
    ctx     *c;                         /* of the call that is running: libarchive calls back */
    const source *s;
    struct archive *a;
    locale_t names;
    uint64_t at, taken, given, member, max_bytes;   /* taken: packed bytes read; given: unpacked so far; member: of this one */
    char     piece[PIECE];
};

static la_ssize_t on_read(struct archive *a, void *to, const void **bytes)
{
    unpack *u = to;
    size_t got;
    (void)a;
    if (!source_some(u->c, u->s, u->at, u->piece, PIECE, &got))
        return ARCHIVE_FATAL;
    u->at += got;
    u->taken += got;
    *bytes = u->piece;
    return (la_ssize_t)got;
}

static la_int64_t on_seek(struct archive *a, void *to, la_int64_t by, int from)
{
    unpack *u = to;
    (void)a;
    int64_t start = from == SEEK_CUR ? (int64_t)u->at : from == SEEK_END ? (int64_t)u->s->size : 0, place;
    if (__builtin_add_overflow(start, by, &place) || place < 0 || (uint64_t)place > u->s->size)
        return ARCHIVE_FATAL;
    u->at = (uint64_t)place;
    return place;
}

static la_int64_t on_skip(struct archive *a, void *to, la_int64_t by)
{
    unpack *u = to;
    (void)a;
    uint64_t left = u->s->size - u->at, n = by < 0 ? 0 : (uint64_t)by < left ? (uint64_t)by : left;
    u->at += n;
    return (la_int64_t)n;
}

static bool damaged(ctx *c, const unpack *u)
{
    const char *why = archive_error_string(u->a);
    if (c->err.code != ERR_OK)
        return false;
    if (archive_errno(u->a) == ENOMEM)
        return fail(c, TOO_LARGE, "“%.*s” needs more memory to unpack than a file is given: pack it with a smaller dictionary", S_ARG(u->s->name));
    return fail(c, INVALID, "“%.*s” cannot be unpacked, as if it were damaged, cut off or locked: %s", S_ARG(u->s->name),
                why != NULL ? why : "no reason is known");
}

/* Formats and filters by name: “all” would take in some that start programs. */
static bool choose(struct archive *a)
{
    return archive_read_support_filter_gzip(a) == ARCHIVE_OK && archive_read_support_filter_bzip2(a) == ARCHIVE_OK
        && archive_read_support_filter_xz(a) == ARCHIVE_OK && archive_read_support_filter_zstd(a) == ARCHIVE_OK
        && archive_read_support_format_7zip(a) == ARCHIVE_OK && archive_read_support_format_tar(a) == ARCHIVE_OK
        && archive_read_support_format_raw(a) == ARCHIVE_OK && archive_read_support_format_empty(a) == ARCHIVE_OK;
}

bool unpack_open(ctx *c, const source *s, uint64_t max_bytes, unpack **out)
{
    unpack *u = mem_get(sizeof *u);
    *out = u;
    u->c = c;
    u->s = s;
    u->max_bytes = max_bytes;
    /* Names in 7z are UTF-16 and become what the thread's locale writes: UTF-8. Without that locale they are told by number. */
    u->names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    u->a = archive_read_new();
    if (u->a == NULL || !choose(u->a))
        return fail(c, INTERNAL, "the reader of archives cannot start");
    archive_read_set_read_callback(u->a, on_read);
    archive_read_set_seek_callback(u->a, on_seek);
    archive_read_set_skip_callback(u->a, on_skip);
    archive_read_set_callback_data(u->a, u);
    return archive_read_open1(u->a) == ARCHIVE_OK || damaged(c, u);
}

bool unpack_next(ctx *c, unpack *u, unpack_member *m, bool *more)
{
    struct archive_entry *e;
    u->c = c;
    locale_t before = u->names != (locale_t)0 ? uselocale(u->names) : (locale_t)0;
    int rc = archive_read_next_header(u->a, &e);
    const char *name = rc == ARCHIVE_OK || rc == ARCHIVE_WARN ? archive_entry_pathname(e) : NULL;
    if (before != (locale_t)0)
        uselocale(before);
    *m = (unpack_member){ 0 };
    *more = rc != ARCHIVE_EOF;
    u->member = 0;
    if (rc == ARCHIVE_EOF)
        return true;
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
        return damaged(c, u);
    bool raw = archive_format(u->a) == ARCHIVE_FORMAT_RAW;
    while (name != NULL && name[0] == '.' && name[1] == '/')
        name += 2;                      /* as tar writes the members of “.” */
    m->name = raw ? (str){ 0 } : name != NULL && name[0] != 0 ? str_of(name) : S("file without a name");
    m->file = archive_entry_filetype(e) == AE_IFREG && archive_entry_hardlink(e) == NULL;
    m->locked = archive_entry_is_data_encrypted(e) != 0;
    return true;
}

static bool read_member(ctx *c, void *from, void *to, size_t room, size_t *got)
{
    unpack *u = from;
    u->c = c;
    la_ssize_t n = archive_read_data(u->a, to, room);
    *got = n > 0 ? (size_t)n : 0;
    if (n < 0)
        return damaged(c, u);
    u->member += *got;
    u->given += *got;
    if (u->member > u->max_bytes)
        return fail(c, TOO_LARGE, "a file in “%.*s” unpacks to more than %" PRIu64 " bytes", S_ARG(u->s->name), u->max_bytes);
    return u->given <= UNPACK_RATIO_FROM || u->given / UNPACK_RATIO_MAX <= u->taken
        || fail(c, TOO_LARGE, "“%.*s” is refused: it unpacks to more than %d times its size, as in a zip bomb", S_ARG(u->s->name),
                UNPACK_RATIO_MAX);
}

byte_in unpack_bytes(unpack *u)
{
    return (byte_in){ .from = u, .read = read_member };
}

void unpack_close(unpack *u)
{
    if (u == NULL)
        return;
    if (u->a != NULL)
        archive_read_free(u->a);
    if (u->names != (locale_t)0)
        freelocale(u->names);
    mem_free(u);
}
