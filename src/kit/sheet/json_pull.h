/* json_pull — JSON (RFC 8259) as a row of tokens, from bytes that come in
 * pieces: bounded memory, strict (no comments, no trailing commas, no raw
 * control characters, valid UTF-8), nesting at most JSON_PULL_DEPTH. Several
 * documents may follow each other (NDJSON). A byte order mark and
 * UTF-16 are dealt with on the way (wide.h). Errors are INVALID with line and
 * column, TOO_LARGE for a value past TABLE_CELL_MAX. */
#ifndef JSON_PULL_H
#define JSON_PULL_H
#include "kit/source/source.h"

#define JSON_PULL_DEPTH 200

typedef enum {
    JSON_PULL_END, JSON_PULL_OBJECT, JSON_PULL_OBJECT_END, JSON_PULL_ARRAY, JSON_PULL_ARRAY_END,
    JSON_PULL_KEY, JSON_PULL_TEXT, JSON_PULL_NUMBER, JSON_PULL_TRUE, JSON_PULL_FALSE, JSON_PULL_NULL
} json_token;

typedef struct json_pull json_pull;

json_pull *json_pull_new(byte_in in, str what);             /* memory of its own: json_pull_free */
void json_pull_free(json_pull *p);
/* Raw control characters but NUL are taken in texts, as spreadsheets paste them into JSON that is put together by hand. */
void json_pull_lenient(json_pull *p);
uint64_t json_pull_controls(const json_pull *p);            /* how many there were so far */
/* The next token. Text of KEY and TEXT is unescaped, of NUMBER as written; borrowed until the next call. */
bool json_pull_next(ctx *c, json_pull *p, json_token *t, str *text) nodiscard;
/* The value that begins with the token just read, as compact JSON text; the token after it is next. Borrowed likewise. */
bool json_pull_raw(ctx *c, json_pull *p, json_token t, str *text) nodiscard;
bool json_pull_skip(ctx *c, json_pull *p, json_token t) nodiscard;
#define JSON_PULL_NOWHERE UINT64_MAX
uint64_t json_pull_byte(const json_pull *p);                /* where the token just read begins, from 0; of UTF-16 it is not known */
uint64_t json_pull_line(const json_pull *p);                /* and its line, from 1 */
#endif
