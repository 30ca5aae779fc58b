#include "app/table/table_append.h"

#include "app/site/site.h"
#include "app/table/table_compact.h"
#include "app/table/table_describe.h"
#include "app/table/table_judge.h"
#include "app/table/table_open.h"
#include "app/table/table_refer.h"
#include "app/table/table_schema.h"
#include "app/table/table_words.h"
#include "kit/blob/blob.h"
#include "kit/load/load.h"
#include "kit/table/row_key.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

#define TRIES 8                     /* of an upsert whose table changed meanwhile */

typedef struct {
    const table_row *t;             /* as it was when the columns were taken */
    const table_rows_wish *w;
    schema given;                   /* what was said of its columns */
    bool     is_given;
    load_before before;             /* its columns, for the rows that come */
    load_before as_they_are;        /* … and for rows that were judged already */
    str_list names;                 /* of the columns */
    size_t  *key;
    size_t   key_count;
    load_result added;
    column_file *came;              /* its column file */
    table_judge judge;
    const uint64_t *came_dropped;   /* rows of it that a later one of it replaces */
    table_moved *moved;             /* what an upsert does to the pieces of the version before */
    size_t   moved_count;
    table_piece whole;              /* all that came, once it is a file of the store */
    table_rows_done *out;
} work;

/* --- the rows that come, as a column file --- */

static bool before(ctx *c, void *to, size_t position, str name, load_before *out)
{
    (void)c, (void)position, (void)name;
    *out = *(const load_before *)to;
    return true;
}

static load_shape shape_of(ctx *c, const column_file *f)
{
    size_t n = column_file_count(f);
    load_shape_column *cols = new_n(c->a, load_shape_column, n);
    for (size_t i = 0; i < n; i++) {
        const column_about *k = column_file_about(f, i);
        cols[i] = (load_shape_column){ str_dup(c->a, k->name), str_dup(c->a, k->title), str_dup(c->a, k->second) };
    }
    return (load_shape){ .name = str_dup(c->a, column_file_name(f)), .cols = cols, .n = n };
}

static load_options options_of(ctx *c, work *w, load_before *known)
{
    return (load_options){ .folder = c->site->blob_dir, .encoding = w->w->encoding, .box_program = c->site->box_program,
                           .words = table_words(), .to = known, .before = before };
}

static bool key_of_table(ctx *c, work *w, const column_file *f)
{
    str_list names = w->w->key;
    if (w->w->how != TABLE_UPSERT)
        return true;
    if (names.n == 0 && !table_key_names(c, w->t, &names))
        return false;
    if (names.n == 0)
        return fail_field(c, INVALID, S("key"), "the table has no key yet: say by which columns its rows are known");
    w->key = new_n(c->a, size_t, names.n);
    for (size_t i = 0; i < names.n; i++)
        if (!column_file_find(f, names.v[i], &w->key[w->key_count++]))
            return fail_field(c, INVALID, S("key"), "the table has no column “%.*s”", S_ARG(utf8_cut(names.v[i], 80)));
    return true;
}

static bool read_rows(ctx *c, work *w)
{
    auto_table held = { .site = c->site };
    if (!table_hold(c, w->t, 0, &held.open))
        return false;
    const column_file *first = held.open->files[0];
    load_shape shape = shape_of(c, first);
    load_options o = options_of(c, w, &w->before);
    if (!table_given_schema(c, w->t, &w->given, &w->is_given))
        return false;
    const table_schema *given = w->is_given ? &w->given.table : NULL;
    load_before_of(c, first, given, true, &w->before);
    load_before_of(c, first, given, false, &w->as_they_are);
    w->names = w->before.old_names;
    o.shape = &shape;
    if (!key_of_table(c, w, first) || !load_file(c, w->w->fd, w->w->name, &o, &w->added))
        return false;
    if (w->added.tables.v[0].rows == 0)
        return fail(c, INVALID, "there are no rows in what was given");
    if (!column_file_open(c, w->added.tables.v[0].path, &w->came))
        return false;
    w->judge = table_judge_new(c, w->is_given ? &w->given : NULL, w->came, &w->added);
    return true;
}

/* --- segments without the rows that were replaced --- */

static bool keep_piece(ctx *c, load_table *t, table_piece *out)
{
    blob_id id;
    if (!blob_adopt_file(c, c->site->blob_dir, t->path, &id))
        return false;
    t->path = (str){ 0 };
    *out = (table_piece){ .file = str_dup(c->a, str_of(id.hex)), .bytes = id.bytes, .rows = (int64_t)t->rows };
    return true;
}

static bool rewrite(ctx *c, work *w, column_file *f, const uint64_t *dropped, table_piece *out)
{
    load_result r;
    load_options o = options_of(c, w, &w->as_they_are);
    if (!load_segments(c, &f, &dropped, 1, &o, &r))
        return false;
    bool ok = keep_piece(c, &r.tables.v[0], out);
    load_free(c, &r);
    return ok;
}

