/* The form of the query language: what is read as what, what is refused and
 * why, dates and their mathematics. */
#include "base.h"

#include <setjmp.h>
#undef fail
#include <cmocka.h>

#include "app/ckan_api/fq.h"

/* A leaf as text: field=word, field="phrase", field~wild, field[a,b}. */
static bool show_leaf(ctx *c, void *data, const fq_leaf *l, search_node **out)
{
    search_node *n = fq_node(c, Q_TEXT, 0);
    const char *field = str_z(c->a, l->field);
    ++*(size_t *)data;
    switch (l->kind) {
    case FQ_WORD: n->text = str_fmt(c->a, "%s=%.*s", field, S_ARG(l->text)); break;
    case FQ_PHRASE: n->text = str_fmt(c->a, "%s=\"%.*s\"", field, S_ARG(l->text)); break;
    case FQ_WILD: n->text = str_fmt(c->a, "%s~%.*s", field, S_ARG(l->text)); break;
    case FQ_RANGE:
        n->text = str_fmt(c->a, "%s%c%.*s,%.*s%c", field, l->from_in ? '[' : '{', S_ARG(l->from), S_ARG(l->to), l->to_in ? ']' : '}');
        break;
    }
    if (l->boost > 0)
        n->text = str_fmt(c->a, "%.*s^%g", S_ARG(n->text), l->boost);
    *out = n;
    return true;
}

static void show(buf *b, const search_node *n)
{
    static const char *const names[] = { [Q_AND] = "AND", [Q_OR] = "OR", [Q_NOT] = "NOT", [Q_ALL] = "ALL" };
    if (n->op == Q_TEXT) {
        buf_add(b, n->text);
        return;
    }
    buf_fmt(b, "%s(", names[n->op]);
    for (size_t i = 0; i < n->kid_count; i++) {
        if (i > 0)
            buf_byte(b, ' ');
        show(b, n->kids[i]);
    }
    buf_byte(b, ')');
}

static void reads_as(const char *text, const char *want)
{
    ctx c = { .a = arena_new(4096) };
    search_node *n = NULL;
    size_t leaves = 0;
    if (!fq_parse(&c, str_of(text), show_leaf, &leaves, &n))
        fail_msg("%s: %.*s", text, S_ARG(c.err.message));
    buf b = buf_in(c.a);
    show(&b, n);
    assert_string_equal(str_z(c.a, buf_str(&b)), want);
    arena_free(c.a);
}

static void is_refused(const char *text, const char *why)
{
    ctx c = { .a = arena_new(4096) };
    search_node *n;
    size_t leaves = 0;
    if (fq_parse(&c, str_of(text), show_leaf, &leaves, &n))
        fail_msg("%s was read", text);
    assert_int_equal(c.err.code, ERR_INVALID);
    if (!str_has(c.err.message, str_of(why)))
        fail_msg("%s: %.*s", text, S_ARG(c.err.message));
    arena_free(c.a);
}

static void words_and_fields(void **state)
{
    (void)state;
    reads_as("", "ALL()");
    reads_as("  \t", "ALL()");
    reads_as("bus", "=bus");
    reads_as("organization:motc", "organization=motc");
    reads_as("title : 公車", "title=公車");
    reads_as("title:\"公車 站牌\"", "title=\"公車 站牌\"");
    reads_as("title:\"a \\\"b\\\" c\"", "title=\"a \"b\" c\"");
    reads_as("a b　c", "AND(=a =b =c)");          /* the last blank is an ideographic one */
    reads_as("title:a b", "AND(title=a =b)");
    reads_as("name:foo\\:bar\\ x", "name=foo:bar x");
    reads_as("name:a-b_c.d+e/f", "name=a-b_c.d+e/f");
    reads_as("*:*", "*~*");
    reads_as("res_format:CS* name:?2", "AND(res_format~CS* name~?2)");
    reads_as("name:a\\*b", "name=a*b");
    reads_as("name:a\\*b*", "name~a?b*");
    reads_as("tags:AND", "tags=AND");
    reads_as("AND:x", "AND=x");
    reads_as("ANDY or nothing", "AND(=ANDY =or =nothing)");
    reads_as("title:bus^2.5 x~0.8 \"a b\"~3^2", "AND(title=bus^2.5 =x =\"a b\"^2)");
}

