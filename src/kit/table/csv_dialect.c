#include "kit/table/csv_dialect.h"

#define ROWS_SEEN 400
#define CELLS_SEEN 64
#define WIDTHS 64

csv_kind csv_kind_of(str cell)
{
    size_t digits = 0, letters = 0;
    str s = str_trim(cell);
    if (s.n == 0)
        return CSV_EMPTY;
    if ((s.p[0] >= 'a' && s.p[0] <= 'z') || (s.p[0] >= 'A' && s.p[0] <= 'Z'))
        return CSV_TEXT;       /* m014, Q1 */
    for (size_t i = 0; i < s.n; i++) {
        unsigned char a = (unsigned char)s.p[i];
        digits += a >= '0' && a <= '9';
        /* 年, 月, 日 and the like count once, by their first byte. */
        letters += (a >= 'a' && a <= 'z') || (a >= 'A' && a <= 'Z') || a >= 0xc0;
    }
    return digits > 0 && digits >= letters * 2 ? CSV_NUMBER : CSV_TEXT;
}

size_t csv_sep_line(str text, char *sep)
{
    if (text.n < 6 || !str_ieq(str_sub(text, 0, 4), S("sep=")))
        return 0;
    size_t end = text.p[5] == '\n' ? 6 : text.n > 6 && text.p[5] == '\r' && text.p[6] == '\n' ? 7 : 0;
    if (end > 0)
        *sep = text.p[4];
    return end;
}

typedef struct {
    size_t width, rows;
} width_count;

typedef struct {
    size_t rows, cells, good;          /* good: cells that look like values */
    size_t quoted;
    width_count width[WIDTHS];
    size_t widths;
} tally;

static void count_width(tally *n, size_t width)
{
    n->rows++;
    for (size_t i = 0; i < n->widths; i++)
        if (n->width[i].width == width) {
            n->width[i].rows++;
            return;
        }
    if (n->widths < WIDTHS)
        n->width[n->widths++] = (width_count){ width, 1 };
}

/* A cell that still holds what separates elsewhere was probably not cut right. */
static bool looks_good(str cell)
{
    csv_kind kind = csv_kind_of(cell);
    if (kind != CSV_TEXT)
        return memchr(cell.n > 0 ? cell.p : "", ';', cell.n) == NULL && memchr(cell.n > 0 ? cell.p : "", '\t', cell.n) == NULL;
    for (size_t i = 0; i < cell.n; i++)
        if (strchr(",;\t|", cell.p[i]) != NULL && cell.p[i] != 0)
            return false;
    return true;
}

static void read_sample(str sample, bool is_all, const csv_dialect *d, tally *n)
{
    str cells[CELLS_SEEN];
    csv_row row;
    csv_rows rows = { .cells = cells, .row = &row, .cols = CELLS_SEEN, .max = 1 };
    csv_walk w = { .text = sample.p, .n = sample.n, .is_end = is_all, .is_limit = true, .dialect = *d, .rows = &rows };
    while (n->rows < ROWS_SEEN && w.at < w.n) {
        rows.n = rows.undos = 0;
        if (csv_record(&w) != CSV_FULL)
            break;
        if (rows.n == 0)
            continue;
        count_width(n, row.width);
        for (size_t k = 0; k < row.width && k < CELLS_SEEN; k++) {
            bool quoted = cells[k].p > sample.p && cells[k].p[-1] == d->quote && d->quote != 0;
            n->cells++;
            n->quoted += quoted;
            n->good += quoted || looks_good(cells[k]);
        }
    }
    mem_free(rows.undo);
}

/* Rows alike (each width's share, wide rows more than narrow ones) times cells that look right. */
static double score_of(const tally *n)
{
    if (n->rows == 0 || n->cells == 0)
        return 0;
    double alike = 0;
    for (size_t i = 0; i < n->widths; i++) {
        double share = (double)n->width[i].rows / (double)n->rows, w = (double)n->width[i].width;
        alike += share * share * (w - 1) / w;
    }
    double good = (double)n->good / (double)n->cells;
    return alike * (0.2 + 0.8 * good);
}

