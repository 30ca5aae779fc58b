/* naive_test — the same answers as the engine's, by looking at every document:
 * its own cutting of text, its own matching, sorting and counting. Slow and
 * plain on purpose; the differential test holds the engine equal to it. */
#ifndef NAIVE_TEST_H
#define NAIVE_TEST_H
#include "base.h"
#include "kit/search/search.h"
#include "kit/search/token.h"

typedef struct { str text; int pos; bool cjk; } naive_atom;
typedef struct { naive_atom *v; size_t n, cap; } naive_atoms;
typedef struct {
    int64_t     id;
    naive_atoms text[8];
    int64_t     numbers[4];
    search_value *values; size_t value_n;
    str         title;
    double      score;
} naive_doc;
typedef struct { naive_doc *v; size_t n, cap; } naive_docs;

static inline bool naive_letter(uint32_t c) { return (c >= 'a' && c <= 'z') || (c > 127 && c < 0x250 && c != 0xb7); }
static inline bool naive_digit(uint32_t c) { return c >= '0' && c <= '9'; }

/* Atoms of normalised text, by the rules of token.h read once more. */
static inline naive_atoms naive_cut(arena *a, str t)
{
    naive_atoms l = { 0 };
    int pos = 0;
    bool gap = false, was_cjk = false;
    for (size_t i = 0; i < t.n;) {
        size_t from = i;
        uint32_t c = utf8_next(t, &i);
        if (utf8_is_cjk(c)) {
            if (was_cjk && gap)
                pos++;
            list_add(a, &l, (naive_atom){ str_sub(t, from, i), pos++, true });
            was_cjk = true;
            gap = false;
        } else if (naive_letter(c) || naive_digit(c)) {
            bool digit = naive_digit(c);
            for (size_t k = i; k < t.n; i = k) {
                c = utf8_next(t, &k);
                if (digit ? !naive_digit(c) : !naive_letter(c))
                    break;
            }
            char *w = str_z(a, str_sub(t, from, i));
            list_add(a, &l, (naive_atom){ (str){ w, token_stem(w, i - from) }, pos++, false });
            was_cjk = false;
            gap = false;
        } else {
            gap = true;
            if (c == '\n') {
                pos++;
                was_cjk = false;
            }
        }
    }
    return l;
}

/* How often the atoms from..to stand in one text at the same distances. */
static inline int naive_times(const naive_atoms *in, const naive_atoms *q, size_t from, size_t to)
{
    int times = 0;
    for (size_t s = 0; s < in->n; s++) {
        size_t k = from;
        for (; k < to; k++) {
            int at = in->v[s].pos + q->v[k].pos - q->v[from].pos;
            bool there = false;
            for (size_t i = s; i < in->n && !there; i++)
                there = in->v[i].pos == at && in->v[i].cjk == q->v[k].cjk && str_eq(in->v[i].text, q->v[k].text);
            if (!there)
                break;
        }
        times += k == to;
    }
    return times;
}

static inline bool naive_phrase(const naive_doc *d, const naive_atoms *q, size_t from, size_t to, unsigned fields)
{
    bool any = false;
    for (unsigned f = 0; f < 8 && !any; f++)
        any = (fields == 0 || (fields >> f & 1) != 0) && naive_times(&d->text[f], q, from, to) > 0;
    return any;
}

static inline bool naive_joined(uint32_t c)
{
    return utf8_is_cjk(c) || naive_letter(c) || naive_digit(c) || c == '.' || c == '-' || c == '_' || c == '\'';
}

static inline bool naive_text(arena *a, const naive_doc *d, str t, unsigned fields)
{
    for (size_t i = 0; i < t.n;) {
        size_t to = i, next = i;
        while (next < t.n && naive_joined(utf8_next(t, &next)))
            to = next;
        naive_atoms q = naive_cut(a, str_sub(t, i, to));
        for (size_t k = 0, end; k < q.n; k = end) {
            for (end = k + 1; end < q.n; end++)
                if (q.v[end].cjk != q.v[end - 1].cjk || (q.v[end].cjk && q.v[end].pos != q.v[end - 1].pos + 1))
                    break;
            if (!naive_phrase(d, &q, k, end, fields))
                return false;
        }
        i = next > to ? next : to;
    }
    return true;
}

static inline bool naive_prefix(arena *a, const naive_doc *d, str t, unsigned fields)
{
    naive_atoms q = naive_cut(a, t);
    if (q.n != 1 || q.v[0].cjk)
        return naive_text(a, d, t, fields);
    buf typed = buf_in(a);
    for (size_t i = 0; i < t.n;) {
        uint32_t c = utf8_next(t, &i);
        if (naive_letter(c) || naive_digit(c))
            buf_utf8(&typed, c);
    }
    for (unsigned f = 0; f < 8; f++)
        for (size_t i = 0; i < d->text[f].n && (fields == 0 || (fields >> f & 1) != 0); i++) {
            const naive_atom *w = &d->text[f].v[i];
            if (!w->cjk && (str_starts(w->text, buf_str(&typed)) || str_eq(w->text, q.v[0].text)))
                return true;
        }
    return false;
}

