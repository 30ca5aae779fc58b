/* ckan_upsert — datastore_upsert: rows of a program that has a token. As in CKAN, fields that a record leaves out keep what they
 * have: they are read from the version that the records are put into, and when that has another one meanwhile, read again. */
#include "app/ckan_api/ckan_datastore.h"
#include "app/job/job_worker.h"
#include "app/table/table_rows_api.h"

#include <unistd.h>

#define TRIES 8

typedef struct {
    const json *records;
    table_rows_wish wish;
    bool   only_known;                  /* method update */
    query_table *t;
    size_t *key;
    size_t  key_count;
    map     seen;                       /* keys of the records so far */
    str     message;                    /* of a refusal */
} work;

static bool refuse(work *w, str message)
{
    w->message = message;
    return false;
}

static bool how_of(ctx *c, ckan_call *k, work *w)
{
    str method = ckan_text(c, k, "method");
    w->only_known = str_eq(method, S("update"));
    w->wish.how = str_eq(method, S("insert")) ? TABLE_APPEND : TABLE_UPSERT;
    return method.n == 0 || str_eq(method, S("upsert")) || w->only_known || w->wish.how == TABLE_APPEND
        || ckan_refuse(k, CKAN_VALIDATION, S("method"), S("method is upsert, insert or update"));
}

static bool records_of(ctx *c, ckan_call *k, const json **out)
{
    *out = ckan_given(k, "records");
    if (*out == NULL)
        return ckan_missing(k, "records");
    if ((*out)->type != JSON_ARR || (*out)->arr.n == 0)
        return ckan_refuse(k, CKAN_VALIDATION, S("records"), S("records is a list of objects, one a row"));
    for (size_t i = 0; i < (*out)->arr.n; i++)
        if ((*out)->arr.v[i].type != JSON_OBJ)
            return ckan_refuse(k, CKAN_VALIDATION, S("records"), str_fmt(c->a, "record %zu is no object", i + 1));
    return true;
}

/* --- what a record leaves out --- */

static const json *given(const work *w, const json *record, size_t col)
{
    const column_about *k = query_table_about(w->t, col);
    const json *v = json_get_s(record, k->name);
    return v != NULL || k->title.n == 0 ? v : json_get_s(record, k->title);
}

static bool key_of_table(ctx *c, work *w, const table_row *t)
{
    str_list names = w->wish.key;
    if (names.n == 0 && !table_key_names(c, t, &names))
        return false;
    if (names.n == 0)
        return refuse(w, S("the table has no key yet: say by which columns its rows are known (primary_key)"));
    w->key = new_n(c->a, size_t, names.n);
    for (w->key_count = 0; w->key_count < names.n; w->key_count++)
        if (!query_table_find(w->t, names.v[w->key_count], &w->key[w->key_count]))
            return refuse(w, str_fmt(c->a, "the table has no column “%.*s”", S_ARG(utf8_cut(names.v[w->key_count], 80))));
    return true;
}

/* The row that a record is about; *found false: a new one. */
static bool row_of(ctx *c, work *w, const json *record, size_t number, uint32_t *row, bool *found, bool *again)
{
    query_filter *kids = new_n(c->a, query_filter, w->key_count), all = { .op = QUERY_AND, .kids = kids, .kid_count = w->key_count };
    query_walk walk;
    buf b = buf_in(c->a);
    for (size_t i = 0; i < w->key_count; i++) {
        const json *v = given(w, record, w->key[i]);
        str *text = new (c->a, str);
        if (v == NULL || v->type == JSON_NULL)
            return refuse(w, str_fmt(c->a, "record %zu has no value in “%.*s”, which is part of the key", number,
                                     S_ARG(query_table_about(w->t, w->key[i])->name)));
        *text = json_text(c, v);
        kids[i] = (query_filter){ .op = QUERY_EQUAL, .col = w->key[i], .values = text, .value_count = 1 };
        buf_fmt(&b, "%zu:%.*s", text->n, S_ARG(*text));
    }
    *again = map_get(&w->seen, buf_str(&b)) != NULL;
    map_set_i64(&w->seen, buf_str(&b), 1);
    if (!query_select(c, w->t, &all, NULL, 0, &walk))
        return false;
    *found = query_next(&walk, row, 1) == 1;
    return true;
}

