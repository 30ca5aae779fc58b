#include "kit/search/plan.h"

#include <math.h>

typedef struct {
    inside_run *r;
    size_t      nodes;
    norm_text   text;
    token_list  tokens;
} maker;

static bool make(maker *m, const search_node *n, bool scored, int depth, plan **out);

static plan *new_plan(maker *m, plan_op op)
{
    plan *p = new (m->r->c->a, plan);
    p->op = op;
    return p;
}

static posting_list list_in(const version *v, size_t part, const plan_atom *t)
{
    return segment_term(v->parts[part].g, t->key, t->tail);
}

/* Robertson's inverse document frequency; documents that are gone but not yet merged away count. */
static double rarity(const version *v, const plan_atom *t)
{
    double df = 0, all = 0;
    for (size_t i = 0; i < v->n; i++) {
        df += list_in(v, i, t).df;
        all += v->parts[i].g->n;
    }
    return log(1.0 + (all - df + 0.5) / (df + 0.5));
}

static void weigh(maker *m, plan *p, double boost)
{
    for (size_t i = 0; i < p->atom_n; i++)
        p->weight += rarity(m->r->v, &p->atoms[i]);
    p->weight *= boost > 0 ? boost : 1;
}

static plan_atom atom_of(maker *m, const token_atom *t, uint32_t first)
{
    return (plan_atom){ t->key, str_dup(m->r->c->a, token_tail(&m->tokens, t)), t->pos - first };
}

static void add_pair(maker *m, plan *p, size_t i, uint32_t first)
{
    const token_atom *t = &m->tokens.atoms.v[i];
    p->atoms[p->atom_n] = atom_of(m, t, first);
    p->atoms[p->atom_n++].key = token_gram(token_code(t), token_code(t + 1));
}

/* Atoms from..to of the tokens as one phrase. A run of Chinese is covered by pairs side by side; when its length
 * is odd, the last pair overlaps. */
static plan *phrase(maker *m, size_t from, size_t to, unsigned fields)
{
    plan *p = new_plan(m, PLAN_TERMS);
    const token_list *l = &m->tokens;
    uint32_t first = l->atoms.v[from].pos;
    p->fields = fields;
    p->atoms = new_n(m->r->c->a, plan_atom, to - from);
    for (size_t i = from; i < to;) {
        size_t run = i;
        while (run + 1 < to && token_pairs(l, run))
            run++;
        if (run == i) {
            p->atoms[p->atom_n++] = atom_of(m, &l->atoms.v[i++], first);
            continue;
        }
        for (; i < run; i += 2)
            add_pair(m, p, i, first);
        if (i == run)
            add_pair(m, p, run - 1, first);
        i = run + 1;
    }
    return p;
}

static bool too_long(maker *m)
{
    return fail(m->r->c, INVALID, "a search of more than %d words or characters at once: shorten it", PLAN_ATOMS);
}

static void tokens_of(maker *m, str text)
{
    norm_fold(m->r->s->norm, text, &m->text);
    token_read(m->r->s->norm, &m->text, &m->tokens);
}

static bool make_phrase(maker *m, const search_node *n, bool scored, plan **out)
{
    tokens_of(m, n->text);
    if (m->tokens.atoms.n > PLAN_ATOMS)
        return too_long(m);
    *out = m->tokens.atoms.n > 0 ? phrase(m, 0, m->tokens.atoms.n, n->fields) : new_plan(m, PLAN_ALL);
    if (scored && (*out)->op == PLAN_TERMS)
        weigh(m, *out, n->boost);
    return true;
}

/* Signs that hold the parts of one word together: PM2.5, COVID-19, snake_case. */
static bool joins(uint32_t c)
{
    return c == '.' || c == '-' || c == '_' || c == '\'';
}

static bool same_unit(const token_list *l, size_t i)
{
    return token_pairs(l, i - 1) || (!l->atoms.v[i - 1].cjk && !l->atoms.v[i].cjk);
}

/* One chunk between blanks: runs of Chinese, and runs of words that hold together, are a phrase each. */
static void add_units(maker *m, const search_node *n, bool scored, plan *all)
{
    const token_list *l = &m->tokens;
    for (size_t i = 0; i < l->atoms.n && all->kid_n < PLAN_ATOMS;) {
        size_t to = i + 1;
        while (to < l->atoms.n && same_unit(l, to))
            to++;
        plan *p = phrase(m, i, to, n->fields);
        if (scored)
            weigh(m, p, n->boost);
        all->kids[all->kid_n++] = p;
        i = to;
    }
}

