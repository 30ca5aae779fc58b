/* licence — what follows from the licences in the register: which licence a
 * work made of several datasets may bear, and what must be said of its
 * sources. Requirement E2. Pure: it reads the vocabulary only.
 *
 * `compatible_with` of the register says which licences material may move to;
 * moving is transitive (OGDL-Taiwan-1.0 → CC BY 4.0 → CC BY-SA 4.0). A work of
 * several datasets may bear every licence that all of them may move to; terms of
 * somebody's own and those that forbid adaptations cannot be joined. This is a help
 * for people who combine data, not advice of a lawyer: the page says so. */
#ifndef LICENCE_H
#define LICENCE_H
#include "app/vocabulary/vocabulary.h"
#include "base.h"

typedef struct { const licence **v; size_t n, cap; } licences;

/* May material under `from` be given on under `to`? Also when they are the same. */
bool licence_moves_to(const licence *from, const licence *to);

/* Every licence of the register that all of `from` may move to, in the register's order. */
licences licence_combine(arena *a, const licences *from);

/* The attribution of the register with its {places} filled. */
str licence_attribution(arena *a, const licence *l, str publisher, str year, str title, str version);
#endif
