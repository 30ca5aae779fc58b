/* json_read — reading JSON behind `str`; jansson is named only in json_read.c.
 * Input is limited (bytes, nesting 100); errors are INVALID with line, column
 * and byte. Strings are copied into the arena; integers beyond 64 bits and
 * reals beyond a double are refused. Duplicate keys: the last wins, as in most readers.
 *
 * A json value is a tree in the arena of the ctx: */
#ifndef JSON_READ_H
#define JSON_READ_H
#include "base.h"

typedef enum { JSON_NULL, JSON_BOOL, JSON_INT, JSON_REAL, JSON_STR, JSON_ARR, JSON_OBJ } json_type;

typedef struct json json;
struct json {
    json_type type;
    union {
        bool    b;
        int64_t i;
        double  r;
        str     s;
        struct { json *v; size_t n; } arr;
        struct { str *keys; json *v; size_t n; } obj;    /* in the order of the text */
    };
};

bool json_parse(ctx *c, str text, json *out) nodiscard;      /* one document, nothing after it */

const json *json_get(const json *o, const char *key);        /* NULL when absent or o is no object */
const json *json_get_s(const json *o, str key);
str  json_text(ctx *c, const json *v);                       /* text of a scalar; numbers and bools as text; else "" */
str  json_get_text(ctx *c, const json *o, const char *key);  /* both at once; "" when absent */
int64_t json_get_int(const json *o, const char *key, int64_t absent);   /* also of what is no whole number */
bool json_get_bool(const json *o, const char *key, bool absent);
void json_dump(buf *o, const json *v, bool sorted_keys);     /* canonical when sorted */
#endif
