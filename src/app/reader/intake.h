/* intake — one run of the reader: the store, the open change, the counts. */
#ifndef INTAKE_H
#define INTAKE_H
#include "app/reader/reader.h"

typedef struct {
    site *s;
    const reader_options *o;
    reader_report *report;
    dataset_writer *w;
    change  ch;
    bool    open;              /* ch is open */
    int64_t in_batch;
    arena  *keep;              /* the refusals' texts */
    str     file;
    int64_t record, line;
    const reader_kind *kind;   /* of the file */
    str     host;              /* of a CKAN answer, from its `help` */
} intake;

bool intake_begin(ctx *c, intake *r) nodiscard;
bool intake_record(ctx *c, intake *r, const json *record) nodiscard;   /* false: the run cannot go on */
bool intake_refuse(ctx *c, intake *r, str key);           /* takes c->err as the reason; always true */
bool intake_end(ctx *c, intake *r) nodiscard;             /* commits what is open */
void intake_free(intake *r);
const reader_kind *intake_kind_of(ctx *c, const json *record);

/* What a file holds, by its form: documents.c. False: the run cannot go on; refusals are in the report. */
bool intake_file(ctx *c, intake *r, str path) nodiscard;
#endif
