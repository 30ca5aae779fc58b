/* A table of two segments in which every form of column occurs, with every byte of either changed in turn: a question,
 * each time one of several kinds, is answered as before or refused as damaged, and never answered wrongly. */
#include "kit/query/query.h"
#include "kit/table/column_make_test.h"

enum { ROWS = 48, COLS = 7, SEGMENTS = 2, SMALL_MEMORY = 4096, KINDS = 7 };

typedef struct { ctx c; char *bytes[SEGMENTS]; size_t n[SEGMENTS]; } world;

static void fill(ctx *c, str *cells, size_t from)
{
    static const char *const counties[] = { "臺北市", "高雄市", "", "花蓮縣" };
    for (size_t r = 0; r < ROWS; r++) {
        str *row = cells + r * COLS;
        size_t i = from + r;
        row[0] = str_of(counties[i % 4]);
        row[1] = i % 10 == 3 ? S("-99") : i % 10 == 4 ? (str){ 0 } : str_fmt(c->a, "%zu", i * 7);
        row[2] = i % 2 ? str_fmt(c->a, "%zu.5", i) : str_fmt(c->a, "-%zu.25", i);
        row[3] = str_fmt(c->a, "1%02zu/%02zu/05", i % 14, i % 12 + 1);
        row[4] = i % 20 == 7 ? S("") : i % 20 == 8 ? (str){ 0 } : i % 20 == 9 ? S("…") : str_fmt(c->a, "第%zu號說明，說得更長一些", i);
        row[5] = str_fmt(c->a, "%08zu", i * 31);
        row[6] = str_fmt(c->a, "2024-01-%02zu %02zu:30:00", i % 28 + 1, i % 24);
    }
}

/* The second segment is built with little memory: its texts are not kept as dictionaries. */
static void make(world *w, size_t segment, bool *forms)
{
    static const str titles[COLS] = { S_INIT("縣市"), S_INIT("數量"), S_INIT("比率"), S_INIT("日期"), S_INIT("說明"), S_INIT("編號"), S_INIT("時間") };
    ctx *c = &w->c;
    test_table t;
    str cells[ROWS * COLS];
    fill(c, cells, segment * ROWS);
    test_open(&t, c);
    t.plan.memory = segment > 0 ? SMALL_MEMORY : 0;
    test_build(&t, titles, COLS, cells, ROWS);
    for (size_t i = 0; i < COLS; i++)
        forms[column_file_about(t.file, i)->form] = true;
    w->n[segment] = column_file_bytes(t.file);
    w->bytes[segment] = arena_get(c->a, w->n[segment]);
    assert_int_equal(pread(t.out, w->bytes[segment], w->n[segment], 0), w->n[segment]);
    test_close(&t);
}

/* --- questions --- */

static bool say_rows(ctx *c, query_table *t, const query_filter *f, const query_sort *sort, buf *said)
{
    query_walk walk;
    uint32_t rows[ROWS * SEGMENTS];
    if (!query_select(c, t, f, sort, sort != NULL, &walk))
        return false;
    size_t n = query_next(&walk, rows, array_len(rows));
    buf_fmt(said, "%" PRIu64 ":", walk.total);
    for (size_t i = 0; i < n; i++)
        buf_fmt(said, " %" PRIu32, rows[i]);
    buf_byte(said, '\n');
    return true;
}

static bool say_groups(ctx *c, query_table *t, size_t col, buf *said)
{
    query_by by = { .col = col };
    query_aggregate a[] = { { QUERY_COUNT, 0 }, { QUERY_SUM, 1 }, { QUERY_MIN, col }, { QUERY_MAX, 2 }, { QUERY_DISTINCT, 4 } };
    query_groups g;
    if (!query_group_by(c, t, &(query_grouping){ .by = &by, .by_count = 1, .aggregates = a, .aggregate_count = array_len(a), .order_by = SIZE_MAX }, &g))
        return false;
    for (size_t i = 0; i < g.n; i++) {
        buf_fmt(said, "%.*s", S_ARG(g.v[i].keys[0]));
        for (size_t k = 0; k < array_len(a); k++)
            buf_fmt(said, " %.*s %g", S_ARG(g.v[i].values[k].text), g.v[i].values[k].number);
        buf_byte(said, '\n');
    }
    return true;
}

