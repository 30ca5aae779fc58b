#include "kit/table/maker.h"

static void index_add(maker_dict *d, uint32_t code)
{
    uint64_t h = d->entries[code].hash;
    uint32_t i = (uint32_t)h & (d->slot_count - 1);
    while (d->slots[i] != 0)
        i = (i + 1) & (d->slot_count - 1);
    d->slots[i] = h >> 32 << 32 | (code + 1);
}

static void index_grow(column_build *b, maker_dict *d)
{
    uint32_t count = d->slot_count > 0 ? d->slot_count * 2 : 64;
    mem_free(d->slots);
    d->slots = mem_get(count * sizeof *d->slots);
    b->dict_bytes += (count - d->slot_count) * sizeof *d->slots;
    d->slot_count = count;
    for (uint32_t i = 0; i < d->n; i++)
        index_add(d, i);
}

static void room_for(column_build *b, maker_dict *d, size_t text)
{
    if (d->n == d->cap) {
        uint32_t cap = d->cap > 0 ? d->cap * 2 : 16;
        d->entries = mem_resize(d->entries, cap * sizeof *d->entries);
        b->dict_bytes += (cap - d->cap) * sizeof *d->entries;
        d->cap = cap;
    }
    if (d->text_cap - d->text_n < text) {
        size_t cap = d->text_cap > 0 ? d->text_cap : 128;
        while (cap - d->text_n < text)
            cap *= 2;
        d->texts = mem_resize(d->texts, cap);
        b->dict_bytes += cap - d->text_cap;
        d->text_cap = cap;
    }
}

uint32_t maker_dict_new(column_build *b, maker_dict *d, str s, uint64_t hash, uint32_t row)
{
    if (d->n * 2 >= d->slot_count)
        index_grow(b, d);
    room_for(b, d, s.n);
    if (s.n > 0)
        memcpy(d->texts + d->text_n, s.p, s.n);
    d->entries[d->n] = (maker_entry){ .hash = hash, .at = (uint32_t)d->text_n, .n = s.p == NULL ? MAKER_ABSENT : (uint32_t)s.n,
                                      .rows = 1, .first = row };
    (void)maker_hash_ends(s, d->entries[d->n].ends);
    d->text_n += s.n;
    index_add(d, d->n);
    return d->n++;
}

void maker_dict_drop(column_build *b, maker_dict *d)
{
    b->dict_bytes -= d->cap * sizeof *d->entries + d->slot_count * sizeof *d->slots + d->text_cap;
    mem_free(d->entries);
    mem_free(d->slots);
    mem_free(d->texts);
    *d = (maker_dict){ 0 };
}

void maker_column_drop(column_build *b, maker_column *k)
{
    spill_stream *all[] = { &k->codes16, &k->codes32, &k->values, &k->styles, &k->lengths, &k->heap };
    for (size_t i = 0; i < array_len(all); i++)
        spill_drop(&b->pool, all[i]);
    maker_dict_drop(b, &k->dict);
}
