#include "kit/conf/conf.h"

#include <ctype.h>
#include <stdlib.h>

typedef enum { TEXT, INT, REAL, BOOL } kind;

static const struct {
    const char *name, *def, *what;
    kind k;
} rows[] = {
#define SETTING(name, kind, def, what) { #name, def, what, kind },
#include "kit/conf/settings.def"
#undef SETTING
};

static bool is_true(str s)
{
    return str_ieq(s, S("true")) || str_ieq(s, S("yes")) || str_ieq(s, S("on")) || str_eq(s, S("1"));
}

static bool is_false(str s)
{
    return str_ieq(s, S("false")) || str_ieq(s, S("no")) || str_ieq(s, S("off")) || str_eq(s, S("0"));
}

bool conf_set(ctx *c, conf *k, str name, str value, conf_source from)
{
    int64_t i;
    double r;
    for (int at = 0; at < CONF_COUNT; at++) {
        if (!str_eq(name, str_of(rows[at].name)))
            continue;
        if (rows[at].k == INT && (!str_to_i64(value, &i) || i < 0))
            return fail_field(c, INVALID, name, "setting %.*s: “%.*s” is not a whole number", S_ARG(name), S_ARG(value));
        if (rows[at].k == REAL && (!str_to_f64(value, &r) || r < 0))
            return fail_field(c, INVALID, name, "setting %.*s: “%.*s” is not a number", S_ARG(name), S_ARG(value));
        if (rows[at].k == BOOL && !is_true(value) && !is_false(value))
            return fail_field(c, INVALID, name, "setting %.*s: want true or false, not “%.*s”", S_ARG(name), S_ARG(value));
        k->value[at] = str_dup(c->a, value);
        k->from[at] = from;
        return true;
    }
    return fail_field(c, INVALID, name, "there is no setting “%.*s”: `openshelf settings` lists them", S_ARG(name));
}

static bool load_file(ctx *c, str path, conf *k)
{
    str text, line;
    if (!file_exists(c, path))
        return true;
    if (!file_read(c, path, 1 << 20, &text))
        return false;
    for (int number = 1; str_next(&text, '\n', &line); number++) {
        str name, value;
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (!str_cut(line, S("="), &name, &value))
            return fail(c, INVALID, "%.*s line %d: want name = value", S_ARG(path), number);
        if (!conf_set(c, k, str_trim(name), str_trim(value), CONF_FROM_FILE)) {
            c->err.message = str_fmt(c->a, "%.*s line %d: %.*s", S_ARG(path), number, S_ARG(c->err.message));
            return false;
        }
    }
    return true;
}

bool conf_load(ctx *c, str data_dir, conf *out)
{
    *out = (conf){ 0 };
    for (int at = 0; at < CONF_COUNT; at++)
        out->value[at] = str_of(rows[at].def);
    if (!load_file(c, file_join(c->a, data_dir, S("openshelf.conf")), out))
        return false;
    for (int at = 0; at < CONF_COUNT; at++) {
        char *name = str_z(c->a, str_fmt(c->a, "OPENSHELF_%s", rows[at].name));
        for (char *p = name; *p != 0; p++)
            *p = (char)toupper((unsigned char)*p);
        const char *value = getenv(name);
        if (value != NULL && !conf_set(c, out, str_of(rows[at].name), str_of(value), CONF_FROM_ENVIRONMENT))
            return false;
    }
    return true;
}

str conf_text(const conf *k, conf_key key)
{
    return k->value[key];
}

int64_t conf_int(const conf *k, conf_key key)
{
    int64_t v = 0;
    must(rows[key].k == INT && str_to_i64(k->value[key], &v));
    return v;
}

double conf_real(const conf *k, conf_key key)
{
    double v = 0;
    must(rows[key].k == REAL && str_to_f64(k->value[key], &v));
    return v;
}

bool conf_bool(const conf *k, conf_key key)
{
    must(rows[key].k == BOOL);
    return is_true(k->value[key]);
}

const char *conf_name(conf_key key)
{
    return rows[key].name;
}

const char *conf_what(conf_key key)
{
    return rows[key].what;
}

const char *conf_source_name(conf_source s)
{
    static const char *const names[] = { "default", "file", "environment", "flag" };
    return names[s];
}
