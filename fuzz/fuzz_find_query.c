/* What people type into the search box: whatever it is, it is read as some
 * query, and the engine answers it over a few documents. */
#include "app/find/inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static search *index_of_few(void)
{
    static const char *const titles[] = { "臺北市公車站牌位置圖", "PM2.5 daily means", "YouBike2.0即時資訊", "空氣品質、空氣品質", "ｶﾞ①\nb" };
    search *s = search_new(find_schema(), S("台\t臺\n"));
    for (int64_t id = 1; id <= (int64_t)array_len(titles); id++) {
        str texts[FIND_TEXTS] = { str_of(titles[id - 1]), S("交通"), S("環境部") };
        int64_t numbers[FIND_NUMBERS] = { id * 1000 };
        search_value v[] = { { FIND_FORMAT, S("CSV") }, { FIND_TAG, S("交通") }, { FIND_STAR, S("3") } };
        search_put(s, &(search_doc){ .id = id, .texts = texts, .numbers = numbers, .values = v, .value_count = 3,
                                     .sort_title = texts[0] });
    }
    search_publish(s);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static search *index;
    if (index == NULL)
        index = index_of_few();
    ctx c = { .a = arena_new(16384) };
    search_node *n = find_parse(&c, (str){ (const char *)data, size });
    must(str_empty(c.err.message));
    int facets[] = { FIND_FORMAT, FIND_TAG };
    search_result r;
    must(search_run(&c, index, &(search_query){ .where = n, .rows = 3, .facets = facets, .facet_count = 2 }, &r));
    must(r.total <= 5 && r.hit_count <= 3);
    for (int step = 1; n != NULL && step <= FIND_STEPS; step++) {
        search_node *loose = find_loosened(&c, n, step);
        if (loose != NULL)
            must(search_run(&c, index, &(search_query){ .where = loose, .rows = 3 }, &r));
    }
    arena_free(c.a);
    return 0;
}
