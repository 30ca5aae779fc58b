#include "app/table/table_ask.h"

#define DEPTH_MAX 12
#define VALUES_MAX 10000

static bool wrong(ctx *c, const char *field, const char *why, str what)
{
    return fail_field(c, INVALID, str_of(field), "%s “%.*s”", why, S_ARG(utf8_cut(what, 80)));
}

/* All of the conditions so far and one more. */
static void table_ask_and(arena *a, query_filter *f, const query_filter *more)
{
    query_filter *kids = new_n(a, query_filter, 2);
    kids[0] = *f;
    kids[1] = *more;
    *f = (query_filter){ .op = QUERY_AND, .kids = kids, .kid_count = 2 };
}

/* --- one column --- */

typedef struct { size_t col; bool id; str name; } subject;

static bool scalar(const json *v)
{
    return v->type == JSON_BOOL || v->type == JSON_INT || v->type == JSON_REAL || v->type == JSON_STR;
}

static bool row_number(ctx *c, const json *v, uint64_t *out)
{
    int64_t n;
    str s = json_text(c, v);
    if (!scalar(v) || !str_to_i64(s, &n) || n < 0)
        return wrong(c, "filters", "_id is the number of a row, not", s);
    *out = (uint64_t)n;
    return true;
}

static bool equals(ctx *c, const subject *s, const json *v, query_filter *f)
{
    if (v->type == JSON_NULL) {
        *f = s->id ? (query_filter){ .op = QUERY_OR } : (query_filter){ .op = QUERY_NULL, .col = s->col };
        return true;
    }
    if (s->id) {
        *f = (query_filter){ .op = QUERY_ROWS };
        if (!row_number(c, v, &f->row_from))
            return false;
        f->row_to = f->row_from;
        if (f->row_from == 0)
            f->row_from = 1;
        return true;
    }
    str *value = new (c->a, str);
    *value = json_text(c, v);
    *f = (query_filter){ .op = QUERY_EQUAL, .col = s->col, .values = value, .value_count = 1 };
    return true;
}

static bool bound(ctx *c, const subject *s, str word, const json *v, query_filter *f)
{
    bool low = str_starts(word, S("gt")), with = str_ends(word, S("e"));
    if (!scalar(v))
        return wrong(c, "filters", "a bound is one value, at", s->name);
    if (s->id) {
        uint64_t n;
        if (!row_number(c, v, &n))
            return false;
        if (low)
            f->row_from = with ? n : n + 1;
        else
            f->row_to = with ? n : n > 0 ? n - 1 : 0;
        return true;
    }
    *(low ? &f->from : &f->to) = json_text(c, v);
    *(low ? &f->has_from : &f->has_to) = true;
    *(low ? &f->from_open : &f->to_open) = !with;
    return true;
}

static bool condition(ctx *c, const subject *s, const json *v, query_filter *f, int depth);

/* {"gt": 5, "lte": 9}: all of them. */
static bool bounds(ctx *c, const subject *s, const json *o, query_filter *f, int depth)
{
    bool ranged = false;
    query_filter range = s->id ? (query_filter){ .op = QUERY_ROWS, .row_from = 1, .row_to = UINT64_MAX }
                               : (query_filter){ .op = QUERY_RANGE, .col = s->col };
    *f = (query_filter){ .op = QUERY_AND };
    for (size_t i = 0; i < o->obj.n; i++) {
        str word = o->obj.keys[i];
        query_filter one;
        if (str_eq(word, S("gt")) || str_eq(word, S("gte")) || str_eq(word, S("lt")) || str_eq(word, S("lte"))) {
            if (!bound(c, s, word, &o->obj.v[i], &range))
                return false;
            ranged = true;
        } else if (str_eq(word, S("eq")) || str_eq(word, S("in"))) {
            if (!condition(c, s, &o->obj.v[i], &one, depth + 1))
                return false;
            table_ask_and(c->a, f, &one);
        } else {
            return wrong(c, "filters", "a condition is eq, in, gt, gte, lt or lte, not", word);
        }
    }
    if (ranged)
        table_ask_and(c->a, f, &range);
    return true;
}

