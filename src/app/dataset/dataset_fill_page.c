/* From the rows to what the page of a dataset shows. */
#include "app/dataset/dataset_page.h"
#include "app/licence/licence.h"
#include "app/shell/shell.h"
#include "kit/text/json_read.h"

enum { FILES_WHOLE = 40, NAME_BYTES = 80 };

str dataset_title(const ctx *c, const dataset_row *d)
{
    return lang_pick(c, d->title, d->title_en);
}

static str dataset_updated(ctx *c, const dataset_row *d)
{
    return day_iso(c->a, d->updated_at_null ? d->modified_at : d->updated_at);
}

str dataset_attribution(ctx *c, const dataset_row *d, str publisher)
{
    const licence *l = licence_by_code(d->licence);
    int64_t when = !d->updated_at_null ? d->updated_at : !d->issued_at_null ? d->issued_at : d->created_at;
    if (l == NULL || l->attribution.n == 0)
        return (str){ 0 };
    return licence_attribution(c->a, l, publisher, str_fmt(c->a, "%d", day_year_taipei(when)), d->title, (str){ 0 });
}

/* --- distributions --- */

/* A name that a machine gave: sixteen and more hexadecimal digits, whatever the ending. */
static bool is_machine_name(str name)
{
    size_t n = 0;
    while (n < name.n && strchr("0123456789abcdefABCDEF-_", name.p[n]) != NULL)
        n++;
    return n >= 16 && (n == name.n || name.p[n] == '.');
}

/* The name of the file in its address, where people can read it. */
static str name_in(ctx *c, str address)
{
    url u;
    str name = { 0 };
    if (!url_parse(address, &u))
        return (str){ 0 };
    size_t slash = str_rfind_byte(u.path, '/');
    str last = slash < u.path.n ? str_from(u.path, slash + 1) : u.path;
    if (str_find_byte(last, '.') == last.n || !url_decode(c->a, last, false, &name) || !utf8_valid(name, NULL) || name.n > NAME_BYTES)
        return (str){ 0 };
    return is_machine_name(name) ? (str){ 0 } : name;
}

static str title_of(ctx *c, const distribution_row *f, int64_t number)
{
    if (f->title.n > 0)
        return f->title;
    if (f->description.n > 0 && utf8_count(f->description) <= 120)
        return f->description;
    str name = name_in(c, f->url);
    if (name.n > 0)
        return name;
    str n = num_grouped(c->a, number);
    return f->format.n > 0 ? lang_with(c, "File {n} ({format})", { "n", n }, { "format", f->format }) : lang_with(c, "File {n}", { "n", n });
}

static void add_fields(ctx *c, str fields, dataset_file *out)
{
    json all;
    ctx scratch = *c;                     /* what a source wrote here is no reason to refuse the page */
    if (!json_parse(&scratch, fields, &all) || all.type != JSON_ARR)
        return;
    for (size_t i = 0; i < all.arr.n; i++) {
        dataset_field_line l = { json_get_text(c, &all.arr.v[i], "name"), json_get_text(c, &all.arr.v[i], "description") };
        if (l.name.n > 0 || l.description.n > 0)
            list_add(c->a, &out->fields, l);
    }
}

static str found_label(ctx *c, str found)
{
    const format *f = format_by_code(found);
    return f != NULL                              ? f->title
         : str_eq(found, S("an archive"))         ? T(c, "an archive")
         : str_eq(found, S("a text document"))    ? T(c, "a text document")
         : str_eq(found, S("an image"))           ? T(c, "an image")
                                                  : T(c, "of no format that is known");
}

static str dataset_star_by(ctx *c, bool proven, str found)
{
    return proven ? lang_with(c, "Known from the bytes of the file, which are {format}.", { "format", found_label(c, found) })
                  : T(c, "By what is declared: no bytes have been read that would tell.");
}

str dataset_star_note(ctx *c, const dataset_row *d)
{
    return d->rating > 0 && licence_by_code(d->licence) == NULL
        ? T(c, "By annex 4 even the first star needs an open licence. None is known here, so these are the stars of the format alone.") : (str){ 0 };
}

