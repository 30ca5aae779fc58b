#include "app/dataset/dataset_list_page.h"

#include "app/dataset/verdict.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "app/vocabulary/vocabulary.h"
#include "views.h"

enum { ROWS = 20, EXCERPT_CHARS = 130, BEFORE_CHARS = 30, FORMATS_SHOWN = 8 };

/* --- what was found, marked --- */

/* 臺 and 台 are one to the search, so both are marked. */
static void add_mark(ctx *c, str word, str_list *out)
{
    list_add(c->a, out, word);
    if (str_has(word, S("臺")))
        list_add(c->a, out, str_replace(c->a, word, S("臺"), S("台")));
    if (str_has(word, S("台")))
        list_add(c->a, out, str_replace(c->a, word, S("台"), S("臺")));
}

/* Words to mark; after a loose search also the pairs into which runs of Chinese were taken apart. */
static str_list marks_of(ctx *c, const find_answer *a)
{
    str_list out = { 0 };
    for (size_t i = 0; i < a->marks.n; i++) {
        str word = a->marks.v[i];
        add_mark(c, word, &out);
        size_t before = 0, at = 0;
        bool pair = false;
        while (a->loose && at < word.n) {
            size_t here = at;
            uint32_t code = utf8_next(word, &at);
            bool cjk = code != UTF8_BAD && utf8_is_cjk(code);
            if (pair && cjk)
                add_mark(c, str_sub(word, before, at), &out);
            before = here;
            pair = cjk;
        }
    }
    return out;
}

static size_t first_mark(str text, const str_list *marks)
{
    size_t first = text.n;
    for (size_t i = 0; marks != NULL && i < marks->n; i++) {
        size_t at = str_find(text, marks->v[i]);
        first = at < first ? at : first;
    }
    return first;
}

/* Where the characters before `at` begin, at most BEFORE_CHARS of them. */
static size_t back(str text, size_t at)
{
    for (int n = 0; at > 0 && n < BEFORE_CHARS; n++)
        do
            at--;
        while (at > 0 && ((unsigned char)text.p[at] & 0xc0) == 0x80);
    return at;
}

static html excerpt(ctx *c, str description, const str_list *marks)
{
    str text = str_replace(c->a, str_trim(description), S("\r\n"), S(" "));
    size_t at = first_mark(text, marks);
    size_t from = at < text.n ? back(text, at) : 0;
    str part = utf8_cut_chars(str_from(text, from), EXCERPT_CHARS);
    str shown = str_fmt(c->a, "%s%.*s%s", from > 0 ? "…" : "", S_ARG(part), from + part.n < text.n ? "…" : "");
    return html_mark(c->a, shown, marks);
}

/* --- rows --- */

str dataset_title_lang(const ctx *c, str title_en)
{
    return str_of(lang_tag(c->lang == LANG_EN && title_en.n > 0 ? LANG_EN : LANG_ZH_HANT));
}

dataset_stars dataset_stars_of(ctx *c, int64_t rating, bool proven, str licence_code)
{
    str n = str_fmt(c->a, "%" PRId64, rating);
    str text = proven ? lang_with(c, "{n} of 5 stars, by the bytes of the file", { "n", n })
                      : lang_with(c, "{n} of 5 stars, by what is declared", { "n", n });
    if (rating > 0 && licence_by_code(licence_code) == NULL)
        text = str_cat(c->a, text, T(c, "; no open licence is known"));
    return (dataset_stars){ .stars = find_label(c, FIND_STAR, n), .text = text, .proven = proven };
}

dataset_hit dataset_hit_of(ctx *c, const dataset_brief *d, const str_list *marks)
{
    int64_t updated = d->updated_at_null ? d->modified_at : d->updated_at;
    str title = lang_pick(c, d->title, d->title_en);
    dataset_hit h = { .slug = d->slug, .href = link_part(c, "/datasets/", d->slug, ""), .title_text = title,
        .lang = dataset_title_lang(c, d->title_en),
        .title = html_mark(c->a, title, marks), .excerpt = excerpt(c, d->description, marks), .description = d->description,
        .organization = lang_pick(c, d->org_name, d->org_name_en), .organization_slug = d->org_slug,
        .organization_href = link_part(c, "/organizations/", d->org_slug, ""), .updated = day_iso_date(c->a, updated),
        .dated = d->updated_at_null ? T(c, "Entered here") : T(c, "Updated"),
        .updated_iso = day_iso(c->a, updated), .views = d->view_count, .star = (int)d->rating,
        .stars = dataset_stars_of(c, d->rating, verdict_by_bytes(d->rating_by), d->licence), .verdict = d->openness,
        .verdict_label = find_label(c, FIND_OPEN, d->openness),
        .licence = d->licence.n > 0 ? find_label(c, FIND_LICENCE, d->licence) : (str){ 0 } };
    if (!d->issued_at_null)
        h.issued_iso = day_iso(c->a, d->issued_at);
    return h;
}

