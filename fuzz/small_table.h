/* small_table — what the targets of questions share: one small table of two segments, with a column of each form and kind of
 * key, nulls and texts in Chinese. Included by one target each; made once, lives as long as the program. */
#ifndef FUZZ_SMALL_TABLE_H
#define FUZZ_SMALL_TABLE_H
#include "fuzz.h"
#include "kit/query/query.h"
#include "kit/table/column_build.h"

#include <sys/mman.h>
#include <unistd.h>

enum { SMALL_ROWS = 60, SMALL_COLS = 7 };

static void small_cells(arena *a, size_t from, str *row)
{
    static const char *const counties[] = { "臺北市", "高雄市", "", "花蓮縣" };
    row[0] = str_of(counties[from % 4]);
    row[1] = from % 9 == 3 ? S("-99") : str_fmt(a, "%zu", from * 7 % 50);
    row[2] = str_fmt(a, "-%zu.%zu5", from % 13, from % 10);
    row[3] = str_fmt(a, "1%02zu/%02zu/05", from % 14, from % 12 + 1);
    row[4] = from % 8 == 7 ? S("") : str_fmt(a, "第%zu號 Park路", from % 25);
    row[5] = str_fmt(a, "%08zu", from * 31);
    row[6] = str_fmt(a, "2024-01-%02zu %02zu:30:00", from % 28 + 1, from % 24);
}

static column_file *small_file(ctx *c, size_t from)
{
    static const char *const titles[SMALL_COLS] = { "縣市", "數量", "比率", "日期", "說明", "編號", "時間" };
    table_column_head heads[SMALL_COLS] = { 0 };
    str cells[SMALL_ROWS * SMALL_COLS];
    column_file *f = NULL;
    int out = memfd_create("out", MFD_CLOEXEC), spill = memfd_create("spill", MFD_CLOEXEC);
    for (size_t i = 0; i < SMALL_COLS; i++)
        heads[i].title = str_of(titles[i]);
    for (size_t r = 0; r < SMALL_ROWS; r++)
        small_cells(c->a, from + r, cells + r * SMALL_COLS);
    column_build *b = column_build_new(c, &(column_build_plan){ .out_fd = out, .spill_fd = spill });
    table_sink sink = column_build_sink(b);
    must(sink.begin(c, sink.to, &(table_head){ .cols = heads, .col_count = SMALL_COLS, .header_rows = 1 }));
    must(sink.block(c, sink.to, &(table_block){ .rows = SMALL_ROWS, .cols = SMALL_COLS, .cells = cells, .first_row = 1 }));
    must(sink.end(c, sink.to));
    column_build_free(b);
    must(column_file_open_fd(c, out, &f));
    close(out);
    close(spill);
    return f;
}

static query_table *small_table(void)
{
    static query_table *t;
    static column_file *files[2];
    if (t == NULL) {
        ctx c = { .a = arena_new(65536) };
        files[0] = small_file(&c, 0);
        files[1] = small_file(&c, SMALL_ROWS);
        must(query_table_new(&c, files, 2, &t));
        arena_free(c.a);
    }
    return t;
}
#endif
