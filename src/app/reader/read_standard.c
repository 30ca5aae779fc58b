/* read_standard — 資料集詮釋資料標準規範, version 1 (2015) and version 2. Comments, which platforms add when they
 * answer, hold personal data of citizens and are dropped. */
#include "app/reader/fields.h"
#include "app/reader/reader.h"
#include "kit/text/json_write.h"

static void read_v1_file(ctx *c, const json *r, distribution_draft *f)
{
    static const char *const known[] = { "resourceID", "resourceDescription", "format", "resourceModified",
        "downloadURL", "accessURL", "metadataSourceOfData", "characterSetCode" };
    f->identifier = field(c, r, "resourceID");
    f->description = field(c, r, "resourceDescription");
    f->format = field(c, r, "format");
    f->updated_at = fields_time(field(c, r, "resourceModified"));
    f->url = field(c, r, "downloadURL");
    if (f->url.n == 0) {
        f->url = field(c, r, "accessURL");
        f->is_access = f->url.n > 0;
    }
    f->metadata_url = field(c, r, "metadataSourceOfData");
    f->charset = field(c, r, "characterSetCode");
    f->extra = fields_extra(c, r, known, array_len(known));
}

bool read_v1(ctx *c, const json *o, dataset_draft *d)
{
    static const char *const known[] = { "categoryCode", "identifier", "title", "description", "fieldDescription", "type",
        "license", "licenseURL", "cost", "costURL", "costLaw", "organization", "organizationContactName",
        "organizationContactPhone", "organizationContactEmail", "publisher", "publisherContactName",
        "publisherContactPhone", "publisherContactEmail", "publisherOID", "publisherOrgCode", "accrualPeriodicity",
        "temporalCoverageFrom", "temporalCoverageTo", "issued", "modified", "spatial", "language", "landingPage",
        "keyword", "numberOfData", "notes", "distribution", "viewCount", "downloadCount", "Comments", "comments" };
    *d = dataset_draft_new();
    d->source = S("data.gov.tw");
    d->source_key = d->identifier = field(c, o, "identifier");
    d->category = field(c, o, "categoryCode");
    d->title = field(c, o, "title");
    d->description = field(c, o, "description");
    d->field_description = field(c, o, "fieldDescription");
    d->type = field(c, o, "type");
    d->licence = field(c, o, "license");
    d->licence_url = field(c, o, "licenseURL");
    d->cost = field(c, o, "cost");
    d->cost_url = field(c, o, "costURL");
    d->cost_law = field(c, o, "costLaw");
    d->contact_org = field(c, o, "organization");
    d->contact_name = field(c, o, "organizationContactName");
    d->contact_phone = field(c, o, "organizationContactPhone");
    d->contact_email = field(c, o, "organizationContactEmail");
    d->publisher.name = field(c, o, "publisher");
    if (d->publisher.name.n == 0)
        d->publisher.name = d->contact_org;
    d->publisher.oid = field(c, o, "publisherOID");
    d->publisher.code = field(c, o, "publisherOrgCode");
    d->publisher_contact = field(c, o, "publisherContactName");
    d->publisher_phone = field(c, o, "publisherContactPhone");
    d->publisher_email = field(c, o, "publisherContactEmail");
    d->frequency = field(c, o, "accrualPeriodicity");
    d->temporal_from = field(c, o, "temporalCoverageFrom");
    d->temporal_to = field(c, o, "temporalCoverageTo");
    d->issued_at = fields_time(field(c, o, "issued"));
    d->updated_at = fields_time(field(c, o, "modified"));
    d->spatial = field(c, o, "spatial");
    d->language = field(c, o, "language");
    d->landing_page = field(c, o, "landingPage");
    d->keywords = fields_words(c, json_get(o, "keyword"));
    d->record_count = fields_count(field(c, o, "numberOfData"));
    d->notes = field(c, o, "notes");
    int64_t views = fields_count(field(c, o, "viewCount")), downloads = fields_count(field(c, o, "downloadCount"));
    d->view_count = views > 0 ? views : 0;
    d->download_count = downloads > 0 ? downloads : 0;
    const json *files = json_get(o, "distribution");
    if (files != NULL && files->type == JSON_OBJ)
        read_v1_file(c, files, fields_file(c, d));
    for (size_t i = 0; files != NULL && files->type == JSON_ARR && i < files->arr.n; i++)
        read_v1_file(c, &files->arr.v[i], fields_file(c, d));
    d->extra = fields_extra(c, o, known, array_len(known));
    return true;
}

static str fields_of(ctx *c, const json *v)
{
    buf b = buf_in(c->a);
    if (v == NULL)
        return S("");
    if (v->type == JSON_ARR) {
        json_dump(&b, v, true);
        return buf_str(&b);
    }
    str_list names = fields_words(c, v);
    if (names.n == 0)
        return S("");
    json_w j = json_to(&b);
    json_arr(&j);
    list_each (const str, n, &names) {
        json_obj(&j);
        json_kv(&j, "name", *n);
        json_end(&j);
    }
    json_end(&j);
    return buf_str(&b);
}

