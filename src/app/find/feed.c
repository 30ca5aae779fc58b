/* feed — rows of the record become documents of the index, a few thousand at a
 * time: first the distributions of a range of datasets, then the datasets
 * themselves, so memory does not grow with the catalogue. */
#include "app/find/inside.h"
#include "kit/text/json_read.h"

#define RANGE 2000

typedef struct {
    buf      texts, fields;          /* values of a field are lines */
    str_list formats;
    int64_t  count;
} files;

typedef struct {
    struct find *f;
    int64_t      first;              /* dataset of slot 0 */
    const int64_t *ids;              /* or: slot i is ids[i], rising */
    size_t       n;
    files       *slot;
    bool        *seen;
} feed;

void find_orgs_free(find_orgs *o)
{
    if (o != NULL)
        arena_free(o->a);
}

bool find_load_orgs(ctx *c, struct find *f)
{
    arena *a = arena_new(65536), *keep = c->a;
    find_orgs *o = new (a, find_orgs);
    *o = (find_orgs){ .a = a, .by_slug = map_in(a), .by_name = map_in(a) };
    c->a = a;
    bool ok = q_find_organizations(c, &o->list);
    c->a = keep;
    if (!ok) {
        if (!str_empty(c->err.message))
            c->err.message = str_dup(keep, c->err.message);
        arena_free(a);
        return false;
    }
    list_each(find_organization, org, &o->list) {
        map_set_ptr(&o->by_slug, org->slug, org);
        const str names[] = { org->name, org->short_name, org->name_en, org->code };
        for (size_t i = 0; i < array_len(names); i++)
            if (names[i].n > 0 && map_get(&o->by_name, search_norm(a, f->index, names[i])) == NULL)
                map_set_ptr(&o->by_name, search_norm(a, f->index, names[i]), org);
    }
    pthread_rwlock_wrlock(&f->names);
    find_orgs *old = f->orgs;
    f->orgs = o;
    pthread_rwlock_unlock(&f->names);
    find_orgs_free(old);
    return true;
}

