#include "kit/table/column_inside.h"

/* A cursor over the directory: reading beyond its end sets `bad` and gives zeros. */
typedef struct {
    const uint8_t *p;
    size_t n, at;
    bool bad;
} cursor;

static const uint8_t *take(cursor *k, size_t n)
{
    if (k->bad || k->n - k->at < n) {
        k->bad = true;
        return NULL;
    }
    k->at += n;
    return k->p + k->at - n;
}

static uint8_t take_u8(cursor *k)
{
    const uint8_t *p = take(k, 1);
    return p != NULL ? *p : 0;
}

static uint32_t take_u32(cursor *k)
{
    uint32_t v = 0;
    const uint8_t *p = take(k, 4);
    if (p != NULL)
        memcpy(&v, p, 4);
    return v;
}

static uint64_t take_u64(cursor *k)
{
    uint64_t v = 0;
    const uint8_t *p = take(k, 8);
    if (p != NULL)
        memcpy(&v, p, 8);
    return v;
}

static int64_t take_i64(cursor *k)
{
    return (int64_t)take_u64(k);
}

static double take_f64(cursor *k)
{
    double v = 0;
    const uint8_t *p = take(k, 8);
    if (p != NULL)
        memcpy(&v, p, 8);
    return v;
}

static str take_text(cursor *k)
{
    uint32_t n = take_u32(k);
    const uint8_t *p = take(k, n);
    return p != NULL ? (str){ (const char *)p, n } : (str){ 0 };
}

/* Members of a list, each at least `each` bytes: a count that cannot be true is never believed. */
static uint32_t take_count(cursor *k, size_t each)
{
    uint32_t n = take_u32(k);
    if (n > (k->n - k->at) / each)
        k->bad = true;
    return k->bad ? 0 : n;
}

/* A section begins where the one before ended. */
static bool take_section(cursor *k, const column_file *f, uint64_t *next, column_section *out, unsigned *role)
{
    *role = take_u8(k);
    out->at = take_u64(k);
    out->bytes = take_u64(k);
    out->sum_count = take_count(k, 8);
    out->sums = take(k, (size_t)out->sum_count * 8);
    if (k->bad || *role == 0 || *role >= ROLES || out->at != *next || out->bytes > f->bytes)
        return false;
    uint64_t stored = column_stored(out->bytes);
    if (stored > f->bytes - out->at || out->sum_count != (stored + COLUMN_SUM_BLOCK - 1) / COLUMN_SUM_BLOCK)
        return false;
    *next = out->at + stored;
    return true;
}

static bool take_series(cursor *k, const column_file *f, uint64_t *next, unsigned role, inside_series *s)
{
    unsigned got = 0;
    uint8_t known = take_u8(k);
    s->known = known == 1;
    if (known == 0 || k->bad)
        return !k->bad;
    s->base = take_i64(k);
    s->step = take_u64(k);
    s->width = take_u8(k);
    if (known > 1 || (s->width != 0 && s->width != 1 && s->width != 2 && s->width != 4 && s->width != 8))
        return false;
    return s->width == 0 ? !k->bad
                         : take_section(k, f, next, &s->section, &got) && got == role && s->section.bytes == f->rows * s->width;
}

static bool take_stats(cursor *k, arena *a, column_stats *s)
{
    for (int i = 0; i < COLUMN_NULL_KINDS; i++) {
        s->nulls[i] = take_u64(k);
        s->null_count += s->nulls[i];
    }
    s->distinct = take_u64(k);
    uint8_t flags = take_u8(k);
    s->distinct_exact = flags & STATS_DISTINCT_EXACT;
    s->has_keys = flags & STATS_KEYS;
    s->sum_exact = flags & STATS_SUM_EXACT;
    s->has_bins = flags & STATS_BINS;
    s->min_key = take_i64(k);
    s->max_key = take_i64(k);
    s->sum_key = take_i64(k);
    s->sum = take_f64(k);
    s->mean = take_f64(k);
    s->deviation = take_f64(k);
    s->min_text = str_dup(a, take_text(k));
    s->max_text = str_dup(a, take_text(k));
    s->text_bytes = take_u64(k);
    s->min_bytes = take_u32(k);
    s->max_bytes = take_u32(k);
    s->top_count = take_count(k, 12);
    if (s->top_count > COLUMN_TOP_MAX)
        return false;
    for (size_t i = 0; i < s->top_count; i++)
        s->top[i] = (column_top){ .text = str_dup(a, take_text(k)), .count = take_u64(k) };
    if (s->has_bins) {
        s->bin_from = take_i64(k);
        s->bin_step = take_u64(k);
        for (int i = 0; i < COLUMN_BINS; i++)
            s->bins[i] = take_u64(k);
    }
    uint32_t facts = take_count(k, 8);
    if (facts != COLUMN_FACTS)
        return false;
    for (uint32_t i = 0; i < facts; i++)
        s->facts[i] = take_u64(k);
    return !k->bad && flags < 16 && (!s->has_bins || s->bin_step > 0);
}

