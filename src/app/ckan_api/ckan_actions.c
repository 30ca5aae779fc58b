/* ckan_actions — the table made of actions.def, and help about it. */
#include "app/ckan_api/ckan.h"

static const ckan_action table[] = {
#define READ(name, help) { #name, ckan_read_##name, false, help },
#define TOKEN(name, help) { #name, ckan_read_##name, true, help },
#define CLOSED(name) { #name, NULL, false, "For people with an account; not open to visitors of this site." },
#define WRITE(name) { #name, NULL, true, "Writes; not open to visitors of this site." },
#include "app/ckan_api/actions.def"
#undef READ
#undef TOKEN
#undef CLOSED
#undef WRITE
};

const ckan_action *ckan_action_named(str name)
{
    for (size_t i = 0; i < array_len(table); i++)
        if (str_eq(name, str_of(table[i].name)))
            return &table[i];
    return NULL;
}

bool ckan_read_help_show(ctx *c, ckan_call *k, json_w *j)
{
    str name;
    if (!ckan_need(c, k, "name", &name))
        return false;
    const ckan_action *a = ckan_action_named(name);
    if (a == NULL)
        return ckan_unknown(c, k, "Action", name);
    json_z(j, a->help);
    return true;
}
