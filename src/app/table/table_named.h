/* table_named — the schema that metadata names for a table, where nobody set one: `schema`, `conformsTo` or `describedBy` of its distribution,
 * else of its dataset (a resource of a Data Package or of CKAN, DCAT), kept with what an import did not understand. It may be a schema itself
 * (Table Schema, CSVW), the code of a domain schema (CODE, CODE@VERSION), or its address in the register of this site. Any other
 * address is shown and never fetched.
 *
 * What the metadata of a file says holds where at least half of the fields are columns: it may be wrong, or about another sheet. */
#ifndef TABLE_NAMED_H
#define TABLE_NAMED_H
#include "app/schema/schema_registry.h"
#include "app/table/table.h"
#include "kit/load/load.h"

typedef enum { TABLE_NAMED_NOT, TABLE_NAMED_BY_FILE, TABLE_NAMED_BY_DATASET } table_named_by;
typedef struct {
    table_named_by by;
    bool   found;                       /* `schema` is there; else `said` names what cannot be used, `why` tells why where that is known */
    schema schema;
    str    code;                        /* CODE@VERSION; empty: the schema stands in the metadata */
    str    said, why;
} table_named;

bool table_named_schema(ctx *c, str distribution_uid, int64_t dataset_id, table_named *out) nodiscard;
/* extra: as distributions and datasets keep it, JSON. */
bool table_named_read(ctx *c, str extra, table_named_by by, table_named *out) nodiscard;
bool table_named_may(str extra);                                        /* false: certainly not, found without reading */
/* Whether it holds for columns; always false when it was not found. */
bool table_named_fits(const table_named *n, const table_head *h);

/* After metadata changed: a job for each table that was read under another schema than it names now. since: the last ledger row before. */
bool table_named_follow(ctx *c, int64_t since, int64_t *wished) nodiscard;
#endif
