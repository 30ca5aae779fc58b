/* The virtual table over a query_table, and what of a statement is handed down to it. Whatever is handed down leaves too
 * many rows rather than too few: the engine looks at each again. A plan is told to xFilter as text: one letter and a
 * column for each argument, then the order. */
#include "kit/sql/sql_inside.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS_AT_ONCE 256
#define COLUMNS_MAX 1900                /* the engine takes 2,000 */
#define EXACT (INT64_C(1) << 50)        /* keys below are told apart as doubles */

typedef struct {
    sqlite3_vtab base;                  /* first: the engine knows only this */
    sql_run     *r;
    query_table *t;
    size_t       n, *hidden;            /* columns; then those that are known by their title, too */
    query_column *values;               /* made when a column is first read */
} vtab;

typedef struct {
    sqlite3_vtab_cursor base;
    arena      *own;                    /* of the filter that runs */
    query_walk  walk;
    uint32_t    rows[ROWS_AT_ONCE];
    size_t      at, count;
} cursor;

/* --- columns --- */

static const struct { const char *declared, *type; } types[] = {
    { "INTEGER", "int" }, { "INT8", "int8" }, { "INT4", "int4" }, { "REAL NUMERIC", "numeric" }, { "INT BOOL", "bool" }, { "TEXT DATE", "date" },
    { "TEXT TIMESTAMP", "timestamp" }, { "TEXT TIME", "time" }, { "TEXT", "text" },
};

const char *sql_table_type(const char *declared)
{
    for (size_t i = 0; declared != NULL && i < array_len(types); i++)
        if (str_eq(str_of(declared), str_of(types[i].declared)))
            return types[i].type;
    return NULL;
}

static const char *declared_type(column_type t)
{
    switch (export_kind_of(t)) {
    case EXPORT_INTEGER: return t == COLUMN_year ? "INT4" : "INT8";
    case EXPORT_NUMBER: return "REAL NUMERIC";
    case EXPORT_BOOLEAN: return "INT BOOL";
    case EXPORT_DATE: return "TEXT DATE";
    case EXPORT_MOMENT: return "TEXT TIMESTAMP";
    case EXPORT_TIME: return "TEXT TIME";
    default: return "TEXT";
    }
}

static void declare(arena *a, buf *b, str name, const char *rest)
{
    str quoted = str_replace(a, name, S("\""), S("\"\""));
    buf_fmt(b, ", \"%.*s\" %s", S_ARG(quoted), rest);
}

/* Names, then the titles that are no name and stand once. */
static str declaration(vtab *v)
{
    arena *a = v->r->c.a;
    buf b = buf_in(a);
    map taken = map_in(a);
    size_t hidden = 0;
    buf_add(&b, S("CREATE TABLE x(\"_id\" INTEGER"));
    map_set_i64(&taken, S("_id"), 1);
    for (size_t i = 0; i < v->n; i++) {
        const column_about *about = query_table_about(v->t, i);
        declare(a, &b, about->name, declared_type(about->type));
        map_set_i64(&taken, str_lower(a, about->name), 1);
    }
    v->hidden = new_n(a, size_t, v->n + 1);
    for (size_t i = 0; i < v->n && v->n + hidden < COLUMNS_MAX; i++) {
        const column_about *about = query_table_about(v->t, i);
        str lower = str_lower(a, about->title);
        if (lower.n == 0 || str_find_byte(lower, 0) < lower.n || map_get(&taken, lower) != NULL)
            continue;
        map_set_i64(&taken, lower, 1);
        declare(a, &b, about->title, str_z(a, str_fmt(a, "%s HIDDEN", declared_type(about->type))));
        v->hidden[hidden++] = i;
    }
    buf_byte(&b, ')');
    return buf_str(&b);
}

/* Which column of the table the engine's i-th is; EXPORT_ROW for _id. */
static size_t column_of(const vtab *v, int i)
{
    if (i <= 0)
        return EXPORT_ROW;
    return (size_t)i <= v->n ? (size_t)i - 1 : v->hidden[(size_t)i - 1 - v->n];
}

