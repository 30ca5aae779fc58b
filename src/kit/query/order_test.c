/* Orders and pages of texts that are hard to sort, against a plain sort of the values: common beginnings, beginnings of one
 * another, bytes that are the least and the greatest, long runs of equal ones, tables that are sorted already. */
#include "kit/query/inside.h"
#include "kit/table/column_make_test.h"

#include <stdlib.h>

enum { ROWS = 40000, SMALL_MEMORY = 4096 };

static uint64_t seed = 42;
static uint64_t any(uint64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 33) % below;
}

/* --- texts --- */

typedef str maker(arena *a, size_t row);

static str addresses(arena *a, size_t row)
{
    (void)row;
    return str_fmt(a, "https://data.example.tw/%s/%" PRIu64, any(2) != 0 ? "dataset" : "datasets", any(5000));
}

static str nested(arena *a, size_t row)
{
    buf b = buf_in(a);
    for (uint64_t n = 1 + (row % 7 == 0 ? any(700) : any(20)); n > 0; n--)
        buf_add(&b, S("甲"));
    return buf_str(&b);
}

static str ends(arena *a, size_t row)
{
    static const char bytes[] = { 1, 'a', '\x7f', '~' };
    buf b = buf_in(a);
    buf_add(&b, row % 3 == 0 ? S("abcdefgh") : S("x"));
    for (uint64_t n = any(12); n > 0; n--)
        buf_byte(&b, bytes[any(sizeof bytes)]);
    return buf_str(&b);
}

static str alike(arena *a, size_t row)
{
    return row % 100 == 1 ? str_fmt(a, "說明第 %" PRIu64 " 號", any(300)) : row % 50 == 2 ? (str){ 0 } : S("這一列的說明都是同樣的文字，只有少數例外");
}

static str rising(arena *a, size_t row)
{
    return str_fmt(a, "編號%08zu", row * 3);
}

static str falling(arena *a, size_t row)
{
    return str_fmt(a, "編號%08zu", 900000 - row * 3);
}

/* --- a table of one column --- */

typedef struct { ctx c; test_table made[2]; column_file *files[2]; size_t n; query_column q; } world;

static void no_error(ctx *c, bool ok)
{
    if (!ok)
        fail_msg("%s: %.*s", err_name(c->err.code), S_ARG(c->err.message));
}

static void build(world *w, const str *cells, size_t rows, column_type type, size_t memory)
{
    static const str title = S_INIT("v");
    test_table *t = &w->made[w->n];
    table_field *field = new (w->c.a, table_field);
    table_schema *schema = new (w->c.a, table_schema);
    *field = (table_field){ .name = title, .has_type = true, .type = type };
    *schema = (table_schema){ .fields = field, .n = 1, .own_marks = true };
    test_open(t, &w->c);
    t->plan.schema = schema;
    t->plan.memory = memory;
    test_build(t, &title, 1, cells, rows);
    w->files[w->n++] = t->file;
}

static void world_free(world *w)
{
    for (size_t i = 0; i < w->n; i++)
        test_close(&w->made[i]);
    arena_free(w->c.a);
}

/* --- what is right --- */

typedef struct { const query_column *q; query_sort s; } plain;

static int by_plain(const void *x, const void *y, void *data)
{
    const plain *p = data;
    char room_x[COLUMN_NUMBER_ROOM], room_y[COLUMN_NUMBER_ROOM];
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    bool no_a = query_is_null(p->q, a), no_b = query_is_null(p->q, b);
    int d = p->s.nulls_first ? no_b - no_a : no_a - no_b;
    if (!no_a && !no_b)
        d = str_cmp(query_text(p->q, a, room_x), query_text(p->q, b, room_y)) * (p->s.desc ? -1 : 1);
    return d != 0 ? d : ((a > b) - (a < b)) * (p->s.desc ? -1 : 1);
}

static void same(query_walk *w, const uint32_t *want, size_t n)
{
    static uint32_t got[ROWS];
    assert_int_equal(query_next(w, got, n), n);
    assert_memory_equal(got, want, n * sizeof *got);
}

