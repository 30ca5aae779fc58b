/* What a client would like: an answer in a coding that it named, a part within the file, a tag that stands in the
 * list; what it says last against something holds. */
#include "fuzz.h"
#include "kit/http/accept.h"

static bool names(arena *a, str header, const char *word)
{
    return str_has(str_lower(a, header), str_of(word));
}

static void check_coding(arena *a, str in)
{
    accept_encoding e = accept_coding(in);
    must(e >= ACCEPT_IDENTITY && e < ACCEPT_ENCODINGS && accept_coding_name(e) != NULL);
    must(e != ACCEPT_ZSTD || names(a, in, "zstd"));
    must(e != ACCEPT_GZIP || names(a, in, "gzip") || names(a, in, "*"));
    must(accept_coding(str_cat(a, in, S(",zstd;q=0,gzip;q=0"))) == ACCEPT_IDENTITY);
    must(accept_coding(str_cat(a, in, S(",gzip;q=0,zstd;q=0.001"))) == ACCEPT_ZSTD);
}

static void check_likes(arena *a, str in)
{
    must(!accept_json(in) || names(a, in, "json"));
    must(!accept_json(str_cat(a, in, S(",text/html"))));
    must(accept_language(in) == LANG_ZH_HANT || names(a, in, "en"));
    must(accept_language(str_cat(a, in, S(",zh-TW"))) == LANG_ZH_HANT);
}

static void check_range(str in)
{
    static const int64_t sizes[] = { 0, 1, 10, 52547, INT64_MAX };
    for (size_t i = 0; i < array_len(sizes); i++) {
        int64_t from = -1, bytes = -1;
        accept_part part = accept_range(in, sizes[i], &from, &bytes);
        if (part == ACCEPT_PART)
            must(from >= 0 && bytes > 0 && from < sizes[i] && bytes <= sizes[i] - from);
        else
            must(part == ACCEPT_WHOLE || part == ACCEPT_NO_PART);
    }
}

static void check_tags(str in)
{
    static const str tags[] = { S_INIT("\"a\""), S_INIT("\"\""), S_INIT("\"0123456789abcdef\"") };
    for (size_t i = 0; i < array_len(tags); i++) {
        bool strong = accept_etag(in, tags[i], false), any = accept_etag(in, tags[i], true);
        must(any || !strong);
        must(!strong || str_has(in, tags[i]));
        must(!any || str_has(in, tags[i]) || str_eq(str_trim(in), S("*")));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str in = fuzz_str(data, size);
    arena *a = arena_new(16384);
    check_coding(a, in);
    check_likes(a, in);
    check_range(in);
    check_tags(in);
    arena_free(a);
    return 0;
}
