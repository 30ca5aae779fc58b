#include "kit/sheet/xml_rows.h"
#include "kit/sheet/records.h"
#include "kit/sheet/shape.h"
#include "kit/source/xml.h"
#include "kit/text/json_write.h"

#define TABLES_MAX 64

typedef struct {
    shape_node *node;
    uint64_t    serial;                     /* which element this is */
    bool        parent_of;                  /* it has children */
} level;

typedef struct {
    shape       shape;
    arena      *own;
    records    *rec;
    level       stack[XML_DEPTH_MAX + 1];
    size_t      depth;
    uint64_t    serial, values;
    buf         text;
    /* second pass */
    shape_node *row;                        /* the element whose rows are being read; the table that is open */
    size_t      row_depth;                  /* 0: outside of a row */
    xml_reading *xml;
    xml_place   place;                      /* of the row */
    bool        moved;                      /* its byte is none of the file's */
    buf        *many;                       /* JSON arrays of columns that repeat */
    shape_node *tables[TABLES_MAX];
    size_t      table_n;
} reading;

static str attribute_name(ctx *c, const char *name)
{
    return str_fmt(c->a, "@%.*s", S_ARG(xml_local(name)));
}

/* Names of the document's plumbing, not of its data. */
static bool is_plumbing(const char *name)
{
    return strncmp(name, "xmlns", 5) == 0 || strncmp(name, "xsi:", 4) == 0;
}

static bool is_blank(str s)
{
    return str_trim(s).n == 0;
}

/* --- first pass --- */

static bool survey_start(ctx *c, void *to, str name, const char *const *atts)
{
    reading *r = to;
    level *up = &r->stack[r->depth];
    shape_node *n = shape_child(c, &r->shape, up->node, name);
    if (n == NULL)
        return false;
    up->parent_of = true;
    n->run = n->met_in == up->serial ? n->run + 1 : 1;
    n->met_in = up->serial;
    n->repeated |= n->run > 1;
    n->objects++;
    n->items++;
    r->stack[++r->depth] = (level){ .node = n, .serial = ++r->serial };
    arena_mark m = arena_here(c->a);
    for (; atts[0] != NULL; atts += 2) {
        if (is_plumbing(atts[0]))
            continue;
        shape_node *k = shape_child(c, &r->shape, n, attribute_name(c, atts[0]));
        if (k == NULL)
            return false;
        k->texts++;
        r->values++;
    }
    arena_back(c->a, m);
    r->values++;
    r->text.n = 0;
    return true;
}

static bool survey_text(ctx *c, void *to, str s)
{
    reading *r = to;
    if (r->text.n + s.n > TABLE_CELL_MAX)
        return fail(c, TOO_LARGE, "an element has more than %zu bytes of text", TABLE_CELL_MAX);
    buf_add(&r->text, s);
    return true;
}

static bool survey_end(ctx *c, void *to, str name)
{
    (void)c, (void)name;
    reading *r = to;
    level *l = &r->stack[r->depth--];
    if (!l->parent_of || !is_blank(buf_str(&r->text)))
        l->node->texts++;
    r->text.n = 0;
    return true;
}

/* --- which elements are rows --- */

static uint64_t weigh(shape_node *n)
{
    n->weight = n->objects + n->texts;
    for (shape_node *k = n->first; k != NULL; k = k->next)
        n->weight += weigh(k);
    return n->weight;
}

static void gather(reading *r, shape_node *n)
{
    if (n->repeated && r->table_n < TABLES_MAX) {
        r->tables[r->table_n++] = n;
        return;
    }
    for (shape_node *k = n->first; k != NULL; k = k->next)
        gather(r, k);
}

static size_t leaves_of(const shape_node *n)
{
    size_t leaves = 0;
    for (const shape_node *k = n->first; k != NULL; k = k->next)
        leaves += k->first == NULL;
    return leaves;
}

/* Nothing repeats: the first element with several values of its own is the one row. */
static shape_node *single(shape_node *n)
{
    while (n->first != NULL && leaves_of(n) < 2 && n->child_count == 1)
        n = n->first;
    return n;
}

static void choose(reading *r)
{
    uint64_t most = 0;
    size_t kept = 0;
    (void)weigh(r->shape.root);
    gather(r, r->shape.root);
    for (size_t i = 0; i < r->table_n; i++) {
        /* A list of single texts is seldom the table. */
        uint64_t w = r->tables[i]->first == NULL ? r->tables[i]->weight / 100 : r->tables[i]->weight;
        most = w > most ? w : most;
    }
    for (size_t i = 0; i < r->table_n; i++)
        if (r->tables[i]->weight >= most && (r->tables[i]->first != NULL || r->table_n == 1)) {
            r->tables[kept++] = r->tables[i];
            break;
        }
    if (kept == 0 && r->table_n > 0)
        kept = 1;
    r->table_n = kept;
    if (kept == 0)
        r->tables[r->table_n++] = single(r->shape.root->first);
    r->row = r->tables[0];
}

static void mark_many(shape_node *n, bool many)
{
    for (shape_node *k = n->first; k != NULL; k = k->next) {
        k->many = many || k->repeated;
        mark_many(k, k->many);
    }
}

/* Kinds of a JSON document mean nothing here: an element is a column when it has text, or nothing at all. */
static void settle_kinds(shape_node *n)
{
    for (shape_node *k = n->first; k != NULL; k = k->next) {
        if (k->first != NULL && k->texts == 0)
            k->objects = 1;
        else
            k->objects = 0;
        settle_kinds(k);
    }
}

