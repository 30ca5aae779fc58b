#include "app/table/table_area.h"

#include "app/vocabulary/tsv.h"

#include <math.h>
#include <pthread.h>

#define NAME_MAX_BYTES 64
#define AREAS_MOST 512
#define SEVERAL (-1)            /* several areas have the name */

/* Once-initialised; read by all threads, never changed after. */
static struct {
    table_area areas[AREAS_MOST];
    size_t     count;
    struct { area_line *v; size_t n, cap; } lines;
    uint8_t   *outer;
    map        codes;           /* → index + 1 */
    map        counties;        /* folded name → index + 1 */
    map        towns;           /* folded name, with and without its county → index + 1, or SEVERAL */
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* 台 is 臺; blanks are left out. Empty: too long to be a name. */
static str fold(str s, char *room)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        str rest = str_from(s, i);
        bool tai = str_starts(rest, S("台")), blank = (unsigned char)rest.p[0] <= ' ', wide = str_starts(rest, S("\xe3\x80\x80"));
        size_t k = tai ? 3 : 1;
        if (n + k > NAME_MAX_BYTES)
            return (str){ 0 };
        if (!blank && !wide) {
            memcpy(room + n, tai ? "臺" : rest.p, k);
            n += k;
        }
        i += wide ? 3 : k;
    }
    return (str){ room, n };
}

/* --- outlines --- */

static double whole(str word)
{
    int64_t v = 0;
    must(str_to_i64(word, &v));
    return (double)v;
}

static area_line line_of(arena *a, str shape)
{
    const double grid = 2000;   /* steps a degree, as the header of the file says */
    struct { area_point *v; size_t n, cap; } points = { 0 };
    str word;
    double x = 0, y = 0;
    while (str_next(&shape, ' ', &word)) {
        x += whole(word);
        must(str_next(&shape, ' ', &word));
        y += whole(word);
        list_add(a, &points, (area_point){ x / grid, y / grid });
    }
    return (area_line){ points.v, points.n };
}

static void widen(table_area *k, const area_line *l)
{
    for (size_t i = 0; i < l->n; i++) {
        k->west = fmin(k->west, l->v[i].lon);
        k->east = fmax(k->east, l->v[i].lon);
        k->south = fmin(k->south, l->v[i].lat);
        k->north = fmax(k->north, l->v[i].lat);
    }
}

static void read_shape(arena *a, table_area *k, str shape)
{
    struct { area_ring *v; size_t n, cap; } rings = { 0 };
    str ring, word;
    k->west = k->south = 1e9;
    k->east = k->north = -1e9;
    while (str_next(&shape, ';', &ring)) {
        struct { int32_t *v; size_t n, cap; } l = { 0 };
        while (str_next(&ring, ' ', &word)) {
            bool back = str_starts(word, S("~"));
            int32_t n = (int32_t)whole(str_from(word, back));
            must(n >= 0 && (size_t)n < all.lines.n);
            widen(k, &all.lines.v[n]);
            list_add(a, &l, back ? ~n : n);
        }
        list_add(a, &rings, (area_ring){ l.v, l.n });
    }
    k->rings = rings.v;
    k->ring_count = rings.n;
}

/* --- names --- */

static void add_name(arena *a, map *names, str county, str name, size_t i)
{
    char room[NAME_MAX_BYTES];
    bool fresh;
    str key = str_dup(a, fold(str_cat(a, county, name), room));
    map_item *item = map_put(names, key, &fresh);
    item->i = fresh || item->i == (int64_t)i + 1 ? (int64_t)i + 1 : SEVERAL;
}

/* 鄉, 鎮 and 市 of a county that became a municipality are districts now: 臺北縣板橋市 is 新北市板橋區. */
static void add_former_towns(arena *a, str county, size_t now)
{
    static const char *const kinds[] = { "鄉", "鎮", "市", "區" };
    for (size_t i = 0; i < all.count; i++)
        for (size_t k = 0; k < array_len(kinds) && !all.areas[i].county && all.areas[i].of == now; k++) {
            str name = str_cat(a, str_sub(all.areas[i].name, 0, all.areas[i].name.n - 3), str_of(kinds[k]));
            add_name(a, &all.towns, county, name, i);
            add_name(a, &all.towns, all.areas[now].name, name, i);
        }
}

static void read_places(arena *a)
{
    tsv t;
    tsv_open(a, &t, "data/places.tsv");
    while (tsv_next(&t)) {
        str code = tsv_get(&t, "code"), name = tsv_get(&t, "name");
        int64_t i = map_i64(&all.codes, code, 0) - 1;
        if (i < 0)
            continue;
        table_area *k = &all.areas[i];
        if (k->name.n == 0)
            k->name = name;
        add_name(a, k->county ? &all.counties : &all.towns, (str){ 0 }, name, (size_t)i);
        if (!k->county)
            add_name(a, &all.towns, all.areas[k->of].name, name, (size_t)i);
    }
}

