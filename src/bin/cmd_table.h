/* cmd_table — the words after `openshelf table`, one function each:
 *
 *   cmd_table.c         list, info, versions
 *   cmd_table_rows.c    load, fetch, append, upsert, compact
 *   cmd_table_query.c   query, export
 */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H
#include "app/table/table_open.h"
#include "bin/cli.h"

cli_command cmd_table_list, cmd_table_info, cmd_table_versions, cmd_table_load, cmd_table_fetch, cmd_table_append, cmd_table_upsert,
    cmd_table_compact, cmd_table_query, cmd_table_export;
#endif