/* A list: one of the plain values, or one of the conditions among them. */
static bool one_of(ctx *c, const subject *s, const json *l, query_filter *f, int depth)
{
    query_filter *kids = new_n(c->a, query_filter, l->arr.n + 1);
    str *values = new_n(c->a, str, l->arr.n + 1);
    size_t n = 0, plain = 0;
    if (l->arr.n > VALUES_MAX)
        return fail_field(c, TOO_LARGE, S("filters"), "a list may hold %d values", VALUES_MAX);
    for (size_t i = 0; i < l->arr.n; i++) {
        const json *v = &l->arr.v[i];
        if (scalar(v) && !s->id)
            values[plain++] = json_text(c, v);
        else if (!condition(c, s, v, &kids[n++], depth + 1))
            return false;
    }
    if (plain > 0)
        kids[n++] = (query_filter){ .op = QUERY_EQUAL, .col = s->col, .values = values, .value_count = plain };
    *f = (query_filter){ .op = QUERY_OR, .kids = kids, .kid_count = n };
    return true;
}

static bool condition(ctx *c, const subject *s, const json *v, query_filter *f, int depth)
{
    if (depth > DEPTH_MAX)
        return wrong(c, "filters", "the conditions are nested too deep at", s->name);
    if (v->type == JSON_ARR)
        return one_of(c, s, v, f, depth);
    if (v->type == JSON_OBJ)
        return bounds(c, s, v, f, depth);
    return equals(c, s, v, f);
}

/* --- several columns --- */

static bool subject_of(ctx *c, const query_table *t, const char *field, str name, subject *out)
{
    *out = (subject){ .name = name, .id = str_eq(name, S("_id")) };
    return out->id || query_table_find(t, name, &out->col)
        || fail_said(c, INVALID, str_of(field), "the table has no column “{name}”", { "name", utf8_cut(name, 80) });
}

static bool object(ctx *c, const query_table *t, const json *o, query_filter *f, int depth);

static bool group(ctx *c, const query_table *t, str word, const json *l, query_filter *f, int depth)
{
    bool any = str_eq(word, S("$or"));
    if (!any && !str_eq(word, S("$and")))
        return wrong(c, "filters", "a group is $or or $and; a column whose name begins with $ is written $$name; not", word);
    if (l->type != JSON_ARR || depth > DEPTH_MAX)
        return wrong(c, "filters", "a list of objects belongs to", word);
    query_filter *kids = new_n(c->a, query_filter, l->arr.n + 1);
    for (size_t i = 0; i < l->arr.n; i++)
        if (!object(c, t, &l->arr.v[i], &kids[i], depth + 1))
            return false;
    *f = (query_filter){ .op = any ? QUERY_OR : QUERY_AND, .kids = kids, .kid_count = l->arr.n };
    return true;
}

static bool object(ctx *c, const query_table *t, const json *o, query_filter *f, int depth)
{
    if (o->type == JSON_ARR)
        return group(c, t, S("$or"), o, f, depth);
    if (o->type != JSON_OBJ)
        return fail_field(c, INVALID, S("filters"), "filters are a JSON object of column names and values");
    query_filter *kids = new_n(c->a, query_filter, o->obj.n + 1);
    for (size_t i = 0; i < o->obj.n; i++) {
        str name = o->obj.keys[i];
        subject s;
        if (str_starts(name, S("$")) && !str_starts(name, S("$$"))) {
            if (!group(c, t, name, &o->obj.v[i], &kids[i], depth + 1))
                return false;
            continue;
        }
        if (str_starts(name, S("$$")))
            name = str_from(name, 1);
        if (!subject_of(c, t, "filters", name, &s) || !condition(c, &s, &o->obj.v[i], &kids[i], depth + 1))
            return false;
    }
    *f = (query_filter){ .op = QUERY_AND, .kids = kids, .kid_count = o->obj.n };
    return true;
}

bool table_ask_filters(ctx *c, const query_table *t, const json *filters, query_filter *f)
{
    query_filter more;
    if (!object(c, t, filters, &more, 0))
        return false;
    table_ask_and(c->a, f, &more);
    return true;
}

/* --- words --- */

size_t table_ask_split(arena *a, str text, str **out)
{
    str_list l = { 0 };
    str part;
    text = str_replace(a, str_replace(a, text, S("\t"), S(" ")), S("\xe3\x80\x80"), S(" "));
    while (l.n < 20 && str_next(&text, ' ', &part))
        if (part.n > 0)
            list_add(a, &l, part);
    *out = l.v;
    return l.n;
}

