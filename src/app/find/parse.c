/* parse — what people type becomes a query. Nothing typed is an error: a quote
 * that is not closed, a field that does not exist, a date that is none are
 * words like any other. docs/search.md tells people what can be said. */
#include "app/find/inside.h"

#define MOST_CHARS 250
#define MOST_ITEMS 64

typedef struct {
    search_node *node;
    bool plain;              /* words without a field, which join with their neighbours */
    bool or_before;
} item;

typedef struct {
    ctx   *c;
    str    text;
    size_t i;
    item   items[MOST_ITEMS];
    size_t n;
} reader;

static search_node *new_node(ctx *c, search_op op)
{
    search_node *n = new (c->a, search_node);
    n->op = op;
    return n;
}

static search_node *new_text(ctx *c, search_op op, str text, unsigned fields)
{
    search_node *n = new_node(c, op);
    n->text = text;
    n->fields = fields;
    return n;
}

static search_node *new_not(ctx *c, search_node *kid)
{
    search_node *n = new_node(c, Q_NOT);
    n->kids = new (c->a, search_node *);
    n->kids[0] = kid;
    n->kid_count = 1;
    return n;
}

static size_t blank_at(str s, size_t i)      /* bytes of the blank there; 0: none */
{
    if (i >= s.n)
        return 0;
    if ((unsigned char)s.p[i] <= ' ')
        return 1;
    return str_starts(str_from(s, i), S("\xe3\x80\x80")) ? 3 : 0;      /* U+3000 */
}

static void skip_blanks(reader *r)
{
    for (size_t n; (n = blank_at(r->text, r->i)) > 0;)
        r->i += n;
}

/* The text between the quotes that begin here. False: none begin, or they are not closed. */
static bool quoted(reader *r, str *out)
{
    static const struct { str open, close; } pairs[] = {
        { S_INIT("\""), S_INIT("\"") }, { S_INIT("「"), S_INIT("」") }, { S_INIT("『"), S_INIT("』") },
        { S_INIT("“"), S_INIT("”") }, { S_INIT("＂"), S_INIT("＂") }, { S_INIT("《"), S_INIT("》") },
    };
    str rest = str_from(r->text, r->i);
    for (size_t k = 0; k < array_len(pairs); k++) {
        if (!str_starts(rest, pairs[k].open))
            continue;
        str in = str_from(rest, pairs[k].open.n);
        size_t end = str_find(in, pairs[k].close);
        if (end == in.n)
            return false;
        *out = str_sub(in, 0, end);
        r->i += pairs[k].open.n + end + pairs[k].close.n;
        return true;
    }
    return false;
}

static str up_to_blank(reader *r)
{
    size_t from = r->i;
    while (r->i < r->text.n && blank_at(r->text, r->i) == 0)
        r->i++;
    return str_sub(r->text, from, r->i);
}

static bool field_and_value(str word, str *field, str *value)
{
    str other, rest;
    if (!str_cut(word, S(":"), field, value))
        *field = word;
    if (str_cut(word, S("："), &other, &rest) && other.n < field->n) {
        *field = other;
        *value = rest;
    }
    return field->n < word.n && field->n > 0;
}

static search_node *values_node(ctx *c, find_value field, str typed)
{
    search_node *n = new_node(c, Q_VALUE);
    n->field = (int)(field == FIND_ORG ? FIND_ORG_TREE : field);      /* with all that lies below it */
    n->text = typed;
    if (str_eq(typed, S("*"))) {
        n->op = Q_VALUE_ANY;
    } else if (str_find_byte(typed, '*') < typed.n || str_find_byte(typed, '?') < typed.n) {
        n->op = Q_VALUE_WILD;
    } else if (!find_code_of(c, field, typed, &n->text) && (field == FIND_ORG || field == FIND_ORG_TREE)) {
        return new_text(c, Q_TEXT, typed, 1u << FIND_ORG_NAME);       /* part of a name */
    }
    return n;
}

static bool number_at(str s, int64_t *lo, int64_t *hi)
{
    if (!str_to_i64(s, lo))
        return false;
    *hi = *lo;
    return true;
}

/* A date or a number, as far as the field has it. */
static bool point(find_number field, str s, int64_t *lo, int64_t *hi)
{
    s = str_trim(s);
    return field <= FIND_MODIFIED ? find_period(s, lo, hi) : number_at(s, lo, hi);
}

static bool two_ends(find_number field, str value, str sep, search_node *n)
{
    str from, to;
    int64_t lo, hi;
    if (!str_cut(value, sep, &from, &to) || (str_trim(from).n == 0 && str_trim(to).n == 0))
        return false;
    if (str_trim(from).n > 0 && !point(field, from, &n->lo, &hi))
        return false;
    return str_trim(to).n == 0 || point(field, to, &lo, &n->hi);
}

/* 2020..2024  2020..  ..2024  >=2023-01-01  <2020  2024-05 */
static search_node *range_node(ctx *c, find_number field, str value)
{
    static const str seps[] = { S_INIT(".."), S_INIT("~"), S_INIT("～"), S_INIT("…") };
    search_node *n = new_node(c, Q_RANGE);
    int64_t lo, hi;
    n->field = (int)field;
    for (size_t k = 0; k < array_len(seps); k++) {
        n->lo = INT64_MIN;
        n->hi = INT64_MAX;
        if (str_find(value, seps[k]) < value.n)
            return two_ends(field, value, seps[k], n) ? n : NULL;
    }
    bool less = str_starts(value, S("<")), more = str_starts(value, S(">"));
    bool equal = (less || more) && str_starts(str_from(value, 1), S("="));
    if (!point(field, str_from(value, (size_t)(less || more) + equal), &lo, &hi))
        return NULL;
    if (more)
        n->lo = equal ? lo : hi < INT64_MAX ? hi + 1 : hi;
    else if (less)
        n->hi = equal ? hi : lo > INT64_MIN ? lo - 1 : lo;
    else {
        n->lo = lo;
        n->hi = hi;
    }
    return n;
}

