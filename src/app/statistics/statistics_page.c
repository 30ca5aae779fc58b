#include "app/statistics/statistics_page.h"

#include <math.h>

#include "app/organization/organization_page.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "kit/chart/svg_chart.h"
#include "kit/text/csv_write.h"
#include "views.h"

enum { TOP = 20, TABLE_ROWS = 60, MONTHS_SHOWN = 24 };

static str statistics_title(ctx *c, statistics_kind k)
{
    switch (k) {
    case STATISTICS_ORGANIZATIONS: return T(c, "By organisation");
    case STATISTICS_FORMATS: return T(c, "By format");
    case STATISTICS_CATEGORIES: return T(c, "By service category");
    case STATISTICS_THEMES: return T(c, "By theme");
    case STATISTICS_LICENCES: return T(c, "By licence");
    case STATISTICS_FREQUENCIES: return T(c, "By update frequency");
    case STATISTICS_STARS: return T(c, "By stars");
    case STATISTICS_OPENNESS: return T(c, "By verdict of openness");
    case STATISTICS_COMPLETENESS: return T(c, "By completeness of the metadata");
    case STATISTICS_PARTS: break;
    }
    return (str){ 0 };
}

static str first_column(ctx *c, statistics_kind k)
{
    switch (k) {
    case STATISTICS_ORGANIZATIONS: return T(c, "Organisation");
    case STATISTICS_FORMATS: return T(c, "Format");
    case STATISTICS_CATEGORIES: return T(c, "Category");
    case STATISTICS_THEMES: return T(c, "Theme");
    case STATISTICS_LICENCES: return T(c, "Licence");
    case STATISTICS_FREQUENCIES: return T(c, "Frequency");
    case STATISTICS_STARS: return T(c, "Stars");
    case STATISTICS_OPENNESS: return T(c, "Verdict");
    case STATISTICS_COMPLETENESS: return T(c, "Completeness (%)");
    case STATISTICS_PARTS: break;
    }
    return (str){ 0 };
}

str statistics_year_label(ctx *c, int year)
{
    return lang_with(c, "{year}\nROC {roc}", { "year", str_fmt(c->a, "%d", year) },
                     { "roc", str_fmt(c->a, "%d", year - 1911) });
}

static str datasets_unit(ctx *c)
{
    return str_cat(c->a, S(" "), T(c, "datasets"));
}

html statistics_growth_chart(ctx *c, const statistics_growth *g)
{
    chart_row *rows = new_n(c->a, chart_row, g->years.n);
    double *values = new_n(c->a, double, g->years.n);
    for (size_t i = 0; i < g->years.n; i++) {
        values[i] = (double)g->years.v[i].total;
        rows[i] = (chart_row){ .label = statistics_year_label(c, g->years.v[i].year), .values = &values[i] };
    }
    return chart_lines(c->a, &(chart){ .title = T(c, "Datasets in all, by year"),
        .description = T(c, "A line that shows how many datasets there were at the end of each year."),
        .rows = rows, .row_count = g->years.n, .unit = datasets_unit(c) });
}

static html added_chart(ctx *c, const statistics_growth *g)
{
    size_t n = g->months.n < MONTHS_SHOWN ? g->months.n : MONTHS_SHOWN;
    const statistics_period *m = g->months.v + (g->months.n - n);
    chart_row *rows = new_n(c->a, chart_row, n);
    double *values = new_n(c->a, double, n);
    for (size_t i = 0; i < n; i++) {
        values[i] = (double)m[i].added;
        rows[i] = (chart_row){ .label = str_fmt(c->a, "%d-%02d", m[i].year, m[i].month), .values = &values[i] };
    }
    return chart_columns(c->a, &(chart){ .title = T(c, "New datasets, by month"),
        .description = T(c, "Columns that show how many datasets were added in each of the last months."),
        .rows = rows, .row_count = n, .unit = datasets_unit(c), .height = 160 });
}

