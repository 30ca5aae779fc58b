/* What reading and checking a version found, by rule, as `openshelf check` says
 * it; and how the score went over the versions (C12). */
#include "app/table/table_page.h"

#include <stdlib.h>

#include "app/measure/measure_said.h"
#include "app/routes.h"
#include "kit/load/load.h"
#include "kit/text/json_read.h"
#include "views.h"

enum { PLACES = 20, PLACES_OPEN = 6, SAMPLE_CHARS = 80, VERSIONS = 50 };

static const char *const severity_words[] = { [LOAD_ERROR] = "error", [LOAD_WARNING] = "warning", [LOAD_NOTE] = "note" };

typedef struct { const load_rule *rule; int64_t count; size_t *at; size_t n; } rule_group;     /* at: of the findings */
typedef struct { rule_group *v; size_t n, cap; } rule_groups;

static int64_t number_in(const json *o, const char *key)
{
    const json *v = json_get(o, key);
    return v != NULL && v->type == JSON_INT ? v->i : 0;
}

static int by_severity(const void *x, const void *y)
{
    const rule_group *a = x, *b = y;
    if (a->rule->severity != b->rule->severity)
        return a->rule->severity < b->rule->severity ? -1 : 1;
    return a->count > b->count ? -1 : a->count < b->count;
}

/* Rules that were broken, the gravest first. */
static rule_groups group_all(ctx *c, const json *all)
{
    rule_groups g = { 0 };
    size_t rules;
    const load_rule *rule = load_rules(&rules);
    for (size_t i = 0; i < rules; i++) {
        rule_group one = { .rule = &rule[i], .at = new_n(c->a, size_t, all->arr.n + 1) };
        for (size_t k = 0; k < all->arr.n; k++)
            if (str_eq(json_get_text(c, &all->arr.v[k], "code"), str_of(rule[i].code))) {
                one.at[one.n++] = k;
                one.count += number_in(&all->arr.v[k], "count");
            }
        if (one.n > 0)
            list_add(c->a, &g, one);
    }
    if (g.n > 0)
        qsort(g.v, g.n, sizeof *g.v, by_severity);
    return g;
}

/* --- the page --- */

static table_place_line place_of(ctx *c, const table_asked *t, const json *f)
{
    const query_table *table = t->held.open->query;
    int64_t row = number_in(f, "row"), line = number_in(f, "line"), col = number_in(f, "col"), count = number_in(f, "count");
    str whole;
    table_place_line p = { .sample = table_shown(c->a, json_get_text(c, f, "sample"), SAMPLE_CHARS, &whole) };
    if (row > 0)
        p.row = num_grouped(c->a, row);
    if (row > 0 && (uint64_t)row <= query_table_rows(table))
        p.row_href = link_to(c, str_fmt(c->a, "%.*s/rows/%" PRId64 "%.*s", S_ARG(t->path), row, S_ARG(t->version_query)));
    if (line > 0)
        p.line = num_grouped(c->a, line);
    if (col > 0 && (uint64_t)col <= query_table_columns(table))
        p.column = table_column_title(table, (size_t)col - 1);
    if (count > 1)
        p.count = num_grouped(c->a, count);
    return p;
}

static void fill_rules(ctx *c, const table_asked *t, const json *all, const rule_groups *g, table_quality_view *v)
{
    const str texts[] = { [LOAD_ERROR] = T(c, "Error"), [LOAD_WARNING] = T(c, "Warning"), [LOAD_NOTE] = T(c, "Worth knowing") };
    int64_t of[LOAD_NOTE + 1] = { 0 };
    list_each (const rule_group, one, g) {
        of[one->rule->severity]++;
        table_rule_line l = { .code = str_of(one->rule->code), .severity = str_of(severity_words[one->rule->severity]),
            .severity_text = texts[one->rule->severity], .says = T(c, one->rule->says), .mend = T(c, one->rule->mend),
            .count = num_grouped(c->a, one->count) };
        for (size_t i = 0; i < one->n && i < PLACES; i++)
            list_add(c->a, &l.places, place_of(c, t, &all->arr.v[one->at[i]]));
        l.open = l.places.n <= PLACES_OPEN;
        list_each (const table_place_line, p, &l.places) {
            l.rows = l.rows || p->row.n > 0;
            l.lines = l.lines || p->line.n > 0;
            l.columns = l.columns || p->column.n > 0;
            l.samples = l.samples || p->sample.n > 0;
            l.counts = l.counts || p->count.n > 0;
        }
        list_add(c->a, &v->rules, l);
    }
    v->errors = num_grouped(c->a, of[LOAD_ERROR]);
    v->warnings = num_grouped(c->a, of[LOAD_WARNING]);
    v->notes = num_grouped(c->a, of[LOAD_NOTE]);
    v->score = str_fmt(c->a, "%" PRId64, t->v.score);
}

static void fill_versions(ctx *c, const table_asked *t, const table_version_brief_list *l, table_quality_view *v)
{
    list_each (const table_version_brief, b, l)
        list_add(c->a, &v->versions, (table_version_line){ .number = num_grouped(c->a, b->number), .rows = num_grouped(c->a, b->rows),
            .score = str_fmt(c->a, "%" PRId64, b->score), .at = day_local(c->a, b->created_at), .at_iso = day_iso(c->a, b->created_at),
            .entry = num_grouped(c->a, b->ledger_seq), .current = b->number == t->v.number,
            .href = link_to(c, str_fmt(c->a, "%.*s/quality?version=%" PRId64, S_ARG(t->path), b->number)) });
}

