#include "app/ledger/ledger_page.h"

#include "app/ledger/ledger.h"
#include "app/policy/policy.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "kit/text/json_read.h"
#include "queries.h"
#include "views.h"

enum { ROWS = 50, VALUE_CHARS = 120 };

static const char *const actions[] = { "dataset.create", "dataset.update", "dataset.rate", "dataset.withdraw", "organization.create",
                                       "organization.update", "target.create", "target.update", "site.create",
                                       "quality.measure", "link.walk" };

static str action_label(ctx *c, str action)
{
    if (str_eq(action, S("dataset.create")))
        return T(c, "Dataset listed");
    if (str_eq(action, S("dataset.update")))
        return T(c, "Dataset changed");
    if (str_eq(action, S("dataset.rate")))
        return T(c, "Dataset rated by its files");
    if (str_eq(action, S("dataset.withdraw")))
        return T(c, "Dataset withdrawn");
    if (str_eq(action, S("organization.create")))
        return T(c, "Organisation entered");
    if (str_eq(action, S("organization.update")))
        return T(c, "Organisation changed");
    if (str_eq(action, S("target.create")))
        return T(c, "Target set");
    if (str_eq(action, S("target.update")))
        return T(c, "Target revised");
    if (str_eq(action, S("site.create")))
        return T(c, "Site founded");
    if (str_eq(action, S("link.walk")))
        return T(c, "Addresses asked");
    if (str_eq(action, S("quality.measure")))
        return T(c, "Quality measured");
    return action;
}

static str kind_label(ctx *c, str kind)
{
    if (str_eq(kind, S("dataset")))
        return T(c, "Dataset");
    if (str_eq(kind, S("organization")))
        return T(c, "Organisation");
    if (str_eq(kind, S("target")))
        return T(c, "Target");
    return T(c, "Site");
}

/* How a dataset stood after a row: gathered from the newest rows that say so. */
typedef struct { str class_, state; } standing;

static bool gather(ctx *c, const ledger_state *row, void *data)
{
    standing *s = data;
    json after;
    if (s->class_.n > 0 && s->state.n > 0)
        return true;
    if (!json_parse(c, row->after_json, &after))
        return false;
    if (s->class_.n == 0)
        s->class_ = json_get_text(c, &after, "class");
    if (s->state.n == 0)
        s->state = json_get_text(c, &after, "state");
    return true;
}

/* Unknown is not public. */
static bool is_public(const standing *s)
{
    policy_class klass;
    policy_state state;
    return policy_class_of(s->class_, &klass) && policy_state_of(s->state, &state)
        && policy_sees(ROLE_VISITOR, state, klass) != SEE_NOTHING;
}

static bool was_public(ctx *c, int64_t dataset, int64_t seq, bool *yes)
{
    standing s = { 0 };
    if (!q_ledger_page_state(c, dataset, seq, gather, &s))
        return false;
    *yes = is_public(&s);
    return true;
}

static bool is_contact(str field)
{
    return str_starts(field, S("contact_")) || str_starts(field, S("publisher_"));
}

static str value_text(ctx *c, const json *v)
{
    if (v == NULL || v->type == JSON_NULL)
        return (str){ 0 };
    if (v->type == JSON_ARR || v->type == JSON_OBJ) {
        buf b = buf_in(c->a);
        json_dump(&b, v, true);
        return utf8_cut_chars(buf_str(&b), VALUE_CHARS);
    }
    return utf8_cut_chars(json_text(c, v), VALUE_CHARS);
}

static bool add_fields(ctx *c, const ledger_line *row, bool values, ledger_entry_line *line)
{
    json before, after;
    if (str_ends(row->action, S(".create")))
        return true;
    if (!json_parse(c, row->before_json, &before) || !json_parse(c, row->after_json, &after))
        return false;
    for (size_t i = 0; after.type == JSON_OBJ && i < after.obj.n; i++) {
        str name = after.obj.keys[i];
        ledger_field f = { .name = name, .values = values && !is_contact(name) };
        if (f.values) {
            f.before = value_text(c, json_get_s(&before, name));
            f.after = value_text(c, &after.obj.v[i]);
        }
        list_add(c->a, &line->fields, f);
    }
    return true;
}