static bool rewrite_old(ctx *c, work *w, const table_open *open, const uint64_t *const *dropped, table_piece *pieces, size_t *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < open->n; i++) {
        uint64_t rows = column_file_rows(open->files[i]), left = rows;
        for (uint64_t b = 0; dropped[i] != NULL && b <= rows / 64; b++)
            left -= (uint64_t)__builtin_popcountll(dropped[i][b]);
        w->moved[i] = (table_moved){ rows, dropped[i] };
        if (left == 0)
            continue;
        pieces[kept] = pieces[i];
        if (left < rows && !rewrite(c, w, open->files[i], dropped[i], &pieces[kept]))
            return false;
        kept++;
    }
    *n = kept;
    return true;
}

/* What the table consists of, with the old rows that the new ones replace taken out. pieces: those of the version that `now`
 * has, and room for one more; *n: how many there are then. */
static bool upsert(ctx *c, work *w, const table_row *now, table_piece *pieces, size_t *n)
{
    row_key k;
    auto_table held = { .site = c->site };
    w->out->replaced = 0;
    if (!table_hold(c, now, 0, &held.open) || !row_key_new(c, w->came, w->key, w->key_count, &k))
        return false;
    uint64_t **dropped = new_n(c->a, uint64_t *, held.open->n + 1), count;
    for (size_t i = 0; i < held.open->n; i++) {
        if (!row_key_find(c, &k, held.open->files[i], &dropped[i], &count))
            return false;
        w->out->replaced += (int64_t)count;
    }
    const uint64_t *const *gone = (const uint64_t *const *)dropped;
    w->moved = new_n(c->a, table_moved, held.open->n + 1);
    w->moved_count = held.open->n;
    w->came_dropped = w->judge.added_dropped = k.dropped;
    if (!table_judge_files(c, &w->judge, pieces, held.open->files, gone, held.open->n)
        || !table_judge_references(c, &w->judge, now->dataset_id, held.open->files, gone, held.open->n) || (w->w->strict && !table_judge_strict(c, &w->judge)))
        return false;
    if (w->w->dry_run)
        return true;
    if (!rewrite_old(c, w, held.open, gone, pieces, n))
        return false;
    pieces[*n] = (table_piece){ 0 };
    return k.dropped_count == 0 || rewrite(c, w, w->came, k.dropped, &pieces[*n]);
}

/* Rows behind the others: nothing of the table is read but what its schema wants to be compared. */
static bool compare(ctx *c, work *w, const table_row *now, const table_piece *pieces)
{
    auto_table held = { .site = c->site };
    if (w->is_given
        && (!table_hold(c, now, now->version, &held.open) || !table_judge_files(c, &w->judge, pieces, held.open->files, NULL, held.open->n)
            || !table_judge_references(c, &w->judge, now->dataset_id, held.open->files, NULL, held.open->n)))
        return false;
    return !w->w->strict || table_judge_strict(c, &w->judge);
}

/* --- the new version --- */

static bool same_columns(ctx *c, const work *w, const table_version_row *v)
{
    str_list titles = { 0 }, names = { 0 };
    bool same = table_describe_names(c, v->fields, &titles, &names) && names.n == w->names.n;
    for (size_t i = 0; same && i < names.n; i++)
        same = str_eq(names.v[i], w->names.v[i]);
    return same;
}

static str key_json(ctx *c, const work *w)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_arr(&j);
    for (size_t i = 0; i < w->key_count; i++)
        json_str(&j, w->names.v[w->key[i]]);
    json_end(&j);
    return buf_str(&b);
}

/* By which columns rows are known, from now on. */
static bool set_key(ctx *c, change *ch, const work *w, const table_row *now, int64_t organization)
{
    str hash, key = w->key_count > 0 ? key_json(c, w) : now->row_key;
    if (str_eq(key, now->row_key))
        return true;
    if (!table_state_hash(c, now, &hash))
        return false;
    ledger_entry e = {
        .action = S("table.key"), .subject_kind = S("table"), .subject_id = now->id, .subject_key = now->uid, .organization_id = organization,
        .after = str_fmt(c->a, "{\"key\":%.*s}", S_ARG(key)), .state_hash = hash,
    };
    return change_record(c, ch, &e) && q_table_set_key(c, now->id, key, ch->seq);
}

static bool publish(ctx *c, change *ch, work *w, table_row *now, const table_piece *pieces, size_t n)
{
    table_version_row v;
    dataset_row d;
    bool found;
    load_table *t = &w->added.tables.v[0];
    table_draft draft = { .name = now->name, .pieces = pieces, .piece_count = n };
    for (size_t i = 0; i < n; i++)
        w->out->rows += pieces[i].rows;
    if (!q_table_version_get(c, now->id, now->version, &v, &found) || !q_dataset_by_id(c, now->dataset_id, &d))
        return false;
    if (!found || !same_columns(c, w, &v))
        return fail(c, CONFLICT, "the table got other columns meanwhile: add the rows again");
    table_said said;
    const table_both both = { .old = &v, .added = t, .added_dropped = w->came_dropped, .rows = w->out->rows, .moved = w->moved,
                              .moved_count = w->moved_count };
    if (!table_describe_both(c, &both, &said))
        return false;
    draft.fields = v.fields;
    draft.about = said.about;
    draft.findings = said.findings;
    draft.score = said.score;
    if (!table_publish_rows(c, ch, now, d.organization_id, w->w->how, &draft))
        return false;
    w->out->version = now->version;
    return set_key(c, ch, w, now, d.organization_id) && table_refer_wish(c, now->dataset_id, (str){ 0 }, now->id) && (n <= TABLE_SEGMENTS_FEW || table_compact_wish(c, now));
}

