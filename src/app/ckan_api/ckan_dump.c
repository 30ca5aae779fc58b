/* ckan_dump — /datastore/dump: a table as CKAN gives it to programs, values under their types, no formula guard. */
#include "app/ckan_api/ckan_datastore.h"
#include "app/routes.h"
#include "app/table/table_stream_page.h"

static bool flag(str s)
{
    return str_ieq(s, S("true")) || str_eq(s, S("1")) || str_ieq(s, S("yes")) || str_ieq(s, S("t"));
}

static json *text_of(ctx *c, str s)
{
    json *v = new (c->a, json);
    *v = (json){ .type = JSON_STR, .s = s };
    return s.n > 0 ? v : NULL;
}

static bool read_question(ctx *c, const http_req *r, table_question *q, int64_t *limit)
{
    int64_t offset;
    str fields = http_arg(r, "fields"), one;
    if (!http_arg_int(c, r, "limit", INT64_MAX, 0, INT64_MAX, limit) || !http_arg_int(c, r, "offset", 0, 0, INT64_MAX, &offset))
        return false;
    *q = (table_question){ .filters = text_of(c, http_arg(r, "filters")), .q = text_of(c, http_arg(r, "q")), .sort = http_arg(r, "sort"),
                           .distinct = flag(http_arg(r, "distinct")), .offset = (uint64_t)offset, .limit = (uint64_t)*limit };
    while (fields.n > 0 && str_next(&fields, ',', &one))
        if (str_trim(one).n > 0)
            list_add(c->a, &q->fields, str_trim(one));
    return true;
}

static bool format_of(ctx *c, str name, export_format *out)
{
    bool good = name.n == 0 || str_eq(name, S("csv")) || str_eq(name, S("tsv")) || str_eq(name, S("json")) || str_eq(name, S("xml"));
    *out = EXPORT_CSV;
    if (good && name.n > 0)
        good = export_format_of(name, out);
    return good || fail_field(c, INVALID, S("format"), "format is csv, tsv, json or xml");
}

/* {"fields": […], "records": [[…], …]} */
static void frame_json(ctx *c, const table_answer *a, export_plan *p)
{
    buf b = buf_in(c->a);
    buf_add(&b, S("{\n  \"fields\": "));
    json_w j = json_to(&b);
    ckan_datastore_fields(&j, p->t, a);
    buf_add(&b, S(",\n  \"records\": "));
    p->lists = true;
    p->head = buf_str(&b);
    p->foot = S("}\n");
}

bool ckan_dump_get(ctx *c, const http_req *r, http_res *w)
{
    table_row t;
    table_question q;
    table_answer a;
    table_stream *s;
    int64_t limit;
    bool found;
    export_plan p = { .typed = true, .bom = flag(http_arg(r, "bom")) };
    auto_table held = { .site = c->site };
    if (!format_of(c, http_arg(r, "format"), &p.format) || !read_question(c, r, &q, &limit) || !table_seen(c, http_param(r, "id"), &t, &found))
        return false;
    if (!found)
        return fail(c, NOT_FOUND, "there is no table “%.*s”", S_ARG(utf8_cut(http_param(r, "id"), 100)));
    if (!table_hold(c, &t, 0, &held.open) || !table_answer_find(c, held.open->query, &q, &a))
        return false;
    table_answer_plan(held.open->query, &a, &p);
    p.limit = (uint64_t)limit;
    if (p.format == EXPORT_JSON)
        frame_json(c, &a, &p);
    if (!table_stream_answer(c, w, &p, &held, r->target, &s))
        return false;
    http_head(c, w, "Content-Disposition", str_fmt(c->a, "attachment; filename=\"%.*s.%s\"", S_ARG(t.uid), export_suffix(p.format)));
    return true;
}
