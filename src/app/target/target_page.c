#include "app/target/target_page.h"

#include "app/find/find.h"
#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/statistics/statistics_page.h"
#include "app/target/target.h"
#include "kit/chart/svg_chart.h"
#include "kit/text/csv_write.h"
#include "queries.h"
#include "views.h"

static int64_t least_of(const target_row_list *l, str grade, int year)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].year == year && str_eq(l->v[i].grade, grade))
            return l->v[i].least;
    return -1;
}

/* The newest year of the table that is not later than `year`; 0: none. */
static int due_year(const target_row_list *l, int year)
{
    int64_t due = 0;
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].year <= year && l->v[i].year > due)
            due = l->v[i].year;
    return (int)due;
}

static target_cell cell_of(ctx *c, int year, int64_t actual, int64_t least)
{
    return (target_cell){ .year = year, .actual = actual, .least = least,
        .state = actual < 0 || least < 0 ? TARGET_NONE : actual >= least ? TARGET_MET : TARGET_BEHIND,
        .actual_text = actual < 0 ? S("–") : num_grouped(c->a, actual),
        .least_text = least < 0 ? S("–") : num_grouped(c->a, least) };
}

static void fill_years(ctx *c, const target_row_list *l, target_view *v)
{
    for (size_t i = 0; i < l->n; i++) {
        bool known = false;
        list_each(target_year, y, &v->years)
            known = known || y->number == l->v[i].year;
        if (!known)
            list_add(c->a, &v->years, (target_year){ .number = (int)l->v[i].year,
                .year = str_fmt(c->a, "%" PRId64, l->v[i].year), .roc = str_fmt(c->a, "%" PRId64, l->v[i].year - 1911) });
    }
    for (size_t i = 1; i < v->years.n; i++)    /* few: by insertion */
        for (size_t k = i; k > 0 && v->years.v[k].number < v->years.v[k - 1].number; k--) {
            target_year y = v->years.v[k];
            v->years.v[k] = v->years.v[k - 1];
            v->years.v[k - 1] = y;
        }
    list_each(target_year, y, &v->years)
        y->text = lang_with(c, "{year} (ROC {roc})", { "year", y->year }, { "roc", y->roc });
}

/* The note of data/targets.tsv in the reader's language; those of later revisions as they were written. */
static str note_text(ctx *c, str note)
{
    return str_eq(note, S("derived: missing in the text, steps of 240")) ? T(c, "derived: missing in the text, steps of 240") : note;
}

static void fill_grades(ctx *c, const target_row_list *l, const target_agency_list *agencies, target_view *v)
{
    static const char *const grades[] = { "A", "B", "C" };
    for (size_t g = 0; g < array_len(grades); g++) {
        target_grade row = { .grade = str_of(grades[g]) };
        buf names = buf_in(c->a);
        for (size_t i = 0; i < agencies->n; i++)
            if (str_eq(agencies->v[i].grade, row.grade)) {
                if (names.n > 0)
                    buf_add(&names, c->lang == LANG_EN ? S(", ") : S("、"));
                const target_agency *o = &agencies->v[i];
                buf_add(&names, lang_pick(c, o->short_name.n > 0 ? o->short_name : o->name, o->name_en));
            }
        row.agencies = buf_str(&names);
        list_each(target_year, y, &v->years) {
            target_cell cell = cell_of(c, y->number, -1, least_of(l, row.grade, y->number));
            for (size_t i = 0; i < l->n; i++)
                if (l->v[i].year == y->number && str_eq(l->v[i].grade, row.grade) && l->v[i].note.n > 0) {
                    list_add(c->a, &v->notes, lang_with(c, "{grade}, {year}: {note}", { "grade", row.grade }, { "year", y->text },
                                                        { "note", note_text(c, l->v[i].note) }));
                    cell.note_mark = str_fmt(c->a, "%zu", v->notes.n);
                }
            list_add(c->a, &row.cells, cell);
        }
        list_add(c->a, &v->grades, row);
    }
}

/* Totals at the end of the years of the table and of this year: totals[year - first]. */
static bool count_years(ctx *c, search_node *where, int first, int last, int64_t **totals)
{
    *totals = new_n(c->a, int64_t, (size_t)(last - first + 1));
    return statistics_by_year(c, ROLE_VISITOR, where, first, (size_t)(last - first + 1), *totals);
}

static bool fill_line(ctx *c, const target_row_list *l, const target_agency *o, int now_year, target_view *v)
{
    int first = v->years.v[0].number;
    int64_t *totals;
    if (!count_years(c, statistics_value(c, FIND_ORG_TREE, o->slug), first, now_year, &totals))
        return false;
    target_line line = { .id = o->id, .slug = o->slug, .grade = o->grade, .href = link_part(c, "/organizations/", o->slug, ""),
                         .name = lang_pick(c, o->name, o->name_en) };
    list_each(target_year, y, &v->years)
        list_add(c->a, &line.cells, cell_of(c, y->number, y->number <= now_year ? totals[y->number - first] : -1,
                                            least_of(l, o->grade, y->number)));
    line.now = cell_of(c, now_year, totals[now_year - first], least_of(l, o->grade, (int)v->due_year));
    line.meter = chart_meter(c->a, (double)line.now.actual, (double)line.now.least, line.name);
    line.share = line.now.least > 0 ? num_percent(c->a, line.now.actual, line.now.least) : S("–");
    v->met += line.now.state == TARGET_MET;
    v->behind += line.now.state == TARGET_BEHIND;
    list_add(c->a, &v->lines, line);
    return true;
}

