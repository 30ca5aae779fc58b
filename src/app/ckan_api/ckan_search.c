/* ckan_search — package_search: CKAN's parameters become a query of the index. */
#include "app/ckan_api/ckan_facets.h"
#include "app/ckan_api/ckan_fields.h"
#include "app/site/site.h"

#define SORT_USUAL "score desc, metadata_modified desc"

/* Solr's own knobs among them: they are taken and change nothing. */
static const char *const known[] = {
    "q", "fq", "fq_list", "rows", "sort", "start", "qf", "facet", "facet.mincount", "facet.limit", "facet.field", "fl", "extras",
    "include_drafts", "include_deleted", "include_private", "use_default_schema", "wt", "bf", "boost", "tie", "defType", "mm", "df",
    "callback",
};

static bool check_names(ctx *c, ckan_call *k)
{
    buf b = buf_in(c->a);
    list_each(ckan_arg, a, &k->args) {
        bool fine = str_starts(a->name, S("ext_"));
        for (size_t i = 0; i < array_len(known) && !fine; i++)
            fine = str_eq(a->name, str_of(known[i]));
        if (!fine)
            buf_fmt(&b, "%s'%.*s'", b.n > 0 ? ", " : "", S_ARG(utf8_cut(a->name, 60)));
    }
    return b.n == 0 || ckan_refuse(k, CKAN_QUERY, (str){ 0 }, str_fmt(c->a, "Invalid search parameters: [%.*s]", S_ARG(buf_str(&b))));
}

/* What fail() said of a query or an order becomes CKAN's Search Query Error. */
static bool query_error(ctx *c, ckan_call *k)
{
    if (c->err.code != ERR_INVALID)
        return false;
    str why = c->err.message;
    err_clear(c);
    return ckan_refuse(k, CKAN_QUERY, (str){ 0 }, why);
}

static bool add_lucene(ctx *c, ckan_call *k, str text, ckan_clock *clock, search_node *all)
{
    if (str_starts(text, S("{!")))
        return ckan_refuse(k, CKAN_SEARCH, (str){ 0 }, S("Local parameters are not supported."));
    search_node *n;
    if (!fq_parse(c, text, ckan_field_leaf, clock, &n))
        return query_error(c, k);
    if (n->op != Q_ALL)
        all->kids[all->kid_count++] = n;
    return true;
}

static void add_texts(ctx *c, const json *v, str_list *out)
{
    json inside;
    if (v == NULL)
        return;
    if (v->type == JSON_STR && str_starts(v->s, S("[\"")) && json_parse(c, v->s, &inside) && inside.type == JSON_ARR)
        v = &inside;
    err_clear(c);
    for (size_t i = 0; v->type == JSON_ARR && i < v->arr.n; i++)
        list_add(c->a, out, str_trim(json_text(c, &v->arr.v[i])));
    if (v->type != JSON_ARR)
        list_add(c->a, out, str_trim(json_text(c, v)));
}

/* fq, fq_list, and q where it is Lucene's: with a colon. Words alone are the site's own search. */
static bool read_query(ctx *c, ckan_call *k, ckan_clock *clock, search_node **where, search_node **words)
{
    str q = ckan_text(c, k, "q");
    str_list filters = { 0 };
    add_texts(c, ckan_given(k, "fq"), &filters);
    add_texts(c, ckan_given(k, "fq_list"), &filters);
    search_node *all = *where = fq_node(c, Q_AND, filters.n + 1);
    for (size_t i = 0; i < filters.n; i++)
        if (!add_lucene(c, k, filters.v[i], clock, all))
            return false;
    if (q.n == 0 || str_eq(q, S("*:*")) || str_eq(q, S("''")) || str_eq(q, S("\"\"")))
        return true;
    if (str_find_byte(q, ':') < q.n || str_starts(q, S("{!")))
        return add_lucene(c, k, q, clock, all);
    *words = find_parse(c, q);
    return true;
}

static bool read_paging(ctx *c, ckan_call *k, search_query *q)
{
    int64_t rows, start;
    if (!ckan_natural(c, k, "rows", 10, &rows) || !ckan_natural(c, k, "start", 0, &start))
        return false;
    q->rows = (size_t)(rows < CKAN_ROWS_MOST ? rows : CKAN_ROWS_MOST);
    q->start = (size_t)start;
    return true;
}

static str_list read_fl(ctx *c, ckan_call *k)
{
    str_list said = ckan_list(c, k, "fl"), out = { 0 };
    for (size_t i = 0; i < said.n; i++) {
        str rest = said.v[i], one;
        while (rest.n > 0 && str_next(&rest, ' ', &one))
            if (one.n > 0)
                list_add(c->a, &out, one);
    }
    for (size_t i = 0; i < out.n; i++)
        if (str_eq(out.v[i], S("*")))
            return (str_list){ 0 };
    return out;
}

bool ckan_read_package_search(ctx *c, ckan_call *k, json_w *j)
{
    ckan_clock clock = { .now = day_now_ms() };
    search_node *where = NULL, *words = NULL;
    search_query q = { 0 };
    search_result found;
    ckan_facets facets;
    bool loose;
    str sort = ckan_text(c, k, "sort");
    if (sort.n == 0)
        sort = S(SORT_USUAL);
    if (!check_names(c, k) || !read_paging(c, k, &q) || !read_query(c, k, &clock, &where, &words))
        return false;
    if (!ckan_facets_read(c, k, &facets) || !ckan_field_sort(c, sort, &q))
        return query_error(c, k);
    k->timed = clock.used;
    q.where = where->kid_count == 0 ? NULL : where->kid_count == 1 ? where->kids[0] : where;
    ckan_facets_ask(&facets, &q);
    if (!find_search(c, ROLE_VISITOR, words, &q, &found, &loose))
        return query_error(c, k);
    json_obj(j);
    json_kv(j, "count", found.total);
    json_kv(j, "sort", sort);
    if (!ckan_facets_put(c, j, &facets, &found))
        return false;
    json_key(j, S("results"));
    json_arr(j);
    str_list *keys = new (c->a, str_list);
    *keys = read_fl(c, k);
    ckan_packages_follow(c, k, &found, keys->n > 0 ? keys : NULL);
    return true;
}
