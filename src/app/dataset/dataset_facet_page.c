/* What an address of the list asks for, the addresses beside it, and facets. */
#include "app/dataset/dataset_list_page.h"
#include "app/shell/shell.h"
#include "app/site/site.h"

enum { FILTERS_MOST = 32, FIRST = 7, MOST = 30, OPEN_AT_FIRST = 5, WORDS_BYTES = 1000 };

static const struct { find_sort sort; const char *name; } sorts[] = {
    { FIND_BY_SCORE, "relevance" }, { FIND_BY_UPDATED, "updated" }, { FIND_BY_ISSUED, "issued" },
    { FIND_BY_TITLE, "title" },     { FIND_BY_POPULARITY, "popularity" },
};

const char *dataset_sort_name(find_sort s)
{
    for (size_t i = 0; i < array_len(sorts); i++)
        if (sorts[i].sort == s)
            return sorts[i].name;
    return "";
}

static bool read_sort(ctx *c, str said, dataset_ask *q)
{
    if (said.n == 0) {
        q->sort = q->words.n > 0 ? FIND_BY_SCORE : FIND_BY_UPDATED;
        return true;
    }
    for (size_t i = 0; i < array_len(sorts); i++)
        if (str_eq(said, str_of(sorts[i].name))) {
            q->sort = sorts[i].sort;
            q->sort_said = true;
            return true;
        }
    return fail_said(c, INVALID, S("sort"), "“sort” must be relevance, updated, issued, title or popularity");
}

static bool has_filter(const dataset_ask *q, const find_filter *f)
{
    for (size_t i = 0; i < q->filters.n; i++)
        if (q->filters.v[i].field == f->field && str_eq(q->filters.v[i].value, f->value))
            return true;
    return false;
}

bool dataset_ask_read(ctx *c, const http_req *r, dataset_ask *q)
{
    *q = (dataset_ask){ .words = str_trim(http_arg(r, "q")) };
    if (q->words.n > WORDS_BYTES)
        return fail_said(c, INVALID, S("q"), "“q” is longer than {n} bytes; use fewer words",
                         { "n", str_fmt(c->a, "%d", WORDS_BYTES) });
    if (!read_sort(c, http_arg(r, "sort"), q) || !http_arg_int(c, r, "page", 1, 1, INT32_MAX, &q->page))
        return false;
    for (size_t i = 0; i < r->args.n; i++) {
        find_filter f = { .value = r->args.v[i].value };
        if (f.value.n == 0 || !find_value_of(r->args.v[i].name, &f.field) || has_filter(q, &f))
            continue;
        if (q->filters.n == FILTERS_MOST)
            return fail_said(c, INVALID, r->args.v[i].name, "there are more than {n} filters; take some away",
                             { "n", str_fmt(c->a, "%d", FILTERS_MOST) });
        list_add(c->a, &q->filters, f);
    }
    return true;
}

static void put_pair(ctx *c, buf *b, const char *name, str value)
{
    buf_fmt(b, "%s%s=%.*s", b->n > 0 ? "&" : "?", name, S_ARG(url_encoded(c->a, value)));
}

static bool same_filter(const find_filter *x, const find_filter *y)
{
    return x != NULL && x->field == y->field && str_eq(x->value, y->value);
}

str dataset_ask_query(ctx *c, const dataset_ask *q, const find_filter *less, const find_filter *more, int64_t number)
{
    buf b = buf_in(c->a);
    if (q->words.n > 0)
        put_pair(c, &b, "q", q->words);
    for (size_t i = 0; i < q->filters.n; i++)
        if (!same_filter(less, &q->filters.v[i]))
            put_pair(c, &b, find_value_name(q->filters.v[i].field), q->filters.v[i].value);
    if (more != NULL)
        put_pair(c, &b, find_value_name(more->field), more->value);
    if (q->sort_said)
        put_pair(c, &b, "sort", str_of(dataset_sort_name(q->sort)));
    if (number > 1)
        put_pair(c, &b, "page", str_fmt(c->a, "%" PRId64, number));
    return buf_str(&b);
}

/* --- facets --- */

static const find_value shown[] = { FIND_ORG, FIND_THEME, FIND_FORMAT, FIND_LICENCE, FIND_STAR, FIND_STAR_BY, FIND_OPEN, FIND_CATEGORY,
                                    FIND_FREQUENCY, FIND_TAG, FIND_TYPE, FIND_COST, FIND_CLASS, FIND_BADGE, FIND_SOURCE };

