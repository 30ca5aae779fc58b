#include "app/ckan_api/fq.h"

typedef enum { MUST, SHOULD, NOT } occur;
typedef enum { JOIN_NONE, JOIN_AND, JOIN_OR } join;

typedef struct {
    search_node *node;
    occur        occur;
} clause;

typedef struct { clause *v; size_t n, cap; } clauses;

typedef struct {
    ctx        *c;
    str         s;
    size_t      i, clause_n;
    fq_leaf_fn *leaf;
    void       *data;
} reader;

static bool read_clauses(reader *r, str field, int depth, search_node **out);

search_node *fq_node(ctx *c, search_op op, size_t kids)
{
    search_node *n = new (c->a, search_node);
    n->op = op;
    n->kids = kids > 0 ? new_n(c->a, search_node *, kids) : NULL;
    return n;
}

static size_t blank_at(str s, size_t i)
{
    if (i >= s.n)
        return 0;
    if (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r')
        return 1;
    return str_starts(str_from(s, i), S("\xe3\x80\x80")) ? 3 : 0;      /* U+3000 */
}

static void skip_blanks(reader *r)
{
    for (size_t n; (n = blank_at(r->s, r->i)) > 0;)
        r->i += n;
}

static char peek(const reader *r)
{
    return r->i < r->s.n ? r->s.p[r->i] : 0;
}

static bool wrong(reader *r, const char *what)
{
    return fail(r->c, INVALID, "%s (at byte %zu of the query)", what, r->i + 1);
}

static bool ends_word(str s, size_t i)
{
    return i >= s.n || blank_at(s, i) > 0 || strchr("()[]{}\":^~", s.p[i]) != NULL;
}

static bool take_mark(reader *r, str mark)
{
    bool there = str_starts(str_from(r->s, r->i), mark);
    r->i += there ? mark.n : 0;
    return there;
}

/* An operator in capitals that stands alone and is no field. */
static bool take_operator(reader *r, str word)
{
    size_t end = r->i + word.n;
    bool there = str_starts(str_from(r->s, r->i), word) && ends_word(r->s, end) && (end >= r->s.n || r->s.p[end] != ':');
    r->i = there ? end : r->i;
    return there;
}

/* A bare word with its escapes resolved. Escaped * and ? beside wild ones become ?, which is as narrow as can be said. */
static str read_word(reader *r, bool *wild)
{
    buf b = buf_in(r->c->a);
    size_t from = r->i;
    *wild = false;
    for (size_t i = from; !ends_word(r->s, i); i += r->s.p[i] == '\\' ? 2 : 1)
        *wild = *wild || r->s.p[i] == '*' || r->s.p[i] == '?';
    while (!ends_word(r->s, r->i)) {
        char ch = r->s.p[r->i++];
        if (ch == '\\' && r->i < r->s.n) {
            ch = r->s.p[r->i++];
            if (*wild && ch == '*')
                ch = '?';
        }
        buf_byte(&b, ch);
    }
    return buf_str(&b);
}

static bool read_quoted(reader *r, str *out)
{
    buf b = buf_in(r->c->a);
    for (r->i++; r->i < r->s.n; r->i++) {
        char ch = r->s.p[r->i];
        if (ch == '"') {
            r->i++;
            *out = buf_str(&b);
            return true;
        }
        if (ch == '\\' && r->i + 1 < r->s.n)
            ch = r->s.p[++r->i];
        buf_byte(&b, ch);
    }
    return wrong(r, "a quotation mark is not closed");
}

static bool read_end(reader *r, str *out)
{
    skip_blanks(r);
    if (peek(r) == '"')
        return read_quoted(r, out);
    size_t from = r->i;
    while (r->i < r->s.n && blank_at(r->s, r->i) == 0 && peek(r) != ']' && peek(r) != '}')
        r->i++;
    *out = str_replace(r->c->a, str_sub(r->s, from, r->i), S("\\"), S(""));
    return out->n > 0 || wrong(r, "a range needs two ends: [a TO b], * for an open one");
}

static bool read_range(reader *r, fq_leaf *l)
{
    l->kind = FQ_RANGE;
    l->from_in = r->s.p[r->i++] == '[';
    if (!read_end(r, &l->from))
        return false;
    skip_blanks(r);
    if (!take_operator(r, S("TO")))
        return wrong(r, "a range has TO between its ends: [a TO b]");
    if (!read_end(r, &l->to))
        return false;
    skip_blanks(r);
    if (peek(r) != ']' && peek(r) != '}')
        return wrong(r, "a range is not closed with ] or }");
    l->to_in = r->s.p[r->i++] == ']';
    return true;
}

/* ~2 and ^1.5 behind a word, phrase or group, in any order. */
static bool read_suffix(reader *r, double *boost)
{
    while (peek(r) == '~' || peek(r) == '^') {
        char mark = r->s.p[r->i++];
        size_t from = r->i;
        while (r->i < r->s.n && ((peek(r) >= '0' && peek(r) <= '9') || peek(r) == '.'))
            r->i++;
        double number = 0;
        bool said = str_to_f64(str_sub(r->s, from, r->i), &number);
        if (mark == '^' && (!said || number < 0 || number > 1e6))
            return wrong(r, "^ needs a number from 0 to 1000000 behind it");
        if (mark == '^')
            *boost = number;
    }
    return true;
}

/* True and moved on when a field's name and a colon stand here. */
static bool take_field(reader *r, str *field)
{
    size_t from = r->i;
    bool wild;
    if (strchr("\"([{", peek(r)) != NULL)
        return false;
    str name = read_word(r, &wild);
    skip_blanks(r);
    if (name.n == 0 || peek(r) != ':') {
        r->i = from;
        return false;
    }
    r->i++;
    skip_blanks(r);
    *field = name;
    return true;
}

static bool read_group(reader *r, str field, int depth, search_node **out)
{
    double boost = 0;
    if (depth >= FQ_DEPTH)
        return wrong(r, "parentheses are nested too deeply");
    r->i++;
    if (!read_clauses(r, field, depth + 1, out))
        return false;
    if (peek(r) != ')')
        return wrong(r, "a parenthesis is not closed");
    r->i++;
    return read_suffix(r, &boost);
}

static bool read_clause(reader *r, str field, int depth, search_node **out)
{
    fq_leaf l = { .field = field };
    bool wild;
    if (++r->clause_n > FQ_CLAUSES)
        return wrong(r, "too many clauses: at most 1024");
    (void)take_field(r, &l.field);
    switch (peek(r)) {
    case '(':
        return read_group(r, l.field, depth, out);
    case '"':
        l.kind = FQ_PHRASE;
        if (!read_quoted(r, &l.text))
            return false;
        break;
    case '[':
    case '{':
        if (!read_range(r, &l))
            return false;
        break;
    case '/':
        return wrong(r, "regular expressions are not spoken here; put text with a slash in quotation marks");
    default:
        l.text = read_word(r, &wild);
        if (l.text.n == 0)
            return wrong(r, "a word, a phrase, a range or a parenthesis is missing");
        l.kind = wild ? FQ_WILD : FQ_WORD;
    }
    return read_suffix(r, &l.boost) && r->leaf(r->c, r->data, &l, out);
}

/* Lucene's rule: AND makes the clause before it a must, OR a wish; what no OR introduces is a must. */
static void add_clause(reader *r, clauses *all, join how, bool without, search_node *n)
{
    clause *before = all->n > 0 ? &all->v[all->n - 1] : NULL;
    if (before != NULL && before->occur != NOT && how != JOIN_NONE)
        before->occur = how == JOIN_AND ? MUST : SHOULD;
    list_add(r->c->a, all, (clause){ n, without ? NOT : how == JOIN_OR ? SHOULD : MUST });
}

static search_node *only_or_all(search_node *n)
{
    return n->kid_count == 1 ? n->kids[0] : n;
}

static search_node *combine(reader *r, const clauses *all)
{
    search_node *every = fq_node(r->c, Q_AND, all->n + 1), *any = fq_node(r->c, Q_OR, all->n);
    for (size_t i = 0; i < all->n; i++) {
        search_node *n = all->v[i].node;
        if (all->v[i].occur == SHOULD)
            any->kids[any->kid_count++] = n;
        else if (all->v[i].occur == MUST)
            every->kids[every->kid_count++] = n;
    }
    if (every->kid_count == 0 && any->kid_count > 0)
        every->kids[every->kid_count++] = only_or_all(any);
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].occur == NOT) {
            search_node *n = fq_node(r->c, Q_NOT, 1);
            n->kids[n->kid_count++] = all->v[i].node;
            every->kids[every->kid_count++] = n;
        }
    return only_or_all(every);
}