static html national_chart(ctx *c, const int64_t *totals, int first, int last)
{
    size_t n = (size_t)(last - first + 1);
    chart_row *rows = new_n(c->a, chart_row, n);
    double *values = new_n(c->a, double, n * 2);
    const str series[] = { T(c, "Actual"), T(c, "Goal for the end of 2020 (ROC 109)") };
    for (size_t i = 0; i < n; i++) {
        values[i * 2] = (double)totals[i];
        values[i * 2 + 1] = TARGET_NATION;
        rows[i] = (chart_row){ .label = statistics_year_label(c, first + (int)i), .values = &values[i * 2] };
    }
    return chart_lines(c->a, &(chart){ .title = T(c, "All datasets against the national goal"),
        .description = T(c, "One line shows the datasets at the end of each year, the other the goal of 30,000."),
        .rows = rows, .row_count = n, .series = series, .series_count = 2 });
}

static bool fill_national(ctx *c, int now_year, target_view *v)
{
    int first = v->years.v[0].number;
    int64_t *totals;
    if (!count_years(c, NULL, first, now_year, &totals))
        return false;
    v->national_by_year = totals;
    v->national = totals[now_year - first];
    v->national_met = v->national >= TARGET_NATION;
    v->national_text = num_grouped(c->a, v->national);
    v->goal_text = num_grouped(c->a, TARGET_NATION);
    v->national_meter = chart_meter(c->a, (double)v->national, TARGET_NATION, T(c, "All datasets against the national goal"));
    v->national_chart = national_chart(c, totals, first, now_year);
    v->national_standing = lang_with(c, "{n} of {goal} datasets ({share})", { "n", v->national_text }, { "goal", v->goal_text },
                                     { "share", num_percent(c->a, v->national, TARGET_NATION) });
    return true;
}

static int by_grade(const void *x, const void *y)
{
    const target_line *a = x, *b = y;
    int order = str_cmp(a->grade, b->grade);
    return order != 0 ? order : a->now.actual != b->now.actual ? (a->now.actual < b->now.actual ? 1 : -1) : a->id < b->id ? -1 : 1;
}

static int by_count(const void *x, const void *y)
{
    const target_line *a = x, *b = y;
    return a->now.actual != b->now.actual ? (a->now.actual < b->now.actual ? 1 : -1) : a->id < b->id ? -1 : 1;
}

static int by_share(const void *x, const void *y)
{
    const target_line *a = x, *b = y;
    double p = a->now.least > 0 ? (double)a->now.actual / (double)a->now.least : -1;
    double q = b->now.least > 0 ? (double)b->now.actual / (double)b->now.least : -1;
    return p != q ? (p < q ? -1 : 1) : a->id < b->id ? -1 : 1;    /* those furthest behind first */
}

static int by_name(const void *x, const void *y)
{
    return str_cmp(((const target_line *)x)->name, ((const target_line *)y)->name);
}

static bool sort_lines(ctx *c, str sort, target_view *v)
{
    static int (*const orders[])(const void *, const void *) = { by_grade, by_count, by_share, by_name };
    const struct { const char *name; str label; } names[] = { { "grade", T(c, "by grade") }, { "count", T(c, "by number") },
        { "share", T(c, "furthest behind first") }, { "name", T(c, "by name") } };
    bool known = false;
    for (size_t i = 0; i < array_len(names); i++) {
        bool this = str_eq(sort, str_of(names[i].name)) || (i == 0 && sort.n == 0);
        list_add(c->a, &v->orders, (target_order){ .label = names[i].label, .current = this,
            .href = link_to(c, str_fmt(c->a, "/targets?sort=%s#agencies", names[i].name)) });
        if (this && v->lines.n > 1)
            qsort(v->lines.v, v->lines.n, sizeof *v->lines.v, orders[i]);
        known = known || this;
    }
    return known ? true : fail_said(c, INVALID, S("sort"), "“sort” must be grade, count, share or name");
}

static void json_cell(json_w *j, const target_cell *cell)
{
    json_obj(j);
    json_kv(j, "year", cell->year);
    json_kv(j, "roc_year", cell->year - 1911);
    json_key(j, S("actual"));
    cell->actual < 0 ? json_null(j) : json_int(j, cell->actual);
    json_key(j, S("least"));
    cell->least < 0 ? json_null(j) : json_int(j, cell->least);
    json_key(j, S("met"));
    cell->state == TARGET_NONE ? json_null(j) : json_bool(j, cell->state == TARGET_MET);
    json_end(j);
}

static void json_cells(json_w *j, const target_cells *cells)
{
    json_key(j, S("years"));
    json_arr(j);
    for (size_t i = 0; i < cells->n; i++)
        json_cell(j, &cells->v[i]);
    json_end(j);
}

