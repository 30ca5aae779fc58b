/* documents — the forms of a file: NDJSON line by line, one JSON document, CSV. What is none of these is
 * refused with what it looks like. */
#include "app/reader/intake.h"
#include "app/reader/mend.h"
#include "kit/table/csv.h"
#include "kit/table/csv_tally.h"
#include "kit/text/charset.h"
#include "kit/text/input.h"
#include "kit/text/url.h"

#define LINE_MAX_BYTES ((size_t)8 << 20)
#define JSON_MAX_BYTES ((size_t)64 << 20)
#define CSV_MAX_BYTES ((size_t)128 << 20)
#define CELLS_MAX 200

static bool refuse_file(ctx *c, intake *r, const char *why)
{
    (void)fail(c, INVALID, "%s", why);
    return intake_refuse(c, r, file_base(r->file));
}

/* Fails with what the file has, and what could be read. */
static bool not_known(ctx *c, str has)
{
    buf b = buf_in(c->a);
    size_t n;
    const reader_kind *k = reader_kinds(&n);
    buf_fmt(&b, "no known form of catalogue: it has %.*s; understood are", S_ARG(utf8_cut(has, 300)));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s %s", i > 0 ? "," : "", k[i].name);
    return fail(c, INVALID, "%.*s", S_ARG(buf_str(&b)));
}

static bool refuse_unknown(ctx *c, intake *r, str has)
{
    return not_known(c, has) || intake_refuse(c, r, file_base(r->file));
}

static str keys_of(ctx *c, const json *o)
{
    str_list l = { 0 };
    if (o->type != JSON_OBJ)
        return o->type == JSON_ARR ? S("an array without known records") : S("no object");
    for (size_t i = 0; i < o->obj.n && i < 12; i++)
        list_add(c->a, &l, o->obj.keys[i]);
    return l.n > 0 ? str_cat(c->a, S("the keys "), str_join(c->a, &l, S(", "))) : S("no keys");
}

/* One line's record; what the crawl is known to be damaged by is mended, and counted. */
static bool parse_line(ctx *c, intake *r, str line, json *out)
{
    str whole;
    if (json_parse(c, line, out))
        return true;
    ctx second = { .a = c->a };
    if (!mend_crawl_line(c->a, line, &whole) || !json_parse(&second, whole, out) || intake_kind_of(c, out) == NULL
        || intake_kind_of(c, out)->map != read_crawl)
        return false;                /* the first error is the one to tell */
    err_clear(c);
    r->report->mended++;
    return true;
}

static bool records(ctx *c, intake *r, const json *v, int depth);

static bool ndjson(ctx *c, intake *r, input *in)
{
    for (r->line = 1;; r->line++) {
        arena_mark m = arena_here(c->a);
        str line;
        bool more;
        json record;
        if (!input_line(c, in, LINE_MAX_BYTES, &line, &more))
            return c->err.code == ERR_IO ? false : intake_refuse(c, r, file_base(r->file));
        if (!more)
            return true;
        if (str_trim(line).n == 0)
            continue;
        if (!parse_line(c, r, line, &record)) {
            r->record++;
            if (!intake_refuse(c, r, (str){ 0 }))
                return false;
        } else if (!records(c, r, &record, 0)) {     /* a line may be an envelope too */
            return false;
        }
        arena_back(c->a, m);
    }
}

static bool manifest(ctx *c, intake *r, const json *v)
{
    str provider = json_get_text(c, v, "provider");
    const json *list = json_get(v, "datasets");
    for (size_t i = 0; i < list->arr.n; i++) {
        const json *d = &list->arr.v[i];
        const char *const names[] = { "id", "title", "organization", "format", "urls" };
        static const json nothing = { .type = JSON_ARR };
        json o = { .type = JSON_OBJ };
        o.obj.n = array_len(names);
        o.obj.keys = new_n(c->a, str, o.obj.n);
        o.obj.v = new_n(c->a, json, o.obj.n);
        for (size_t k = 0; k < o.obj.n; k++) {
            o.obj.keys[k] = str_of(names[k]);
            const json *from = json_get(d, k == 1 ? "name" : names[k]);
            o.obj.v[k] = from != NULL ? *from : nothing;
        }
        o.obj.v[2] = (json){ .type = JSON_STR, .s = provider };
        if (!intake_record(c, r, &o))
            return false;
    }
    return true;
}

static bool inside(ctx *c, intake *r, const json *v, int depth)
{
    static const char *const wraps[] = { "result", "results", "dataset", "datasets", "data", "records", "packages" };
    for (size_t i = 0; i < array_len(wraps); i++) {
        const json *in = json_get(v, wraps[i]);
        if (in != NULL && (in->type == JSON_ARR || in->type == JSON_OBJ))
            return records(c, r, in, depth + 1);
    }
    return refuse_unknown(c, r, keys_of(c, v));
}

