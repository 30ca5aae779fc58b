/* backup — the record and its blobs become one file, in one read transaction. */
#include "app/care/backup_file.h"
#include "app/care/care.h"
#include "kit/blob/blob.h"
#include "kit/text/input.h"
#include "kit/text/json_write.h"
#include "kit/text/output.h"
#include "queries.h"

#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536

typedef struct {
    site      *s;
    output    *o;
    blob_hash *hash;
    const care_progress *p;
    care_backup_report  *r;
} job;

static bool put(ctx *c, job *j, str bytes)
{
    blob_hash_add(j->hash, bytes);
    return output_put(c, j->o, bytes);
}

static void tell(const job *j, const char *what, int64_t done)
{
    if (j->p != NULL && j->p->step != NULL && done % 1000 == 0)
        j->p->step(j->p->data, what, done);
}

static bool put_head(ctx *c, job *j)
{
    ledger_head_row head;
    if (!q_ledger_head_read(c, &head) || !migrate_version(c, &j->r->version))
        return false;
    j->r->ledger_seq = head.seq;
    j->r->ledger_hash = head.hash;
    j->r->site_id = str_dup(c->a, j->s->id);
    buf b = buf_in(c->a);
    json_w w = json_to(&b);
    json_obj(&w);
    json_kv(&w, "format", BACKUP_FORMAT);
    json_kv(&w, "version", BACKUP_VERSION);
    json_kv(&w, "program", OPENSHELF_VERSION);
    json_kv(&w, "schema", j->r->version);
    json_kv(&w, "site", j->r->site_id);
    json_kv(&w, "made_at", day_now_ms());
    json_kv(&w, "ledger_seq", head.seq);
    json_kv(&w, "ledger_hash", head.hash);
    json_end(&w);
    buf_byte(&b, '\n');
    return put(c, j, buf_str(&b));
}

static bool columns_of(ctx *c, str table, db_columns *out)
{
    site_column_list l;
    *out = (db_columns){ 0 };
    if (!q_site_columns(c, table, &l))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        str t = l.v[i].type;
        db_column col = { .name = l.v[i].name };
        if (str_eq(t, S("bigint")) || str_eq(t, S("integer")) || str_eq(t, S("smallint")))
            col.type = DB_INT;
        else if (str_eq(t, S("real")) || str_eq(t, S("double precision")))
            col.type = DB_REAL;
        else if (str_eq(t, S("text")))
            col.type = DB_TEXT;
        else
            return fail(c, DB, "column %.*s of table %.*s has a type that no backup can hold: %.*s", S_ARG(col.name), S_ARG(table), S_ARG(t));
        list_add(c->a, out, col);
    }
    return true;
}

static bool put_table(ctx *c, job *j, str table, const db_columns *columns)
{
    static const char *const names[] = { [DB_INT] = "int", [DB_REAL] = "real", [DB_TEXT] = "text" };
    buf b = buf_in(c->a);
    json_w w = json_to(&b);
    json_obj(&w);
    json_kv(&w, "table", table);
    json_key(&w, S("columns"));
    json_arr(&w);
    for (size_t i = 0; i < columns->n; i++) {
        json_arr(&w);
        json_str(&w, columns->v[i].name);
        json_z(&w, names[columns->v[i].type]);
        json_end(&w);
    }
    json_end(&w);
    json_end(&w);
    buf_byte(&b, '\n');
    return put(c, j, buf_str(&b));
}

static bool put_row(ctx *c, job *j, db_rows *rows, const db_columns *columns)
{
    buf b = buf_max(c->a, (size_t)256 << 20);
    json_w w = json_to(&b);
    json_arr(&w);
    for (size_t i = 0; i < columns->n; i++) {
        if (db_is_null(rows, (int)i))
            json_null(&w);
        else if (columns->v[i].type == DB_INT)
            json_int(&w, db_get_int(rows, (int)i));
        else if (columns->v[i].type == DB_REAL)
            json_real(&w, db_get_real(rows, (int)i));
        else
            json_str(&w, db_get_text(c, rows, (int)i));
    }
    json_end(&w);
    buf_byte(&b, '\n');
    return buf_fits(&b) ? put(c, j, buf_str(&b)) : fail(c, TOO_LARGE, "a row is too large for a backup");
}

