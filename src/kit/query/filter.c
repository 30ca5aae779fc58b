/* Filters to bits of rows, segment by segment. A comparison becomes a range of
 * entries wherever the form of the column allows it, so that it is one scan. */
#include "kit/query/inside.h"

#include "kit/table/number_text.h"

/* The day before which a bare year or month begins, or with which it ends: 2024, 2024-05. */
static bool read_period(column_key_kind kind, str text, bool upper, int64_t *key)
{
    int64_t year, month = upper ? 12 : 1;
    str y, m;
    if (!str_cut(text, S("-"), &y, &m))
        y = text;
    if (y.n != 4 || !str_to_i64(y, &year) || (m.n > 0 && (m.n > 2 || !str_to_i64(m, &month))) || month < 1 || month > 12)
        return false;
    if (upper && ++month > 12) {
        month = 1;
        year++;
    }
    int64_t day = day_from_civil((int)year, (int)month, 1) - (upper ? 1 : 0);
    if (kind == COLUMN_KEY_DAY)
        *key = day;
    else if (kind == COLUMN_KEY_MOMENT)
        *key = (upper ? (day + 1) * DAY_MS - 1 : day * DAY_MS) - DAY_TAIPEI_MS;
    return kind == COLUMN_KEY_DAY || kind == COLUMN_KEY_MOMENT;
}

/* A whole day as the bound of moments. */
static bool read_day(str text, bool upper, int64_t *key)
{
    int64_t day;
    if (!column_type_read(COLUMN_date, 0, text, &day))
        return false;
    *key = (upper ? (day + 1) * DAY_MS - 1 : day * DAY_MS) - DAY_TAIPEI_MS;
    return true;
}

/* A number with more decimals than the column has: the next key on the side that keeps a range right. One that is larger
 * than any key is beyond all of them. */
static bool read_finer(unsigned scale, str text, bool upper, int64_t *key)
{
    int64_t fine = 0, step = 1;
    double x;
    for (unsigned s = scale + 1; s <= COLUMN_SCALE_MAX; s++) {
        step *= 10;
        if (!column_type_read(COLUMN_decimal, s, text, &fine))
            continue;
        *key = fine / step + (fine % step > 0 && !upper) - (fine % step < 0 && upper);
        return true;
    }
    if (!str_to_f64(text, &x))
        return false;
    *key = x < 0 ? INT64_MIN + 1 : INT64_MAX;
    return true;
}

/* The key that a bound or a value stands for. exact: a value of the column can be just that. */
static bool read_bound(const column_view *v, str text, bool upper, int64_t *key, bool *exact)
{
    column_key_kind kind = column_type_key(v->type);
    *exact = true;
    if (column_type_read(v->type, v->scale, text, key))
        return true;
    *exact = false;
    if (kind == COLUMN_KEY_NUMBER)
        return read_finer(v->scale, text, upper, key);
    return read_period(kind, text, upper, key) || (kind == COLUMN_KEY_MOMENT && read_day(text, upper, key));
}

/* --- ranges of keys, by form --- */

static void no_rows(const column_view *v, uint64_t *bits, bool add)
{
    if (!add)
        memset(bits, 0, SCAN_WORDS(v->rows) * 8);
}

static void entries(const column_view *v, uint64_t lo, uint64_t hi, bool add, uint64_t *bits)
{
    if (lo < v->nulls)
        lo = v->nulls;
    if (lo > hi || lo > v->top)
        no_rows(v, bits, add);
    else
        scan_range(v->data, v->width, v->rows, lo, hi - lo, add, bits);
}

/* Keys from lo to hi, both of them in. */
static void keys_between(const column_view *v, int64_t lo, int64_t hi, bool add, uint64_t *bits)
{
    if (lo == COLUMN_KEY_NULL)
        lo++;
    if (lo > hi) {
        no_rows(v, bits, add);
    } else if (v->form == COLUMN_NUMBERS) {
        if (hi < v->base) {
            no_rows(v, bits, add);
            return;
        }
        uint64_t from = lo > v->base ? (uint64_t)lo - (uint64_t)v->base : 0;
        entries(v, from, (uint64_t)hi - (uint64_t)v->base, add, bits);
    } else if (v->form == COLUMN_CODES) {
        uint32_t from = column_entry_from(v, lo), past = hi == INT64_MAX ? v->dict_count : column_entry_from(v, hi + 1);
        if (past == 0)
            no_rows(v, bits, add);
        else
            entries(v, from, (uint64_t)past - 1, add, bits);
    } else {
        scan_range(v->keys, 8, v->rows, (uint64_t)lo, (uint64_t)hi - (uint64_t)lo, add, bits);
    }
}

static bool has_keys(const column_view *v)
{
    return column_type_key(v->type) != COLUMN_KEY_NONE && (v->form == COLUMN_NUMBERS || v->keys != NULL);
}

/* --- ranges of text --- */