static bool has(const inside_column *k, column_role role, uint64_t bytes)
{
    return k->sections[role].at != 0 && k->sections[role].bytes == bytes;
}

static bool has_or_not(const inside_column *k, column_role role, uint64_t bytes)
{
    return k->sections[role].at == 0 || k->sections[role].bytes == bytes;
}

static bool lacks(const inside_column *k, unsigned roles)
{
    for (unsigned r = 1; r < ROLES; r++)
        if ((roles >> r & 1) && k->sections[r].at != 0)
            return false;
    return true;
}

/* Every section has the size that rows, width and entries ask for, and none is there that the form does not have. */
static bool is_whole(const inside_column *k, uint64_t rows)
{
    const column_view *v = &k->view;
    const unsigned dict = 1u << ROLE_DICT_OFFSETS | 1u << ROLE_DICT_TEXTS | 1u << ROLE_DICT_NULLS | 1u << ROLE_DICT_ROWS;
    const unsigned heap = 1u << ROLE_HEAP | 1u << ROLE_NULL_BITS | 1u << ROLE_ABSENT_BITS | 1u << ROLE_MARK_BITS
                        | 1u << ROLE_PRINTS;
    uint64_t words = (rows + 63) / 64 * 8, entries = v->dict_count;
    if (v->width != 1 && v->width != 2 && v->width != 4 && v->width != 8)
        return false;
    if (v->scale > COLUMN_SCALE_MAX || v->digits > COLUMN_SCALE_MAX || !lacks(k, 1u << ROLE_PLACE_BYTES | 1u << ROLE_PLACE_LINES))
        return false;
    if (v->form == COLUMN_HEAP)
        return v->width >= 4 && entries == 0 && v->nulls == 0 && has(k, ROLE_DATA, (rows + 1) * v->width)
            && k->sections[ROLE_HEAP].at != 0 && has_or_not(k, ROLE_NULL_BITS, words) && has_or_not(k, ROLE_ABSENT_BITS, words)
            && has_or_not(k, ROLE_MARK_BITS, words)
            && has(k, ROLE_PRINTS, rows * 2) && has_or_not(k, ROLE_KEYS, rows * 8) && lacks(k, dict | 1u << ROLE_STYLES);
    bool numbers = v->form == COLUMN_NUMBERS;
    return v->nulls <= entries && (!numbers || v->nulls == entries) && (numbers || v->width <= 4)
        && has(k, ROLE_DATA, rows * v->width) && has(k, ROLE_DICT_OFFSETS, (entries + 1) * 4)
        && k->sections[ROLE_DICT_TEXTS].at != 0 && has(k, ROLE_DICT_NULLS, v->nulls) && has(k, ROLE_DICT_ROWS, entries * 4)
        && (numbers ? lacks(k, 1u << ROLE_KEYS) : has_or_not(k, ROLE_KEYS, entries * 8) && lacks(k, 1u << ROLE_STYLES))
        && has_or_not(k, ROLE_STYLES, rows) && lacks(k, heap);
}

static const void *place_of(const column_file *f, const inside_column *k, column_role role)
{
    return k->sections[role].at != 0 ? f->map + k->sections[role].at : NULL;
}

