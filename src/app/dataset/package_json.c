#include "app/dataset/package_json.h"

#include "app/dataset/verdict.h"
#include "app/ledger/uid.h"
#include "app/vocabulary/vocabulary.h"
#include "kit/text/json_write.h"

static void put_time(arena *a, json_w *j, const char *key, int64_t ms)
{
    json_key(j, str_of(key));
    if (ms == q_null_int)
        json_null(j);
    else
        json_str(j, day_ckan(a, ms));
}

static void put_resource(arena *a, json_w *j, const dataset_row *d, const distribution_row *f)
{
    json_obj(j);
    json_kv(j, "id", f->uid);
    json_kv(j, "package_id", d->uid);
    json_kv(j, "name", f->title.n > 0 ? f->title : f->description);
    json_kv(j, "description", f->description);
    json_kv(j, "format", f->format);
    json_kv(j, "url", f->url);
    json_key(j, S("url_type"));
    json_null(j);
    json_key(j, S("mimetype"));
    json_str_or_null(j, f->media_type);
    json_key(j, S("mimetype_inner"));
    json_null(j);
    json_key(j, S("resource_type"));
    json_str(j, str_eq(f->url_kind, S("access")) ? S("api") : S("file"));
    json_kv(j, "hash", S(""));
    json_key(j, S("size"));
    if (f->byte_count == q_null_int)
        json_null(j);
    else
        json_int(j, f->byte_count);
    put_time(a, j, "created", d->created_at);
    put_time(a, j, "last_modified", f->updated_at);
    put_time(a, j, "metadata_modified", d->modified_at);
    json_key(j, S("cache_url"));
    json_null(j);
    json_key(j, S("cache_last_updated"));
    json_null(j);
    json_kv(j, "position", f->position);
    json_kv(j, "state", S("active"));
    json_kv(j, "datastore_active", (bool)false);
    json_kv(j, "resource_identifier", f->identifier);
    json_kv(j, "encoding", f->charset);
    json_kv(j, "star", f->rating);
    if (f->found_format.n > 0) {                  /* without these: by what is declared */
        json_kv(j, "star_by", S("bytes"));
        json_kv(j, "found_format", f->found_format);
    }
    if (f->record_count != q_null_int)
        json_kv(j, "record_count", f->record_count);
    if (f->fields.n > 2) {
        json_key(j, S("fields"));
        json_raw(j, f->fields);
    }
    if (f->notes.n > 0)
        json_kv(j, "notes", f->notes);
    json_end(j);
}

/* keywords is our own canonical array of strings: cut it without a parser. */
static bool next_keyword(str *rest, str *quoted)
{
    size_t at = str_find_byte(*rest, '"');
    if (at == rest->n)
        return false;
    size_t i = at + 1;
    while (i < rest->n && rest->p[i] != '"')
        i += rest->p[i] == '\\' ? 2 : 1;
    if (i >= rest->n)
        return false;
    *quoted = str_sub(*rest, at, i + 1);
    *rest = str_from(*rest, i + 1);
    return true;
}

str package_tag_id(arena *a, str keyword)
{
    return uid_from(a, S("openshelf:tag:"), keyword, (str){ 0 });
}

static size_t put_tags(arena *a, json_w *j, str keywords)
{
    size_t n = 0;
    json_key(j, S("tags"));
    json_arr(j);
    for (str q; next_keyword(&keywords, &q); n++) {
        json_obj(j);
        json_kv(j, "id", package_tag_id(a, str_sub(q, 1, q.n - 1)));
        json_key(j, S("name"));
        json_raw(j, q);
        json_key(j, S("display_name"));
        json_raw(j, q);
        json_kv(j, "state", S("active"));
        json_key(j, S("vocabulary_id"));
        json_null(j);
        json_end(j);
    }
    json_end(j);
    return n;
}

static void extra(json_w *j, const char *key, str value)
{
    if (value.n == 0)
        return;
    json_obj(j);
    json_kv(j, "key", key);
    json_kv(j, "value", value);
    json_end(j);
}

