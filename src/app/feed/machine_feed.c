/* machine_feed — what crawlers and browsers ask a site for: robots.txt, the
 * sitemap, the description of the search box (OpenSearch 1.1). */
#include "app/feed/xml.h"
#include "app/policy/policy.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "queries.h"

/* A sitemap holds at most 50,000 addresses and 50 MB; each dataset has two addresses. */
#define PIECE INT64_C(5000)

static bool answer(http_res *w, const char *type, const buf *o)
{
    w->type = str_of(type);
    w->body = buf_str(o);
    return true;
}

bool feed_robots_get(ctx *c, const http_req *r, http_res *w)
{
    buf o = buf_in(c->a);
    buf_add(&o, S("User-agent: *\nDisallow: /metrics\nDisallow: /*?*page=\nDisallow: /*&page=\nAllow: /\n\nSitemap: "));
    buf_add(&o, link_absolute(c, r, S("/sitemap.xml")));
    buf_byte(&o, '\n');
    return answer(w, "text/plain; charset=utf-8", &o);
}

bool feed_opensearch_get(ctx *c, const http_req *r, http_res *w)
{
    bool english = c->lang == LANG_EN;
    str title = english ? c->site->title_en : c->site->title;
    buf o = buf_in(c->a);
    buf_add(&o, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                  "<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n"));
    xml_element(&o, "ShortName", utf8_cut_chars(title, 16));
    xml_element(&o, "LongName", utf8_cut_chars(title, 48));
    xml_element(&o, "Description", english ? c->site->description_en : c->site->description);
    buf_add(&o, S("<Url type=\"text/html\" template=\""));
    xml_put(&o, link_absolute(c, r, link_to(c, S("/datasets"))));
    buf_add(&o, S("?q={searchTerms}&amp;page={startPage?}\"/>\n<Url type=\"application/atom+xml\" template=\""));
    xml_put(&o, link_absolute(c, r, link_to(c, S("/feeds/custom.atom"))));
    buf_add(&o, S("?q={searchTerms}&amp;page={startPage?}\"/>\n"));
    xml_element(&o, "Language", str_of(lang_tag(c->lang)));
    buf_add(&o, S("<InputEncoding>UTF-8</InputEncoding>\n<OutputEncoding>UTF-8</OutputEncoding>\n</OpenSearchDescription>\n"));
    return answer(w, "application/opensearchdescription+xml; charset=utf-8", &o);
}

typedef struct {
    ctx            *c;
    const http_req *r;
    buf            *o;
} sitemap;

/* One page in both languages, each naming the other. `at` 0: unknown. */
static void put_place(sitemap *m, str path, int64_t at)
{
    ctx *c = m->c;
    str chinese = link_absolute(c, m->r, path), english = link_absolute(c, m->r, str_cat(c->a, S("/en"), path));
    const str each[] = { chinese, english };
    for (size_t i = 0; i < array_len(each); i++) {
        buf_add(m->o, S("<url><loc>"));
        xml_put(m->o, each[i]);
        buf_add(m->o, S("</loc>"));
        if (at > 0) {
            buf_add(m->o, S("<lastmod>"));
            buf_add(m->o, day_iso_utc(c->a, at));
            buf_add(m->o, S("</lastmod>"));
        }
        buf_add(m->o, S("<xhtml:link rel=\"alternate\" hreflang=\"zh-Hant\" href=\""));
        xml_put(m->o, chinese);
        buf_add(m->o, S("\"/><xhtml:link rel=\"alternate\" hreflang=\"en\" href=\""));
        xml_put(m->o, english);
        buf_add(m->o, S("\"/></url>\n"));
    }
}

static bool put_dataset(ctx *c, const feed_place *p, void *data)
{
    policy_state state;
    policy_class klass;
    (void)c;
    if (policy_state_of(p->state, &state) && policy_class_of(p->class, &klass) && policy_sees(ROLE_VISITOR, state, klass) == SEE_ALL) {
        sitemap *m = data;
        put_place(m, str_cat(m->c->a, S("/datasets/"), url_encoded(m->c->a, p->slug)), p->modified_at);
    }
    return true;
}

static bool put_organization(ctx *c, const feed_organization *p, void *data)
{
    sitemap *m = data;
    (void)c;
    put_place(m, str_cat(m->c->a, S("/organizations/"), url_encoded(m->c->a, p->slug)), p->modified_at);
    return true;
}

static void open_set(buf *o)
{
    buf_add(o, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""
                 " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n"));
}

/* The index names the pieces; piece 0 holds the pages and the organisations. */
bool feed_sitemap_get(ctx *c, const http_req *r, http_res *w)
{
    int64_t last;
    if (!q_feed_last_id(c, &last))
        return false;
    buf o = buf_in(c->a);
    buf_add(&o, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"));
    for (int64_t piece = 0; piece <= (last + PIECE - 1) / PIECE; piece++) {
        buf_add(&o, S("<sitemap><loc>"));
        xml_put(&o, link_absolute(c, r, str_fmt(c->a, "/sitemaps/%" PRId64 ".xml", piece)));
        buf_add(&o, S("</loc></sitemap>\n"));
    }
    buf_add(&o, S("</sitemapindex>\n"));
    return answer(w, "application/xml; charset=utf-8", &o);
}

bool feed_sitemap_piece_get(ctx *c, const http_req *r, http_res *w)
{
    static const char *const pages[] = { "/", "/datasets", "/organizations", "/themes", "/categories", "/statistics", "/targets",
                                         "/licences", "/formats", "/help/search", "/api", "/about", "/accessibility" };
    str file = http_param(r, "file");
    int64_t piece, last;
    if (!str_ends(file, S(".xml")) || !str_to_i64(str_sub(file, 0, file.n - 4), &piece) || piece < 0)
        return fail_said(c, NOT_FOUND, S(""), "there is no such piece of the sitemap; /sitemap.xml lists them");
    if (!q_feed_last_id(c, &last))
        return false;
    if (piece > (last + PIECE - 1) / PIECE)
        return fail_said(c, NOT_FOUND, S(""), "there is no such piece of the sitemap; /sitemap.xml lists them");
    buf o = buf_in(c->a);
    sitemap m = { c, r, &o };
    open_set(&o);
    if (piece == 0) {
        for (size_t i = 0; i < array_len(pages); i++)
            put_place(&m, str_of(pages[i]), 0);
        if (!q_feed_organizations(c, put_organization, &m))
            return false;
    } else if (!q_feed_places(c, (piece - 1) * PIECE + 1, piece * PIECE + 1, put_dataset, &m)) {
        return false;
    }
    buf_add(&o, S("</urlset>\n"));
    return answer(w, "application/xml; charset=utf-8", &o);
}
