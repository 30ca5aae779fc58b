#include "app/measure/measure_count.h"

#include <stdlib.h>

#include "kit/text/json_read.h"

static const char *const badges[MEASURE_BADGES] = { "platinum", "gold", "silver", "bronze", "none", "unknown" };

/* Which organisations belong to the root, with itself. */
static bool *tree_of(ctx *c, const measure_organization_list *l, int64_t root)
{
    enum { DEEPEST = 30 };
    bool *in = new_n(c->a, bool, l->n + 1);
    map at = map_in(c->a);
    for (size_t i = 0; i < l->n; i++)
        map_set_i64(&at, str_fmt(c->a, "%" PRId64, l->v[i].id), (int64_t)i);
    for (size_t i = 0; i < l->n; i++) {
        int64_t k = (int64_t)i;
        for (int depth = 0; k >= 0 && depth < DEEPEST && !in[i]; depth++) {
            in[i] = root == 0 || l->v[k].id == root;
            k = map_i64(&at, str_fmt(c->a, "%" PRId64, l->v[k].parent_id), -1);
        }
    }
    return in;
}

static bool counted(const measure_count *k, int64_t id)
{
    size_t from = 0, to = k->id_count;
    while (from < to) {
        size_t mid = (from + to) / 2;
        if (k->ids[mid] < id)
            from = mid + 1;
        else
            to = mid;
    }
    return from < k->id_count && k->ids[from] == id;
}

static void add_mark(measure_count *k, const measure_mark *m)
{
    for (size_t i = 0; i < MEASURE_INDICATORS && i < m->indicators.n; i++) {
        measure_outcome *o = &k->outcomes[i];
        switch (measure_result_of(m->indicators.p[i])) {
        case MEASURE_PASSED: o->passed += m->datasets; break;
        case MEASURE_FAILED: o->failed += m->datasets; break;
        case MEASURE_ASIDE: o->aside += m->datasets; break;
        case MEASURE_UNKNOWN: o->unknown += m->datasets; break;
        }
    }
    for (size_t i = 0; i < MEASURE_BADGES; i++)
        if (str_eq(m->badge, str_of(badges[i])))
            k->badges[i].datasets += m->datasets;
    if (m->tenth >= 0 && m->tenth <= 10)
        k->tenths[m->tenth] += m->datasets;
}

static int by_score(const void *x, const void *y)
{
    const measure_standing *a = x, *b = y;
    double p = (double)a->score_sum / (double)a->datasets, q = (double)b->score_sum / (double)b->datasets;
    return p != q ? (p > q ? -1 : 1) : a->datasets != b->datasets ? (a->datasets > b->datasets ? -1 : 1)
                                                                          : a->o->id < b->o->id ? -1 : a->o->id > b->o->id;
}

/* Marks are in the order of organisations. */
static void add_marks(ctx *c, const measure_organization_list *l, const measure_mark_list *marks, measure_count *k)
{
    size_t at = 0;
    measure_standing now = { 0 };
    for (size_t i = 0; i <= marks->n; i++) {
        const measure_mark *m = i < marks->n ? &marks->v[i] : NULL;
        if (now.o != NULL && (m == NULL || m->organization_id != now.o->id)) {
            if (now.datasets >= MEASURE_STANDING_LEAST)
                list_add(c->a, &k->organizations, now);
            now = (measure_standing){ 0 };
        }
        while (m != NULL && at < l->n && l->v[at].id < m->organization_id)
            at++;
        if (m == NULL || at == l->n || l->v[at].id != m->organization_id || !counted(k, m->organization_id))
            continue;
        int64_t badged = str_eq(m->badge, S("unknown")) || str_eq(m->badge, S("none")) ? 0 : m->datasets;
        now = (measure_standing){ &l->v[at], now.datasets + m->datasets, now.score_sum + m->score_sum, now.three_stars + m->three_stars,
                                  now.badged + badged, now.split + m->split };
        add_mark(k, m);
        k->datasets += m->datasets;
        k->score_sum += m->score_sum;
        k->three_stars += m->three_stars;
        k->badged += badged;
        k->split += m->split;
        k->held += m->held;
        k->addresses += m->addresses;
        k->asked += m->asked;
        k->failing += m->failing;
        k->pages += m->pages;
    }
    if (k->organizations.n > 0)
        qsort(k->organizations.v, k->organizations.n, sizeof *k->organizations.v, by_score);
}

static int by_tables(const void *x, const void *y)
{
    const measure_frequent *a = x, *b = y;
    return a->tables != b->tables ? (a->tables > b->tables ? -1 : 1) : str_cmp(a->code, b->code);
}

static bool add_findings(ctx *c, measure_count *k)
{
    measure_found_row_list rows;
    map at = map_in(c->a);
    if (!q_measure_found(c, &rows))
        return false;
    list_each (const measure_found_row, r, &rows) {
        json doc;
        if (!counted(k, r->organization_id) || !json_parse(c, r->findings, &doc) || doc.type != JSON_OBJ)
            continue;
        for (size_t i = 0; i < doc.obj.n; i++) {
            bool fresh;
            map_item *it = map_put(&at, doc.obj.keys[i], &fresh);
            if (fresh) {
                it->i = (int64_t)k->findings.n;
                list_add(c->a, &k->findings, (measure_frequent){ .code = doc.obj.keys[i] });
            }
            measure_frequent *f = &k->findings.v[it->i];
            f->datasets++;
            f->tables += doc.obj.v[i].type == JSON_INT ? doc.obj.v[i].i : 0;
        }
    }
    err_clear(c);
    if (k->findings.n > 0)
        qsort(k->findings.v, k->findings.n, sizeof *k->findings.v, by_tables);
    return true;
}

bool measure_count_up(ctx *c, int64_t root, measure_count *k)
{
    measure_organization_list *l = new(c->a, measure_organization_list);
    measure_mark_list marks;
    *k = (measure_count){ 0 };
    for (size_t i = 0; i < MEASURE_BADGES; i++)
        k->badges[i].code = badges[i];
    if (!q_measure_organizations(c, l) || !q_measure_marks(c, &marks))
        return false;
    const bool *in = tree_of(c, l, root);
    k->ids = new_n(c->a, int64_t, l->n + 1);
    for (size_t i = 0; i < l->n; i++)
        if (in[i])
            k->ids[k->id_count++] = l->v[i].id;
    add_marks(c, l, &marks, k);
    return add_findings(c, k);
}
