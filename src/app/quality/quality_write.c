/* A report as text for a terminal, and as JSON. */
#include "app/quality/quality.h"
#include "kit/ingest/refusal.h"
#include "kit/text/json_write.h"
#include "kit/text/lang.h"

#define PLACES_SHOWN 3
#define SAMPLE_SHOWN 120
#define TITLE_SHOWN 60
#define SEVERITY_WIDTH 7            /* on a terminal: "warning" */

/* --- text --- */

static str shortened(arena *a, str s, size_t most)
{
    str cut = utf8_cut(s, most);
    return cut.n < s.n ? str_cat(a, cut, S("…")) : cut;
}

/* Sheets are told by the addresses that people see on their edges. */
static str sheet_cell(arena *a, size_t col, uint64_t row)
{
    char letters[16];
    size_t n = sizeof letters;
    for (; col > 0 && n > 0; col = (col - 1) / 26)
        letters[--n] = (char)('A' + (col - 1) % 26);
    return str_fmt(a, "%.*s%" PRIu64, (int)(sizeof letters - n), letters + n, row);
}

static bool is_sheet(const quality_table *t)
{
    return str_eq(t->format, S("XLSX")) || str_eq(t->format, S("XLS")) || str_eq(t->format, S("ODS"));
}

bool quality_knows_byte(const quality_table *t, const table_finding *f)
{
    return f->byte > 0 || (f->line == 1 && str_eq(t->format, S("CSV")));
}

str quality_place(ctx *c, const quality_table *t, const table_finding *f)
{
    str at = { 0 }, column = { 0 };
    bool by_row = strcmp(f->code, "repeated_row") == 0;     /* it names the other one by its row */
    if (f->line > 0 && f->col > 0 && is_sheet(t))
        at = lang_with(c, "cell {address}", { "address", sheet_cell(c->a, f->col, f->line) });
    else if (f->line > 0 && !by_row)
        at = is_sheet(t) ? lang_with(c, "row {n} of the sheet", { "n", str_fmt(c->a, "%" PRIu64, f->line) })
                         : lang_with(c, "line {n}", { "n", str_fmt(c->a, "%" PRIu64, f->line) });
    else if (f->row > 0)
        at = lang_with(c, "row {n}", { "n", str_fmt(c->a, "%" PRIu64, f->row) });
    if (f->col > 0) {
        str title = f->col <= t->columns.n ? t->columns.v[f->col - 1].title : (str){ 0 }, n = str_fmt(c->a, "%zu", f->col);
        column = title.n > 0 ? lang_with(c, "column {n} “{title}”", { "n", n }, { "title", shortened(c->a, title, TITLE_SHOWN) })
                             : lang_with(c, "column {n}", { "n", n });
    }
    return at.n > 0 && column.n > 0 ? lang_with(c, "{line}, {column}", { "line", at }, { "column", column }) : at.n > 0 ? at : column;
}

/* Blanks at the ends are what the finding is about: they are shown. */
static str with_blanks_shown(arena *a, str s)
{
    buf b = buf_in(a);
    str inside = str_trim(s);
    size_t before = inside.n > 0 ? (size_t)(inside.p - s.p) : s.n;
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        uint32_t code = utf8_next(s, &i);
        bool is_end = at < before || at >= before + inside.n;
        if (is_end)
            buf_add(&b, code == 0x3000 ? S("□") : code == '\t' ? S("→") : S("␣"));
        else
            buf_add(&b, str_sub(s, at, i));
    }
    return buf_str(&b);
}

str quality_sample(ctx *c, const table_finding *f)
{
    str row = str_from(f->sample, strlen("= row "));
    if (strcmp(f->code, "repeated_row") == 0 && str_starts(f->sample, S("= row ")))
        return lang_with(c, "the same as row {n}", { "n", row });
    if (f->sample.n == 0 && f->count > 1 && f->row == 0 && f->col > 0)
        return str_fmt(c->a, "%.*s×", S_ARG(num_grouped(c->a, (int64_t)f->count)));
    if (strcmp(f->code, "leading_blank") == 0 || strcmp(f->code, "trailing_blank") == 0)
        return with_blanks_shown(c->a, f->sample);
    return f->sample;
}

