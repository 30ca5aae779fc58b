/* A column that went on as numbers: values and spellings by row, and a few texts that are none. */
#include "kit/table/maker_finish.h"

typedef struct {
    spill_reader values, styles;
    uint64_t left;
    int64_t value[MAKER_AT_ONCE];
    uint8_t style[MAKER_AT_ONCE];
    size_t n;
} number_rows;

static void begin_rows(const column_build *b, const maker_column *k, number_rows *r)
{
    r->values = spill_read(&b->pool, &k->values);
    r->styles = spill_read(&b->pool, &k->styles);
    r->left = k->styles.bytes;
}

/* The next rows, as many as go at once; n == 0: there are no more. */
static bool more_rows(ctx *c, number_rows *r)
{
    r->n = r->left < MAKER_AT_ONCE ? (size_t)r->left : MAKER_AT_ONCE;
    r->left -= r->n;
    return spill_take(c, &r->values, r->value, r->n * 8) && spill_take(c, &r->styles, r->style, r->n);
}

static void end_rows(number_rows *r)
{
    spill_read_end(&r->values);
    spill_read_end(&r->styles);
}

static bool is_sentinel(const maker_rule *rule, int64_t value, uint8_t style)
{
    number_text n = { .mantissa = value, .decimals = style & COLUMN_STYLE_DECIMALS };
    return rule->sentinels && value < 0 && maker_is_sentinel(&n);
}

static str print(int64_t value, uint8_t style, char *room)
{
    return number_print(value, style & COLUMN_STYLE_DECIMALS, style, 0, room);
}

static uint32_t length_of(int64_t value, uint8_t style, unsigned pad)
{
    char room[COLUMN_NUMBER_ROOM];
    if (pad > 0)
        return pad;
    if ((style & ~COLUMN_STYLE_DECIMALS) != 0)
        return (uint32_t)print(value, style, room).n;
    uint32_t digits = number_digits(value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value);
    return (digits > style ? digits : style + 1u) + (style > 0) + (value < 0);
}

/* The key of a row; that it fits was asked before (is_fit). */
static inline int64_t key_of(const maker_rule *rule, int64_t value, uint8_t style)
{
    unsigned decimals = style & COLUMN_STYLE_DECIMALS;
    return decimals == rule->scale ? value : value * number_ten_to(rule->scale - decimals);
}

/* First pass: statistics, and marks like -99 as texts of their own. */
static bool first_pass(ctx *c, column_build *b, maker_column *k, maker_done *m, number_rows *r, bool *styled)
{
    column_stats *s = &m->about.stats;
    char room[COLUMN_NUMBER_ROOM];
    int64_t special = INT64_MIN + (int64_t)k->dict.n;   /* sentinels are added behind them */
    bool ok = true;
    uint64_t row = 0;
    s->min_bytes = UINT32_MAX;
    begin_rows(b, k, r);
    while (ok && (ok = more_rows(c, r)) && r->n > 0)
        for (size_t i = 0; i < r->n; i++, row++) {
            int64_t value = r->value[i];
            uint8_t style = r->style[i];
            if (value < special)
                continue;
            if (is_sentinel(&m->rule, value, style)) {
                str text = print(value, style, room);
                (void)maker_dict_add(&b->dict_bytes, &k->dict, text, (uint32_t)row, 1);
                continue;
            }
            *styled |= style != m->rule.scale;
            uint32_t n = length_of(value, style, k->pad);
            s->text_bytes += n;
            s->min_bytes = n < s->min_bytes ? n : s->min_bytes;
            s->max_bytes = n > s->max_bytes ? n : s->max_bytes;
            maker_tally_key(&m->tally, key_of(&m->rule, value, style), 1);
        }
    end_rows(r);
    s->min_bytes = s->min_bytes == UINT32_MAX ? 0 : s->min_bytes;
    return ok;
}

