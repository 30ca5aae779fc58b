#include "kit/table/row_match.h"

#define FREE 0u

/* One side, opened: the columns of each file, and which of them are compared as text. */
typedef struct {
    const row_side *side;
    column_view *views;                 /* cols of each file */
    const bool *as_text;
    size_t cols;
    buf key, other;
} reader;

/* Keys by hash; each stands where its first row is. */
typedef struct { uint64_t hash; uint32_t row, file : 31, marked : 1; } entry;
typedef struct {
    entry *v;
    uint32_t *slots;                    /* entry + 1 */
    size_t n, cap, slot_count, most;
} keys;

typedef struct { size_t turn, turns; } part;        /* which keys are looked for now */

static bool reader_new(ctx *c, const row_side *s, size_t cols, const bool *as_text, reader *out)
{
    *out = (reader){ .side = s, .views = new_n(c->a, column_view, s->n * cols + 1), .as_text = as_text, .cols = cols, .key = buf_in(c->a),
                     .other = buf_in(c->a) };
    for (size_t f = 0; f < s->n; f++)
        for (size_t i = 0; i < cols; i++)
            if (!column_use(c, s->files[f], s->cols[i], &out->views[f * cols + i]))
                return false;
    return true;
}

/* Equal values give equal bytes: a number without the zeros at the end of its decimals, a text with its length before it. False: a
 * value is null. */
static bool key_of(const reader *r, size_t file, uint64_t row, buf *b)
{
    char room[COLUMN_NUMBER_ROOM];
    b->n = 0;
    for (size_t i = 0; i < r->cols; i++) {
        const column_view *v = &r->views[file * r->cols + i];
        int64_t key;
        if (column_is_null(v, row))
            return false;
        if (!r->as_text[i] && column_key(v, row, &key)) {
            unsigned scale = v->scale;
            for (; scale > 0 && key % 10 == 0; scale--)
                key /= 10;
            buf_add(b, (str){ (const char *)&key, sizeof key });
            buf_byte(b, (char)scale);
        } else {
            str s = column_text(v, row, room);
            s = r->as_text[i] ? str_trim(s) : s;
            uint32_t n = (uint32_t)s.n;
            buf_add(b, (str){ (const char *)&n, sizeof n });
            buf_add(b, s);
        }
    }
    return true;
}

static bool left_out(const row_side *s, size_t file, uint64_t row)
{
    const uint64_t *bits = s->without != NULL ? s->without[file] : NULL;
    return bits != NULL && (bits[row / 64] >> row % 64 & 1) != 0;
}

static void keys_free(keys *k)
{
    mem_free(k->v);
    mem_free(k->slots);
    *k = (keys){ .most = k->most };
}

static void put_slot(keys *k, uint64_t hash, size_t i)
{
    size_t mask = k->slot_count - 1, at = (size_t)hash & mask;
    while (k->slots[at] != FREE)
        at = (at + 1) & mask;
    k->slots[at] = (uint32_t)i + 1;
}

static void grow(keys *k)
{
    k->cap = k->cap > 0 ? k->cap * 2 : 1024;
    k->v = mem_resize(k->v, k->cap * sizeof *k->v);
    mem_free(k->slots);
    k->slot_count = k->cap * 2;
    k->slots = mem_get(k->slot_count * sizeof *k->slots);
    for (size_t i = 0; i < k->n; i++)
        put_slot(k, k->v[i].hash, i);
}

/* The entry with the bytes of `key`: hashes are compared first, then the values themselves. `of` reads the side that the entries are of. */
static entry *find(keys *k, reader *of, uint64_t hash, str key)
{
    for (size_t mask = k->slot_count - 1, at = (size_t)hash & mask; k->slot_count > 0 && k->slots[at] != FREE; at = (at + 1) & mask) {
        entry *e = &k->v[k->slots[at] - 1];
        if (e->hash == hash && key_of(of, e->file, e->row, &of->other) && str_eq(buf_str(&of->other), key))
            return e;
    }
    return NULL;
}

static bool add(keys *k, uint64_t hash, size_t file, uint64_t row)
{
    if (k->n == k->most)
        return false;
    if (k->n == k->cap)
        grow(k);
    k->v[k->n++] = (entry){ .hash = hash, .row = (uint32_t)row, .file = (uint32_t)file & 0x7fffffffu };
    put_slot(k, hash, k->n - 1);
    return true;
}