static inline bool naive_glob(str p, str t)
{
    if (p.n == 0)
        return t.n == 0;
    if (p.p[0] == '*')
        return naive_glob(str_from(p, 1), t) || (t.n > 0 && naive_glob(p, str_from(t, 1)));
    if (t.n == 0)
        return false;
    if (p.p[0] == '?') {
        size_t i = 0;
        (void)utf8_next(t, &i);
        return naive_glob(str_from(p, 1), str_from(t, i));
    }
    return p.p[0] == t.p[0] && naive_glob(str_from(p, 1), str_from(t, 1));
}

static inline bool naive_value(arena *a, const naive_doc *d, const search_node *n)
{
    str key = n->field < 0 ? str_cat(a, n->key, S("\x1f")) : (str){ 0 };
    for (size_t i = 0; i < d->value_n; i++) {
        str v = d->values[i].value;
        if (d->values[i].field != n->field || !str_starts(v, key))
            continue;
        v = str_from(v, key.n);
        if (n->op == Q_VALUE_ANY || (n->op == Q_VALUE ? str_eq(v, n->text) : naive_glob(n->text, v)))
            return true;
    }
    return false;
}

static inline bool naive_match(arena *a, const search *s, const naive_doc *d, const search_node *n)
{
    switch (n->op) {
    case Q_ALL: return true;
    case Q_NONE: return false;
    case Q_NOT: return !naive_match(a, s, d, n->kids[0]);
    case Q_AND:
    case Q_OR:
        for (size_t i = 0; i < n->kid_count; i++)
            if (naive_match(a, s, d, n->kids[i]) == (n->op == Q_OR))
                return n->op == Q_OR;
        return n->op == Q_AND;
    case Q_TEXT: return naive_text(a, d, search_norm(a, s, n->text), n->fields);
    case Q_PHRASE: {
        naive_atoms q = naive_cut(a, search_norm(a, s, n->text));
        return q.n == 0 || naive_phrase(d, &q, 0, q.n, n->fields);
    }
    case Q_PREFIX: return naive_prefix(a, d, search_norm(a, s, n->text), n->fields);
    case Q_VALUE:
    case Q_VALUE_WILD:
    case Q_VALUE_ANY: return naive_value(a, d, n);
    case Q_RANGE: {
        int64_t x = d->numbers[n->field];
        return x != SEARCH_NO_NUMBER && x >= n->lo && x <= n->hi;
    }
    case Q_IDS:
        for (size_t i = 0; i < n->id_count; i++)
            if (n->ids[i] == d->id)
                return true;
        return false;
    }
    return false;
}

static inline str naive_first(const naive_doc *d, int field)
{
    for (size_t i = 0; i < d->value_n; i++)
        if (d->values[i].field == field)
            return d->values[i].value;
    return (str){ 0 };
}

/* < 0: x comes first. Scores are those the engine said. */
static inline int naive_compare(const search_query *q, const naive_doc *x, const naive_doc *y)
{
    static const search_sort usual[] = { { .by = SORT_SCORE }, { .by = SORT_NUMBER, .descending = true } };
    const search_sort *sort = q->sort_count > 0 ? q->sort : usual;
    for (size_t i = 0, n = q->sort_count > 0 ? q->sort_count : 2; i < n; i++) {
        int64_t a = sort[i].by == SORT_ID ? x->id : sort[i].by == SORT_NUMBER ? x->numbers[sort[i].field] : 0;
        int64_t b = sort[i].by == SORT_ID ? y->id : sort[i].by == SORT_NUMBER ? y->numbers[sort[i].field] : 0;
        int c = (a > b) - (a < b);
        if (sort[i].by == SORT_SCORE)
            c = (x->score < y->score) - (x->score > y->score);
        else if (sort[i].by == SORT_TITLE)
            c = str_cmp(x->title, y->title);
        if (sort[i].by == SORT_VALUE) {
            str v = naive_first(x, sort[i].field), w = naive_first(y, sort[i].field);
            if ((v.n == 0) != (w.n == 0))
                return v.n == 0 ? 1 : -1;
            c = str_cmp(v, w);
        }
        if (sort[i].by == SORT_NUMBER && c != 0 && (a == SEARCH_NO_NUMBER || b == SEARCH_NO_NUMBER))
            return a == SEARCH_NO_NUMBER ? 1 : -1;
        if (c != 0)
            return sort[i].descending && sort[i].by != SORT_SCORE ? -c : c;
    }
    return (x->id > y->id) - (x->id < y->id);
}
#endif
