#include "kit/table/date_text.h"
#include "kit/table/id_text.h"
#include "kit/table/maker.h"

#define NUMBERS (BIT(integer) | BIT(decimal))
#define SAID_NUMBERS (BIT(year) | BIT(longitude) | BIT(latitude) | BIT(easting) | BIT(northing))
#define DATES (BIT(date) | BIT(month) | BIT(quarter) | BIT(datetime) | BIT(time))
#define KEYED (NUMBERS | SAID_NUMBERS | DATES | BIT(boolean))

void maker_profile_new(const maker_column *k, maker_profile *p)
{
    uint32_t all = (UINT32_C(1) << COLUMN_TYPES) - 1;
    *p = (maker_profile){ .alive = all & ~BIT(text) };
    if (!(k->says & SAYS_LONGITUDE))
        p->alive &= ~BIT(longitude);
    if (!(k->says & SAYS_LATITUDE))
        p->alive &= ~BIT(latitude);
    if (!(k->says & SAYS_EASTING))
        p->alive &= ~BIT(easting);
    if (!(k->says & SAYS_NORTHING))
        p->alive &= ~BIT(northing);
}

static inline bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static bool in_range(const number_text *n, double from, double to)
{
    double v = (double)n->mantissa / (double)number_ten_to(n->decimals);
    return v >= from && v <= to;
}

/* Numbers that are something more by what the title says. */
static uint32_t guess_said(const maker_column *k, uint32_t alive, const number_text *n)
{
    uint32_t is = 0;
    if ((alive & BIT(year)) && (k->says & SAYS_YEAR) && n->decimals == 0
        && (in_range(n, 1, 200) || in_range(n, 1800, 2200)))
        is |= BIT(year);
    if ((alive & BIT(longitude)) && in_range(n, -180, 180))
        is |= BIT(longitude);
    if ((alive & BIT(latitude)) && in_range(n, -90, 90))
        is |= BIT(latitude);
    if ((alive & BIT(easting)) && in_range(n, 50000, 450000))
        is |= BIT(easting);
    if ((alive & BIT(northing)) && in_range(n, 2300000, 3000000))
        is |= BIT(northing);
    return is;
}

/* Digits alone: codes, dates, numbers of businesses and areas. */
static uint32_t guess_digits(const column_build *b, const maker_column *k, maker_profile *p, uint32_t alive, str s, uint64_t rows)
{
    date_text d;
    uint32_t is = BIT(code);
    if ((alive & BIT(date)) && s.n >= (k->says & SAYS_DATE ? 6 : 7) && s.n <= 8 && date_read_digits(s, COLUMN_date, &d)) {
        is |= BIT(date);
        p->distinct_dates++;
        p->roc += d.roc ? rows : 0;
    } else if ((alive & DATES) && maker_is_no_date(s)) {
        is |= DATES;
        p->no_dates += rows;
    }
    if ((alive & BIT(month)) && (k->says & SAYS_MONTH) && date_read_digits(s, COLUMN_month, &d)) {
        is |= BIT(month);
        p->roc += d.roc ? rows : 0;
    }
    if ((alive & BIT(datetime)) && s.n == 14 && date_read_digits(s, COLUMN_datetime, &d))
        is |= BIT(datetime);
    if ((alive & BIT(business_id)) && s.n == 8) {
        is |= BIT(business_id);
        bool right = id_business(s) == ID_RIGHT;
        p->right[0] += right ? rows : 0;
        p->distinct_right += right;
        if (p->values > 1000 && p->right[0] * 2 < p->values)
            p->alive &= ~BIT(business_id);      /* one in five is right by chance */
    }
    if ((alive & BIT(area_code)) && b->plan.words != NULL && lexicon_area_code(b->plan.words, s))
        is |= BIT(area_code);
    if ((alive & BIT(phone)) && (k->says & SAYS_PHONE) && id_phone(s))
        is |= BIT(phone);
    if ((alive & BIT(boolean)) && s.n == 1 && s.p[0] <= '1' && k->field != NULL && k->field->type == COLUMN_boolean)
        is |= BIT(boolean);
    return is;
}