/* Lucene's classic parser with AND as its default operator. */
static void operators(void **state)
{
    (void)state;
    reads_as("a AND b", "AND(=a =b)");
    reads_as("a && b", "AND(=a =b)");
    reads_as("a OR b", "OR(=a =b)");
    reads_as("a || b OR c", "OR(=a =b =c)");
    reads_as("+a -b", "AND(=a NOT(=b))");
    reads_as("- a", "NOT(=a)");
    reads_as("NOT a", "NOT(=a)");
    reads_as("!a", "NOT(=a)");
    reads_as("-a -b", "AND(NOT(=a) NOT(=b))");
    reads_as("a AND NOT b", "AND(=a NOT(=b))");
    reads_as("a OR -b", "AND(=a NOT(=b))");
    reads_as("a OR b c", "=c");                     /* wishes decide nothing beside a must */
    reads_as("a AND b OR c", "=a");
    reads_as("a OR b AND c", "AND(=b =c)");
    reads_as("(a OR b) c", "AND(OR(=a =b) =c)");
    reads_as("(a OR b) AND NOT (c OR d)", "AND(OR(=a =b) NOT(OR(=c =d)))");
    reads_as("tags:(a OR b)", "OR(tags=a tags=b)");
    reads_as("tags:(a b \"c d\")^3", "AND(tags=a tags=b tags=\"c d\")");
    reads_as("tags:(a OR name:b)", "OR(tags=a name=b)");
    reads_as("organization:a OR organization:b groups:(x)", "groups=x");
    reads_as("((((a))))", "=a");
}

static void ranges(void **state)
{
    (void)state;
    reads_as("metadata_modified:[2020-01-01T00:00:00Z TO *]", "metadata_modified[2020-01-01T00:00:00Z,*]");
    reads_as("n:{1 TO 5]", "n{1,5]");
    reads_as("n:[1 TO 5}", "n[1,5}");
    reads_as("n:[ 1  TO  5 ]", "n[1,5]");
    reads_as("n:[NOW-1YEAR/DAY TO NOW]", "n[NOW-1YEAR/DAY,NOW]");
    reads_as("n:[\"a b\" TO *]", "n[a b,*]");
    reads_as("-n:[* TO *]", "NOT(n[*,*])");
    reads_as("n:[2020\\-01 TO *]", "n[2020-01,*]");
}

static void refusals(void **state)
{
    (void)state;
    is_refused("(a", "not closed");
    is_refused("a)", "not opened");
    is_refused("()", "nothing between");
    is_refused("title:", "missing");
    is_refused("title:()", "nothing between");
    is_refused("\"abc", "quotation mark");
    is_refused("AND a", "nothing before");
    is_refused("a OR", "missing");
    is_refused("a AND AND b", "missing");
    is_refused("-", "missing");
    is_refused("n:[1 TO", "two ends");
    is_refused("n:[1 5]", "TO");
    is_refused("n:[1 TO 5", "not closed");
    is_refused("/ab.*/", "regular expressions");
    is_refused("a^x", "needs a number");
    is_refused(":", "missing");
    is_refused("n:]", "missing");
    is_refused("((((((((((((((((((((a))))))))))))))))))))", "too deeply");
    is_refused("a\xff", "UTF-8");
}

static void limits(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    buf b = buf_in(c.a);
    search_node *n;
    size_t leaves = 0;
    for (int i = 0; i < FQ_CLAUSES; i++)
        buf_add(&b, S("a "));
    assert_true(fq_parse(&c, buf_str(&b), show_leaf, &leaves, &n));
    assert_int_equal(leaves, FQ_CLAUSES);
    buf_add(&b, S("a"));
    assert_false(fq_parse(&c, buf_str(&b), show_leaf, &leaves, &n));
    for (int i = 0; i < FQ_BYTES; i++)
        buf_byte(&b, ' ');
    err_clear(&c);
    assert_false(fq_parse(&c, buf_str(&b), show_leaf, &leaves, &n));
    assert_true(str_has(c.err.message, S("longer")));
    arena_free(c.a);
}