static bool records(ctx *c, intake *r, const json *v, int depth)
{
    if (v->type == JSON_ARR) {
        bool any = false;
        for (size_t i = 0; i < v->arr.n && !any; i++)
            any = intake_kind_of(c, &v->arr.v[i]) != NULL || r->o->kind.n > 0;
        if (!any && v->arr.n == 1 && depth < 4)
            return records(c, r, &v->arr.v[0], depth + 1);
        if (!any && v->arr.n > 0)
            return refuse_unknown(c, r, keys_of(c, v->arr.v[0].type == JSON_OBJ ? &v->arr.v[0] : v));
        for (size_t i = 0; i < v->arr.n; i++)
            if (!intake_record(c, r, &v->arr.v[i]))
                return false;
        return true;
    }
    if (v->type != JSON_OBJ || depth > 4)
        return refuse_unknown(c, r, keys_of(c, v));
    str help = json_get_text(c, v, "help");
    url u;
    if (url_is_web(help) && url_parse(help, &u))
        r->host = str_dup(r->keep, u.host);
    if (intake_kind_of(c, v) != NULL || (r->o->kind.n > 0 && json_get(v, "result") == NULL))
        return intake_record(c, r, v);
    const json *list = json_get(v, "datasets");
    if (json_get(v, "provider") != NULL && list != NULL && list->type == JSON_ARR)
        return manifest(c, r, v);
    return inside(c, r, v, depth);
}

static bool document(ctx *c, intake *r, input *in)
{
    str text;
    charset_text t;
    json root;
    if (!input_rest(c, in, JSON_MAX_BYTES, &text) || !charset_read(c, text, &t) || !json_parse(c, t.text, &root))
        return c->err.code == ERR_IO ? false : intake_refuse(c, r, file_base(r->file));
    return records(c, r, &root, 0);
}

/* Rows of a catalogue on their way from the table reader to the store. */
typedef struct {
    intake *r;
    str_list head;
    uint64_t open[CSV_TALLY_SHOWN];   /* rows with a quote that is never closed: no one can say what they hold */
    size_t open_count;
    bool is_over;              /* the run cannot go on */
} catalogue;

static json row_object(ctx *c, const str_list *head, const str *cells)
{
    json o = { .type = JSON_OBJ };
    o.obj.keys = head->v;
    o.obj.v = new_n(c->a, json, head->n);
    for (size_t i = 0; i < head->n; i++)
        o.obj.v[i] = (json){ .type = JSON_STR, .s = cells != NULL ? str_trim(cells[i]) : S("") };
    o.obj.n = head->n;
    return o;
}

/* The twice-misspelt header of the export is read as what is meant. */
static bool catalogue_begin(ctx *c, void *to, const table_head *h)
{
    catalogue *k = to;
    if (h->col_count > CELLS_MAX)
        return fail(c, INVALID, "the table has more than %d columns", CELLS_MAX);
    for (size_t i = 0; i < h->col_count; i++) {
        str title = str_trim(h->cols[i].title);
        list_add(c->a, &k->head, str_eq(title, S("資資料集上架方式")) ? S("資料集上架方式") : title);
    }
    json probe = row_object(c, &k->head, NULL);
    return intake_kind_of(c, &probe) != NULL || k->r->o->kind.n > 0
        || not_known(c, str_cat(c->a, S("the columns "), str_join(c->a, &k->head, S(", "))));
}

/* Comes before the rows that it is about. */
static bool catalogue_finding(ctx *c, void *to, const table_finding *f)
{
    catalogue *k = to;
    (void)c;
    if (f->row > 0 && strcmp(f->code, "open_quote") == 0 && k->open_count < array_len(k->open))
        k->open[k->open_count++] = f->row;
    return true;
}

static bool is_open(const catalogue *k, uint64_t row)
{
    for (size_t i = 0; i < k->open_count; i++)
        if (k->open[i] == row)
            return true;
    return false;
}

/* Only so many are told with their places: the last of these ends the reading. */
static bool refuse_open(ctx *c, catalogue *k, uint64_t row)
{
    bool last = k->open_count == array_len(k->open) && k->open[k->open_count - 1] == row;
    k->r->record++;
    (void)fail(c, INVALID, "a quote in this row is opened and never closed%s", last ? ": there are too many, what follows is not read" : "");
    return !last && intake_refuse(c, k->r, (str){ 0 });
}

