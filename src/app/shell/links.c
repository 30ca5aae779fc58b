/* Links that keep the reader's language, and pages by number. */
#include "app/shell/frame.h"
#include "app/site/site.h"
#include "views.h"

enum { AROUND = 2 };    /* numbers on each side of the page that is shown */

static const char *prefix_of(lang_id l)
{
    return l == LANG_EN ? "/en" : "/zh";
}

static str prefixed(ctx *c, const char *prefix, str path)
{
    return str_cat(c->a, str_of(prefix), str_eq(path, S("/")) ? (str){ 0 } : path);
}

str link_to(ctx *c, str path)
{
    bool ours = path.n > 0 && path.p[0] == '/' && !str_starts(path, S("//")) && !str_starts(path, S("/assets/"));
    return c->lang_in_path && ours ? prefixed(c, prefix_of(c->lang), path) : path;
}

str link_part(ctx *c, const char *before, str part, const char *after)
{
    buf b = buf_in(c->a);
    buf_add(&b, str_of(before));
    url_encode(&b, part);
    buf_add(&b, str_of(after));
    return link_to(c, buf_str(&b));
}

str link_other_language(ctx *c, str canonical)
{
    return prefixed(c, prefix_of(c->lang == LANG_EN ? LANG_ZH_HANT : LANG_EN), canonical);
}

str link_absolute(ctx *c, const http_req *r, str path)
{
    if (c->site != NULL && c->site->url.n > 0)
        return str_cat(c->a, c->site->url, path);
    return str_fmt(c->a, "%s://%.*s%.*s", r->tls ? "https" : "http", S_ARG(r->host), S_ARG(path));
}

static shell_page_link page_link(ctx *c, const paging *p, int64_t n, str label)
{
    return (shell_page_link){ .label = label, .href = n >= 1 && n <= p->pages
        ? str_fmt(c->a, "%.*s%" PRId64, S_ARG(p->base), n) : (str){ 0 } };
}

html paging_show(ctx *c, const paging *p)
{
    shell_paging v = { .previous = page_link(c, p, p->page - 1, T(c, "Previous")), .next = page_link(c, p, p->page + 1, T(c, "Next")) };
    if (p->pages <= 1)
        return (html){ 0 };
    int64_t last = 0;
    for (int64_t n = 1; n <= p->pages; n++) {
        if (n > 1 && n < p->pages && (n < p->page - AROUND || n > p->page + AROUND)) {
            n = n < p->page ? p->page - AROUND - 1 : p->pages - 1;    /* nobody walks through thousands of numbers */
            continue;
        }
        if (last > 0 && n > last + 1)
            list_add(c->a, &v.pages, (shell_page_link){ .gap = true });
        shell_page_link l = page_link(c, p, n, num_grouped(c->a, n));
        l.current = n == p->page;
        list_add(c->a, &v.pages, l);
        last = n;
    }
    return view_shell_paging(c, &v);
}
