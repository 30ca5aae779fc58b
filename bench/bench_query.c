/* bench_query — questions to a table of table_rows.h in memory: CPU milliseconds, medians.
 *
 *     bench_query ROWS FOLDER [NAME] a line a question: name, milliseconds, answer; "done" at the end
 *
 * bench_query.py asks others the same and compares the answers. */
#include <time.h>

#include "kit/export/export.h"
#include "table_made.h"

enum { COUNTY = 2, TOWN = 3, QUANTITY = 6, RATIO = 7, ADDRESS = 9, SERIAL = 0 };

typedef struct { ctx c; column_file *file; query_table *t; uint64_t rows; } table;
typedef void question(table *t, buf *answer);

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void count(table *t, const query_filter *f, buf *answer)
{
    uint64_t n;
    must(query_count(&t->c, t->t, f, &n));
    buf_fmt(answer, "%" PRIu64, n);
}

static void filter(table *t, buf *answer)
{
    static const str town = S_INIT("中正區");
    count(t, &(query_filter){ .op = QUERY_EQUAL, .col = TOWN, .values = &town, .value_count = 1 }, answer);
}

static void range(table *t, buf *answer)
{
    count(t, &(query_filter){ .op = QUERY_RANGE, .col = QUANTITY, .from = S("50000"), .to = S("59999"), .has_from = true, .has_to = true }, answer);
}

static void substring(table *t, buf *answer)
{
    static const str word = S_INIT("仁愛");
    count(t, &(query_filter){ .op = QUERY_HAS, .col = ADDRESS, .values = &word, .value_count = 1 }, answer);
}

static void words(table *t, buf *answer)
{
    static const str word = S_INIT("仁愛");
    count(t, &(query_filter){ .op = QUERY_WORDS, .values = &word, .value_count = 1 }, answer);
}

static void groups(table *t, const query_by *by, size_t n, buf *answer)
{
    query_aggregate ask[] = { { QUERY_COUNT, 0 }, { QUERY_SUM, QUANTITY }, { QUERY_AVG, RATIO } };
    query_groups g;
    must(query_group_by(&t->c, t->t, &(query_grouping){ .by = by, .by_count = n, .aggregates = ask, .aggregate_count = 3,
                                                        .order_by = SIZE_MAX }, &g));
    double sum = 0;
    for (size_t i = 0; i < g.n; i++)
        sum += g.v[i].values[1].number;
    buf_fmt(answer, "%zu %.0f", g.n, sum);
}

static void one_group(table *t, buf *answer)
{
    groups(t, &(query_by){ .col = COUNTY }, 1, answer);
}

static void two_groups(table *t, buf *answer)
{
    groups(t, (const query_by[]){ { .col = COUNTY }, { .col = TOWN } }, 2, answer);
}

static void different(table *t, const query_filter *f, size_t col, buf *answer)
{
    query_aggregate ask = { QUERY_DISTINCT, col };
    query_groups g;
    must(query_group_by(&t->c, t->t, &(query_grouping){ .filter = f, .aggregates = &ask, .aggregate_count = 1, .order_by = SIZE_MAX }, &g));
    buf_fmt(answer, "%.0f", g.v[0].values[0].number);
}

static void distinct(table *t, buf *answer)
{
    different(t, NULL, SERIAL, answer);
}

static void distinct_some(table *t, buf *answer)
{
    different(t, &(query_filter){ .op = QUERY_RANGE, .col = RATIO, .from = S("500"), .has_from = true }, SERIAL, answer);
}

/* Of each group one number, or of all: the answer is their sum. */
static void one_each(table *t, query_aggregate ask, size_t by, buf *answer)
{
    query_groups g;
    double sum = 0;
    must(query_group_by(&t->c, t->t, &(query_grouping){ .by = &(query_by){ .col = by }, .by_count = by != SIZE_MAX, .aggregates = &ask,
                                                        .aggregate_count = 1, .order_by = SIZE_MAX }, &g));
    for (size_t i = 0; i < g.n; i++)
        sum += g.v[i].values[0].number;
    buf_fmt(answer, "%zu %.1f", g.n, sum);
}

static void median(table *t, buf *answer)
{
    one_each(t, (query_aggregate){ QUERY_MEDIAN, QUANTITY }, COUNTY, answer);
}

static void distinct_text(table *t, buf *answer)
{
    one_each(t, (query_aggregate){ QUERY_DISTINCT, ADDRESS }, SIZE_MAX, answer);
}

static void distinct_text_by(table *t, buf *answer)
{
    one_each(t, (query_aggregate){ QUERY_DISTINCT, ADDRESS }, TOWN, answer);
}

static void distinct_by(table *t, buf *answer)
{
    one_each(t, (query_aggregate){ QUERY_DISTINCT, TOWN }, COUNTY, answer);
}

static void page(table *t, buf *answer)
{
    query_walk w;
    uint32_t rows[100];
    char room[COLUMN_NUMBER_ROOM];
    must(query_select(&t->c, t->t, NULL, &(query_sort){ .col = ADDRESS }, 1, &w));
    query_skip(&w, t->rows / 10);
    size_t n = query_next(&w, rows, 100), bytes = 0;
    for (size_t col = 0; col < query_table_columns(t->t); col++) {
        query_column q;
        must(query_column_use(&t->c, t->t, col, &q));
        for (size_t i = 0; i < n; i++)
            bytes += query_text(&q, rows[i], room).n;
        if (col == ADDRESS)
            buf_fmt(answer, "%.*s", S_ARG(query_text(&q, rows[0], room)));
    }
    must(n == 100 && bytes > 0);
}

