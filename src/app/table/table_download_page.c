/* table_download_page — what people take with them: the rows that a page shows, whole, in a form of their choice; and the
 * bytes of a file as they came. */
#include "app/routes.h"
#include "app/shell/shell.h"
#include "app/site/site.h"
#include "app/table/table_answer.h"
#include "app/table/table_ask_page.h"
#include "app/table/table_seen.h"
#include "app/table/table_stream_page.h"
#include "kit/blob/blob.h"

/* For a spreadsheet CSV says its encoding by a byte order mark, and no cell is run as a formula; both can be left out. */
static bool plan_of(ctx *c, const http_req *r, query_table *t, export_plan *p)
{
    table_ask_page asked;
    str_list names = { 0 };
    str fields = http_arg(r, "fields"), one;
    size_t *cols;
    while (fields.n > 0 && str_next(&fields, ',', &one))
        if (str_trim(one).n > 0)
            list_add(c->a, &names, str_trim(one));
    if (!table_ask_page_read(c, t, r, &asked) || !table_ask_fields(c, t, &names, false, &cols, &p->col_count))
        return false;
    p->t = t;
    p->folder = c->site->blob_dir;
    p->cols = cols;
    p->limit = UINT64_MAX;
    p->titles = p->format == EXPORT_CSV || p->format == EXPORT_TSV || p->format == EXPORT_XLSX || p->format == EXPORT_ODS;
    p->bom = p->format == EXPORT_CSV && !str_eq(http_arg(r, "bom"), S("0"));
    p->guard = !str_eq(http_arg(r, "guard"), S("0"));
    return query_select(c, t, asked.filtered ? &asked.filter : NULL, asked.sorts, asked.sort_count, &p->walk);
}

/* A name that every client can write, and the real one for those that know RFC 6266. */
static void name_file(ctx *c, http_res *w, str plain, str name)
{
    http_head(c, w, "Content-Disposition", str_fmt(c->a, "attachment; filename=\"%.*s\"; filename*=UTF-8''%.*s", S_ARG(plain),
                                                   S_ARG(url_encoded(c->a, name))));
}

bool table_download_get(ctx *c, const http_req *r, http_res *w)
{
    table_row t;
    dataset_brief_list about;
    table_stream *s;
    export_plan p = { 0 };
    int64_t version;
    bool found;
    str uid = http_param(r, "uid"), suffix = str_from(r->path, str_rfind_byte(r->path, '.') + 1);
    auto_table held = { .site = c->site };
    must(export_format_of(suffix, &p.format));
    if (!http_arg_int(c, r, "version", 0, 0, INT32_MAX, &version) || !table_seen(c, uid, &t, &found))
        return false;
    if (!found)
        return fail(c, NOT_FOUND, "there is no table “%.*s”", S_ARG(utf8_cut(uid, 100)));
    if (!table_hold(c, &t, version, &held.open) || !q_dataset_briefs(c, (q_ints){ &t.dataset_id, 1 }, &about)
        || !plan_of(c, r, held.open->query, &p))
        return false;
    str title = about.n > 0 ? about.v[0].title : t.uid;
    if (t.position > 0 && t.name.n > 0)
        title = str_fmt(c->a, "%.*s %.*s", S_ARG(title), S_ARG(t.name));
    p.name = t.name.n > 0 ? t.name : title;
    if (!table_stream_answer(c, w, &p, &held, str_fmt(c->a, "%.*s %.*s", S_ARG(r->target), S_ARG(p.name)), &s))
        return false;
    name_file(c, w, str_fmt(c->a, "%.*s.%s", S_ARG(t.uid), export_suffix(p.format)),
              str_fmt(c->a, "%.*s.%s", S_ARG(utf8_cut(str_replace(c->a, title, S("/"), S("_")), 150)), export_suffix(p.format)));
    return true;
}

/* {name} as it was asked for: the router takes .json off an address, which here is part of the name. */
static str name_asked(ctx *c, const http_req *r)
{
    str name = http_param(r, "name"), path = str_sub(r->target, 0, str_find_byte(r->target, '?'));
    return str_ends(path, S(".json")) && !str_ends(name, S(".json")) ? str_cat(c->a, name, S(".json")) : name;
}

/* The newest bytes of a distribution. They are never shown by a browser, whatever they are. */
bool table_file_get(ctx *c, const http_req *r, http_res *w)
{
    table_file_row f;
    bool found;
    str uid = http_param(r, "uid");
    if (!q_table_file_newest(c, uid, &f, &found) || (found && !table_seen_dataset(c, f.dataset_id, &found)))
        return false;
    if (!found)
        return fail(c, NOT_FOUND, "there is no file of “%.*s”", S_ARG(utf8_cut(uid, 100)));
    if (!str_eq(f.name, name_asked(c, r)))
        return http_redirect(c, w, 302, str_fmt(c->a, "/files/%.*s/%.*s", S_ARG(url_encoded(c->a, uid)), S_ARG(url_encoded(c->a, f.name))));
    int fd = file_open(c, blob_path(c->a, c->site->blob_dir, f.blob));
    if (fd < 0)
        return false;
    w->fd = fd;
    w->fd_bytes = f.bytes;
    w->type = S("application/octet-stream");
    w->etag = f.blob;
    w->any_origin = true;
    name_file(c, w, uid, f.name);
    return true;
}
