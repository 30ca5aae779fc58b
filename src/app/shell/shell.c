#include "app/shell/shell.h"

#include "app/ckan_api/ckan_error.h"
#include "app/shell/frame.h"
#include "app/site/site.h"
#include "views.h"

static void add_nav(ctx *c, const page *p, shell_frame *f)
{
    const struct { int nav; const char *path; str label; } all[] = {
        { NAV_DATASETS, "/datasets", T(c, "Datasets") },         { NAV_ORGANIZATIONS, "/organizations", T(c, "Organisations") },
        { NAV_THEMES, "/themes", T(c, "Themes") },               { NAV_STATISTICS, "/statistics", T(c, "Statistics") },
        { NAV_TARGETS, "/targets", T(c, "Targets") },            { NAV_API, "/api", S("API") },
    };
    for (size_t i = 0; i < array_len(all); i++)
        list_add(c->a, &f->nav, (shell_nav){ all[i].label, link_to(c, str_of(all[i].path)), (int)p->nav == all[i].nav });
}

static void add_foot(ctx *c, shell_frame *f)
{
    const struct { const char *path; str label; } all[] = {
        { "/about", T(c, "About this site") },   { "/help/search", T(c, "How to search") }, { "/licences", T(c, "Licences") },
        { "/formats", T(c, "File formats") },    { "/ledger", T(c, "Ledger") },             { "/api", S("API") },
        { "/accessibility", T(c, "Accessibility") },
    };
    for (size_t i = 0; i < array_len(all); i++)
        list_add(c->a, &f->foot, (shell_nav){ .label = all[i].label, .href = link_to(c, str_of(all[i].path)) });
}

static html json_ld(ctx *c, html data)
{
    if (data.s.n == 0)
        return (html){ 0 };
    buf b = buf_in(c->a);
    buf_add(&b, S("<script type=\"application/ld+json\">"));
    buf_add(&b, str_replace(c->a, data.s, S("<"), S("\\u003c")));
    buf_add(&b, S("</script>"));
    return (html){ buf_str(&b) };
}

static shell_frame frame_of(ctx *c, const http_req *r, const page *p, html body)
{
    const site *s = c->site;
    str name = s == NULL ? S("Openshelf") : c->lang == LANG_EN ? s->title_en : s->title;
    str canonical = p->canonical.n > 0 ? p->canonical : S("/");
    bool home = str_eq(canonical, S("/"));
    shell_frame f = { .p = p, .body = body, .json_ld = json_ld(c, p->json_ld), .site = name, .home = link_to(c, S("/")),
        .title = p->title.n == 0 ? name : home ? p->title : str_fmt(c->a, "%.*s – %.*s", S_ARG(p->title), S_ARG(name)),
        .lang = str_of(lang_tag(c->lang)), .styles = shell_styles(c), .icon = shell_asset(c, "icon.svg"),
        .script = p->script != NULL ? shell_script(c, p->script) : (str){ 0 },
        .canonical = link_absolute(c, r, link_to(c, canonical)), .neutral = link_absolute(c, r, canonical),
        .other_href = link_other_language(c, canonical), .other_label = c->lang == LANG_EN ? S("中文") : S("English"),
        .other_tag = str_of(lang_tag(c->lang == LANG_EN ? LANG_ZH_HANT : LANG_EN)),
        .json = p->json.n > 0 ? link_to(c, p->json) : (str){ 0 }, .feed = p->feed.n > 0 ? link_to(c, p->feed) : (str){ 0 },
        .search_action = link_to(c, S("/datasets")) };
    str rest = home ? (str){ 0 } : canonical;
    f.chinese = link_absolute(c, r, str_cat(c->a, S("/zh"), rest));
    f.english = link_absolute(c, r, str_cat(c->a, S("/en"), rest));
    if (p->script != NULL)
        f.modules = shell_scripts(c);
    add_nav(c, p, &f);
    add_foot(c, &f);
    return f;
}

bool page_show(ctx *c, const http_req *r, http_res *w, const page *p, html body)
{
    shell_frame f = frame_of(c, r, p, body);
    return http_body_html(c, w, view_shell_frame(c, &f).s);
}

/* --- errors --- */

static bool error_json(ctx *c, http_res *w)
{
    const err *e = &c->err;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_key(&j, S("error"));
    json_obj(&j);
    json_kv(&j, "status", err_http(e->code));
    json_kv(&j, "code", err_name(e->code));
    json_kv(&j, "message", e->message.n > 0 ? e->message : str_of(err_text(e->code)));
    if (e->field.n > 0)
        json_kv(&j, "field", e->field);
    json_key(&j, S("request_id"));
    json_str_or_null(&j, c->request_id);
    json_end(&j);
    json_end(&j);
    w->any_origin = true;
    int status = err_http(e->code);
    bool ok = http_body_json(c, w, buf_str(&b));
    w->status = status;
    return ok;
}

/* The sentence of the code, as a heading. */
static str code_title(ctx *c, err_code code)
{
    str text = T(c, err_text(code));
    bool small = text.n > 0 && text.p[0] >= 'a' && text.p[0] <= 'z';
    return small ? str_fmt(c->a, "%c%.*s", text.p[0] - 'a' + 'A', S_ARG(str_from(text, 1))) : text;
}

/* What happened, in the reader's language where it is a sentence that pages often say; else as it was written. */
static str message_text(ctx *c, const err *e, bool *in_english)
{
    bool known = e->msgid != NULL && !str_eq(T(c, e->msgid), str_of(e->msgid));
    *in_english = !known;
    return known ? str_fill(c->a, T(c, e->msgid), e->args, e->arg_count) : e->message;
}

static str advice(ctx *c, err_code code)
{
    switch (code) {
    case ERR_NOT_FOUND:
    case ERR_GONE: return T(c, "Perhaps the address has a slip in it. Search for what you need, or begin at the first page.");
    case ERR_RATE:
    case ERR_BUSY:
    case ERR_TIMEOUT: return T(c, "Please wait a little and try again.");
    case ERR_FORBIDDEN:
    case ERR_USAGE:
    case ERR_INVALID:
    case ERR_METHOD:
    case ERR_CONFLICT:
    case ERR_TOO_LARGE: return T(c, "Change what the message names, and try again.");
    default: return T(c, "It has been noted with the number below. Please try again later.");
    }
}

bool page_error(void *app, ctx *c, const http_req *r, http_res *w)
{
    if (c->site == NULL)
        c->site = app;
    if (ckan_error_belongs(r))
        return ckan_error(c, r, w);
    bool writes = r->route != NULL && (r->route->methods & (1u << HTTP_GET)) == 0;      /* asked by programs: pages have no forms that send */
    if (r->wants_json || writes || str_starts(r->path, S("/api/")))
        return error_json(c, w);
    const err e = c->err;
    shell_error v = { .status = err_http(e.code), .status_text = str_fmt(c->a, "%d", err_http(e.code)), .title = code_title(c, e.code),
                      .advice = advice(c, e.code), .request_id = c->request_id, .field = e.field };
    v.message = message_text(c, &e, &v.in_english);
    if (r->args.n > 0 && r->route != NULL && (e.code == ERR_INVALID || e.field.n > 0))
        v.back = url_safe(c->a, link_to(c, r->path));
    page p = { .title = v.title, .no_index = true, .own_search = true, .canonical = r->path.n > 0 && r->path.p[0] == '/' ? url_safe(c->a, r->path) : S("/") };
    bool ok = page_show(c, r, w, &p, view_shell_error(c, &v));
    w->status = v.status;
    w->cache_s = 0;
    return ok;
}