static int connect(sqlite3 *db, void *data, int argc, const char *const *argv, sqlite3_vtab **out, char **why)
{
    sql_run *r = data;
    int64_t i;
    if (argc < 4 || !str_to_i64(str_of(argv[3]), &i) || i < 0 || (size_t)i >= r->table_count) {
        *why = sqlite3_mprintf("no such table");
        return SQLITE_ERROR;
    }
    vtab *v = new (r->c.a, vtab);
    v->r = r;
    v->t = r->tables[i];
    v->n = query_table_columns(v->t);
    v->values = new_n(r->c.a, query_column, v->n + 1);
    if (v->n > COLUMNS_MAX) {
        *why = sqlite3_mprintf("it has more than %d columns", COLUMNS_MAX);
        return SQLITE_ERROR;
    }
    *out = &v->base;
    return sqlite3_declare_vtab(db, str_z(r->c.a, declaration(v)));
}

/* Not the same function as connect: a module whose two are one can be read without having been made. */
static int create(sqlite3 *db, void *data, int argc, const char *const *argv, sqlite3_vtab **out, char **why)
{
    return connect(db, data, argc, argv, out, why);
}

static int disconnect(sqlite3_vtab *v)
{
    (void)v; /* it lives in the arena of the statement */
    return SQLITE_OK;
}

/* --- the plan --- */

static char letter_of(const sqlite3_index_info *info, int i)
{
    switch (info->aConstraint[i].op) {
    case SQLITE_INDEX_CONSTRAINT_EQ: return '=';
    case SQLITE_INDEX_CONSTRAINT_GT: return '>';
    case SQLITE_INDEX_CONSTRAINT_GE: return 'g';
    case SQLITE_INDEX_CONSTRAINT_LT: return '<';
    case SQLITE_INDEX_CONSTRAINT_LE: return 'l';
    case SQLITE_INDEX_CONSTRAINT_LIKE: return '%';
    case SQLITE_INDEX_CONSTRAINT_ISNULL: return 'n';
    default: return 0;
    }
}

static bool plan_order(const vtab *v, const sqlite3_index_info *info, buf *plan)
{
    if (info->nOrderBy == 0 || info->nOrderBy > QUERY_COLUMNS_MAX)
        return false;
    buf_byte(plan, ';');
    for (int i = 0; i < info->nOrderBy; i++)
        buf_fmt(plan, "%c%zu,", info->aOrderBy[i].desc ? 'd' : 'a', column_of(v, info->aOrderBy[i].iColumn));
    return true;
}

static int best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    vtab *v = (vtab *)base;
    buf plan = buf_in(v->r->c.a);
    double rows = (double)query_table_rows(v->t) + 1;
    int args = 0;
    for (int i = 0; i < info->nConstraint; i++) {
        char letter = letter_of(info, i);
        if (letter == 0 || !info->aConstraint[i].usable || !str_eq(str_of(sqlite3_vtab_collation(info, i)), S("BINARY")))
            continue;
        bool many = letter == '=' && sqlite3_vtab_in(info, i, 1);
        info->aConstraintUsage[i].argvIndex = ++args;
        buf_fmt(&plan, "%c%zu,", many ? 'i' : letter, column_of(v, info->aConstraint[i].iColumn));
        rows /= letter == '=' ? 40 : letter == '%' ? 10 : 4;
    }
    info->orderByConsumed = plan_order(v, info, &plan);
    info->idxStr = sqlite3_mprintf("%.*s", S_ARG(buf_str(&plan)));
    info->needToFreeIdxStr = 1;
    info->estimatedRows = (sqlite3_int64)(rows < 1 ? 1 : rows);
    info->estimatedCost = rows + (double)query_table_rows(v->t) / 1000 + 10;
    return info->idxStr != NULL ? SQLITE_OK : SQLITE_NOMEM;
}

/* --- the filter --- */

/* A value as the column's text, where comparing in the column is comparing as the engine does. */
static bool text_of(const vtab *v, arena *a, size_t col, sqlite3_value *x, str *out)
{
    const column_about *about = query_table_about(v->t, col);
    export_kind k = export_kind_of(about->type);
    int type = sqlite3_value_type(x);
    char room[EXPORT_ROOM];
    int64_t key;
    buf b = buf_in(a);
    if (type == SQLITE_INTEGER) {
        buf_i64(&b, sqlite3_value_int64(x));
        *out = buf_str(&b);
        if (k == EXPORT_BOOLEAN)
            return str_eq(*out, S("0")) || str_eq(*out, S("1"));
    } else if (type == SQLITE_FLOAT) {
        buf_f64(&b, sqlite3_value_double(x));
        *out = buf_str(&b);
        if (k != EXPORT_NUMBER)
            return false;
    } else if (type == SQLITE_TEXT) {
        *out = (str){ (const char *)sqlite3_value_text(x), (size_t)sqlite3_value_bytes(x) };
        if (k == EXPORT_TEXT)
            return true;
        return k != EXPORT_INTEGER && k != EXPORT_NUMBER && k != EXPORT_BOOLEAN && column_type_read(about->type, about->scale, *out, &key)
            && str_eq(export_key_text(k, key, about->scale, room), *out);
    }
    return (type == SQLITE_INTEGER || type == SQLITE_FLOAT) && (k == EXPORT_INTEGER || k == EXPORT_NUMBER)
        && column_type_read(about->type, about->scale, *out, &key) && (k == EXPORT_INTEGER || (key < EXACT && key > -EXACT));
}

