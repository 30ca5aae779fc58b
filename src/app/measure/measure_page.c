#include "app/measure/measure_page.h"

#include "app/routes.h"
#include "kit/chart/svg_chart.h"
#include "kit/load/load.h"
#include "kit/text/csv_write.h"
#include "views.h"

enum { STANDING = 10, FINDINGS = 20, MEND = 30, SERIES = 100, DAYS = 400 };

static str mean_text(ctx *c, int64_t sum, int64_t n)
{
    return n > 0 ? str_fmt(c->a, "%.1f", (double)sum / (double)n) : S("–");
}

static str tenth_label(ctx *c, int i)
{
    return i < 10 ? str_fmt(c->a, "%d–%d", i * 10, i * 10 + 9) : S("100");
}

/* --- pictures --- */

static html count_chart(ctx *c, str title, str description, str (*label)(ctx *c, const measure_count *k, int i), const measure_count *k, int n, bool upright)
{
    chart_row *rows = new_n(c->a, chart_row, (size_t)n);
    double *values = new_n(c->a, double, (size_t)n);
    for (int i = 0; i < n; i++) {
        values[i] = (double)(upright ? k->tenths[i] : k->badges[i].datasets);
        rows[i] = (chart_row){ .label = label(c, k, i), .values = &values[i] };
    }
    const chart ch = { .title = title, .description = description, .rows = rows, .row_count = (size_t)n,
                       .unit = str_cat(c->a, S(" "), T(c, "datasets")), .height = upright ? 160 : 0 };
    return upright ? chart_columns(c->a, &ch) : chart_bars(c->a, &ch);
}

static str label_of_tenth(ctx *c, const measure_count *k, int i)
{
    (void)k;
    return tenth_label(c, i);
}

static str label_of_badge(ctx *c, const measure_count *k, int i)
{
    str code = str_of(k->badges[i].code);
    return str_eq(code, S("none")) ? T(c, "none") : measure_badge_label(c, code);      /* there is little room beside a bar */
}

static html history_chart(ctx *c, const measure_day_row_list *days)
{
    chart_row *rows = new_n(c->a, chart_row, days->n + 1);
    double *values = new_n(c->a, double, days->n + 1);
    for (size_t i = 0; i < days->n; i++) {
        const measure_day_row *d = &days->v[days->n - 1 - i];
        values[i] = d->datasets > 0 ? (double)(d->score_sum * 10 / d->datasets) / 10 : 0;
        rows[i] = (chart_row){ .label = day_iso_date(c->a, d->day * DAY_MS), .values = &values[i] };
    }
    return chart_lines(c->a, &(chart){ .title = T(c, "Mean score, by day"), .rows = rows, .row_count = days->n,
        .description = T(c, "A line that shows the mean score of the datasets on each day on which it changed.") });
}

/* --- what the page shows --- */

static void fill_numbers(ctx *c, const measure_count *k, measure_view *v)
{
    v->datasets = num_grouped(c->a, k->datasets);
    v->score = mean_text(c, k->score_sum, k->datasets);
    v->starred = num_percent(c->a, k->three_stars, k->datasets);
    v->badged = num_percent(c->a, k->badged, k->datasets);
    v->split = num_grouped(c->a, k->split);
    v->held_note = lang_with(c, "Files of {n} datasets are here and were read.", { "n", num_grouped(c->a, k->held) });
    if (k->asked > 0)
        v->link_note = lang_with(c, "{asked} of {all} addresses have been asked: {failing} do not give their file, {pages} give a web page instead.",
                                 { "asked", num_grouped(c->a, k->asked) }, { "all", num_grouped(c->a, k->addresses) },
                                 { "failing", num_grouped(c->a, k->failing) }, { "pages", num_grouped(c->a, k->pages) });
    for (int i = 0; i < MEASURE_INDICATORS; i++) {
        const measure_outcome *o = &k->outcomes[i];
        list_add(c->a, &v->indicators, (measure_indicator_line){ .title = T(c, measure_title((measure_indicator)i)),
            .rule = T(c, measure_rule((measure_indicator)i)), .passed = num_grouped(c->a, o->passed), .failed = num_grouped(c->a, o->failed),
            .unknown = num_grouped(c->a, o->unknown), .aside = num_grouped(c->a, o->aside), .share = num_percent(c->a, o->passed, o->passed + o->failed) });
    }
    for (int i = 0; i < 11; i++)
        list_add(c->a, &v->tenth_lines, (measure_number_line){ tenth_label(c, i), num_grouped(c->a, k->tenths[i]), num_percent(c->a, k->tenths[i], k->datasets) });
    for (int i = 0; i < MEASURE_BADGES; i++)
        list_add(c->a, &v->badge_lines, (measure_number_line){ measure_badge_label(c, str_of(k->badges[i].code)), num_grouped(c->a, k->badges[i].datasets),
                                                               num_percent(c->a, k->badges[i].datasets, k->datasets) });
    v->tenths = count_chart(c, T(c, "Scores of the datasets"), T(c, "Columns that show how many datasets have a score in each tenth."), label_of_tenth, k, 11, true);
    v->badges = count_chart(c, T(c, "Badges"), T(c, "Bars that show how many datasets have each badge."), label_of_badge, k, MEASURE_BADGES, false);
}

