#include "kit/sheet/shape.h"

#define SHARE_OF_MAIN 20                    /* a further table has at least 1/20 of the largest one's values */

shape shape_in(arena *a)
{
    shape_node *root = new(a, shape_node);
    root->by_name = map_in(a);
    return (shape){ .a = a, .root = root, .n = 1 };
}

static shape_node *add(ctx *c, shape *s, shape_node *parent, str name)
{
    if (s->n == SHAPE_NODES_MAX) {
        (void)fail(c, TOO_LARGE, "the document uses more than %zu different names: its names are data; publish these as values", SHAPE_NODES_MAX);
        return NULL;
    }
    s->n++;
    shape_node *n = new(s->a, shape_node);
    *n = (shape_node){ .name = str_dup(s->a, name), .parent = parent, .by_name = map_in(s->a), .depth = parent->depth + 1 };
    return n;
}

shape_node *shape_child(ctx *c, shape *s, shape_node *p, str name)
{
    if (p->keyed)
        return shape_item(c, s, p);
    shape_node *n = map_ptr(&p->by_name, name);
    if (n != NULL || (n = add(c, s, p, name)) == NULL)
        return n;
    if (p->last != NULL)
        p->last->next = n;
    else
        p->first = n;
    p->last = n;
    p->child_count++;
    map_set_ptr(&p->by_name, n->name, n);
    return n;
}

shape_node *shape_item(ctx *c, shape *s, shape_node *p)
{
    if (p->item == NULL)
        p->item = add(c, s, p, (str){ 0 });
    return p->item;
}

static bool is_object(const shape_node *n)
{
    return n->objects > 0 && n->arrays + n->texts + n->numbers + n->booleans == 0;
}

/* At least half of the names of each are names of the other. */
static bool look_alike(const shape_node *x, const shape_node *y)
{
    size_t same = 0;
    for (const shape_node *k = y->first; k != NULL; k = k->next)
        same += map_get(&x->by_name, k->name) != NULL;
    return same > 0 && same * 2 >= x->child_count && same * 2 >= y->child_count;
}

/* Nodes of one are added to the other: what was met under any key. */
static void merge(shape_node *to, const shape_node *from)
{
    to->objects += from->objects;
    to->arrays += from->arrays;
    to->texts += from->texts;
    to->numbers += from->numbers;
    to->booleans += from->booleans;
    to->items += from->items;
    to->weight += from->weight;
    for (shape_node *k = from->first, *next; k != NULL; k = next) {
        next = k->next;
        shape_node *have = map_ptr(&to->by_name, k->name);
        if (have != NULL) {
            merge(have, k);
            continue;
        }
        k->parent = to;
        k->next = NULL;
        if (to->last != NULL)
            to->last->next = k;
        else
            to->first = k;
        to->last = k;
        to->child_count++;
        map_set_ptr(&to->by_name, k->name, k);
    }
    if (to->item == NULL)
        to->item = from->item;
    else if (from->item != NULL)
        merge(to->item, from->item);
}

void shape_settle_keyed(shape_node *o, size_t least)
{
    if (o->keyed || o->child_count < least)
        return;
    for (const shape_node *k = o->first; k != NULL; k = k->next)
        if (!is_object(k) || k->child_count == 0 || !look_alike(o->first, k))
            return;
    shape_node *rest = o->first->next;
    o->keyed = true;
    o->items = o->child_count;
    o->item = o->first;
    o->item->name = (str){ 0 };
    o->item->next = NULL;
    o->first = o->last = NULL;
    o->child_count = 0;
    o->by_name = map_in(o->by_name.a);
    for (shape_node *next; rest != NULL; rest = next) {
        next = rest->next;
        merge(o->item, rest);
    }
}

/* --- which nodes are tables --- */

typedef struct {
    shape_node **v;
    size_t n, cap;
} nodes;

static bool holds_rows(const shape_node *n)     /* somewhere within stands an array of objects */
{
    if (n->item != NULL && n->items > 1 && n->item->objects > 0)
        return true;
    for (const shape_node *k = n->first; k != NULL; k = k->next)
        if (holds_rows(k))
            return true;
    return n->item != NULL && holds_rows(n->item);
}

static void gather(shape *s, shape_node *n, nodes *found)
{
    for (shape_node *k = n->first; k != NULL; k = k->next)
        gather(s, k, found);
    if (n->objects > 0 && !n->keyed)
        shape_settle_keyed(n, SHAPE_KEYED_MIN);
    if (n->item == NULL || n->items == 0)
        return;
    if (n->items == 1 && n->item->objects == 1 && holds_rows(n->item))
        gather(s, n->item, found);              /* an array of one: an envelope */
    else
        list_add(s->a, found, n);
}