static void ask(world *w, query_sort sort)
{
    ctx *c = &w->c;
    query_table *t;
    query_column q;
    query_walk walk;
    no_error(c, query_table_new(c, w->files, w->n, &t));
    no_error(c, query_column_use(c, t, 0, &q));
    uint32_t *want = new_n(c->a, uint32_t, ROWS);
    for (uint32_t i = 0; i < ROWS; i++)
        want[i] = i;
    qsort_r(want, ROWS, sizeof *want, by_plain, &(plain){ &q, sort });
    for (uint64_t offset = 0; offset < ROWS; offset += offset < 100 || offset > ROWS - 200 ? 50 : 4000) {
        uint64_t limit = ROWS - offset < 120 ? ROWS - offset : 120;
        query_table *fresh; /* has no order, and makes none for one page */
        no_error(c, query_table_new(c, w->files, w->n, &fresh));
        no_error(c, query_page(c, fresh, NULL, &sort, 1, offset, limit, &walk));
        same(&walk, want + offset, (size_t)limit);
        query_table_free(fresh);
    }
    no_error(c, query_select(c, t, NULL, &sort, 1, &walk));
    same(&walk, want, ROWS);
    query_table_free(t);
}

static void hard_texts(void **state)
{
    static maker *const makers[] = { addresses, nested, ends, alike, rising, falling };
    (void)state;
    for (size_t i = 0; i < array_len(makers); i++)
        for (size_t parts = 1; parts <= 2; parts++) {
            world w = { .c.a = arena_new(1 << 20) };
            str *cells = new_n(w.c.a, str, ROWS);
            for (size_t r = 0; r < ROWS; r++)
                cells[r] = makers[i](w.c.a, r);
            build(&w, cells, ROWS / parts, COLUMN_text, SMALL_MEMORY);
            assert_int_equal(column_file_about(w.files[0], 0)->form, COLUMN_HEAP);
            if (parts == 2)
                build(&w, cells + ROWS / 2, ROWS / 2, COLUMN_text, 0);
            for (int s = 0; s < 4; s++)
                ask(&w, (query_sort){ 0, s % 2 != 0, s / 2 != 0 });
            world_free(&w);
        }
}

/* Of two segments one has more decimals; keys of the greatest values do not fit in the finer scale. */
static void segments_of_different_scales(void **state)
{
    static const str numbers[] = { S_INIT("10.5"), S_INIT("9.5"), S_INIT("9000000000000000.0"), S_INIT("8000000000000000.0"),
        S_INIT("-9000000000000000.0"), S_INIT("9.2500"), S_INIT("10.5001"), S_INIT("-3.2500"), S_INIT("100.0000") };
    static const uint32_t want[] = { 4, 7, 5, 1, 0, 6, 8, 3, 2 };
    world w = { .c.a = arena_new(1 << 20) };
    query_table *t;
    query_walk walk;
    (void)state;
    build(&w, numbers, 5, COLUMN_decimal, 0);
    build(&w, numbers + 5, array_len(numbers) - 5, COLUMN_decimal, 0);
    no_error(&w.c, query_table_new(&w.c, w.files, 2, &t));
    assert_int_equal(query_table_about(t, 0)->stats.null_count, 0);
    assert_int_not_equal(column_file_about(w.files[0], 0)->scale, column_file_about(w.files[1], 0)->scale);
    for (int i = 0; i < 2; i++) { /* without an order, and with it */
        no_error(&w.c, query_page(&w.c, t, NULL, &(query_sort){ .col = 0 }, 1, 1, 5, &walk));
        same(&walk, want + 1, 5);
        no_error(&w.c, query_select(&w.c, t, NULL, &(query_sort){ .col = 0 }, 1, &walk));
        same(&walk, want, array_len(want));
    }
    query_table_free(t);
    world_free(&w);
}

