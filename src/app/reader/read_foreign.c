/* read_foreign — packages of the CKAN API and data.json of the United States (DCAT-US 1.1). */
#include "app/reader/fields.h"
#include "app/reader/reader.h"
#include "kit/text/url.h"

static str from_extras(ctx *c, const json *o, const char *key)
{
    const json *extras = json_get(o, "extras");
    if (extras != NULL && extras->type == JSON_OBJ)
        return field(c, extras, key);
    for (size_t i = 0; extras != NULL && extras->type == JSON_ARR && i < extras->arr.n; i++)
        if (str_eq(field(c, &extras->arr.v[i], "key"), str_of(key)))
            return field(c, &extras->arr.v[i], "value");
    return S("");
}

/* CKAN's times are UTC without a zone. */
static int64_t ckan_time(ctx *c, str said)
{
    if (said.n == 0)
        return DAY_NONE;
    bool zoned = str_ends(said, S("Z")) || str_has(str_from(said, 10 < said.n ? 10 : said.n), S("+"));
    return fields_time(zoned || said.n <= 10 ? said : str_cat(c->a, said, S("Z")));
}

static void read_ckan_file(ctx *c, const json *r, distribution_draft *f)
{
    static const char *const known[] = { "id", "package_id", "name", "description", "format", "url", "mimetype",
        "size", "last_modified", "created", "metadata_modified", "position", "state", "hash", "cache_url",
        "cache_last_updated", "mimetype_inner", "resource_type", "url_type", "datastore_active", "encoding",
        "resource_identifier", "star", "record_count", "fields", "notes", "revision_id" };
    f->identifier = field(c, r, "resource_identifier");
    f->title = field(c, r, "name");
    f->description = field(c, r, "description");
    f->format = field(c, r, "format");
    f->media_type = field(c, r, "mimetype");
    f->url = field(c, r, "url");
    f->is_access = str_eq(field(c, r, "resource_type"), S("api"));
    f->charset = field(c, r, "encoding");
    f->updated_at = ckan_time(c, field(c, r, "last_modified"));
    f->byte_count = fields_count(field(c, r, "size"));
    f->record_count = fields_count(field(c, r, "record_count"));
    f->extra = fields_extra(c, r, known, array_len(known));
}

bool read_ckan(ctx *c, const json *o, dataset_draft *d)
{
    static const char *const known[] = { "id", "name", "title", "notes", "url", "version", "type", "state", "private",
        "isopen", "license_id", "license_title", "license_url", "author", "author_email", "maintainer",
        "maintainer_email", "owner_org", "organization", "creator_user_id", "metadata_created", "metadata_modified",
        "num_resources", "num_tags", "resources", "tags", "groups", "relationships_as_subject",
        "relationships_as_object", "revision_id", "tracking_summary" };
    *d = dataset_draft_new();
    d->source = S("ckan");
    d->source_key = field(c, o, "id");
    if (d->source_key.n == 0)
        d->source_key = field(c, o, "name");
    d->slug = field(c, o, "name");
    d->identifier = from_extras(c, o, "identifier");
    d->title = field(c, o, "title");
    if (d->title.n == 0)
        d->title = d->slug;
    d->description = field(c, o, "notes");
    d->licence = field(c, o, "license_id");
    if (d->licence.n == 0 || str_eq(d->licence, S("notspecified")))
        d->licence = field(c, o, "license_title");
    d->licence_url = field(c, o, "license_url");
    d->landing_page = field(c, o, "url");
    const json *org = json_get(o, "organization");
    d->publisher.name = org != NULL && org->type == JSON_OBJ ? field(c, org, "title") : json_text(c, org);
    if (d->publisher.name.n == 0)
        d->publisher.name = org != NULL && org->type == JSON_OBJ ? field(c, org, "name") : from_extras(c, o, "publisher");
    if (d->publisher.name.n == 0)
        d->publisher.name = from_extras(c, o, "publisher_name");
    if (d->publisher.name.n == 0)
        d->publisher.name = field(c, o, "author");
    d->publisher_contact = field(c, o, "author");
    d->publisher_email = field(c, o, "author_email");
    d->contact_name = field(c, o, "maintainer");
    d->contact_email = field(c, o, "maintainer_email");
    d->issued_at = ckan_time(c, field(c, o, "metadata_created"));
    d->updated_at = ckan_time(c, field(c, o, "metadata_modified"));
    d->keywords = fields_words(c, json_get(o, "tags"));
    d->frequency = from_extras(c, o, "accrualPeriodicity");
    if (d->frequency.n == 0)
        d->frequency = from_extras(c, o, "frequency");
    d->spatial = from_extras(c, o, "spatial_text");
    d->language = from_extras(c, o, "language");
    d->field_description = from_extras(c, o, "fieldDescription");
    d->category = from_extras(c, o, "categoryCode");
    d->state = str_eq(field(c, o, "state"), S("draft")) ? S("draft") : S("");
    const json *files = json_get(o, "resources");
    for (size_t i = 0; files != NULL && files->type == JSON_ARR && i < files->arr.n; i++)
        read_ckan_file(c, &files->arr.v[i], fields_file(c, d));
    d->extra = fields_extra(c, o, known, array_len(known));
    return true;
}

