/* Differential test: some hundred random datasets in the record, thousands of
 * random filters written as clients write them; the index must find what a
 * plain walk over the datasets finds. */
#include "support/datasets.h"

#include <stdio.h>

#include "app/ckan_api/ckan_fields.h"
#include "queries.h"

enum { DATASETS = 300, QUERIES = 3000 };

static const char *const words[] = { "公車", "停車", "空氣", "預算", "bus", "air" };
static const char *const orgs[] = { "環境部", "交通部", "財政部", "文化部" };
static const char *const formats[] = { "CSV", "JSON", "XML", "PDF" };
static const char *const keywords[] = { "交通", "環境", "經費", "即時", "open data" };

typedef struct {
    int     org, format;
    bool    word[array_len(words)], keyword[array_len(keywords)];
    int     files, tags;
    int64_t updated;
    char    name[8];
} one;

static one all[DATASETS];
static int64_t ids[DATASETS];
static str org_slugs[array_len(orgs)], org_uids[array_len(orgs)];

static uint64_t seed = 20260825;
static uint32_t rnd(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

static int64_t day_of(int year, int month, int day)
{
    return day_from_civil(year, month, day) * DAY_MS;
}

static void make(one *d, int i)
{
    *d = (one){ .org = (int)rnd(array_len(orgs)), .format = (int)rnd(array_len(formats)), .files = 1 + (int)rnd(3) };
    d->updated = day_of(2018 + (int)rnd(6), 1 + (int)rnd(12), 1 + (int)rnd(28));
    for (size_t w = 0; w < array_len(words); w++)
        d->word[w] = rnd(3) == 0;
    for (size_t w = 0; w < array_len(keywords); w++)
        d->tags += d->keyword[w] = rnd(3) == 0;
    (void)snprintf(d->name, sizeof d->name, "set-%03d", i);
}

static void store(ctx *c, const one *o)
{
    dataset_draft d = test_draft(o->name, "", orgs[o->org]);
    buf title = buf_in(c->a);
    buf_add(&title, S("甲"));
    for (size_t i = 0; i < array_len(words); i++)
        if (o->word[i])
            buf_fmt(&title, " %s", words[i]);
    d.title = buf_str(&title);
    for (size_t i = 0; i < array_len(keywords); i++)
        if (o->keyword[i])
            list_add(c->a, &d.keywords, str_of(keywords[i]));
    d.updated_at = o->updated;
    for (int i = 0; i < o->files; i++)
        (void)test_draft_file(c, &d, "", formats[o->format], str_fmt(c->a, "https://data.example.gov.tw/%s/%d", o->name, i));
    (void)test_store(c, &d);
}

static int setup(void **state)
{
    test_site *t = test_site_new();
    ctx *c = &t->c;
    organization_row_list rows;
    for (int i = 0; i < DATASETS; i++) {
        make(&all[i], i);
        store(c, &all[i]);
    }
    assert_ok(c, q_organization_list(c, &rows) && find_open(c, t->site));
    list_each(organization_row, o, &rows)
        for (size_t i = 0; i < array_len(orgs); i++)
            if (str_eq(o->name, str_of(orgs[i]))) {
                org_slugs[i] = o->slug;
                org_uids[i] = o->uid;
            }
    for (int i = 0; i < DATASETS; i++) {
        dataset_package_row row;
        bool found;
        assert_ok(c, q_dataset_package(c, str_of(all[i].name), &row, &found) && found);
        ids[i] = row.id;
    }
    *state = t;
    return 0;
}

/* --- a random filter: its text, and for each dataset whether it fits --- */

typedef struct { bool fits[DATASETS]; } hits;

static void words_leaf(buf *b, hits *h)
{
    uint32_t w = rnd(array_len(words)), form = rnd(3);
    buf_fmt(b, form == 0 ? "title:%s" : form == 1 ? "title:\"%s\"" : "%s", words[w]);
    for (int i = 0; i < DATASETS; i++)
        h->fits[i] = all[i].word[w];
}

static void organization_leaf(buf *b, hits *h)
{
    uint32_t o = rnd(array_len(orgs));
    str key = rnd(4) == 0 ? org_uids[o] : org_slugs[o];
    if (rnd(3) == 0)
        buf_fmt(b, "owner_org:\"%.*s\"", S_ARG(org_uids[o]));
    else
        buf_fmt(b, rnd(2) == 0 ? "organization:%.*s" : "organization:\"%.*s\"", S_ARG(key));
    for (int i = 0; i < DATASETS; i++)
        h->fits[i] = all[i].org == (int)o;
}

static void format_leaf(buf *b, hits *h)
{
    uint32_t f = rnd(array_len(formats)), form = rnd(4);
    if (form == 0)
        buf_fmt(b, "res_format:%c*", formats[f][0]);
    else
        buf_fmt(b, form == 1 ? "res_format:%s" : "res_format:\"%s\"", form == 2 && f == 0 ? "csv" : formats[f]);
    for (int i = 0; i < DATASETS; i++)
        h->fits[i] = all[i].format == (int)f;
}

static void tag_leaf(buf *b, hits *h)
{
    uint32_t k = rnd(array_len(keywords)), other = rnd(array_len(keywords)), form = rnd(4);
    if (form == 0)
        buf_fmt(b, "tags:*");
    else if (form == 1)
        buf_fmt(b, "tags:(\"%s\" OR \"%s\")", keywords[k], keywords[other]);
    else if (form == 2)
        buf_fmt(b, "tags:(\"%s\" \"%s\")", keywords[k], keywords[other]);
    else
        buf_fmt(b, "tags:\"%s\"", keywords[k]);
    for (int i = 0; i < DATASETS; i++) {
        const one *d = &all[i];
        h->fits[i] = form == 0 ? d->tags > 0 : form == 1 ? d->keyword[k] || d->keyword[other]
                   : form == 2 ? d->keyword[k] && d->keyword[other] : d->keyword[k];
    }
}

static void date_leaf(buf *b, hits *h)
{
    int from = 2017 + (int)rnd(7), to = from + (int)rnd(4);
    bool from_in = rnd(2) == 0, to_in = rnd(2) == 0, open = rnd(4) == 0;
    const char *field = rnd(2) == 0 ? "extras_modified" : "updated";
    if (open)
        buf_fmt(b, "%s:%c%d-01-01T00:00:00Z TO *]", field, from_in ? '[' : '{', from);
    else
        buf_fmt(b, "%s:%c%d-06-15T00:00:00Z TO %d-06-15T00:00:00.000Z%c", field, from_in ? '[' : '{', from, to, to_in ? ']' : '}');
    int64_t lo = open ? day_of(from, 1, 1) : day_of(from, 6, 15), hi = day_of(to, 6, 15);
    for (int i = 0; i < DATASETS; i++) {
        int64_t x = all[i].updated;
        h->fits[i] = (from_in ? x >= lo : x > lo) && (open || (to_in ? x <= hi : x < hi));
    }
}

static void number_leaf(buf *b, hits *h)
{
    int lo = (int)rnd(4), hi = lo + (int)rnd(3);
    bool files = rnd(2) == 0, exact = rnd(2) == 0;
    const char *field = files ? "num_resources" : "num_tags";
    buf_fmt(b, exact ? "%s:%d" : "%s:[%d TO %d]", field, lo, hi);
    for (int i = 0; i < DATASETS; i++) {
        int x = files ? all[i].files : all[i].tags;
        h->fits[i] = exact ? x == lo : x >= lo && x <= hi;
    }
}

static void name_leaf(buf *b, hits *h)
{
    int n = (int)rnd(DATASETS), form = (int)rnd(3);
    if (form == 0)
        buf_fmt(b, "name:set-%03d", n);
    else if (form == 1)
        buf_fmt(b, "name:set-%d*", n / 100);
    else
        buf_fmt(b, "name:*%d", n % 10);
    for (int i = 0; i < DATASETS; i++)
        h->fits[i] = form == 0 ? i == n : form == 1 ? i / 100 == n / 100 : i % 10 == n % 10;
}

static void constant_leaf(buf *b, hits *h)
{
    static const struct { const char *text; bool all; } leaves[] = {
        { "*:*", true }, { "state:active", true }, { "capacity:public", true }, { "private:true", false }, { "type:harvest", false },
        { "organization:nobody", false }, { "metadata_modified:[NOW-1DAY TO NOW+1DAY]", true }, { "metadata_created:[* TO NOW/YEAR-1YEAR]", false },
        { "extras_unheard_of:x", false }, { "name:[* TO *]", true },
    };
    uint32_t l = rnd(array_len(leaves));
    buf_add(b, str_of(leaves[l].text));
    for (int i = 0; i < DATASETS; i++)
        h->fits[i] = leaves[l].all;
}

static void filter(ctx *c, buf *b, hits *h, int depth);

/* Clauses in a row with all operators mixed, as Lucene's classic parser understands them with AND for the usual one:
 * what AND touches and what nothing introduces must be; what OR touches last is a wish; wishes count when there is no must. */
static void mixed(ctx *c, buf *b, hits *h, int depth)
{
    enum { NONE, AND, OR } how[5] = { NONE };
    bool without[5], must[5], wish[5];
    size_t n = 1 + rnd(4);
    hits *kids = new_n(c->a, hits, n);
    for (size_t i = 0; i < n; i++) {
        how[i] = i > 0 ? rnd(3) : NONE;
        without[i] = rnd(4) == 0;
        buf_add(b, i == 0 ? S("") : how[i] == AND ? (rnd(3) > 0 ? S(" AND ") : S(" && ")) : how[i] == OR ? (rnd(3) > 0 ? S(" OR ") : S(" || ")) : S(" "));
        buf_add(b, without[i] ? (rnd(2) == 0 ? S("-") : S("NOT ")) : rnd(4) == 0 ? S("+") : S(""));
        filter(c, b, &kids[i], depth + 1);
    }
    bool any_must = false, any_wish = false;
    for (size_t i = 0; i < n; i++) {
        bool last_or = i + 1 < n && how[i + 1] != NONE ? how[i + 1] == OR : how[i] == OR;
        must[i] = !without[i] && !last_or;
        wish[i] = !without[i] && last_or;
        any_must = any_must || must[i];
        any_wish = any_wish || wish[i];
    }
    for (int d = 0; d < DATASETS; d++) {
        bool fits = true, wished = false;
        for (size_t i = 0; i < n; i++) {
            fits = fits && !(must[i] && !kids[i].fits[d]) && !(without[i] && kids[i].fits[d]);
            wished = wished || (wish[i] && kids[i].fits[d]);
        }
        h->fits[d] = fits && (any_must || !any_wish || wished);
    }
}

static void filter(ctx *c, buf *b, hits *h, int depth)
{
    static void (*const leaves[])(buf *, hits *) = { words_leaf, organization_leaf, format_leaf, tag_leaf, date_leaf, number_leaf,
                                                     name_leaf, constant_leaf };
    if (depth > 3 || rnd(3) == 0) {
        leaves[rnd(array_len(leaves))](b, h);
        return;
    }
    if (depth > 0)
        buf_byte(b, '(');
    mixed(c, b, h, depth);
    if (depth > 0)
        buf_byte(b, ')');
}

static void finds_what_a_walk_finds(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    for (int q = 0; q < QUERIES; q++) {
        arena_mark m = arena_here(c->a);
        buf b = buf_in(c->a);
        hits *want = new (c->a, hits);
        ckan_clock clock = { .now = day_now_ms() };
        search_node *n;
        search_result r;
        bool loose;
        filter(c, &b, want, 0);
        if (!fq_parse(c, buf_str(&b), ckan_field_leaf, &clock, &n))
            fail_msg("%.*s: %.*s", S_ARG(buf_str(&b)), S_ARG(c->err.message));
        search_query query = { .where = n, .sort = { { .by = SORT_VALUE, .field = FIND_SLUG } }, .sort_count = 1, .rows = DATASETS };
        assert_ok(c, find_search(c, ROLE_VISITOR, NULL, &query, &r, &loose));
        size_t at = 0;
        for (int i = 0; i < DATASETS; i++) {
            if (!want->fits[i])
                continue;
            if (at == r.hit_count || r.hits[at].id != ids[i])
                fail_msg("query %d: %.*s: set-%03d is wanted; %zu found", q, S_ARG(buf_str(&b)), i, r.hit_count);
            at++;
        }
        if (at != r.hit_count)
            fail_msg("query %d: %.*s: %zu found, %zu wanted", q, S_ARG(buf_str(&b)), r.hit_count, at);
        arena_back(c->a, m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(finds_what_a_walk_finds) };
    return cmocka_run_group_tests(tests, setup, test_site_teardown);
}
