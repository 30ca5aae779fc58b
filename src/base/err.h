/* err — the one error type. A function that can fail returns bool; before it
 * answers false it calls fail(c, CODE, "what happened to what"). Whoever is
 * nearest the cause writes the message, nobody overwrites it, and only the
 * edge (HTTP, main) shows and logs it, once. Codes carry the HTTP status and
 * the exit code of the shell contract (docs/cli.md).
 *
 * The message is for the person who caused it: say which field, row or byte,
 * and how to mend it. Never put secrets or internals in it; those go to
 * `detail`, which is only logged. */
#ifndef ERR_H
#define ERR_H
#include "str.h"

typedef enum {
#define ERR(name, http, exit, text) ERR_##name,
#include "err.def"
#undef ERR
    ERR_COUNT
} err_code;

typedef struct {
    err_code    code;
    str         message;   /* in the arena of the ctx, in English; empty: the default text of the code */
    const char *msgid;     /* the same sentence before its values were put in, for the edge to translate; NULL: none */
    const str_arg *args;   /* its values */
    size_t      arg_count;
    str         field;     /* which input, when one is to blame */
    str         detail;    /* logged, never shown */
    const char *file;
    int         line;
} err;

struct ctx;

int         err_http(err_code code);
int         err_exit(err_code code);
const char *err_name(err_code code);
const char *err_text(err_code code);            /* English msgid */

#define fail(c, code, ...) err_set((c), ERR_##code, __FILE__, __LINE__, __VA_ARGS__)
#define fail_field(c, code, field, ...) err_set_field((c), ERR_##code, (field), __FILE__, __LINE__, __VA_ARGS__)
/* A sentence that visitors of pages often meet, with its Chinese in po/: fail_said(c, NOT_FOUND, S(""), "there is no
 * theme “{code}”", { "code", said }). The field may be empty. */
#define fail_said(c, code, field, msgid, ...)                                                              \
    err_say((c), ERR_##code, (field), __FILE__, __LINE__, (msgid),                                         \
            (const str_arg[]){ __VA_ARGS__ __VA_OPT__(, ) { 0 } },                                         \
            sizeof((const str_arg[]){ __VA_ARGS__ __VA_OPT__(, ) { 0 } }) / sizeof(str_arg) - 1)

bool err_set(struct ctx *c, err_code code, const char *file, int line, const char *fmt, ...)
    printf_like(5, 6); /* always false */
bool err_set_field(struct ctx *c, err_code code, str field, const char *file, int line,
                   const char *fmt, ...) printf_like(6, 7); /* always false */
bool err_say(struct ctx *c, err_code code, str field, const char *file, int line, const char *msgid, const str_arg *args,
             size_t n);                         /* always false */
void err_detail(struct ctx *c, const char *fmt, ...) printf_like(2, 3);
void err_clear(struct ctx *c);                  /* after an error was dealt with */
#endif
