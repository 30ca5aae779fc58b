#include "kit/table/maker_finish.h"

unsigned maker_width(uint64_t top)
{
    return top <= UINT8_MAX ? 1 : top <= UINT16_MAX ? 2 : top <= UINT32_MAX ? 4 : 8;
}

void maker_narrow(void *out, unsigned width, const uint64_t *v, size_t n)
{
    for (size_t i = 0; width == 1 && i < n; i++)
        ((uint8_t *)out)[i] = (uint8_t)v[i];
    for (size_t i = 0; width == 2 && i < n; i++)
        ((uint16_t *)out)[i] = (uint16_t)v[i];
    for (size_t i = 0; width == 4 && i < n; i++)
        ((uint32_t *)out)[i] = (uint32_t)v[i];
    if (width == 8)
        memcpy(out, v, n * 8);
}

bool maker_done_section(ctx *c, maker_out *o, maker_done *m)
{
    maker_section s;
    if (!maker_out_end(c, o, &s))
        return false;
    maker_section_put(&m->sections, &s);
    m->section_n++;
    return true;
}

/* Nulls by reason and bytes, then values by key and bytes. */
static int compare(const void *x, const void *y)
{
    const maker_term *a = x, *b = y;
    bool av = a->kind == MAKER_VALUE, bv = b->kind == MAKER_VALUE;
    if (av != bv)
        return av ? 1 : -1;
    if (!av && a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (av && a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return str_cmp(a->text, b->text);
}

maker_term *maker_terms(const column_build *b, const maker_column *k, const maker_rule *rule, const maker_dict *d)
{
    maker_term *t = mem_get((d->n > 0 ? d->n : 1) * sizeof *t);
    for (uint32_t i = 0; i < d->n; i++) {
        t[i] = (maker_term){ .text = maker_dict_text(d, i), .code = i, .rows = d->entries[i].rows };
        t[i].kind = maker_value(b, k, rule, t[i].text, &t[i].key);
    }
    qsort(t, d->n, sizeof *t, compare);
    return t;
}

static bool write_offsets(ctx *c, maker_out *o, maker_done *m, const maker_term *t, uint32_t n)
{
    uint32_t at = 0;
    maker_out_begin(o, ROLE_DICT_OFFSETS);
    for (uint32_t i = 0; i <= n; i++) {
        if (!maker_out_add(c, o, &at, 4))
            return false;
        if (i < n)
            at += (uint32_t)t[i].text.n;
    }
    return maker_done_section(c, o, m);
}

bool maker_terms_write(ctx *c, maker_out *o, maker_done *m, const maker_term *t, uint32_t n, bool keys)
{
    bool ok = write_offsets(c, o, m, t, n);
    maker_out_begin(o, ROLE_DICT_TEXTS);
    for (uint32_t i = 0; ok && i < n; i++)
        ok = maker_out_add(c, o, t[i].text.p, t[i].text.n);
    ok = ok && maker_done_section(c, o, m);
    maker_out_begin(o, ROLE_DICT_NULLS);
    for (uint32_t i = 0; ok && i < n && t[i].kind != MAKER_VALUE; i++) {
        uint8_t kind = (uint8_t)t[i].kind;
        ok = maker_out_add(c, o, &kind, 1);
        m->nulls = i + 1;
    }
    ok = ok && maker_done_section(c, o, m);
    maker_out_begin(o, ROLE_DICT_ROWS);
    for (uint32_t i = 0; ok && i < n; i++)
        ok = maker_out_add(c, o, &t[i].rows, 4);
    ok = ok && maker_done_section(c, o, m);
    m->dict_count = n;
    if (!keys)
        return ok;
    maker_out_begin(o, ROLE_KEYS);
    for (uint32_t i = 0; ok && i < n; i++)
        ok = maker_out_add(c, o, &t[i].key, 8);
    return ok && maker_done_section(c, o, m);
}

/* Keeps the most frequent values; of those that are alike, the ones that come first. */
static void add_top(arena *a, column_stats *s, const maker_term *t)
{
    if (t->rows < 2 || t->text.n > COLUMN_TOP_TEXT || (s->top_count == COLUMN_TOP_MAX && s->top[COLUMN_TOP_MAX - 1].count >= t->rows))
        return;
    size_t i = s->top_count < COLUMN_TOP_MAX ? s->top_count++ : COLUMN_TOP_MAX - 1;
    for (; i > 0 && s->top[i - 1].count < t->rows; i--)
        s->top[i] = s->top[i - 1];
    s->top[i] = (column_top){ .text = str_dup(a, t->text), .count = t->rows };
}

void maker_terms_stats(const column_build *b, maker_done *m, const maker_term *t, uint32_t n)
{
    column_stats *s = &m->about.stats;
    uint32_t nulls = 0;
    s->min_bytes = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++) {
        s->text_bytes += (uint64_t)t[i].text.n * t[i].rows;
        if (t[i].kind != MAKER_VALUE) {
            s->nulls[t[i].kind] += t[i].rows;
            nulls++;
            continue;
        }
        s->min_bytes = t[i].text.n < s->min_bytes ? (uint32_t)t[i].text.n : s->min_bytes;
        s->max_bytes = t[i].text.n > s->max_bytes ? (uint32_t)t[i].text.n : s->max_bytes;
        if (m->rule.keyed)
            maker_tally_key(&m->tally, t[i].key, t[i].rows);
        add_top(b->a, s, &t[i]);
        if (!m->rule.keyed || i == nulls || t[i].key != t[i - 1].key)
            s->distinct++;
    }
    s->min_bytes = s->min_bytes == UINT32_MAX ? 0 : s->min_bytes;
    s->distinct_exact = true;
    if (nulls < n) {
        s->min_text = str_dup(b->a, utf8_cut(t[nulls].text, COLUMN_TOP_TEXT));
        s->max_text = str_dup(b->a, utf8_cut(t[n - 1].text, COLUMN_TOP_TEXT));
    }
    maker_tally_stats(&m->tally, &m->rule, s);
    for (uint32_t i = nulls; m->rule.keyed && i < n; i++)
        maker_tally_bin(s, t[i].key, t[i].rows);
}
