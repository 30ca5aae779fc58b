/* assets — style sheet, scripts and pictures that are built into the program. Their
 * addresses hold a hash of their bytes, so browsers keep them for ever. */
#include "app/routes.h"
#include "app/shell/frame.h"
#include "embedded.h"

/* One style sheet is made of these, in this order. */
static const char *const sheets[] = { "web/style.css", "web/charts.css", "web/figures.css", "web/catalogue.css", "web/tables.css", "web/maps.css" };

/* The modules, which import each other. */
static const char *const scripts[] = { "web/filter_count.js", "web/grid.js", "web/grid_keys.js", "web/grid_rows.js", "web/grid_view.js", "web/grid_width.js" };

static uint64_t hash_of(const char *const *names, size_t n)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < n; i++) {
        const embedded_file *f = embedded_find(str_of(names[i]));
        if (f != NULL)
            hash = hash * 31 + str_hash(str_of(f->etag));
    }
    return hash;
}

str shell_styles(ctx *c)
{
    return str_fmt(c->a, "/assets/%016" PRIx64 "/site.css", hash_of(sheets, array_len(sheets)));
}

str shell_script(ctx *c, const char *name)
{
    return str_fmt(c->a, "/assets/%016" PRIx64 "/%s", hash_of(scripts, array_len(scripts)), name);
}

str shell_asset(ctx *c, const char *name)
{
    const embedded_file *f = embedded_find(str_fmt(c->a, "web/%s", name));
    return str_fmt(c->a, "/assets/%s/%s", f != NULL ? f->etag : "0", name);
}

str_list shell_scripts(ctx *c)
{
    str_list l = { 0 };
    for (size_t i = 0; i < array_len(scripts); i++)
        list_add(c->a, &l, shell_script(c, scripts[i] + strlen("web/")));
    return l;
}

static void show_file(http_res *w, const embedded_file *f)
{
    w->type = str_of(f->type);
    w->body = (str){ (const char *)f->bytes, f->n };
}

static bool show_styles(ctx *c, http_res *w)
{
    buf b = buf_in(c->a);
    for (size_t i = 0; i < array_len(sheets); i++) {
        const embedded_file *f = embedded_find(str_of(sheets[i]));
        if (f != NULL)
            buf_add(&b, (str){ (const char *)f->bytes, f->n });
    }
    w->type = S("text/css; charset=utf-8");
    w->body = buf_str(&b);
    return true;
}

/* An address with another hash is of another version of the program: its bytes are not here. */
bool shell_asset_get(ctx *c, const http_req *r, http_res *w)
{
    str hash = http_param(r, "hash"), name = http_param(r, "name");
    if (str_eq(name, S("site.css")) && str_eq(hash, str_fmt(c->a, "%016" PRIx64, hash_of(sheets, array_len(sheets)))))
        return show_styles(c, w);
    const embedded_file *f = embedded_find(str_cat(c->a, S("web/"), name));
    bool script = f != NULL && str_ends(name, S(".js"));
    str want = script ? str_fmt(c->a, "%016" PRIx64, hash_of(scripts, array_len(scripts))) : f != NULL ? str_of(f->etag) : (str){ 0 };
    if (f == NULL || !str_eq(hash, want))
        return fail_said(c, NOT_FOUND, S(""), "there is no such file; reload the page to have the addresses that hold now");
    show_file(w, f);
    return true;
}

bool shell_favicon_get(ctx *c, const http_req *r, http_res *w)
{
    (void)r;
    const embedded_file *f = embedded_find(S("web/icon.svg"));
    if (f == NULL)
        return fail(c, NOT_FOUND, "there is no icon");
    show_file(w, f);
    w->cache_s = 86400;
    return true;
}
