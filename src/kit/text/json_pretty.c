#include "kit/text/json_write.h"

#define LINE 140                    /* what is shorter stands in one line */

static const char *after_text(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++)
        if (*p == '\\' && p + 1 < end)
            p++;
    return p < end ? p + 1 : end;
}

/* The end of the value that begins at p. */
static const char *after_value(const char *p, const char *end)
{
    int depth = 0;
    while (p < end) {
        if (*p == '"') {
            p = after_text(p, end);
        } else {
            depth += *p == '{' || *p == '[';
            depth -= *p == '}' || *p == ']';
            if (depth < 0 || (depth == 0 && *p == ','))
                return p;
            p++;
        }
        if (depth == 0 && p < end && (*p == ',' || *p == '}' || *p == ']'))
            return p;
    }
    return end;
}

static void put_flat(buf *b, const char *p, const char *end)
{
    while (p < end) {
        const char *from = p;
        p = *p == '"' ? after_text(p, end) : p + 1;
        buf_add(b, (str){ from, (size_t)(p - from) });
        if (*from == ',' || *from == ':')
            buf_byte(b, ' ');
    }
}

static void put_line(buf *b, int depth)
{
    buf_byte(b, '\n');
    for (int i = 0; i < depth; i++)
        buf_add(b, S("  "));
}

static void put(buf *b, const char *p, const char *end, int depth)
{
    if (end - p <= LINE - 2 * depth || (*p != '{' && *p != '[') || depth > 40) {
        put_flat(b, p, end);
        return;
    }
    bool object = *p == '{';
    buf_byte(b, *p++);
    for (bool first = true; p < end && *p != '}' && *p != ']'; first = false) {
        if (!first) {
            buf_byte(b, ',');
            p++;
        }
        put_line(b, depth + 1);
        if (object) {
            const char *colon = after_text(p, end);
            put_flat(b, p, colon);
            buf_add(b, S(": "));
            p = colon < end ? colon + 1 : end;
        }
        const char *next = after_value(p, end);
        if (next == p)
            break;
        put(b, p, next, depth + 1);
        p = next;
    }
    put_line(b, depth);
    buf_byte(b, object ? '}' : ']');
}

str json_pretty(arena *a, str written)
{
    buf b = buf_in(a);
    put(&b, written.p, written.p + written.n, 0);
    return buf_str(&b);
}
