/* A dataset as JSON in our own model (names of the record, moments in ISO
 * 8601, null for what is not said), and as schema.org for search engines. */
#include "app/dataset/dataset_page.h"
#include "app/measure/measure_page.h"
#include "app/shell/shell.h"
#include "app/site/site.h"

static void put_moment(ctx *c, json_w *j, const char *key, bool none, int64_t at)
{
    json_key(j, str_of(key));
    json_str_or_null(j, none ? (str){ 0 } : day_iso(c->a, at));
}

static void put_count(json_w *j, const char *key, bool none, int64_t n)
{
    json_key(j, str_of(key));
    none ? json_null(j) : json_int(j, n);
}

typedef struct { const char *name; size_t at; } text_field;

static void put_texts(json_w *j, const void *row, const text_field *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        json_key(j, str_of(list[i].name));
        json_str_or_null(j, *(const str *)((const char *)row + list[i].at));
    }
}

static void put_raw(json_w *j, const char *key, str stored, const char *empty)
{
    json_key(j, str_of(key));
    json_raw(j, stored.n > 0 ? stored : str_of(empty));
}

static void put_row(ctx *c, json_w *j, const dataset_row *d)
{
#define F(f) { #f, offsetof(dataset_row, f) }
    static const text_field texts[] = {
        F(identifier), F(state), F(class), F(title), F(title_en), F(description), F(field_description), F(type), F(category),
        F(category_dataset), F(theme), F(licence), F(licence_text), F(licence_url), F(cost), F(cost_text), F(cost_url),
        F(cost_law), F(contact_org), F(contact_name), F(contact_phone), F(contact_email), F(publisher_name),
        F(publisher_contact), F(publisher_phone), F(publisher_email), F(publisher_oid), F(publisher_code), F(frequency),
        F(frequency_text), F(temporal_from), F(temporal_to), F(spatial), F(language), F(landing_page), F(notes),
        F(quality_badge), F(source), F(source_key), F(content_hash),
    };
#undef F
    json_kv(j, "id", d->uid);
    json_kv(j, "name", d->slug);
    put_texts(j, d, texts, array_len(texts));
    put_raw(j, "keywords", d->keywords, "[]");
    put_moment(c, j, "issued", d->issued_at_null, d->issued_at);
    put_moment(c, j, "updated", d->updated_at_null, d->updated_at);
    put_moment(c, j, "created_here", false, d->created_at);
    put_moment(c, j, "modified_here", false, d->modified_at);
    put_count(j, "record_count", d->record_count_null, d->record_count);
    json_kv(j, "views", d->view_count);
    json_kv(j, "downloads", d->download_count);
    put_raw(j, "extra", d->extra, "{}");
}

static void put_file(ctx *c, json_w *j, const dataset_read *m, const dataset_file *v)
{
#define F(f) { #f, offsetof(distribution_row, f) }
    static const text_field texts[] = {
        F(identifier), F(description), F(format), F(format_text), F(media_type), F(url_kind), F(url), F(charset),
        F(metadata_url), F(notes),
    };
#undef F
    const distribution_row *f = v->row;
    json_obj(j);
    json_kv(j, "number", v->number);
    json_kv(j, "id", f->uid);
    json_kv(j, "title", v->title);
    put_texts(j, f, texts, array_len(texts));
    put_moment(c, j, "updated", f->updated_at_null, f->updated_at);
    put_count(j, "record_count", f->record_count_null, f->record_count);
    put_count(j, "byte_count", f->byte_count_null, f->byte_count);
    json_kv(j, "star", f->rating);
    json_kv(j, "star_by", f->found_format.n > 0 ? "bytes" : "declared");
    json_key(j, S("found_format"));
    json_str_or_null(j, f->found_format);
    put_raw(j, "fields", f->fields, "[]");
    table_links_json(c, j, &m->tables, f->uid);
    link_state_json(c, j, &m->links, f->uid, f->url);
    put_raw(j, "extra", f->extra, "{}");
    json_end(j);
}

static void put_condition(ctx *c, json_w *j, const char *key, verdict_answer a, const char *why)
{
    json_key(j, str_of(key));
    json_obj(j);
    json_kv(j, "answer", verdict_word(a));
    json_kv(j, "why", T(c, why));
    json_end(j);
}

