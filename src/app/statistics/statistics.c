#include "app/statistics/statistics.h"

#include "app/site/site.h"
#include "app/vocabulary/vocabulary.h"
#include "kit/text/lang.h"
#include "kit/text/url.h"

enum { FIRST_YEAR = 1990 };    /* nothing was opened before; earlier dates count into it */

static const struct {
    const char *name;
    find_value  field;
    bool        many;
} kinds[STATISTICS_PARTS] = {
    [STATISTICS_ORGANIZATIONS] = { "organizations", FIND_ORG, false },
    [STATISTICS_FORMATS] = { "formats", FIND_FORMAT, true },
    [STATISTICS_CATEGORIES] = { "categories", FIND_CATEGORY, false },
    [STATISTICS_THEMES] = { "themes", FIND_THEME, false },
    [STATISTICS_LICENCES] = { "licences", FIND_LICENCE, false },
    [STATISTICS_FREQUENCIES] = { "frequencies", FIND_FREQUENCY, false },
    [STATISTICS_STARS] = { "stars", FIND_STAR, false },
    [STATISTICS_OPENNESS] = { "openness", FIND_OPEN, false },
    [STATISTICS_COMPLETENESS] = { "completeness", FIND_VALUES, false },    /* a number, cut into tens */
};

const char *statistics_name(statistics_kind k)
{
    return kinds[k].name;
}

bool statistics_kind_of(str name, statistics_kind *out)
{
    for (int k = 0; k < STATISTICS_PARTS; k++)
        if (str_eq(name, str_of(kinds[k].name))) {
            *out = (statistics_kind)k;
            return true;
        }
    return false;
}

static search_node *node(ctx *c, search_op op, search_node *x, search_node *y)
{
    search_node *n = new(c->a, search_node);
    n->op = op;
    n->kids = new_n(c->a, search_node *, 2);
    n->kids[0] = x;
    n->kids[1] = y;
    n->kid_count = y != NULL ? 2 : 1;
    return n;
}

static search_node *statistics_and(ctx *c, search_node *x, search_node *y)
{
    return x == NULL ? y : y == NULL ? x : node(c, Q_AND, x, y);
}

search_node *statistics_value(ctx *c, find_value field, str value)
{
    search_node *n = new(c->a, search_node);
    *n = (search_node){ .op = Q_VALUE, .field = (int)field, .text = value };
    return n;
}

static search_node *dated(ctx *c, find_number field)
{
    search_node *n = new(c->a, search_node);
    *n = (search_node){ .op = Q_RANGE, .field = (int)field, .lo = SEARCH_NO_NUMBER + 1, .hi = INT64_MAX };
    return n;
}

/* How many `filter` means, and the counts of the values of some fields. */
static bool run(ctx *c, search_node *filter, const int *facets, size_t facet_count, search_result *out)
{
    search_node *all = new(c->a, search_node);
    all->op = Q_ALL;
    const search_query q = { .where = all, .filter = filter, .facets = facets, .facet_count = facet_count };
    return search_run(c, find_index(c->site), &q, out);
}

static bool histogram(ctx *c, search_node *filter, find_number field, const int64_t *edges, size_t n, int64_t *counts)
{
    search_node *all = new(c->a, search_node);
    all->op = Q_ALL;
    const search_query q = { .where = all, .filter = filter };
    return search_histogram(c, find_index(c->site), &q, (int)field, edges, n, counts);
}

/* Counts between edges by issue date, and where there is none by the day of coming here. */
static bool by_date(ctx *c, search_node *filter, const int64_t *edges, size_t n, int64_t *issued, int64_t *created)
{
    search_node *undated = statistics_and(c, filter, node(c, Q_NOT, dated(c, FIND_ISSUED), NULL));
    return histogram(c, filter, FIND_ISSUED, edges, n, issued) && histogram(c, undated, FIND_CREATED, edges, n, created);
}

static int64_t month_start(int year, int month)    /* midnight in Taiwan; month may be 13 */
{
    return day_from_civil(month > 12 ? year + 1 : year, month > 12 ? month - 12 : month, 1) * DAY_MS - DAY_TAIPEI_MS;
}

bool statistics_by_year(ctx *c, policy_role role, search_node *where, int first, size_t years, int64_t *totals)
{
    search_node *filter = statistics_and(c, find_sight(c, role), where);
    int64_t *edges = new_n(c->a, int64_t, years + 1);
    int64_t *issued = new_n(c->a, int64_t, years + 1), *created = new_n(c->a, int64_t, years + 1);
    edges[0] = SEARCH_NO_NUMBER + 1;
    for (size_t i = 1; i <= years; i++)
        edges[i] = month_start(first + (int)i, 1);
    if (!by_date(c, filter, edges, years + 1, issued, created))
        return false;
    int64_t sum = 0;
    for (size_t i = 0; i < years; i++)
        totals[i] = sum += issued[i] + created[i];
    return true;
}

/* Months from FIRST_YEAR to now; the first edge takes all that is earlier, the last bin what is later. */
static bool count_months(ctx *c, search_node *filter, int64_t now, size_t *months, int64_t **issued, int64_t **created)
{
    size_t n = (size_t)((day_year_taipei(now) - FIRST_YEAR) * 12 + day_month_taipei(now));
    int64_t *edges = new_n(c->a, int64_t, n + 2);
    for (size_t i = 0; i <= n; i++)
        edges[i] = month_start(FIRST_YEAR + (int)(i / 12), (int)(i % 12) + 1);
    edges[0] = SEARCH_NO_NUMBER + 1;
    edges[n + 1] = INT64_MAX;
    *months = n;
    *issued = new_n(c->a, int64_t, n + 1);
    *created = new_n(c->a, int64_t, n + 1);
    return by_date(c, filter, edges, n + 2, *issued, *created);
}

