#include "kit/table/maker_finish.h"

#define MARK_STEP 1024                      /* rows from one known place to the next */

bool maker_place(ctx *c, const column_build *b, uint64_t row, uint64_t *byte, uint64_t *line)
{
    uint32_t steps[MARK_STEP];
    uint64_t mark = row / MARK_STEP;
    size_t n = (size_t)(row % MARK_STEP);
    *byte = *line = 0;
    if (row >= b->rows)
        return true;
    if (b->place_bytes) {
        *byte = b->marks[mark].byte;
        if (!spill_read_at(c, &b->pool, &b->row_bytes, (mark * MARK_STEP + 1) * 4, steps, n * 4))
            return false;
        for (size_t i = 0; i < n; i++)
            *byte += steps[i];
    }
    if (b->place_lines) {
        *line = b->marks[mark].line;
        if (!spill_read_at(c, &b->pool, &b->row_lines, (mark * MARK_STEP + 1) * 4, steps, n * 4))
            return false;
        for (size_t i = 0; i < n; i++)
            *line += steps[i];
    }
    return true;
}

/* Where rows begin: the place of the first, and how much further the others are than `step` a row. */
static bool write_series(ctx *c, column_build *b, maker_out *o, const spill_stream *steps, bool known, uint64_t first, uint64_t last,
                         uint64_t step, column_role role)
{
    known = known && b->rows > 0 && last - first >= step * (b->rows - 1);
    uint64_t top = known ? last - first - step * (b->rows - 1) : 0, sum = 0;
    unsigned width = top == 0 ? 0 : maker_width(top);
    maker_section s;
    bool ok = true;
    maker_about_series(&o->directory, known, first, step, width);
    if (width == 0)
        return true;
    spill_reader r = spill_read(&b->pool, steps);
    maker_out_begin(o, role);
    for (uint64_t row = 0; ok && row < b->rows; row++) {
        uint32_t more = 0;
        ok = spill_take(c, &r, &more, 4);
        sum += row > 0 ? more - step : 0;
        ok = ok && maker_out_add(c, o, &sum, width);
    }
    spill_read_end(&r);
    if (!ok || !maker_out_end(c, o, &s))
        return false;
    maker_section_put(&o->directory, &s);
    return true;
}

static bool write_places(ctx *c, column_build *b, maker_out *o)
{
    uint64_t byte = b->mark_n > 0 ? b->marks[0].byte : 0, line = b->mark_n > 0 ? b->marks[0].line : 0;
    bool keep = !b->plan.no_places;
    return write_series(c, b, o, &b->row_bytes, keep && b->place_bytes, byte, b->last_byte, 0, ROLE_PLACE_BYTES)
        && write_series(c, b, o, &b->row_lines, keep && b->place_lines, line, b->last_line, 1, ROLE_PLACE_LINES);
}

static void facts_into(const maker_column *k, const maker_profile *p, maker_done *m)
{
    uint64_t *facts = m->about.stats.facts;
    for (int i = 0; k->notes != NULL && i < COLUMN_FACTS; i++)
        facts[i] = k->notes[i].count;
    if (m->rule.type == COLUMN_business_id || m->rule.type == COLUMN_national_id)
        facts[COLUMN_FACT_CHECKSUM] = p->values - p->right[m->rule.type == COLUMN_national_id];
}

/* What the entries of a dictionary tell: once a text, with the rows that have it. */
static void look_at_entries(column_build *b, maker_column *k, maker_profile *p)
{
    maker_profile_new(k, p);
    for (uint32_t i = 0; i < k->dict.n; i++) {
        const maker_entry *e = &k->dict.entries[i];
        str s = maker_dict_text(&k->dict, i);
        maker_profile_add(b, k, p, s, e->rows);
        maker_facts(b, k, s, e->first, e->rows);
    }
}

static void note_entries(column_build *b, maker_column *k, const maker_rule *rule)
{
    int64_t key;
    if (k->mode == MAKER_TEXT)
        return;                             /* noted row by row */
    for (uint32_t i = 0; i < k->dict.n; i++) {
        const maker_entry *e = &k->dict.entries[i];
        str s = maker_dict_text(&k->dict, i);
        column_null_kind kind = maker_value(b, k, rule, s, &key);
        if (kind == COLUMN_NULL_BAD || kind == COLUMN_NULL_MARK)
            maker_note_add(b, k, kind == COLUMN_NULL_BAD ? NOTE_BAD_VALUE : NOTE_MARK, e->first, s, e->rows);
        else if (kind == MAKER_VALUE && k->mode == MAKER_DICT)
            maker_constraints(b, k, rule, s, key, e->first, e->rows);
    }
}

static bool finish_column(ctx *c, column_build *b, maker_column *k, maker_out *o)
{
    maker_profile p = k->profile;
    maker_done m = { .sections = buf_in(b->a) };
    maker_dict_count(&k->dict);
    if (k->mode == MAKER_DICT)
        look_at_entries(b, k, &p);
    m.rule = maker_decide(b, k, &p);
    m.about = (column_about){ .name = k->name, .title = k->title, .second = k->second, .type = m.rule.type, .declared = m.rule.declared,
                              .roc = m.rule.roc, .scale = m.rule.scale };
    bool ok = k->mode == MAKER_DICT   ? maker_finish_dict(c, b, k, o, &m)
            : k->mode == MAKER_NUMBER ? maker_finish_number(c, b, k, o, &m)
                                      : maker_finish_text(c, b, k, o, &m);
    if (!ok)
        return false;
    column_stats *s = &m.about.stats;
    for (int i = 0; i < COLUMN_NULL_KINDS; i++)
        s->null_count += s->nulls[i];
    maker_facts_weigh(k, &p);
    facts_into(k, &p, &m);
    note_entries(b, k, &m.rule);
    ok = maker_findings(c, b, k, &m.about);
    maker_about_column(&o->directory, &m);
    maker_column_drop(b, k);
    return ok;
}

bool maker_finish(ctx *c, column_build *b)
{
    maker_out o = maker_out_open(b->a, b->plan.out_fd);
    maker_about_table(&o.directory, b);
    bool ok = write_places(c, b, &o) && maker_repeats(c, b);
    spill_drop(&b->pool, &b->row_hashes);
    for (size_t i = 0; ok && i < b->count; i++)
        ok = finish_column(c, b, &b->columns[i], &o);
    ok = ok && maker_out_close(c, &o, b);
    maker_out_free(&o);
    return ok;
}