static bool put_whole(ctx *c, work *w, json_w *j, const json *record, size_t number, query_column *cols)
{
    uint32_t row = 0;
    bool found, again, whole = true;
    char room[COLUMN_NUMBER_ROOM];
    if (!row_of(c, w, record, number, &row, &found, &again))
        return false;
    if (!found && !again && w->only_known)
        return refuse(w, str_fmt(c->a, "record %zu: there is no row with its key", number));
    json_obj(j);
    for (size_t i = 0; i < record->obj.n; i++) {
        buf b = buf_in(c->a);
        json_dump(&b, &record->obj.v[i], false);
        json_key(j, record->obj.keys[i]);
        json_raw(j, buf_str(&b));
    }
    for (size_t i = 0; i < query_table_columns(w->t); i++) {
        if (given(w, record, i) != NULL)
            continue;
        whole = false;
        str text = found ? query_text(&cols[i], row, room) : (str){ 0 };
        if (text.n > 0)
            json_kv(j, str_z(c->a, query_table_about(w->t, i)->name), text);
    }
    json_end(j);
    return whole || !again || refuse(w, str_fmt(c->a, "record %zu leaves fields out and has the key of one before it: send it in a call of its own", number));
}

static bool make_whole(ctx *c, work *w, const table_row *t, buf *out)
{
    auto_table held = { .site = c->site };
    json_w j = json_to(out);
    if (!table_hold(c, t, 0, &held.open))
        return false;
    w->t = held.open->query;
    w->seen = map_in(c->a);
    query_column *cols = new_n(c->a, query_column, query_table_columns(w->t));
    if (!key_of_table(c, w, t))
        return false;
    for (size_t i = 0; i < query_table_columns(w->t); i++)
        if (!query_column_use(c, w->t, i, &cols[i]))
            return false;
    json_arr(&j);
    for (size_t i = 0; i < w->records->arr.n; i++)
        if (!put_whole(c, w, &j, &w->records->arr.v[i], i + 1, cols))
            return false;
    json_end(&j);
    return true;
}

static bool put(ctx *c, work *w, table_row *t, table_rows_done *d)
{
    for (int try = 0;; try++) {
        bool found;
        buf b = buf_in(c->a);
        if (!q_table_by_id(c, t->id, t, &found))
            return false;
        if (!found)
            return fail(c, NOT_FOUND, "the table is there no more");
        w->wish.version = w->wish.how == TABLE_UPSERT ? t->version : 0;
        if (w->wish.how == TABLE_APPEND)
            json_dump(&b, w->records, false);
        else if (!make_whole(c, w, t, &b))
            return false;
        auto_fd fd = w->wish.fd = table_rows_file(c, buf_str(&b));
        if (fd < 0)
            return false;
        if (table_rows_add(c, t, &w->wish, d))
            return true;
        if (c->err.code != ERR_CONFLICT || try >= TRIES)
            return false;
        err_clear(c);
    }
}

bool ckan_read_datastore_upsert(ctx *c, ckan_call *k, json_w *j)
{
    table_row t;
    table_rows_done d;
    work w = { .wish = { .name = S("records.json"), .dry_run = ckan_flag(c, k, "dry_run", false),
                         .strict = ckan_flag(c, k, "strict", false) } };
    str id = ckan_text(c, k, "resource_id");
    buf b = buf_in(c->a);
    if (id.n == 0)
        return ckan_missing(k, "resource_id");
    if (!how_of(c, k, &w) || !records_of(c, k, &w.records) || !table_rows_target(c, k->r, id, &t))
        return false;
    w.wish.key = ckan_list(c, k, "primary_key");
    if (!put(c, &w, &t, &d))
        return w.message.n > 0 ? ckan_refuse(k, CKAN_VALIDATION, S("records"), w.message) : false;
    job_worker_wake();
    json_dump(&b, w.records, false);
    json_obj(j);
    json_kv(j, "resource_id", id);
    json_kv(j, "method", w.only_known ? "update" : w.wish.how == TABLE_UPSERT ? "upsert" : "insert");
    json_key(j, S("records"));
    json_raw(j, buf_str(&b));
    table_rows_put(j, &d);
    json_end(j);
    return true;
}
