/* ckan_tag — tags: keywords of datasets that can be seen, counted by the index;
 * and vocabularies: our controlled lists. */
#include "app/ckan_api/ckan_complete.h"
#include "app/ckan_api/ckan_package.h"
#include "app/dataset/package_json.h"
#include "app/ledger/uid.h"
#include "app/vocabulary/vocabulary.h"

#include <stdlib.h>

typedef enum { CATEGORY, FREQUENCY, THEME, VOCABULARIES } vocabulary_kind;
static const char *const vocabulary_names[VOCABULARIES] = { "category", "frequency", "theme" };

typedef struct {
    str name, display;
    int vocabulary;              /* -1: free */
} tag;
typedef struct { tag *v; size_t n, cap; } tags;

static str vocabulary_id(ctx *c, int kind)
{
    return uid_from(c->a, S("openshelf:vocabulary:"), str_of(vocabulary_names[kind]), (str){ 0 });
}

static void add_controlled(ctx *c, int kind, tags *out)
{
    const vocabulary *v = vocabulary_get();
    for (size_t i = 0; kind == CATEGORY && i < v->categories.n; i++)
        list_add(c->a, out, (tag){ v->categories.v[i].code, v->categories.v[i].title, kind });
    for (size_t i = 0; kind == FREQUENCY && i < v->frequencies.n; i++)
        list_add(c->a, out, (tag){ v->frequencies.v[i].code, v->frequencies.v[i].title, kind });
    for (size_t i = 0; kind == THEME && i < v->themes.n; i++)
        list_add(c->a, out, (tag){ v->themes.v[i].code, v->themes.v[i].title, kind });
}

static int compare(const void *x, const void *y)
{
    return str_cmp(((const tag *)x)->name, ((const tag *)y)->name);
}

/* Free tags in order of their name. */
static bool add_free(ctx *c, tags *out)
{
    search_facet f;
    if (!ckan_package_counts(c, FIND_TAG, NULL, &f))
        return false;
    for (size_t i = 0; i < f.n; i++)
        list_add(c->a, out, (tag){ f.v[i].value, f.v[i].value, -1 });
    if (out->n > 1)
        qsort(out->v, out->n, sizeof *out->v, compare);
    return true;
}

static bool vocabulary_of(ctx *c, ckan_call *k, str key, int *kind)
{
    for (*kind = 0; *kind < VOCABULARIES; ++*kind)
        if (str_eq(key, str_of(vocabulary_names[*kind])) || str_eq(key, vocabulary_id(c, *kind)))
            return true;
    return ckan_unknown(c, k, "Vocabulary", key);
}

/* Those of vocabulary_id, or the free ones, that have the words in their name. */
static bool load(ctx *c, ckan_call *k, str words, tags *out)
{
    int kind = -1;
    str id = ckan_text(c, k, "vocabulary_id");
    if (id.n > 0 && !vocabulary_of(c, k, id, &kind))
        return false;
    if (kind >= 0)
        add_controlled(c, kind, out);
    else if (!add_free(c, out))
        return false;
    if (words.n == 0)
        return true;
    const search *index = find_index(c->site);
    str want = search_norm(c->a, index, words);
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) {
        arena_mark m = arena_here(c->a);
        bool fits = str_has(search_norm(c->a, index, out->v[i].name), want) || str_has(search_norm(c->a, index, out->v[i].display), want);
        arena_back(c->a, m);
        if (fits)
            out->v[kept++] = out->v[i];
    }
    out->n = kept;
    return true;
}

static str id_of(ctx *c, const tag *t)
{
    if (t->vocabulary < 0)
        return package_tag_id(c->a, t->name);
    return uid_from(c->a, S("openshelf:vocabulary:"), str_of(vocabulary_names[t->vocabulary]), t->name);
}

static void put_members(ctx *c, json_w *j, const tag *t)
{
    json_obj(j);
    json_kv(j, "id", id_of(c, t));
    json_kv(j, "name", t->name);
    json_kv(j, "display_name", t->display);
    json_key(j, S("vocabulary_id"));
    json_str_or_null(j, t->vocabulary >= 0 ? vocabulary_id(c, t->vocabulary) : (str){ 0 });
}