str dataset_facet_title(ctx *c, find_value field)
{
    switch (field) {
    case FIND_ORG: return T(c, "Publisher");
    case FIND_ORG_TREE: return T(c, "Organisation with all below it");
    case FIND_THEME: return T(c, "Theme");
    case FIND_FORMAT: return T(c, "Format");
    case FIND_LICENCE: return T(c, "Licence");
    case FIND_STAR: return T(c, "Stars");
    case FIND_STAR_BY: return T(c, "Stars: how they are known");
    case FIND_OPEN: return T(c, "Openness");
    case FIND_CATEGORY: return T(c, "Service category");
    case FIND_FREQUENCY: return T(c, "Update frequency");
    case FIND_TAG: return T(c, "Keyword");
    case FIND_TYPE: return T(c, "Type");
    case FIND_COST: return T(c, "Charge");
    case FIND_CLASS: return T(c, "Class");
    case FIND_BADGE: return T(c, "Quality badge");
    case FIND_SOURCE: return T(c, "Source");
    case FIND_STATE: return T(c, "State");
    case FIND_SLUG:
    case FIND_UID:
    case FIND_VALUES: break;
    }
    return T(c, "Name");
}

static const search_facet *facet_in(const find_answer *a, find_value field)
{
    for (size_t i = 0; i < a->facet_count; i++)
        if (a->facets[i].field == (int)field)
            return &a->facets[i];
    return NULL;
}

/* The counts of a field without its own filter. */
static bool counts_beside(ctx *c, const dataset_ask *q, find_value field, find_answer *out)
{
    find_filter *others = new_n(c->a, find_filter, q->filters.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < q->filters.n; i++)
        if (q->filters.v[i].field != field)
            others[n++] = q->filters.v[i];
    return find_run(c, ROLE_VISITOR, &(find_request){ .words = q->words, .filters = others, .filter_count = n,
                                                      .sort = FIND_BY_TITLE, .page = 1, .facets = true }, out);
}

static void add_line(ctx *c, const dataset_ask *q, find_filter f, int64_t count, dataset_facet *out)
{
    dataset_facet_line l = { .value = f.value, .label = find_label(c, f.field, f.value), .number = count,
                             .count = num_grouped(c->a, count), .chosen = has_filter(q, &f) };
    l.href = link_to(c, str_cat(c->a, S("/datasets"), dataset_ask_query(c, q, l.chosen ? &f : NULL, l.chosen ? NULL : &f, 0)));
    if (l.chosen || out->first.n < FIRST)
        list_add(c->a, &out->first, l);
    else
        list_add(c->a, &out->more, l);
}

static bool is_counted(const search_facet *f, str value)
{
    for (size_t i = 0; f != NULL && i < f->n; i++)
        if (str_eq(f->v[i].value, value))
            return true;
    return false;
}

static void fill_facet(ctx *c, const dataset_ask *q, const search_facet *counts, dataset_facet *out)
{
    for (size_t i = 0; counts != NULL && i < counts->n; i++) {
        find_filter f = { out->field, counts->v[i].value };
        if (i < MOST || has_filter(q, &f))
            add_line(c, q, f, counts->v[i].count, out);
    }
    for (size_t i = 0; i < q->filters.n; i++)       /* chosen, and nothing has it any more */
        if (q->filters.v[i].field == out->field && !is_counted(counts, q->filters.v[i].value))
            add_line(c, q, q->filters.v[i], 0, out);
    if (out->more.n > 0)
        out->more_label = lang_with(c, "{n} more", { "n", num_grouped(c->a, (int64_t)out->more.n) });
}

bool dataset_facets_of(ctx *c, const dataset_ask *q, const find_answer *a, dataset_facets *out)
{
    for (size_t i = 0; i < array_len(shown); i++) {
        dataset_facet f = { .field = shown[i], .name = str_of(find_value_name(shown[i])), .title = dataset_facet_title(c, shown[i]) };
        find_answer beside;
        for (size_t k = 0; k < q->filters.n; k++)
            f.chosen = f.chosen || q->filters.v[k].field == f.field;
        if (f.chosen && !counts_beside(c, q, f.field, &beside))
            return false;
        fill_facet(c, q, facet_in(f.chosen ? &beside : a, f.field), &f);
        if (f.first.n < 2 && !f.chosen)
            continue;                               /* one value for all says nothing */
        f.open = f.chosen || out->n < OPEN_AT_FIRST;
        list_add(c->a, out, f);
    }
    return true;
}
