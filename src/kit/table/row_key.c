#include "kit/table/row_key.h"

typedef struct { column_view *views; const column_file *f; const row_key *k; } reader;

static bool reader_new(ctx *c, const column_file *f, const row_key *k, reader *out)
{
    *out = (reader){ .views = new_n(c->a, column_view, k->col_count), .f = f, .k = k };
    for (size_t i = 0; i < k->col_count; i++)
        if (!column_use(c, f, k->cols[i], &out->views[i]))
            return false;
    return true;
}

/* Equal values give equal bytes: a number without the zeros at the end of its decimals, a text with its length before it.
 * False: a value is null. */
static bool key_of(const reader *r, uint64_t row, buf *b, size_t *null_col)
{
    char room[COLUMN_NUMBER_ROOM];
    b->n = 0;
    for (size_t i = 0; i < r->k->col_count; i++) {
        const column_view *v = &r->views[i];
        int64_t key;
        *null_col = r->k->cols[i];
        if (column_is_null(v, row))
            return false;
        if (column_key(v, row, &key)) {
            unsigned scale = v->scale;
            for (; scale > 0 && key % 10 == 0; scale--)
                key /= 10;
            buf_add(b, (str){ (const char *)&key, sizeof key });
            buf_byte(b, (char)scale);
        } else {
            str s = column_text(v, row, room);
            uint32_t n = (uint32_t)s.n;
            buf_add(b, (str){ (const char *)&n, sizeof n });
            buf_add(b, s);
        }
    }
    return true;
}

static void set_bit(ctx *c, uint64_t **bits, uint64_t rows, uint64_t row)
{
    if (*bits == NULL)
        *bits = new_n(c->a, uint64_t, rows / 64 + 1);
    (*bits)[row / 64] |= (uint64_t)1 << row % 64;
}

bool row_key_new(ctx *c, const column_file *added, const size_t *cols, size_t n, row_key *out)
{
    reader r;
    buf b = buf_in(c->a);
    size_t col;
    uint64_t rows = column_file_rows(added);
    *out = (row_key){ .cols = cols, .col_count = n, .rows = map_in(c->a) };
    if (!reader_new(c, added, out, &r))
        return false;
    for (uint64_t row = 0; row < rows; row++) {
        bool is_new;
        if (!key_of(&r, row, &b, &col)) {
            const column_about *k = column_file_about(added, col);
            return fail_field(c, INVALID, k->name, "row %" PRIu64 " has no value in “%.*s”, which is part of the key", row + 1,
                              S_ARG(k->title.n > 0 ? k->title : k->name));
        }
        map_item *known = map_get(&out->rows, buf_str(&b));
        is_new = known == NULL;
        if (is_new)
            known = map_put(&out->rows, str_dup(c->a, buf_str(&b)), NULL);
        else {
            set_bit(c, &out->dropped, rows, (uint64_t)known->i);
            out->dropped_count++;
        }
        known->i = (int64_t)row;
    }
    return true;
}

bool row_key_find(ctx *c, row_key *k, const column_file *old, uint64_t **dropped, uint64_t *count)
{
    reader r;
    buf b = buf_in(c->a);
    size_t col;
    uint64_t rows = column_file_rows(old);
    *dropped = NULL;
    *count = 0;
    if (!reader_new(c, old, k, &r))
        return false;
    for (uint64_t row = 0; row < rows; row++) {
        if (row % 65536 == 0 && !ctx_in_time(c))
            return false;
        if (key_of(&r, row, &b, &col) && map_get(&k->rows, buf_str(&b)) != NULL) {
            set_bit(c, dropped, rows, row);
            ++*count;
        }
    }
    return true;
}
