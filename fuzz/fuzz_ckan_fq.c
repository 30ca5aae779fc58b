/* What strangers write in fq and sort: it is read or refused with a reason,
 * and what is read the engine answers. Fields that ask the record find nothing here. */
#include "app/ckan_api/ckan_fields.h"
#include "app/find/inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static search *index_of_few(void)
{
    static const char *const titles[] = { "臺北市公車站牌位置圖", "PM2.5 daily means", "YouBike2.0即時資訊", "空氣品質" };
    search *s = search_new(find_schema(), S("台\t臺\n"));
    for (int64_t id = 1; id <= (int64_t)array_len(titles); id++) {
        str texts[FIND_TEXTS] = { str_of(titles[id - 1]), S("交通"), S("環境部") };
        int64_t numbers[FIND_NUMBERS] = { id * INT64_C(400000000000), SEARCH_NO_NUMBER };
        search_value v[] = { { FIND_FORMAT, S("CSV") }, { FIND_TAG, S("交通") }, { FIND_STAR, S("3") }, { FIND_SLUG, texts[0] } };
        search_put(s, &(search_doc){ .id = id, .texts = texts, .numbers = numbers, .values = v, .value_count = array_len(v),
                                     .sort_title = texts[0] });
    }
    search_publish(s);
    return s;
}

static bool leaf(ctx *c, void *data, const fq_leaf *l, search_node **out)
{
    ckan_field f = { .kind = FIELD_TEXT };
    if (l->field.n > 0 && !str_eq(l->field, S("*")) && !ckan_field_of(c, l->field, &f))
        return false;
    bool asks = f.kind > FIELD_SAME || (f.kind == FIELD_VALUE && f.field == FIND_ORG);
    *out = fq_node(c, Q_NONE, 0);
    return asks || ckan_field_leaf(c, data, l, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static search *index;
    if (index == NULL)
        index = index_of_few();
    site here = { .id = S("here") };
    ctx c = { .a = arena_new(16384), .site = &here };
    ckan_clock clock = { .now = INT64_C(1700000000000) };
    str text = { (const char *)data, size };
    search_node *n = NULL;
    search_query q = { .rows = 3 };
    search_result r;
    bool read = fq_parse(&c, text, leaf, &clock, &n);
    must(read == (c.err.code == ERR_OK) && (read || c.err.message.n > 0));
    err_clear(&c);
    if (!ckan_field_sort(&c, text, &q)) {
        must(c.err.code == ERR_INVALID);
        err_clear(&c);
        q.sort_count = 0;
    }
    q.where = n;
    if (read && search_run(&c, index, &q, &r))
        must(r.total <= 4 && r.hit_count <= 3);
    else
        must(!read || c.err.code == ERR_INVALID);      /* too many words for the engine */
    arena_free(c.a);
    return 0;
}
