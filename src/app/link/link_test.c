/* Addresses that are asked, by a real server on loopback: each way to answer, the history of a row, the walk with its
 * manners, what it means for the quality; on both engines. */
#include "support/datasets.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "app/link/link_walk.h"
#include "app/measure/measure_count.h"
#include "support/small_http.h"

static const job_kind kinds[] = { { "link.walk", link_walk_job, 3, "a test" } };

/* --- the server --- */

typedef struct { _Atomic int requests, heads; _Atomic int64_t first_ms, last_ms; } manners;

static void answer(void *app, int fd, const char *head)
{
    manners *m = app;
    bool is_head = strncmp(head, "HEAD ", 5) == 0;
    const char *path = head + (is_head ? 5 : 4);
    static const struct { const char *path, *head, *get; } all[] = {
        { "/csv", "200 OK\r\nContent-Type: text/csv", NULL },
        { "/untyped", "200 OK", "200 OK\r\n\r\na,b\n1,2\n" },
        { "/no-head", "405 No", "200 OK\r\nContent-Type: text/csv\r\n\r\na,b\n1,2\n" },
        { "/head-404", "404 No", "200 OK\r\n\r\n{\"a\": 1}\n" },
        { "/login", "200 OK\r\nContent-Type: text/html", "200 OK\r\nContent-Type: text/html\r\n\r\n<!DOCTYPE html><html><body>Log in</body></html>" },
        { "/mistyped", "200 OK\r\nContent-Type: text/html; charset=utf-8", "200 OK\r\nContent-Type: text/html\r\n\r\na,b\n1,2\n" },
        { "/moved", "302 Moved\r\nLocation: /csv", NULL }, { "/moved-to-login", "302 Moved\r\nLocation: /login", "302 Moved\r\nLocation: /login" },
        { "/404", "404 No", "404 No" }, { "/500", "500 No", "500 No" }, { "/503", "503 Later", NULL },
        { "/slow", NULL, NULL },
    };
    int64_t none = 0;
    atomic_store(&m->last_ms, day_now_mono_ms());
    atomic_compare_exchange_strong(&m->first_ms, &none, atomic_load(&m->last_ms));
    atomic_fetch_add(&m->requests, 1);
    atomic_fetch_add(&m->heads, is_head);
    for (size_t i = 0; i < array_len(all); i++) {
        size_t n = strlen(all[i].path);
        const char *text = is_head ? all[i].head : all[i].get;
        if (strncmp(path, all[i].path, n) != 0 || (path[n] != ' ' && path[n] != '?'))
            continue;
        if (strcmp(all[i].path, "/slow") == 0)
            sleep(2);
        small_http_say(fd, "HTTP/1.1 ");
        small_http_say(fd, text != NULL ? text : "418 This was not to be asked");
        small_http_say(fd, text != NULL && strstr(text, "\r\n\r\n") != NULL ? "" : "\r\nConnection: close\r\n\r\n");
        return;
    }
    small_http_say(fd, "HTTP/1.1 410 Gone\r\n\r\n");
}

/* --- one address --- */

