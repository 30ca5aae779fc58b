/* Tests of db on the engine of the run: what goes in comes out, transactions hold or vanish, one writer at a time,
 * errors of the pipeline come to light, rows are read beside other statements, deadlines end work. */
#include "support/support.h"

#include "kit/db/db.h"

#define STATEMENT(number, count, writing, lite, post)                                                    \
    {                                                                                                    \
        .name = "test statement " #number, .sqlite = lite, .postgres = post, .id = number, .params = count, \
        .writes = writing                                                                                \
    }
static const db_sql put = STATEMENT(0, 4, true, "INSERT INTO thing VALUES (?1, ?2, ?3, ?4)",
                                    "INSERT INTO thing VALUES ($1::bigint, $2::text, $3::double precision, $4::bigint)");
static const db_sql get = STATEMENT(1, 0, false, "SELECT id, name, size, parent FROM thing ORDER BY id",
                                    "SELECT id, name, size, parent FROM thing ORDER BY id");
static const db_sql among = STATEMENT(2, 1, false, "SELECT id FROM thing WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id",
                                      "SELECT id FROM thing WHERE id = ANY($1::bigint[]) ORDER BY id");
static const db_sql rename_all = STATEMENT(3, 1, true, "UPDATE thing SET name = ?1", "UPDATE thing SET name = $1::text");
static const db_sql count = STATEMENT(4, 0, false, "SELECT count(*) FROM thing", "SELECT count(*) FROM thing");
static const db_sql endless = STATEMENT(5, 0, false,
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT sum(i) FROM n",
    "SELECT pg_sleep(60)");
static const db_sql wrong = STATEMENT(6, 0, false, "SELECT nothing FROM nowhere", "SELECT nothing FROM nowhere");

static int set_up(void **state)
{
    test_site *t = test_site_new();
    *state = t;
    ctx *c = &t->c;
    bool ok = db_script(c, S("CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, name TEXT, size DOUBLE PRECISION,"
                             "parent BIGINT REFERENCES thing (id), CHECK (id < 1000000))"));
    db_close(c->db); /* its statements have numbers of their own: a fresh connection for ours */
    c->db = NULL;
    return ok && db_open(c, t->site->database, &c->db) ? 0 : -1;
}

static bool add(ctx *c, int64_t id, str name, bool (*how)(ctx *, const db_sql *, const db_value *))
{
    const db_value v[] = { db_int(id), db_text(name), db_real(0.5), db_int_or_null(0, true) };
    return how(c, &put, v);
}

static bool run_it(ctx *c, const db_sql *q, const db_value *v)
{
    return db_run(c, q, v, NULL);
}

static bool send_it(ctx *c, const db_sql *q, const db_value *v)
{
    return db_send(c, q, v);
}

static int64_t number_of(ctx *c)
{
    auto_rows r = { 0 };
    bool row;
    assert_ok(c, db_start(c, &count, NULL, &r) && db_next(c, &r, &row) && row);
    return db_get_int(&r, 0);
}

static void values_come_back(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    str odd = S("公車 'x' \"y\" \\ \n\t\xf0\x9f\x98\x80");
    const db_value rows[][4] = {
        { db_int(INT64_MIN), db_text(odd), db_real(0.1), db_int_or_null(0, true) },
        { db_int(-1), db_text(S("")), db_real(-1e300), db_int(INT64_MIN) },
        { db_int(7), { .type = DB_TEXT, .null = true }, { .type = DB_REAL, .null = true }, db_int(7) },
    };
    for (size_t i = 0; i < array_len(rows); i++) {
        int64_t changed = -1;
        assert_ok(c, db_run(c, &put, rows[i], &changed));
        assert_int_equal(changed, 1);
    }
    auto_rows r = { 0 };
    bool row;
    assert_ok(c, db_start(c, &get, NULL, &r) && db_next(c, &r, &row) && row);
    assert_true(db_get_int(&r, 0) == INT64_MIN && db_get_real(&r, 2) == 0.1 && db_is_null(&r, 3));
    assert_str(db_get_text(c, &r, 1), odd);
    assert_ok(c, db_next(c, &r, &row) && row);
    assert_true(!db_is_null(&r, 1) && db_get_text(c, &r, 1).n == 0 && db_get_real(&r, 2) == -1e300);
    assert_true(db_get_int(&r, 3) == INT64_MIN);
    assert_ok(c, db_next(c, &r, &row) && row);
    assert_true(db_is_null(&r, 1) && db_is_null(&r, 2) && db_get_int(&r, 3) == 7 && db_get_text(c, &r, 1).n == 0);
    assert_ok(c, db_next(c, &r, &row) && !row);
}

