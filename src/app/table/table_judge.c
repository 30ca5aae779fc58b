#include "app/table/table_judge.h"

#include "app/table/table_other.h"
#include "kit/load/load_schema.h"
#include "kit/table/row_match.h"

table_judge table_judge_new(ctx *c, const schema *given, const column_file *added, load_result *loaded)
{
    return (table_judge){ .given = given, .added = added, .loaded = loaded, .own = loaded->tables.v[0].findings.n, .seen = map_in(c->a) };
}

void table_judge_again(ctx *c, table_judge *j)
{
    j->loaded->tables.v[0].findings.n = j->own;
    j->seen = map_in(c->a);
    j->referred = false;
}

static bool keep(ctx *c, void *to, const table_finding *f)
{
    load_result *r = ((table_judge *)to)->loaded;
    (void)c;
    load_add_finding(r, &r->tables.v[0], f);
    return true;
}

typedef struct { table_judge *j; const row_side *there; } judged;

static bool judge_columns(ctx *c, const judged *w, const char *code, const size_t *cols, size_t n)
{
    table_judge *j = w->j;
    column_file *added = (column_file *)j->added;
    row_side came = { .files = &added, .n = 1, .cols = cols, .without = j->added_dropped != NULL ? &j->added_dropped : NULL }, there = *w->there;
    row_found found;
    there.cols = cols;
    return row_match_among(c, &came, &there, n, true, LOAD_PLACES, &found)
        && load_schema_tell(c, &(load_told){ added, j, keep }, code, cols, n, found.rows, found.n, found.count);
}

bool table_judge_files(ctx *c, table_judge *j, const table_piece *pieces, column_file *const *files, const uint64_t *const *dropped, size_t n)
{
    column_file **fresh = new_n(c->a, column_file *, n + 1);
    const uint64_t **without = new_n(c->a, const uint64_t *, n + 1);
    row_side there = { .files = fresh, .without = without };
    const judged w = { j, &there };
    if (j->given == NULL)
        return true;
    for (size_t i = 0; i < n; i++) {
        bool is_new;
        map_put(&j->seen, str_dup(c->a, pieces[i].file), &is_new);
        if (!is_new)
            continue;
        without[there.n] = dropped != NULL ? dropped[i] : NULL;
        fresh[there.n++] = files[i];
    }
    const table_schema *s = &j->given->table;
    size_t *places = table_schema_places(c, s, j->added), *key = new_n(c->a, size_t, j->given->key.n + 1);
    for (size_t i = 0; i < s->n && there.n > 0; i++)
        if (s->fields[i].unique && places[i] != TABLE_NO_COLUMN && !judge_columns(c, &w, "not_unique", &places[i], 1))
            return false;
    return there.n == 0 || !load_schema_named(s, places, &j->given->key, key) || judge_columns(c, &w, "key_repeated", key, j->given->key.n);
}

static bool find(ctx *c, void *to, str name, load_rows *out)
{
    table_row t;
    return table_others_rows(c, to, name, &t, out);
}

bool table_judge_references(ctx *c, table_judge *j, int64_t dataset_id, column_file *const *files, const uint64_t *const *dropped, size_t n)
{
    table_others others = { .dataset_id = dataset_id };
    column_file *added = (column_file *)j->added, **all = new_n(c->a, column_file *, n + 1);
    const uint64_t **without = new_n(c->a, const uint64_t *, n + 1);
    if (j->given == NULL || j->given->table.references.n == 0 || j->referred)
        return true;
    for (size_t i = 0; i < n; i++) {
        all[i] = files[i];
        without[i] = dropped != NULL ? dropped[i] : NULL;
    }
    all[n] = added;
    without[n] = j->added_dropped;
    j->referred = true;
    const load_reference_plan p = {
        .schema = &j->given->table, .own = { .files = &added, .n = 1, .without = &j->added_dropped }, .untold = true,
        .all = { .files = all, .n = n + 1, .without = without }, .to = &others, .find = find };
    bool ok = load_references(c, &p, j, keep);
    table_others_end(c, &others);
    return ok;
}

bool table_judge_breaks(const table_finding *f)
{
    const load_rule *r = load_rule_of(f->code);
    return r != NULL && ((strcmp(r->group, "SCHEMA") == 0 && r->severity == LOAD_ERROR) || strcmp(f->code, "bad_value") == 0);
}

bool table_judge_strict(ctx *c, const table_judge *j)
{
    const load_table *t = &j->loaded->tables.v[0];
    const table_finding *first = NULL;
    uint64_t more = 0;
    for (size_t i = 0; i < t->findings.n; i++) {
        const table_finding *f = &t->findings.v[i].at;
        if (!table_judge_breaks(f))
            continue;
        more += f->count > 0 ? f->count : 1;
        if (first == NULL || (f->row > 0 && f->row < first->row))
            first = f;
    }
    if (first == NULL)
        return true;
    const column_about *k = column_file_about(j->added, first->col > 0 ? first->col - 1 : 0);
    str title = k->title.n > 0 ? k->title : k->name, others = more > 1 ? str_fmt(c->a, "; %" PRIu64 " values in all are not right", more) : S("");
    return fail_field(c, INVALID, title, "row %" PRIu64 ", “%.*s”: %s: “%.*s”%.*s; nothing was added", first->row, S_ARG(utf8_cut(title, 80)),
                      load_rule_of(first->code)->says, S_ARG(utf8_cut(first->sample, 80)), S_ARG(others));
}
