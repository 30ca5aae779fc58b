#include "kit/table/column_type.h"

#include "kit/table/date_text.h"
#include "kit/table/number_text.h"

typedef struct { const char *name, *schema, *title; column_key_kind key; } type_row;

static const type_row types[COLUMN_TYPES] = {
#define COLUMN_TYPE(code, key, schema, title) { #code, schema, title, COLUMN_KEY_##key },
#include "kit/table/column_type.def"
#undef COLUMN_TYPE
};

const char *column_type_name(column_type t)
{
    return types[t].name;
}

const char *column_type_title(column_type t)
{
    return types[t].title;
}

const char *column_type_schema(column_type t)
{
    return types[t].schema;
}

column_key_kind column_type_key(column_type t)
{
    return types[t].key;
}

bool column_type_find(str name, column_type *out)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < COLUMN_TYPES; i++)
            if (str_eq(name, str_of(pass == 0 ? types[i].name : types[i].schema))) {
                *out = (column_type)i;
                return true;
            }
    return false;
}

static bool read_boolean(str s, int64_t *key)
{
    static const str yes[] = { S_INIT("是"), S_INIT("有"), S_INIT("y"), S_INIT("yes"), S_INIT("true"), S_INIT("1") };
    static const str no[] = { S_INIT("否"), S_INIT("無"), S_INIT("n"), S_INIT("no"), S_INIT("false"), S_INIT("0") };
    for (size_t i = 0; i < array_len(yes); i++) {
        bool is_yes = str_ieq(s, yes[i]);
        if (is_yes || str_ieq(s, no[i])) {
            *key = is_yes;
            return true;
        }
    }
    return false;
}

bool column_type_read(column_type t, unsigned scale, str text, int64_t *key)
{
    date_text d;
    number_text n;
    switch (types[t].key) {
    case COLUMN_KEY_NONE:
        return false;
    case COLUMN_KEY_NUMBER:
        if (t == COLUMN_boolean)
            return read_boolean(text, key);
        if (t == COLUMN_year && date_read_as(text, t, &d)) {
            *key = d.key;
            return true;
        }
        return number_read(text, &n) && (number_rescale(n.mantissa, n.decimals, scale, key)
                                         || (scale >= COLUMN_SCALE_FINE && number_round(n.mantissa, n.decimals, scale, key)));
    default:
        if (!date_read_as(text, t, &d))
            return false;
        *key = d.key;
        return true;
    }
}
