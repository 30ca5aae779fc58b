#include "app/theme/theme_page.h"

#include <math.h>

#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "app/vocabulary/vocabulary.h"
#include "kit/chart/svg_chart.h"
#include "queries.h"
#include "views.h"

enum { NEWS = 10, BARS = 10, TAGS = 300 };

static theme_line line_of(ctx *c, bool themes, str code, str title, str title_en, str description)
{
    return (theme_line){ .code = code, .title = lang_pick(c, title, title_en), .description = description,
                         .other_title = lang_pick(c, title_en, title), .unit = T(c, "datasets"),
                         .href = link_part(c, themes ? "/themes/" : "/categories/", code, "") };
}

static theme_line theme_line_of(ctx *c, const theme *t)
{
    return line_of(c, true, t->code, t->title, t->title_en, (str){ 0 });
}

static theme_line category_line_of(ctx *c, const category *k)
{
    return line_of(c, false, k->code, k->title, k->title_en, k->description);
}

static bool count_values(ctx *c, find_value field, size_t limit, search_result *out)
{
    search_node *all = new(c->a, search_node);
    all->op = Q_ALL;
    const int facet = (int)field;
    const search_query q = { .where = all, .filter = find_sight(c, ROLE_VISITOR), .facets = &facet, .facet_count = 1,
                             .facet_limit = limit };
    return search_run(c, find_index(c->site), &q, out);
}

static bool fill_lines(ctx *c, theme_list_view *v)
{
    const vocabulary *voc = vocabulary_get();
    search_result r;
    if (!count_values(c, v->themes ? FIND_THEME : FIND_CATEGORY, 0, &r))
        return false;
    for (size_t i = 0; v->themes && i < voc->themes.n; i++)
        list_add(c->a, &v->lines, theme_line_of(c, &voc->themes.v[i]));
    for (size_t i = 0; !v->themes && i < voc->categories.n; i++)
        list_add(c->a, &v->lines, category_line_of(c, &voc->categories.v[i]));
    int64_t counted = 0;
    list_each(theme_line, l, &v->lines) {
        for (size_t k = 0; r.facet_count > 0 && k < r.facets[0].n; k++)
            if (str_eq(r.facets[0].v[k].value, l->code))
                l->count = r.facets[0].v[k].count;
        l->count_text = num_grouped(c->a, l->count);
        counted += l->count;
    }
    if (r.total > counted)
        v->unsaid = v->themes
            ? lang_with(c, "{n} datasets fit none of the themes.", { "n", num_grouped(c->a, r.total - counted) })
            : lang_with(c, "{n} datasets say no category.", { "n", num_grouped(c->a, r.total - counted) });
    return true;
}

static void list_json(json_w *j, const theme_list_view *v)
{
    json_arr(j);
    for (size_t i = 0; i < v->lines.n; i++) {
        json_obj(j);
        json_kv(j, "code", v->lines.v[i].code);
        json_kv(j, "title", v->lines.v[i].title);
        json_key(j, S("other_title"));
        json_str_or_null(j, v->lines.v[i].other_title);
        json_kv(j, "datasets", v->lines.v[i].count);
        json_end(j);
    }
    json_end(j);
}

static html list_chart(ctx *c, const theme_list_view *v)
{
    chart_row *rows = new_n(c->a, chart_row, v->lines.n);
    double *values = new_n(c->a, double, v->lines.n);
    for (size_t i = 0; i < v->lines.n; i++) {
        values[i] = (double)v->lines.v[i].count;
        rows[i] = (chart_row){ .label = v->lines.v[i].title, .values = &values[i] };
    }
    return chart_bars(c->a, &(chart){ .title = v->title, .rows = rows, .row_count = v->lines.n,
        .description = T(c, "Bars that show how many datasets there are of each; the numbers stand beside them.") });
}

static bool show_list(ctx *c, const http_req *r, http_res *w, bool themes)
{
    theme_list_view v = { .themes = themes, .title = themes ? T(c, "Themes") : T(c, "Service categories"),
        .lead = themes ? T(c, "What the data is about. Every dataset has at most one theme, found from its category, title and keywords.")
                       : T(c, "The 18 categories of the dataset metadata standard, named for the services of government they belong to.") };
    if (!fill_lines(c, &v))
        return false;
    if (r->wants_json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        list_json(&j, &v);
        w->any_origin = true;
        return http_body_json(c, w, buf_str(&b));
    }
    v.picture = list_chart(c, &v);
    page p = { .title = v.title, .description = v.lead, .canonical = themes ? S("/themes") : S("/categories"),
               .json = themes ? S("/themes.json") : S("/categories.json"), .nav = NAV_THEMES };
    return page_show(c, r, w, &p, view_theme_list(c, &v));
}

bool theme_list_page(ctx *c, const http_req *r, http_res *w)
{
    return show_list(c, r, w, true);
}

bool theme_categories_page(ctx *c, const http_req *r, http_res *w)
{
    return show_list(c, r, w, false);
}

