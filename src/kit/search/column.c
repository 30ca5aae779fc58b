#include "kit/search/column.h"

void column_put(column_draft *d, const uint32_t *values, size_t n)
{
    if (!d->many) {
        bytes_push(&d->codes, n > 0 ? values[0] + 1 : 0);
        return;
    }
    for (size_t i = 0; i < n; i++)
        bytes_push(&d->codes, values[i] + 1);
    bytes_push(&d->ends, (uint32_t)d->codes.n);
}

static void column_draft_free(column_draft *d)
{
    mem_free(d->codes.v);
    mem_free(d->ends.v);
    *d = (column_draft){ .many = d->many };
}

/* The codes in as few bytes as the highest needs. */
static void narrow(column *out, const column_codes *codes)
{
    out->width = out->highest < 256 ? 1 : out->highest < 65536 ? 2 : 4;
    out->code_n = (uint32_t)codes->n;
    out->codes = mem_get(codes->n * out->width);
    for (size_t i = 0; i < codes->n; i++) {
        if (out->width == 1)
            ((uint8_t *)out->codes)[i] = (uint8_t)codes->v[i];
        else if (out->width == 2)
            ((uint16_t *)out->codes)[i] = (uint16_t)codes->v[i];
        else
            ((uint32_t *)out->codes)[i] = codes->v[i];
    }
}

/* Which documents have each value: counted, then dealt out. */
static void invert(column *out)
{
    uint32_t *at = mem_get(((size_t)out->highest + 2) * sizeof *at);
    for (uint32_t i = 0; i < out->code_n; i++)
        at[column_code(out, i)]++;
    for (uint32_t code = 1; code <= out->highest; code++)
        out->value_n += at[code] > 0;
    out->value = mem_get(((size_t)out->value_n + 1) * sizeof *out->value);
    out->start = mem_get(((size_t)out->value_n + 1) * sizeof *out->start);
    uint32_t sum = 0, k = 0;
    for (uint32_t code = 1; code <= out->highest; code++) {
        uint32_t n = at[code];
        at[code] = sum;
        if (n > 0) {
            out->value[k] = code - 1;
            out->start[k++] = sum;
        }
        sum += n;
    }
    out->start[k] = sum;
    out->doc = mem_get((size_t)sum * sizeof *out->doc);
    for (uint32_t doc = 0; doc < out->docs; doc++)
        for (uint32_t i = column_begin(out, doc), end = column_end(out, doc); i < end; i++) {
            uint32_t code = column_code(out, i);
            if (code > 0)
                out->doc[at[code]++] = doc;
        }
    mem_free(at);
}

static void make_bits(column *out)
{
    out->bits = mem_get(out->value_n * sizeof *out->bits);
    for (uint32_t k = 0; k < out->value_n; k++) {
        out->bits[k] = mem_get(BITS_WORDS(out->docs) * 8);
        for (uint32_t i = out->start[k]; i < out->start[k + 1]; i++)
            bits_put(out->bits[k], out->doc[i]);
    }
    mem_free(out->doc);
    out->doc = NULL;
}

void column_pack(column *out, column_draft *d, uint32_t docs)
{
    *out = (column){ .many = d->many, .docs = docs };
    for (size_t i = 0; i < d->codes.n; i++)
        if (d->codes.v[i] > out->highest)
            out->highest = d->codes.v[i];
    narrow(out, &d->codes);
    if (d->many) {
        out->ends = mem_resize(d->ends.v, docs * sizeof *out->ends);
        d->ends.v = NULL;
        d->ends.n = d->ends.cap = 0;
    }
    invert(out);
    if (out->value_n <= COLUMN_BIT_VALUES && docs >= COLUMN_BIT_DOCS)
        make_bits(out);
    column_draft_free(d);
}

void column_free(column *k)
{
    mem_free(k->codes);
    mem_free(k->ends);
    mem_free(k->value);
    mem_free(k->start);
    mem_free(k->doc);
    for (uint32_t i = 0; k->bits != NULL && i < k->value_n; i++)
        mem_free(k->bits[i]);
    mem_free(k->bits);
}

size_t column_bytes(const column *k)
{
    size_t n = (size_t)k->code_n * k->width + (k->many ? (size_t)k->docs * 4 : 0) + (size_t)k->value_n * 8;
    return n + (k->bits != NULL ? k->value_n * (BITS_WORDS(k->docs) * 8 + 8) : (size_t)k->start[k->value_n] * 4);
}

uint32_t column_find(const column *k, uint32_t value)
{
    uint32_t low = 0, high = k->value_n;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (k->value[mid] < value)
            low = mid + 1;
        else
            high = mid;
    }
    return low < k->value_n && k->value[low] == value ? low : k->value_n;
}