static html part_chart(ctx *c, const statistics *s, statistics_kind k, size_t most, str query)
{
    const statistics_part *p = &s->parts[k];
    size_t n = p->rows.n < most ? p->rows.n : most;
    chart_row *rows = new_n(c->a, chart_row, n + 2);
    double *values = new_n(c->a, double, n + 2);
    for (size_t i = 0; i < n; i++) {
        values[i] = (double)p->rows.v[i].count;
        rows[i] = (chart_row){ .label = p->rows.v[i].label, .values = &values[i] };
        if (p->rows.v[i].path.n > 0)
            rows[i].href = link_to(c, str_cat(c->a, p->rows.v[i].path, query));
    }
    const chart ch = { .title = statistics_title(c, k), .rows = rows, .row_count = n, .unit = datasets_unit(c),
        .description = T(c, "Bars that show how many datasets there are of each; the numbers stand beside them.") };
    if (k == STATISTICS_COMPLETENESS)
        return chart_columns(c->a, &ch);
    size_t more = ch.row_count;
    if (p->unsaid > 0) {
        values[more] = (double)p->unsaid;
        rows[more] = (chart_row){ .label = T(c, "Not said"), .values = &values[more] };
        more++;
    }
    chart whole = ch;
    whole.row_count = more;
    return chart_bars(c->a, &whole);
}

statistics_card statistics_card_of(ctx *c, const statistics *s, statistics_kind k, size_t most, str query)
{
    const statistics_part *p = &s->parts[k];
    str name = str_of(p->name);
    statistics_card card = { .id = name, .title = statistics_title(c, k), .first_column = first_column(c, k),
        .picture = part_chart(c, s, k, most, query.n > 0 ? str_cat(c->a, S("&"), query) : query),
        .csv = link_to(c, str_fmt(c->a, "/statistics/%s.csv%s%.*s", p->name, query.n > 0 ? "?" : "", S_ARG(query))) };
    int64_t rest = 0;
    for (size_t i = most; i < p->rows.n; i++)
        rest += p->rows.v[i].count;
    if (p->many)
        card.note = T(c, "A dataset counts once for each of its formats.");
    else if (k == STATISTICS_STARS)
        card.note = lang_with(c, "Of {n} datasets they are known from the bytes of the files, of the others by what is declared.",
                              { "n", num_grouped(c->a, s->proven) });
    else if (rest > 0)          /* as a bar it would dwarf all others */
        card.note = lang_with(c, "Shown are the {most} largest; {n} others have {rest} together.", { "most", num_grouped(c->a, (int64_t)most) },
                              { "n", num_grouped(c->a, (int64_t)(p->rows.n - most)) }, { "rest", num_grouped(c->a, rest) });
    for (size_t i = 0; i < p->rows.n && i < TABLE_ROWS; i++) {
        const statistics_row *r = &p->rows.v[i];
        str more = query.n > 0 ? str_cat(c->a, S("&"), query) : query;
        list_add(c->a, &card.lines, (statistics_line){ .label = r->label, .count = num_grouped(c->a, r->count),
            .share = num_percent(c->a, r->count, s->total),
            .href = r->path.n > 0 ? link_to(c, str_cat(c->a, r->path, more)) : (str){ 0 } });
    }
    if (p->rows.n > TABLE_ROWS)
        card.more = lang_with(c, "{n} more stand in the CSV file.",
                              { "n", num_grouped(c->a, (int64_t)p->rows.n - TABLE_ROWS) });
    if (p->unsaid > 0)
        list_add(c->a, &card.lines, (statistics_line){ .label = T(c, "Not said"),
            .count = num_grouped(c->a, p->unsaid), .share = num_percent(c->a, p->unsaid, s->total) });
    return card;
}

static int64_t count_of(const statistics_part *p, const char *value)
{
    for (size_t i = 0; i < p->rows.n; i++)
        if (str_eq(p->rows.v[i].value, str_of(value)))
            return p->rows.v[i].count;
    return 0;
}

