#include "app/table/table_describe.h"

#include "app/quality/quality_declared.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

#define FINDINGS_KEPT 500       /* in the record; the counts of all are in `about` */
#define PLACES_KEPT 20          /* of one rule and column, of rows that were added */

str table_describe_fields(arena *a, const column_file *f)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_arr(&j);
    for (size_t i = 0; i < column_file_count(f); i++) {
        const column_about *k = column_file_about(f, i);
        int64_t first, last;
        json_obj(&j);
        json_kv(&j, "name", k->name);
        json_kv(&j, "title", k->title);
        if (k->second.n > 0)
            json_kv(&j, "second", k->second);
        json_kv(&j, "type", str_of(column_type_name(k->type)));
        if (k->declared)
            json_kv(&j, "declared", k->declared);
        if (quality_days_of(k, &first, &last)) {
            json_kv(&j, "first_day", first);
            json_kv(&j, "last_day", last);
        }
        json_end(&j);
    }
    json_end(&j);
    return buf_str(&b);
}

str table_describe_about(arena *a, const load_result *r, const load_table *t)
{
    size_t n;
    const load_rule *rules = load_rules(&n);
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "format", str_of(sniff_called(r->found.kind)));
    json_kv(&j, "encoding", str_of(r->found.encoding));
    json_kv(&j, "rule", str_of(r->found.rule));
    if (t->schema.n > 0)
        json_kv(&j, "schema", t->schema);
    json_kv(&j, "header_rows", (int64_t)t->header_rows);
    json_kv(&j, "notes_rows", (int64_t)t->notes_rows);
    json_kv(&j, "rows", (int64_t)t->rows);
    json_kv(&j, "columns", (int64_t)t->cols);
    json_key(&j, S("findings"));
    json_obj(&j);
    for (size_t i = 0; i < n; i++) {
        uint64_t count = 0;
        for (size_t k = 0; k < t->findings.n; k++)
            if (strcmp(t->findings.v[k].at.code, rules[i].code) == 0)
                count += t->findings.v[k].at.count > 0 ? t->findings.v[k].at.count : 1;
        if (count > 0)
            json_kv(&j, rules[i].code, (int64_t)count);
    }
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

static void put_finding(json_w *j, const table_finding *f)
{
    json_obj(j);
    json_kv(j, "code", str_of(f->code));
    if (f->row > 0)
        json_kv(j, "row", (int64_t)f->row);
    if (f->line > 0)
        json_kv(j, "line", (int64_t)f->line);
    if (f->byte > 0)
        json_kv(j, "byte", (int64_t)f->byte);
    if (f->col > 0)
        json_kv(j, "col", (int64_t)f->col);
    json_kv(j, "count", (int64_t)f->count);
    json_kv(j, "sample", f->sample);
    json_end(j);
}

/* Nothing is lost: what has no room of its own is counted with the last one of its kind. */
static void keep(arena *a, table_findings *l, const table_finding *f, size_t places)
{
    table_finding *like = NULL, *same = NULL;
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->v[i].code, f->code) != 0)
            continue;
        like = &l->v[i];
        if (l->v[i].col == f->col && (f->row > 0 || l->v[i].row == 0)) {
            same = &l->v[i];
            n++;
        }
    }
    table_finding *with = same != NULL && (f->row == 0 || n >= places) ? same : l->n >= FINDINGS_KEPT ? like : NULL;
    if (with != NULL)
        with->count += f->count;
    else
        list_add(a, l, *f);
}

static str findings_json(arena *a, const table_findings *l)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_arr(&j);
    for (size_t i = 0; i < l->n; i++)
        put_finding(&j, &l->v[i]);
    json_end(&j);
    return buf_str(&b);
}

str table_describe_findings(arena *a, const load_table *t)
{
    table_findings l = { 0 };
    for (size_t i = 0; i < t->findings.n; i++) {
        table_finding f = t->findings.v[i].at;
        f.count = f.count > 0 ? f.count : 1;
        if (l.n < FINDINGS_KEPT)
            list_add(a, &l, f);
        else
            keep(a, &l, &f, 0);
    }
    return findings_json(a, &l);
}

