#include "support/support.h"

#include "app/find/find.h"
#include "app/table/table_open.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <unistd.h>

ctx test_bare;

int test_bare_setup(void **state)
{
    test_bare = (ctx){ .a = arena_new(65536) };
    *state = &test_bare;
    return 0;
}

int test_bare_teardown(void **state)
{
    (void)state;
    arena_free(test_bare.a);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *f)
{
    (void)st;
    (void)flag;
    (void)f;
    return remove(path);
}

/* A database of its own on the server that the address names; "" when that is not possible. */
static str own_database(ctx *c, str address, const char *what, str name)
{
    PGconn *h = PQconnectdb(str_z(c->a, address));
    if (PQstatus(h) != CONNECTION_OK)
        fail_msg("cannot reach the test database: %s", PQerrorMessage(h));
    PGresult *r = PQexec(h, str_z(c->a, str_fmt(c->a, "%s DATABASE %.*s", what, S_ARG(name))));
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", what, PQresultErrorMessage(r));
    PQclear(r);
    PQfinish(h);
    /* postgresql://user@host:port/old?x → …/new?x */
    str head, query;
    (void)str_cut(address, S("?"), &head, &query);
    size_t at = str_rfind_byte(head, '/');
    return str_fmt(c->a, "%.*s/%.*s%s%.*s", S_ARG(str_sub(head, 0, at)), S_ARG(name), query.n > 0 ? "?" : "",
                   S_ARG(query));
}

static str name_of(str database)
{
    str head = str_sub(database, 0, str_find_byte(database, '?'));
    return str_from(head, str_rfind_byte(head, '/') + 1);
}

str test_database_new(test_site *t, const char *name)
{
    ctx *c = &t->c;
    if (t->database.n == 0)
        return file_join(c->a, t->dir, str_fmt(c->a, "%s.db", name));
    return own_database(c, str_of(getenv("OPENSHELF_TEST_DATABASE")), "CREATE",
                        str_fmt(c->a, "%.*s_%s", S_ARG(name_of(t->database)), name));
}

void test_database_drop(test_site *t, str database)
{
    if (t->database.n > 0)
        (void)own_database(&t->c, str_of(getenv("OPENSHELF_TEST_DATABASE")), "DROP", name_of(database));
}

char *test_folder(arena *a)
{
    const char *below = getenv("TMPDIR");
    char *path = str_z(a, str_fmt(a, "%s/openshelf-test-XXXXXX", below != NULL ? below : "/tmp"));
    assert_non_null(mkdtemp(path));
    return path;
}

test_site *test_site_new(void)
{
    static int count;
    test_site *t = mem_get(sizeof *t);
    t->c = (ctx){ .a = arena_new(65536), .actor = S("test"), .lang = LANG_EN };
    ctx *c = &t->c;
    t->dir = str_of(test_folder(c->a));
    const char *server = getenv("OPENSHELF_TEST_DATABASE");
    if (server != NULL && strstr(server, "postgresql://") == server) {
        str name = str_fmt(c->a, "t%d_%d", (int)getpid(), ++count);
        t->database = own_database(c, str_of(server), "CREATE", name);
    }
    site_options o = { .data_dir = t->dir, .database = t->database };
    assert_ok(c, site_open(c, &o, &t->site));
    return t;
}

void test_site_free(test_site *t)
{
    ctx *c = &t->c;
    if (t->site != NULL) {          /* a test may have closed it */
        find_close(t->site);
        table_cache_end(t->site);
    }
    site_detach(c);
    site_close(t->site);
    test_database_drop(t, t->database);
    nftw(str_z(c->a, t->dir), remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(t->c.a);
    mem_free(t);
}

int test_site_setup(void **state)
{
    *state = test_site_new();
    return 0;
}

int test_site_teardown(void **state)
{
    test_site_free(*state);
    return 0;
}

str test_corpus(ctx *c, const char *path)
{
    const char *root = getenv("OPENSHELF_ROOT");
    str full = str_fmt(c->a, "%s/../shared/corpus/%s", root != NULL ? root : ".", path);
    return file_exists(c, full) ? full : S("");
}

str test_statement_problem(test_site *t, const db_sql *q)
{
    ctx *c = &t->c;
    if (t->database.n == 0) { /* SQLite prepares at the start and runs at the first step */
        auto_rows r = { 0 };
        db_value *nothing = new_n(c->a, db_value, (size_t)q->params);
        for (int i = 0; i < q->params; i++)
            nothing[i] = (db_value){ .null = true };
        if (db_start(c, q, nothing, &r))
            return S("");
        str why = str_cat(c->a, c->err.message, c->err.detail);
        err_clear(c);
        return why;
    }
    PGconn *h = PQconnectdb(str_z(c->a, t->database));
    PGresult *r = PQprepare(h, "", q->postgres, 0, NULL);
    str why = PQresultStatus(r) == PGRES_COMMAND_OK ? S("") : str_dup(c->a, str_of(PQresultErrorMessage(r)));
    PQclear(r);
    r = PQdescribePrepared(h, "");
    if (why.n == 0 && PQnparams(r) != q->params)
        why = str_fmt(c->a, "it has %d parameters, sqlgen says %d", PQnparams(r), q->params);
    PQclear(r);
    PQfinish(h);
    return why;
}

void assert_true_str(str got, str want, const char *file, int line)
{
    if (str_eq(got, want))
        return;
    print_error("got  “%.*s”\nwant “%.*s”\n", S_ARG(got), S_ARG(want));
    _fail(file, line);
}

void assert_ok_failed(const ctx *c, const char *expr, const char *file, int line)
{
    print_error("%s\n  failed: %s: %.*s (%.*s)\n", expr, err_name(c->err.code), S_ARG(c->err.message),
                S_ARG(c->err.detail));
    _fail(file, line); /* jumps out of the test */
    abort();
}

const char *test_built_program(ctx *c)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self);
    assert_in_range(n, 1, sizeof self);
    str dir = { self, (size_t)n };
    return str_z(c->a, str_cat(c->a, str_sub(dir, 0, str_rfind_byte(dir, '/')), S("/openshelf")));
}
