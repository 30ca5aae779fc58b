#include "kit/search/merge.h"

#define GONE UINT32_MAX

typedef struct {
    const segment *g;
    uint32_t *to;         /* document here → there, or GONE */
    size_t    at;         /* term */
} source;

static bool lives(const merge_part *p, uint32_t doc)
{
    return p->dead == NULL || !bits_has(p->dead, doc);
}

static void copy_docs(segment_draft *d, const merge_part *p, source *s, uint32_t *count)
{
    const segment *g = p->g;
    int64_t numbers[16];
    must(g->number_n <= array_len(numbers));
    for (uint32_t doc = 0; doc < g->n; doc++) {
        s->to[doc] = lives(p, doc) ? (*count)++ : GONE;
        if (s->to[doc] == GONE)
            continue;
        for (size_t k = 0; k < g->number_n; k++)
            numbers[k] = g->number[k][doc];
        segment_draft_doc(d, g->id[doc], g->length[doc], segment_title(g, doc), numbers);
    }
}

static void copy_column(column_draft *to, const merge_part *p, size_t k)
{
    const column *from = &p->g->column[k];
    for (uint32_t doc = 0; doc < p->g->n; doc++) {
        if (!lives(p, doc))
            continue;
        for (uint32_t i = column_begin(from, doc), end = column_end(from, doc); i < end; i++)
            bytes_push(&to->codes, column_code(from, i));
        if (to->many)
            bytes_push(&to->ends, (uint32_t)to->codes.n);
    }
}

static void copy_postings(segment_draft *d, const source *s)
{
    posting_list l = segment_term_at(s->g, s->at);
    uint32_t *docs = mem_resize(NULL, l.df * sizeof *docs);
    uint16_t *meta = mem_resize(NULL, l.df * sizeof *meta);
    posting_all(l, docs, meta);
    const uint8_t *pos = l.pos;
    for (uint32_t i = 0; i < l.df; i++) {
        const uint8_t *end = posting_skip_groups(pos, (unsigned)__builtin_popcount(meta[i] & 0xffu));
        if (s->to[docs[i]] != GONE)
            posting_add(&d->w, s->to[docs[i]], meta[i], pos, (size_t)(end - pos));
        pos = end;
    }
    mem_free(docs);
    mem_free(meta);
}

static int compare_heads(const source *a, const source *b)
{
    uint64_t x = a->g->key[a->at], y = b->g->key[b->at];
    if (x != y)
        return x > y ? 1 : -1;
    return str_cmp(segment_tail(a->g, a->at), segment_tail(b->g, b->at));
}

static void merge_terms(segment_draft *d, source *s, size_t n)
{
    for (;;) {
        const source *least = NULL;
        for (size_t i = 0; i < n; i++)
            if (s[i].at < s[i].g->term_n && (least == NULL || compare_heads(&s[i], least) < 0))
                least = &s[i];
        if (least == NULL)
            return;
        source head = *least;
        for (size_t i = 0; i < n; i++)
            if (s[i].at < s[i].g->term_n && compare_heads(&s[i], &head) == 0) {
                copy_postings(d, &s[i]);
                s[i].at++;
            }
        segment_draft_term(d, head.g->key[head.at], segment_tail(head.g, head.at));
    }
}

segment *merge_parts(const merge_part *parts, size_t n)
{
    const segment *first = parts[0].g;
    bool many[64];
    must(first->column_n <= array_len(many));
    for (size_t k = 0; k < first->column_n; k++)
        many[k] = first->column[k].many;
    segment_draft *d = segment_draft_new(first->number_n, many, first->column_n);
    source *s = mem_get(n * sizeof *s);
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++) {
        s[i] = (source){ .g = parts[i].g, .to = mem_get(parts[i].g->n * sizeof *s->to) };
        copy_docs(d, &parts[i], &s[i], &count);
        for (size_t k = 0; k < first->column_n; k++)
            copy_column(&d->columns[k], &parts[i], k);
    }
    merge_terms(d, s, n);
    for (size_t i = 0; i < n; i++)
        mem_free(s[i].to);
    mem_free(s);
    return segment_seal(d);
}