static bool text_between(const query_filter *f, str s)
{
    int lo = f->has_from ? str_cmp(s, f->from) : 1, hi = f->has_to ? str_cmp(s, f->to) : -1;
    return (lo > 0 || (lo == 0 && !f->from_open)) && (hi < 0 || (hi == 0 && !f->to_open));
}

static void range_of_text(const column_view *v, const query_filter *f, uint64_t *bits)
{
    char room[COLUMN_NUMBER_ROOM];
    memset(bits, 0, SCAN_WORDS(v->rows) * 8);
    if (v->form == COLUMN_CODES) {
        uint32_t from = v->nulls, past = v->dict_count;
        if (f->has_from)
            from = column_entry_from_text(v, f->from);
        while (f->has_from && f->from_open && from < v->dict_count && str_eq(column_entry(v, from), f->from))
            from++;
        if (f->has_to)
            past = column_entry_from_text(v, f->to);
        while (f->has_to && !f->to_open && past < v->dict_count && str_eq(column_entry(v, past), f->to))
            past++;
        if (past > 0)
            entries(v, from, (uint64_t)past - 1, false, bits);
        return;
    }
    for (uint64_t i = 0; i < v->rows; i++)
        if (!column_is_null(v, i) && text_between(f, column_text(v, i, room)))
            scan_put(bits, i);
}

static bool no_value(ctx *c, const query_table *t, size_t col, str said)
{
    const column_about *k = query_table_about(t, col);
    return fail_said(c, INVALID, S(""), "“{value}” cannot be compared with the values of “{column}”: write it as {example}",
                     { "value", utf8_cut(said, 60) }, { "column", k->title.n > 0 ? k->title : k->name }, { "example", utf8_cut(k->stats.min_text, 60) });
}

static bool range(ctx *c, const query_table *t, const column_view *v, const query_filter *f, uint64_t *bits)
{
    int64_t lo = INT64_MIN + 1, hi = INT64_MAX;
    bool exact;
    if (!has_keys(v)) {
        range_of_text(v, f, bits);
        return true;
    }
    /* An open lower bound is read upwards (2024: its last day) and the next key is the first that counts; so with the upper. */
    if (f->has_from) {
        if (!read_bound(v, f->from, f->from_open, &lo, &exact))
            return no_value(c, t, f->col, f->from);
        if (f->from_open && lo != INT64_MAX)
            lo++;
    }
    if (f->has_to) {
        if (!read_bound(v, f->to, !f->to_open, &hi, &exact))
            return no_value(c, t, f->col, f->to);
        if (f->to_open && hi > INT64_MIN + 1)
            hi--;
    }
    keys_between(v, lo, hi, false, bits);
    return true;
}

/* --- equality --- */

static void equal_heap_text(const column_view *v, str want, uint64_t *bits)
{
    uint64_t *same = bits;
    uint16_t print = column_print(want);
    size_t words = SCAN_WORDS(v->rows);
    scan_range(v->prints, 2, v->rows, print, 0, false, same);
    char room[COLUMN_NUMBER_ROOM];
    for (size_t w = 0; w < words; w++)
        for (uint64_t m = same[w]; m != 0; m &= m - 1) {
            uint64_t row = w * 64 + (uint64_t)__builtin_ctzll(m);
            if (column_is_null(v, row) || !str_eq(column_text(v, row, room), want))
                same[w] &= ~(UINT64_C(1) << (row & 63));
        }
}

/* Codes that are kept as numbers: 00012 is one of five digits, 12 is none. */
static bool read_code(const column_view *v, str text, int64_t *number)
{
    char room[COLUMN_NUMBER_ROOM];
    return str_to_i64(text, number) && str_eq(number_print(*number, v->scale, (uint8_t)v->scale, v->digits, room), text);
}

static void equal_one(ctx *c, const column_view *v, str want, bool add, uint64_t *bits)
{
    int64_t key, last;
    uint32_t code;
    bool exact;
    if (has_keys(v)) {
        if (read_bound(v, want, false, &key, &exact) && exact)
            keys_between(v, key, key, add, bits);
        else if (column_type_key(v->type) != COLUMN_KEY_NUMBER && read_bound(v, want, false, &key, &exact)
                 && read_bound(v, want, true, &last, &exact))
            keys_between(v, key, last, add, bits); /* 2024 of a date: every day of it */
        else
            no_rows(v, bits, add);
    } else if (v->form == COLUMN_CODES) {
        if (column_entry_find(v, want, &code) && code >= v->nulls)
            entries(v, code, code, add, bits);
        else
            no_rows(v, bits, add);
    } else if (v->form == COLUMN_NUMBERS) {
        if (read_code(v, want, &key))
            keys_between(v, key, key, add, bits);
        else
            no_rows(v, bits, add);
    } else if (add) {
        uint64_t *more = new_n(c->a, uint64_t, SCAN_WORDS(v->rows) + 1);
        equal_heap_text(v, want, more);
        scan_or(bits, more, SCAN_WORDS(v->rows));
    } else {
        equal_heap_text(v, want, bits);
    }
}