static measure_standing_line standing_line(ctx *c, const measure_standing *s)
{
    return (measure_standing_line){ .name = lang_pick(c, s->o->name, s->o->name_en),
        .href = link_part(c, "/quality/organizations/", s->o->slug, ""), .datasets = num_grouped(c->a, s->datasets),
        .score = mean_text(c, s->score_sum, s->datasets), .stars = num_percent(c->a, s->three_stars, s->datasets) };
}

static void fill_lists(ctx *c, const measure_count *k, const measure_day_row_list *days, measure_view *v)
{
    size_t n = k->organizations.n;
    for (size_t i = 0; i < n && i < STANDING; i++)
        list_add(c->a, &v->best, standing_line(c, &k->organizations.v[i]));
    for (size_t i = n; i > STANDING && v->worst.n < STANDING; i--)
        list_add(c->a, &v->worst, standing_line(c, &k->organizations.v[i - 1]));
    for (size_t i = 0; i < k->findings.n && i < FINDINGS; i++) {
        const measure_frequent *f = &k->findings.v[i];
        const load_rule *rule = load_rule_of(str_z(c->a, f->code));
        if (rule != NULL)
            list_add(c->a, &v->findings, (measure_finding_line){ f->code, T(c, rule->says), T(c, rule->mend), num_grouped(c->a, f->tables),
                                                                 num_grouped(c->a, f->datasets) });
    }
    for (size_t i = 0; i < days->n; i++) {
        const measure_day_row *d = &days->v[i];
        list_add(c->a, &v->days, (measure_history_line){ day_iso_date(c->a, d->day * DAY_MS), num_grouped(c->a, d->datasets),
            mean_text(c, d->score_sum, d->datasets), num_grouped(c->a, d->three_stars), num_grouped(c->a, d->badges) });
    }
    if (days->n > 1)
        v->history = history_chart(c, days);
    else if (days->n == 1)
        v->measured_since = lang_with(c, "The first day that was measured is {day}; a line begins with the second.", { "day", day_iso_date(c->a, days->v[0].day * DAY_MS) });
}

static str failed_of(ctx *c, str letters)
{
    str_list names = { 0 };
    for (size_t i = 0; i < MEASURE_INDICATORS && i < letters.n; i++)
        if (letters.p[i] == 'n')
            list_add(c->a, &names, T(c, measure_title((measure_indicator)i)));
    return str_join(c->a, &names, c->lang == LANG_EN ? S("; ") : S("、"));
}

static bool fill_work(ctx *c, const measure_count *k, measure_view *v)
{
    measure_line_list worst;
    measure_series_line_list series;
    q_ints ids = { k->ids, k->id_count };
    if (!q_measure_worst(c, ids, MEND, &worst) || !q_measure_series_of(c, ids, SERIES, &series))
        return false;
    list_each (const measure_line, l, &worst)
        list_add(c->a, &v->mend, (measure_mend_line){ lang_pick(c, l->title, l->title_en),
            link_part(c, "/datasets/", l->slug, "#quality"), num_grouped(c->a, l->score), num_grouped(c->a, l->rating), failed_of(c, l->indicators) });
    list_each (const measure_series_line, s, &series)
        list_add(c->a, &v->series, (measure_series_row){ .stem = s->series_stem, .href = link_part(c, "/datasets/", s->slug, "#quality"),
            .count = num_grouped(c->a, s->series_count), .how = s->series_sure ? T(c, "the same") : T(c, "not known yet") });
    return true;
}

