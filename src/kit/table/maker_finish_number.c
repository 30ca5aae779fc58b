/* A column that went on as numbers: values and spellings by row, and a few texts that are none. */
#include "kit/table/maker_finish.h"

typedef struct {
    spill_reader values, styles;
    uint64_t left;
} number_rows;

static number_rows rows_of(const column_build *b, const maker_column *k)
{
    return (number_rows){ spill_read(&b->pool, &k->values), spill_read(&b->pool, &k->styles), k->styles.bytes };
}

static bool next_row(ctx *c, number_rows *r, int64_t *value, uint8_t *style)
{
    r->left--;
    return spill_take(c, &r->values, value, 8) && spill_take(c, &r->styles, style, 1);
}

static void end_rows(number_rows *r)
{
    spill_read_end(&r->values);
    spill_read_end(&r->styles);
}

static bool is_special(const maker_column *k, int64_t value)
{
    return value < INT64_MIN + (int64_t)k->dict.n;
}

static bool is_sentinel(int64_t value, uint8_t style)
{
    number_text n = { .mantissa = value, .decimals = style & COLUMN_STYLE_DECIMALS };
    return maker_is_sentinel(&n);
}

static uint32_t length_of(int64_t value, uint8_t style, unsigned pad)
{
    char room[COLUMN_NUMBER_ROOM];
    if (pad > 0)
        return pad;
    if ((style & ~COLUMN_STYLE_DECIMALS) != 0)
        return (uint32_t)number_print(value, style & COLUMN_STYLE_DECIMALS, style, 0, room).n;
    uint64_t v = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    uint32_t digits = 1, decimals = style;
    while (digits <= COLUMN_SCALE_MAX && v >= (uint64_t)number_ten_to(digits))
        digits++;
    return (digits > decimals ? digits : decimals + 1) + (decimals > 0) + (value < 0);
}

/* First pass: statistics, marks like -99 as texts of their own, keys to be counted. */
static bool first_pass(ctx *c, column_build *b, maker_column *k, maker_done *m, spill_stream *keys, bool *styled)
{
    number_rows r = rows_of(b, k);
    column_stats *s = &m->about.stats;
    char room[COLUMN_NUMBER_ROOM];
    bool ok = true;
    uint32_t specials = k->dict.n;          /* sentinels are added behind them */
    s->min_bytes = UINT32_MAX;
    for (uint64_t row = 0; ok && r.left > 0; row++) {
        int64_t value = 0, key = 0;
        uint8_t style = 0;
        ok = next_row(c, &r, &value, &style);
        if (!ok || value < INT64_MIN + (int64_t)specials)
            continue;
        if (m->rule.sentinels && value < 0 && is_sentinel(value, style)) {
            str text = number_print(value, style & COLUMN_STYLE_DECIMALS, style, 0, room);
            (void)maker_dict_code(b, &k->dict, text, maker_hash(text), (uint32_t)row);
            continue;
        }
        *styled |= style != m->rule.scale;
        if (!number_rescale(value, style & COLUMN_STYLE_DECIMALS, m->rule.scale, &key))
            return fail(c, INTERNAL, "column %zu: a number does not fit its scale", k->index + 1);
        uint32_t n = length_of(value, style, k->pad);
        s->text_bytes += n;
        s->min_bytes = n < s->min_bytes ? n : s->min_bytes;
        s->max_bytes = n > s->max_bytes ? n : s->max_bytes;
        maker_tally_key(&m->tally, key, 1);
        uint64_t h = column_hash_fold((uint64_t)key ^ UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd6e8feb86659fd93));
        memcpy(spill_room(&b->pool, keys, 8), &h, 8);
        if (spill_is_full(&b->pool) && !spill_flush(c, &b->pool, keys))
            ok = false;
    }
    end_rows(&r);
    s->min_bytes = s->min_bytes == UINT32_MAX ? 0 : s->min_bytes;
    return ok;
}

/* Second pass: the data, and the bins. */
static bool write_data(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m, const uint32_t *null_of)
{
    number_rows r = rows_of(b, k);
    column_stats *s = &m->about.stats;
    char room[COLUMN_NUMBER_ROOM], out[4096 * 8];
    size_t used = 0;
    uint64_t last = 0;
    bool ok = true;
    maker_out_begin(o, ROLE_DATA);
    m->about.ascending = true;
    while (ok && r.left > 0) {
        int64_t value = 0, key = 0;
        uint8_t style = 0;
        uint64_t e;
        ok = next_row(c, &r, &value, &style);
        if (is_special(k, value)) {
            e = null_of[value - INT64_MIN];
        } else if (m->rule.sentinels && value < 0 && is_sentinel(value, style)) {
            str text = number_print(value, style & COLUMN_STYLE_DECIMALS, style, 0, room);
            e = null_of[maker_dict_code(b, &k->dict, text, maker_hash(text), 0)];
        } else {
            (void)!number_rescale(value, style & COLUMN_STYLE_DECIMALS, m->rule.scale, &key);
            if (s->has_bins)
                maker_tally_bin(s, key, 1);
            e = (uint64_t)key - (uint64_t)m->base;
        }
        m->about.ascending &= e >= last;
        last = e;
        memcpy(out + used, &e, m->width);
        used += m->width;
        if (used + 8 > sizeof out || r.left == 0) {
            ok = ok && maker_out_add(c, o, out, used);
            used = 0;
        }
    }
    end_rows(&r);
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
    spill_stream keys = { 0 };
    bool styled = false;
    if (!is_fit(b, k, &m->rule))
        return maker_give_up_number(c, b, k) && maker_finish_text(c, b, k, o, m);
    bool ok = first_pass(c, b, k, m, &keys, &styled);
    uint32_t nulls = k->dict.n;
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
    uint64_t top;
    m->about.form = COLUMN_NUMBERS;
    m->digits = k->pad;
    m->base = (m->tally.any ? m->tally.min : 0) - (int64_t)nulls;
    top = m->tally.any ? (uint64_t)m->tally.max - (uint64_t)m->base : nulls > 0 ? nulls - 1 : 0;
    m->top = top;
    m->width = maker_width(top);
    ok = ok && maker_distinct(c, b, &keys, &s->distinct, &s->distinct_exact);
    spill_drop(&b->pool, &keys);
    ok = ok && write_data(c, b, k, o, m, null_of) && maker_terms_write(c, o, m, t, nulls, false);
    if (ok && styled && k->pad == 0)
        ok = write_styles(c, b, k, o, m);
    mem_free(t);
    mem_free(null_of);
    return ok;
}
