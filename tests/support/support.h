/* support — what tests share: a fresh, migrated site on the engine that
 * OPENSHELF_TEST_DATABASE names (a SQLite file in a temporary folder when it
 * is unset; for postgresql://… a new database of its own), and its end. */
#ifndef SUPPORT_H
#define SUPPORT_H
#include "base.h"

#include <setjmp.h>
#include <stdarg.h>

#undef fail /* cmocka has a macro of the same name; tests use its fail_msg */
#include <cmocka.h>

#include "app/site/site.h"
#include "kit/db/db.h"

/* For tests that need no site: cmocka fixtures for a ctx, made anew for each test; *state is &test_bare. */
extern ctx test_bare;
int test_bare_setup(void **state);
int test_bare_teardown(void **state);

typedef struct test_site {
    ctx   c;
    site *site;
    str   dir;              /* removed at the end */
    str   database;
} test_site;

char      *test_folder(arena *a);                  /* a new one, below $TMPDIR or /tmp; who asks removes it */
test_site *test_site_new(void);
void       test_site_free(test_site *t);          /* with its index and its tables, where they were opened */
int        test_site_setup(void **state);          /* cmocka fixtures: *state is a test_site * */
int        test_site_teardown(void **state);
/* An empty database of the engine that is tested, beside the site's: a path in t->dir, or a new one on the server. */
str        test_database_new(test_site *t, const char *name);
void       test_database_drop(test_site *t, str database);
const char *test_built_program(ctx *c);            /* openshelf beside the test: the child that reads strangers' files */
str        test_corpus(ctx *c, const char *path);   /* "" when the shared corpus is not there: then skip() */

str        test_statement_problem(test_site *t, const db_sql *q);   /* prepared, not run; "" when it is understood */

#define assert_str(got, want) assert_true_str((got), (want), __FILE__, __LINE__)
void assert_true_str(str got, str want, const char *file, int line);
/* Compilers know that it does not go on after a failure. */
#define assert_ok(c, expr) ((expr) ? (void)0 : assert_ok_failed((c), #expr, __FILE__, __LINE__))
void assert_ok_failed(const ctx *c, const char *expr, const char *file, int line) __attribute__((noreturn));   /* prints the error */
#endif
