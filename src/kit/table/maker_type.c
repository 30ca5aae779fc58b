#include "kit/table/maker.h"

#define BUSINESSES_LEAST 5                  /* different ones that speak for themselves, without a title */

/* docs/table-types.md, Types: one that is not in 1,000 (but always one), of 100 or more. */
bool maker_type_stands(const maker_profile *p, column_type t)
{
    uint64_t allowed = p->values < 100 ? 0 : p->values < 1000 ? 1 : p->values / 1000;
    bool answers = t == COLUMN_boolean && p->values - p->misses[t] > p->neutral;       /* 無 beside 有 */
    if (column_type_key(t) != COLUMN_KEY_NONE && (p->neutral - (answers ? p->no_words : 0)) * 2 > p->values)
        return false;               /* a column of V and X is one of words */
    return p->values > 0 && (p->alive >> t & 1) != 0 && p->misses[t] <= allowed;
}

static bool is_right(const maker_profile *p, column_type t)
{
    uint64_t right = p->right[t == COLUMN_national_id];
    return maker_type_stands(p, t) && right * 10 >= p->values * 9;
}

/* One number of eight digits in four has the check digit of a business by chance. */
static bool is_business(const maker_column *k, const maker_profile *p)
{
    return ((k->says & SAYS_BUSINESS) != 0 || p->distinct_right >= BUSINESSES_LEAST) && is_right(p, COLUMN_business_id);
}

/* Digits alone are dates only with a title that says so, or in some number. */
static bool is_date(const maker_column *k, const maker_profile *p, column_type t)
{
    if (!maker_type_stands(p, t))
        return false;
    if (p->whole <= 1 && maker_type_stands(p, COLUMN_integer))
        return false;               /* a zero may say "no date", but no date has one digit */
    if (p->values == p->neutral + p->no_dates + p->misses[t])
        return false;               /* zeros and marks alone say of no date that it is one */
    if (p->distinct_dates == 0 && !(t == COLUMN_month || t == COLUMN_datetime))
        return !maker_type_stands(p, COLUMN_integer);
    return !maker_type_stands(p, COLUMN_code) || (k->says & (SAYS_DATE | SAYS_MONTH)) != 0 || p->distinct_dates >= 10
        || t == COLUMN_datetime;
}

static column_type decide_type(const maker_column *k, const maker_profile *p)
{
    static const column_type dates[] = { COLUMN_time, COLUMN_date, COLUMN_datetime, COLUMN_month, COLUMN_quarter };
    static const column_type said[] = { COLUMN_year, COLUMN_longitude, COLUMN_latitude, COLUMN_easting, COLUMN_northing };
    static const column_type words[] = { COLUMN_county, COLUMN_town, COLUMN_email, COLUMN_url, COLUMN_phone };
    if (is_right(p, COLUMN_national_id))
        return COLUMN_national_id;
    if (!(k->says & SAYS_BUSINESS) && maker_type_stands(p, COLUMN_area_code))
        return COLUMN_area_code;
    if (is_business(k, p))
        return COLUMN_business_id;
    for (size_t i = 0; i < array_len(dates); i++)
        if (is_date(k, p, dates[i]))
            return dates[i];
    if (maker_type_stands(p, COLUMN_boolean))
        return COLUMN_boolean;
    if (maker_type_stands(p, COLUMN_phone) && (k->says & SAYS_PHONE))
        return COLUMN_phone;
    if (p->zero_led > 0 && maker_type_stands(p, COLUMN_code))
        return COLUMN_code;
    bool fine = p->decimals > COLUMN_SCALE_FINE && p->whole + COLUMN_SCALE_FINE <= COLUMN_SCALE_MAX;     /* the rest is rounded */
    bool fits = (p->whole + p->decimals <= COLUMN_SCALE_MAX || fine) && p->zero_led == 0;
    for (size_t i = 0; i < array_len(said); i++)
        if (fits && maker_type_stands(p, said[i]))
            return said[i];
    if (fits && maker_type_stands(p, COLUMN_integer))
        return COLUMN_integer;
    if (fits && maker_type_stands(p, COLUMN_decimal))
        return COLUMN_decimal;
    for (size_t i = 0; i < array_len(words); i++)
        if (maker_type_stands(p, words[i]))
            return words[i];
    return COLUMN_text;
}

