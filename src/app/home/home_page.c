#include "app/home/home_page.h"

#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "app/vocabulary/vocabulary.h"
#include "views.h"

enum { NEWS = 6, FORMATS = 10, PUBLISHERS = 8, FILES_MOST = 1001 };

static search_node *everything(ctx *c)
{
    search_node *all = new (c->a, search_node);
    all->op = Q_ALL;
    return all;
}

/* How many distributions there are, of what the visitor may see: datasets by their number of files. */
static bool count_files(ctx *c, int64_t *out)
{
    int64_t edges[FILES_MOST + 1], counts[FILES_MOST + 1] = { 0 };
    const search_query q = { .where = everything(c), .filter = find_sight(c, ROLE_VISITOR) };
    for (int64_t i = 0; i <= FILES_MOST; i++)
        edges[i] = i;
    if (!search_histogram(c, find_index(c->site), &q, FIND_NUM_RESOURCES, edges, array_len(edges), counts))
        return false;
    *out = 0;
    for (int64_t i = 0; i < FILES_MOST; i++)
        *out += i * counts[i];
    return true;
}

static const search_facet *facet_of(const search_result *r, find_value field)
{
    static const search_facet none = { 0 };
    for (size_t i = 0; i < r->facet_count; i++)
        if (r->facets[i].field == (int)field)
            return &r->facets[i];
    return &none;
}

static int64_t count_of(const search_facet *f, str value)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->v[i].value, value))
            return f->v[i].count;
    return 0;
}

static home_way way_of(ctx *c, find_value field, str value, int64_t n)
{
    return (home_way){ .code = value, .title = find_label(c, field, value), .count = num_grouped(c->a, n), .number = n,
        .href = link_to(c, str_fmt(c->a, "/datasets?%s=%.*s", find_value_name(field), S_ARG(url_encoded(c->a, value)))) };
}

static void add_ways(ctx *c, const search_facet *f, size_t most, home_ways *out)
{
    for (size_t i = 0; i < f->n && i < most; i++)
        list_add(c->a, out, way_of(c, (find_value)f->field, f->v[i].value, f->v[i].count));
}

/* In the order of the vocabulary, so that each has its place; those without data are left out. The sign is the
 * first letter of the name. */
static void add_themes(ctx *c, const search_facet *f, home_ways *out)
{
    const vocabulary *voc = vocabulary_get();
    for (size_t i = 0; i < voc->themes.n; i++) {
        const theme *t = &voc->themes.v[i];
        int64_t n = count_of(f, t->code);
        if (n == 0)
            continue;
        home_way w = way_of(c, FIND_THEME, t->code, n);
        w.href = link_part(c, "/themes/", t->code, "");
        w.sign = utf8_cut_chars(w.title, 1);
        list_add(c->a, out, w);
    }
}

static bool fill_numbers(ctx *c, home_view *v)
{
    static const int counted[] = { FIND_THEME, FIND_FORMAT, FIND_ORG, FIND_OPEN };
    search_result r;
    const search_query q = { .where = everything(c), .filter = find_sight(c, ROLE_VISITOR), .facets = counted,
                             .facet_count = array_len(counted) };
    if (!search_run(c, find_index(c->site), &q, &r) || !count_files(c, &v->file_count))
        return false;
    v->dataset_count = r.total;
    v->organization_count = (int64_t)facet_of(&r, FIND_ORG)->n;
    v->open_count = count_of(facet_of(&r, FIND_OPEN), S("open"));
    v->datasets = num_grouped(c->a, v->dataset_count);
    v->files = num_grouped(c->a, v->file_count);
    v->organizations = num_grouped(c->a, v->organization_count);
    v->open = num_percent(c->a, v->open_count, v->dataset_count);
    add_themes(c, facet_of(&r, FIND_THEME), &v->themes);
    add_ways(c, facet_of(&r, FIND_FORMAT), FORMATS, &v->formats);
    add_ways(c, facet_of(&r, FIND_ORG), PUBLISHERS, &v->publishers);
    return true;
}

static bool newest_by(ctx *c, find_sort sort, find_answer *out)
{
    return find_run(c, ROLE_VISITOR, &(find_request){ .sort = sort, .page = 1, .rows = NEWS }, out);
}

