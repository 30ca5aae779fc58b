#include "kit/text/charset.h"

#include "kit/text/charset_guess.h"
#include "kit/text/utf8_check.h"

#define WINDOW ((size_t)1 << 20)

const char *charset_rule_name(charset_rule rule)
{
    static const char *const names[] = { "declared", "bom", "zeros", "escapes", "ascii", "valid", "mostly", "common", "detected", "last" };
    return names[rule];
}

/* The names under which people and standards speak of encodings, upper case without - and _ and blanks. */
static const struct {
    const char *said, *name;
} aliases[] = {
    { "UTF8", "UTF-8" },        { "UTF8BOM", "UTF-8" },      { "UTF8SIG", "UTF-8" },      { "ASCII", "UTF-8" },
    { "USASCII", "UTF-8" },     { "BIG5", "CP950" },         { "CP950", "CP950" },        { "MS950", "CP950" },
    { "WINDOWS950", "CP950" },  { "BIG5ETEN", "CP950" },     { "XXBIG5", "CP950" },       { "BIG5HKSCS", "BIG5-HKSCS" },
    { "GB2312", "GB18030" },    { "GBK", "GB18030" },        { "CP936", "GB18030" },      { "GB18030", "GB18030" },
    { "UTF16", "UTF-16LE" },    { "UTF16LE", "UTF-16LE" },   { "UTF16BE", "UTF-16BE" },   { "UNICODE", "UTF-16LE" },
    { "UCS2", "UTF-16LE" },     { "UTF32", "UTF-32LE" },     { "UTF32LE", "UTF-32LE" },   { "UTF32BE", "UTF-32BE" },
    { "LATIN1", "WINDOWS-1252" }, { "ISO88591", "WINDOWS-1252" }, { "WINDOWS1252", "WINDOWS-1252" },
    { "SHIFTJIS", "CP932" },    { "SJIS", "CP932" },         { "EUCKR", "CP949" },
};

static const char *declared_name(ctx *c, str said)
{
    buf b = buf_in(c->a);
    for (size_t i = 0; i < said.n; i++)
        if (said.p[i] != '-' && said.p[i] != '_' && said.p[i] != ' ')
            buf_byte(&b, said.p[i] >= 'a' && said.p[i] <= 'z' ? (char)(said.p[i] - 'a' + 'A') : said.p[i]);
    for (size_t i = 0; i < array_len(aliases); i++)
        if (str_eq(buf_str(&b), str_of(aliases[i].said)))
            return aliases[i].name;
    return str_z(c->a, said);
}

/* Opened and never closed: libc would unload its table again. */
static void load_one(ctx *c, const char *name)
{
    charset_decoder *kept;
    if (!charset_open(c, name, &kept))
        err_clear(c);
}

void charset_load_all(ctx *c, str declared)
{
    static const char *const others[] = { "EUC-JP", "MACINTOSH" };      /* which neither people nor the detector name */
    size_t n;
    const char *const *known = charset_guess_known(&n);
    for (size_t i = 0; i < array_len(aliases); i++)
        load_one(c, aliases[i].name);
    for (size_t i = 0; i < array_len(others); i++)
        load_one(c, others[i]);
    for (size_t i = 0; i < n; i++)
        load_one(c, known[i]);
    if (!str_empty(declared))
        load_one(c, declared_name(c, declared));
}

static bool by_mark(str head, charset_choice *out)
{
    static const struct {
        str mark;
        const char *name;
    } marks[] = {
        { S_INIT("\xff\xfe\0\0"), "UTF-32LE" }, { S_INIT("\0\0\xfe\xff"), "UTF-32BE" }, { S_INIT("\xef\xbb\xbf"), "UTF-8" },
        { S_INIT("\xff\xfe"), "UTF-16LE" },     { S_INIT("\xfe\xff"), "UTF-16BE" },
    };
    for (size_t i = 0; i < array_len(marks); i++)
        if (str_starts(head, marks[i].mark)) {
            *out = (charset_choice){ .name = marks[i].name, .rule = CHARSET_BOM, .bom = marks[i].mark.n };
            return true;
        }
    return false;
}

/* Latin letters, digits, separators and line ends in UTF-16 and UTF-32 have zeros in always the same of their bytes. */
static const char *by_zeros(str head)
{
    size_t zeros[4] = { 0 }, n = head.n / 4 * 4;
    for (size_t i = 0; i < n; i++)
        zeros[i % 4] += head.p[i] == 0;
    size_t some = n / 32, all = n / 4;
    if (n < 8)
        return NULL;
    if (zeros[3] == all && zeros[2] > all * 3 / 4 && zeros[0] <= some)
        return "UTF-32LE";
    if (zeros[0] == all && zeros[1] > all * 3 / 4 && zeros[3] <= some)
        return "UTF-32BE";
    size_t even = zeros[0] + zeros[2], odd = zeros[1] + zeros[3];
    if (odd > n / 12 && even <= n / 256)
        return "UTF-16LE";
    return even > n / 12 && odd <= n / 256 ? "UTF-16BE" : NULL;
}

typedef struct {
    bool     is_valid, is_ascii;
    uint64_t bad_at;
} validity;