static bool filter_row(sqlite3_value *x, char letter, query_filter *f)
{
    if (sqlite3_value_type(x) != SQLITE_INTEGER)
        return false;
    int64_t n = sqlite3_value_int64(x);
    *f = (query_filter){ .op = QUERY_ROWS, .row_from = 1, .row_to = UINT64_MAX };
    uint64_t u = n < 0 ? 0 : (uint64_t)n;
    if (letter == '=' || letter == '>' || letter == 'g')
        f->row_from = u > 0 ? u : 1;    /* > leaves one row too many */
    if (letter == '=' || letter == '<' || letter == 'l')
        f->row_to = u;
    return true;
}

/* The longest piece of a pattern without wildcards stands in every text that it fits. */
static bool filter_like(const vtab *v, arena *a, size_t col, sqlite3_value *x, query_filter *f)
{
    if (export_kind_of(query_table_about(v->t, col)->type) != EXPORT_TEXT || sqlite3_value_type(x) != SQLITE_TEXT)
        return false;
    str pattern = { (const char *)sqlite3_value_text(x), (size_t)sqlite3_value_bytes(x) };
    str *best = new (a, str);
    for (size_t from = 0, i = 0; i <= pattern.n; i++)
        if (i == pattern.n || pattern.p[i] == '%' || pattern.p[i] == '_') {
            if (i - from > best->n)
                *best = str_sub(pattern, from, i);
            from = i + 1;
        }
    *f = (query_filter){ .op = QUERY_HAS, .col = col, .values = best, .value_count = 1 };
    return best->n > 0;
}

static bool filter_in(const vtab *v, arena *a, size_t col, sqlite3_value *list, query_filter *f)
{
    str_list values = { 0 };
    sqlite3_value *x = NULL;
    str s;
    for (int rc = sqlite3_vtab_in_first(list, &x); rc == SQLITE_OK && x != NULL; rc = sqlite3_vtab_in_next(list, &x)) {
        if (sqlite3_value_type(x) == SQLITE_NULL)
            continue;
        if (col == EXPORT_ROW || !text_of(v, a, col, x, &s))
            return false;
        list_add(a, &values, str_dup(a, s));
    }
    *f = (query_filter){ .op = QUERY_EQUAL, .col = col, .values = values.v, .value_count = values.n };
    return true;
}

/* One argument; false: nothing is handed down of it. */
static bool filter_one(const vtab *v, arena *a, char letter, size_t col, sqlite3_value *x, query_filter *f)
{
    str *s = new (a, str);
    if (letter == 'i')
        return filter_in(v, a, col, x, f);
    if (letter == 'n') {
        *f = (query_filter){ .op = col == EXPORT_ROW ? QUERY_OR : QUERY_NULL, .col = col };
        return true;
    }
    if (sqlite3_value_type(x) == SQLITE_NULL) {
        *f = (query_filter){ .op = QUERY_OR };      /* no value compares with null */
        return true;
    }
    if (col == EXPORT_ROW)
        return letter != '%' && filter_row(x, letter, f);
    if (letter == '%')
        return filter_like(v, a, col, x, f);
    if (!text_of(v, a, col, x, s))
        return false;
    if (letter == '=')
        *f = (query_filter){ .op = QUERY_EQUAL, .col = col, .values = s, .value_count = 1 };
    else if (letter == '>' || letter == 'g')
        *f = (query_filter){ .op = QUERY_RANGE, .col = col, .from = *s, .has_from = true, .from_open = letter == '>' };
    else
        *f = (query_filter){ .op = QUERY_RANGE, .col = col, .to = *s, .has_to = true, .to_open = letter == '<' };
    return true;
}

static size_t number_of(str part)
{
    return part.n > 0 ? (size_t)strtoull(part.p, NULL, 10) : 0;
}

