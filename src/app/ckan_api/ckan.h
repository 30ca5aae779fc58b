/* ckan — CKAN's Action API, the reading side: what its files share. An action
 * is a line of actions.def and a function that reads its arguments, asks a
 * subject, and writes the value of `result`; ckan_call.c does the rest: how
 * arguments come in, the envelope, errors, JSONP, what follows as a stream.
 *
 * What is spoken and where it differs from CKAN: docs/api/ckan.md. Requirement G4. */
#ifndef CKAN_H
#define CKAN_H
#include "base.h"
#include "app/table/table_stream.h"
#include "kit/http/http.h"
#include "kit/search/search.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

#define CKAN_VERSION "2.11.4"      /* whose answers these are like */
#define CKAN_ROWS_MOST 1000

typedef struct {
    str  name;
    json value;
} ckan_arg;

typedef enum { CKAN_FINE, CKAN_VALIDATION, CKAN_DENIED, CKAN_NOT_FOUND, CKAN_QUERY, CKAN_SEARCH } ckan_refusal;

/* Packages whose JSON ends the answer: the action leaves the innermost array open for them. */
typedef struct {
    const int64_t  *ids;
    size_t          n;
    const str_list *keys;          /* fl: only these; NULL: whole */
} ckan_packages;

typedef struct ckan_action ckan_action;
typedef struct {
    const http_req    *r;
    const ckan_action *action;
    struct { ckan_arg *v; size_t n, cap; } args;
    ckan_packages      packages;
    table_stream      *rows;       /* of a table, that end the answer in the same way; NULL: none */
    bool               timed;      /* the answer depends on the clock: it is not kept */
    ckan_refusal       refusal;
    str                field, message;      /* of the refusal */
    str                more;                /* further members of the error, as JSON; empty: none */
} ckan_call;

typedef bool ckan_reader(ctx *c, ckan_call *k, json_w *j);
#define READ(name, help) ckan_reader ckan_read_##name;
#define TOKEN(name, help) ckan_reader ckan_read_##name;
#define CLOSED(name)
#define WRITE(name)
#include "app/ckan_api/actions.def"
#undef READ
#undef TOKEN
#undef CLOSED
#undef WRITE

struct ckan_action {
    const char  *name;
    ckan_reader *read;             /* NULL: visitors may not */
    bool         writes;           /* … and it is asked with POST only */
    const char  *help;
};
const ckan_action *ckan_action_named(str name);      /* NULL: unknown */

/* Refusals: always false. What fails with fail() is told by its code: INVALID as a Validation Error, and so on. */
bool ckan_refuse(ckan_call *k, ckan_refusal what, str field, str message);
bool ckan_missing(ckan_call *k, const char *field);                 /* Missing value */
bool ckan_unknown(ctx *c, ckan_call *k, const char *what, str key); /* Not found */

/* Arguments (ckan_args.c): from the query, a form, multipart or JSON, all alike. */
bool ckan_args_read(ctx *c, ckan_call *k, str *problem) nodiscard;  /* false with problem: the request is no such thing */
const json *ckan_given(const ckan_call *k, const char *name);      /* NULL: not given, or null */
str  ckan_text(ctx *c, const ckan_call *k, const char *name);      /* "" when not given */
bool ckan_need(ctx *c, ckan_call *k, const char *name, str *out) nodiscard;
bool ckan_natural(ctx *c, ckan_call *k, const char *name, int64_t absent, int64_t *out) nodiscard;
bool ckan_integer(ctx *c, ckan_call *k, const char *name, int64_t absent, int64_t *out) nodiscard;
bool ckan_flag(ctx *c, const ckan_call *k, const char *name, bool absent);
str_list ckan_list(ctx *c, const ckan_call *k, const char *name);  /* a list, a list as JSON text, or words with commas */

/* The public address with a path. */
str  ckan_address(ctx *c, const ckan_call *k, str path);

/* Packages (ckan_package.c). */
bool ckan_packages_put(ctx *c, json_w *j, const ckan_packages *p, size_t from, size_t to) nodiscard;
void ckan_packages_follow(ctx *c, ckan_call *k, const search_result *found, const str_list *keys);

/* Our own JSON text, cut without a parser (ckan_json.c). False at the end. */
typedef struct { str rest; } ckan_json;
ckan_json ckan_json_in(str container);                              /* an object's or array's text */
bool ckan_json_element(ckan_json *i, str *value);
str  ckan_json_get(str object, const char *key);                    /* text of the value; empty: not there */
#endif
