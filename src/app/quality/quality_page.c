#include "app/quality/quality_page.h"

#include "kit/ingest/refusal.h"
#include "views.h"

#define PLACES_SHOWN 10

static str count_text(ctx *c, int64_t n)
{
    return num_grouped(c->a, n);
}

static str place_of(ctx *c, const quality_table *t, const table_finding *f)
{
    str place = quality_place(c, t, f);
    str sample = quality_sample(c, f);
    return place.n > 0 && sample.n > 0 ? str_fmt(c->a, "%.*s: %.*s", S_ARG(place), S_ARG(sample)) : place.n > 0 ? place : sample;
}

str quality_severity_said(ctx *c, load_severity s)
{
    const str all[] = { [LOAD_ERROR] = T(c, "error"), [LOAD_WARNING] = T(c, "warning"), [LOAD_NOTE] = T(c, "note") };
    return all[s];
}

static void add_rule(ctx *c, const quality_table *t, const load_rule *rule, quality_view_table *out)
{
    uint64_t count = quality_count(t, rule->code);
    if (count == 0)
        return;
    quality_view_rule *r = list_push(c->a, &out->rules);
    *r = (quality_view_rule){
        .code = str_of(rule->code), .severity = str_of(quality_severity(rule->severity)),
        .severity_text = quality_severity_said(c, rule->severity), .says = T(c, rule->says),
        .mend = T(c, rule->mend), .count = count_text(c, (int64_t)count),
    };
    for (size_t i = 0; i < t->findings.n && r->places.n < PLACES_SHOWN; i++)
        if (strcmp(t->findings.v[i].code, rule->code) == 0) {
            str place = place_of(c, t, &t->findings.v[i]);
            if (place.n > 0)            /* that all others are counted says nothing of a place */
                list_add(c->a, &r->places, place);
        }
}

static str broken(ctx *c, const quality_view_table *q, load_severity s)
{
    int64_t n = 0;
    list_each (const quality_view_rule, r, &q->rules)
        n += str_eq(r->severity, str_of(quality_severity(s)));
    return count_text(c, n);
}

static void add_table(ctx *c, const quality_table *t, quality_view *v)
{
    size_t n;
    const load_rule *rules = load_rules(&n);
    quality_view_table *q = list_push(c->a, &v->tables);
    str how = t->encoding.n > 0 ? str_fmt(c->a, "%.*s (%.*s)", S_ARG(t->format), S_ARG(t->encoding)) : t->format;
    *q = (quality_view_table){
        .title = t->name.n > 0 ? str_fmt(c->a, "%.*s › %.*s", S_ARG(t->file), S_ARG(t->name)) : t->file, .format = how,
        .number = count_text(c, (int64_t)v->tables.n), .rows = count_text(c, t->rows), .columns = count_text(c, (int64_t)t->columns.n), .score = count_text(c, t->score),
    };
    for (load_severity s = LOAD_ERROR; s <= LOAD_NOTE; s++)
        for (size_t i = 0; i < n; i++)
            if (rules[i].severity == s)
                add_rule(c, t, &rules[i], q);
    q->errors = broken(c, q, LOAD_ERROR);
    q->warnings = broken(c, q, LOAD_WARNING);
    q->notes = broken(c, q, LOAD_NOTE);
}

html quality_html(ctx *c, const quality_report *r)
{
    quality_view v = {
        .lang = c->lang == LANG_EN ? S("en") : S("zh-Hant"), .tables_text = count_text(c, (int64_t)r->tables.n),
        .refused_text = count_text(c, (int64_t)r->refused.n), .errors = count_text(c, r->errors), .warnings = count_text(c, r->warnings),
        .notes = count_text(c, r->notes),
    };
    list_each (const quality_table, t, &r->tables)
        add_table(c, t, &v);
    list_each (const quality_refusal, f, &r->refused)
        list_add(c->a, &v.refused, (quality_refusal){ .file = f->file, .code = f->code, .reason = refusal_said(c, f->reason) });
    return view_quality_report(c, &v);
}
