/* common_api — 共通性資料存取應用程式介面: the government's common data-access API, version 1 (2015), the detail of one
 * dataset in version 2, and the catalogue export in the form of data.gov.tw. Requirement G4. docs/api/common.md
 *
 * Answers are {"success":true,"result":…} or {"success":false,"error":{"type":"ER0100","message":…}}; the status of HTTP
 * says the same. Visitors get what policy_sees shows them, lists what find_sight lets through. */
#ifndef COMMON_API_H
#define COMMON_API_H
#include "base.h"
#include "kit/http/http.h"
#include "kit/text/json_write.h"
#include "queries.h"

/* Codes of the specification. */
#define COMMON_API_ABSENT "ER0100"           /* there is no such resource */
#define COMMON_API_UNKNOWN_NAME "ER0200"     /* a parameter that the specification does not have */
#define COMMON_API_BAD_VALUE "ER0210"        /* a value of the wrong form */
#define COMMON_API_UNKNOWN_FIELD "ER0220"    /* a column that the table does not have */

typedef struct { int64_t limit, offset, modified; } common_api_window;     /* limit -1: all; modified DAY_NONE: any */

/* False: the refusal was answered (`w` is filled) and the handler ends with true. */
bool common_api_arguments(ctx *c, const http_req *r, http_res *w, const char *allowed, common_api_window *out);
bool common_api_refuse(ctx *c, http_res *w, int status, const char *type, str message);   /* always true */
bool common_api_answer(http_res *w, const buf *b);                                       /* always true */

/* By the standard's identifier, the name in our addresses, or the uid; `found` only when visitors see it. */
bool common_api_dataset(ctx *c, str key, dataset_row *out, bool *found) nodiscard;
bool common_api_visible(str state, str class_);
str  common_api_name(str identifier, str slug);      /* what a dataset is called in this API */

void common_api_put_v1(ctx *c, json_w *j, const dataset_row *d, const distribution_row_list *files);
void common_api_put_v2(ctx *c, json_w *j, const dataset_row *d, const distribution_row_list *files);

/* The catalogue export: a row a dataset, the names of the columns as data.gov.tw has them, then ours. */
#define COMMON_API_COLUMNS 31
extern const char *const common_api_columns[COMMON_API_COLUMNS];
void common_api_export_row(ctx *c, const dataset_row *d, const distribution_row *files, size_t n, str cells[COMMON_API_COLUMNS]);
#endif
