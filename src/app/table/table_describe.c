#include "app/table/table_describe.h"

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
        json_obj(&j);
        json_kv(&j, "name", k->name);
        json_kv(&j, "title", k->title);
        if (k->second.n > 0)
            json_kv(&j, "second", k->second);
        json_kv(&j, "type", str_of(column_type_name(k->type)));
        if (k->declared)
            json_kv(&j, "declared", k->declared);
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
