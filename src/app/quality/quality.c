#include "app/quality/quality.h"

typedef struct { const quality_options *o; str file; } work;

static bool progress(ctx *c, void *to, uint64_t bytes, uint64_t rows)
{
    work *w = to;
    return w->o->progress == NULL || w->o->progress(c, w->o->to, w->file, bytes, rows);
}

const char *quality_severity(load_severity s)
{
    static const char *const names[] = { [LOAD_ERROR] = "error", [LOAD_WARNING] = "warning", [LOAD_NOTE] = "note" };
    return names[s];
}

uint64_t quality_count(const quality_table *t, const char *code)
{
    uint64_t n = 0;
    for (size_t i = 0; i < t->findings.n; i++)
        if (strcmp(t->findings.v[i].code, code) == 0)
            n += t->findings.v[i].count > 0 ? t->findings.v[i].count : 1;
    return n;
}

static bool before(ctx *c, void *to, size_t position, str name, load_before *out)
{
    const schema *s = ((work *)to)->o->schema;
    (void)position, (void)name;
    if (s == NULL)
        return true;
    table_schema *alone = new (c->a, table_schema);
    *alone = s->table;
    alone->references.n = 0;            /* other files come yet */
    *out = (load_before){ .schema = alone, .given = true, .key = &s->key };
    return true;
}

static bool columns_of(ctx *c, const load_table *t, const quality_options *o, quality_table *out)
{
    column_file *f;
    schema_columns cols;
    if (!column_file_open(c, t->path, &f))
        return false;
    for (size_t i = 0; i < column_file_count(f); i++) {
        const column_about *k = column_file_about(f, i);
        list_add(c->a, &out->columns, (quality_column){
            .name = str_dup(c->a, k->name), .title = str_dup(c->a, k->title), .second = str_dup(c->a, k->second),
            .type = str_of(column_type_name(k->type)), .nulls = (int64_t)k->stats.null_count, .distinct = (int64_t)k->stats.distinct,
            .exact = k->stats.distinct_exact, .least = str_dup(c->a, k->stats.min_text), .greatest = str_dup(c->a, k->stats.max_text) });
    }
    bool ok = o->schema != NULL || (schema_registry_columns(c, f, &cols) && schema_registry_guess(c, &cols, &out->guesses));
    column_file_close(f);
    return ok;
}

/* What metadata says otherwise is found in the table like all else; the number of records is that of a file with one table. */
static bool compare(ctx *c, const load_result *l, load_table *t, const quality_declared *said)
{
    column_file *f;
    quality_findings found = { 0 };
    quality_declared d = *said;
    if (!column_file_open(c, t->path, &f))
        return false;
    size_t n = column_file_count(f);
    quality_heading *h = new_n(c->a, quality_heading, n + 1);
    quality_content is = { .headings = h, .count = n, .rows = (int64_t)t->rows, .first_day = DAY_NONE, .last_day = DAY_NONE };
    for (size_t i = 0; i < n; i++) {
        const column_about *k = column_file_about(f, i);
        int64_t first, last;
        h[i] = (quality_heading){ k->title, k->second, k->name };
        if (!quality_days_of(k, &first, &last))
            continue;
        is.first_day = is.first_day == DAY_NONE || first < is.first_day ? first : is.first_day;
        is.last_day = is.last_day == DAY_NONE || last > is.last_day ? last : is.last_day;
    }
    if (l->tables.n > 1)
        d.rows = -1;
    quality_compare(c, &d, &is, &found);
    list_each (const table_finding, one, &found) {
        load_finding *k = list_push(l->keep, &t->findings);
        k->at = *one;
        k->at.sample = str_dup(l->keep, one->sample);
    }
    column_file_close(f);
    return true;
}

void quality_count_rules(const quality_table *t, quality_report *r, int64_t by)
{
    size_t n;
    const load_rule *rules = load_rules(&n);
    for (size_t i = 0; i < n; i++)
        if (quality_count(t, rules[i].code) > 0)
            (*(rules[i].severity == LOAD_ERROR ? &r->errors : rules[i].severity == LOAD_WARNING ? &r->warnings : &r->notes)) += by;
}

int quality_score(ctx *c, const quality_table *t)
{
    size_t n;
    const load_rule *rules = load_rules(&n);
    uint64_t *counts = new_n(c->a, uint64_t, n);
    for (size_t i = 0; i < n; i++)
        counts[i] = quality_count(t, rules[i].code);
    return load_score_of(counts, (uint64_t)t->rows);
}

static bool add_table(ctx *c, str file, const load_result *l, load_table *t, const quality_options *o, quality_report *r)
{
    quality_table *q = list_push(c->a, &r->tables);
    *q = (quality_table){
        .file = file, .name = str_dup(c->a, t->name), .format = str_of(sniff_called(l->found.kind)),
        .encoding = str_dup(c->a, str_of(l->found.encoding)), .rule = str_dup(c->a, str_of(l->found.rule)), .rows = (int64_t)t->rows,
        .header_rows = (int64_t)t->header_rows, .notes_rows = (int64_t)t->notes_rows, .score = load_score(t), .packed = l->found.packed > 0,
        .more_findings = (int64_t)t->more_findings, .called = o->called, .titled = o->titled, .schema = o->schema != NULL ? &o->schema->table : NULL,
    };
    for (size_t i = 0; i < t->findings.n; i++) {
        table_finding f = t->findings.v[i].at;
        f.sample = str_dup(c->a, f.sample);
        list_add(c->a, &q->findings, f);
    }
    quality_count_rules(q, r, 1);
    if (!columns_of(c, t, o, q))
        return false;
    if (o->keep) {
        q->path = str_dup(c->a, t->path);
        t->path = (str){ 0 };
    }
    return true;
}

/* What is the file's fault is part of the report. */
static bool refuse(ctx *c, str file, quality_report *r)
{
    err_code code = c->err.code;
    if (code != ERR_INVALID && code != ERR_TOO_LARGE && code != ERR_TIMEOUT && code != ERR_CONFLICT)
        return false;
    str why = c->err.message.n > 0 ? c->err.message : str_of(err_text(code));
    list_add(c->a, &r->refused, (quality_refusal){ file, str_lower(c->a, str_of(err_name(code))), why });
    err_clear(c);
    return true;
}

bool quality_check(ctx *c, int fd, str file, const quality_options *o, quality_report *r)
{
    work w = { o, file };
    load_result l;
    if (!load_file(c, fd, file_base(file), &(load_options){ .folder = o->folder, .format = o->format, .encoding = o->encoding,
                                                            .words = o->words, .to = &w, .before = before, .progress = progress }, &l))
        return refuse(c, file, r);
    bool ok = true;
    for (size_t i = 0; ok && i < l.tables.n; i++)
        ok = (o->declared == NULL || compare(c, &l, &l.tables.v[i], o->declared)) && add_table(c, file, &l, &l.tables.v[i], o, r);
    load_free(c, &l);
    return ok;
}
