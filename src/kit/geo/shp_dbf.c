#include "kit/geo/shp_part.h"

#define SAMPLE ((uint64_t)4 << 20)

static bool damaged(ctx *c, const dbf *d)
{
    return fail(c, INVALID, "“%.*s” is damaged: its dBASE header does not hold together", S_ARG(d->s->name));
}

static bool choose_charset(ctx *c, dbf *d, const source *cpg)
{
    str said = { 0 };
    charset_choice is;
    if (cpg->size > 0 && cpg->size < 100 && !source_all(c, cpg, 100, &said))
        return false;
    said = str_trim(said);
    source texts = source_part(d->s, d->first, d->count * d->width < SAMPLE ? d->count * d->width : SAMPLE, d->s->name);
    if (!charset_decide(c, &texts, (str){ 0 }, &is))
        return false;
    /* Valid UTF-8 proves itself; beyond that .cpg is believed, and then what the characters look like. */
    charset_choice told;
    if (is.rule != CHARSET_ASCII && is.rule != CHARSET_VALID && said.n > 0) {
        if (charset_decide(c, &texts, said, &told))
            is = told;
        else
            err_clear(c);                   /* a .cpg that names nothing */
    }
    return str_eq(str_of(is.name), S("UTF-8")) || charset_open(c, is.name, &d->charset);
}

bool shp_dbf_open(ctx *c, const source *s, const source *cpg, dbf *d)
{
    unsigned char h[32];
    *d = (dbf){ .s = s };
    if (!source_get(c, s, 0, h, sizeof h))
        return false;
    size_t head = source_u16(h + 8);
    d->width = source_u16(h + 10);
    if (head < 65 || head > s->size || d->width < 2)
        return damaged(c, d);
    d->first = head;
    d->count = source_u32(h + 4);
    uint64_t whole = (s->size - head) / d->width;
    d->count = d->count < whole ? d->count : whole;
    unsigned char *f = arena_get(c->a, head);
    if (!source_get(c, s, 0, f, head) || !choose_charset(c, d, cpg))
        return false;
    d->record = mem_get(d->width);
    d->text = mem_get(CHARSET_ROOM(d->width));
    d->fields = new_n(c->a, dbf_field, head / 32);
    for (size_t at = 32, from = 1; at + 32 < head + 1 && f[at] != 0x0d && d->field_n < DBF_FIELDS_MAX; at += 32) {
        size_t n = f[at + 16] + (f[at + 11] == 'C' ? (size_t)f[at + 17] << 8 : 0);
        if (n > d->width - from)
            return damaged(c, d);
        str raw = str_dup(c->a, (str){ (const char *)f + at, strnlen((const char *)f + at, 11) });
        charset_text t;
        dbf_field k = { .type = (char)f[at + 11], .at = from, .n = n, .name = raw };
        if (!utf8_valid(raw, NULL)) {
            if (charset_read(c, raw, &t))
                k.name = t.text;
            else
                err_clear(c);
        }
        d->fields[d->field_n++] = k;
        from += n;
    }
    return d->field_n > 0 || damaged(c, d);
}

void shp_dbf_close(dbf *d)
{
    charset_close(d->charset);
    mem_free(d->record);
    mem_free(d->text);
}

bool shp_dbf_row(ctx *c, dbf *d, uint64_t i, bool *deleted)
{
    if (!source_get(c, d->s, d->first + i * d->width, d->record, d->width))
        return false;
    *deleted = d->record[0] == '*';
    return true;
}

static str clean(str s)
{
    size_t nul = str_find_byte(s, 0);
    s.n = nul;
    while (s.n > 0 && s.p[s.n - 1] == ' ')
        s.n--;
    return s;
}

/* Programs write a double into a field of so many places that digits follow which it never had (781862.000004000030458). Of more
 * digits than columns hold, those are given that make the same double. */
static str double_text(dbf *d, str s)
{
    enum { DIGITS_HELD = 18, ROOM = 40, FEWEST = 15, ALL = 17 };
    size_t digits = 0;
    double v, same;
    for (size_t i = 0; i < s.n; i++)
        digits += s.p[i] >= '0' && s.p[i] <= '9' && (digits > 0 || s.p[i] != '0');
    if (digits <= DIGITS_HELD || str_find_byte(s, '.') == s.n || !str_to_f64(s, &v))
        return s;
    for (int n = FEWEST; n <= ALL; n++) {
        str t = { d->text, (size_t)snprintf(d->text, ROOM, "%.*g", n, v) };
        if (str_find_byte(t, 'e') == t.n && str_to_f64(t, &same) && same == v)
            return t;
    }
    return s;
}

str shp_dbf_value(ctx *c, dbf *d, size_t field)
{
    const dbf_field *f = &d->fields[field];
    str s = clean((str){ d->record + f->at, f->n });
    if (f->type != 'C' && f->type != 'M') {
        s = str_trim(s);
        if (s.n == 0 || s.p[0] == '*' || (f->type == 'L' && s.p[0] == '?'))
            return (str){ 0 };
        if (f->type == 'D' && s.n == 8) {
            int n = snprintf(d->text, 16, "%.4s-%.2s-%.2s", s.p, s.p + 4, s.p + 6);
            return str_eq(s, S("00000000")) ? (str){ 0 } : (str){ d->text, (size_t)n };
        }
        if (f->type == 'L')
            return strchr("TtYy", s.p[0]) != NULL ? S("true") : S("false");
        return f->type == 'N' || f->type == 'F' ? double_text(d, s) : s;
    }
    if (d->charset == NULL || s.n == 0)
        return s.n > 0 ? s : (str){ 0 };
    size_t used, made;
    if (!charset_decode(c, d->charset, s, true, d->text, CHARSET_ROOM(s.n), &used, &made)) {
        err_clear(c);
        return (str){ 0 };
    }
    return (str){ d->text, made };
}