static bool catalogue_rows(ctx *c, void *to, const table_block *b)
{
    catalogue *k = to;
    for (size_t i = 0; i < b->rows; i++) {
        arena_mark m = arena_here(c->a);
        k->r->line = (int64_t)b->lines[i];
        if (is_open(k, b->first_row + i)) {
            if (!refuse_open(c, k, b->first_row + i))
                return false;
        } else {
            json record = row_object(c, &k->head, b->cells + i * b->cols);
            k->is_over = !intake_record(c, k->r, &record);
            if (k->is_over)
                return false;
        }
        arena_back(c->a, m);
    }
    return true;
}

static bool catalogue_end(ctx *c, void *to)
{
    (void)c;
    (void)to;
    return true;
}

static bool csv(ctx *c, intake *r, input *in)
{
    str bytes;
    charset_text t;
    catalogue k = { .r = r };
    csv_found found;
    const table_sink sink = { &k, catalogue_begin, catalogue_rows, catalogue_finding, catalogue_end };
    const csv_declared said = { .encoding = S("UTF-8"), .header_rows = 1 };
    if (!input_rest(c, in, CSV_MAX_BYTES, &bytes) || !charset_read(c, bytes, &t))
        return c->err.code == ERR_IO ? false : intake_refuse(c, r, file_base(r->file));
    source s = source_memory(t.text, file_base(r->file));
    if (csv_read(c, &s, &said, &sink, &found))
        return true;
    return !k.is_over && intake_refuse(c, r, r->line > 0 ? (str){ 0 } : file_base(r->file));
}

static const char *looks_like(str b)
{
    static const struct { const char *start; size_t n; const char *what; } marks[] = {
        { "PK\x03\x04", 4, "it is a ZIP archive (XLSX, ODS or other); export the list as CSV or JSON" },
        { "%PDF", 4, "it is a PDF document" },
        { "\xd0\xcf\x11\xe0", 4, "it is an old Office document (XLS, DOC); export the list as CSV" },
        { "7z\xbc\xaf", 4, "it is a 7z archive" },
        { "\x89PNG", 4, "it is a picture" },
        { "<", 1, "it is XML or HTML; understood are JSON, NDJSON and CSV catalogues" },
        { "@prefix", 7, "it is RDF (Turtle); understood are JSON, NDJSON and CSV catalogues" },
    };
    if (str_starts(b, S("\xef\xbb\xbf")))
        b = str_from(b, 3);
    b = str_trim(b);
    for (size_t i = 0; i < array_len(marks); i++)
        if (b.n >= marks[i].n && memcmp(b.p, marks[i].start, marks[i].n) == 0)
            return marks[i].what;
    return NULL;
}

/* Lines that are objects: more than one, each begins as one, and one of the first parses. A single line is a document. */
static bool is_ndjson(ctx *c, str head)
{
    size_t lines = 0;
    bool any = false;
    ctx trial = { .a = c->a };
    while (head.n > 0 && lines < 16) {
        size_t end = str_find_byte(head, '\n');
        str line = str_trim(str_sub(head, 0, end));
        head = str_from(head, end < head.n ? end + 1 : head.n);
        if (line.n == 0)
            continue;
        json v;
        if (line.p[0] != '{')
            return false;
        lines++;
        any = any || (line.p[line.n - 1] == '}' && json_parse(&trial, line, &v));
        err_clear(&trial);
    }
    return lines > 1 && any;
}

static bool open_file(ctx *c, intake *r, input *in)
{
    str head;
    if (!input_peek(c, in, &head))
        return c->err.code == ERR_IO ? false : intake_refuse(c, r, file_base(r->file));
    str start = str_starts(head, S("\xef\xbb\xbf")) ? str_from(head, 3) : head;
    start = str_trim(start);
    if (start.n == 0)
        return refuse_file(c, r, "the file is empty");
    const char *other = looks_like(head);
    if (other != NULL)
        return refuse_file(c, r, other);
    if (is_ndjson(c, head))
        return ndjson(c, r, in);
    bool wide = head.n > 3 && ((head.p[0] == (char)0xff && head.p[1] == (char)0xfe) || (head.p[0] == (char)0xfe && head.p[1] == (char)0xff)
                               || head.p[0] == 0 || head.p[1] == 0);
    bool json_start = start.p[0] == '{' || start.p[0] == '[';
    if (json_start || (wide && (memchr(head.p, '{', 8) != NULL || memchr(head.p, '[', 8) != NULL)))
        return document(c, r, in);
    return csv(c, r, in);
}

bool intake_file(ctx *c, intake *r, str path)
{
    input *in;
    r->file = path;
    r->record = r->line = 0;
    r->host = (str){ 0 };
    arena_mark m = arena_here(c->a);
    if (!input_open(c, path, &in))
        return false;
    bool ok = open_file(c, r, in);
    input_close(in);
    if (ok)
        arena_back(c->a, m);
    return ok;
}
