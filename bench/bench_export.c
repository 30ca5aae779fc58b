/* bench_export — a table of table_rows.h out again, as readers download it: CPU time of the process, medians, and the memory
 * that the writing itself takes (what is not of the mapped file). Exit 1 when a measure is missed.
 *
 *     bench_export [ROWS [FOLDER]]       1,000,000 rows; the folder keeps the CSV that they are made of */
#include "kit/export/export.h"
#include "table_made.h"

enum { ROUNDS = 3 };

/* Memory of the process in MB that no file stands behind. */
static long own_mb(void)
{
    char line[256];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, "RssAnon:", 8) == 0)
            kb = strtol(line + 8, NULL, 10);
    if (f != NULL)
        fclose(f);
    return kb / 1024;
}

typedef struct { double seconds; uint64_t bytes; long mb; } written;

static written write_all(query_table *t, export_format format)
{
    written w = { 0 };
    ctx c = { .a = arena_new(65536) };
    export_plan p = { .t = t, .limit = UINT64_MAX, .format = format, .col_count = query_table_columns(t), .name = S("table") };
    size_t *cols = new_n(c.a, size_t, p.col_count);
    export *e;
    long before = own_mb();
    double from = table_made_cpu();
    for (size_t i = 0; i < p.col_count; i++)
        cols[i] = i;
    p.cols = cols;
    must(query_select(&c, t, NULL, NULL, 0, &p.walk) && export_new(&c, &p, &e));
    arena *pieces = arena_new((size_t)1 << 20);
    for (bool more = true; more; arena_reset(pieces)) {
        buf out = buf_max(pieces, (size_t)1 << 24);
        must(export_next(&c, e, &out, 65536, &more));
        w.bytes += out.n;
    }
    w.seconds = table_made_cpu() - from;
    w.mb = own_mb() - before;
    export_free(e);
    arena_free(pieces);
    arena_free(c.a);
    return w;
}

static bool measure(query_table *t, const char *what, export_format format, double least_gb, double least_rows)
{
    double took[ROUNDS], rows = (double)query_table_rows(t);
    written w = { 0 };
    long mb = 0;
    for (int i = 0; i < ROUNDS; i++) {
        w = write_all(t, format);
        took[i] = w.seconds;
        mb = w.mb > mb ? w.mb : mb;
    }
    double s = table_made_median(took, ROUNDS), gb = (double)w.bytes / s / 1e9;
    bool met = gb >= least_gb && rows / s >= least_rows && mb <= 32;
    printf("| %s | %.0f | %.2f | %.0f,000 | %ld MB |", what, (double)w.bytes / 1e6, gb, rows / s / 1000, mb);
    if (least_gb > 0)
        printf(" ≥ %.1f GB/s |", least_gb);
    else if (least_rows > 0)
        printf(" ≥ %.0f,000 rows/s |", least_rows / 1000);
    else
        printf(" – |");
    printf(" %s |\n", least_gb + least_rows == 0 ? "–" : met ? "yes" : "**no**");
    fflush(stdout);
    return met;
}

int main(int argc, char **argv)
{
    ctx c = { .a = arena_new((size_t)1 << 20) };
    query_table *t;
    column_file *f = table_made_open(&c, argc > 2 ? argv[2] : table_made_folder(&c), argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000);
    if (f == NULL || !query_table_new(&c, &f, 1, &t))
        return 2;
    printf("| Form | MB | GB/s | Rows a CPU-second | Memory | Wanted | Reached |\n|---|---|---|---|---|---|---|\n");
    bool met = measure(t, "CSV", EXPORT_CSV, 0.5, 0);
    met &= measure(t, "NDJSON", EXPORT_NDJSON, 0, 0);
    met &= measure(t, "XML", EXPORT_XML, 0, 0);
    met &= measure(t, "XLSX", EXPORT_XLSX, 0, 150000);
    met &= measure(t, "ODS", EXPORT_ODS, 0, 150000);
    query_table_free(t);
    column_file_close(f);
    arena_free(c.a);
    return met ? 0 : 1;
}
