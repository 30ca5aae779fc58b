/* link — whether the addresses of distributions answer, and with what: evidence
 * for the indicators "links are valid" and "files come directly" (C12,
 * app/measure). One row an address: how it answered the last time, since when
 * it has answered or failed, how often in sequence.
 *
 *   link.c          the row
 *   link_ask.c      one address: HEAD, then the first bytes where HEAD does not tell
 *   link_walk.c     the job `link.walk`: all addresses, oldest evidence first
 *   link_visit.c    a round of it: a few hosts at once, each by one connection with pauses
 *   link_page.c     /quality/links, and what a dataset's page says of its files
 *
 * Evidence is no change of the record: the ledger has one row for a whole walk. */
#ifndef LINK_H
#define LINK_H
#include "base.h"
#include "kit/db/db.h"
#include "queries.h"

typedef enum { LINK_NOT_KNOWN, LINK_FILE, LINK_PAGE } link_gave;       /* as the row has them */

typedef struct {
    err_code  error;            /* ERR_OK: it answered */
    int       status;           /* of HTTP; 0: no answer */
    link_gave gave;             /* a web page where a file was promised? */
    char      says[200];        /* why there was no answer, in English; UTF-8 */
} link_outcome;

/* What the address did, rather than our own guard, limits or the state of its server for a moment. */
bool link_fails(err_code error);
bool link_fails_named(str error);           /* as the row has it */

/* Inside a transaction: notes the outcome; `changed`: it is not what was known. */
bool link_note(ctx *c, str distribution_uid, int64_t dataset, str url, const link_outcome *o, bool *changed) nodiscard;

/* --- asking --- */

typedef struct {
    str  url, format, agent;
    bool promises_file;         /* a download, of a format other than HTML */
    bool allow_private;
    int  timeout_s;             /* of each of the two requests; 0: some seconds */
    const _Atomic bool *stop;   /* set: gives up, with CANCELLED; may be NULL */
} link_question;

/* Never fails: what goes wrong is the outcome. c needs no database. */
void link_ask(ctx *c, const link_question *q, link_outcome *out);
/* What is asked of a distribution: the agent is the caller's. */
link_question link_question_of(str url, str url_kind, str format);
#endif
