#include "kit/table/id_text.h"

static inline bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static bool digits_from(str s, size_t at)
{
    for (size_t i = at; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return s.n > at;
}

id_verdict id_business(str s)
{
    static const int weights[8] = { 1, 2, 1, 2, 1, 2, 4, 1 };
    if (s.n != 8 || !digits_from(s, 0))
        return ID_NONE;
    int sum = 0;
    for (size_t i = 0; i < 8; i++) {
        int product = (s.p[i] - '0') * weights[i];
        sum += product / 10 + product % 10;
    }
    return sum % 5 == 0 || (s.p[6] == '7' && (sum + 1) % 5 == 0) ? ID_RIGHT : ID_WRONG;
}

/* The value of the first letter; -1: no letter. */
static int letter_value(char c)
{
    static const char order[] = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    const char *at = c >= 'A' && c <= 'Z' ? memchr(order, c, 26) : NULL;
    return at != NULL ? (int)(at - order) + 10 : -1;
}

id_verdict id_national(str s)
{
    if (s.n != 10 || letter_value(s.p[0]) < 0 || !digits_from(s, 2))
        return ID_NONE;
    int first = letter_value(s.p[0]), second;
    if (s.p[1] == '1' || s.p[1] == '2' || s.p[1] == '8' || s.p[1] == '9')
        second = s.p[1] - '0';
    else if (s.p[1] >= 'A' && s.p[1] <= 'D')
        second = letter_value(s.p[1]) % 10;
    else
        return ID_NONE;
    int sum = first / 10 + first % 10 * 9 + second * 8 + (s.p[9] - '0');
    for (size_t i = 2; i < 9; i++)
        sum += (s.p[i] - '0') * (int)(9 - i);
    return sum % 10 == 0 ? ID_RIGHT : ID_WRONG;
}

/* The digits of a telephone number, its brackets, hyphens and blanks taken off; an extension ends it. 0: something else. */
static size_t phone_digits(str s, char out[20])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (is_digit(c)) {
            if (n == 16)
                return 0;
            out[n++] = c;
        } else if (c == '#' || str_starts(str_from(s, i), S("分機")) || c == '~' || c == 'e') {
            return n;
        } else if (c == '+' ? i > 0 : c != '-' && c != ' ' && c != '(' && c != ')') {
            return 0;
        }
    }
    if (s.p[0] == '+' && n > 4 && memcmp(out, "886", 3) == 0) {
        size_t skip = out[3] == '0' ? 3 : 2;
        memmove(out, out + skip, n - skip);
        n -= skip;
        out[0] = '0';
    }
    return n;
}

/* Digits before the first hyphen or blank. */
static size_t first_group(str s)
{
    size_t n = 0;
    while (n < s.n && is_digit(s.p[n]))
        n++;
    return n;
}

bool id_mobile(str s)
{
    char d[20];
    if (s.n < 10 || s.n > 20 || (s.p[0] != '0' && s.p[0] != '+'))
        return false;
    size_t group = first_group(s);
    if (s.p[0] == '0' && group != 4 && group != 2 && group < 10)
        return false;               /* 0900701-001 is the code of a village */
    return phone_digits(s, d) == 10 && d[0] == '0' && d[1] == '9';
}

bool id_phone(str s)
{
    static const char *const areas[] = { "0826", "0836", "037", "049", "082", "089", "02", "03", "04", "05", "06", "07", "08" };
    char d[20];
    if (s.n < 9 || s.n > 32 || (s.p[0] != '0' && s.p[0] != '+' && s.p[0] != '('))
        return false;
    size_t n = phone_digits(s, d);
    if (n < 9 || n > 10 || d[0] != '0')
        return false;
    if (d[1] == '9' || (d[1] == '8' && d[2] == '0'))
        return n == 10;
    for (size_t i = 0; i < array_len(areas); i++) {
        size_t k = strlen(areas[i]);
        if (memcmp(d, areas[i], k) == 0)
            return d[k] >= '2' || (k == 2 && d[k] != '0');
    }
    return false;
}

bool id_email(str s)
{
    size_t at = str_find_byte(s, '@');
    if (s.n < 6 || s.n > 254 || at == 0 || at + 3 >= s.n)
        return false;
    size_t dot = s.n;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool word = is_digit(s.p[i]) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' || c == '.';
        if (i < at ? !(word || (c > 32 && strchr("_+%&'*/=?^`{|}~!#$", c) != NULL)) : i > at && !word)
            return false;
        if (i > at && c == '.')
            dot = i;
    }
    return dot > at + 1 && dot + 2 < s.n && s.p[at + 1] != '.';
}

bool id_url(str s)
{
    str rest = str_starts(s, S("https://")) ? str_from(s, 8) : str_starts(s, S("http://")) ? str_from(s, 7) : (str){ 0 };
    if (rest.n < 3 || rest.p[0] == '/' || rest.p[0] == '.')
        return false;
    for (size_t i = 0; i < rest.n; i++)
        if ((unsigned char)rest.p[i] <= ' ')
            return false;
    return true;
}
