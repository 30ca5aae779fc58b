/* str — borrowed text: a pointer and a length, never owned, not necessarily
 * ended by NUL. Who made the bytes says how long they live (usually the arena
 * of the unit of work). The zero value is the empty text. */
#ifndef STR_H
#define STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"

typedef struct {
    const char *p;
    size_t      n;
} str;

typedef struct {
    str   *v;
    size_t n, cap;
} str_list;

#define S(lit) ((str){ ("" lit), sizeof(lit) - 1 })     /* a literal */
#define S_INIT(lit) { ("" lit), sizeof(lit) - 1 }       /* … in a static initialiser */
#define S_ARG(s) (int)(s).n, ((s).p != NULL ? (s).p : "") /* for "%.*s" */

static inline bool str_eq(str a, str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool str_empty(str s)
{
    return s.n == 0;
}
static inline str str_sub(str s, size_t from, size_t to)  /* clamped */
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return (str){ s.p + from, to - from };
}
static inline str str_from(str s, size_t from)
{
    return str_sub(s, from, s.n);
}

str  str_of(const char *z);                       /* NUL-ended; NULL is empty */
int  str_cmp(str a, str b);                       /* by bytes */
bool str_ieq(str a, str b);                       /* ASCII case folded */
bool str_starts(str s, str with);
bool str_ends(str s, str with);
bool str_has(str s, str part);
size_t str_find(str s, str part);                 /* s.n when absent */
size_t str_find_byte(str s, char c);              /* s.n when absent */
size_t str_rfind_byte(str s, char c);             /* s.n when absent */
str  str_trim(str s);                             /* ASCII white space and U+3000 at both ends */
bool str_cut(str s, str sep, str *before, str *after);  /* false: before = s, after empty */
bool str_next(str *rest, char sep, str *part);    /* "a,b,,c" → a b "" c ; false at the end */
uint64_t str_hash(str s);                         /* FNV-1a with a final mix; not for hostile tables of ours: see map.h */

/* Copies live in the arena and end with a NUL beyond their length. */
str   str_dup(arena *a, str s);
char *str_z(arena *a, str s);                     /* inner NULs stay: for paths check with str_find_byte */
str   str_cat(arena *a, str x, str y);
str   str_lower(arena *a, str s);                 /* ASCII only */
str   str_replace(arena *a, str s, str from, str to);
typedef struct { const char *name; str value; } str_arg;
str   str_fill(arena *a, str text, const str_arg *args, size_t n);    /* {name} replaced by its value; unknown ones stay */
str   str_join(arena *a, const str_list *l, str sep);

/* Whole text must be a number in range; no blanks, no sign twice. */
bool str_to_i64(str s, int64_t *out);
bool str_to_f64(str s, double *out);
#endif
