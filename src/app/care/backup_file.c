#include "app/care/backup_file.h"

#include "kit/blob/blob.h"
#include "kit/text/input.h"

#define LINE_MAX_BYTES ((size_t)256 << 20)
#define HEAD_MAX_BYTES ((size_t)1 << 20)
#define PIECE 65536

typedef struct {
    input     *in;
    blob_hash *hash;             /* of all lines and blobs so far */
    const backup_visitor *v;
    backup_counts *counts;
    db_columns columns;          /* of the open table */
    int64_t    line;
    bool       in_table, ended;
    arena     *keep;             /* the columns of the open table */
} walk;

static bool damaged(ctx *c, const walk *w, const char *what)
{
    return fail(c, INVALID, "line %" PRId64 " of the backup: %s", w->line, what);
}

static bool next_line(ctx *c, walk *w, size_t max, str *out)
{
    bool more;
    w->line++;
    if (!input_line(c, w->in, max, out, &more))
        return false;
    return more || damaged(c, w, "the file ends before its end");
}

static void take(walk *w, str line)
{
    blob_hash_add(w->hash, line);
    blob_hash_add(w->hash, S("\n"));
}

static int64_t number(const json *o, const char *key)
{
    const json *v = json_get(o, key);
    return v != NULL && v->type == JSON_INT ? v->i : -1;
}

static bool read_head(ctx *c, walk *w, backup_head *h)
{
    str line;
    json o;
    if (!next_line(c, w, HEAD_MAX_BYTES, &line))
        return false;
    if (!str_starts(line, S("{\"format\":\"" BACKUP_FORMAT "\"")) || !json_parse(c, line, &o)) {
        err_clear(c);
        return fail(c, INVALID, "this is no backup of openshelf");
    }
    if (number(&o, "version") != BACKUP_VERSION)
        return fail(c, INVALID, "the backup has form %" PRId64 ", this program reads form %d", number(&o, "version"), BACKUP_VERSION);
    *h = (backup_head){ .schema = number(&o, "schema"), .ledger_seq = number(&o, "ledger_seq"), .made_at = number(&o, "made_at"),
                        .site_id = json_get_text(c, &o, "site"), .ledger_hash = json_get_text(c, &o, "ledger_hash"),
                        .program = json_get_text(c, &o, "program") };
    take(w, line);
    return (h->schema > 0 && h->ledger_seq >= 0) || damaged(c, w, "the head says no schema or no ledger");
}

static bool read_table(ctx *c, walk *w, const json *o)
{
    const json *list = json_get(o, "columns");
    if (list == NULL || list->type != JSON_ARR || list->arr.n == 0 || list->arr.n > 96)
        return damaged(c, w, "a table without columns, or with too many");
    arena_reset(w->keep);
    w->columns = (db_columns){ 0 };
    for (size_t i = 0; i < list->arr.n; i++) {
        const json *pair = &list->arr.v[i];
        if (pair->type != JSON_ARR || pair->arr.n != 2 || pair->arr.v[0].type != JSON_STR || pair->arr.v[1].type != JSON_STR)
            return damaged(c, w, "a column is not a name and a type");
        str type = pair->arr.v[1].s;
        db_column col = { .name = str_dup(w->keep, pair->arr.v[0].s) };
        if (str_eq(type, S("int")))
            col.type = DB_INT;
        else if (str_eq(type, S("real")))
            col.type = DB_REAL;
        else if (str_eq(type, S("text")))
            col.type = DB_TEXT;
        else
            return damaged(c, w, "a column has a type that this program does not know");
        list_add(w->keep, &w->columns, col);
    }
    str name = str_dup(w->keep, json_get_text(c, o, "table"));
    w->in_table = true;
    w->counts->tables++;
    return w->v->table == NULL || w->v->table(c, w->v->data, (int)w->counts->tables, name, &w->columns);
}