/* Distinct keys: by a bit each where they lie close together, else by their hashes. */
#define NEAR_BITS (UINT64_C(1) << 27)
#define AHEAD 16                            /* members whose bits are fetched before they are looked at */
typedef struct { uint64_t *near; spill_stream far; uint64_t distinct; } key_set;

/* Of the members those that are no nulls. */
static void key_set_add(column_build *b, key_set *set, const uint64_t *entry, size_t n, uint64_t nulls)
{
    for (size_t i = 0; set->near != NULL && i < n; i++) {
        uint64_t bit = UINT64_C(1) << (entry[i] % 64), *word = &set->near[entry[i] / 64];
        if (i + AHEAD < n)
            __builtin_prefetch(&set->near[entry[i + AHEAD] / 64], 1);
        set->distinct += (*word & bit) == 0 && entry[i] >= nulls;
        *word |= bit;
    }
    for (size_t i = 0; set->near == NULL && i < n; i++) {
        uint64_t h = column_hash_fold(entry[i] ^ UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd6e8feb86659fd93));
        if (entry[i] >= nulls)
            memcpy(spill_room(&b->pool, &set->far, 8), &h, 8);
    }
}

/* As maker_tally_bin, without a division a value. */
static void fill_bins(column_stats *s, const uint64_t *entry, size_t n, uint64_t base, uint64_t nulls)
{
    uint64_t step = s->bin_step, from = (uint64_t)s->bin_from - base;
    double inverse = 1 / (double)step;
    for (size_t i = 0; i < n; i++) {
        if (entry[i] < nulls)
            continue;
        uint64_t away = entry[i] - from, bin = (uint64_t)((double)away * inverse);
        bin -= bin * step > away;           /* the product may be off by one */
        bin += away - bin * step >= step;
        s->bins[bin < COLUMN_BINS ? bin : COLUMN_BINS - 1]++;
    }
}

static uint64_t entry_of(column_build *b, maker_column *k, maker_done *m, const uint32_t *null_of, int64_t value, uint8_t style)
{
    char room[COLUMN_NUMBER_ROOM];
    if (value < INT64_MIN + (int64_t)k->dict.n)
        return null_of[value - INT64_MIN];
    if (is_sentinel(&m->rule, value, style)) {
        return null_of[maker_dict_add(&b->dict_bytes, &k->dict, print(value, style, room), 0, 0)];
    }
    int64_t key = key_of(&m->rule, value, style);
    return (uint64_t)key - (uint64_t)m->base;
}

/* Second pass: the data, the bins, the distinct keys. */
static bool write_data(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m, const uint32_t *null_of, number_rows *r)
{
    column_stats *s = &m->about.stats;
    uint64_t v[MAKER_AT_ONCE], out[MAKER_AT_ONCE], last = 0;
    key_set set = { .near = m->top < NEAR_BITS ? mem_get((m->top / 64 + 1) * 8) : NULL };
    bool ok = true, ranged = m->rule.has_low || m->rule.has_high;
    char room[COLUMN_NUMBER_ROOM];
    uint64_t row = 0;
    maker_out_begin(o, ROLE_DATA);
    m->about.ascending = true;
    begin_rows(b, k, r);
    while (ok && (ok = more_rows(c, r)) && r->n > 0) {
        bool falls = false;
        for (size_t i = 0; i < r->n; i++) {
            v[i] = entry_of(b, k, m, null_of, r->value[i], r->style[i]);
            if (ranged && v[i] >= k->dict.n && maker_out_of_range(&m->rule, m->base + (int64_t)v[i]))
                maker_note_add(b, k, NOTE_RANGE, (uint32_t)(row + i), print(r->value[i], r->style[i], room), 1);
            falls |= v[i] < last;
            last = v[i];
        }
        m->about.ascending &= !falls;
        row += r->n;
        if (s->has_bins)
            fill_bins(s, v, r->n, (uint64_t)m->base, k->dict.n);
        key_set_add(b, &set, v, r->n, k->dict.n);
        maker_narrow(out, m->width, v, r->n);
        ok = maker_out_add(c, o, out, r->n * m->width)
          && (!spill_is_full(&b->pool) || set.far.tail_n < SPILL_BUFFER || spill_flush(c, &b->pool, &set.far));
    }
    end_rows(r);
    s->distinct = set.distinct;
    s->distinct_exact = true;
    if (ok && set.near == NULL)
        ok = maker_distinct(c, b, &set.far, &s->distinct, &s->distinct_exact);
    mem_free(set.near);
    spill_drop(&b->pool, &set.far);
    return ok && maker_done_section(c, o, m);
}

