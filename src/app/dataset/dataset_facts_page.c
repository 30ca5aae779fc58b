/* The fields of the metadata standard (資料集詮釋資料標準規範) with their labels
 * and names in versions 1 and 2, what this hub knows besides, and everything a
 * source said that has no place in the standard (`extra`). What is empty is
 * left out: the page lists what is missing on its own. */
#include "app/dataset/dataset_page.h"
#include "app/shell/shell.h"
#include "kit/text/json_read.h"

enum { EXTRA_MOST = 100, EXTRA_CHARS = 2000 };

static void add_html(ctx *c, dataset_fact_group *g, str label, const char *v1, const char *v2, html value)
{
    if (value.s.n > 0)
        list_add(c->a, &g->facts, (dataset_fact){ label, str_of(v1), str_of(v2), value });
}

static void add(ctx *c, dataset_fact_group *g, str label, const char *v1, const char *v2, str value)
{
    add_html(c, g, label, v1, v2, html_link_text(c->a, value));
}

static html link_html(ctx *c, str href, str text)
{
    buf b = buf_in(c->a);
    if (text.n == 0)
        return (html){ 0 };
    buf_add(&b, S("<a href=\""));
    html_url(&b, href);
    buf_add(&b, S("\">"));
    html_put_str(&b, text);
    buf_add(&b, S("</a>"));
    return (html){ buf_str(&b) };
}

/* An e-mail address or telephone number that a program can use. */
static html reach_html(ctx *c, const char *scheme, str text)
{
    bool plain = text.n > 0;
    for (size_t i = 0; i < text.n; i++)
        plain = plain && (unsigned char)text.p[i] > ' ' && (unsigned char)text.p[i] < 0x7f && strchr("\"<>?&,;", text.p[i]) == NULL;
    return plain ? link_html(c, str_cat(c->a, str_of(scheme), text), text) : html_lines(c->a, text);
}

/* As the register names it; beside it what the source wrote, when that says it in other words. */
static str also(ctx *c, str label, str said)
{
    if (label.n == 0 || said.n == 0 || str_eq(label, said))
        return label.n > 0 ? label : said;
    return lang_with(c, "{label} (as given: {said})", { "label", label }, { "said", said });
}

static str labelled(ctx *c, find_value field, str code)
{
    return code.n > 0 ? find_label(c, field, code) : (str){ 0 };
}

static str moment(ctx *c, bool none, int64_t at)
{
    if (none)
        return (str){ 0 };
    str roc = c->lang == LANG_EN ? (str){ 0 } : str_fmt(c->a, "（%.*s）", S_ARG(day_roc(c->a, at)));
    str text = day_local(c->a, at);
    return str_cat(c->a, str_ends(text, S(" 00:00:00")) ? str_sub(text, 0, 10) : text, roc);
}

static dataset_fact_group *group(ctx *c, dataset_fact_groups *all, const char *id, str title, bool standard)
{
    dataset_fact_group *g = list_push(c->a, all);
    *g = (dataset_fact_group){ .id = str_of(id), .title = title, .standard = standard };
    return g;
}

static void add_content(ctx *c, const dataset_row *d, dataset_fact_group *g)
{
    add(c, g, T(c, "Identifier"), "identifier", "", d->identifier);
    if (d->category.n > 0)
        add_html(c, g, T(c, "Service category"), "categoryCode", "categoryService",
                 link_html(c, link_part(c, "/categories/", d->category, ""),
                           str_fmt(c->a, "%.*s %.*s", S_ARG(d->category), S_ARG(find_label(c, FIND_CATEGORY, d->category)))));
    add(c, g, T(c, "Second category"), "", "categoryDataset", d->category_dataset);
    if (d->theme.n > 0)
        add_html(c, g, T(c, "Theme"), "", "", link_html(c, link_part(c, "/themes/", d->theme, ""), find_label(c, FIND_THEME, d->theme)));
    add(c, g, T(c, "Type"), "type", "", labelled(c, FIND_TYPE, d->type));
    add(c, g, T(c, "Main fields"), "fieldDescription", "resourceField", d->field_description);
    add(c, g, T(c, "Covers from"), "temporalCoverageFrom", "coverageStartedDate", d->temporal_from);
    add(c, g, T(c, "Covers to"), "temporalCoverageTo", "coverageEndedDate", d->temporal_to);
    add(c, g, T(c, "Area covered"), "spatial", "spatialCoverage", d->spatial);
    add(c, g, T(c, "Language"), "language", "", d->language);
    add(c, g, T(c, "Number of records"), "numberOfData", "", d->record_count_null ? (str){ 0 } : num_grouped(c->a, d->record_count));
    add(c, g, T(c, "Landing page"), "landingPage", "relatedUrl", d->landing_page);
    add(c, g, T(c, "Notes"), "notes", "", d->notes);
}

static void add_terms(ctx *c, const dataset_row *d, dataset_fact_group *g)
{
    add(c, g, T(c, "Issued"), "issued", "publishedDate", moment(c, d->issued_at_null, d->issued_at));
    add(c, g, T(c, "Modified"), "modified", "modifiedDate", moment(c, d->updated_at_null, d->updated_at));
    add(c, g, T(c, "Update frequency"), "accrualPeriodicity", "updateFrequency",
        also(c, labelled(c, FIND_FREQUENCY, d->frequency), d->frequency_text));
    add(c, g, T(c, "Licence"), "license", "", also(c, labelled(c, FIND_LICENCE, d->licence), d->licence_text));
    add(c, g, T(c, "Address of the licence"), "licenseURL", "", d->licence_url);
    add(c, g, T(c, "Charge"), "cost", "", also(c, labelled(c, FIND_COST, d->cost), d->cost_text));
    add(c, g, T(c, "About the charge"), "costURL", "", d->cost_url);
    add(c, g, T(c, "Legal basis of the charge"), "costLaw", "", d->cost_law);
    add(c, g, T(c, "Quality check"), "", "dataQuality", d->quality_badge);
}