bool table_describe_names(ctx *c, str fields_json, str_list *titles, str_list *names)
{
    json doc;
    if (!json_parse(c, fields_json, &doc))
        return false;
    for (size_t i = 0; doc.type == JSON_ARR && i < doc.arr.n; i++) {
        list_add(c->a, titles, json_get_text(c, &doc.arr.v[i], "title"));
        list_add(c->a, names, json_get_text(c, &doc.arr.v[i], "name"));
    }
    return true;
}

/* --- what two readings say together --- */

typedef struct {
    const table_both *b;            /* NULL: there is nothing new but findings */
    int64_t rows;
    json about;
    table_findings all;
    int64_t *counts;                /* of each of load_rules, as `about` has them */
} both;

static size_t rule_at(const char *code)
{
    size_t n;
    const load_rule *rules = load_rules(&n), *r = load_rule_of(code);
    return r != NULL ? (size_t)(r - rules) : n;
}

static uint64_t bits_before(const uint64_t *bits, uint64_t row)
{
    uint64_t n = 0;
    for (uint64_t w = 0; w < row / 64; w++)
        n += (uint64_t)__builtin_popcountll(bits[w]);
    return n + (row % 64 > 0 ? (uint64_t)__builtin_popcountll(bits[row / 64] & ((UINT64_C(1) << row % 64) - 1)) : 0);
}

/* Where a row of one piece stands among those that are left; from 1; 0: it was replaced. */
static uint64_t place_left(const uint64_t *dropped, uint64_t row)
{
    if (dropped == NULL)
        return row;
    return (dropped[(row - 1) / 64] >> (row - 1) % 64 & 1) != 0 ? 0 : row - bits_before(dropped, row - 1);
}

static uint64_t place_now(const table_both *b, uint64_t row)
{
    uint64_t before = 0;
    if (b->moved_count == 0)
        return row;
    for (size_t i = 0; i < b->moved_count; i++) {
        const table_moved *m = &b->moved[i];
        if (row <= m->rows) {
            uint64_t place = place_left(m->dropped, row);
            return place > 0 ? before + place : 0;
        }
        row -= m->rows;
        before += m->rows - (m->dropped != NULL ? bits_before(m->dropped, m->rows) : 0);
    }
    return 0;
}

static bool added_says(const table_both *b, const char *code, size_t col)
{
    for (size_t i = 0; i < b->added->findings.n; i++)
        if (strcmp(b->added->findings.v[i].at.code, code) == 0 && b->added->findings.v[i].at.col == col)
            return true;
    return false;
}

/* That each row has a value of its own is known of a whole file only; that a column is empty holds while no row has a value. */
static bool holds_no_more(const table_both *b, const table_finding *f)
{
    if (strcmp(f->code, "key_column") == 0)
        return true;
    return strcmp(f->code, "empty_column") == 0 && !added_says(b, "empty_column", f->col);
}

static void take_old(ctx *c, both *w, table_finding f)
{
    size_t rule = rule_at(f.code), rules;
    uint64_t row = f.row;
    (void)load_rules(&rules);
    if (holds_no_more(w->b, &f)) {
        if (rule < rules)
            w->counts[rule] -= (int64_t)f.count;
        return;
    }
    if (row > 0 && (f.row = place_now(w->b, row)) == 0) {
        f.line = f.byte = 0;
        f.count--;                  /* the others that the last place stands for are still there, as far as is known */
        if (rule < rules)
            w->counts[rule]--;
    }
    if (f.count > 0)
        list_add(c->a, &w->all, f);
}

static void take_added(ctx *c, both *w, table_finding f, uint64_t rows_before)
{
    size_t rule = rule_at(f.code), rules;
    (void)load_rules(&rules);
    f.line = f.byte = 0;
    f.count = f.count > 0 ? f.count : 1;
    if (f.row > 0) {
        uint64_t place = place_left(w->b->added_dropped, f.row);
        f.count -= place == 0;
        f.row = place > 0 ? rows_before + place : 0;
    }
    if (strcmp(f.code, "key_column") == 0 || strcmp(f.code, "empty_column") == 0 || f.count == 0)
        return;                     /* a column that stays empty has its finding already */
    if (rule < rules)
        w->counts[rule] += (int64_t)f.count;
    keep(c->a, &w->all, &f, PLACES_KEPT);
}

