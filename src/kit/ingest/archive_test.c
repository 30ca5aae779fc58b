/* Archives other than zip, made here: what is read of them, and what hostile ones come to. */
#include "kit/ingest/ingest.h"
#include "kit/table/collect_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <locale.h>
#include <archive.h>
#include <archive_entry.h>

typedef struct {
    const char *name;
    str bytes;
    const char *link;                   /* a hard link to it instead of bytes */
} packed;

static la_ssize_t to_buf(struct archive *a, void *to, const void *p, size_t n)
{
    (void)a;
    buf_add(to, (str){ p, n });
    return (la_ssize_t)n;
}

static str packed_as(ctx *c, int (*format)(struct archive *), int (*filter)(struct archive *), const packed *v)
{
    buf b = buf_max(c->a, (size_t)256 << 20);
    struct archive *a = archive_write_new();
    assert_int_equal(format(a), ARCHIVE_OK);
    if (filter != NULL)
        assert_int_equal(filter(a), ARCHIVE_OK);
    archive_write_set_bytes_in_last_block(a, 1);
    /* 7z needs to go back in what it writes: it does so in a file of its own. */
    assert_int_equal(archive_write_open(a, &b, NULL, to_buf, NULL), ARCHIVE_OK);
    for (; v->name != NULL; v++) {
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname_utf8(e, v->name);
        archive_entry_set_filetype(e, AE_IFREG);
        archive_entry_set_perm(e, 0644);
        archive_entry_set_size(e, (int64_t)v->bytes.n);
        if (v->link != NULL)
            archive_entry_set_hardlink(e, v->link);
        assert_true(archive_write_header(a, e) >= ARCHIVE_WARN);
        if (v->bytes.n > 0)
            assert_int_equal(archive_write_data(a, v->bytes.p, v->bytes.n), (la_ssize_t)v->bytes.n);
        archive_entry_free(e);
    }
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
    return buf_str(&b);
}

static bool read_bytes(ctx *c, str bytes, collected *k)
{
    auto_fd scratch = collect_file((str){ 0 });
    source s = source_memory(bytes, S("file"));
    ingest_found f;
    table_sink sink = collect_into(k, c->a, 5);
    return ingest_read(c, &s, &(ingest_options){ .scratch = scratch }, &sink, &f);
}

static void reads(str bytes, const char *expected)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    if (!read_bytes(&c, bytes, &k))
        fail_msg("%.*s", S_ARG(c.err.message));
    assert_string_equal(str_z(c.a, buf_str(&k.out)), expected);
    arena_free(c.a);
}

static void refuses(str bytes, err_code code, const char *part)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    assert_false(read_bytes(&c, bytes, &k));
    if (c.err.code != code || !str_has(c.err.message, str_of(part)))
        fail_msg("%d %.*s", (int)c.err.code, S_ARG(c.err.message));
    arena_free(c.a);
}

static void every_kind(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    const packed two[] = { { "stops.txt", S("a,b\n1,2\n"), NULL }, { "sub/b.json", S("[{\"k\":1},{\"k\":2}]"), NULL }, { 0 } };
    const packed one[] = { { "x", S("a,b\n1,2\n"), NULL }, { 0 } };
    const char *const both = "table stops.txt cols=2 header=1 notes=0\n= a | b\n1@2 1 | 2\nend rows=1\n"
                             "table sub/b.json cols=1 header=1 notes=0\n= k:number\n1@1 1\n2@1 2\nend rows=2\n";
    const char *const single = "table  cols=2 header=1 notes=0\n= a | b\n1@2 1 | 2\nend rows=1\n";
    int (*const filters[])(struct archive *) = { NULL, archive_write_add_filter_gzip, archive_write_add_filter_bzip2,
                                                 archive_write_add_filter_xz, archive_write_add_filter_zstd };
    for (size_t i = 0; i < array_len(filters); i++) {
        reads(packed_as(&c, archive_write_set_format_ustar, filters[i], two), both);
        reads(packed_as(&c, archive_write_set_format_pax, filters[i], two), both);
        if (filters[i] != NULL)
            reads(packed_as(&c, archive_write_set_format_raw, filters[i], one), single);
    }
    reads(packed_as(&c, archive_write_set_format_7zip, NULL, two), both);
    arena_free(c.a);
}

