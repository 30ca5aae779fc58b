#include "bin/check_metadata.h"

#include "app/measure/measure_said.h"
#include "app/reader/reader.h"
#include "app/vocabulary/vocabulary.h"
#include "queries.h"

#include <unistd.h>

#define MOST_BYTES ((size_t)16 << 20)

/* By the end of the file's name; NULL: it says nothing. */
static const format *format_of(str file)
{
    size_t dot = str_rfind_byte(file, '.');
    return dot < file.n ? format_recognise(str_from(file, dot + 1), (str){ 0 }) : NULL;
}

static void said_by(ctx *c, str of_file, str of_dataset, int64_t rows_of_file, int64_t rows_of_dataset, bool alone, check_metadata *out)
{
    out->said = quality_declared_none();
    measure_fields_said(c, of_file, of_dataset, &out->said.fields);
    out->said.rows = rows_of_file >= 0 ? rows_of_file : alone ? rows_of_dataset : -1;
}

/* --- a record --- */

static bool draft_of(ctx *c, str from, dataset_draft *d)
{
    str text;
    json doc;
    size_t n;
    const reader_kind *kinds = reader_kinds(&n);
    if (!file_read(c, from, MOST_BYTES, &text) || !json_parse(c, text, &doc))
        return false;
    const json *o = &doc, *result = json_get(o, "result");
    if (result != NULL && (result->type == JSON_OBJ || result->type == JSON_ARR))
        o = result;
    if (o->type == JSON_ARR && o->arr.n > 0)
        o = &o->arr.v[0];
    for (size_t i = 0; i < n; i++)
        if (kinds[i].map != NULL && kinds[i].fits(c, o)) {
            *d = dataset_draft_new();
            return kinds[i].map(c, o, d);
        }
    return fail(c, INVALID, "“%.*s” is no metadata of a dataset in a form that is imported: see docs/publishers/import.md", S_ARG(from));
}

static bool from_record(ctx *c, str from, str file, check_metadata *out)
{
    dataset_draft d;
    const format *wanted = format_of(file);
    if (!draft_of(c, from, &d))
        return false;
    const distribution_draft *f = d.distributions.n > 0 ? &d.distributions.v[0] : NULL;
    for (size_t i = d.distributions.n; i-- > 0;)
        if (wanted != NULL && format_recognise(d.distributions.v[i].format, d.distributions.v[i].url) == wanted)
            f = &d.distributions.v[i];
    said_by(c, f != NULL ? f->fields : (str){ 0 }, d.field_description, f != NULL ? f->record_count : -1, d.record_count, d.distributions.n < 2, out);
    quality_period_read(d.temporal_from, d.temporal_to, &out->said);
    out->format = f != NULL ? f->format : (str){ 0 };
    out->encoding = f != NULL ? f->charset : (str){ 0 };
    return true;
}

/* --- a dataset of a site --- */

static bool from_site(ctx *c, cli_args *a, str key, str file, check_metadata *out)
{
    site *s;
    dataset_row d;
    distribution_row_list l;
    bool found;
    const format *wanted = format_of(file);
    if (!cli_site(c, a, true, &s) || !q_dataset_by_key(c, key, &d, &found))
        return false;
    if (!found)
        return fail(c, NOT_FOUND, "“%.*s” is neither a file nor a dataset of the site", S_ARG(key));
    if (!q_distribution_of(c, d.id, &l))
        return false;
    const distribution_row *f = l.n > 0 ? &l.v[0] : NULL;
    for (size_t i = l.n; i-- > 0;)
        if (wanted != NULL && format_by_code(l.v[i].format) == wanted)
            f = &l.v[i];
    said_by(c, f != NULL ? f->fields : (str){ 0 }, d.field_description, f != NULL && !f->record_count_null ? f->record_count : -1,
            d.record_count_null ? -1 : d.record_count, l.n < 2, out);
    quality_period_read(d.temporal_from, d.temporal_to, &out->said);
    out->format = f != NULL ? f->format : (str){ 0 };
    out->encoding = f != NULL ? f->charset : (str){ 0 };
    return true;
}

bool check_metadata_read(ctx *c, cli_args *a, str from, str file, check_metadata *out)
{
    *out = (check_metadata){ 0 };
    return access(str_z(c->a, from), F_OK) == 0 ? from_record(c, from, file, out) : from_site(c, a, from, file, out);
}
