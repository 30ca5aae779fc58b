#include "app/licence/licence_page.h"

#include "app/find/find.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "views.h"

enum { COMBINE_MAX = 12 };

static bool count_values(ctx *c, find_value field, search_result *out)
{
    search_node *all = new(c->a, search_node);
    all->op = Q_ALL;
    const int facet = (int)field;
    const search_query q = { .where = all, .filter = find_sight(c, ROLE_VISITOR), .facets = &facet, .facet_count = 1 };
    return search_run(c, find_index(c->site), &q, out);
}

static int64_t count_of(const search_result *r, str value)
{
    for (size_t i = 0; r->facet_count > 0 && i < r->facets[0].n; i++)
        if (str_eq(r->facets[0].v[i].value, value))
            return r->facets[0].v[i].count;
    return 0;
}

static str datasets_of(ctx *c, find_value field, str value)
{
    return link_to(c, str_fmt(c->a, "/datasets?%s=%.*s", find_value_name(field), S_ARG(url_encoded(c->a, value))));
}

static str status_text(ctx *c, str status)
{
    if (str_eq(status, S("active")))
        return T(c, "in force");
    if (str_eq(status, S("earlier")))
        return T(c, "earlier terms");
    return T(c, "retired");
}

static str moves_text(ctx *c, const licence *l)
{
    const licence *by = licence_by_code(S("CC-BY-4.0"));
    if (by == NULL)
        return (str){ 0 };
    if (l == by)
        return T(c, "is CC BY 4.0");
    bool there = licence_moves_to(l, by), back = licence_moves_to(by, l);
    return there && back ? T(c, "both ways") : there ? T(c, "may be given on under CC BY 4.0")
         : back ? T(c, "takes in CC BY 4.0 material") : T(c, "not compatible");
}

static licence_line line_of(ctx *c, const licence *l, const search_result *counts)
{
    bool english = c->lang == LANG_EN;
    int64_t n = counts != NULL ? count_of(counts, l->code) : 0;
    return (licence_line){ .l = l, .title = english && l->title_en.n > 0 ? l->title_en : l->title,
        .other_title = english ? l->title : l->title_en, .href = link_part(c, "/licences/", l->code, ""),
        .status = status_text(c, l->status), .verdict = l->open ? T(c, "Open") : T(c, "Not open"),
        .reason = english && l->open_reason_en.n > 0 ? l->open_reason_en : l->open_reason,
        .moves_to = moves_text(c, l), .datasets = n, .count = num_grouped(c->a, n),
        .datasets_href = datasets_of(c, FIND_LICENCE, l->code) };
}

static void line_json(json_w *j, const licence_line *n)
{
    const licence *l = n->l;
    json_obj(j);
    json_kv(j, "code", l->code);
    json_kv(j, "title", l->title);
    json_kv(j, "title_en", l->title_en);
    json_key(j, S("url"));
    json_str_or_null(j, l->url);
    json_kv(j, "family", l->family);
    json_key(j, S("version"));
    json_str_or_null(j, l->version);
    json_kv(j, "status", l->status);
    json_kv(j, "open", l->open);
    json_kv(j, "open_reason", l->open_reason);
    json_kv(j, "open_reason_en", l->open_reason_en);
    json_kv(j, "od_conformance", l->od_conformance);
    json_key(j, S("compatible_with"));
    json_arr(j);
    str rest = l->compatible_with, code;
    while (str_next(&rest, ' ', &code))
        if (code.n > 0)
            json_str(j, code);
    json_end(j);
    json_kv(j, "attribution", l->attribution);
    json_kv(j, "datasets", n->datasets);
    json_end(j);
}

