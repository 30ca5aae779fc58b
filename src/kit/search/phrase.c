#include "kit/search/phrase.h"

typedef struct {
    posting_cursor *k[PLAN_ATOMS];      /* the rarest first */
    uint32_t        at[PLAN_ATOMS];
    const uint8_t  *group[PLAN_ATOMS];  /* positions in the field at hand */
    size_t          n;
    bytes_list(uint32_t) start;         /* where the phrase may begin, in the field at hand */
} finder;

static bool open_all(inside_run *r, const plan *p, finder *f)
{
    uint32_t df[PLAN_ATOMS];
    for (size_t i = 0; i < p->atom_n; i++) {
        posting_list l = segment_term(r->g, p->atoms[i].key, p->atoms[i].tail);
        if (l.df == 0)
            return false;
        size_t to = f->n++;
        for (; to > 0 && df[to - 1] > l.df; to--) {
            df[to] = df[to - 1];
            f->k[to] = f->k[to - 1];
            f->at[to] = f->at[to - 1];
        }
        df[to] = l.df;
        f->at[to] = p->atoms[i].at;
        f->k[to] = scratch_get(r->w, sizeof(posting_cursor));
        posting_open(f->k[to], l);
    }
    return true;
}

/* Beginnings that the rarest term allows. */
static void first_starts(finder *f)
{
    uint32_t pos = 0;
    bool last = false;
    const uint8_t *p = f->group[0];
    f->start.n = 0;
    while (!last) {
        p = posting_position(p, &pos, &last);
        if (pos >= f->at[0])
            bytes_push(&f->start, pos - f->at[0]);
    }
}

/* Those of them that term i allows, too. Both rise. */
static void fewer_starts(finder *f, size_t i)
{
    uint32_t pos = 0;
    bool last = false;
    const uint8_t *p = posting_position(f->group[i], &pos, &last);
    size_t n = 0;
    for (size_t k = 0; k < f->start.n; k++) {
        uint32_t want = f->start.v[k] + f->at[i];
        while (pos < want && !last)
            p = posting_position(p, &pos, &last);
        if (pos == want)
            f->start.v[n++] = f->start.v[k];
    }
    f->start.n = n;
}

/* All cursors stand on one document: fields and occurrences of the phrase there; 0: none. */
static uint16_t check(finder *f, unsigned fields)
{
    unsigned common = fields, times = 0, mask = 0;
    for (size_t i = 0; i < f->n; i++)
        common &= f->k[i]->meta[f->k[i]->i];
    if ((common & 0xff) == 0)
        return 0;
    for (size_t i = 0; i < f->n; i++)
        f->group[i] = posting_positions(f->k[i]);
    unsigned before = 0;               /* fields that are behind us */
    for (unsigned left = common & 0xff; left != 0; left &= left - 1) {
        unsigned bit = left & (0u - left), skipped = (bit - 1) & ~before;
        for (size_t i = 0; i < f->n; i++)
            f->group[i] = posting_skip_groups(
                f->group[i], (unsigned)__builtin_popcount(f->k[i]->meta[f->k[i]->i] & 0xffu & skipped));
        before |= skipped;
        first_starts(f);
        for (size_t i = 1; i < f->n && f->start.n > 0; i++)
            fewer_starts(f, i);
        times += (unsigned)f->start.n;
        mask |= f->start.n > 0 ? bit : 0;
    }
    return (uint16_t)(mask | (times < 255 ? times : 255) << 8);
}

/* The next document at or behind `doc` that has all the terms. */
static bool together(finder *f, uint32_t *doc)
{
    for (size_t i = 0; i < f->n;) {
        if (!posting_seek(f->k[i], *doc))
            return false;
        uint32_t at = f->k[i]->doc[f->k[i]->i];
        if (at == *doc) {
            i++;
        } else {
            *doc = at;
            i = i == 0 ? 1 : 0;
        }
    }
    return true;
}

void phrase_find(inside_run *r, plan *p, const inside_set *within)
{
    finder f = { 0 };
    unsigned fields = p->fields != 0 ? p->fields : 0xff;
    p->hits = 0;
    p->docs = NULL;
    if (!open_all(r, p, &f))
        return;
    uint32_t most = f.k[0]->list.df < within->n ? f.k[0]->list.df : within->n;
    uint32_t *docs = inside_list(r, most);
    uint16_t *meta = scratch_n(r->w, uint16_t, most + 1);
    bool all = within->n == r->g->n;
    for (uint32_t doc = 0, i = 0; together(&f, &doc); doc++) {
        if (!all && within->bits != NULL && !bits_has(within->bits, doc))
            continue;
        if (!all && within->bits == NULL) {
            while (i < within->n && within->v[i] < doc)
                i++;
            if (i == within->n)
                break;
            if (within->v[i] != doc) {
                doc = within->v[i] - 1;
                continue;
            }
        }
        uint16_t m = check(&f, fields);
        docs[p->hits] = doc;
        meta[p->hits] = m;
        p->hits += (m & 0xff) != 0;
    }
    mem_free(f.start.v);
    p->docs = docs;
    p->meta = meta;
}
