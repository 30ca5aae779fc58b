/* common_metadata — a dataset in the words of the metadata standard, version 1 (2015) and version 2. Every key of the
 * standard is there; what is not known is the empty text, as its examples have it. */
#include "app/common_api/common_api.h"
#include "app/vocabulary/vocabulary.h"

static str time_text(ctx *c, bool none, int64_t at)
{
    return none ? S("") : day_local(c->a, at);
}

static void put_count(json_w *j, const char *key, bool none, int64_t n)
{
    json_key(j, str_of(key));
    if (none)
        json_str(j, S(""));
    else
        json_int(j, n);
}

static void put_file_v1(ctx *c, json_w *j, const dataset_row *d, const distribution_row *f, size_t number)
{
    str id = f->identifier.n > 0 ? f->identifier : str_fmt(c->a, "%.*s-%03zu", S_ARG(common_api_name(d->identifier, d->slug)), number);
    json_obj(j);
    json_kv(j, "resourceID", id);
    json_kv(j, "resourceDescription", f->description.n > 0 ? f->description : f->title);
    json_kv(j, "format", f->format_text.n > 0 ? f->format_text : f->format);
    json_kv(j, "resourceModified", time_text(c, f->updated_at_null, f->updated_at));
    json_kv(j, str_eq(f->url_kind, S("access")) ? "accessURL" : "downloadURL", f->url);
    json_kv(j, "metadataSourceOfData", f->metadata_url);
    json_kv(j, "characterSetCode", f->charset);
    json_end(j);
}

void common_api_put_v1(ctx *c, json_w *j, const dataset_row *d, const distribution_row_list *files)
{
    json_obj(j);
    json_kv(j, "categoryCode", d->category);
    json_kv(j, "identifier", common_api_name(d->identifier, d->slug));
    const struct { const char *key; str value; } texts[] = {
        { "title", d->title }, { "description", d->description }, { "fieldDescription", d->field_description },
        { "type", d->type }, { "license", d->licence_text }, { "licenseURL", d->licence_url }, { "cost", d->cost_text },
        { "costURL", d->cost_url }, { "costLaw", d->cost_law }, { "organization", d->contact_org },
        { "organizationContactName", d->contact_name }, { "organizationContactPhone", d->contact_phone },
        { "organizationContactEmail", d->contact_email }, { "publisher", d->publisher_name },
        { "publisherContactName", d->publisher_contact }, { "publisherContactPhone", d->publisher_phone },
        { "publisherContactEmail", d->publisher_email }, { "publisherOID", d->publisher_oid },
        { "publisherOrgCode", d->publisher_code }, { "accrualPeriodicity", d->frequency_text },
        { "temporalCoverageFrom", d->temporal_from }, { "temporalCoverageTo", d->temporal_to },
        { "issued", time_text(c, d->issued_at_null, d->issued_at) }, { "modified", time_text(c, d->updated_at_null, d->updated_at) },
        { "spatial", d->spatial }, { "language", d->language }, { "landingPage", d->landing_page }, { "notes", d->notes },
    };
    for (size_t i = 0; i < array_len(texts); i++)
        json_kv(j, texts[i].key, texts[i].value);
    json_key(j, S("keyword"));
    json_raw(j, d->keywords);
    put_count(j, "numberOfData", d->record_count_null, d->record_count);
    json_kv(j, "viewCount", d->view_count);
    json_kv(j, "downloadCount", d->download_count);
    json_key(j, S("distribution"));
    json_arr(j);
    for (size_t i = 0; i < files->n; i++)
        put_file_v1(c, j, d, &files->v[i], i + 1);
    json_end(j);
    json_end(j);
}