/* --- JSON --- */

static void put_rule(ctx *c, json_w *j, const json *all, const rule_group *one)
{
    json_obj(j);
    json_kv(j, "code", one->rule->code);
    json_kv(j, "severity", severity_words[one->rule->severity]);
    json_kv(j, "group", one->rule->group);
    json_kv(j, "says", T(c, one->rule->says));
    json_kv(j, "mend", T(c, one->rule->mend));
    json_kv(j, "count", one->count);
    json_key(j, S("findings"));
    json_arr(j);
    for (size_t i = 0; i < one->n; i++) {
        buf b = buf_in(c->a);
        json_dump(&b, &all->arr.v[one->at[i]], false);
        json_raw(j, buf_str(&b));
    }
    json_end(j);
    json_end(j);
}

static bool show_json(ctx *c, http_res *w, const table_asked *t, const json *all, const rule_groups *g, const table_version_brief_list *versions)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    table_json_head(c, &j, t);
    json_kv(&j, "score", t->v.score);
    json_key(&j, S("rules"));
    json_arr(&j);
    list_each (const rule_group, one, g)
        put_rule(c, &j, all, one);
    json_end(&j);
    json_key(&j, S("history"));
    json_arr(&j);
    list_each (const table_version_brief, v, versions) {
        json_obj(&j);
        json_kv(&j, "version", v->number);
        json_kv(&j, "rows", v->rows);
        json_kv(&j, "score", v->score);
        json_kv(&j, "created", day_iso(c->a, v->created_at));
        json_kv(&j, "ledger_seq", v->ledger_seq);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

/* --- what the metadata says otherwise: compared now, whenever the version was read --- */

static void add_number(json *o, size_t i, str key, int64_t v)
{
    o->obj.keys[i] = key;
    o->obj.v[i] = (json){ .type = JSON_INT, .i = v };
}

static bool add_said(ctx *c, const table_asked *t, json *all)
{
    distribution_row_list files;
    table_row_list tables;
    measure_compared found;
    if (!q_distribution_of(c, t->d.id, &files) || !q_table_of_distribution(c, t->t.distribution_uid, &tables))
        return false;
    bool alone = tables.n == 1 && (files.n == 1 || !t->f.record_count_null);
    measure_said said = { .file_fields = t->f.fields, .dataset_fields = t->d.field_description, .from = t->d.temporal_from, .to = t->d.temporal_to,
                          .rows = !alone ? -1 : !t->f.record_count_null ? t->f.record_count : t->d.record_count_null ? -1 : t->d.record_count };
    if (!measure_compare(c, &said, t->v.fields, t->v.rows, &found))
        return true;
    json *v = new_n(c->a, json, all->arr.n + found.findings.n + 1);
    for (size_t i = 0; i < all->arr.n; i++)
        v[i] = all->arr.v[i];
    list_each (const table_finding, f, &found.findings) {
        json *o = &v[all->arr.n++];
        enum { MEMBERS = 4 };
        *o = (json){ .type = JSON_OBJ, .obj = { new_n(c->a, str, MEMBERS), new_n(c->a, json, MEMBERS), MEMBERS } };
        o->obj.keys[0] = S("code");
        o->obj.v[0] = (json){ .type = JSON_STR, .s = str_of(f->code) };
        o->obj.keys[1] = S("sample");
        o->obj.v[1] = (json){ .type = JSON_STR, .s = f->sample };
        add_number(o, 2, S("col"), (int64_t)f->col);
        add_number(o, 3, S("count"), (int64_t)f->count);
    }
    all->arr.v = v;
    return true;
}

bool table_quality_page(ctx *c, const http_req *r, http_res *w)
{
    auto_asked t = { 0 };
    json all;
    table_version_brief_list versions;
    table_quality_view v = { 0 };
    if (!table_asked_read(c, r, &t) || !q_table_versions_of(c, t.t.id, VERSIONS, &versions) || !json_parse(c, t.v.findings, &all))
        return false;
    if (all.type != JSON_ARR)
        return fail(c, INTERNAL, "the findings of a version are no list");
    if (!add_said(c, &t, &all))
        return false;
    rule_groups g = group_all(c, &all);
    if (r->wants_json)
        return show_json(c, w, &t, &all, &g, &versions);
    v.frame = table_frame_of(c, &t, TABLE_TAB_QUALITY);
    fill_rules(c, &t, &all, &g, &v);
    fill_versions(c, &t, &versions, &v);
    str path = str_cat(c->a, t.path, S("/quality"));
    page p = { .title = lang_with(c, "Quality of {title}", { "title", t.title }), .canonical = str_cat(c->a, path, t.version_query), .nav = NAV_DATASETS,
               .json = str_fmt(c->a, "%.*s.json%.*s", S_ARG(path), S_ARG(t.version_query)), .no_index = t.version_query.n > 0 };
    return page_show(c, r, w, &p, view_table_quality(c, &v));
}