static void fill_growth(ctx *c, const statistics_growth *g, statistics_view *v)
{
    v->growth = statistics_growth_chart(c, g);
    v->added = added_chart(c, g);
    v->dated_note = lang_with(c, "{issued} datasets count from the issue date that their source says; {created}, of which it says none, from the day they came to this catalogue.",
        { "issued", num_grouped(c->a, g->issued) }, { "created", num_grouped(c->a, g->created) });
    if (g->future > 0)
        v->future_note = lang_with(c, "{n} are dated later than today and are left out here.",
                                   { "n", num_grouped(c->a, g->future) });
    for (size_t i = g->years.n; i-- > 0;)
        list_add(c->a, &v->years, (statistics_year_line){ .year = str_fmt(c->a, "%d", g->years.v[i].year),
            .roc = str_fmt(c->a, "%d", g->years.v[i].year - 1911), .added = num_grouped(c->a, g->years.v[i].added),
            .total = num_grouped(c->a, g->years.v[i].total) });
}

static void fill_view(ctx *c, const statistics *s, str query, statistics_view *v)
{
    int64_t three = count_of(&s->parts[STATISTICS_STARS], "3") + count_of(&s->parts[STATISTICS_STARS], "4")
                  + count_of(&s->parts[STATISTICS_STARS], "5");
    v->query = query;
    v->growth_csv = link_to(c, str_fmt(c->a, "/statistics/growth.csv%s%.*s", query.n > 0 ? "?" : "", S_ARG(query)));
    v->total = num_grouped(c->a, s->total);
    v->organizations = num_grouped(c->a, s->organizations);
    v->open = num_percent(c->a, count_of(&s->parts[STATISTICS_OPENNESS], "open"), s->total);
    v->starred = num_percent(c->a, three, s->total);
    fill_growth(c, &s->growth, v);
    for (int k = 0; k < STATISTICS_PARTS; k++)
        list_add(c->a, &v->cards, statistics_card_of(c, s, (statistics_kind)k, TOP, query));
}

static void json_periods(json_w *j, const char *key, const statistics_periods *p)
{
    json_key(j, str_of(key));
    json_arr(j);
    for (size_t i = 0; i < p->n; i++) {
        json_obj(j);
        json_kv(j, "year", p->v[i].year);
        json_kv(j, "roc_year", p->v[i].year - 1911);
        if (p->v[i].month > 0)
            json_kv(j, "month", p->v[i].month);
        json_kv(j, "added", p->v[i].added);
        json_kv(j, "total", p->v[i].total);
        json_end(j);
    }
    json_end(j);
}

static void json_growth(json_w *j, const statistics_growth *g)
{
    json_obj(j);
    json_kv(j, "dated_by_issue", g->issued);
    json_kv(j, "dated_by_arrival", g->created);
    json_kv(j, "dated_in_future", g->future);
    json_periods(j, "years", &g->years);
    json_periods(j, "months", &g->months);
    json_end(j);
}

static void json_part(json_w *j, const statistics_part *p)
{
    json_arr(j);
    for (size_t i = 0; i < p->rows.n; i++) {
        json_obj(j);
        json_kv(j, "value", p->rows.v[i].value);
        json_kv(j, "label", p->rows.v[i].label);
        json_kv(j, "datasets", p->rows.v[i].count);
        json_end(j);
    }
    if (p->unsaid > 0) {
        json_obj(j);
        json_key(j, S("value"));
        json_null(j);
        json_key(j, S("label"));
        json_null(j);
        json_kv(j, "datasets", p->unsaid);
        json_end(j);
    }
    json_end(j);
}

void statistics_json(json_w *j, const statistics *s)
{
    json_obj(j);
    json_kv(j, "datasets", s->total);
    json_kv(j, "publishing_organizations", s->organizations);
    json_kv(j, "stars_by_bytes", s->proven);
    json_key(j, S("growth"));
    json_growth(j, &s->growth);
    for (int k = 0; k < STATISTICS_PARTS; k++) {
        json_key(j, str_of(s->parts[k].name));
        json_part(j, &s->parts[k]);
    }
    json_end(j);
}

