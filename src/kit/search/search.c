#include "kit/search/search.h"

#include "kit/search/inside.h"
#include "kit/search/merge.h"
#include "kit/search/run.h"

search *search_new(const search_schema *schema, str variants_tsv)
{
    must(schema->text_count <= INSIDE_TEXTS && schema->value_count <= INSIDE_VALUES
         && schema->number_count <= INSIDE_NUMBERS);
    search *s = mem_get(sizeof *s);
    s->text_n = schema->text_count;
    s->value_n = schema->value_count;
    s->number_n = schema->number_count;
    for (size_t i = 0; i < s->text_n; i++)
        s->boost[i] = schema->texts[i].boost;
    for (size_t i = 0; i < s->value_n; i++)
        s->many[i] = schema->values[i].multi == SEARCH_MANY;
    s->many[s->value_n] = true;
    s->norm = norm_new(variants_tsv);
    s->build = build_new(s->norm, s->text_n, s->number_n, s->many, s->value_n + 1);
    version_start(&s->versions);
    return s;
}

void search_free(search *s)
{
    if (s == NULL)
        return;
    version_stop(&s->versions);
    build_free(s->build);
    scratch_pool_free(&s->pool);
    for (size_t i = 0; i <= s->value_n; i++) {
        values_free(&s->values[i]);
        mem_free(s->numbers_of[i].v);
    }
    norm_text_free(&s->title_text);
    bytes_free(&s->title);
    mem_free(s->removals.v);
    norm_free(s->norm);
    mem_free(s);
}

static str folded_title(search *s, str title)
{
    norm_fold(s->norm, title, &s->title_text);
    s->title.n = 0;
    for (size_t i = 0; i < s->title_text.n; i++) {
        bytes_room(&s->title, 4);
        s->title.n += utf8_encode(s->title_text.v[i], (char *)s->title.p + s->title.n);
    }
    return (str){ (char *)s->title.p, s->title.n };
}

void search_put(search *s, const search_doc *d)
{
    uint32_t *values_of[INSIDE_VALUES + 1];
    size_t n[INSIDE_VALUES + 1];
    must(d->id >= 1);
    for (size_t i = 0; i <= s->value_n; i++)
        s->numbers_of[i].n = 0;
    for (size_t i = 0; i < d->value_count; i++) {
        const search_value *v = &d->values[i];
        must(v->field >= -1 && v->field < (int)s->value_n);
        size_t k = inside_column(s, v->field);
        uint32_t number = values_intern(&s->values[k], v->value);
        bool known = false;
        for (size_t j = 0; j < s->numbers_of[k].n && !known; j++)
            known = s->numbers_of[k].v[j] == number;
        if (!known)
            bytes_push(&s->numbers_of[k], number);
    }
    for (size_t i = 0; i <= s->value_n; i++) {
        values_of[i] = s->numbers_of[i].v;
        n[i] = s->numbers_of[i].n;
    }
    (void)build_put(s->build, d->id, d->texts, folded_title(s, d->sort_title), d->numbers, values_of, n);
}

void search_remove(search *s, int64_t id)
{
    bytes_push(&s->removals, (inside_removal){ id, build_count(s->build) });
}

/* ---- publishing ---- */

static void mark_dead(version_part *p, bool *own, uint32_t doc)
{
    if (p->dead != NULL && bits_has(p->dead->bits, doc))
        return;
    if (!*own) {
        version_dead *old = p->dead;
        p->dead = version_dead_new(p->g->n, old);
        version_dead_drop(old);
        *own = true;
    }
    bits_put(p->dead->bits, doc);
    p->dead->count++;
}

static void remove_published(version *v, bool *own, int64_t id)
{
    uint32_t doc;
    for (size_t i = 0; i < v->n; i++)
        if (segment_doc(v->parts[i].g, id, &doc))
            mark_dead(&v->parts[i], &own[i], doc);
}

/* Of the new segment: what was put twice, and what was removed after it was put. */
static void remove_new(search *s, version_part *fresh)
{
    segment *g = fresh->g;
    bool own = false;
    uint32_t newest;
    for (uint32_t i = 0; i < g->n; i++)
        if (segment_doc(g, g->id[i], &newest) && newest != i)
            mark_dead(fresh, &own, i);
    for (size_t i = 0; i < s->removals.n; i++)
        if (segment_doc(g, s->removals.v[i].id, &newest) && newest < s->removals.v[i].before)
            mark_dead(fresh, &own, newest);
}

