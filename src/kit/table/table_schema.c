#include "kit/table/table_schema.h"

/* The next character that counts, folded; 0 at the end. */
static uint32_t next_folded(str *s)
{
    size_t at = 0;
    while (s->n > 0) {
        uint32_t code = utf8_next(*s, &at);
        *s = str_from(*s, at);
        at = 0;
        if (code >= 0xff01 && code <= 0xff5e)
            code -= 0xfee0;             /* full width */
        if (code >= 'A' && code <= 'Z')
            return code + 32;
        if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9') || code == '%')
            return code;
        if (code == 0x81fa)
            return 0x53f0;              /* 臺 */
        if (code > 0x7f && code != 0x3000 && code != 0xfeff && code != 0xa0)
            return code;
    }
    return 0;
}

bool table_title_alike(str x, str y)
{
    uint32_t a, b;
    bool any = false;
    do {
        a = next_folded(&x);
        b = next_folded(&y);
        any = any || a != 0;
    } while (a == b && a != 0);
    return a == b && any;
}

/* Without folders, and without an ending like .csv. */
static str bare_name(str s)
{
    for (size_t i = s.n; i-- > 0;)
        if (s.p[i] == '/') {
            s = str_from(s, i + 1);
            break;
        }
    for (size_t i = s.n; i-- > 1 && s.n - i <= 8;)
        if (s.p[i] == '.')
            return str_sub(s, 0, i);
    return s;
}

bool table_is_called(str name, str said)
{
    return str_eq(name, said) || table_title_alike(name, said) || table_title_alike(bare_name(name), bare_name(said));
}

static bool is_title(const table_field *f, str title, bool (*same)(str, str))
{
    if (same(f->title, title) || same(f->name, title))
        return true;
    for (size_t i = 0; i < f->also.n; i++)
        if (same(f->also.v[i], title))
            return true;
    return false;
}

static const table_field *by_title(const table_schema *s, const table_column_head *h, bool (*same)(str, str))
{
    const str titles[] = { h->title, h->second };
    for (size_t t = 0; t < array_len(titles); t++)
        for (size_t f = 0; titles[t].n > 0 && f < s->n; f++)
            if (is_title(&s->fields[f], titles[t], same))
                return &s->fields[f];
    return NULL;
}

const table_field *table_schema_field(const table_schema *s, const table_head *h, size_t i, table_match *how)
{
    table_match ignored;
    const table_field *f;
    bool nameless = true;
    how = how != NULL ? how : &ignored;
    *how = TABLE_MATCH_NONE;
    if (s == NULL)
        return NULL;
    *how = TABLE_MATCH_EXACT;
    if ((f = by_title(s, &h->cols[i], str_eq)) != NULL)
        return f;
    *how = TABLE_MATCH_ALIKE;
    if ((f = by_title(s, &h->cols[i], table_title_alike)) != NULL)
        return f;
    for (size_t k = 0; k < s->n; k++)
        nameless = nameless && str_empty(s->fields[k].title) && str_empty(s->fields[k].name);
    bool headless = str_empty(h->cols[i].title) && h->header_rows == 0 && s->n == h->col_count;
    *how = TABLE_MATCH_PLACE;
    if ((nameless || headless) && i < s->n)
        return &s->fields[i];
    *how = TABLE_MATCH_NONE;
    return NULL;
}

size_t *table_schema_places(ctx *c, const table_schema *s, const column_file *f)
{
    size_t cols = column_file_count(f), *out = new_n(c->a, size_t, s->n + 1);
    table_column_head *heads = new_n(c->a, table_column_head, cols + 1);
    table_head h = { .cols = heads, .col_count = cols };
    for (size_t i = 0; i < cols; i++) {
        const column_about *k = column_file_about(f, i);
        heads[i] = (table_column_head){ .title = k->title, .second = k->second };
        h.header_rows = k->title.n > 0 ? 1 : h.header_rows;
    }
    for (size_t i = 0; i < s->n; i++)
        out[i] = TABLE_NO_COLUMN;
    for (size_t i = cols; i-- > 0;) {   /* of two columns with one title the first */
        const table_field *k = table_schema_field(s, &h, i, NULL);
        if (k != NULL)
            out[k - s->fields] = i;
    }
    return out;
}
