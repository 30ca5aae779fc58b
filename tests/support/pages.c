#include "support/pages.h"

#include "app/find/find.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "embedded.h"
#include "kit/http/server.h"
#include "kit/text/lang.h"

static void load_phrases(void)
{
    static bool loaded;
    const embedded_file *mo = embedded_find(S("zh_Hant.mo"));
    if (!loaded && mo != NULL)
        assert_true(lang_load(LANG_ZH_HANT, (str){ (const char *)mo->bytes, mo->n }));
    loaded = true;
}

http_res pages_ask(test_site *t, const char *method, const char *target, const char *accept)
{
    ctx *c = &t->c;
    http_res w;
    url_pair headers[] = { { S("Accept"), str_of(accept) }, { S("Accept-Language"), S("zh-TW") } };
    http_config cfg = { .app = t->site, .error = page_error, .build_id = S("test") };
    cfg.routes = routes_all(&cfg.route_count);
    load_phrases();
    if (t->site->find == NULL)
        assert_ok(c, find_open(c, t->site));
    assert_ok(c, find_catch_up(c, t->site));
    assert_ok(c, http_loopback(c, &cfg, str_of(method), str_of(target), &(url_pairs){ headers, 2, 2 }, S(""), &w));
    return w;
}

http_res pages_get(test_site *t, const char *target)
{
    return pages_ask(t, "GET", target, "text/html");
}

json pages_json(test_site *t, const char *target)
{
    json v;
    http_res w = pages_get(t, target);
    if (w.status != 200)
        fail_msg("%s: %d %.*s", target, w.status, S_ARG(w.body));
    assert_ok(&t->c, json_parse(&t->c, w.body, &v));
    return v;
}

str pages_header(const http_res *w, const char *name)
{
    for (size_t i = 0; i < w->headers.n; i++)
        if (str_ieq(w->headers.v[i].name, str_of(name)))
            return w->headers.v[i].value;
    return (str){ 0 };
}

bool pages_has(const http_res *w, const char *part)
{
    return str_has(w->body, str_of(part));
}
