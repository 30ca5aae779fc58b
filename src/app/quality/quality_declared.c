#include "app/quality/quality_declared.h"

enum { NAME_CHARS = 40, FINDINGS_EACH = 20 };

/* --- names --- */

static uint32_t half_width(uint32_t code)
{
    return code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code == 0x3000 ? ' ' : code;
}

/* How names are compared when they are not the same to the byte: letters and digits of either width, 臺 and 台,
 * brackets, blanks, hyphens and case count as one. */
static str quality_name_folded(arena *a, str name)
{
    buf b = buf_in(a);
    for (size_t i = 0; i < name.n;) {
        uint32_t code = half_width(utf8_next(name, &i));
        char bytes[4];
        if (code == 0x53f0)                     /* 台: most write 臺 */
            code = 0x81fa;
        if (code >= 'A' && code <= 'Z')
            code += 'a' - 'A';
        bool passed = code <= ' ' || (code < 128 && strchr("()[]{}<>_-.\"'", (int)code) != NULL) || code == 0xfeff || code == 0x3010
                   || code == 0x3011 || code == 0x300c || code == 0x300d || code == 0x3014 || code == 0x3015 || code == 0x2010 || code == 0x2013;
        if (!passed)
            buf_add(&b, (str){ bytes, utf8_encode(code, bytes) });
    }
    return buf_str(&b);
}

static bool opens(uint32_t code)
{
    return code == '(' || code == '[' || code == 0xff08 || code == 0x3010 || code == 0x300c || code == 0x3014;
}

static bool closes(uint32_t code)
{
    return code == ')' || code == ']' || code == 0xff09 || code == 0x3011 || code == 0x300d || code == 0x3015;
}

static bool parts(uint32_t code)
{
    return code == 0x3001 || code == 0xff0c || code == ',' || code == ';' || code == 0xff1b || code == '\n' || code == '\r' || code == '\t'
        || code == '|';
}

/* "1." "(2)" "03、" before a name. */
static str unnumbered(str s)
{
    size_t i = s.n > 0 && s.p[0] == '(' ? 1 : 0, digits = i;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
        i++;
    if (i == digits || i - digits > 3 || i >= s.n || (s.p[i] != '.' && s.p[i] != ')'))
        return s;
    str rest = str_trim(str_from(s, i + 1));
    return rest.n > 0 && !(rest.p[0] >= '0' && rest.p[0] <= '9') ? rest : s;       /* 1.5 is no numbering */
}

/* "name：what it means" → name; "name(English)" → name and what is in the brackets. */
static quality_field field_of(str part)
{
    str s = unnumbered(str_trim(part));
    for (size_t i = 0, at = 0; i < s.n; at = i) {
        uint32_t code = utf8_next(s, &i);
        if (at > 0 && (code == ':' || code == 0xff1a)) {
            s = str_trim(str_sub(s, 0, at));
            break;
        }
    }
    if (str_ends(s, S("。")))
        s = str_sub(s, 0, s.n - 3);
    quality_field f = { .name = s, .said = s };
    for (size_t i = 0, at = 0; i < s.n; at = i)
        if (opens(utf8_next(s, &i)) && at > 0) {
            str inside = str_from(s, i);
            size_t end = 0;
            for (size_t k = 0; k < inside.n && !closes(utf8_next(inside, &k));)
                end = k;
            f.name = str_trim(str_sub(s, 0, at));
            f.also = str_trim(str_sub(inside, 0, end));
            break;
        }
    return f;
}

static void split(ctx *c, str text, bool in_brackets_too, quality_fields *out, size_t *prose)
{
    size_t from = 0, at = 0;
    int depth = 0;
    for (size_t i = 0; at <= text.n; at = i) {
        uint32_t code = at < text.n ? utf8_next(text, &i) : '\n';
        depth += opens(code) ? 1 : closes(code) && depth > 0 ? -1 : 0;
        if (at < text.n && (!parts(code) || (depth > 0 && !in_brackets_too)))
            continue;
        quality_field f = field_of(str_sub(text, from, at));
        if (f.name.n > 0 && utf8_count(f.name) > NAME_CHARS)
            (*prose)++;
        else if (f.name.n > 0)
            list_add(c->a, out, f);
        if (at >= text.n)
            return;
        from = i;
    }
}

void quality_fields_read(ctx *c, str text, quality_fields *out)
{
    size_t prose = 0, depth_at_end = 0;
    *out = (quality_fields){ 0 };
    for (size_t i = 0; i < text.n;) {
        uint32_t code = utf8_next(text, &i);
        depth_at_end = opens(code) ? depth_at_end + 1 : closes(code) && depth_at_end > 0 ? depth_at_end - 1 : depth_at_end;
    }
    split(c, text, depth_at_end > 0, out, &prose);  /* a bracket that never closes holds nothing together */
    text = str_trim(text);
    bool sentences = str_find(text, S("。")) + strlen("。") < text.n;
    bool one_remark = out->n == 1 && prose == 0 && (str_has(text, S("。")) || str_has(text, S("資料")) || text.n > 60);
    if (prose * 3 > out->n || sentences || one_remark)
        *out = (quality_fields){ 0 };
}

/* --- dates --- */

quality_declared quality_declared_none(void)
{
    return (quality_declared){ .rows = -1, .first_day = DAY_NONE, .last_day = DAY_NONE };
}

static int64_t day_of(str text)
{
    int64_t ms;
    return day_read(str_trim(text), &ms) ? (ms + DAY_TAIPEI_MS) / DAY_MS : DAY_NONE;
}