static void read_dcat_file(ctx *c, const json *r, distribution_draft *f)
{
    static const char *const known[] = { "@type", "title", "description", "format", "mediaType", "downloadURL", "accessURL" };
    f->title = field(c, r, "title");
    f->description = field(c, r, "description");
    f->format = field(c, r, "format");
    f->media_type = field(c, r, "mediaType");
    if (f->format.n == 0)
        f->format = f->media_type;
    f->url = field(c, r, "downloadURL");
    if (f->url.n == 0) {
        f->url = field(c, r, "accessURL");
        f->is_access = f->url.n > 0;
    }
    f->extra = fields_extra(c, r, known, array_len(known));
}

bool read_dcat_us(ctx *c, const json *o, dataset_draft *d)
{
    static const char *const known[] = { "@type", "title", "description", "identifier", "keyword", "modified", "issued",
        "publisher", "contactPoint", "license", "accrualPeriodicity", "landingPage", "spatial", "temporal", "language",
        "distribution" };
    *d = dataset_draft_new();
    d->source = S("dcat-us");
    d->source_key = field(c, o, "identifier");
    d->title = field(c, o, "title");
    d->description = field(c, o, "description");
    d->licence = field(c, o, "license");
    d->licence_url = d->licence;
    d->keywords = fields_words(c, json_get(o, "keyword"));
    d->updated_at = fields_time(field(c, o, "modified"));
    d->issued_at = fields_time(field(c, o, "issued"));
    const json *publisher = json_get(o, "publisher"), *contact = json_get(o, "contactPoint");
    d->publisher.name = publisher != NULL && publisher->type == JSON_OBJ ? field(c, publisher, "name") : json_text(c, publisher);
    d->contact_name = field(c, contact, "fn");
    str mail = field(c, contact, "hasEmail");
    d->contact_email = str_starts(mail, S("mailto:")) ? str_from(mail, 7) : mail;
    d->frequency = field(c, o, "accrualPeriodicity");
    d->landing_page = field(c, o, "landingPage");
    d->spatial = field(c, o, "spatial");
    str from, to;
    (void)str_cut(field(c, o, "temporal"), S("/"), &from, &to);
    d->temporal_from = from;
    d->temporal_to = to;
    const json *files = json_get(o, "distribution");
    for (size_t i = 0; files != NULL && files->type == JSON_ARR && i < files->arr.n; i++)
        read_dcat_file(c, &files->arr.v[i], fields_file(c, d));
    d->extra = fields_extra(c, o, known, array_len(known));
    return true;
}
