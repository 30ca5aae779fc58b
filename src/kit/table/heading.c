#include "kit/table/heading.h"

#include "kit/table/column_build.h"
#include "kit/table/csv_dialect.h"
#include "kit/table/date_text.h"

#define NOTES_MAX 60
#define BODY_SEEN 100
#define LEVELS_MAX 3

static str cell_at(const heading_row *r, size_t k)
{
    return k < r->n ? r->cells[k] : (str){ 0 };
}

static size_t filled_cells(const heading_row *r)
{
    size_t n = 0;
    for (size_t k = 0; k < r->n; k++)
        n += str_trim(r->cells[k]).n > 0;
    return n;
}

/* One text that was spread over the whole row is one cell. */
static size_t filled(const heading_window *w, size_t at)
{
    const heading_row *r = &w->row[at];
    bool same = w->merged && r->n > 0;
    for (size_t k = 1; k < r->n && same; k++)
        same = str_eq(r->cells[k], r->cells[0]);
    return same ? str_trim(r->cells[0]).n > 0 : filled_cells(r);
}

/* The commonest width; of several the largest. */
static size_t usual_width(const heading_window *w)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < w->n; i++) {
        size_t n = 0, width = w->row[i].n;
        for (size_t j = 0; j < w->n; j++)
            n += w->row[j].n == width;
        if (n > most || (n == most && width > best)) {
            most = n;
            best = width;
        }
    }
    return best;
}

/* How many cells are usually filled: the median of the rows that are no notes. */
static size_t usual_filled(const heading_window *w)
{
    size_t of[HEADING_ROWS], n = 0;
    for (size_t i = 0; i < w->n; i++) {
        size_t f = filled(w, i);
        if (f < 2 && w->row[i].n > 1)
            continue;
        size_t j = n++;
        for (; j > 0 && of[j - 1] > f; j--)
            of[j] = of[j - 1];
        of[j] = f;
    }
    return n > 0 ? of[n / 2] : 1;
}

/* The first row that is as full as rows of this table are. */
static size_t first_full(const heading_window *w)
{
    size_t usual = usual_filled(w), limit = w->n < NOTES_MAX ? w->n : NOTES_MAX;
    for (size_t i = 0; i < limit; i++) {
        size_t f = filled(w, i);
        if (f > 0 && (usual < 2 || (f >= 2 && f * 10 >= usual * 6)))
            return i;
    }
    return 0;
}

/* Of the nonempty cells of a column below the header, which share are numbers, in percent; 101: none is filled. */
static unsigned numbers_in(const heading_window *w, size_t from, size_t k)
{
    unsigned numbers = 0, n = 0;
    for (size_t i = from; i < w->n && i < from + BODY_SEEN; i++) {
        csv_kind kind = csv_kind_of(cell_at(&w->row[i], k));
        n += kind != CSV_EMPTY;
        numbers += kind == CSV_NUMBER;
    }
    return n == 0 ? 101 : numbers * 100 / n;
}

static bool same_row(const heading_row *a, const heading_row *b)
{
    if (a->n != b->n)
        return false;
    for (size_t k = 0; k < a->n; k++)
        if (!str_eq(a->cells[k], b->cells[k]))
            return false;
    return true;
}

/* A cell stands again in its column, and not because the whole header does. */
static bool recurs(const heading_window *w, size_t from, size_t k, str text)
{
    for (size_t i = from; i < w->n && i < from + BODY_SEEN; i++)
        if (!same_row(&w->row[i], &w->row[from - 1]) && str_eq(str_trim(cell_at(&w->row[i], k)), text))
            return true;
    return false;
}

