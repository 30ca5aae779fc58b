#include "kit/table/csv_walk.h"

#define ALWAYS __attribute__((always_inline))

bool csv_escaped(const char *text, size_t from, size_t quote, char escape)
{
    size_t n = 0;
    while (quote - n > from && text[quote - n - 1] == escape)
        n++;
    return n % 2 == 1;
}

str csv_undo(str raw, const csv_dialect *d, char *to)
{
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        bool doubled = raw.p[i] == d->quote && i + 1 < raw.n && raw.p[i + 1] == d->quote;
        bool escaped = d->escape != 0 && raw.p[i] == d->escape && i + 1 < raw.n
                    && (raw.p[i + 1] == d->quote || raw.p[i + 1] == d->escape);
        i += doubled || escaped;
        to[n++] = raw.p[i];
    }
    return (str){ to, n };
}

/* The state of the quick way. */
typedef struct {
    size_t   word;
    uint64_t bits;             /* of `word`, those not looked at yet */
    bool     odd;
} place;

static inline ALWAYS void to_word(csv_walk *w, place *at, size_t word)
{
    size_t begin = word * 64 / CSV_BATCH * CSV_BATCH;
    if (w->batch != begin) {
        size_t n = w->n - begin < CSV_BATCH ? w->n - begin : CSV_BATCH;
        w->scan(&w->masks, w->text + begin, n, begin + n < w->n ? w->text[begin + n] : 0, &w->dialect);
        w->batch = begin;
    }
    at->word = word;
    at->odd |= w->masks.odd;
}

static inline ALWAYS void to_byte(csv_walk *w, place *at, size_t byte)
{
    if (byte >= w->n) {
        at->word = (w->n + 63) / 64;
        at->bits = 0;
        return;
    }
    to_word(w, at, byte / 64);
    at->bits = w->masks.special[byte / 64 % CSV_WORDS] & ~(uint64_t)0 << byte % 64;
}

typedef struct {
    size_t   close;            /* its closing quote */
    uint64_t lines;            /* line ends inside */
    bool     undo;
} quoted;

/* From an opening quote to the one that closes it. */
static csv_stop find_close(csv_walk *w, place *at, size_t open, quoted *q)
{
    uint64_t above = ~(uint64_t)1 << open % 64;
    uint64_t bits = w->masks.quote[at->word % CSV_WORDS] & above;
    uint64_t newlines = w->masks.newline[at->word % CSV_WORDS] & above;
    for (;;) {
        while (bits == 0) {
            q->lines += (uint64_t)__builtin_popcountll(newlines);
            if ((at->word + 1) * 64 >= w->n)
                return w->is_end ? CSV_BROKEN : CSV_MORE;
            to_word(w, at, at->word + 1);
            bits = w->masks.quote[at->word % CSV_WORDS];
            newlines = w->masks.newline[at->word % CSV_WORDS];
        }
        size_t close = at->word * 64 + (size_t)__builtin_ctzll(bits);
        bits &= bits - 1;
        if (w->dialect.escape != 0 && csv_escaped(w->text, open + 1, close, w->dialect.escape)) {
            q->undo = true;
            continue;
        }
        if (close + 1 >= w->n && !w->is_end)
            return CSV_MORE;
        if (close + 1 < w->n && w->text[close + 1] == w->dialect.quote) {
            q->undo = true;
            if (close % 64 < 63) {
                bits &= bits - 1;
                continue;
            }
            q->lines += (uint64_t)__builtin_popcountll(newlines);
            to_word(w, at, at->word + 1);
            bits = w->masks.quote[at->word % CSV_WORDS] & ~(uint64_t)1;
            newlines = w->masks.newline[at->word % CSV_WORDS];
            continue;
        }
        q->close = close;
        q->lines += (uint64_t)__builtin_popcountll(newlines & (((uint64_t)1 << close % 64) - 1));
        return CSV_FULL;
    }
}

/* Which line end stands at `i`, and how many bytes it has; 0: none. */
static inline unsigned line_end(const csv_walk *w, size_t i, size_t *bytes)
{
    *bytes = 1;
    if (i >= w->n)
        return 0;
    if (w->text[i] == '\n')
        return CSV_LF;
    if (w->text[i] != '\r')
        return 0;
    if (i + 1 < w->n && w->text[i + 1] == '\n') {
        *bytes = 2;
        return CSV_CRLF;
    }
    return w->dialect.cr_ends || (i + 1 == w->n && w->is_end) ? CSV_CR : 0;
}

static bool only_blanks(const char *p, const char *end)
{
    while (p < end && *p == ' ')
        p++;
    return p == end;
}

/* The row that is being read. */
typedef struct {
    csv_row  row;
    size_t   start;            /* of the cell */
    size_t   end, next;        /* of the row, and where the next begins, once its end was found */
    uint64_t lines;
    uint32_t k;                /* cells so far */
} half_row;

