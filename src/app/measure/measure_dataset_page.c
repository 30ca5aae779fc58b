/* What a dataset's page and JSON say of its quality. */
#include "app/measure/measure_page.h"
#include "app/vocabulary/vocabulary.h"
#include "views.h"

enum { MEMBERS = 60 };

static str word_of(ctx *c, measure_result r)
{
    switch (r) {
    case MEASURE_PASSED: return T(c, "passed");
    case MEASURE_FAILED: return T(c, "failed");
    case MEASURE_ASIDE: return T(c, "not asked");
    case MEASURE_UNKNOWN: break;
    }
    return T(c, "not known yet");
}

static const char *code_of(measure_result r)
{
    static const char *const codes[] = { [MEASURE_UNKNOWN] = "unknown", [MEASURE_ASIDE] = "aside", [MEASURE_FAILED] = "failed", [MEASURE_PASSED] = "passed" };
    return codes[r];
}

str measure_badge_label(ctx *c, str badge)
{
    return str_eq(badge, S("platinum")) ? T(c, "platinum")
         : str_eq(badge, S("gold"))     ? T(c, "gold")
         : str_eq(badge, S("silver"))   ? T(c, "silver")
         : str_eq(badge, S("bronze"))   ? T(c, "bronze")
         : str_eq(badge, S("none"))     ? T(c, "none: an indicator that every badge needs has failed")
                                        : T(c, "not known yet");
}

static str evidence_of(ctx *c, const dataset_quality_row *q)
{
    return lang_with(c, "{known} of {files} files are here and were read.", { "known", num_grouped(c->a, q->known_files) },
                     { "files", num_grouped(c->a, q->files) });
}

static bool fill_series(ctx *c, const dataset_quality_row *q, measure_card *v)
{
    measure_series_member_list l;
    if (q->series == 0)
        return true;
    if (!q_measure_in_series(c, q->series, MEMBERS, &l))
        return false;
    str n = num_grouped(c->a, q->series_count);
    v->series_note = q->series_sure
        ? lang_with(c, "One of {n} datasets “{stem}” with the same columns: they could be one dataset.", { "n", n }, { "stem", q->series_stem })
        : lang_with(c, "One of {n} datasets “{stem}”: if their columns are the same, they could be one dataset.", { "n", n }, { "stem", q->series_stem });
    list_each (const measure_series_member, m, &l)
        if (m->dataset_id != q->dataset_id)
            list_add(c->a, &v->members, (measure_series_row){ .stem = lang_pick(c, m->title, m->title_en),
                                                              .href = link_part(c, "/datasets/", m->slug, "") });
    return true;
}

bool measure_dataset_card(ctx *c, int64_t dataset, str organization_slug, str said_badge, html *out)
{
    dataset_quality_row q;
    bool found;
    *out = (html){ 0 };
    if (!q_measure_of_dataset(c, dataset, &q, &found) || !found)
        return c->err.code == ERR_OK;
    measure_card v = { .score = str_fmt(c->a, "%" PRId64, q.score), .badge = measure_badge_label(c, q.badge), .said = said_badge,
                       .evidence = evidence_of(c, &q), .organization_href = link_part(c, "/quality/organizations/", organization_slug, "") };
    for (size_t i = 0; i < MEASURE_INDICATORS && i < q.indicators.n && i < q.reasons.n; i++) {
        measure_result r = measure_result_of(q.indicators.p[i]);
        list_add(c->a, &v.lines, (measure_card_line){ .title = T(c, measure_title((measure_indicator)i)), .result = str_of(code_of(r)),
                                                      .word = word_of(c, r), .why = T(c, measure_why((measure_indicator)i, q.reasons.p[i])) });
    }
    if (!fill_series(c, &q, &v))
        return false;
    *out = view_measure_card(c, &v);
    return true;
}

bool measure_dataset_json(ctx *c, json_w *j, int64_t dataset)
{
    dataset_quality_row q;
    bool found;
    if (!q_measure_of_dataset(c, dataset, &q, &found) || !found)
        return c->err.code == ERR_OK;
    json_key(j, S("quality"));
    json_obj(j);
    json_kv(j, "score", q.score);
    json_kv(j, "badge", q.badge);
    json_kv(j, "files", q.files);
    json_kv(j, "files_held", q.known_files);
    json_key(j, S("indicators"));
    json_obj(j);
    for (size_t i = 0; i < MEASURE_INDICATORS && i < q.indicators.n && i < q.reasons.n; i++) {
        json_key(j, str_of(measure_code((measure_indicator)i)));
        json_obj(j);
        json_kv(j, "result", code_of(measure_result_of(q.indicators.p[i])));
        json_kv(j, "why", T(c, measure_why((measure_indicator)i, q.reasons.p[i])));
        json_end(j);
    }
    json_end(j);
    json_key(j, S("findings"));
    json_raw(j, q.findings);
    if (q.series > 0) {
        json_key(j, S("series"));
        json_obj(j);
        json_kv(j, "title", q.series_stem);
        json_kv(j, "datasets", q.series_count);
        json_kv(j, "same_columns_known", (bool)(q.series_sure == 1));
        json_end(j);
    }
    json_end(j);
    return true;
}
