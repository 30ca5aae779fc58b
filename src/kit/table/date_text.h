/* date_text — dates, months, quarters, years and times as tables of Taiwan
 * write them (docs/table-types.md). Where a year has one to three digits it is
 * of the ROC calendar. No memory. */
#ifndef DATE_TEXT_H
#define DATE_TEXT_H
#include "kit/table/column_type.h"

typedef struct {
    column_type type;       /* date, month, quarter, year, datetime or time */
    int64_t key;            /* as column_type.def says; year: as written */
    bool roc;
} date_text;

/* Whatever it is by its separators; never digits alone. */
bool date_read(str s, date_text *out) nodiscard;
/* Digits alone, as the type that is asked for: 20240105, 1040724, 860301, 0760221 (date), 201401, 11306 (month), 104, 2015
 * (year), 20240105123000 (datetime). */
bool date_read_digits(str s, column_type as, date_text *out) nodiscard;
/* Under a type, either way. */
bool date_read_as(str s, column_type as, date_text *out) nodiscard;
#endif