static void lists_of_numbers(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    for (int64_t id = 1; id <= 5; id++)
        assert_ok(c, add(c, id, S("x"), run_it));
    const int64_t ids[] = { 5, 3, 99, -1 };
    for (size_t n = 0; n <= array_len(ids); n++) {
        auto_rows r = { 0 };
        bool row;
        int found = 0;
        const db_value v[] = { { .type = DB_INTS, .ints = { ids, n } } };
        assert_ok(c, db_start(c, &among, v, &r));
        while (db_next(c, &r, &row) && row)
            found++;
        assert_int_equal(found, n < 2 ? n : 2);
    }
}

static void rolled_back_unless_committed(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    {
        auto_tx tx = db_begin(c);
        assert_ok(c, tx.open && add(c, 1, S("a"), run_it) && add(c, 2, S("b"), send_it));
        assert_int_equal(number_of(c), 2);
    }
    assert_int_equal(number_of(c), 0);
    auto_tx tx = db_begin(c);
    assert_ok(c, tx.open && add(c, 1, S("a"), send_it) && add(c, 2, S("b"), send_it) && db_commit(c, &tx));
    assert_int_equal(number_of(c), 2);
}

static void rules_of_the_record_are_conflicts(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    assert_ok(c, add(c, 1, S("a"), run_it));
    assert_false(add(c, 1, S("again"), run_it));
    assert_int_equal(c->err.code, ERR_CONFLICT);
    assert_true(c->err.detail.n > 0 && !str_has(c->err.message, S("thing"))); /* what the engine says is logged alone */
    err_clear(c);
    assert_false(add(c, 1000000, S("a"), run_it)); /* the CHECK */
    assert_int_equal(c->err.code, ERR_CONFLICT);
    err_clear(c);
    const db_value orphan[] = { db_int(3), db_text(S("x")), db_real(0), db_int(99) };
    assert_false(db_run(c, &put, orphan, NULL));
    assert_int_equal(c->err.code, ERR_CONFLICT);
    err_clear(c);
    auto_rows r = { 0 };
    bool row;
    assert_false(db_start(c, &wrong, NULL, &r) && db_next(c, &r, &row));
    assert_int_equal(c->err.code, ERR_DB);
    err_clear(c);
    assert_int_equal(number_of(c), 1);
}

/* What was sent ahead and failed comes to light at the latest with the commit, which then keeps nothing. */
static void a_failed_send_spoils_the_change(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    for (int flush = 0; flush < 2; flush++) {
        auto_tx tx = db_begin(c);
        assert_true(tx.open);
        bool ok = true;
        for (int64_t id = 1; ok && id <= 100; id++)
            ok = add(c, id == 60 ? 59 : id, S("x"), send_it);
        ok = ok && (flush == 0 || db_flush(c));
        assert_false(ok && db_commit(c, &tx));
        assert_int_equal(c->err.code, ERR_CONFLICT);
        err_clear(c);
        db_rollback(&tx);
        assert_int_equal(number_of(c), 0);
    }
    auto_tx tx = db_begin(c); /* and the connection goes on */
    assert_ok(c, tx.open);
    for (int64_t id = 1; id <= 5000; id++) /* more than the pipeline holds */
        assert_ok(c, add(c, id, S("x"), send_it));
    assert_ok(c, db_commit(c, &tx));
    assert_int_equal(number_of(c), 5000);
}

static void rows_beside_other_statements(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    auto_tx tx = db_begin(c);
    assert_true(tx.open);
    for (int64_t id = 1; id <= 300; id++)
        assert_ok(c, add(c, id, S("x"), send_it));
    assert_ok(c, db_commit(c, &tx));
    auto_rows outer = { 0 };
    bool row, more;
    assert_ok(c, db_start(c, &get, NULL, &outer));
    for (int64_t id = 1; id <= 300; id++) {
        assert_ok(c, db_next(c, &outer, &row) && row);
        assert_int_equal(db_get_int(&outer, 0), id);
        if (id % 100 == 1) { /* the same statement once more, and another */
            auto_rows inner = { 0 };
            assert_ok(c, db_start(c, &get, NULL, &inner) && db_next(c, &inner, &more) && more);
            assert_int_equal(db_get_int(&inner, 0), 1);
            assert_int_equal(number_of(c), 300);
        }
    }
    assert_ok(c, db_next(c, &outer, &row) && !row);
    const db_value v[] = { db_text(S("new")) };
    int64_t changed;
    assert_ok(c, db_run(c, &rename_all, v, &changed));
    assert_int_equal(changed, 300);
}

