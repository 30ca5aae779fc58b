#include "kit/http/parse.h"

#define EXTRA_MAX 4096 /* chunk extensions and trailers of one body */

static const bool token_char[256] = {
    ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['*'] = 1, ['+'] = 1, ['-'] = 1,
    ['.'] = 1, ['^'] = 1, ['_'] = 1, ['`'] = 1, ['|'] = 1, ['~'] = 1, ['0' ... '9'] = 1, ['A' ... 'Z'] = 1,
    ['a' ... 'z'] = 1,
};

static int refuse(int status, const char **why, const char *text)
{
    *why = text;
    return status;
}

bool parse_is_token(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!token_char[(unsigned char)s.p[i]])
            return false;
    return s.n > 0;
}

int parse_find_end(str b, size_t *scanned, size_t max, size_t *head_n, const char **why)
{
    *head_n = 0;
    while (*scanned < b.n) {
        const char *nl = memchr(b.p + *scanned, '\n', b.n - *scanned);
        if (nl == NULL) {
            *scanned = b.n;
            break;
        }
        size_t at = (size_t)(nl - b.p);
        if (at == 0 || b.p[at - 1] != '\r')
            return refuse(400, why, "a line ends with LF alone");
        *scanned = at + 1;
        if (at >= 3 && b.p[at - 2] == '\n') {
            *head_n = at + 1;
            break;
        }
    }
    size_t n = *head_n > 0 ? *head_n : b.n;
    if (*head_n == 0 && n > PARSE_TARGET_MAX + 64 && memchr(b.p, '\n', n) == NULL)
        return refuse(414, why, "the address is too long");
    if (n > max)
        return refuse(431, why, "the head of the request is too large");
    return 0;
}

static bool method_of(str s, http_method *out)
{
    static const str names[] = { S_INIT("GET"),   S_INIT("HEAD"),   S_INIT("POST"),   S_INIT("PUT"),
                                 S_INIT("PATCH"), S_INIT("DELETE"), S_INIT("OPTIONS") };
    for (size_t i = 0; i < array_len(names); i++)
        if (str_eq(s, names[i])) {
            *out = (http_method)i;
            return true;
        }
    return false;
}

static int parse_version(str s, int *minor, const char **why)
{
    if (s.n != 8 || !str_starts(s, S("HTTP/")) || s.p[5] < '0' || s.p[5] > '9' || s.p[6] != '.' || s.p[7] < '0'
        || s.p[7] > '9')
        return refuse(400, why, "the request line does not end with an HTTP version");
    if (s.p[5] != '1' || s.p[7] > '1')
        return refuse(505, why, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    *minor = s.p[7] - '0';
    return 0;
}

static int parse_request_line(str line, parse_result *r, const char **why)
{
    size_t sp = str_find_byte(line, ' ');
    str method = str_sub(line, 0, sp), rest = str_from(line, sp + 1);
    if (sp == line.n || !parse_is_token(method))
        return refuse(400, why, "the request line does not begin with a method");
    size_t sp2 = str_find_byte(rest, ' ');
    r->target = str_sub(rest, 0, sp2);
    if (r->target.n > PARSE_TARGET_MAX)
        return refuse(414, why, "the address is too long");
    if (sp2 == rest.n || r->target.n == 0)
        return refuse(400, why, "the request line has no address or no version");
    int status = parse_version(str_from(rest, sp2 + 1), &r->minor, why);
    if (status != 0)
        return status;
    for (size_t i = 0; i < r->target.n; i++)
        if ((unsigned char)r->target.p[i] <= 0x20 || r->target.p[i] == 0x7f)
            return refuse(400, why, "the address holds a control character");
    if (!method_of(method, &r->method))
        return refuse(501, why, "this method is not known here");
    if (r->target.p[0] != '/' && !(str_eq(r->target, S("*")) && r->method == HTTP_OPTIONS)
        && !url_is_web(r->target))
        return refuse(400, why, "the address does not begin with /");
    return 0;
}

/* One line without its CR LF; the name is folded where it stands. */
static int parse_header(char *p, size_t n, url_pair *out, const char **why)
{
    size_t colon = 0;
    while (colon < n && token_char[(unsigned char)p[colon]]) {
        if (p[colon] >= 'A' && p[colon] <= 'Z')
            p[colon] = (char)(p[colon] + 32);
        colon++;
    }
    if (colon == 0 || colon == n || p[colon] != ':')
        return refuse(400, why, "a header line is not “Name: value” (no blank before the colon, no folded lines)");
    size_t from = colon + 1, to = n;
    while (from < to && (p[from] == ' ' || p[from] == '\t'))
        from++;
    while (to > from && (p[to - 1] == ' ' || p[to - 1] == '\t'))
        to--;
    for (size_t i = from; i < to; i++)
        if (((unsigned char)p[i] < 0x20 && p[i] != '\t') || p[i] == 0x7f)
            return refuse(400, why, "a header value holds a control character");
    *out = (url_pair){ { p, colon }, { p + from, to - from } };
    return 0;
}

static int parse_length(str v, parse_result *r, const char **why)
{
    int64_t n = 0;
    if (v.n == 0 || v.n > 18)
        return refuse(400, why, "Content-Length is not a number");
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] < '0' || v.p[i] > '9')
            return refuse(400, why, "Content-Length is not one number");
        n = n * 10 + (v.p[i] - '0');
    }
    r->framing = PARSE_LENGTH;
    r->length = n;
    return 0;
}

