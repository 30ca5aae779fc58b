#include "kit/load/load_schema.h"

#include "kit/table/row_key.h"

#define PLACES 20

static bool tell(ctx *c, const table_sink *to, const char *code, size_t col, str sample)
{
    return to->finding(c, to->to, &(table_finding){ .code = code, .col = col, .sample = sample, .count = 1 });
}

bool load_schema_columns(ctx *c, const table_schema *s, const table_head *h, const table_sink *to)
{
    if (s == NULL)
        return true;
    bool *found = new_n(c->a, bool, s->n + 1);
    for (size_t i = 0; i < h->col_count; i++) {
        table_match how;
        const table_field *f = table_schema_field(s, h, i, &how);
        if (f != NULL)
            found[f - s->fields] = true;
        const char *code = f == NULL ? "column_unknown" : how == TABLE_MATCH_ALIKE ? "column_renamed" : NULL;
        if (code != NULL && !tell(c, to, code, i + 1, h->cols[i].title))
            return false;
    }
    for (size_t f = 0; f < s->n; f++)
        if (!found[f] && !s->fields[f].optional && !tell(c, to, "column_lacking", 0, s->fields[f].title.n > 0 ? s->fields[f].title : s->fields[f].name))
            return false;
    return true;
}

static bool key_columns(ctx *c, const column_file *f, const str_list *key, size_t **cols)
{
    *cols = new_n(c->a, size_t, key->n);
    for (size_t i = 0; i < key->n; i++)
        if (!column_file_find(f, key->v[i], &(*cols)[i]))
            return false;               /* a column of it is lacking, which was told */
    return true;
}

static str sample_of(ctx *c, const column_file *f, const size_t *cols, size_t n, uint64_t row)
{
    buf b = buf_in(c->a);
    char room[COLUMN_NUMBER_ROOM];
    for (size_t i = 0; i < n; i++) {
        column_view v;
        if (column_use(c, f, cols[i], &v))
            buf_fmt(&b, "%s%.*s", i > 0 ? ", " : "", S_ARG(utf8_cut(column_text(&v, row, room), 60)));
    }
    return buf_str(&b);
}

static bool tell_rows(ctx *c, const column_file *f, const size_t *cols, size_t n, void *to, bool (*finding)(ctx *, void *, const table_finding *))
{
    uint64_t rows[PLACES], count;
    if (!row_key_repeated(c, f, cols, n, rows, PLACES, &count))
        return false;
    size_t told = count < PLACES ? (size_t)count : PLACES;
    for (size_t i = 0; i < told; i++) {
        table_finding at = { .code = "key_repeated", .row = rows[i] + 1, .col = cols[0] + 1, .sample = sample_of(c, f, cols, n, rows[i]),
                             .count = i + 1 < told ? 1 : count - i };
        bool known;
        if (!column_file_place(c, f, rows[i], &at.byte, &at.line, &known) || !finding(c, to, &at))
            return false;
    }
    return true;
}

bool load_schema_key(ctx *c, int fd, const str_list *key, void *to, bool (*finding)(ctx *, void *, const table_finding *))
{
    column_file *f;
    size_t *cols;
    if (!column_file_open_fd(c, fd, &f))
        return false;
    bool ok = key->n == 0 || !key_columns(c, f, key, &cols) || tell_rows(c, f, cols, key->n, to, finding);
    column_file_close(f);
    return ok;
}