const find_organization *find_org_by_id(const find_orgs *o, int64_t id)
{
    size_t low = 0, high = o->list.n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (o->list.v[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < o->list.n && o->list.v[low].id == id ? &o->list.v[low] : NULL;
}

static size_t slot_of(const feed *d, int64_t id)
{
    if (d->ids == NULL)
        return (size_t)(id - d->first);
    size_t low = 0, high = d->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (d->ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    must(low < d->n && d->ids[low] == id);
    return low;
}

static void add_line(buf *b, str s)
{
    if (s.n == 0)
        return;
    if (b->n > 0)
        buf_byte(b, '\n');
    buf_add(b, s);
}

/* Names and descriptions of columns: [{"name": …, "description": …}]. */
static void add_columns(ctx *c, buf *b, str fields)
{
    json all;
    if (fields.n < 3)
        return;
    if (!json_parse(c, fields, &all) || all.type != JSON_ARR) {
        err_clear(c);
        add_line(b, fields);
        return;
    }
    for (size_t i = 0; i < all.arr.n; i++) {
        const json *one = &all.arr.v[i];
        if (one->type == JSON_STR)
            add_line(b, one->s);
        add_line(b, json_get_text(c, one, "name"));
        add_line(b, json_get_text(c, one, "description"));
    }
}

static bool take_file(ctx *c, const find_file *row, void *data)
{
    feed *d = data;
    files *s = &d->slot[slot_of(d, row->dataset_id)];
    if (s->texts.a == NULL)
        *s = (files){ .texts = buf_in(c->a), .fields = buf_in(c->a) };
    s->count++;
    /* Files of one dataset are often called alike: once is enough. */
    if (row->title.n > 0 && !str_has(buf_str(&s->texts), row->title))
        add_line(&s->texts, row->title);
    if (row->description.n > 0 && !str_has(buf_str(&s->texts), row->description))
        add_line(&s->texts, row->description);
    add_columns(c, &s->fields, row->fields);
    bool known = row->format.n == 0;
    for (size_t i = 0; i < s->formats.n && !known; i++)
        known = str_eq(s->formats.v[i], row->format);
    if (!known)
        list_add(c->a, &s->formats, str_dup(c->a, row->format));
    return true;
}

typedef struct {
    struct { search_value *v; size_t n, cap; } values;
    str texts[FIND_TEXTS];
    int64_t numbers[FIND_NUMBERS];
} document;

static void add_value(ctx *c, document *doc, find_value field, str value)
{
    if (value.n > 0)
        list_add(c->a, &doc->values, (search_value){ (int)field, value });
}

static void add_keywords(ctx *c, document *doc, str keywords)
{
    buf lines = buf_in(c->a);
    json all;
    doc->numbers[FIND_NUM_TAGS] = 0;
    if (keywords.n < 3)
        return;
    if (!json_parse(c, keywords, &all) || all.type != JSON_ARR) {
        err_clear(c);
        return;
    }
    for (size_t i = 0; i < all.arr.n; i++) {
        str word = json_text(c, &all.arr.v[i]);
        add_value(c, doc, FIND_TAG, word);
        add_line(&lines, word);
    }
    doc->numbers[FIND_NUM_TAGS] = (int64_t)all.arr.n;
    doc->texts[FIND_KEYWORDS] = buf_str(&lines);
}

static void add_organization(ctx *c, const find_orgs *orgs, document *doc, int64_t id)
{
    const find_organization *o = find_org_by_id(orgs, id);
    if (o == NULL)
        return;
    buf names = buf_in(c->a);
    add_line(&names, o->name);
    add_line(&names, o->short_name);
    add_line(&names, o->name_en);
    doc->texts[FIND_ORG_NAME] = buf_str(&names);
    add_value(c, doc, FIND_ORG, o->slug);
    for (int depth = 0; o != NULL && depth < 16; depth++, o = find_org_by_id(orgs, o->parent_id))
        add_value(c, doc, FIND_ORG_TREE, o->slug);
}

static str one_digit(ctx *c, int64_t n)
{
    return n >= 0 && n <= 9 ? str_sub(S("0123456789"), (size_t)n, (size_t)n + 1) : str_fmt(c->a, "%" PRId64, n);
}

static void add_facts(ctx *c, document *doc, const find_row *r)
{
    const struct { find_value field; str value; } facts[] = {
        { FIND_CATEGORY, r->category }, { FIND_THEME, r->theme }, { FIND_LICENCE, r->licence },
        { FIND_FREQUENCY, r->frequency }, { FIND_OPEN, r->openness }, { FIND_CLASS, r->class },
        { FIND_STATE, r->state }, { FIND_SOURCE, r->source }, { FIND_TYPE, r->type }, { FIND_COST, r->cost },
        { FIND_BADGE, r->quality_badge }, { FIND_SLUG, r->slug }, { FIND_UID, r->uid },
        { FIND_STAR, one_digit(c, r->rating) }, { FIND_STAR_BY, r->rating_by },
    };
    for (size_t i = 0; i < array_len(facts); i++)
        add_value(c, doc, facts[i].field, facts[i].value);
    policy_state state;
    policy_class class;
    int64_t sight = SEARCH_NO_NUMBER;      /* of a kind that we do not know: nobody sees it */
    if (policy_state_of(r->state, &state) && policy_class_of(r->class, &class))
        sight = (int64_t)state * CLASS_COUNT + (int64_t)class;
    doc->numbers[FIND_SIGHT] = sight;
    doc->numbers[FIND_UPDATED] = r->updated_at_null ? r->created_at : r->updated_at;
    doc->numbers[FIND_ISSUED] = r->issued_at_null ? SEARCH_NO_NUMBER : r->issued_at;
    doc->numbers[FIND_CREATED] = r->created_at;
    doc->numbers[FIND_MODIFIED] = r->modified_at;
    doc->numbers[FIND_POPULARITY] = r->view_count + 3 * r->download_count;
    doc->numbers[FIND_STARS] = r->rating;
    doc->numbers[FIND_COMPLETENESS] = r->completeness;
}

static bool take_row(ctx *c, const find_row *r, void *data)
{
    feed *d = data;
    size_t at = slot_of(d, r->id);
    files *s = &d->slot[at];
    arena_mark m = arena_here(c->a);
    document doc = { 0 };
    buf title = buf_in(c->a), name = buf_in(c->a), fields = buf_in(c->a);
    add_line(&title, r->title);
    add_line(&title, r->title_en);
    add_line(&name, r->slug);
    if (!str_has(r->slug, r->identifier))
        add_line(&name, r->identifier);
    if (!str_has(r->slug, r->source_key) && !str_eq(r->identifier, r->source_key))
        add_line(&name, r->source_key);
    add_line(&fields, r->field_description);
    add_line(&fields, buf_str(&s->fields));
    doc.texts[FIND_TITLE] = buf_str(&title);
    doc.texts[FIND_NAME] = buf_str(&name);
    doc.texts[FIND_DESCRIPTION] = r->description;
    doc.texts[FIND_FIELDS] = buf_str(&fields);
    doc.texts[FIND_RESOURCES] = buf_str(&s->texts);
    add_keywords(c, &doc, r->keywords);
    add_organization(c, d->f->orgs, &doc, r->organization_id);
    add_facts(c, &doc, r);
    for (size_t i = 0; i < s->formats.n; i++)
        add_value(c, &doc, FIND_FORMAT, s->formats.v[i]);
    doc.numbers[FIND_NUM_RESOURCES] = s->count;
    search_put(d->f->index, &(search_doc){ .id = r->id, .texts = doc.texts, .numbers = doc.numbers, .values = doc.values.v,
                                           .value_count = doc.values.n, .sort_title = r->title });
    if (d->seen != NULL)
        d->seen[at] = true;
    arena_back(c->a, m);
    return true;
}

bool find_feed_range(ctx *c, struct find *f, int64_t first, int64_t past)
{
    for (int64_t from = first; from < past; from += RANGE) {
        int64_t to = past - from > RANGE ? from + RANGE : past;
        arena_mark m = arena_here(c->a);
        feed d = { .f = f, .first = from, .n = (size_t)(to - from) };
        d.slot = new_n(c->a, files, d.n);
        if (!q_find_files(c, from, to, take_file, &d) || !q_find_rows(c, from, to, take_row, &d))
            return false;
        arena_back(c->a, m);
    }
    return true;
}

static int compare_ids(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* One portion of ids, sorted and each once. */
static bool feed_some(ctx *c, struct find *f, const int64_t *ids, size_t n)
{
    feed d = { .f = f, .ids = ids, .n = n, .slot = new_n(c->a, files, n), .seen = new_n(c->a, bool, n) };
    q_ints which = { ids, n };
    if (!q_find_files_of(c, which, take_file, &d) || !q_find_rows_of(c, which, take_row, &d))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!d.seen[i])
            search_remove(f->index, ids[i]);
    return true;
}

bool find_feed_ids(ctx *c, struct find *f, const int64_t *ids, size_t n)
{
    int64_t *own = new_n(c->a, int64_t, n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) /* ledger rows of other subjects name no dataset: ids may be NULL */
        own[i] = ids[i];
    if (n > 1)
        qsort(own, n, sizeof *own, compare_ids);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || own[kept - 1] != own[i])
            own[kept++] = own[i];
    for (size_t i = 0; i < kept; i += RANGE) {
        arena_mark m = arena_here(c->a);
        if (!feed_some(c, f, own + i, kept - i < RANGE ? kept - i : RANGE))
            return false;
        arena_back(c->a, m);
    }
    return true;
}