bool statistics_grow(ctx *c, policy_role role, search_node *where, int64_t now, statistics_growth *g)
{
    size_t n;
    int64_t *issued, *created;
    *g = (statistics_growth){ 0 };
    if (now < month_start(FIRST_YEAR, 1))
        return fail(c, INTERNAL, "the clock of this machine says a year before %d", FIRST_YEAR);
    if (!count_months(c, statistics_and(c, find_sight(c, role), where), now, &n, &issued, &created))
        return false;
    g->future = issued[n] + created[n];
    size_t first = 0;
    while (first < n && issued[first] + created[first] == 0)
        first++;
    int64_t sum = 0;
    for (size_t i = first; i < n; i++) {
        int64_t added = issued[i] + created[i];
        int year = FIRST_YEAR + (int)(i / 12);
        sum += added;
        g->issued += issued[i];
        g->created += created[i];
        list_add(c->a, &g->months, (statistics_period){ year, (int)(i % 12) + 1, added, sum });
        if (g->years.n == 0 || g->years.v[g->years.n - 1].year != year)
            list_add(c->a, &g->years, (statistics_period){ .year = year });
        g->years.v[g->years.n - 1].added += added;
        g->years.v[g->years.n - 1].total = sum;
    }
    return true;
}

static void add_row(ctx *c, statistics_part *p, find_value field, str value, int64_t count)
{
    str path = str_fmt(c->a, "/datasets?%s=%.*s", find_value_name(field), S_ARG(url_encoded(c->a, value)));
    list_add(c->a, &p->rows, (statistics_row){ .value = value, .label = find_label(c, field, value), .path = path, .count = count });
}

/* All stars from five to none, also those that nobody has. */
static void add_stars(ctx *c, statistics_part *p, const search_facet *f)
{
    for (int star = 5; star >= 0; star--) {
        str value = str_fmt(c->a, "%d", star);
        int64_t count = 0;
        for (size_t i = 0; i < f->n; i++)
            if (str_eq(f->v[i].value, value))
                count = f->v[i].count;
        add_row(c, p, FIND_STAR, value, count);
    }
}

static bool count_part(ctx *c, search_node *filter, const search_facet *f, statistics_kind k, statistics_part *p)
{
    find_value field = kinds[k].field;
    *p = (statistics_part){ .name = kinds[k].name, .many = kinds[k].many };
    if (k == STATISTICS_STARS)
        add_stars(c, p, f);
    else
        for (size_t i = 0; i < f->n; i++)
            if (f->v[i].value.n > 0)
                add_row(c, p, field, f->v[i].value, f->v[i].count);
    search_node *any = new(c->a, search_node);
    *any = (search_node){ .op = Q_VALUE_ANY, .field = (int)field };
    search_result without;
    if (!run(c, statistics_and(c, filter, node(c, Q_NOT, any, NULL)), NULL, 0, &without))
        return false;
    p->unsaid = without.total;
    return true;
}

/* 0–9 % … 90–99 %, 100 %. */
static bool count_completeness(ctx *c, search_node *filter, statistics_part *p)
{
    int64_t edges[12], counts[11] = { 0 };
    for (int i = 0; i < 11; i++)
        edges[i] = i * 10;
    edges[11] = 101;
    *p = (statistics_part){ .name = kinds[STATISTICS_COMPLETENESS].name };
    if (!histogram(c, filter, FIND_COMPLETENESS, edges, array_len(edges), counts))
        return false;
    for (int i = 0; i < 11; i++) {
        str value = i < 10 ? str_fmt(c->a, "%d-%d", i * 10, i * 10 + 9) : S("100");
        str label = i < 10 ? str_fmt(c->a, "%d–%d", i * 10, i * 10 + 9) : S("100");
        list_add(c->a, &p->rows, (statistics_row){ .value = value, .label = label, .count = counts[i] });
    }
    return true;
}

static int64_t count_value(const search_result *r, find_value field, str value)
{
    for (size_t i = 0; i < r->facet_count; i++)
        for (size_t k = 0; r->facets[i].field == (int)field && k < r->facets[i].n; k++)
            if (str_eq(r->facets[i].v[k].value, value))
                return r->facets[i].v[k].count;
    return 0;
}

bool statistics_run(ctx *c, policy_role role, search_node *where, int64_t now, statistics *out)
{
    search_node *filter = statistics_and(c, find_sight(c, role), where);
    int fields[STATISTICS_PARTS];                /* the last is not one of a table: how stars are known */
    for (int k = 0; k < STATISTICS_COMPLETENESS; k++)
        fields[k] = (int)kinds[k].field;
    fields[STATISTICS_COMPLETENESS] = FIND_STAR_BY;
    search_result r;
    *out = (statistics){ 0 };
    for (int k = 0; k < STATISTICS_PARTS; k++)
        out->parts[k].name = kinds[k].name;
    if (!run(c, filter, fields, STATISTICS_PARTS, &r))
        return false;
    out->total = r.total;
    for (size_t i = 0; i < r.facet_count; i++)
        for (int k = 0; k < STATISTICS_COMPLETENESS; k++)
            if (r.facets[i].field == fields[k]
                && !count_part(c, filter, &r.facets[i], (statistics_kind)k, &out->parts[k]))
                return false;
    out->proven = count_value(&r, FIND_STAR_BY, S("bytes"));
    out->organizations = (int64_t)out->parts[STATISTICS_ORGANIZATIONS].rows.n;
    return count_completeness(c, filter, &out->parts[STATISTICS_COMPLETENESS])
        && statistics_grow(c, role, where, now, &out->growth);
}
