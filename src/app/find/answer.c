/* answer — one search of a reader: words and filters become a query under the
 * viewer's sight. When nothing has the words as typed, runs of Chinese are
 * taken apart into pairs; when nothing has all of these, one may be missing. */
#include "app/find/inside.h"

static search_node *new_node(ctx *c, search_op op, size_t kids)
{
    search_node *n = new (c->a, search_node);
    n->op = op;
    n->kids = kids > 0 ? new_n(c->a, search_node *, kids) : NULL;
    return n;
}

/* Ranges of state × class that the role may see whole. What only leaves a tombstone is found by its address alone. */
search_node *find_sight(ctx *c, policy_role role)
{
    search_node *any = new_node(c, Q_OR, STATE_COUNT * CLASS_COUNT);
    for (int64_t i = 0; i < STATE_COUNT * CLASS_COUNT; i++) {
        if (policy_sees(role, (policy_state)(i / CLASS_COUNT), (policy_class)(i % CLASS_COUNT)) != SEE_ALL)
            continue;
        search_node *last = any->kid_count > 0 ? any->kids[any->kid_count - 1] : NULL;
        if (last != NULL && last->hi == i - 1) {
            last->hi = i;
            continue;
        }
        search_node *n = new_node(c, Q_RANGE, 0);
        n->field = FIND_SIGHT;
        n->lo = n->hi = i;
        any->kids[any->kid_count++] = n;
    }
    return any->kid_count == 1 ? any->kids[0] : any;
}

/* Same field: any of its values; different fields: all of them. */
static void add_filters(ctx *c, const find_request *r, search_node *all)
{
    for (size_t i = 0; i < r->filter_count; i++) {
        bool before = false;
        for (size_t k = 0; k < i; k++)
            before = before || r->filters[k].field == r->filters[i].field;
        if (before)
            continue;
        search_node *any = new_node(c, Q_OR, r->filter_count);
        for (size_t k = i; k < r->filter_count; k++)
            if (r->filters[k].field == r->filters[i].field) {
                search_node *n = new_node(c, Q_VALUE, 0);
                n->field = (int)r->filters[k].field;
                n->text = r->filters[k].value;
                any->kids[any->kid_count++] = n;
            }
        all->kids[all->kid_count++] = any->kid_count == 1 ? any->kids[0] : any;
    }
}

static void add_marks(ctx *c, const search_node *n, str_list *marks)
{
    if (n->op == Q_TEXT || n->op == Q_PREFIX) {
        str rest = n->text;
        for (str one; str_next(&rest, ' ', &one);)
            if (str_trim(one).n > 0)
                list_add(c->a, marks, str_trim(one));
    } else if (n->op == Q_PHRASE && n->text.n > 0) {
        list_add(c->a, marks, n->text);
    }
    for (size_t i = 0; i < n->kid_count && (n->op == Q_AND || n->op == Q_OR); i++)
        add_marks(c, n->kids[i], marks);
}

/* A run of three and more characters as its pairs side by side; what is not Chinese stays. */
static str pairs_of(ctx *c, str text)
{
    buf b = buf_in(c->a);
    size_t run = 0;
    uint32_t before = 0;
    for (size_t i = 0; i < text.n;) {
        uint32_t code = utf8_next(text, &i);
        bool cjk = code != UTF8_BAD && utf8_is_cjk(code);
        size_t next = i;
        bool more = cjk && i < text.n && utf8_is_cjk(utf8_next(text, &next));
        if (cjk && run > 0 && run % 2 == 0) {
            buf_byte(&b, ' ');
            if (!more)
                buf_utf8(&b, before);        /* the last one alone would say too little */
        }
        run = cjk ? run + 1 : 0;
        before = code;
        buf_utf8(&b, code == UTF8_BAD ? ' ' : code);
    }
    return buf_str(&b);
}

static size_t count_words(str text, str *words, size_t room)
{
    size_t n = 0;
    for (str one; str_next(&text, ' ', &one);)
        if (one.n > 0 && n++ < room)
            words[n - 1] = one;
    return n;
}

/* Any that leave one of the words out. */
static search_node *all_but_one(ctx *c, const search_node *n, const str *words, size_t count)
{
    search_node *any = new_node(c, Q_OR, count);
    for (size_t skip = 0; skip < count; skip++) {
        search_node *some = new_node(c, Q_TEXT, 0);
        buf b = buf_in(c->a);
        for (size_t i = 0; i < count; i++)
            if (i != skip)
                buf_fmt(&b, "%.*s ", S_ARG(words[i]));
        some->text = buf_str(&b);
        some->fields = n->fields;
        any->kids[any->kid_count++] = some;
    }
    return any;
}

static search_node *loosen_text(ctx *c, const search_node *n, int step, bool *changed)
{
    str words[8];
    search_node *own = new_node(c, Q_TEXT, 0);
    *own = *n;
    own->text = pairs_of(c, n->text);
    size_t typed = count_words(n->text, words, 8), pairs = count_words(own->text, words, 8);
    if (step == 1) {
        *changed = *changed || !str_eq(own->text, n->text);
        return own;
    }
    if (pairs > 8 || pairs < 2 || (pairs == 2 && typed < 2))
        return own;
    *changed = true;
    return all_but_one(c, n, words, pairs);
}

