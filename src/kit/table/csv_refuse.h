/* csv_refuse — bytes that are no table in text, whatever their name says: they
 * are refused with what they are. */
#ifndef CSV_REFUSE_H
#define CSV_REFUSE_H
#include "base.h"

bool csv_refuse(ctx *c, str text) nodiscard;           /* false: INVALID */
#endif
