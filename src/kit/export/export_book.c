/* Workbooks: rows go to kit/sheet, whose bytes come out as the archive makes them. */
#include "kit/export/export_inside.h"

static bool take(ctx *c, void *to, str bytes)
{
    export *e = to;
    (void)c;
    buf_add(e->sheet_out, bytes);
    return true;
}

static sheet_column_kind kind_of(const export_column *k)
{
    switch (k->kind) {
    case EXPORT_INTEGER: case EXPORT_NUMBER: return SHEET_NUMBER;
    case EXPORT_DATE: return SHEET_DATE;
    case EXPORT_MOMENT: return SHEET_MOMENT;
    case EXPORT_BOOLEAN: return SHEET_BOOLEAN;
    default: return SHEET_TEXT;
    }
}

enum { WIDTH_LEAST = 6, WIDTH_MOST = 50, WIDTH_MOMENT = 20, WIDTH_ROOM = 2 };

/* The title, and the longest value as far as it is known: of texts in bytes, of which one of the values says how wide they are. */
static unsigned width_of(const export *e, const export_column *k)
{
    size_t widest = utf8_width(k->name);
    if (k->kind == EXPORT_MOMENT || k->kind == EXPORT_DATE) {
        widest = widest > WIDTH_MOMENT ? widest : k->kind == EXPORT_DATE ? WIDTH_MOMENT / 2 : WIDTH_MOMENT;
    } else if (k->col < query_table_columns(e->p.t)) {
        const column_stats *s = &query_table_about(e->p.t, k->col)->stats;
        size_t bytes = s->max_text.n, longest = s->max_bytes > bytes ? s->max_bytes : bytes;
        size_t value = bytes > 0 ? longest * utf8_width(s->max_text) / bytes : longest;
        widest = widest > value ? widest : value;
    }
    widest += WIDTH_ROOM;
    return widest < WIDTH_LEAST ? WIDTH_LEAST : widest > WIDTH_MOST ? WIDTH_MOST : (unsigned)widest;
}

/* Values are typed, so that a spreadsheet can count with them; a boolean is true or false. */
bool export_book_open(ctx *c, export *e)
{
    sheet_column *cols = new_n(c->a, sheet_column, e->p.col_count + 1);
    buf b = buf_in(c->a);
    e->p.typed = true;
    e->cells = new_n(c->a, str, e->p.col_count + 1);
    for (size_t i = 0; i < e->p.col_count; i++)
        cols[i] = (sheet_column){ e->cols[i].name, kind_of(&e->cols[i]), width_of(e, &e->cols[i]) };
    e->sheet_out = &b;
    byte_out out = { .to = e, .write = take };
    bool ok = sheet_write_open(c, e->p.format == EXPORT_ODS ? SHEET_ODS : SHEET_XLSX, out, e->p.name, cols, e->p.col_count, &e->sheet);
    e->sheet_out = NULL;
    e->p.head = buf_str(&b);
    if (!ok) {
        export_free(e);
        e->sheet = NULL;
    }
    return ok;
}

static bool put_row(ctx *c, export *e, uint32_t row, char *rooms)
{
    bool is_text;
    for (size_t i = 0; i < e->p.col_count; i++)
        e->cells[i] = export_text_of(e, &e->cols[i], row, rooms + i * EXPORT_ROOM, &is_text);
    return sheet_write_row(c, e->sheet, e->cells);
}

bool export_book_next(ctx *c, export *e, buf *out, size_t bytes, bool *more)
{
    char *rooms = new_n(c->a, char, (e->p.col_count + 1) * EXPORT_ROOM);
    if (!e->begun)
        buf_add(out, e->p.head);
    e->begun = true;
    *more = true;
    e->sheet_out = out;
    while (*more && out->n < bytes) {
        e->row_count = query_next(&e->p.walk, e->rows, e->left < EXPORT_ROWS ? (size_t)e->left : EXPORT_ROWS);
        e->left -= e->row_count;
        *more = e->row_count > 0;
        for (size_t i = 0; i < e->row_count; i++)
            if (!put_row(c, e, e->rows[i], rooms))
                return false;
    }
    bool ok = *more || sheet_write_close(c, e->sheet);
    e->sheet_out = NULL;
    return ok && (buf_fits(out) || fail(c, TOO_LARGE, "a row of this table is too large for an answer"));
}
