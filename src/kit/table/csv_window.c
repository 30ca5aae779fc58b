#include "kit/table/csv_window.h"

#define STEP_MIN 16            /* bytes: more than any character has */
#define ROOM_MAX (CSV_RECORD_MAX + ((size_t)1 << 20))

static void add_line(csv_window *w, uint64_t at)
{
    if (w->lines == w->line_cap) {
        w->line_cap = w->line_cap > 0 ? w->line_cap * 2 : 4096;
        w->line_at = mem_resize(w->line_at, w->line_cap * sizeof *w->line_at);
    }
    w->line_at[w->lines++] = at;
}

bool csv_window_open(ctx *c, const source *s, const charset_choice *cs, size_t step, bool cr_ends, csv_window *w)
{
    *w = (csv_window){ .source = s, .charset = *cs, .raw_next = cs->bom, .raw_text = cs->bom, .cr_ends = cr_ends };
    if (cs->plain && s->memory != NULL && step == 0) {
        w->text = s->memory + s->at + cs->bom;
        w->n = (size_t)(s->size - cs->bom);
        w->is_end = true;
        return true;
    }
    w->step = step > 0 ? step : (size_t)1 << 18;
    if (w->step > s->size + STEP_MIN)
        w->step = (size_t)s->size + STEP_MIN;
    if (!cs->plain) {
        if (!charset_open(c, cs->name, &w->decoder))
            return false;
        w->step = w->step < STEP_MIN ? STEP_MIN : w->step;
        w->raw = mem_get(w->step);
        add_line(w, cs->bom);
    }
    return true;
}

void csv_window_close(csv_window *w)
{
    charset_close(w->decoder);
    mem_free(w->own);
    mem_free(w->raw);
    mem_free(w->events);
    mem_free(w->line_at);
}

static unsigned unit_at(const unsigned char *p, unsigned unit, bool big)
{
    if (unit == 1)
        return p[0];
    unsigned low = big ? p[unit - 1] : p[0], rest = 0;
    for (unsigned i = 0; i < unit; i++)
        rest |= p[i];
    return rest == low ? low : 255;
}

/* Where lines begin in the source. No encoding has the bytes of line ends inside other characters, whole units apart. */
static void note_lines(csv_window *w, const char *raw, size_t n, uint64_t at)
{
    unsigned unit = charset_unit(w->charset.name);
    bool big = str_ends(str_of(w->charset.name), S("BE"));
    const unsigned char *p = (const unsigned char *)raw;
    if (unit == 1 && !w->cr_ends) {
        const char *from = raw, *end = raw + n;
        while ((from = memchr(from, '\n', (size_t)(end - from))) != NULL)
            add_line(w, at + (uint64_t)(++from - raw));
        return;
    }
    for (size_t i = 0; i + unit <= n; i += unit) {
        unsigned char_at = unit_at(p + i, unit, big);
        if (w->after_cr && char_at != '\n')
            add_line(w, at + i);
        w->after_cr = w->cr_ends && char_at == '\r';
        if (char_at == '\n')
            add_line(w, at + i + unit);
    }
}

uint64_t csv_window_place(const csv_window *w, size_t at, uint64_t line)
{
    if (w->decoder == NULL)
        return w->raw_text + at;
    size_t i = (size_t)(line - w->line_first);
    return line >= w->line_first && i < w->lines ? w->line_at[i] : w->raw_next;
}

static void forget(csv_window *w, size_t keep, uint64_t line)
{
    memmove(w->own, w->own + keep, w->n - keep);
    w->n -= keep;
    w->raw_text += keep;
    size_t gone = 0;
    while (gone < w->event_count && w->events[gone].at < keep)
        gone++;
    w->event_count -= gone;
    for (size_t i = 0; i < w->event_count; i++) {
        w->events[i] = w->events[i + gone];
        w->events[i].at -= keep;
    }
    if (w->decoder == NULL || line <= w->line_first)
        return;
    size_t lines = (size_t)(line - w->line_first) < w->lines ? (size_t)(line - w->line_first) : w->lines;
    memmove(w->line_at, w->line_at + lines, (w->lines - lines) * sizeof *w->line_at);
    w->lines -= lines;
    w->line_first += lines;
}

static void note_events(csv_window *w, uint64_t raw_at)
{
    size_t n;
    const charset_event *e = charset_events(w->decoder, &n);
    if (w->event_count + n > w->event_cap) {
        w->event_cap = (w->event_count + n) * 2;
        w->events = mem_resize(w->events, w->event_cap * sizeof *w->events);
    }
    for (size_t i = 0; i < n; i++) {
        csv_event *to = &w->events[w->event_count++];
        *to = (csv_event){ .at = w->n + e[i].out_at, .raw_at = raw_at + e[i].raw_at, .n = e[i].n, .is_private = e[i].is_private };
        memcpy(to->bytes, e[i].bytes, sizeof to->bytes);
    }
}

static bool decode_more(ctx *c, csv_window *w)
{
    size_t got, used, made;
    if (!source_some(c, w->source, w->raw_next, w->raw, w->step, &got))
        return false;
    bool is_end = w->raw_next + got >= w->source->size;
    if (!charset_decode(c, w->decoder, (str){ w->raw, got }, is_end, w->own + w->n, w->cap - w->n, &used, &made))
        return false;
    note_events(w, w->raw_next);
    note_lines(w, w->raw, used, w->raw_next);
    w->n += made;
    w->raw_next += used;
    w->is_end = w->raw_next >= w->source->size;
    return used > 0 || is_end || fail(c, INVALID, "the text is not %s at byte %" PRIu64, w->charset.name, w->raw_next + 1);
}

bool csv_window_more(ctx *c, csv_window *w, size_t keep, uint64_t line)
{
    if (w->own != NULL)
        forget(w, keep, line);
    size_t need = w->n + (w->decoder != NULL ? CHARSET_ROOM(w->step) : w->step);
    if (need > ROOM_MAX + CHARSET_ROOM(w->step))
        return fail(c, TOO_LARGE, "the record in line %" PRIu64 " is longer than %zu MB", line + 1, CSV_RECORD_MAX >> 20);
    if (need > w->cap) {
        w->cap = w->cap * 2 > need ? w->cap * 2 : need;
        w->own = mem_resize(w->own, w->cap);
    }
    w->text = w->own;
    if (w->decoder != NULL)
        return decode_more(c, w);
    /* As much as there is room for: a long record is not read again for each small piece. */
    size_t got, want = w->n > w->step ? w->cap - w->n : w->step;
    if (!source_some(c, w->source, w->raw_next, w->own + w->n, want, &got))
        return false;
    w->n += got;
    w->raw_next += got;
    w->is_end = w->raw_next >= w->source->size;
    return true;
}
