/* Differential test: thousands of random queries over random documents, put,
 * replaced and removed between publications; the engine must answer as a scan
 * of every document does: totals, ids, order, facets, histograms. */
#include "kit/search/naive_test.h"

#include <setjmp.h>
#include <cmocka.h>
#include <math.h>

enum { TEXTS = 3, VALUES = 3, NUMBERS = 2 };
static const search_text_field texts[TEXTS] = { { "title", 8 }, { "words", 4 }, { "body", 1 } };
static const search_value_field fields[VALUES] = { { "one", SEARCH_ONE, true }, { "many", SEARCH_MANY, true },
                                                   { "rare", SEARCH_MANY, false } };
static const search_number_field numbers[NUMBERS] = { { "day" }, { "rank" } };
static const search_schema schema = { texts, TEXTS, fields, VALUES, numbers, NUMBERS };

static uint64_t seed;
static uint32_t rnd(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

/* A small alphabet, so that phrases are met by chance; with what folding must make equal. */
static const char *const pieces[] = { "甲", "乙", "丙", "丁", "台", "臺", "甲乙", "丙丁", "ab", "AB", "Ａｂ", "abc", "bus",
                                      "buses", "parking", "1", "12", "１", " ", " ", ".", "-", "、", "/", "ｶﾞ", "é", "\n" };

static str random_text(arena *a, uint32_t most)
{
    buf b = buf_in(a);
    for (uint32_t n = rnd(most + 1); n > 0; n--)
        buf_add(&b, str_of(pieces[rnd(array_len(pieces))]));
    return buf_str(&b);
}

static str random_value(arena *a, int field)
{
    static const uint32_t kinds[] = { 5, 9, 400 };
    const char *tail = field == 0 && rnd(3) == 0 ? "-alike-at-first-" : "";
    return field < 0 ? str_fmt(a, "key%u\x1fv%u", rnd(3), rnd(4)) : str_fmt(a, "%c%s%u", 'p' + field, tail, rnd(kinds[field]));
}

static int64_t random_number(void)
{
    return rnd(8) == 0 ? SEARCH_NO_NUMBER : (int64_t)rnd(40) - 10;
}

static void put_random(arena *a, search *s, naive_docs *all, int64_t id)
{
    naive_doc n = { .id = id };
    str t[TEXTS];
    for (int i = 0; i < TEXTS; i++) {
        t[i] = random_text(a, i == 2 ? 14 : 5);
        n.text[i] = naive_cut(a, search_norm(a, s, t[i]));
    }
    for (int i = 0; i < NUMBERS; i++)
        n.numbers[i] = random_number();
    n.title = search_norm(a, s, t[0]);
    n.values = new_n(a, search_value, 8);
    for (uint32_t i = rnd(7); i > 0; i--) {
        int field = (int)rnd(4) - 1;
        bool taken = false;          /* a field of one value has one */
        for (size_t k = 0; k < n.value_n && field == 0; k++)
            taken = taken || n.values[k].field == 0;
        if (!taken)
            n.values[n.value_n++] = (search_value){ field, random_value(a, field) };
    }
    search_put(s, &(search_doc){ .id = id, .texts = t, .numbers = n.numbers, .values = n.values,
                                 .value_count = n.value_n, .sort_title = t[0] });
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].id == id) {
            all->v[i] = n;
            return;
        }
    list_add(a, all, n);
}

static void remove_random(search *s, naive_docs *all, int64_t id)
{
    search_remove(s, id);
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].id == id) {
            all->v[i] = all->v[--all->n];
            return;
        }
}