static bool make_text(maker *m, const search_node *n, bool scored, plan **out)
{
    norm_text whole = { 0 };
    const norm *nm = m->r->s->norm;
    norm_fold(nm, n->text, &whole);
    plan *all = new_plan(m, PLAN_AND);
    all->kids = new_n(m->r->c->a, plan *, PLAN_ATOMS);
    size_t atoms = 0;
    for (size_t i = 0; i < whole.n;) {
        size_t to = i;
        while (to < whole.n && (norm_class_of(nm, whole.v[to]) != NORM_OTHER || joins(whole.v[to])))
            to++;
        norm_text chunk = { .v = whole.v + i, .n = to - i };
        token_read(nm, &chunk, &m->tokens);
        atoms += m->tokens.atoms.n;
        if (atoms <= PLAN_ATOMS)
            add_units(m, n, scored, all);
        i = to + 1;
    }
    norm_text_free(&whole);
    if (atoms > PLAN_ATOMS)
        return too_long(m);
    *out = all->kid_n == 1 ? all->kids[0] : all;
    return true;
}

static int compare_words(const void *x, const void *y)
{
    return str_cmp(*(const str *)x, *(const str *)y);
}

/* Every word of the index that begins so: at most PLAN_WORDS, in order. */
static str_list words_with(maker *m, str prefix)
{
    str_list l = { 0 };
    for (size_t i = 0; i < m->r->v->n; i++) {
        const segment *g = m->r->v->parts[i].g;
        size_t from = segment_first_word(g, prefix);
        for (size_t k = from; k < g->term_n && k - from < PLAN_WORDS && (g->key[k] & TOKEN_GRAM) == 0; k++) {
            char room[8];
            str word = str_cat(m->r->c->a, segment_word(g, k, room), segment_tail(g, k));
            if (!str_starts(word, prefix))
                break;
            list_add(m->r->c->a, &l, word);
        }
    }
    if (l.n > 1)
        qsort(l.v, l.n, sizeof *l.v, compare_words);
    size_t n = 0;
    for (size_t i = 0; i < l.n; i++)
        if (n == 0 || !str_eq(l.v[n - 1], l.v[i]))
            l.v[n++] = l.v[i];
    l.n = n < PLAN_WORDS ? n : PLAN_WORDS;
    return l;
}

static void add_word(maker *m, const search_node *n, bool scored, str word, plan *any)
{
    plan *p = new_plan(m, PLAN_TERMS);
    str tail;
    p->fields = n->fields;
    p->atoms = new (m->r->c->a, plan_atom);
    p->atoms[0].key = token_word_key(word, &tail);
    p->atoms[0].tail = tail;
    p->atom_n = 1;
    if (scored)
        weigh(m, p, n->boost);
    any->kids[any->kid_n++] = p;
}

static bool make_prefix(maker *m, const search_node *n, bool scored, plan **out)
{
    tokens_of(m, n->text);
    if (m->tokens.atoms.n != 1 || m->tokens.atoms.v[0].cjk)
        return make_text(m, n, scored, out);
    /* As typed, since what was cut off by stemming may be part of what is sought; and the stem itself. */
    buf typed = buf_in(m->r->c->a);
    for (size_t i = 0; i < m->text.n; i++)
        if (norm_class_of(m->r->s->norm, m->text.v[i]) != NORM_OTHER)
            buf_utf8(&typed, m->text.v[i]);
    plan *any = new_plan(m, PLAN_OR);
    any->kids = new_n(m->r->c->a, plan *, PLAN_WORDS + 1);
    str_list words = words_with(m, buf_str(&typed));
    for (size_t i = 0; i < words.n; i++)
        add_word(m, n, scored, words.v[i], any);
    size_t room = buf_str(&typed).n < TOKEN_WORD_MAX ? buf_str(&typed).n : TOKEN_WORD_MAX;
    char *stem = str_z(m->r->c->a, str_sub(buf_str(&typed), 0, room));
    size_t stem_n = token_stem(stem, room);
    if (stem_n < room || !str_eq((str){ stem, stem_n }, str_sub(buf_str(&typed), 0, stem_n)))
        add_word(m, n, scored, (str){ stem, stem_n }, any);
    *out = any;
    return true;
}

/* * is any text, ? one character. Tried without recursion: after a failure only the newest * gives way. */
static bool wild(str pattern, str text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, held = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            held = t;
        } else if (p < pattern.n && pattern.p[p] == '?') {
            (void)utf8_next(text, &t);
            p++;
        } else if (p < pattern.n && pattern.p[p] == text.p[t]) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++held;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