static void name_columns(reading *r, table_head *h)
{
    settle_kinds(r->row);
    r->row->objects = 1;
    shape_columns(r->own, r->row, h);
    for (size_t i = 0; i < h->col_count; i++) {
        str plain = str_replace(r->own, h->cols[i].title, S("@"), S(""));
        bool taken = plain.n == h->cols[i].title.n;
        for (size_t k = 0; k < h->col_count && !taken; k++)
            taken = k != i && str_eq(h->cols[k].title, plain);
        if (!taken)
            h->cols[i].title = plain;
        h->cols[i].hint = (str){ 0 };
    }
}

/* --- second pass --- */

static bool put(ctx *c, reading *r, const shape_node *n, str s)
{
    if (n->column == 0)
        return true;
    if (!n->many)
        return records_set(c, r->rec, n->column - 1, s);
    buf *b = &r->many[n->column - 1];
    buf_byte(b, b->n == 0 ? '[' : ',');
    json_quote(b, s);
    return buf_fits(b) || fail(c, TOO_LARGE, "a cell has more than %zu bytes", TABLE_CELL_MAX);
}

static bool row_start(ctx *c, void *to, str name, const char *const *atts)
{
    reading *r = to;
    level *up = &r->stack[r->depth];
    shape_node *n = up->node != NULL ? map_ptr(&up->node->by_name, name) : NULL;
    if (n == NULL)
        return fail(c, CONFLICT, "the document changed while it was read: send it again when it is whole");
    up->parent_of = true;
    r->stack[++r->depth] = (level){ .node = n };
    r->text.n = 0;
    if (n == r->row && r->row_depth == 0) {
        r->row_depth = r->depth;
        r->place = xml_here(r->xml);
    }
    if (r->row_depth == 0)
        return true;
    arena_mark m = arena_here(c->a);
    bool ok = true;
    for (; ok && atts[0] != NULL; atts += 2) {
        const shape_node *k = is_plumbing(atts[0]) ? NULL : map_ptr(&n->by_name, attribute_name(c, atts[0]));
        ok = k == NULL || put(c, r, k, str_of(atts[1]));
        if (strcmp(atts[0], "xsi:nil") == 0 && strcmp(atts[1], "true") == 0)
            r->stack[r->depth].parent_of = true;         /* said to be none: no empty text */
    }
    if (ok)
        arena_back(c->a, m);
    return ok;
}

static bool finish_many(ctx *c, reading *r, size_t cols)
{
    for (size_t i = 0; i < cols; i++)
        if (r->many[i].n > 0) {
            buf_byte(&r->many[i], ']');
            if (!records_set(c, r->rec, i, buf_str(&r->many[i])))
                return false;
            r->many[i].n = 0;
        }
    return true;
}

typedef struct {
    reading   *r;
    table_head head;
} rows_of;

static bool row_end(ctx *c, void *to, str name)
{
    (void)name;
    rows_of *p = to;
    reading *r = p->r;
    level *l = &r->stack[r->depth];
    if (r->row_depth > 0 && (!l->parent_of || !is_blank(buf_str(&r->text)))
        && !put(c, r, l->node, l->parent_of ? str_trim(buf_str(&r->text)) : buf_str(&r->text)))
        return false;
    r->text.n = 0;
    if (r->depth-- != r->row_depth)
        return true;
    r->row_depth = 0;
    return finish_many(c, r, p->head.col_count) && records_row(c, r->rec, r->moved ? RECORDS_NOWHERE : r->place.byte, r->place.line);
}

static bool rows_start(ctx *c, void *to, str name, const char *const *atts)
{
    return row_start(c, ((rows_of *)to)->r, name, atts);
}

static bool rows_text(ctx *c, void *to, str s)
{
    return survey_text(c, ((rows_of *)to)->r, s);
}

static bool pass(ctx *c, const source *s, const xml_handler *h)
{
    source_reader bytes = { .s = s };
    return xml_read(c, source_bytes(&bytes), s->name, h, NULL);
}

static bool read_twice(ctx *c, const source *s, reading *r)
{
    rows_of p = { .r = r };
    xml_handler survey = { .to = r, .start = survey_start, .end = survey_end, .text = survey_text };
    xml_handler rows = { .to = &p, .start = rows_start, .end = row_end, .text = rows_text, .reading = &r->xml };
    r->stack[0] = (level){ .node = r->shape.root, .serial = ++r->serial };
    if (!pass(c, s, &survey))
        return false;
    choose(r);
    mark_many(r->row, false);
    name_columns(r, &p.head);
    p.head.name = shape_path(r->own, r->row);
    r->many = new_n(r->own, buf, p.head.col_count + 1);
    for (size_t i = 0; i < p.head.col_count; i++)
        r->many[i] = buf_max(r->own, TABLE_CELL_MAX);
    r->stack[0] = (level){ .node = r->shape.root };
    r->depth = 0;
    return records_begin(c, r->rec, &p.head) && pass(c, s, &rows) && records_finish(c, r->rec) && source_same(c, s);
}

bool xml_rows_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink)
{
    arena *own = arena_new(65536);
    reading *r = mem_get(sizeof *r);
    *r = (reading){ .shape = shape_in(own), .own = own, .moved = o->moved, .rec = records_new(sink), .text = buf_max(own, 2 * TABLE_CELL_MAX) };
    bool ok = read_twice(c, s, r);
    records_free(r->rec);
    mem_free(r);
    arena_free(own);
    return ok;
}
