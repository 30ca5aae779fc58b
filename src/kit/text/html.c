#include "kit/text/html.h"

/* What becomes of a byte: 0 stays, DROP is left out, others by their text. */
enum { DROP = 1, AMP, LESS, MORE, QUOTE, APOSTROPHE };
#define IN_TEXT [0 ... 8] = DROP, [0x0b] = DROP, [0x0c] = DROP, [0x0e ... 0x1f] = DROP, ['&'] = AMP, ['<'] = LESS, ['>'] = MORE
static const unsigned char text_escape[256] = { IN_TEXT };
static const unsigned char attr_escape[256] = { IN_TEXT, ['"'] = QUOTE, ['\''] = APOSTROPHE };

/* Copies runs that need nothing; control characters other than tab and line ends are dropped. */
static void escape(buf *o, str x, const unsigned char table[256])
{
    static const str texts[] = { [AMP] = S_INIT("&amp;"), [LESS] = S_INIT("&lt;"), [MORE] = S_INIT("&gt;"),
                                 [QUOTE] = S_INIT("&quot;"), [APOSTROPHE] = S_INIT("&#39;") };
    for (size_t from = 0, i = 0;; from = ++i) {
        while (i < x.n && table[(unsigned char)x.p[i]] == 0)
            i++;
        buf_add(o, str_sub(x, from, i));
        if (i >= x.n)
            return;
        buf_add(o, texts[table[(unsigned char)x.p[i]]]);
    }
}

void html_put_html(buf *o, html x)
{
    buf_add(o, x.s);
}

void html_put_str(buf *o, str x)
{
    escape(o, x, text_escape);
}

void html_put_z(buf *o, const char *x)
{
    escape(o, str_of(x), text_escape);
}

void html_put_int(buf *o, int64_t x)
{
    buf_i64(o, x);
}

void html_put_size(buf *o, size_t x)
{
    buf_i64(o, (int64_t)x);
}

void html_attr_str(buf *o, str x)
{
    escape(o, x, attr_escape);
}

void html_attr_z(buf *o, const char *x)
{
    escape(o, str_of(x), attr_escape);
}

static bool may_link(str url)
{
    static const char *const schemes[] = { "http://", "https://", "mailto:", "tel:" };
    if (url.n == 0)
        return true;
    if (url.p[0] == '/' || url.p[0] == '?' || url.p[0] == '#')
        return !(url.n > 1 && url.p[0] == '/' && (url.p[1] == '/' || url.p[1] == '\\'));
    for (size_t i = 0; i < array_len(schemes); i++) {
        str s = str_of(schemes[i]);
        if (url.n >= s.n && str_ieq(str_sub(url, 0, s.n), s))
            return true;
    }
    return false;
}

void html_url(buf *o, str url)
{
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] < 0x20) { /* browsers skip these: java\tscript: */
            buf_byte(o, '#');
            return;
        }
    if (may_link(url))
        escape(o, url, attr_escape);
    else
        buf_byte(o, '#');
}

html html_lines(arena *a, str text)
{
    buf b = buf_in(a);
    str line;
    for (bool first = true; str_next(&text, '\n', &line); first = false) {
        if (!first)
            buf_add(&b, S("<br>"));
        if (str_ends(line, S("\r")))
            line.n--;
        html_put_str(&b, line);
    }
    return (html){ buf_str(&b) };
}

/* The address that starts here: up to a blank, a quote, an angle bracket or CJK punctuation. */
static size_t address_end(str s, size_t from)
{
    size_t i = from;
    while (i < s.n) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch <= ' ' || ch == '"' || ch == '\'' || ch == '<' || ch == '>' || ch >= 0x80)
            break;
        i++;
    }
    while (i > from && strchr(".,;:!?)]", s.p[i - 1]) != NULL)
        i--;
    return i;
}

html html_link_text(arena *a, str text)
{
    buf b = buf_in(a);
    size_t from = 0;
    for (size_t i = 0; i < text.n;) {
        str rest = str_from(text, i);
        if (rest.p[0] != 'h' || (!str_starts(rest, S("http://")) && !str_starts(rest, S("https://")))) {
            i++;
            continue;
        }
        size_t end = address_end(text, i);
        str url = str_sub(text, i, end);
        html_put_html(&b, html_lines(a, str_sub(text, from, i)));
        buf_add(&b, S("<a rel=\"nofollow noopener\" href=\""));
        html_url(&b, url);
        buf_add(&b, S("\">"));
        html_put_str(&b, url);
        buf_add(&b, S("</a>"));
        from = i = end;
    }
    html_put_html(&b, html_lines(a, str_from(text, from)));
    return (html){ buf_str(&b) };
}

html html_mark(arena *a, str text, const str_list *words)
{
    buf b = buf_in(a);
    size_t from = 0;
    for (size_t i = 0; i < text.n;) {
        size_t longest = 0;
        for (size_t w = 0; words != NULL && w < words->n; w++) {
            str word = words->v[w];
            if (word.n > longest && text.n - i >= word.n && str_ieq(str_sub(text, i, i + word.n), word))
                longest = word.n;
        }
        if (longest == 0) {
            i++;
            continue;
        }
        html_put_str(&b, str_sub(text, from, i));
        buf_add(&b, S("<mark>"));
        html_put_str(&b, str_sub(text, i, i + longest));
        buf_add(&b, S("</mark>"));
        from = i += longest;
    }
    html_put_str(&b, str_from(text, from));
    return (html){ buf_str(&b) };
}
