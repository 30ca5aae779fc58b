#include "kit/table/field_text.h"

#include <stdio.h>

/* --- dates by a format --- */

typedef struct { int year, month, day, hour, minute, second; } moment;

static bool take_number(str *s, size_t least, size_t most, int *out)
{
    size_t n = 0;
    *out = 0;
    while (n < s->n && n < most && s->p[n] >= '0' && s->p[n] <= '9')
        *out = *out * 10 + (s->p[n++] - '0');
    *s = str_from(*s, n);
    return n >= least;
}

static bool take_part(char directive, str *s, moment *m)
{
    switch (directive) {
    case 'Y': return take_number(s, 4, 4, &m->year);
    case 'y':
        if (!take_number(s, 2, 2, &m->year))
            return false;
        m->year += m->year < 69 ? 2000 : 1900;
        return true;
    case 'm': return take_number(s, 1, 2, &m->month);
    case 'd': return take_number(s, 1, 2, &m->day);
    case 'H': return take_number(s, 1, 2, &m->hour);
    case 'M': return take_number(s, 1, 2, &m->minute);
    case 'S': return take_number(s, 1, 2, &m->second);
    default:  return false;
    }
}

static bool take_literal(char c, str *s)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = str_from(*s, 1);
    return true;
}

static bool take_all(str format, str *s, moment *m)
{
    for (size_t i = 0; i < format.n; i++) {
        char d = format.p[i] == '%' && i + 1 < format.n ? format.p[++i] : 0;
        bool ok = d == 0     ? take_literal(format.p[i], s)
                  : d == '%' ? take_literal('%', s)
                  : d == 'F' ? take_all(S("%Y-%m-%d"), s, m)
                  : d == 'T' ? take_all(S("%H:%M:%S"), s, m)
                             : take_part(d, s, m);
        if (!ok)
            return false;
    }
    return true;
}

static str by_format(str format, column_type t, str s, char *room)
{
    moment m = { .year = 1970, .month = 1, .day = 1 };
    if (!take_all(format, &s, &m) || s.n > 0)
        return (str){ 0 };
    int n;
    if (t == COLUMN_time)
        n = snprintf(room, FIELD_TEXT_ROOM, "%02d:%02d:%02d", m.hour, m.minute, m.second);
    else if (t == COLUMN_datetime)
        n = snprintf(room, FIELD_TEXT_ROOM, "%04d-%02d-%02dT%02d:%02d:%02d", m.year, m.month, m.day, m.hour, m.minute, m.second);
    else if (t == COLUMN_year)
        n = snprintf(room, FIELD_TEXT_ROOM, "%04d", m.year);
    else if (t == COLUMN_month)
        n = snprintf(room, FIELD_TEXT_ROOM, "%04d-%02d", m.year, m.month);
    else
        n = snprintf(room, FIELD_TEXT_ROOM, "%04d-%02d-%02d", m.year, m.month, m.day);
    return n > 0 && n < FIELD_TEXT_ROOM ? (str){ room, (size_t)n } : (str){ 0 };
}

bool field_text_knows(str format)
{
    bool any = false;
    for (size_t i = 0; i < format.n; i++) {
        if (format.p[i] != '%')
            continue;
        if (++i == format.n || strchr("YymdHMSTF%", format.p[i]) == NULL)
            return false;
        any = true;
    }
    return any && format.n <= 40;
}

/* --- numbers, yes and no --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What stands around the number falls off: a currency in front, a unit behind. */
static str undressed(str s, str decimal)
{
    size_t from = 0, to = s.n;
    while (from < to && !is_digit(s.p[from]) && s.p[from] != '-' && s.p[from] != '+' && !str_starts(str_from(s, from), decimal))
        from++;
    while (to > from && !is_digit(s.p[to - 1]))
        to--;
    return str_sub(s, from, to);
}

static str as_number(const field_spelling *f, str s, char *room)
{
    str decimal = f->decimal.n > 0 ? f->decimal : S("."), group = f->group.n > 0 || f->decimal.n > 0 ? f->group : S(",");
    size_t n = 0;
    s = str_trim(s);
    if (f->dressed)
        s = undressed(s, decimal);
    while (s.n > 0 && n < FIELD_TEXT_ROOM) {
        bool point = str_starts(s, decimal), pass = !point && group.n > 0 && str_starts(s, group);
        if (!point && !pass && (s.p[0] == '.' || s.p[0] == ','))
            return (str){ 0 };
        if (!pass)
            room[n++] = point ? '.' : s.p[0];
        s = str_from(s, point ? decimal.n : pass ? group.n : 1);
    }
    return s.n == 0 && n > 0 ? (str){ room, n } : (str){ 0 };
}

static bool is_among(str s, const str_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->v[i], s))
            return true;
    return false;
}

static str as_boolean(const field_spelling *f, str s)
{
    if (f->yes.n == 0 && f->no.n == 0)
        return s;
    return is_among(s, &f->yes) ? S("1") : is_among(s, &f->no) ? S("0") : (str){ 0 };
}

str field_text(const field_spelling *f, column_type t, str s, char *room)
{
    if (!f->own)
        return s;
    if (t == COLUMN_boolean)
        return as_boolean(f, s);
    switch (column_type_key(t)) {
    case COLUMN_KEY_NONE: return s;
    case COLUMN_KEY_NUMBER: return t == COLUMN_year && f->format.n > 0 ? by_format(f->format, t, s, room) : as_number(f, s, room);
    default: return f->format.n > 0 ? by_format(f->format, t, s, room) : s;
    }
}
