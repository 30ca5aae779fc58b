/* serial — numbers of a spreadsheet as text: what a cell format makes of a
 * number (date, time, or plain), days since the epoch as ISO 8601, and numbers
 * in the 15 digits that spreadsheets hold (ECMA-376 18.8.30, 18.17.4). */
#ifndef SERIAL_H
#define SERIAL_H
#include "base.h"

typedef enum { SERIAL_PLAIN, SERIAL_DATE, SERIAL_TIME, SERIAL_MOMENT } serial_form;

serial_form serial_of_format(str code);                /* "yyyy/m/d", "[$-404]e/m/d", "#,##0.00" … */
serial_form serial_of_builtin(unsigned id);            /* ids 0 to 163 mean the same in every file */
/* Adds ISO text; false (and nothing added) when the number is no date of the years 1 to 9999. */
bool serial_date(buf *b, double serial, serial_form form, bool since_1904);
/* At most 15 digits, no exponent where a person would write none; *long_number: there were more, and whole. */
void serial_number(buf *b, str text, bool *long_number);
void serial_double(buf *b, double v, bool *long_number);
#endif
