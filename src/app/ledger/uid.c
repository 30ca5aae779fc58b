#include "app/ledger/uid.h"

#include "kit/blob/blob.h"

str uid_from(arena *a, str space, str x, str y)
{
    unsigned char raw[32];
    buf b = buf_in(a);
    buf_add(&b, space);
    buf_add(&b, x);
    buf_byte(&b, 0x1f);
    buf_add(&b, y);
    blob_sha256(buf_str(&b), raw);
    raw[6] = (unsigned char)((raw[6] & 0x0f) | 0x80);
    raw[8] = (unsigned char)((raw[8] & 0x3f) | 0x80);
    buf out = buf_in(a);
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            buf_byte(&out, '-');
        buf_hex(&out, raw + i, 1);
    }
    return buf_str(&out);
}

bool uid_is(str s)
{
    if (s.n != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s.p[i] != '-' : strchr("0123456789abcdef", s.p[i]) == NULL)
            return false;
    }
    return true;
}

str uid_slug(arena *a, str wish)
{
    buf b = buf_max(a, 100);
    for (size_t i = 0; i < wish.n && b.n < 100; i++) {
        char ch = wish.p[i];
        if (ch >= 'A' && ch <= 'Z')
            ch = (char)(ch + 32);
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_' || ch == '-';
        if (plain)
            buf_byte(&b, ch);
        else if (b.n > 0 && b.p[b.n - 1] != '-')
            buf_byte(&b, '-');
    }
    while (b.n > 0 && b.p[b.n - 1] == '-')
        b.n--;
    return b.n >= 2 ? buf_str(&b) : (str){ 0 };
}
