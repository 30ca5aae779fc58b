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

/* For many records in one run: knows every organisation from the start and what it has made since.
 * Lives in `keep`; one for a run of changes. Without one, organization_store reads them each time. */
typedef struct organization_cache organization_cache;
bool organization_cache_new(ctx *c, arena *keep, organization_cache **out) nodiscard;
void organization_cache_undo(organization_cache *k);      /* the change was rolled back: forget what it made */
bool organization_cached(ctx *c, change *ch, organization_cache *k, const organization_draft *d, int64_t *id) nodiscard;
bool organization_known(organization_cache *k, const organization_draft *d);
/* The same refusals, and nothing written: *id is 0 for one that would be made, and is then taken as known (-1). */
bool organization_would(ctx *c, organization_cache *k, const organization_draft *d, int64_t *id) nodiscard;

str organization_uid(arena *a, str name);                 /* permanent: from the name it was first known by */
#endif
