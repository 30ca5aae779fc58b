/* organization — who publishes: a tree with agency code (機關代碼), OID, kind,
 * and the grade of table 1 of the action plan. Requirement A1, B8. */
#ifndef ORGANIZATION_H
#define ORGANIZATION_H
#include "app/ledger/ledger.h"
#include "base.h"

/* What a reader or the demo knows of an organisation; empty: not known. */
typedef struct {
    str name, name_en, short_name, code, oid, kind, grade, description, homepage, slug;
    str parent_name;                      /* found or made by name */
    str extra;                            /* JSON object or empty */
} organization_draft;

/* Finds by code, OID or name (臺/台 and blanks folded), else makes it; fills what was empty before.
 * Never empties a field. The parent is found or made first. */
bool organization_store(ctx *c, change *ch, const organization_draft *d, int64_t *id) nodiscard;

/* For many records in one run: remembers what it has seen. */
typedef struct organization_cache organization_cache;
organization_cache *organization_cache_new(ctx *c);                 /* lives in c->a */
bool organization_cached(ctx *c, change *ch, organization_cache *k, const organization_draft *d, int64_t *id) nodiscard;
#endif
