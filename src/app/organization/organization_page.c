#include "app/organization/organization_page.h"

#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "kit/chart/svg_chart.h"
#include "queries.h"
#include "views.h"

enum { NEWS = 8, BARS = 8 };

/* Finds by slug, uid, agency code or an old slug. */
static bool find_one(ctx *c, str name, organization_full *o)
{
    bool found;
    if (!q_organization_page_one(c, name, o, &found))
        return false;
    if (found)
        return true;
    organization_alias old;
    if (!q_organization_page_alias(c, name, &old, &found))
        return false;
    if (found && !q_organization_page_one(c, old.slug, o, &found))
        return false;
    return found ? true : fail_said(c, NOT_FOUND, S(""), "there is no organisation “{name}”; /organizations lists them all",
                                    { "name", utf8_cut(name, 80) });
}

static str name_of(ctx *c, const organization_full *o)
{
    return lang_pick(c, o->name, o->name_en);
}

bool organization_page_name(ctx *c, str slug, str *out)
{
    organization_full o;
    if (!find_one(c, slug, &o))
        return false;
    *out = name_of(c, &o);
    return true;
}

static bool add_family(ctx *c, const organization_full *o, organization_view *v)
{
    organization_tree t;
    if (!organization_tree_read(c, ROLE_VISITOR, &t))
        return false;
    organization_node *chain[32];
    size_t depth = 0;
    for (size_t i = 0; i < t.all.n; i++) {
        organization_node *n = t.all.v[i];
        if (n->id != o->id)
            continue;
        v->kids = n->kids;
        v->own = n->own_text;
        v->total = n->total_text;
        for (organization_node *up = n->parent; up != NULL && depth < array_len(chain); up = up->parent)
            chain[depth++] = up;
    }
    while (depth > 0) {
        organization_node *up = chain[--depth];
        list_add(c->a, &v->chain, (organization_link){ up->name, up->href });
    }
    return true;
}

static bool add_standing(ctx *c, const organization_full *o, const statistics *s, int64_t now, organization_view *v)
{
    bool found;
    organization_target t;
    if (o->grade.n == 0)
        return true;
    if (!q_organization_page_target(c, o->grade, day_year_taipei(now), &t, &found))
        return false;
    v->grade_note = lang_with(c, "Grade {grade} of table 1 of the action plan", { "grade", o->grade });
    if (!found)
        return true;
    v->graded = true;
    v->met = s->total >= t.least;
    v->meter = chart_meter(c->a, (double)s->total, (double)t.least, T(c, "Datasets against the least number"));
    v->standing = lang_with(c, "{n} datasets; the least for {year} (ROC {roc}) is {least}.",
        { "n", num_grouped(c->a, s->total) }, { "year", str_fmt(c->a, "%" PRId64, t.year) },
        { "roc", str_fmt(c->a, "%" PRId64, t.year - 1911) }, { "least", num_grouped(c->a, t.least) });
    return true;
}

static void fill(ctx *c, const organization_full *o, const statistics *s, organization_view *v)
{
    str encoded = url_encoded(c->a, o->slug), tree = str_of(find_value_name(FIND_ORG_TREE));
    str query = str_fmt(c->a, "%.*s=%.*s", S_ARG(tree), S_ARG(encoded));
    v->name = name_of(c, o);
    v->other_name = str_eq(v->name, o->name) ? o->name_en : o->name;
    v->short_name = o->short_name;
    v->code = o->code;
    v->oid = o->oid;
    v->uid = o->uid;
    v->description = o->description;
    v->homepage = url_is_web(o->homepage) ? o->homepage : (str){ 0 };
    v->kind = organization_kind_label(c, o->kind);
    v->closed = str_eq(o->state, S("closed")) ? T(c, "This organisation has been closed.") : (str){ 0 };
    v->datasets_href = link_to(c, str_cat(c->a, S("/datasets?"), query));
    v->statistics_href = link_to(c, str_cat(c->a, S("/statistics?organization="), encoded));
    v->quality_href = link_to(c, str_cat(c->a, S("/quality/organizations/"), encoded));
    v->feed = str_fmt(c->a, "/feeds/organization/%.*s.atom", S_ARG(encoded));
    if (s->total == 0)
        return;
    static const statistics_kind shown[] = { STATISTICS_FORMATS, STATISTICS_STARS, STATISTICS_LICENCES, STATISTICS_THEMES };
    for (size_t i = 0; i < array_len(shown); i++)
        list_add(c->a, &v->cards, statistics_card_of(c, s, shown[i], BARS, str_cat(c->a, S("organization="), encoded)));
    v->growth = statistics_growth_chart(c, &s->growth);
}

static void one_json(json_w *j, const organization_full *o, const organization_view *v, const statistics *s)
{
    json_obj(j);
    json_kv(j, "id", o->uid);
    json_kv(j, "slug", o->slug);
    json_kv(j, "name", o->name);
    json_key(j, S("name_en"));
    json_str_or_null(j, o->name_en);
    json_key(j, S("short_name"));
    json_str_or_null(j, o->short_name);
    json_key(j, S("code"));
    json_str_or_null(j, o->code);
    json_key(j, S("oid"));
    json_str_or_null(j, o->oid);
    json_kv(j, "kind", o->kind);
    json_key(j, S("grade"));
    json_str_or_null(j, o->grade);
    json_kv(j, "description", o->description);
    json_key(j, S("homepage"));
    json_str_or_null(j, o->homepage);
    json_kv(j, "state", o->state);
    json_key(j, S("parents"));
    json_arr(j);
    for (size_t i = 0; i < v->chain.n; i++)
        json_str(j, v->chain.v[i].label);
    json_end(j);
    json_key(j, S("children"));
    json_arr(j);
    for (size_t i = 0; i < v->kids.n; i++) {
        json_obj(j);
        json_kv(j, "slug", v->kids.v[i]->slug);
        json_kv(j, "name", v->kids.v[i]->name);
        json_kv(j, "datasets_with_children", v->kids.v[i]->total);
        json_end(j);
    }
    json_end(j);
    json_key(j, S("statistics"));
    statistics_json(j, s);
    json_end(j);
}

bool organization_one_page(ctx *c, const http_req *r, http_res *w)
{
    organization_full o;
    str asked = http_param(r, "slug");
    if (!find_one(c, asked, &o))
        return false;
    if (!str_eq(asked, o.slug))
        return http_redirect(c, w, 301, link_part(c, "/organizations/", o.slug, r->wants_json ? ".json" : ""));
    organization_view v = { 0 };
    statistics s;
    int64_t now = day_now_ms();
    if (!statistics_run(c, ROLE_VISITOR, statistics_value(c, FIND_ORG_TREE, o.slug), now, &s)
        || !add_family(c, &o, &v) || !add_standing(c, &o, &s, now, &v))
        return false;
    if (r->wants_json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        one_json(&j, &o, &v, &s);
        w->any_origin = true;
        return http_body_json(c, w, buf_str(&b));
    }
    if (!dataset_newest(c, FIND_ORG_TREE, o.slug, NEWS, &v.news))
        return false;
    fill(c, &o, &s, &v);
    str path = str_cat(c->a, S("/organizations/"), url_encoded(c->a, o.slug));
    page p = { .title = v.name, .description = utf8_cut_chars(o.description, 150), .canonical = path,
               .json = str_cat(c->a, path, S(".json")), .feed = v.feed,
               .feed_title = lang_with(c, "Datasets of {name}", { "name", v.name }), .nav = NAV_ORGANIZATIONS };
    return page_show(c, r, w, &p, view_organization(c, &v));
}