/* --- dates --- */

static const char *iso(arena *a, int64_t ms)
{
    return str_z(a, day_ckan(a, ms));
}

static void is_moment(const char *text, const char *first, const char *last)
{
    arena *a = arena_new(1024);
    int64_t now, lo = 0, hi = 0;
    bool uses = false;
    assert_true(day_read(S("2024-02-29T13:14:15.678Z"), &now));
    if (!fq_date(str_of(text), now, &lo, &hi, &uses))
        fail_msg("%s is no date", text);
    assert_string_equal(iso(a, lo), first);
    assert_string_equal(iso(a, hi), last != NULL ? last : first);
    assert_int_equal(uses, str_starts(str_of(text), S("NOW")));
    arena_free(a);
}

static void dates(void **state)
{
    (void)state;
    is_moment("2020-01-31T10:20:30Z", "2020-01-31T10:20:30.000000", NULL);
    is_moment("2020-01-31T10:20:30.5Z", "2020-01-31T10:20:30.500000", NULL);
    is_moment("2020-01-31T10:20:30.123456", "2020-01-31T10:20:30.123000", NULL);
    is_moment("2020", "2020-01-01T00:00:00.000000", "2020-12-31T23:59:59.999000");
    is_moment("2020-02", "2020-02-01T00:00:00.000000", "2020-02-29T23:59:59.999000");
    is_moment("2020-02-01", "2020-02-01T00:00:00.000000", "2020-02-01T23:59:59.999000");
    is_moment("2020-02-01T10:20", "2020-02-01T10:20:00.000000", "2020-02-01T10:20:59.999000");
    is_moment("NOW", "2024-02-29T13:14:15.678000", NULL);
    is_moment("NOW/DAY", "2024-02-29T00:00:00.000000", NULL);
    is_moment("NOW-1YEAR", "2023-02-28T13:14:15.678000", NULL);
    is_moment("NOW+1MONTH", "2024-03-29T13:14:15.678000", NULL);
    is_moment("NOW-2MONTHS/MONTH", "2023-12-01T00:00:00.000000", NULL);
    is_moment("NOW/YEAR+6MONTHS-1DAY", "2024-06-30T00:00:00.000000", NULL);
    is_moment("NOW-24HOURS+30MINUTES-15SECONDS-678MILLIS/HOUR", "2024-02-28T13:00:00.000000", NULL);
    is_moment("NOW-1MILLISECOND", "2024-02-29T13:14:15.677000", NULL);
    is_moment("NOW/DATE", "2024-02-29T00:00:00.000000", NULL);
    is_moment("2020-01-31T00:00:00Z+1MONTH", "2020-02-29T00:00:00.000000", NULL);
    is_moment("2020-01-01-1YEAR", "2019-01-01T00:00:00.000000", NULL);
    is_moment("2020-12MONTHS", "2019-01-01T00:00:00.000000", NULL);
}

static void no_dates(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "x", "20", "2020-13", "2020-02-30", "2020-01-01T25:00:00Z", "NOWX", "NOW-", "NOW-1", "NOW-1FORTNIGHT", "NOW/",
        "NOW+999999999YEARS", "NOW-999999999DAYS", "2020-01-01T00:00:00+08:00", "0000-01-01", "NOW 1DAY", "2020-01-01T00:00:00Zx",
        "NOW+999999999MONTHS", "NOW/DA",
    };
    for (size_t i = 0; i < array_len(bad); i++) {
        int64_t lo, hi;
        bool uses;
        if (fq_date(str_of(bad[i]), 0, &lo, &hi, &uses))
            fail_msg("%s was read as a date", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_fields), cmocka_unit_test(operators), cmocka_unit_test(ranges), cmocka_unit_test(refusals),
        cmocka_unit_test(limits), cmocka_unit_test(dates), cmocka_unit_test(no_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
