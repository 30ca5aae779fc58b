#include "kit/table/maker.h"

#define NUMBERS (BIT(integer) | BIT(decimal))
#define FETCHED 1024           /* entries of a dictionary that does not stay in the nearest cache */
#define ROW_STEP UINT64_C(0x9e3779b97f4a7c15)

/* A text into the hash of its row. */
static inline uint64_t hash_cell(column_build *b, size_t r, str s, text_room room, text_words *w)
{
    uint64_t h = maker_hash_of(s, room, w);
    b->row_hash[r] = column_hash_fold(b->row_hash[r] ^ h, ROW_STEP);
    return h;
}

uint64_t maker_blank_row(const column_build *b)
{
    text_words w = { 0 };
    uint64_t h = maker_hash_of(S(""), (text_room){ 0 }, &w), row = 0;
    for (size_t i = 0; i < b->count; i++)
        row = column_hash_fold(row ^ h, ROW_STEP);
    return row;
}

/* Nearly all texts differ: a dictionary would be as large as the column. */
static bool is_hopeless(const column_build *b, const maker_column *k)
{
    uint64_t n = k->dict.n, rows = b->rows - k->blank_rows;
    if (n < 4096 || (n < 16384 && k->dict.text_n <= n * TEXT_WORDS_MAX))
        return false;           /* months, each with all villages, begin with one code after the other */
    if (n < 16384)
        return rows * 100 < n * 105;
    if (n < MAKER_CODED)
        return rows * 10 < n * 12;
    return n < (UINT64_C(1) << 20) ? rows < n * 3 : rows < n * 8;
}

static inline str cell_of(const table_block *t, size_t r, const maker_column *k)
{
    return t->cells[r * t->cols + k->index];
}

/* The codes of a strip. Of a large dictionary the slots of all rows are fetched before any is looked up. */
static void find_codes(column_build *b, maker_column *k, const table_block *t, uint32_t *codes)
{
    maker_dict *d = &k->dict;
    maker_sign x[MAKER_STRIP];
    text_room room = text_room_of(t->within);
    uint32_t first = (uint32_t)(b->rows - t->rows), mask = d->slot_count - 1;
    bool large = d->slot_n >= FETCHED;
    for (size_t r = 0; r < t->rows; r++) {
        str s = cell_of(t, r, k);
        maker_sign *g = &x[large ? r : 0];
        text_words w = { 0 };
        uint64_t hash = hash_cell(b, r, s, room, &w);
        maker_sign_of(s, hash, w, g);
        k->blank_rows += s.n == 0;
        if (large)
            __builtin_prefetch(&d->slots[(uint32_t)g->hash & mask]);
        else
            codes[r] = maker_dict_code(&b->dict_bytes, d, s, g, first + (uint32_t)r, 1);
    }
    for (size_t r = 0; large && r < t->rows; r++)
        codes[r] = maker_dict_code(&b->dict_bytes, d, cell_of(t, r, k), &x[r], first + (uint32_t)r, 1);
}

bool maker_add_dict(ctx *c, column_build *b, maker_column *k, const table_block *t)
{
    uint32_t *codes = b->scratch;
    maker_dict *d = &k->dict;
    find_codes(b, k, t, codes);
    if (d->n <= MAKER_CODED && k->codes32.bytes == 0) {
        char *to = spill_room(&b->pool, &k->codes16, t->rows * 2);
        for (size_t r = 0; r < t->rows; r++) {
            uint16_t code = (uint16_t)codes[r];
            memcpy(to + r * 2, &code, 2);
        }
    } else {
        spill_add(&b->pool, &k->codes32, codes, t->rows * 4);
    }
    return !is_hopeless(b, k) || maker_give_up_dict(c, b, k);
}

/* Whether printing by value and style gives the text back, in a column whose numbers are padded with zeros or not. */
static bool is_printable(maker_column *k, str s, const number_text *n, bool uniform)
{
    if (n->zero_led) {
        if (k->pad == 0 && uniform)
            k->pad = (uint8_t)s.n;
        return k->pad == s.n && n->digits == s.n;
    }
    return n->exact && (k->pad == 0 || (k->pad == s.n && n->digits == s.n));
}

