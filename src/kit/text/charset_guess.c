#include "kit/text/charset_guess.h"

#include <uchardet.h>

#include "kit/text/charset_decode.h"

bool charset_is_ascii(str s)
{
    uint64_t any = 0, w;
    size_t i = 0;
    for (; s.n - i >= 8; i += 8) {
        memcpy(&w, s.p + i, 8);
        any |= w;
    }
    for (; i < s.n; i++)
        any |= (unsigned char)s.p[i];
    return (any & 0x8080808080808080u) == 0;
}

/* Pairs of bytes as the double-byte encodings see them. */
typedef struct {
    size_t pairs, bad;         /* as CP950 */
    size_t common;             /* in its rows of punctuation and frequent characters, A1 to A2 and A4 to C6 */
    size_t user;               /* private ones */
    size_t low_trail;          /* second byte below A1: Big5 has them in two of five characters, EUC never */
    size_t gb_pairs, gb_bad, gb_common;
    size_t lead_to_c8;         /* of EUC pairs B0 to F7: Hangul ends at C8, frequent Chinese does not */
    size_t euc_rows, kana;     /* EUC pairs B0 to F7; pairs with lead A4 or A5, kana of EUC-JP */
    size_t sjis_pairs, sjis_bad, sjis_kana;
    size_t sjis_runs;          /* pairs right after a pair */
    size_t utf8_chars, utf8_bad;
    size_t high, mac;          /* bytes above ASCII beside Latin letters; of them those that are letters to the Macintosh alone */
} counts;

static void count_cp950(str s, counts *n)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i + 1 < s.n;) {
        if (p[i] < 0x80) {
            i++;
            continue;
        }
        bool user;
        if (!charset_cp950_pair(p[i], p[i + 1], &user)) {
            n->bad++;
            i++;
            continue;
        }
        n->pairs++;
        n->user += user;
        n->common += p[i] == 0xa1 || p[i] == 0xa2 || (p[i] >= 0xa4 && p[i] <= 0xc6);
        n->low_trail += p[i + 1] < 0xa1;
        i += 2;
    }
}

static void count_gb(str s, counts *n)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i + 1 < s.n;) {
        if (p[i] < 0x80) {
            i++;
        } else if (p[i] == 0x80 || p[i] == 0xff || p[i + 1] < 0x30 || p[i + 1] == 0x7f || p[i + 1] == 0xff) {
            n->gb_bad++;
            i++;
        } else if (p[i + 1] < 0x3a) {
            n->gb_pairs++;
            i += 4;
        } else {
            bool euc = p[i] >= 0xa1 && p[i + 1] >= 0xa1;
            n->gb_pairs++;
            n->gb_common += euc && ((p[i] >= 0xb0 && p[i] <= 0xd7) || p[i] == 0xa1 || p[i] == 0xa3);
            n->euc_rows += euc && p[i] >= 0xb0 && p[i] <= 0xf7;
            n->lead_to_c8 += euc && p[i] >= 0xb0 && p[i] <= 0xc8;
            n->kana += euc && (p[i] == 0xa4 || p[i] == 0xa5);
            i += 2;
        }
    }
}

static void count_sjis(str s, counts *n)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t after = SIZE_MAX;
    for (size_t i = 0; i + 1 < s.n;) {
        bool lead = (p[i] >= 0x81 && p[i] <= 0x9f) || (p[i] >= 0xe0 && p[i] <= 0xfc);
        if (p[i] < 0x80 || (p[i] >= 0xa1 && p[i] <= 0xdf)) {
            i++;
        } else if (!lead || p[i + 1] < 0x40 || p[i + 1] == 0x7f || p[i + 1] > 0xfc) {
            n->sjis_bad++;
            i++;
        } else {
            n->sjis_pairs++;
            n->sjis_runs += i == after;
            after = i + 2;
            n->sjis_kana += (p[i] == 0x82 && p[i + 1] >= 0x9f) || (p[i] == 0x83 && p[i + 1] <= 0x96) || p[i] == 0x81;
            i += 2;
        }
    }
}

static void count_utf8(str s, counts *n)
{
    for (size_t i = 0; i < s.n;) {
        if ((unsigned char)s.p[i] < 0x80)
            i++;
        else if (utf8_next(s, &i) == UTF8_BAD)
            n->utf8_bad++;
        else
            n->utf8_chars++;
    }
}

