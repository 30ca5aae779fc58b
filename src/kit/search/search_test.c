/* The parts of the engine one by one: counting bits, folding text, cutting it
 * into words, postings, values; and what the whole says of its order and size. */
#include "kit/search/bits.h"
#include "kit/search/norm.h"
#include "kit/search/posting.h"
#include "kit/search/search.h"
#include "kit/search/token.h"
#include "kit/search/values.h"

#include <setjmp.h>
#undef fail
#include <cmocka.h>

static uint64_t seed = 3;
static uint32_t rnd(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

static str variants(arena *a)
{
    ctx c = { .a = a };
    const char *root = getenv("OPENSHELF_ROOT");
    str s;
    assert_true(file_read(&c, str_fmt(a, "%s/data/variants.tsv", root != NULL ? root : "."), 1 << 20, &s));
    return s;
}

static void both_ways_of_counting_agree(void **state)
{
    (void)state;
    uint64_t x[257], y[257];
    for (int round = 0; round < 300; round++) {
        size_t words = rnd(257);
        for (size_t i = 0; i < words; i++) {
            x[i] = round == 0 ? UINT64_MAX : (uint64_t)rnd(UINT32_MAX) << 32 | rnd(UINT32_MAX);
            y[i] = round < 2 ? UINT64_MAX : (uint64_t)rnd(UINT32_MAX) << 33 | rnd(UINT32_MAX);
        }
        assert_int_equal(bits_count_and(x, y, words), bits_count_and_plain(x, y, words));
    }
    for (uint32_t n = 0; n < 300; n++) {
        memset(x, 0xee, sizeof x);
        bits_fill(x, n);
        assert_int_equal(bits_count(x, BITS_WORDS(n)), n);
    }
}

static str folded(arena *a, const norm *m, const char *text, bool slow)
{
    norm_text t = { 0 };
    if (slow)
        norm_fold_slow(m, str_of(text), &t);
    else
        norm_fold(m, str_of(text), &t);
    buf b = buf_in(a);
    for (size_t i = 0; i < t.n; i++)
        buf_utf8(&b, t.v[i]);
    norm_text_free(&t);
    return buf_str(&b);
}

/* The table must say of every character what utf8proc says. */
static void the_table_is_right(void **state)
{
    (void)state;
    arena *a = arena_new(65536);
    norm *m = norm_new(variants(a));
    for (uint32_t code = 1; code < 65536; code++) {
        char one[5] = { 0 };
        if ((code >= 0xd800 && code < 0xe000) || m->fold[code] == 0)
            continue;
        utf8_encode(code, one);
        str quick = folded(a, m, one, false), slow = folded(a, m, one, true);
        if (!str_eq(quick, slow))
            fail_msg("U+%04X: %.*s by the table, %.*s by utf8proc", code, S_ARG(quick), S_ARG(slow));
    }
    norm_free(m);
    arena_free(a);
}

static void folds_what_is_alike(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "台北", "臺北" }, { "ＡＢＣ１２３", "abc123" }, { "YouBike", "youbike" }, { "公厠", "公廁" }, { "戶政", "户政" },
        { "ｶﾞｽ", "ガス" }, { "①", "1" }, { "㎡", "m2" }, { "Straße", "STRASSE" }, { "e\xcc\x81", "É" }, { "a\xc2\xad\x62", "ab" },
        { "說明", "説明" }, { "污水", "汙水" }, { "煙害", "菸害" },
    };
    static const char *const apart[][2] = { { "一", "1" }, { "週", "周" }, { "后", "後" }, { "台", "檯" }, { "甲", "申" } };
    arena *a = arena_new(65536);
    norm *m = norm_new(variants(a));
    for (size_t i = 0; i < array_len(pairs); i++)
        if (!str_eq(folded(a, m, pairs[i][0], false), folded(a, m, pairs[i][1], false)))
            fail_msg("%s and %s are not one", pairs[i][0], pairs[i][1]);
    for (size_t i = 0; i < array_len(apart); i++)
        assert_false(str_eq(folded(a, m, apart[i][0], false), folded(a, m, apart[i][1], false)));
    assert_true(str_eq(folded(a, m, "a\xff\x62\xe4", false), S("a b ")));     /* broken bytes are blanks */
    norm_free(m);
    arena_free(a);
}