static search_node *random_node(arena *a, int depth)
{
    static const search_op leaves[] = { Q_TEXT, Q_TEXT, Q_TEXT, Q_PHRASE, Q_PHRASE, Q_PREFIX, Q_VALUE, Q_VALUE, Q_VALUE_WILD,
                                        Q_VALUE_ANY, Q_RANGE, Q_IDS, Q_ALL, Q_NONE };
    search_node *n = new (a, search_node);
    uint32_t kind = rnd(10);
    if (depth < 3 && kind < 5) {
        n->op = kind < 2 ? Q_AND : kind < 4 ? Q_OR : Q_NOT;
        n->kid_count = n->op == Q_NOT ? 1 : 1 + rnd(3);
        n->kids = new_n(a, search_node *, n->kid_count);
        for (size_t i = 0; i < n->kid_count; i++)
            n->kids[i] = random_node(a, depth + 1);
        return n;
    }
    n->op = leaves[rnd(array_len(leaves))];
    n->fields = rnd(3) == 0 ? 1 + rnd(7) : 0;
    n->boost = rnd(3);
    n->text = random_text(a, n->op == Q_PREFIX ? 1 : 4);
    if (n->op == Q_RANGE) {
        n->field = (int)rnd(NUMBERS);
        n->lo = rnd(4) == 0 ? INT64_MIN : (int64_t)rnd(40) - 10;
        n->hi = rnd(4) == 0 ? INT64_MAX : n->lo + rnd(20);
    } else if (n->op == Q_IDS) {
        int64_t *ids = new_n(a, int64_t, 12);
        for (n->id_count = 0; n->id_count < 12; n->id_count++)
            ids[n->id_count] = 1 + rnd(400);
        n->ids = ids;
    } else if (n->op == Q_VALUE || n->op == Q_VALUE_WILD || n->op == Q_VALUE_ANY) {
        n->field = (int)rnd(4) - 1;
        str v = random_value(a, n->field);
        if (n->field < 0)
            (void)str_cut(v, S("\x1f"), &n->key, &v);
        static const char *const globs[] = { "*", "?1", "v?", "*2", "p*", "**3*", "q?" };
        n->text = n->op == Q_VALUE_WILD ? str_of(globs[rnd(array_len(globs))]) : v;
    }
    return n;
}

static search_query random_query(arena *a)
{
    static const int facets[] = { 1, 0 };
    search_query q = { .where = rnd(12) > 0 ? random_node(a, 0) : NULL, .start = rnd(4) == 0 ? rnd(30) : 0, .rows = rnd(40),
                       .facets = facets, .facet_count = rnd(3), .facet_limit = rnd(2) * rnd(6) };
    if (rnd(2) == 0)
        q.filter = random_node(a, rnd(2) == 0 ? 0 : 3);
    if (rnd(4) == 0) {               /* one like the visibility filter, which is cached */
        search_node *n = new (a, search_node);
        *n = (search_node){ .op = Q_RANGE, .field = 0, .lo = (int64_t)rnd(3), .hi = 30 };
        q.filter = n;
    }
    for (uint32_t n = rnd(4); q.sort_count < n; q.sort_count++) {
        search_sort_by by = (search_sort_by)rnd(5);
        q.sort[q.sort_count] = (search_sort){ by, by == SORT_VALUE ? 0 : (int)rnd(NUMBERS), rnd(2) == 0 };
    }
    if (q.sort_count == 1 && q.sort[0].by == SORT_ID && rnd(2) == 0)
        q.after_id = rnd(300);
    return q;
}

static const search_query *comparing;
static int compare_docs(const void *x, const void *y)
{
    return naive_compare(comparing, *(naive_doc *const *)x, *(naive_doc *const *)y);
}

static void check_facet(arena *a, const search_facet *f, naive_doc **hit, size_t n, size_t limit)
{
    map counts = map_in(a);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < hit[i]->value_n; k++) {
            bool again = false;      /* a value said twice counts once */
            for (size_t j = 0; j < k; j++)
                again = again || (hit[i]->values[j].field == f->field && str_eq(hit[i]->values[j].value, hit[i]->values[k].value));
            if (hit[i]->values[k].field == f->field && !again)
                map_put(&counts, hit[i]->values[k].value, NULL)->i++;
        }
    assert_int_equal(f->distinct, counts.n);
    assert_int_equal(f->n, limit > 0 && limit < counts.n ? limit : counts.n);
    for (size_t i = 0; i < f->n; i++) {
        assert_int_equal(f->v[i].count, map_i64(&counts, f->v[i].value, -1));
        size_t before = 0;           /* values that must stand in front of it */
        for (size_t k = 0; k < counts.n; k++)
            before += counts.items[k].i > f->v[i].count
                || (counts.items[k].i == f->v[i].count && str_cmp(counts.items[k].key, f->v[i].value) < 0);
        assert_int_equal(before, i);
    }
}

/* The scores that the engine gives to every hit, so that its order by them can be held against ours. */
static void learn_scores(ctx *c, search *s, const search_query *q, naive_docs *all)
{
    search_query whole = *q;
    search_result r;
    whole.start = 0;
    whole.rows = 1000000;
    whole.after_id = 0;
    assert_true(search_run(c, s, &whole, &r));
    for (size_t k = 0; k < all->n; k++)
        all->v[k].score = 0;
    for (size_t i = 0; i < r.hit_count; i++)
        for (size_t k = 0; k < all->n; k++)
            if (all->v[k].id == r.hits[i].id)
                all->v[k].score = r.hits[i].score;
}

