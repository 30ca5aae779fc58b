#include "kit/sheet/sheet_write_part.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define URN "urn:oasis:names:tc:opendocument:xmlns:"
#define MIME "application/vnd.oasis.opendocument.spreadsheet"

#define CONTENT HEAD "<office:document-content xmlns:office=\"" URN "office:1.0\" xmlns:style=\"" URN "style:1.0\" xmlns:text=\"" URN "text:1.0\" " \
    "xmlns:table=\"" URN "table:1.0\" xmlns:number=\"" URN "datastyle:1.0\" " \
    "xmlns:fo=\"" URN "xsl-fo-compatible:1.0\" office:version=\"1.2\"><office:automatic-styles>" \
    "<number:date-style style:name=\"D\"><number:year number:style=\"long\"/><number:text>-</number:text>" \
    "<number:month number:style=\"long\"/><number:text>-</number:text><number:day number:style=\"long\"/></number:date-style>" \
    "<number:date-style style:name=\"M\"><number:year number:style=\"long\"/><number:text>-</number:text>" \
    "<number:month number:style=\"long\"/><number:text>-</number:text><number:day number:style=\"long\"/><number:text> </number:text>" \
    "<number:hours number:style=\"long\"/><number:text>:</number:text><number:minutes number:style=\"long\"/><number:text>:</number:text>" \
    "<number:seconds number:style=\"long\"/></number:date-style>" \
    "<style:style style:name=\"h\" style:family=\"table-cell\"><style:text-properties fo:font-weight=\"bold\"/></style:style>" \
    "<style:style style:name=\"d\" style:family=\"table-cell\" style:data-style-name=\"D\"/>" \
    "<style:style style:name=\"m\" style:family=\"table-cell\" style:data-style-name=\"M\"/>"
#define BODY "</office:automatic-styles><office:body><office:spreadsheet>"
#define DIGIT_CM 0.2                        /* of the letters that spreadsheets begin with */

static bool open_book(ctx *c, sheet_writer *w)
{
    buf_add(&w->b, S(CONTENT));
    for (size_t i = 0; i < w->col_count; i++)
        if (w->cols[i].width > 0)
            buf_fmt(&w->b, "<style:style style:name=\"c%zu\" style:family=\"table-column\"><style:table-column-properties style:column-width=\"%.2fcm\"/>"
                    "</style:style>", i, w->cols[i].width * DIGIT_CM);
    buf_add(&w->b, S(BODY));
    return zip_write_stored(c, w->zip, S("mimetype"), S(MIME)) && zip_write_begin(c, w->zip, S("META-INF/manifest.xml"))
        && zip_write_add(c, w->zip, S(HEAD "<manifest:manifest xmlns:manifest=\"" URN "manifest:1.0\" manifest:version=\"1.2\">"
                                      "<manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.2\" manifest:media-type=\"" MIME "\"/>"
                                      "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>"))
        && zip_write_end(c, w->zip) && zip_write_begin(c, w->zip, S("content.xml"));
}

static bool begin(ctx *c, sheet_writer *w)
{
    (void)c;
    buf_add(&w->b, S("<table:table table:name=\""));
    sheet_part_text(&w->b, sheet_part_name(w, w->sheets));
    buf_add(&w->b, S("\">"));
    for (size_t i = 0; i < w->col_count; i++) {
        buf_add(&w->b, S("<table:table-column"));
        if (w->cols[i].width > 0)
            buf_fmt(&w->b, " table:style-name=\"c%zu\"", i);
        buf_add(&w->b, S("/>"));
    }
    if (w->col_count == 0)
        buf_add(&w->b, S("<table:table-column/>"));
    return true;
}

/* Line ends are paragraphs; a blank after a blank, or at an end, is written as a count, since readers fold blanks. */
static void paragraphs(buf *b, str s)
{
    str line;
    buf_add(b, S("<text:p>"));
    for (bool first = true; str_next(&s, '\n', &line); first = false) {
        if (!first)
            buf_add(b, S("</text:p><text:p>"));
        for (size_t i = 0; i < line.n;) {
            size_t from = i, blanks;
            while (i < line.n && !((line.p[i] == ' ' && (i == 0 || i + 1 == line.n || line.p[i + 1] == ' ')) || line.p[i] == '\t'))
                i++;
            sheet_part_text(b, str_sub(line, from, i));
            for (blanks = i; blanks < line.n && line.p[blanks] == ' ';)
                blanks++;
            if (blanks > i)
                buf_fmt(b, "<text:s text:c=\"%zu\"/>", blanks - i);
            else if (i < line.n)
                buf_add(b, S("<text:tab/>"));
            i = blanks > i ? blanks : i < line.n ? i + 1 : i;
        }
    }
    buf_add(b, S("</text:p></table:table-cell>"));
}

static void header(sheet_writer *w)
{
    buf_add(&w->b, S("<table:table-header-rows><table:table-row>"));
    for (size_t i = 0; i < w->col_count; i++) {
        buf_add(&w->b, S("<table:table-cell table:style-name=\"h\" office:value-type=\"string\">"));
        paragraphs(&w->b, w->cols[i].title);
    }
    buf_add(&w->b, S("</table:table-row></table:table-header-rows>"));
}

static void typed(buf *b, str head, str value)
{
    buf_add(b, head);
    buf_add(b, value);
    buf_add(b, S("\"><text:p>"));
    buf_add(b, value);
    buf_add(b, S("</text:p></table:table-cell>"));
}

static void row(sheet_writer *w, const str *cells)
{
    buf *b = &w->b;
    buf_add(b, S("<table:table-row>"));
    for (size_t i = 0; i < w->col_count; i++) {
        str s = cells[i];
        int64_t days, ms;
        if (s.n == 0) {
            buf_add(b, S("<table:table-cell/>"));
        } else if (w->cols[i].kind == SHEET_NUMBER && sheet_part_number(s)) {
            typed(b, S("<table:table-cell office:value-type=\"float\" office:value=\""), s);
        } else if (w->cols[i].kind == SHEET_DATE && sheet_part_date(s, &days)) {
            typed(b, S("<table:table-cell table:style-name=\"d\" office:value-type=\"date\" office:date-value=\""), s);
        } else if (w->cols[i].kind == SHEET_MOMENT && sheet_part_moment(s, &days, &ms)) {
            typed(b, S("<table:table-cell table:style-name=\"m\" office:value-type=\"date\" office:date-value=\""), s);
        } else if (w->cols[i].kind == SHEET_BOOLEAN && (str_eq(s, S("true")) || str_eq(s, S("false")))) {
            typed(b, S("<table:table-cell office:value-type=\"boolean\" office:boolean-value=\""), s);
        } else {
            buf_add(b, S("<table:table-cell office:value-type=\"string\">"));
            paragraphs(b, s);
        }
    }
    buf_add(b, S("</table:table-row>"));
}

static bool end(ctx *c, sheet_writer *w)
{
    (void)c;
    buf_add(&w->b, S("</table:table>"));
    return true;
}

static bool close_book(ctx *c, sheet_writer *w)
{
    buf_add(&w->b, S("</office:spreadsheet></office:body></office:document-content>"));
    return sheet_part_flush(c, w) && zip_write_end(c, w->zip);
}

const sheet_maker sheet_ods_maker = { open_book, begin, header, row, end, close_book };