static search_node *field_node(ctx *c, str name, str value, bool exact)
{
    find_value v;
    find_number k;
    find_text t;
    bool is_value = find_value_of(name, &v);
    if (find_number_of(name, &k)) {
        search_node *n = range_node(c, k, value);
        if (n != NULL || !is_value)
            return n;
    }
    if (is_value)
        return values_node(c, v, value);
    if (find_text_of(name, &t))
        return new_text(c, exact ? Q_PHRASE : Q_TEXT, value, 1u << t);
    return NULL;
}

/* field:value or field:"value of several words"; NULL: it is no such form. */
static search_node *read_field(reader *r)
{
    size_t from = r->i;
    str word = up_to_blank(r), name, value;
    search_node *n = NULL;
    if (field_and_value(word, &name, &value)) {
        size_t behind = r->i;
        bool exact = false;
        r->i = from + word.n - value.n;
        if (quoted(r, &value))
            exact = true;
        else
            r->i = behind;
        if (str_trim(value).n > 0)
            n = field_node(r->c, name, str_trim(value), exact);
    }
    if (n == NULL)
        r->i = from;
    return n;
}

static bool latin(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 128)
            return false;
    return s.n > 0;
}

/* A word ends at a blank and where quotes that are closed begin: 臺北「公車站牌」 are two. */
static str read_word(reader *r)
{
    size_t from = r->i;
    str ignored;
    while (r->i < r->text.n && blank_at(r->text, r->i) == 0) {
        size_t at = r->i;
        if (at > from && quoted(r, &ignored)) {
            r->i = at;
            break;
        }
        r->i = at;
        (void)utf8_next(r->text, &r->i);
    }
    return str_sub(r->text, from, r->i);
}

static item read_item(reader *r)
{
    str text;
    item it = { 0 };
    if (quoted(r, &text)) {
        it.node = new_text(r->c, Q_PHRASE, text, 0);
        return it;
    }
    it.node = read_field(r);
    if (it.node != NULL)
        return it;
    text = read_word(r);
    if (str_ends(text, S("*")) && latin(text)) {
        it.node = text.n > 1 ? new_text(r->c, Q_PREFIX, str_sub(text, 0, text.n - 1), 0) : new_node(r->c, Q_ALL);
        return it;
    }
    it.plain = true;
    it.node = new_text(r->c, Q_TEXT, text, 0);
    return it;
}

static bool operator(reader *r, str word)
{
    str rest = str_from(r->text, r->i);
    if (!str_starts(rest, word) || blank_at(rest, word.n) == 0)
        return false;
    r->i += word.n;
    skip_blanks(r);
    return r->i < r->text.n;
}

/* A minus before a word without a blank between; in full width, too. */
static bool minus(reader *r)
{
    static const str signs[] = { S_INIT("-"), S_INIT("－"), S_INIT("−"), S_INIT("!"), S_INIT("！") };
    str rest = str_from(r->text, r->i);
    for (size_t k = 0; k < array_len(signs); k++)
        if (str_starts(rest, signs[k]) && rest.n > signs[k].n && blank_at(rest, signs[k].n) == 0) {
            r->i += signs[k].n;
            return true;
        }
    return false;
}

static void read_all(reader *r)
{
    for (skip_blanks(r); r->i < r->text.n && r->n < MOST_ITEMS; skip_blanks(r)) {
        bool either = r->n > 0 && (operator(r, S("OR")) || operator(r, S("|")) || operator(r, S("或")));
        if (!either)
            (void)(operator(r, S("AND")) || operator(r, S("&")));
        bool without = operator(r, S("NOT")) || minus(r);
        item it = read_item(r);
        if (without) {
            it.node = new_not(r->c, it.node);
            it.plain = false;
        }
        it.or_before = either;
        r->items[r->n++] = it;
    }
}

static search_node *joined(ctx *c, search_op op, search_node **kids, size_t n)
{
    if (n == 1)
        return kids[0];
    search_node *all = new_node(c, op);
    all->kids = kids;
    all->kid_count = n;
    return all;
}

search_node *find_parse(ctx *c, str words)
{
    reader *r = new (c->a, reader);
    r->c = c;
    r->text = utf8_cut_chars(words, MOST_CHARS);
    read_all(r);
    if (r->n == 0)
        return NULL;
    search_node **all = new_n(c->a, search_node *, r->n + 1);
    buf plain = buf_in(c->a);
    size_t n = 0;
    for (size_t i = 0, end; i < r->n; i = end) {
        for (end = i + 1; end < r->n && r->items[end].or_before; end++)
            continue;
        if (end == i + 1 && r->items[i].plain) {        /* plain words become one text */
            if (plain.n > 0)
                buf_byte(&plain, ' ');
            buf_add(&plain, r->items[i].node->text);
            continue;
        }
        search_node **any = new_n(c->a, search_node *, end - i);
        for (size_t k = i; k < end; k++)
            any[k - i] = r->items[k].node;
        all[n++] = joined(c, Q_OR, any, end - i);
    }
    if (plain.n > 0)
        all[n++] = new_text(c, Q_TEXT, buf_str(&plain), 0);
    return joined(c, Q_AND, all, n);
}
