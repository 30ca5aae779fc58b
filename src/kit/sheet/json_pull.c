#include "kit/sheet/json_pull.h"
#include "kit/source/wide.h"
#include "kit/table/block.h"

#define PIECE ((size_t)65536)

typedef enum { WANT_VALUE, WANT_VALUE_OR_END, WANT_KEY, WANT_KEY_OR_END, WANT_COMMA_OR_END } wanted;

struct json_pull {
    wide     wide;
    byte_in  in;
    str      what;
    char    *p;                     /* window: at … n are not read yet */
    size_t   at, n, cap;
    uint64_t before;                /* bytes before the window */
    bool     ended, lenient;
    uint64_t controls;              /* raw ones in texts, read so far */
    uint64_t control_line, control_column;  /* of the last line end among them */
    uint64_t line, line_byte;       /* and where it begins */
    uint64_t byte;                  /* where the token begins */
    uint64_t done_line;             /* where the last whole document ended; 0: there was none */
    uint8_t  stack[JSON_PULL_DEPTH];    /* 1: object */
    size_t   depth;
    wanted   want;
    char    *made;                  /* an unescaped text */
    size_t   made_cap;
    char    *raw;                   /* a value as text */
    size_t   raw_n, raw_cap;
};

json_pull *json_pull_new(byte_in in, str what)
{
    json_pull *p = mem_get(sizeof *p);
    p->in = wide_bytes(&p->wide, in);
    p->what = what;
    p->line = 1;
    return p;
}

void json_pull_free(json_pull *p)
{
    if (p == NULL)
        return;
    mem_free(p->p);
    mem_free(p->made);
    mem_free(p->raw);
    mem_free(p);
}

void json_pull_lenient(json_pull *p)
{
    p->lenient = true;
}

uint64_t json_pull_controls(const json_pull *p)
{
    return p->controls;
}

uint64_t json_pull_byte(const json_pull *p)
{
    return wide_moved(&p->wide) ? JSON_PULL_NOWHERE : p->byte + p->wide.mark;
}

uint64_t json_pull_line(const json_pull *p)
{
    return p->line;
}

#define CONTROL_WRONG "a text holds a control character; write it as an escape"

/* What is wrong right behind a text with a line end is more likely that text: its quote is missing. */
static bool wrong(ctx *c, json_pull *p, const char *why)
{
    if (p->control_line > 0 && p->line <= p->control_line + 1)
        return fail(c, INVALID, "“%.*s” is no JSON at line %" PRIu64 ", column %" PRIu64 ": %s", S_ARG(p->what), p->control_line,
                    p->control_column, CONTROL_WRONG);
    return fail(c, INVALID, "“%.*s” is no JSON at line %" PRIu64 ", column %" PRIu64 ": %s", S_ARG(p->what), p->line,
                p->before + p->at - p->line_byte + 1, why);
}

static bool too_large(ctx *c, json_pull *p)
{
    return fail(c, TOO_LARGE, "“%.*s”, line %" PRIu64 ": a value has more than %zu bytes", S_ARG(p->what), p->line, TABLE_CELL_MAX);
}

/* More bytes behind the window; what was read of it goes. */
static bool fill(ctx *c, json_pull *p)
{
    size_t got;
    if (p->ended)
        return true;
    if (p->at > 0) {
        memmove(p->p, p->p + p->at, p->n - p->at);
        p->before += p->at;
        p->n -= p->at;
        p->at = 0;
    }
    if (p->n > TABLE_CELL_MAX + PIECE)
        return too_large(c, p);
    if (p->cap - p->n < PIECE) {
        p->cap = p->cap > 0 ? p->cap * 2 : 2 * PIECE;
        p->p = mem_resize(p->p, p->cap);
    }
    if (!p->in.read(c, p->in.from, p->p + p->n, PIECE, &got))
        return false;
    p->n += got;
    p->ended = got == 0;
    return true;
}

/* The byte at `at + ahead`; -1 at the end of the document, -2 after fail(). */
static int peek(ctx *c, json_pull *p, size_t ahead)
{
    while (p->at + ahead >= p->n) {
        if (p->ended)
            return -1;
        if (!fill(c, p))
            return -2;
    }
    return (unsigned char)p->p[p->at + ahead];
}

