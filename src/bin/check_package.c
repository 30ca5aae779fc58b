#include "bin/check_package.h"

#include "base.h"
#include "kit/text/url.h"

#define PACKAGE_BYTES_MAX ((size_t)16 << 20)

static bool stays_inside(str path)
{
    str step, rest = path;
    bool ok = path.n > 0 && path.p[0] != '/';
    while (ok && rest.n > 0) {
        (void)str_cut(rest, S("/"), &step, &rest);
        ok = !str_eq(step, S(".."));
    }
    return ok;
}

static bool take_schema(ctx *c, str folder, const json *o, check_resource *out)
{
    const json *s = json_get(o, "schema");
    str text;
    if (s == NULL || s->type == JSON_NULL)
        return true;
    out->schema = new (c->a, schema);
    if (s->type == JSON_OBJ)
        return schema_read_json(c, s, out->schema);
    if (s->type != JSON_STR || url_is_web(s->s) || !stays_inside(s->s))
        return fail(c, INVALID, "the schema is neither in the package nor in its folder; nothing is fetched");
    out->schema_path = file_join(c->a, folder, s->s);
    return file_read(c, out->schema_path, SCHEMA_BYTES_MAX, &text) && schema_read(c, text, out->schema);
}

static bool take(ctx *c, str folder, const json *o, check_resource *out)
{
    const json *path = json_get(o, "path");
    out->name = json_get_text(c, o, "name");
    out->title = json_get_text(c, o, "title");
    out->format = json_get_text(c, o, "format");
    out->encoding = json_get_text(c, o, "encoding");
    str file = path != NULL && path->type == JSON_ARR && path->arr.n == 1 ? json_text(c, &path->arr.v[0]) : path != NULL && path->type == JSON_STR ? path->s : S("");
    out->path = file.n == 0 ? out->name : url_is_web(file) ? file : file_join(c->a, folder, file);
    if (file.n == 0)
        out->refused = S("the package names no single file for this resource");
    else if (url_is_web(file))
        out->refused = S("the file is kept at another address: check it by its address");
    else if (!stays_inside(file))
        out->refused = S("the path leads out of the package");
    if (take_schema(c, folder, o, out))
        return true;
    if (c->err.code != ERR_INVALID && c->err.code != ERR_NOT_FOUND && c->err.code != ERR_TOO_LARGE)
        return false;
    out->refused = str_cat(c->a, S("its schema cannot be used: "), c->err.message);
    err_clear(c);
    return true;
}

bool check_package_read(ctx *c, str path, bool *is_package, check_resources *out)
{
    str text;
    json *doc = new (c->a, json);       /* what schemas keep points into it */
    *out = (check_resources){ 0 };
    *is_package = false;
    if (!file_read(c, path, PACKAGE_BYTES_MAX, &text))
        return false;
    if (!json_parse(c, text, doc)) {
        err_clear(c);
        return true;                    /* which is told of it as of any file */
    }
    str folder = str_sub(path, 0, path.n - file_base(path).n);
    const json *l = json_get(doc, "resources");
    for (size_t i = 0; l != NULL && l->type == JSON_ARR && i < l->arr.n; i++)
        *is_package = *is_package || json_get(&l->arr.v[i], "path") != NULL;
    for (size_t i = 0; *is_package && i < l->arr.n; i++) {
        check_resource *r = list_push(c->a, out);
        *r = (check_resource){ 0 };
        if (!take(c, folder, &l->arr.v[i], r))
            return false;
    }
    return true;
}