static void each_way_to_answer(void **state)
{
    static const struct { const char *path, *kind, *format; bool guarded; err_code error; int status; link_gave gave; } cases[] = {
        { "/csv", "download", "CSV", false, ERR_OK, 200, LINK_FILE },
        { "/untyped", "download", "CSV", false, ERR_OK, 200, LINK_FILE },
        { "/no-head", "download", "CSV", false, ERR_OK, 200, LINK_FILE },
        { "/head-404", "download", "JSON", false, ERR_OK, 200, LINK_FILE },
        { "/login", "download", "CSV", false, ERR_OK, 200, LINK_PAGE },
        { "/login", "download", "HTML", false, ERR_OK, 200, LINK_NOT_KNOWN },     /* a web page was promised */
        { "/login", "access", "API", false, ERR_OK, 200, LINK_NOT_KNOWN },        /* services may describe themselves */
        { "/mistyped", "download", "CSV", false, ERR_OK, 200, LINK_FILE },        /* bytes speak before words */
        { "/moved", "download", "CSV", false, ERR_OK, 200, LINK_FILE },
        { "/moved-to-login", "download", "CSV", false, ERR_OK, 200, LINK_PAGE },
        { "/404", "download", "CSV", false, ERR_NOT_FOUND, 404, LINK_NOT_KNOWN },
        { "/410", "download", "CSV", false, ERR_NOT_FOUND, 410, LINK_NOT_KNOWN },
        { "/500", "download", "CSV", false, ERR_IO, 500, LINK_NOT_KNOWN },
        { "/503", "download", "CSV", false, ERR_BUSY, 503, LINK_NOT_KNOWN },      /* and is not asked a second time */
        { "/slow", "download", "CSV", false, ERR_TIMEOUT, 0, LINK_NOT_KNOWN },
        { "/csv", "download", "CSV", true, ERR_FORBIDDEN, 0, LINK_NOT_KNOWN },
    };
    manners m = { 0 };
    (void)state;
    small_http *h = small_http_start(answer, &m);
    for (size_t i = 0; i < array_len(cases); i++) {
        ctx c = { .a = arena_new(4096) };
        link_outcome o;
        link_question q = link_question_of(str_fmt(c.a, "http://127.0.0.1:%d%s", small_http_port(h), cases[i].path), str_of(cases[i].kind),
                                           str_of(cases[i].format));
        q.allow_private = !cases[i].guarded;
        q.timeout_s = 1;
        link_ask(&c, &q, &o);
        if (o.error != cases[i].error || o.status != cases[i].status || o.gave != cases[i].gave)
            fail_msg("%s as %s: %s, status %d, gave %d (%s)", cases[i].path, cases[i].format, err_name(o.error), o.status, (int)o.gave, o.says);
        assert_int_equal(o.says[0] != '\0', o.error != ERR_OK);
        assert_int_equal(c.err.code, ERR_OK);
        arena_free(c.a);
    }
    small_http_stop(h);
    ctx c = { .a = arena_new(4096) };
    link_outcome o;
    link_question q = link_question_of(S("ftp://data.example/a.csv"), S("download"), S("CSV"));
    link_ask(&c, &q, &o);
    assert_int_equal(o.error, ERR_INVALID);
    arena_free(c.a);
}

static void note(ctx *c, const char *url, err_code error, link_gave gave, bool want_changed, int64_t want_times)
{
    bool changed, found;
    link_row r;
    auto_tx tx = db_begin(c);
    assert_ok(c, tx.open);
    assert_ok(c, link_note(c, S("file-1"), 1, str_of(url), &(link_outcome){ .error = error, .gave = gave }, &changed));
    assert_ok(c, db_commit(c, &tx));
    assert_ok(c, q_link_of(c, S("file-1"), &r, &found));
    assert_int_equal(changed, want_changed);
    assert_int_equal(r.times, want_times);
    assert_true(r.since <= r.asked_at && r.changed_at <= r.asked_at && r.since > 0);
}

static void a_row_knows_since_when(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    note(c, "http://x/1", ERR_OK, LINK_FILE, true, 1);
    note(c, "http://x/1", ERR_OK, LINK_FILE, false, 2);
    note(c, "http://x/1", ERR_TIMEOUT, LINK_NOT_KNOWN, true, 1);
    note(c, "http://x/1", ERR_NOT_FOUND, LINK_NOT_KNOWN, true, 2);     /* it goes on failing, by another reason */
    note(c, "http://x/1", ERR_NOT_FOUND, LINK_NOT_KNOWN, false, 3);
    note(c, "http://x/2", ERR_NOT_FOUND, LINK_NOT_KNOWN, true, 1);     /* another address */
    note(c, "http://x/2", ERR_OK, LINK_PAGE, true, 1);
}

/* --- a walk --- */