typedef struct {
    int hosts, lengths, codings;
    bool close, keep;
    str length, coding;
} framing_seen;

static void see_connection(str value, framing_seen *s)
{
    str part;
    while (str_next(&value, ',', &part)) {
        part = str_trim(part);
        if (str_ieq(part, S("close")))
            s->close = true;
        else if (str_ieq(part, S("keep-alive")))
            s->keep = true;
    }
}

static void see_header(const url_pair *h, parse_result *r, framing_seen *s)
{
    switch (h->name.n) {
    case 4:
        if (str_eq(h->name, S("host"))) {
            s->hosts++;
            r->host = h->value;
        }
        break;
    case 6:
        if (str_eq(h->name, S("expect")) && str_ieq(h->value, S("100-continue")))
            r->expect_continue = r->minor == 1;
        break;
    case 10:
        if (str_eq(h->name, S("connection")))
            see_connection(h->value, s);
        break;
    case 14:
        if (str_eq(h->name, S("content-length"))) {
            s->lengths++;
            s->length = h->value;
        }
        break;
    case 17:
        if (str_eq(h->name, S("transfer-encoding"))) {
            s->codings++;
            s->coding = h->value;
        }
        break;
    default:
        break;
    }
}

static bool host_is_valid(str h)
{
    for (size_t i = 0; i < h.n; i++)
        if (!token_char[(unsigned char)h.p[i]] && strchr(":[]", h.p[i]) == NULL)
            return false;
    return h.n <= 255;
}

/* How the body is framed: the place where requests are smuggled, so nothing doubtful passes. */
static int decide_framing(parse_result *r, const framing_seen *s, const char **why)
{
    r->keep_alive = r->minor == 1 ? !s->close : s->keep && !s->close;
    if (s->hosts > 1 || (s->hosts == 0 && r->minor == 1))
        return refuse(400, why, "the request must have exactly one Host");
    if (!host_is_valid(r->host) || (s->hosts == 1 && r->host.n == 0 && r->minor == 1))
        return refuse(400, why, "Host is not a host name");
    if (s->codings > 0 && s->lengths > 0)
        return refuse(400, why, "Content-Length and Transfer-Encoding together are ambiguous");
    if (s->codings > 1 || (s->codings > 0 && r->minor == 0))
        return refuse(400, why, "Transfer-Encoding is given twice, or in HTTP/1.0");
    if (s->lengths > 1)
        return refuse(400, why, "Content-Length is given twice");
    if (s->codings == 1) {
        if (!str_ieq(s->coding, S("chunked")))
            return refuse(501, why, "the only transfer coding known here is chunked");
        r->framing = PARSE_CHUNKED;
        return 0;
    }
    return s->lengths == 1 ? parse_length(s->length, r, why) : 0;
}

