/* Readers and the writer at once: while one thread puts, removes and
 * publishes, others search; each answer must be one whole state of the index,
 * never a mix. Run under the thread sanitizer, too. */
#include "kit/search/search.h"

#include <setjmp.h>
#undef fail
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

enum { DOCS = 200, ROUNDS = 150, READERS = 4 };

static const search_text_field texts[] = { { "title", 1 } };
static const search_value_field fields[] = { { "round", SEARCH_ONE, true }, { "kind", SEARCH_MANY, true } };
static const search_number_field numbers[] = { { "round" } };
static const search_schema schema = { texts, 1, fields, 2, numbers, 1 };

typedef struct {
    search     *s;
    atomic_bool stop;
    atomic_int  faults, searches;
} common;

static void put_round(search *s, arena *a, int64_t round)
{
    for (int64_t id = 1; id <= DOCS; id++) {
        arena_mark m = arena_here(a);
        str title = str_fmt(a, "資料 round%" PRId64 " 第%" PRId64 "號", round, id);
        search_value v[] = { { 0, str_fmt(a, "r%" PRId64, round) }, { 1, str_fmt(a, "k%" PRId64, id % 7) },
                             { 1, str_fmt(a, "new%" PRId64, round * DOCS + id) } };
        search_put(s, &(search_doc){ .id = id, .texts = &title, .numbers = &round, .values = v, .value_count = 3, .sort_title = title });
        arena_back(a, m);
    }
    if (round % 3 == 0)
        search_remove(s, 1 + round % DOCS);
    search_publish(s);
}

/* All documents are of one round, or the index is empty; facets and totals agree. */
static bool whole(ctx *c, search *s)
{
    static const int facets[] = { 0, 1 };
    search_node text = { .op = Q_TEXT, .text = S("資料") }, some = { .op = Q_RANGE, .field = 0, .lo = 0, .hi = INT64_MAX };
    search_query q = { .where = &text, .filter = &some, .rows = 5, .facets = facets, .facet_count = 2 };
    search_result r;
    if (!search_run(c, s, &q, &r))
        return false;
    if (r.total == 0)
        return true;
    return (r.total == DOCS || r.total == DOCS - 1) && r.facets[0].n == 1 && r.facets[0].v[0].count == r.total
        && r.hit_count == 5 && r.facets[1].distinct >= 7 && r.facets[1].n == r.facets[1].distinct;
}

static void *read_on(void *data)
{
    common *k = data;
    ctx c = { .a = arena_new(65536) };
    while (!atomic_load(&k->stop)) {
        atomic_fetch_add(&k->faults, !whole(&c, k->s));
        atomic_fetch_add(&k->searches, 1);
        arena_reset(c.a);
    }
    arena_free(c.a);
    return NULL;
}

static void readers_see_whole_states(void **state)
{
    (void)state;
    common k = { .s = search_new(&schema, S("")) };
    pthread_t readers[READERS];
    arena *a = arena_new(65536);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, read_on, &k), 0);
    for (int64_t round = 0; round < ROUNDS; round++)
        put_round(k.s, a, round);
    for (int i = 0; i < 1000 && atomic_load(&k.searches) < 200; i++)
        put_round(k.s, a, ROUNDS + i);
    atomic_store(&k.stop, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    assert_int_equal(atomic_load(&k.faults), 0);
    assert_true(atomic_load(&k.searches) > 0);
    arena_free(a);
    search_free(k.s);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(readers_see_whole_states) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
