/* table_made — what the benchmarks of tables share: a table of table_rows.h as CSV in a folder (kept there for the next
 * program), the same as a column file, and CPU time of the process. */
#ifndef TABLE_MADE_H
#define TABLE_MADE_H
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/table/column_build.h"
#include "kit/table/csv.h"
#include "table_rows.h"

static inline double table_made_cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static inline long table_made_peak_mb(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss / 1024;
}

static inline int table_made_by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static inline double table_made_median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, table_made_by_size);
    return v[n / 2];
}

/* Where made tables are kept: data in the folder of the build that BENCH_BUILD names, else /tmp. */
static inline const char *table_made_folder(ctx *c)
{
    const char *build = getenv("BENCH_BUILD");
    if (build == NULL)
        return "/tmp";
    const char *folder = str_z(c->a, str_fmt(c->a, "%s/data", build));
    return mkdir(folder, 0755) == 0 || errno == EEXIST ? folder : "/tmp";
}

/* The path of the CSV; written when it is not there. */
static inline const char *table_made_csv(ctx *c, const char *folder, uint64_t rows)
{
    const char *path = str_z(c->a, str_fmt(c->a, "%s/table_rows_%" PRIu64 ".csv", folder, rows));
    if (access(path, R_OK) == 0)
        return path;
    const char *part = str_z(c->a, str_fmt(c->a, "%s.part", path));
    arena *a = arena_new((size_t)1 << 20);
    buf b = buf_max(a, (size_t)2 << 20);
    table_rows t = { .seed = 1 };
    FILE *f = fopen(part, "w");
    buf_add(&b, S(TABLE_ROWS_HEAD));
    for (uint64_t r = 0; f != NULL && r < rows; r++) {
        table_rows_add(&t, &b);
        if (b.n > ((size_t)1 << 20) || r + 1 == rows) {
            fwrite(b.p, 1, b.n, f);
            b.n = 0;
        }
    }
    arena_free(a);
    bool ok = f != NULL && fclose(f) == 0 && rename(part, path) == 0;
    return ok ? path : NULL;
}

static inline bool table_made_no_finding(ctx *c, void *to, const table_finding *f)
{
    (void)c, (void)f;
    ++*(uint64_t *)to;
    return true;
}

/* The words of place names and column names, from the root of the project. */
static inline lexicon *table_made_words(ctx *c)
{
    str places, terms;
    bool ok = file_read(c, S("data/places.tsv"), 1 << 20, &places) && file_read(c, S("data/column_terms.tsv"), 1 << 20, &terms);
    return ok ? lexicon_new(places, terms) : NULL;
}

/* CSV → column file in a nameless file of the folder (*out), with all findings. Seconds of CPU; -1: it failed. */
static inline double table_made_load(ctx *c, const source *s, const char *folder, const lexicon *words, int *out, uint64_t *rows)
{
    uint64_t findings = 0;
    int spill = open(folder, O_TMPFILE | O_RDWR, 0600);
    *out = open(folder, O_TMPFILE | O_RDWR, 0600);
    double from = table_made_cpu();
    column_build *b = column_build_new(c, &(column_build_plan){ .out_fd = *out, .spill_fd = spill, .words = words,
                                                                .findings_to = &findings, .finding = table_made_no_finding });
    table_sink sink = column_build_sink(b);
    csv_found found;
    bool ok = csv_read(c, s, &(csv_declared){ 0 }, &sink, &found);
    *rows = column_build_rows(b);
    column_build_free(b);
    double took = table_made_cpu() - from;
    close(spill);
    return ok ? took : -1;
}

/* The table as an open column file; NULL: it failed, and says why. */
static inline column_file *table_made_open(ctx *c, const char *folder, uint64_t rows)
{
    const char *path = table_made_csv(c, folder, rows);
    lexicon *words = table_made_words(c);
    int in = path != NULL ? open(path, O_RDONLY) : -1, out = -1;
    source s;
    uint64_t got;
    column_file *f = NULL;
    bool ok = in >= 0 && source_open(c, in, str_of(path), &s) && table_made_load(c, &s, folder, words, &out, &got) >= 0
           && column_file_open_fd(c, out, &f);
    if (!ok)
        fprintf(stderr, "%.*s\n", S_ARG(c->err.message));
    close(in);
    close(out);
    lexicon_free(words);
    return ok ? f : NULL;
}
#endif
