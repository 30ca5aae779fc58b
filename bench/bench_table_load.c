/* bench_table_load — from CSV to a column file that answers queries: types, dictionaries, statistics and findings included.
 *
 *     bench_table_load ROWS FOLDER [CSV]         one load: seconds of CPU, rows, peak memory in MB, bytes of the file
 *     bench_table_load columns ROWS FOLDER [CSV] what became of each column, and whether the file is sound
 *
 * Without CSV a table of ROWS is made in FOLDER by table_rows.h; it stays there for other programs to be measured on.
 * bench_table_load.py runs it by turns with others. */
#include <sys/stat.h>

#include "table_made.h"

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
    bool columns = argc > 1 && strcmp(argv[1], "columns") == 0;
    argv += columns;
    argc -= columns;
    if (argc < 3)
        return 2;
    uint64_t rows = strtoull(argv[1], NULL, 10);
    const char *path = argc > 3 ? argv[3] : table_made_csv(&c, argv[2], rows);
    int in = path != NULL ? open(path, O_RDONLY) : -1, out = -1;
    lexicon *words = table_made_words(&c);
    source s;
    double took = in >= 0 && source_open(&c, in, str_of(path), &s) ? table_made_load(&c, &s, argv[2], words, &out, &rows) : -1;
    struct stat st;
    column_file *f = NULL;
    if (took < 0 || fstat(out, &st) != 0 || (columns && !column_file_open_fd(&c, out, &f))) {
        fprintf(stderr, "%.*s\n", S_ARG(c.err.message));
        return 2;
    }
    printf("%.4f %" PRIu64 " %ld %lld\n", took, rows, table_made_peak_mb(), (long long)st.st_size);
    if (f != NULL) {
        show_columns(f);
        printf("  %s\n", column_file_check(&c, f) ? "sound" : "damaged");
    }
    column_file_close(f);
    lexicon_free(words);
    arena_free(c.a);
    return 0;
}