/* More rows than are sorted at once. */
static void orders_in_parts(void **state)
{
    enum { MANY = 1300000 };
    world w = { .c.a = arena_new(1 << 20) };
    ctx *c = &w.c;
    query_table *t;
    query_column q;
    query_walk walk;
    uint32_t rows[1000], last = 0;
    char room[COLUMN_NUMBER_ROOM], room_last[COLUMN_NUMBER_ROOM];
    str *cells = new_n(c->a, str, MANY);
    (void)state;
    for (size_t r = 0; r < MANY; r++)
        cells[r] = r % 1000 == 3 ? (str){ 0 } : str_fmt(c->a, "第%" PRIu64 "號", any(MANY));
    build(&w, cells, MANY, COLUMN_text, SMALL_MEMORY);
    assert_int_equal(column_file_about(w.files[0], 0)->form, COLUMN_HEAP);
    no_error(c, query_table_new(c, w.files, 1, &t));
    no_error(c, query_column_use(c, t, 0, &q));
    no_error(c, query_select(c, t, NULL, &(query_sort){ .col = 0 }, 1, &walk));
    bool *seen = new_n(c->a, bool, MANY);
    size_t all = 0;
    for (size_t n; (n = query_next(&walk, rows, array_len(rows))) > 0;)
        for (size_t i = 0; i < n; i++, all++) {
            assert_false(seen[rows[i]]);
            seen[rows[i]] = true;
            bool null = query_is_null(&q, rows[i]);
            assert_int_equal(null, all >= MANY - MANY / 1000);
            int d = all == 0 || query_is_null(&q, last) != null ? -1 : null ? 0 : str_cmp(query_text(&q, last, room_last), query_text(&q, rows[i], room));
            assert_true(d < 0 || (d == 0 && last < rows[i]));
            last = rows[i];
        }
    assert_int_equal(all, MANY);
    query_table_free(t);
    world_free(&w);
}

/* Pages by one column bring its order about; a table may end while it is made. */
static void paging_makes_the_order(void **state)
{
    world w = { .c.a = arena_new(1 << 20) };
    query_table *t;
    query_walk walk;
    str *cells = new_n(w.c.a, str, ROWS);
    int64_t until = day_now_mono_ms() + 20000;
    (void)state;
    for (size_t r = 0; r < ROWS; r++)
        cells[r] = addresses(w.c.a, r);
    build(&w, cells, ROWS, COLUMN_text, SMALL_MEMORY);
    for (int round = 0; round < 3; round++) {
        no_error(&w.c, query_table_new(&w.c, w.files, 1, &t));
        no_error(&w.c, query_page(&w.c, t, NULL, &(query_sort){ .col = 0 }, 1, 0, 10, &walk));
        assert_false(t->ahead_made);
        no_error(&w.c, query_page(&w.c, t, NULL, &(query_sort){ .col = 0 }, 1, 10, 10, &walk));
        assert_true(t->ahead_made);
        while (round == 0 && !query_has_order(t, 0) && day_now_mono_ms() < until)
            usleep(1000);
        assert_true(round > 0 || query_has_order(t, 0));
        query_table_free(t);
    }
    world_free(&w);
}

static void deadlines_are_kept(void **state)
{
    world w = { .c.a = arena_new(1 << 20) };
    query_table *t;
    query_walk walk;
    str *cells = new_n(w.c.a, str, ROWS);
    (void)state;
    for (size_t r = 0; r < ROWS; r++)
        cells[r] = addresses(w.c.a, r);
    build(&w, cells, ROWS, COLUMN_text, SMALL_MEMORY);
    no_error(&w.c, query_table_new(&w.c, w.files, 1, &t));
    w.c.deadline_ms = day_now_mono_ms() - 1;
    assert_false(query_page(&w.c, t, NULL, &(query_sort){ .col = 0 }, 1, 0, 10, &walk));
    assert_int_equal(w.c.err.code, ERR_TIMEOUT);
    err_clear(&w.c);
    assert_false(query_select(&w.c, t, NULL, &(query_sort){ .col = 0 }, 1, &walk));
    assert_int_equal(w.c.err.code, ERR_TIMEOUT);
    query_table_free(t);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(hard_texts), cmocka_unit_test(segments_of_different_scales), cmocka_unit_test(orders_in_parts),
                                        cmocka_unit_test(paging_makes_the_order), cmocka_unit_test(deadlines_are_kept) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