static bool read_row(ctx *c, walk *w, str line)
{
    json row;
    if (!w->in_table)
        return damaged(c, w, "a row outside any table");
    w->counts->rows++;
    if (w->v->row == NULL)
        return true;
    if (!json_parse(c, line, &row))
        return false;
    if (row.type != JSON_ARR || row.arr.n != w->columns.n)
        return damaged(c, w, "a row has not as many values as its table has columns");
    return w->v->row(c, w->v->data, &row);
}

static bool read_blob(ctx *c, walk *w, const json *o)
{
    str want = json_get_text(c, o, "blob"), piece;
    int64_t left = number(o, "bytes");
    char is[65];
    if (want.n != 64 || left < 0)
        return damaged(c, w, "a blob without its hash or length");
    if (w->v->blob != NULL && !w->v->blob(c, w->v->data, want, left))
        return false;
    w->in_table = false;
    blob_hash *h = blob_hash_new();
    bool ok = true;
    w->counts->bytes += left;
    while (ok && left > 0) {
        ok = input_piece(c, w->in, left < PIECE ? (size_t)left : PIECE, &piece) && (piece.n > 0 || damaged(c, w, "a blob is cut off"));
        if (ok) {
            left -= (int64_t)piece.n;
            blob_hash_add(h, piece);
            blob_hash_add(w->hash, piece);
            ok = w->v->piece == NULL || w->v->piece(c, w->v->data, piece);
        }
    }
    blob_hash_end(h, is);
    if (!ok)
        return false;
    if (!input_piece(c, w->in, 1, &piece))
        return false;
    if (!str_eq(piece, S("\n")) || !str_eq(str_of(is), want))
        return damaged(c, w, "a blob is not what its hash says");
    blob_hash_add(w->hash, piece);
    w->counts->blobs++;
    return w->v->blob_end == NULL || w->v->blob_end(c, w->v->data);
}

static bool read_end(ctx *c, walk *w, const json *o)
{
    w->ended = true;
    return (number(o, "rows") == w->counts->rows && number(o, "blobs") == w->counts->blobs)
        || damaged(c, w, "it does not have as many rows or blobs as it says");
}

static bool read_part(ctx *c, walk *w, str line)
{
    json o;
    take(w, line);
    if (str_starts(line, S("[")))
        return read_row(c, w, line);
    if (!json_parse(c, line, &o))
        return false;
    if (json_get(&o, "table") != NULL)
        return read_table(c, w, &o);
    if (json_get(&o, "blob") != NULL)
        return read_blob(c, w, &o);
    if (json_get(&o, "end") != NULL)
        return read_end(c, w, &o);
    return damaged(c, w, "a line that is no part of a backup");
}

static bool read_hash(ctx *c, walk *w)
{
    str line, rest;
    json o;
    char is[65];
    blob_hash_end(w->hash, is);
    w->hash = NULL;
    if (!next_line(c, w, HEAD_MAX_BYTES, &line) || !json_parse(c, line, &o))
        return false;
    if (!str_eq(json_get_text(c, &o, "sha256"), str_of(is)))
        return fail(c, INVALID, "the backup was changed or damaged: its hash is not that of its contents");
    return input_piece(c, w->in, PIECE, &rest) && (rest.n == 0 || damaged(c, w, "something follows its end"));
}

bool backup_file_walk(ctx *c, str file, const backup_visitor *v, backup_head *head, backup_counts *counts)
{
    walk w = { .v = v, .counts = counts };
    *counts = (backup_counts){ 0 };
    if (!input_open(c, file, &w.in))
        return false;
    w.hash = blob_hash_new();
    w.keep = arena_new(16384);
    bool ok = read_head(c, &w, head);
    while (ok && !w.ended) {
        arena_mark m = arena_here(c->a);
        str line;
        ok = next_line(c, &w, LINE_MAX_BYTES, &line) && read_part(c, &w, line);
        if (ok)
            arena_back(c->a, m);
    }
    ok = ok && read_hash(c, &w);
    if (w.hash != NULL) {
        char unused[65];
        blob_hash_end(w.hash, unused);
    }
    input_close(w.in);
    arena_free(w.keep);
    return ok;
}
