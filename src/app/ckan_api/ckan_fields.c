#include "app/ckan_api/ckan_fields.h"

#include "app/site/site.h"
#include "queries.h"

#define TEXT(f) (1 << (f))

typedef struct {
    const char *name;
    ckan_field  field;
} named;

static const named fields[] = {
    { "text", { .kind = FIELD_TEXT } },
    { "title", { FIELD_TEXT, TEXT(FIND_TITLE), { 0 } } },
    { "title_string", { FIELD_TEXT, TEXT(FIND_TITLE), { 0 } } },
    { "title_ngram", { FIELD_TEXT, TEXT(FIND_TITLE), { 0 } } },
    { "name_ngram", { FIELD_TEXT, TEXT(FIND_NAME), { 0 } } },
    { "notes", { FIELD_TEXT, TEXT(FIND_DESCRIPTION), { 0 } } },
    { "res_name", { FIELD_TEXT, TEXT(FIND_RESOURCES), { 0 } } },
    { "res_description", { FIELD_TEXT, TEXT(FIND_RESOURCES), { 0 } } },
    { "res_url", { .kind = FIELD_URL } },
    { "author", { .kind = FIELD_AUTHOR } },
    { "maintainer", { .kind = FIELD_MAINTAINER } },
    { "owner_org", { .kind = FIELD_OWNER } },
    { "organization", { FIELD_VALUE, FIND_ORG, { 0 } } },
    { "groups", { FIELD_VALUE, FIND_THEME, { 0 } } },
    { "tags", { FIELD_VALUE, FIND_TAG, { 0 } } },
    { "res_format", { FIELD_VALUE, FIND_FORMAT, { 0 } } },
    { "license_id", { FIELD_VALUE, FIND_LICENCE, { 0 } } },
    { "license", { FIELD_VALUE, FIND_LICENCE, { 0 } } },
    { "name", { FIELD_VALUE, FIND_SLUG, { 0 } } },
    { "id", { FIELD_VALUE, FIND_UID, { 0 } } },
    { "state", { FIELD_SAME, 0, S_INIT("active") } },
    { "type", { FIELD_SAME, 0, S_INIT("dataset") } },
    { "dataset_type", { FIELD_SAME, 0, S_INIT("dataset") } },
    { "entity_type", { FIELD_SAME, 0, S_INIT("package") } },
    { "capacity", { FIELD_SAME, 0, S_INIT("public") } },
    { "private", { FIELD_SAME, 0, S_INIT("false") } },
    { "metadata_created", { FIELD_DATE, FIND_CREATED, { 0 } } },
    { "metadata_modified", { FIELD_DATE, FIND_MODIFIED, { 0 } } },
    { "num_resources", { FIELD_NUMBER, FIND_NUM_RESOURCES, { 0 } } },
    { "num_tags", { FIELD_NUMBER, FIND_NUM_TAGS, { 0 } } },
};

/* Keys of a package's extras; those that are not in the index are named, so that nobody takes silence for “none”. */
static const named extras[] = {
    { "identifier", { FIELD_TEXT, TEXT(FIND_NAME), { 0 } } },
    { "source_key", { FIELD_TEXT, TEXT(FIND_NAME), { 0 } } },
    { "source", { FIELD_VALUE, FIND_SOURCE, { 0 } } },
    { "class", { FIELD_VALUE, FIND_CLASS, { 0 } } },
    { "categoryCode", { FIELD_VALUE, FIND_CATEGORY, { 0 } } },
    { "theme", { FIELD_VALUE, FIND_THEME, { 0 } } },
    { "fieldDescription", { FIELD_TEXT, TEXT(FIND_FIELDS), { 0 } } },
    { "dataset_type", { FIELD_VALUE, FIND_TYPE, { 0 } } },
    { "cost", { FIELD_VALUE, FIND_COST, { 0 } } },
    { "publisher", { FIELD_TEXT, TEXT(FIND_ORG_NAME), { 0 } } },
    { "organization_name", { .kind = FIELD_MAINTAINER } },
    { "frequency", { FIELD_VALUE, FIND_FREQUENCY, { 0 } } },
    { "issued", { FIELD_DATE, FIND_ISSUED, { 0 } } },
    { "modified", { FIELD_DATE, FIND_UPDATED, { 0 } } },
    { "dataQuality", { FIELD_VALUE, FIND_BADGE, { 0 } } },
    { "title_en", { FIELD_TEXT, TEXT(FIND_TITLE), { 0 } } },
    { "star", { FIELD_VALUE, FIND_STAR, { 0 } } },
    { "star_by", { FIELD_VALUE, FIND_STAR_BY, { 0 } } },
    { "open_verdict", { FIELD_VALUE, FIND_OPEN, { 0 } } },
    { "completeness", { FIELD_NUMBER, FIND_COMPLETENESS, { 0 } } },
};
static const char *const extras_unsearched[] = {
    "categoryDataset", "costURL", "costLaw", "publisherOID", "publisherOrgCode", "accrualPeriodicity", "temporalCoverageFrom",
    "temporalCoverageTo", "spatial", "language", "landingPage", "numberOfData", "note", "source_extra",
};
static const named vocabularies[] = {
    { "category", { FIELD_VALUE, FIND_CATEGORY, { 0 } } },
    { "theme", { FIELD_VALUE, FIND_THEME, { 0 } } },
    { "frequency", { FIELD_VALUE, FIND_FREQUENCY, { 0 } } },
};

