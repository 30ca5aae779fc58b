/* The tree of organisations with its counts, and /organizations. */
#include "app/organization/organization_page.h"

#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "queries.h"
#include "views.h"

enum { DEPTH_MAX = 32 };    /* no administration is deeper; a ring in the data ends here */

#define ROOTS_FEW 3
#define KIDS_FEW 60

static const char *const kinds[] = { "central", "independent", "local", "enterprise", "other" };

str organization_kind_label(ctx *c, str kind)
{
    if (str_eq(kind, S("central")))
        return T(c, "Central government");
    if (str_eq(kind, S("independent")))
        return T(c, "Independent bodies");
    if (str_eq(kind, S("local")))
        return T(c, "Local government");
    if (str_eq(kind, S("enterprise")))
        return T(c, "Public enterprises");
    return T(c, "Other bodies");
}

static organization_node *node_of(ctx *c, const organization_row *l)
{
    organization_node *n = new(c->a, organization_node);
    bool english = c->lang == LANG_EN && l->name_en.n > 0;
    *n = (organization_node){ .id = l->id, .parent_id = l->parent_id, .slug = l->slug, .code = l->code, .kind = l->kind,
        .grade = l->grade, .name = english ? l->name_en : l->name, .other_name = english ? l->name : l->name_en,
        .kind_label = organization_kind_label(c, l->kind), .href = link_part(c, "/organizations/", l->slug, ""),
        .shown = true };
    return n;
}

/* True when the way up from n ends at a root: a ring of parents is cut at its members. */
static bool ends(const organization_node *n)
{
    int depth = 0;
    for (; n != NULL && depth < DEPTH_MAX; n = n->parent)
        depth++;
    return n == NULL;
}

static int by_total(const void *x, const void *y)
{
    const organization_node *a = *(organization_node *const *)x, *b = *(organization_node *const *)y;
    if (a->total != b->total)
        return a->total < b->total ? 1 : -1;
    return str_cmp(a->name, b->name);
}

static int by_name(const void *x, const void *y)
{
    const organization_node *a = *(organization_node *const *)x, *b = *(organization_node *const *)y;
    return str_cmp(a->name, b->name);
}

static void sort_nodes(organization_nodes *l, bool name)
{
    if (l->n > 1)
        qsort(l->v, l->n, sizeof *l->v, name ? by_name : by_total);
}

static bool count_own(ctx *c, policy_role role, map *slugs)
{
    search_node *all = new(c->a, search_node);
    all->op = Q_ALL;
    const int field = FIND_ORG;
    const search_query q = { .where = all, .filter = find_sight(c, role), .facets = &field, .facet_count = 1 };
    search_result r;
    if (!search_run(c, find_index(c->site), &q, &r))
        return false;
    for (size_t i = 0; r.facet_count > 0 && i < r.facets[0].n; i++) {
        organization_node *n = map_ptr(slugs, r.facets[0].v[i].value);
        if (n != NULL)
            n->own = r.facets[0].v[i].count;
    }
    return true;
}

bool organization_tree_read(ctx *c, policy_role role, organization_tree *out)
{
    organization_row_list rows;
    map slugs = map_in(c->a), ids = map_in(c->a);
    *out = (organization_tree){ 0 };
    if (!q_organization_list(c, &rows))
        return false;
    for (size_t i = 0; i < rows.n; i++) {
        if (str_eq(rows.v[i].state, S("closed")))
            continue;
        organization_node *n = node_of(c, &rows.v[i]);
        list_add(c->a, &out->all, n);
        map_set_ptr(&slugs, n->slug, n);
        map_set_ptr(&ids, str_fmt(c->a, "%" PRId64, n->id), n);
    }
    if (!count_own(c, role, &slugs))
        return false;
    for (size_t i = 0; i < out->all.n; i++)
        out->all.v[i]->parent = map_ptr(&ids, str_fmt(c->a, "%" PRId64, out->all.v[i]->parent_id));
    for (size_t i = 0; i < out->all.n; i++)
        if (!ends(out->all.v[i]))
            out->all.v[i]->parent = NULL;
    for (size_t i = 0; i < out->all.n; i++) {
        organization_node *n = out->all.v[i];
        if (n->parent == NULL)
            list_add(c->a, &out->roots, n);
        else
            list_add(c->a, &n->parent->kids, n);
        for (organization_node *up = n; up != NULL; up = up->parent)
            up->total += n->own;
    }
    sort_nodes(&out->roots, false);
    for (size_t i = 0; i < out->all.n; i++) {
        organization_node *n = out->all.v[i];
        sort_nodes(&n->kids, false);
        n->own_text = num_grouped(c->a, n->own);
        n->total_text = num_grouped(c->a, n->total);
    }
    return true;
}

