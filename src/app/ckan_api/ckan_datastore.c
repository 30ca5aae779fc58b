/* ckan_datastore — datastore_search and datastore_info. Both generations' keys are given: _links and
 * total_estimation_threshold of CKAN to 2.11, next_page of 2.12. */
#include "app/ckan_api/ckan_datastore.h"

static const char *ckan_datastore_type(const query_table *t, size_t col)
{
    if (col == EXPORT_ROW)
        return "int";
    if (col >= EXPORT_EXTRA(EXPORT_EXTRAS_MAX))
        return "float";
    const column_about *a = query_table_about(t, col);
    switch (export_kind_of(a->type)) {
    case EXPORT_INTEGER: return a->type == COLUMN_year ? "int4" : "int8";
    case EXPORT_NUMBER: return "numeric";
    case EXPORT_BOOLEAN: return "bool";
    case EXPORT_DATE: return "date";
    case EXPORT_MOMENT: return "timestamp";
    case EXPORT_TIME: return "time";
    default: return "text";
    }
}

static void put_info(json_w *j, const column_about *a)
{
    json_key(j, S("info"));
    json_obj(j);
    json_kv(j, "label", a->title.n > 0 ? a->title : a->name);
    json_kv(j, "notes", a->second);
    json_kv(j, "kind", column_type_name(a->type));
    json_end(j);
}

void ckan_datastore_fields(json_w *j, const query_table *t, const table_answer *a)
{
    json_arr(j);
    for (size_t i = 0; i < a->col_count; i++) {
        size_t col = a->cols[i];
        bool own = col < query_table_columns(t);
        json_obj(j);
        json_kv(j, "id", own ? query_table_about(t, col)->name : col == EXPORT_ROW ? S("_id") : a->extras[EXPORT_EXTRA(0) - col].name);
        json_kv(j, "type", ckan_datastore_type(t, col));
        if (own)
            put_info(j, query_table_about(t, col));
        json_end(j);
    }
    json_end(j);
}

/* --- arguments --- */

static bool known(const char *const *names, str name)
{
    for (; *names != NULL; names++)
        if (str_eq(name, str_of(*names)))
            return true;
    return false;
}

static bool only_known(ctx *c, ckan_call *k, const char *const *names)
{
    for (size_t i = 0; i < k->args.n; i++)
        if (!known(names, k->args.v[i].name))
            return ckan_refuse(k, CKAN_VALIDATION, S("__extras"), str_fmt(c->a, "invalid value \"%.*s\": there is no such parameter",
                                                                         S_ARG(utf8_cut(k->args.v[i].name, 100))));
    return true;
}

/* The table that is asked for, held. */
static bool hold(ctx *c, ckan_call *k, table_row *t, table_held *held, str *id)
{
    bool found;
    *id = ckan_text(c, k, "resource_id");
    if (id->n == 0)
        *id = ckan_text(c, k, "id");
    if (id->n == 0)
        return ckan_missing(k, "resource_id");
    if (!table_seen(c, *id, t, &found))
        return false;
    if (!found)
        return ckan_unknown(c, k, "Resource", *id);
    held->site = c->site;
    return table_hold(c, t, 0, &held->open);
}

typedef struct {
    str     resource, format;
    int64_t limit, offset;
    bool    with_total;
    table_question question;
} search_call;

static bool read_search(ctx *c, ckan_call *k, search_call *s)
{
    static const char *const formats[] = { "objects", "lists", "csv", "tsv", NULL };
    s->format = ckan_text(c, k, "records_format");
    if (s->format.n == 0)
        s->format = S("objects");
    if (!known(formats, s->format))
        return ckan_refuse(k, CKAN_VALIDATION, S("records_format"), S("unexpected value; allowed are objects, lists, csv, tsv"));
    if (!ckan_natural(c, k, "limit", CKAN_DATASTORE_LIMIT, &s->limit) || !ckan_natural(c, k, "offset", 0, &s->offset))
        return false;
    s->limit = s->limit < CKAN_DATASTORE_MOST ? s->limit : CKAN_DATASTORE_MOST;
    s->with_total = ckan_flag(c, k, "include_total", true);
    s->question = (table_question){ .filters = ckan_given(k, "filters"), .q = ckan_given(k, "q"), .sort = ckan_text(c, k, "sort"),
                                    .fields = ckan_list(c, k, "fields"), .distinct = ckan_flag(c, k, "distinct", false),
                                    .offset = (uint64_t)s->offset, .limit = (uint64_t)s->limit };
    if (s->question.q == NULL)
        s->question.q = ckan_given(k, "full_text");
    const json *sort = ckan_given(k, "sort");
    if (sort != NULL && sort->type == JSON_ARR) {
        str_list parts = ckan_list(c, k, "sort");
        s->question.sort = str_join(c->a, &parts, S(", "));
    }
    return true;
}