dataset_file dataset_file_of(ctx *c, const dataset_row *d, const distribution_row *f, int64_t number)
{
    const format *known = format_by_code(f->format);
    dataset_file v = { .row = f, .number = number, .number_text = num_grouped(c->a, number), .title = title_of(c, f, number),
        .url = f->url, .format = known != NULL ? known->title : f->format, .media_type = f->media_type, .charset = f->charset,
        .href = link_to(c, str_fmt(c->a, "/datasets/%.*s/%" PRId64, S_ARG(url_encoded(c->a, d->slug)), number)),
        .identifier = f->identifier, .notes = f->notes, .service = str_eq(f->url_kind, S("access")),
        .usable = url_is_web(f->url), .stars = dataset_stars_of(c, f->rating, f->found_format.n > 0, d->licence),
        .star_why = str_fmt(c->a, "%.*s %.*s", S_ARG(T(c, verdict_star_why((int)f->rating))), S_ARG(dataset_star_by(c, f->found_format.n > 0, f->found_format))) };
    if (f->found_format.n > 0 && !str_eq(f->found_format, f->format))
        v.other_format = lang_with(c, "its bytes are {format}", { "format", found_label(c, f->found_format) });
    v.action = v.service ? T(c, "Open the service") : T(c, "Download");
    if (!str_eq(f->description, v.title))
        v.description = f->description;
    if (!f->byte_count_null)
        v.size = num_bytes(c->a, f->byte_count);
    if (!f->record_count_null)
        v.records = num_grouped(c->a, f->record_count);
    if (!f->updated_at_null) {
        v.updated = day_iso_date(c->a, f->updated_at);
        v.updated_iso = day_iso(c->a, f->updated_at);
    }
    add_fields(c, f->fields, &v);
    return v;
}

/* The file that the dataset's stars are of. */
static bool is_best(const dataset_row *d, const distribution_row *f)
{
    return d->rating > 0 && f->rating == d->rating && (f->found_format.n > 0) == verdict_by_bytes(d->rating_by);
}

static void fill_files(ctx *c, const dataset_read *m, dataset_view *v)
{
    for (size_t i = 0; i < m->files.n; i++) {
        dataset_file f = dataset_file_of(c, &m->d, &m->files.v[i], (int64_t)i + 1);
        f.tables = table_links(c, &m->tables, m->files.v[i].uid);
        f.link = link_state_of(c, &m->links, m->files.v[i].uid, m->files.v[i].url);
        if (i < FILES_WHOLE)
            list_add(c->a, &v->files, f);
        else
            list_add(c->a, &v->more_files, f);
        if (is_best(&m->d, &m->files.v[i]) && v->star_file.n == 0) {
            v->star_file = f.title;
            v->star_file_href = f.href;
            v->star_by = dataset_star_by(c, f.stars.proven, m->files.v[i].found_format);
        }
    }
    v->file_count = num_grouped(c->a, (int64_t)m->files.n);
    if (v->more_files.n > 0)
        v->more_label = lang_with(c, "{n} more files", { "n", num_grouped(c->a, (int64_t)v->more_files.n) });
}

/* --- verdict, stars, completeness, licence --- */

static void add_condition(ctx *c, str title, verdict_answer a, const char *why, dataset_view *v)
{
    const str words[] = { T(c, "yes"), T(c, "no"), T(c, "not known") };
    list_add(c->a, &v->conditions, (dataset_condition){ .answer = str_of(verdict_word(a)), .why = T(c, why),
        .title = lang_with(c, "{condition}: {answer}", { "condition", title }, { "answer", words[a] }) });
}

static void fill_judgement(ctx *c, const dataset_read *m, dataset_view *v)
{
    v->verdict = str_of(verdict_word(m->v.all));
    v->verdict_label = m->v.all == VERDICT_YES ? T(c, "Open data") : m->v.all == VERDICT_NO ? T(c, "Not open data")
                     : T(c, "Not known whether open");
    add_condition(c, T(c, "Open licence"), m->v.licence, m->v.licence_why, v);
    add_condition(c, T(c, "Easy access"), m->v.access, m->v.access_why, v);
    add_condition(c, T(c, "Open format"), m->v.format, m->v.format_why, v);
    v->stars = dataset_stars_of(c, m->d.rating, verdict_by_bytes(m->d.rating_by), m->d.licence);
    v->star_why = T(c, verdict_star_why((int)m->d.rating));
    v->star_note = dataset_star_note(c, &m->d);
    v->percent = m->k.percent;
    v->percent_text = str_fmt(c->a, "%d%%", m->k.percent);
    for (size_t i = 0; i < m->k.n; i++)
        list_add(c->a, &v->missing, T(c, m->k.v[i].label));
}