static void put_judgement(ctx *c, json_w *j, const dataset_read *m)
{
    json_key(j, S("openness"));
    json_obj(j);
    json_kv(j, "verdict", verdict_word(m->v.all));
    put_condition(c, j, "licence", m->v.licence, m->v.licence_why);
    put_condition(c, j, "access", m->v.access, m->v.access_why);
    put_condition(c, j, "format", m->v.format, m->v.format_why);
    json_end(j);
    json_key(j, S("star"));
    json_obj(j);
    json_kv(j, "stars", m->d.rating);
    json_kv(j, "by", m->d.rating_by);
    json_kv(j, "why", T(c, verdict_star_why((int)m->d.rating)));
    json_key(j, S("note"));
    json_str_or_null(j, dataset_star_note(c, &m->d));
    json_end(j);
    json_key(j, S("completeness"));
    json_obj(j);
    json_kv(j, "percent", m->k.percent);
    json_kv(j, "asked", m->k.asked);
    json_key(j, S("missing"));
    json_arr(j);
    for (size_t i = 0; i < m->k.n; i++)
        json_z(j, m->k.v[i].field);
    json_end(j);
    json_end(j);
    json_key(j, S("attribution"));
    json_str_or_null(j, dataset_attribution(c, &m->d, m->own.org_name));
}

static void put_organization(json_w *j, const dataset_brief *own)
{
    json_key(j, S("organization"));
    json_obj(j);
    json_kv(j, "slug", own->org_slug);
    json_kv(j, "name", own->org_name);
    json_key(j, S("name_en"));
    json_str_or_null(j, own->org_name_en);
    json_end(j);
}

static void put_history(json_w *j, const ledger_entry_lines *all)
{
    json_key(j, S("history"));
    json_arr(j);
    for (size_t i = 0; i < all->n; i++) {
        json_obj(j);
        json_kv(j, "seq", all->v[i].seq);
        json_kv(j, "at", all->v[i].at_iso);
        json_kv(j, "action", all->v[i].action);
        json_key(j, S("reason"));
        json_str_or_null(j, all->v[i].reason);
        json_key(j, S("fields"));
        json_arr(j);
        for (size_t k = 0; k < all->v[i].fields.n; k++)
            json_str(j, all->v[i].fields.v[k].name);
        json_end(j);
        json_kv(j, "hash", all->v[i].hash);
        json_end(j);
    }
    json_end(j);
}

static void put_links(ctx *c, const http_req *r, json_w *j, str path, str slug)
{
    json_key(j, S("links"));
    json_obj(j);
    json_kv(j, "page", link_absolute(c, r, path));
    json_kv(j, "ckan", link_absolute(c, r, str_cat(c->a, S("/api/3/action/package_show?id="), slug)));
    json_end(j);
}

str dataset_json(ctx *c, const http_req *r, const dataset_read *m)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    str slug = url_encoded(c->a, m->d.slug);
    json_obj(&j);
    put_row(c, &j, &m->d);
    put_organization(&j, &m->own);
    json_key(&j, S("distributions"));
    json_arr(&j);
    for (size_t i = 0; i < m->files.n; i++) {
        dataset_file f = dataset_file_of(c, &m->d, &m->files.v[i], (int64_t)i + 1);
        put_file(c, &j, m, &f);
    }
    json_end(&j);
    put_judgement(c, &j, m);
    if (!measure_dataset_json(c, &j, m->d.id))
        err_clear(c);                   /* what was measured is no part of the record: the rest is told without it */
    put_history(&j, &m->history);
    put_links(c, r, &j, str_cat(c->a, S("/datasets/"), slug), slug);
    json_end(&j);
    return buf_str(&b);
}

str dataset_file_json(ctx *c, const http_req *r, const dataset_read *m, const dataset_file *f)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    str slug = url_encoded(c->a, m->d.slug);
    json_obj(&j);
    json_key(&j, S("dataset"));
    json_obj(&j);
    json_kv(&j, "id", m->d.uid);
    json_kv(&j, "name", m->d.slug);
    json_kv(&j, "title", m->d.title);
    json_kv(&j, "distributions", m->files.n);
    json_end(&j);
    put_organization(&j, &m->own);
    json_key(&j, S("distribution"));
    put_file(c, &j, m, f);
    put_links(c, r, &j, str_fmt(c->a, "/datasets/%.*s/%" PRId64, S_ARG(slug), f->number), slug);
    json_end(&j);
    return buf_str(&b);
}

/* --- schema.org --- */

static void said(json_w *j, const char *key, str value)
{
    if (value.n > 0)
        json_kv(j, key, value);
}