/* --- the answer --- */

/* The same address with another offset; DAY_NONE: without one. */
static void put_link(ctx *c, json_w *j, const ckan_call *k, const char *name, int64_t offset)
{
    buf b = buf_in(c->a);
    str path = k->r->target;
    buf_add(&b, str_sub(path, 0, str_find_byte(path, '?')));
    char sep = '?';
    for (size_t i = 0; i < k->r->args.n; i++) {
        const url_pair *p = &k->r->args.v[i];
        if (str_eq(p->name, S("offset")))
            continue;
        buf_byte(&b, sep);
        url_encode(&b, p->name);
        buf_byte(&b, '=');
        url_encode(&b, p->value);
        sep = '&';
    }
    if (offset >= 0)
        buf_fmt(&b, "%coffset=%" PRId64, sep, offset);
    json_kv(j, name, buf_str(&b));
}

static void put_links(ctx *c, json_w *j, const ckan_call *k, const search_call *s)
{
    json_key(j, S("_links"));
    json_obj(j);
    put_link(c, j, k, "start", -1);
    put_link(c, j, k, "next", s->limit <= INT64_MAX - s->offset ? s->offset + s->limit : INT64_MAX);
    if (s->offset > 0)
        put_link(c, j, k, "prev", s->offset > s->limit ? s->offset - s->limit : 0);
    json_end(j);
}

/* Where the next page begins, by the number of a row: for as long as rows come in the order of the table. */
static void put_next_page(json_w *j, const table_answer *a, const search_call *s)
{
    uint32_t row;
    query_walk w = a->walk;
    if (!a->by_row || s->limit == 0 || (uint64_t)s->offset >= a->total || a->total - (uint64_t)s->offset <= (uint64_t)s->limit)
        return;
    query_skip(&w, (uint64_t)s->limit - 1);
    if (query_next(&w, &row, 1) == 0)
        return;
    json_key(j, S("next_page"));
    json_obj(j);
    json_key(j, S("_id"));
    json_obj(j);
    json_kv(j, "gt", (int64_t)row + 1);
    json_end(j);
    json_end(j);
}

static void put_given(json_w *j, const ckan_call *k, const char *name)
{
    const json *v = ckan_given(k, name);
    if (v == NULL)
        return;
    buf b = buf_in(j->o->a);
    json_dump(&b, v, false);
    json_key(j, str_of(name));
    json_raw(j, buf_str(&b));
}

static void put_about(ctx *c, json_w *j, const ckan_call *k, const search_call *s, const query_table *t, const table_answer *a)
{
    json_obj(j);
    json_kv(j, "include_total", s->with_total);
    json_kv(j, "limit", s->limit);
    if (ckan_given(k, "offset") != NULL)
        json_kv(j, "offset", s->offset);
    json_kv(j, "records_format", s->format);
    json_kv(j, "resource_id", s->resource);
    json_key(j, S("total_estimation_threshold"));
    json_null(j);
    put_given(j, k, "filters");
    put_given(j, k, "q");
    put_given(j, k, "sort");
    if (s->question.distinct)
        json_kv(j, "distinct", (bool)true);
    json_key(j, S("fields"));
    ckan_datastore_fields(j, t, a);
    put_links(c, j, k, s);
    if (ckan_flag(c, k, "include_next_page", true))
        put_next_page(j, a, s);
    if (s->with_total) {
        json_kv(j, "total", (int64_t)a->total);
        json_kv(j, "total_was_estimated", (bool)false);
    }
    json_key(j, S("records"));
}

