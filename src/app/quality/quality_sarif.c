/* A report as SARIF 2.1.0, for tools that show findings beside the file. What is said is in the reader's language; a place in the
 * text of a file is a region, one in a sheet, in a record or in a packed file is told in words (logical location). */
#include "app/quality/quality.h"
#include "kit/ingest/refusal.h"
#include "kit/text/json_write.h"
#include "kit/text/lang.h"
#include "kit/text/url.h"

static void put_text(json_w *j, const char *key, str text)
{
    json_key(j, str_of(key));
    json_obj(j);
    json_kv(j, "text", text);
    json_end(j);
}

static str as_uri(arena *a, str path)
{
    buf b = buf_in(a);
    if (url_is_web(path))
        return url_safe(a, path);
    url_encode_path(&b, path);
    return buf_str(&b);
}

static void put_region(json_w *j, const quality_table *t, const table_finding *f)
{
    json_key(j, S("region"));
    json_obj(j);
    json_kv(j, "startLine", (int64_t)f->line);
    if (quality_knows_byte(t, f))
        json_kv(j, "byteOffset", (int64_t)f->byte);
    json_end(j);
}

/* The sheet or member, and the cell in words. */
static void put_logical(ctx *c, json_w *j, const quality_table *t, const table_finding *f)
{
    str place = quality_place(c, t, f);
    str all = t->name.n > 0 && place.n > 0 ? str_fmt(c->a, "%.*s › %.*s", S_ARG(t->name), S_ARG(place)) : place.n > 0 ? place : t->name;
    if (all.n == 0)
        return;
    json_key(j, S("logicalLocations"));
    json_arr(j);
    json_obj(j);
    if (f->col > 0 && f->col <= t->columns.n && t->columns.v[f->col - 1].title.n > 0)
        json_kv(j, "name", t->columns.v[f->col - 1].title);
    json_kv(j, "fullyQualifiedName", all);
    json_kv(j, "kind", f->col > 0 ? "member" : "resource");
    json_end(j);
    json_end(j);
}

/* t NULL: of a file that holds no table. */
static void put_location(ctx *c, json_w *j, str file, const quality_table *t, const table_finding *f)
{
    json_key(j, S("locations"));
    json_arr(j);
    json_obj(j);
    json_key(j, S("physicalLocation"));
    json_obj(j);
    json_key(j, S("artifactLocation"));
    json_obj(j);
    json_kv(j, "uri", as_uri(c->a, file));
    json_end(j);
    if (t != NULL && f->line > 0 && t->encoding.n > 0 && !t->packed)
        put_region(j, t, f);
    json_end(j);
    if (t != NULL)
        put_logical(c, j, t, f);
    json_end(j);
    json_end(j);
}

static void put_rule(json_w *j, const char *id, str says, str mend, const char *level, const char *tag)
{
    json_obj(j);
    json_kv(j, "id", id);
    put_text(j, "shortDescription", says);
    put_text(j, "fullDescription", says);
    put_text(j, "help", mend);
    json_key(j, S("defaultConfiguration"));
    json_obj(j);
    json_kv(j, "level", level);
    json_end(j);
    json_key(j, S("properties"));
    json_obj(j);
    json_key(j, S("tags"));
    json_arr(j);
    json_str(j, str_of(tag));
    json_end(j);
    json_end(j);
    json_end(j);
}

static void put_rules(ctx *c, json_w *j)
{
    size_t n;
    const load_rule *rules = load_rules(&n);
    json_key(j, S("rules"));
    json_arr(j);
    for (size_t i = 0; i < n; i++)
        put_rule(j, rules[i].code, T(c, rules[i].says), T(c, rules[i].mend), quality_severity(rules[i].severity),
                 str_z(c->a, str_lower(c->a, str_of(rules[i].group))));
    put_rule(j, "no_table", T(c, "The file holds no table"), T(c, "Publish the table as CSV, ODS or XLSX"), "error", "structure");
    json_end(j);
}

static void put_result(ctx *c, json_w *j, const quality_table *t, const table_finding *f)
{
    size_t n;
    const load_rule *rule = load_rule_of(f->code);
    str says = rule != NULL ? T(c, rule->says) : str_of(f->code), place = quality_place(c, t, f), sample = quality_sample(c, f);
    json_obj(j);
    json_kv(j, "ruleId", f->code);
    if (rule != NULL)
        json_kv(j, "ruleIndex", (int64_t)(rule - load_rules(&n)));
    json_kv(j, "level", rule != NULL ? quality_severity(rule->severity) : "warning");
    buf b = buf_in(c->a);
    buf_add(&b, says);
    if (place.n > 0)
        buf_fmt(&b, " (%.*s)", S_ARG(place));
    if (sample.n > 0)
        buf_fmt(&b, ": %.*s", S_ARG(sample));
    put_text(j, "message", buf_str(&b));
    json_kv(j, "occurrenceCount", (int64_t)(f->count > 0 ? f->count : 1));
    put_location(c, j, t->file, t, f);
    json_end(j);
}

static void put_refusal(ctx *c, json_w *j, const quality_refusal *f)
{
    size_t n;
    (void)load_rules(&n);
    json_obj(j);
    json_kv(j, "ruleId", "no_table");
    json_kv(j, "ruleIndex", (int64_t)n);
    json_kv(j, "level", "error");
    put_text(j, "message", refusal_said(c, f->reason));
    put_location(c, j, f->file, NULL, NULL);
    json_end(j);
}

str quality_sarif(ctx *c, const quality_report *r)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_kv(&j, "version", "2.1.0");
    json_key(&j, S("runs"));
    json_arr(&j);
    json_obj(&j);
    json_key(&j, S("tool"));
    json_obj(&j);
    json_key(&j, S("driver"));
    json_obj(&j);
    json_kv(&j, "name", "openshelf check");
    json_kv(&j, "version", OPENSHELF_VERSION);
    put_rules(c, &j);
    json_end(&j);
    json_end(&j);
    json_kv(&j, "language", c->lang == LANG_EN ? "en" : "zh-TW");
    json_key(&j, S("results"));
    json_arr(&j);
    list_each (const quality_table, t, &r->tables)
        list_each (const table_finding, f, &t->findings)
            put_result(c, &j, t, f);
    list_each (const quality_refusal, f, &r->refused)
        put_refusal(c, &j, f);
    json_end(&j);
    json_end(&j);
    json_end(&j);
    json_end(&j);
    buf_byte(&b, '\n');
    return buf_str(&b);
}
