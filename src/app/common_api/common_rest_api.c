/* common_rest_api — the calls: groups, tags, datasets. */
#include "app/common_api/common_api.h"
#include "app/find/find.h"
#include "app/routes.h"
#include "app/site/site.h"
#include "app/vocabulary/vocabulary.h"

static json_w open_answer(buf *b)
{
    json_w j = json_to(b);
    json_obj(&j);
    json_kv(&j, "success", (bool)true);
    json_key(&j, S("result"));
    return j;
}

static bool close_answer(http_res *w, json_w *j, buf *b)
{
    json_end(j);
    return common_api_answer(w, b);
}

static bool absent(ctx *c, http_res *w, const char *what, str key)
{
    return common_api_refuse(c, w, 404, COMMON_API_ABSENT, str_fmt(c->a, "there is no %s “%.*s”", what, S_ARG(utf8_cut(key, 100))));
}

/* The names of what `where` finds and visitors see, as an array. */
static bool put_names(ctx *c, json_w *j, const search_node *where, const common_api_window *win, int64_t *total)
{
    search_query q = { .where = where, .filter = find_sight(c, ROLE_VISITOR), .sort = { { .by = SORT_ID } }, .sort_count = 1,
                       .start = (size_t)win->offset, .rows = win->limit < 0 ? (size_t)INT32_MAX : (size_t)win->limit };
    search_result r;
    common_api_named_list l = { 0 };
    if (!search_run(c, find_index(c->site), &q, &r))
        return false;
    int64_t *ids = new_n(c->a, int64_t, r.hit_count + 1);
    for (size_t i = 0; i < r.hit_count; i++)
        ids[i] = r.hits[i].id;
    if (r.hit_count > 0 && !q_common_api_names(c, (q_ints){ ids, r.hit_count }, &l))
        return false;
    json_arr(j);
    for (size_t i = 0; i < l.n; i++)
        json_str(j, common_api_name(l.v[i].identifier, l.v[i].slug));
    json_end(j);
    *total = r.total;
    return true;
}

bool common_api_group_list(ctx *c, const http_req *r, http_res *w)
{
    common_api_window win;
    if (!common_api_arguments(c, r, w, "limit offset", &win))
        return true;
    const vocabulary *v = vocabulary_get();
    buf b = buf_in(c->a);
    json_w j = open_answer(&b);
    json_arr(&j);
    for (int64_t i = win.offset, n = 0; i < (int64_t)v->categories.n && (win.limit < 0 || n < win.limit); i++, n++)
        json_str(&j, v->categories.v[i].code);
    json_end(&j);
    return close_answer(w, &j, &b);
}

bool common_api_group_get(ctx *c, const http_req *r, http_res *w)
{
    common_api_window win;
    int64_t count, founded;
    if (!common_api_arguments(c, r, w, "", &win))
        return true;
    const category *g = category_by_code(http_param(r, "categoryCode"));
    if (g == NULL)
        return absent(c, w, "group", http_param(r, "categoryCode"));
    buf b = buf_in(c->a), packages = buf_in(c->a);
    json_w j = open_answer(&b), names = json_to(&packages);
    search_node in = { .op = Q_VALUE, .field = FIND_CATEGORY, .text = g->code };
    if (!put_names(c, &names, &in, &win, &count) || !q_common_api_founded(c, &founded))
        return false;
    json_obj(&j);
    json_kv(&j, "categoryCode", g->code);
    json_kv(&j, "display_name", g->title);
    json_kv(&j, "description", g->description);
    json_kv(&j, "package_count", count);
    json_kv(&j, "created", day_local(c->a, founded));
    json_key(&j, S("packages"));
    json_raw(&j, buf_str(&packages));
    json_end(&j);
    return close_answer(w, &j, &b);
}

bool common_api_tag_list(ctx *c, const http_req *r, http_res *w)
{
    common_api_window win;
    search_facet tags;
    if (!common_api_arguments(c, r, w, "limit offset", &win))
        return true;
    if (!find_values(c, ROLE_VISITOR, FIND_TAG, S(""), 0, &tags))
        return false;
    buf b = buf_in(c->a);
    json_w j = open_answer(&b);
    json_arr(&j);
    for (int64_t i = win.offset, n = 0; i < (int64_t)tags.n && (win.limit < 0 || n < win.limit); i++, n++)
        json_str(&j, tags.v[i].value);
    json_end(&j);
    return close_answer(w, &j, &b);
}

bool common_api_tag_get(ctx *c, const http_req *r, http_res *w)
{
    common_api_window win;
    int64_t count;
    if (!common_api_arguments(c, r, w, "", &win))
        return true;
    buf b = buf_in(c->a);
    json_w j = open_answer(&b);
    search_node in = { .op = Q_VALUE, .field = FIND_TAG, .text = http_param(r, "tagName") };
    if (!put_names(c, &j, &in, &win, &count))
        return false;
    return count > 0 ? close_answer(w, &j, &b) : absent(c, w, "tag", in.text);
}

bool common_api_dataset_list(ctx *c, const http_req *r, http_res *w)
{
    common_api_window win;
    int64_t count;
    if (!common_api_arguments(c, r, w, "modified limit offset", &win))
        return true;
    buf b = buf_in(c->a);
    json_w j = open_answer(&b);
    search_node since = { .op = Q_RANGE, .field = FIND_UPDATED, .lo = win.modified, .hi = INT64_MAX };
    return put_names(c, &j, win.modified != DAY_NONE ? &since : NULL, &win, &count) && close_answer(w, &j, &b);
}

typedef void put_metadata(ctx *c, json_w *j, const dataset_row *d, const distribution_row_list *files);

static bool one_dataset(ctx *c, const http_req *r, http_res *w, const char *param, put_metadata *put, bool with_help)
{
    common_api_window none;
    dataset_row d;
    distribution_row_list files;
    bool found;
    if (!common_api_arguments(c, r, w, "", &none))
        return true;
    if (!common_api_dataset(c, http_param(r, param), &d, &found))
        return false;
    if (!found)
        return absent(c, w, "dataset", http_param(r, param));
    if (!q_distribution_of(c, d.id, &files))
        return false;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    if (with_help)
        json_kv(&j, "help", "");
    json_kv(&j, "success", (bool)true);
    json_key(&j, S("result"));
    put(c, &j, &d, &files);
    return close_answer(w, &j, &b);
}

bool common_api_dataset_get(ctx *c, const http_req *r, http_res *w)
{
    return one_dataset(c, r, w, "identifier", common_api_put_v1, false);
}

bool common_api_dataset_v2_get(ctx *c, const http_req *r, http_res *w)
{
    return one_dataset(c, r, w, "id", common_api_put_v2, true);
}
