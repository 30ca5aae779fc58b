#include "app/reader/mend.h"

#define MARK "=REDACTED"

bool mend_crawl_line(arena *a, str line, str *mended)
{
    str rest = str_trim(line);
    size_t list = str_find(rest, S("\"urls\": [\""));
    if (!str_starts(rest, S("{\"id\": \"")) || list == rest.n)
        return false;
    bool any = false;
    buf b = buf_in(a);
    buf_add(&b, str_sub(rest, 0, list));
    rest = str_from(rest, list);
    for (;;) {
        size_t at = str_find(rest, S(MARK));
        size_t past = at < rest.n ? at + sizeof MARK - 1 : rest.n;
        buf_add(&b, str_sub(rest, 0, past));
        if (at == rest.n)
            break;
        rest = str_from(rest, past);
        if (rest.n == 0) {
            buf_add(&b, S("\"]}"));
            any = true;
        } else if (str_starts(rest, S(" \"http"))) {
            buf_add(&b, S("\","));
            any = true;
        }
    }
    *mended = buf_str(&b);
    return any;
}
