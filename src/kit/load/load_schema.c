#include "kit/load/load_schema.h"

#include "kit/table/row_match.h"

static bool tell(ctx *c, const table_sink *to, const char *code, size_t col, str sample)
{
    return to->finding(c, to->to, &(table_finding){ .code = code, .col = col, .sample = sample, .count = 1 });
}

bool load_schema_fits(const table_schema *s, const table_head *h)
{
    size_t wanted = 0, there = 0;
    for (size_t f = 0; f < s->n; f++) {
        bool found = false;
        for (size_t i = 0; i < h->col_count && !found; i++)
            found = table_schema_field(s, h, i, NULL) == &s->fields[f];
        wanted += !s->fields[f].optional;
        there += found;
    }
    return there > 0 && 2 * there >= wanted;
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

bool load_schema_named(const table_schema *s, const size_t *places, const str_list *names, size_t *cols)
{
    for (size_t i = 0; i < names->n; i++) {
        size_t f = 0;
        while (f < s->n && !str_eq(s->fields[f].name, names->v[i]))
            f++;
        if (f == s->n || places[f] == TABLE_NO_COLUMN)
            return false;
        cols[i] = places[f];
    }
    return names->n > 0;
}

str load_schema_sample(ctx *c, const column_file *f, const size_t *cols, size_t n, uint64_t row)
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

bool load_schema_tell(ctx *c, const load_told *to, const char *code, const size_t *cols, size_t n, const uint64_t *rows, size_t row_count,
                      uint64_t count)
{
    for (size_t i = 0; i < row_count; i++) {
        table_finding at = { .code = code, .row = rows[i] + 1, .col = cols[0] + 1, .sample = load_schema_sample(c, to->file, cols, n, rows[i]),
                             .count = i + 1 < row_count ? 1 : count - i };
        bool known;
        if (!column_file_place(c, to->file, rows[i], &at.byte, &at.line, &known) || !to->finding(c, to->to, &at))
            return false;
    }
    return true;
}

static bool judge_required(ctx *c, size_t col, const load_told *to)
{
    column_view v;
    uint64_t rows[LOAD_PLACES], nulls = column_file_about(to->file, col)->stats.null_count;
    size_t n = 0;
    if (nulls == 0)
        return true;
    if (!column_use(c, to->file, col, &v))
        return false;
    for (uint64_t row = 0; row < v.rows && n < LOAD_PLACES; row++)
        if (column_is_null(&v, row))
            rows[n++] = row;
    return load_schema_tell(c, to, "required_missing", &col, 1, rows, n, nulls);
}

static bool judge_repeated(ctx *c, const char *code, const size_t *cols, size_t n, const load_told *to)
{
    row_found found;
    column_file *file = (column_file *)to->file;
    return row_match_repeated(c, &(row_side){ .files = &file, .n = 1, .cols = cols }, n, LOAD_PLACES, &found)
        && load_schema_tell(c, to, code, cols, n, found.rows, found.n, found.count);
}

bool load_schema_rows(ctx *c, const table_schema *s, const str_list *key, const load_told *to)
{
    size_t *places = table_schema_places(c, s, to->file);
    for (size_t i = 0; i < s->n; i++) {
        const table_field *f = &s->fields[i];
        if (places[i] == TABLE_NO_COLUMN)
            continue;                   /* which was told */
        if ((f->required && !judge_required(c, places[i], to)) || (f->unique && !judge_repeated(c, "not_unique", &places[i], 1, to)))
            return false;
    }
    size_t *cols = new_n(c->a, size_t, key != NULL ? key->n + 1 : 1);
    return key == NULL || !load_schema_named(s, places, key, cols) || judge_repeated(c, "key_repeated", cols, key->n, to);
}