static void set_view(const column_file *f, inside_column *k)
{
    column_view *v = &k->view;
    v->rows = f->rows;
    v->data = place_of(f, k, ROLE_DATA);
    v->styles = place_of(f, k, ROLE_STYLES);
    v->dict_offsets = place_of(f, k, ROLE_DICT_OFFSETS);
    v->dict_texts = place_of(f, k, ROLE_DICT_TEXTS);
    v->dict_nulls = place_of(f, k, ROLE_DICT_NULLS);
    v->dict_rows = place_of(f, k, ROLE_DICT_ROWS);
    v->keys = place_of(f, k, ROLE_KEYS);
    v->heap = place_of(f, k, ROLE_HEAP);
    v->heap_bytes = k->sections[ROLE_HEAP].bytes;
    v->null_bits = place_of(f, k, ROLE_NULL_BITS);
    v->absent_bits = place_of(f, k, ROLE_ABSENT_BITS);
    v->mark_bits = place_of(f, k, ROLE_MARK_BITS);
    v->prints = place_of(f, k, ROLE_PRINTS);
}

static bool take_column(cursor *k, column_file *f, uint64_t *next, inside_column *col)
{
    column_about *b = &col->about;
    column_view *v = &col->view;
    b->name = str_dup(f->a, take_text(k));
    b->title = str_dup(f->a, take_text(k));
    b->second = str_dup(f->a, take_text(k));
    str type = take_text(k);
    uint8_t form = take_u8(k);
    v->width = take_u8(k);
    v->scale = take_u8(k);
    v->digits = take_u8(k);
    uint8_t flags = take_u8(k);
    v->base = take_i64(k);
    v->top = take_u64(k);
    v->nulls = take_u32(k);
    v->dict_count = take_u32(k);
    uint32_t sections = take_count(k, 21);
    if (k->bad || form > COLUMN_HEAP || flags > 7 || !column_type_find(type, &v->type))
        return false;
    v->form = (column_form)form;
    *b = (column_about){ .name = b->name, .title = b->title, .second = b->second, .type = v->type, .form = v->form, .scale = v->scale,
                         .declared = flags & ABOUT_DECLARED, .roc = flags & ABOUT_ROC, .ascending = flags & ABOUT_ASCENDING };
    for (uint32_t i = 0; i < sections; i++) {
        column_section s;
        unsigned role;
        if (!take_section(k, f, next, &s, &role) || col->sections[role].at != 0)
            return false;
        col->sections[role] = s;
        b->stored_bytes += column_stored(s.bytes);
    }
    set_view(f, col);
    return take_stats(k, f->a, &b->stats) && is_whole(col, f->rows);
}

static void take_list(cursor *k, arena *a, str_list *first, str_list *second)
{
    uint32_t n = take_count(k, second != NULL ? 8 : 4);
    for (uint32_t i = 0; i < n && !k->bad; i++) {
        list_add(a, first, str_dup(a, take_text(k)));
        if (second != NULL)
            list_add(a, second, str_dup(a, take_text(k)));
    }
}

bool column_directory_read(ctx *c, column_file *f, const uint8_t *p, size_t n)
{
    cursor k = { .p = p, .n = n };
    uint64_t next = COLUMN_HEADER_BYTES;
    f->name = str_dup(f->a, take_text(&k));
    f->header_rows = take_u32(&k);
    take_list(&k, f->a, &f->notes, NULL);
    take_list(&k, f->a, &f->fact_keys, &f->fact_values);
    if (!take_series(&k, f, &next, ROLE_PLACE_BYTES, &f->place_bytes)
        || !take_series(&k, f, &next, ROLE_PLACE_LINES, &f->place_lines) || k.bad)
        return fail(c, INVALID, "column file %.*s: its directory is damaged before the first column", S_ARG(f->path));
    for (size_t i = 0; i < f->count; i++)
        if (!take_column(&k, f, &next, &f->columns[i]))
            return fail(c, INVALID, "column file %.*s: its directory is damaged at column %zu", S_ARG(f->path), i + 1);
    if (k.at != k.n || next != (uint64_t)(p - f->map))
        return fail(c, INVALID, "column file %.*s: its directory does not end where it should", S_ARG(f->path));
    return true;
}
