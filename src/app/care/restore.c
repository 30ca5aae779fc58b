/* restore — a backup becomes a site: the record in one transaction, on a database that is put in its place at the
 * very end; blobs beside it, each under its hash. What a killed restore leaves is cleared by the next. */
#include "app/care/backup_file.h"
#include "app/care/care.h"
#include "kit/blob/blob.h"
#include "kit/text/output.h"
#include "queries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    str   dir, blob_dir, database;
    bool  sqlite, made_dir;
    str   final, aside;              /* of SQLite: the record, and where it is made */
    str   blob_aside;                /* the blob that is coming in */
    str   blob_hash;
    output *blob_out;
    str_list new_blobs;              /* to be removed when it fails; in `keep` */
    arena *keep;
    int    number;                   /* of the open table */
    str    table;
    const db_columns *columns;
    const care_progress *p;
    int64_t rows;
} job;

static bool take_table(ctx *c, void *data, int number, str name, const db_columns *columns)
{
    job *j = data;
    j->number = number;
    j->table = name;
    j->columns = columns;
    return db_table_empty(c, number, name);      /* what the migrations have put there themselves */
}

static bool take_row(ctx *c, void *data, const json *row)
{
    job *j = data;
    db_value *v = new_n(c->a, db_value, row->arr.n);
    for (size_t i = 0; i < row->arr.n; i++) {
        const json *x = &row->arr.v[i];
        db_type t = j->columns->v[i].type;
        v[i] = (db_value){ .type = t, .null = x->type == JSON_NULL };
        if (x->type == JSON_INT && t == DB_INT)
            v[i].i = x->i;
        else if (t == DB_REAL && (x->type == JSON_REAL || x->type == JSON_INT))
            v[i].r = x->type == JSON_REAL ? x->r : (double)x->i;
        else if (x->type == JSON_STR && t == DB_TEXT)
            v[i].s = x->s;
        else if (x->type != JSON_NULL)
            return fail(c, INVALID, "the backup has a value of another type in table %.*s, column %.*s", S_ARG(j->table),
                        S_ARG(j->columns->v[i].name));
    }
    if (j->p != NULL && j->p->step != NULL && ++j->rows % 1000 == 0)
        j->p->step(j->p->data, "rows", j->rows);
    return db_table_add(c, j->number, j->table, j->columns, v);
}

static bool take_blob(ctx *c, void *data, str hash, int64_t bytes)
{
    job *j = data;
    (void)bytes;
    if (!file_make_dir(c, j->blob_dir) || !file_remove(c, j->blob_aside))
        return false;
    j->blob_hash = str_dup(j->keep, hash);
    return output_open(c, j->blob_aside, false, &j->blob_out);
}

static bool take_piece(ctx *c, void *data, str bytes)
{
    return output_put(c, ((job *)data)->blob_out, bytes);
}

static bool take_blob_end(ctx *c, void *data)
{
    job *j = data;
    blob_id id;
    bool ok = output_keep(c, j->blob_out);
    output_close(j->blob_out);
    j->blob_out = NULL;
    if (!ok)
        return false;
    if (!file_exists(c, blob_path(c->a, j->blob_dir, j->blob_hash)))
        list_add(j->keep, &j->new_blobs, j->blob_hash);
    return blob_keep_file(c, j->blob_dir, j->blob_aside, &id) && file_remove(c, j->blob_aside);
}

/* Nothing may be there but settings, and what an interrupted restore left. */
static bool place_is_free(ctx *c, job *j)
{
    str_list names = { 0 };
    if (j->sqlite && file_exists(c, j->final))
        return fail(c, CONFLICT, "there is a record in “%.*s” already: a restore never overwrites one", S_ARG(j->final));
    j->made_dir = !file_exists(c, j->dir);
    if (j->made_dir)
        return file_make_dir(c, j->dir);
    if (!file_list(c, j->dir, &names))
        return false;
    list_each (const str, n, &names)
        if (!str_eq(*n, S("openshelf.conf")) && !str_eq(*n, S("blobs")) && !str_has(*n, S(".restoring")))
            return fail(c, CONFLICT, "“%.*s” is not empty (there is %.*s): a restore makes a new site", S_ARG(j->dir), S_ARG(*n));
    return true;
}