static void schema_organization(ctx *c, const http_req *r, json_w *j, const char *key, const dataset_read *m)
{
    json_key(j, str_of(key));
    json_obj(j);
    json_kv(j, "@type", S("GovernmentOrganization"));
    json_kv(j, "name", m->own.org_name);
    said(j, "alternateName", m->own.org_name_en);
    json_kv(j, "url", link_absolute(c, r, str_cat(c->a, S("/organizations/"), url_encoded(c->a, m->own.org_slug))));
    json_end(j);
}

static void schema_files(json_w *j, const dataset_files *files)
{
    for (size_t i = 0; i < files->n; i++) {
        const dataset_file *f = &files->v[i];
        if (!f->usable)
            continue;
        json_obj(j);
        json_kv(j, "@type", S("DataDownload"));
        json_kv(j, "name", f->title);
        said(j, "encodingFormat", f->media_type.n > 0 ? f->media_type : f->format);
        json_kv(j, "contentUrl", f->url);
        said(j, "contentSize", f->size);
        said(j, "dateModified", f->updated_iso);
        json_end(j);
    }
}

static void schema_crumbs(ctx *c, const http_req *r, json_w *j, const dataset_view *v)
{
    const struct { str name, path; } steps[] = {
        { T(c, "Datasets"), S("/datasets") },
        { v->organization, str_cat(c->a, S("/organizations/"), url_encoded(c->a, v->organization_slug)) },
        { v->title, v->canonical },
    };
    json_obj(j);
    json_kv(j, "@type", S("BreadcrumbList"));
    json_key(j, S("itemListElement"));
    json_arr(j);
    for (size_t i = 0; i < array_len(steps); i++) {
        json_obj(j);
        json_kv(j, "@type", S("ListItem"));
        json_kv(j, "position", i + 1);
        json_kv(j, "name", steps[i].name);
        json_kv(j, "item", link_absolute(c, r, steps[i].path));
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static void schema_dataset(ctx *c, const http_req *r, json_w *j, const dataset_read *m, const dataset_view *v)
{
    const dataset_row *d = &m->d;
    str address = link_absolute(c, r, v->canonical);
    json_obj(j);
    json_kv(j, "@type", S("Dataset"));
    json_kv(j, "@id", address);
    json_kv(j, "url", address);
    json_kv(j, "name", v->title);
    said(j, "alternateName", v->other_title);
    json_kv(j, "description", d->description.n > 0 ? d->description : v->title);
    json_key(j, S("identifier"));
    json_arr(j);
    json_str(j, str_cat(c->a, S("urn:uuid:"), d->uid));
    if (d->identifier.n > 0)
        json_str(j, d->identifier);
    json_end(j);
    put_raw(j, "keywords", d->keywords, "[]");
    said(j, "license", v->licence_url);
    json_kv(j, "isAccessibleForFree", (bool)!str_eq(d->cost, S("charged")));
    said(j, "datePublished", v->issued_iso);
    said(j, "dateModified", v->updated_iso);
    if (d->temporal_from.n > 0 || d->temporal_to.n > 0)
        json_kv(j, "temporalCoverage", str_fmt(c->a, "%.*s/%.*s", S_ARG(d->temporal_from.n > 0 ? d->temporal_from : S("..")),
                                               S_ARG(d->temporal_to.n > 0 ? d->temporal_to : S(".."))));
    said(j, "spatialCoverage", d->spatial);
    said(j, "inLanguage", d->language);
    schema_organization(c, r, j, "publisher", m);
    schema_organization(c, r, j, "creator", m);
    json_key(j, S("includedInDataCatalog"));
    json_obj(j);
    json_kv(j, "@type", S("DataCatalog"));
    json_kv(j, "name", c->lang == LANG_EN ? c->site->title_en : c->site->title);
    json_kv(j, "url", link_absolute(c, r, S("/")));
    json_end(j);
    json_key(j, S("distribution"));
    json_arr(j);
    schema_files(j, &v->files);
    schema_files(j, &v->more_files);
    json_end(j);
    json_end(j);
}

html dataset_schema_org(ctx *c, const http_req *r, const dataset_read *m, const dataset_view *v)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "@context", S("https://schema.org"));
    json_key(&j, S("@graph"));
    json_arr(&j);
    schema_dataset(c, r, &j, m, v);
    schema_crumbs(c, r, &j, v);
    json_end(&j);
    json_end(&j);
    return (html){ buf_str(&b) };
}