static bool fill_news(ctx *c, home_view *v)
{
    find_answer newest, popular;
    int64_t ids[2 * NEWS];
    dataset_hits all = { 0 };
    if (!newest_by(c, FIND_BY_ISSUED, &newest) || !newest_by(c, FIND_BY_POPULARITY, &popular))
        return false;
    size_t n = 0;
    for (size_t i = 0; i < newest.id_count; i++)
        ids[n++] = newest.ids[i];
    for (size_t i = 0; i < popular.id_count; i++)
        ids[n++] = popular.ids[i];
    if (!dataset_hits_of(c, ids, n, NULL, &all))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        dataset_hit *h = &all.v[i];
        if (i < newest.id_count)
            list_add(c->a, &v->newest, *h);
        else if (h->views > 0)
            list_add(c->a, &v->popular, *h);
    }
    return true;
}

static void add_examples(ctx *c, home_view *v)
{
    static const char *const words[] = { "空氣品質", "公車", "實價登錄", "停車場", "預算" };
    for (size_t i = 0; i < array_len(words); i++) {
        str word = str_of(words[i]);
        list_add(c->a, &v->examples, (home_way){ .title = word, .href = link_part(c, "/datasets?q=", word, "") });
    }
}

/* --- as JSON, and as schema.org --- */

static void ways_json(json_w *j, const char *key, const home_ways *all)
{
    json_key(j, str_of(key));
    json_arr(j);
    for (size_t i = 0; i < all->n; i++) {
        json_obj(j);
        json_kv(j, "code", all->v[i].code);
        json_kv(j, "title", all->v[i].title);
        json_kv(j, "datasets", all->v[i].number);
        json_end(j);
    }
    json_end(j);
}

static void hits_json(json_w *j, const char *key, const dataset_hits *all)
{
    json_key(j, str_of(key));
    json_arr(j);
    for (size_t i = 0; i < all->n; i++) {
        json_obj(j);
        json_kv(j, "name", all->v[i].slug);
        json_kv(j, "title", all->v[i].title_text);
        json_kv(j, "organization", all->v[i].organization);
        json_kv(j, "updated", all->v[i].updated_iso);
        json_kv(j, "url", all->v[i].href);
        json_end(j);
    }
    json_end(j);
}

static bool show_json(ctx *c, http_res *w, const home_view *v)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "title", v->title);
    json_kv(&j, "description", v->lead);
    json_kv(&j, "datasets", v->dataset_count);
    json_kv(&j, "distributions", v->file_count);
    json_kv(&j, "organizations", v->organization_count);
    json_kv(&j, "open_datasets", v->open_count);
    ways_json(&j, "themes", &v->themes);
    ways_json(&j, "formats", &v->formats);
    ways_json(&j, "publishers", &v->publishers);
    hits_json(&j, "newest", &v->newest);
    hits_json(&j, "popular", &v->popular);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

static html schema_org(ctx *c, const http_req *r, const home_view *v)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    str here = link_absolute(c, r, S("/"));
    json_obj(&j);
    json_kv(&j, "@context", S("https://schema.org"));
    json_kv(&j, "@type", S("DataCatalog"));
    json_kv(&j, "@id", here);
    json_kv(&j, "url", here);
    json_kv(&j, "name", v->title);
    json_kv(&j, "description", v->lead);
    json_key(&j, S("potentialAction"));
    json_obj(&j);
    json_kv(&j, "@type", S("SearchAction"));
    json_kv(&j, "target", link_absolute(c, r, S("/datasets?q={words}")));
    json_kv(&j, "query-input", S("required name=words"));
    json_end(&j);
    json_end(&j);
    return (html){ buf_str(&b) };
}

/* /index.json is the start as JSON; /index is only its other name. */
bool home_page(ctx *c, const http_req *r, http_res *w)
{
    const site *s = c->site;
    home_view v = { .title = c->lang == LANG_EN ? s->title_en : s->title,
                    .lead = c->lang == LANG_EN ? s->description_en : s->description };
    if (!r->wants_json && !str_eq(r->path, S("/")))
        return http_redirect(c, w, 301, link_to(c, S("/")));
    if (!fill_numbers(c, &v) || !fill_news(c, &v))
        return false;
    if (r->wants_json)
        return show_json(c, w, &v);
    add_examples(c, &v);
    v.action = v.datasets_href = link_to(c, S("/datasets"));
    page p = { .title = v.title, .description = v.lead, .canonical = S("/"), .json = S("/index.json"),
               .feed = S("/feeds/dataset.atom"), .feed_title = v.title, .own_search = true, .json_ld = schema_org(c, r, &v) };
    return page_show(c, r, w, &p, view_home(c, &v));
}