static void add_formats(ctx *c, const dataset_format_list *all, int64_t id, dataset_hit *h)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].dataset_id == id && all->v[i].format.n > 0 && h->formats.n < FORMATS_SHOWN)
            list_add(c->a, &h->formats, (dataset_format_mark){ all->v[i].format, (int)all->v[i].rating });
}

bool dataset_hits_of(ctx *c, const int64_t *ids, size_t n, const str_list *marks, dataset_hits *out)
{
    dataset_brief_list rows;
    dataset_format_list formats;
    if (n == 0)
        return true;
    if (!q_dataset_briefs(c, (q_ints){ ids, n }, &rows) || !q_dataset_formats(c, (q_ints){ ids, n }, &formats))
        return false;
    for (size_t i = 0; i < n; i++)
        list_each (const dataset_brief, d, &rows)
            if (d->id == ids[i]) {
                dataset_hit h = dataset_hit_of(c, d, marks);
                add_formats(c, &formats, d->id, &h);
                list_add(c->a, out, h);
            }
    return true;
}

bool dataset_newest(ctx *c, find_value field, str value, size_t rows, dataset_hits *out)
{
    find_filter filter = { field, value };
    const find_request q = { .filters = &filter, .filter_count = 1, .sort = FIND_BY_UPDATED, .page = 1, .rows = rows };
    find_answer a;
    return find_run(c, ROLE_VISITOR, &q, &a) && dataset_hits_of(c, a.ids, a.id_count, NULL, out);
}

/* --- the list as JSON --- */

static void hit_json(json_w *j, const dataset_hit *h)
{
    json_obj(j);
    json_kv(j, "name", h->slug);
    json_kv(j, "title", h->title_text);
    json_kv(j, "description", h->description);
    json_key(j, S("organization"));
    json_obj(j);
    json_kv(j, "slug", h->organization_slug);
    json_kv(j, "name", h->organization);
    json_end(j);
    json_key(j, S("formats"));
    json_arr(j);
    for (size_t i = 0; i < h->formats.n; i++)
        json_str(j, h->formats.v[i].label);
    json_end(j);
    json_key(j, S("licence"));
    json_str_or_null(j, h->licence);
    json_kv(j, "star", h->star);
    json_kv(j, "star_by", h->stars.proven ? "bytes" : "declared");
    json_kv(j, "openness", h->verdict);
    json_key(j, S("issued"));
    json_str_or_null(j, h->issued_iso);
    json_kv(j, "updated", h->updated_iso);
    json_kv(j, "url", h->href);
    json_end(j);
}

static void facet_json(json_w *j, const dataset_facet *f)
{
    json_key(j, f->name);
    json_arr(j);
    for (size_t i = 0; i < f->first.n + f->more.n; i++) {
        const dataset_facet_line *l = i < f->first.n ? &f->first.v[i] : &f->more.v[i - f->first.n];
        json_obj(j);
        json_kv(j, "value", l->value);
        json_kv(j, "label", l->label);
        json_kv(j, "count", l->number);
        json_kv(j, "chosen", l->chosen);
        json_end(j);
    }
    json_end(j);
}

static bool show_json(ctx *c, http_res *w, const dataset_ask *q, const find_answer *a, int64_t pages, const dataset_list_view *v)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "total", a->total);
    json_kv(&j, "page", q->page);
    json_kv(&j, "pages", pages);
    json_kv(&j, "sort", dataset_sort_name(q->sort));
    json_kv(&j, "loose", a->loose);
    json_key(&j, S("results"));
    json_arr(&j);
    for (size_t i = 0; i < v->hits.n; i++)
        hit_json(&j, &v->hits.v[i]);
    json_end(&j);
    json_key(&j, S("facets"));
    json_obj(&j);
    for (size_t i = 0; i < v->facets.n; i++)
        facet_json(&j, &v->facets.v[i]);
    json_end(&j);
    json_key(&j, S("next"));
    json_str_or_null(&j, q->page < pages
        ? link_to(c, str_cat(c->a, S("/datasets.json"), dataset_ask_query(c, q, NULL, NULL, q->page + 1))) : (str){ 0 });
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

/* --- the page --- */

static void add_chips(ctx *c, const dataset_ask *q, dataset_list_view *v)
{
    for (size_t i = 0; i < q->filters.n; i++) {
        const find_filter *f = &q->filters.v[i];
        list_add(c->a, &v->chips, (dataset_chip){ .label = find_label(c, f->field, f->value), .title = dataset_facet_title(c, f->field),
            .href = link_to(c, str_cat(c->a, S("/datasets"), dataset_ask_query(c, q, f, NULL, 0))) });
        list_add(c->a, &v->hidden, (url_pair){ str_of(find_value_name(f->field)), f->value });
    }
    if (q->sort_said)
        list_add(c->a, &v->hidden, (url_pair){ S("sort"), str_of(dataset_sort_name(q->sort)) });
    dataset_ask without = { .words = q->words, .sort = q->sort, .sort_said = q->sort_said };
    v->clear = link_to(c, str_cat(c->a, S("/datasets"), dataset_ask_query(c, &without, NULL, NULL, 0)));
    v->narrowed = q->filters.n > 0;
}

