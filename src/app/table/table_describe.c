#include "app/table/table_describe.h"

#include "app/quality/quality_declared.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

#define FINDINGS_KEPT 500       /* in the record; the counts of all are in `about` */

str table_describe_fields(arena *a, const column_file *f)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_arr(&j);
    for (size_t i = 0; i < column_file_count(f); i++) {
        const column_about *k = column_file_about(f, i);
        int64_t first, last;
        json_obj(&j);
        json_kv(&j, "name", k->name);
        json_kv(&j, "title", k->title);
        if (k->second.n > 0)
            json_kv(&j, "second", k->second);
        json_kv(&j, "type", str_of(column_type_name(k->type)));
        if (k->declared)
            json_kv(&j, "declared", k->declared);
        if (quality_days_of(k, &first, &last)) {
            json_kv(&j, "first_day", first);
            json_kv(&j, "last_day", last);
        }
        json_end(&j);
    }
    json_end(&j);
    return buf_str(&b);
}

str table_describe_about(arena *a, const load_result *r, const load_table *t)
{
    size_t n;
    const load_rule *rules = load_rules(&n);
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "format", str_of(sniff_called(r->found.kind)));
    json_kv(&j, "encoding", str_of(r->found.encoding));
    json_kv(&j, "rule", str_of(r->found.rule));
    json_kv(&j, "header_rows", (int64_t)t->header_rows);
    json_kv(&j, "notes_rows", (int64_t)t->notes_rows);
    json_kv(&j, "rows", (int64_t)t->rows);
    json_kv(&j, "columns", (int64_t)t->cols);
    json_key(&j, S("findings"));
    json_obj(&j);
    for (size_t i = 0; i < n; i++) {
        uint64_t count = 0;
        for (size_t k = 0; k < t->findings.n; k++)
            if (strcmp(t->findings.v[k].at.code, rules[i].code) == 0)
                count += t->findings.v[k].at.count > 0 ? t->findings.v[k].at.count : 1;
        if (count > 0)
            json_kv(&j, rules[i].code, (int64_t)count);
    }
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

str table_describe_findings(arena *a, const load_table *t)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_arr(&j);
    for (size_t i = 0; i < t->findings.n && i < FINDINGS_KEPT; i++) {
        const table_finding *f = &t->findings.v[i].at;
        json_obj(&j);
        json_kv(&j, "code", str_of(f->code));
        if (f->row > 0)
            json_kv(&j, "row", (int64_t)f->row);
        if (f->line > 0)
            json_kv(&j, "line", (int64_t)f->line);
        if (f->byte > 0)
            json_kv(&j, "byte", (int64_t)f->byte);
        if (f->col > 0)
            json_kv(&j, "col", (int64_t)f->col);
        json_kv(&j, "count", (int64_t)(f->count > 0 ? f->count : 1));
        json_kv(&j, "sample", f->sample);
        json_end(&j);
    }
    json_end(&j);
    return buf_str(&b);
}

bool table_describe_names(ctx *c, str fields_json, str_list *titles, str_list *names)
{
    json doc;
    if (!json_parse(c, fields_json, &doc))
        return false;
    for (size_t i = 0; doc.type == JSON_ARR && i < doc.arr.n; i++) {
        list_add(c->a, titles, json_get_text(c, &doc.arr.v[i], "title"));
        list_add(c->a, names, json_get_text(c, &doc.arr.v[i], "name"));
    }
    return true;
}

static int64_t number_of(const json *o, const char *key)
{
    const json *v = json_get(o, key);
    return v != NULL && v->type == JSON_INT ? v->i : 0;
}

/* How the table was read first, with the rows and the counts of findings of both. */
static str about_both(ctx *c, const json *old, const json *more, int64_t rows)
{
    size_t n;
    const load_rule *rules = load_rules(&n);
    const json *x = json_get(old, "findings"), *y = json_get(more, "findings");
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    for (size_t i = 0; old->type == JSON_OBJ && i < old->obj.n; i++) {
        if (str_eq(old->obj.keys[i], S("rows")) || str_eq(old->obj.keys[i], S("findings")))
            continue;
        json_key(&j, old->obj.keys[i]);
        if (old->obj.v[i].type == JSON_INT)
            json_int(&j, old->obj.v[i].i);
        else
            json_str(&j, json_text(c, &old->obj.v[i]));
    }
    json_kv(&j, "rows", rows);
    json_key(&j, S("findings"));
    json_obj(&j);
    for (size_t i = 0; i < n; i++) {
        int64_t count = number_of(x, rules[i].code) + number_of(y, rules[i].code);
        if (count > 0)
            json_kv(&j, rules[i].code, count);
    }
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

/* A place of rows that were added counts from the table's first row; their lines and bytes are of no file that is kept. */
static void put_added(json_w *j, const json *f, int64_t before)
{
    json_obj(j);
    for (size_t i = 0; f->type == JSON_OBJ && i < f->obj.n; i++) {
        str key = f->obj.keys[i];
        if (str_eq(key, S("line")) || str_eq(key, S("byte")))
            continue;
        json_key(j, key);
        if (f->obj.v[i].type == JSON_INT)
            json_int(j, f->obj.v[i].i + (str_eq(key, S("row")) ? before : 0));
        else
            json_str(j, f->obj.v[i].type == JSON_STR ? f->obj.v[i].s : S(""));
    }
    json_end(j);
}

bool table_describe_added(ctx *c, const table_version_row *old, int64_t rows, int64_t rows_before, str more_about, str more_findings,
                          str *about, str *findings)
{
    json x, y, f, g;
    buf b = buf_in(c->a), dumped = buf_in(c->a);
    json_w j = json_to(&b);
    if (!json_parse(c, old->about, &x) || !json_parse(c, more_about, &y) || !json_parse(c, old->findings, &f)
        || !json_parse(c, more_findings, &g))
        return false;
    *about = about_both(c, &x, &y, rows);
    json_arr(&j);
    size_t kept = f.type == JSON_ARR ? f.arr.n : 0;
    for (size_t i = 0; i < kept; i++) {
        dumped.n = 0;
        json_dump(&dumped, &f.arr.v[i], false);
        json_raw(&j, buf_str(&dumped));
    }
    for (size_t i = 0; g.type == JSON_ARR && i < g.arr.n && kept + i < FINDINGS_KEPT; i++)
        put_added(&j, &g.arr.v[i], rows_before);
    json_end(&j);
    *findings = buf_str(&b);
    return true;
}