static int skip_blanks(ctx *c, json_pull *p)
{
    for (;;) {
        int ch = peek(c, p, 0);
        if (ch != ' ' && ch != '\n' && ch != '\r' && ch != '\t')
            return ch;
        p->at++;
        if (ch == '\n') {
            p->line++;
            p->line_byte = p->before + p->at;
        }
    }
}

static int hex_digit(int ch)
{
    return ch >= '0' && ch <= '9' ? ch - '0' : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

static bool hex4(const char *s, size_t left, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < 4; i++) {
        int d = i < left ? hex_digit((unsigned char)s[i]) : -1;
        if (d < 0)
            return false;
        *out = *out * 16 + (uint32_t)d;
    }
    return true;
}

/* Escapes of a text whose end is known; the result is never longer. */
static bool unescape(ctx *c, json_pull *p, str s, str *out)
{
    if (s.n > p->made_cap) {
        p->made_cap = s.n * 2;
        p->made = mem_resize(p->made, p->made_cap);
    }
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\\') {
            p->made[n++] = s.p[i];
            continue;
        }
        i++;
        const char *at = strchr("\"\\/bfnrt", s.p[i]);
        if (s.p[i] != 0 && at != NULL) {
            p->made[n++] = "\"\\/\b\f\n\r\t"[at - "\"\\/bfnrt"];
            continue;
        }
        uint32_t u, low;
        if (s.p[i] != 'u' || !hex4(s.p + i + 1, s.n - i - 1, &u))
            return wrong(c, p, "an escape in a text is none of JSON's");
        i += 4;
        if (u >= 0xd800 && u < 0xdc00 && i + 6 < s.n + 0 && s.p[i + 1] == '\\' && s.p[i + 2] == 'u'
            && hex4(s.p + i + 3, s.n - i - 3, &low) && low >= 0xdc00 && low < 0xe000) {
            u = 0x10000 + ((u - 0xd800) << 10) + (low - 0xdc00);
            i += 6;
        }
        n += utf8_encode(u, p->made + n);           /* half a pair becomes U+FFFD */
    }
    *out = (str){ p->made, n };
    return true;
}

/* The raw control character n bytes on: an error, or (lenient) counted and kept; a line may end with it. */
static bool control(ctx *c, json_pull *p, size_t n, int ch)
{
    if (!p->lenient || ch == 0) {
        p->at += n;
        return wrong(c, p, CONTROL_WRONG);
    }
    p->controls++;
    if (ch == '\n') {
        p->control_line = p->line;
        p->control_column = p->before + p->at + n - p->line_byte + 1;
        p->line++;
        p->line_byte = p->before + p->at + n + 1;
    }
    return true;
}

static bool read_text(ctx *c, json_pull *p, str *out, str *raw)
{
    size_t n = 1, bad;
    bool escaped = false;
    for (;; n++) {
        int ch = p->at + n < p->n ? (unsigned char)p->p[p->at + n] : peek(c, p, n);
        if (ch == '"')
            break;
        if (ch == '\\') {
            escaped = true;
            ch = peek(c, p, ++n);
        }
        if (ch < 0)
            return ch == -1 ? wrong(c, p, "a text does not end") : false;
        if (ch < ' ' && !control(c, p, n, ch))
            return false;
    }
    str s = { p->p + p->at + 1, n - 1 };
    if (s.n > TABLE_CELL_MAX)
        return too_large(c, p);
    if (!utf8_valid(s, &bad)) {
        p->at += 1 + bad;
        return wrong(c, p, "a text is not UTF-8");
    }
    *raw = (str){ p->p + p->at, n + 1 };
    if (!escaped)
        *out = s;
    else if (!unescape(c, p, s, out))
        return false;
    p->at += n + 1;
    return true;
}

static bool is_digit(int ch)
{
    return ch >= '0' && ch <= '9';
}