static void put_extras(arena *a, json_w *j, const dataset_row *d)
{
    json_key(j, S("extras"));
    json_arr(j);
    extra(j, "identifier", d->identifier);
    extra(j, "source", d->source);
    extra(j, "source_key", d->source_key);
    extra(j, "class", d->class);
    extra(j, "categoryCode", d->category);
    extra(j, "categoryDataset", d->category_dataset);
    extra(j, "theme", d->theme);
    extra(j, "fieldDescription", d->field_description);
    extra(j, "dataset_type", d->type);
    extra(j, "cost", d->cost);
    extra(j, "costURL", d->cost_url);
    extra(j, "costLaw", d->cost_law);
    extra(j, "organization_name", d->contact_org);
    extra(j, "publisher", d->publisher_name);
    extra(j, "publisherOID", d->publisher_oid);
    extra(j, "publisherOrgCode", d->publisher_code);
    extra(j, "accrualPeriodicity", d->frequency_text.n > 0 ? d->frequency_text : d->frequency);
    extra(j, "frequency", d->frequency);
    extra(j, "temporalCoverageFrom", d->temporal_from);
    extra(j, "temporalCoverageTo", d->temporal_to);
    extra(j, "issued", d->issued_at_null ? S("") : day_local(a, d->issued_at));
    extra(j, "modified", d->updated_at_null ? S("") : day_local(a, d->updated_at));
    extra(j, "spatial", d->spatial);
    extra(j, "language", d->language);
    extra(j, "landingPage", d->landing_page);
    extra(j, "numberOfData", d->record_count_null ? S("") : str_fmt(a, "%" PRId64, d->record_count));
    extra(j, "note", d->notes);
    extra(j, "dataQuality", d->quality_badge);
    extra(j, "title_en", d->title_en);
    extra(j, "star", str_fmt(a, "%" PRId64, d->rating));
    extra(j, "star_by", verdict_by_bytes(d->rating_by) ? d->rating_by : S(""));     /* without: by what is declared */
    extra(j, "open_verdict", d->openness);
    extra(j, "completeness", str_fmt(a, "%" PRId64, d->completeness));
    if (d->extra.n > 2)
        extra(j, "source_extra", d->extra);
    json_end(j);
}

static void put_licence(json_w *j, const dataset_row *d)
{
    const licence *l = licence_by_code(d->licence);
    json_key(j, S("license_id"));
    json_str_or_null(j, l != NULL ? l->code : d->licence_text.n > 0 ? S("notspecified") : S(""));
    json_key(j, S("license_title"));
    json_str_or_null(j, l != NULL ? l->title : d->licence_text);
    str url = l != NULL && l->url.n > 0 ? l->url : d->licence_url;
    if (url.n > 0)
        json_kv(j, "license_url", url);
    json_kv(j, "isopen", (bool)(l != NULL && l->open));
}

str package_json(arena *a, const dataset_row *d, const distribution_row_list *files, str organization_uid)
{
    buf b = buf_in(a);
    (void)buf_room(&b, 2048);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "id", d->uid);
    json_kv(&j, "name", d->slug);
    json_kv(&j, "title", d->title);
    json_kv(&j, "notes", d->description);
    json_kv(&j, "type", S("dataset"));
    json_kv(&j, "state", str_eq(d->state, S("published")) ? S("active") : str_eq(d->state, S("draft")) ? S("draft") : S("deleted"));
    json_kv(&j, "private", (bool)false);
    put_licence(&j, d);
    json_key(&j, S("url"));
    json_str_or_null(&j, d->landing_page);
    json_key(&j, S("version"));
    json_null(&j);
    json_key(&j, S("author"));
    json_str_or_null(&j, d->publisher_contact.n > 0 ? d->publisher_contact : d->publisher_name);
    json_key(&j, S("author_email"));
    json_str_or_null(&j, d->publisher_email);
    json_key(&j, S("maintainer"));
    json_str_or_null(&j, d->contact_name.n > 0 ? d->contact_name : d->contact_org);
    json_key(&j, S("maintainer_email"));
    json_str_or_null(&j, d->contact_email);
    json_kv(&j, "owner_org", organization_uid);
    json_key(&j, S("creator_user_id"));
    json_null(&j);
    put_time(a, &j, "metadata_created", d->created_at);
    put_time(a, &j, "metadata_modified", d->modified_at);
    json_kv(&j, "num_resources", files->n);
    json_key(&j, S("resources"));
    json_arr(&j);
    for (size_t i = 0; i < files->n; i++)
        put_resource(a, &j, d, &files->v[i]);
    json_end(&j);
    size_t tags = put_tags(a, &j, d->keywords);
    json_kv(&j, "num_tags", tags);
    put_extras(a, &j, d);
    json_key(&j, S("relationships_as_subject"));
    json_raw(&j, S("[]"));
    json_key(&j, S("relationships_as_object"));
    json_raw(&j, S("[]"));
    json_end(&j);
    return buf_str(&b);
}
