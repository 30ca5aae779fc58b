#include "kit/sheet/shared.h"
#include "kit/table/block.h"

#include <errno.h>
#include <unistd.h>

struct shared {
    reader_options o;
    char     *heap;
    size_t    heap_n, heap_cap;
    uint64_t *ends;                     /* of each text: its end in the row of all texts */
    size_t    n, cap;
    char     *now;                      /* the text that is being made, or was asked for last */
    size_t    now_n, now_cap;
    char     *out;                      /* behind the memory: bytes on their way to the scratch file */
    size_t    out_n;
    uint64_t  written;
};

#define OUT_BYTES ((size_t)1 << 20)

shared *shared_new(const reader_options *o)
{
    shared *s = mem_get(sizeof *s);
    s->o = *o;
    return s;
}

void shared_free(shared *s)
{
    if (s == NULL)
        return;
    mem_free(s->heap);
    mem_free(s->ends);
    mem_free(s->now);
    mem_free(s->out);
    mem_free(s);
}

static void now_room(shared *s, size_t n)
{
    if (n <= s->now_cap)
        return;
    s->now_cap = n < 4096 ? 4096 : n * 2;
    s->now = mem_resize(s->now, s->now_cap);
}

bool shared_add(ctx *c, shared *s, str text)
{
    if (text.n > TABLE_CELL_MAX - s->now_n)
        return fail(c, TOO_LARGE, "a text of the workbook has more than %zu bytes", TABLE_CELL_MAX);
    now_room(s, s->now_n + text.n);
    if (text.n > 0)
        memcpy(s->now + s->now_n, text.p, text.n);
    s->now_n += text.n;
    return true;
}

static bool flush(ctx *c, shared *s)
{
    if (!file_put_at(s->o.scratch, (str){ s->out, s->out_n }, s->o.scratch_at + s->written))
        return fail(c, IO, "the texts of the workbook do not fit: %s", strerrordesc_np(errno));
    s->written += s->out_n;
    s->out_n = 0;
    return true;
}

static bool keep_behind(ctx *c, shared *s, str text)
{
    if (s->o.scratch < 0)
        return fail(c, TOO_LARGE, "the texts of the workbook have more than %zu bytes", SHARED_MEMORY);
    if (s->out == NULL)
        s->out = mem_get(OUT_BYTES);
    while (text.n > 0) {
        size_t n = text.n < OUT_BYTES - s->out_n ? text.n : OUT_BYTES - s->out_n;
        memcpy(s->out + s->out_n, text.p, n);
        s->out_n += n;
        text = str_from(text, n);
        if (s->out_n == OUT_BYTES && !flush(c, s))
            return false;
    }
    return true;
}

bool shared_next(ctx *c, shared *s)
{
    if (s->n == SHARED_COUNT_MAX)
        return fail(c, TOO_LARGE, "the workbook has more than %zu different texts", SHARED_COUNT_MAX);
    if (s->n == s->cap) {
        s->cap = s->cap > 0 ? s->cap * 2 : 1024;
        s->ends = mem_resize(s->ends, s->cap * sizeof *s->ends);
    }
    uint64_t end = (s->n > 0 ? s->ends[s->n - 1] : 0) + s->now_n;
    bool ok = true;
    if (s->written == 0 && s->out_n == 0 && s->heap_n + s->now_n <= SHARED_MEMORY) {
        if (s->heap_n + s->now_n > s->heap_cap) {
            s->heap_cap = (s->heap_n + s->now_n) * 2;
            s->heap_cap = s->heap_cap < SHARED_MEMORY ? s->heap_cap : SHARED_MEMORY;
            s->heap = mem_resize(s->heap, s->heap_cap);
        }
        if (s->now_n > 0)
            memcpy(s->heap + s->heap_n, s->now, s->now_n);
        s->heap_n += s->now_n;
    } else {
        ok = keep_behind(c, s, (str){ s->now, s->now_n });
    }
    s->ends[s->n++] = end;
    s->now_n = 0;
    return ok;
}

size_t shared_count(const shared *s)
{
    return s->n;
}

bool shared_get(ctx *c, shared *s, size_t i, str *out)
{
    uint64_t from = i > 0 ? s->ends[i - 1] : 0;
    size_t n = (size_t)(s->ends[i] - from);
    if (s->ends[i] <= s->heap_n) {
        *out = (str){ n > 0 ? s->heap + from : "", n };
        return true;
    }
    uint64_t behind = from - s->heap_n;
    now_room(s, n + 1);
    for (size_t done = 0; done < n;) {
        uint64_t at = behind + done;
        if (at >= s->written) {             /* still on its way */
            memcpy(s->now + done, s->out + (at - s->written), n - done);
            break;
        }
        size_t want = n - done < s->written - at ? n - done : (size_t)(s->written - at);
        ssize_t r = pread(s->o.scratch, s->now + done, want, (off_t)(s->o.scratch_at + at));
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            return fail(c, IO, "the texts of the workbook cannot be read back");
        done += (size_t)r;
    }
    *out = (str){ s->now, n };
    return true;
}
