#include "kit/query/sort_key.h"

#define FEW_ENTRIES 65536u      /* dictionaries whose numbers are made beforehand */

/* --- how a column is put in short --- */

static size_t same_start(str a, str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

/* All texts lie between the least and the greatest, so they begin with what these two have in common. */
static size_t same_of_all(const query_table *t, size_t col)
{
    str first = { 0 };
    size_t same = 0;
    for (size_t i = 0; i < t->n; i++) {
        const column_stats *s = &column_file_about(t->files[i], col)->stats;
        if (s->null_count == column_file_rows(t->files[i]))
            continue;
        if (first.p == NULL) {
            first = s->min_text;
            same = first.n;
        }
        size_t least = same_start(first, s->min_text), most = same_start(first, s->max_text);
        same = least < same ? least : same;
        same = most < same ? most : same;
    }
    return same;
}

/* Keys of segments of different scales are raised to the finest; where that does not fit they end at the limit, and are told
 * apart as values. */
static void scale_up(ctx *c, sort_key *k)
{
    const query_table *t = k->q.t;
    unsigned finest = 0;
    k->steps = new_n(c->a, __int128, t->n);
    for (size_t i = 0; i < t->n; i++)
        finest = k->q.views[i].scale > finest ? k->q.views[i].scale : finest;
    for (size_t i = 0; i < t->n; i++) {
        const column_stats *s = &column_file_about(t->files[i], k->q.col)->stats;
        k->steps[i] = 1;
        for (unsigned x = k->q.views[i].scale; x < finest; x++)
            k->steps[i] *= 10;
        k->whole = k->whole && s->max_key < INT64_MAX / k->steps[i] && s->min_key > -(INT64_MAX / k->steps[i]);
    }
}

/* The first 8 of n bytes, as a number; fewer are followed by zeros. Eight can be read. Never null's. */
static uint64_t first_bytes(const char *p, size_t n)
{
    uint64_t w = 0;
    memcpy(&w, p, 8);
    w = __builtin_bswap64(w);
    w = n >= 8 ? w : n == 0 ? 0 : w & UINT64_MAX << (64 - 8 * n);
    return w + (w == SORT_KEY_NULL) - (w == UINT64_MAX);
}

static uint64_t text_number(str s, size_t from)
{
    char room[8] = { 0 };
    if (s.n <= from)
        return 1;
    s = str_from(s, from);
    memcpy(room, s.p, s.n < 8 ? s.n : 8);
    return first_bytes(room, s.n);
}

static void number_entries(ctx *c, sort_key *k)
{
    k->of_entry = new_n(c->a, uint64_t *, k->q.t->n);
    for (size_t i = 0; i < k->q.t->n; i++) {
        const column_view *v = &k->q.views[i];
        if (v->form != COLUMN_CODES || v->dict_count > FEW_ENTRIES)
            continue;
        k->of_entry[i] = new_n(c->a, uint64_t, (size_t)v->dict_count + 1);
        for (uint32_t e = v->nulls; e < v->dict_count; e++)
            k->of_entry[i][e] = text_number(column_entry(v, e), k->same);
    }
}

static bool sort_key_new(ctx *c, const query_table *t, size_t col, sort_key *k)
{
    *k = (sort_key){ .by = SORT_BY_TEXT };
    if (!query_column_use(c, t, col, &k->q))
        return false;
    const column_view *v = k->q.views;
    bool keys = column_type_key(v->type) != COLUMN_KEY_NONE;
    if (t->n == 1 && (v->form == COLUMN_NUMBERS || (v->form == COLUMN_CODES && !keys))) {
        k->by = SORT_BY_ENTRY; /* not codes with keys: two spellings of one value have two codes */
        k->whole = true;
    } else if (keys) {
        k->by = SORT_BY_KEY;
        k->whole = true;
        scale_up(c, k);
    } else {
        k->same = same_of_all(t, col);
        number_entries(c, k);
    }
    return true;
}

/* --- numbers --- */

#define PLACE(i) (at != NULL ? at[i] : from + (i))

#define ENTRIES(T)                                                                                     \
    for (size_t i = 0; i < n; i++) {                                                                   \
        uint64_t e = ((const T *)v->data)[PLACE(i)];                                                   \
        out[i] = e < nulls ? SORT_KEY_NULL : e - nulls + 1;                                            \
    }

static void entries_of(const column_view *v, const uint32_t *at, uint64_t from, size_t n, uint64_t *out)
{
    const uint64_t nulls = v->nulls;
    if (v->width == 1)
        ENTRIES(uint8_t)
    else if (v->width == 2)
        ENTRIES(uint16_t)
    else if (v->width == 4)
        ENTRIES(uint32_t)
    else
        ENTRIES(uint64_t)
}

/* Signed keys in unsigned order. */
static void keys_of(const column_view *v, __int128 step, const uint32_t *at, uint64_t from, size_t n, uint64_t *out)
{
    for (size_t i = 0; i < n; i++) {
        int64_t key;
        if (!column_key(v, PLACE(i), &key)) {
            out[i] = SORT_KEY_NULL;
            continue;
        }
        __int128 fine = key * step;
        fine = fine >= INT64_MAX ? INT64_MAX - 1 : fine <= INT64_MIN ? INT64_MIN + 1 : fine;
        out[i] = (uint64_t)(int64_t)fine ^ UINT64_C(1) << 63;
    }
}

#define HEAP_TEXTS(T)                                                                                  \
    for (size_t i = 0; i < n; i++) {                                                                   \
        uint64_t row = PLACE(i), start = ((const T *)v->data)[row], bytes = ((const T *)v->data)[row + 1] - start;          \
        bool null = v->null_bits != NULL && scan_has(v->null_bits, row);                               \
        __builtin_prefetch(v->heap + start + 2048);                                                    \
        out[i] = null ? SORT_KEY_NULL : bytes <= same ? 1 : first_bytes(v->heap + start + same, bytes - same);               \
    }

static void texts_of(const sort_key *k, size_t segment, const uint32_t *at, uint64_t from, size_t n, uint64_t *out)
{
    const column_view *v = &k->q.views[segment];
    const uint64_t *of_entry = k->of_entry[segment];
    const size_t same = k->same;
    char room[COLUMN_NUMBER_ROOM];
    if (v->form == COLUMN_HEAP && v->width == 4)
        HEAP_TEXTS(uint32_t)
    else if (v->form == COLUMN_HEAP)
        HEAP_TEXTS(uint64_t)
    else if (of_entry != NULL)
        for (size_t i = 0; i < n; i++)
            out[i] = of_entry[column_at(v, PLACE(i))];
    else
        for (size_t i = 0; i < n; i++)
            out[i] = column_is_null(v, PLACE(i)) ? SORT_KEY_NULL : text_number(column_text(v, PLACE(i), room), same);
}

/* Of some rows of a segment: at[i], or with at NULL from + i. */
static void sort_key_numbers(const sort_key *k, size_t segment, const uint32_t *at, uint64_t from, size_t n, uint64_t *out)
{
    if (k->by == SORT_BY_ENTRY)
        entries_of(&k->q.views[segment], at, from, n, out);
    else if (k->by == SORT_BY_KEY)
        keys_of(&k->q.views[segment], k->steps[segment], at, from, n, out);
    else
        texts_of(k, segment, at, from, n, out);
}

#define AHEAD 16        /* rows whose texts are fetched beforehand: they lie anywhere */

static void heap_deeper(const column_view *v, sort_item *items, size_t n, size_t from)
{
    for (size_t i = 0; i < n; i++) {
        if (i + 2 * AHEAD < n)
            __builtin_prefetch((const char *)v->data + (size_t)items[i + 2 * AHEAD].row * v->width);
        if (i + AHEAD < n)
            __builtin_prefetch(v->heap + column_at(v, items[i + AHEAD].row) + from);
        uint64_t start = column_at(v, items[i].row), bytes = column_at(v, (uint64_t)items[i].row + 1) - start;
        items[i].number = bytes <= from ? 1 : first_bytes(v->heap + start + from, bytes - from);
    }
}

void sort_key_deeper(const sort_key *k, sort_item *v, size_t n, size_t from)
{
    char room[COLUMN_NUMBER_ROOM];
    if (k->q.t->n == 1 && k->q.views[0].form == COLUMN_HEAP) {
        heap_deeper(&k->q.views[0], v, n, from);
        return;
    }
    for (size_t i = 0; i < n; i++)
        v[i].number = text_number(query_text(&k->q, v[i].row, room), from);
}

bool sort_key_goes_on(uint64_t number)
{
    return (number & 0xff) != 0 && number != 1 && number != UINT64_MAX - 1;
}

int sort_key_compare(const sort_key *k, uint32_t x, uint32_t y)
{
    char room_x[COLUMN_NUMBER_ROOM], room_y[COLUMN_NUMBER_ROOM];
    if (k->whole)
        return 0;
    if (k->by == SORT_BY_KEY)
        return query_compare(&k->q, x, y);
    return str_cmp(query_text(&k->q, x, room_x), query_text(&k->q, y, room_y));
}

/* --- rules --- */

bool sort_rule_new(ctx *c, const query_table *t, const query_sort *sorts, size_t n, sort_rule *r)
{
    *r = (sort_rule){ .sorts = sorts, .n = n, .keys = new_n(c->a, sort_key, n) };
    for (size_t i = 0; i < n; i++)
        if (sorts[i].col != QUERY_ROW && !sort_key_new(c, t, sorts[i].col, &r->keys[i]))
            return false;
    return true;
}

void sort_rule_numbers(const sort_rule *r, size_t segment, const uint32_t *at, uint64_t from, size_t n, uint64_t *out)
{
    const uint64_t turn = r->sorts[0].desc ? UINT64_MAX : 0, null = r->sorts[0].nulls_first ? 0 : UINT64_MAX;
    sort_key_numbers(&r->keys[0], segment, at, from, n, out);
    for (size_t i = 0; i < n; i++)
        out[i] = out[i] == SORT_KEY_NULL ? null : out[i] ^ turn;
}

int sort_rule_compare(const sort_rule *r, uint64_t number, uint32_t x, uint32_t y)
{
    int d = 0;
    if (number != 0 && number != UINT64_MAX)
        d = sort_key_compare(&r->keys[0], x, y) * (r->sorts[0].desc ? -1 : 1);
    for (size_t i = 1; d == 0 && i < r->n; i++) {
        const query_sort *s = &r->sorts[i];
        if (s->col == QUERY_ROW)
            return ((x > y) - (x < y)) * (s->desc ? -1 : 1);
        const query_column *q = &r->keys[i].q;
        bool no_x = query_is_null(q, x), no_y = query_is_null(q, y);
        if (no_x || no_y)
            d = s->nulls_first ? no_y - no_x : no_x - no_y;
        else
            d = query_compare(q, x, y) * (s->desc ? -1 : 1);
    }
    if (d == 0) {
        d = (x > y) - (x < y);
        return r->n == 1 && r->sorts[0].desc ? -d : d;
    }
    return d;
}
