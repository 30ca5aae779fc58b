/* common_export_api — the whole catalogue as CSV, JSON or XML, streamed a few datasets at a time. */
#include "app/common_api/common_api.h"
#include "app/feed/xml.h"
#include "app/routes.h"
#include "kit/text/csv_write.h"

#define ROWS 16
#define PIECE_BYTES ((size_t)128 << 10)

typedef enum { CSV, JSON_TEXT, XML } form;
typedef struct {
    form    form;
    int64_t after;              /* the last id that was written */
    bool    begun, any;
} following;

static void put_head(buf *o, form f)
{
    if (f == CSV) {
        csv_w t = csv_to(o);
        for (size_t i = 0; i < COMMON_API_COLUMNS; i++)
            csv_str(&t, str_of(common_api_columns[i]));
        csv_row(&t);
    } else {
        buf_add(o, f == XML ? S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<data>\n") : S("[\n"));
    }
}

static void put_row(buf *o, following *f, const str cells[COMMON_API_COLUMNS])
{
    if (f->form == CSV) {
        csv_w t = { .o = o };        /* the byte order mark stands before the head */
        for (size_t i = 0; i < COMMON_API_COLUMNS; i++)
            csv_str(&t, cells[i]);
        csv_row(&t);
    } else if (f->form == XML) {
        buf_add(o, S("<row>"));
        for (size_t i = 0; i < COMMON_API_COLUMNS; i++)
            xml_element(o, common_api_columns[i], cells[i]);
        buf_add(o, S("</row>\n"));
    } else {
        buf_add(o, f->any ? S(",\n") : S(""));
        json_w j = json_to(o);
        json_obj(&j);
        for (size_t i = 0; i < COMMON_API_COLUMNS; i++)
            json_kv(&j, common_api_columns[i], cells[i]);
        json_end(&j);
    }
    f->any = true;
}

/* The files of a few datasets lie in the order of their ids, as the datasets do. */
static bool put_datasets(ctx *c, following *f, buf *o, bool *more)
{
    dataset_row_list l;
    distribution_row_list files = { 0 };
    if (!q_dataset_after(c, f->after, ROWS, &l))
        return false;
    *more = l.n > 0;
    if (l.n == 0)
        return true;
    int64_t ids[ROWS];
    for (size_t i = 0; i < l.n; i++)
        ids[i] = l.v[i].id;
    if (!q_distribution_of_many(c, (q_ints){ ids, l.n }, &files))
        return false;
    for (size_t i = 0, at = 0; i < l.n; i++) {
        str cells[COMMON_API_COLUMNS];
        size_t first = at;
        while (at < files.n && files.v[at].dataset_id == l.v[i].id)
            at++;
        if (!common_api_visible(l.v[i].state, l.v[i].class))
            continue;
        common_api_export_row(c, &l.v[i], files.v + first, at - first, cells);
        put_row(o, f, cells);
    }
    f->after = l.v[l.n - 1].id;
    return true;
}

static bool stream(ctx *c, void *state, buf *out, bool *more)
{
    following *f = state;
    *more = true;
    if (!f->begun)
        put_head(out, f->form);
    f->begun = true;
    while (*more && out->n < PIECE_BYTES)
        if (!put_datasets(c, f, out, more))
            return false;
    if (!*more)
        buf_add(out, f->form == XML ? S("</data>\n") : f->form == JSON_TEXT ? S("\n]\n") : S(""));
    return true;
}

static bool send_export(ctx *c, http_res *w, str name)
{
    static const struct { const char *name, *type; form form; } forms[] = {
        { "csv", CSV_TYPE, CSV }, { "json", "application/json; charset=utf-8", JSON_TEXT }, { "xml", "application/xml; charset=utf-8", XML },
    };
    for (size_t i = 0; i < array_len(forms); i++) {
        if (!str_eq(name, str_of(forms[i].name)))
            continue;
        following *f = new (c->a, following);
        f->form = forms[i].form;
        w->type = str_of(forms[i].type);
        w->any_origin = true;
        w->stream = stream;
        w->stream_state = f;
        http_head(c, w, "Content-Disposition", str_fmt(c->a, "attachment; filename=\"datasets.%s\"", forms[i].name));
        return true;
    }
    return common_api_refuse(c, w, 400, COMMON_API_BAD_VALUE, S("format is csv, json or xml"));
}

bool common_api_export_get(ctx *c, const http_req *r, http_res *w)
{
    common_api_window none;
    if (!common_api_arguments(c, r, w, "format", &none))
        return true;
    str format = http_arg(r, "format");
    return send_export(c, w, format.n > 0 ? format : S("csv"));
}

bool common_api_export_file_get(ctx *c, const http_req *r, http_res *w)
{
    return send_export(c, w, http_param(r, "format"));
}