static bool show_one(ctx *c, const http_req *r, http_res *w, const theme_line *l, theme_view *v)
{
    static const statistics_kind shown[] = { STATISTICS_ORGANIZATIONS, STATISTICS_FORMATS, STATISTICS_STARS, STATISTICS_LICENCES };
    find_value field = v->themes ? FIND_THEME : FIND_CATEGORY;
    statistics s;
    v->code = l->code;
    v->title = l->title;
    v->other_title = l->other_title;
    v->description = l->description;
    if (!statistics_run(c, ROLE_VISITOR, statistics_value(c, field, l->code), day_now_ms(), &s))
        return false;
    if (r->wants_json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        json_obj(&j);
        json_kv(&j, "code", l->code);
        json_kv(&j, "title", l->title);
        json_key(&j, S("statistics"));
        statistics_json(&j, &s);
        json_end(&j);
        w->any_origin = true;
        return http_body_json(c, w, buf_str(&b));
    }
    if (!dataset_newest(c, field, v->code, NEWS, &v->news))
        return false;
    str query = str_fmt(c->a, "%s=%.*s", find_value_name(field), S_ARG(url_encoded(c->a, l->code)));
    v->count = num_grouped(c->a, s.total);
    v->datasets_href = link_to(c, str_cat(c->a, S("/datasets?"), query));
    v->feed = str_cat(c->a, S("/feeds/custom.atom?"), query);
    v->list_title = v->themes ? T(c, "Themes") : T(c, "Service categories");
    v->list_href = link_to(c, v->themes ? S("/themes") : S("/categories"));
    for (size_t i = 0; s.total > 0 && i < array_len(shown); i++)
        list_add(c->a, &v->cards, statistics_card_of(c, &s, shown[i], BARS, query));
    v->growth = statistics_growth_chart(c, &s.growth);
    str path = str_cat(c->a, v->themes ? S("/themes/") : S("/categories/"), url_encoded(c->a, l->code));
    page p = { .title = v->title, .description = v->description, .canonical = path, .json = str_cat(c->a, path, S(".json")),
               .feed = v->feed, .feed_title = v->title, .nav = NAV_THEMES };
    return page_show(c, r, w, &p, view_theme(c, v));
}

bool theme_one_page(ctx *c, const http_req *r, http_res *w)
{
    str code = http_param(r, "code");
    const theme *t = theme_by_code(code);
    if (t == NULL)
        return fail_said(c, NOT_FOUND, S(""), "there is no theme “{code}”; /themes lists them all", { "code", utf8_cut(code, 80) });
    theme_view v = { .themes = true };
    list_each(str, name, &t->categories) {
        const category *k = category_by_code(*name);
        if (k != NULL)
            list_add(c->a, &v.categories, category_line_of(c, k));
    }
    theme_line l = theme_line_of(c, t);
    return show_one(c, r, w, &l, &v);
}

bool theme_category_page(ctx *c, const http_req *r, http_res *w)
{
    str code = http_param(r, "code");
    const category *k = category_by_code(code);
    if (k == NULL)
        return fail_said(c, NOT_FOUND, S(""), "there is no category “{code}”; /categories lists all 18", { "code", utf8_cut(code, 80) });
    theme_view v = { 0 };
    theme_line l = category_line_of(c, k);
    return show_one(c, r, w, &l, &v);
}

/* The most frequent keywords in order of the alphabet, the size by their number. */
bool theme_tags_page(ctx *c, const http_req *r, http_res *w)
{
    theme_tags_view v = { 0 };
    search_result res;
    if (!count_values(c, FIND_TAG, TAGS, &res))
        return false;
    const search_facet *f = res.facet_count > 0 ? &res.facets[0] : &(search_facet){ 0 };
    int64_t most = f->n > 0 ? f->v[0].count : 1;
    for (size_t i = 0; i < f->n; i++) {
        double share = log(1 + (double)f->v[i].count) / log(1 + (double)most);
        str href = str_fmt(c->a, "/datasets?%s=%.*s", find_value_name(FIND_TAG), S_ARG(url_encoded(c->a, f->v[i].value)));
        list_add(c->a, &v.tags, (theme_tag){ .value = f->v[i].value, .count = num_grouped(c->a, f->v[i].count),
                                             .href = link_to(c, href), .size = 1 + (int)(share * 4.99) });
    }
    v.distinct = num_grouped(c->a, (int64_t)f->distinct);
    if (r->wants_json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        json_arr(&j);
        for (size_t i = 0; i < f->n; i++) {
            json_obj(&j);
            json_kv(&j, "tag", f->v[i].value);
            json_kv(&j, "datasets", f->v[i].count);
            json_end(&j);
        }
        json_end(&j);
        w->any_origin = true;
        return http_body_json(c, w, buf_str(&b));
    }
    page p = { .title = T(c, "Keywords"), .canonical = S("/tags"), .json = S("/tags.json"), .nav = NAV_THEMES };
    return page_show(c, r, w, &p, view_theme_tags(c, &v));
}
