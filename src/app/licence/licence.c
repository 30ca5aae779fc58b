#include "app/licence/licence.h"

enum { STEPS_MAX = 8 };    /* of moving; the register has no longer way, and rings end here */

static bool moves(const licence *from, str to, int steps)
{
    if (str_eq(from->code, to))
        return true;
    if (steps == 0)
        return false;
    str rest = from->compatible_with, code;
    while (str_next(&rest, ' ', &code)) {
        const licence *next = code.n > 0 ? licence_by_code(code) : NULL;
        if (next != NULL && next != from && moves(next, to, steps - 1))
            return true;
    }
    return false;
}

bool licence_moves_to(const licence *from, const licence *to)
{
    return moves(from, to->code, STEPS_MAX);
}

/* Terms that somebody wrote for themselves are not the same because they bear the same code here; and what
 * forbids adaptations (ND) may not be joined with anything. */
static bool joins(const licence *l)
{
    return !str_eq(l->family, S("custom")) && !str_has(l->code, S("-ND"));
}

licences licence_combine(arena *a, const licences *from)
{
    const vocabulary *voc = vocabulary_get();
    licences out = { 0 };
    for (size_t i = 0; i < voc->licences.n && from->n > 0; i++) {
        bool all = true;
        for (size_t k = 0; k < from->n && all; k++)
            all = joins(from->v[k]) && licence_moves_to(from->v[k], &voc->licences.v[i]);
        if (all)
            list_add(a, &out, &voc->licences.v[i]);
    }
    return out;
}

str licence_attribution(arena *a, const licence *l, str publisher, str year, str title, str version)
{
    str s = str_replace(a, l->attribution, S("{publisher}"), publisher);
    s = str_replace(a, s, S("{year}"), year);
    s = str_replace(a, s, S("{title}"), title);
    s = str_replace(a, s, S("{version}"), version);
    return str_replace(a, s, S("{url}"), l->url);
}
