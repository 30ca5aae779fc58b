/* check_metadata — what metadata says of a file that is checked: a JSON record
 * in any form that is imported, or a dataset of a site by its name. */
#ifndef CHECK_METADATA_H
#define CHECK_METADATA_H
#include "app/quality/quality_declared.h"
#include "bin/cli.h"

typedef struct { quality_declared said; str format, encoding; } check_metadata;

/* `file`: the first file that is checked; the distribution of its format speaks, else the first one. INVALID, NOT_FOUND. */
bool check_metadata_read(ctx *c, cli_args *a, str from, str file, check_metadata *out) nodiscard;
#endif