maker_rule maker_decide(const column_build *b, const maker_column *k, const maker_profile *p)
{
    maker_rule r = { .declared = k->field != NULL && k->field->has_type };
    r.type = r.declared ? k->field->type : str_eq(k->hint, S("geometry")) ? COLUMN_geometry : decide_type(k, p);
    r.keyed = column_type_key(r.type) != COLUMN_KEY_NONE;
    r.numeric = column_type_key(r.type) == COLUMN_KEY_NUMBER && r.type != COLUMN_boolean;
    r.roc = r.keyed && (!r.numeric || r.type == COLUMN_year) && p->roc * 2 > p->values;
    if (r.numeric && r.type != COLUMN_integer && r.type != COLUMN_year)
        r.scale = p->decimals;
    if (r.scale + p->whole > COLUMN_SCALE_MAX)      /* declared: what then does not fit is bad */
        r.scale = p->whole < COLUMN_SCALE_MAX ? COLUMN_SCALE_MAX - p->whole : 0;
    r.sentinels = r.numeric && p->sentinel > 0 && p->sentinel == p->negative && p->sentinel < p->values
        && !(b->plan.schema != NULL && b->plan.schema->own_marks);
    if (k->field != NULL && r.keyed) {
        r.has_low = k->field->has_min && column_type_read(r.type, r.scale, k->field->min, &r.low);
        r.has_high = k->field->has_max && column_type_read(r.type, r.scale, k->field->max, &r.high);
    }
    return r;
}

/* Word for word, or the same number or day. */
static bool is_allowed(const table_field *f, const maker_rule *rule, str s, int64_t key)
{
    int64_t other;
    bool found = f->allowed.n == 0;
    for (size_t i = 0; !found && i < f->allowed.n; i++)
        found = str_eq(s, f->allowed.v[i]) || (rule->keyed && column_type_read(rule->type, rule->scale, f->allowed.v[i], &other) && other == key);
    return found;
}

void maker_constraints_of(column_build *b, maker_column *k, const maker_rule *rule, str s, int64_t key, uint32_t row, uint64_t rows)
{
    const table_field *f = k->field;
    if (rule->keyed && maker_out_of_range(rule, key))
        maker_note_add(b, k, NOTE_RANGE, row, s, rows);
    if (f->min_length > 0 || f->max_length > 0) {
        size_t n = utf8_count(s);
        if (n < f->min_length || (f->max_length > 0 && n > f->max_length))
            maker_note_add(b, k, NOTE_LENGTH, row, s, rows);
    }
    if (!is_allowed(f, rule, s, key))
        maker_note_add(b, k, NOTE_ALLOWED, row, s, rows);
    if (f->pattern != NULL && !pattern_fits(f->pattern, s))
        maker_note_add(b, k, NOTE_PATTERN, row, s, rows);
}

/* More decimals than a key can have (60.370000000000005): it is a number all the same, and its text is kept. */
static bool read_rounded(const maker_rule *rule, str s, int64_t *key)
{
    number_text n;
    if (rule->scale == 0 || !number_read(s, &n) || n.decimals <= rule->scale)
        return false;
    int64_t unit = number_ten_to(n.decimals - rule->scale), half = n.mantissa < 0 ? -unit / 2 : unit / 2;
    *key = (n.mantissa + half) / unit;
    return true;
}

/* Why the text is null in a column of this type; MAKER_VALUE: it is not, and `key` is its key where the type has one. */
column_null_kind maker_value(const column_build *b, const maker_column *k, const maker_rule *rule, str s, int64_t *key)
{
    maker_mark mark = maker_mark_of(b, k, s);
    number_text n;
    *key = COLUMN_KEY_NULL;
    if (mark == MARK_ABSENT)
        return COLUMN_NULL_ABSENT;
    if (mark == MARK_BLANK)
        return COLUMN_NULL_BLANK;
    if (mark == MARK_ANY)
        return COLUMN_NULL_MARK;
    if (!rule->keyed)
        return MAKER_VALUE;
    if (k->field != NULL && k->field->spelling.own) {
        char room[FIELD_TEXT_ROOM];
        str ours = field_text(&k->field->spelling, rule->type, s, room);
        return ours.p != NULL && column_type_read(rule->type, rule->scale, ours, key) ? MAKER_VALUE
               : mark == MARK_TYPED                                                  ? COLUMN_NULL_MARK
                                                                                     : COLUMN_NULL_BAD;
    }
    if (rule->numeric && rule->sentinels && number_read(s, &n) && maker_is_sentinel(&n))
        return COLUMN_NULL_MARK;
    if (column_type_read(rule->type, rule->scale, s, key) || (rule->declared && rule->numeric && read_rounded(rule, s, key)))
        return MAKER_VALUE;
    *key = COLUMN_KEY_NULL;
    if (mark == MARK_TYPED || (!rule->numeric && maker_is_no_date(s)))
        return COLUMN_NULL_MARK;
    return COLUMN_NULL_BAD;
}
