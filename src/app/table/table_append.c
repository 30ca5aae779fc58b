#include "app/table/table_append.h"

#include "app/site/site.h"
#include "app/table/table_compact.h"
#include "app/table/table_describe.h"
#include "kit/table/row_key.h"
#include "app/table/table_open.h"
#include "app/table/table_words.h"
#include "kit/blob/blob.h"
#include "kit/load/load.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

#define TRIES 8                     /* of an upsert whose table changed meanwhile */

typedef struct {
    const table_row *t;             /* as it was when the columns were taken */
    const table_rows_wish *w;
    load_before before;             /* its columns, for every segment */
    str_list names;                 /* of the columns */
    size_t  *key;
    size_t   key_count;
    load_result added;
    table_piece whole;              /* all that came, once it is a file of the store */
    table_rows_done *out;
} work;

/* --- the rows that come, as a column file --- */

static bool before(ctx *c, void *to, size_t position, str name, load_before *out)
{
    (void)c, (void)position, (void)name;
    *out = ((work *)to)->before;
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

static load_options options_of(ctx *c, work *w)
{
    return (load_options){ .folder = c->site->blob_dir, .encoding = w->w->encoding, .box_program = c->site->box_program,
                           .words = table_words(), .to = w, .before = before };
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
    load_options o = options_of(c, w);
    load_before_of(c->a, first, &w->before);
    list_each (str, s, &w->before.old_titles)
        *s = str_dup(c->a, *s);     /* the segment may be put away while this goes on */
    list_each (str, s, &w->before.old_names)
        *s = str_dup(c->a, *s);
    w->names = w->before.old_names;
    o.shape = &shape;
    if (!key_of_table(c, w, first) || !load_file(c, w->w->fd, w->w->name, &o, &w->added))
        return false;
    return w->added.tables.v[0].rows > 0 || fail(c, INVALID, "there are no rows in what was given");
}

static uint64_t bad_values(const load_table *t)
{
    uint64_t n = 0;
    list_each (const load_finding, f, &t->findings)
        if (strcmp(f->at.code, "bad_value") == 0)
            n += f->at.count > 0 ? f->at.count : 1;
    return n;
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
    load_options o = options_of(c, w);
    if (!load_segments(c, &f, &dropped, 1, &o, &r))
        return false;
    bool ok = keep_piece(c, &r.tables.v[0], out);
    load_free(c, &r);
    return ok;
}

static bool rewrite_old(ctx *c, work *w, row_key *k, const table_open *open, table_piece *pieces, size_t *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < open->n; i++) {
        uint64_t *dropped, count;
        if (!row_key_find(c, k, open->files[i], &dropped, &count))
            return false;
        w->out->replaced += (int64_t)count;
        if (count == column_file_rows(open->files[i]))
            continue;
        pieces[kept] = pieces[i];
        if (count > 0 && !rewrite(c, w, open->files[i], dropped, &pieces[kept]))
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
    column_file *f = NULL;
    auto_table held = { .site = c->site };
    load_table *t = &w->added.tables.v[0];
    w->out->replaced = 0;
    if (!table_hold(c, now, 0, &held.open))
        return false;
    str path = w->whole.rows > 0 ? table_path(c, w->whole.file) : t->path;
    bool ok = column_file_open(c, path, &f) && row_key_new(c, f, w->key, w->key_count, &k)
        && rewrite_old(c, w, &k, held.open, pieces, n);
    if (ok && k.dropped_count > 0)
        ok = rewrite(c, w, f, k.dropped, &pieces[*n]);
    else if (ok)
        pieces[*n] = (table_piece){ 0 };
    column_file_close(f);
    return ok;
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

static int weighed_score(const table_version_row *old, const load_table *added)
{
    int64_t all = old->rows + (int64_t)added->rows;
    return all > 0 ? (int)((old->score * old->rows + (int64_t)load_score(added) * (int64_t)added->rows) / all) : 100;
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
    draft.fields = v.fields;
    draft.score = weighed_score(&v, t);
    if (!table_describe_added(c, &v, w->out->rows, w->out->rows - (int64_t)t->rows, table_describe_about(c->a, &w->added, t),
                              table_describe_findings(c->a, t), &draft.about, &draft.findings)
        || !table_publish_rows(c, ch, now, d.organization_id, w->w->how, &draft))
        return false;
    w->out->version = now->version;
    return set_key(c, ch, w, now, d.organization_id) && (n <= TABLE_SEGMENTS_FEW || table_compact_wish(c, now));
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
        if (w->w->how == TABLE_UPSERT && !upsert(c, w, &seen, pieces, &n))
            return false;
        if (w->w->how != TABLE_UPSERT)
            pieces[n] = (table_piece){ 0 };
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

bool table_rows_add(ctx *c, const table_row *t, const table_rows_wish *wish, table_rows_done *out)
{
    work w = { .t = t, .w = wish, .out = out };
    *out = (table_rows_done){ 0 };
    if (!read_rows(c, &w)) {
        load_free(c, &w.added);
        return false;
    }
    out->bad = bad_values(&w.added.tables.v[0]);
    out->added = (int64_t)w.added.tables.v[0].rows;
    bool ok = wish->dry_run || add(c, &w);
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
