#include "app/link/link.h"

bool link_fails(err_code error)
{
    return error == ERR_NOT_FOUND || error == ERR_TIMEOUT || error == ERR_IO;
}

bool link_fails_named(str error)
{
    return str_eq(error, str_of(err_name(ERR_NOT_FOUND))) || str_eq(error, str_of(err_name(ERR_TIMEOUT)))
        || str_eq(error, str_of(err_name(ERR_IO)));
}

bool link_note(ctx *c, str distribution_uid, int64_t dataset, str url, const link_outcome *o, bool *changed)
{
    link_row was;
    bool found;
    int64_t now = day_now_ms();
    str error = o->error == ERR_OK ? (str){ 0 } : str_of(err_name(o->error));
    if (!q_link_of(c, distribution_uid, &was, &found))
        return false;
    bool same_place = found && str_eq(was.url, url);
    bool goes_on = same_place && (was.error.n == 0) == (error.n == 0);      /* it answers again, or fails again, by whatever reason */
    *changed = !same_place || !str_eq(was.error, error) || was.status != o->status || was.gave != o->gave;
    return q_link_set(c, distribution_uid, dataset, url, now, error, o->status, o->gave, str_of(o->says), goes_on ? was.since : now,
                      goes_on ? was.times + 1 : 1, *changed ? now : was.changed_at);
}
