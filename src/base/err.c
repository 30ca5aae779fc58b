#include "base.h"

typedef struct {
    const char *name, *text;
    int http, exit;
} row;

static const row rows[] = {
#define ERR(name, http, exit, text) { #name, text, http, exit },
#include "err.def"
#undef ERR
};

int err_http(err_code code)
{
    return rows[code].http;
}

int err_exit(err_code code)
{
    return rows[code].exit;
}

const char *err_name(err_code code)
{
    return rows[code].name;
}

const char *err_text(err_code code)
{
    return rows[code].text;
}

#define MESSAGE_MAX 4096

/* What is told can quote the bytes at fault: it is made UTF-8, and not longer than somebody reads. */
static str printf_like(2, 0) message(ctx *c, const char *fmt, va_list ap)
{
    buf b = buf_in(c->a);
    buf_vfmt(&b, fmt, ap);
    return utf8_cut(utf8_repair(c->a, buf_str(&b)), MESSAGE_MAX);
}

static void printf_like(6, 0) set(ctx *c, err_code code, str field, const char *file, int line, const char *fmt, va_list ap)
{
    if (c->err.code != ERR_OK)
        return; /* the first cause stands */
    c->err = (err){ .code = code, .message = message(c, fmt, ap), .field = str_dup(c->a, utf8_repair(c->a, field)),
                    .detail = c->err.detail, .file = file, .line = line }; /* the detail may come first */
}

bool err_set(ctx *c, err_code code, const char *file, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set(c, code, (str){ 0 }, file, line, fmt, ap);
    va_end(ap);
    return false;
}

bool err_set_field(ctx *c, err_code code, str field, const char *file, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set(c, code, field, file, line, fmt, ap);
    va_end(ap);
    return false;
}

bool err_say(ctx *c, err_code code, str field, const char *file, int line, const char *msgid, const str_arg *args, size_t n)
{
    if (c->err.code != ERR_OK)
        return false;
    str_arg *kept = new_n(c->a, str_arg, n + 1);
    for (size_t i = 0; i < n; i++)
        kept[i] = (str_arg){ args[i].name, str_dup(c->a, utf8_repair(c->a, args[i].value)) };
    str said = str_fill(c->a, str_of(msgid), kept, n);
    (void)err_set_field(c, code, field, file, line, "%.*s", S_ARG(said));
    c->err.msgid = msgid;
    c->err.args = kept;
    c->err.arg_count = n;
    return false;
}

void err_detail(ctx *c, const char *fmt, ...)
{
    if (c->err.detail.n > 0)
        return;
    va_list ap;
    va_start(ap, fmt);
    c->err.detail = message(c, fmt, ap);
    va_end(ap);
}

void err_clear(ctx *c)
{
    c->err = (err){ 0 };
}