static str csv_growth(ctx *c, const statistics_growth *g)
{
    buf b = buf_in(c->a);
    csv_w t = csv_to(&b);
    const str head[] = { S("year"), S("roc_year"), S("month"), S("added"), S("total") };
    for (size_t i = 0; i < array_len(head); i++)
        csv_str(&t, head[i]);
    csv_row(&t);
    for (size_t i = 0; i < g->months.n; i++) {
        const statistics_period *m = &g->months.v[i];
        csv_int(&t, m->year);
        csv_int(&t, m->year - 1911);
        csv_int(&t, m->month);
        csv_int(&t, m->added);
        csv_int(&t, m->total);
        csv_row(&t);
    }
    return buf_str(&b);
}

static str csv_part(ctx *c, const statistics_part *p)
{
    buf b = buf_in(c->a);
    csv_w t = csv_to(&b);
    csv_str(&t, S("value"));
    csv_str(&t, S("label"));
    csv_str(&t, S("datasets"));
    csv_row(&t);
    for (size_t i = 0; i < p->rows.n; i++) {
        csv_str(&t, p->rows.v[i].value);
        csv_str(&t, p->rows.v[i].label);
        csv_int(&t, p->rows.v[i].count);
        csv_row(&t);
    }
    if (p->unsaid > 0) {
        csv_none(&t);
        csv_none(&t);
        csv_int(&t, p->unsaid);
        csv_row(&t);
    }
    return buf_str(&b);
}

/* ?organization=SLUG: of one organisation with all that belongs to it. */
static bool asked(ctx *c, const http_req *r, statistics_view *v, statistics *s)
{
    str slug = http_arg(r, "organization");
    search_node *where = NULL;
    if (slug.n > 0) {
        if (!organization_page_name(c, slug, &v->of))
            return false;
        v->of_href = link_part(c, "/organizations/", slug, "");
        v->query = str_fmt(c->a, "organization=%.*s", S_ARG(url_encoded(c->a, slug)));
        where = statistics_value(c, FIND_ORG_TREE, slug);
    }
    return statistics_run(c, ROLE_VISITOR, where, day_now_ms(), s);
}

bool statistics_page(ctx *c, const http_req *r, http_res *w)
{
    statistics s;
    statistics_view v = { 0 };
    if (!asked(c, r, &v, &s))
        return false;
    if (r->wants_json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        statistics_json(&j, &s);
        w->any_origin = true;
        return http_body_json(c, w, buf_str(&b));
    }
    fill_view(c, &s, v.query, &v);
    str q = v.query.n > 0 ? str_cat(c->a, S("?"), v.query) : (str){ 0 };
    page p = { .title = v.of.n > 0 ? lang_with(c, "Statistics of {name}", { "name", v.of }) : T(c, "Statistics"),
               .description = T(c, "How the catalogue grows, and what it is made of: by organisation, format, theme, licence and star."),
               .canonical = str_cat(c->a, S("/statistics"), q), .json = str_cat(c->a, S("/statistics.json"), q),
               .nav = NAV_STATISTICS };
    return page_show(c, r, w, &p, view_statistics(c, &v));
}

bool statistics_table_page(ctx *c, const http_req *r, http_res *w)
{
    str name = http_param(r, "table");
    bool csv = str_ends(name, S(".csv"));
    if (csv)
        name = str_sub(name, 0, name.n - 4);
    statistics_kind k = STATISTICS_PARTS;
    bool growth = str_eq(name, S("growth"));
    if (!growth && !statistics_kind_of(name, &k))
        return fail_said(c, NOT_FOUND, S(""), "there is no table “{name}”; /statistics lists them", { "name", name });
    if (!csv && !r->wants_json)
        return http_redirect(c, w, 302, link_to(c, str_fmt(c->a, "/statistics#%.*s", S_ARG(name))));
    statistics s;
    statistics_view v = { 0 };
    if (!asked(c, r, &v, &s))
        return false;
    w->any_origin = true;
    if (csv) {
        w->type = S(CSV_TYPE);
        w->body = growth ? csv_growth(c, &s.growth) : csv_part(c, &s.parts[k]);
        http_head(c, w, "Content-Disposition",
                  str_fmt(c->a, "attachment; filename=\"statistics-%s.csv\"", growth ? "growth" : s.parts[k].name));
        return true;
    }
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    growth ? json_growth(&j, &s.growth) : json_part(&j, &s.parts[k]);
    return http_body_json(c, w, buf_str(&b));
}