/* Many values of a column of codes: one scan by a table of them. */
static bool equal_set(ctx *c, const column_view *v, const query_filter *f, uint64_t *bits)
{
    if (v->form != COLUMN_CODES || has_keys(v) || f->value_count < 6 || v->width > 4)
        return false;
    uint8_t *wanted = new_n(c->a, uint8_t, (size_t)v->dict_count + 1);
    uint32_t code;
    for (size_t i = 0; i < f->value_count; i++)
        if (column_entry_find(v, f->values[i], &code) && code >= v->nulls)
            wanted[code] = 1;
    scan_set(v->data, v->width, v->rows, wanted, false, bits);
    return true;
}

static void equal(ctx *c, const column_view *v, const query_filter *f, uint64_t *bits)
{
    if (equal_set(c, v, f, bits))
        return;
    no_rows(v, bits, false);
    for (size_t i = 0; i < f->value_count; i++)
        equal_one(c, v, f->values[i], i > 0, bits);
}

/* --- nulls --- */

static void nulls(const column_view *v, uint64_t *bits)
{
    if (v->form == COLUMN_HEAP) {
        if (v->null_bits != NULL)
            memcpy(bits, v->null_bits, SCAN_WORDS(v->rows) * 8);
        else
            no_rows(v, bits, false);
    } else if (v->nulls == 0) {
        no_rows(v, bits, false);
    } else {
        scan_range(v->data, v->width, v->rows, 0, v->nulls - 1, false, bits);
    }
}

/* --- the tree --- */

static bool words_in_row(ctx *c, const query_table *t, size_t segment, const query_filter *f, uint64_t *bits)
{
    size_t words = SCAN_WORDS(column_file_rows(t->files[segment]));
    uint64_t *one = new_n(c->a, uint64_t, words + 1), *any = new_n(c->a, uint64_t, words + 1);
    scan_all(bits, column_file_rows(t->files[segment]));
    for (size_t i = 0; i < f->value_count; i++) {
        memset(any, 0, words * 8);
        for (size_t col = 0; col < t->cols; col++) {
            column_view v;
            if (!ctx_in_time(c) || !column_use(c, t->files[segment], col, &v)
                || !query_filter_text(c, &v, f->values[i], false, one))
                return false;
            scan_or(any, one, words);
        }
        scan_and(bits, any, words);
    }
    return true;
}

static bool kids(ctx *c, const query_table *t, size_t segment, const query_filter *f, uint64_t *bits)
{
    uint64_t rows = column_file_rows(t->files[segment]);
    size_t words = SCAN_WORDS(rows);
    if (f->op == QUERY_NOT) {
        must(f->kid_count == 1);
        if (!query_filter_segment(c, t, segment, f->kids, bits))
            return false;
        scan_not(bits, rows);
        return true;
    }
    if (f->op == QUERY_AND)
        scan_all(bits, rows);
    else
        memset(bits, 0, words * 8);
    uint64_t *one = f->kid_count > 1 ? new_n(c->a, uint64_t, words + 1) : NULL;
    for (size_t i = 0; i < f->kid_count; i++) {
        if (!query_filter_segment(c, t, segment, &f->kids[i], i == 0 ? bits : one))
            return false;
        if (i > 0 && f->op == QUERY_AND)
            scan_and(bits, one, words);
        else if (i > 0)
            scan_or(bits, one, words);
    }
    return true;
}

static void rows_between(const query_table *t, size_t segment, const query_filter *f, uint64_t *bits)
{
    uint64_t first = t->first[segment], past = t->first[segment + 1];
    uint64_t from = f->row_from > first ? f->row_from - 1 : first, to = f->row_to < past ? f->row_to : past;
    memset(bits, 0, SCAN_WORDS(past - first) * 8);
    for (uint64_t i = from; i < to; i++)
        scan_put(bits, i - first);
}

bool query_filter_segment(ctx *c, const query_table *t, size_t segment, const query_filter *f, uint64_t *bits)
{
    column_view v;
    if (!ctx_in_time(c))
        return false;
    if (f->op == QUERY_AND || f->op == QUERY_OR || f->op == QUERY_NOT)
        return kids(c, t, segment, f, bits);
    if (f->op == QUERY_WORDS)
        return words_in_row(c, t, segment, f, bits);
    if (f->op == QUERY_ROWS) {
        rows_between(t, segment, f, bits);
        return true;
    }
    if (!query_column_known(c, t, f->col) || !column_use(c, t->files[segment], f->col, &v))
        return false;
    switch (f->op) {
    case QUERY_EQUAL: equal(c, &v, f, bits); return true;
    case QUERY_NULL: nulls(&v, bits); return true;
    case QUERY_RANGE: return range(c, t, &v, f, bits);
    default: must(f->value_count == 1); return query_filter_text(c, &v, f->values[0], f->op == QUERY_PREFIX, bits);
    }
}