static void read_former(arena *a, map *former)
{
    tsv t;
    tsv_open(a, &t, "data/places.tsv");
    while (tsv_next(&t)) {
        str code = tsv_get(&t, "code"), name = tsv_get(&t, "name");
        const str *now = map_ptr(former, code);
        if (now == NULL)
            continue;
        int64_t i = map_i64(&all.codes, *now, 0) - 1;
        must(i >= 0);
        add_name(a, &all.counties, (str){ 0 }, name, (size_t)i);
        add_former_towns(a, name, (size_t)i);
        map_set_i64(&all.codes, code, i + 1);
    }
}

static void add_area(arena *a, str code, str shape)
{
    must(all.count < AREAS_MOST);
    table_area *k = &all.areas[all.count];
    *k = (table_area){ .code = code, .county = code.n == 5, .of = all.count };
    if (!k->county)
        k->of = (size_t)map_i64(&all.codes, str_sub(code, 0, 5), 0) - 1;
    must(k->of <= all.count);
    read_shape(a, k, shape);
    map_set_i64(&all.codes, code, (int64_t)++all.count);
}

/* A line with townships of one county at both sides stands in two shapes of townships and in none of a county. */
static void find_outer(arena *a)
{
    all.outer = new_n(a, uint8_t, all.lines.n + 1);
    for (size_t i = 0; i < all.count && all.areas[i].county; i++)
        for (size_t r = 0; r < all.areas[i].ring_count; r++)
            for (size_t k = 0; k < all.areas[i].rings[r].n; k++) {
                int32_t n = all.areas[i].rings[r].lines[k];
                all.outer[n < 0 ? ~n : n] = 1;
            }
}

static void load(void)
{
    arena *a = arena_new(65536);    /* for ever */
    map former = map_in(a);
    tsv t;
    all.codes = all.counties = all.towns = map_in(a);
    tsv_open(a, &t, "data/boundaries.tsv");
    while (tsv_next(&t)) {
        str kind = tsv_get(&t, "kind"), shape = tsv_get(&t, "shape");
        if (str_eq(kind, S("line"))) {
            list_add(a, &all.lines, line_of(a, shape));
        } else if (str_eq(kind, S("former"))) {
            str *now = new (a, str);
            *now = shape;
            map_set_ptr(&former, tsv_get(&t, "key"), now);
        } else {
            add_area(a, tsv_get(&t, "key"), shape);
        }
    }
    read_places(a);
    read_former(a, &former);
    find_outer(a);
}

static void ready(void)
{
    must(pthread_once(&once, load) == 0);
}

/* --- questions --- */

size_t table_area_count(void)
{
    ready();
    return all.count;
}

const table_area *table_area_at(size_t i)
{
    ready();
    must(i < all.count);
    return &all.areas[i];
}

size_t table_area_index(const table_area *k)
{
    return (size_t)(k - all.areas);
}

size_t table_area_line_count(void)
{
    ready();
    return all.lines.n;
}

const area_line *table_area_line(size_t i)
{
    ready();
    must(i < all.lines.n);
    return &all.lines.v[i];
}

bool table_area_line_outer(size_t i)
{
    ready();
    return i < all.lines.n && all.outer[i] != 0;
}

const table_area *table_area_by_code(str code)
{
    ready();
    int64_t i = map_i64(&all.codes, code.n == 11 ? str_sub(code, 0, 8) : code, 0);
    return i > 0 ? &all.areas[i - 1] : NULL;
}

static const table_area *named(const map *names, str key)
{
    int64_t i = key.n > 0 ? map_i64(names, key, 0) : 0;
    return i > 0 ? &all.areas[i - 1] : NULL;
}

const table_area *table_area_county(str text)
{
    char room[NAME_MAX_BYTES];
    const table_area *k = table_area_by_code(text);
    str key = fold(text, room);
    if (k == NULL)
        k = named(&all.counties, key);
    if (k == NULL)
        k = named(&all.towns, key);
    return k == NULL || k->county ? k : &all.areas[k->of];
}

const table_area *table_area_town(const table_area *county, str text)
{
    char room[NAME_MAX_BYTES], both[NAME_MAX_BYTES * 2];
    const table_area *k = table_area_by_code(text);
    if (k != NULL)
        return k->county ? NULL : k;
    str key = fold(text, room);
    k = named(&all.towns, key);
    if (county == NULL || key.n == 0 || (k != NULL && &all.areas[k->of] == county))
        return k;
    memcpy(both, county->name.p, county->name.n);
    memcpy(both + county->name.n, key.p, key.n);
    return county->name.n + key.n <= sizeof both ? named(&all.towns, (str){ both, county->name.n + key.n }) : NULL;
}