int parse_head(arena *a, char *p, size_t n, parse_result *out, const char **why)
{
    parse_result r = { 0 };
    framing_seen seen = { 0 };
    size_t at = 0;
    if (n < 4 || memcmp(p + n - 4, "\r\n\r\n", 4) != 0)
        return refuse(400, why, "the head does not end with an empty line");
    if (memchr(p, 0, n) != NULL)
        return refuse(400, why, "the head holds a NUL byte");
    bool first = true;
    while (at + 2 < n) {
        const char *nl = memchr(p + at, '\n', n - at);
        size_t end = (size_t)(nl - p);
        if (end == at || p[end - 1] != '\r' || memchr(p + at, '\r', end - 1 - at) != NULL)
            return refuse(400, why, "a line ends with CR or LF alone");
        size_t len = end - 1 - at;
        int status = 0;
        if (first) {
            status = parse_request_line((str){ p + at, len }, &r, why);
            first = false;
        } else {
            url_pair h;
            if (len == 0) /* only the last line of a head is empty */
                return refuse(400, why, "there is an empty line within the head");
            if (r.headers.n == PARSE_HEADERS_MAX)
                return refuse(431, why, "the request has too many headers");
            status = parse_header(p + at, len, &h, why);
            if (status == 0) {
                list_add(a, &r.headers, h);
                see_header(&h, &r, &seen);
            }
        }
        if (status != 0)
            return status;
        at = end + 1;
    }
    int status = first ? refuse(400, why, "there is no request line") : decide_framing(&r, &seen, why);
    *out = r;
    return status;
}

/* --- chunked bodies --- */

enum { SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILER_START, TRAILER, TRAILER_LF, END_LF, DONE, BROKEN };

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int after_size(parse_chunks *s)
{
    s->digits = 0;
    return s->left > 0 ? DATA : TRAILER_START;
}

static int step_size(parse_chunks *s, char c)
{
    int v = hex_value(c);
    if (v >= 0) {
        if (++s->digits > 15)
            return BROKEN;
        s->left = s->left << 4 | (unsigned)v;
        return SIZE;
    }
    if (s->digits == 0)
        return BROKEN;
    if (c == ';')
        return EXTENSION;
    return c == '\r' ? SIZE_LF : BROKEN;
}

/* Extensions and trailers are dropped, but a stream of them must end some time. */
static int step_dropped(parse_chunks *s, char c, int stay, int on_cr)
{
    if (++s->extra > EXTRA_MAX)
        return BROKEN;
    if (c == '\r')
        return on_cr;
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f ? BROKEN : stay;
}

static int step(parse_chunks *s, char c)
{
    switch (s->state) {
    case SIZE:
        return step_size(s, c);
    case EXTENSION:
        return step_dropped(s, c, EXTENSION, SIZE_LF);
    case SIZE_LF:
        return c == '\n' ? after_size(s) : BROKEN;
    case DATA_CR:
        return c == '\r' ? DATA_LF : BROKEN;
    case DATA_LF:
        return c == '\n' ? SIZE : BROKEN;
    case TRAILER_START:
        if (c == '\r')
            return END_LF;
        s->line = 0;
        return token_char[(unsigned char)c] ? step_dropped(s, c, TRAILER, BROKEN) : BROKEN;
    case TRAILER:
        if (s->line == 0 && c == ':')
            s->line = 1; /* the name is over */
        else if (s->line == 0 && !token_char[(unsigned char)c])
            return BROKEN;
        return step_dropped(s, c, TRAILER, TRAILER_LF);
    case TRAILER_LF:
        return c == '\n' ? TRAILER_START : BROKEN;
    case END_LF:
        return c == '\n' ? DONE : BROKEN;
    default:
        return BROKEN;
    }
}

parse_step parse_chunk(parse_chunks *s, str in, size_t *at, str *data)
{
    while (s->state != DONE && s->state != BROKEN && *at < in.n) {
        if (s->state == DATA) {
            size_t n = in.n - *at < s->left ? in.n - *at : (size_t)s->left;
            *data = str_sub(in, *at, *at + n);
            *at += n;
            s->left -= n;
            if (s->left == 0)
                s->state = DATA_CR;
            return PARSE_DATA;
        }
        s->state = step(s, in.p[(*at)++]);
    }
    if (s->state == DONE)
        return PARSE_END;
    return s->state == BROKEN ? PARSE_BAD : PARSE_MORE;
}