static bool is_about_columns(const shape_node *n)
{
    static const char *const names[] = { "fields", "columns", "links", "_links", "schema", "field", "metadata", "header" };
    for (size_t i = 0; i < array_len(names); i++)
        if (str_ieq(n->name, str_of(names[i])))
            return true;
    return false;
}

static uint64_t worth(const shape_node *n)
{
    uint64_t w = n->weight;
    if (n->item->objects == 0 && n->item->arrays == 0)
        w /= 100;                               /* a list of single values is seldom the table */
    return is_about_columns(n) ? w / 4 : w;
}

size_t shape_choose(shape *s)
{
    nodes found = { 0 };
    gather(s, s->root, &found);
    shape_node *main = NULL;
    for (size_t i = 0; i < found.n; i++)
        if (main == NULL || worth(found.v[i]) > worth(main))
            main = found.v[i];
    size_t tables = 0;
    for (size_t i = 0; i < found.n; i++) {
        shape_node *n = found.v[i];
        n->table = n == main || (n->item->objects > 1 && !is_about_columns(n) && n->weight >= main->weight / SHARE_OF_MAIN);
        tables += n->table;
    }
    return tables;
}

/* --- columns --- */

typedef struct {
    arena *a;
    table_column_head *v;
    size_t n, cap;
} columns;

static str hint_of(const shape_node *n)
{
    if (n->arrays > 0 || n->objects > 0)
        return (str){ 0 };
    bool one = (n->texts > 0) + (n->numbers > 0) + (n->booleans > 0) == 1;
    return !one ? S("") : n->texts > 0 ? S("text") : n->numbers > 0 ? S("number") : S("boolean");
}

/* A geometry of GeoJSON: one cell, as it stands. */
static bool is_geometry(const shape_node *n)
{
    const shape_node *where = map_ptr(&n->by_name, S("coordinates"));
    if (where == NULL)
        where = map_ptr(&n->by_name, S("geometries"));
    return where != NULL && where->arrays > 0 && map_get(&n->by_name, S("type")) != NULL && n->child_count <= 4;
}

static void add_columns(columns *k, shape_node *n, str prefix, size_t level)
{
    if (n->objects > 0 && is_geometry(n)) {
        n->keyed = true;                        /* its members are no columns */
        list_add(k->a, k, (table_column_head){ .title = prefix, .hint = S("geometry") });
        n->column = k->n;
        return;
    }
    bool deep = level >= SHAPE_FLAT_MAX, keyed = n->keyed;
    bool leaf = n->arrays + n->texts + n->numbers + n->booleans > 0 || n->objects == 0 || n->first == NULL || deep || keyed;
    if (leaf) {
        list_add(k->a, k, (table_column_head){ .title = prefix, .hint = hint_of(n) });
        n->column = k->n;
    }
    if (deep || keyed)
        return;
    for (shape_node *m = n->first; m != NULL; m = m->next)
        add_columns(k, m, prefix.n > 0 ? str_fmt(k->a, "%.*s.%.*s", S_ARG(prefix), S_ARG(m->name)) : m->name, level + 1);
}

void shape_columns(arena *a, shape_node *row, table_head *h)
{
    columns k = { .a = a };
    if (row->parent != NULL && row->parent->keyed)
        list_add(a, &k, (table_column_head){ .title = map_get(&row->by_name, S("key")) == NULL ? S("key") : S("_key"), .hint = S("text") });
    if (row->arrays + row->texts + row->numbers + row->booleans > 0 || row->first == NULL) {
        list_add(a, &k, (table_column_head){ .title = S("value"), .hint = hint_of(row) });
        row->column = k.n;
    }
    bool feature = map_get(&row->by_name, S("geometry")) != NULL && map_get(&row->by_name, S("properties")) != NULL;
    for (shape_node *m = row->first; m != NULL; m = m->next)
        /* The properties of a feature are its columns, by their own names; that it is a feature is known. */
        if (!feature || !(str_eq(m->name, S("type")) || (str_eq(m->name, S("properties")) && m->first == NULL)))
            add_columns(&k, m, feature && str_eq(m->name, S("properties")) ? (str){ 0 } : m->name, 1);
    h->cols = k.v;
    h->col_count = k.n;
    h->header_rows = 1;
}

str shape_path(arena *a, const shape_node *n)
{
    if (n == NULL || n->parent == NULL)
        return (str){ 0 };
    str above = shape_path(a, n->parent);
    return above.n == 0 ? n->name : n->name.n == 0 ? above : str_fmt(a, "%.*s.%.*s", S_ARG(above), S_ARG(n->name));
}
