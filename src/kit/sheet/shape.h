/* shape — what a tree-like document (JSON, XML) holds, met in a first pass:
 * names, how often, of which kinds. From it follow the tables: which array,
 * keyed object or repeated element holds the rows, and their columns. It is
 * bounded by SHAPE_NODES_MAX names, whatever the document's size. */
#ifndef SHAPE_H
#define SHAPE_H
#include "kit/table/block.h"

#define SHAPE_NODES_MAX ((size_t)200000)
#define SHAPE_FLAT_MAX 6                    /* levels that are flattened; what is deeper stays JSON */
#define SHAPE_KEYED_MIN 2

typedef struct shape_node shape_node;
struct shape_node {
    str         name;
    shape_node *parent, *first, *last, *next;
    shape_node *item;                       /* of an array or a keyed object: what all its members look like */
    map         by_name;
    size_t      depth, child_count;
    uint64_t    objects, arrays, texts, numbers, booleans, items;
    uint64_t    weight;                     /* values within */
    uint64_t    met_in, run;                /* XML: in which parent it was met last, how often there */
    bool        keyed;                      /* an object whose keys are data */
    bool        repeated;                   /* XML: more than once in one parent */
    bool        table;                      /* its items are the rows of a table */
    size_t      column;                     /* 1 + its column; 0: none */
    bool        many;                       /* XML: several values in one row */
};

typedef struct {
    arena      *a;
    shape_node *root;
    size_t      n;
} shape;

shape       shape_in(arena *a);
shape_node *shape_child(ctx *c, shape *s, shape_node *parent, str name);    /* known or new; NULL after fail(TOO_LARGE) */
shape_node *shape_item(ctx *c, shape *s, shape_node *parent);
/* Members that look alike under many keys: the keys are data, one shape stands for all. */
void        shape_settle_keyed(shape_node *object, size_t least);
/* The tables of a JSON document are marked; how many. */
size_t      shape_choose(shape *s);
/* The columns of rows that look like `row`; titles joined by dots. Marks node->column. */
void        shape_columns(arena *a, shape_node *row, table_head *h);
str         shape_path(arena *a, const shape_node *n);
#endif
