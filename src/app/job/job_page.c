#include "app/job/job_page.h"

#include "app/jobs.h"
#include "app/routes.h"
#include "app/table/table_load.h"
#include "app/table/table_seen.h"
#include "kit/ingest/refusal.h"
#include "views.h"

#define REFRESH_S "3"

static bool find_job(ctx *c, str said, job_row *r, dataset_row *d)
{
    int64_t number, dataset = 0;
    bool found = false, seen = false;
    if (str_to_i64(said, &number) && (!q_job_get(c, number, r, &found) || (found && !table_job_dataset(c, r, &dataset))))
        return false;
    if (dataset > 0 && !table_seen_dataset(c, dataset, &seen))
        return false;
    if (!seen)
        return fail_said(c, NOT_FOUND, S(""), "there is no job “{n}”", { "n", utf8_cut(said, 20) });
    return q_dataset_by_id(c, dataset, d);
}

static str state_text(ctx *c, str state)
{
    if (str_eq(state, S("waiting")))
        return T(c, "It waits for its turn.");
    if (str_eq(state, S("running")))
        return T(c, "It is being worked on.");
    if (str_eq(state, S("done")))
        return T(c, "It is done.");
    return str_eq(state, S("failed")) ? T(c, "It failed; nothing was changed.") : T(c, "It was cancelled; nothing was changed.");
}

static const char *what_of(str kind)
{
    size_t n;
    const job_kind *all = jobs_all(&n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(kind, str_of(all[i].name)))
            return all[i].what;
    return "";
}

static bool is_over(const job_row *r)
{
    return !str_eq(r->state, S("waiting")) && !str_eq(r->state, S("running"));
}

static void fill(ctx *c, const job_row *r, const dataset_row *d, job_view *v)
{
    int64_t left = job_seconds_left(r, day_now_ms());
    *v = (job_view){ .title = lang_with(c, "Job {n}: {what}", { "n", num_grouped(c->a, r->id) }, { "what", T(c, what_of(r->kind)) }),
        .state = r->state, .state_text = state_text(c, r->state), .stage = r->stage.n > 0 ? T(c, str_z(c->a, r->stage)) : (str){ 0 },
        .dataset = lang_pick(c, d->title, d->title_en), .dataset_href = link_part(c, "/datasets/", d->slug, ""),
        .added = day_local(c->a, r->created_at), .error = refusal_said(c, r->error), .over = is_over(r), .percent = -1,
        .still_href = link_to(c, str_fmt(c->a, "/jobs/%" PRId64 "?refresh=no", r->id)) };
    v->error_english = str_eq(v->error, r->error);
    if (r->bytes_all > 0 && r->bytes_done > 0) {
        v->percent = r->bytes_done >= r->bytes_all ? 100 : (int)(r->bytes_done * 100 / r->bytes_all);
        v->percent_text = str_fmt(c->a, "%d%%", v->percent);
        v->bytes = lang_with(c, "{done} of {all}", { "done", num_bytes(c->a, r->bytes_done) }, { "all", num_bytes(c->a, r->bytes_all) });
    }
    if (r->rows_done > 0)
        v->rows = num_grouped(c->a, r->rows_done);
    if (left >= 0 && !v->over)
        v->left = lang_with(c, "about {n} seconds", { "n", num_grouped(c->a, left) });
    if (!r->finished_at_null)
        v->ended = day_local(c->a, r->finished_at);
}

static bool show_json(ctx *c, http_res *w, const job_row *r, const dataset_row *d)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    int64_t left = job_seconds_left(r, day_now_ms());
    json_obj(&j);
    json_kv(&j, "id", r->id);
    json_kv(&j, "kind", r->kind);
    json_kv(&j, "state", r->state);
    json_kv(&j, "dataset", d->slug);
    json_kv(&j, "bytes_done", r->bytes_done);
    json_kv(&j, "bytes_all", r->bytes_all);
    json_kv(&j, "rows", r->rows_done);
    json_key(&j, S("seconds_left"));
    left >= 0 ? json_int(&j, left) : json_null(&j);
    json_kv(&j, "created", day_iso(c->a, r->created_at));
    json_key(&j, S("finished"));
    json_str_or_null(&j, r->finished_at_null ? (str){ 0 } : day_iso(c->a, r->finished_at));
    json_key(&j, S("result"));
    json_raw(&j, r->result.n > 0 ? r->result : S("{}"));
    json_key(&j, S("error"));
    json_str_or_null(&j, r->error);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

bool job_one_page(ctx *c, const http_req *r, http_res *w)
{
    job_row row;
    dataset_row d;
    job_view v;
    if (!find_job(c, http_param(r, "id"), &row, &d))
        return false;
    w->cache_s = -1;
    if (r->wants_json)
        return show_json(c, w, &row, &d);
    fill(c, &row, &d, &v);
    if (str_eq(http_arg(r, "refresh"), S("no")))
        v.still_href = (str){ 0 };
    else if (!v.over)
        http_head(c, w, "Refresh", S(REFRESH_S));
    str path = str_fmt(c->a, "/jobs/%" PRId64, row.id);
    page p = { .title = v.title, .canonical = path, .json = str_cat(c->a, path, S(".json")), .nav = NAV_DATASETS, .no_index = true };
    return page_show(c, r, w, &p, view_job(c, &v));
}