/* Rows as one text without a header. */
static bool put_text(ctx *c, json_w *j, export_plan *p)
{
    export *e;
    buf text = buf_in(c->a);
    p->no_header = true;
    if (!export_new(c, p, &e))
        return false;
    for (bool more = true; more;)
        if (!export_next(c, e, &text, SIZE_MAX, &more))
            return false;
    json_str(j, buf_str(&text));
    json_end(j);
    return true;
}

bool ckan_read_datastore_search(ctx *c, ckan_call *k, json_w *j)
{
    static const char *const names[] = { "resource_id", "id", "filters", "q", "full_text", "plain", "language", "limit", "offset", "fields",
                                         "sort", "distinct", "include_total", "records_format", "include_next_page",
                                         "total_estimation_threshold", "callback", NULL };
    search_call s;
    table_row t;
    table_answer a;
    auto_table held = { 0 };
    if (!only_known(c, k, names) || !read_search(c, k, &s))
        return false;
    if (str_eq(ckan_text(c, k, "resource_id"), S(CKAN_DATASTORE_TABLES)))
        return ckan_datastore_tables(c, k, j, s.limit, s.offset, str_eq(s.format, S("lists")));
    if (!hold(c, k, &t, &held, &s.resource)
        || !table_answer_find(c, held.open->query, &s.question, &a))
        return false;
    export_plan p = { .limit = (uint64_t)s.limit, .typed = true, .format = EXPORT_JSON, .bare = true, .lists = str_eq(s.format, S("lists")) };
    table_answer_plan(held.open->query, &a, &p);
    put_about(c, j, k, &s, held.open->query, &a);
    if (str_eq(s.format, S("csv")) || str_eq(s.format, S("tsv"))) {
        p.format = str_eq(s.format, S("csv")) ? EXPORT_CSV : EXPORT_TSV;
        return put_text(c, j, &p);
    }
    json_arr(j);
    return table_stream_new(c, &p, &held, &k->rows);
}

/* --- info --- */

static void put_schema(json_w *j, const query_table *t, size_t col)
{
    const column_about *a = query_table_about(t, col);
    json_key(j, S("schema"));
    json_obj(j);
    json_kv(j, "native_type", ckan_datastore_type(t, col));
    json_key(j, S("index_name"));
    json_null(j);
    json_kv(j, "is_index", (bool)false);
    json_kv(j, "notnull", (bool)(a->stats.null_count == 0));
    json_kv(j, "uniquekey", (bool)(a->stats.distinct_exact && query_table_segments(t) == 1 && a->stats.distinct == query_table_rows(t)));
    json_end(j);
}

bool ckan_read_datastore_info(ctx *c, ckan_call *k, json_w *j)
{
    static const char *const names[] = { "resource_id", "id", "include_meta", "include_fields_schema", "callback", NULL };
    table_row row;
    str id;
    auto_table held = { 0 };
    if (!only_known(c, k, names) || !hold(c, k, &row, &held, &id))
        return false;
    const query_table *t = held.open->query;
    uint64_t bytes = 0;
    for (size_t i = 0; i < held.open->n; i++)
        bytes += column_file_bytes(held.open->files[i]);
    json_obj(j);
    json_key(j, S("meta"));
    json_obj(j);
    json_key(j, S("aliases"));
    json_arr(j);
    json_end(j);
    json_kv(j, "count", (int64_t)query_table_rows(t));
    json_kv(j, "db_size", (int64_t)bytes);
    json_kv(j, "id", row.uid);
    json_kv(j, "idx_size", 0);
    json_kv(j, "size", (int64_t)bytes);
    json_kv(j, "table_type", "BASE TABLE");
    json_end(j);
    json_key(j, S("fields"));
    json_arr(j);
    for (size_t i = 0; i < query_table_columns(t); i++) {
        json_obj(j);
        json_kv(j, "id", query_table_about(t, i)->name);
        json_kv(j, "type", ckan_datastore_type(t, i));
        put_info(j, query_table_about(t, i));
        put_schema(j, t, i);
        json_end(j);
    }
    json_end(j);
    json_end(j);
    return true;
}