static join take_join(reader *r)
{
    if (take_mark(r, S("&&")) || take_operator(r, S("AND")))
        return JOIN_AND;
    return take_mark(r, S("||")) || take_operator(r, S("OR")) ? JOIN_OR : JOIN_NONE;
}

/* True where a NOT, - or ! stands; + says nothing that AND does not. */
static bool take_sign(reader *r)
{
    bool without = take_mark(r, S("-")) || take_mark(r, S("!")) || take_operator(r, S("NOT"));
    if (!without)
        (void)take_mark(r, S("+"));
    skip_blanks(r);
    return without;
}

static bool read_clauses(reader *r, str field, int depth, search_node **out)
{
    clauses all = { 0 };
    for (skip_blanks(r); r->i < r->s.n && peek(r) != ')'; skip_blanks(r)) {
        join how = take_join(r);
        if (how != JOIN_NONE && all.n == 0)
            return wrong(r, "AND or OR has nothing before it");
        skip_blanks(r);
        bool without = take_sign(r);
        search_node *n = NULL;
        if (take_operator(r, S("AND")) || take_operator(r, S("OR")) || take_operator(r, S("NOT")))
            return wrong(r, "two operators follow each other: a word is missing between them");
        if (!read_clause(r, field, depth, &n))
            return false;
        add_clause(r, &all, how, without, n);
    }
    if (all.n == 0)
        return wrong(r, "there is nothing between the parentheses");
    *out = combine(r, &all);
    return true;
}

bool fq_parse(ctx *c, str text, fq_leaf_fn *leaf, void *data, search_node **out)
{
    reader r = { .c = c, .s = text, .leaf = leaf, .data = data };
    if (text.n > FQ_BYTES)
        return fail(c, INVALID, "the query is longer than %d bytes", FQ_BYTES);
    if (str_find_byte(text, 0) < text.n || !utf8_valid(text, NULL))
        return fail(c, INVALID, "the query is not valid UTF-8");
    skip_blanks(&r);
    if (r.i == text.n) {
        *out = fq_node(c, Q_ALL, 0);
        return true;
    }
    if (!read_clauses(&r, (str){ 0 }, 0, out))
        return false;
    return r.i == text.n || wrong(&r, "a parenthesis is closed that was not opened");
}