static bool make_value(maker *m, const search_node *n, plan **out)
{
    search *s = m->r->s;
    if (n->field < -1 || n->field >= (int)s->value_n)
        return fail(m->r->c, INVALID, "there is no field with the number %d", n->field);
    arena *a = m->r->c->a;
    const values *v = inside_values(s, n->field);
    str key = n->field < 0 ? str_cat(a, n->key, S("\x1f")) : (str){ 0 };
    plan *p = *out = new_plan(m, n->op == Q_VALUE_ANY && n->field >= 0 ? PLAN_ANY : PLAN_VALUE);
    p->field = n->field;
    if (p->op == PLAN_ANY)
        return true;
    if (n->op == Q_VALUE) {
        uint32_t number = values_find(v, n->field < 0 ? str_cat(a, key, n->text) : n->text);
        p->numbers = new (a, uint32_t);
        p->numbers[0] = number;
        p->number_n = number != VALUES_NONE;
        return true;
    }
    struct { uint32_t *v; size_t n, cap; } found = { 0 };
    for (uint32_t i = 0, all = values_count(v); i < all; i++) {
        str text = values_text(v, i);
        if (str_starts(text, key) && (n->op == Q_VALUE_ANY || wild(n->text, str_from(text, key.n))))
            list_add(a, &found, i);
    }
    p->numbers = found.v;
    p->number_n = found.n;
    return true;
}

static bool make_kids(maker *m, const search_node *n, bool scored, int depth, plan **out)
{
    plan *p = *out = new_plan(m, n->op == Q_AND ? PLAN_AND : n->op == Q_OR ? PLAN_OR : PLAN_NOT);
    if (n->op == Q_NOT && n->kid_count != 1)
        return fail(m->r->c, INVALID, "an exclusion must have one part, this one has %zu", n->kid_count);
    p->kids = new_n(m->r->c->a, plan *, n->kid_count + 1);
    for (; p->kid_n < n->kid_count; p->kid_n++)
        if (!make(m, n->kids[p->kid_n], scored && n->op != Q_NOT, depth + 1, &p->kids[p->kid_n]))
            return false;
    return true;
}

static bool make_range(maker *m, const search_node *n, plan **out)
{
    plan *p = *out = new_plan(m, PLAN_RANGE);
    *p = (plan){ .op = PLAN_RANGE, .field = n->field, .lo = n->lo, .hi = n->hi };
    if (n->field < 0 || n->field >= (int)m->r->s->number_n)
        return fail(m->r->c, INVALID, "there is no number field %d", n->field);
    if (p->lo == SEARCH_NO_NUMBER)
        p->lo++;                 /* what has no number is in no range */
    return true;
}

static bool make(maker *m, const search_node *n, bool scored, int depth, plan **out)
{
    if (depth > PLAN_DEPTH || ++m->nodes > PLAN_NODES)
        return fail(m->r->c, INVALID, "this search is nested too deeply or has too many parts: make it simpler");
    switch (n->op) {
    case Q_AND:
    case Q_OR:
    case Q_NOT:
        return make_kids(m, n, scored, depth, out);
    case Q_TEXT:
        return make_text(m, n, scored, out);
    case Q_PHRASE:
        return make_phrase(m, n, scored, out);
    case Q_PREFIX:
        return make_prefix(m, n, scored, out);
    case Q_VALUE:
    case Q_VALUE_WILD:
    case Q_VALUE_ANY:
        return make_value(m, n, out);
    case Q_RANGE:
        return make_range(m, n, out);
    case Q_IDS:
        *out = new_plan(m, PLAN_IDS);
        (*out)->ids = n->ids;
        (*out)->id_n = n->id_count;
        return true;
    case Q_NONE:
    case Q_ALL:
        break;
    }
    *out = new_plan(m, n->op == Q_NONE ? PLAN_NONE : PLAN_ALL);
    return true;
}

bool plan_make(inside_run *r, const search_node *n, bool scored, plan **out)
{
    maker m = { .r = r };
    bool fine = make(&m, n, scored, 0, out);
    norm_text_free(&m.text);
    token_list_free(&m.tokens);
    return fine;
}

static const search_node *only_text(const search_node *n, int depth, int *count)
{
    if (n->op == Q_TEXT || n->op == Q_PHRASE) {
        ++*count;
        return n;
    }
    const search_node *found = NULL;
    if ((n->op == Q_AND || n->op == Q_OR) && depth < PLAN_DEPTH)
        for (size_t i = 0; i < n->kid_count; i++) {
            const search_node *kid = only_text(n->kids[i], depth + 1, count);
            found = kid != NULL ? kid : found;
        }
    return found;
}

str plan_title(inside_run *r, const search_node *n)
{
    int count = 0;
    const search_node *leaf = only_text(n, 0, &count);
    return count == 1 ? search_norm(r->c->a, r->s, str_trim(leaf->text)) : (str){ 0 };
}

bool plan_scores(const plan *p)
{
    if (p->op == PLAN_TERMS)
        return p->weight > 0;
    bool any = false;
    for (size_t i = 0; i < p->kid_n && p->op != PLAN_NOT && !any; i++)
        any = plan_scores(p->kids[i]);
    return any;
}

void plan_forget(plan *p)
{
    p->hits = 0;
    p->docs = NULL;
    p->found = (inside_set){ 0 };
    for (size_t i = 0; i < p->kid_n; i++)
        plan_forget(p->kids[i]);
}
