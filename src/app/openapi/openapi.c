/* openapi — the description of every address for programs, made from
 * routes.def: openapi.json (OpenAPI 3.1) and apis.json (what there is, by whom). */
#include "app/openapi/openapi.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"

static void put_response(json_w *j, const char *code, const char *what)
{
    json_key(j, str_of(code));
    json_obj(j);
    json_kv(j, "description", what);
    json_end(j);
}

static void put_parameter(json_w *j, str name, const char *in, const char *type, str what)
{
    json_obj(j);
    json_kv(j, "name", name);
    json_kv(j, "in", in);
    json_kv(j, "required", (bool)(strcmp(in, "path") == 0));
    if (what.n > 0)
        json_kv(j, "description", what);
    json_key(j, S("schema"));
    json_obj(j);
    json_kv(j, "type", type);
    json_end(j);
    json_end(j);
}

/* "q:text:words to look for|page:int:…" and the {names} of the path. */
static void put_parameters(json_w *j, const http_route *route)
{
    str rest = str_of(route->path), part, params = str_of(route->params);
    json_key(j, S("parameters"));
    json_arr(j);
    while (str_next(&rest, '/', &part)) {
        str name = part.n > 2 && part.p[0] == '{' ? str_sub(part, 1, part.n - 1) : (str){ 0 };
        if (str_ends(name, S("*")))
            name.n--;
        if (name.n > 0)
            put_parameter(j, name, "path", "string", (str){ 0 });
    }
    while (params.n > 0 && str_next(&params, '|', &part)) {
        str name, kind, what;
        (void)str_cut(part, S(":"), &name, &kind);
        (void)str_cut(kind, S(":"), &kind, &what);
        put_parameter(j, name, "query", str_eq(kind, S("int")) ? "integer" : str_eq(kind, S("bool")) ? "boolean" : "string", what);
    }
    json_end(j);
}

/* The handler's name; a handler that stands at several addresses counts on. */
static str operation_id(ctx *c, const http_route *route, const char *method, bool plain)
{
    size_t n, nth = 1;
    const http_route *all = routes_all(&n);
    for (size_t i = 0; i < n && &all[i] != route; i++)
        nth += strcmp(all[i].name, route->name) == 0;
    str id = plain ? str_of(route->name) : str_fmt(c->a, "%s_%s", route->name, method);
    return nth == 1 ? id : str_fmt(c->a, "%.*s_%zu", S_ARG(id), nth);
}

static void put_operation(ctx *c, json_w *j, const http_route *route, http_method m)
{
    static const char *const names[HTTP_METHODS] = { "get", "head", "post", "put", "patch", "delete", "options" };
    json_key(j, str_of(names[m]));
    json_obj(j);
    json_kv(j, "operationId", operation_id(c, route, names[m], m == HTTP_GET));
    json_kv(j, "summary", route->summary);
    put_parameters(j, route);
    json_key(j, S("responses"));
    json_obj(j);
    put_response(j, "200", "The answer");
    if (route->cache == HTTP_CACHE_CATALOG)
        put_response(j, "304", "Unchanged since the ETag that was sent in If-None-Match");
    put_response(j, "default", "An error, with its code and a message");
    json_end(j);
    json_end(j);
}

static str path_of(ctx *c, const http_route *route)
{
    return str_replace(c->a, str_of(route->path), S("*}"), S("}"));
}

static bool is_first_of_path(const http_route *all, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(all[k].path, all[i].path) == 0)
            return false;
    return true;
}

static void put_paths(ctx *c, json_w *j)
{
    size_t n;
    const http_route *all = routes_all(&n);
    json_key(j, S("paths"));
    json_obj(j);
    for (size_t i = 0; i < n; i++) {
        if (!is_first_of_path(all, i))
            continue;
        json_key(j, path_of(c, &all[i]));
        json_obj(j);
        for (size_t k = i; k < n; k++)
            for (http_method m = HTTP_GET; strcmp(all[k].path, all[i].path) == 0 && m < HTTP_METHODS; m++)
                if ((all[k].methods & 1u << m) != 0)
                    put_operation(c, j, &all[k], m);
        json_end(j);
    }
    json_end(j);
}

void openapi_begin(ctx *c, const http_req *r, json_w *j, str title, str description, str version)
{
    json_obj(j);
    json_kv(j, "openapi", "3.1.0");
    json_key(j, S("info"));
    json_obj(j);
    json_kv(j, "title", title);
    if (description.n > 0)
        json_kv(j, "description", description);
    json_kv(j, "version", version);
    json_end(j);
    json_key(j, S("servers"));
    json_arr(j);
    json_obj(j);
    json_kv(j, "url", link_absolute(c, r, S("")));
    json_end(j);
    json_end(j);
}

bool openapi_get(ctx *c, const http_req *r, http_res *w)
{
    bool english = c->lang == LANG_EN;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    openapi_begin(c, r, &j, english ? c->site->title_en : c->site->title, english ? c->site->description_en : c->site->description, S(OPENSHELF_VERSION));
    put_paths(c, &j);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

typedef struct {
    const char *name, *name_zh, *what, *what_zh, *base;
} api;

static const api apis[] = {
    { "CKAN Action API", "CKAN 動作 API", "Reading actions of CKAN, version 3", "與 CKAN 第 3 版相容的讀取動作", "/api/3/action" },
    { "Common data-access API", "共通性資料存取介面", "The government's common data-access API, version 1", "政府資料共通性資料存取應用程式介面第 1 版", "/api/v1/rest" },
    { "Metadata API", "詮釋資料 API", "Records by the dataset metadata standard, version 2", "資料集詮釋資料標準第 2 版的紀錄", "/api/v2/rest" },
    { "Feeds", "訂閱", "What is new, as Atom", "以 Atom 訂閱新資料集", "/feeds" },
};

bool openapi_apis_get(ctx *c, const http_req *r, http_res *w)
{
    bool english = c->lang == LANG_EN;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "name", english ? c->site->title_en : c->site->title);
    json_kv(&j, "description", english ? c->site->description_en : c->site->description);
    json_kv(&j, "url", link_absolute(c, r, S("/apis.json")));
    json_kv(&j, "specificationVersion", "0.16");
    json_key(&j, S("apis"));
    json_arr(&j);
    for (size_t i = 0; i < array_len(apis); i++) {
        json_obj(&j);
        json_kv(&j, "name", english ? apis[i].name : apis[i].name_zh);
        json_kv(&j, "description", english ? apis[i].what : apis[i].what_zh);
        json_kv(&j, "humanURL", link_absolute(c, r, link_to(c, S("/api"))));
        json_kv(&j, "baseURL", link_absolute(c, r, str_of(apis[i].base)));
        json_key(&j, S("properties"));
        json_arr(&j);
        json_obj(&j);
        json_kv(&j, "type", "OpenAPI");
        json_kv(&j, "url", link_absolute(c, r, S("/openapi.json")));
        json_end(&j);
        json_end(&j);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}
