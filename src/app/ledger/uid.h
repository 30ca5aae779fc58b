/* uid — permanent identifiers made from what a thing is known by: UUIDs of
 * version 8 (RFC 9562) from SHA-256, so that every node gives the same. And
 * slugs, the last part of an address: [a-z0-9_-], 2 to 100 characters. */
#ifndef UID_H
#define UID_H
#include "base.h"

str  uid_from(arena *a, str space, str x, str y);
bool uid_is(str s);                       /* has the form of a UUID */
str  uid_slug(arena *a, str wish);        /* "" when nothing usable is left */
#endif