/* The first `most` rows, whatever order the turns find them in. */
static void take_row(row_found *out, size_t most, uint64_t row)
{
    size_t at = out->n;
    out->count++;
    if (out->n == most && (most == 0 || out->rows[most - 1] < row))
        return;
    if (out->n < most)
        out->n++;
    else
        at--;
    for (; at > 0 && out->rows[at - 1] > row; at--)
        out->rows[at] = out->rows[at - 1];
    out->rows[at] = row;
}

/* --- walking over a side --- */

typedef enum { WALK_GO, WALK_FULL, WALK_FAILED } walked;
typedef struct {
    keys *k;
    reader *r, *entries_of;
    part p;
    bool repeats, found;                /* repeats: rows whose key is there; else what to tell of marked keys */
    size_t most;
    row_found *out;
} walk;

/* One row of a step; false: no room for its key. */
typedef bool walk_step(walk *w, uint64_t hash, size_t file, uint64_t row, uint64_t number);

static bool step_keep(walk *w, uint64_t hash, size_t file, uint64_t row, uint64_t number)
{
    if (find(w->k, w->entries_of, hash, buf_str(&w->r->key)) == NULL)
        return add(w->k, hash, file, row);
    if (w->repeats)
        take_row(w->out, w->most, number);
    return true;
}

static bool step_mark(walk *w, uint64_t hash, size_t file, uint64_t row, uint64_t number)
{
    (void)file, (void)row, (void)number;
    entry *e = find(w->k, w->entries_of, hash, buf_str(&w->r->key));
    if (e != NULL)
        e->marked = 1;
    return true;
}

static bool step_tell(walk *w, uint64_t hash, size_t file, uint64_t row, uint64_t number)
{
    const entry *e = find(w->k, w->entries_of, hash, buf_str(&w->r->key));
    (void)file, (void)row;
    if (e != NULL && (e->marked != 0) == w->found)
        take_row(w->out, w->most, number);
    return true;
}

/* `skip`: files that cannot matter; NULL: none. */
static walked go(ctx *c, walk *w, walk_step *step, const bool *skip)
{
    uint64_t before = 0;
    const row_side *s = w->r->side;
    for (size_t f = 0; f < s->n; f++) {
        uint64_t rows = column_file_rows(s->files[f]);
        for (uint64_t row = 0; row < rows && (skip == NULL || !skip[f]); row++) {
            if (row % 65536 == 0 && !ctx_in_time(c))
                return WALK_FAILED;
            if (left_out(s, f, row) || !key_of(w->r, f, row, &w->r->key))
                continue;
            uint64_t hash = column_hash64(buf_str(&w->r->key));
            if ((hash >> 32) % w->p.turns == w->p.turn && !step(w, hash, f, row, before + row))
                return WALK_FULL;
        }
        before += rows;
    }
    return WALK_GO;
}

static uint64_t rows_of(const row_side *s)
{
    uint64_t n = 0;
    for (size_t f = 0; f < s->n; f++)
        n += column_file_rows(s->files[f]);
    return n;
}

/* Files of `among` in which a key of `asked` cannot stand, by the least and greatest of a column: what is added to a table of
 * measurements is later than all that is there. */
static bool *apart(ctx *c, const row_side *asked, const row_side *among, size_t cols, const bool *as_text)
{
    bool *skip = new_n(c->a, bool, among->n + 1);
    for (size_t i = 0; i < cols; i++) {
        bool keyed = !as_text[i] && asked->n > 0;
        int64_t least = INT64_MAX, most = INT64_MIN;
        unsigned scale = keyed ? column_file_about(asked->files[0], asked->cols[i])->scale : 0;
        for (size_t f = 0; f < asked->n && keyed; f++) {
            const column_about *k = column_file_about(asked->files[f], asked->cols[i]);
            keyed = k->stats.has_keys && k->scale == scale;
            least = k->stats.min_key < least ? k->stats.min_key : least;
            most = k->stats.max_key > most ? k->stats.max_key : most;
        }
        for (size_t f = 0; f < among->n && keyed; f++) {
            const column_about *k = column_file_about(among->files[f], among->cols[i]);
            skip[f] = skip[f] || (k->stats.has_keys && k->scale == scale && (k->stats.max_key < least || k->stats.min_key > most));
        }
    }
    return skip;
}

