#include <setjmp.h>
#include <stdarg.h>

#include "kit/table/csv.h"
#include "kit/text/input.h"

#include <cmocka.h>

/* Real files: what is found in each is compared with tests/table/golden/csv.tsv, which people have read line by line.
 * OPENSHELF_GOLDEN=write writes it anew (read the difference before it is committed); the files are in ../shared/corpus. */
#define GOLDEN "tests/table/golden/csv.tsv"
#define CORPUS "../shared/corpus/"

typedef struct {
    buf titles;
    map counts;
    arena *a;
    uint64_t rows, cells;
} seen;

static void add_text(buf *b, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        const char *at = memchr("\n\r\t\\|\0", s.p[i], 6);
        if (at == NULL) {
            buf_byte(b, s.p[i]);
        } else {
            buf_byte(b, '\\');
            buf_byte(b, "nrt\\|0"[at - "\n\r\t\\|\0"]);
        }
    }
}

static bool on_begin(ctx *c, void *to, const table_head *h)
{
    (void)c;
    seen *s = to;
    for (size_t k = 0; k < h->col_count && k < 4; k++) {
        if (k > 0)
            buf_byte(&s->titles, '|');
        add_text(&s->titles, utf8_cut_chars(h->cols[k].title, 24));
        if (!str_empty(h->cols[k].second)) {
            buf_add(&s->titles, S(" = "));
            add_text(&s->titles, utf8_cut_chars(h->cols[k].second, 24));
        }
    }
    return true;
}

static bool on_block(ctx *c, void *to, const table_block *b)
{
    (void)c;
    seen *s = to;
    assert_int_equal(b->first_row, s->rows + 1);
    assert_true(b->rows > 0 && b->rows <= TABLE_BLOCK_ROWS);
    s->rows += b->rows;
    for (size_t i = 0; i < b->rows * b->cols; i++) {
        assert_true(utf8_valid(b->cells[i], NULL));
        s->cells += b->cells[i].p != NULL;
    }
    return true;
}

static bool on_finding(ctx *c, void *to, const table_finding *f)
{
    (void)c;
    seen *s = to;
    str code = str_dup(s->a, str_of(f->code));
    map_set_i64(&s->counts, code, map_i64(&s->counts, code, 0) + (int64_t)f->count);
    return true;
}

static bool on_end(ctx *c, void *to)
{
    (void)c;
    return to != NULL;
}

static const char *sep_name(char sep)
{
    return sep == ',' ? "comma" : sep == '\t' ? "tab" : sep == ';' ? "semicolon" : sep == '|' ? "pipe" : sep == ':' ? "colon" : "other";
}

static void describe(ctx *c, str path, str bytes, buf *out)
{
    seen s = { .titles = buf_in(c->a), .counts = map_in(c->a), .a = c->a };
    table_sink sink = { .to = &s, .begin = on_begin, .block = on_block, .finding = on_finding, .end = on_end };
    source src = source_memory(bytes, S("text"));
    csv_declared said = { .window = 65536 };
    csv_found f;
    buf_fmt(out, "%.*s\t", S_ARG(path));
    if (!csv_read(c, &src, &said, &sink, &f)) {
        buf_fmt(out, "refused\t%.*s\n", S_ARG(c->err.message));
        return;
    }
    assert_int_equal(s.rows, f.rows);
    buf_fmt(out, "%s\t%s\t%s\t%s\t%zu\t%zu\t%zu\t%zu\t%" PRIu64 "\t%" PRIu64 "\t%.*s\t", f.charset.name, charset_rule_name(f.charset.rule),
            sep_name(f.dialect.sep), f.dialect.escape != 0 ? "escape" : f.dialect.quote == '"' ? "double" : f.dialect.quote == '\'' ? "single" : "none",
            f.notes_rows, f.header_rows, f.foot_rows, f.cols, f.rows, s.cells, S_ARG(buf_str(&s.titles)));
    for (size_t i = 0; i < s.counts.n; i++)
        buf_fmt(out, "%s%.*s=%" PRId64, i > 0 ? " " : "", S_ARG(s.counts.items[i].key), s.counts.items[i].i);
    buf_byte(out, '\n');
}

static bool describe_file(str path, buf *out, arena *a)
{
    ctx c = { .a = arena_new(1 << 16) };
    input *in;
    str bytes;
    bool ok = input_open(&c, str_cat(c.a, S(CORPUS), path), &in);
    if (ok) {
        ok = input_rest(&c, in, (size_t)64 << 20, &bytes);
        input_close(in);
    }
    if (ok) {
        buf line = buf_in(c.a);
        describe(&c, path, bytes, &line);
        buf_add(out, buf_str(&line));
    }
    (void)a;
    arena_free(c.a);
    return ok;
}

static void real_files_are_read_as_people_read_them(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(1 << 16) };
    if (!file_is_dir(&c, S(CORPUS))) {
        print_message("no ../shared/corpus: skipped\n");
        arena_free(c.a);
        skip();
    }
    str golden, rest, line, path;
    assert_true(file_read(&c, S(GOLDEN), (size_t)4 << 20, &golden));
    const char *mode = getenv("OPENSHELF_GOLDEN");
    buf all = buf_in(c.a);
    size_t files = 0, wrong = 0;
    for (rest = golden; str_next(&rest, '\n', &line) && line.n > 0;) {
        if (line.p[0] == '#') {
            buf_fmt(&all, "%.*s\n", S_ARG(line));
            continue;
        }
        size_t from = all.n;
        path = str_sub(line, 0, str_find_byte(line, '\t'));
        assert_true(describe_file(path, &all, c.a));
        str now = { all.p + from, all.n - from - 1 };
        files++;
        if (!str_eq(now, line)) {
            wrong++;
            print_message("golden: %.*s\n   now: %.*s\n", S_ARG(line), S_ARG(now));
        }
    }
    if (mode != NULL && strcmp(mode, "write") == 0)
        assert_true(file_write(&c, S(GOLDEN), buf_str(&all)));
    else
        assert_int_equal(wrong, 0);
    assert_true(files >= 150);
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(real_files_are_read_as_people_read_them) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
