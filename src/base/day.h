/* day — time. Inside the program a moment is UTC milliseconds since 1970 and a
 * calendar day is days since 1970-01-01; text is made and read only here.
 *
 * The portal's wall clock is Taiwan's: UTC+8, no daylight saving since 1980.
 * The ROC calendar counts from 1912 (year 1); 民國前 N 年 is 1912 - N. */
#ifndef DAY_H
#define DAY_H
#include "arena.h"
#include "str.h"

#define DAY_NONE INT64_MIN
#define DAY_MS INT64_C(86400000)
#define DAY_TAIPEI_MS INT64_C(28800000)

typedef struct {
    int year, month, day, hour, minute, second, ms;
} day_parts;

int64_t day_now_ms(void);                 /* UTC */
int64_t day_now_mono_ms(void);            /* never goes back */
int64_t day_now_mono_ns(void);

bool    day_valid(int year, int month, int day);
int64_t day_from_civil(int year, int month, int day);      /* days since 1970 */
day_parts day_split(int64_t utc_ms);                       /* in UTC */
int64_t day_join(const day_parts *p);                      /* UTC ms */

/* Reads what metadata holds: YYYY-MM-DD, YYYY/M/D, YYYYMMDD, with an optional
 * time (HH:MM[:SS[.mmm]]) and zone (Z, ±HH:MM); ROC forms 104/07/24, 104.07.24,
 * 1040724, 民國104年7月24日, 104年7月24日. Without a zone the time is Taiwan's.
 * False when it is no date; `out` is then untouched. */
bool day_read(str s, int64_t *out_utc_ms);

str day_iso_date(arena *a, int64_t utc_ms);        /* 2015-07-24, Taiwan's day; "" for DAY_NONE */
str day_iso(arena *a, int64_t utc_ms);             /* 2015-07-24T08:00:00+08:00 */
str day_iso_utc(arena *a, int64_t utc_ms);         /* 2015-07-24T00:00:00Z */
str day_ckan(arena *a, int64_t utc_ms);            /* 2015-07-24T00:00:00.000000, UTC, no zone */
str day_local(arena *a, int64_t utc_ms);           /* 2015-07-24 08:00:00, Taiwan's */
str day_roc(arena *a, int64_t utc_ms);             /* 民國104年7月24日 */
str day_http(arena *a, int64_t utc_ms);            /* Fri, 24 Jul 2015 00:00:00 GMT */
int  day_year_taipei(int64_t utc_ms);
int  day_month_taipei(int64_t utc_ms);             /* 1–12 */
#endif
