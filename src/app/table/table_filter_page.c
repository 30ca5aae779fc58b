/* The form above the rows: a field for each column, of the kind that its values
 * want; for wide tables one condition at a time. And what is on, to take off. */
#include "app/table/table_page.h"

#include <stdlib.h>

enum { FIELDS_MOST = 40, CHOICES_MOST = COLUMN_TOP_MAX, LABEL_CHARS = 60 };

static str parameter(ctx *c, table_ask_kind k, str column)
{
    return str_fmt(c->a, "%s.%.*s", table_ask_page_name(k), S_ARG(column));
}

static str said_of(const table_ask_page *q, table_ask_kind kind, size_t col)
{
    for (size_t i = 0; i < q->conditions.n; i++)
        if (q->conditions.v[i].kind == kind && q->conditions.v[i].col == col)
            return q->conditions.v[i].value;
    return (str){ 0 };
}

/* A column with few values, all of which are known. */
static bool has_choices(const table_asked *t, const column_about *k)
{
    return t->held.open->n == 1 && k->stats.top_count > 0 && k->stats.distinct_exact && k->stats.distinct == k->stats.top_count;
}

static int by_text(const void *x, const void *y)
{
    return str_cmp(((const table_choice *)x)->value, ((const table_choice *)y)->value);
}

static void add_choices(ctx *c, const column_about *k, str chosen, table_filter_field *f)
{
    for (size_t i = 0; i < k->stats.top_count && i < CHOICES_MOST; i++) {
        str value = k->stats.top[i].text, whole;
        list_add(c->a, &f->choices, (table_choice){ value, table_shown(c->a, value, LABEL_CHARS, &whole), str_eq(value, chosen) });
    }
    qsort(f->choices.v, f->choices.n, sizeof *f->choices.v, by_text);
}

static table_filter_field field_of(ctx *c, const table_asked *t, const table_ask_page *q, size_t col)
{
    const column_about *k = query_table_about(t->held.open->query, col);
    table_filter_field f = { .title = table_column_title(t->held.open->query, col), .id = str_fmt(c->a, "c%zu", col),
        .is_name = parameter(c, TABLE_ASK_IS, k->name), .has_name = parameter(c, TABLE_ASK_HAS, k->name),
        .min_name = parameter(c, TABLE_ASK_MIN, k->name), .max_name = parameter(c, TABLE_ASK_MAX, k->name),
        .has = said_of(q, TABLE_ASK_HAS, col), .min = said_of(q, TABLE_ASK_MIN, col), .max = said_of(q, TABLE_ASK_MAX, col) };
    column_key_kind key = column_type_key(k->type);
    if (has_choices(t, k) && f.min.n == 0 && f.max.n == 0) {
        f.chosen_of = true;
        add_choices(c, k, said_of(q, TABLE_ASK_IS, col), &f);
    } else if (key != COLUMN_KEY_NONE) {
        f.ranged = true;
        f.example_min = k->stats.min_text;
        f.example_max = k->stats.max_text;
    }
    return f;
}

/* Is a condition one that the form's own fields say? */
static bool in_fields(const table_filter_form *form, const table_ask_page *q, const table_ask_condition *k)
{
    if (form->wide || k->kind == TABLE_ASK_NULL)
        return false;
    const table_filter_field *f = &form->fields.v[k->col];
    switch (k->kind) {
    case TABLE_ASK_IS: return f->chosen_of && str_eq(said_of(q, TABLE_ASK_IS, k->col), k->value);
    case TABLE_ASK_MIN:
    case TABLE_ASK_MAX: return f->ranged;
    default: return !f->chosen_of && !f->ranged;
    }
}

static str chip_label(ctx *c, const table_asked *t, const table_ask_condition *k)
{
    str whole, value = table_shown(c->a, k->value, LABEL_CHARS, &whole), name = table_column_title(t->held.open->query, k->col);
    switch (k->kind) {
    case TABLE_ASK_IS: return lang_with(c, "{column} is {value}", { "column", name }, { "value", value });
    case TABLE_ASK_MIN: return lang_with(c, "{column} from {value}", { "column", name }, { "value", value });
    case TABLE_ASK_MAX: return lang_with(c, "{column} to {value}", { "column", name }, { "value", value });
    case TABLE_ASK_HAS: return lang_with(c, "{column} holds {value}", { "column", name }, { "value", value });
    default: break;
    }
    return str_eq(k->value, S("yes")) ? lang_with(c, "{column} is empty", { "column", name }) : lang_with(c, "{column} is not empty", { "column", name });
}

static void add_chips(ctx *c, const table_asked *t, const table_ask_page *q, table_filter_form *f)
{
    const query_table *table = t->held.open->query;
    str path = link_to(c, t->path);
    table_ask_page bare = { .version = q->version, .rows = q->rows, .sort = q->sort };
    f->clear = str_cat(c->a, path, table_ask_page_query(c, table, &bare, NULL, NULL, NULL, 0));
    if (q->words.n > 0) {
        table_ask_page other = *q;
        other.words = (str){ 0 };
        list_add(c->a, &f->chips, (table_chip){ lang_with(c, "Words: {words}", { "words", q->words }),
                                                str_cat(c->a, path, table_ask_page_query(c, table, &other, NULL, NULL, NULL, 0)) });
    }
    list_each (const table_ask_condition, k, &q->conditions)
        list_add(c->a, &f->chips, (table_chip){ chip_label(c, t, k), str_cat(c->a, path, table_ask_page_query(c, table, q, k, NULL, NULL, 0)) });
}

/* What the form sends along unseen. */
static void keep_rest(ctx *c, const table_asked *t, const table_ask_page *q, table_filter_form *f)
{
    list_each (const table_ask_condition, k, &q->conditions)
        if (!in_fields(f, q, k))
            list_add(c->a, &f->kept, (url_pair){ parameter(c, k->kind, query_table_about(t->held.open->query, k->col)->name), k->value });
    if (q->sort.n > 0)
        list_add(c->a, &f->kept, (url_pair){ S("sort"), q->sort });
    if (q->version > 0)
        list_add(c->a, &f->kept, (url_pair){ S("version"), str_fmt(c->a, "%" PRId64, q->version) });
    if (q->rows != TABLE_ASK_ROWS)
        list_add(c->a, &f->kept, (url_pair){ S("rows"), str_fmt(c->a, "%" PRId64, q->rows) });
}

void table_filter_fill(ctx *c, const table_asked *t, const table_ask_page *q, table_filter_form *out)
{
    const query_table *table = t->held.open->query;
    size_t n = query_table_columns(table);
    *out = (table_filter_form){ .action = link_to(c, t->path), .words = q->words, .wide = n > FIELDS_MOST, .open = q->conditions.n > 0 };
    for (size_t i = 0; i < n && !out->wide; i++)
        list_add(c->a, &out->fields, field_of(c, t, q, i));
    for (size_t i = 0; i < n && out->wide; i++)
        list_add(c->a, &out->columns, (table_choice){ .value = query_table_about(table, i)->name, .label = table_column_title(table, i) });
    const str labels[TABLE_ASK_KINDS] = { T(c, "is"), T(c, "from"), T(c, "to"), T(c, "holds"), T(c, "is empty") };
    for (int k = 0; k < TABLE_ASK_KINDS && out->wide; k++)
        list_add(c->a, &out->kinds, (table_choice){ .value = str_of(table_ask_page_name((table_ask_kind)k)), .label = labels[k],
                                                    .chosen = k == TABLE_ASK_HAS });
    add_chips(c, t, q, out);
    keep_rest(c, t, q, out);
}