static bool put_rows(ctx *c, job *j, int number, str table)
{
    db_columns columns;
    auto_rows rows = { 0 };
    bool more = true;
    if (!columns_of(c, table, &columns) || !put_table(c, j, table, &columns) || !db_table_read(c, number, table, &columns, &rows))
        return false;
    for (;;) {
        arena_mark m = arena_here(c->a);
        if (!db_next(c, &rows, &more) || (more && !put_row(c, j, &rows, &columns)))
            return false;
        arena_back(c->a, m);
        if (!more)
            return true;
        tell(j, "rows", ++j->r->rows);
    }
}

static bool put_bytes(ctx *c, job *j, str path, int64_t bytes)
{
    auto_fd fd = file_open(c, path);
    arena_mark m = arena_here(c->a);
    char *piece = arena_get(c->a, PIECE);
    int64_t left = bytes;
    while (fd >= 0 && left > 0) {
        ssize_t n = read(fd, piece, left < PIECE ? (size_t)left : PIECE);
        if (n <= 0)
            return fail(c, IO, "reading “%.*s” failed", S_ARG(path));
        if (!put(c, j, (str){ piece, (size_t)n }))
            return false;
        left -= n;
    }
    arena_back(c->a, m);
    return fd >= 0 && put(c, j, S("\n"));
}

static bool put_blob(ctx *c, job *j, const blob_row *row)
{
    bool intact;
    struct stat st;
    str path = blob_path(c->a, j->s->blob_dir, row->hash);
    if (!blob_check(c, j->s->blob_dir, row->hash, &intact))
        return false;
    if (!intact || stat(str_z(c->a, path), &st) != 0 || st.st_size != row->bytes) {
        list_add(c->a, &j->r->findings, (care_finding){ str_cat(c->a, S("blob "), row->hash), S("missing or changed: not in the backup") });
        return true;
    }
    str head = str_fmt(c->a, "{\"blob\":\"%.*s\",\"bytes\":%" PRId64 "}\n", S_ARG(row->hash), row->bytes);
    j->r->bytes += row->bytes;
    tell(j, "blobs", ++j->r->blobs);
    return put(c, j, head) && put_bytes(c, j, path, row->bytes);
}

static bool put_blobs(ctx *c, job *j)
{
    blob_row_list l;
    if (!q_blob_list_rows(c, &l))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!put_blob(c, j, &l.v[i]))
            return false;
    return true;
}

static bool put_end(ctx *c, job *j)
{
    char hex[65];
    if (!put(c, j, str_fmt(c->a, "{\"end\":true,\"rows\":%" PRId64 ",\"blobs\":%" PRId64 "}\n", j->r->rows, j->r->blobs)))
        return false;
    blob_hash_end(j->hash, hex);
    j->hash = NULL;
    return output_put(c, j->o, str_fmt(c->a, "{\"sha256\":\"%s\"}\n", hex));
}

static bool put_all(ctx *c, job *j)
{
    site_table_list tables;
    auto_tx tx = db_begin_read(c);
    if (!tx.open || !put_head(c, j) || !q_site_tables(c, &tables))
        return false;
    for (size_t i = 0; i < tables.n; i++, j->r->tables++)
        if (!put_rows(c, j, (int)i, tables.v[i].name))
            return false;
    return put_blobs(c, j) && put_end(c, j);
}

bool care_backup(ctx *c, site *s, str file, const care_progress *p, care_backup_report *out)
{
    *out = (care_backup_report){ 0 };
    job j = { .s = s, .p = p, .r = out };
    if (!output_open(c, file, true, &j.o))
        return false;
    j.hash = blob_hash_new();
    bool ok = put_all(c, &j) && output_keep(c, j.o);
    if (j.hash != NULL) {
        char unused[65];
        blob_hash_end(j.hash, unused);
    }
    output_close(j.o);
    return ok;
}
