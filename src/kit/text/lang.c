#include "kit/text/lang.h"

/* A loaded catalogue: open addressing by msgid. Filled at start-up, before threads; never changed after. */
typedef struct {
    str msgid, text;
} phrase;

static struct {
    phrase *slots;
    size_t  mask;
} catalogues[LANG_COUNT]; /* once-initialised */

static uint32_t u32(str mo, size_t at)
{
    uint32_t v;
    memcpy(&v, mo.p + at, 4);
    return v;
}

static bool entry(str mo, size_t table, size_t i, str *out)
{
    size_t at = table + i * 8;
    if (at + 8 > mo.n)
        return false;
    size_t n = u32(mo, at), from = u32(mo, at + 4);
    if (from > mo.n || n > mo.n - from)
        return false;
    *out = (str){ mo.p + from, n };
    return true;
}

bool lang_load(lang_id l, str mo)
{
    if (mo.n < 20 || u32(mo, 0) != 0x950412de)
        return false;
    size_t n = u32(mo, 8), ids = u32(mo, 12), texts = u32(mo, 16);
    size_t slots = 16;
    while (slots < n * 2)
        slots *= 2;
    phrase *table = mem_get(slots * sizeof *table);
    for (size_t i = 0; i < n; i++) {
        phrase p;
        if (!entry(mo, ids, i, &p.msgid) || !entry(mo, texts, i, &p.text)) {
            mem_free(table);
            return false;
        }
        if (p.msgid.n == 0 || p.text.n == 0)
            continue; /* the head of the catalogue; what is not translated */
        size_t at = str_hash(p.msgid) & (slots - 1);
        while (table[at].msgid.n > 0)
            at = (at + 1) & (slots - 1);
        table[at] = p;
    }
    mem_free(catalogues[l].slots);
    catalogues[l].slots = table;
    catalogues[l].mask = slots - 1;
    return true;
}

str lang_get(lang_id l, const char *msgid)
{
    str id = str_of(msgid);
    const phrase *table = catalogues[l].slots;
    if (table == NULL)
        return id;
    for (size_t at = str_hash(id) & catalogues[l].mask; table[at].msgid.n > 0; at = (at + 1) & catalogues[l].mask)
        if (str_eq(table[at].msgid, id))
            return table[at].text;
    return id;
}

const char *lang_tag(lang_id l)
{
    static const char *const tags[] = { "zh-Hant", "en" };
    return tags[l];
}

str lang_pick(const ctx *c, str zh, str en)
{
    return c->lang == LANG_EN && en.n > 0 ? en : zh;
}

str lang_put(ctx *c, const char *msgid, const lang_arg *args, size_t n)
{
    return str_fill(c->a, T(c, msgid), args, n);
}