static bool show_json(ctx *c, http_res *w, const measure_count *k, const measure_day_row_list *days)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "datasets", k->datasets);
    json_kv(&j, "score_sum", k->score_sum);
    json_kv(&j, "three_stars", k->three_stars);
    json_kv(&j, "in_series", k->split);
    json_kv(&j, "with_files_here", k->held);
    json_kv(&j, "addresses", k->addresses);
    json_kv(&j, "addresses_asked", k->asked);
    json_kv(&j, "addresses_failing", k->failing);
    json_kv(&j, "addresses_with_web_pages", k->pages);
    json_key(&j, S("indicators"));
    json_obj(&j);
    for (int i = 0; i < MEASURE_INDICATORS; i++) {
        json_key(&j, str_of(measure_code((measure_indicator)i)));
        json_obj(&j);
        json_kv(&j, "passed", k->outcomes[i].passed);
        json_kv(&j, "failed", k->outcomes[i].failed);
        json_kv(&j, "not_known", k->outcomes[i].unknown);
        json_kv(&j, "not_asked", k->outcomes[i].aside);
        json_end(&j);
    }
    json_end(&j);
    json_key(&j, S("badges"));
    json_obj(&j);
    for (int i = 0; i < MEASURE_BADGES; i++)
        json_kv(&j, k->badges[i].code, k->badges[i].datasets);
    json_end(&j);
    json_key(&j, S("findings"));
    json_obj(&j);
    for (size_t i = 0; i < k->findings.n; i++)
        json_kv(&j, str_z(c->a, k->findings.v[i].code), k->findings.v[i].tables);
    json_end(&j);
    json_key(&j, S("history"));
    json_arr(&j);
    for (size_t i = days->n; i-- > 0;) {
        const measure_day_row *d = &days->v[i];
        json_obj(&j);
        json_kv(&j, "day", day_iso_date(c->a, d->day * DAY_MS));
        json_kv(&j, "datasets", d->datasets);
        json_kv(&j, "score_sum", d->score_sum);
        json_kv(&j, "three_stars", d->three_stars);
        json_kv(&j, "badges", d->badges);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

/* --- the handlers --- */

bool measure_page(ctx *c, const http_req *r, http_res *w)
{
    measure_count k;
    measure_day_row_list days;
    measure_view v = { .csv_indicators = link_to(c, S("/quality/indicators.csv")), .csv_organizations = link_to(c, S("/quality/organizations.csv")),
                       .csv_history = link_to(c, S("/quality/history.csv")), .csv_findings = link_to(c, S("/quality/findings.csv")) };
    if (!measure_count_up(c, 0, &k) || !q_measure_days(c, 0, DAYS, &days))
        return false;
    if (r->wants_json)
        return show_json(c, w, &k, &days);
    v.links_href = link_to(c, S("/quality/links"));
    fill_numbers(c, &k, &v);
    fill_lists(c, &k, &days, &v);
    page p = { .title = T(c, "Quality of the catalogue"), .canonical = S("/quality"), .json = S("/quality.json"), .nav = NAV_STATISTICS,
               .description = T(c, "The seven indicators of the national quality check, badges, stars and scores, by organisation and over time.") };
    return page_show(c, r, w, &p, view_measure(c, &v));
}

bool measure_organization_page(ctx *c, const http_req *r, http_res *w)
{
    measure_count k;
    measure_day_row_list days;
    organization_full o;
    bool found;
    measure_view v = { 0 };
    str slug = http_param(r, "slug");
    if (!q_organization_page_one(c, slug, &o, &found))
        return false;
    if (!found)
        return fail_said(c, NOT_FOUND, S(""), "there is no organisation “{name}”; /organizations lists them", { "name", utf8_cut(slug, 80) });
    if (!str_eq(slug, o.slug))
        return http_redirect(c, w, 301, link_part(c, "/quality/organizations/", o.slug, r->wants_json ? ".json" : ""));
    if (!measure_count_up(c, o.id, &k) || !q_measure_days(c, o.id, DAYS, &days))
        return false;
    if (r->wants_json)
        return show_json(c, w, &k, &days);
    v.of = lang_pick(c, o.name, o.name_en);
    v.of_href = link_part(c, "/organizations/", o.slug, "");
    fill_numbers(c, &k, &v);
    fill_lists(c, &k, &days, &v);
    v.links_href = link_part(c, "/quality/links?organization=", o.slug, "");
    if (!fill_work(c, &k, &v))
        return false;
    if (k.organizations.n < 2)
        v.best.n = 0;                   /* a list of one says nothing */
    str path = str_cat(c->a, S("/quality/organizations/"), url_encoded(c->a, o.slug));
    page p = { .title = lang_with(c, "Quality of {name}", { "name", v.of }), .canonical = path, .json = str_cat(c->a, path, S(".json")),
               .nav = NAV_STATISTICS, .description = T(c, "What to mend first, series that could be one dataset, and how the score went.") };
    return page_show(c, r, w, &p, view_measure(c, &v));
}

/* --- CSV --- */

static void head(csv_w *t, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        csv_str(t, str_of(names[i]));
    csv_row(t);
}

static void csv_indicators(csv_w *t, const measure_count *k)
{
    head(t, (const char *const[]){ "indicator", "passed", "failed", "not_known", "not_asked" }, 5);
    for (int i = 0; i < MEASURE_INDICATORS; i++) {
        const measure_outcome *o = &k->outcomes[i];
        csv_str(t, str_of(measure_code((measure_indicator)i)));
        csv_int(t, o->passed);
        csv_int(t, o->failed);
        csv_int(t, o->unknown);
        csv_int(t, o->aside);
        csv_row(t);
    }
}

static void csv_organizations(ctx *c, csv_w *t, const measure_count *k)
{
    head(t, (const char *const[]){ "organization", "name", "datasets", "mean_score", "three_stars", "badges", "in_series" }, 7);
    for (size_t i = 0; i < k->organizations.n; i++) {
        const measure_standing *s = &k->organizations.v[i];
        csv_str(t, s->o->slug);
        csv_str(t, s->o->name);
        csv_int(t, s->datasets);
        csv_str(t, mean_text(c, s->score_sum, s->datasets));
        csv_int(t, s->three_stars);
        csv_int(t, s->badged);
        csv_int(t, s->split);
        csv_row(t);
    }
}

static void csv_history(ctx *c, csv_w *t, const measure_day_row_list *days)
{
    head(t, (const char *const[]){ "day", "datasets", "mean_score", "three_stars", "badges" }, 5);
    for (size_t i = days->n; i-- > 0;) {
        const measure_day_row *d = &days->v[i];
        csv_str(t, day_iso_date(c->a, d->day * DAY_MS));
        csv_int(t, d->datasets);
        csv_str(t, mean_text(c, d->score_sum, d->datasets));
        csv_int(t, d->three_stars);
        csv_int(t, d->badges);
        csv_row(t);
    }
}

static void csv_findings(csv_w *t, const measure_count *k)
{
    head(t, (const char *const[]){ "code", "tables", "datasets" }, 3);
    for (size_t i = 0; i < k->findings.n; i++) {
        csv_str(t, k->findings.v[i].code);
        csv_int(t, k->findings.v[i].tables);
        csv_int(t, k->findings.v[i].datasets);
        csv_row(t);
    }
}

bool measure_table_get(ctx *c, const http_req *r, http_res *w)
{
    measure_count k;
    measure_day_row_list days;
    str name = http_param(r, "file");
    buf b = buf_in(c->a);
    csv_w t = csv_to(&b);
    if (!measure_count_up(c, 0, &k) || !q_measure_days(c, 0, DAYS, &days))
        return false;
    if (str_eq(name, S("indicators.csv")))
        csv_indicators(&t, &k);
    else if (str_eq(name, S("organizations.csv")))
        csv_organizations(c, &t, &k);
    else if (str_eq(name, S("history.csv")))
        csv_history(c, &t, &days);
    else if (str_eq(name, S("findings.csv")))
        csv_findings(&t, &k);
    else
        return fail_said(c, NOT_FOUND, S(""), "there is no file “{name}”; /quality links them", { "name", utf8_cut(name, 80) });
    w->any_origin = true;
    w->type = S(CSV_TYPE);
    w->body = buf_str(&b);
    http_head(c, w, "Content-Disposition", str_fmt(c->a, "attachment; filename=\"quality-%.*s\"", S_ARG(name)));
    return true;
}