/* 每3月 is regular, 3, 月; what is not of this form stays in words. */
static void put_frequency(json_w *j, const dataset_row *d)
{
    str t = d->frequency_text, unit = { 0 };
    size_t digits = 0;
    bool regular = str_starts(t, S("每"));
    if (regular) {
        t = str_from(t, 3);
        while (digits < t.n && t.p[digits] >= '0' && t.p[digits] <= '9')
            digits++;
        unit = str_from(t, digits);
        regular = unit.n > 0 && unit.n <= 6;
    }
    json_key(j, S("updateFrequency"));
    json_obj(j);
    json_kv(j, "regularupdate", regular ? S("1") : str_eq(d->frequency, S("irregular")) ? S("2") : S(""));
    json_kv(j, "Frequency", !regular ? S("") : digits > 0 ? str_sub(t, 0, digits) : S("1"));
    json_kv(j, "unittime", regular ? unit : S(""));
    json_end(j);
    json_kv(j, "accrualPeriodicity", d->frequency_text);
}

static void put_file_v2(ctx *c, json_w *j, const distribution_row *f)
{
    bool access = str_eq(f->url_kind, S("access"));
    json_obj(j);
    json_kv(j, "resourceID", f->identifier);
    json_kv(j, "resourceDescription", f->description.n > 0 ? f->description : f->title);
    json_key(j, S("resourceField"));
    json_raw(j, f->fields);
    json_kv(j, "resourceFormat", f->format_text.n > 0 ? f->format_text : f->format);
    json_kv(j, "resourceCharacterEncoding", f->charset);
    json_kv(j, "resourceModified", time_text(c, f->updated_at_null, f->updated_at));
    json_kv(j, access ? "resourceAccessUrl" : "resourceDownloadUrl", f->url);
    put_count(j, "resourceAmount", f->record_count_null, f->record_count);
    json_kv(j, "resourceNotes", f->notes);
    json_end(j);
}

void common_api_put_v2(ctx *c, json_w *j, const dataset_row *d, const distribution_row_list *files)
{
    int64_t number;
    json_obj(j);
    json_key(j, S("datasetId"));
    if (str_to_i64(d->slug, &number))
        json_int(j, number);
    else
        json_str(j, d->slug);
    const struct { const char *key; str value; } texts[] = {
        { "identifier", d->identifier }, { "categoryService", d->category }, { "categoryDataset", d->category_dataset },
        { "title", d->title }, { "description", d->description }, { "fieldDescription", d->field_description }, { "type", d->type },
        { "license", str_eq(d->licence, S("OGDL-Taiwan-1.0")) ? S("1") : d->licence_text }, { "licenseURL", d->licence_url },
        { "cost", str_eq(d->cost, S("free")) ? S("free") : d->cost_text }, { "publisher", d->publisher_name },
        { "publisherOID", d->publisher_oid.n > 0 ? str_fmt(c->a, "%.*s|%.*s", S_ARG(d->publisher_oid), S_ARG(d->publisher_name)) : S("") },
        { "publisherOrgCode", d->publisher_code }, { "publisherContactName", d->publisher_contact },
        { "publisherContactPhone", d->publisher_phone }, { "publisherContactEmail", d->publisher_email },
        { "dataQuality", d->quality_badge }, { "coverageStartedDate", d->temporal_from }, { "coverageEndedDate", d->temporal_to },
        { "publishedDate", time_text(c, d->issued_at_null, d->issued_at) }, { "modifiedDate", time_text(c, d->updated_at_null, d->updated_at) },
        { "spatialCoverage", d->spatial }, { "language", d->language }, { "relatedUrl", d->landing_page }, { "notes", d->notes },
    };
    for (size_t i = 0; i < array_len(texts); i++)
        json_kv(j, texts[i].key, texts[i].value);
    put_frequency(j, d);
    json_key(j, S("keyword"));
    json_raw(j, d->keywords);
    json_key(j, S("distribution"));
    json_arr(j);
    for (size_t i = 0; i < files->n; i++)
        put_file_v2(c, j, &files->v[i]);
    json_end(j);
    json_end(j);
}