/* Keys mean the same: of one type, or numbers both. A year may be of either calendar, and a boolean is spelled in words. */
static bool is_comparable(column_type x, column_type y)
{
    bool own = x == COLUMN_year || y == COLUMN_year || x == COLUMN_boolean || y == COLUMN_boolean;
    return x == y || (column_type_key(x) == column_type_key(y) && !own);
}

static bool *compared_as_text(ctx *c, const row_side *x, const row_side *y, size_t cols)
{
    bool *as_text = new_n(c->a, bool, cols + 1);
    for (size_t i = 0; i < cols && x->n > 0 && y->n > 0; i++)
        as_text[i] = !is_comparable(column_file_about(x->files[0], x->cols[i])->type, column_file_about(y->files[0], y->cols[i])->type);
    return as_text;
}

bool row_match_repeated_in(ctx *c, size_t room, const row_side *side, size_t cols, size_t most, row_found *out)
{
    keys k = { .most = room };
    reader r;
    bool *none = new_n(c->a, bool, cols + 1);
    walked how = WALK_GO;
    part p = { 0, 1 };
    *out = (row_found){ .rows = new_n(c->a, uint64_t, most + 1) };
    if (!reader_new(c, side, cols, none, &r))
        return false;
    while (how == WALK_GO && p.turn < p.turns) {
        how = go(c, &(walk){ &k, &r, &r, p, .repeats = true, .most = most, .out = out }, step_keep, NULL);
        keys_free(&k);
        p.turn++;
        if (how == WALK_FULL) {         /* from the beginning, in as many turns as there can be keys */
            p = (part){ 0, p.turns * 2 > rows_of(side) / room + 1 ? p.turns * 2 : (size_t)(rows_of(side) / room) + 2 };
            out->count = out->n = 0;
            how = WALK_GO;
        }
    }
    return how == WALK_GO;
}

static walked match_turn(ctx *c, keys *k, reader *asked, reader *among, part p, const bool *skip, bool found, size_t most, row_found *out)
{
    walk w = { k, asked, asked, p, .found = found, .most = most, .out = out };
    walked how = go(c, &w, step_keep, NULL);
    w.r = among;
    how = how == WALK_GO ? go(c, &w, step_mark, skip) : how;
    w.r = asked;
    return how == WALK_GO ? go(c, &w, step_tell, NULL) : how;
}

bool row_match_among_in(ctx *c, size_t room, const row_side *asked, const row_side *among, size_t cols, bool found, size_t most, row_found *out)
{
    keys k = { .most = room };
    reader r, other;
    bool *as_text = compared_as_text(c, asked, among, cols), *skip = apart(c, asked, among, cols, as_text);
    walked how = WALK_GO;
    part p = { 0, 1 };
    *out = (row_found){ .rows = new_n(c->a, uint64_t, most + 1) };
    if (!reader_new(c, asked, cols, as_text, &r) || !reader_new(c, among, cols, as_text, &other))
        return false;
    while (how == WALK_GO && p.turn < p.turns) {
        how = match_turn(c, &k, &r, &other, p, skip, found, most, out);
        keys_free(&k);
        p.turn++;
        if (how == WALK_FULL) {
            p = (part){ 0, p.turns * 2 > rows_of(asked) / room + 1 ? p.turns * 2 : (size_t)(rows_of(asked) / room) + 2 };
            out->count = out->n = 0;
            how = WALK_GO;
        }
    }
    return how == WALK_GO;
}

bool row_match_repeated(ctx *c, const row_side *side, size_t cols, size_t most, row_found *out)
{
    return row_match_repeated_in(c, ROW_MATCH_KEYS, side, cols, most, out);
}

bool row_match_among(ctx *c, const row_side *asked, const row_side *among, size_t cols, bool found, size_t most, row_found *out)
{
    return row_match_among_in(c, ROW_MATCH_KEYS, asked, among, cols, found, most, out);
}