static bool read_number(ctx *c, json_pull *p, str *out)
{
    size_t n = peek(c, p, 0) == '-' ? 1 : 0, digits = n;
    if (peek(c, p, n) == '0')
        n++;
    else
        while (is_digit(peek(c, p, n)))
            n++;
    if (n == digits)
        return c->err.code == ERR_OK && wrong(c, p, "a value is expected");
    if (peek(c, p, n) == '.') {
        digits = ++n;
        while (is_digit(peek(c, p, n)))
            n++;
        if (n == digits)
            return wrong(c, p, "a number ends with its point");
    }
    int e = peek(c, p, n);
    if (e == 'e' || e == 'E') {
        int sign = peek(c, p, ++n);
        n += sign == '+' || sign == '-';
        digits = n;
        while (is_digit(peek(c, p, n)))
            n++;
        if (n == digits)
            return wrong(c, p, "a number has no exponent after its e");
    }
    if (peek(c, p, n) == -2)
        return false;
    if (n > TABLE_CELL_MAX)
        return too_large(c, p);
    *out = (str){ p->p + p->at, n };
    p->at += n;
    return true;
}

static bool read_word(ctx *c, json_pull *p, str word, json_token t, json_token *out, str *text)
{
    for (size_t i = 0; i < word.n; i++)
        if (peek(c, p, i) != word.p[i])
            return c->err.code == ERR_OK && wrong(c, p, "a value is expected");
    *out = t;
    *text = (str){ p->p + p->at, word.n };
    p->at += word.n;
    return true;
}

static bool open_level(ctx *c, json_pull *p, bool object, json_token *t)
{
    if (p->depth == JSON_PULL_DEPTH)
        return wrong(c, p, "it is nested more than 200 levels deep");
    p->stack[p->depth++] = object;
    p->want = object ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
    p->at++;
    *t = object ? JSON_PULL_OBJECT : JSON_PULL_ARRAY;
    return true;
}

static bool close_level(json_pull *p, json_token *t)
{
    *t = p->stack[--p->depth] ? JSON_PULL_OBJECT_END : JSON_PULL_ARRAY_END;
    p->want = p->depth > 0 ? WANT_COMMA_OR_END : WANT_VALUE;
    p->done_line = p->depth > 0 ? 0 : p->line;
    p->at++;
    return true;
}

static bool read_value(ctx *c, json_pull *p, int ch, json_token *t, str *text, str *raw)
{
    if (ch == '{' || ch == '[')
        return open_level(c, p, ch == '{', t);
    bool ok;
    if (ch == '"') {
        *t = JSON_PULL_TEXT;
        ok = read_text(c, p, text, raw);
    } else if (ch == 't') {
        ok = read_word(c, p, S("true"), JSON_PULL_TRUE, t, text);
    } else if (ch == 'f') {
        ok = read_word(c, p, S("false"), JSON_PULL_FALSE, t, text);
    } else if (ch == 'n') {
        ok = read_word(c, p, S("null"), JSON_PULL_NULL, t, text);
    } else {
        *t = JSON_PULL_NUMBER;
        ok = read_number(c, p, text);
    }
    if (ok && ch != '"')
        *raw = *text;
    if (p->depth > 0)
        p->want = WANT_COMMA_OR_END;
    else
        p->done_line = p->line;
    return ok;
}

