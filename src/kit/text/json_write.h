/* json_write — a streaming writer: commas, nesting and escaping are its work.
 * Chinese stays as it is (no \u), control characters are escaped, bytes that
 * are no UTF-8 become U+FFFD. Nesting is checked by must().
 *
 *     json_w j = json_to(&b);
 *     json_obj(&j);
 *       json_key(&j, S("title"));  json_str(&j, d->title);
 *       json_kv(&j, "count", n);                     // by type
 *       json_key(&j, S("tags"));   json_arr(&j); … json_end(&j);
 *     json_end(&j);
 */
#ifndef JSON_WRITE_H
#define JSON_WRITE_H
#include "base.h"

#define JSON_DEPTH_MAX 64

/* jansson exports functions of these names: ours must not stand in their way when the program is linked. */
#define json_null json_w_null
#define json_real json_w_real

typedef struct {
    buf     *o;
    int      depth;
    bool     first, after_key;
    uint64_t arrays;          /* bit i: level i is an array */
} json_w;

json_w json_to(buf *o);
void json_obj(json_w *j);
void json_arr(json_w *j);
void json_end(json_w *j);                    /* closes the innermost object or array */
void json_key(json_w *j, str key);
void json_str(json_w *j, str s);
void json_str_or_null(json_w *j, str s);     /* null for the empty text */
void json_z(json_w *j, const char *s);
void json_int(json_w *j, int64_t v);
void json_real(json_w *j, double v);         /* null for NaN and infinities */
void json_bool(json_w *j, bool v);
void json_null(json_w *j);
void json_raw(json_w *j, str valid_json);    /* text that is JSON already */
void json_quote(buf *o, str s);              /* one string, with its quotes */
str  json_pretty(arena *a, str written);     /* what was written here, in lines for people: what is short stays in one */

#define json_kv(j, key, x)                                                                            \
    (json_key((j), str_of(key)),                                                                      \
     _Generic((x), str: json_str, char *: json_z, const char *: json_z, bool: json_bool, int: json_int, \
         long: json_int, long long: json_int, size_t: json_size, double: json_real)((j), (x)))
void json_size(json_w *j, size_t v);
#endif
