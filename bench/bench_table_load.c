/* bench_table_load — from CSV to a column file that answers queries: types,
 * dictionaries, statistics and findings included.
 *
 *     bench_table_load [ROWS [FOLDER [CSV]]]
 *
 * Without CSV a table of ROWS (1,000,000) is made in FOLDER (/tmp) by
 * table_rows.h; it stays there for other programs to be measured on. Times are
 * CPU of the process (user and system), of five rounds the median. Exit 1 when
 * a measure is missed: 1.5 M rows a second for a million rows of 12 columns. */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/table/column_build.h"
#include "kit/table/csv.h"
#include "table_rows.h"

enum { ROUNDS = 5 };

static double cpu_s(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static bool make_csv(const char *path, uint64_t rows)
{
    arena *a = arena_new((size_t)1 << 20);
    buf b = buf_max(a, (size_t)2 << 20);
    table_rows t = { .seed = 1 };
    FILE *f = fopen(path, "w");
    buf_add(&b, S(TABLE_ROWS_HEAD));
    for (uint64_t r = 0; f != NULL && r < rows; r++) {
        table_rows_add(&t, &b);
        if (b.n > ((size_t)1 << 20) || r + 1 == rows) {
            fwrite(b.p, 1, b.n, f);
            b.n = 0;
        }
    }
    arena_free(a);
    return f != NULL && fclose(f) == 0;
}

static bool drop_block(ctx *c, void *to, const table_block *t)
{
    (void)c;
    *(uint64_t *)to += t->rows;
    return true;
}
static bool drop_begin(ctx *c, void *to, const table_head *h)
{
    (void)c, (void)to, (void)h;
    return true;
}
static bool drop_finding(ctx *c, void *to, const table_finding *f)
{
    (void)c, (void)f;
    ++*(uint64_t *)to;
    return true;
}
static bool drop_end(ctx *c, void *to)
{
    (void)c, (void)to;
    return true;
}

static double read_only(ctx *c, const source *s)
{
    uint64_t n = 0;
    table_sink sink = { .to = &n, .begin = drop_begin, .block = drop_block, .finding = drop_finding, .end = drop_end };
    csv_found found;
    double from = cpu_s();
    if (!csv_read(c, s, &(csv_declared){ 0 }, &sink, &found))
        return -1;
    return cpu_s() - from;
}

static double load(ctx *c, const source *s, const char *folder, const lexicon *words, int *out, uint64_t *rows)
{
    uint64_t findings = 0;
    int spill = open(folder, O_TMPFILE | O_RDWR, 0600);
    *out = open(folder, O_TMPFILE | O_RDWR, 0600);
    column_build *b = column_build_new(c, &(column_build_plan){ .out_fd = *out, .spill_fd = spill, .words = words,
                                                                .findings_to = &findings, .finding = drop_finding });
    table_sink sink = column_build_sink(b);
    csv_found found;
    double from = cpu_s();
    if (!csv_read(c, s, &(csv_declared){ 0 }, &sink, &found))
        return -1;
    double took = cpu_s() - from;
    *rows = column_build_rows(b);
    column_build_free(b);
    close(spill);
    return took;
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void show_columns(const column_file *f)
{
    static const char *const forms[] = { "numbers", "codes", "heap" };
    for (size_t i = 0; i < column_file_count(f); i++) {
        const column_about *a = column_file_about(f, i);
        printf("  %-14.*s %-14.*s %-8s %-8s %8" PRIu64 " distinct %7" PRIu64 " nulls %9" PRIu64 " bytes\n", S_ARG(a->name), S_ARG(a->title),
               column_type_name(a->type), forms[a->form], a->stats.distinct, a->stats.null_count, a->stored_bytes);
    }
}

int main(int argc, char **argv)
{
    ctx c = { .a = arena_new(65536) };
    uint64_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000, got = 0;
    const char *folder = argc > 2 ? argv[2] : "/tmp";
    char *path = argc > 3 ? argv[3] : str_z(c.a, str_fmt(c.a, "%s/table_rows_%" PRIu64 ".csv", folder, rows));
    double reading[ROUNDS], loading[ROUNDS];
    str places, terms;
    source s;
    if (access(path, R_OK) != 0 && !make_csv(path, rows))
        return 2;
    int in = open(path, O_RDONLY), out = -1;
    lexicon *words = file_read(&c, S("data/places.tsv"), 1 << 20, &places) && file_read(&c, S("data/column_terms.tsv"), 1 << 20, &terms)
                   ? lexicon_new(places, terms) : NULL;
    if (!source_open(&c, in, str_of(path), &s))
        return 2;
    for (int i = 0; i < ROUNDS; i++) {
        close(out);
        reading[i] = read_only(&c, &s);
        loading[i] = load(&c, &s, folder, words, &out, &got);
        if (reading[i] < 0 || loading[i] < 0) {
            printf("%.*s\n", S_ARG(c.err.message));
            return 2;
        }
    }
    qsort(reading, ROUNDS, sizeof *reading, by_size);
    qsort(loading, ROUNDS, sizeof *loading, by_size);
    struct stat st;
    struct rusage u;
    fstat(in, &st);
    getrusage(RUSAGE_SELF, &u);
    column_file *f;
    if (!column_file_open_fd(&c, out, &f)) {
        printf("%.*s\n", S_ARG(c.err.message));
        return 2;
    }
    double from = cpu_s();
    bool sound = column_file_check(&c, f);
    double check = cpu_s() - from;
    show_columns(f);
    double rate = (double)got / loading[ROUNDS / 2];
    printf("%" PRIu64 " rows, %.1f MB as CSV, %.1f MB as column file (%s, checked in %.1f ms)\n", got, (double)st.st_size / 1e6,
           (double)column_file_bytes(f) / 1e6, sound ? "sound" : "damaged", check * 1e3);
    printf("reading %.3f s (%.2f GB/s), loading %.3f s: %.2f M rows/CPU-s; best %.3f s; memory at most %ld MB; in all user %.2f system %.2f s\n",
           reading[ROUNDS / 2], (double)st.st_size / 1e9 / reading[ROUNDS / 2], loading[ROUNDS / 2], rate / 1e6, loading[0], u.ru_maxrss / 1024,
           (double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec / 1e6, (double)u.ru_stime.tv_sec + (double)u.ru_stime.tv_usec / 1e6);
    column_file_close(f);
    lexicon_free(words);
    return sound && (rows < 1000000 || rate >= 1.5e6) ? 0 : 1;
}
