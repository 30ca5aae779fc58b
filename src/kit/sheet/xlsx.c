#include "kit/sheet/xlsx_part.h"

bool xlsx_part(ctx *c, const xlsx_book *b, str member, const xml_handler *h, const bool *stop)
{
    const zip_entry *e = zip_find(&b->z, member);
    zip_stream *s;
    if (e == NULL)
        return true;
    if (!zip_begin(c, &b->z, e, &s))
        return false;
    bool ok = xml_read(c, zip_bytes(s), e->name, h, stop);
    zip_end(s);
    return ok;
}

static int hex4(const char *p)
{
    int v = 0;
    for (int i = 0; i < 4; i++) {
        int d = p[i] >= '0' && p[i] <= '9' ? p[i] - '0' : p[i] >= 'A' && p[i] <= 'F' ? p[i] - 'A' + 10
            : p[i] >= 'a' && p[i] <= 'f' ? p[i] - 'a' + 10 : -1;
        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

bool xlsx_unescape(ctx *c, str s, bool (*add)(ctx *c, void *to, str piece), void *to)
{
    size_t from = 0;
    for (size_t i = 0; s.n >= 7 && i + 7 <= s.n; i++) {
        int code = s.p[i] == '_' && s.p[i + 1] == 'x' && s.p[i + 6] == '_' ? hex4(s.p + i + 2) : -1;
        if (code < 0 || (code >= 0xd800 && code < 0xe000))
            continue;
        char utf8[4];
        size_t n = utf8_encode((uint32_t)code, utf8);
        if (!add(c, to, str_sub(s, from, i)) || !add(c, to, (str){ utf8, n }))
            return false;
        from = i + 7;
        i += 6;
    }
    return add(c, to, str_from(s, from));
}

/* --- the parts around the sheets --- */

typedef struct {
    xlsx_book *b;
    map  *targets;                          /* of relationships, by id */
    str   folder;                           /* of the part whose relationships these are */
    str   workbook, texts, styles;          /* members, when met */
} package;

static str resolve(ctx *c, str folder, str target)
{
    if (str_starts(target, S("/")))
        return str_dup(c->a, str_from(target, 1));
    while (str_starts(target, S("../"))) {
        size_t cut = str_rfind_byte(str_sub(folder, 0, folder.n > 0 ? folder.n - 1 : 0), '/');
        folder = cut < folder.n ? str_sub(folder, 0, cut + 1) : (str){ 0 };
        target = str_from(target, 3);
    }
    return str_cat(c->a, folder, target);
}

static bool on_relationship(ctx *c, void *to, str name, const char *const *atts)
{
    package *p = to;
    str id = xml_att(atts, "Id"), type = xml_att(atts, "Type"), target = xml_att(atts, "Target");
    if (!str_eq(name, S("Relationship")) || p->targets->n > 65536)
        return true;
    str member = resolve(c, p->folder, target);
    map_set_ptr(p->targets, str_dup(c->a, id), arena_get(c->a, sizeof(str)));
    *(str *)map_ptr(p->targets, id) = member;
    if (str_ends(type, S("/officeDocument")))
        p->workbook = member;
    else if (str_ends(type, S("/sharedStrings")))
        p->texts = member;
    else if (str_ends(type, S("/styles")))
        p->styles = member;
    return true;
}

static bool no_end(ctx *c, void *to, str name)
{
    (void)c, (void)to, (void)name;
    return true;
}

static bool on_workbook(ctx *c, void *to, str name, const char *const *atts)
{
    package *p = to;
    if (str_eq(name, S("workbookPr"))) {
        str v = xml_att(atts, "date1904");
        p->b->since_1904 = str_eq(v, S("1")) || str_eq(v, S("true"));
    } else if (str_eq(name, S("sheet"))) {
        const str *member = map_ptr(p->targets, xml_att(atts, "id"));
        str state = xml_att(atts, "state");
        if (p->b->n == XLSX_SHEETS_MAX)
            return fail(c, TOO_LARGE, "“%.*s” has more than %d sheets", S_ARG(p->b->z.src.name), XLSX_SHEETS_MAX);
        if (member == NULL)
            return true;
        size_t cap = p->b->cap;
        if (p->b->n == cap) {
            p->b->cap = cap > 0 ? cap * 2 : 8;
            p->b->sheets = arena_grow(c->a, p->b->sheets, cap * sizeof *p->b->sheets, p->b->cap * sizeof *p->b->sheets);
        }
        p->b->sheets[p->b->n++] = (xlsx_sheet){ .name = str_dup(c->a, xml_att(atts, "name")), .target = *member,
                                               .hidden = str_eq(state, S("hidden")) || str_eq(state, S("veryHidden")) };
    }
    return true;
}

static bool read_relationships(ctx *c, package *p, str member, str folder)
{
    xml_handler h = { .to = p, .start = on_relationship, .end = no_end };
    p->folder = folder;
    return xlsx_part(c, p->b, member, &h, NULL);
}

/* --- styles --- */

typedef struct {
    xlsx_book *b;
    map  formats;                           /* custom codes by id */
    bool in_cells;
} styles;

static bool on_style(ctx *c, void *to, str name, const char *const *atts)
{
    styles *s = to;
    if (str_eq(name, S("numFmt"))) {
        if (s->formats.n < XLSX_STYLES_MAX)
            map_set_i64(&s->formats, str_dup(c->a, xml_att(atts, "numFmtId")), serial_of_format(xml_att(atts, "formatCode")));
    } else if (str_eq(name, S("cellXfs"))) {
        s->in_cells = true;
    } else if (s->in_cells && str_eq(name, S("xf"))) {
        xlsx_book *b = s->b;
        str id = xml_att(atts, "numFmtId");
        int64_t n = 0;
        if (b->form_n == XLSX_STYLES_MAX)
            return fail(c, TOO_LARGE, "“%.*s” has more than %d cell styles", S_ARG(b->z.src.name), XLSX_STYLES_MAX);
        if (b->form_n == b->form_cap) {
            size_t cap = b->form_cap > 0 ? b->form_cap * 2 : 64;
            b->forms = arena_grow(c->a, b->forms, b->form_cap, cap);
            b->form_cap = cap;
        }
        (void)str_to_i64(id, &n);
        b->forms[b->form_n++] = (uint8_t)map_i64(&s->formats, id, serial_of_builtin((unsigned)n));
    }
    return true;
}

static bool on_style_end(ctx *c, void *to, str name)
{
    (void)c;
    styles *s = to;
    if (str_eq(name, S("cellXfs")))
        s->in_cells = false;
    return true;
}

/* --- shared texts --- */

typedef struct {
    shared *texts;
    bool    in_text;
    int     in_reading;                     /* rPh: how the characters are read aloud, no part of the text */
} texts;

static bool on_text_start(ctx *c, void *to, str name, const char *const *atts)
{
    (void)c, (void)atts;
    texts *t = to;
    if (str_eq(name, S("rPh")))
        t->in_reading++;
    t->in_text = str_eq(name, S("t")) && t->in_reading == 0;
    return true;
}

static bool on_text_end(ctx *c, void *to, str name)
{
    texts *t = to;
    t->in_text = false;
    if (str_eq(name, S("rPh")))
        t->in_reading--;
    return !str_eq(name, S("si")) || shared_next(c, t->texts);
}

static bool add_shared(ctx *c, void *to, str piece)
{
    return shared_add(c, to, piece);
}

static bool on_text(ctx *c, void *to, str s)
{
    texts *t = to;
    return !t->in_text || xlsx_unescape(c, s, add_shared, t->texts);
}

static bool xlsx_open(ctx *c, const source *s, xlsx_book *b)
{
    map targets = map_in(c->a);
    package p = { .b = b, .targets = &targets };
    if (!zip_open(c, s, reader_max(b->o), &b->z) || !read_relationships(c, &p, S("_rels/.rels"), (str){ 0 }))
        return false;
    if (p.workbook.n == 0)
        p.workbook = S("xl/workbook.xml");
    if (str_ends(p.workbook, S(".bin")))
        return fail(c, INVALID, "“%.*s” is a binary workbook (XLSB): save it as XLSX or ODS", S_ARG(s->name));
    if (zip_find(&b->z, p.workbook) == NULL)
        return fail(c, INVALID, "“%.*s” is no workbook: it has no member “%.*s”", S_ARG(s->name), S_ARG(p.workbook));
    targets = map_in(c->a);
    size_t slash = str_rfind_byte(p.workbook, '/');
    str folder = slash < p.workbook.n ? str_sub(p.workbook, 0, slash + 1) : (str){ 0 };
    str relations = str_fmt(c->a, "%.*s_rels/%.*s.rels", S_ARG(folder), S_ARG(str_from(p.workbook, folder.n)));
    xml_handler workbook = { .to = &p, .start = on_workbook, .end = no_end };
    if (!read_relationships(c, &p, relations, folder) || !xlsx_part(c, b, p.workbook, &workbook, NULL))
        return false;
    styles st = { .b = b, .formats = map_in(c->a) };
    xml_handler style = { .to = &st, .start = on_style, .end = on_style_end };
    texts tx = { .texts = b->texts };
    xml_handler text = { .to = &tx, .start = on_text_start, .end = on_text_end, .text = on_text };
    return (p.styles.n == 0 || xlsx_part(c, b, p.styles, &style, NULL))
        && (p.texts.n == 0 || xlsx_part(c, b, p.texts, &text, NULL));
}

static bool read_sheets(ctx *c, const source *s, xlsx_book *b)
{
    if (!xlsx_open(c, s, b))
        return false;
    for (size_t i = 0; i < b->n; i++)
        if (!xlsx_sheet_read(c, b, &b->sheets[i]))
            return false;
    return source_same(c, s);
}

bool xlsx_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink)
{
    xlsx_book b = { .o = o, .texts = shared_new(o), .rows = rows_new(sink) };
    bool ok = read_sheets(c, s, &b);
    shared_free(b.texts);
    rows_free(b.rows);
    return ok;
}
