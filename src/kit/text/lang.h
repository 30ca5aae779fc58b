/* lang — phrases in the reader's language. msgids are English; catalogues are
 * gettext .po files (po/), compiled by msgfmt and embedded; lang.c reads the
 * .mo form itself, since gettext's own functions know one language a process.
 *
 * T(c, "Datasets") is the phrase. Phrases with values name them: lang_with(c,
 * "{n} datasets of {name}", …) — the order is free in every language. */
#ifndef LANG_H
#define LANG_H
#include "base.h"

bool lang_load(lang_id l, str mo_bytes) nodiscard;     /* at start-up; false: not a .mo file */
str  lang_get(lang_id l, const char *msgid);           /* the msgid itself when untranslated */
const char *lang_tag(lang_id l);                       /* zh-Hant, en */
str  lang_pick(const ctx *c, str zh, str en);           /* of a text that is stored in both: the reader's, where there is one */

typedef str_arg lang_arg;
#define lang_with(c, msgid, ...)                                                                      \
    lang_put((c), (msgid), (const lang_arg[]){ __VA_ARGS__ },                                         \
             sizeof((const lang_arg[]){ __VA_ARGS__ }) / sizeof(lang_arg))
str  lang_put(ctx *c, const char *msgid, const lang_arg *args, size_t n);   /* {name} replaced by its value */
#define T(c, msgid) lang_get((c)->lang, (msgid))
#endif
