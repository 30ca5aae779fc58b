#include "app/dataset/dataset_page.h"

#include "app/measure/measure_page.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "kit/text/json_read.h"
#include "views.h"

enum { RELATED = 6, HISTORY = 20 };

/* --- which one, and who may see it --- */

static bool sight_of(ctx *c, const dataset_row *d, policy_sight *out)
{
    policy_state state;
    policy_class klass;
    if (!policy_state_of(d->state, &state) || !policy_class_of(d->class, &klass))
        return fail(c, INTERNAL, "a dataset has a state or class that the policy does not know");
    *out = policy_sees(ROLE_VISITOR, state, klass);
    return true;
}

/* By slug, uid, or a slug that it had. What the visitor may not see is not found, whatever it was asked by. */
static bool find_one(ctx *c, str key, dataset_row *d, policy_sight *sight)
{
    bool found;
    if (!q_dataset_by_key(c, key, d, &found))
        return false;
    if (!found) {
        alias_row old;
        if (!q_alias_find(c, S("dataset"), key, &old, &found) || (found && !q_dataset_by_id(c, old.subject_id, d)))
            return false;
    }
    if (found && !sight_of(c, d, sight))
        return false;
    return (found && *sight != SEE_NOTHING) || fail_said(c, NOT_FOUND, S(""), "there is no dataset “{name}”; /datasets finds them",
                                                         { "name", utf8_cut(key, 80) });
}

/* Newest of the same organisation, and the dataset's own line, which names the organisation: one statement. */
static bool read_beside(ctx *c, size_t most, dataset_read *m)
{
    find_filter filter = { FIND_ORG, find_organization_slug(c, m->d.organization_id) };
    find_answer a = { 0 };
    dataset_brief_list rows;
    int64_t ids[RELATED + 1] = { m->d.id };
    size_t n = 1;
    if (most > 0 && !find_run(c, ROLE_VISITOR, &(find_request){ .filters = &filter, .filter_count = 1, .sort = FIND_BY_ISSUED,
                                                                .page = 1, .rows = most + 1 }, &a))
        return false;
    for (size_t i = 0; i < a.id_count && n < most + 1; i++)
        if (a.ids[i] != m->d.id)
            ids[n++] = a.ids[i];
    if (!q_dataset_briefs(c, (q_ints){ ids, n }, &rows))
        return false;
    for (size_t i = 0; i < n; i++)
        list_each (const dataset_brief, d, &rows)
            if (d->id == ids[i] && i > 0)
                list_add(c->a, &m->related, dataset_hit_of(c, d, NULL));
            else if (d->id == ids[i])
                m->own = *d;
    return m->own.id != 0 || fail(c, INTERNAL, "a dataset has no organisation");
}

static bool redirect(ctx *c, const http_req *r, http_res *w, str slug)
{
    str n = http_param(r, "n");
    str tail = n.n > 0 ? str_cat(c->a, S("/"), url_encoded(c->a, n)) : (str){ 0 };
    str path = str_fmt(c->a, "/datasets/%.*s%.*s%s", S_ARG(url_encoded(c->a, slug)), S_ARG(tail), r->wants_json ? ".json" : "");
    return http_redirect(c, w, 301, link_to(c, path));
}

static bool show_json(ctx *c, http_res *w, str text)
{
    w->any_origin = true;
    return http_body_json(c, w, text);
}

/* --- what has been withdrawn --- */

static str tombstone_json(ctx *c, const dataset_row *d, const dataset_tombstone_view *v)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "id", d->uid);
    json_kv(&j, "name", d->slug);
    json_kv(&j, "title", d->title);
    json_kv(&j, "state", d->state);
    json_kv(&j, "organization", v->organization);
    json_kv(&j, "withdrawn", v->at_iso);
    json_key(&j, S("reason"));
    json_str_or_null(&j, v->reason);
    json_key(&j, S("error"));
    json_obj(&j);
    json_kv(&j, "status", err_http(ERR_GONE));
    json_kv(&j, "code", err_name(ERR_GONE));
    json_kv(&j, "message", err_text(ERR_GONE));
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

/* Why and when: what the newest entry of the ledger says, else what the record brought with it. */
static void tell_withdrawal(ctx *c, const dataset_read *m, dataset_tombstone_view *v)
{
    json extra;
    if (m->history.n > 0)
        v->reason = m->history.v[0].reason;
    if (v->reason.n > 0 || m->d.extra.n == 0 || !json_parse(c, m->d.extra, &extra)) {
        err_clear(c);
        return;
    }
    const json *withdrawal = json_get(&extra, "withdrawal");
    str date = json_get_text(c, withdrawal, "date");
    v->reason = json_get_text(c, withdrawal, "reason");
    if (date.n > 0)
        v->at = v->at_iso = date;
}

static bool show_tombstone(ctx *c, const http_req *r, http_res *w, dataset_read *m)
{
    if (!read_beside(c, RELATED, m) || !ledger_history(c, m->d.id, m->d.state, m->d.class, 1, &m->history))
        return false;
    dataset_tombstone_view v = { .title = dataset_title(c, &m->d), .slug = m->d.slug, .related = m->related,
        .organization = lang_pick(c, m->own.org_name, m->own.org_name_en),
        .organization_href = link_part(c, "/organizations/", m->own.org_slug, ""),
        .at = day_iso_date(c->a, m->d.modified_at), .at_iso = day_iso(c->a, m->d.modified_at) };
    tell_withdrawal(c, m, &v);
    page p = { .title = v.title, .canonical = str_cat(c->a, S("/datasets/"), m->d.slug), .nav = NAV_DATASETS, .no_index = true,
               .json = str_fmt(c->a, "/datasets/%.*s.json", S_ARG(m->d.slug)) };
    bool ok = r->wants_json ? show_json(c, w, tombstone_json(c, &m->d, &v)) : page_show(c, r, w, &p, view_dataset_tombstone(c, &v));
    w->status = err_http(ERR_GONE);
    return ok;
}

