#include "kit/table/csv_walk.h"

/* One record byte by byte, with the rules for wrong quotes. They decide from what stands around a quote:
 *   - it opens a cell when nothing but blanks stands before it in the cell;
 *   - it closes one when, blanks apart, a separator, a line end or the end of the text follows;
 *   - any other quote is text of the cell, until the line ends;
 *   - one that looks like an opening one (a separator or line end before it) on a later line tells that the first was
 *     never closed: the first is text then, and its cell ends with its line. So an open quote swallows nothing. */

typedef enum { CLOSED, NEVER_CLOSED, JUNK_AFTER, NOT_WHOLE } how_quoted;

typedef struct {
    size_t   close, after;     /* the closing quote; where the separator or line end stands */
    size_t   first_wrong;
    uint64_t lines;
    bool     undo, stray, blanks;
} span;

static bool ends_line(const csv_walk *w, size_t i)
{
    if (w->text[i] == '\n')
        return true;
    if (w->text[i] != '\r')
        return false;
    return i + 1 < w->n ? w->text[i + 1] == '\n' || w->dialect.cr_ends : true;
}

static bool is_edge(const csv_walk *w, size_t i)
{
    return i >= w->n || w->text[i] == w->dialect.sep || ends_line(w, i);
}

static size_t past_blanks(const csv_walk *w, size_t i)
{
    while (i < w->n && w->text[i] == ' ' && w->dialect.sep != ' ')
        i++;
    return i;
}

static how_quoted read_quoted(const csv_walk *w, size_t open, span *s)
{
    const char *t = w->text, quote = w->dialect.quote;
    bool later_line = false;
    *s = (span){ 0 };
    for (size_t i = open + 1; i < w->n; i++) {
        if (t[i] == '\n' || (t[i] == '\r' && w->dialect.cr_ends && ends_line(w, i))) {
            if (s->stray)
                return JUNK_AFTER;
            later_line = true;
            s->lines += t[i] == '\n' || i + 1 >= w->n || t[i + 1] != '\n';
            continue;
        }
        if (t[i] != quote)
            continue;
        if (w->dialect.escape != 0 && csv_escaped(t, open + 1, i, w->dialect.escape)) {
            s->undo = true;
            continue;
        }
        if (i + 1 >= w->n && !w->is_end)
            return NOT_WHOLE;
        if (i + 1 < w->n && t[i + 1] == quote) {
            s->undo = true;
            i++;
            continue;
        }
        s->after = past_blanks(w, i + 1);
        if (s->after >= w->n && !w->is_end)
            return NOT_WHOLE;
        if (is_edge(w, s->after)) {
            s->close = i;
            s->blanks = s->after > i + 1;
            return CLOSED;
        }
        bool opens = t[i - 1] == w->dialect.sep || t[i - 1] == '\n' || (t[i - 1] == '\r' && w->dialect.cr_ends);
        if (opens && (later_line || s->stray))
            return s->stray ? JUNK_AFTER : NEVER_CLOSED;
        if (!s->stray)
            s->first_wrong = i;
        s->stray = true;
    }
    return w->is_end || w->is_limit ? (s->stray ? JUNK_AFTER : NEVER_CLOSED) : NOT_WHOLE;
}

/* A bare cell: to the next separator or line end from `i`. False: neither is in the text. */
static bool read_bare(const csv_walk *w, size_t i, size_t *after, csv_row *r)
{
    for (; i < w->n; i++) {
        if (w->text[i] == w->dialect.sep || ends_line(w, i)) {
            *after = i;
            return true;
        }
        if (w->dialect.quote != 0 && w->text[i] == w->dialect.quote) {
            r->wrong_at = (r->flags & (CSV_STRAY | CSV_OPEN | CSV_JUNK)) == 0 ? i : r->wrong_at;
            r->flags |= CSV_STRAY;
        }
    }
    *after = w->n;
    return w->is_end;
}

static void wrong(csv_row *r, unsigned flag, size_t at)
{
    if ((r->flags & (CSV_STRAY | CSV_OPEN | CSV_JUNK)) == 0)
        r->wrong_at = at;
    r->flags |= flag;
}

typedef struct {
    size_t at, after;
    uint64_t lines;
    str  text;
    bool undo;
} cell;

static bool read_cell(const csv_walk *w, cell *x, csv_row *r)
{
    const char *t = w->text;
    size_t open = past_blanks(w, x->at);
    if (open >= w->n && !w->is_end)
        return false;
    if (w->dialect.quote != 0 && open < w->n && t[open] == w->dialect.quote) {
        span s;
        how_quoted how = read_quoted(w, open, &s);
        if (how == NOT_WHOLE)
            return false;
        if (how == CLOSED) {
            if (s.stray)
                wrong(r, CSV_STRAY, s.first_wrong);
            r->flags |= s.blanks || open > x->at ? CSV_BLANK : 0;
            x->after = s.after;
            x->lines = s.lines;
            x->undo = s.undo;
            x->text = (str){ t + open + 1, s.close - open - 1 };
            return true;
        }
        wrong(r, how == NEVER_CLOSED ? CSV_OPEN : CSV_JUNK, open);
        x->lines = how == JUNK_AFTER ? s.lines : 0;
        unsigned flags = r->flags;
        bool whole = read_bare(w, how == JUNK_AFTER ? s.first_wrong : open, &x->after, r);
        r->flags = flags;
        x->text = (str){ t + x->at, x->after - x->at };
        return whole;
    }
    bool whole = read_bare(w, x->at, &x->after, r);
    x->text = (str){ t + x->at, x->after - x->at };
    return whole;
}

csv_stop csv_record(csv_walk *w)
{
    csv_row r = { .at = w->at, .line = w->line };
    size_t undos = w->rows->undos;
    uint64_t lines = 0;
    cell x = { .at = w->at };
    for (;; x.at = x.after + 1) {
        x.lines = 0;
        x.undo = false;
        if (!read_cell(w, &x, &r)) {
            w->rows->undos = undos;
            return CSV_MORE;
        }
        csv_put(w, r.width++, x.at, x.text.p, x.text.n, x.undo);
        lines += x.lines;
        if (x.after >= w->n || w->text[x.after] != w->dialect.sep)
            break;
    }
    r.end = x.after;
    size_t next = x.after;
    if (next < w->n) {
        bool crlf = w->text[next] == '\r' && next + 1 < w->n && w->text[next + 1] == '\n';
        r.flags |= crlf ? CSV_CRLF : w->text[next] == '\n' ? CSV_LF : CSV_CR;
        next += crlf ? 2 : 1;
        lines++;
    }
    for (size_t i = r.at; i < r.end; i++)
        if (w->text[i] == 0 || (w->text[i] == '\r' && (i + 1 >= w->n || w->text[i + 1] != '\n')))
            r.flags |= CSV_ODD;
    csv_row_done(w, &r, next, lines, r.end == r.at);
    return CSV_FULL;
}
