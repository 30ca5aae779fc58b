/* measure — the quality of the whole catalogue (C10, C12, A2): the seven
 * indicators of the national check with its badge, stars by bytes, a score,
 * and datasets that are one table cut into many. Rules and what was assumed
 * where the national rules are silent: docs/quality-rules.md.
 *
 *   measure_judge.c    indicators, badge and score of one dataset, from evidence
 *   measure_series.c   which datasets of an organisation are one series
 *   measure_gather.c   the evidence of an organisation's datasets, from the record
 *   measure_found.c    of which format bytes are, for the stars of the record
 *   measure_run.c      the pass over the catalogue; measure_follow.c keeps it up to date
 *   measure_page.c …   the pages
 *
 * What has no evidence is unknown, and counts neither as passed nor as failed. */
#ifndef MEASURE_H
#define MEASURE_H
#include "app/ledger/ledger.h"
#include "app/link/link.h"
#include "app/measure/measure_series.h"
#include "base.h"
#include "queries.h"

typedef enum { MEASURE_UNKNOWN, MEASURE_ASIDE, MEASURE_FAILED, MEASURE_PASSED } measure_result;
typedef enum {
#define INDICATOR(code, title, rule) MEASURE_##code,
#define REASON(indicator, letter, result, why)
#include "app/measure/measure_indicator.def"
#undef REASON
#undef INDICATOR
    MEASURE_INDICATORS
} measure_indicator;

const char    *measure_code(measure_indicator i);
const char    *measure_title(measure_indicator i);      /* msgid */
const char    *measure_rule(measure_indicator i);       /* msgid */
measure_result measure_result_of(char letter);          /* y n - ? */
const char    *measure_why(measure_indicator i, char reason);      /* msgid */

/* What is known of one file. Texts: empty where nothing is known. */
typedef struct {
    str  format, charset, url;          /* as declared */
    bool asked, answered;               /* its present address: asked, and answered the last time */
    bool fetched;                       /* the bytes came from that address */
    link_gave gave;                     /* what a walk found there (app/link) */
    str  is;                            /* the format of its bytes, as sniffing calls it; empty: they are not here */
    str  encoding;                      /* of its text; empty: not known, or no text */
    bool read;                          /* a table was made of it */
    bool named;                         /* the metadata lists its fields */
    int  missing;                       /* of those, how many are no column; only with read and named */
    int  star;                          /* by its bytes, or by what is declared (app/dataset/verdict.h) */
} measure_file;

typedef struct {
    const measure_file *files;
    size_t  n;
    bool    dated;                      /* updated_at is said */
    int64_t updated_at, now;
    int64_t days_x100;                  /* longest gap that is promised; 0: none, -1: nothing is said */
    int     completeness;               /* of the metadata, 0–100 */
    int     table_score;                /* mean of its tables; -1: there are none */
    bool    series;                     /* one of a series that is surely one table */
} measure_evidence;

typedef struct {
    char        letters[MEASURE_INDICATORS + 1], reasons[MEASURE_INDICATORS + 1];
    const char *badge;
    int         score;
} measure_judgement;

measure_judgement measure_judge(const measure_evidence *e);

typedef struct { int64_t datasets, changed, series, milliseconds; } measure_report;

/* All datasets that visitors may see; `whole` false: of organisations where something changed since the last pass. */
bool measure_run(ctx *c, bool whole, measure_report *out) nodiscard;

/* For `verify`: datasets whose stars or openness are not what their files say, of organisations where nothing changed since the last pass. */
typedef struct { int64_t *v; size_t n, cap; } measure_ids;
bool measure_wrong_ratings(ctx *c, measure_ids *out) nodiscard;

/* Measures what changed, soon after it did, and everything once a day, in a thread of its own. */
typedef struct measure_follower measure_follower;
bool measure_follow(ctx *c, struct site *s, measure_follower **out) nodiscard;
void measure_follow_end(measure_follower *f);           /* NULL is fine */
#endif