/* The whole source, window by window; a character over the edge of one is begun again with the next. */
static bool validate(ctx *c, const source *s, uint64_t from, validity *out)
{
    *out = (validity){ .is_valid = true, .is_ascii = true };
    arena_mark m = arena_here(c->a);
    char *window = s->memory == NULL ? arena_get(c->a, WINDOW) : NULL;
    bool ok = true;
    for (uint64_t at = from; ok && at < s->size && out->is_valid;) {
        str t = { s->memory != NULL ? s->memory + s->at + at : window, WINDOW < s->size - at ? WINDOW : (size_t)(s->size - at) };
        if (window != NULL && !(ok = source_some(c, s, at, window, WINDOW, &t.n)))
            break;
        size_t bad = t.n, tail = at + t.n < s->size ? utf8_check_tail(t) : 0;
        t.n -= tail;
        out->is_valid = utf8_check(t, &bad);
        out->bad_at = at + bad;
        out->is_ascii = out->is_ascii && charset_is_ascii(t);
        at += t.n;
    }
    arena_back(c->a, m);
    return ok;
}

/* The beginning, and what stands around the first byte that is not UTF-8: enough to count characters in. */
static bool sample_of(ctx *c, const source *s, uint64_t bad_at, str *head, str *there)
{
    size_t room = s->size < GUESS_SAMPLE ? (size_t)s->size : GUESS_SAMPLE;
    char *a = arena_get(c->a, room), *b = arena_get(c->a, room);
    *head = (str){ a, 0 };
    *there = (str){ b, 0 };
    if (!source_some(c, s, 0, a, room, &head->n))
        return false;
    return bad_at + 64 < GUESS_SAMPLE || source_some(c, s, bad_at, b, room, &there->n);
}

/* ISO 2022 is ASCII with escape sequences before and after each run of other characters. */
static bool by_escapes(ctx *c, const source *s, charset_choice *out)
{
    static const struct {
        str begins;
        const char *name;
    } sets[] = { { S_INIT("\x1b$B"), "ISO-2022-JP" }, { S_INIT("\x1b$@"), "ISO-2022-JP" }, { S_INIT("\x1b$)C"), "ISO-2022-KR" },
                 { S_INIT("\x1b$)A"), "ISO-2022-CN" } };
    char first[4096];
    str head = { first, 0 };
    if (!source_some(c, s, 0, first, sizeof first, &head.n)) {
        err_clear(c);          /* the file was just read: what changed since is told by who reads it next */
        return false;
    }
    for (size_t i = 0; i < array_len(sets); i++)
        if (str_has(head, sets[i].begins)) {
            *out = (charset_choice){ .name = sets[i].name, .rule = CHARSET_ESCAPES };
            return true;
        }
    return false;
}

static bool decide_by_text(ctx *c, const source *s, uint64_t from, charset_choice *out)
{
    validity v;
    if (!validate(c, s, from, &v))
        return false;
    if (v.is_valid && v.is_ascii && by_escapes(c, s, out))
        return true;
    if (v.is_valid) {
        out->name = "UTF-8";
        out->plain = true;
        out->rule = from > 0 ? out->rule : v.is_ascii ? CHARSET_ASCII : CHARSET_VALID;
        return true;
    }
    out->bad_at = v.bad_at;
    if (from > 0)                                      /* its mark says UTF-8: what is not is told where it stands */
        return true;
    arena_mark m = arena_here(c->a);
    str head, there;
    bool ok = sample_of(c, s, v.bad_at, &head, &there);
    if (ok)
        charset_guess(head, there, out);
    arena_back(c->a, m);
    return ok;
}

bool charset_decide(ctx *c, const source *s, str declared, charset_choice *out)
{
    char first[4096];
    str head = { first, 0 };
    *out = (charset_choice){ .name = "UTF-8" };
    if (!source_some(c, s, 0, first, sizeof first, &head.n))
        return false;
    bool marked = by_mark(head, out);
    if (!str_empty(declared)) {
        charset_choice said = { .name = declared_name(c, declared), .rule = CHARSET_DECLARED };
        charset_decoder *d;
        if (!charset_open(c, said.name, &d))
            return false;
        charset_close(d);
        /* Its own mark is no text; “UTF-16” leaves the order of bytes to it. */
        if (marked && (strcmp(said.name, out->name) == 0 || (charset_unit(said.name) == 2 && charset_unit(out->name) == 2)))
            said = (charset_choice){ .name = out->name, .rule = CHARSET_DECLARED, .bom = out->bom };
        *out = said;
        validity v;
        if (strcmp(out->name, "UTF-8") == 0) {
            if (!validate(c, s, out->bom, &v))
                return false;
            out->plain = v.is_valid;
            out->bad_at = v.bad_at;
        }
        return true;
    }
    if (marked)
        return strcmp(out->name, "UTF-8") != 0 || decide_by_text(c, s, out->bom, out);
    const char *wide = by_zeros(head);
    if (wide != NULL) {
        *out = (charset_choice){ .name = wide, .rule = CHARSET_ZEROS };
        return true;
    }
    return decide_by_text(c, s, 0, out);
}

bool charset_read(ctx *c, str bytes, charset_text *out)
{
    source s = source_memory(bytes, S("text"));
    charset_choice choice;
    if (!charset_decide(c, &s, (str){ 0 }, &choice))
        return false;
    bool marked_utf8 = choice.bom == 3;
    *out = (charset_text){ .name = marked_utf8 ? "UTF-8-BOM" : choice.name, .text = str_from(bytes, choice.bom) };
    if (choice.plain)
        return true;
    charset_decoder *d;
    if (!charset_open(c, choice.name, &d))
        return false;
    size_t room = CHARSET_ROOM(out->text.n), used, made, lost, i = 0;
    char *to = arena_get(c->a, room);
    bool ok = charset_decode(c, d, out->text, true, to, room, &used, &made);
    const charset_event *e = charset_events(d, &lost);
    while (i < lost && e[i].is_private)
        i++;
    if (ok && i < lost)
        ok = fail(c, INVALID, "the text looks like %s but is not at byte %zu", out->name, e[i].raw_at + choice.bom + 1);
    charset_close(d);
    out->text = (str){ to, made };
    return ok;
}
