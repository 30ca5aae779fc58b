#include "support/loaded.h"

#include "support/jobs.h"

test_loaded test_loaded_new(void **state, const dataset_draft *d)
{
    test_loaded w = { .t = *state };
    ctx *c = &w.t->c;
    bool found;
    distribution_row_list l;
    (void)test_store(c, d);
    assert_ok(c, q_dataset_by_key(c, d->slug, &w.d, &found));
    assert_true(found);
    assert_ok(c, q_distribution_of(c, w.d.id, &l));
    w.f = l.v[0];
    w.t->site->box_program = test_built_program(c);
    table_cache_start(w.t->site);
    return w;
}

table_put test_loaded_put(test_loaded *w, const char *bytes)
{
    ctx *c = &w->t->c;
    table_put p;
    str path = file_join(c->a, w->t->dir, S("in.csv"));
    assert_ok(c, file_write(c, path, str_of(bytes)));
    assert_ok(c, table_put_path(c, &w->d, &w->f, path, S("in.csv"), &p));
    return p;
}

job_row test_loaded_work(test_loaded *w, int64_t id)
{
    assert_true(test_work(&w->t->c));
    return test_job(&w->t->c, id);
}

void test_loaded_load(test_loaded *w, const char *bytes)
{
    assert_str(test_loaded_work(w, test_loaded_put(w, bytes).job).state, S("done"));
}

const char *test_loaded_page(test_loaded *w, const char *tail)
{
    arena *a = w->t->c.a;
    return str_z(a, str_fmt(a, "/tables/%.*s%s", S_ARG(w->f.uid), tail));
}