static ledger_entry_line line_of(ctx *c, const ledger_line *r)
{
    ledger_entry_line l = { .seq = r->seq, .seq_text = num_grouped(c->a, r->seq), .at = day_local(c->a, r->at),
        .at_iso = day_iso(c->a, r->at), .actor = r->actor, .behalf = r->behalf, .action = r->action,
        .action_label = action_label(c, r->action), .kind = r->subject_kind, .kind_label = kind_label(c, r->subject_kind),
        .key = r->subject_key, .reason = r->reason, .hash = r->hash, .prev_hash = r->prev_hash,
        .short_hash = str_sub(r->hash, 0, 12), .organization = lang_pick(c, r->organization, r->organization_en),
        .organization_slug = r->organization_slug };
    l.title = lang_pick(c, r->subject_title, r->subject_title_en);
    if (l.title.n == 0)
        l.title = r->subject_key;
    if (r->organization_slug.n > 0)
        l.organization_href = link_part(c, "/organizations/", r->organization_slug, "");
    if (r->subject_slug.n > 0)
        l.href = link_part(c, str_eq(r->subject_kind, S("dataset")) ? "/datasets/" : "/organizations/", r->subject_slug, "");
    else if (str_eq(r->subject_kind, S("target")))
        l.href = link_to(c, S("/targets"));
    return l;
}

static bool add_line(ctx *c, const ledger_line *row, ledger_view *v)
{
    bool now = true, before = true;
    if (str_eq(row->subject_kind, S("dataset"))) {
        if (!was_public(c, row->subject_id, row->seq, &now) || !was_public(c, row->subject_id, row->seq - 1, &before))
            return false;
    }
    if (!now)
        return true;
    ledger_entry_line line = line_of(c, row);
    if (!add_fields(c, row, before, &line))
        return false;
    list_add(c->a, &v->lines, line);
    return true;
}

/* From the newest back: how it stood before a row is what the row says of class and state before, or as after it. */
bool ledger_history(ctx *c, int64_t dataset, str state, str class_, size_t most, ledger_entry_lines *out)
{
    standing s = { class_, state };
    ledger_line_list rows;
    if (!q_ledger_page_of_dataset(c, dataset, (int64_t)most, &rows))
        return false;
    list_each (const ledger_line, row, &rows) {
        json before;
        bool now = is_public(&s);
        if (!json_parse(c, row->before_json, &before))
            return false;
        if (json_get(&before, "class") != NULL)
            s.class_ = json_get_text(c, &before, "class");
        if (json_get(&before, "state") != NULL)
            s.state = json_get_text(c, &before, "state");
        ledger_entry_line line = line_of(c, row);
        if (now && !add_fields(c, row, is_public(&s), &line))
            return false;
        if (now)
            list_add(c->a, out, line);
    }
    return true;
}

static str page_path(ctx *c, int64_t before, str action, str organization)
{
    buf b = buf_in(c->a);
    const char *join = "?";
    buf_add(&b, S("/ledger"));
    if (before > 0) {
        buf_fmt(&b, "?before=%" PRId64, before);
        join = "&";
    }
    if (action.n > 0) {
        buf_fmt(&b, "%saction=%.*s", join, S_ARG(url_encoded(c->a, action)));
        join = "&";
    }
    if (organization.n > 0)
        buf_fmt(&b, "%sorganization=%.*s", join, S_ARG(url_encoded(c->a, organization)));
    return buf_str(&b);
}

static bool read_lines(ctx *c, int64_t before, str action, int64_t organization, str slug, ledger_view *v)
{
    ledger_line_list rows;
    if (!q_ledger_page_before(c, before, action, organization, ROWS + 1, &rows))
        return false;
    size_t n = rows.n > ROWS ? ROWS : rows.n;
    for (size_t i = 0; i < n; i++)
        if (!add_line(c, &rows.v[i], v))
            return false;
    if (rows.n > ROWS)
        v->older = link_to(c, page_path(c, rows.v[n - 1].seq, action, slug));
    return true;
}

static void line_json(json_w *j, const ledger_entry_line *l)
{
    json_obj(j);
    json_kv(j, "seq", l->seq);
    json_kv(j, "at", l->at_iso);
    json_kv(j, "actor", l->actor);
    json_key(j, S("behalf"));
    json_str_or_null(j, l->behalf);
    json_kv(j, "action", l->action);
    json_key(j, S("subject"));
    json_obj(j);
    json_kv(j, "kind", l->kind);
    json_kv(j, "key", l->key);
    json_kv(j, "title", l->title);
    json_end(j);
    json_key(j, S("organization"));
    json_str_or_null(j, l->organization_slug);
    json_key(j, S("reason"));
    json_str_or_null(j, l->reason);
    json_key(j, S("changes"));
    json_arr(j);
    for (size_t i = 0; i < l->fields.n; i++) {
        json_obj(j);
        json_kv(j, "field", l->fields.v[i].name);
        if (l->fields.v[i].values) {
            json_kv(j, "before", l->fields.v[i].before);
            json_kv(j, "after", l->fields.v[i].after);
        }
        json_end(j);
    }
    json_end(j);
    json_kv(j, "prev_hash", l->prev_hash);
    json_kv(j, "hash", l->hash);
    json_end(j);
}

