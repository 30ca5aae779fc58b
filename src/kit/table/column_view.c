#include "kit/table/column_inside.h"
#include "kit/table/number_text.h"

#if defined(__GNUC__) && !defined(__clang__)
#define VECTORS __attribute__((optimize("O3")))     /* gcc's -O2 leaves these loops scalar */
#else
#define VECTORS
#endif

static bool sums_hold(const column_file *f, const column_section *s)
{
    uint64_t left = column_stored(s->bytes);
    const uint8_t *p = f->map + s->at;
    for (uint32_t i = 0; i < s->sum_count; i++) {
        size_t n = left < COLUMN_SUM_BLOCK ? (size_t)left : COLUMN_SUM_BLOCK;
        uint64_t sum;
        memcpy(&sum, (const uint8_t *)s->sums + (size_t)i * 8, 8);
        if (column_sum(p, n) != sum)
            return false;
        p += n;
        left -= n;
    }
    return true;
}

#define MAX_OF(T)                                                       \
    VECTORS static uint64_t max_##T(const T *p, uint64_t n)             \
    {                                                                   \
        T max = 0;                                                      \
        for (uint64_t i = 0; i < n; i++)                                \
            max = p[i] > max ? p[i] : max;                              \
        return max;                                                     \
    }
MAX_OF(uint8_t)
MAX_OF(uint16_t)
MAX_OF(uint32_t)
MAX_OF(uint64_t)

static uint64_t largest(const column_view *v)
{
    switch (v->width) {
    case 1: return max_uint8_t(v->data, v->rows);
    case 2: return max_uint16_t(v->data, v->rows);
    case 4: return max_uint32_t(v->data, v->rows);
    default: return max_uint64_t(v->data, v->rows);
    }
}

#define RISES(T)                                                        \
    VECTORS static bool rises_##T(const T *p, uint64_t steps)           \
    {                                                                   \
        T falls = 0;                                                    \
        for (uint64_t i = 0; i < steps; i++)                            \
            falls |= (T)(p[i + 1] < p[i]);                              \
        return falls == 0;                                              \
    }
RISES(uint32_t)
RISES(uint64_t)

static bool nulls_in_order(const column_view *v)
{
    for (uint32_t i = 0; i < v->nulls; i++) {
        if (v->dict_nulls[i] >= COLUMN_NULL_KINDS || (i > 0 && v->dict_nulls[i] < v->dict_nulls[i - 1]))
            return false;
        if (i > 0 && v->dict_nulls[i] == v->dict_nulls[i - 1] && str_cmp(column_entry(v, i - 1), column_entry(v, i)) >= 0)
            return false;
    }
    return true;
}

static bool dictionary_holds(const inside_column *k)
{
    const column_view *v = &k->view;
    if (v->dict_offsets[0] != 0 || !rises_uint32_t(v->dict_offsets, v->dict_count)
        || v->dict_offsets[v->dict_count] != k->sections[ROLE_DICT_TEXTS].bytes || !nulls_in_order(v))
        return false;
    for (uint32_t i = v->nulls + 1; i < v->dict_count; i++) {
        if (v->keys != NULL && v->keys[i] < v->keys[i - 1])
            return false;
        if ((v->keys == NULL || v->keys[i] == v->keys[i - 1]) && str_cmp(column_entry(v, i - 1), column_entry(v, i)) >= 0)
            return false;
    }
    return true;
}

static bool heap_holds(const column_view *v)
{
    if (v->width == 4) {
        const uint32_t *o = v->data;
        return o[0] == 0 && rises_uint32_t(o, v->rows) && o[v->rows] == v->heap_bytes;
    }
    const uint64_t *o = v->data;
    return o[0] == 0 && rises_uint64_t(o, v->rows) && o[v->rows] == v->heap_bytes;
}

VECTORS static bool styles_hold(const column_view *v)
{
    uint8_t bad = 0;
    for (uint64_t i = 0; v->styles != NULL && i < v->rows; i++)
        bad |= (uint8_t)((v->styles[i] & COLUMN_STYLE_DECIMALS) > v->scale);
    return bad == 0;
}

