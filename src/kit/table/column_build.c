#include "kit/table/column_build.h"

#include "kit/table/maker.h"

#define TITLE_MAX ((size_t)4096)

column_build *column_build_new(ctx *c, const column_build_plan *plan)
{
    arena *a = arena_new(65536);
    column_build *b = new(a, column_build);
    size_t memory = plan->memory > 0 ? plan->memory : COLUMN_BUILD_MEMORY;
    b->a = a;
    b->c = c;
    b->plan = *plan;
    b->pool = (spill_pool){ .fd = plan->spill_fd, .limit = plan->spill_fd >= 0 ? memory / 5 * 3 : memory };
    b->dict_limit = memory / 4;
    return b;
}

void column_build_free(column_build *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < b->count; i++)
        maker_column_drop(b, &b->columns[i]);
    spill_drop(&b->pool, &b->row_hashes);
    spill_drop(&b->pool, &b->row_bytes);
    spill_drop(&b->pool, &b->row_lines);
    mem_free(b->marks);
    arena_free(b->a);
}

uint64_t column_build_rows(const column_build *b)
{
    return b->rows;
}

static bool build_begin(ctx *c, void *to, const table_head *h)
{
    column_build *b = to;
    if (b->begun)
        return fail(c, CONFLICT, "the source holds more than one table: one column file holds one");
    if (h->col_count == 0 || h->col_count > TABLE_COLS_MAX)
        return fail(c, TOO_LARGE, "a table has 1 to %d columns, this one %zu", TABLE_COLS_MAX, h->col_count);
    b->begun = true;
    b->name = str_dup(b->a, utf8_cut(h->name, TITLE_MAX));
    b->header_rows = h->header_rows;
    for (size_t i = 0; i < h->notes_rows; i++)
        list_add(b->a, &b->notes, str_dup(b->a, utf8_cut(h->notes[i], TITLE_MAX)));
    b->count = h->col_count;
    b->columns = new_n(b->a, maker_column, b->count);
    for (size_t i = 0; i < b->count; i++) {
        maker_column *k = &b->columns[i];
        k->index = i;
        k->title = str_dup(b->a, utf8_cut(h->cols[i].title, TITLE_MAX));
        k->second = str_dup(b->a, utf8_cut(h->cols[i].second, TITLE_MAX));
        k->hint = str_dup(b->a, utf8_cut(h->cols[i].hint, TITLE_MAX));
        k->field = table_schema_field(b->plan.schema, h, i, NULL);
        if (k->title.n == 0 && k->field != NULL)
            k->title = str_dup(b->a, utf8_cut(k->field->title.n > 0 ? k->field->title : k->field->name, TITLE_MAX));
        if (k->title.n == 0 && k->field != NULL)
            k->title = str_dup(b->a, utf8_cut(k->field->title, TITLE_MAX));
        k->says = maker_title_says(k->title) | maker_title_says(k->second);
    }
    maker_names(b);
    b->place_bytes = b->place_lines = true;
    return true;
}

/* Steps from row to row; a place that goes back, or too far ahead, makes all of them unknown. */
static void add_places(column_build *b, const uint64_t *v, size_t rows, bool *known, uint64_t *last, spill_stream *s)
{
    if (!*known || v == NULL) {
        *known = false;
        spill_drop(&b->pool, s);
        return;
    }
    for (size_t i = 0; i < rows; i++) {
        bool first = b->rows == 0 && i == 0;
        uint64_t step = first ? 0 : v[i] - *last;
        if (!first && (v[i] < *last || step > UINT32_MAX)) {
            *known = false;
            spill_drop(&b->pool, s);
            return;
        }
        uint32_t out = (uint32_t)step;
        memcpy(spill_room(&b->pool, s, 4), &out, 4);
        *last = v[i];
    }
}

static void add_marks(column_build *b, const table_block *t)
{
    for (size_t i = 0; i < t->rows; i++) {
        if ((b->rows + i) % 1024 != 0)
            continue;
        if (b->mark_n == b->mark_cap) {
            b->mark_cap = b->mark_cap > 0 ? b->mark_cap * 2 : 16;
            b->marks = mem_resize(b->marks, b->mark_cap * sizeof *b->marks);
        }
        b->marks[b->mark_n].byte = t->bytes != NULL ? t->bytes[i] : 0;
        b->marks[b->mark_n++].line = t->lines != NULL ? t->lines[i] : 0;
    }
}

