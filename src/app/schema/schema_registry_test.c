/* The domain schemas: every file is read, says what it has to, and is the same when it is written and read again; suggestions
 * by titles and by place; versions (D2). */
#include "support/support.h"

#include "app/schema/schema_registry.h"

static ctx *ctx_of(void **state)
{
    return &((test_site *)*state)->c;
}

static void all_are_whole(void **state)
{
    ctx *c = ctx_of(state);
    schema_entries all;
    assert_ok(c, schema_registry_all(c, &all));
    assert_in_range(all.n, 15, 1000);
    list_each (schema_entry, e, &all) {
        schema again;
        if (e->code.n == 0 || e->version.n == 0 || e->title.n == 0 || e->title_en.n == 0 || e->authority.n == 0 || e->source.n == 0)
            fail_msg("a member is lacking in %.*s", S_ARG(e->code));
        assert_true(str_eq(e->status, S("active")) || str_eq(e->status, S("draft")) || str_eq(e->status, S("retired")));
        for (size_t i = 0; i < e->schema.table.n; i++)
            if (!e->schema.table.fields[i].has_type || e->schema.table.fields[i].title.n == 0)
                fail_msg("%.*s: field %zu has no title or type", S_ARG(e->code), i + 1);
        str one = schema_write(c, &e->schema);
        assert_ok(c, schema_read(c, one, &again));
        assert_str(schema_write(c, &again), one);
        assert_ok(c, schema_read(c, schema_write_csvw(c, &e->schema, S("t.csv")), &again));
        assert_int_equal(again.table.n, e->schema.table.n);
    }
}

static void one_is_found_by_code_and_version(void **state)
{
    ctx *c = ctx_of(state);
    schema_entry e;
    bool found;
    assert_ok(c, schema_registry_find(c, S("air-quality"), &e, &found));
    assert_true(found);
    assert_ok(c, schema_registry_find(c, str_fmt(c->a, "air-quality@%.*s", S_ARG(e.version)), &e, &found));
    assert_true(found);
    assert_ok(c, schema_registry_find(c, S("air-quality@0.0"), &e, &found));
    assert_false(found);
    assert_false(schema_registry_need(c, S("air"), &e));
    assert_int_equal(c->err.code, ERR_NOT_FOUND);
    assert_true(str_has(c->err.message, S("air-quality")));
    err_clear(c);
}

static void check_guess(ctx *c, const schema_columns *t, const char *best, int least)
{
    schema_guesses l;
    assert_ok(c, schema_registry_guess(c, t, &l));
    if (best == NULL) {
        assert_int_equal(l.n, 0);
        return;
    }
    assert_in_range(l.n, 1, 3);
    assert_str(l.v[0].entry->code, str_of(best));
    assert_in_range(l.v[0].score, least, 100);
    assert_true(l.v[0].reason.n > 0);
}

static void tables_are_recognised(void **state)
{
    ctx *c = ctx_of(state);
    static const schema_column parties[] = { { S_INIT("c1"), { 0 }, { 0 }, COLUMN_integer }, { S_INIT("c2"), { 0 }, { 0 }, COLUMN_text } };
    static const schema_column turned[] = { { S_INIT("c1"), { 0 }, { 0 }, COLUMN_datetime }, { S_INIT("c2"), { 0 }, { 0 }, COLUMN_decimal } };
    check_guess(c, &(schema_columns){ parties, 2, true }, "election-parties", 80);
    check_guess(c, &(schema_columns){ turned, 2, true }, NULL, 0);
    check_guess(c, &(schema_columns){ parties, 2, false }, NULL, 0);
    schema_entry e;
    bool found;
    assert_ok(c, schema_registry_find(c, S("rainfall"), &e, &found));
    size_t n = e.schema.table.n;
    schema_column *v = new_n(c->a, schema_column, n);
    for (size_t i = 0; i < n; i++)      /* the titles otherwise spelled, one column another */
        v[i] = (schema_column){ .title = i == 0 ? S("何物") : str_cat(c->a, S(" "), e.schema.table.fields[i].title), .type = e.schema.table.fields[i].type };
    check_guess(c, &(schema_columns){ v, n, false }, "rainfall", 85);
    for (size_t i = 0; i < n; i++)      /* all of another type: half as likely */
        v[i].type = e.schema.table.fields[i].type == COLUMN_datetime ? COLUMN_integer : COLUMN_datetime;
    schema_guesses l;
    assert_ok(c, schema_registry_guess(c, &(schema_columns){ v, n, false }, &l));
    assert_true(l.n == 0 || l.v[0].score < 85);
}

/* Files of the past are recognised as such, those of today are not. */
static void a_retired_version_is_for_its_files(void **state)
{
    ctx *c = ctx_of(state);
    static const char *const keys[] = { "real-estate-sale@0.9", "real-estate-sale@1.0" };
    for (size_t k = 0; k < array_len(keys); k++) {
        schema_entry e;
        schema_guesses l;
        assert_ok(c, schema_registry_need(c, str_of(keys[k]), &e));
        schema_column *v = new_n(c->a, schema_column, e.schema.table.n);
        for (size_t i = 0; i < e.schema.table.n; i++)
            v[i] = (schema_column){ .title = e.schema.table.fields[i].title, .type = e.schema.table.fields[i].type };
        assert_ok(c, schema_registry_guess(c, &(schema_columns){ v, e.schema.table.n, false }, &l));
        assert_true(l.n > 0 && l.v[0].score == 100);
        assert_str(l.v[0].key, k == 0 ? str_of(keys[0]) : S("real-estate-sale"));
        for (size_t i = 1; i < l.n; i++)
            assert_false(str_eq(l.v[i].key, str_of(keys[0])));
    }
}

static void one_is_named_by_metadata(void **state)
{
    ctx *c = ctx_of(state);
    static const struct { const char *said, *code; } cases[] = {
        { "air-quality", "air-quality" }, { "air-quality@1.0", "air-quality" }, { "air-quality@9.9", "" }, { "/schemas/air-quality", "air-quality" },
        { "/en/schemas/air-quality.json", "air-quality" }, { "https://data.example.tw/schemas/air-quality/1.0.json", "air-quality" },
        { "https://data.example.tw/schemas/air-quality/csvw?x#y", "air-quality" }, { "https://data.example.tw.evil/schemas/air-quality", "" },
        { "https://other.example/schemas/air-quality", "" }, { "/tables/air-quality", "" }, { "none", "" }, { "", "" }, { "/schemas/", "" },
        { "https://project-open-data.cio.gov/v1.1/schema", "" },
    };
    for (size_t i = 0; i < array_len(cases); i++) {
        schema_entry e;
        bool found;
        assert_ok(c, schema_registry_named(c, str_of(cases[i].said), S("https://data.example.tw"), &e, &found));
        if (found != (cases[i].code[0] != '\0') || (found && !str_eq(e.code, str_of(cases[i].code))))
            fail_msg("%s", cases[i].said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(all_are_whole), T(one_is_found_by_code_and_version), T(tables_are_recognised), T(one_is_named_by_metadata), T(a_retired_version_is_for_its_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
