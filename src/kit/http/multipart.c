/* multipart — multipart/form-data (RFC 7578) over a body that is there as a
 * whole: parts are views into it, nothing is copied. */
#include "kit/http/http.h"

#define PARTS_MAX 1000
#define PART_HEAD_MAX 4096
#define BOUNDARY_MAX 70

/* `name="value"` or `name=value` among the parameters of a header, the name in any case. */
static bool param_of(arena *a, str header, str name, str *out)
{
    size_t i = str_find_byte(header, ';');
    while (i < header.n) {
        str rest = str_trim(str_from(header, i + 1));
        size_t eq = str_find_byte(rest, '=');
        str key = str_trim(str_sub(rest, 0, eq));
        rest = str_from(rest, eq + 1);
        buf value = buf_in(a);
        size_t at = 0;
        if (rest.n > 0 && rest.p[0] == '"') {
            for (at = 1; at < rest.n && rest.p[at] != '"'; at++) {
                if (rest.p[at] == '\\' && at + 1 < rest.n && (rest.p[at + 1] == '"' || rest.p[at + 1] == '\\'))
                    at++;
                buf_byte(&value, rest.p[at]);
            }
            if (at == rest.n)
                return false; /* the quote is never closed */
            at++;
        } else {
            at = str_find_byte(rest, ';');
            buf_add(&value, str_trim(str_sub(rest, 0, at)));
        }
        if (str_ieq(key, name)) {
            *out = buf_str(&value);
            return true;
        }
        rest = str_from(rest, at);
        header = rest;
        i = str_find_byte(rest, ';');
    }
    return false;
}

static bool broken(ctx *c, const char *what)
{
    return fail(c, INVALID, "the form is not well-formed multipart/form-data: %s", what);
}

static bool read_boundary(ctx *c, const http_req *r, str *out)
{
    str type = http_header(r, "content-type");
    str kind = str_trim(str_sub(type, 0, str_find_byte(type, ';')));
    if (!str_ieq(kind, S("multipart/form-data")))
        return fail(c, INVALID, "the body must be multipart/form-data");
    if (!param_of(c->a, type, S("boundary"), out) || out->n == 0 || out->n > BOUNDARY_MAX)
        return broken(c, "it names no boundary");
    for (size_t i = 0; i < out->n; i++)
        if ((unsigned char)out->p[i] < 0x20 || (unsigned char)out->p[i] > 0x7e)
            return broken(c, "the boundary holds a character that it may not");
    return true;
}

static bool has_control(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f)
            return true;
    return false;
}

static bool read_part_head(ctx *c, str head, http_part *p)
{
    bool named = false;
    while (head.n > 0) {
        str line, name, value;
        (void)str_cut(head, S("\r\n"), &line, &head);
        if (!str_cut(line, S(":"), &name, &value))
            return broken(c, "a part has a header line without a colon");
        if (has_control(line))
            return broken(c, "a part has a header line with a control character");
        value = str_trim(value);
        if (str_ieq(name, S("content-disposition"))) {
            named = param_of(c->a, value, S("name"), &p->name);
            (void)param_of(c->a, value, S("filename"), &p->filename);
        } else if (str_ieq(name, S("content-type"))) {
            p->type = value;
        }
    }
    if (!named)
        return broken(c, "a part has no name");
    if (!utf8_valid(p->name, NULL) || !utf8_valid(p->filename, NULL))
        return broken(c, "a name is not valid UTF-8");
    return true;
}

/* After a delimiter: "--" ends the form, CR LF begins a part. Blanks between are allowed. */
static bool after_delimiter(ctx *c, str *rest, bool *last)
{
    *last = str_starts(*rest, S("--"));
    if (*last)
        return true;
    while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t'))
        *rest = str_from(*rest, 1);
    if (!str_starts(*rest, S("\r\n")))
        return broken(c, "a boundary is not followed by a line end");
    *rest = str_from(*rest, 2);
    return true;
}

static bool read_part(ctx *c, str delimiter, str *rest, http_part *p)
{
    size_t head_n = str_starts(*rest, S("\r\n")) ? 0 : str_find(str_sub(*rest, 0, PART_HEAD_MAX), S("\r\n\r\n"));
    if (head_n >= rest->n || head_n >= PART_HEAD_MAX - 4)
        return broken(c, "the head of a part does not end");
    if (!read_part_head(c, str_sub(*rest, 0, head_n), p))
        return false;
    *rest = str_from(*rest, head_n > 0 ? head_n + 4 : 2);
    size_t end = str_find(*rest, delimiter);
    if (end == rest->n)
        return broken(c, "the last boundary is missing");
    p->value = str_sub(*rest, 0, end);
    *rest = str_from(*rest, end + delimiter.n);
    return true;
}

bool http_multipart(ctx *c, const http_req *r, http_parts *out)
{
    str boundary, rest = r->body;
    *out = (http_parts){ 0 };
    if (!read_boundary(c, r, &boundary))
        return false;
    str delimiter = str_cat(c->a, S("\r\n--"), boundary), first = str_from(delimiter, 2);
    size_t at = str_starts(rest, first) ? first.n : str_find(rest, delimiter) + delimiter.n;
    if (at > rest.n)
        return broken(c, "there is no boundary in it");
    rest = str_from(rest, at);
    for (bool last = false;;) {
        if (!after_delimiter(c, &rest, &last))
            return false;
        if (last)
            return true;
        if (out->n == PARTS_MAX)
            return fail(c, TOO_LARGE, "the form has more than %d parts", PARTS_MAX);
        http_part p = { 0 };
        if (!read_part(c, delimiter, &rest, &p))
            return false;
        list_add(c->a, out, p);
    }
}
