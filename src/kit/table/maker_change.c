#include "kit/table/maker.h"

/* What each entry of a dictionary becomes in a column of numbers. */
typedef struct { int64_t value; uint8_t style; } as_number;

/* Numbers in every text but a few, which then stay in a dictionary of their own. */
static bool are_numbers(const maker_column *k, const maker_profile *p)
{
    bool numbers = p->zero_led == 0 && p->odd == 0
        && (maker_type_stands(p, COLUMN_integer) || maker_type_stands(p, COLUMN_decimal));
    bool codes = p->zero_led > 0 && p->digits != 255 && maker_type_stands(p, COLUMN_code);
    uint32_t others = 0;
    number_text n;
    bool asked = k->field != NULL && (k->field->allowed.n > 0 || k->field->min_length > 0 || k->field->max_length > 0 || k->field->pattern != NULL
                                           || k->field->spelling.own);
    if ((!numbers && !codes) || asked)      /* lengths, sets, patterns and spellings are asked of texts */
        return false;
    for (uint32_t i = 0; i < k->dict.n && others <= MAKER_SPECIALS; i++) {
        str s = maker_dict_text(&k->dict, i);
        others += s.n == 0 || !number_read(s, &n) || !(n.exact || n.zero_led);
    }
    return others <= MAKER_SPECIALS;
}

static void numbers_of(column_build *b, maker_column *k, const maker_dict *old, as_number *to)
{
    k->pad = k->profile.zero_led > 0 ? k->profile.digits : 0;
    for (uint32_t i = 0; i < old->n; i++) {
        const maker_entry *e = &old->entries[i];
        str s = maker_dict_text(old, i);
        number_text n;
        if (s.n > 0 && number_read(s, &n) && (n.exact || n.zero_led)) {
            to[i] = (as_number){ n.mantissa, n.style };
            continue;
        }
        uint32_t code = maker_dict_add(&b->dict_bytes, &k->dict, s, e->first, e->rows);
        to[i] = (as_number){ .value = INT64_MIN + (int64_t)code };
    }
}

static void add_text(column_build *b, maker_column *k, str s)
{
    char length[MAKER_LENGTH_ROOM];
    spill_add(&b->pool, &k->lengths, length, maker_length_put(length, s.p == NULL ? MAKER_ABSENT : (uint32_t)s.n));
    spill_add(&b->pool, &k->heap, s.p, s.n);
}

/* One row, as what it becomes. */
static void add_row(column_build *b, maker_column *k, const maker_dict *old, const as_number *numbers, uint32_t code)
{
    if (k->mode == MAKER_NUMBER) {
        memcpy(spill_room(&b->pool, &k->values, 8), &numbers[code].value, 8);
        *spill_room(&b->pool, &k->styles, 1) = (char)numbers[code].style;
        return;
    }
    add_text(b, k, maker_dict_text(old, code));
}

static bool flush_when_full(ctx *c, column_build *b, maker_column *k)
{
    spill_stream *all[] = { &k->values, &k->styles, &k->lengths, &k->heap };
    for (size_t i = 0; spill_is_full(&b->pool) && i < array_len(all); i++)
        if (all[i]->tail_n > 0 && !spill_flush(c, &b->pool, all[i]))
            return false;
    return true;
}

static bool replay(ctx *c, column_build *b, maker_column *k, const maker_dict *old, const as_number *numbers, const spill_stream *codes,
                   size_t width)
{
    spill_reader r = spill_read(&b->pool, codes);
    bool ok = true;
    for (uint64_t left = codes->bytes / width, n = 0; ok && left > 0; left--, n++) {
        uint32_t code = 0;
        ok = spill_take(c, &r, &code, width) && (n % 4096 != 0 || flush_when_full(c, b, k));
        if (ok)
            add_row(b, k, old, numbers, code);
    }
    spill_read_end(&r);
    return ok;
}

static void bounds_of(column_build *b, maker_column *k, const maker_dict *d)
{
    for (uint32_t i = 0; i < d->n; i++) {
        str s = maker_dict_text(d, i);
        if (s.n > 0)
            maker_bound_text(b, k, s);
    }
}

bool maker_give_up_dict(ctx *c, column_build *b, maker_column *k)
{
    maker_dict_count(&k->dict);
    maker_dict old = k->dict;
    spill_stream codes16 = k->codes16, codes32 = k->codes32;
    as_number *numbers = NULL;
    maker_profile_new(k, &k->profile);
    for (uint32_t i = 0; i < old.n; i++) {
        str s = maker_dict_text(&old, i);
        maker_profile_add(b, k, &k->profile, s, old.entries[i].rows);
        maker_facts(b, k, s, old.entries[i].first, old.entries[i].rows);
    }
    k->mode = are_numbers(k, &k->profile) ? MAKER_NUMBER : MAKER_TEXT;
    k->dict = (maker_dict){ 0 };
    k->codes16 = k->codes32 = (spill_stream){ 0 };
    if (k->mode == MAKER_NUMBER) {
        numbers = mem_get(old.n * sizeof *numbers);
        numbers_of(b, k, &old, numbers);
    } else {
        bounds_of(b, k, &old);
    }
    bool ok = replay(c, b, k, &old, numbers, &codes16, 2) && replay(c, b, k, &old, numbers, &codes32, 4);
    mem_free(numbers);
    maker_dict_drop(&b->dict_bytes, &old);
    spill_drop(&b->pool, &codes16);
    spill_drop(&b->pool, &codes32);
    return ok;
}

static void add_printed(column_build *b, maker_column *k, const maker_dict *old, int64_t value, uint8_t style)
{
    char room[COLUMN_NUMBER_ROOM];
    str s;
    if (value < INT64_MIN + (int64_t)old->n)
        s = maker_dict_text(old, (uint32_t)(value - INT64_MIN));
    else
        s = number_print(value, style & COLUMN_STYLE_DECIMALS, style, k->pad, room);
    add_text(b, k, s);
    if (s.n > 0)
        maker_bound_text(b, k, s);
}

bool maker_give_up_number(ctx *c, column_build *b, maker_column *k)
{
    maker_dict old = k->dict;
    spill_stream values = k->values, styles = k->styles;
    spill_reader v = spill_read(&b->pool, &values), t = spill_read(&b->pool, &styles);
    bool ok = true;
    k->mode = MAKER_TEXT;
    k->dict = (maker_dict){ 0 };
    k->values = k->styles = (spill_stream){ 0 };
    for (uint64_t n = 0; ok && n < styles.bytes; n++) {
        int64_t value = 0;
        uint8_t style = 0;
        ok = spill_take(c, &v, &value, 8) && spill_take(c, &t, &style, 1) && (n % 4096 != 0 || flush_when_full(c, b, k));
        if (ok)
            add_printed(b, k, &old, value, style);
    }
    spill_read_end(&v);
    spill_read_end(&t);
    maker_dict_drop(&b->dict_bytes, &old);
    spill_drop(&b->pool, &values);
    spill_drop(&b->pool, &styles);
    return ok;
}

void maker_column_drop(column_build *b, maker_column *k)
{
    spill_stream *all[] = { &k->codes16, &k->codes32, &k->values, &k->styles, &k->lengths, &k->heap };
    for (size_t i = 0; i < array_len(all); i++)
        spill_drop(&b->pool, all[i]);
    maker_dict_drop(&b->dict_bytes, &k->dict);
}