static void cuts_words(void **state)
{
    (void)state;
    /* Atoms with their positions: "text@position". */
    static const char *const cases[][2] = {
        { "PM2.5", "pm@0 2@1 5@2" },
        { "YouBike2.0臺北市", "youbike@0 2@1 0@2 臺@3 北@4 市@5" },
        { "公車、站牌", "公@0 車@1 站@3 牌@4" },
        { "公車 Bus 站", "公@0 車@1 bus@2 站@3" },
        { "甲\n乙", "甲@0 乙@2" },
        { "a\nb", "a@0 b@2" },
        { "…！？", "" },
    };
    arena *a = arena_new(65536);
    norm *m = norm_new(variants(a));
    for (size_t i = 0; i < array_len(cases); i++) {
        norm_text t = { 0 };
        token_list l = { 0 };
        buf b = buf_in(a);
        norm_fold(m, str_of(cases[i][0]), &t);
        token_read(m, &t, &l);
        for (size_t k = 0; k < l.atoms.n; k++) {
            const token_atom *w = &l.atoms.v[k];
            if (k > 0)
                buf_byte(&b, ' ');
            if (w->cjk)
                buf_utf8(&b, token_code(w));
            for (unsigned shift = 56; !w->cjk && shift > 0 && (w->key >> (shift - 8) & 255) != 0; shift -= 8)
                buf_byte(&b, (char)(w->key >> (shift - 8) & 255));
            buf_add(&b, token_tail(&l, w));
            buf_fmt(&b, "@%u", w->pos);
        }
        if (!str_eq(buf_str(&b), str_of(cases[i][1])))
            fail_msg("%s: %.*s", cases[i][0], S_ARG(buf_str(&b)));
        norm_text_free(&t);
        token_list_free(&l);
    }
    norm_free(m);
    arena_free(a);
}

static void stems_lightly(void **state)
{
    (void)state;
    static const char *const alike[][2] = {
        { "stations", "station" }, { "cities", "city" }, { "buses", "bus" }, { "boxes", "box" }, { "houses", "house" },
        { "licences", "licence" }, { "parking", "park" }, { "mapping", "map" }, { "registered", "register" }, { "services", "service" },
        { "caches", "cache" }, { "budgets", "budget" },
    };
    static const char *const kept[] = { "status", "glass", "spring", "speed", "analysis", "gas", "abc1s", "need", "this", "data", "bing" };
    for (size_t i = 0; i < array_len(alike); i++) {
        char x[32], y[32];
        size_t n = strlen(alike[i][0]), k = strlen(alike[i][1]);
        memcpy(x, alike[i][0], n);
        memcpy(y, alike[i][1], k);
        n = token_stem(x, n);
        k = token_stem(y, k);
        if (n != k || memcmp(x, y, n) != 0)
            fail_msg("%s → %.*s, %s → %.*s", alike[i][0], (int)n, x, alike[i][1], (int)k, y);
    }
    for (size_t i = 0; i < array_len(kept); i++) {
        char x[32];
        size_t n = strlen(kept[i]);
        memcpy(x, kept[i], n);
        assert_int_equal(token_stem(x, n), n);
    }
}

static void postings_come_back(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        uint32_t n = 1 + rnd(1000), doc = 0;
        uint32_t *docs = mem_get(n * sizeof *docs), *got = mem_get(n * sizeof *got), *first = mem_get(n * sizeof *first);
        uint16_t *meta = mem_get(n * sizeof *meta), *got_meta = mem_get(n * sizeof *got_meta);
        posting_writer w = { 0 };
        bytes d = { 0 }, p = { 0 }, one = { 0 };
        for (uint32_t i = 0; i < n; i++) {
            doc += i == 0 ? rnd(3) : 1 + rnd(round % 3 == 0 ? 3 : 5000);
            docs[i] = doc;
            meta[i] = (uint16_t)((1 + rnd(7)) | (1 + rnd(255)) << 8);
            first[i] = rnd(100000);
            one.n = 0;
            for (int g = __builtin_popcount(meta[i] & 255u); g > 0; g--) {
                posting_put_position(&one, first[i], false);
                posting_put_position(&one, 1 + rnd(200), true);
            }
            posting_add(&w, doc, meta[i], one.p, one.n);
        }
        posting_finish(&w, &d, &p);
        posting_list l = { d.p, p.p, n };
        assert_int_equal(posting_all(l, got, got_meta), n);
        assert_memory_equal(got, docs, n * sizeof *docs);
        assert_memory_equal(got_meta, meta, n * sizeof *meta);
        posting_cursor *c = mem_get(sizeof *c);
        posting_open(c, l);
        uint32_t at = 0;
        for (uint32_t want = 0; want <= doc + 1; want += 1 + rnd(round % 2 == 0 ? 3 : 3000)) {
            while (at < n && docs[at] < want)
                at++;
            assert_int_equal(posting_seek(c, want), at < n);
            if (at == n)
                break;
            uint32_t pos = 0;
            bool last;
            assert_int_equal(c->doc[c->i], docs[at]);
            (void)posting_position(posting_positions(c), &pos, &last);
            assert_int_equal(pos, first[at]);
        }
        void *all[] = { docs, got, first, meta, got_meta, c, d.p, p.p, one.p };
        for (size_t i = 0; i < array_len(all); i++)
            mem_free(all[i]);
        posting_writer_free(&w);
    }
}

