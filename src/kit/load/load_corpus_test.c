/* Real files in all formats but text: what becomes of each is compared with tests/table/golden/files.tsv, which people have
 * read line by line. OPENSHELF_GOLDEN=write writes it anew (read the difference before it is committed); the files are in
 * ../shared/corpus. Text has tests/table/golden/csv.tsv. */
#include "support/support.h"

#include "kit/load/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define GOLDEN "tests/table/golden/files.tsv"
#define CORPUS "../shared/corpus/"
#define TABLES_SHOWN 4
#define COLUMNS_SHOWN 5

static void add_text(buf *b, str s)
{
    for (size_t i = 0; i < s.n; i++)
        buf_byte(b, (unsigned char)s.p[i] < ' ' || s.p[i] == '|' ? ' ' : s.p[i]);
}

static void add_columns(ctx *c, buf *b, str path)
{
    column_file *f;
    assert_true(column_file_open(c, path, &f));
    for (size_t i = 0; i < column_file_count(f) && i < COLUMNS_SHOWN; i++) {
        const column_about *k = column_file_about(f, i);
        buf_add(b, i > 0 ? S(", ") : S(" "));
        add_text(b, utf8_cut_chars(k->title, 20));
        buf_fmt(b, ":%s", column_type_name(k->type));
    }
    column_file_close(f);
}

static void add_findings(ctx *c, buf *b, const load_table *t)
{
    map counts = map_in(c->a);
    for (size_t i = 0; i < t->findings.n; i++) {
        const table_finding *f = &t->findings.v[i].at;
        map_set_i64(&counts, str_of(f->code), map_i64(&counts, str_of(f->code), 0) + (int64_t)f->count);
    }
    for (size_t i = 0; i < counts.n; i++)
        buf_fmt(b, " %.*s=%" PRId64, S_ARG(counts.items[i].key), counts.items[i].i);
}

static void describe(ctx *c, str folder, const lexicon *words, str path, buf *b)
{
    load_result r;
    auto_fd fd = file_open(c, str_cat(c->a, S(CORPUS), path));
    assert_true(fd >= 0);
    add_text(b, path);
    if (!load_file(c, fd, file_base(path), &(load_options){ .folder = folder, .unboxed = true, .words = words }, &r)) {
        buf_add(b, S("\trefused\t"));
        add_text(b, c->err.message);
        buf_byte(b, '\n');
        return;
    }
    buf_fmt(b, "\t%s\t%s\t%zu", sniff_called(r.found.kind), r.found.encoding, r.tables.n);
    for (size_t i = 0; i < r.tables.n && i < TABLES_SHOWN; i++) {
        const load_table *t = &r.tables.v[i];
        buf_add(b, S("\t["));
        add_text(b, utf8_cut_chars(t->name, 60));
        buf_fmt(b, "] %zu+%zu %" PRIu64 "×%zu;", t->notes_rows, t->header_rows, t->rows, t->cols);
        add_columns(c, b, t->path);
        buf_byte(b, ';');
        add_findings(c, b, t);
    }
    buf_byte(b, '\n');
    load_free(c, &r);
}

static void real_files_become_what_people_see_in_them(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(1 << 16) };
    if (!file_is_dir(&c, S(CORPUS))) {
        print_message("no ../shared/corpus: skipped\n");
        arena_free(c.a);
        skip();
    }
    str golden, rest, line, places = { 0 }, terms = { 0 };
    char *folder = test_folder(c.a);
    assert_true(file_read(&c, S(GOLDEN), (size_t)4 << 20, &golden));
    assert_true(file_read(&c, S("data/places.tsv"), 1 << 20, &places) && file_read(&c, S("data/column_terms.tsv"), 1 << 20, &terms));
    lexicon *words = lexicon_new(places, terms);
    const char *mode = getenv("OPENSHELF_GOLDEN");
    buf all = buf_in(c.a);
    size_t files = 0, wrong = 0;
    for (rest = golden; str_next(&rest, '\n', &line) && line.n > 0;) {
        ctx one = { .a = arena_new(1 << 16) };
        size_t from = all.n;
        if (line.p[0] == '#') {
            buf_fmt(&all, "%.*s\n", S_ARG(line));
        } else {
            describe(&one, str_of(folder), words, str_sub(line, 0, str_find_byte(line, '\t')), &all);
            str now = { all.p + from, all.n - from - 1 };
            files++;
            if (!str_eq(now, line) && wrong++ < 20)
                print_message("was: %.*s\nis:  %.*s\n", S_ARG(line), S_ARG(now));
        }
        arena_free(one.a);
    }
    rmdir(folder);
    if (mode != NULL && strcmp(mode, "write") == 0)
        assert_true(file_write(&c, S(GOLDEN), buf_str(&all)));
    else
        assert_int_equal(wrong, 0);
    assert_true(files >= 150);
    lexicon_free(words);
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(real_files_become_what_people_see_in_them) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