static void names(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    const packed v[] = { { "站.csv", S("a\n1\n"), NULL }, { "../../etc/passwd.csv", S("a\n1\n"), NULL }, { "/abs.csv", S("a\n1\n"), NULL },
                         { "link.csv", { 0 }, "站.csv" }, { "__MACOSX/._x.csv", S("a\n1\n"), NULL }, { "z.csv", S("a\n2\n"), NULL }, { 0 } };
    const char *const expected = "table 站.csv cols=1 header=1 notes=0\n= a\n1@2 1\nend rows=1\n"
                                 "table z.csv cols=1 header=1 notes=0\n= a\n! member_outside count=1 ../../etc/passwd.csv\n"
                                 "! member_outside count=1 /abs.csv\n1@2 2\nend rows=1\n";
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before = uselocale(utf8);     /* of the writer; the reader brings its own */
    str seven = packed_as(&c, archive_write_set_format_7zip, NULL, (const packed[]){ v[0], v[1], v[2], v[5], { 0 } });
    str tar = packed_as(&c, archive_write_set_format_pax, NULL, v);
    uselocale(before);
    freelocale(utf8);
    reads(tar, expected);
    reads(seven, expected);
    arena_free(c.a);
}

static void hostile(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    size_t n = (size_t)24 << 20;
    char *blank = mem_get(n);
    memset(blank, 'a', n);
    const packed large[] = { { "a.csv", { blank, n }, NULL }, { 0 } };
    refuses(packed_as(&c, archive_write_set_format_raw, archive_write_add_filter_gzip, large), ERR_TOO_LARGE, "zip bomb");
    refuses(packed_as(&c, archive_write_set_format_ustar, archive_write_add_filter_xz, large), ERR_TOO_LARGE, "zip bomb");
    refuses(packed_as(&c, archive_write_set_format_raw, archive_write_add_filter_zstd, large), ERR_TOO_LARGE, "zip bomb");
    refuses(packed_as(&c, archive_write_set_format_7zip, NULL, large), ERR_TOO_LARGE, "zip bomb");
    mem_free(blank);

    packed many[INGEST_MEMBERS_MAX + 2] = { { 0 } };
    for (size_t i = 0; i <= INGEST_MEMBERS_MAX; i++)
        many[i] = (packed){ str_z(c.a, str_fmt(c.a, "%zu.csv", i)), S("a\n1\n"), NULL };
    refuses(packed_as(&c, archive_write_set_format_ustar, NULL, many), ERR_TOO_LARGE, "more than 4096 files");

    const packed csv[] = { { "a.csv", S("a\n1\n"), NULL }, { 0 } };
    str once = packed_as(&c, archive_write_set_format_ustar, archive_write_add_filter_gzip, csv);
    const packed in[] = { { "in.tgz", once, NULL }, { 0 } };
    str twice = packed_as(&c, archive_write_set_format_7zip, NULL, in);
    const packed in_in[] = { { "in.7z", twice, NULL }, { 0 } };
    reads(twice, "table in.tgz/a.csv cols=1 header=1 notes=0\n= a\n1@2 1\nend rows=1\n");
    refuses(packed_as(&c, archive_write_set_format_ustar, NULL, in_in), ERR_INVALID, "archive in an archive");

    refuses(str_sub(once, 0, once.n / 2), ERR_INVALID, "cut off");
    refuses(str_sub(twice, 0, twice.n / 2), ERR_INVALID, "cut off");
    refuses(S("\x1f\x8b"), ERR_INVALID, "");
    refuses(S("7z\xbc\xaf\x27\x1c"), ERR_INVALID, "");
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_kind), cmocka_unit_test(names), cmocka_unit_test(hostile) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
