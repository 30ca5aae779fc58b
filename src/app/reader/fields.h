/* fields — what the readers share: texts of a record, dates, numbers, lists
 * that are packed into one text, and the open `extra` of what is left over. */
#ifndef FIELDS_H
#define FIELDS_H
#include "app/dataset/dataset.h"
#include "kit/text/json_read.h"

#define field(c, o, key) json_get_text((c), (o), (key))
str      fields_first(ctx *c, const json *o, const char *const *keys, size_t n);
int64_t  fields_time(str said);                      /* DAY_NONE when it is none */
int64_t  fields_count(str said);                     /* -1 when it is no number; commas are fine */
str_list fields_split(ctx *c, str packed, char sep); /* trimmed, empty ones kept */
/* Texts of one cell, joined by “;” (an address may hold one too: a new address has a scheme), or a JSON array. */
str_list fields_packed(ctx *c, str packed, bool addresses);
str_list fields_words(ctx *c, const json *list_or_text);   /* keywords: an array, or text packed with 、 , ; */
/* All keys of o that are not in `known`, as a JSON object: nothing that a source says is lost. */
str      fields_extra(ctx *c, const json *o, const char *const *known, size_t n);
bool     fields_is_comment(str key, const json *v);               /* personal data of commenters: never kept */
bool     fields_says_nothing(const json *v);         /* null, or empty */
distribution_draft *fields_file(ctx *c, dataset_draft *d);   /* one more, with the "not said" values */
#endif
