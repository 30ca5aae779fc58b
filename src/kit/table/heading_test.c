/* Tests of heading: notes, headers of one row, of several and none, as they stand in text and in sheets. */
#include "kit/table/heading.h"

#include <setjmp.h>
#undef fail /* cmocka has one of its own */
#include <cmocka.h>

/* Rows parted by /, cells by |. Answers "notes+rows" and the titles, other names in brackets. */
static str found(arena *a, bool sheet, const char *text)
{
    heading_row row[HEADING_ROWS];
    heading_window w = { .row = row, .sheet = sheet };
    str rest = str_of(text), line, cell;
    size_t cols = 0;
    while (str_next(&rest, '/', &line)) {
        str_list cells = { 0 };
        while (str_next(&line, '|', &cell))
            list_add(a, &cells, cell);
        cols = cells.n > cols ? cells.n : cols;
        row[w.n++] = (heading_row){ cells.v, cells.n };
    }
    heading h = heading_find(&w);
    table_column_head *out = new_n(a, table_column_head, cols);
    heading_titles(a, &w, &h, cols, " ", out);
    buf b = buf_in(a);
    buf_fmt(&b, "%zu+%zu", h.notes, h.rows);
    for (size_t k = 0; k < cols && h.rows > 0; k++) {
        buf_fmt(&b, "|%.*s", S_ARG(out[k].title));
        if (h.second)
            buf_fmt(&b, "(%.*s)", S_ARG(out[k].second));
    }
    return buf_str(&b);
}

static void check(bool sheet, const char *text, const char *expected)
{
    arena *a = arena_new(4096);
    str is = found(a, sheet, text);
    if (!str_eq(is, str_of(expected)))
        fail_msg("%s: %.*s, not %s", text, S_ARG(is), expected);
    arena_free(a);
}

static void one_row_or_none(void **state)
{
    (void)state;
    for (int sheet = 0; sheet < 2; sheet++) {
        check(sheet, "name|n/a|1/b|2/c|3", "0+1|name|n");
        check(sheet, "a|1/b|2/c|3", "0+0");
        check(sheet, "區|2014|2015|2016/甲|1|2|3/乙|4|5|6", "0+1|區|2014|2015|2016");
        check(sheet, "甲|乙", "0+1|甲|乙");
    }
}

static void notes_stand_above(void **state)
{
    (void)state;
    for (int sheet = 0; sheet < 2; sheet++) {
        check(sheet, "人口統計||/單位：人||/鄉鎮|男|女/甲|1|2/乙|3|4", "2+1|鄉鎮|男|女");
        check(sheet, "人口統計表|||/中華民國113年1月|||單位：人/區別|總計|男|女/甲|1|2|3/乙|4|5|6", "2+1|區別|總計|男|女");
        check(sheet, "note|||/a|b|1|2/c|d|3|4/e|f|5|6", "1+0");
    }
    check(false, "see, also|x|y|z|w/k|n/a|1/b|2/c|3", "1+1|k|n|||");
}

static void groups_and_other_names(void **state)
{
    (void)state;
    for (int sheet = 0; sheet < 2; sheet++) {
        check(sheet, "鄉鎮市區|土地面積|總價/district|area|price/甲|1|2/乙|3|4", "0+2|鄉鎮市區(district)|土地面積(area)|總價(price)");
        check(sheet, "|年|||月|/區|男|女|計|男|女/甲|1|2|3|4|5/乙|1|2|3|4|5", "0+2|區|年 男|年 女|年 計|月 男|月 女");
        check(sheet, "k|R||||F|||/||4h||8h||4h||8h/|a|b|c|d|a|b|c|d/x|1|2|3|4|5|6|7|8/y|1|2|3|4|5|6|7|8",
              "0+3|k|R a|R 4h b|R 4h c|R 8h d|F a|F 4h b|F 4h c|F 8h d");
    }
    for (int sheet = 0; sheet < 2; sheet++)
        check(sheet, "區別|人口||戶數/|男|女|/甲|1|2|3/乙|4|5|6", "0+2|區別|人口 男|人口 女|戶數");
    check(false, "區別|人口||戶數/丙|X|X|X/甲|1|2|3/乙|4|5|6", "0+1|區別|人口||戶數");
    /* Only in a sheet does a blank among full titles stand for a group: the row below may be data. */
    check(true, "a||c|d/e|f|g|h/i|j|k|l/i|j|k|l", "0+2|a e|a f|c g|d h");
    check(false, "a||c|d/e|f|g|h/i|j|k|l/i|j|k|l", "0+1|a||c|d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_row_or_none), cmocka_unit_test(notes_stand_above), cmocka_unit_test(groups_and_other_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
