#include "app/vocabulary/tsv.h"

#include "embedded.h"

void tsv_open(arena *a, tsv *t, const char *path)
{
    const embedded_file *f = embedded_find(str_of(path));
    must(f != NULL);
    *t = (tsv){ .rest = { (const char *)f->bytes, f->n } };
    str line;
    do
        must(str_next(&t->rest, '\n', &line));
    while (str_starts(line, S("#")));
    for (str cell; str_next(&line, '\t', &cell);)
        list_add(a, &t->columns, cell);
    must(t->columns.n <= array_len(t->cells));
}

bool tsv_next(tsv *t)
{
    str line;
    do
        if (!str_next(&t->rest, '\n', &line))
            return false;
    while (line.n == 0 || str_starts(line, S("#")));
    size_t n = 0;
    for (str cell; str_next(&line, '\t', &cell); n++) {
        must(n < t->columns.n);
        t->cells[n] = cell;
    }
    must(n == t->columns.n);
    return true;
}

str tsv_get(const tsv *t, const char *column)
{
    for (size_t i = 0; i < t->columns.n; i++)
        if (str_eq(t->columns.v[i], str_of(column)))
            return t->cells[i];
    must(false && "a column of a vocabulary file is missing");
    return S("");
}

str_list tsv_words(arena *a, str cell)
{
    str_list l = { 0 };
    for (str w; str_next(&cell, ' ', &w);)
        if (w.n > 0)
            list_add(a, &l, w);
    return l;
}
