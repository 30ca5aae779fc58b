/* sql_inside — what the statement and its virtual tables share. */
#ifndef SQL_INSIDE_H
#define SQL_INSIDE_H
#include "kit/export/export.h"
#include "kit/sql/sql.h"

typedef struct sql_run {
    ctx  c;                             /* with the deadline of the statement; errors of what runs inside stay here */
    const sql_question *q;
    query_table *tables[SQL_TABLES_MAX];
    str      names[SQL_TABLES_MAX];
    size_t   table_count;
    str      denied;                    /* what the authorizer refused, for people */
    int64_t  memory_before;
    bool     too_large;
} sql_run;

struct sqlite3;
int sql_table_module(struct sqlite3 *db, sql_run *r);       /* module "rows": CREATE VIRTUAL TABLE x USING rows(index) */
const char *sql_table_type(const char *declared);           /* PostgreSQL's name of a declared type; NULL: not one of ours */
#endif
