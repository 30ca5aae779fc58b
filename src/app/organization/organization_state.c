#include "app/organization/organization_state.h"

#include "kit/text/json_write.h"

typedef struct {
    const char *name;
    size_t at;
    bool number;
} field;

#define TEXT(f) { #f, offsetof(organization_row, f), false }
#define INT(f) { #f, offsetof(organization_row, f), true }
static const field fields[] = { /* in byte order */
    TEXT(code), INT(created_at), TEXT(description), TEXT(extra), TEXT(grade), TEXT(homepage), INT(id), TEXT(kind),
    TEXT(name), TEXT(name_en), TEXT(oid), INT(parent_id), TEXT(short_name), TEXT(slug), TEXT(state), TEXT(uid),
};

static str text_at(const organization_row *o, size_t at)
{
    return *(const str *)((const char *)o + at);
}

static int64_t int_at(const organization_row *o, size_t at)
{
    return *(const int64_t *)((const char *)o + at);
}

static bool same(const organization_row *x, const organization_row *y, const field *f)
{
    return f->number ? int_at(x, f->at) == int_at(y, f->at) : str_eq(text_at(x, f->at), text_at(y, f->at));
}

static str write_fields(arena *a, const organization_row *o, const organization_row *unlike)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    for (size_t i = 0; i < array_len(fields); i++) {
        const field *f = &fields[i];
        if (unlike != NULL && same(o, unlike, f))
            continue;
        json_key(&j, str_of(f->name));
        if (f->number)
            json_int(&j, int_at(o, f->at));
        else
            json_str(&j, text_at(o, f->at));
    }
    json_end(&j);
    return buf_str(&b);
}

str organization_state(arena *a, const organization_row *o)
{
    return write_fields(a, o, NULL);
}

str organization_changes(arena *a, const organization_row *from, const organization_row *other)
{
    return write_fields(a, from, other);
}
