#include "app/table/table_map.h"

#include "app/table/table_place.h"
#include "app/table/table_words.h"

enum { KEYS_MOST = 2, SAMPLE = 64, NAME_BYTES = 48, COLUMNS_SAMPLED = 40 };

static void take(size_t *place, size_t i)
{
    if (*place == SIZE_MAX)
        *place = i;
}

/* Places among which sums and notes stand (總計) are texts by their type; two thirds of some rows tell what they are. */
static place_level level_of(ctx *c, const query_table *t, size_t col)
{
    const column_about *k = query_table_about(t, col);
    query_column q;
    char room[COLUMN_NUMBER_ROOM];
    uint64_t rows = query_table_rows(t), step = rows / SAMPLE + 1, n = 0, counties = 0, towns = 0;
    ctx scratch = *c;
    if (k->type != COLUMN_text || k->stats.distinct < 2 || k->stats.max_bytes > NAME_BYTES || !query_column_use(&scratch, t, col, &q))
        return PLACE_NONE;
    for (uint64_t i = 0; i < rows; i += step) {
        if (query_is_null(&q, (uint32_t)i))
            continue;
        place_level level = lexicon_place(table_words(), query_text(&q, (uint32_t)i, room));
        n++;
        counties += (level & PLACE_COUNTY) != 0;
        towns += (level & PLACE_TOWN) != 0;
    }
    if (n < 2)
        return PLACE_NONE;
    return counties * 3 >= n * 2 ? PLACE_COUNTY : towns * 3 >= n * 2 ? PLACE_TOWN : PLACE_NONE;
}

table_map_columns table_map_columns_of(ctx *c, const query_table *t)
{
    table_map_columns k = { SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX };
    size_t all = query_table_columns(t);
    for (size_t i = 0; i < all; i++)
        switch (query_table_about(t, i)->type) {
        case COLUMN_county: take(&k.county, i); break;
        case COLUMN_town: take(&k.town, i); break;
        case COLUMN_area_code: take(&k.code, i); break;
        case COLUMN_longitude: take(&k.lon, i); break;
        case COLUMN_latitude: take(&k.lat, i); break;
        case COLUMN_easting: take(&k.easting, i); break;
        case COLUMN_northing: take(&k.northing, i); break;
        case COLUMN_geometry: take(&k.geometry, i); break;
        default: break;
        }
    if (k.lon == SIZE_MAX || k.lat == SIZE_MAX)
        k.lon = k.lat = SIZE_MAX;
    if (k.easting == SIZE_MAX || k.northing == SIZE_MAX)
        k.easting = k.northing = SIZE_MAX;
    for (size_t i = 0; i < all && i < COLUMNS_SAMPLED && (k.county == SIZE_MAX || k.town == SIZE_MAX); i++) {
        place_level level = level_of(c, t, i);
        if (level != PLACE_NONE)
            take(level == PLACE_COUNTY ? &k.county : &k.town, i);
    }
    return k;
}

bool table_map_has_points(const table_map_columns *k)
{
    return k->lon != SIZE_MAX || k->easting != SIZE_MAX || k->geometry != SIZE_MAX;
}

/* --- rows to areas --- */

/* A township needs its county's column to be told from others of its name; a code says both. */
static size_t keys_of(const table_map *k, query_by *by)
{
    size_t n = 0;
    if (k->towns && k->col.town != SIZE_MAX) {
        by[n++].col = k->col.town;
        if (k->col.county != SIZE_MAX)
            by[n++].col = k->col.county;
    } else if (k->col.code != SIZE_MAX && (k->towns || k->col.county == SIZE_MAX)) {
        by[n++].col = k->col.code;
    } else {
        by[n++].col = k->col.county != SIZE_MAX ? k->col.county : k->col.town;
    }
    return n;
}

static const table_area *area_of(const table_map *k, const query_group *g, size_t keys)
{
    if (g->keys[0].p == NULL)
        return NULL;
    if (!k->towns)
        return table_area_county(g->keys[0]);
    const table_area *county = keys > 1 && g->keys[1].p != NULL ? table_area_county(g->keys[1]) : NULL;
    return table_area_town(county, g->keys[0]);
}

typedef struct { size_t *v; size_t n, cap; } places;    /* groups of one area */