static bool show_json(ctx *c, http_res *w, const ledger_view *v)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "newest_seq", v->head_seq);
    json_kv(&j, "newest_hash", v->head_hash);
    json_key(&j, S("entries"));
    json_arr(&j);
    for (size_t i = 0; i < v->lines.n; i++)
        line_json(&j, &v->lines.v[i]);
    json_end(&j);
    json_key(&j, S("older"));
    json_str_or_null(&j, v->older);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

bool ledger_page(ctx *c, const http_req *r, http_res *w)
{
    str action = http_arg(r, "action"), asked = str_trim(http_arg(r, "organization"));
    int64_t before, organization = 0;
    ledger_head_row head;
    ledger_view v = { .organization = asked, .filtered = action.n > 0 || asked.n > 0 };
    if (!http_arg_int(c, r, "before", INT64_MAX, 1, INT64_MAX, &before) || !q_ledger_head_read(c, &head))
        return false;
    if (asked.n > 0) {
        ledger_publisher o;
        bool found;
        if (!q_ledger_page_organization(c, asked, &o, &found))
            return false;
        if (!found)
            return fail_said(c, NOT_FOUND, S("organization"), "there is no organisation “{name}”; /organizations lists them all",
                             { "name", utf8_cut(asked, 80) });
        organization = o.id;
        v.organization = o.slug;
        v.organization_name = lang_pick(c, o.name, o.name_en);
    }
    for (size_t i = 0; i < array_len(actions); i++)
        list_add(c->a, &v.actions, (ledger_choice){ str_of(actions[i]), action_label(c, str_of(actions[i])),
                                                    str_eq(action, str_of(actions[i])) });
    v.head_seq = head.seq;
    v.head_hash = head.hash;
    v.total = num_grouped(c->a, head.seq);
    if (!read_lines(c, before, action, organization, v.organization, &v))
        return false;
    if (r->wants_json)
        return show_json(c, w, &v);
    if (before < INT64_MAX)
        v.newest = link_to(c, page_path(c, 0, action, v.organization));
    v.verify = link_to(c, S("/ledger/verify"));
    page p = { .title = T(c, "Ledger"), .canonical = page_path(c, before < INT64_MAX ? before : 0, action, v.organization),
               .json = page_path(c, 0, action, v.organization), .no_index = v.filtered || before < INT64_MAX,
               .description = T(c, "Every change of the catalogue: what, when, by whom and why, in a chain that cannot be altered unseen.") };
    p.json = str_cat(c->a, S("/ledger.json"), str_from(p.json, sizeof "/ledger" - 1));
    return page_show(c, r, w, &p, view_ledger(c, &v));
}

bool ledger_verify_page(ctx *c, const http_req *r, http_res *w)
{
    ledger_report report;
    ledger_head_row head;
    if (!ledger_verify(c, &report) || !q_ledger_head_read(c, &head))
        return false;
    int64_t now = day_now_ms();
    if (r->wants_json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        json_obj(&j);
        json_kv(&j, "intact", (bool)(report.problem.n == 0));
        json_kv(&j, "rows", report.rows);
        json_kv(&j, "newest_hash", head.hash);
        json_kv(&j, "checked_at", day_iso(c->a, now));
        json_key(&j, S("problem"));
        json_str_or_null(&j, report.problem);
        json_key(&j, S("problem_seq"));
        report.problem.n > 0 ? json_int(&j, report.problem_seq) : json_null(&j);
        json_end(&j);
        w->any_origin = true;
        return http_body_json(c, w, buf_str(&b));
    }
    ledger_verify_view v = { .rows = num_grouped(c->a, report.rows), .problem = report.problem, .head_hash = head.hash,
        .problem_seq = num_grouped(c->a, report.problem_seq), .at = day_local(c->a, now), .intact = report.problem.n == 0 };
    page p = { .title = T(c, "Check of the ledger"), .canonical = S("/ledger/verify"), .json = S("/ledger/verify.json"), .no_index = true };
    return page_show(c, r, w, &p, view_ledger_verify(c, &v));
}
