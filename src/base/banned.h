/* banned — these do not compile above base: they cut silently, keep hidden
 * state, or depend on the locale. Use buf, str, day instead. */
#ifndef BANNED_H
#define BANNED_H
#ifndef BANNED_OFF
/* Their declarations first: a poisoned name may not even be declared. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef strtok
#undef gets
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok strtok_r gets atoi atol atof \
    localtime gmtime asctime ctime strerror setlocale
#endif
#endif
