/* sql — read-only SQL of strangers over tables of column files (C10, G4).
 *
 * The engine itself is asked what a statement does; nothing here parses SQL.
 * A statement runs in an empty database in memory whose only tables are virtual
 * ones over query_tables, made when the engine misses them by name. What it may
 * do: SELECT, READ of these tables, and the functions of a list (an authorizer
 * refuses all else while it is prepared); one statement, read-only by the
 * engine's own word, without parameters. What it may take: time, steps of the
 * virtual machine, memory, rows. Equality, ranges, IN, LIKE and ORDER BY are
 * handed down to kit/query; the engine checks every row again, so an answer
 * never depends on what was handed down.
 *
 * A column is the value under its type: integers, decimals as doubles, yes and
 * no as 1 and 0, dates as ISO 8601 text, else the text as published; what counts
 * as missing is NULL. `_id` is the number of the row. A title that is no name is
 * understood, too ("縣市"), but not part of *.
 *
 * Errors: INVALID with the engine's own words, FORBIDDEN (a table or function
 * that it may not use, or anything but reading), NOT_FOUND (the table),
 * TIMEOUT, TOO_LARGE. Everything lives in c->a. */
#ifndef SQL_H
#define SQL_H
#include "kit/query/query.h"
#include "kit/text/json_write.h"

#define SQL_TABLES_MAX 8
#define SQL_TEXT_MAX 65536

typedef enum { SQL_NULL, SQL_INTEGER, SQL_REAL, SQL_TEXT, SQL_BOOLEAN } sql_kind;

typedef struct {
    sql_kind kind;
    int64_t  i;                         /* of INTEGER and BOOLEAN */
    double   r;
    str      s;                         /* lives until the next row */
} sql_value;

typedef struct {
    str      text;
    uint64_t rows;                      /* that are given at most */
    int64_t  ms;
    size_t   memory;                    /* bytes that the engine may take, for all who ask at once */
    void    *from;
    bool   (*table)(ctx *c, void *from, str name, query_table **out);      /* *out NULL: there is no such table */
    void    *to;
    bool   (*row)(ctx *c, void *to, const str *names, const sql_value *values, size_t n);
} sql_question;

typedef struct {
    str        *names;
    const char **types;                 /* PostgreSQL's: int8, numeric, text, date … */
    size_t      n;
    uint64_t    rows;
    bool        truncated;              /* there were more rows */
} sql_answer;

void sql_put_json(json_w *j, const sql_value *v);
bool sql_ask(ctx *c, const sql_question *q, sql_answer *out) nodiscard;
#endif
