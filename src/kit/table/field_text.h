/* field_text — values that a schema spells in its own way (1.234,5; 24.12.2023;
 * yes and no by words of its own), in the spelling that column_type_read knows.
 * No state; borrowed texts. */
#ifndef FIELD_TEXT_H
#define FIELD_TEXT_H
#include "kit/table/column_type.h"

#define FIELD_TEXT_ROOM 64

typedef struct {
    bool own;                   /* any of the below: else values are read as they stand */
    str_list yes, no;           /* both empty: the words we know */
    str decimal, group;         /* empty: a point; a comma */
    bool dressed;               /* a number may have text around it: 95 %, NT$100 */
    str format;                 /* of dates: %Y-%m-%d; empty: any that we know */
} field_spelling;

/* The value of a column of this type in our spelling; p == NULL: it is none. room: FIELD_TEXT_ROOM bytes. */
str  field_text(const field_spelling *f, column_type t, str s, char *room);
bool field_text_knows(str format);                              /* all its directives: Y y m d H M S T F and % */
#endif