/* Rows of these groups, however their texts are spelled. */
static query_filter rows_of(ctx *c, const query_filter *filter, const query_by *by, size_t keys, const query_groups *g, const places *p)
{
    query_filter *kids = new_n(c->a, query_filter, p->n), *whole = new_n(c->a, query_filter, 2);
    for (size_t i = 0; i < p->n; i++) {
        query_filter *parts = new_n(c->a, query_filter, KEYS_MOST);
        for (size_t k = 0; k < keys; k++) {
            const str *text = &g->v[p->v[i]].keys[k];
            parts[k] = text->p == NULL ? (query_filter){ .op = QUERY_NULL, .col = by[k].col }
                                       : (query_filter){ .op = QUERY_EQUAL, .col = by[k].col, .values = text, .value_count = 1 };
        }
        kids[i] = (query_filter){ .op = QUERY_AND, .kids = parts, .kid_count = keys };
    }
    whole[0] = (query_filter){ .op = QUERY_OR, .kids = kids, .kid_count = p->n };
    if (filter != NULL)
        whole[1] = *filter;
    return (query_filter){ .op = QUERY_AND, .kids = whole, .kid_count = filter != NULL ? 2 : 1 };
}

/* Sums of one column have the same decimals: they are added digit by digit, as whole numbers. */
static bool add_sums(ctx *c, const query_groups *g, const places *p, query_value *out)
{
    int64_t sum = 0, one;
    size_t decimals = 0;
    bool any = false;
    for (size_t i = 0; i < p->n; i++) {
        const query_value *v = &g->v[p->v[i]].values[1];
        if (v->null)
            continue;
        size_t point = str_find_byte(v->text, '.');
        decimals = point < v->text.n ? v->text.n - point - 1 : 0;
        if (!str_to_i64(str_replace(c->a, v->text, S("."), S("")), &one) || __builtin_add_overflow(sum, one, &sum))
            return false;
        any = true;
    }
    uint64_t size = sum < 0 ? 0 - (uint64_t)sum : (uint64_t)sum;
    str digits = str_fmt(c->a, "%0*" PRIu64, (int)decimals + 1, size);
    str whole = str_sub(digits, 0, digits.n - decimals), rest = str_from(digits, digits.n - decimals);
    *out = (query_value){ .null = !any, .text = str_fmt(c->a, "%s%.*s%s%.*s", sum < 0 ? "-" : "", S_ARG(whole), decimals > 0 ? "." : "", S_ARG(rest)) };
    return str_to_f64(out->text, &out->number);
}

/* What several groups come to together. Sums and counts are added; all else is asked of the engine again, so that it stays exact. */
static bool together(ctx *c, query_table *t, const query_filter *filter, const table_map *k, const query_by *by, size_t keys, const query_groups *g,
                     const places *p, query_value *out)
{
    query_groups one;
    if (p->n == 1) {
        *out = g->v[p->v[0]].values[1];
        return true;
    }
    if (k->y.kind == QUERY_SUM && add_sums(c, g, p, out))
        return true;
    query_filter f = rows_of(c, filter, by, keys, g, p);
    if (!query_group_by(c, t, &(query_grouping){ .filter = &f, .aggregates = &k->y, .aggregate_count = 1, .order_by = SIZE_MAX }, &one))
        return false;
    *out = one.n > 0 ? one.v[0].values[0] : (query_value){ .null = true };
    return true;
}

static void unknown(table_map_numbers *out, const query_group *g)
{
    uint64_t rows = (uint64_t)g->values[0].number;
    if (g->keys[0].p == NULL) {
        out->no_place += rows;
        return;
    }
    out->unknown += rows;
    if (out->unknown_count < TABLE_MAP_UNKNOWN)
        out->unknown_texts[out->unknown_count++] = g->keys[0];
}

/* Townships without their county, as in the files of one county: where those whose names are clear all lie in it, the others do, too. */
static const table_area *only_county(ctx *c, const table_map *k, const query_groups *g, size_t keys)
{
    enum { LEAST = 3 };
    const table_area *county = NULL;
    bool *met = new_n(c->a, bool, table_area_count());
    size_t n = 0;
    for (size_t i = 0; k->towns && keys == 1 && i < g->n; i++) {
        const table_area *area = area_of(k, &g->v[i], keys);
        if (area == NULL)
            continue;
        if (county != NULL && table_area_at(area->of) != county)
            return NULL;
        county = table_area_at(area->of);
        n += !met[table_area_index(area)];
        met[table_area_index(area)] = true;
    }
    return n >= LEAST ? county : NULL;
}