static bool write_styles(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m)
{
    spill_reader r = spill_read(&b->pool, &k->styles);
    bool ok = true;
    maker_out_begin(o, ROLE_STYLES);
    while (ok && (ok = spill_more(c, &r)) && r.n > 0) {
        ok = maker_out_add(c, o, r.p, r.n);
        r.n = 0;
    }
    spill_read_end(&r);
    return ok && maker_done_section(c, o, m);
}

static void bounds(column_build *b, const maker_column *k, maker_done *m)
{
    char room[COLUMN_NUMBER_ROOM];
    column_stats *s = &m->about.stats;
    if (!m->tally.any)
        return;
    s->min_text = str_dup(b->a, number_print(m->tally.min, m->rule.scale, (uint8_t)m->rule.scale, k->pad, room));
    s->max_text = str_dup(b->a, number_print(m->tally.max, m->rule.scale, (uint8_t)m->rule.scale, k->pad, room));
}

/* Whether values and nulls are what this form can say; else the column goes on as texts. */
static bool is_fit(const column_build *b, maker_column *k, const maker_rule *rule)
{
    int64_t key;
    for (uint32_t i = 0; i < k->dict.n; i++)
        if (maker_value(b, k, rule, maker_dict_text(&k->dict, i), &key) == MAKER_VALUE)
            return false;
    if (rule->numeric)
        return k->pad == 0 && k->profile.whole + rule->scale <= COLUMN_SCALE_MAX && k->profile.decimals <= rule->scale;
    if (rule->keyed || k->profile.digits == 255)
        return false;
    k->pad = k->profile.digits;
    return true;
}

bool maker_finish_number(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m)
{
    bool styled = false;
    if (!is_fit(b, k, &m->rule))
        return maker_give_up_number(c, b, k) && maker_finish_text(c, b, k, o, m);
    number_rows *r = mem_get(sizeof *r);
    bool ok = first_pass(c, b, k, m, r, &styled);
    uint32_t nulls = k->dict.n;
    maker_dict_count(&k->dict);
    maker_term *t = maker_terms(b, k, &m->rule, &k->dict);
    uint32_t *null_of = mem_get((nulls + 1) * sizeof *null_of);
    column_stats *s = &m->about.stats;
    for (uint32_t i = 0; i < nulls; i++) {
        null_of[t[i].code] = i;
        s->nulls[t[i].kind] += t[i].rows;
        s->text_bytes += (uint64_t)t[i].rows * t[i].text.n;
    }
    maker_tally_stats(&m->tally, &m->rule, s);
    bounds(b, k, m);
    m->about.form = COLUMN_NUMBERS;
    m->digits = k->pad;
    m->base = (m->tally.any ? m->tally.min : 0) - (int64_t)nulls;
    m->top = m->tally.any ? (uint64_t)m->tally.max - (uint64_t)m->base : nulls > 0 ? nulls - 1 : 0;
    m->width = maker_width(m->top);
    ok = ok && write_data(c, b, k, o, m, null_of, r) && maker_terms_write(c, o, m, t, nulls, false);
    if (ok && styled && k->pad == 0)
        ok = write_styles(c, b, k, o, m);
    mem_free(t);
    mem_free(null_of);
    mem_free(r);
    return ok;
}