static void add(ctx *c, const char *key, const char *class, const char *const *urls, size_t n)
{
    dataset_draft d = test_draft(key, key, "臺北市政府");
    d.class_ = str_of(class);
    for (size_t i = 0; i < n; i++)
        (void)test_draft_file(c, &d, "f", "CSV", str_of(urls[i]));
    (void)test_store(c, &d);
}

static const char *at(ctx *c, int port, const char *path)
{
    return str_z(c->a, str_fmt(c->a, "http://127.0.0.1:%d%s", port, path));
}

static int64_t ask(ctx *c, const link_walk_wish *w)
{
    int64_t id;
    auto_tx tx = db_begin(c);
    assert_ok(c, tx.open && link_walk_ask(c, w, &id));
    assert_ok(c, db_commit(c, &tx));
    return id;
}

static link_walk_result walk(ctx *c, int64_t most)
{
    link_walk_result sum = { .next_job = ask(c, &(link_walk_wish){ .most = most, .pause_ms = 20, .timeout_s = 1, .allow_private = true }) };
    while (sum.next_job != 0) {
        bool worked, found;
        job_row r;
        int64_t id = sum.next_job;
        assert_ok(c, job_work_one(c, kinds, 1, NULL, &worked));
        assert_ok(c, q_job_get(c, id, &r, &found));
        if (!str_eq(r.state, S("done")))
            fail_msg("%.*s", S_ARG(r.error));
        assert_ok(c, link_walk_result_read(c, &r, &sum));
    }
    return sum;
}

static void indicators(ctx *c, const char *slug, const char *want)
{
    dataset_row d;
    dataset_quality_row q;
    measure_report r;
    bool found;
    assert_ok(c, measure_run(c, false, &r));
    assert_ok(c, q_dataset_by_key(c, str_of(slug), &d, &found));
    assert_ok(c, q_measure_of_dataset(c, d.id, &q, &found));
    assert_str(str_sub(q.indicators, 0, 2), str_of(want));
}

static int64_t ledger_rows(ctx *c)
{
    int64_t seq;
    assert_ok(c, ledger_seq(c, &seq));
    return seq;
}

static void a_walk_feeds_the_indicators(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    manners m = { 0 };
    small_http *h = small_http_start(answer, &m);
    int port = small_http_port(h);
    measure_report r;
    c->actor = S("operator:test");
    add(c, "good", "open", (const char *const[]){ at(c, port, "/csv"), at(c, port, "/moved"), at(c, port, "/no-head") }, 3);
    add(c, "lost", "open", (const char *const[]){ at(c, port, "/csv?2"), at(c, port, "/404") }, 2);
    add(c, "page", "open", (const char *const[]){ at(c, port, "/login") }, 1);
    add(c, "busy", "open", (const char *const[]){ "http://127.0.0.1:1x/" }, 1);
    add(c, "hidden", "closed", (const char *const[]){ at(c, port, "/csv?hidden") }, 1);
    assert_ok(c, measure_run(c, true, &r));
    indicators(c, "good", "??");
    int64_t rows = ledger_rows(c);
    link_walk_result sum = walk(c, 0);
    assert_int_equal(sum.asked, 7);                             /* what visitors do not see is not asked */
    assert_int_equal(sum.failing, 2);
    assert_int_equal(sum.pages, 1);
    assert_int_equal(ledger_rows(c), rows + 1);                 /* one row for the whole walk */
    assert_in_range(small_http_most(h), 1, 2);                  /* one connection a host; a server may learn late that one has ended */
    assert_true(m.last_ms - m.first_ms >= 5 * 20);              /* with pauses */
    indicators(c, "good", "yy");
    indicators(c, "lost", "ny");
    indicators(c, "page", "yn");
    indicators(c, "busy", "??");                                /* no web address: nothing that could be asked */
    measure_count k;
    assert_ok(c, measure_count_up(c, 0, &k));
    assert_int_equal(k.addresses, 7);
    assert_int_equal(k.asked, 7);
    assert_int_equal(k.failing, 2);
    assert_int_equal(k.pages, 1);
    rows = ledger_rows(c);
    assert_int_equal(walk(c, 0).asked, 7);
    assert_int_equal(ledger_rows(c), rows);                     /* nothing new: no row */
    assert_ok(c, measure_run(c, false, &r));
    assert_int_equal(r.datasets, 0);                            /* and nothing to measure */
    small_http_stop(h);
}