static str all_json(ctx *c, const target_row_list *l, const target_view *v)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_key(&j, S("least"));
    json_arr(&j);
    for (size_t i = 0; i < l->n; i++) {
        json_obj(&j);
        json_kv(&j, "grade", l->v[i].grade);
        json_kv(&j, "year", l->v[i].year);
        json_kv(&j, "roc_year", l->v[i].year - 1911);
        json_kv(&j, "least", l->v[i].least);
        json_key(&j, S("note"));
        json_str_or_null(&j, l->v[i].note);
        json_end(&j);
    }
    json_end(&j);
    json_key(&j, S("national"));
    json_obj(&j);
    json_kv(&j, "goal", TARGET_NATION);
    json_kv(&j, "goal_year", TARGET_NATION_YEAR);
    json_kv(&j, "actual", v->national);
    json_kv(&j, "met", v->national_met);
    json_end(&j);
    json_key(&j, S("agencies"));
    json_arr(&j);
    for (size_t i = 0; i < v->lines.n; i++) {
        json_obj(&j);
        json_kv(&j, "slug", v->lines.v[i].slug);
        json_kv(&j, "name", v->lines.v[i].name);
        json_kv(&j, "grade", v->lines.v[i].grade);
        json_cells(&j, &v->lines.v[i].cells);
        json_key(&j, S("now"));
        json_cell(&j, &v->lines.v[i].now);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

static void csv_cell(csv_w *t, const target_line *line, const target_cell *cell)
{
    csv_str(t, line->slug);
    csv_str(t, line->name);
    csv_str(t, line->grade);
    csv_int(t, cell->year);
    csv_int(t, cell->year - 1911);
    cell->actual < 0 ? csv_none(t) : csv_int(t, cell->actual);
    cell->least < 0 ? csv_none(t) : csv_int(t, cell->least);
    csv_str(t, cell->state == TARGET_NONE ? (str){ 0 } : cell->state == TARGET_MET ? S("true") : S("false"));
    csv_row(t);
}

static bool read_all(ctx *c, target_row_list *l, target_view *v)
{
    target_agency_list agencies;
    int now_year = day_year_taipei(day_now_ms());
    if (!q_target_list(c, l) || !q_target_page_agencies(c, &agencies))
        return false;
    fill_years(c, l, v);
    if (v->years.n == 0)
        return fail_said(c, NOT_FOUND, S(""), "this site has no targets yet; `openshelf demo` or the seed of the record brings table 1");
    if (v->years.v[0].number > now_year)
        now_year = v->years.v[0].number;    /* a clock that is wrong, or targets that are all to come */
    v->due_year = due_year(l, now_year);
    fill_grades(c, l, &agencies, v);
    for (size_t i = 0; i < agencies.n; i++)
        if (!fill_line(c, l, &agencies.v[i], now_year, v))
            return false;
    return fill_national(c, now_year, v);
}

bool target_page(ctx *c, const http_req *r, http_res *w)
{
    target_row_list l;
    target_view v = { 0 };
    if (!read_all(c, &l, &v) || !sort_lines(c, http_arg(r, "sort"), &v))
        return false;
    if (r->wants_json) {
        w->any_origin = true;
        return http_body_json(c, w, all_json(c, &l, &v));
    }
    v.met_text = num_grouped(c->a, v.met);
    v.behind_text = num_grouped(c->a, v.behind);
    v.due_text = lang_with(c, "{year} (ROC {roc})", { "year", str_fmt(c->a, "%" PRId64, v.due_year) },
                           { "roc", str_fmt(c->a, "%" PRId64, v.due_year - 1911) });
    page p = { .title = T(c, "Targets"), .canonical = S("/targets"), .json = S("/targets.json"), .nav = NAV_TARGETS,
               .description = T(c, "How many datasets each agency is to have opened, by grade and year, and how many it has.") };
    return page_show(c, r, w, &p, view_target(c, &v));
}

bool target_table_page(ctx *c, const http_req *r, http_res *w)
{
    (void)r;
    target_row_list l;
    target_view v = { 0 };
    if (!read_all(c, &l, &v))
        return false;
    buf b = buf_in(c->a);
    csv_w t = csv_to(&b);
    const str head[] = { S("slug"), S("organization"), S("grade"), S("year"), S("roc_year"), S("actual"), S("least"), S("met") };
    for (size_t i = 0; i < array_len(head); i++)
        csv_str(&t, head[i]);
    csv_row(&t);
    for (size_t i = 0; i < v.lines.n; i++) {
        for (size_t k = 0; k < v.lines.v[i].cells.n; k++)
            csv_cell(&t, &v.lines.v[i], &v.lines.v[i].cells.v[k]);
        if (v.lines.v[i].now.year > v.due_year)
            csv_cell(&t, &v.lines.v[i], &v.lines.v[i].now);
    }
    w->type = S(CSV_TYPE);
    w->body = buf_str(&b);
    w->any_origin = true;
    http_head(c, w, "Content-Disposition", S("attachment; filename=\"targets.csv\""));
    return true;
}
