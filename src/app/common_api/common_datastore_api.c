/* common_datastore_api — rows of a table, and the whole of it (2015 specification, 3.1). A column is called by its English
 * name; its type is said in JSON's words. */
#include "app/common_api/common_api.h"
#include "app/common_api/common_zip.h"
#include "app/routes.h"
#include "app/table/table_answer.h"
#include "app/table/table_seen.h"
#include "app/table/table_stream_page.h"

#define LIMIT 100
#define LIMIT_MOST 32000

static const char *type_of(column_type t)
{
    switch (export_kind_of(t)) {
    case EXPORT_INTEGER: return "integer";
    case EXPORT_NUMBER: return "number";
    case EXPORT_BOOLEAN: return "boolean";
    default: return "string";
    }
}

static str_list parted(ctx *c, str text)
{
    str_list l = { 0 };
    str one;
    while (text.n > 0 && str_next(&text, ',', &one))
        if (str_trim(one).n > 0)
            list_add(c->a, &l, str_trim(one));
    return l;
}

/* ER0220 is about names of columns, ER0210 about all else in a value. */
static bool names_known(const query_table *t, const json *filters, const table_question *q, str *unknown)
{
    size_t col;
    str_list names = q->fields;
    str sort = str_trim(q->sort), name = sort;
    for (size_t i = 0; filters != NULL && filters->type == JSON_OBJ && i < filters->obj.n; i++) {
        *unknown = filters->obj.keys[i];
        if (!str_starts(*unknown, S("$")) && !str_eq(*unknown, S("_id")) && !query_table_find(t, *unknown, &col))
            return false;
    }
    list_each (str, s, &names) {
        *unknown = *s;
        if (!str_eq(*s, S("_id")) && !query_table_find(t, *s, &col))
            return false;
    }
    if (sort.n > 0 && !str_starts(sort, S("\""))) {
        (void)str_cut(sort, S(","), &name, &sort);
        (void)str_cut(name, S(" "), &name, &sort);
        *unknown = name;
        return str_eq(name, S("_id")) || query_table_find(t, name, &col);
    }
    return true;
}

/* What a failed question says, as the specification has it. False: it is another failure. */
static bool refuse_question(ctx *c, http_res *w)
{
    if (c->err.code != ERR_INVALID && c->err.code != ERR_TOO_LARGE)
        return false;
    str field = c->err.field, message = c->err.message;
    err_clear(c);
    return common_api_refuse(c, w, 400, COMMON_API_BAD_VALUE, str_fmt(c->a, "%.*s: %.*s", S_ARG(field), S_ARG(message)));
}

static bool hold(ctx *c, http_res *w, str key, table_row *t, table_held *held)
{
    bool found;
    held->site = c->site;
    if (!table_seen(c, key, t, &found))
        return false;
    if (found)
        return table_hold(c, t, 0, &held->open);
    return common_api_refuse(c, w, 404, COMMON_API_ABSENT, str_fmt(c->a, "there is no table “%.*s”", S_ARG(utf8_cut(key, 100))));
}

static void put_fields(json_w *j, const query_table *t, const table_answer *a)
{
    json_arr(j);
    for (size_t i = 0; i < a->col_count; i++) {
        bool own = a->cols[i] < query_table_columns(t);
        const column_about *about = own ? query_table_about(t, a->cols[i]) : NULL;
        json_obj(j);
        json_kv(j, "id", own ? about->name : S("_id"));
        json_kv(j, "type", own ? type_of(about->type) : "integer");
        if (own)
            json_kv(j, "title", about->title);
        json_end(j);
    }
    json_end(j);
}

static bool send_rows(ctx *c, const http_req *r, http_res *w, str id, table_held *held, const table_answer *a, int64_t limit, int64_t offset)
{
    buf head = buf_in(c->a), foot = buf_in(c->a);
    json_w j = json_to(&head);
    table_stream *s;
    json_obj(&j);
    json_kv(&j, "success", (bool)true);
    json_key(&j, S("result"));
    json_obj(&j);
    json_kv(&j, "resource_id", id);
    json_key(&j, S("fields"));
    put_fields(&j, held->open->query, a);
    json_kv(&j, "limit", limit);
    json_kv(&j, "offset", offset);
    json_kv(&j, "total", (int64_t)a->total);
    json_key(&j, S("records"));
    json_arr(&j);
    buf_add(&foot, S("]}}"));
    export_plan p = { .format = EXPORT_JSON, .bare = true, .limit = (uint64_t)limit, .head = buf_str(&head), .foot = buf_str(&foot) };
    table_answer_plan(held->open->query, a, &p);
    if (!table_stream_new(c, &p, held, &s))
        return false;
    w->type = S("application/json; charset=utf-8");
    w->any_origin = true;
    w->etag = table_stream_tag(c, s, r->target);
    w->stream = table_stream_next;
    w->stream_state = s;
    w->stream_end = table_stream_end;
    return true;
}

