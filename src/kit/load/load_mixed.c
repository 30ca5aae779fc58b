#include "kit/load/load_mixed.h"

#include "kit/table/column_build.h"
#include "kit/table/date_text.h"
#include "kit/table/number_text.h"

#define PLACES 5
#define LOOKED 64                   /* rows at first */
#define RIGHT_LEAST 5
#define CODE_LEAST 4                /* digits */
#define UNIT_MAX 12
#define DISTINCT_LEAST 3            /* "70 Whitehall" in all rows is an address */
#define TIMES 6                     /* as many are right as are wrong, at least */

typedef struct {
    uint64_t numbers, dates, others;
    unsigned digits;                /* of all plain numbers; 0: none yet */
    bool     differ;                /* some have more digits than others, few of them, or are no plain digits: they are no codes */
    uint64_t rows[PLACES];          /* of the first that are neither */
    size_t   n;
    uint64_t amounts;               /* of the others: numbers with one and the same unit */
    char     unit[UNIT_MAX];
    size_t   unit_n;
} tally;

/* Numbers with more digits than are counted with (4.7394e-23), and hours of a day that is longer (25:43:00 in timetables). */
static bool is_beyond(str s)
{
    size_t digits = 0, colons = 0;
    for (size_t i = 0; i < s.n; i++) {
        digits += s.p[i] >= '0' && s.p[i] <= '9';
        colons += s.p[i] == ':';
        if ((s.p[i] < '0' || s.p[i] > '9') && strchr(colons > 0 ? ":" : "+-.eE:", s.p[i]) == NULL)
            return false;
    }
    return digits >= 3 && (colons > 0 || digits > 15 || str_find_byte(s, 'e') < s.n || str_find_byte(s, 'E') < s.n);
}

/* The sign of a currency in front, else what follows the number; empty: it is no amount. Parts of addresses and of dates are no units. */
static str unit_of(str s)
{
    static const char *const signs[] = { "NT$", "US$", "$", "＄", "€", "£" };
    static const char *const none[] = { "號", "樓", "鄰", "弄", "巷", "年", "月", "日", "期", "屆", "班", "級", "次", "歲", "段", "時", "分", "F" };
    number_text n;
    for (size_t i = 0; i < array_len(signs); i++)
        if (str_starts(s, str_of(signs[i])) && number_read(str_from(s, strlen(signs[i])), &n))
            return str_of(signs[i]);
    size_t end = s.n;
    while (end > 0 && (s.p[end - 1] < '0' || s.p[end - 1] > '9'))
        end--;
    str unit = str_trim(str_from(s, end));
    for (size_t i = 0; i < array_len(none); i++)
        if (str_eq(unit, str_of(none[i])))
            return (str){ 0 };
    bool sign = unit.n > 0 && (unit.p[0] == '-' || unit.p[0] == '/' || unit.p[0] == '.' || unit.p[0] == '*' || unit.p[0] == ')');
    return end > 0 && unit.n > 0 && unit.n <= UNIT_MAX && !sign && number_read(str_sub(s, 0, end), &n) && !n.zero_led ? unit : (str){ 0 };
}

static void count_amount(tally *t, str s)
{
    str unit = unit_of(s);
    if (unit.n > 0 && t->unit_n == 0) {
        memcpy(t->unit, unit.p, unit.n);
        t->unit_n = unit.n;
    }
    t->amounts += unit.n > 0 && str_eq(unit, (str){ t->unit, t->unit_n });
}

static void count(tally *t, str s, uint64_t row)
{
    number_text n;
    date_text d;
    s = str_trim(s);
    if (s.n == 0 || table_is_mark(s) || is_beyond(s))
        return;
    if (number_read(s, &n) && !n.zero_led) {
        t->numbers++;
        unsigned digits = n.digits == s.n ? n.digits : 0;
        t->differ = t->differ || digits < CODE_LEAST || (t->digits > 0 && digits != t->digits);
        t->digits = digits;
    } else if (s.n <= 64 && date_read(s, &d)) {
        t->dates++;
    } else {
        t->others++;
        count_amount(t, s);
        if (t->n < PLACES)
            t->rows[t->n++] = row;
    }
}

static bool is_suspicious(const tally *t)
{
    bool numbers = t->numbers > t->dates && t->differ;
    uint64_t right = numbers ? t->numbers : t->dates, wrong = t->others + (numbers ? t->dates : t->numbers);
    return right >= RIGHT_LEAST && (wrong == 0 || right >= wrong * TIMES);
}

/* Nearly all values are amounts; a number without the unit, 0 above all, speaks for that too. */
static bool has_unit(const tally *t, const column_about *k)
{
    return k->stats.distinct >= DISTINCT_LEAST && t->amounts >= RIGHT_LEAST && t->amounts * 2 > t->numbers && t->amounts + t->numbers >= (t->others - t->amounts + t->dates) * TIMES;
}

static void look(const column_view *v, uint64_t step, tally *t)
{
    char room[COLUMN_NUMBER_ROOM];
    *t = (tally){ 0 };
    for (uint64_t row = 0; row < v->rows; row += step)
        if (!column_is_null(v, row))
            count(t, column_text(v, row, room), row);
}

bool load_mixed(ctx *c, const column_file *f, size_t col, const load_judge_plan *p)
{
    const column_about *k = column_file_about(f, col);
    column_view v;
    tally t;
    char room[COLUMN_NUMBER_ROOM];
    if (k->type != COLUMN_text || k->declared || table_title_is_code(k->title) || !column_use(c, f, col, &v))
        return c->err.code == ERR_OK;
    uint64_t step = v.rows / LOOKED + 1;
    look(&v, step, &t);
    if (step > 1 && (is_suspicious(&t) || has_unit(&t, k)))
        look(&v, 1, &t);
    if (has_unit(&t, k))
        return p->finding(c, p->to, &(table_finding){ .code = "unit_in_values", .col = col + 1, .sample = column_text(&v, t.rows[0], room),
                                                      .count = t.amounts });
    if (!is_suspicious(&t) || t.n == 0)
        return true;
    for (size_t i = 0; i < t.n; i++) {
        table_finding one = { .code = "mixed_values", .row = t.rows[i] + 1, .col = col + 1, .sample = column_text(&v, t.rows[i], room),
                              .count = i + 1 < t.n ? 1 : t.others - i };
        bool known;
        if (!column_file_place(c, f, t.rows[i], &one.byte, &one.line, &known) || !p->finding(c, p->to, &one))
            return false;
    }
    return true;
}
