#include "kit/table/maker_dict.h"

static uint64_t hash_of(const maker_slot *s)
{
    bool is_long = s->n > TEXT_WORDS_MAX && s->n != MAKER_ABSENT;
    return is_long ? s->w.a : maker_sign_hash(s->w, s->n);
}

/* Where it is looked for: by its value, or in the first free slot from where its hash points. */
static void place(maker_dict *d, uint64_t hash, const maker_slot *s)
{
    if (s->number < d->small_count) {
        d->small[s->number] = (maker_small){ s->next_code, s->rows };
        return;
    }
    uint32_t i = (uint32_t)hash & (d->slot_count - 1);
    while (d->slots[i].next_code != 0)
        i = (i + 1) & (d->slot_count - 1);
    d->slots[i] = *s;
    d->slot_n++;
}

static void place_anew(maker_dict *d, uint32_t slot_count)
{
    maker_slot *old = d->slots;
    uint32_t count = d->slot_count;
    d->slots = slot_count > 0 ? mem_get(slot_count * sizeof *d->slots) : NULL;
    d->slot_count = slot_count;
    d->slot_n = 0;
    for (uint32_t i = 0; i < count; i++)
        if (old[i].next_code != 0)
            place(d, hash_of(&old[i]), &old[i]);
    mem_free(old);
}

/* Numbers are found by value as far as there are not many more values than texts. */
static void room_for_number(maker_dict *d, uint32_t number)
{
    uint32_t count = d->small_count > 0 ? d->small_count : 64;
    if (number >= MAKER_SMALL_MAX || number < d->small_count || number / 8 > d->n)
        return;
    while (count <= number)
        count *= 2;
    maker_small *small = mem_get(count * sizeof *small);
    if (d->small_count > 0)
        memcpy(small, d->small, d->small_count * sizeof *small);
    mem_free(d->small);
    d->small = small;
    d->small_count = count;
    place_anew(d, d->slot_count);
}

static void make_room(maker_dict *d, size_t text, uint32_t number)
{
    room_for_number(d, number);
    if (number >= d->small_count && d->slot_n * 4 >= d->slot_count * 3)
        place_anew(d, d->slot_count > 0 ? d->slot_count * 2 : 64);
    if (d->n == d->cap) {
        d->cap = d->cap > 0 ? d->cap * 2 : 16;
        d->entries = mem_resize(d->entries, d->cap * sizeof *d->entries);
    }
    if (d->text_cap - d->text_n < text) {
        d->text_cap = d->text_cap > 0 ? d->text_cap : 128;
        while (d->text_cap - d->text_n < text)
            d->text_cap *= 2;
        d->texts = mem_resize(d->texts, d->text_cap);
    }
}

uint32_t maker_dict_new(size_t *held, maker_dict *d, str s, const maker_sign *g, uint32_t row, uint32_t rows)
{
    *held -= maker_dict_bytes(d);
    make_room(d, s.n, g->number);
    *held += maker_dict_bytes(d);
    d->entries[d->n++] = (maker_entry){ .at = (uint32_t)d->text_n, .n = g->n, .first = row };
    if (s.n > 0)
        memcpy(d->texts + d->text_n, s.p, s.n);
    d->text_n += s.n;
    place(d, g->hash, &(maker_slot){ .w = g->w, .n = g->n, .next_code = d->n, .rows = rows, .number = g->number });
    return d->n - 1;
}

/* In the order of the tables, which are large: nothing is looked for in them. */
void maker_dict_count(maker_dict *d)
{
    for (uint32_t i = 0; i < d->small_count; i++)
        if (d->small[i].next_code != 0)
            d->entries[d->small[i].next_code - 1].rows = d->small[i].rows;
    for (uint32_t i = 0; i < d->slot_count; i++)
        if (d->slots[i].next_code != 0)
            d->entries[d->slots[i].next_code - 1].rows = d->slots[i].rows;
}

void maker_dict_drop(size_t *held, maker_dict *d)
{
    *held -= maker_dict_bytes(d);
    mem_free(d->entries);
    mem_free(d->small);
    mem_free(d->slots);
    mem_free(d->texts);
    *d = (maker_dict){ 0 };
}