static bool is_letter(unsigned char a)
{
    return (a >= 'a' && a <= 'z') || (a >= 'A' && a <= 'Z');
}

static void count_latin(str s, counts *n)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 1; i + 1 < s.n; i++)
        if (p[i] >= 0x80 && is_letter(p[i - 1]) && is_letter(p[i + 1])) {
            n->high++;
            n->mac += p[i] <= 0x9f && p[i] != 0x92 && p[i] != 0x96;     /* in Windows-1252 an apostrophe and a dash */
        }
}

static const char *east_asian(const counts *n)
{
    /* Its characters are private ones or none to CP950: a fifth of them kana, or, where there are kanji alone, in runs. */
    bool foreign = (n->user + n->bad) * 3 > n->pairs;
    if (n->sjis_pairs >= 4 && foreign && n->sjis_bad * 20 <= n->sjis_pairs
        && (n->sjis_kana * 5 > n->sjis_pairs || (n->sjis_bad == 0 && n->sjis_runs * 3 >= n->sjis_pairs)))
        return "CP932";
    bool euc = n->pairs >= 12 && n->low_trail * 50 <= n->pairs;
    if (euc && n->kana * 5 > n->gb_pairs && n->gb_bad * 20 <= n->gb_pairs)
        return "EUC-JP";
    if (euc && n->gb_bad * 20 <= n->gb_pairs && n->lead_to_c8 * 20 > n->euc_rows * 19)
        return "CP949";
    /* Shares over the same bytes: common / (pairs + 3 × bad); equal shares are CP950's. */
    double cp950 = n->pairs > 0 ? (double)n->common / (double)(n->pairs + 3 * n->bad) : 0;
    double gb = n->gb_pairs > 0 ? (double)n->gb_common / (double)(n->gb_pairs + 3 * n->gb_bad) : 0;
    if (cp950 < 0.6 && gb < 0.6)
        return NULL;
    return cp950 >= gb && !euc ? "CP950" : gb >= 0.6 ? "GB18030" : "CP950";
}

/* What is read of the detector's answers. */
static const char *const known[] = {
    "CP949", "EUC-TW", "ISO-2022-JP", "ISO-2022-KR", "ISO-2022-CN", "ISO-8859-2", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7",
    "ISO-8859-8", "ISO-8859-9", "ISO-8859-11", "ISO-8859-13", "ISO-8859-15", "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1253",
    "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258", "KOI8-R", "IBM855", "IBM866", "TIS-620",
    "VISCII", "MAC-CYRILLIC", "JOHAB",
};

const char *const *charset_guess_known(size_t *n)
{
    *n = array_len(known);
    return known;
}

static const char *detected(str head, str there)
{
    uchardet_t u = uchardet_new();
    uchardet_handle_data(u, head.p, head.n);
    if (there.n > 0)
        uchardet_handle_data(u, there.p, there.n);
    uchardet_data_end(u);
    const char *said = uchardet_get_charset(u), *name = NULL;
    if (strcmp(said, "UHC") == 0 || strcmp(said, "EUC-KR") == 0)
        name = "CP949";
    for (size_t i = 0; name == NULL && i < array_len(known); i++)
        if (strcmp(said, known[i]) == 0)
            name = known[i];
    uchardet_delete(u);
    return name;
}

void charset_guess(str head, str there, charset_choice *out)
{
    counts n = { 0 };
    str parts[] = { head, there };
    for (size_t i = 0; i < array_len(parts); i++) {
        count_cp950(parts[i], &n);
        count_gb(parts[i], &n);
        count_sjis(parts[i], &n);
        count_utf8(parts[i], &n);
        count_latin(parts[i], &n);
    }
    *out = (charset_choice){ .name = "UTF-8", .rule = CHARSET_MOSTLY, .bad_at = out->bad_at };
    if (n.utf8_chars > 0 && n.utf8_bad * 20 <= n.utf8_chars)
        return;
    out->rule = CHARSET_COMMON;
    if ((out->name = east_asian(&n)) != NULL)
        return;
    out->rule = CHARSET_LAST;
    if (n.high > 0 && n.mac * 10 >= n.high * 9) {
        out->name = "MACINTOSH";
        return;
    }
    out->rule = CHARSET_DETECTED;
    if ((out->name = detected(head, there)) != NULL)
        return;
    out->name = "WINDOWS-1252";
    out->rule = CHARSET_LAST;
}
