#include "kit/load/load_reference.h"

#include "kit/table/row_match.h"

typedef struct {
    const load_reference_plan *p;
    void *to;
    bool (*finding)(ctx *c, void *to, const table_finding *f);
    const size_t *places;               /* columns of the schema's fields */
} judge;

static bool find_alike(const column_file *f, str name, size_t *col)
{
    for (size_t i = 0; i < column_file_count(f); i++) {
        const column_about *k = column_file_about(f, i);
        if (table_title_alike(k->title, name) || table_title_alike(k->second, name)) {
            *col = i;
            return true;
        }
    }
    return false;
}

static bool columns_of(ctx *c, const load_rows *r, const str_list *names, size_t *cols)
{
    if (r->schema != NULL && load_schema_named(r->schema, table_schema_places(c, r->schema, r->files[0]), names, cols))
        return true;
    for (size_t i = 0; i < names->n; i++)
        if (!column_file_find(r->files[0], names->v[i], &cols[i]) && !find_alike(r->files[0], names->v[i], &cols[i]))
            return false;
    return true;
}

static bool tell_unchecked(ctx *c, const judge *w, const table_reference *r, size_t col)
{
    str to = str_join(c->a, &r->to, S(", ")), sample = r->table.n > 0 ? str_fmt(c->a, "%.*s: %.*s", S_ARG(r->table), S_ARG(to)) : to;
    return w->p->untold || w->finding(c, w->to, &(table_finding){ .code = "reference_unchecked", .col = col + 1, .sample = sample, .count = 1 });
}

/* Rows through all segments, each told in its own. */
static bool tell_broken(ctx *c, const judge *w, const size_t *cols, size_t n, const row_found *found)
{
    const load_rows *own = &w->p->own;
    uint64_t before = 0;
    size_t at = 0;
    for (size_t f = 0; f < own->n; f++) {
        uint64_t rows = column_file_rows(own->files[f]);
        for (; at < found->n && found->rows[at] < before + rows; at++) {
            table_finding k = { .code = "reference_broken", .row = found->rows[at] + 1, .col = cols[0] + 1,
                                .sample = load_schema_sample(c, own->files[f], cols, n, found->rows[at] - before),
                                .count = at + 1 < found->n ? 1 : found->count - at };
            bool known = false;
            if (f == 0 && !column_file_place(c, own->files[0], found->rows[at], &k.byte, &k.line, &known))
                return false;
            if (!w->finding(c, w->to, &k))
                return false;
        }
        before += rows;
    }
    return true;
}

static row_side side_of(const load_rows *r, const size_t *cols)
{
    return (row_side){ .files = r->files, .n = r->n, .cols = cols, .without = r->without };
}

static bool judge_one(ctx *c, const judge *w, const table_reference *r)
{
    size_t n = r->fields.n, *cols = new_n(c->a, size_t, n), *to = new_n(c->a, size_t, n);
    load_rows other = w->p->all;
    row_found found;
    if (!load_schema_named(w->p->schema, w->places, &r->fields, cols))
        return true;                    /* a column of it is lacking, which was told */
    if (r->table.n > 0) {
        other = (load_rows){ 0 };
        if (w->p->find != NULL && !w->p->find(c, w->p->to, r->table, &other))
            return false;
    } else {
        other.schema = w->p->schema;
    }
    if (other.n == 0 || !columns_of(c, &other, &r->to, to))
        return tell_unchecked(c, w, r, cols[0]);
    const row_side asked = side_of(&w->p->own, cols), among = side_of(&other, to);
    return row_match_among(c, &asked, &among, n, false, LOAD_PLACES, &found) && tell_broken(c, w, cols, n, &found);
}

bool load_references(ctx *c, const load_reference_plan *p, void *to, bool (*finding)(ctx *, void *, const table_finding *))
{
    judge w = { p, to, finding, NULL };
    if (p->schema == NULL || p->schema->references.n == 0 || p->own.n == 0)
        return true;
    w.places = table_schema_places(c, p->schema, p->own.files[0]);
    list_each (const table_reference, r, &p->schema->references)
        if (!judge_one(c, &w, r))
            return false;
    return true;
}
