/* Relevance on the real titles: the 52,547 of the national catalogue, as find
 * feeds and reads them, against queries whose right answers were judged by
 * reading the titles (tests/search/relevance.tsv). Skipped where the corpus is
 * not there. RELEVANCE_SHOW=1 prints the first ten of every query. */
#include "support/support.h"

#include "app/find/inside.h"
#include "embedded.h"
#include "kit/text/input.h"

#include <math.h>

typedef struct {
    search  *index;
    str_list ids, titles, orgs;          /* of document i + 1 */
    map      number;                     /* id → document */
} catalogue;

/* A member's text; some lines are no valid JSON any more (keys were cut out of addresses), so only what is in front. */
static str member(arena *a, str line, str name)
{
    buf b = buf_in(a);
    size_t i = str_find(line, name) + name.n;
    for (; i < line.n && line.p[i] != '"'; i++) {
        if (line.p[i] == '\\' && i + 1 < line.n)
            i++;
        buf_byte(&b, line.p[i]);
    }
    return buf_str(&b);
}

static void put(ctx *c, catalogue *k, str line)
{
    str id = member(c->a, line, S("\"id\": \"")), title = member(c->a, line, S("\"title\": \""));
    str org = member(c->a, line, S("\"organization\": \"")), texts[FIND_TEXTS] = { { 0 } };
    int64_t numbers[FIND_NUMBERS] = { 0 };
    texts[FIND_TITLE] = title;
    texts[FIND_ORG_NAME] = org;
    texts[FIND_NAME] = id;
    list_add(c->a, &k->ids, id);
    list_add(c->a, &k->titles, title);
    list_add(c->a, &k->orgs, org);
    map_set_i64(&k->number, id, (int64_t)k->ids.n);
    search_put(k->index, &(search_doc){ .id = (int64_t)k->ids.n, .texts = texts, .numbers = numbers, .sort_title = title });
}

static bool load(ctx *c, catalogue *k)
{
    str path = test_corpus(c, "catalog-tw/dgtw-full.ndjson.gz");
    if (path.n == 0)
        return false;
    input *in;
    assert_ok(c, input_open(c, path, &in));
    const embedded_file *variants = embedded_find(S("data/variants.tsv"));
    *k = (catalogue){ .index = search_new(find_schema(), (str){ (const char *)variants->bytes, variants->n }),
                      .number = map_in(c->a) };
    for (bool more = true; more;) {
        str line;
        assert_ok(c, input_line(c, in, 1 << 20, &line, &more));
        if (more && line.n > 0)
            put(c, k, line);
    }
    input_close(in);
    search_publish(k->index);
    return true;
}

static search_result ask(ctx *c, catalogue *k, str words)
{
    search_query q = { .where = find_parse(c, words), .rows = 10 };
    search_result r;
    find_order(&q, FIND_BY_SCORE);
    assert_ok(c, search_run(c, k->index, &q, &r));
    for (int step = 1; step <= FIND_STEPS && r.total == 0; step++) {
        search_query again = q;
        again.where = find_loosened(c, q.where, step);
        if (again.where != NULL)
            assert_ok(c, search_run(c, k->index, &again, &r));
    }
    return r;
}

typedef struct { double recall, reciprocal, gain; size_t queries, missed; } score;

static bool listed(const str_list *l, str id)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->v[i], id))
            return true;
    return false;
}

static str_list words_of(ctx *c, str s)
{
    str_list l = { 0 };
    for (str one; str_next(&s, ' ', &one);)
        if (one.n > 0)
            list_add(c->a, &l, one);
    return l;
}

/* Columns: words; ids of which one is to stand among the first three; further ids that belong into the first ten. */
static void judge(ctx *c, catalogue *k, str line, score *all)
{
    str words, first, ten;
    (void)str_cut(line, S("\t"), &words, &first);
    (void)str_cut(first, S("\t"), &first, &ten);
    str_list best = words_of(c, first), good = words_of(c, ten);
    search_result r = ask(c, k, words);
    double gain = 0, ideal = 0, reciprocal = 0;
    size_t found = 0, wanted = best.n + good.n;
    for (size_t i = 0; i < r.hit_count; i++) {
        str id = k->ids.v[r.hits[i].id - 1];
        bool is_best = listed(&best, id), is_good = listed(&good, id);
        found += is_best || is_good;
        gain += (is_best ? 3 : is_good ? 1 : 0) / log2((double)i + 2);
        if (is_best && reciprocal <= 0)
            reciprocal = 1 / ((double)i + 1);
    }
    for (size_t i = 0; i < wanted && i < 10; i++)
        ideal += (i < best.n ? 3 : 1) / log2((double)i + 2);
    for (size_t i = 0; i < wanted; i++) {
        str id = i < best.n ? best.v[i] : good.v[i - best.n];
        if (map_get(&k->number, id) == NULL)
            fail_msg("relevance.tsv: “%.*s” wants %.*s, which the crawl does not have", S_ARG(words), S_ARG(id));
    }
    all->queries++;
    all->recall += wanted > 0 ? (double)found / (double)(wanted < 10 ? wanted : 10) : 1;
    all->gain += ideal > 0 ? gain / ideal : 1;
    all->reciprocal += reciprocal;
    if (reciprocal < 0.33) {
        all->missed++;
        print_message("not among the first three: %.*s\n", S_ARG(words));
    }
}

static void show(ctx *c, catalogue *k, str words)
{
    (void)str_cut(words, S("\t"), &words, &(str){ 0 });
    search_result r = ask(c, k, words);
    print_message("\n## %.*s (%" PRId64 ")\n", S_ARG(words), r.total);
    for (size_t i = 0; i < r.hit_count; i++) {
        size_t at = (size_t)r.hits[i].id - 1;
        print_message("%.*s\t%.*s\t%.*s\t%.2f\n", S_ARG(k->ids.v[at]), S_ARG(k->titles.v[at]), S_ARG(k->orgs.v[at]), r.hits[i].score);
    }
}

static void finds_what_people_mean(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(1 << 20) };
    catalogue k;
    score all = { 0 };
    const char *root = getenv("OPENSHELF_ROOT");
    str tsv;
    if (!load(&c, &k)) {
        print_message("the corpus is not there: relevance was not scored\n");
        arena_free(c.a);
        skip();
        return;
    }
    assert_ok(&c, file_read(&c, str_fmt(c.a, "%s/tests/search/relevance.tsv", root != NULL ? root : "."), 1 << 20, &tsv));
    for (str line; str_next(&tsv, '\n', &line);) {
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (getenv("RELEVANCE_SHOW") != NULL)
            show(&c, &k, line);
        judge(&c, &k, line, &all);
    }
    double n = (double)all.queries;
    print_message("%zu queries on %zu titles: recall@10 %.3f, MRR %.3f, nDCG@10 %.3f, %zu missed\n", all.queries, k.ids.n,
                  all.recall / n, all.reciprocal / n, all.gain / n, all.missed);
    assert_true(all.queries >= 60);
    assert_true(all.missed <= 3);
    assert_true(all.recall / n >= 0.95);
    assert_true(all.reciprocal / n >= 0.93);
    assert_true(all.gain / n >= 0.93);
    search_free(k.index);
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(finds_what_people_mean) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
