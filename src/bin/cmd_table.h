/* cmd_table — the words after `openshelf table`, one function each:
 *
 *   cmd_table.c         list, info, versions
 *   cmd_table_rows.c    load, fetch, append, upsert, compact
 *   cmd_table_poll.c    poll
 *   cmd_table_query.c   query, export; cmd_table_sql.c: query --sql
 */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H
#include "app/table/table_open.h"
#include "bin/cli.h"

cli_command cmd_table_list, cmd_table_info, cmd_table_versions, cmd_table_load, cmd_table_fetch, cmd_table_append, cmd_table_upsert,
    cmd_table_compact, cmd_table_poll, cmd_table_query, cmd_table_export;

/* Answers a question in SQL: t is the table, others go by their ids; limit 0: as many rows as is reasonable. */
bool cmd_table_sql(ctx *c, cli_args *a, site *s, const table_row *t, str text, int64_t limit) nodiscard;
#endif
