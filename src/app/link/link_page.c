#include "app/link/link_page.h"

#include "app/dataset/dataset_list_page.h"
#include "app/measure/measure_count.h"
#include "app/organization/organization_page.h"
#include "app/routes.h"
#include "app/site/site.h"
#include "kit/text/csv_write.h"
#include "kit/text/url.h"
#include "views.h"

#include <stdlib.h>

enum { SHOWN = 200, HOSTS = 20, CSV_MOST = 50000 };

/* --- in words --- */

static str why(ctx *c, str error, int64_t status, int64_t gave)
{
    str n = str_fmt(c->a, "%" PRId64, status);
    if (error.n == 0)
        return gave == LINK_PAGE ? T(c, "a web page instead of the file") : T(c, "it answers");
    if (str_eq(error, str_of(err_name(ERR_NOT_FOUND))))
        return lang_with(c, "nothing is there (status {status})", { "status", n });
    if (str_eq(error, str_of(err_name(ERR_TIMEOUT))))
        return T(c, "it took too long");
    if (str_eq(error, str_of(err_name(ERR_BUSY))))
        return lang_with(c, "the server was busy (status {status})", { "status", n });
    if (str_eq(error, str_of(err_name(ERR_FORBIDDEN))))
        return T(c, "it leads to a private network or an unusual port, which is not asked");
    if (str_eq(error, str_of(err_name(ERR_INVALID))))
        return T(c, "it is no web address");
    return status > 0 ? lang_with(c, "it answers with status {status}", { "status", n }) : T(c, "no answer");
}

static const link_row *row_of(const link_row_list *rows, str distribution_uid, str address)
{
    for (size_t i = 0; i < rows->n; i++)
        if (str_eq(rows->v[i].distribution_uid, distribution_uid) && str_eq(rows->v[i].url, address))
            return &rows->v[i];
    return NULL;
}

link_state link_state_of(ctx *c, const link_row_list *rows, str distribution_uid, str address)
{
    const link_row *r = row_of(rows, distribution_uid, address);
    if (r == NULL)
        return (link_state){ 0 };
    str day = day_iso_date(c->a, r->since), times = num_grouped(c->a, r->times);
    str reason = why(c, r->error, r->status, r->gave);
    if (r->error.n == 0 && r->gave != LINK_PAGE)
        return (link_state){ .text = lang_with(c, "The address has answered since {day}.", { "day", day }) };
    if (r->error.n == 0)
        return (link_state){ .bad = true, .text = T(c, "The address gives a web page instead of the file.") };
    return (link_state){ .bad = true, .text = r->times > 1
        ? lang_with(c, "The address has not given the file since {day}, asked {times} times: {why}.", { "day", day }, { "times", times }, { "why", reason })
        : lang_with(c, "The address did not give the file on {day}: {why}.", { "day", day }, { "why", reason }) };
}

static void put_answer(ctx *c, json_w *j, str error, int64_t status, int64_t gave, str says, int64_t since, int64_t times, int64_t asked_at)
{
    json_kv(j, "answers", (bool)(error.n == 0));
    json_key(j, S("error"));
    json_str_or_null(j, str_lower(c->a, error));
    json_kv(j, "status", status);
    json_kv(j, "web_page", (bool)(gave == LINK_PAGE));
    json_key(j, S("says"));
    json_str_or_null(j, says);
    json_kv(j, "since", day_iso(c->a, since));
    json_kv(j, "times", times);
    json_kv(j, "asked", day_iso(c->a, asked_at));
}

void link_state_json(ctx *c, json_w *j, const link_row_list *rows, str distribution_uid, str address)
{
    const link_row *r = row_of(rows, distribution_uid, address);
    json_key(j, S("link"));
    if (r == NULL) {
        json_null(j);
        return;
    }
    json_obj(j);
    put_answer(c, j, r->error, r->status, r->gave, r->says, r->since, r->times, r->asked_at);
    json_end(j);
}

/* --- numbers --- */

