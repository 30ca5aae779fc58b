/* inside — what the files of this folder know of each other: the engine's own
 * state, and one search while it runs. Not for anybody else. */
#ifndef INSIDE_H
#define INSIDE_H
#include "base.h"
#include "kit/search/build.h"
#include "kit/search/scratch.h"
#include "kit/search/search.h"
#include "kit/search/values.h"
#include "kit/search/version.h"

#define INSIDE_TEXTS 8
#define INSIDE_VALUES 32
#define INSIDE_NUMBERS 16

typedef struct {
    int64_t  id;
    uint32_t before;              /* documents of the draft that came earlier are meant */
} inside_removal;

struct search {
    size_t    text_n, value_n, number_n;
    double    boost[INSIDE_TEXTS];
    bool      many[INSIDE_VALUES + 1];
    norm     *norm;
    values    values[INSIDE_VALUES + 1];     /* the last one: open fields, "key\x1fvalue" */
    version_holder versions;
    scratch_pool   pool;

    build    *build;              /* from here on the writer's alone */
    bytes_list(inside_removal) removals;
    norm_text title_text;
    bytes     title;
    bytes_list(uint32_t) numbers_of[INSIDE_VALUES + 1];
};

static inline values *inside_values(search *s, int field)
{
    return &s->values[field < 0 ? s->value_n : (size_t)field];
}
static inline size_t inside_column(const search *s, int field)
{
    return field < 0 ? s->value_n : (size_t)field;
}

/* Documents of one segment: a rising list or a bit map. Neither is changed once it is there. */
typedef struct {
    const uint32_t *v;
    const uint64_t *bits;
    uint32_t        n;
} inside_set;

typedef struct {
    ctx     *c;
    search  *s;
    version *v;
    scratch *w;
    const segment *g;             /* the segment at hand */
    bool     scoring;
} inside_run;

static inline uint32_t *inside_list(inside_run *r, uint32_t n)
{
    return scratch_n(r->w, uint32_t, n + 1);
}
static inline uint64_t *inside_bits(inside_run *r)
{
    return memset(scratch_n(r->w, uint64_t, BITS_WORDS(r->g->n)), 0, BITS_WORDS(r->g->n) * 8);
}
#endif
