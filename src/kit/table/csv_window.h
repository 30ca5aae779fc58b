/* csv_window — the text of a source, piece by piece: decoded to UTF-8, with the way
 * back from each line to its byte in the source as published. Text that need not be
 * decoded and lies in memory is not copied. */
#ifndef CSV_WINDOW_H
#define CSV_WINDOW_H
#include "kit/table/csv_walk.h"

typedef struct {               /* a character that could not be decoded, or a private one */
    size_t        at;          /* in the text */
    uint64_t      raw_at;      /* in the source */
    unsigned char bytes[4], n;
    bool          is_private;
} csv_event;

typedef struct {
    const source *source;
    charset_choice charset;
    charset_decoder *decoder;  /* NULL: the source is UTF-8 and valid */
    const char *text;          /* what is there now */
    size_t    n;
    bool      is_end;
    uint64_t  raw_next;        /* where the source is read next */
    uint64_t  raw_text;        /* where text[0] stands in the source; only without a decoder */
    char     *own;             /* mem_get */
    size_t    cap, step;
    char     *raw;
    csv_event *events;
    size_t    event_count, event_cap;
    uint64_t *line_at;         /* source places of lines line_first, line_first + 1 …; only with a decoder */
    uint64_t  line_first;
    size_t    lines, line_cap;
    bool      cr_ends, after_cr;
} csv_window;

/* step: bytes read at once, 0 for the usual. cr_ends: how lines are counted. */
bool csv_window_open(ctx *c, const source *s, const charset_choice *cs, size_t step, bool cr_ends, csv_window *w) nodiscard;
void csv_window_close(csv_window *w);
/* Keeps the text from `keep` on, which begins line `line`, and reads more behind it. TOO_LARGE: there is no room for more. */
bool csv_window_more(ctx *c, csv_window *w, size_t keep, uint64_t line) nodiscard;
uint64_t csv_window_place(const csv_window *w, size_t at, uint64_t line);    /* of a record that begins a line */
#endif
