/* ctx — what one unit of work carries: its memory, its database connection,
 * its error, its language, its deadline. First parameter of everything above
 * ring 0. One thread at a time. */
#ifndef CTX_H
#define CTX_H
#include "arena.h"
#include "err.h"
#include "str.h"

struct db;
struct site;

typedef enum { LANG_ZH_HANT, LANG_EN, LANG_COUNT } lang_id;

typedef struct ctx {
    arena       *a;
    struct db   *db;          /* NULL where no record is needed */
    struct site *site;        /* the running site (app/site); NULL in kit */
    err          err;
    lang_id      lang;
    bool         lang_in_path; /* links keep the /en prefix */
    str          request_id;   /* in every log line of this unit */
    str          actor;        /* who acts, for the ledger: "operator:cli", "visitor" */
    int64_t      deadline_ms;  /* monotonic (day_now_mono_ms); 0 = none */
} ctx;

bool ctx_in_time(ctx *c) nodiscard;   /* TIMEOUT once the deadline has passed */
#endif