static bool next(ctx *c, json_pull *p, json_token *t, str *text, str *raw)
{
    *text = *raw = (str){ 0 };
    int ch = skip_blanks(c, p);
    char end = p->depth > 0 && p->stack[p->depth - 1] ? '}' : ']';
    if (ch == -2)
        return false;
    if (p->want == WANT_COMMA_OR_END) {
        p->byte = p->before + p->at;
        if (ch == end)
            return close_level(p, t);
        if (ch != ',')
            return wrong(c, p, ch == -1 ? "it ends in the middle" : "a comma or the end of the list is expected");
        p->at++;
        p->want = end == '}' ? WANT_KEY : WANT_VALUE;
        ch = skip_blanks(c, p);
        if (ch == -2)
            return false;
    }
    p->byte = p->before + p->at;
    if (ch == -1) {
        *t = JSON_PULL_END;
        return p->depth == 0 || wrong(c, p, "it ends in the middle");
    }
    if ((p->want == WANT_KEY_OR_END || p->want == WANT_VALUE_OR_END) && ch == end)
        return close_level(p, t);
    if (p->depth == 0 && p->done_line == p->line)
        return wrong(c, p, "something follows the end of the document");
    if (p->want != WANT_KEY && p->want != WANT_KEY_OR_END)
        return read_value(c, p, ch, t, text, raw);
    if (ch != '"')
        return wrong(c, p, "a name in quotes is expected");
    *t = JSON_PULL_KEY;
    if (!read_text(c, p, text, raw))
        return false;
    /* The name moves with the window: what stands behind it is looked at first. */
    size_t n = text->n;
    if (n > p->made_cap || p->made == NULL) {
        p->made_cap = n * 2 + 64;
        p->made = mem_resize(p->made, p->made_cap);
    }
    if (text->p != p->made && n > 0)
        memcpy(p->made, text->p, n);
    *text = (str){ p->made, n };
    ch = skip_blanks(c, p);
    if (ch != ':')
        return ch != -2 && wrong(c, p, "a colon is expected after a name");
    p->at++;
    p->want = WANT_VALUE;
    return true;
}

bool json_pull_next(ctx *c, json_pull *p, json_token *t, str *text)
{
    str raw;
    return next(c, p, t, text, &raw);
}

static bool raw_add(ctx *c, json_pull *p, str s)
{
    if (p->raw_n + s.n > TABLE_CELL_MAX)
        return too_large(c, p);
    if (p->raw_n + s.n > p->raw_cap) {
        p->raw_cap = (p->raw_n + s.n) * 2 + 256;
        p->raw = mem_resize(p->raw, p->raw_cap);
    }
    if (s.n > 0)
        memcpy(p->raw + p->raw_n, s.p, s.n);
    p->raw_n += s.n;
    return true;
}

static bool raw_key(ctx *c, json_pull *p, str key)
{
    if (!raw_add(c, p, S("\"")))
        return false;
    for (size_t i = 0; i < key.n; i++) {
        char esc[8];
        unsigned char ch = (unsigned char)key.p[i];
        size_t n = ch == '"' || ch == '\\' ? (size_t)snprintf(esc, sizeof esc, "\\%c", ch)
            : ch < ' ' ? (size_t)snprintf(esc, sizeof esc, "\\u%04x", ch) : 1;
        if (n == 1)
            esc[0] = (char)ch;
        if (!raw_add(c, p, (str){ esc, n }))
            return false;
    }
    return raw_add(c, p, S("\":"));
}

bool json_pull_raw(ctx *c, json_pull *p, json_token t, str *text)
{
    static const char *const marks[] = { [JSON_PULL_OBJECT] = "{", [JSON_PULL_OBJECT_END] = "}", [JSON_PULL_ARRAY] = "[",
                                         [JSON_PULL_ARRAY_END] = "]" };
    size_t base = p->depth - 1;
    must(t == JSON_PULL_OBJECT || t == JSON_PULL_ARRAY);
    p->raw_n = 0;
    bool comma = false;                     /* a value stands before the next one */
    str s, raw;
    for (;;) {
        bool ends = t == JSON_PULL_OBJECT_END || t == JSON_PULL_ARRAY_END;
        if (comma && !ends && !raw_add(c, p, S(",")))
            return false;
        if (t == JSON_PULL_OBJECT || t == JSON_PULL_ARRAY || ends) {
            if (!raw_add(c, p, str_of(marks[t])))
                return false;
            comma = ends;
        } else if (t == JSON_PULL_KEY) {
            if (!raw_key(c, p, s))
                return false;
            comma = false;
        } else {
            if (!raw_add(c, p, raw))
                return false;
            comma = true;
        }
        if (ends && p->depth == base)
            break;
        if (!next(c, p, &t, &s, &raw))
            return false;
    }
    *text = (str){ p->raw, p->raw_n };
    return true;
}

bool json_pull_skip(ctx *c, json_pull *p, json_token t)
{
    if (t != JSON_PULL_OBJECT && t != JSON_PULL_ARRAY)
        return true;
    size_t base = p->depth - 1;
    str s;
    while (p->depth > base)
        if (!json_pull_next(c, p, &t, &s))
            return false;
    return true;
}
