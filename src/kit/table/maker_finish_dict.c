/* A column that stayed a dictionary: as codes, or as numbers where these are no larger. */
#include "kit/table/maker_finish.h"

/* For every entry as it was while reading: what a row of it becomes. */
typedef struct { uint64_t *entry; uint8_t *style; bool styled; } mapping;

/* Every value printed from its key gives its text back. */
static bool is_printable(const maker_done *m, const maker_term *t, uint32_t n, mapping *to)
{
    number_text x;
    if (!m->rule.numeric)
        return false;
    for (uint32_t i = m->nulls; i < n; i++) {
        if (!number_read(t[i].text, &x) || !x.exact || x.decimals > m->rule.scale)
            return false;
        to->style[t[i].code] = x.style;
        to->styled |= x.style != m->rule.scale;
    }
    return true;
}

static uint64_t span_of(const maker_done *m)
{
    return m->tally.any ? (uint64_t)m->tally.max - (uint64_t)m->tally.min : 0;
}

/* Numbers, unless codes and their dictionary are smaller: a range of numbers is still one of codes. */
static bool choose_numbers(const column_build *b, maker_done *m, const maker_term *t, uint32_t n, mapping *to)
{
    uint64_t span = span_of(m), top;
    if (!is_printable(m, t, n, to) || n - m->nulls == 0 || m->tally.min < INT64_MIN + ((int64_t)1 << 33)
        || __builtin_add_overflow(span, m->nulls, &top) || top > INT64_MAX)
        return false;
    unsigned numbers = maker_width(top);
    uint64_t dictionary = 0;
    for (uint32_t i = 0; i < n; i++)
        dictionary += t[i].text.n + 16;     /* with its offset, rows and key */
    if (b->rows * (numbers + to->styled) > b->rows * maker_width(n - 1) + dictionary)
        return false;
    m->about.form = COLUMN_NUMBERS;
    m->width = numbers;
    m->base = m->tally.min - m->nulls;
    m->top = top;
    for (uint32_t i = 0; i < n; i++)
        to->entry[t[i].code] = i < m->nulls ? i : (uint64_t)t[i].key - (uint64_t)m->base;
    return true;
}

static void choose_codes(maker_done *m, const maker_term *t, uint32_t n, mapping *to)
{
    m->about.form = COLUMN_CODES;
    m->width = n > 0 ? maker_width(n - 1) : 1;
    m->top = n > 0 ? n - 1 : 0;
    for (uint32_t i = 0; i < n; i++)
        to->entry[t[i].code] = i;
}

/* Codes of 2 or 4 bytes as they were collected. */
static bool take_codes(ctx *c, spill_reader *r, size_t width, uint32_t *codes, size_t n)
{
    uint16_t narrow[MAKER_AT_ONCE];
    if (width == 4)
        return spill_take(c, r, codes, n * 4);
    if (!spill_take(c, r, narrow, n * 2))
        return false;
    for (size_t i = 0; i < n; i++)
        codes[i] = narrow[i];
    return true;
}

/* One stream of codes, through the mapping, into the section; whether values ascend is seen on the way. */
static bool write_codes(ctx *c, maker_out *o, maker_done *m, spill_reader *r, uint64_t rows, size_t width, const mapping *to, uint64_t *last)
{
    uint32_t codes[MAKER_AT_ONCE];
    uint64_t v[MAKER_AT_ONCE], out[MAKER_AT_ONCE];
    while (rows > 0) {
        size_t n = rows < MAKER_AT_ONCE ? (size_t)rows : MAKER_AT_ONCE;
        if (!take_codes(c, r, width, codes, n))
            return false;
        bool falls = false;
        for (size_t i = 0; i < n; i++) {
            v[i] = to->entry[codes[i]];
            falls |= v[i] < *last;
            *last = v[i];
        }
        m->about.ascending &= !falls;
        maker_narrow(out, m->width, v, n);
        if (!maker_out_add(c, o, out, n * m->width))
            return false;
        rows -= n;
    }
    return true;
}

static bool write_data(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m, const mapping *to)
{
    spill_reader r16 = spill_read(&b->pool, &k->codes16), r32 = spill_read(&b->pool, &k->codes32);
    uint64_t last = 0;
    maker_out_begin(o, ROLE_DATA);
    m->about.ascending = true;
    bool ok = write_codes(c, o, m, &r16, k->codes16.bytes / 2, 2, to, &last)
           && write_codes(c, o, m, &r32, k->codes32.bytes / 4, 4, to, &last) && maker_done_section(c, o, m);
    spill_read_end(&r16);
    spill_read_end(&r32);
    return ok;
}

static bool write_styles(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m, const mapping *to)
{
    const spill_stream *streams[2] = { &k->codes16, &k->codes32 };
    bool ok = true;
    maker_out_begin(o, ROLE_STYLES);
    for (int i = 0; i < 2 && ok; i++) {
        size_t width = i == 0 ? 2 : 4;
        spill_reader r = spill_read(&b->pool, streams[i]);
        for (uint64_t left = streams[i]->bytes / width; ok && left > 0;) {
            uint32_t codes[MAKER_AT_ONCE];
            uint8_t styles[MAKER_AT_ONCE];
            size_t n = left < MAKER_AT_ONCE ? (size_t)left : MAKER_AT_ONCE;
            ok = take_codes(c, &r, width, codes, n);
            for (size_t j = 0; ok && j < n; j++)
                styles[j] = to->style[codes[j]];
            ok = ok && maker_out_add(c, o, styles, n);
            left -= n;
        }
        spill_read_end(&r);
    }
    return ok && maker_done_section(c, o, m);
}

bool maker_finish_dict(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m)
{
    uint32_t n = k->dict.n;
    maker_term *t = maker_terms(b, k, &m->rule, &k->dict);
    mapping to = { .entry = mem_get((n + 1) * sizeof(uint64_t)), .style = mem_get(n + 1) };
    maker_terms_stats(b, m, t, n);
    for (m->nulls = 0; m->nulls < n && t[m->nulls].kind != MAKER_VALUE; m->nulls++)
        ;
    bool numbers = choose_numbers(b, m, t, n, &to);
    if (!numbers)
        choose_codes(m, t, n, &to);
    bool ok = write_data(c, b, k, o, m, &to) && maker_terms_write(c, o, m, t, numbers ? m->nulls : n, !numbers && m->rule.keyed);
    if (ok && numbers && to.styled)
        ok = write_styles(c, b, k, o, m, &to);
    mem_free(t);
    mem_free(to.entry);
    mem_free(to.style);
    return ok;
}
