/* heading_tell — findings of a table's heading, the same for text and for sheets: notes above it, none, several rows, columns
 * without a name or with that of another. Of one kind the first few columns are named, the rest is counted. C12. */
#ifndef HEADING_TELL_H
#define HEADING_TELL_H
#include "kit/table/block.h"

/* `levels`: rows of titles, without a second row of other names; `line`: the first row's. */
bool heading_tell(ctx *c, const table_head *h, size_t levels, uint64_t line, const table_sink *to) nodiscard;
#endif