static void check_histogram(ctx *c, search *s, const search_query *q, naive_doc **hit, size_t n)
{
    static const int64_t edges[] = { -5, 0, 3, 10, 11, 25 };
    int64_t got[array_len(edges)], want[array_len(edges)] = { 0 };
    int number = (int)rnd(NUMBERS);
    assert_true(search_histogram(c, s, q, number, edges, array_len(edges), got));
    for (size_t i = 0; i < n; i++)
        for (size_t e = 0; e + 1 < array_len(edges); e++)
            want[e] += hit[i]->numbers[number] >= edges[e] && hit[i]->numbers[number] < edges[e + 1];
    for (size_t e = 0; e + 1 < array_len(edges); e++)
        assert_int_equal(got[e], want[e]);
}

static void check_query(ctx *c, search *s, naive_docs *all)
{
    search_query q = random_query(c->a);
    search_result r;
    assert_true(search_run(c, s, &q, &r));
    naive_doc **hit = new_n(c->a, naive_doc *, all->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        if ((q.where == NULL || naive_match(c->a, s, &all->v[i], q.where))
            && (q.filter == NULL || naive_match(c->a, s, &all->v[i], q.filter)))
            hit[n++] = &all->v[i];
    assert_int_equal(r.total, n);
    assert_int_equal(r.facet_count, q.facet_count);
    for (size_t i = 0; i < r.facet_count; i++)
        check_facet(c->a, &r.facets[i], hit, n, q.facet_limit);
    check_histogram(c, s, &q, hit, n);
    learn_scores(c, s, &q, all);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (q.after_id == 0 || hit[i]->id > q.after_id)
            hit[kept++] = hit[i];
    comparing = &q;
    qsort(hit, kept, sizeof *hit, compare_docs);
    size_t left = kept > q.start ? kept - q.start : 0;
    assert_int_equal(r.hit_count, left < q.rows ? left : q.rows);
    for (size_t i = 0; i < r.hit_count; i++) {
        assert_int_equal(r.hits[i].id, hit[q.start + i]->id);
        assert_true(fabs(r.hits[i].score - hit[q.start + i]->score) <= 0);
    }
}

static void change_some(arena *a, search *s, naive_docs *all, uint32_t changes)
{
    for (uint32_t i = 0; i < changes; i++) {
        int64_t id = 1 + rnd(400);
        if (rnd(5) == 0)
            remove_random(s, all, id);
        else
            put_random(a, s, all, id);
    }
    search_publish(s);
    assert_int_equal(search_count(s), all->n);
}

static void compare(uint64_t from, int rounds, int queries, uint32_t first)
{
    seed = from;
    arena *docs = arena_new(1 << 20), *work = arena_new(1 << 20);
    search *s = search_new(&schema, S("台\t臺\n"));
    naive_docs all = { 0 };
    for (int round = 0; round < rounds; round++) {
        change_some(docs, s, &all, round == 0 ? first : 1 + rnd(rnd(6) == 0 ? 150 : 12));
        for (int k = 0; k < queries; k++) {
            ctx c = { .a = work };
            check_query(&c, s, &all);
            arena_reset(work);
        }
    }
    search_free(s);
    arena_free(docs);
    arena_free(work);
}

static void answers_as_a_scan(void **state)
{
    (void)state;
    compare(1, 60, 100, 200);
}

/* Documents enough for bit maps of values, skip entries and both ways of meeting. */
static void answers_as_a_scan_when_large(void **state)
{
    (void)state;
    seed = 7;
    arena *docs = arena_new(1 << 20), *work = arena_new(1 << 20);
    search *s = search_new(&schema, S("台\t臺\n"));
    naive_docs all = { 0 };
    for (int64_t id = 1; id <= 5000; id++) {
        naive_docs one = { 0 };      /* without looking for an older one: there is none */
        put_random(docs, s, &one, id);
        list_add(docs, &all, one.v[0]);
    }
    search_publish(s);
    for (int k = 0; k < 260; k++) {
        if (k == 130)
            change_some(docs, s, &all, 300);
        ctx c = { .a = work };
        check_query(&c, s, &all);
        arena_reset(work);
    }
    search_free(s);
    arena_free(docs);
    arena_free(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_as_a_scan),
        cmocka_unit_test(answers_as_a_scan_when_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