static uint32_t guess_number(const maker_column *k, maker_profile *p, uint32_t alive, str s, const number_text *n, uint64_t rows)
{
    bool plain = n->digits == s.n;
    uint8_t digits = plain && s.n < 255 ? (uint8_t)s.n : 255;
    p->digits = !p->seen || p->digits == digits ? digits : 255;
    p->seen = true;
    if (n->zero_led) {
        p->zero_led += rows;
        return 0;
    }
    p->negative += n->mantissa < 0 ? rows : 0;
    p->sentinel += maker_is_sentinel(n) ? rows : 0;
    p->odd += n->exact ? 0 : rows;
    if (n->decimals > p->decimals)
        p->decimals = n->decimals;
    if (n->digits > p->whole)
        p->whole = n->digits;
    return (n->decimals == 0 ? NUMBERS : BIT(decimal)) | (alive & SAID_NUMBERS ? guess_said(k, alive, n) : 0);
}

static uint32_t guess_date(maker_profile *p, str s, uint64_t rows)
{
    date_text d;
    if (!date_read(s, &d))
        return 0;
    p->roc += d.roc ? rows : 0;
    return d.type == COLUMN_date ? BIT(date) | BIT(datetime) : UINT32_C(1) << d.type;
}

static uint32_t guess_place(const column_build *b, uint32_t alive, str s)
{
    if (b->plan.words == NULL || s.n > 48 || !(alive & (BIT(county) | BIT(town))))
        return 0;
    place_level level = lexicon_place(b->plan.words, s);
    return (level & PLACE_COUNTY ? BIT(county) : 0) | (level & PLACE_TOWN ? BIT(town) : 0);
}

static uint32_t guess_word(const column_build *b, maker_profile *p, uint32_t alive, str s, uint64_t rows)
{
    uint32_t is = 0;
    int64_t key;
    char first = s.p[0];
    if (s.n == 10 && (alive & BIT(national_id))) {
        id_verdict v = id_national(s);
        is |= v != ID_NONE ? BIT(national_id) : 0;
        p->right[1] += v == ID_RIGHT ? rows : 0;
    }
    if ((alive & BIT(boolean)) && s.n <= 5 && !is_digit(first) && column_type_read(COLUMN_boolean, 0, s, &key))
        is |= BIT(boolean);
    if ((alive & BIT(url)) && first == 'h' && id_url(s))
        is |= BIT(url);
    if ((alive & BIT(email)) && s.n >= 6 && id_email(s))
        is |= BIT(email);
    if ((alive & BIT(phone)) && (first == '0' || first == '+' || first == '(') && id_phone(s))
        is |= BIT(phone);
    if ((unsigned char)first >= 0x80)
        is |= guess_place(b, alive, s);
    return is;
}

void maker_profile_add(const column_build *b, const maker_column *k, maker_profile *p, str s, uint64_t rows)
{
    maker_mark mark = maker_mark_of(b, k, s);
    number_text n;
    uint32_t is = 0, alive = p->alive;
    if (mark == MARK_ABSENT || mark == MARK_BLANK || mark == MARK_ANY || (mark == MARK_TYPED && !(alive & ~KEYED)))
        return;
    p->values += rows;
    if (mark == MARK_TYPED) {
        is = KEYED;                 /* neither for nor against them */
        p->neutral += rows;
        p->no_words += maker_is_no_word(s) ? rows : 0;
    }
    if (alive == 0)
        return;
    char room[FIELD_TEXT_ROOM];
    if (k->field != NULL && k->field->spelling.own) {
        str ours = field_text(&k->field->spelling, k->field->type, s, room);
        s = ours.n > 0 ? ours : s;      /* decimals are counted of what it means */
    }
    char first = s.p[0];
    bool digits = false;
    if ((is_digit(first) || first == '-' || first == '+' || first == '.' || first == ' ') && number_read(s, &n)) {
        digits = n.digits == s.n;
        is |= guess_number(k, p, alive, s, &n, rows);
    } else if (mark == MARK_NONE) {
        p->digits = 255;
        p->seen = true;
    }
    if (digits)
        is |= guess_digits(b, k, p, alive, s, rows);
    else
        is |= guess_word(b, p, alive, s, rows);
    if (!digits && (alive & (DATES | BIT(year))) && s.n <= 64 && (is_digit(first) || (unsigned char)first >= 0xe4 || first == ' '))
        is |= guess_date(p, s, rows);
    for (uint32_t missed = alive & ~is; missed != 0; missed &= missed - 1) {
        unsigned t = (unsigned)__builtin_ctz(missed);
        p->misses[t] += rows;
        if (p->misses[t] > 64 + p->values / 1000 && !(k->field != NULL && k->field->has_type && k->field->type == t))
            p->alive &= ~(UINT32_C(1) << t);
    }
}
