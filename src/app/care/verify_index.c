/* verify_index — an index made from the record now: does it hold just the datasets of the record, each once, and count
 * them for each publisher as the record does? */
#include "app/care/verify.h"
#include "app/find/find.h"
#include "queries.h"

#define RANGE 10000

static bool same_ids(ctx *c, care_verdict *v, const search_result *r)
{
    size_t at = 0;
    int64_t last;
    if (!q_care_last_dataset(c, &last))
        return false;
    for (int64_t id = 1; id <= last; id += RANGE) {
        care_id_list l;
        if (!q_care_ids(c, id, id + RANGE, &l))
            return false;
        for (size_t i = 0; i < l.n; i++) {
            for (; at < r->hit_count && r->hits[at].id < l.v[i].id; at++)
                care_find(c, v, str_fmt(c->a, "index: dataset %" PRId64, r->hits[at].id), "the record does not have it");
            if (at < r->hit_count && r->hits[at].id == l.v[i].id)
                at++;
            else
                care_find(c, v, str_fmt(c->a, "index: dataset %" PRId64, l.v[i].id), "the index does not have it");
        }
    }
    for (; at < r->hit_count; at++)
        care_find(c, v, str_fmt(c->a, "index: dataset %" PRId64, r->hits[at].id), "the record does not have it");
    return true;
}

static bool same_counts(ctx *c, care_verdict *v, const search_result *r)
{
    care_publisher_list l;
    map counts = map_in(c->a);
    if (!q_care_publishers(c, &l))
        return false;
    for (size_t i = 0; i < r->facet_count; i++)
        for (size_t k = 0; k < r->facets[i].n; k++)
            map_set_i64(&counts, r->facets[i].v[k].value, r->facets[i].v[k].count);
    for (size_t i = 0; i < l.n; i++)
        if (map_i64(&counts, l.v[i].slug, 0) != l.v[i].n)
            care_find(c, v, str_cat(c->a, S("index: organization "), l.v[i].slug), "the index counts %" PRId64 " datasets, the record %" PRId64,
                      map_i64(&counts, l.v[i].slug, 0), l.v[i].n);
    return true;
}

bool verify_index(ctx *c, site *s, care_verdict *v)
{
    static const int facets[] = { FIND_ORG };
    if (!find_open(c, s))
        return false;
    search_query q = { .sort = { { .by = SORT_ID } }, .sort_count = 1, .rows = (size_t)INT32_MAX, .facets = facets, .facet_count = 1 };
    search_result r;
    bool ok = search_run(c, find_index(s), &q, &r);
    if (ok)
        v->indexed = r.total;
    ok = ok && same_ids(c, v, &r) && same_counts(c, v, &r);
    find_close(s);
    return ok;
}