bool common_api_datastore_get(ctx *c, const http_req *r, http_res *w)
{
    common_api_window win;
    table_row t;
    table_answer a;
    json filters = { 0 }, q = { .type = JSON_STR, .s = http_arg(r, "q") };
    str said = str_trim(http_arg(r, "filters")), unknown = { 0 };
    auto_table held = { 0 };
    if (!common_api_arguments(c, r, w, "filters q sort limit offset fields", &win))
        return true;
    if (!hold(c, w, http_param(r, "resourceID"), &t, &held))
        return false;
    if (held.open == NULL)
        return true;
    if (said.n > 0 && (!json_parse(c, said, &filters) || filters.type != JSON_OBJ)) {
        err_clear(c);
        return common_api_refuse(c, w, 400, COMMON_API_BAD_VALUE, S("filters is a JSON object with its braces and quotes: {\"column\":\"value\"}"));
    }
    table_question ask = { .filters = said.n > 0 ? &filters : NULL, .sort = http_arg(r, "sort"), .fields = parted(c, http_arg(r, "fields")),
                           .offset = (uint64_t)win.offset };
    if (!names_known(held.open->query, ask.filters, &ask, &unknown))
        return common_api_refuse(c, w, 400, COMMON_API_UNKNOWN_FIELD, str_fmt(c->a, "the table has no field “%.*s”", S_ARG(utf8_cut(unknown, 100))));
    int64_t limit = win.limit < 0 ? LIMIT : win.limit < LIMIT_MOST ? win.limit : LIMIT_MOST;
    ask.q = str_trim(q.s).n > 0 ? &q : NULL;
    ask.limit = (uint64_t)limit;
    if (!table_answer_find(c, held.open->query, &ask, &a))
        return refuse_question(c, w);
    if (ask.fields.n == 0)
        a.col_count -= a.extra_count;       /* how well a row answers is no field of the specification */
    return send_rows(c, r, w, t.uid, &held, &a, limit, win.offset);
}

bool common_api_dump_get(ctx *c, const http_req *r, http_res *w)
{
    common_api_window win;
    table_row t;
    table_answer a;
    table_stream *s;
    table_question all = { .limit = UINT64_MAX };
    str format = http_arg(r, "format"), compress = http_arg(r, "compress");
    export_plan p = { .typed = true, .limit = UINT64_MAX };
    auto_table held = { 0 };
    if (!common_api_arguments(c, r, w, "format compress", &win))
        return true;
    if (!(str_eq(format, S("json")) || str_eq(format, S("csv")) || str_eq(format, S("xml"))) || !export_format_of(format, &p.format))
        return common_api_refuse(c, w, 400, COMMON_API_BAD_VALUE, S("format must be given: json, csv or xml"));
    if (compress.n > 0 && !str_eq(compress, S("zip")))
        return common_api_refuse(c, w, 400, COMMON_API_BAD_VALUE, S("compress is zip, or not there"));
    if (!hold(c, w, http_param(r, "resourceID"), &t, &held))
        return false;
    if (held.open == NULL)
        return true;
    if (!table_answer_find(c, held.open->query, &all, &a))
        return false;
    table_answer_plan(held.open->query, &a, &p);
    p.cols = a.cols + 1;                    /* without _id */
    p.col_count = a.col_count - 1;
    if (!table_stream_answer(c, w, &p, &held, r->target, &s))
        return false;
    str name = str_fmt(c->a, "%.*s.%s", S_ARG(t.uid), export_suffix(p.format));
    if (compress.n > 0) {
        w->type = S("application/zip");
        w->stream = common_zip_next;
        w->stream_state = common_zip_new(c, s, name);
        w->stream_end = common_zip_end;
        name = str_fmt(c->a, "%.*s.zip", S_ARG(t.uid));
    }
    http_head(c, w, "Content-Disposition", str_fmt(c->a, "attachment; filename=\"%.*s\"", S_ARG(name)));
    return true;
}
