#include "kit/sheet/json_pull.h"
#include "kit/sheet/json_rows.h"
#include "kit/sheet/records.h"
#include "kit/sheet/rows.h"
#include "kit/sheet/shape.h"

#define KEYED_EARLY 256                     /* that many members that look alike: their keys are data */

typedef struct {
    json_pull *p;
    bool       moved;                       /* places in bytes are none of the file's */
    uint64_t   controls;                    /* raw control characters that were told */
    shape      shape;
    uint64_t   values;                      /* met so far */
    records   *rec;
    rows      *rows;                        /* for arrays of arrays, whose header is a row */
    str        key;                         /* of the record, when the keys are data */
    char      *key_room;
    size_t     key_cap;
} reading;

/* --- first pass: the shape --- */

static bool survey(ctx *c, reading *r, shape_node *n, json_token t);

static bool survey_object(ctx *c, reading *r, shape_node *n)
{
    for (;;) {
        json_token t;
        str key;
        if (!json_pull_next(c, r->p, &t, &key))
            return false;
        if (t == JSON_PULL_OBJECT_END)
            return true;
        if (n->child_count == KEYED_EARLY && !n->keyed)
            shape_settle_keyed(n, KEYED_EARLY);
        n->items += n->keyed;
        shape_node *m = shape_child(c, &r->shape, n, key);
        if (m == NULL || !json_pull_next(c, r->p, &t, &key) || !survey(c, r, m, t))
            return false;
    }
}

/* Items up to the end of an array; or documents that follow each other, which are the items of the root. */
static bool survey_items(ctx *c, reading *r, shape_node *n, json_token end)
{
    for (;;) {
        json_token t;
        str s;
        if (!json_pull_next(c, r->p, &t, &s))
            return false;
        if (t == end)
            return true;
        shape_node *item = shape_item(c, &r->shape, n);
        n->items++;
        if (item == NULL || !survey(c, r, item, t))
            return false;
    }
}

static bool survey(ctx *c, reading *r, shape_node *n, json_token t)
{
    uint64_t before = r->values++;
    bool ok = true;
    if (t == JSON_PULL_OBJECT) {
        n->objects++;
        ok = survey_object(c, r, n);
    } else if (t == JSON_PULL_ARRAY) {
        n->arrays++;
        ok = survey_items(c, r, n, JSON_PULL_ARRAY_END);
    } else {
        n->texts += t == JSON_PULL_TEXT;
        n->numbers += t == JSON_PULL_NUMBER;
        n->booleans += t == JSON_PULL_TRUE || t == JSON_PULL_FALSE;
    }
    n->weight += r->values - before;
    return ok;
}

/* --- second pass: the rows --- */

/* Whether a text since the last call held raw control characters. */
static bool has_controls(reading *r)
{
    uint64_t before = r->controls;
    r->controls = json_pull_controls(r->p);
    return r->controls > before;
}

static bool set_value(ctx *c, reading *r, const shape_node *n, str s)
{
    if (has_controls(r) && n->column > 0)
        records_note(r->rec, "json_control", n->column, s);
    if (n->column == 0)
        return true;
    if (records_is_set(r->rec, n->column - 1))
        records_note(r->rec, "json_name_twice", n->column, n->name);
    return records_set(c, r->rec, n->column - 1, s);
}

static bool fill_row(ctx *c, reading *r, shape_node *n, json_token t, str s, size_t level);

static bool fill_object(ctx *c, reading *r, shape_node *n, size_t level)
{
    for (;;) {
        json_token t;
        str s;
        if (!json_pull_next(c, r->p, &t, &s))
            return false;
        if (t == JSON_PULL_OBJECT_END)
            return true;
        shape_node *m = map_ptr(&n->by_name, s);
        if (!json_pull_next(c, r->p, &t, &s))
            return false;
        if (m == NULL)
            return fail(c, CONFLICT, "the document changed while it was read: send it again when it is whole");
        if (!fill_row(c, r, m, t, s, level + 1))
            return false;
    }
}

static bool fill_row(ctx *c, reading *r, shape_node *n, json_token t, str s, size_t level)
{
    if (t == JSON_PULL_NULL)
        return true;
    bool flat = t == JSON_PULL_OBJECT && !n->keyed && n->first != NULL && level < SHAPE_FLAT_MAX;
    if (flat)
        return fill_object(c, r, n, level);
    if (t != JSON_PULL_OBJECT && t != JSON_PULL_ARRAY)
        return set_value(c, r, n, s);
    return json_pull_raw(c, r->p, t, &s) && set_value(c, r, n, s);
}

static bool record(ctx *c, reading *r, shape_node *item, json_token t, str s)
{
    uint64_t byte = r->moved ? RECORDS_NOWHERE : json_pull_byte(r->p), line = json_pull_line(r->p);
    if (r->key.p != NULL && !records_set(c, r->rec, 0, r->key))
        return false;
    bool ok = t == JSON_PULL_OBJECT && item->first != NULL ? fill_object(c, r, item, 0) : fill_row(c, r, item, t, s, SHAPE_FLAT_MAX);
    return ok && records_row(c, r->rec, byte, line);
}