bool table_ask_words(ctx *c, const query_table *t, const json *q, query_filter *f)
{
    str *words;
    if (q->type == JSON_OBJ) {
        for (size_t i = 0; i < q->obj.n; i++) {
            subject s;
            if (!subject_of(c, t, "q", q->obj.keys[i], &s) || s.id)
                return s.id ? wrong(c, "q", "words are not looked for in", s.name) : false;
            size_t n = table_ask_split(c->a, json_text(c, &q->obj.v[i]), &words);
            for (size_t k = 0; k < n; k++)
                table_ask_and(c->a, f, &(query_filter){ .op = QUERY_HAS, .col = s.col, .values = &words[k], .value_count = 1 });
        }
        return true;
    }
    size_t n = table_ask_split(c->a, json_text(c, q), &words);
    if (n > 0)
        table_ask_and(c->a, f, &(query_filter){ .op = QUERY_WORDS, .values = words, .value_count = n });
    return true;
}

/* --- orders and columns --- */

/* One part of a sort: its name (which may be quoted, with "" for a quote) and the words behind it. */
static bool sort_part(ctx *c, str *rest, str *name, str *words)
{
    buf b = buf_in(c->a);
    str s = str_trim(*rest);
    size_t i = 0;
    if (s.n > 0 && s.p[0] == '"') {
        for (i = 1; i < s.n; i++) {
            if (s.p[i] == '"' && !(i + 1 < s.n && s.p[i + 1] == '"'))
                break;
            i += s.p[i] == '"';
            buf_byte(&b, s.p[i]);
        }
        if (i++ >= s.n)
            return wrong(c, "sort", "a quote is not closed in", s);
        *name = buf_str(&b);
    } else {
        while (i < s.n && s.p[i] != ',' && s.p[i] != ' ')
            i++;
        *name = str_sub(s, 0, i);
    }
    s = str_from(s, i);
    size_t end = str_find_byte(s, ',');
    *words = str_lower(c->a, str_trim(str_sub(s, 0, end)));
    *rest = end < s.n ? str_from(s, end + 1) : (str){ 0 };
    return true;
}

bool table_ask_sort(ctx *c, const query_table *t, str text, bool nulls_largest, query_sort *out, size_t *n)
{
    *n = 0;
    for (bool by_row = false; str_trim(text).n > 0;) {
        str name, words, word;
        subject s;
        if (!sort_part(c, &text, &name, &words) || !subject_of(c, t, "sort", name, &s))
            return false;
        query_sort q = { .col = s.col };
        bool said = false, nulls = false;
        while (str_next(&words, ' ', &word)) {
            if (word.n == 0)
                continue;
            if (str_eq(word, S("nulls")))
                nulls = true;
            else if (nulls && (str_eq(word, S("first")) || str_eq(word, S("last")))) {
                q.nulls_first = str_eq(word, S("first"));
                said = true;
            } else if (!nulls && (str_eq(word, S("asc")) || str_eq(word, S("desc"))))
                q.desc = str_eq(word, S("desc"));
            else
                return fail_said(c, INVALID, S("sort"), "behind a name stands asc or desc, and nulls first or nulls last, not “{word}”",
                                 { "word", utf8_cut(word, 80) });
        }
        if (!said && nulls_largest)
            q.nulls_first = q.desc;
        if (s.id)
            q.col = QUERY_ROW;
        if (!by_row && *n == QUERY_COLUMNS_MAX)
            return fail_field(c, INVALID, S("sort"), "rows are sorted by %d columns at most", QUERY_COLUMNS_MAX);
        if (!by_row)
            out[(*n)++] = q;
        by_row = by_row || s.id; /* no two rows are the same: what follows changes nothing */
    }
    return true;
}

bool table_ask_fields(ctx *c, const query_table *t, const str_list *names, bool with_id, size_t **out, size_t *n)
{
    size_t all = query_table_columns(t);
    *out = new_n(c->a, size_t, all + names->n + 1);
    *n = 0;
    if (names->n == 0 && with_id)
        (*out)[(*n)++] = SIZE_MAX;
    for (size_t i = 0; names->n == 0 && i < all; i++)
        (*out)[(*n)++] = i;
    for (size_t i = 0; i < names->n; i++) {
        subject s;
        if (!subject_of(c, t, "fields", str_trim(names->v[i]), &s))
            return false;
        (*out)[(*n)++] = s.id ? SIZE_MAX : s.col;
    }
    return true;
}