/* ?combine=A&combine=B: which licences may the whole bear? */
static bool combine(ctx *c, const http_req *r, licence_list_view *v)
{
    licences from = { 0 };
    buf names = buf_in(c->a);
    for (size_t i = 0; i < r->args.n; i++) {
        if (!str_eq(r->args.v[i].name, S("combine")) || r->args.v[i].value.n == 0)
            continue;
        const licence *l = licence_by_code(r->args.v[i].value);
        if (l == NULL)
            return fail_said(c, INVALID, S("combine"), "“{code}” is no licence of the register; /licences lists them all",
                             { "code", utf8_cut(r->args.v[i].value, 80) });
        if (from.n >= COMBINE_MAX)
            return fail_said(c, INVALID, S("combine"), "at most {n} licences at a time", { "n", str_fmt(c->a, "%d", COMBINE_MAX) });
        list_add(c->a, &from, l);
        if (names.n > 0)
            buf_add(&names, S(" + "));
        buf_add(&names, l->code);
        list_each(licence_line, n, &v->lines)
            n->chosen = n->chosen || n->l == l;
    }
    v->asked = from.n > 0;
    v->asked_text = buf_str(&names);
    licences to = licence_combine(c->a, &from);
    for (size_t i = 0; i < to.n; i++)
        list_add(c->a, &v->results, line_of(c, to.v[i], NULL));
    return true;
}

static bool list_json(ctx *c, http_res *w, const licence_list_view *v)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_key(&j, S("licences"));
    json_arr(&j);
    for (size_t i = 0; i < v->lines.n; i++)
        line_json(&j, &v->lines.v[i]);
    json_end(&j);
    if (v->asked) {
        json_key(&j, S("combination"));
        json_obj(&j);
        json_key(&j, S("of"));
        json_arr(&j);
        for (size_t i = 0; i < v->lines.n; i++)
            if (v->lines.v[i].chosen)
                json_str(&j, v->lines.v[i].l->code);
        json_end(&j);
        json_key(&j, S("may_bear"));
        json_arr(&j);
        for (size_t i = 0; i < v->results.n; i++)
            json_str(&j, v->results.v[i].l->code);
        json_end(&j);
        json_end(&j);
    }
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

bool licence_list_page(ctx *c, const http_req *r, http_res *w)
{
    const vocabulary *voc = vocabulary_get();
    licence_list_view v = { 0 };
    search_result counts;
    if (!count_values(c, FIND_LICENCE, &counts))
        return false;
    int64_t said = 0;
    for (size_t i = 0; i < voc->licences.n; i++) {
        list_add(c->a, &v.lines, line_of(c, &voc->licences.v[i], &counts));
        said += v.lines.v[i].datasets;
    }
    if (counts.total > said)
        v.unsaid = lang_with(c, "{n} datasets say no licence.", { "n", num_grouped(c->a, counts.total - said) });
    if (!combine(c, r, &v))
        return false;
    if (r->wants_json)
        return list_json(c, w, &v);
    page p = { .title = T(c, "Licences"), .canonical = S("/licences"), .json = S("/licences.json"), .no_index = v.asked,
               .description = T(c, "The register of licences: versions, openness, compatibility with CC BY 4.0 and the attribution to copy.") };
    return page_show(c, r, w, &p, view_licence_list(c, &v));
}

static void add_fact(ctx *c, licence_view *v, str label, str value)
{
    if (value.n > 0)
        list_add(c->a, &v->identifiers, (licence_fact){ label, value });
}

static void fill_one(ctx *c, const licence *l, licence_view *v)
{
    const vocabulary *voc = vocabulary_get();
    for (size_t i = 0; i < voc->licences.n; i++) {
        const licence *other = &voc->licences.v[i];
        if (other == l)
            continue;
        if (licence_moves_to(l, other))
            list_add(c->a, &v->moves_to, line_of(c, other, NULL));
        if (licence_moves_to(other, l))
            list_add(c->a, &v->comes_from, line_of(c, other, NULL));
        if (l->family.n > 0 && str_eq(l->family, other->family))
            list_add(c->a, &v->family, line_of(c, other, NULL));
    }
    v->example = licence_attribution(c->a, l, T(c, "[agency]"), T(c, "[year]"), T(c, "[name of the dataset]"), T(c, "[version]"));
    add_fact(c, v, T(c, "Code (SPDX where there is one)"), l->code);
    add_fact(c, v, T(c, "Address of the text"), l->url);
    add_fact(c, v, T(c, "Version"), l->version);
    add_fact(c, v, T(c, "Family"), l->family);
    add_fact(c, v, T(c, "Open Definition (CKAN)"), l->od_conformance);
    add_fact(c, v, T(c, "Also recognised as"), str_join(c->a, &l->spellings, S(" · ")));
}