/* The dataset of the address. *done: it is answered already, by its present name or as one that was withdrawn. */
static bool begin(ctx *c, const http_req *r, http_res *w, dataset_read *m, bool *done)
{
    policy_sight sight = SEE_NOTHING;
    *done = false;
    if (!find_one(c, http_param(r, "slug"), &m->d, &sight))
        return false;
    bool renamed = !str_eq(http_param(r, "slug"), m->d.slug);
    if (!renamed && sight != SEE_TOMBSTONE)
        return true;
    *done = renamed ? redirect(c, r, w, m->d.slug) : show_tombstone(c, r, w, m);
    return *done;
}

/* --- one dataset --- */

static bool read_files(ctx *c, dataset_read *m)
{
    return q_distribution_of(c, m->d.id, &m->files) && q_table_links_of(c, m->d.id, &m->tables) && q_link_of_dataset(c, m->d.id, &m->links);
}

static void judge(dataset_read *m)
{
    m->v = verdict_of(&m->d, &m->files);
    m->k = verdict_completeness(&m->d, &m->files);
}

bool dataset_one_page(ctx *c, const http_req *r, http_res *w)
{
    dataset_read m = { 0 };
    bool done;
    if (!begin(c, r, w, &m, &done) || done)
        return done;
    if (!read_files(c, &m) || !read_beside(c, r->wants_json ? 0 : RELATED, &m)
        || !ledger_history(c, m.d.id, m.d.state, m.d.class, HISTORY, &m.history))
        return false;
    judge(&m);
    if (r->wants_json)
        return show_json(c, w, dataset_json(c, r, &m));
    dataset_view v = { 0 };
    dataset_fill(c, &m, &v);
    if (!measure_dataset_card(c, m.d.id, m.own.org_slug, m.d.quality_badge, &v.quality))
        return false;
    page p = { .title = v.title, .description = utf8_cut_chars(v.description_text.n > 0 ? v.description_text : v.title, 150),
               .canonical = v.canonical, .json = str_cat(c->a, v.canonical, S(".json")), .nav = NAV_DATASETS,
               .json_ld = dataset_schema_org(c, r, &m, &v) };
    return page_show(c, r, w, &p, view_dataset(c, &v));
}

/* --- one distribution --- */

static void fill_file(ctx *c, const dataset_read *m, int64_t number, dataset_file_view *v)
{
    const distribution_row *f = &m->files.v[number - 1];
    str base = str_fmt(c->a, "/datasets/%.*s/", S_ARG(url_encoded(c->a, m->d.slug)));
    const licence *l = licence_by_code(m->d.licence);
    v->file = dataset_file_of(c, &m->d, f, number);
    v->file.tables = table_links(c, &m->tables, f->uid);
    v->file.link = link_state_of(c, &m->links, f->uid, f->url);
    v->dataset = dataset_title(c, &m->d);
    v->dataset_href = link_part(c, "/datasets/", m->d.slug, "");
    v->organization = lang_pick(c, m->own.org_name, m->own.org_name_en);
    v->organization_href = link_part(c, "/organizations/", m->own.org_slug, "");
    v->licence = l != NULL ? find_label(c, FIND_LICENCE, l->code) : m->d.licence_text;
    v->licence_href = l != NULL ? link_part(c, "/licences/", l->code, "") : (str){ 0 };
    v->attribution = dataset_attribution(c, &m->d, m->own.org_name);
    v->of = lang_with(c, "File {n} of {all}", { "n", num_grouped(c->a, number) }, { "all", num_grouped(c->a, (int64_t)m->files.n) });
    if (number > 1)
        v->previous = link_to(c, str_fmt(c->a, "%.*s%" PRId64, S_ARG(base), number - 1));
    if (number < (int64_t)m->files.n)
        v->next = link_to(c, str_fmt(c->a, "%.*s%" PRId64, S_ARG(base), number + 1));
    dataset_file_facts(c, f, &v->facts);
}

bool dataset_file_page(ctx *c, const http_req *r, http_res *w)
{
    dataset_read m = { 0 };
    int64_t number;
    bool done;
    str said = http_param(r, "n");
    if (!begin(c, r, w, &m, &done) || done)
        return done;
    if (!read_files(c, &m) || !read_beside(c, 0, &m))
        return false;
    if (!str_to_i64(said, &number) || number < 1 || number > (int64_t)m.files.n
        || !str_eq(said, str_fmt(c->a, "%" PRId64, number)))
        return fail_said(c, NOT_FOUND, S(""), "there is no file “{number}”: the dataset has {n}, counted from 1",
                         { "number", utf8_cut(said, 20) }, { "n", str_fmt(c->a, "%zu", m.files.n) });
    dataset_file_view v = { 0 };
    fill_file(c, &m, number, &v);
    if (r->wants_json)
        return show_json(c, w, dataset_file_json(c, r, &m, &v.file));
    if (!table_preview(c, m.files.v[number - 1].uid, &v.preview))
        return false;
    str path = str_fmt(c->a, "/datasets/%.*s/%" PRId64, S_ARG(url_encoded(c->a, m.d.slug)), number);
    page p = { .title = str_fmt(c->a, "%.*s – %.*s", S_ARG(v.file.title), S_ARG(v.dataset)), .canonical = path, .nav = NAV_DATASETS,
               .description = utf8_cut_chars(v.file.description, 150), .json = str_cat(c->a, path, S(".json")) };
    return page_show(c, r, w, &p, view_dataset_file(c, &v));
}
