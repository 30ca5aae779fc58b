#include "kit/table/id_text.h"
#include "kit/table/maker.h"

/* What is shown of a text: its beginning, or its end where the finding is about that; what is left out is told by dots. */
static str sample_of(arena *a, int note, str s)
{
    enum { SHOWN = MAKER_SAMPLE - 3 };
    if (s.n <= MAKER_SAMPLE)
        return str_dup(a, s);
    if (note != COLUMN_FACT_TRAILING_BLANK)
        return str_cat(a, utf8_cut(s, SHOWN), S("…"));
    size_t at = s.n - SHOWN;
    while (at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80)
        at++;
    return str_cat(a, S("…"), str_from(s, at));
}

void maker_note_add(column_build *b, maker_column *k, int note, uint32_t row, str sample, uint64_t rows)
{
    if (k->notes == NULL)
        k->notes = new_n(b->a, maker_note, NOTES);
    maker_note *n = &k->notes[note];
    n->count += rows;
    if (n->spot_n == MAKER_PLACES)
        return;
    if (n->spots == NULL)
        n->spots = new_n(b->a, maker_spot, MAKER_PLACES);
    n->spots[n->spot_n++] = (maker_spot){ .row = row, .sample = sample_of(b->a, note, sample) };
}

static bool is_control(unsigned char c)
{
    return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f;
}

/* U+FFFD, private use (U+E000–F8FF; planes 15 and 16), full-width digits and letters: bits of what the text holds. */
static unsigned odd_characters(str s)
{
    unsigned found = 0;
    for (size_t i = 0; i + 2 < s.n; i++) {
        unsigned char a = (unsigned char)s.p[i], b = (unsigned char)s.p[i + 1], c = (unsigned char)s.p[i + 2];
        if (a < 0xee)
            continue;
        if (a == 0xef && b == 0xbf && c == 0xbd)
            found |= 1u << COLUMN_FACT_REPLACEMENT;
        else if (a == 0xee || (a == 0xef && b < 0xa4) || (a == 0xf3 && b >= 0xb0) || a == 0xf4)
            found |= 1u << COLUMN_FACT_PRIVATE_USE;
        else if (a == 0xef && ((b == 0xbc && ((c >= 0x90 && c <= 0x99) || (c >= 0xa1 && c <= 0xba))) || (b == 0xbd && c >= 0x81 && c <= 0x9a)))
            found |= 1u << COLUMN_FACT_FULL_WIDTH;
    }
    return found;
}

static bool is_amount(str s)
{
    number_text n;
    s = str_trim(s);
    return number_read(s.n > 1 && s.p[s.n - 1] == '%' ? str_sub(s, 0, s.n - 1) : s, &n);
}

static bool runs_as_formula(str s)
{
    char c = s.p[0];
    return s.n > 1 && (c == '=' || c == '@' || ((c == '+' || c == '-') && !is_amount(s) && !id_phone(s) && str_trim(s).n > 3
                                                && !(c == '-' && s.p[1] == '-')));
}

static bool leads_blank(str s)
{
    return s.p[0] == ' ' || s.p[0] == '\t' || (s.p[0] == '\xe3' && str_starts(s, S("　")));
}

static bool trails_blank(str s)
{
    char c = s.p[s.n - 1];
    return c == ' ' || c == '\t' || (c == '\x80' && str_ends(s, S("　")));
}

/* What the two ends and the length of a text tell. */
static unsigned facts_of_ends(str s)
{
    unsigned found = 0;
    char c = s.p[0];
    if (leads_blank(s) && str_trim(s).n > 0)
        found |= 1u << COLUMN_FACT_LEADING_BLANK;
    if (trails_blank(s) && str_trim(s).n > 0)
        found |= 1u << COLUMN_FACT_TRAILING_BLANK;
    if ((c == '=' || c == '@' || c == '+' || c == '-') && runs_as_formula(s))
        found |= 1u << COLUMN_FACT_FORMULA;
    if (s.n == 10 && c >= 'A' && c <= 'Z' && id_national(s) == ID_RIGHT)
        found |= 1u << COLUMN_FACT_NATIONAL_ID;
    if (s.n >= 10 && s.n <= 20 && (c == '0' || c == '+') && (s.p[1] == '9' || c == '+') && id_mobile(s))
        found |= 1u << COLUMN_FACT_MOBILE;
    return found;
}

static unsigned facts_of_inside(str s)
{
    unsigned found = odd_characters(s);
    for (size_t i = 0; i < s.n; i++)
        if (is_control((unsigned char)s.p[i]))
            found |= 1u << COLUMN_FACT_CONTROL;
    if (s.n > 5 && memchr(s.p, '@', s.n) != NULL && id_email(s))
        found |= 1u << COLUMN_FACT_EMAIL;
    return found;
}

static void note_all(column_build *b, maker_column *k, unsigned found, str s, uint32_t row, uint64_t rows)
{
    for (; found != 0; found &= found - 1)
        maker_note_add(b, k, __builtin_ctz(found), row, s, rows);
}

void maker_facts(column_build *b, maker_column *k, str s, uint32_t row, uint64_t rows)
{
    if (s.n > 0)
        note_all(b, k, facts_of_ends(s) | facts_of_inside(s), s, row, rows);
}

/* Codes look like personal data by chance: one in ten of a letter and nine digits has the check digit of an identity number, and
 * in a column of codes a few may begin like mobile numbers. Where most do not, none is meant. */
void maker_facts_weigh(maker_column *k, const maker_profile *p)
{
    enum { FORMS_LEAST = 20 };
    if (k->notes == NULL)
        return;
    maker_note *id = &k->notes[COLUMN_FACT_NATIONAL_ID], *mobile = &k->notes[COLUMN_FACT_MOBILE];
    uint64_t forms = p->alive & BIT(national_id) ? p->values - p->misses[COLUMN_national_id] : 0;
    if (forms >= FORMS_LEAST && id->count * 2 < forms)
        id->count = 0;
    if ((k->says & SAYS_CODE) && !(k->says & SAYS_PHONE) && mobile->count * 2 < p->values)
        mobile->count = 0;
}

/* Whether the block holds any byte that the slow look at each text is for; the loop is made of vectors by the compiler. */
#if defined(__GNUC__) && !defined(__clang__)
__attribute__((optimize("O3")))
#endif
static bool is_suspicious(const char *bytes, size_t n)
{
    unsigned char found = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];
        found |= (unsigned char)((c >= 0xee) | (c == '@') | (c == 0x7f) | ((c < 0x20) & (c != '\n') & (c != '\r') & (c != '\t')));
    }
    return found != 0;
}

void maker_facts_block(column_build *b, maker_column *k, const table_block *t, uint32_t first, const char *bytes, size_t n)
{
    bool inside = is_suspicious(bytes, n);
    for (size_t r = 0; r < t->rows; r++) {
        str s = t->cells[r * t->cols + k->index];
        if (s.n == 0)
            continue;
        unsigned found = facts_of_ends(s) | (inside && is_suspicious(s.p, s.n) ? facts_of_inside(s) : 0);
        if (found != 0)
            note_all(b, k, found, s, first + (uint32_t)r, 1);
    }
}