static bool look_up(const named *all, size_t n, str name, ckan_field *out)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(name, str_of(all[i].name))) {
            *out = all[i].field;
            return true;
        }
    return false;
}

static bool extra_of(ctx *c, str key, ckan_field *out)
{
    if (look_up(extras, array_len(extras), key, out))
        return true;
    for (size_t i = 0; i < array_len(extras_unsearched); i++)
        if (str_eq(key, str_of(extras_unsearched[i])))
            return fail(c, INVALID, "extras_%.*s cannot be searched by", S_ARG(key));
    *out = (ckan_field){ .kind = FIELD_NEVER };
    return true;
}

bool ckan_field_of(ctx *c, str name, ckan_field *out)
{
    find_value v;
    find_number n;
    find_text t;
    if (look_up(fields, array_len(fields), name, out))
        return true;
    if (str_starts(name, S("extras_")))
        return extra_of(c, str_from(name, 7), out);
    if (str_starts(name, S("vocab_")) && look_up(vocabularies, array_len(vocabularies), str_from(name, 6), out))
        return true;
    if (str_eq(name, S("site_id")))
        *out = (ckan_field){ .kind = FIELD_SAME, .same = c->site->id };
    else if (find_value_of(name, &v))
        *out = (ckan_field){ .kind = FIELD_VALUE, .field = (int)v };
    else if (find_number_of(name, &n))
        *out = (ckan_field){ .kind = n <= FIND_MODIFIED ? FIELD_DATE : FIELD_NUMBER, .field = (int)n };
    else if (find_text_of(name, &t))
        *out = (ckan_field){ .kind = FIELD_TEXT, .field = TEXT(t) };
    else
        return fail(c, INVALID, "undefined field %.*s", S_ARG(utf8_cut(name, 60)));
    return true;
}

/* --- leaves --- */

static bool everything(const fq_leaf *l)
{
    return (l->kind == FQ_WILD && str_eq(l->text, S("*")))
        || (l->kind == FQ_RANGE && str_eq(l->from, S("*")) && str_eq(l->to, S("*")));
}

static bool no_range(ctx *c, const fq_leaf *l)
{
    return l->kind != FQ_RANGE || fail(c, INVALID, "%.*s has no ranges: only dates and numbers have", S_ARG(utf8_cut(l->field, 60)));
}

/* Words that begin so; for Chinese, which has no blanks, what stands between the stars is a phrase. */
static bool wild_text(ctx *c, const fq_leaf *l, search_node *n)
{
    str inner = l->text;
    while (inner.n > 0 && inner.p[0] == '*')
        inner = str_from(inner, 1);
    bool open = str_ends(inner, S("*"));
    while (str_ends(inner, S("*")))
        inner.n--;
    if (str_find_byte(inner, '*') < inner.n || str_find_byte(inner, '?') < inner.n)
        return fail(c, INVALID, "in words of text only a * at the end can be searched: %.*s", S_ARG(utf8_cut(l->text, 60)));
    bool latin = true;
    for (size_t i = 0; i < inner.n && latin; i++)
        latin = (unsigned char)inner.p[i] < 128;
    n->op = open && latin ? Q_PREFIX : Q_PHRASE;
    n->text = inner;
    return true;
}