/* At a quote. FULL: the cell, and perhaps the row (then end is not 0), is read; MORE and BROKEN as ever. */
static inline ALWAYS csv_stop at_quote(csv_walk *w, place *at, half_row *h, size_t pos)
{
    const char *t = w->text;
    if (pos != h->start) {
        if (t[h->start] == ' ' && only_blanks(t + h->start, t + pos))
            return CSV_BROKEN;
        h->row.wrong_at = (h->row.flags & CSV_STRAY) == 0 ? pos : h->row.wrong_at;
        h->row.flags |= CSV_STRAY;
        return CSV_FULL;
    }
    quoted q = { 0 };
    csv_stop stop = find_close(w, at, pos, &q);
    if (stop != CSV_FULL)
        return stop;
    size_t after = q.close + 1, bytes = 0;
    bool more = after < w->n && t[after] == w->dialect.sep;
    unsigned how = more ? 0 : line_end(w, after, &bytes);
    if (!more && how == 0 && after < w->n)
        return CSV_BROKEN;
    csv_put(w, h->k++, pos, t + pos + 1, q.close - pos - 1, q.undo);
    h->lines += q.lines;
    if (more) {
        h->start = after + 1;
        to_byte(w, at, h->start);
        return CSV_FULL;
    }
    h->end = after;
    h->next = after < w->n ? after + bytes : after;
    h->lines += after < w->n;
    h->row.flags |= how;
    to_byte(w, at, h->next);
    return CSV_FULL;
}

static inline ALWAYS void at_newline(csv_walk *w, half_row *h, size_t pos)
{
    const char *t = w->text;
    bool crlf = t[pos] == '\n' && pos > h->start && t[pos - 1] == '\r';
    h->end = pos - crlf;
    h->next = pos + 1;
    h->lines++;
    h->row.flags |= crlf ? CSV_CRLF : t[pos] == '\n' ? CSV_LF : CSV_CR;
    csv_put(w, h->k++, h->start, t + h->start, h->end - h->start, false);
}

/* The last row has no line end. */
static void at_end(csv_walk *w, half_row *h)
{
    h->end = h->next = w->n;
    if (h->end > h->start && w->text[h->end - 1] == '\r') {
        h->end--;
        h->lines++;
        h->row.flags |= CSV_CR;
    }
    csv_put(w, h->k++, h->start, w->text + h->start, h->end - h->start, false);
}

/* Cells up to the next quote or line end, which is answered; SIZE_MAX: the end of the text. What is read for each cell
 * stays in registers: this loop is the reader's speed. */
static inline ALWAYS size_t bare_cells(csv_walk *w, place *at, half_row *h)
{
    const char *const t = w->text;
    const size_t n = w->n, cols = w->rows->cols;
    str *const cells = w->rows->cells + w->rows->n * cols;
    size_t start = h->start, k = h->k, word = at->word, pos = SIZE_MAX;
    uint64_t bits = at->bits;
    for (;;) {
        uint64_t stops = w->masks.stop[word % CSV_WORDS] & bits;
        for (uint64_t seps = bits & (stops - 1) & ~stops; seps != 0; seps &= seps - 1) {
            size_t end = word * 64 + (size_t)__builtin_ctzll(seps);
            if (k < cols)
                cells[k] = (str){ t + start, end - start };
            else if (k == cols)
                w->rows->row[w->rows->n].extra_at = start;
            k++;
            start = end + 1;
        }
        if (stops != 0) {
            pos = word * 64 + (size_t)__builtin_ctzll(stops);
            bits &= ~(stops ^ (stops - 1));
            break;
        }
        if ((word + 1) * 64 >= n)
            break;
        if (++word % CSV_WORDS == 0)
            to_word(w, at, word);
        bits = w->masks.special[word % CSV_WORDS];
    }
    h->start = start;
    h->k = (uint32_t)k;
    at->word = word;
    at->bits = bits;
    return pos;
}

/* One row. FULL: it is read. */
static inline ALWAYS csv_stop read_row(csv_walk *w, place *at, half_row *h)
{
    for (;;) {
        size_t pos = bare_cells(w, at, h);
        if (pos == SIZE_MAX) {
            if (w->is_end)
                at_end(w, h);
            return w->is_end ? CSV_FULL : CSV_MORE;
        }
        if (w->text[pos] != w->dialect.quote || w->dialect.quote == 0) {
            at_newline(w, h, pos);
            return CSV_FULL;
        }
        csv_stop stop = at_quote(w, at, h, pos);
        if (stop != CSV_FULL || h->next > 0)
            return stop;
    }
}

/* Member by member: of the whole at once the compiler makes a string instruction, which takes as long as reading the row. */
static inline ALWAYS void begin_row(const csv_walk *w, half_row *h)
{
    h->row.at = h->start = w->at;
    h->row.line = w->line;
    h->row.flags = 0;
    h->row.wrong_at = 0;
    h->end = h->next = 0;
    h->lines = 0;
    h->k = 0;
}

static csv_stop csv_walk_quick(csv_walk *w)
{
    csv_rows *rows = w->rows;
    place at = { 0 };
    if (w->at < w->n)
        to_byte(w, &at, w->at);
    while (rows->n < rows->max) {
        if (w->at >= w->n)
            return CSV_MORE;
        half_row h;
        begin_row(w, &h);
        size_t undos = rows->undos;
        at.odd = w->masks.odd;
        csv_stop stop = read_row(w, &at, &h);
        if (stop != CSV_FULL) {
            rows->undos = undos;
            return stop;
        }
        h.row.end = h.end;
        h.row.width = h.k;
        h.row.flags |= at.odd ? CSV_ODD : 0;
        csv_row_done(w, &h.row, h.next, h.lines, h.end == w->at);
    }
    return CSV_FULL;
}

csv_stop csv_walk_rows(csv_walk *w)
{
    while (w->rows->n < w->rows->max) {
        csv_stop stop = w->scan != NULL ? csv_walk_quick(w) : CSV_BROKEN;
        if (stop == CSV_FULL)
            return CSV_FULL;
        if (w->at >= w->n || (stop == CSV_MORE && !w->is_limit))
            return CSV_MORE;
        if (csv_record(w) == CSV_MORE)
            return CSV_MORE;
    }
    return CSV_FULL;
}
