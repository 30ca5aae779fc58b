/* collect_test — for tests of readers: a sink that writes what it is given as
 * text, one line a thing:
 *
 *     table NAME cols=2 header=1 notes=0
 *     # a note
 *     = title:hint | title/second
 *     1@2 cell | ∅ | cell
 *     ! code line=3 col=2 count=1 sample
 *     end rows=1
 */
#ifndef COLLECT_TEST_H
#define COLLECT_TEST_H
#include "kit/table/block.h"

#include <fcntl.h>
#include <unistd.h>

typedef struct {
    buf      out;
    uint64_t rows, tables, findings;
    uint64_t rows_shown;        /* at most this many of each table are written */
    bool     open;
} collected;

static inline bool collect_begin(ctx *c, void *to, const table_head *h)
{
    (void)c;
    collected *k = to;
    must(!k->open);
    k->open = true;
    k->tables++;
    k->rows = 0;
    buf_fmt(&k->out, "table %.*s cols=%zu header=%zu notes=%zu\n", S_ARG(h->name), h->col_count, h->header_rows, h->notes_rows);
    for (size_t i = 0; i < h->notes_rows; i++)
        buf_fmt(&k->out, "# %.*s\n", S_ARG(h->notes[i]));
    buf_add(&k->out, S("="));
    for (size_t i = 0; i < h->col_count; i++) {
        buf_fmt(&k->out, "%s%.*s", i > 0 ? " | " : " ", S_ARG(h->cols[i].title));
        if (h->cols[i].second.n > 0)
            buf_fmt(&k->out, "/%.*s", S_ARG(h->cols[i].second));
        if (h->cols[i].hint.n > 0)
            buf_fmt(&k->out, ":%.*s", S_ARG(h->cols[i].hint));
    }
    buf_byte(&k->out, '\n');
    return true;
}

static inline bool collect_block(ctx *c, void *to, const table_block *b)
{
    (void)c;
    collected *k = to;
    must(k->open && b->first_row == k->rows + 1);
    for (size_t r = 0; r < b->rows; r++, k->rows++) {
        if (k->rows >= k->rows_shown)
            continue;
        buf_fmt(&k->out, "%" PRIu64, k->rows + 1);
        if (b->lines != NULL)
            buf_fmt(&k->out, "@%" PRIu64, b->lines[r]);
        for (size_t i = 0; i < b->cols; i++) {
            str s = b->cells[r * b->cols + i];
            buf_add(&k->out, i > 0 ? S(" | ") : S(" "));
            buf_add(&k->out, s.p == NULL ? S("∅") : s);
        }
        buf_byte(&k->out, '\n');
    }
    return true;
}

static inline bool collect_finding(ctx *c, void *to, const table_finding *f)
{
    (void)c;
    collected *k = to;
    k->findings++;
    buf_fmt(&k->out, "! %s", f->code);
    if (f->row > 0)
        buf_fmt(&k->out, " row=%" PRIu64, f->row);
    if (f->line > 0)
        buf_fmt(&k->out, " line=%" PRIu64, f->line);
    if (f->col > 0)
        buf_fmt(&k->out, " col=%zu", f->col);
    buf_fmt(&k->out, " count=%" PRIu64 " %.*s\n", f->count, S_ARG(f->sample));
    return true;
}

static inline bool collect_end(ctx *c, void *to)
{
    (void)c;
    collected *k = to;
    must(k->open);
    k->open = false;
    buf_fmt(&k->out, "end rows=%" PRIu64 "\n", k->rows);
    return true;
}

static inline table_sink collect_into(collected *k, arena *a, uint64_t rows_shown)
{
    *k = (collected){ .out = buf_in(a), .rows_shown = rows_shown };
    return (table_sink){ k, collect_begin, collect_block, collect_finding, collect_end };
}

/* A file of these bytes that has no name. */
static inline int collect_file(str bytes)
{
    int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    must(fd >= 0);
    for (size_t done = 0; done < bytes.n;) {
        ssize_t n = write(fd, bytes.p + done, bytes.n - done);
        must(n > 0);
        done += (size_t)n;
    }
    return fd;
}
#endif