static bool text_leaf(ctx *c, const ckan_field *f, const fq_leaf *l, search_node *n)
{
    n->fields = (unsigned)f->field;
    n->text = l->text;
    n->boost = l->boost;
    if (everything(l)) {
        n->op = Q_ALL;
        return f->field == 0 || f->field == TEXT(FIND_TITLE)
            || fail(c, INVALID, "%.*s:* cannot be searched", S_ARG(utf8_cut(l->field, 60)));
    }
    n->op = l->kind == FQ_PHRASE ? Q_PHRASE : Q_TEXT;
    return no_range(c, l) && (l->kind != FQ_WILD || wild_text(c, l, n));
}

/* A publisher by its id or by a name it had before, too. */
static bool organization_slug(ctx *c, str *key)
{
    ckan_organization_key row;
    bool found;
    if (!q_ckan_organization_by_key(c, *key, &row, &found))
        return false;
    if (found)
        *key = row.slug;
    return true;
}

static str upper(ctx *c, str s)
{
    buf b = buf_in(c->a);
    for (size_t i = 0; i < s.n; i++)
        buf_byte(&b, (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 'a' + 'A' : s.p[i]));
    return buf_str(&b);
}

/* As it is written, or in capitals as the register of formats writes it. */
static void or_upper(ctx *c, search_node *n)
{
    search_node *any = fq_node(c, Q_OR, 2);
    for (; any->kid_count < 2; any->kid_count++) {
        search_node *one = fq_node(c, n->op, 0);
        one->field = n->field;
        one->text = any->kid_count == 0 ? n->text : upper(c, n->text);
        any->kids[any->kid_count] = one;
    }
    *n = *any;
}

static bool value_leaf(ctx *c, const ckan_field *f, const fq_leaf *l, search_node *n)
{
    n->op = everything(l) ? Q_VALUE_ANY : l->kind == FQ_WILD ? Q_VALUE_WILD : Q_VALUE;
    n->field = f->field;
    n->text = l->text;
    if (n->op == Q_VALUE_ANY)
        return true;
    if (f->field == FIND_FORMAT && !str_eq(upper(c, l->text), l->text))
        or_upper(c, n);
    return no_range(c, l) && (n->op != Q_VALUE || f->field != FIND_ORG || organization_slug(c, &n->text));
}

static bool same_leaf(ctx *c, const ckan_field *f, const fq_leaf *l, search_node *n)
{
    n->op = everything(l) || (l->kind != FQ_WILD && str_ieq(l->text, f->same)) ? Q_ALL : Q_NONE;
    return n->op == Q_ALL || no_range(c, l);
}

typedef bool point_fn(ctx *c, const ckan_field *f, str text, ckan_clock *clock, int64_t *lo, int64_t *hi);

static bool point(ctx *c, const ckan_field *f, str text, ckan_clock *clock, int64_t *lo, int64_t *hi)
{
    if (f->kind == FIELD_DATE)
        return fq_date(str_trim(text), clock->now, lo, hi, &clock->used)
            || fail(c, INVALID, "“%.*s” is no date: 2020-01-31T00:00:00Z or NOW-1MONTH is one", S_ARG(utf8_cut(text, 60)));
    *hi = 0;
    if (!str_to_i64(text, lo))
        return fail(c, INVALID, "“%.*s” is no whole number", S_ARG(utf8_cut(text, 60)));
    *hi = *lo;
    return true;
}

static bool range_leaf(ctx *c, const ckan_field *f, const fq_leaf *l, ckan_clock *clock, search_node *n)
{
    int64_t lo, hi;
    n->op = Q_RANGE;
    n->field = f->field;
    n->lo = INT64_MIN + 1;          /* INT64_MIN says that there is no number */
    n->hi = INT64_MAX;
    if (everything(l))
        return true;
    if (l->kind != FQ_RANGE)
        return point(c, f, l->text, clock, &n->lo, &n->hi);
    if (!str_eq(l->from, S("*"))) {
        if (!point(c, f, l->from, clock, &lo, &hi))
            return false;
        n->lo = l->from_in ? lo : hi < INT64_MAX ? hi + 1 : hi;
    }
    if (!str_eq(l->to, S("*"))) {
        if (!point(c, f, l->to, clock, &lo, &hi))
            return false;
        n->hi = l->to_in ? hi : lo > INT64_MIN ? lo - 1 : lo;
    }
    return true;
}

/* Solr's wildcards, or for people any part of the name, as a LIKE pattern with ! as its escape. */
static str pattern_of(ctx *c, const fq_leaf *l, bool part)
{
    buf b = buf_in(c->a);
    if (part)
        buf_byte(&b, '%');
    for (size_t i = 0; i < l->text.n; i++) {
        char ch = l->text.p[i];
        if (l->kind == FQ_WILD && (ch == '*' || ch == '?')) {
            buf_byte(&b, ch == '*' ? '%' : '_');
            continue;
        }
        if (ch == '%' || ch == '_' || ch == '!')
            buf_byte(&b, '!');
        buf_byte(&b, ch);
    }
    if (part)
        buf_byte(&b, '%');
    return buf_str(&b);
}