static search_node *loosen(ctx *c, const search_node *n, int step, bool *changed)
{
    if (n->op == Q_TEXT)
        return loosen_text(c, n, step, changed);
    search_node *own = new_node(c, n->op, n->kid_count);
    search_node **kids = own->kids;
    *own = *n;
    own->kids = kids;
    for (size_t i = 0; i < n->kid_count; i++)
        kids[i] = n->op == Q_NOT ? n->kids[i] : loosen(c, n->kids[i], step, changed);
    return own;
}

search_node *find_loosened(ctx *c, const search_node *n, int step)
{
    bool changed = false;
    search_node *own = loosen(c, n, step, &changed);
    return changed ? own : NULL;
}

void find_order(search_query *q, find_sort by)
{
    static const search_sort score[] = { { .by = SORT_SCORE }, { SORT_NUMBER, FIND_POPULARITY, true }, { SORT_NUMBER, FIND_UPDATED, true } };
    static const search_sort updated[] = { { SORT_NUMBER, FIND_UPDATED, true } };
    static const search_sort issued[] = { { SORT_NUMBER, FIND_ISSUED, true }, { SORT_NUMBER, FIND_CREATED, true } };
    static const search_sort title[] = { { .by = SORT_TITLE } };
    static const search_sort popular[] = { { SORT_NUMBER, FIND_POPULARITY, true }, { SORT_NUMBER, FIND_UPDATED, true } };
    static const struct { const search_sort *v; size_t n; } sorts[] = {
        [FIND_BY_SCORE] = { score, array_len(score) },       [FIND_BY_UPDATED] = { updated, array_len(updated) },
        [FIND_BY_ISSUED] = { issued, array_len(issued) },    [FIND_BY_TITLE] = { title, array_len(title) },
        [FIND_BY_POPULARITY] = { popular, array_len(popular) },
    };
    for (; q->sort_count < sorts[by].n; q->sort_count++)
        q->sort[q->sort_count] = sorts[by].v[q->sort_count];
}

/* Without words there is nothing to score: the newest first. */
static find_sort sort_of(const find_request *r, const search_node *words)
{
    return r->sort == FIND_BY_SCORE && words == NULL ? FIND_BY_UPDATED : r->sort;
}

static const int counted[] = { FIND_ORG, FIND_CATEGORY, FIND_THEME, FIND_FORMAT, FIND_LICENCE, FIND_FREQUENCY, FIND_TAG,
                               FIND_STAR, FIND_STAR_BY, FIND_OPEN, FIND_CLASS, FIND_SOURCE, FIND_TYPE, FIND_COST, FIND_BADGE };

bool find_search(ctx *c, policy_role role, search_node *words, search_query *q, search_result *out, bool *loose)
{
    must(c->site != NULL && c->site->find != NULL);
    search *index = c->site->find->index;
    search_node *also = (search_node *)(uintptr_t)q->where, *both = new_node(c, Q_AND, 2);
    *loose = false;
    q->filter = find_sight(c, role);
    if (also != NULL)
        both->kids[both->kid_count++] = also;
    if (words != NULL)
        both->kids[both->kid_count++] = words;
    q->where = both->kid_count > 0 ? both : NULL;
    if (!search_run(c, index, q, out))
        return false;
    for (int step = 1; step <= FIND_STEPS && out->total == 0 && words != NULL; step++) {
        search_node *other = find_loosened(c, words, step);
        if (other == NULL)
            continue;
        both->kids[both->kid_count - 1] = other;
        if (!search_run(c, index, q, out))
            return false;
        *loose = out->total > 0;
    }
    return true;
}

bool find_run(ctx *c, policy_role role, const find_request *r, find_answer *out)
{
    *out = (find_answer){ 0 };
    search_node *words = find_parse(c, r->words);
    search_node *all = new_node(c, Q_AND, r->filter_count);
    add_filters(c, r, all);
    size_t page = r->page > 0 ? r->page - 1 : 0;
    search_query q = { .rows = r->rows, .facet_limit = 100 };
    if (__builtin_mul_overflow(page, r->rows, &q.start))
        return fail(c, INVALID, "there is no page %zu", r->page);
    if (r->facets) {
        q.facets = counted;
        q.facet_count = array_len(counted);
    }
    find_order(&q, sort_of(r, words));
    q.where = all->kid_count > 0 ? all : NULL;
    search_result found;
    if (!find_search(c, role, words, &q, &found, &out->loose))
        return false;
    out->total = found.total;
    out->ids = new_n(c->a, int64_t, found.hit_count + 1);
    for (; out->id_count < found.hit_count; out->id_count++)
        out->ids[out->id_count] = found.hits[out->id_count].id;
    out->facets = found.facets;
    out->facet_count = found.facet_count;
    if (words != NULL)
        add_marks(c, words, &out->marks);
    return true;
}

bool find_values(ctx *c, policy_role role, find_value field, str prefix, size_t limit, search_facet *out)
{
    const int one[] = { (int)field };
    search_query q = { .filter = find_sight(c, role), .facets = one, .facet_count = 1 };
    search_result r;
    if (!search_run(c, c->site->find->index, &q, &r))
        return false;
    *out = (search_facet){ .field = (int)field, .v = new_n(c->a, search_facet_value, r.facets[0].n + 1) };
    str want = search_norm(c->a, c->site->find->index, prefix);
    for (size_t i = 0; i < r.facets[0].n; i++) {
        str label = search_norm(c->a, c->site->find->index, r.facets[0].v[i].value);
        if (!str_starts(label, want))
            continue;
        out->distinct++;
        if (limit == 0 || out->n < limit)
            out->v[out->n++] = r.facets[0].v[i];
    }
    return true;
}