/* What counts or points is inside; everything else is harmless whatever it says. */
static bool contents_hold(const inside_column *k)
{
    const column_view *v = &k->view;
    if (v->form == COLUMN_HEAP)
        return heap_holds(v);
    if (largest(v) != v->top || !dictionary_holds(k))
        return false;
    if (v->form == COLUMN_CODES)
        return v->rows == 0 || v->top < v->dict_count;
    int64_t last;
    return styles_hold(v) && (v->top < v->nulls || (v->top <= INT64_MAX && !__builtin_add_overflow(v->base, (int64_t)v->top, &last)));
}

static int check_column(const column_file *f, inside_column *k)
{
    for (unsigned r = 1; r < ROLES; r++)
        if (k->sections[r].at != 0 && !sums_hold(f, &k->sections[r]))
            return COLUMN_DAMAGED;
    return contents_hold(k) ? COLUMN_SOUND : COLUMN_DAMAGED;
}

bool column_use(ctx *c, const column_file *f, size_t col, column_view *out)
{
    must(col < f->count);
    inside_column *k = &f->columns[col];
    int state = atomic_load_explicit(&k->state, memory_order_acquire);
    if (state == COLUMN_UNCHECKED) {    /* two threads may both look: they find the same */
        state = check_column(f, k);
        atomic_store_explicit(&k->state, state, memory_order_release);
    }
    if (state == COLUMN_DAMAGED)
        return fail(c, INVALID, "column file %.*s: column %zu (%.*s) is damaged: load the table again", S_ARG(f->path), col + 1,
                    S_ARG(k->about.name));
    *out = k->view;
    return true;
}

static bool use_series(ctx *c, const column_file *f, inside_series *s)
{
    int state = atomic_load_explicit(&s->state, memory_order_acquire);
    if (state == COLUMN_UNCHECKED) {
        state = !s->known || s->width == 0 || sums_hold(f, &s->section) ? COLUMN_SOUND : COLUMN_DAMAGED;
        atomic_store_explicit(&s->state, state, memory_order_release);
    }
    return state == COLUMN_SOUND || fail(c, INVALID, "column file %.*s: the places of its rows are damaged", S_ARG(f->path));
}

static uint64_t series_at(const column_file *f, const inside_series *s, uint64_t row)
{
    column_view v = { .width = s->width, .data = f->map + s->section.at };
    return (uint64_t)s->base + row * s->step + (s->width == 0 ? 0 : column_at(&v, row));
}

bool column_file_place(ctx *c, const column_file *f, uint64_t row, uint64_t *byte, uint64_t *line, bool *known)
{
    column_file *inside = (column_file *)(uintptr_t)f;  /* only the states of checks change */
    *known = (f->place_bytes.known || f->place_lines.known) && row < f->rows;
    if (!*known)
        return true;
    if (!use_series(c, f, &inside->place_bytes) || !use_series(c, f, &inside->place_lines))
        return false;
    *byte = f->place_bytes.known ? series_at(f, &f->place_bytes, row) : 0;
    *line = f->place_lines.known ? series_at(f, &f->place_lines, row) : 0;
    return true;
}

bool column_file_check(ctx *c, const column_file *f)
{
    column_file *inside = (column_file *)(uintptr_t)f;
    column_view v;
    for (size_t i = 0; i < f->count; i++)
        if (!column_use(c, f, i, &v))
            return false;
    return use_series(c, f, &inside->place_bytes) && use_series(c, f, &inside->place_lines);
}

static bool has_bit(const uint64_t *bits, uint64_t row)
{
    return bits != NULL && (bits[row / 64] >> (row % 64) & 1) != 0;
}

bool column_is_null(const column_view *v, uint64_t row)
{
    return v->form == COLUMN_HEAP ? has_bit(v->null_bits, row) : column_at(v, row) < v->nulls;
}

