/* dataset — one published collection of data with its distributions, as the
 * record holds it; how drafts from any source are stored. Requirements A1, A2,
 * C11, G4. Rows and the rendered CKAN package are written in one change with
 * the ledger row.
 *
 * Strings of drafts are borrowed from the caller's arena; empty means "not
 * said". A draft is checked by dataset_store, which names the field at fault
 * (err.field, by the standard's v1 name) and leaves nothing behind. */
#ifndef DATASET_H
#define DATASET_H
#include "app/ledger/ledger.h"
#include "app/organization/organization.h"
#include "base.h"

typedef struct {
    str identifier, title, description, format, media_type, url, charset, metadata_url, notes;
    bool is_access;                       /* accessURL rather than downloadURL */
    int64_t updated_at, record_count, byte_count;    /* DAY_NONE / -1 / -1: not said */
    str fields;                           /* JSON array of {"name","description"} or empty */
    str extra;                            /* JSON object or empty */
} distribution_draft;

typedef struct {
    str source, source_key;               /* required: identity over repeated imports */
    str slug;                             /* wish; else from identifier or source_key */
    str identifier;
    str state, class_;                    /* empty: published, open */
    str title, title_en, description, field_description, type;
    str category, category_dataset;       /* code or title */
    str licence, licence_url;             /* as said */
    str cost, cost_url, cost_law;
    organization_draft publisher;         /* the owner in the catalogue */
    str contact_org, contact_name, contact_phone, contact_email;
    str publisher_contact, publisher_phone, publisher_email;
    str frequency;                        /* as said */
    str temporal_from, temporal_to;
    int64_t issued_at, updated_at;        /* DAY_NONE: not said */
    str spatial, language, landing_page, notes, quality_badge;
    str_list keywords;
    int64_t record_count;                 /* -1: not said */
    int64_t view_count, download_count;   /* 0: not said */
    struct { distribution_draft *v; size_t n, cap; } distributions;
    str extra;                            /* JSON object or empty: everything the source said besides */
} dataset_draft;

dataset_draft dataset_draft_new(void);    /* with the "not said" values */

typedef enum { STORE_CREATED, STORE_UPDATED, STORE_UNCHANGED } store_outcome;

/* Stores drafts one after another inside a change; keeps in memory what makes that fast
 * (existing keys and hashes of the source, organisations). INVALID leaves the change usable:
 * the record is refused, the next can be stored. A later, poorer record of the same source never
 * empties what an earlier one said (docs/publishers/import.md). */
typedef struct dataset_writer dataset_writer;
bool dataset_writer_new(ctx *c, dataset_writer **out) nodiscard;
void dataset_writer_free(dataset_writer *w);
/* change NULL: says what it would do, writes nothing. */
bool dataset_store(ctx *c, change *ch, dataset_writer *w, const dataset_draft *d, store_outcome *out) nodiscard;
void dataset_writer_undo(dataset_writer *w);      /* the change was rolled back: forget what was stored in it */
void dataset_writer_keep(dataset_writer *w);      /* the change was committed */

/* The agencies alone, as catalogues of organisations give them. */
bool dataset_store_organization(ctx *c, change *ch, dataset_writer *w, const organization_draft *d,
                                store_outcome *out) nodiscard;

/* Reading: rows are structs made by sqlgen (dataset.sql): dataset_row, distribution_row, dataset_brief. */
#endif
