#include "base.h"

str num_grouped(arena *a, int64_t v)
{
    str plain = str_fmt(a, "%" PRId64, v);
    buf b = buf_in(a);
    size_t sign = plain.p[0] == '-';
    for (size_t i = 0; i < plain.n; i++) {
        if (i > sign && (plain.n - i) % 3 == 0)
            buf_byte(&b, ',');
        buf_byte(&b, plain.p[i]);
    }
    return buf_str(&b);
}

str num_bytes(arena *a, int64_t bytes)
{
    static const char *const unit[] = { "kB", "MB", "GB", "TB" };
    if (bytes < 1000)
        return str_fmt(a, "%" PRId64 " B", bytes);
    double v = (double)bytes / 1000;
    size_t u = 0;
    while (v >= 999.95 && u + 1 < array_len(unit)) {
        v /= 1000;
        u++;
    }
    return str_fmt(a, v < 9.95 ? "%.1f %s" : "%.0f %s", v, unit[u]);
}

str num_percent(arena *a, int64_t part, int64_t whole)
{
    if (whole == 0)
        return S("–");
    return str_fmt(a, "%.1f%%", 100.0 * (double)part / (double)whole);
}