static void oldest_evidence_comes_first(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    manners m = { 0 };
    small_http *h = small_http_start(answer, &m);
    const char *urls[6];
    link_row_list l;
    c->actor = S("operator:test");
    for (int i = 0; i < 6; i++)
        urls[i] = at(c, small_http_port(h), str_z(c->a, str_fmt(c->a, "/csv?%d", i)));
    add(c, "six", "open", urls, 6);
    for (int i = 0; i < 3; i++)
        assert_int_equal(walk(c, 2).asked, 2);                  /* two a walk, never the same */
    assert_ok(c, q_link_of_dataset(c, 1, &l));
    assert_int_equal(l.n, 6);
    list_each (const link_row, r, &l)
        assert_int_equal(r->times, 1);
    assert_int_equal(walk(c, 4).asked, 4);
    assert_int_equal(walk(c, 2).asked, 2);
    assert_ok(c, q_link_of_dataset(c, 1, &l));
    list_each (const link_row, r, &l)
        assert_int_equal(r->times, 2);
    small_http_stop(h);
}

static void hosts_that_do_not_answer_are_left_alone(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    manners m = { 0 };
    small_http *h = small_http_start(answer, &m);
    int port = small_http_port(h);
    small_http_stop(h);                                         /* nobody listens there now */
    const char *urls[8];
    link_host_row_list hosts;
    c->actor = S("operator:test");
    for (int i = 0; i < 8; i++)
        urls[i] = at(c, port, str_z(c->a, str_fmt(c->a, "/csv?%d", i)));
    add(c, "eight", "open", urls, 8);
    link_walk_result sum = walk(c, 0);
    assert_int_equal(sum.asked, 3);
    assert_int_equal(sum.left_alone, 5);
    assert_ok(c, q_link_hosts(c, &hosts));
    assert_int_equal(hosts.n, 1);
    assert_int_equal(hosts.v[0].failures, 1);
    assert_true(hosts.v[0].until > day_now_ms() + 3500000);
    sum = walk(c, 0);                                           /* not even three, until the hour is over */
    assert_int_equal(sum.asked, 0);
    assert_int_equal(sum.left_alone, 8);
    assert_ok(c, db_script(c, S("UPDATE link_host SET until = 1")));
    sum = walk(c, 0);                                           /* the second occasion: known of the others, too */
    assert_int_equal(sum.asked, 8);
    assert_int_equal(sum.failing, 8);
    assert_int_equal(sum.left_alone, 0);
    indicators(c, "eight", "n?");
    assert_ok(c, q_link_hosts(c, &hosts));
    assert_int_equal(hosts.v[0].failures, 2);
}

static void a_host_that_is_back_is_asked_again(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    manners m = { 0 };
    small_http *h = small_http_start(answer, &m);
    link_host_row_list hosts;
    c->actor = S("operator:test");
    add(c, "back", "open", (const char *const[]){ at(c, small_http_port(h), "/csv") }, 1);
    assert_ok(c, db_script(c, str_fmt(c->a, "INSERT INTO link_host (host, failures, until) VALUES ('127.0.0.1:%d', 4, 1)", small_http_port(h))));
    assert_int_equal(walk(c, 0).failing, 0);
    assert_ok(c, q_link_hosts(c, &hosts));
    assert_int_equal(hosts.n, 0);
    small_http_stop(h);
}

