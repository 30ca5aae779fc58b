/* ckan_json — cutting JSON text that this program wrote: no blanks between
 * tokens, valid by construction (json_write). */
#include "app/ckan_api/ckan.h"

static size_t string_end(str s, size_t i)
{
    for (i++; i < s.n && s.p[i] != '"'; i++)
        i += s.p[i] == '\\';
    return i + 1;
}

/* Where the value that begins at i ends. */
static size_t value_end(str s, size_t i)
{
    int depth = 0;
    while (i < s.n) {
        char ch = s.p[i];
        if (ch == '"') {
            i = string_end(s, i);
        } else {
            if (depth == 0 && (ch == ',' || ch == '}' || ch == ']'))
                return i;
            depth += (ch == '{' || ch == '[') - (ch == '}' || ch == ']');
            i++;
        }
        if (depth == 0 && (ch == '"' || ch == '}' || ch == ']'))
            return i < s.n ? i : s.n;
    }
    return s.n;
}

ckan_json ckan_json_in(str container)
{
    return (ckan_json){ container.n >= 2 ? str_sub(container, 1, container.n - 1) : (str){ 0 } };
}

bool ckan_json_element(ckan_json *i, str *value)
{
    if (i->rest.n == 0)
        return false;
    size_t end = value_end(i->rest, 0);
    *value = str_sub(i->rest, 0, end);
    i->rest = str_from(i->rest, end + 1);
    return true;
}

static bool ckan_json_member(ckan_json *i, str *key, str *value)
{
    if (i->rest.n == 0 || i->rest.p[0] != '"')
        return false;
    size_t end = string_end(i->rest, 0);
    *key = str_sub(i->rest, 1, end - 1);
    i->rest = str_from(i->rest, end + 1);
    return ckan_json_element(i, value);
}

str ckan_json_get(str object, const char *key)
{
    ckan_json i = ckan_json_in(object);
    str want = str_of(key), k, v;
    while (ckan_json_member(&i, &k, &v))
        if (str_eq(k, want))
            return v;
    return (str){ 0 };
}