static bool record_leaf(ctx *c, const ckan_field *f, const fq_leaf *l, search_node *n)
{
    ckan_dataset_id_list rows = { 0 };
    if (!no_range(c, l))
        return false;
    str like = str_lower(c->a, pattern_of(c, l, f->kind != FIELD_URL));
    bool fine = f->kind == FIELD_URL ? q_ckan_urls(c, like, &rows)
              : f->kind == FIELD_AUTHOR ? q_ckan_people(c, like, &rows) : q_ckan_maintainers(c, like, &rows);
    int64_t *ids = new_n(c->a, int64_t, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        ids[i] = rows.v[i].id;
    n->op = Q_IDS;
    n->ids = ids;
    n->id_count = rows.n;
    return fine;
}

static bool owner_leaf(ctx *c, const fq_leaf *l, search_node *n)
{
    n->op = everything(l) ? Q_VALUE_ANY : Q_VALUE;
    n->field = FIND_ORG;
    n->text = l->text;
    return n->op == Q_VALUE_ANY || (no_range(c, l) && organization_slug(c, &n->text));
}

bool ckan_field_leaf(ctx *c, void *data, const fq_leaf *l, search_node **out)
{
    ckan_field f = { .kind = FIELD_TEXT };
    search_node *n = *out = fq_node(c, Q_ALL, 0);
    if (str_eq(l->field, S("*")))
        return everything(l) || fail(c, INVALID, "the field * goes with *:* only");
    if (l->field.n > 0 && !ckan_field_of(c, l->field, &f))
        return false;
    switch (f.kind) {
    case FIELD_TEXT:
        return text_leaf(c, &f, l, n);
    case FIELD_VALUE:
        return value_leaf(c, &f, l, n);
    case FIELD_NUMBER:
    case FIELD_DATE:
        return range_leaf(c, &f, l, data, n);
    case FIELD_SAME:
        return same_leaf(c, &f, l, n);
    case FIELD_OWNER:
        return owner_leaf(c, l, n);
    case FIELD_URL:
    case FIELD_AUTHOR:
    case FIELD_MAINTAINER:
        return record_leaf(c, &f, l, n);
    case FIELD_NEVER:
        break;
    }
    n->op = Q_NONE;
    return true;
}

/* --- order --- */

static bool sort_key(ctx *c, str name, bool descending, search_sort *out)
{
    ckan_field f;
    if (str_eq(name, S("score"))) {
        *out = (search_sort){ .by = SORT_SCORE };
        return descending || fail(c, INVALID, "score can only be sorted desc");
    }
    if (str_eq(name, S("title")) || str_eq(name, S("title_string"))) {
        *out = (search_sort){ .by = SORT_TITLE, .descending = descending };
        return true;
    }
    if (!ckan_field_of(c, name, &f))
        return false;
    if (f.kind == FIELD_NUMBER || f.kind == FIELD_DATE)
        *out = (search_sort){ SORT_NUMBER, f.field, descending };
    else if (f.kind == FIELD_VALUE && f.field != FIND_TAG && f.field != FIND_FORMAT && f.field != FIND_ORG_TREE)
        *out = (search_sort){ SORT_VALUE, f.field, descending };
    else
        return fail(c, INVALID, "%.*s cannot be sorted by", S_ARG(utf8_cut(name, 60)));
    return true;
}

bool ckan_field_sort(ctx *c, str text, search_query *q)
{
    for (str one; text.n > 0 && str_next(&text, ',', &one);) {
        str name, way;
        if (str_trim(one).n == 0)
            continue;
        (void)str_cut(str_trim(one), S(" "), &name, &way);
        way = str_trim(way);
        bool descending = str_ieq(way, S("desc"));
        if (!descending && way.n > 0 && !str_ieq(way, S("asc")))
            return fail(c, INVALID, "Invalid “sort” parameter: a field is followed by asc or desc");
        if (q->sort_count == array_len(q->sort))
            return fail(c, INVALID, "Invalid “sort” parameter: at most %zu fields", array_len(q->sort));
        if (!sort_key(c, name, descending, &q->sort[q->sort_count++]))
            return false;
    }
    return true;
}
