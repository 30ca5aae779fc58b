/* What people and programs ask of a table, in every form in which they may say it: filters and words as JSON, an order, the
 * query of a page. What is taken can be answered, and an address that is written of it asks for the same rows. */
#include "app/table/table_ask_page.h"
#include "small_table.h"

/* What is asked for can be walked: as many rows as were counted. */
static uint64_t answered(ctx *c, const query_filter *f, const query_sort *sorts, size_t n)
{
    query_walk walk;
    uint32_t rows[2 * SMALL_ROWS];
    uint64_t count = 0;
    bool ok = query_select(c, small_table(), f, sorts, n, &walk);
    fuzz_refused(c, ok);
    if (!ok)
        return UINT64_MAX;
    must(query_count(c, small_table(), f, &count) && count == walk.total && count <= 2 * SMALL_ROWS);
    must(query_next(&walk, rows, array_len(rows)) == count);
    return count;
}

static void json_forms(ctx *c, str text, bool words)
{
    json v;
    query_filter f = { .op = QUERY_AND };
    if (!json_parse(c, text, &v))
        return;
    bool ok = words ? table_ask_words(c, small_table(), &v, &f) : table_ask_filters(c, small_table(), &v, &f);
    fuzz_refused(c, ok);
    if (ok)
        answered(c, &f, NULL, 0);
}

static void order(ctx *c, str text, bool nulls_largest)
{
    query_sort sorts[QUERY_COLUMNS_MAX];
    size_t n;
    bool ok = table_ask_sort(c, small_table(), text, nulls_largest, sorts, &n);
    fuzz_refused(c, ok);
    if (ok)
        answered(c, NULL, sorts, n);
}

static bool page_of(ctx *c, str query, table_ask_page *out)
{
    http_req r = { 0 };
    return url_query(c, query, 50, &r.args) && table_ask_page_read(c, small_table(), &r, out);
}

static void page(ctx *c, str query)
{
    table_ask_page q, again;
    bool ok = page_of(c, query, &q);
    fuzz_refused(c, ok);
    if (!ok)
        return;
    uint64_t total = answered(c, q.filtered ? &q.filter : NULL, q.sorts, q.sort_count);
    str address = table_ask_page_query(c, small_table(), &q, NULL, NULL, NULL, q.page);
    err_clear(c);
    must(page_of(c, str_from(address, address.n > 0), &again) && !again.untidy);
    must(str_eq(address, table_ask_page_query(c, small_table(), &again, NULL, NULL, NULL, again.page)));
    must(answered(c, again.filtered ? &again.filter : NULL, again.sorts, again.sort_count) == total);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ctx c = { .a = arena_new(16384) };
    str text = size > 0 ? fuzz_str(data + 1, size - 1) : S("");
    switch (size > 0 ? data[0] : 0) {
    case 'f': json_forms(&c, text, false); break;
    case 'w': json_forms(&c, text, true); break;
    case 's': order(&c, text, false); break;
    case 'n': order(&c, text, true); break;
    default: page(&c, text);
    }
    arena_free(c.a);
    return 0;
}