/* The share of rows that have the commonest width; one column is no sign of a separator. */
static double same_width(const tally *n)
{
    size_t most = 0, width = 1;
    for (size_t i = 0; i < n->widths; i++)
        if (n->width[i].rows > most) {
            most = n->width[i].rows;
            width = n->width[i].width;
        }
    return width > 1 ? (double)most / (double)n->rows : 0;
}

typedef struct {
    size_t lf, crlf, cr;
} line_ends;

static line_ends ends_of(str s)
{
    line_ends n = { 0 };
    for (size_t i = 0; i < s.n; i++) {
        bool lf = s.p[i] == '\n';
        n.crlf += lf && i > 0 && s.p[i - 1] == '\r';
        n.lf += lf && (i == 0 || s.p[i - 1] != '\r');
        n.cr += s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] != '\n';
    }
    return n;
}

/* Backslashes stand before quotes inside quotes, and doubled quotes do not. */
static char escape_of(str s, char quote)
{
    size_t escaped = 0, doubled = 0, closing = 0;
    for (size_t i = 1; i + 1 < s.n; i++) {
        if (s.p[i] != quote)
            continue;
        bool edge = memchr(",;\t|\r\n", s.p[i + 1], 6) != NULL;
        escaped += s.p[i - 1] == '\\' && !edge;
        closing += s.p[i - 1] == '\\' && edge;
        doubled += s.p[i + 1] == quote && s.p[i - 1] != quote && memchr(",;\t|\r\n", s.p[i - 1], 6) == NULL;
    }
    return escaped > 0 && escaped > doubled && escaped >= closing ? '\\' : 0;
}

/* How many cells begin and end with this quote, as far as neighbours tell. */
static size_t edges_of(str s, char quote, size_t *begins)
{
    size_t ends = 0;
    *begins = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != quote)
            continue;
        *begins += i == 0 || memchr(",;\t|\n", s.p[i - 1], 5) != NULL;
        ends += i + 1 == s.n || memchr(",;\t|\r\n", s.p[i + 1], 6) != NULL;
    }
    return ends;
}

static char quote_of(str s)
{
    size_t doubles, singles, double_ends = edges_of(s, '"', &doubles), single_ends = edges_of(s, '\'', &singles);
    bool single = doubles == 0 && double_ends == 0 && singles >= 2 && single_ends * 10 >= singles * 9 && single_ends <= singles * 2;
    return single ? '\'' : '"';
}

void csv_dialect_find(str sample, bool is_all, const csv_declared *said, csv_dialect *out)
{
    static const char candidates[] = ",\t;|:^~";
    line_ends ends = ends_of(sample);
    out->cr_ends = ends.cr > 0 && ends.cr * 2 > ends.lf + ends.crlf;
    out->quote = said->quote == CSV_NO_QUOTE ? 0 : said->quote != 0 ? (char)said->quote : quote_of(sample);
    out->escape = said->escape != 0 ? said->escape : out->quote != 0 ? escape_of(sample, out->quote) : 0;
    if (said->sep != 0) {
        out->sep = said->sep;
        return;
    }
    double best = 0;
    out->sep = ',';
    for (size_t i = 0; i + 1 < sizeof candidates; i++) {
        csv_dialect d = *out;
        d.sep = candidates[i];
        if (d.quote == d.sep || memchr(sample.p, d.sep, sample.n) == NULL)
            continue;
        tally n = { 0 };
        read_sample(sample, is_all, &d, &n);
        /* The rarer ones must be plainly right: times, addresses and prose are full of colons. */
        double score = i < 4 ? score_of(&n) : same_width(&n) >= 0.9 ? score_of(&n) * 0.7 : 0;
        if (score > best * 1.0001) {
            best = score;
            out->sep = d.sep;
        }
    }
}