static void add_people(ctx *c, const dataset_row *d, dataset_fact_group *g)
{
    add(c, g, T(c, "Publisher"), "publisher", "", d->publisher_name);
    add(c, g, T(c, "Agency code of the publisher"), "publisherOrgCode", "", d->publisher_code);
    add(c, g, T(c, "OID of the publisher"), "publisherOID", "", d->publisher_oid);
    add(c, g, T(c, "Contact of the publisher"), "publisherContactName", "", d->publisher_contact);
    add_html(c, g, T(c, "Telephone of the publisher"), "publisherContactPhone", "", reach_html(c, "tel:", d->publisher_phone));
    add_html(c, g, T(c, "E-mail of the publisher"), "publisherContactEmail", "", reach_html(c, "mailto:", d->publisher_email));
    add(c, g, T(c, "Managing organisation"), "organization", "", d->contact_org);
    add(c, g, T(c, "Contact"), "organizationContactName", "", d->contact_name);
    add_html(c, g, T(c, "Telephone"), "organizationContactPhone", "", reach_html(c, "tel:", d->contact_phone));
    add_html(c, g, T(c, "E-mail"), "organizationContactEmail", "", reach_html(c, "mailto:", d->contact_email));
}

static void add_hub(ctx *c, const dataset_row *d, dataset_fact_group *g)
{
    add(c, g, T(c, "Permanent identifier"), "", "", d->uid);
    add(c, g, T(c, "Class"), "", "", find_label(c, FIND_CLASS, d->class));
    add(c, g, T(c, "Source"), "", "", d->source);
    add(c, g, T(c, "Key at the source"), "", "", d->source_key);
    add(c, g, T(c, "Entered here"), "", "", day_local(c->a, d->created_at));
    add(c, g, T(c, "Changed here"), "", "", day_local(c->a, d->modified_at));
    add(c, g, T(c, "Views at the source"), "viewCount", "", d->view_count > 0 ? num_grouped(c->a, d->view_count) : (str){ 0 });
    add(c, g, T(c, "Downloads at the source"), "downloadCount", "", d->download_count > 0 ? num_grouped(c->a, d->download_count) : (str){ 0 });
}

static void add_extra(ctx *c, str extra, dataset_fact_group *g)
{
    json all;
    ctx scratch = *c;
    if (!json_parse(&scratch, extra, &all) || all.type != JSON_OBJ)
        return;
    for (size_t i = 0; i < all.obj.n && i < EXTRA_MOST; i++) {
        buf b = buf_in(c->a);
        const json *value = &all.obj.v[i];
        bool nested = value->type == JSON_ARR || value->type == JSON_OBJ;
        if (nested)
            json_dump(&b, value, false);
        add(c, g, all.obj.keys[i], "", "", utf8_cut_chars(nested ? buf_str(&b) : json_text(c, value), EXTRA_CHARS));
    }
}

void dataset_facts(ctx *c, const dataset_row *d, dataset_fact_groups *out)
{
    add_content(c, d, group(c, out, "content", T(c, "Content"), true));
    add_terms(c, d, group(c, out, "terms", T(c, "Dates, licence and charge"), true));
    add_people(c, d, group(c, out, "people", T(c, "Who is responsible"), true));
    add_hub(c, d, group(c, out, "hub", T(c, "In this catalogue"), false));
    add_extra(c, d->extra, group(c, out, "extra", T(c, "Further statements of the source"), false));
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++)
        if (out->v[i].facts.n > 0)
            out->v[kept++] = out->v[i];
    out->n = kept;
}

void dataset_file_facts(ctx *c, const distribution_row *f, dataset_fact_group *g)
{
    g->standard = true;
    add(c, g, T(c, "Identifier"), "resourceID", "", f->identifier);
    add(c, g, T(c, "Description"), "resourceDescription", "", f->description);
    add(c, g, T(c, "Format"), "format", "resourceFormat", also(c, labelled(c, FIND_FORMAT, f->format), f->format_text));
    add(c, g, T(c, "Media type"), "", "", f->media_type);
    add(c, g, T(c, "Address"), str_eq(f->url_kind, S("access")) ? "accessURL" : "downloadURL", "resourceDownloadUrl", f->url);
    add(c, g, T(c, "Character set"), "characterSetCode", "resourceCharacterEncoding", f->charset);
    add(c, g, T(c, "Modified"), "resourceModified", "", moment(c, f->updated_at_null, f->updated_at));
    add(c, g, T(c, "Number of records"), "", "resourceAmount", f->record_count_null ? (str){ 0 } : num_grouped(c->a, f->record_count));
    add(c, g, T(c, "Size"), "", "", f->byte_count_null ? (str){ 0 }
        : str_fmt(c->a, "%.*s (%.*s B)", S_ARG(num_bytes(c->a, f->byte_count)), S_ARG(num_grouped(c->a, f->byte_count))));
    add(c, g, T(c, "Its own metadata"), "metadataSourceOfData", "", f->metadata_url);
    add(c, g, T(c, "Notes"), "", "resourceNotes", f->notes);
    add(c, g, T(c, "Permanent identifier"), "", "", f->uid);
    add_extra(c, f->extra, g);
}
