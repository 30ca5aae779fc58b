#include "kit/table/maker_finish.h"

static const char *const codes[NOTES] = {
    [COLUMN_FACT_LEADING_BLANK] = "leading_blank", [COLUMN_FACT_TRAILING_BLANK] = "trailing_blank",
    [COLUMN_FACT_CONTROL] = "control_character", [COLUMN_FACT_FORMULA] = "formula_start", [COLUMN_FACT_FULL_WIDTH] = "full_width",
    [COLUMN_FACT_REPLACEMENT] = "replacement_character", [COLUMN_FACT_PRIVATE_USE] = "private_use", [COLUMN_FACT_CHECKSUM] = "check_digit",
    [COLUMN_FACT_NATIONAL_ID] = "national_id", [COLUMN_FACT_MOBILE] = "mobile_number", [COLUMN_FACT_EMAIL] = "email_address",
    [NOTE_BAD_VALUE] = "bad_value", [NOTE_MARK] = "missing_mark",
    [NOTE_RANGE] = "out_of_range", [NOTE_LENGTH] = "wrong_length", [NOTE_ALLOWED] = "not_allowed",
    [NOTE_PATTERN] = "pattern_differs",
};

static bool emit(ctx *c, column_build *b, const maker_column *k, const char *code, str sample, uint64_t count)
{
    table_finding f = { .code = code, .col = k->index + 1, .sample = sample, .count = count };
    return b->plan.finding(c, b->plan.findings_to, &f);
}

/* Places first; the last of them carries the count of all that are not named. */
static bool emit_note(ctx *c, column_build *b, const maker_column *k, const char *code, const maker_note *n)
{
    if (n->count == 0)
        return true;
    if (n->spot_n == 0)
        return emit(c, b, k, code, n->sample, n->count);
    for (uint32_t i = 0; i < n->spot_n; i++) {
        table_finding f = { .code = code, .row = (uint64_t)n->spots[i].row + 1, .col = k->index + 1, .sample = n->spots[i].sample,
                            .count = i + 1 < n->spot_n ? 1 : n->count - i };
        if (!maker_place(c, b, n->spots[i].row, &f.byte, &f.line) || !b->plan.finding(c, b->plan.findings_to, &f))
            return false;
    }
    return true;
}

/* What names a row: a number or text by which things are called, a day or month of a series; no measure that happens to differ. */
static bool may_be_key(const maker_column *k, const column_about *a, uint64_t rows)
{
    enum { ROWS_LEAST = 10, KEY_BYTES_MOST = 120 };
    const column_stats *s = &a->stats;
    if (rows < ROWS_LEAST || !s->distinct_exact || s->null_count > 0 || s->distinct != rows)
        return false;
    switch (a->type) {
    case COLUMN_integer:
        return (k->says & SAYS_CODE) != 0 || (s->has_keys && s->max_key - s->min_key == (int64_t)rows - 1);
    case COLUMN_text:
        return s->max_bytes <= KEY_BYTES_MOST;
    case COLUMN_code:
    case COLUMN_area_code:
    case COLUMN_business_id:
    case COLUMN_date:
    case COLUMN_month:
    case COLUMN_quarter:
    case COLUMN_datetime:
    case COLUMN_year:
    case COLUMN_url:
    case COLUMN_county:
        return true;
    default:
        return false;
    }
}

bool maker_findings(ctx *c, column_build *b, maker_column *k, const column_about *a)
{
    const column_stats *s = &a->stats;
    if (b->plan.finding == NULL)
        return true;
    if (s->facts[COLUMN_FACT_CHECKSUM] > 0 && !emit(c, b, k, codes[COLUMN_FACT_CHECKSUM], (str){ 0 }, s->facts[COLUMN_FACT_CHECKSUM]))
        return false;
    for (int i = 0; k->notes != NULL && i < NOTES; i++)
        if (i != COLUMN_FACT_CHECKSUM && !emit_note(c, b, k, codes[i], &k->notes[i]))
            return false;
    if (b->rows > 0 && s->null_count == b->rows)
        return emit(c, b, k, "empty_column", (str){ 0 }, 1);
    uint64_t blank = s->nulls[COLUMN_NULL_BLANK] + s->nulls[COLUMN_NULL_ABSENT];
    if (blank > 0 && !emit(c, b, k, "blank_cells", (str){ 0 }, blank))
        return false;
    return !may_be_key(k, a, b->rows) || emit(c, b, k, "key_column", (str){ 0 }, 1);
}
