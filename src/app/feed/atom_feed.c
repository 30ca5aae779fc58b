/* atom_feed — what is new, as Atom (RFC 4287): of all, of an organisation with
 * all that belongs to it, of any search. Addresses as CKAN has them. */
#include "app/feed/xml.h"
#include "app/find/find.h"
#include "app/organization/organization.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "queries.h"

#define ENTRIES 20
#define PAGES_MOST 500
#define FILTERS_MOST 32

typedef struct {
    str          title, self, alternate;   /* paths with query */
    find_request ask;
} feed;

static const feed_entry *entry_of(const feed_entry_list *l, int64_t id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].id == id)
            return &l->v[i];
    return NULL;
}

static int64_t moment_of(const feed_entry *e)
{
    return e->updated_at_null ? e->modified_at : e->updated_at;
}

static void put_link(ctx *c, const http_req *r, buf *o, const char *rel, const char *type, str path)
{
    buf_fmt(o, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
    xml_put(o, link_absolute(c, r, path));
    buf_add(o, S("\"/>\n"));
}

static void put_entry(ctx *c, const http_req *r, buf *o, const feed_entry *e)
{
    bool english = c->lang == LANG_EN;
    buf_add(o, S("<entry>\n"));
    xml_element(o, "title", english && e->title_en.n > 0 ? e->title_en : e->title);
    xml_element(o, "id", str_cat(c->a, S("urn:uuid:"), e->uid));
    put_link(c, r, o, "alternate", "text/html", link_part(c, "/datasets/", e->slug, ""));
    xml_element(o, "updated", day_iso_utc(c->a, moment_of(e)));
    xml_element(o, "published", day_iso_utc(c->a, e->issued_at_null ? e->created_at : e->issued_at));
    buf_add(o, S("<author>"));
    xml_element(o, "name", english && e->org_name_en.n > 0 ? e->org_name_en : e->org_name);
    buf_add(o, S("</author>\n<summary>"));
    xml_put(o, utf8_cut_chars(e->description, 500));
    buf_add(o, S("</summary>\n</entry>\n"));
}

static str page_path(ctx *c, const feed *f, size_t number)
{
    char mark = str_find_byte(f->self, '?') < f->self.n ? '&' : '?';
    return number <= 1 ? f->self : str_fmt(c->a, "%.*s%cpage=%zu", S_ARG(f->self), mark, number);
}

static void put_head(ctx *c, const http_req *r, buf *o, const feed *f, const find_answer *found, int64_t newest)
{
    size_t last = (size_t)(found->total + ENTRIES - 1) / ENTRIES;
    buf_fmt(o, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
            lang_tag(c->lang));
    xml_element(o, "title", f->title);
    xml_element(o, "id", str_fmt(c->a, "urn:uuid:%.*s#%.*s", S_ARG(c->site->id), S_ARG(url_encoded(c->a, f->self))));
    xml_element(o, "updated", day_iso_utc(c->a, newest));
    put_link(c, r, o, "self", "application/atom+xml", page_path(c, f, f->ask.page));
    put_link(c, r, o, "alternate", "text/html", f->alternate);
    put_link(c, r, o, "first", "application/atom+xml", page_path(c, f, 1));
    if (f->ask.page > 1)
        put_link(c, r, o, "previous", "application/atom+xml", page_path(c, f, f->ask.page - 1));
    if (f->ask.page < last && f->ask.page < PAGES_MOST)
        put_link(c, r, o, "next", "application/atom+xml", page_path(c, f, f->ask.page + 1));
    buf_fmt(o, "<generator uri=\"/about\" version=\"%s\">Openshelf</generator>\n", OPENSHELF_VERSION);
}

static bool show(ctx *c, const http_req *r, http_res *w, feed *f)
{
    find_answer found;
    feed_entry_list entries = { 0 };
    int64_t number;
    if (!http_arg_int(c, r, "page", 1, 1, PAGES_MOST, &number))
        return false;
    f->ask.page = (size_t)number;
    f->ask.rows = ENTRIES;
    f->ask.sort = FIND_BY_UPDATED;
    if (!find_run(c, ROLE_VISITOR, &f->ask, &found)
        || (found.id_count > 0 && !q_feed_entries(c, (q_ints){ found.ids, found.id_count }, &entries)))
        return false;
    int64_t newest = 0;
    list_each(feed_entry, e, &entries)
        newest = moment_of(e) > newest ? moment_of(e) : newest;
    buf o = buf_in(c->a);
    put_head(c, r, &o, f, &found, newest);
    for (size_t i = 0; i < found.id_count; i++) {
        const feed_entry *e = entry_of(&entries, found.ids[i]);
        if (e != NULL)
            put_entry(c, r, &o, e);
    }
    buf_add(&o, S("</feed>\n"));
    w->type = S("application/atom+xml; charset=utf-8");
    w->body = buf_str(&o);
    w->any_origin = true;
    return true;
}

static str site_title(const ctx *c)
{
    return c->lang == LANG_EN ? c->site->title_en : c->site->title;
}

bool feed_all_get(ctx *c, const http_req *r, http_res *w)
{
    feed f = { .title = site_title(c), .self = link_to(c, S("/feeds/dataset.atom")), .alternate = link_to(c, S("/datasets")) };
    return show(c, r, w, &f);
}

bool feed_organization_get(ctx *c, const http_req *r, http_res *w)
{
    str file = http_param(r, "file"), key = file;
    organization_row org;
    bool found = false;
    if (str_ends(file, S(".atom")))
        key = str_sub(file, 0, file.n - 5);
    if (!q_organization_by_key(c, key, &org, &found))
        return false;
    if (!found || key.n == file.n)
        return fail_said(c, NOT_FOUND, S(""), "there is no feed “{name}”; /organizations lists the organisations",
                         { "name", utf8_cut(file, 80) });
    find_filter filter = { FIND_ORG_TREE, org.slug };
    feed f = {
        .title = str_fmt(c->a, "%.*s – %.*s", S_ARG(find_label(c, FIND_ORG, org.slug)), S_ARG(site_title(c))),
        .self = link_part(c, "/feeds/organization/", org.slug, ".atom"), .alternate = link_part(c, "/organizations/", org.slug, ""),
        .ask = { .filters = &filter, .filter_count = 1 },
    };
    return show(c, r, w, &f);
}

/* Any search of the list page, with the same names in the query. */
bool feed_custom_get(ctx *c, const http_req *r, http_res *w)
{
    find_filter filters[FILTERS_MOST];
    size_t n = 0;
    str_list said = { 0 };
    buf query = buf_in(c->a);
    str words = http_arg(r, "q");
    for (size_t i = 0; i < r->args.n; i++) {
        const url_pair *p = &r->args.v[i];
        find_value field;
        bool is_filter = p->value.n > 0 && find_value_of(p->name, &field);
        if (is_filter && n < FILTERS_MOST) {
            filters[n++] = (find_filter){ field, p->value };
            list_add(c->a, &said, find_label(c, field, p->value));
        }
        if (is_filter || str_eq(p->name, S("q")))
            buf_fmt(&query, "%s%.*s=%.*s", query.n > 0 ? "&" : "", S_ARG(url_encoded(c->a, p->name)), S_ARG(url_encoded(c->a, p->value)));
    }
    if (words.n > 0)
        list_add(c->a, &said, words);
    str tail = query.n > 0 ? str_cat(c->a, S("?"), buf_str(&query)) : (str){ 0 };
    feed f = {
        .title = said.n > 0 ? str_fmt(c->a, "%.*s – %.*s", S_ARG(str_join(c->a, &said, S(", "))), S_ARG(site_title(c))) : site_title(c),
        .self = link_to(c, str_cat(c->a, S("/feeds/custom.atom"), tail)), .alternate = link_to(c, str_cat(c->a, S("/datasets"), tail)),
        .ask = { .words = words, .filters = filters, .filter_count = n },
    };
    return show(c, r, w, &f);
}
