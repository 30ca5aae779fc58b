/* The record of a column in the directory (docs/column-file.md): the mirror of column_directory.c. */
#include "kit/table/maker_finish.h"

static void put(buf *b, const void *p, size_t n)
{
    buf_add(b, (str){ p, n });
}

static void put_u8(buf *b, unsigned v)
{
    uint8_t x = (uint8_t)v;
    put(b, &x, 1);
}

static void put_u32(buf *b, uint32_t v)
{
    put(b, &v, 4);
}

static void put_u64(buf *b, uint64_t v)
{
    put(b, &v, 8);
}

static void put_f64(buf *b, double v)
{
    put(b, &v, 8);
}

static void put_text(buf *b, str s)
{
    put_u32(b, (uint32_t)s.n);
    buf_add(b, s);
}

void maker_section_put(buf *b, const maker_section *s)
{
    put_u8(b, s->role);
    put_u64(b, s->at);
    put_u64(b, s->bytes);
    put_u32(b, s->sum_n);
    put(b, s->sums, (size_t)s->sum_n * 8);
}

static void put_list(buf *b, const str_list *first, const str_list *second)
{
    put_u32(b, (uint32_t)first->n);
    for (size_t i = 0; i < first->n; i++) {
        put_text(b, first->v[i]);
        if (second != NULL)
            put_text(b, second->v[i]);
    }
}

void maker_about_table(buf *d, const column_build *b)
{
    put_text(d, b->name);
    put_u32(d, (uint32_t)b->header_rows);
    put_list(d, &b->notes, NULL);
    put_list(d, &b->plan.fact_keys, &b->plan.fact_values);
}

void maker_about_series(buf *d, bool known, uint64_t base, uint64_t step, unsigned width)
{
    put_u8(d, known);
    if (!known)
        return;
    put_u64(d, base);
    put_u64(d, step);
    put_u8(d, width);
}

static void put_stats(buf *d, const column_stats *s)
{
    for (int i = 0; i < COLUMN_NULL_KINDS; i++)
        put_u64(d, s->nulls[i]);
    put_u64(d, s->distinct);
    put_u8(d, (s->distinct_exact ? STATS_DISTINCT_EXACT : 0) | (s->has_keys ? STATS_KEYS : 0)
              | (s->sum_exact ? STATS_SUM_EXACT : 0) | (s->has_bins ? STATS_BINS : 0));
    put_u64(d, (uint64_t)s->min_key);
    put_u64(d, (uint64_t)s->max_key);
    put_u64(d, (uint64_t)s->sum_key);
    put_f64(d, s->sum);
    put_f64(d, s->mean);
    put_f64(d, s->deviation);
    put_text(d, s->min_text);
    put_text(d, s->max_text);
    put_u64(d, s->text_bytes);
    put_u32(d, s->min_bytes);
    put_u32(d, s->max_bytes);
    put_u32(d, (uint32_t)s->top_count);
    for (size_t i = 0; i < s->top_count; i++) {
        put_text(d, s->top[i].text);
        put_u64(d, s->top[i].count);
    }
    if (s->has_bins) {
        put_u64(d, (uint64_t)s->bin_from);
        put_u64(d, s->bin_step);
        for (int i = 0; i < COLUMN_BINS; i++)
            put_u64(d, s->bins[i]);
    }
    put_u32(d, COLUMN_FACTS);
    for (int i = 0; i < COLUMN_FACTS; i++)
        put_u64(d, s->facts[i]);
}

void maker_about_column(buf *d, const maker_done *m)
{
    const column_about *a = &m->about;
    put_text(d, a->name);
    put_text(d, a->title);
    put_text(d, a->second);
    put_text(d, str_of(column_type_name(a->type)));
    put_u8(d, a->form);
    put_u8(d, m->width);
    put_u8(d, a->scale);
    put_u8(d, m->digits);
    put_u8(d, (a->declared ? ABOUT_DECLARED : 0) | (a->roc ? ABOUT_ROC : 0) | (a->ascending ? ABOUT_ASCENDING : 0));
    put_u64(d, (uint64_t)m->base);
    put_u64(d, m->top);
    put_u32(d, m->nulls);
    put_u32(d, m->dict_count);
    put_u32(d, m->section_n);
    buf_add(d, buf_str(&m->sections));
    put_stats(d, &a->stats);
}
