#include "kit/sheet/sheet_write_part.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define TEXT_CHARS_MAX 32767                /* of one cell */

#define DAY_PARTS INT64_C(10000000000)      /* of a day, as decimals: to a hundredth of a millisecond */

/* Styles: 0 plain, 1 bold (header), 2 date, 3 text, 4 date and time. */
#define STYLES HEAD "<styleSheet xmlns=\"" MAIN "\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>" \
    "<numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>" \
    "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>" \
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>" \
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>" \
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>" \
    "<cellXfs count=\"5\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>" \
    "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>" \
    "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>" \
    "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>" \
    "<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>" \
    "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"

static bool member(ctx *c, sheet_writer *w, str name, str text)
{
    return zip_write_begin(c, w->zip, name) && zip_write_add(c, w->zip, text) && zip_write_end(c, w->zip);
}

static bool open_book(ctx *c, sheet_writer *w)
{
    return member(c, w, S("xl/styles.xml"), S(STYLES))
        && member(c, w, S("_rels/.rels"), S(HEAD "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                                            "<Relationship Id=\"rId1\" Type=\"" RELS "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
}

static void widths(sheet_writer *w)
{
    bool any = false;
    for (size_t i = 0; i < w->col_count; i++) {
        if (w->cols[i].width == 0)
            continue;
        buf_fmt(&w->b, "%s<col min=\"%zu\" max=\"%zu\" width=\"%u\" customWidth=\"1\"/>", any ? "" : "<cols>", i + 1, i + 1, w->cols[i].width);
        any = true;
    }
    if (any)
        buf_add(&w->b, S("</cols>"));
}

static bool begin(ctx *c, sheet_writer *w)
{
    str name = str_fmt(w->own, "xl/worksheets/sheet%zu.xml", w->sheets);
    buf_add(&w->b, S(HEAD "<worksheet xmlns=\"" MAIN "\"><sheetViews><sheetView workbookViewId=\"0\">"
                     "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>"));
    widths(w);
    buf_add(&w->b, S("<sheetData>"));
    return zip_write_begin(c, w->zip, name);
}

static void text_cell(buf *b, str s, const char *style)
{
    if (s.n > TEXT_CHARS_MAX)
        s = utf8_cut_chars(s, TEXT_CHARS_MAX);
    buf_add(b, S("<c t=\"inlineStr\" s=\""));
    buf_add(b, str_of(style));
    buf_add(b, S("\"><is><t xml:space=\"preserve\">"));
    sheet_part_text(b, s);
    buf_add(b, S("</t></is></c>"));
}

static void header(sheet_writer *w)
{
    buf_add(&w->b, S("<row>"));
    for (size_t i = 0; i < w->col_count; i++)
        text_cell(&w->b, w->cols[i].title, "1");
    buf_add(&w->b, S("</row>"));
}

static void row(sheet_writer *w, const str *cells)
{
    buf *b = &w->b;
    buf_add(b, S("<row>"));
    for (size_t i = 0; i < w->col_count; i++) {
        str s = cells[i];
        int64_t days, ms;
        if (s.n == 0) {
            buf_add(b, S("<c/>"));
        } else if (w->cols[i].kind == SHEET_NUMBER && sheet_part_number(s)) {
            buf_add(b, S("<c><v>"));
            buf_add(b, s);
            buf_add(b, S("</v></c>"));
        } else if (w->cols[i].kind == SHEET_DATE && sheet_part_date(s, &days)) {
            buf_add(b, S("<c s=\"2\"><v>"));
            buf_i64(b, days + 25569);
            buf_add(b, S("</v></c>"));
        } else if (w->cols[i].kind == SHEET_MOMENT && sheet_part_moment(s, &days, &ms)) {
            buf_fmt(b, "<c s=\"4\"><v>%" PRId64 ".%010" PRId64 "</v></c>", days + 25569, (ms * DAY_PARTS + DAY_MS / 2) / DAY_MS);
        } else if (w->cols[i].kind == SHEET_BOOLEAN && (str_eq(s, S("true")) || str_eq(s, S("false")))) {
            buf_add(b, s.p[0] == 't' ? S("<c t=\"b\"><v>1</v></c>") : S("<c t=\"b\"><v>0</v></c>"));
        } else {
            text_cell(b, s, "3");
        }
    }
    buf_add(b, S("</row>"));
}

static bool end(ctx *c, sheet_writer *w)
{
    buf_add(&w->b, S("</sheetData></worksheet>"));
    return sheet_part_flush(c, w) && zip_write_end(c, w->zip);
}

static bool close_book(ctx *c, sheet_writer *w)
{
    buf book = buf_in(w->own), rels = buf_in(w->own), types = buf_in(w->own);
    buf_add(&book, S(HEAD "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" RELS "\"><sheets>"));
    buf_add(&rels, S(HEAD "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                     "<Relationship Id=\"styles\" Type=\"" RELS "/styles\" Target=\"styles.xml\"/>"));
    buf_add(&types, S(HEAD "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                      "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                      "<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
                      "<Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>"));
    for (size_t i = 1; i <= w->sheets; i++) {
        buf_add(&book, S("<sheet name=\""));
        sheet_part_text(&book, sheet_part_name(w, i));
        buf_fmt(&book, "\" sheetId=\"%zu\" r:id=\"s%zu\"/>", i, i);
        buf_fmt(&rels, "<Relationship Id=\"s%zu\" Type=\"" RELS "/worksheet\" Target=\"worksheets/sheet%zu.xml\"/>", i, i);
        buf_fmt(&types, "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" "
                "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>", i);
    }
    buf_add(&book, S("</sheets></workbook>"));
    buf_add(&rels, S("</Relationships>"));
    buf_add(&types, S("</Types>"));
    return member(c, w, S("xl/workbook.xml"), buf_str(&book)) && member(c, w, S("xl/_rels/workbook.xml.rels"), buf_str(&rels))
        && member(c, w, S("[Content_Types].xml"), buf_str(&types));
}

const sheet_maker sheet_xlsx_maker = { open_book, begin, header, row, end, close_book };