static void read_v2_file(ctx *c, const json *r, distribution_draft *f)
{
    static const char *const known[] = { "resourceID", "resourceDescription", "resourceFormat", "resourceModified",
        "resourceDownloadUrl", "resourceAccessUrl", "resourceCharacterEncoding", "resourceField", "resourceAmount",
        "resourceNotes" };
    static const char *const urls[] = { "resourceDownloadUrl", "resourceAccessUrl", "downloadURL", "accessURL" };
    static const char *const formats[] = { "resourceFormat", "format" };
    static const char *const charsets[] = { "resourceCharacterEncoding", "characterSetCode" };
    f->identifier = field(c, r, "resourceID");
    f->description = field(c, r, "resourceDescription");
    f->format = fields_first(c, r, formats, array_len(formats));
    f->updated_at = fields_time(field(c, r, "resourceModified"));
    f->url = fields_first(c, r, urls, array_len(urls));
    f->is_access = field(c, r, "resourceDownloadUrl").n == 0 && field(c, r, "resourceAccessUrl").n > 0;
    f->charset = fields_first(c, r, charsets, array_len(charsets));
    f->fields = fields_of(c, json_get(r, "resourceField"));
    int64_t amount = fields_count(field(c, r, "resourceAmount"));
    f->record_count = amount > 0 ? amount : -1; /* 0 stands for “not known” at several publishers */
    f->notes = field(c, r, "resourceNotes");
    f->extra = fields_extra(c, r, known, array_len(known));
}

static str frequency_of(ctx *c, const json *v)
{
    if (v == NULL || v->type != JSON_OBJ)
        return json_text(c, v);
    static const char *const counts[] = { "Frequency", "frequency" };
    str n = fields_first(c, v, counts, array_len(counts)), unit = field(c, v, "unittime");
    if (unit.n == 0)
        return str_eq(field(c, v, "regularupdate"), S("2")) ? S("不定期") : S("");
    return str_fmt(c->a, "每%.*s%.*s", S_ARG(n), S_ARG(unit));
}

bool read_v2(ctx *c, const json *o, dataset_draft *d)
{
    static const char *const known[] = { "categoryService", "categoryDataset", "datasetid", "datasetId", "identifier",
        "title", "description", "type", "license", "cost", "publisherOID", "publisherContactName",
        "publisherContactPhone", "publisherContactEmail", "updateFrequency", "dataQuality", "coverageStartedDate",
        "coverageEndedDate", "publishedDate", "modifiedDate", "spatialCoverage", "language", "relatedUrl", "notes",
        "distribution", "keyword", "publisher", "publisherOrgCode", "Comments", "comments" };
    static const char *const ids[] = { "datasetId", "datasetid", "identifier" };
    *d = dataset_draft_new();
    d->source = S("data.gov.tw");
    d->source_key = fields_first(c, o, ids, array_len(ids));
    d->identifier = field(c, o, "identifier");
    d->category = field(c, o, "categoryService");
    d->category_dataset = field(c, o, "categoryDataset");
    d->title = field(c, o, "title");
    d->description = field(c, o, "description");
    d->type = field(c, o, "type");
    d->licence = field(c, o, "license");
    d->cost = field(c, o, "cost");
    str oid, name;
    bool both = str_cut(field(c, o, "publisherOID"), S("|"), &oid, &name);
    d->publisher.oid = str_trim(oid);
    d->publisher.name = both ? str_trim(name) : field(c, o, "publisher");
    d->publisher.code = field(c, o, "publisherOrgCode");
    d->publisher_contact = field(c, o, "publisherContactName");
    d->publisher_phone = field(c, o, "publisherContactPhone");
    d->publisher_email = field(c, o, "publisherContactEmail");
    d->frequency = frequency_of(c, json_get(o, "updateFrequency"));
    d->quality_badge = field(c, o, "dataQuality");
    d->temporal_from = field(c, o, "coverageStartedDate");
    d->temporal_to = field(c, o, "coverageEndedDate");
    d->issued_at = fields_time(field(c, o, "publishedDate"));
    d->updated_at = fields_time(field(c, o, "modifiedDate"));
    d->spatial = field(c, o, "spatialCoverage");
    d->language = field(c, o, "language");
    d->landing_page = field(c, o, "relatedUrl");
    d->notes = field(c, o, "notes");
    d->keywords = fields_words(c, json_get(o, "keyword"));
    const json *files = json_get(o, "distribution");
    for (size_t i = 0; files != NULL && files->type == JSON_ARR && i < files->arr.n; i++)
        read_v2_file(c, &files->arr.v[i], fields_file(c, d));
    d->extra = fields_extra(c, o, known, array_len(known));
    return true;
}