static bool say_texts(ctx *c, query_table *t, size_t col, buf *said)
{
    char room[COLUMN_NUMBER_ROOM];
    query_column q;
    uint64_t byte, line;
    bool known;
    if (!query_column_use(c, t, col, &q))
        return false;
    for (uint32_t r = 0; r < ROWS * SEGMENTS; r++) {
        if (!query_place(c, t, r, &byte, &line, &known))
            return false;
        buf_fmt(said, "%.*s %d %" PRIu64 " %" PRIu64 "\n", S_ARG(query_text(&q, r, room)), query_is_null(&q, r), byte, line);
    }
    return true;
}

/* One kind of question about a column. False: refused, with the reason in c. */
static bool ask(ctx *c, query_table *t, size_t i, size_t kind, buf *said)
{
    static const str some[COLS] = { S_INIT("臺北市"), S_INIT("35"), S_INIT("7.5"), S_INIT("103/05/05"), S_INIT("第60號說明，說得更長一些"), S_INIT("00000062"),
                                    S_INIT("2024-01-05 04:30:00") };
    static const str piece = S_INIT("1");
    query_filter equal = { .op = QUERY_EQUAL, .col = i, .values = &some[i], .value_count = 1 }, null = { .op = QUERY_NULL, .col = i };
    query_filter range = { .op = QUERY_RANGE, .col = i, .from = some[i], .has_from = true };
    query_filter has = { .op = QUERY_HAS, .col = i, .values = &piece, .value_count = 1 };
    query_sort sort = { .col = i, .desc = i % 2 != 0 };
    switch (kind) {
    case 0: return say_rows(c, t, &equal, NULL, said);
    case 1: return say_rows(c, t, &range, &sort, said);
    case 2: return say_rows(c, t, &null, NULL, said);
    case 3: return say_rows(c, t, &has, NULL, said);
    case 4: return say_rows(c, t, NULL, &sort, said);
    case 5: return say_groups(c, t, i, said);
    default: return say_texts(c, t, i, said);
    }
}

static bool ask_all(ctx *c, query_table *t, size_t kind, buf *said)
{
    for (size_t i = 0; i < COLS; i++)
        if (!ask(c, t, i, kind, said))
            return false;
    return true;
}

/* False: somewhere on the way it was said that the file is damaged. */
static bool answers(world *w, size_t kind, buf *said)
{
    ctx *c = &w->c;
    column_file *files[SEGMENTS] = { NULL };
    query_table *t = NULL;
    bool ok = true;
    for (size_t i = 0; ok && i < SEGMENTS; i++) {
        int fd = memfd_create("segment", MFD_CLOEXEC);
        assert_true(fd >= 0 && write(fd, w->bytes[i], w->n[i]) == (ssize_t)w->n[i]);
        ok = column_file_open_fd(c, fd, &files[i]);
        close(fd);
    }
    ok = ok && query_table_new(c, files, SEGMENTS, &t) && ask_all(c, t, kind, said);
    if (!ok) {
        assert_int_equal(c->err.code, ERR_INVALID);
        assert_true(c->err.message.n > 0);
        err_clear(c);
    }
    query_table_free(t);
    for (size_t i = 0; i < SEGMENTS; i++)
        column_file_close(files[i]);
    return ok;
}

static void no_byte_changes_an_answer(void **state)
{
    (void)state;
    world w = { .c = { .a = arena_new(1 << 20) } };
    bool forms[3] = { false };
    for (size_t i = 0; i < SEGMENTS; i++)
        make(&w, i, forms);
    assert_true(forms[COLUMN_NUMBERS] && forms[COLUMN_CODES] && forms[COLUMN_HEAP]);
    str right[KINDS];
    for (size_t k = 0; k < KINDS; k++) {
        buf said = buf_in(w.c.a);
        assert_true(answers(&w, k, &said) && said.n > 20);
        right[k] = buf_str(&said);
    }
    for (size_t s = 0; s < SEGMENTS; s++)
        for (size_t i = 0; i < w.n[s]; i++) {
            arena_mark here = arena_here(w.c.a);
            buf said = buf_in(w.c.a);
            char was = w.bytes[s][i];
            w.bytes[s][i] = (char)(was ^ (i % 3 == 0 ? 0xff : 1 << (i % 8)));
            if (answers(&w, i % KINDS, &said) && !str_eq(buf_str(&said), right[i % KINDS]))
                fail_msg("byte %zu of %zu of segment %zu: an answer is another one, and nothing is said", i, w.n[s], s);
            w.bytes[s][i] = was;
            arena_back(w.c.a, here);
        }
    arena_free(w.c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(no_byte_changes_an_answer) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
