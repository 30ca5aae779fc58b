#include "kit/table/maker.h"

#define NAME_MAX_BYTES 60       /* three less than an identifier may have: room for _99 */

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* An ASCII text as an identifier; empty when nothing of it can stay or it is not ASCII. */
static str identifier_of(arena *a, str s)
{
    char out[NAME_MAX_BYTES];
    size_t n = 0;
    s = str_trim(s);
    for (size_t i = 0; i < s.n && n < sizeof out; i++) {
        char c = s.p[i];
        if ((unsigned char)c >= 0x80)
            return (str){ 0 };
        if (is_letter(c) || (c >= '0' && c <= '9')) {
            bool joint = i > 0 && c >= 'A' && c <= 'Z' && n > 0 && out[n - 1] != '_' && s.p[i - 1] >= 'a' && s.p[i - 1] <= 'z';
            if (joint && n + 1 < sizeof out)
                out[n++] = '_';
            out[n++] = is_letter(c) ? (char)(c | 0x20) : c;
        } else if (n > 0 && out[n - 1] != '_') {
            out[n++] = '_';
        }
    }
    while (n > 0 && out[n - 1] == '_')
        n--;
    return n > 0 && is_letter(out[0]) ? str_dup(a, (str){ out, n }) : (str){ 0 };
}

static str old_name(const column_build *b, str title, size_t nth)
{
    const str_list *titles = b->plan.old_titles, *names = b->plan.old_names;
    if (titles == NULL || names == NULL || title.n == 0)
        return (str){ 0 };
    for (size_t i = 0; i < titles->n && i < names->n; i++)
        if (str_eq(titles->v[i], title) && nth-- == 0)
            return names->v[i];
    return (str){ 0 };
}

static str wanted_name(const column_build *b, const maker_column *k, size_t nth, bool *old)
{
    arena *a = b->a;
    str name = k->field != NULL ? identifier_of(a, k->field->name) : (str){ 0 };
    if (name.n == 0)
        name = old_name(b, k->title, nth);
    *old = name.n > 0;
    if (name.n == 0)
        name = identifier_of(a, k->second);
    if (name.n == 0)
        name = identifier_of(a, k->title);
    if (name.n == 0 && b->plan.words != NULL)
        name = utf8_cut(lexicon_term(b->plan.words, a, k->title), NAME_MAX_BYTES);
    return name.n > 0 ? name : str_fmt(a, "c%zu", k->index + 1);
}

/* The names that a schema or older versions gave are taken first, so that no new column takes one from under them. */
void maker_names(column_build *b)
{
    map taken = map_in(b->a), seen = map_in(b->a), twins = map_in(b->a);    /* twins: how many were tried, of 16,000 columns "a" */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < b->count; i++) {
            maker_column *k = &b->columns[i];
            bool old, is_new;
            if (pass == 0)
                k->same_before = (uint32_t)map_put(&seen, k->title, NULL)->i++;
            str name = wanted_name(b, k, k->same_before, &old);
            if ((pass == 0) != old)
                continue;
            str first = name, stem = utf8_cut(name, NAME_MAX_BYTES - 4);
            for ((void)map_put(&taken, name, &is_new); !is_new; (void)map_put(&taken, name, &is_new))
                name = str_fmt(b->a, "%.*s_%" PRId64, S_ARG(stem), ++map_put(&twins, first, NULL)->i + 1);
            k->name = name;
        }
}
