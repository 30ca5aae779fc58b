/* run — one run of the reader: the store, the open change, the counts. */
#ifndef READER_RUN_H
#define READER_RUN_H
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
} reader_run;

bool run_begin(ctx *c, reader_run *r) nodiscard;
bool run_record(ctx *c, reader_run *r, const json *record) nodiscard;   /* false: the run cannot go on */
bool run_refuse(ctx *c, reader_run *r, str key);           /* takes c->err as the reason; always true */
bool run_end(ctx *c, reader_run *r) nodiscard;             /* commits what is open */
void run_free(reader_run *r);
const reader_kind *run_kind_of(ctx *c, const json *record);

/* What a file holds, by its form: documents.c. False: the run cannot go on; refusals are in the report. */
bool run_file(ctx *c, reader_run *r, str path) nodiscard;
#endif