void quality_period_read(str from, str to, quality_declared *out)
{
    out->first_day = day_of(from);
    out->last_day = day_of(to);
    if (out->first_day != DAY_NONE && out->last_day != DAY_NONE && out->first_day > out->last_day)
        out->first_day = out->last_day = DAY_NONE;
}

bool quality_days_of(const column_about *k, int64_t *first, int64_t *last)
{
    if (!k->stats.has_keys)
        return false;
    switch (column_type_key(k->type)) {
    case COLUMN_KEY_DAY:
        *first = k->stats.min_key;
        *last = k->stats.max_key + (k->type == COLUMN_month ? 30 : k->type == COLUMN_quarter ? 91 : 0);
        return true;
    case COLUMN_KEY_MOMENT:
        *first = (k->stats.min_key + DAY_TAIPEI_MS) / DAY_MS;
        *last = (k->stats.max_key + DAY_TAIPEI_MS) / DAY_MS;
        return true;
    default:
        return false;
    }
}

/* --- comparing --- */

static str last_part(str title)
{
    size_t dot = str_rfind_byte(title, '.'), slash = str_rfind_byte(title, '/');
    size_t at = dot < title.n && (slash >= title.n || dot > slash) ? dot : slash;
    return at + 1 < title.n ? str_from(title, at + 1) : title;
}

static bool same_as(const quality_field *f, str title)
{
    return title.n > 0 && (str_eq(f->said, title) || str_eq(f->name, title) || (f->also.n > 0 && str_eq(f->also, title)));
}

static bool folded_as(arena *a, const quality_field *f, str title)
{
    if (title.n == 0)
        return false;
    quality_field t = field_of(title);
    str whole = quality_name_folded(a, title), name = quality_name_folded(a, t.name);
    str said = quality_name_folded(a, f->said), short_said = quality_name_folded(a, f->name), also = quality_name_folded(a, f->also);
    return said.n > 0 && (str_eq(said, whole) || str_eq(short_said, whole) || str_eq(said, name) || str_eq(short_said, name)
                          || (also.n > 0 && str_eq(also, whole)));
}

enum { FIELD_ABSENT, FIELD_OTHERWISE, FIELD_SAME };

/* The column that a field means; one that no other field has taken. */
static int column_for(arena *a, const quality_field *f, const quality_content *is, const bool *taken, size_t *at)
{
    for (size_t i = 0; i < is->count; i++) {
        const quality_heading *h = &is->headings[i];
        if (!taken[i] && (same_as(f, h->title) || same_as(f, h->second) || same_as(f, last_part(h->title)) || same_as(f, h->name))) {
            *at = i;
            return FIELD_SAME;
        }
    }
    for (size_t i = 0; i < is->count; i++) {
        const quality_heading *h = &is->headings[i];
        if (!taken[i] && (folded_as(a, f, h->title) || folded_as(a, f, h->second) || folded_as(a, f, last_part(h->title)))) {
            *at = i;
            return FIELD_OTHERWISE;
        }
    }
    return FIELD_ABSENT;
}

static void find(ctx *c, quality_findings *out, const char *code, size_t col, str sample)
{
    size_t same = 0;
    for (size_t i = 0; i < out->n; i++)
        same += strcmp(out->v[i].code, code) == 0;
    if (same < FINDINGS_EACH)
        list_add(c->a, out, (table_finding){ .code = code, .col = col, .sample = sample, .count = 1 });
    else
        for (size_t i = 0; i < out->n; i++)
            if (strcmp(out->v[i].code, code) == 0) {
                out->v[i].count++;
                break;
            }
}

static void compare_fields(ctx *c, const quality_declared *said, const quality_content *is, quality_findings *out)
{
    bool *taken = new_n(c->a, bool, is->count + 1), ordered = true;
    size_t last = 0, met = 0;
    for (size_t i = 0; i < said->fields.n; i++) {
        const quality_field *f = &said->fields.v[i];
        size_t at = 0;
        int how = column_for(c->a, f, is, taken, &at);
        if (how == FIELD_ABSENT) {
            find(c, out, "field_missing", 0, f->said);
            continue;
        }
        if (how == FIELD_OTHERWISE)
            find(c, out, "field_spelling", at + 1, str_fmt(c->a, "%.*s ≠ %.*s", S_ARG(f->said), S_ARG(is->headings[at].title)));
        ordered = ordered && (met == 0 || at > last);
        taken[at] = true;
        last = at;
        met++;
    }
    if (!ordered)
        find(c, out, "field_order", last + 1, is->headings[last].title);
    for (size_t i = 0; met > 0 && i < is->count; i++)
        if (!taken[i] && !str_eq(is->headings[i].title, S("geometry")))
            find(c, out, "field_extra", i + 1, is->headings[i].title);
}

static str day_text(arena *a, int64_t day)
{
    return day_iso_date(a, day * DAY_MS);
}

void quality_compare(ctx *c, const quality_declared *said, const quality_content *is, quality_findings *out)
{
    if (said->fields.n > 0 && is->count > 0)
        compare_fields(c, said, is, out);
    if (said->rows >= 0 && is->rows >= 0 && said->rows != is->rows)
        find(c, out, "count_differs", 0, str_fmt(c->a, "%" PRId64 " ≠ %" PRId64, said->rows, is->rows));
    if (is->first_day == DAY_NONE || is->last_day == DAY_NONE)
        return;
    bool after = said->last_day != DAY_NONE && is->first_day > said->last_day;
    bool before = said->first_day != DAY_NONE && is->last_day < said->first_day;
    if (after || before)
        find(c, out, "period_differs", 0, str_fmt(c->a, "%.*s – %.*s", S_ARG(day_text(c->a, is->first_day)), S_ARG(day_text(c->a, is->last_day))));
}
