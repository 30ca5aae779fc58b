/* SQL of strangers: refused with a reason, or answered within its limits; nothing but the table is ever read. */
#include "kit/sql/sql.h"
#include "small_table.h"

enum { ROWS = 20, MS = 2000 };

static bool table(ctx *c, void *from, str name, query_table **out)
{
    (void)c, (void)from;
    *out = str_eq(name, S("t")) ? small_table() : NULL;
    return true;
}

static bool row(ctx *c, void *to, const str *names, const sql_value *values, size_t n)
{
    uint64_t *rows = to, sum = 0;
    (void)c;
    for (size_t i = 0; i < n; i++) { /* every byte is read: the sanitizer sees what is not there */
        str s = values[i].kind == SQL_TEXT ? values[i].s : S("");
        for (size_t k = 0; k < names[i].n; k++)
            sum += (unsigned char)names[i].p[k];
        for (size_t k = 0; k < s.n; k++)
            sum += (unsigned char)s.p[k];
    }
    must(sum < UINT64_MAX);
    return ++*rows <= ROWS;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ctx c = { .a = arena_new(16384) };
    uint64_t rows = 0;
    sql_answer answer;
    bool ok = sql_ask(&c, &(sql_question){ .text = fuzz_str(data, size), .rows = ROWS, .ms = MS, .memory = 64 << 20, .table = table, .to = &rows, .row = row },
                      &answer);
    fuzz_refused(&c, ok);
    must(rows <= ROWS);
    if (ok)
        must(answer.rows == rows);
    arena_free(c.a);
    return 0;
}
