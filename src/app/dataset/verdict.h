/* verdict — is it open, how many stars, how complete: computed from the row
 * alone, with a reason for each, so that pages and APIs say the same.
 *
 * Open (requirement A2, action plan 貳-一 notes 2–4): an open licence, easy
 * access (free, without application, an address that can be fetched), an open
 * format. Stars: annex 4, from the bytes of a file where they are here (C10). Completeness: the required fields of the metadata
 * standard (C11). Reasons are msgids (English), translated by who shows them. */
#ifndef VERDICT_H
#define VERDICT_H
#include "queries.h"

typedef enum { VERDICT_YES, VERDICT_NO, VERDICT_UNKNOWN } verdict_answer;

typedef struct {
    verdict_answer licence, access, format, all;
    const char *licence_why, *access_why, *format_why;
} verdict;

verdict     verdict_of(const dataset_row *d, const distribution_row_list *files);          /* by the bytes of files where they are here */
verdict     verdict_declared(const dataset_row *d, const distribution_row_list *files);    /* by what is declared alone */
const char *verdict_word(verdict_answer a);         /* open, not_open, unknown: as the record keeps it */

/* A distribution's stars by what is declared: none without an address or under terms that are known not to be open; else its format's. */
int verdict_star(const dataset_row *d, const distribution_row *f);
/* What readers are shown: a distribution's stars by the format that its bytes have, where that is known (found_format), else
 * by what is declared; the dataset's are those of its best distribution. Sets rating, rating_by, and
 * openness, which is judged alike. */
void verdict_rate(dataset_row *d, distribution_row_list *files);
bool verdict_by_bytes(str rating_by);               /* else: as declared */
const char *verdict_star_why(int star);             /* msgid */

typedef struct { const char *field; const char *label; } verdict_missing;   /* v1 name, msgid of its label */
typedef struct { verdict_missing v[32]; size_t n; size_t asked; int percent; } completeness;
completeness verdict_completeness(const dataset_row *d, const distribution_row_list *files);
#endif
