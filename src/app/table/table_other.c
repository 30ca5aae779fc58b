#include "app/table/table_other.h"

#include "app/site/site.h"
#include "app/table/table_schema.h"
#include "kit/text/json_read.h"

static const distribution_row *distribution_of(const distribution_row_list *all, str uid)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i].uid, uid))
            return &all->v[i];
    return NULL;
}

/* By what a table may be called. The first table of a distribution goes by its names, too. */
static bool names_of(ctx *c, const table_row *t, const distribution_row *d, str_list *out)
{
    table_file_row file;
    json extra;
    bool found;
    *out = (str_list){ 0 };
    list_add(c->a, out, t->uid);
    list_add(c->a, out, t->name);
    if (t->position > 0 || d == NULL)
        return true;
    list_add(c->a, out, d->title);
    list_add(c->a, out, d->identifier);
    list_add(c->a, out, d->uid);
    if (d->extra.n > 0 && json_parse(c, d->extra, &extra))
        list_add(c->a, out, json_get_text(c, &extra, "name"));
    err_clear(c);
    if (!q_table_file_newest(c, t->distribution_uid, &file, &found))
        return false;
    if (found)
        list_add(c->a, out, file.name);
    return true;
}

static bool is_called(const str_list *names, str name, bool exactly)
{
    for (size_t i = 0; i < names->n; i++)
        if (names->v[i].n > 0 && (exactly ? str_eq(names->v[i], name) : table_is_called(names->v[i], name)))
            return true;
    return false;
}

bool table_other_find(ctx *c, int64_t dataset_id, str name, table_row *out, bool *found)
{
    table_row_list tables;
    distribution_row_list files;
    *found = false;
    if (!q_table_of_dataset(c, dataset_id, &tables) || !q_distribution_of(c, dataset_id, &files))
        return false;
    str_list *names = new_n(c->a, str_list, tables.n + 1);
    for (size_t i = 0; i < tables.n; i++)
        if (!names_of(c, &tables.v[i], distribution_of(&files, tables.v[i].distribution_uid), &names[i]))
            return false;
    for (int exactly = 1; exactly >= 0; exactly--)
        for (size_t i = 0; i < tables.n && !*found; i++)
            if (is_called(&names[i], name, exactly != 0)) {
                *out = tables.v[i];
                *found = true;
            }
    return true;
}

bool table_others_rows(ctx *c, table_others *o, str name, table_row *t, load_rows *out)
{
    bool found, given;
    schema *s = new (c->a, schema);
    *out = (load_rows){ 0 };
    if (!table_other_find(c, o->dataset_id, name, t, &found))
        return false;
    if (!found)
        return true;
    table_open **held = list_push(c->a, &o->held);
    *held = NULL;
    if (!table_hold(c, t, 0, held) || !table_given_schema(c, t, s, &given))
        return false;
    *out = (load_rows){ .files = (*held)->files, .n = (*held)->n, .schema = given ? &s->table : NULL };
    return true;
}

void table_others_end(ctx *c, table_others *o)
{
    list_each (table_open *, t, &o->held)
        table_let_go(c->site, *t);
    *o = (table_others){ 0 };
}
