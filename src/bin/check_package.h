/* check_package — a Data Package that is checked: the files that its datapackage.json names, each against the schema that it says, references
 * among them. Only files beside the description are read: nothing is fetched, and no path leads out of its folder. Everything lives in c->a. */
#ifndef CHECK_PACKAGE_H
#define CHECK_PACKAGE_H
#include "kit/schema/schema.h"

#define CHECK_PACKAGE_NAME "datapackage.json"

typedef struct {
    str name, title, path, format, encoding;
    schema *schema;                     /* NULL: it says none */
    str schema_path;                    /* where it is kept; empty: in the description */
    str refused;                        /* why its rows are not read; empty: they are */
} check_resource;
typedef struct { check_resource *v; size_t n, cap; } check_resources;

/* *is_package false: the file describes no resources with files, it is data like any other. */
bool check_package_read(ctx *c, str path, bool *is_package, check_resources *out) nodiscard;
#endif