/* A page of a table that nobody has sorted yet. */
static void new_page(table *t, const query_filter *f, const query_sort *sort, size_t n, uint64_t offset, buf *answer)
{
    query_table *fresh;
    query_walk w;
    uint32_t rows[100];
    char room[COLUMN_NUMBER_ROOM];
    query_column q;
    must(query_table_new(&t->c, &t->file, 1, &fresh) && query_page(&t->c, fresh, f, sort, n, offset, 100, &w));
    must(query_next(&w, rows, 100) == 100 && query_column_use(&t->c, fresh, sort[0].col, &q));
    buf_fmt(answer, "%.*s", S_ARG(query_text(&q, rows[0], room)));
    query_table_free(fresh);
}

static void first_page(table *t, buf *answer)
{
    new_page(t, NULL, &(query_sort){ .col = ADDRESS }, 1, 0, answer);
}

static void deep_page(table *t, buf *answer)
{
    new_page(t, NULL, &(query_sort){ .col = ADDRESS }, 1, t->rows / 10, answer);
}

static void part_page(table *t, buf *answer)
{
    new_page(t, &(query_filter){ .op = QUERY_RANGE, .col = RATIO, .from = S("500"), .has_from = true }, &(query_sort){ .col = ADDRESS }, 1, 0, answer);
}

static void two_page(table *t, buf *answer)
{
    new_page(t, NULL, (const query_sort[]){ { .col = COUNTY }, { .col = QUANTITY, .desc = true } }, 2, 0, answer);
}

/* The whole order, made anew. */
static void whole_order(table *t, buf *answer)
{
    query_table *fresh;
    query_walk w;
    must(query_table_new(&t->c, &t->file, 1, &fresh) && query_select(&t->c, fresh, NULL, &(query_sort){ .col = ADDRESS }, 1, &w));
    buf_fmt(answer, "%" PRIu64, w.places);
    query_table_free(fresh);
}

static void rows_100(table *t, buf *answer)
{
    static const str town = S_INIT("中正區");
    query_filter f = { .op = QUERY_EQUAL, .col = TOWN, .values = &town, .value_count = 1 };
    export_plan p = { .t = t->t, .limit = 100, .format = EXPORT_JSON, .typed = true, .col_count = query_table_columns(t->t) };
    size_t *cols = new_n(t->c.a, size_t, p.col_count);
    export *e;
    buf out = buf_in(t->c.a);
    bool more = true;
    for (size_t i = 0; i < p.col_count; i++)
        cols[i] = i;
    p.cols = cols;
    must(query_select(&t->c, t->t, &f, NULL, 0, &p.walk) && export_new(&t->c, &p, &e));
    while (more)
        must(export_next(&t->c, e, &out, SIZE_MAX, &more));
    export_free(e);
    buf_fmt(answer, "%" PRIu64 " rows match", p.walk.total);
}

static const char *only;            /* a question's name: nothing else is asked */

static void ask(table *t, const char *name, question *q, size_t rounds)
{
    if (only != NULL && strcmp(only, name) != 0)
        return;
    double took[101];
    for (size_t i = 0; i < rounds; i++) {
        arena_mark m = arena_here(t->c.a);
        buf again = buf_in(t->c.a);
        double from = now();
        q(t, &again);
        took[i] = now() - from;
        if (i == 0)
            printf("%s first\t%.4f\t\n", name, took[i]);
        if (i + 1 == rounds)
            printf("%s\t%.4f\t%.*s\n", name, table_made_median(took, rounds), S_ARG(buf_str(&again)));
        arena_back(t->c.a, m);
    }
}

int main(int argc, char **argv)
{
    table t = { .c = { .a = arena_new((size_t)1 << 20) }, .rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000 };
    column_file *f = table_made_open(&t.c, argc > 2 ? argv[2] : table_made_folder(&t.c), t.rows);
    if (f == NULL || !query_table_new(&t.c, &f, 1, &t.t))
        return 2;
    t.file = f;
    only = argc > 3 ? argv[3] : NULL;
    size_t rounds = t.rows > 2000000 ? 9 : 51;
    ask(&t, "filter", filter, rounds);
    ask(&t, "range", range, rounds);
    ask(&t, "group", one_group, rounds);
    ask(&t, "group2", two_groups, rounds);
    ask(&t, "substring", substring, rounds);
    ask(&t, "words", words, rounds / 4);
    ask(&t, "page", page, rounds);
    ask(&t, "distinct", distinct, rounds);
    ask(&t, "distinct some", distinct_some, rounds);
    ask(&t, "first page", first_page, rounds / 4);
    ask(&t, "deep page", deep_page, rounds / 4);
    ask(&t, "part page", part_page, rounds / 4);
    ask(&t, "two page", two_page, rounds / 4);
    ask(&t, "order", whole_order, 3);
    ask(&t, "median", median, rounds / 4);
    ask(&t, "distinct text", distinct_text, rounds / 4);
    ask(&t, "distinct text by", distinct_text_by, rounds / 4);
    ask(&t, "distinct by", distinct_by, rounds / 4);
    ask(&t, "rows", rows_100, rounds);
    printf("done\t%ld\t\n", table_made_peak_mb());
    query_table_free(t.t);
    column_file_close(f);
    arena_free(t.c.a);
    return 0;
}
