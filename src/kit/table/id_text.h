/* id_text — numbers and addresses that Taiwan's tables are full of, with their
 * check digits: 統一編號 (weights 1 2 1 2 1 2 4 1, rule of 2023), 國民身分證 and
 * 統一證號, telephone numbers, e-mail, web addresses. No memory. */
#ifndef ID_TEXT_H
#define ID_TEXT_H
#include "base.h"

typedef enum { ID_NONE, ID_WRONG, ID_RIGHT } id_verdict;    /* not its form; the form with a wrong check digit; right */

id_verdict id_business(str s);
id_verdict id_national(str s);          /* citizens, residents (2021), residents (before) */
bool       id_mobile(str s);            /* 09xx-xxx-xxx, with or without hyphens and blanks */
bool       id_phone(str s);             /* that, or a landline with its area code, +886, extension */
bool       id_email(str s);
bool       id_url(str s);
#endif
