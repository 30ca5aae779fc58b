/* statistics — what the catalogue is made of, in numbers: growth, and counts
 * by organisation, format, category, theme, licence, frequency, star, verdict
 * and completeness. Requirement A4. Computed from the search index under the
 * reader's sight (app/find), so a number can never count what its reader may
 * not see (C8); 52,547 datasets take a few milliseconds.
 *
 * A dataset counts from its issue date; where the source says none, from the
 * day it came to this hub. How many of each there are is said, and dates that
 * lie in the future are kept out of the growth and said too. */
#ifndef STATISTICS_H
#define STATISTICS_H
#include "app/find/find.h"
#include "base.h"

typedef struct {
    str     value, label;     /* code and name in the reader's language */
    str     path;             /* of the datasets that it counts, without language; "" when they cannot be listed */
    int64_t count;
} statistics_row;

typedef struct {
    const char *name;         /* in addresses: organizations, formats, … */
    bool        many;         /* a dataset can count in several rows */
    struct { statistics_row *v; size_t n, cap; } rows;
    int64_t     unsaid;       /* datasets that say nothing of it */
} statistics_part;

typedef struct { int year, month; int64_t added, total; } statistics_period;    /* month 0: a whole year */
typedef struct { statistics_period *v; size_t n, cap; } statistics_periods;

typedef struct {
    statistics_periods years, months;
    int64_t issued;           /* counted by their issue date */
    int64_t created;          /* by the day they came here */
    int64_t future;           /* dated later than now: not in the growth */
} statistics_growth;

typedef enum {
    STATISTICS_ORGANIZATIONS, STATISTICS_FORMATS, STATISTICS_CATEGORIES, STATISTICS_THEMES, STATISTICS_LICENCES,
    STATISTICS_FREQUENCIES, STATISTICS_STARS, STATISTICS_OPENNESS, STATISTICS_COMPLETENESS, STATISTICS_PARTS
} statistics_kind;

typedef struct {
    int64_t           total;
    int64_t           organizations;     /* that publish at least one */
    int64_t           proven;            /* whose stars come from the bytes of their files; the others' are as declared */
    statistics_growth growth;
    statistics_part   parts[STATISTICS_PARTS];
} statistics;

const char *statistics_name(statistics_kind k);
bool statistics_kind_of(str name, statistics_kind *out);

/* Of the datasets that `where` means (NULL: all) and `role` may see. `now` ends the growth. */
bool statistics_run(ctx *c, policy_role role, search_node *where, int64_t now, statistics *out) nodiscard;
bool statistics_grow(ctx *c, policy_role role, search_node *where, int64_t now, statistics_growth *out) nodiscard;

/* How many there were at the end of each year from `first` on, `years` of them; dated as above. */
bool statistics_by_year(ctx *c, policy_role role, search_node *where, int first, size_t years, int64_t *totals) nodiscard;

search_node *statistics_value(ctx *c, find_value field, str value);
#endif
