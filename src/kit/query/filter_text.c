/* Texts that begin with something or hold it. The dictionary is searched once
 * and its rows follow by a scan; a heap is searched as one long text, since no
 * value is longer than the way from one offset to the next. */
#include "kit/query/inside.h"

static bool fits(str text, str needle, bool prefix)
{
    if (prefix)
        return str_starts(text, needle);
    return scan_find_plain(text, 0, needle, true) < text.n || needle.n == 0;
}

static uint64_t heap_at(const column_view *v, uint64_t row)
{
    return column_at(v, row);
}

/* The row whose text a place in the heap belongs to, from `row` on. Most texts are about as long as they are on average, so a
 * guess is a row or two away; if it is not, steps double. */
static uint64_t row_of(const column_view *v, uint64_t row, uint64_t place, double rows_a_byte)
{
    uint64_t guess = row + (uint64_t)((double)(place - heap_at(v, row)) * rows_a_byte), step = 1;
    uint64_t lo = guess < v->rows ? guess : v->rows - 1, hi = lo + 1;
    for (; heap_at(v, lo) > place; step *= 2) {
        hi = lo;
        lo = lo - row > step ? lo - step : row;
    }
    for (step = 1; hi < v->rows && heap_at(v, hi) <= place; step *= 2) {
        lo = hi;
        hi = v->rows - hi > step ? hi + step : v->rows;
    }
    while (hi - lo > 1) {
        uint64_t mid = lo + (hi - lo) / 2;
        if (heap_at(v, mid) <= place)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

#define PLACES 512

static bool heap_has(ctx *c, const column_view *v, str needle, uint64_t *bits)
{
    const str heap = { v->heap, v->heap_bytes };
    const double rows_a_byte = (double)v->rows / (double)(v->heap_bytes + 1);
    size_t places[PLACES], n, from = 0;
    uint64_t row = 0, end = 0;      /* of the row that the last hit was in: one is enough */
    do {
        n = scan_find(heap, &from, needle, true, places, PLACES);
        for (size_t i = 0; i < n; i++) {
            if (places[i] < end)
                continue;
            row = row_of(v, row, places[i], rows_a_byte);
            end = heap_at(v, row + 1);
            if (places[i] + needle.n <= end)
                scan_put(bits, row);
            else
                end = 0;            /* it reaches into the next text; others may begin in this one */
        }
        if (!ctx_in_time(c))
            return false;
    } while (n == PLACES);
    if (v->null_bits != NULL) /* spellings of nulls stand in the heap too */
        for (size_t w = 0; w < SCAN_WORDS(v->rows); w++)
            bits[w] &= ~v->null_bits[w];
    return true;
}

static bool heap_begins(const column_view *v, str needle, uint64_t *bits)
{
    for (uint64_t i = 0; i < v->rows; i++) {
        uint64_t from = heap_at(v, i), to = heap_at(v, i + 1);
        if (to - from >= needle.n && memcmp(v->heap + from, needle.p, needle.n) == 0 && !column_is_null(v, i))
            scan_put(bits, i);
    }
    return true;
}

/* Texts of the dictionary that fit; they may be searched as one long text as well. */
static void wanted_entries(const column_view *v, str needle, bool prefix, uint8_t *wanted)
{
    str all = { v->dict_texts, v->dict_offsets[v->dict_count] };
    if (prefix || needle.n == 0) {
        for (uint32_t i = v->nulls; i < v->dict_count; i++)
            wanted[i] = fits(column_entry(v, i), needle, prefix);
        return;
    }
    size_t places[PLACES], n, from = 0;
    uint32_t code = 0;
    do {
        n = scan_find(all, &from, needle, true, places, PLACES);
        for (size_t i = 0; i < n; i++) {
            while (v->dict_offsets[code + 1] <= places[i])
                code++;
            if (places[i] + needle.n <= v->dict_offsets[code + 1])
                wanted[code] = code >= v->nulls;
        }
    } while (n == PLACES);
}

static void codes_fit(ctx *c, const column_view *v, str needle, bool prefix, uint64_t *bits)
{
    uint8_t *wanted = new_n(c->a, uint8_t, (size_t)v->dict_count + 1);
    uint32_t runs = 0;
    wanted_entries(v, needle, prefix, wanted);
    for (uint32_t i = 0; i < v->dict_count; i++)
        runs += wanted[i] != 0 && (i == 0 || wanted[i - 1] == 0);
    if (runs > 8) {
        scan_set(v->data, v->width, v->rows, wanted, false, bits);
        return;
    }
    for (uint32_t i = 0; i < v->dict_count; i++) {
        uint32_t past = i;
        while (past < v->dict_count && wanted[past] != 0)
            past++;
        if (past == i)
            continue;
        scan_range(v->data, v->width, v->rows, i, past - 1 - i, true, bits);
        i = past;
    }
}

/* Whether a printed number can hold the text. */
static bool is_of_numbers(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.' && s.p[i] != ',' && s.p[i] != '-' && s.p[i] != '+')
            return false;
    return true;
}

bool query_filter_text(ctx *c, const column_view *v, str needle, bool prefix, uint64_t *bits)
{
    char room[COLUMN_NUMBER_ROOM];
    memset(bits, 0, SCAN_WORDS(v->rows) * 8);
    if (!prefix)
        needle = str_lower(c->a, needle);
    if (v->form == COLUMN_CODES) {
        codes_fit(c, v, needle, prefix, bits);
        return true;
    }
    if (v->form == COLUMN_NUMBERS && !is_of_numbers(needle))
        return true;
    if (v->form == COLUMN_HEAP && needle.n > 0)
        return prefix ? heap_begins(v, needle, bits) : heap_has(c, v, needle, bits);
    for (uint64_t i = 0; i < v->rows; i++) {
        if (!column_is_null(v, i) && fits(column_text(v, i, room), needle, prefix))
            scan_put(bits, i);
        if ((i & 0xfffff) == 0xfffff && !ctx_in_time(c))
            return false;
    }
    return true;
}