static bool array_row(ctx *c, reading *r, uint64_t number)
{
    for (size_t col = 0;; col++) {
        json_token t;
        str s;
        cell_kind kind = CELL_TEXT;
        if (!json_pull_next(c, r->p, &t, &s))
            return false;
        if (t == JSON_PULL_ARRAY_END)
            return rows_row(c, r->rows, number);
        if (t == JSON_PULL_NULL)
            continue;
        if (t == JSON_PULL_NUMBER)
            kind = CELL_NUMBER;
        else if (t == JSON_PULL_TRUE || t == JSON_PULL_FALSE)
            kind = CELL_BOOLEAN;
        else if ((t == JSON_PULL_OBJECT || t == JSON_PULL_ARRAY) && !json_pull_raw(c, r->p, t, &s))
            return false;
        if (has_controls(r))
            rows_note(r->rows, "json_control", json_pull_line(r->p), col + 1, s);
        if (!rows_cell(c, r->rows, col, kind, s))
            return false;
    }
}

static bool keep_key(ctx *c, reading *r, str key)
{
    (void)c;
    if (key.n + 1 > r->key_cap) {
        r->key_cap = key.n * 2 + 64;
        r->key_room = mem_resize(r->key_room, r->key_cap);
    }
    if (key.n > 0)
        memcpy(r->key_room, key.p, key.n);
    r->key = (str){ r->key_room, key.n };
    return true;
}

/* The items of a table, up to the end of its array or object (or of the document, for the root). */
static bool items(ctx *c, reading *r, shape_node *n, bool lists)
{
    for (uint64_t number = 1;; number++) {
        json_token t;
        str s;
        if (!json_pull_next(c, r->p, &t, &s))
            return false;
        if (t == JSON_PULL_ARRAY_END || t == JSON_PULL_OBJECT_END || t == JSON_PULL_END)
            return true;
        if (t == JSON_PULL_KEY && (!keep_key(c, r, s) || !json_pull_next(c, r->p, &t, &s)))
            return false;
        if (lists ? t == JSON_PULL_ARRAY && !array_row(c, r, number) : !record(c, r, n->item, t, s))
            return false;
    }
}

static bool table(ctx *c, reading *r, shape_node *n)
{
    const shape_node *item = n->item;
    table_head h = { .name = shape_path(c->a, n) };
    r->key = (str){ 0 };
    if (item->arrays > 0 && item->objects + item->texts + item->numbers == 0) {
        rows_begin(r->rows, h.name, NULL, NULL);
        return items(c, r, n, true) && rows_finish(c, r->rows);
    }
    shape_columns(c->a, n->item, &h);
    return records_begin(c, r->rec, &h) && items(c, r, n, false) && records_finish(c, r->rec);
}

static bool seek(ctx *c, reading *r, shape_node *n, json_token t);

static bool seek_inside(ctx *c, reading *r, shape_node *n)
{
    for (;;) {
        json_token t;
        str s;
        if (!json_pull_next(c, r->p, &t, &s))
            return false;
        if (t == JSON_PULL_ARRAY_END || t == JSON_PULL_OBJECT_END || t == JSON_PULL_END)
            return true;
        shape_node *m = n->item;
        if (t == JSON_PULL_KEY) {
            m = n->keyed ? n->item : map_ptr(&n->by_name, s);
            if (!json_pull_next(c, r->p, &t, &s))
                return false;
        }
        if (m == NULL ? !json_pull_skip(c, r->p, t) : !seek(c, r, m, t))
            return false;
    }
}

static bool seek(ctx *c, reading *r, shape_node *n, json_token t)
{
    if (t != JSON_PULL_OBJECT && t != JSON_PULL_ARRAY)
        return true;
    if (n->table && n->keyed == (t == JSON_PULL_OBJECT))
        return table(c, r, n);
    return seek_inside(c, r, n);
}

static bool read_twice(ctx *c, const source *s, reading *r)
{
    source_reader bytes = { .s = s };
    r->p = json_pull_new(source_bytes(&bytes), s->name);
    json_pull_lenient(r->p);
    if (!survey_items(c, r, r->shape.root, JSON_PULL_END))
        return false;
    if (r->shape.root->items == 0)
        return fail(c, INVALID, "“%.*s” is empty: there is no JSON in it", S_ARG(s->name));
    shape_node *root = r->shape.root;
    shape document = { .a = r->shape.a, .root = root->item, .n = r->shape.n };
    /* Documents that follow each other are rows; so is the one object that holds no rows. */
    root->table = root->items > 1 || shape_choose(&document) == 0;
    if (root->items == 1 && root->table && root->item->first == NULL && (root->item->arrays > 0 || root->item->objects > 0))
        return fail(c, INVALID, "“%.*s” has no records: its list is empty", S_ARG(s->name));
    json_pull_free(r->p);
    bytes = (source_reader){ .s = s };
    r->p = json_pull_new(source_bytes(&bytes), s->name);
    json_pull_lenient(r->p);
    r->controls = 0;
    return (root->table ? table(c, r, root) : seek_inside(c, r, root)) && source_same(c, s);
}

bool json_rows_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink)
{
    arena *own = arena_new(65536);
    reading r = { .shape = shape_in(own), .moved = o->moved, .rec = records_new(sink), .rows = rows_new(sink) };
    bool ok = read_twice(c, s, &r);
    json_pull_free(r.p);
    records_free(r.rec);
    rows_free(r.rows);
    mem_free(r.key_room);
    arena_free(own);
    return ok;
}
