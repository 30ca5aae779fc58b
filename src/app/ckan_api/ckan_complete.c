#include "app/ckan_api/ckan_complete.h"

#include "app/ckan_api/ckan_group.h"
#include "app/ckan_api/ckan_package.h"
#include "app/ckan_api/fq.h"
#include "app/routes.h"

#define LIMIT_MOST 1000

/* What was typed: q, or incomplete as the util addresses call it. */
static bool typed(ctx *c, ckan_call *k, int64_t usual, str *words, int64_t *limit)
{
    *words = ckan_text(c, k, "q");
    if (words->n == 0)
        *words = ckan_text(c, k, "incomplete");
    if (words->n == 0)
        *words = ckan_text(c, k, "query");
    if (!ckan_natural(c, k, "limit", usual, limit))
        return false;
    *limit = *limit < LIMIT_MOST ? *limit : LIMIT_MOST;
    return true;
}

static bool is_name(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == '_'))
            return false;
    return s.n > 0;
}

/* Titles that have the words, or a word that begins so; names that begin so. */
static search_node *like(ctx *c, str words)
{
    search_node *any = fq_node(c, Q_OR, 3);
    str lower = str_lower(c->a, words);
    for (int i = 0; i < 3; i++) {
        search_node *n = fq_node(c, i == 0 ? Q_TEXT : i == 1 ? Q_PREFIX : Q_VALUE_WILD, 0);
        n->text = i < 2 ? words : str_cat(c->a, lower, S("*"));
        n->fields = i < 2 ? 1u << FIND_TITLE : 0;
        n->field = i < 2 ? 0 : FIND_SLUG;
        if (i < 2 || is_name(lower))
            any->kids[any->kid_count++] = n;
    }
    return any;
}

static void put_package(ctx *c, json_w *j, const find_brief *b, str words)
{
    bool by_name = str_has(b->slug, str_lower(c->a, words));
    json_obj(j);
    json_kv(j, "name", b->slug);
    json_kv(j, "title", b->title);
    json_kv(j, "match_field", by_name ? "name" : "title");
    json_kv(j, "match_displayed", by_name ? b->slug : str_fmt(c->a, "%.*s (%.*s)", S_ARG(b->title), S_ARG(b->slug)));
    json_end(j);
}

bool ckan_read_package_autocomplete(ctx *c, ckan_call *k, json_w *j)
{
    str words;
    int64_t limit;
    search_result r = { 0 };
    find_brief_list rows = { 0 };
    bool loose;
    if (!typed(c, k, 10, &words, &limit))
        return false;
    if (words.n == 0)
        return ckan_missing(k, "q");
    search_query q = { .where = like(c, words), .rows = (size_t)limit,
                       .sort = { { .by = SORT_SCORE }, { SORT_NUMBER, FIND_MODIFIED, true } }, .sort_count = 2 };
    if (!find_search(c, ROLE_VISITOR, NULL, &q, &r, &loose))
        return false;
    int64_t *ids = new_n(c->a, int64_t, r.hit_count + 1);
    for (size_t i = 0; i < r.hit_count; i++)
        ids[i] = r.hits[i].id;
    if (r.hit_count > 0 && !q_find_briefs(c, (q_ints){ ids, r.hit_count }, &rows))
        return false;
    json_arr(j);
    for (size_t i = 0; i < r.hit_count; i++)
        list_each(find_brief, b, &rows)
            if (b->id == ids[i])
                put_package(c, j, b, words);
    json_end(j);
    return true;
}

/* Formats in lower case with the words in them, the most frequent first. */
static bool formats(ctx *c, ckan_call *k, str_list *out)
{
    str words;
    int64_t limit;
    search_facet f;
    if (!typed(c, k, 5, &words, &limit) || !ckan_package_counts(c, FIND_FORMAT, NULL, &f))
        return false;
    words = str_lower(c->a, words);
    for (size_t i = 0; i < f.n && (int64_t)out->n < limit; i++)
        if (str_has(str_lower(c->a, f.v[i].value), words))
            list_add(c->a, out, str_lower(c->a, f.v[i].value));
    return true;
}

static void put_texts(json_w *j, const str_list *l, const char *member)
{
    json_arr(j);
    for (size_t i = 0; i < l->n; i++) {
        if (member == NULL) {
            json_str(j, l->v[i]);
            continue;
        }
        json_obj(j);
        json_kv(j, member, l->v[i]);
        json_end(j);
    }
    json_end(j);
}

