#include "kit/table/csv_refuse.h"

static const struct {
    str begins;
    const char *what;
} others[] = {
    { S_INIT("PK\003\004"), "a ZIP archive or a spreadsheet (XLSX, ODS)" },
    { S_INIT("\xd0\xcf\x11\xe0"), "an old Excel or Word file (XLS, DOC)" },
    { S_INIT("%PDF-"), "a PDF" },
    { S_INIT("\x1f\x8b"), "a gzip archive" },
    { S_INIT("7z\xbc\xaf"), "a 7z archive" },
    { S_INIT("\x89PNG"), "a picture (PNG)" },
    { S_INIT("\xff\xd8\xff"), "a picture (JPEG)" },
    { S_INIT("SQLite format 3"), "a SQLite database" },
    { S_INIT("PAR1"), "a Parquet file" },
    { S_INIT("{\\rtf"), "a document (RTF)" },
};

static const struct {
    str begins;
    const char *what;
} texts[] = {
    { S_INIT("<!doctype html"), "an HTML page" },
    { S_INIT("<html"), "an HTML page" },
    { S_INIT("<?xml"), "an XML document" },
    { S_INIT("{\""), "a JSON document" },
    { S_INIT("[{"), "a JSON document" },
};

/* Control characters other than tabs, line ends and form feeds; NULs are counted apart, broken exports hold some. */
static bool is_text(str s)
{
    size_t controls = 0, n = s.n < 65536 ? s.n : 65536;
    for (size_t i = 0; i < n; i++) {
        unsigned char a = (unsigned char)s.p[i];
        controls += (a < 0x20 && a != '\t' && a != '\n' && a != '\r' && a != '\f' && a != 0x1a) || a == 0x7f;
    }
    return controls * 10 <= n;
}

bool csv_refuse(ctx *c, str text)
{
    for (size_t i = 0; i < array_len(others); i++)
        if (str_starts(text, others[i].begins))
            return fail(c, INVALID, "this is %s, not a table in text", others[i].what);
    str first = str_trim(str_sub(text, 0, 512));
    for (size_t i = 0; i < array_len(texts); i++)
        if (str_ieq(str_sub(first, 0, texts[i].begins.n), texts[i].begins))
            return fail(c, INVALID, "this is %s, not a table with separators", texts[i].what);
    return is_text(text) || fail(c, INVALID, "this is no text: too many of its bytes are control characters");
}
