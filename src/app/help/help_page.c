#include "app/help/help_page.h"

#include "app/find/find.h"
#include "app/routes.h"
#include "app/policy/policy.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "queries.h"
#include "views.h"

/* Nothing under these prefixes is for reading by machines. */
static bool is_for_machines(str path)
{
    static const char *const prefixes[] = { "/api/", "/feeds/", "/statistics/", "/openapi", "/apis.json", "/sitemap", "/opensearch",
                                            "/robots", "/targets.csv", "/data.json", "/catalog" };
    for (size_t i = 0; i < array_len(prefixes); i++)
        if (str_starts(path, str_of(prefixes[i])))
            return true;
    return false;
}

static bool add_example(ctx *c, help_search_view *v, str typed, str meaning)
{
    find_answer a;
    if (!find_run(c, ROLE_VISITOR, &(find_request){ .words = typed, .page = 1, .rows = 1 }, &a))
        return false;
    list_add(c->a, &v->examples, (help_example){ .typed = typed, .meaning = meaning, .count = num_grouped(c->a, a.total),
        .href = link_to(c, str_cat(c->a, S("/datasets?q="), url_encoded(c->a, typed))) });
    return true;
}

static bool add_examples(ctx *c, help_search_view *v)
{
    const struct { str typed, meaning; } all[] = {
        { S("空氣品質"), T(c, "these characters, one after the other") },
        { S("空氣品質 即時"), T(c, "both words, in any order and place") },
        { S("台北 停車場"), T(c, "台 finds 臺 as well, full-width letters find half-width ones") },
        { S("\"預算書\""), T(c, "in quotes: exactly this") },
        { S("公車 -時刻表"), T(c, "a minus: without this word") },
        { S("公車 OR 捷運"), T(c, "OR: one of the two") },
        { S("title:預算"), T(c, "only in the title") },
        { S("format:CSV"), T(c, "a field and its value") },
        { S("format:CSV star:3"), T(c, "several fields: all of them hold") },
        { S("date:2020..2024"), T(c, "changed in these years") },
    };
    for (size_t i = 0; i < array_len(all); i++)
        if (!add_example(c, v, all[i].typed, all[i].meaning))
            return false;
    return true;
}

static void add_fields(ctx *c, help_search_view *v)
{
    const struct { find_value field; str label, example; } all[] = {
        { FIND_ORG, T(c, "organisation, by its short address"), S("organization:moi") },
        { FIND_FORMAT, T(c, "file format"), S("format:JSON") },
        { FIND_LICENCE, T(c, "licence, by its code"), S("licence:OGDL-Taiwan-1.0") },
        { FIND_CATEGORY, T(c, "service category, by its code"), S("category:A00") },
        { FIND_THEME, T(c, "theme, by its code"), (str){ 0 } },
        { FIND_FREQUENCY, T(c, "update frequency"), S("frequency:day") },
        { FIND_TAG, T(c, "keyword"), (str){ 0 } },
        { FIND_STAR, T(c, "stars, 0 to 5"), S("star:3") },
        { FIND_STAR_BY, T(c, "how the stars are known: bytes or declared"), S("star_by:bytes") },
        { FIND_OPEN, T(c, "verdict of openness"), S("open:open") },
    };
    for (size_t i = 0; i < array_len(all); i++)
        list_add(c->a, &v->fields, (help_field){ .name = str_of(find_value_name(all[i].field)), .label = all[i].label,
                                                 .example = all[i].example });
}

bool help_search_page(ctx *c, const http_req *r, http_res *w)
{
    help_search_view v = { 0 };
    if (!add_examples(c, &v))
        return false;
    add_fields(c, &v);
    if (r->wants_json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        json_obj(&j);
        json_key(&j, S("examples"));
        json_arr(&j);
        list_each(help_example, e, &v.examples) {
            json_obj(&j);
            json_kv(&j, "q", e->typed);
            json_kv(&j, "meaning", e->meaning);
            json_kv(&j, "datasets", e->count);
            json_end(&j);
        }
        json_end(&j);
        json_key(&j, S("fields"));
        json_arr(&j);
        list_each(help_field, f, &v.fields) {
            json_obj(&j);
            json_kv(&j, "name", f->name);
            json_kv(&j, "meaning", f->label);
            json_end(&j);
        }
        json_end(&j);
        json_end(&j);
        return http_body_json(c, w, buf_str(&b));
    }
    page p = { .title = T(c, "How to search"), .canonical = S("/help/search"), .json = S("/help/search.json"), .nav = NAV_DATASETS,
               .description = T(c, "What can be typed into the search box, with examples.") };
    return page_show(c, r, w, &p, view_help_search(c, &v));
}

static help_face *add_face(ctx *c, help_api_view *v, const char *id, str title, str text)
{
    list_add(c->a, &v->faces, (help_face){ .id = str_of(id), .title = title, .text = text });
    return &v->faces.v[v->faces.n - 1];
}

static void add_call(ctx *c, const help_api_view *v, help_face *f, str title, const char *path)
{
    list_add(c->a, &f->calls, (help_call){ .title = title, .href = str_of(path),
        .command = str_fmt(c->a, "curl -g '%.*s%s'", S_ARG(v->base), path) });
}