/* The table as it is now. An append goes behind whatever stands there; what an upsert found out is true of one version only. */
static bool publish_or_again(ctx *c, work *w, const table_row *seen, table_piece *pieces, size_t n, bool *again)
{
    table_row now;
    bool found;
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !q_table_by_id(c, w->t->id, &now, &found))
        return false;
    if (!found || !str_eq(now.state, S("live")))
        return fail(c, CONFLICT, "the table has ended meanwhile");
    *again = now.version != seen->version && w->w->how == TABLE_UPSERT;
    if (*again)
        return true;
    table_piece added = pieces[n - 1];
    if (now.version != seen->version) {
        if (!table_pieces(c, now.id, now.version, &pieces, &n))
            return false;
        if (!compare(c, w, &now, pieces))
            return false;
        pieces[n++] = added;
    }
    w->out->rows = 0;
    return publish(c, &ch, w, &now, pieces, n) && change_commit(c, &ch);
}

static bool add(ctx *c, work *w)
{
    for (int try = 0; try < TRIES; try++) {
        table_row seen;
        table_piece *pieces;
        size_t n;
        bool found, again = false;
        if (!q_table_by_id(c, w->t->id, &seen, &found))
            return false;
        if (!found)
            return fail(c, NOT_FOUND, "the table is there no more");
        if (!table_pieces(c, seen.id, seen.version, &pieces, &n))
            return false;
        if (w->w->version > 0 && w->w->version != seen.version)
            return fail(c, CONFLICT, "the table got another version meanwhile: %" PRId64, seen.version);
        table_judge_again(c, &w->judge);
        pieces[n] = (table_piece){ 0 };
        if (!(w->w->how == TABLE_UPSERT ? upsert(c, w, &seen, pieces, &n) : compare(c, w, &seen, pieces)))
            return false;
        if (w->w->dry_run) {
            w->out->rows = seen.rows;
            w->out->version = seen.version;
            return true;
        }
        if (pieces[n].rows == 0) {              /* the rows as they came */
            if (w->whole.rows == 0 && !keep_piece(c, &w->added.tables.v[0], &w->whole))
                return false;
            pieces[n] = w->whole;
        }
        w->out->added = pieces[n++].rows;
        if (!publish_or_again(c, w, &seen, pieces, n, &again))
            return false;
        if (!again)
            return n <= TABLE_SEGMENTS_MOST || table_compact(c, w->t->id, NULL);
    }
    return fail(c, BUSY, "others change the table all the time: try again");
}

static void tell(ctx *c, const work *w)
{
    const load_table *t = &w->added.tables.v[0];
    for (size_t i = 0; i < t->findings.n; i++) {
        const table_finding *f = &t->findings.v[i].at;
        if (!table_judge_breaks(f))
            continue;
        uint64_t count = f->count > 0 ? f->count : 1;
        w->out->bad += strcmp(f->code, "bad_value") == 0 ? count : 0;
        w->out->wrong += count;
        const column_about *k = column_file_about(w->came, f->col > 0 ? f->col - 1 : 0);
        if (w->out->told.n < TABLE_ROWS_TOLD)
            list_add(c->a, &w->out->told, (table_rows_finding){ load_rule_of(f->code), f->row, str_dup(c->a, k->title.n > 0 ? k->title : k->name),
                                                               str_dup(c->a, f->sample), count });
    }
}

bool table_rows_add(ctx *c, const table_row *t, const table_rows_wish *wish, table_rows_done *out)
{
    work w = { .t = t, .w = wish, .out = out };
    *out = (table_rows_done){ 0 };
    bool ok = read_rows(c, &w);
    if (ok)
        out->added = (int64_t)w.added.tables.v[0].rows;
    ok = ok && add(c, &w);
    if (ok)
        tell(c, &w);
    column_file_close(w.came);
    load_free(c, &w.added);
    return ok;
}

bool table_key_names(ctx *c, const table_row *t, str_list *out)
{
    json doc;
    str said = t->row_key.n > 0 ? t->row_key : t->given_schema;
    *out = (str_list){ 0 };
    if (said.n == 0)
        return true;
    if (!json_parse(c, said, &doc))
        return false;
    const json *key = t->row_key.n > 0 ? &doc : json_get(&doc, "primaryKey");
    if (key != NULL && key->type == JSON_STR)
        list_add(c->a, out, json_text(c, key));
    for (size_t i = 0; key != NULL && key->type == JSON_ARR && i < key->arr.n; i++)
        list_add(c->a, out, json_text(c, &key->arr.v[i]));
    return true;
}
