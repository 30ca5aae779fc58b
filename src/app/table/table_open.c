#include "app/table/table_open.h"

#include "app/site/site.h"

#include <pthread.h>

#define OPEN_MAX 64             /* tables that stay open when nobody uses them */

struct table_cache {
    pthread_mutex_t lock;
    struct { table_open **v; size_t n, cap; } all;
};

void table_cache_start(struct site *s)
{
    s->tables = mem_get(sizeof *s->tables);
    must(pthread_mutex_init(&s->tables->lock, NULL) == 0);
}

static void shut(table_open *t)
{
    query_table_free(t->query);
    for (size_t i = 0; i < t->n; i++)
        column_file_close(t->files[i]);
    mem_free(t->files);
    mem_free(t);
}

void table_cache_end(struct site *s)
{
    if (s->tables == NULL)
        return;
    for (size_t i = 0; i < s->tables->all.n; i++)
        shut(s->tables->all.v[i]);
    mem_free(s->tables->all.v);
    pthread_mutex_destroy(&s->tables->lock);
    mem_free(s->tables);
    s->tables = NULL;
}

static table_open *find(struct table_cache *k, int64_t table, int64_t number)
{
    for (size_t i = 0; i < k->all.n; i++)
        if (k->all.v[i]->table_id == table && k->all.v[i]->number == number)
            return k->all.v[i];
    return NULL;
}

static void use(table_open *t)
{
    t->users++;
    t->used_at = day_now_mono_ns();
}

/* The one that nobody uses for the longest time. */
static void make_room(struct table_cache *k)
{
    while (k->all.n >= OPEN_MAX) {
        size_t oldest = SIZE_MAX;
        for (size_t i = 0; i < k->all.n; i++)
            if (k->all.v[i]->users == 0 && (oldest == SIZE_MAX || k->all.v[i]->used_at < k->all.v[oldest]->used_at))
                oldest = i;
        if (oldest == SIZE_MAX)
            return;
        shut(k->all.v[oldest]);
        k->all.v[oldest] = k->all.v[--k->all.n];
    }
}

static bool open_files(ctx *c, const table_row *t, int64_t number, table_open *o)
{
    table_segment_row_list l;
    if (!q_table_segments_of(c, t->id, number, &l))
        return false;
    if (l.n == 0)
        return fail_said(c, NOT_FOUND, S("version"), "the table has no version {n}", { "n", str_fmt(c->a, "%" PRId64, number) });
    o->files = mem_get(l.n * sizeof *o->files);
    for (size_t i = 0; i < l.n; i++)
        o->mark = o->mark * 31 + str_hash(l.v[i].file);
    for (; o->n < l.n; o->n++)
        if (!column_file_open(c, table_path(c, l.v[o->n].file), &o->files[o->n]))
            return false;
    return query_table_new(c, o->files, o->n, &o->query);
}

bool table_hold(ctx *c, const table_row *t, int64_t number, table_open **out)
{
    struct table_cache *k = c->site->tables;
    must(k != NULL);
    if (number == 0)
        number = t->version;
    pthread_mutex_lock(&k->lock);
    table_open *o = find(k, t->id, number);
    if (o != NULL)
        use(o);
    pthread_mutex_unlock(&k->lock);
    *out = o;
    if (o != NULL)
        return true;
    o = mem_get(sizeof *o); /* opened without the lock: two that ask at once may both do it, one of them for nothing */
    o->table_id = t->id;
    o->number = number;
    if (!open_files(c, t, number, o)) {
        shut(o);
        return false;
    }
    pthread_mutex_lock(&k->lock);
    table_open *other = find(k, t->id, number);
    if (other == NULL) {
        make_room(k);
        if (k->all.n == k->all.cap) {
            k->all.cap = k->all.cap > 0 ? k->all.cap * 2 : OPEN_MAX;
            k->all.v = mem_resize(k->all.v, k->all.cap * sizeof *k->all.v);
        }
        k->all.v[k->all.n++] = o;
    }
    *out = other != NULL ? other : o;
    use(*out);
    pthread_mutex_unlock(&k->lock);
    if (other != NULL)
        shut(o);
    return true;
}

void table_let_go(struct site *s, table_open *t)
{
    if (t == NULL)
        return;
    pthread_mutex_lock(&s->tables->lock);
    t->users--;
    pthread_mutex_unlock(&s->tables->lock);
}

void table_held_end(table_held *h)
{
    if (h->site != NULL)
        table_let_go(h->site, h->open);
}