static void add_faces(ctx *c, help_api_view *v)
{
    help_face *f = add_face(c, v, "pages", T(c, "Every page as JSON"),
        T(c, "Put .json after the address of a page, or send Accept: application/json. Statistics and targets are there as CSV too."));
    add_call(c, v, f, T(c, "Search with facets"), "/datasets.json?q=%E7%A9%BA%E6%B0%A3%E5%93%81%E8%B3%AA&format=CSV");
    add_call(c, v, f, T(c, "Statistics"), "/statistics.json");
    add_call(c, v, f, T(c, "Growth as CSV"), "/statistics/growth.csv");
    f = add_face(c, v, "ckan", T(c, "CKAN Action API"),
        T(c, "The reading actions of CKAN's API version 3 with its shapes, limits and errors: clients written for CKAN work unchanged."));
    add_call(c, v, f, T(c, "Search"), "/api/3/action/package_search?q=%E9%A0%90%E7%AE%97&rows=5&facet.field=[%22organization%22,%22res_format%22]");
    add_call(c, v, f, T(c, "Names of all datasets, by pages"), "/api/3/action/package_list?limit=100&offset=0");
    add_call(c, v, f, T(c, "All organisations with their counts"), "/api/3/action/organization_list?all_fields=true&limit=25");
    add_call(c, v, f, T(c, "The state of the site"), "/api/3/action/status_show");
    f = add_face(c, v, "common", T(c, "Common data-access API"),
        T(c, "The common interface of the government's specification of 2015: groups, tags and datasets with the fields of the metadata standard."));
    add_call(c, v, f, T(c, "Service categories"), "/api/v1/rest/group");
    add_call(c, v, f, T(c, "Identifiers of datasets changed since a day"), "/api/v1/rest/dataset?modified=2024-01-01&limit=20");
    f = add_face(c, v, "v2", T(c, "Version 2 of the metadata standard"),
        T(c, "Single records and the whole catalogue in the form of the present standard."));
    add_call(c, v, f, T(c, "The whole catalogue as CSV"), "/api/v2/rest/dataset/export?format=csv");
    f = add_face(c, v, "feeds", T(c, "Feeds"), T(c, "What is new, for readers of Atom feeds: of all, of one organisation, of any search."));
    add_call(c, v, f, T(c, "All changes"), "/feeds/dataset.atom");
    add_call(c, v, f, T(c, "A search as a feed"), "/feeds/custom.atom?q=%E9%A0%90%E7%AE%97");
}

static void add_routes(ctx *c, help_api_view *v)
{
    size_t n;
    const http_route *all = routes_all(&n);
    for (size_t i = 0; i < n; i++) {
        str path = str_of(all[i].path);
        bool wants_words = str_has(path, S("{")) || str_has(path, S("/action/")); /* more than its address */
        if (is_for_machines(path) && (all[i].methods & (1u << HTTP_GET)) != 0)
            list_add(c->a, &v->routes, (help_route){ .path = path, .what = T(c, all[i].summary),
                .href = wants_words ? (str){ 0 } : path });
    }
}

static bool take_table(ctx *c, const table_of_site_row *t, void *to)
{
    str *uid = to;
    policy_state state;
    policy_class class;
    if (uid->n == 0 && policy_state_of(t->state, &state) && policy_class_of(t->class, &class) && policy_sees(ROLE_VISITOR, state, class) == SEE_ALL)
        *uid = str_dup(c->a, t->uid);
    return true;
}

bool help_api_page(ctx *c, const http_req *r, http_res *w)
{
    help_api_view v = { .base = link_absolute(c, r, (str){ 0 }) };
    add_faces(c, &v);
    add_routes(c, &v);
    if (!q_table_of_site(c, take_table, &v.table))
        return false;
    if (r->wants_json)
        return http_redirect(c, w, 302, S("/openapi.json"));
    page p = { .title = T(c, "API"), .canonical = S("/api"), .json = S("/openapi.json"), .nav = NAV_API,
               .description = T(c, "How programs read this catalogue: CKAN's API, the common data-access API, feeds, and every page as JSON.") };
    return page_show(c, r, w, &p, view_help_api(c, &v));
}

bool help_about_page(ctx *c, const http_req *r, http_res *w)
{
    find_answer a;
    if (!find_run(c, ROLE_VISITOR, &(find_request){ .page = 1, .rows = 1 }, &a))
        return false;
    help_about_view v = { .title = c->lang == LANG_EN ? c->site->title_en : c->site->title,
                          .description = c->lang == LANG_EN ? c->site->description_en : c->site->description,
                          .datasets = num_grouped(c->a, a.total), .version = S(OPENSHELF_VERSION) };
    if (r->wants_json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        json_obj(&j);
        json_kv(&j, "title", v.title);
        json_kv(&j, "description", v.description);
        json_kv(&j, "datasets", a.total);
        json_kv(&j, "program", "Openshelf");
        json_kv(&j, "version", v.version);
        json_kv(&j, "licence", "Apache-2.0");
        json_end(&j);
        return http_body_json(c, w, buf_str(&b));
    }
    page p = { .title = T(c, "About this site"), .canonical = S("/about"), .json = S("/about.json"), .description = v.description };
    return page_show(c, r, w, &p, view_help_about(c, &v));
}

bool help_accessibility_page(ctx *c, const http_req *r, http_res *w)
{
    page p = { .title = T(c, "Accessibility"), .canonical = S("/accessibility"), .json = S("/accessibility.json"),
               .description = T(c, "How this site can be used by everybody, and how that is tested.") };
    if (r->wants_json)
        return http_body_json(c, w, S("{\"standard\":\"WCAG 2.1\",\"level\":\"AA\",\"scripts_needed\":false}"));
    return page_show(c, r, w, &p, view_help_accessibility(c));
}