/* The common case without the general guessing: only numbers are still possible. */
static inline bool count_plain(maker_profile *p, str s, const number_text *n)
{
    if ((p->alive & ~(NUMBERS | BIT(code))) != 0 || !n->exact || n->mantissa < 0)
        return false;
    uint8_t digits = n->digits == s.n ? n->digits : 255;
    p->values++;
    p->digits = p->digits == digits || !p->seen ? digits : 255;
    p->seen = true;
    if (n->decimals > p->decimals)
        p->decimals = n->decimals;
    if (n->digits > p->whole)
        p->whole = n->digits;
    p->misses[COLUMN_integer] += n->decimals > 0;
    p->misses[COLUMN_code] += digits == 255;
    return true;
}

static inline void add_number(column_build *b, maker_column *k, str s, text_words w, uint32_t row, int64_t *value, uint8_t *style)
{
    maker_profile *p = &k->profile;
    number_text n;
    bool uniform = !p->seen || p->digits == s.n;
    bool is = number_read_words(w, s.n, &n) || (s.n > 0 && number_read(s, &n));
    if (!is || !count_plain(p, s, &n))
        maker_profile_add(b, k, p, s, 1);
    if (is && is_printable(k, s, &n, uniform)) {
        *value = n.mantissa;
        *style = n.style;
        return;
    }
    if (s.n > 0)
        maker_facts(b, k, s, row, 1);
    *value = INT64_MIN + (int64_t)maker_dict_add(&b->dict_bytes, &k->dict, s, row, 1);
    *style = 0;
}

bool maker_add_number(ctx *c, column_build *b, maker_column *k, const table_block *t)
{
    uint32_t first = (uint32_t)(b->rows - t->rows);
    char *values = spill_room(&b->pool, &k->values, t->rows * 8), *styles = spill_room(&b->pool, &k->styles, t->rows);
    text_room room = text_room_of(t->within);
    for (size_t r = 0; r < t->rows; r++) {
        str s = cell_of(t, r, k);
        text_words w = { 0 };
        int64_t value;
        uint8_t style;
        (void)hash_cell(b, r, s, room, &w);
        add_number(b, k, s, w, first + (uint32_t)r, &value, &style);
        memcpy(values + r * 8, &value, 8);
        styles[r] = (char)style;
    }
    return k->dict.n <= MAKER_SPECIALS || maker_give_up_number(c, b, k);
}

static uint64_t prefix_of(str s)
{
    unsigned char p[8] = { 0 };
    if (s.n > 0)
        memcpy(p, s.p, s.n < 8 ? s.n : 8);
    uint64_t w;
    memcpy(&w, p, 8);
    return __builtin_bswap64(w);
}

/* The least and the greatest text; most are told apart by their first eight bytes. */
void maker_bound_text(column_build *b, maker_column *k, str s)
{
    uint64_t prefix = prefix_of(s);
    if (k->min_max_set && prefix > k->min_prefix && prefix < k->max_prefix)
        return;
    bool less = !k->min_max_set || str_cmp(s, k->min_text) < 0, more = !k->min_max_set || str_cmp(s, k->max_text) > 0;
    if (!less && !more)
        return;
    maker_mark mark = maker_mark_of(b, k, s);
    if (mark != MARK_NONE && mark != MARK_TYPED)
        return;
    str cut = str_dup(b->a, utf8_cut(s, COLUMN_TOP_TEXT));
    if (less) {
        k->min_text = cut;
        k->min_prefix = prefix;
    }
    if (more) {
        k->max_text = cut;
        k->max_prefix = prefix;
    }
    k->min_max_set = true;
}

bool maker_add_text(ctx *c, column_build *b, maker_column *k, const table_block *t)
{
    size_t bytes = 0;
    uint32_t first = (uint32_t)(b->rows - t->rows);
    (void)c;
    for (size_t r = 0; r < t->rows; r++)
        bytes += cell_of(t, r, k).n;
    char *heap = spill_room(&b->pool, &k->heap, bytes), *at = heap;
    char lengths[MAKER_STRIP * MAKER_LENGTH_ROOM];
    size_t used = 0;
    text_room room = text_room_of(t->within);
    for (size_t r = 0; r < t->rows; r++) {
        str s = cell_of(t, r, k);
        text_words w;
        (void)hash_cell(b, r, s, room, &w);
        used += maker_length_put(lengths + used, s.p != NULL ? (uint32_t)s.n : MAKER_ABSENT);
        if (s.n > 0) {
            memcpy(at, s.p, s.n);
            at += s.n;
            maker_bound_text(b, k, s);
        }
        if (k->profile.alive != 0)
            maker_profile_add(b, k, &k->profile, s, 1);
    }
    spill_add(&b->pool, &k->lengths, lengths, used);
    maker_facts_block(b, k, t, first, heap, bytes);
    return true;
}