static void put_tag(ctx *c, json_w *j, const tag *t)
{
    put_members(c, j, t);
    json_end(j);
}

static bool fits_page(size_t i, int64_t offset, int64_t limit)
{
    return (int64_t)i >= offset && (int64_t)i - offset < limit;
}

bool ckan_read_tag_list(ctx *c, ckan_call *k, json_w *j)
{
    tags all = { 0 };
    bool whole = ckan_flag(c, k, "all_fields", false);
    if (!load(c, k, ckan_text(c, k, "query"), &all))
        return false;
    json_arr(j);
    list_each(tag, t, &all) {
        if (whole)
            put_tag(c, j, t);
        else
            json_str(j, t->name);
    }
    json_end(j);
    return true;
}

bool ckan_read_tag_show(ctx *c, ckan_call *k, json_w *j)
{
    tags all = { 0 };
    str key;
    const tag *one = NULL;
    if (!ckan_need(c, k, "id", &key) || !load(c, k, (str){ 0 }, &all))
        return false;
    bool is_id = uid_is(key);
    for (size_t i = 0; i < all.n && one == NULL; i++)
        if (str_eq(all.v[i].name, key) || (is_id && str_eq(id_of(c, &all.v[i]), key)))
            one = &all.v[i];
    if (one == NULL)
        return ckan_unknown(c, k, "Tag", key);
    put_members(c, j, one);
    if (one->vocabulary >= 0 || !ckan_flag(c, k, "include_datasets", false)) {
        json_end(j);
        return true;
    }
    json_key(j, S("packages"));
    json_arr(j);
    return ckan_package_having(c, k, FIND_TAG, one->name, CKAN_ROWS_MOST);
}

bool ckan_read_tag_search(ctx *c, ckan_call *k, json_w *j)
{
    tags all = { 0 };
    int64_t limit, offset;
    str words = ckan_text(c, k, "query");
    if (words.n == 0)
        words = ckan_text(c, k, "q");
    if (!ckan_natural(c, k, "limit", INT64_MAX, &limit) || !ckan_natural(c, k, "offset", 0, &offset) || !load(c, k, words, &all))
        return false;
    if (words.n == 0)
        all.n = 0;               /* CKAN: nothing asked, nothing found */
    json_obj(j);
    json_kv(j, "count", all.n);
    json_key(j, S("results"));
    json_arr(j);
    for (size_t i = 0; i < all.n; i++)
        if (fits_page(i, offset, limit))
            put_tag(c, j, &all.v[i]);
    json_end(j);
    json_end(j);
    return true;
}

bool ckan_tag_names(ctx *c, ckan_call *k, str words, int64_t limit, str_list *out)
{
    tags all = { 0 };
    if (words.n > 0 && !load(c, k, words, &all))
        return false;
    for (size_t i = 0; i < all.n && (int64_t)i < limit; i++)
        list_add(c->a, out, all.v[i].name);
    return true;
}

static void put_vocabulary(ctx *c, json_w *j, int kind)
{
    tags all = { 0 };
    add_controlled(c, kind, &all);
    json_obj(j);
    json_kv(j, "id", vocabulary_id(c, kind));
    json_kv(j, "name", vocabulary_names[kind]);
    json_key(j, S("tags"));
    json_arr(j);
    list_each(tag, t, &all)
        put_tag(c, j, t);
    json_end(j);
    json_end(j);
}

bool ckan_read_vocabulary_list(ctx *c, ckan_call *k, json_w *j)
{
    (void)k;
    json_arr(j);
    for (int i = 0; i < VOCABULARIES; i++)
        put_vocabulary(c, j, i);
    json_end(j);
    return true;
}

bool ckan_read_vocabulary_show(ctx *c, ckan_call *k, json_w *j)
{
    str key;
    int kind;
    if (!ckan_need(c, k, "id", &key) || !vocabulary_of(c, k, key, &kind))
        return false;
    put_vocabulary(c, j, kind);
    return true;
}