static bool select_rows(cursor *k, const vtab *v, const char *plan, sqlite3_value **argv)
{
    arena *a = k->own;
    ctx c = v->r->c;
    str args, order, part;
    query_sort sort[QUERY_COLUMNS_MAX];
    query_filter all = { .op = QUERY_AND }, *kids;
    size_t sorts = 0;
    c.a = a;
    (void)str_cut(str_of(plan), S(";"), &args, &order);
    kids = new_n(a, query_filter, args.n + 1);
    for (int i = 0; str_next(&args, ',', &part) && part.n > 1; i++)
        if (filter_one(v, a, part.p[0], number_of(str_from(part, 1)), argv[i], &kids[all.kid_count]))
            all.kid_count++;
    all.kids = kids;
    while (str_next(&order, ',', &part) && part.n > 1) {
        bool desc = part.p[0] == 'd';
        size_t col = number_of(str_from(part, 1));
        sort[sorts++] = (query_sort){ col == EXPORT_ROW ? QUERY_ROW : col, desc, !desc };
    }
    if (query_select(&c, v->t, all.kid_count > 0 ? &all : NULL, sort, sorts, &k->walk))
        return true;
    v->r->c.err = c.err;
    v->r->c.err.message = str_dup(v->r->c.a, c.err.message);
    v->r->c.err.field = (str){ 0 };
    return false;
}

/* --- the walk --- */

static int open_cursor(sqlite3_vtab *v, sqlite3_vtab_cursor **out)
{
    (void)v;
    cursor *k = mem_get(sizeof *k);
    k->own = arena_new(4096);
    *out = &k->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    cursor *k = (cursor *)base;
    arena_free(k->own);
    mem_free(k);
    return SQLITE_OK;
}

static void fill(cursor *k)
{
    k->at = 0;
    k->count = query_next(&k->walk, k->rows, ROWS_AT_ONCE);
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *plan, int argc, sqlite3_value **argv)
{
    cursor *k = (cursor *)base;
    (void)number;
    (void)argc;
    arena_reset(k->own);
    if (!select_rows(k, (const vtab *)base->pVtab, plan, argv))
        return SQLITE_ERROR;
    fill(k);
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
    cursor *k = (cursor *)base;
    if (++k->at == k->count)
        fill(k);
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
    const cursor *k = (const cursor *)base;
    return k->count == 0;
}

static int row_id(sqlite3_vtab_cursor *base, sqlite3_int64 *id)
{
    const cursor *k = (const cursor *)base;
    *id = (sqlite3_int64)k->rows[k->at] + 1;
    return SQLITE_OK;
}

static void give(sqlite3_context *to, export_kind kind, const column_view *view, uint64_t at)
{
    char room[EXPORT_ROOM];
    int64_t key;
    double d;
    if (kind == EXPORT_NUMBER) {
        if (column_number(view, at, &d))
            sqlite3_result_double(to, d);
    } else if (kind == EXPORT_INTEGER || kind == EXPORT_BOOLEAN) {
        if (column_key(view, at, &key))
            sqlite3_result_int64(to, key);
    } else {
        str s = export_value(kind, view, at, room);
        bool mine = s.p >= room && s.p < room + sizeof room;
        if (s.p != NULL) /* what is not printed lies in the file, which stays until the statement is over */
            sqlite3_result_text64(to, s.p, s.n, mine ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8);
    }
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *to, int i)
{
    const cursor *k = (const cursor *)base;
    vtab *v = (vtab *)base->pVtab;
    size_t col = column_of(v, i);
    uint64_t at;
    if (col == EXPORT_ROW) {
        sqlite3_result_int64(to, (sqlite3_int64)k->rows[k->at] + 1);
        return SQLITE_OK;
    }
    if (v->values[col].views == NULL && !query_column_use(&v->r->c, v->t, col, &v->values[col]))
        return SQLITE_ERROR;
    const column_view *view = query_at(&v->values[col], k->rows[k->at], &at);
    give(to, export_kind_of(view->type), view, at);
    return SQLITE_OK;
}

int sql_table_module(sqlite3 *db, sql_run *r)
{
    static const sqlite3_module module = {
        .iVersion = 1, .xCreate = create, .xConnect = connect, .xBestIndex = best_index, .xDisconnect = disconnect, .xDestroy = disconnect,
        .xOpen = open_cursor, .xClose = close_cursor, .xFilter = filter, .xNext = next, .xEof = at_end, .xColumn = column, .xRowid = row_id,
    };
    return sqlite3_create_module(db, "rows", &module, r);
}