bool ckan_read_format_autocomplete(ctx *c, ckan_call *k, json_w *j)
{
    str_list l = { 0 };
    if (!formats(c, k, &l))
        return false;
    put_texts(j, &l, NULL);
    return true;
}

static bool tags(ctx *c, ckan_call *k, str_list *out)
{
    str words;
    int64_t limit;
    return typed(c, k, 10, &words, &limit) && ckan_tag_names(c, k, words, limit, out);
}

bool ckan_read_tag_autocomplete(ctx *c, ckan_call *k, json_w *j)
{
    str_list l = { 0 };
    if (!tags(c, k, &l))
        return false;
    put_texts(j, &l, NULL);
    return true;
}

static bool groups(ctx *c, ckan_call *k, json_w *j, bool organizations)
{
    str words;
    int64_t limit;
    ckan_groups l;
    if (!typed(c, k, 20, &words, &limit) || !ckan_groups_load(c, organizations, &l))
        return false;
    ckan_groups_keep(c, &l, words);
    json_arr(j);
    for (size_t i = 0; i < l.all.n && (int64_t)i < limit; i++) {
        json_obj(j);
        json_kv(j, "id", l.all.v[i].id);
        json_kv(j, "name", l.all.v[i].name);
        json_kv(j, "title", l.all.v[i].title);
        json_end(j);
    }
    json_end(j);
    return true;
}

bool ckan_read_group_autocomplete(ctx *c, ckan_call *k, json_w *j)
{
    return groups(c, k, j, false);
}

bool ckan_read_organization_autocomplete(ctx *c, ckan_call *k, json_w *j)
{
    return groups(c, k, j, true);
}

/* --- /api/util, without an envelope --- */

typedef enum { UTIL_DATASET, UTIL_TAG, UTIL_FORMAT, UTIL_GROUP, UTIL_ORGANIZATION } util_kind;

static void open_result_set(json_w *j)
{
    json_obj(j);
    json_key(j, S("ResultSet"));
    json_obj(j);
    json_key(j, S("Result"));
}

static bool put_util(ctx *c, ckan_call *k, json_w *j, util_kind kind)
{
    str_list l = { 0 };
    if (kind == UTIL_GROUP || kind == UTIL_ORGANIZATION)
        return groups(c, k, j, kind == UTIL_ORGANIZATION);
    open_result_set(j);
    if (kind == UTIL_DATASET ? !ckan_read_package_autocomplete(c, k, j) : kind == UTIL_TAG ? !tags(c, k, &l) : !formats(c, k, &l))
        return false;
    if (kind != UTIL_DATASET)
        put_texts(j, &l, kind == UTIL_TAG ? "Name" : "Format");
    json_end(j);
    json_end(j);
    return true;
}

static bool complete(ctx *c, const http_req *r, http_res *w, util_kind kind)
{
    ckan_call k = { .r = r };
    str problem;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!ckan_args_read(c, &k, &problem))
        return false;
    if (kind == UTIL_DATASET && http_arg(r, "incomplete").n == 0 && http_arg(r, "q").n == 0)
        buf_add(&b, S("{\"ResultSet\":{\"Result\":[]}}"));
    else if (!put_util(c, &k, &j, kind))
        return k.refusal == CKAN_FINE ? false : fail_field(c, INVALID, k.field, "%.*s", S_ARG(k.message));
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

bool ckan_util_get(ctx *c, const http_req *r, http_res *w)
{
    static const struct { str what; util_kind kind; } kinds[] = {
        { S_INIT("dataset"), UTIL_DATASET }, { S_INIT("tag"), UTIL_TAG }, { S_INIT("group"), UTIL_GROUP },
        { S_INIT("organization"), UTIL_ORGANIZATION },
    };
    for (size_t i = 0; i < array_len(kinds); i++)
        if (str_eq(http_param(r, "what"), kinds[i].what))
            return complete(c, r, w, kinds[i].kind);
    return fail(c, NOT_FOUND, "there is no completion of “%.*s”", S_ARG(utf8_cut(http_param(r, "what"), 60)));
}

bool ckan_formats_get(ctx *c, const http_req *r, http_res *w)
{
    return complete(c, r, w, UTIL_FORMAT);
}