static str heap_text(const column_view *v, uint64_t row)
{
    uint64_t from, to;
    if (v->width == 4) {
        from = ((const uint32_t *)v->data)[row];
        to = ((const uint32_t *)v->data)[row + 1];
    } else {
        from = ((const uint64_t *)v->data)[row];
        to = ((const uint64_t *)v->data)[row + 1];
    }
    return (str){ v->heap + from, (size_t)(to - from) };
}

column_null_kind column_why_null(const column_view *v, uint64_t row)
{
    if (v->form != COLUMN_HEAP)
        return (column_null_kind)v->dict_nulls[column_at(v, row)];
    if (has_bit(v->absent_bits, row))
        return COLUMN_NULL_ABSENT;
    if (has_bit(v->mark_bits, row))
        return COLUMN_NULL_MARK;
    return str_trim(heap_text(v, row)).n == 0 ? COLUMN_NULL_BLANK : COLUMN_NULL_BAD;
}

str column_text(const column_view *v, uint64_t row, char *room)
{
    if (v->form == COLUMN_HEAP)
        return has_bit(v->absent_bits, row) ? (str){ 0 } : heap_text(v, row);
    uint64_t e = column_at(v, row);
    if (e < v->nulls && v->dict_nulls[e] == COLUMN_NULL_ABSENT)
        return (str){ 0 };
    if (v->form == COLUMN_CODES || e < v->nulls)
        return column_entry(v, (uint32_t)e);
    uint8_t style = v->styles != NULL ? v->styles[row] : (uint8_t)v->scale;
    return number_print(v->base + (int64_t)e, v->scale, style, v->digits, room);
}

bool column_key(const column_view *v, uint64_t row, int64_t *key)
{
    if (v->form == COLUMN_HEAP) {
        *key = v->keys != NULL ? v->keys[row] : COLUMN_KEY_NULL;
        return *key != COLUMN_KEY_NULL;
    }
    uint64_t e = column_at(v, row);
    if (e < v->nulls || v->digits > 0 || (v->form == COLUMN_CODES && v->keys == NULL))
        return false;
    *key = v->form == COLUMN_CODES ? v->keys[e] : v->base + (int64_t)e;
    return true;
}

bool column_number(const column_view *v, uint64_t row, double *out)
{
    int64_t key;
    if (!column_key(v, row, &key))
        return false;
    *out = v->scale > 0 ? (double)key / (double)number_ten_to(v->scale) : (double)key;
    return true;
}

uint32_t column_entry_from(const column_view *v, int64_t key)
{
    uint32_t lo = v->nulls, hi = v->dict_count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (v->keys[mid] < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static uint32_t text_from(const column_view *v, uint32_t lo, uint32_t hi, str text)
{
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (str_cmp(column_entry(v, mid), text) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

uint32_t column_entry_from_text(const column_view *v, str text)
{
    return text_from(v, v->nulls, v->dict_count, text);
}

bool column_entry_find(const column_view *v, str text, uint32_t *code)
{
    for (uint32_t lo = 0; lo < v->nulls;) {            /* each reason is in order of its own */
        uint32_t hi = lo;
        while (hi < v->nulls && v->dict_nulls[hi] == v->dict_nulls[lo])
            hi++;
        *code = text_from(v, lo, hi, text);
        if (*code < hi && str_eq(column_entry(v, *code), text) && v->dict_nulls[lo] != COLUMN_NULL_ABSENT)
            return true;
        lo = hi;
    }
    uint32_t lo = v->nulls, hi = v->dict_count;
    int64_t key;
    if (v->keys != NULL) {
        if (!column_type_read(v->type, v->scale, text, &key))
            return false;
        lo = column_entry_from(v, key);
        hi = key < INT64_MAX ? column_entry_from(v, key + 1) : hi;
    }
    *code = text_from(v, lo, hi, text);
    return *code < hi && str_eq(column_entry(v, *code), text);
}
