/* log — one logfmt line an event, to standard error. Values are quoted and
 * control characters escaped, so that nobody can forge a line. Never pass
 * query strings, tokens, or addresses of resources: they can hold keys. */
#ifndef LOG_H
#define LOG_H
#include "str.h"

typedef enum { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } log_level;

typedef struct {
    const char *name;
    enum { LOG_F_STR, LOG_F_INT } kind;
    str     s;
    int64_t i;
} log_field;

#define log_s(name, value) ((log_field){ (name), LOG_F_STR, (value), 0 })
#define log_i(name, value) ((log_field){ (name), LOG_F_INT, { 0 }, (int64_t)(value) })

void log_set_level(log_level least);
#define log_line(level, msg, ...)                                                                     \
    log_write((level), (msg), (const log_field[]){ __VA_ARGS__ },                                     \
              sizeof((const log_field[]){ __VA_ARGS__ }) / sizeof(log_field))
void log_write(log_level level, const char *msg, const log_field *fields, size_t n);
#endif