/* Samples are strangers' text: what a terminal would obey is shown as a dot. */
static void put_sample(buf *b, str s)
{
    for (size_t i = 0; i < s.n; i++)
        buf_byte(b, (unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f ? '.' : s.p[i]);
}

static void put_rule(ctx *c, buf *b, const quality_table *t, const load_rule *rule, bool colour)
{
    static const char *const paint[] = { [LOAD_ERROR] = "\x1b[31m", [LOAD_WARNING] = "\x1b[33m", [LOAD_NOTE] = "\x1b[36m" };
    uint64_t count = quality_count(t, rule->code);
    int shown = 0;
    if (count == 0)
        return;
    str severity = quality_severity_said(c, rule->severity);
    size_t width = utf8_width(severity);
    buf_fmt(b, "  %s%.*s%s%*s  %.*s (%s%.*s)\n", colour ? paint[rule->severity] : "", S_ARG(severity), colour ? "\x1b[0m" : "",
            width < SEVERITY_WIDTH ? (int)(SEVERITY_WIDTH - width) : 0, "", S_ARG(T(c, rule->says)), rule->code,
            S_ARG(count > 1 ? str_fmt(c->a, ", %.*s×", S_ARG(num_grouped(c->a, (int64_t)count))) : (str){ 0 }));
    for (size_t i = 0; i < t->findings.n && shown < PLACES_SHOWN; i++) {
        const table_finding *f = &t->findings.v[i];
        if (strcmp(f->code, rule->code) != 0 || (f->row == 0 && f->line == 0 && f->col == 0 && f->sample.n == 0))
            continue;
        str place = quality_place(c, t, f);
        buf_add(b, S("           "));
        put_sample(b, place);
        str sample = shortened(c->a, quality_sample(c, f), SAMPLE_SHOWN);
        buf_add(b, place.n > 0 && sample.n > 0 ? S(": ") : S(""));
        put_sample(b, sample);
        buf_byte(b, '\n');
        shown++;
    }
    buf_fmt(b, "           → %.*s\n", S_ARG(T(c, rule->mend)));
}

static void put_head(ctx *c, buf *b, const quality_table *t)
{
    str name = t->name.n > 0 ? str_fmt(c->a, "%.*s › %.*s", S_ARG(t->file), S_ARG(t->name)) : t->file;
    str format = t->encoding.n > 0 ? str_fmt(c->a, "%.*s (%.*s)", S_ARG(t->format), S_ARG(t->encoding)) : t->format;
    put_sample(b, name);
    buf_add(b, S(": "));
    buf_add(b, lang_with(c, "{format}, {rows} rows, {columns} columns, score {score}", { "format", format }, { "rows", num_grouped(c->a, t->rows) },
                         { "columns", str_fmt(c->a, "%zu", t->columns.n) }, { "score", str_fmt(c->a, "%d", t->score) }));
    buf_byte(b, '\n');
    list_each (const schema_guess, g, &t->guesses) {
        buf_add(b, S("  "));
        buf_add(b, lang_with(c, "looks like the domain schema {code} ({score} of 100: {reason})", { "code", g->key },
                             { "score", str_fmt(c->a, "%d", g->score) }, { "reason", g->reason }));
        buf_byte(b, '\n');
    }
}

str quality_text(ctx *c, const quality_report *r, bool colour)
{
    size_t n;
    const load_rule *rules = load_rules(&n);
    buf b = buf_in(c->a);
    list_each (const quality_table, t, &r->tables) {
        put_head(c, &b, t);
        for (load_severity s = LOAD_ERROR; s <= LOAD_NOTE; s++)
            for (size_t i = 0; i < n; i++)
                if (rules[i].severity == s)
                    put_rule(c, &b, t, &rules[i], colour);
        if (t->findings.n == 0)
            buf_fmt(&b, "  %.*s\n", S_ARG(T(c, "Nothing was found.")));
    }
    list_each (const quality_refusal, f, &r->refused) {
        put_sample(&b, f->file);
        buf_add(&b, S(": "));
        buf_add(&b, refusal_said(c, f->reason));
        buf_byte(&b, '\n');
    }
    return buf_str(&b);
}

/* --- JSON --- */

static void put_finding(json_w *j, const quality_table *t, const table_finding *f)
{
    const load_rule *rule = load_rule_of(f->code);
    json_obj(j);
    json_kv(j, "code", f->code);
    if (rule != NULL) {
        json_kv(j, "severity", quality_severity(rule->severity));
        json_kv(j, "message", rule->says);
        json_kv(j, "mend", rule->mend);
    }
    if (f->row > 0)
        json_kv(j, "row", (int64_t)f->row);
    if (f->line > 0)
        json_kv(j, "line", (int64_t)f->line);
    if (quality_knows_byte(t, f))
        json_kv(j, "byte", (int64_t)f->byte);
    if (f->col > 0) {
        json_kv(j, "column", (int64_t)f->col);
        if (f->col <= t->columns.n)
            json_kv(j, "column_title", t->columns.v[f->col - 1].title);
    }
    json_kv(j, "count", (int64_t)(f->count > 0 ? f->count : 1));
    json_kv(j, "sample", f->sample);
    json_end(j);
}

static void put_guesses(json_w *j, const schema_guesses *l)
{
    json_key(j, S("schemas"));
    json_arr(j);
    list_each (const schema_guess, g, l) {
        json_obj(j);
        json_kv(j, "code", g->key);
        json_kv(j, "score", (int64_t)g->score);
        json_kv(j, "reason", g->reason);
        json_end(j);
    }
    json_end(j);
}

static void put_column(json_w *j, const quality_column *k)
{
    json_obj(j);
    json_kv(j, "name", k->name);
    json_kv(j, "title", k->title);
    if (k->second.n > 0)
        json_kv(j, "second", k->second);
    json_kv(j, "type", k->type);
    json_kv(j, "nulls", k->nulls);
    json_kv(j, "distinct", k->distinct);
    json_kv(j, "distinct_exact", k->exact);
    json_kv(j, "min", k->least);
    json_kv(j, "max", k->greatest);
    json_end(j);
}

static void put_table(json_w *j, const quality_table *t)
{
    json_obj(j);
    json_kv(j, "file", t->file);
    json_kv(j, "name", t->name);
    json_kv(j, "format", t->format);
    json_kv(j, "encoding", t->encoding);
    json_kv(j, "encoding_rule", t->rule);
    json_kv(j, "rows", t->rows);
    json_kv(j, "header_rows", t->header_rows);
    json_kv(j, "notes_rows", t->notes_rows);
    json_kv(j, "score", t->score);
    put_guesses(j, &t->guesses);
    json_key(j, S("columns"));
    json_arr(j);
    list_each (const quality_column, k, &t->columns)
        put_column(j, k);
    json_end(j);
    json_key(j, S("findings"));
    json_arr(j);
    list_each (const table_finding, f, &t->findings)
        put_finding(j, t, f);
    json_end(j);
    json_kv(j, "more_findings", t->more_findings);
    json_end(j);
}

str quality_json(arena *a, const quality_report *r)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_key(&j, S("tables"));
    json_arr(&j);
    list_each (const quality_table, t, &r->tables)
        put_table(&j, t);
    json_end(&j);
    json_key(&j, S("refused"));
    json_arr(&j);
    list_each (const quality_refusal, f, &r->refused) {
        json_obj(&j);
        json_kv(&j, "file", f->file);
        json_kv(&j, "code", f->code);
        json_kv(&j, "reason", f->reason);
        json_end(&j);
    }
    json_end(&j);
    json_kv(&j, "errors", r->errors);
    json_kv(&j, "warnings", r->warnings);
    json_kv(&j, "notes", r->notes);
    json_end(&j);
    buf_byte(&b, '\n');
    return buf_str(&b);
}
