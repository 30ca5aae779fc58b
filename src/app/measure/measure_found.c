#include "app/measure/measure_found.h"

#include "app/vocabulary/vocabulary.h"

static bool kind_called(str is, source_kind *out)
{
    static const source_kind all[] = {
#define KIND(name, called, declared, why) SOURCE_##name,
#include "kit/ingest/kind.def"
#undef KIND
    };
    for (size_t i = 0; i < array_len(all); i++)
        if (str_eq(str_of(sniff_called(all[i])), is)) {
            *out = all[i];
            return true;
        }
    return false;
}

/* Is there a kind of bytes that is declared so? */
static bool is_told_by_bytes(str declared)
{
    static const char *const words[] = {
#define KIND(name, called, declared, why) declared,
#include "kit/ingest/kind.def"
#undef KIND
    };
    for (size_t i = 0; i < array_len(words); i++) {
        str rest = str_of(words[i]), word;
        while (str_next(&rest, ' ', &word))
            if (str_ieq(word, declared))
                return true;
    }
    return false;
}

/* Kinds in which other formats are packed or written. */
static bool holds_others(source_kind k)
{
    return k == SOURCE_TEXT || k == SOURCE_XML || k == SOURCE_JSON || k == SOURCE_ZIP || k == SOURCE_ARCHIVE || k == SOURCE_SQLITE
        || k == SOURCE_BINARY;
}

str measure_found(str declared, str is)
{
    source_kind k;
    const format *said = format_by_code(declared);
    if (is.n == 0 || !kind_called(is, &k) || k == SOURCE_EMPTY)
        return (str){ 0 };
    if (said != NULL && sniff_agrees(k, declared))
        return said->code;
    if (said != NULL && !said->service && said->star > 1 && holds_others(k) && !is_told_by_bytes(declared))
        return (str){ 0 };
    const format *f = k == SOURCE_SQLITE ? format_by_code(S("SQLITE")) : format_by_code(is);
    if (f == NULL)
        f = format_recognise(is, (str){ 0 });
    return f != NULL ? f->code : is;
}