static void add_orders(ctx *c, const dataset_ask *q, dataset_list_view *v)
{
    const struct { find_sort sort; str label; } all[] = {
        { FIND_BY_SCORE, T(c, "relevance") }, { FIND_BY_UPDATED, T(c, "last updated") }, { FIND_BY_ISSUED, T(c, "first issued") },
        { FIND_BY_POPULARITY, T(c, "popularity") }, { FIND_BY_TITLE, T(c, "title") },
    };
    for (size_t i = 0; i < array_len(all); i++) {
        if (all[i].sort == FIND_BY_SCORE && q->words.n == 0)
            continue;                               /* nothing to score */
        dataset_ask other = *q;
        other.sort = all[i].sort;
        other.sort_said = all[i].sort != (q->words.n > 0 ? FIND_BY_SCORE : FIND_BY_UPDATED);
        list_add(c->a, &v->orders, (dataset_order){ all[i].label, .current = q->sort == all[i].sort,
            .href = link_to(c, str_cat(c->a, S("/datasets"), dataset_ask_query(c, &other, NULL, NULL, 0))) });
    }
}

/* Order and page do not belong to what a feed tells. */
static str feed_path(ctx *c, const dataset_ask *q)
{
    dataset_ask feed = *q;
    feed.sort_said = false;
    str query = dataset_ask_query(c, &feed, NULL, NULL, 0);
    return query.n > 0 ? str_cat(c->a, S("/feeds/custom.atom"), query) : S("/feeds/dataset.atom");
}

static str shown_text(ctx *c, const find_answer *a, const dataset_ask *q, int64_t pages)
{
    if (pages <= 1)
        return a->total == 1 ? T(c, "dataset") : T(c, "datasets");
    int64_t first = (q->page - 1) * ROWS + 1;
    return lang_with(c, "datasets, {first}–{last} shown", { "first", num_grouped(c->a, first) },
                     { "last", num_grouped(c->a, first + (int64_t)a->id_count - 1) });
}

static bool show_html(ctx *c, const http_req *r, http_res *w, const dataset_ask *q, const find_answer *a, int64_t pages,
                      dataset_list_view *v)
{
    str query = dataset_ask_query(c, q, NULL, NULL, q->page), first = dataset_ask_query(c, q, NULL, NULL, 0);
    v->heading = q->words.n > 0 ? lang_with(c, "Datasets: {words}", { "words", q->words })
               : q->filters.n == 1 ? lang_with(c, "Datasets: {words}", { "words", find_label(c, q->filters.v[0].field, q->filters.v[0].value) })
               : T(c, "Datasets");
    v->words = q->words;
    v->action = link_to(c, S("/datasets"));
    v->feed = link_to(c, feed_path(c, q));
    v->total = num_grouped(c->a, a->total);
    v->any = a->total > 0;
    v->loose = a->loose;
    v->shown = shown_text(c, a, q, pages);
    add_chips(c, q, v);
    add_orders(c, q, v);
    str base = str_fmt(c->a, "/datasets%.*s%spage=", S_ARG(first), first.n > 0 ? "&" : "?");
    v->paging = paging_show(c, &(paging){ .total = a->total, .page = q->page, .pages = pages, .base = link_to(c, base) });
    str title = q->page > 1 ? lang_with(c, "{title}, page {n}", { "title", v->heading }, { "n", num_grouped(c->a, q->page) }) : v->heading;
    page p = { .title = title, .canonical = str_cat(c->a, S("/datasets"), query), .nav = NAV_DATASETS, .own_search = true,
               .json = str_cat(c->a, S("/datasets.json"), query), .feed = feed_path(c, q), .feed_title = v->heading,
               .description = T(c, "Search the open data of the government: by words, publisher, theme, format and licence."),
               .no_index = q->words.n > 0 || q->filters.n > 1 || q->sort_said };
    return page_show(c, r, w, &p, view_dataset_list(c, v));
}

bool dataset_list_page(ctx *c, const http_req *r, http_res *w)
{
    dataset_ask q;
    find_answer a;
    dataset_list_view v = { 0 };
    if (!dataset_ask_read(c, r, &q)
        || !find_run(c, ROLE_VISITOR, &(find_request){ .words = q.words, .filters = q.filters.v, .filter_count = q.filters.n,
                                                       .sort = q.sort, .page = (size_t)q.page, .rows = ROWS, .facets = true }, &a))
        return false;
    int64_t pages = (a.total + ROWS - 1) / ROWS;
    if (q.page > 1 && q.page > pages)
        return fail_said(c, NOT_FOUND, S("page"), "there is no page {page}: the search has {pages}",
                         { "page", str_fmt(c->a, "%" PRId64, q.page) }, { "pages", str_fmt(c->a, "%" PRId64, pages) });
    str_list marks = marks_of(c, &a);
    if (!dataset_hits_of(c, a.ids, a.id_count, &marks, &v.hits) || !dataset_facets_of(c, &q, &a, &v.facets))
        return false;
    if (r->wants_json)
        return show_json(c, w, &q, &a, pages, &v);
    return show_html(c, r, w, &q, &a, pages, &v);
}