bool licence_one_page(ctx *c, const http_req *r, http_res *w)
{
    str code = http_param(r, "code");
    const licence *l = licence_by_code(code);
    if (l == NULL)
        return fail_said(c, NOT_FOUND, S(""), "there is no licence “{code}”; /licences lists them all",
                         { "code", utf8_cut(code, 80) });
    if (!str_eq(code, l->code))
        return http_redirect(c, w, 301, link_part(c, "/licences/", l->code, r->wants_json ? ".json" : ""));
    search_result counts;
    if (!count_values(c, FIND_LICENCE, &counts))
        return false;
    licence_view v = { .line = line_of(c, l, &counts) };
    if (r->wants_json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        line_json(&j, &v.line);
        w->any_origin = true;
        return http_body_json(c, w, buf_str(&b));
    }
    fill_one(c, l, &v);
    str path = str_cat(c->a, S("/licences/"), url_encoded(c->a, l->code));
    v.json_href = link_to(c, str_cat(c->a, path, S(".json")));
    page p = { .title = v.line.title, .description = v.line.reason, .canonical = path, .json = str_cat(c->a, path, S(".json")) };
    return page_show(c, r, w, &p, view_licence(c, &v));
}

static str yes_no(ctx *c, bool yes)
{
    return yes ? T(c, "yes") : T(c, "no");
}

static licence_format_line format_line(ctx *c, const format *f, const search_result *counts)
{
    int64_t n = count_of(counts, f->code);
    str stars = str_sub(S("★★★★★"), 0, (size_t)(f->star < 0 ? 0 : f->star > 5 ? 5 : f->star) * 3);
    return (licence_format_line){ .f = f, .media_type = f->media_type, .extension = f->extension, .star = stars,
        .star_text = lang_with(c, "{n} of 5 stars", { "n", str_fmt(c->a, "%d", f->star) }), .datasets = n,
        .count = num_grouped(c->a, n), .href = n > 0 ? datasets_of(c, FIND_FORMAT, f->code) : (str){ 0 },
        .open = yes_no(c, f->open), .structured = yes_no(c, f->structured), .service = yes_no(c, f->service) };
}

static void others_of(ctx *c, const search_result *counts, licence_formats_view *v)
{
    buf b = buf_in(c->a);
    for (size_t i = 0, shown = 0; counts->facet_count > 0 && i < counts->facets[0].n && shown < 40; i++) {
        const search_facet_value *f = &counts->facets[0].v[i];
        if (f->value.n == 0 || format_by_code(f->value) != NULL)
            continue;
        buf_fmt(&b, "%s%.*s (%.*s)", shown++ > 0 ? ", " : "", S_ARG(f->value), S_ARG(num_grouped(c->a, f->count)));
    }
    v->others = buf_str(&b);
}

static bool formats_json(ctx *c, http_res *w, const licence_formats_view *v)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_arr(&j);
    for (size_t i = 0; i < v->lines.n; i++) {
        const format *f = v->lines.v[i].f;
        json_obj(&j);
        json_kv(&j, "code", f->code);
        json_kv(&j, "title", f->title);
        json_kv(&j, "media_type", f->media_type);
        json_kv(&j, "extension", f->extension);
        json_kv(&j, "star", f->star);
        json_kv(&j, "open", f->open);
        json_kv(&j, "structured", f->structured);
        json_kv(&j, "service", f->service);
        json_kv(&j, "datasets", v->lines.v[i].datasets);
        json_end(&j);
    }
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

bool licence_formats_page(ctx *c, const http_req *r, http_res *w)
{
    const vocabulary *voc = vocabulary_get();
    licence_formats_view v = { 0 };
    search_result counts;
    if (!count_values(c, FIND_FORMAT, &counts))
        return false;
    for (int star = 5; star >= 0; star--)    /* best first; inside a star as the register has them */
        for (size_t i = 0; i < voc->formats.n; i++)
            if (voc->formats.v[i].star == star)
                list_add(c->a, &v.lines, format_line(c, &voc->formats.v[i], &counts));
    if (r->wants_json)
        return formats_json(c, w, &v);
    others_of(c, &counts, &v);
    page p = { .title = T(c, "File formats and their stars"), .canonical = S("/formats"), .json = S("/formats.json"),
               .description = T(c, "Every file format the catalogue knows, with its media type and its stars by annex 4 of the action plan.") };
    return page_show(c, r, w, &p, view_licence_formats(c, &v));
}