static bool clear_aside(ctx *c, const job *j)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
    for (size_t i = 0; j->sqlite && i < array_len(ends); i++)
        if (!file_remove(c, str_cat(c->a, j->aside, str_of(ends[i]))))
            return false;
    return file_remove(c, j->blob_aside);
}

static bool database_is_free(ctx *c)
{
    site_table_list tables;
    if (!q_site_tables(c, &tables))
        return false;
    return tables.n == 0 || fail(c, CONFLICT, "the database holds tables already (%.*s …): a restore never overwrites one",
                                 S_ARG(tables.v[0].name));
}

static bool load(ctx *c, job *j, str file, const backup_head *want)
{
    const backup_visitor v = { j, take_table, take_row, take_blob, take_piece, take_blob_end };
    migration_list all;
    backup_head head;
    backup_counts counts;
    ledger_head_row ledger;
    auto_tx tx = db_begin(c);
    if (!tx.open || !database_is_free(c) || !site_migrations(c, &all) || !migrate_to(c, &all, want->schema)
        || !backup_file_walk(c, file, &v, &head, &counts) || !q_ledger_head_read(c, &ledger))
        return false;
    if (ledger.seq != want->ledger_seq || !str_eq(ledger.hash, want->ledger_hash))
        return fail(c, INVALID, "the backup's ledger does not end where its head says");
    return db_commit(c, &tx);
}

static bool put_in_place(ctx *c, const job *j)
{
    if (!j->sqlite)
        return true;
    if (renameat2(AT_FDCWD, str_z(c->a, j->aside), AT_FDCWD, str_z(c->a, j->final), RENAME_NOREPLACE) != 0)
        return fail(c, IO, "the restored record could not be put in its place: %s", strerrordesc_np(errno));
    return true;
}

static void take_back(ctx *c, const job *j)
{
    ctx scrap = { .a = c->a };       /* the first error is the one to tell */
    if (!clear_aside(&scrap, j))
        log_line(LOG_WARN, "a file of the failed restore could not be removed", log_s("error", scrap.err.message));
    for (size_t i = 0; i < j->new_blobs.n; i++) {
        str path = blob_path(c->a, j->blob_dir, j->new_blobs.v[i]);
        unlink(str_z(c->a, path));
        rmdir(str_z(c->a, str_sub(path, 0, str_rfind_byte(path, '/'))));    /* stays when others are in it */
    }
    rmdir(str_z(c->a, j->blob_dir));
    if (j->made_dir)
        rmdir(str_z(c->a, j->dir));
}

static bool make(ctx *c, job *j, str file, const backup_head *head)
{
    if (!clear_aside(c, j) || !db_open(c, j->sqlite ? j->aside : j->database, &c->db))
        return false;
    bool ok = load(c, j, file, head);
    db_close(c->db);
    c->db = NULL;
    output_close(j->blob_out);
    return ok && put_in_place(c, j);
}

static bool known_schema(ctx *c, const backup_head *head)
{
    migration_list all;
    if (!site_migrations(c, &all))
        return false;
    return head->schema <= (int64_t)all.n
        || fail(c, CONFLICT, "the backup has version %" PRId64 " of the record, this program knows only up to %zu: install the newer program",
                head->schema, all.n);
}

bool care_restore(ctx *c, str file, str dir, str database, const care_progress *p, care_backup_report *out)
{
    must(c->db == NULL);
    const backup_visitor only_look = { 0 };
    backup_head head;
    backup_counts counts;
    job j = { .dir = dir, .database = database, .p = p, .blob_dir = file_join(c->a, dir, S("blobs")) };
    j.sqlite = !str_starts(database, S("postgres"));
    j.final = str_starts(database, S("sqlite:")) ? str_from(database, 7) : database;
    j.aside = str_cat(c->a, j.final, S(".restoring"));
    j.blob_aside = file_join(c->a, dir, S("blob.restoring"));
    if (!backup_file_walk(c, file, &only_look, &head, &counts) || !known_schema(c, &head) || !place_is_free(c, &j))
        return false;
    j.keep = arena_new(16384);
    bool ok = make(c, &j, file, &head);
    if (!ok)
        take_back(c, &j);
    arena_free(j.keep);
    *out = (care_backup_report){ .tables = counts.tables, .rows = counts.rows, .blobs = counts.blobs, .bytes = counts.bytes,
                                 .ledger_seq = head.ledger_seq, .version = head.schema, .ledger_hash = head.ledger_hash,
                                 .site_id = head.site_id };
    return ok;
}