static const table_area *area_taken(const table_area *county, const query_group *g, table_map_numbers *out)
{
    const table_area *area = county != NULL && g->keys[0].p != NULL ? table_area_town(county, g->keys[0]) : NULL;
    if (area == NULL || table_area_at(area->of) != county)
        return NULL;
    out->taken = county;
    out->taken_rows += (uint64_t)g->values[0].number;
    return area;
}

static bool read_areas(ctx *c, query_table *t, const query_filter *filter, const table_map *k, table_map_numbers *out)
{
    query_groups g;
    query_by by[KEYS_MOST] = { { .col = 0 } };
    size_t keys = keys_of(k, by), all = table_area_count();
    const query_aggregate aggregates[] = { { .kind = QUERY_COUNT }, k->y };
    if (!query_group_by(c, t, &(query_grouping){ .filter = filter, .by = by, .by_count = keys, .aggregates = aggregates, .aggregate_count = 2, .desc = true }, &g))
        return false;
    places *of = new_n(c->a, places, all);
    const table_area *county = only_county(c, k, &g, keys);
    for (size_t i = 0; i < g.n; i++) {
        const table_area *area = area_of(k, &g.v[i], keys);
        if (area == NULL)
            area = area_taken(county, &g.v[i], out);
        if (area == NULL)
            unknown(out, &g.v[i]);
        else
            list_add(c->a, &of[table_area_index(area)], i);
    }
    out->areas = new_n(c->a, table_map_value, all);
    for (size_t i = 0; i < all; i++) {
        if (of[i].n == 0)
            continue;
        table_map_value *v = &out->areas[out->area_count++];
        *v = (table_map_value){ .area = table_area_at(i) };
        for (size_t n = 0; n < of[i].n; n++)
            v->rows += (uint64_t)g.v[of[i].v[n]].values[0].number;
        if (of[i].n == 1 && keys == 1)
            v->text = g.v[of[i].v[0]].keys[0];
        if (!together(c, t, filter, k, by, keys, &g, &of[i], &v->value))
            return false;
    }
    return true;
}

static int name_rank(const query_table *t, size_t col)
{
    const column_about *k = query_table_about(t, col);
    if (k->type != COLUMN_text)
        return 0;
    if (str_ends(k->title, S("名稱")) || str_eq(k->name, S("name")) || str_ends(k->name, S("_name")))
        return 3;
    return str_has(k->title, S("名")) ? 2 : k->stats.distinct * 2 > query_table_rows(t);
}

static size_t name_column(const query_table *t)
{
    size_t best = SIZE_MAX;
    int rank = 0;
    for (size_t i = 0; i < query_table_columns(t); i++)
        if (name_rank(t, i) > rank) {
            best = i;
            rank = name_rank(t, i);
        }
    return best;
}

static bool read_names(ctx *c, const query_table *t, table_map_numbers *out)
{
    char room[COLUMN_NUMBER_ROOM];
    query_column names;
    out->name = out->cloud.point_count > 0 ? name_column(t) : SIZE_MAX;
    if (out->name == SIZE_MAX)
        return true;
    if (!query_column_use(c, t, out->name, &names))
        return false;
    for (size_t i = 0; i < out->cloud.point_count; i++)
        list_add(c->a, &out->names, str_dup(c->a, query_text(&names, out->cloud.points[i].row, room)));
    return true;
}

bool table_map_read(ctx *c, query_table *t, const query_filter *filter, const table_map *k, table_map_numbers *out)
{
    *out = (table_map_numbers){ .name = SIZE_MAX };
    if (k->points) {
        bool ok = k->col.lon == SIZE_MAX ? table_place_read(c, t, filter, k, &out->cloud, &out->grid) : table_cloud_read(c, t, filter, k->col.lon, k->col.lat, &k->box, k->across, k->up, &out->cloud);
        out->rows = out->cloud.rows;
        return ok && read_names(c, t, out);
    }
    return query_count(c, t, filter, &out->rows) && read_areas(c, t, filter, k, out);
}