static void fill_licence(ctx *c, const dataset_read *m, dataset_view *v)
{
    const licence *l = licence_by_code(m->d.licence);
    const vocabulary *voc = vocabulary_get();
    v->licence = l != NULL ? lang_pick(c, l->title, l->title_en) : m->d.licence_text;
    str address = l != NULL && l->url.n > 0 ? l->url : m->d.licence_url;
    v->licence_url = url_is_web(address) ? address : (str){ 0 };
    v->licence_known = l != NULL;
    if (l == NULL)
        return;
    v->licence_href = link_part(c, "/licences/", l->code, "");
    v->licence_open = l->open;
    v->licence_reason = lang_pick(c, l->open_reason, l->open_reason_en);
    v->attribution = dataset_attribution(c, &m->d, m->own.org_name);
    for (size_t i = 0; i < voc->licences.n; i++)
        if (&voc->licences.v[i] != l && licence_moves_to(l, &voc->licences.v[i]))
            list_add(c->a, &v->moves_to, (dataset_licence_link){ lang_pick(c, voc->licences.v[i].title, voc->licences.v[i].title_en),
                                                                 link_part(c, "/licences/", voc->licences.v[i].code, "") });
}

/* --- the rest --- */

static void fill_keywords(ctx *c, const dataset_row *d, dataset_view *v)
{
    json all;
    ctx scratch = *c;
    if (!json_parse(&scratch, d->keywords, &all) || all.type != JSON_ARR)
        return;
    for (size_t i = 0; i < all.arr.n; i++) {
        str word = json_text(c, &all.arr.v[i]);
        str path = str_fmt(c->a, "/datasets?%s=%.*s", find_value_name(FIND_TAG), S_ARG(url_encoded(c->a, word)));
        list_add(c->a, &v->keywords, (dataset_licence_link){ word, link_to(c, path) });
    }
}

static void fill_dates(ctx *c, const dataset_row *d, dataset_view *v)
{
    if (!d->issued_at_null) {
        v->issued = day_iso_date(c->a, d->issued_at);
        v->issued_iso = day_iso(c->a, d->issued_at);
    }
    v->dated = d->updated_at_null ? T(c, "Entered here") : T(c, "Updated");
    v->updated = day_iso_date(c->a, d->updated_at_null ? d->modified_at : d->updated_at);
    v->updated_iso = dataset_updated(c, d);
    v->frequency = d->frequency.n > 0 ? find_label(c, FIND_FREQUENCY, d->frequency) : d->frequency_text;
    v->views = d->view_count > 0 ? num_grouped(c->a, d->view_count) : (str){ 0 };
    v->downloads = d->download_count > 0 ? num_grouped(c->a, d->download_count) : (str){ 0 };
    v->records = d->record_count_null ? (str){ 0 } : num_grouped(c->a, d->record_count);
}

void dataset_fill(ctx *c, const dataset_read *m, dataset_view *v)
{
    const dataset_row *d = &m->d;
    str slug = url_encoded(c->a, d->slug);
    v->title = dataset_title(c, d);
    v->lang = dataset_title_lang(c, d->title_en);
    v->other_title = str_eq(v->title, d->title) ? d->title_en : d->title;
    v->slug = d->slug;
    v->canonical = str_cat(c->a, S("/datasets/"), slug);
    v->description_text = d->description;
    v->description = html_link_text(c->a, d->description);
    v->organization = lang_pick(c, m->own.org_name, m->own.org_name_en);
    v->organization_slug = m->own.org_slug;
    v->organization_href = link_part(c, "/organizations/", m->own.org_slug, "");
    v->class_note = str_eq(d->class, S("limited")) ? T(c, "Class B (乙): limited data. An application or a fee may be needed.") : (str){ 0 };
    fill_dates(c, d, v);
    fill_files(c, m, v);
    fill_judgement(c, m, v);
    fill_licence(c, m, v);
    fill_keywords(c, d, v);
    dataset_facts(c, d, &v->groups);
    v->related = m->related;
    v->related_href = link_to(c, str_fmt(c->a, "/datasets?%s=%.*s", find_value_name(FIND_ORG), S_ARG(url_encoded(c->a, m->own.org_slug))));
    v->history = m->history;
    v->json_href = link_to(c, str_cat(c->a, v->canonical, S(".json")));
    v->ckan_href = str_cat(c->a, S("/api/3/action/package_show?id="), slug);
}