static void a_walk_can_be_ended_and_goes_on(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    manners m = { 0 };
    small_http *h = small_http_start(answer, &m);
    job_row r;
    bool worked, found;
    const char *urls[4];
    c->actor = S("operator:test");
    for (int i = 0; i < 4; i++)
        urls[i] = at(c, small_http_port(h), str_z(c->a, str_fmt(c->a, "/csv?%d", i)));
    add(c, "four", "open", urls, 4);
    const _Atomic bool stopping = true;                         /* the program ends: the job is put back, unharmed */
    int64_t id = ask(c, &(link_walk_wish){ .pause_ms = 300, .timeout_s = 5, .allow_private = true });
    assert_ok(c, job_work_one(c, kinds, 1, &stopping, &worked));
    assert_ok(c, q_job_get(c, id, &r, &found));
    assert_str(r.state, S("waiting"));
    int before = atomic_load(&m.requests);
    assert_in_range(before, 1, 3);
    assert_ok(c, job_work_one(c, kinds, 1, NULL, &worked));
    assert_ok(c, q_job_get(c, id, &r, &found));
    assert_str(r.state, S("done"));
    link_row_list l;
    assert_ok(c, q_link_of_dataset(c, 1, &l));
    assert_int_equal(l.n, 4);
    id = ask(c, &(link_walk_wish){ .pause_ms = 300, .allow_private = true });
    assert_ok(c, db_script(c, S("UPDATE job SET cancel = 1 WHERE state = 'waiting'")));      /* somebody wants it to end while it runs */
    assert_ok(c, job_work_one(c, kinds, 1, NULL, &worked));
    assert_ok(c, q_job_get(c, id, &r, &found));
    assert_str(r.state, S("cancelled"));
    assert_ok(c, job_work_one(c, kinds, 1, NULL, &worked));
    assert_false(worked);                                       /* nothing follows */
    small_http_stop(h);
}

static void the_operator_decides_about_daily_walks(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    job_row_list jobs;
    bool worked;
    c->actor = S("operator:test");
    assert_ok(c, link_walk_plan(c));
    assert_ok(c, q_job_newest(c, 10, &jobs));
    assert_int_equal(jobs.n, 0);
    assert_ok(c, conf_set(c, &t->site->conf, S("link_walk_daily"), S("on"), CONF_FROM_FLAG));
    assert_ok(c, link_walk_plan(c));
    assert_ok(c, link_walk_plan(c));
    assert_ok(c, q_job_newest(c, 10, &jobs));
    assert_int_equal(jobs.n, 1);                                /* however often it is planned */
    assert_str(jobs.v[0].actor, S("schedule"));
    int64_t now = day_now_ms();
    assert_ok(c, job_work_one(c, kinds, 1, NULL, &worked));
    assert_ok(c, q_job_newest(c, 10, &jobs));
    assert_int_equal(jobs.n, 2);                                /* the next, a day later */
    assert_in_range(jobs.v[0].run_at, now + DAY_MS - 1, now + DAY_MS + 60000);
    assert_ok(c, conf_set(c, &t->site->conf, S("link_walk_daily"), S("off"), CONF_FROM_FLAG));
    assert_ok(c, db_script(c, S("UPDATE job SET run_at = 1 WHERE state = 'waiting'")));
    assert_ok(c, job_work_one(c, kinds, 1, NULL, &worked));
    assert_ok(c, q_job_newest(c, 10, &jobs));
    assert_int_equal(jobs.n, 2);                                /* it was the last */
    assert_str(jobs.v[0].state, S("done"));
}

int main(void)
{
#define site_test(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_to_answer),
        site_test(a_row_knows_since_when),
        site_test(a_walk_feeds_the_indicators),
        site_test(oldest_evidence_comes_first),
        site_test(hosts_that_do_not_answer_are_left_alone),
        site_test(a_host_that_is_back_is_asked_again),
        site_test(a_walk_can_be_ended_and_goes_on),
        site_test(the_operator_decides_about_daily_walks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
