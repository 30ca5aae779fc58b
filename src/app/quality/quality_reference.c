/* The references of the tables that were checked: among all files of one run. */
#include "app/quality/quality.h"

#include "kit/load/load_reference.h"

#include <unistd.h>

typedef struct {
    quality_report *r;
    column_file **files;                /* of the tables; NULL: it was not kept */
    quality_table *now;
} work;

static bool is_exactly(const quality_table *t, str name)
{
    return str_eq(t->called, name) || str_eq(t->titled, name) || str_eq(t->name, name);
}

static bool is_alike(const quality_table *t, str name)
{
    return table_is_called(t->called, name) || table_is_called(t->titled, name) || table_is_called(t->name, name) || table_is_called(t->file, name);
}

static bool find(ctx *c, void *to, str name, load_rows *out)
{
    const work *w = to;
    (void)c;
    for (int exactly = 1; exactly >= 0; exactly--)
        for (size_t i = 0; i < w->r->tables.n && out->n == 0; i++) {
            const quality_table *t = &w->r->tables.v[i];
            if (w->files[i] != NULL && (exactly ? is_exactly(t, name) : is_alike(t, name)))
                *out = (load_rows){ .files = &w->files[i], .n = 1, .schema = t->schema };
        }
    return true;
}

static bool keep(ctx *c, void *to, const table_finding *f)
{
    work *w = to;
    table_finding *mine = list_push(c->a, &w->now->findings);
    *mine = *f;
    mine->sample = str_dup(c->a, f->sample);
    return true;
}

static bool judge(ctx *c, work *w, size_t i)
{
    quality_table *t = w->now = &w->r->tables.v[i];
    if (t->schema == NULL || t->schema->references.n == 0 || w->files[i] == NULL)
        return true;
    const load_rows rows = { .files = &w->files[i], .n = 1, .schema = t->schema };
    quality_count_rules(t, w->r, -1);
    bool ok = load_references(c, &(load_reference_plan){ .schema = t->schema, .own = rows, .all = rows, .to = w, .find = find }, w, keep);
    quality_count_rules(t, w->r, 1);
    t->score = quality_score(c, t);
    return ok;
}

bool quality_end(ctx *c, quality_report *r, bool ok)
{
    work w = { .r = r, .files = new_n(c->a, column_file *, r->tables.n + 1) };
    for (size_t i = 0; i < r->tables.n && ok; i++)
        ok = r->tables.v[i].path.n == 0 || column_file_open(c, r->tables.v[i].path, &w.files[i]);
    for (size_t i = 0; i < r->tables.n && ok; i++)
        ok = judge(c, &w, i);
    for (size_t i = 0; i < r->tables.n; i++) {
        column_file_close(w.files[i]);
        if (r->tables.v[i].path.n > 0)
            unlink(r->tables.v[i].path.p);
        r->tables.v[i].path = (str){ 0 };
    }
    return ok;
}