/* Puts aside what is collected, and gives up the largest dictionaries, as far as memory asks. */
static bool keep_within(ctx *c, column_build *b)
{
    while (b->dict_bytes > b->dict_limit) {
        maker_column *largest = NULL;
        for (size_t i = 0; i < b->count; i++)
            if (b->columns[i].mode == MAKER_DICT
                && (largest == NULL || maker_dict_bytes(&b->columns[i].dict) > maker_dict_bytes(&largest->dict)))
                largest = &b->columns[i];
        if (largest == NULL)
            break;
        if (!maker_give_up_dict(c, b, largest))
            return false;
    }
    if (!spill_is_full(&b->pool))
        return true;
    for (size_t i = 0; i < b->count; i++) {
        maker_column *k = &b->columns[i];
        spill_stream *all[] = { &k->codes16, &k->codes32, &k->values, &k->styles, &k->lengths, &k->heap };
        for (size_t s = 0; s < array_len(all); s++)
            if (all[s]->tail_n > 0 && !spill_flush(c, &b->pool, all[s]))
                return false;
    }
    return spill_flush(c, &b->pool, &b->row_hashes) && spill_flush(c, &b->pool, &b->row_bytes) && spill_flush(c, &b->pool, &b->row_lines);
}

static bool add_strip(ctx *c, column_build *b, const table_block *t)
{
    memset(b->row_hash, 0, sizeof b->row_hash);
    add_marks(b, t);
    add_places(b, t->bytes, t->rows, &b->place_bytes, &b->last_byte, &b->row_bytes);
    add_places(b, t->lines, t->rows, &b->place_lines, &b->last_line, &b->row_lines);
    b->rows += t->rows;
    for (size_t i = 0; i < b->count; i++) {
        maker_column *k = &b->columns[i];
        bool ok = k->mode == MAKER_DICT   ? maker_add_dict(c, b, k, t)
                : k->mode == MAKER_NUMBER ? maker_add_number(c, b, k, t)
                                          : maker_add_text(c, b, k, t);
        if (!ok || !keep_within(c, b))      /* a table of 16,000 columns fills memory within one strip */
            return false;
    }
    spill_add(&b->pool, &b->row_hashes, b->row_hash, t->rows * sizeof *b->row_hash);
    return true;
}

static bool build_block(ctx *c, void *to, const table_block *t)
{
    column_build *b = to;
    if (t->rows == 0)
        return true;
    if (!b->begun || t->cols != b->count)
        return fail(c, INTERNAL, "a block of %zu columns in a table of %zu", t->cols, b->count);
    if (b->rows + t->rows > COLUMN_ROWS_MAX)
        return fail(c, TOO_LARGE, "a column file holds %" PRIu64 " rows", COLUMN_ROWS_MAX);
    for (size_t from = 0; from < t->rows; from += MAKER_STRIP) {
        table_block strip = *t;
        strip.rows = t->rows - from < MAKER_STRIP ? t->rows - from : MAKER_STRIP;
        strip.cells = t->cells + from * t->cols;
        strip.bytes = t->bytes != NULL ? t->bytes + from : NULL;
        strip.lines = t->lines != NULL ? t->lines + from : NULL;
        if (!add_strip(c, b, &strip))
            return false;
    }
    return true;
}

static bool build_finding(ctx *c, void *to, const table_finding *f)
{
    column_build *b = to;
    return b->plan.finding == NULL || b->plan.finding(c, b->plan.findings_to, f);
}

static bool build_end(ctx *c, void *to)
{
    column_build *b = to;
    if (!b->begun || b->ended)
        return fail(c, INTERNAL, "a table ends that did not begin");
    b->ended = true;
    return maker_finish(c, b);
}

table_sink column_build_sink(column_build *b)
{
    return (table_sink){ .to = b, .begin = build_begin, .block = build_block, .finding = build_finding, .end = build_end };
}
