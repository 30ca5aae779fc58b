/* conf — the settings of a site, from settings.def. Values are text with a
 * source; typed getters must() on a name that is not in the table, since that
 * is a mistake of ours. Values are checked when they are set. */
#ifndef CONF_H
#define CONF_H
#include "base.h"

typedef enum {
#define SETTING(name, kind, def, what) CONF_##name,
#include "kit/conf/settings.def"
#undef SETTING
    CONF_COUNT
} conf_key;

typedef enum { CONF_FROM_DEFAULT, CONF_FROM_FILE, CONF_FROM_ENVIRONMENT, CONF_FROM_FLAG } conf_source;

typedef struct {
    str         value[CONF_COUNT];
    conf_source from[CONF_COUNT];
} conf;

bool conf_load(ctx *c, str data_dir, conf *out) nodiscard;    /* defaults, file, environment; INVALID names the line */
bool conf_set(ctx *c, conf *k, str name, str value, conf_source from) nodiscard;

str     conf_text(const conf *k, conf_key key);
int64_t conf_int(const conf *k, conf_key key);
double  conf_real(const conf *k, conf_key key);
bool    conf_bool(const conf *k, conf_key key);

const char *conf_name(conf_key key);
const char *conf_what(conf_key key);
const char *conf_source_name(conf_source s);
#endif