/* A second writer waits, and gives up at its deadline or when the engine says so; readers are not kept. */
static void one_writer_at_a_time(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c, other = { .a = arena_new(4096) };
    assert_ok(&other, db_open(&other, t->site->database, &other.db));
    assert_ok(&other, db_script(&other, db_kind_of(other.db) == DB_SQLITE ? S("PRAGMA busy_timeout = 100") : S("SELECT 1")));
    auto_tx tx = db_begin(c);
    assert_ok(c, tx.open && add(c, 1, S("a"), run_it));
    assert_int_equal(number_of(&other), 0);
    if (db_kind_of(other.db) == DB_SQLITE) {
        db_tx second = db_begin(&other);
        assert_false(second.open);
        assert_int_equal(other.err.code, ERR_BUSY);
        err_clear(&other);
    }
    assert_ok(c, db_commit(c, &tx));
    auto_tx third = db_begin(&other);
    assert_ok(&other, third.open && add(&other, 2, S("b"), run_it) && db_commit(&other, &third));
    assert_int_equal(number_of(c), 2);
    db_close(other.db);
    arena_free(other.a);
}

static void one_state_for_a_reader(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c, other = { .a = arena_new(4096) };
    assert_ok(&other, db_open(&other, t->site->database, &other.db));
    {
        auto_tx look = db_begin_read(&other);
        assert_true(look.open);
        assert_int_equal(number_of(&other), 0);
        assert_ok(c, add(c, 1, S("a"), run_it));
        assert_int_equal(number_of(&other), 0);
    }
    assert_int_equal(number_of(&other), 1);
    db_close(other.db);
    arena_free(other.a);
}

static void work_ends_at_its_deadline(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    int64_t start = day_now_mono_ms();
    c->deadline_ms = start + 50;
    {
        auto_rows r = { 0 };
        bool row;
        assert_false(db_start(c, &endless, NULL, &r) && db_next(c, &r, &row));
        assert_int_equal(c->err.code, ERR_TIMEOUT);
    }
    assert_true(day_now_mono_ms() - start < 10000);
    err_clear(c);
    c->deadline_ms = 0;
    assert_int_equal(number_of(c), 0);
    str problem;
    assert_ok(c, db_integrity(c, &problem));
    assert_str(problem, S(""));
}

static void what_cannot_be_opened(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    static const char *const bad[] = { "", "/nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/x" };
    for (size_t i = 0; i < array_len(bad); i++) {
        db *d = NULL;
        assert_false(db_open(c, str_of(bad[i]), &d));
        assert_true(c->err.code == ERR_INVALID || c->err.code == ERR_IO);
        assert_false(str_has(c->err.message, S("nobody@")));
        err_clear(c);
    }
    /* What a person can do about it is said. */
    str garbage = file_join(c->a, ((test_site *)*state)->dir, S("garbage.db"));
    buf b = buf_in(c->a);
    for (int i = 0; i < 1000; i++)
        buf_add(&b, S("this is no database "));
    assert_true(file_write(c, garbage, buf_str(&b)));
    db *d = NULL;
    assert_false(db_open(c, garbage, &d));
    assert_true(c->err.code == ERR_DB && str_has(c->err.message, S("no SQLite database")));
    err_clear(c);
}

#define ON_A_SITE(f) cmocka_unit_test_setup_teardown(f, set_up, test_site_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_SITE(values_come_back), ON_A_SITE(lists_of_numbers), ON_A_SITE(rolled_back_unless_committed),
        ON_A_SITE(rules_of_the_record_are_conflicts), ON_A_SITE(a_failed_send_spoils_the_change),
        ON_A_SITE(rows_beside_other_statements), ON_A_SITE(one_writer_at_a_time), ON_A_SITE(one_state_for_a_reader),
        ON_A_SITE(work_ends_at_its_deadline), ON_A_SITE(what_cannot_be_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
