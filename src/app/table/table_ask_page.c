#include "app/table/table_ask_page.h"

static const char *const names[TABLE_ASK_KINDS] = { "f", "min", "max", "has", "null" };

const char *table_ask_page_name(table_ask_kind k)
{
    return names[k];
}

/* --- reading --- */

static bool kind_of(str word, table_ask_kind *out)
{
    for (int k = 0; k < TABLE_ASK_KINDS; k++)
        if (str_eq(word, str_of(names[k]))) {
            *out = (table_ask_kind)k;
            return true;
        }
    return false;
}

static bool add_condition(ctx *c, const query_table *t, str parameter, table_ask_kind kind, str column, str value, table_ask_page *q)
{
    table_ask_condition k = { .kind = kind, .value = value };
    if (!query_table_find(t, column, &k.col))
        return fail_said(c, INVALID, parameter, "the table has no column “{name}”", { "name", utf8_cut(column, 80) });
    if (kind == TABLE_ASK_NULL && !str_eq(value, S("yes")) && !str_eq(value, S("no")))
        return fail_said(c, INVALID, parameter, "“{name}” is yes or no", { "name", parameter });
    list_add(c->a, &q->conditions, k);
    return true;
}

/* One condition more, as the form for wide tables says it. */
static bool read_added(ctx *c, const query_table *t, const http_req *r, table_ask_page *q)
{
    table_ask_kind kind;
    str column = http_arg(r, "add.column"), is = http_arg(r, "add.is"), value = http_arg(r, "add.value");
    if (column.n == 0 && is.n == 0 && value.n == 0)
        return true;
    q->untidy = true;
    if (column.n == 0 || (value.n == 0 && !str_eq(is, S("null"))))
        return true;                    /* the form was sent without one */
    if (!kind_of(is, &kind))
        return fail_said(c, INVALID, S("add.is"), "a condition is f, min, max, has or null");
    return add_condition(c, t, S("add.column"), kind, column, kind == TABLE_ASK_NULL && value.n == 0 ? S("yes") : value, q);
}

static bool read_conditions(ctx *c, const query_table *t, const http_req *r, table_ask_page *q)
{
    list_each (const url_pair, p, &r->args) {
        str word, column;
        table_ask_kind kind;
        if (p->value.n == 0)
            q->untidy = true;
        else if (str_cut(p->name, S("."), &word, &column) && kind_of(word, &kind)
                 && !add_condition(c, t, p->name, kind, column, p->value, q))
            return false;
    }
    return read_added(c, t, r, q);
}

/* --- to a filter --- */

/* The values that are said of one column stand for each other. */
static query_filter one_of(ctx *c, const table_ask_page *q, size_t first)
{
    str *values = new_n(c->a, str, q->conditions.n);
    query_filter f = { .op = QUERY_EQUAL, .col = q->conditions.v[first].col, .values = values };
    for (size_t i = first; i < q->conditions.n; i++)
        if (q->conditions.v[i].kind == TABLE_ASK_IS && q->conditions.v[i].col == f.col)
            values[f.value_count++] = q->conditions.v[i].value;
    return f;
}

static query_filter null_or_not(ctx *c, const table_ask_condition *k)
{
    query_filter *none = new (c->a, query_filter);
    *none = (query_filter){ .op = QUERY_NULL, .col = k->col };
    return str_eq(k->value, S("yes")) ? *none : (query_filter){ .op = QUERY_NOT, .kids = none, .kid_count = 1 };
}

static bool said_before(const table_ask_page *q, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (q->conditions.v[k].kind == TABLE_ASK_IS && q->conditions.v[k].col == q->conditions.v[i].col)
            return true;
    return false;
}

static bool make_filter(ctx *c, const query_table *t, table_ask_page *q)
{
    size_t n = 0;
    query_filter *kids = new_n(c->a, query_filter, q->conditions.n + 1);
    for (size_t i = 0; i < q->conditions.n; i++) {
        const table_ask_condition *k = &q->conditions.v[i];
        switch (k->kind) {
        case TABLE_ASK_IS:
            if (!said_before(q, i))
                kids[n++] = one_of(c, q, i);
            break;
        case TABLE_ASK_MIN: kids[n++] = (query_filter){ .op = QUERY_RANGE, .col = k->col, .from = k->value, .has_from = true }; break;
        case TABLE_ASK_MAX: kids[n++] = (query_filter){ .op = QUERY_RANGE, .col = k->col, .to = k->value, .has_to = true }; break;
        case TABLE_ASK_HAS: kids[n++] = (query_filter){ .op = QUERY_HAS, .col = k->col, .values = &k->value, .value_count = 1 }; break;
        case TABLE_ASK_NULL: kids[n++] = null_or_not(c, k); break;
        case TABLE_ASK_KINDS: break;
        }
    }
    q->filter = (query_filter){ .op = QUERY_AND, .kids = kids, .kid_count = n };
    q->filtered = n > 0 || q->words.n > 0;
    const json words = { .type = JSON_STR, .s = q->words };
    return q->words.n == 0 || table_ask_words(c, t, &words, &q->filter);
}

bool table_ask_page_read(ctx *c, const query_table *t, const http_req *r, table_ask_page *out)
{
    *out = (table_ask_page){ .words = str_trim(http_arg(r, "q")), .sort = str_trim(http_arg(r, "sort")) };
    if (!http_arg_int(c, r, "page", 1, 1, INT64_MAX / TABLE_ASK_ROWS_MOST, &out->page)
        || !http_arg_int(c, r, "rows", TABLE_ASK_ROWS, 1, TABLE_ASK_ROWS_MOST, &out->rows)
        || !http_arg_int(c, r, "version", 0, 0, INT64_MAX, &out->version) || !read_conditions(c, t, r, out))
        return false;
    if (out->sort.n > 0 && !table_ask_sort(c, t, out->sort, false, out->sorts, &out->sort_count))
        return false;
    return make_filter(c, t, out);
}

/* --- addresses --- */

static void put(buf *b, const char *name, str rest, str value)
{
    buf_add(b, b->n == 0 ? S("?") : S("&"));
    buf_add(b, str_of(name));
    if (rest.n > 0) {
        buf_byte(b, '.');
        url_encode(b, rest);
    }
    buf_byte(b, '=');
    url_encode(b, value);
}

static void put_number(ctx *c, buf *b, const char *name, int64_t value)
{
    put(b, name, S(""), str_fmt(c->a, "%" PRId64, value));
}

static void put_condition(buf *b, const query_table *t, const table_ask_condition *k)
{
    put(b, names[k->kind], query_table_about(t, k->col)->name, k->value);
}

str table_ask_page_query(ctx *c, const query_table *t, const table_ask_page *q, const table_ask_condition *less,
                         const table_ask_condition *more, const str *sort, int64_t page)
{
    buf b = buf_in(c->a);
    str order = sort != NULL ? *sort : q->sort;
    if (q->version > 0)
        put_number(c, &b, "version", q->version);
    if (q->words.n > 0)
        put(&b, "q", S(""), q->words);
    list_each (const table_ask_condition, k, &q->conditions)
        if (k != less)
            put_condition(&b, t, k);
    if (more != NULL)
        put_condition(&b, t, more);
    if (order.n > 0)
        put(&b, "sort", S(""), order);
    if (q->rows != TABLE_ASK_ROWS)
        put_number(c, &b, "rows", q->rows);
    if (page > 1)
        put_number(c, &b, "page", page);
    return buf_str(&b);
}