static void values_keep_their_numbers(void **state)
{
    (void)state;
    arena *a = arena_new(65536);
    values v = { 0 };
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(values_intern(&v, str_fmt(a, "value %u", i)), i);
    for (uint32_t i = 0; i < 5000; i++) {
        str text = str_fmt(a, "value %u", i);
        assert_int_equal(values_intern(&v, text), i);
        assert_int_equal(values_find(&v, text), i);
        assert_true(str_eq(values_text(&v, i), text));
    }
    assert_int_equal(values_find(&v, S("value 5000")), VALUES_NONE);
    assert_int_equal(values_count(&v), 5000);
    values_free(&v);
    arena_free(a);
}

static const search_text_field text_fields[] = { { "title", 8 }, { "organization", 3 } };
static const search_number_field number_fields[] = { { "day" } };
static const search_schema schema = { text_fields, 2, NULL, 0, number_fields, 1 };

static void put(search *s, int64_t id, const char *title, const char *org, int64_t day)
{
    str t[] = { str_of(title), str_of(org) };
    search_put(s, &(search_doc){ .id = id, .texts = t, .numbers = &day, .sort_title = t[0] });
}

static void the_better_answer_comes_first(void **state)
{
    (void)state;
    arena *a = arena_new(65536);
    ctx c = { .a = a };
    search *s = search_new(&schema, S(""));
    put(s, 1, "臺中市空氣品質監測站即時監測資料", "環保局", 1);
    put(s, 2, "空氣品質", "環保局", 1);
    put(s, 3, "水質", "空氣品質處", 1);
    put(s, 4, "空氣品質指標", "環保局", 1);
    put(s, 5, "空氣品質指標", "環保局", 2);
    search_publish(s);
    search_node q = { .op = Q_TEXT, .text = S("空氣品質") };
    search_result r;
    assert_true(search_run(&c, s, &(search_query){ .where = &q, .rows = 10 }, &r));
    static const int64_t want[] = { 2, 5, 4, 1, 3 };     /* the title itself; shorter; newer; longer; only the publisher */
    assert_int_equal(r.hit_count, array_len(want));
    for (size_t i = 0; i < array_len(want); i++)
        assert_int_equal(r.hits[i].id, want[i]);
    search_free(s);
    arena_free(a);
}

static void refuses_what_it_cannot_do(void **state)
{
    (void)state;
    arena *a = arena_new(65536);
    ctx c = { .a = a };
    search *s = search_new(&schema, S(""));
    search_result r;
    search_node range = { .op = Q_RANGE, .field = 4 }, value = { .op = Q_VALUE, .field = 7 }, not = { .op = Q_NOT };
    search_node *wrong[] = { &range, &value, &not };
    for (size_t i = 0; i < array_len(wrong); i++) {
        err_clear(&c);
        assert_false(search_run(&c, s, &(search_query){ .where = wrong[i] }, &r));
        assert_int_equal(c.err.code, ERR_INVALID);
    }
    search_node deep[200], *kids[200];
    for (size_t i = 0; i < 200; i++) {
        kids[i] = &deep[i + 1 < 200 ? i + 1 : i];
        deep[i] = (search_node){ .op = i + 1 < 200 ? Q_NOT : Q_ALL, .kids = &kids[i], .kid_count = i + 1 < 200 };
    }
    assert_false(search_run(&c, s, &(search_query){ .where = &deep[0] }, &r));
    assert_int_equal(c.err.code, ERR_INVALID);
    err_clear(&c);
    put(s, 1, "x", "y", 1);
    search_publish(s);
    c.deadline_ms = day_now_mono_ms() - 1;
    search_node text = { .op = Q_TEXT, .text = S("x") };
    assert_false(search_run(&c, s, &(search_query){ .where = &text }, &r));
    assert_int_equal(c.err.code, ERR_TIMEOUT);
    search_free(s);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_of_counting_agree), cmocka_unit_test(the_table_is_right),
        cmocka_unit_test(folds_what_is_alike),         cmocka_unit_test(cuts_words),
        cmocka_unit_test(stems_lightly),               cmocka_unit_test(postings_come_back),
        cmocka_unit_test(values_keep_their_numbers),   cmocka_unit_test(the_better_answer_comes_first),
        cmocka_unit_test(refuses_what_it_cannot_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
