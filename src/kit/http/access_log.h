/* access_log — a logfmt line for each request, gathered per loop and written in
 * blocks (at most a second late). Never the query: it can hold keys. */
#ifndef ACCESS_LOG_H
#define ACCESS_LOG_H
#include "kit/http/conn.h"

void access_log_add(loop *l, const job *j, int64_t took_us);
void access_log_tick(loop *l);          /* writes what is a second old */
void access_log_flush(loop *l);
#endif