static int64_t number_of(const json *o, const char *key)
{
    const json *v = json_get(o, key);
    return v != NULL && v->type == JSON_INT ? v->i : 0;
}

static table_finding finding_of(ctx *c, const json *o)
{
    str code = json_get_text(c, o, "code");
    int64_t count = number_of(o, "count");
    return (table_finding){ .code = str_z(c->a, code), .row = (uint64_t)number_of(o, "row"), .line = (uint64_t)number_of(o, "line"),
                            .byte = (uint64_t)number_of(o, "byte"), .col = (size_t)number_of(o, "col"), .count = count > 0 ? (uint64_t)count : 1,
                            .sample = json_get_text(c, o, "sample") };
}

/* How the table was read first, with the rows and the counts of findings of both. */
static str about_both(ctx *c, const both *w)
{
    const json *old = &w->about;
    size_t n;
    const load_rule *rules = load_rules(&n);
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    for (size_t i = 0; old->type == JSON_OBJ && i < old->obj.n; i++) {
        if (str_eq(old->obj.keys[i], S("rows")) || str_eq(old->obj.keys[i], S("findings")))
            continue;
        json_key(&j, old->obj.keys[i]);
        if (old->obj.v[i].type == JSON_INT)
            json_int(&j, old->obj.v[i].i);
        else
            json_str(&j, json_text(c, &old->obj.v[i]));
    }
    json_kv(&j, "rows", w->rows);
    json_key(&j, S("findings"));
    json_obj(&j);
    for (size_t i = 0; i < n; i++)
        if (w->counts[i] > 0)
            json_kv(&j, rules[i].code, w->counts[i]);
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

static int score_both(ctx *c, const both *w)
{
    size_t n;
    (void)load_rules(&n);
    uint64_t *counts = new_n(c->a, uint64_t, n);
    for (size_t i = 0; i < n; i++)
        counts[i] = w->counts[i] > 0 ? (uint64_t)w->counts[i] : 0;
    return load_score_of(counts, (uint64_t)w->rows);
}

static bool read_version(ctx *c, const table_version_row *v, both *w, json *said)
{
    size_t n;
    const load_rule *rules = load_rules(&n);
    w->counts = new_n(c->a, int64_t, n + 1);
    if (!json_parse(c, v->about, &w->about) || !json_parse(c, v->findings, said))
        return false;
    for (size_t i = 0; i < n; i++)
        w->counts[i] = number_of(json_get(&w->about, "findings"), rules[i].code);
    return true;
}

static table_said said_of(ctx *c, const both *w)
{
    return (table_said){ about_both(c, w), findings_json(c->a, &w->all), score_both(c, w) };
}

bool table_describe_both(ctx *c, const table_both *b, table_said *out)
{
    json said;
    both w = { .b = b, .rows = b->rows };
    if (!read_version(c, b->old, &w, &said))
        return false;
    for (size_t i = 0; said.type == JSON_ARR && i < said.arr.n; i++)
        take_old(c, &w, finding_of(c, &said.arr.v[i]));
    uint64_t added = b->added->rows - (b->added_dropped != NULL ? bits_before(b->added_dropped, b->added->rows) : 0);
    for (size_t i = 0; i < b->added->findings.n; i++)
        take_added(c, &w, b->added->findings.v[i].at, (uint64_t)b->rows - added);
    *out = said_of(c, &w);
    return true;
}

bool table_describe_again(ctx *c, const table_version_row *v, const char *codes, const table_findings *found, table_said *out)
{
    json said;
    size_t n;
    const load_rule *rules = load_rules(&n);
    both w = { .rows = v->rows };
    if (!read_version(c, v, &w, &said))
        return false;
    for (size_t i = 0; said.type == JSON_ARR && i < said.arr.n; i++) {
        table_finding f = finding_of(c, &said.arr.v[i]);
        if (!str_starts(str_of(f.code), str_of(codes)))
            list_add(c->a, &w.all, f);
    }
    for (size_t i = 0; i < n; i++)
        w.counts[i] = str_starts(str_of(rules[i].code), str_of(codes)) ? 0 : w.counts[i];
    list_each (const table_finding, f, found) {
        w.counts[rule_at(f->code)] += (int64_t)f->count;
        keep(c->a, &w.all, f, PLACES_KEPT);
    }
    *out = said_of(c, &w);
    return true;
}