static bool fill_numbers(ctx *c, const measure_count *k, link_view *v)
{
    link_count_list reasons;
    if (!q_link_reasons(c, (q_ints){ k->ids, k->id_count }, &reasons))
        return false;
    v->addresses = num_grouped(c->a, k->addresses);
    v->asked = num_grouped(c->a, k->asked);
    v->answering = num_grouped(c->a, k->asked - k->failing - k->pages);
    v->failing = num_grouped(c->a, k->failing);
    v->pages = num_grouped(c->a, k->pages);
    list_each (const link_count, one, &reasons)
        list_add(c->a, &v->reasons, (link_number_line){ str_eq(one->error, str_of(err_name(ERR_IO))) ? T(c, "another error, or no answer")
                : str_eq(one->error, str_of(err_name(ERR_NOT_FOUND))) ? T(c, "nothing is there (status 404 or 410)")
                : str_eq(one->error, str_of(err_name(ERR_BUSY))) ? T(c, "the server was busy (status 429 or 503)") : why(c, one->error, 0, one->gave),
                num_grouped(c->a, one->n), num_percent(c->a, one->n, k->asked) });
    return true;
}

/* --- the list --- */

static link_bad_line line_of(ctx *c, const link_bad_row *r)
{
    str number = str_fmt(c->a, "%" PRId64, r->position + 1);
    return (link_bad_line){
        .title = lang_pick(c, r->title, r->title_en), .lang = dataset_title_lang(c, r->title_en), .file = number, .url = r->url,
        .href = link_to(c, str_fmt(c->a, "/datasets/%.*s/%.*s", S_ARG(url_encoded(c->a, r->slug)), S_ARG(number))),
        .organization = lang_pick(c, r->org_name, r->org_name_en), .organization_href = link_part(c, "/quality/links?organization=", r->org_slug, ""),
        .why = why(c, r->error, r->status, r->gave), .says = r->error.n > 0 && r->status == 0 ? r->says : (str){ 0 },
        .since = day_iso_date(c->a, r->since), .times = num_grouped(c->a, r->times), .asked = day_iso_date(c->a, r->asked_at),
    };
}

typedef struct { arena *a; map counts; int64_t n; } tally;

static bool add_host(ctx *c, const link_bad_row *r, void *data)
{
    tally *t = data;
    url u;
    (void)c;
    if (!url_parse(r->url, &u))
        return true;
    bool fresh;
    map_item *it = map_put(&t->counts, u.host, &fresh);
    if (fresh)
        it->key = str_lower(t->a, u.host);
    it->i++;
    return true;
}

static int by_count(const void *x, const void *y)
{
    const map_item *a = *(const map_item *const *)x, *b = *(const map_item *const *)y;
    return a->i != b->i ? (a->i > b->i ? -1 : 1) : str_cmp(a->key, b->key);
}

static bool fill_hosts(ctx *c, q_ints organizations, link_view *v)
{
    tally t = { .a = c->a, .counts = map_in(c->a) };
    if (!q_link_bad_each(c, organizations, CSV_MOST, add_host, &t))
        return false;
    const map_item **all = new_n(c->a, const map_item *, t.counts.n + 1);
    for (size_t i = 0; i < t.counts.n; i++)
        all[i] = &t.counts.items[i];
    qsort(all, t.counts.n, sizeof *all, by_count);
    for (size_t i = 0; i < t.counts.n && i < HOSTS; i++)
        list_add(c->a, &v->hosts, (link_number_line){ .name = all[i]->key, .count = num_grouped(c->a, all[i]->i) });
    return true;
}

/* ?organization=SLUG: of one organisation with all that belongs to it. */
static bool asked_of(ctx *c, const http_req *r, measure_count *k, str *slug, str *name)
{
    organization_full o;
    bool found;
    *slug = http_arg(r, "organization");
    *name = (str){ 0 };
    if (slug->n == 0)
        return measure_count_up(c, 0, k);
    if (!q_organization_page_one(c, *slug, &o, &found))
        return false;
    if (!found)
        return fail_said(c, NOT_FOUND, S("organization"), "there is no organisation “{name}”; /organizations lists them", { "name", utf8_cut(*slug, 80) });
    *slug = o.slug;
    *name = lang_pick(c, o.name, o.name_en);
    return measure_count_up(c, o.id, k);
}