/* The digits of a title as one number: 2014, 104年, 00:30, 1_10. */
static int64_t digits_of(str s)
{
    int64_t v = 0;
    for (size_t i = 0; i < s.n && v < INT64_MAX / 20; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            v = v * 10 + (s.p[i] - '0');
    return v;
}

/* Years, hours and counted columns may head columns of numbers: at least six numbers that rise, or years in a row. */
static bool rising(const heading_row *r)
{
    int64_t last = -1;
    size_t numbers = 0, years = 0;
    for (size_t k = 0; k < r->n; k++) {
        if (csv_kind_of(r->cells[k]) != CSV_NUMBER)
            continue;
        int64_t v = digits_of(r->cells[k]);
        if (v <= last)
            return false;
        bool year = (v >= 1900 && v <= 2100) || (v >= 60 && v <= 150);
        years += year && (numbers == 0 || v == last + 1);
        last = v;
        numbers++;
    }
    return numbers >= 6 || (numbers >= 2 && years == numbers);
}

/* A column whose cells all begin alike, the first too, has no title: /dataset/a, /dataset/b. (comment1, comment2 below comment do.) */
static bool begins_alike(const heading_window *w, size_t at, size_t k)
{
    str first = cell_at(&w->row[at], k);
    size_t alike = first.n, n = 0;
    for (size_t i = at + 1; i < w->n && n < 20; i++, n++) {
        str s = cell_at(&w->row[i], k);
        size_t j = 0;
        while (j < alike && j < s.n && s.p[j] == first.p[j])
            j++;
        alike = j;
    }
    return n >= 3 && alike >= 4 && alike < first.n;
}

static bool has_header(const heading_window *w, size_t at)
{
    const heading_row *h = &w->row[at];
    int score = 0;
    bool may_rise = rising(h);
    size_t numbers = 0, repeated = 0;
    for (size_t k = 0; k < h->n; k++) {
        str title = str_trim(h->cells[k]);
        csv_kind kind = csv_kind_of(title);
        unsigned body = numbers_in(w, at + 1, k);
        numbers += kind == CSV_NUMBER;
        if (kind == CSV_EMPTY || body == 101)
            continue;
        if (body >= 70)
            score += kind == CSV_TEXT ? 2 : may_rise ? 0 : -2;
        else if (recurs(w, at + 1, k, title))
            repeated++;
        else if (begins_alike(w, at, k))
            score -= 2;
        else if (kind == CSV_NUMBER && body < 10)
            score++;
    }
    if (score == 0)
        return repeated * 2 < h->n && (may_rise || numbers * 2 < h->n);
    return score - (int)repeated > 0;
}

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

/* Percent of the filled cells that are in ASCII. */
static size_t ascii_share(const heading_row *r)
{
    size_t n = 0, ascii = 0;
    for (size_t k = 0; k < r->n; k++)
        if (str_trim(r->cells[k]).n > 0) {
            n++;
            ascii += is_ascii(r->cells[k]);
        }
    return n > 0 ? ascii * 100 / n : 0;
}

/* The row below the header is one too (實價登錄: the titles in English; units): it has words above columns of numbers,
 * or, where there are none, is written in another script than both the titles and the rows. */
static bool has_second(const heading_window *w, size_t at)
{
    if (at + 2 >= w->n || w->row[at].n < 3)
        return false;
    const heading_row *h = &w->row[at], *s = &w->row[at + 1];
    if (filled(w, at + 1) * 10 < filled(w, at) * 5)
        return false;
    size_t words = 0, others = 0;
    for (size_t k = 0; k < h->n; k++) {
        csv_kind kind = csv_kind_of(cell_at(s, k));
        unsigned body = numbers_in(w, at + 2, k);
        if (body == 101 || body < 70 || kind == CSV_EMPTY)
            continue;
        words += kind == CSV_TEXT && !table_is_mark(str_trim(cell_at(s, k)));
        others += kind == CSV_NUMBER;
    }
    /* A single word among numbers is a missing mark. */
    bool script = ascii_share(h) + 60 < ascii_share(s) || ascii_share(s) + 60 < ascii_share(h);
    if (words > 0 && others * 10 <= words && (script || words >= 3))
        return true;
    return script && words + others == 0 && (ascii_share(&w->row[at + 2]) < 50) != (ascii_share(s) < 50);
}

/* What stands beside a title of the whole table: units, periods, sources. */
static bool is_remark(str s)
{
    static const char *const words[] = { "單位", "(單位", "（單位", "計量單位", "Unit", "unit", "資料", "製表", "編製", "更新", "統計期", "中華民國", "民國", "Source", "Date" };
    date_text d;
    s = str_trim(s);
    for (size_t i = 0; i < array_len(words); i++)
        if (str_starts(s, str_of(words[i])))
            return true;
    return s.n > 0 && s.n <= 64 && date_read(s, &d);
}

/* A row whose few words stand over the first of several columns each. */
static bool spans(const heading_window *w, size_t at)
{
    const heading_row *above = &w->row[at], *h = &w->row[at + 1];
    if (filled(w, at) < 2 || above->n + 1 < h->n || h->n < 4)
        return false;
    for (size_t k = 0; k < above->n; k++)
        if ((csv_kind_of(above->cells[k]) == CSV_NUMBER && !rising(above)) || (is_remark(above->cells[k]) && !rising(above)))
            return false;
    return true;
}

/* In text the row below a blank title may be data. It is not where it has words, at least two, only above columns of numbers, and leaves
 * blank what the row above names: 區別,人口,,戶數 over ,男,女, over rows. */
static bool completes(const heading_window *w, size_t at)
{
    const heading_row *h = &w->row[at], *below = &w->row[at + 1];
    size_t words = 0;
    for (size_t k = 0; k < h->n; k++) {
        bool named = str_trim(cell_at(h, k)).n > 0;
        csv_kind kind = csv_kind_of(cell_at(below, k));
        unsigned numbers = numbers_in(w, at + 2, k);
        if ((kind == CSV_EMPTY && !named) || (kind != CSV_EMPTY && (kind != CSV_TEXT || numbers < 70 || numbers == 101)))
            return false;
        words += kind == CSV_TEXT && !table_is_mark(str_trim(cell_at(below, k)));
    }
    return words >= 2 && words < h->n && below->n <= h->n;
}

/* Titles that are groups: the row below has words only, one of them below a blank or below the same group again. */
static bool is_group_row(const heading_window *w, size_t at)
{
    const heading_row *h = &w->row[at], *below = &w->row[at + 1];
    size_t grouped = 0;
    if ((!w->sheet && !completes(w, at)) || (filled(w, at) == h->n && !w->merged))
        return false;
    for (size_t k = 0; k < below->n; k++) {
        csv_kind kind = csv_kind_of(below->cells[k]);
        if (kind == CSV_NUMBER)
            return false;
        bool again = w->merged && k > 0 && str_eq(cell_at(h, k), cell_at(h, k - 1));
        grouped += k > 0 && kind == CSV_TEXT && (str_trim(cell_at(h, k)).n == 0 || again);
    }
    return grouped > 0;
}

static void find_levels(const heading_window *w, heading *h)
{
    h->rows = 1;
    while (h->rows < LEVELS_MAX && h->notes + h->rows + 1 < w->n && is_group_row(w, h->notes + h->rows - 1))
        h->rows++;
    h->second = has_second(w, h->notes + h->rows - 1);
    h->rows += h->second;
    while (!h->second && h->notes > 0 && h->rows < LEVELS_MAX && spans(w, h->notes - 1)) {
        h->notes--;
        h->rows++;
    }
}

heading heading_find(const heading_window *w)
{
    heading h = { 0 };
    if (w->n == 0)
        return h;
    size_t at = first_full(w), usual = usual_width(w);
    /* A line of prose may have more commas than the header below it. */
    if (at + 2 < w->n && w->row[at].n > usual && w->row[at + 1].n == usual && has_header(w, at + 1))
        at++;
    h.notes = at;
    if (has_header(w, at))
        find_levels(w, &h);
    else        /* rows without a header may begin with one that is not full */
        while (h.notes > 0 && w->row[h.notes - 1].n == w->row[at].n && filled(w, h.notes - 1) > 1)
            h.notes--;
    return h;
}

/* The parts of a title from above to below, each once. */
static str joined(arena *a, const str *parts, size_t n, const char *between)
{
    buf b = buf_in(a);
    str last = { 0 };
    for (size_t i = 0; i < n; i++) {
        str part = str_trim(parts[i]);
        if (part.n == 0 || str_eq(part, last))
            continue;
        if (b.n > 0)
            buf_add(&b, str_of(between));
        buf_add(&b, part);
        last = part;
    }
    return buf_str(&b);
}

void heading_titles(arena *a, const heading_window *w, const heading *h, size_t cols, const char *between, table_column_head *out)
{
    str parts[LEVELS_MAX] = { 0 };
    const heading_row *first = &w->row[h->notes];
    size_t levels = h->rows - h->second;
    for (size_t k = 0; k < cols && h->rows > 0; k++) {
        for (size_t i = 0; i < levels; i++) {
            str title = cell_at(&first[i], k);
            if (i + 1 < levels && (str_trim(title).n == 0 || str_eq(title, parts[i])))
                continue;                       /* a blank above a title: the group to the left goes on */
            parts[i] = title;
            for (size_t j = i + 1; j < levels; j++)
                parts[j] = (str){ 0 };          /* and ends with the group that it is part of */
        }
        out[k].title = levels == 1 ? parts[0] : joined(a, parts, levels, between);
        if (h->second)
            out[k].second = cell_at(&first[levels], k);
    }
}

str heading_note(arena *a, const heading_row *r)
{
    return joined(a, r->cells, r->n, " ");
}
