#include "kit/load/load_lost.h"

#define PLACES 5
#define NAME_CHARACTERS 12
#define ROWS_MOST 200000            /* that are read where texts stand by themselves, not in a dictionary */

static bool is_filler(uint32_t code)
{
    return code == '?' || code == 0xff1f || code == 0x25a0 || code == 0x25a1;       /* ? ？ ■ □ */
}

/* All Han but for one or two fillers, one of them before a Han character; not the first alone where it may tick a box. */
static bool is_lost(str s)
{
    size_t fillers = 0, han = 0, inside = 0;
    bool after = false;
    s = str_trim(s);
    if (s.n < 4 || s.n > NAME_CHARACTERS * 4 || memchr(s.p, ' ', s.n) != NULL)
        return false;
    for (size_t i = 0; i < s.n;) {
        bool first = i == 0;
        uint32_t code = utf8_next(s, &i);
        if (is_filler(code)) {
            fillers++;
            after = !first || code == '?';
        } else if (utf8_is_han(code)) {
            han++;
            inside += after;
            after = false;
        } else {
            return false;
        }
    }
    return han >= 1 && fillers >= 1 && fillers <= 2 && inside > 0 && han + fillers <= NAME_CHARACTERS;
}

/* Rows that have such a name: those of a dictionary are asked of it first. */
static bool may_have(const column_view *v)
{
    if (v->form != COLUMN_CODES)
        return v->rows <= ROWS_MOST;
    for (uint32_t code = v->nulls; code < v->dict_count; code++)
        if (is_lost(column_entry(v, code)))
            return true;
    return false;
}

bool load_lost(ctx *c, const column_file *f, size_t col, const load_judge_plan *p)
{
    column_view v;
    char room[COLUMN_NUMBER_ROOM];
    uint64_t rows[PLACES], count = 0;
    if (column_file_about(f, col)->type != COLUMN_text || !column_use(c, f, col, &v))
        return c->err.code == ERR_OK;
    uint64_t asked = may_have(&v) ? v.rows : 0;
    for (uint64_t row = 0; row < asked; row++)
        if (!column_is_null(&v, row) && is_lost(column_text(&v, row, room))) {
            if (count < PLACES)
                rows[count] = row;
            count++;
        }
    for (size_t i = 0; i < count && i < PLACES; i++) {
        bool known, last = i + 1 == PLACES;
        table_finding one = { .code = "lost_character", .row = rows[i] + 1, .col = col + 1, .sample = column_text(&v, rows[i], room),
                              .count = last ? count - i : 1 };
        if (!column_file_place(c, f, rows[i], &one.byte, &one.line, &known) || !p->finding(c, p->to, &one))
            return false;
    }
    return true;
}