static uint32_t living(const version_part *p)
{
    return p->g->n - (p->dead != NULL ? p->dead->count : 0);
}

/* Parts from..n become one. */
static void join(version *v, size_t from)
{
    merge_part parts[VERSION_PARTS];
    size_t n = v->n - from;
    for (size_t i = 0; i < n; i++)
        parts[i] = (merge_part){ v->parts[from + i].g, version_dead_bits(&v->parts[from + i]) };
    segment *g = merge_parts(parts, n);
    for (size_t i = from; i < v->n; i++) {
        segment_drop(v->parts[i].g);
        version_dead_drop(v->parts[i].dead);
    }
    v->n = from;
    if (g->n > 0)
        v->parts[v->n++] = (version_part){ .g = g };
    else
        segment_drop(g);
}

/* Each segment is to be at least four times what comes after it, so there are few, and a document is rewritten
 * seldom; one of which a third is gone is rewritten. */
static void tidy(version *v)
{
    uint64_t behind = 0;
    size_t from = v->n;
    for (size_t i = v->n; i-- > 0;) {
        const version_part *p = &v->parts[i];
        bool small = behind > 0 && living(p) < 4 * behind;
        bool holed = p->dead != NULL && p->dead->count > p->g->n / 3;
        if (small || holed)
            from = i;
        behind += living(p);
    }
    if (from < v->n)
        join(v, from);
}

void search_publish(search *s)
{
    if (build_count(s->build) == 0 && s->removals.n == 0)
        return;
    version *old = version_enter(&s->versions);
    version *v = mem_get(sizeof *v);
    bool own[VERSION_PARTS] = { false };
    for (; v->n < old->n; v->n++)
        v->parts[v->n] = (version_part){ segment_hold(old->parts[v->n].g), version_dead_hold(old->parts[v->n].dead) };
    version_leave(&s->versions, old);
    segment *g = build_seal(s->build);
    for (uint32_t i = 0; g != NULL && i < g->n; i++)
        remove_published(v, own, g->id[i]);
    for (size_t i = 0; i < s->removals.n; i++)
        remove_published(v, own, s->removals.v[i].id);
    if (g != NULL) {
        must(v->n < VERSION_PARTS);
        v->parts[v->n++] = (version_part){ .g = g };
        remove_new(s, &v->parts[v->n - 1]);
    }
    s->removals.n = 0;
    tidy(v);
    for (size_t i = 0; i < v->n; i++)
        v->docs += living(&v->parts[i]);
    version_swap(&s->versions, v);
}

/* ---- reading ---- */

bool search_run(ctx *c, search *s, const search_query *q, search_result *out)
{
    return run_search(c, s, q, out);
}

bool search_histogram(ctx *c, search *s, const search_query *q, int number, const int64_t *edges, size_t edge_count,
                      int64_t *counts)
{
    return run_histogram(c, s, q, number, edges, edge_count, counts);
}

size_t search_count(search *s)
{
    version *v = version_enter(&s->versions);
    size_t n = (size_t)v->docs;
    version_leave(&s->versions, v);
    return n;
}

size_t search_bytes(search *s)
{
    version *v = version_enter(&s->versions);
    size_t n = sizeof *s + sizeof *v + sizeof *s->norm + scratch_bytes(&s->pool);
    for (size_t i = 0; i < v->n; i++)
        n += segment_bytes(v->parts[i].g) + (v->parts[i].dead != NULL ? BITS_WORDS(v->parts[i].g->n) * 8 : 0);
    version_leave(&s->versions, v);
    for (size_t i = 0; i <= s->value_n; i++)
        n += s->values[i].held;
    return n;
}

str search_norm(arena *a, const search *s, str text)
{
    norm_text t = { 0 };
    norm_fold(s->norm, text, &t);
    buf b = buf_in(a);
    for (size_t i = 0; i < t.n; i++)
        buf_utf8(&b, t.v[i]);
    norm_text_free(&t);
    return buf_str(&b);
}
