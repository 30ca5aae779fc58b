#include "kit/table/heading_tell.h"

#define COLUMNS_TOLD 10

typedef struct {
    const char *code;
    uint64_t count;
} kind;

static bool tell(ctx *c, const table_sink *to, const table_finding *f)
{
    return to->finding == NULL || to->finding(c, to->to, f);
}

static bool tell_column(ctx *c, const table_sink *to, kind *k, size_t col, str sample)
{
    if (k->count++ >= COLUMNS_TOLD)
        return true;
    return tell(c, to, &(table_finding){ .code = k->code, .col = col, .sample = utf8_cut(sample, 120), .count = 1 });
}

static bool tell_names(ctx *c, const table_head *h, const table_sink *to)
{
    kind empty = { .code = "empty_name" }, twice = { .code = "duplicate_name" }, blank = { .code = "blank_in_name" };
    map seen = map_in(c->a);
    for (size_t k = 0; k < h->col_count; k++) {
        str title = h->cols[k].title, trimmed = str_trim(title);
        bool is_new = true;
        if (trimmed.n == 0) {
            if (!tell_column(c, to, &empty, k + 1, (str){ 0 }))
                return false;
            continue;
        }
        map_put(&seen, trimmed, &is_new);
        bool odd = trimmed.n < title.n || str_find_byte(title, '\n') < title.n || str_find_byte(title, '\r') < title.n;
        if ((!is_new && !tell_column(c, to, &twice, k + 1, title)) || (odd && !tell_column(c, to, &blank, k + 1, title)))
            return false;
    }
    const kind all[] = { empty, twice, blank };
    for (size_t i = 0; i < array_len(all); i++)
        if (all[i].count > COLUMNS_TOLD && !tell(c, to, &(table_finding){ .code = all[i].code, .count = all[i].count - COLUMNS_TOLD }))
            return false;
    return true;
}

static str first_note(const table_head *h)
{
    for (size_t i = 0; i < h->notes_rows; i++)
        if (h->notes[i].n > 0)
            return utf8_cut(h->notes[i], 120);
    return (str){ 0 };
}

bool heading_tell(ctx *c, const table_head *h, size_t levels, uint64_t line, const table_sink *to)
{
    table_finding notes = { .code = "notes_above", .line = line, .sample = first_note(h), .count = h->notes_rows };
    if (h->notes_rows > 0 && !tell(c, to, &notes))
        return false;
    if (h->header_rows == 0)
        return tell(c, to, &(table_finding){ .code = "no_header", .count = 1 });
    if (levels > 1 && !tell(c, to, &(table_finding){ .code = "merged_header", .count = 1 }))
        return false;
    if (h->header_rows > levels && !tell(c, to, &(table_finding){ .code = "second_header", .count = 1 }))
        return false;
    return tell_names(c, h, to);
}