static bool show_json(ctx *c, http_res *w, const measure_count *k, const link_bad_row_list *bad)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "addresses", k->addresses);
    json_kv(&j, "asked", k->asked);
    json_kv(&j, "failing", k->failing);
    json_kv(&j, "web_pages", k->pages);
    json_key(&j, S("bad"));
    json_arr(&j);
    list_each (const link_bad_row, r, bad) {
        json_obj(&j);
        json_kv(&j, "organization", r->org_slug);
        json_kv(&j, "dataset", r->slug);
        json_kv(&j, "file", r->position + 1);
        json_kv(&j, "url", r->url);
        put_answer(c, &j, r->error, r->status, r->gave, r->says, r->since, r->times, r->asked_at);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

bool link_page(ctx *c, const http_req *r, http_res *w)
{
    measure_count k;
    link_bad_row_list bad;
    str slug, name;
    link_view v = { 0 };
    if (!asked_of(c, r, &k, &slug, &name) || !q_link_bad(c, (q_ints){ k.ids, k.id_count }, SHOWN, &bad))
        return false;
    if (r->wants_json)
        return show_json(c, w, &k, &bad);
    if (!fill_numbers(c, &k, &v) || !fill_hosts(c, (q_ints){ k.ids, k.id_count }, &v))
        return false;
    list_each (const link_bad_row, one, &bad)
        list_add(c->a, &v.bad, line_of(c, one));
    str query = slug.n > 0 ? str_cat(c->a, S("?organization="), url_encoded(c->a, slug)) : (str){ 0 };
    v.of = name;
    v.of_href = slug.n > 0 ? link_part(c, "/quality/organizations/", slug, "") : (str){ 0 };
    v.csv = link_to(c, str_cat(c->a, S("/quality/links.csv"), query));
    v.walks = conf_bool(&c->site->conf, CONF_link_walk_daily);
    if ((int64_t)bad.n < k.failing + k.pages)
        v.shown = lang_with(c, "Shown are the {n} that have stood so the longest; the CSV file has them all.", { "n", num_grouped(c->a, (int64_t)bad.n) });
    page p = { .title = name.n > 0 ? lang_with(c, "Addresses of {name} that fail", { "name", name }) : T(c, "Addresses that fail"),
               .canonical = str_cat(c->a, S("/quality/links"), query), .json = str_cat(c->a, S("/quality/links.json"), query), .nav = NAV_STATISTICS,
               .description = T(c, "Addresses of files that do not answer, or give a web page where a file was promised.") };
    return page_show(c, r, w, &p, view_link(c, &v));
}

/* --- CSV --- */

static bool csv_line(ctx *c, const link_bad_row *r, void *data)
{
    csv_w *t = data;
    const str texts[] = { r->org_slug, r->org_name, r->slug, r->title };
    for (size_t i = 0; i < array_len(texts); i++)
        csv_str(t, texts[i]);
    csv_int(t, r->position + 1);
    csv_str(t, r->format);
    csv_str(t, r->url);
    csv_str(t, why(c, r->error, r->status, r->gave));
    if (r->status > 0)
        csv_int(t, r->status);
    else
        csv_none(t);
    csv_str(t, r->says);
    csv_str(t, day_iso(c->a, r->since));
    csv_int(t, r->times);
    csv_str(t, day_iso(c->a, r->asked_at));
    csv_row(t);
    return true;
}

bool link_table_get(ctx *c, const http_req *r, http_res *w)
{
    static const char *const names[] = { "organization", "organization_name", "dataset", "title", "file", "format", "url", "problem", "status", "says",
                                         "since", "times", "asked" };
    measure_count all;
    str slug, name;
    buf b = buf_in(c->a);
    csv_w t = csv_to(&b);
    if (!asked_of(c, r, &all, &slug, &name))
        return false;
    for (size_t i = 0; i < array_len(names); i++)
        csv_str(&t, str_of(names[i]));
    csv_row(&t);
    if (!q_link_bad_each(c, (q_ints){ all.ids, all.id_count }, CSV_MOST, csv_line, &t))
        return false;
    w->any_origin = true;
    w->type = S(CSV_TYPE);
    w->body = buf_str(&b);
    http_head(c, w, "Content-Disposition", S("attachment; filename=\"quality-links.csv\""));
    return true;
}