/* Shows what matches, with its ancestors unfolded and all that is below it. */
static size_t mark_matches(ctx *c, organization_tree *t, str words)
{
    search *s = find_index(c->site);
    str want = search_norm(c->a, s, words);
    size_t found = 0;
    for (size_t i = 0; i < t->all.n; i++) {
        organization_node *n = t->all.v[i];
        str text = str_fmt(c->a, "%.*s\n%.*s\n%.*s", S_ARG(n->name), S_ARG(n->other_name), S_ARG(n->code));
        n->matches = str_has(search_norm(c->a, s, text), want);
        n->shown = n->matches;
        found += n->matches;
    }
    for (size_t i = 0; i < t->all.n; i++)
        for (organization_node *up = t->all.v[i]->parent; t->all.v[i]->matches && up != NULL; up = up->parent)
            up->shown = up->open = true;
    for (size_t i = 0; i < t->all.n; i++)
        for (organization_node *up = t->all.v[i]->parent; up != NULL && !t->all.v[i]->shown; up = up->parent)
            if (up->matches)
                t->all.v[i]->shown = true;
    return found;
}

/* A kind that has few at its top shows what is below them at once, unless that is a long list. */
static void unfold(const organization_nodes *roots)
{
    for (size_t i = 0; i < roots->n && roots->n <= ROOTS_FEW; i++)
        roots->v[i]->open = roots->v[i]->kids.n <= KIDS_FEW;
}

static void group(ctx *c, const organization_tree *t, organization_list_view *v)
{
    for (size_t k = 0; k < array_len(kinds); k++) {
        organization_group g = { .title = organization_kind_label(c, str_of(kinds[k])) };
        int64_t datasets = 0;
        for (size_t i = 0; i < t->roots.n; i++)
            if (t->roots.v[i]->shown && str_eq(t->roots.v[i]->kind, str_of(kinds[k]))) {
                list_add(c->a, &g.roots, t->roots.v[i]);
                datasets += t->roots.v[i]->total;
            }
        if (g.roots.n == 0)
            continue;
        unfold(&g.roots);
        g.count = lang_with(c, "{n} datasets", { "n", num_grouped(c->a, datasets) });
        list_add(c->a, &v->groups, g);
    }
}

static str order_link(ctx *c, str words, const char *sort)
{
    return link_to(c, str_fmt(c->a, "/organizations?sort=%s%s%.*s", sort, words.n > 0 ? "&q=" : "",
                              S_ARG(url_encoded(c->a, words))));
}

static void tree_json(json_w *j, const organization_tree *t)
{
    json_obj(j);
    json_kv(j, "count", t->all.n);
    json_key(j, S("organizations"));
    json_arr(j);
    for (size_t i = 0; i < t->all.n; i++) {
        const organization_node *n = t->all.v[i];
        if (!n->shown)
            continue;
        json_obj(j);
        json_kv(j, "slug", n->slug);
        json_kv(j, "name", n->name);
        json_key(j, S("other_name"));
        json_str_or_null(j, n->other_name);
        json_key(j, S("code"));
        json_str_or_null(j, n->code);
        json_kv(j, "kind", n->kind);
        json_key(j, S("grade"));
        json_str_or_null(j, n->grade);
        json_key(j, S("parent"));
        json_str_or_null(j, n->parent != NULL ? n->parent->slug : (str){ 0 });
        json_kv(j, "datasets", n->own);
        json_kv(j, "datasets_with_children", n->total);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static void fill(ctx *c, organization_tree *t, organization_list_view *v)
{
    int64_t publishing = 0;
    for (size_t i = 0; i < t->all.n; i++)
        publishing += t->all.v[i]->own > 0;
    if (v->sorted_by_name) {
        sort_nodes(&t->roots, true);
        for (size_t i = 0; i < t->all.n; i++)
            sort_nodes(&t->all.v[i]->kids, true);
    }
    v->total = num_grouped(c->a, (int64_t)t->all.n);
    v->publishing = num_grouped(c->a, publishing);
    v->by_count = order_link(c, v->words, "count");
    v->by_name = order_link(c, v->words, "name");
    group(c, t, v);
}

bool organization_list_page(ctx *c, const http_req *r, http_res *w)
{
    organization_tree t;
    organization_list_view v = { .words = str_trim(http_arg(r, "q")), .sort = http_arg(r, "sort") };
    if (v.sort.n > 0 && !str_eq(v.sort, S("name")) && !str_eq(v.sort, S("count")))
        return fail_said(c, INVALID, S("sort"), "“sort” must be name or count");
    if (!organization_tree_read(c, ROLE_VISITOR, &t))
        return false;
    v.sorted_by_name = str_eq(v.sort, S("name"));
    if (v.words.n > 0) {
        size_t found = mark_matches(c, &t, v.words);
        v.found_nothing = found == 0;
        v.found = lang_with(c, "{n} organisations match “{words}”.", { "n", num_grouped(c->a, (int64_t)found) },
                            { "words", v.words });
    }
    if (r->wants_json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        tree_json(&j, &t);
        w->any_origin = true;
        return http_body_json(c, w, buf_str(&b));
    }
    fill(c, &t, &v);
    page p = { .title = T(c, "Organisations"), .canonical = S("/organizations"), .json = S("/organizations.json"),
               .description = T(c, "Who publishes: every agency with what belongs to it and the number of its datasets."),
               .nav = NAV_ORGANIZATIONS, .no_index = v.words.n > 0 };
    return page_show(c, r, w, &p, view_organization_list(c, &v));
}
