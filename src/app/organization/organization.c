#include "app/organization/organization.h"

#include "app/ledger/uid.h"
#include "app/organization/organization_state.h"
#include "app/vocabulary/recognise.h"

#define NAME_MAX_CHARS 200
#define TEXT_MAX_BYTES 4096

/* All organisations, by folded name, code and OID. Rows made or changed by an open change are listed,
 * so that a rollback can take them back. */
struct organization_cache {
    arena *a;
    map by_name, by_code, by_oid, slugs;    /* → organization_row * */
    organization_row_list made;
};

str organization_uid(arena *a, str name)
{
    return uid_from(a, S("openshelf:organization:"), name, (str){ 0 });
}

static str folded(arena *a, str name)
{
    char tmp[1024];
    return str_dup(a, vocabulary_fold(name, tmp, sizeof tmp));
}

static void learn(organization_cache *k, organization_row *o)
{
    map_set_ptr(&k->by_name, folded(k->a, o->name), o);
    if (o->code.n > 0)
        map_set_ptr(&k->by_code, o->code, o);
    if (o->oid.n > 0)
        map_set_ptr(&k->by_oid, o->oid, o);
    map_set_ptr(&k->slugs, o->slug, o);
}

bool organization_cache_new(ctx *c, arena *keep, organization_cache **out)
{
    organization_cache *k = new (keep, organization_cache);
    *k = (organization_cache){ .a = keep, .by_name = map_in(keep), .by_code = map_in(keep), .by_oid = map_in(keep),
                               .slugs = map_in(keep) };
    organization_row_list all;
    arena *a = c->a;
    c->a = keep;
    bool ok = q_organization_list(c, &all);
    c->a = a;
    if (!ok)
        return false;
    list_each (organization_row, o, &all)
        learn(k, o);
    *out = k;
    return true;
}

static void forget(map *m, const organization_row *o)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->items[i].p == o)
            m->items[i].p = NULL;
}

void organization_cache_undo(organization_cache *k)
{
    list_each (organization_row, o, &k->made) {
        organization_row *row = map_ptr(&k->slugs, o->slug);
        if (row == NULL)
            continue;
        if (o->id == 0) { /* it was not there before */
            forget(&k->by_name, row);
            forget(&k->by_code, row);
            forget(&k->by_oid, row);
            forget(&k->slugs, row);
        } else {
            *row = *o;
        }
    }
    k->made.n = 0;
}

static organization_row *find(organization_cache *k, const organization_draft *d)
{
    char tmp[1024];
    organization_row *o = d->code.n > 0 ? map_ptr(&k->by_code, d->code) : NULL;
    if (o == NULL && d->oid.n > 0)
        o = map_ptr(&k->by_oid, d->oid);
    if (o == NULL && d->name.n > 0)
        o = map_ptr(&k->by_name, vocabulary_fold(d->name, tmp, sizeof tmp));
    return o;
}

/* The slug: as wished, else the code, else from a hash of the name. Never taken twice. */
static str choose_slug(organization_cache *k, const organization_draft *d, str uid)
{
    str wish = d->slug.n > 0 ? str_lower(k->a, d->slug) : d->code.n > 0 ? str_lower(k->a, d->code) : (str){ 0 };
    bool fits = wish.n >= 2 && wish.n <= 100;
    for (size_t i = 0; i < wish.n; i++)
        fits = fits && strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", wish.p[i]) != NULL;
    if (!fits)
        wish = str_fmt(k->a, "org-%.8s", uid.p);
    str slug = wish;
    for (int n = 2; map_ptr(&k->slugs, slug) != NULL; n++)
        slug = str_fmt(k->a, "%.*s-%d", S_ARG(wish), n);
    return slug;
}

static str kind_of(const organization_draft *d)
{
    static const char *const kinds[] = { "central", "local", "independent", "enterprise", "other" };
    for (size_t i = 0; i < array_len(kinds); i++)
        if (str_eq(d->kind, str_of(kinds[i])))
            return d->kind;
    static const char *const local[] = { "縣政府", "市政府", "鄉公所", "鎮公所", "區公所", "縣議會", "市議會" };
    for (size_t i = 0; i < array_len(local); i++)
        if (str_has(d->name, str_of(local[i])))
            return S("local");
    static const char *const cities[] = { "臺北市", "新北市", "桃園市", "臺中市", "臺南市", "高雄市", "基隆市", "新竹市",
        "嘉義市", "新竹縣", "苗栗縣", "彰化縣", "南投縣", "雲林縣", "嘉義縣", "屏東縣", "宜蘭縣", "花蓮縣", "臺東縣",
        "澎湖縣", "金門縣", "連江縣", "台北市", "台中市", "台南市", "台東縣" };
    for (size_t i = 0; i < array_len(cities); i++)
        if (str_starts(d->name, str_of(cities[i])))
            return S("local");
    if (str_has(d->name, S("公司")) || str_has(d->name, S("基金會")) || str_has(d->name, S("財團法人")))
        return S("enterprise");
    return S("central");
}

/* What the standard's own list knows of the 32 graded agencies fills what the source did not say. */
static organization_draft completed(const organization_draft *d)
{
    organization_draft o = *d;
    const agency *g = d->code.n > 0 ? agency_by_code(d->code) : NULL;
    if (g == NULL)
        g = agency_by_name(d->name);
    if (g == NULL)
        return o;
    str *const to[] = { &o.name, &o.code, &o.oid, &o.name_en, &o.short_name, &o.grade, &o.kind, &o.homepage };
    const str from[] = { g->name, g->code, g->oid, g->name_en, g->short_name, g->grade, g->kind, g->homepage };
    for (size_t i = 0; i < array_len(to); i++)
        if (to[i]->n == 0)
            *to[i] = from[i];
    return o;
}

static void fill(arena *a, str *have, str said, bool *changed)
{
    if (have->n > 0 || said.n == 0)
        return;
    *have = str_dup(a, said);
    *changed = true;
}

static bool update(ctx *c, change *ch, organization_cache *k, organization_row *o, const organization_draft *d,
                   int64_t parent)
{
    organization_row was = *o;
    bool changed = false;
    fill(k->a, &o->code, d->code, &changed);
    fill(k->a, &o->oid, d->oid, &changed);
    fill(k->a, &o->name_en, d->name_en, &changed);
    fill(k->a, &o->short_name, d->short_name, &changed);
    fill(k->a, &o->grade, d->grade, &changed);
    fill(k->a, &o->description, d->description, &changed);
    fill(k->a, &o->homepage, d->homepage, &changed);
    if (o->parent_id == 0 && parent != 0 && parent != o->id) {
        o->parent_id = parent;
        changed = true;
    }
    if (!changed)
        return true;
    list_add(k->a, &k->made, was);
    o->modified_at = ch->at;
    ledger_entry e = {
        .action = S("organization.update"), .subject_kind = S("organization"), .subject_id = o->id,
        .subject_key = o->slug, .organization_id = o->id,
        .before = organization_changes(c->a, &was, o), .after = organization_changes(c->a, o, &was),
        .state_hash = ledger_hash_json(c->a, organization_state(c->a, o)),
    };
    if (!change_record(c, ch, &e))
        return false;
    o->ledger_seq = ch->seq;
    learn(k, o);
    return q_organization_update(c, o->id, o->name_en, o->short_name, o->code, o->oid, o->kind, o->grade,
                                 o->parent_id, o->description, o->homepage, o->extra, o->modified_at, o->ledger_seq);
}

static bool create(ctx *c, change *ch, organization_cache *k, const organization_draft *d, int64_t parent,
                   organization_row **out)
{
    organization_row *o = new (k->a, organization_row);
    str uid = organization_uid(k->a, d->name);
    int64_t id;
    if (!change_ids(c, ch, "organization", 1, &id))
        return false;
    *o = (organization_row){
        .id = id, .uid = uid, .slug = choose_slug(k, d, uid), .name = str_dup(k->a, d->name),
        .name_en = str_dup(k->a, d->name_en), .short_name = str_dup(k->a, d->short_name),
        .code = str_dup(k->a, d->code), .oid = str_dup(k->a, d->oid), .kind = str_dup(k->a, kind_of(d)),
        .grade = str_dup(k->a, d->grade), .parent_id = parent, .description = str_dup(k->a, d->description),
        .homepage = str_dup(k->a, d->homepage), .state = S("active"),
        .extra = d->extra.n > 0 ? str_dup(k->a, d->extra) : S("{}"), .created_at = ch->at, .modified_at = ch->at,
    };
    str state = organization_state(c->a, o);
    ledger_entry e = { .action = S("organization.create"), .subject_kind = S("organization"), .subject_id = id,
                       .subject_key = o->slug, .organization_id = id, .after = state,
                       .state_hash = ledger_hash_json(c->a, state) };
    if (!change_record(c, ch, &e))
        return false;
    o->ledger_seq = ch->seq;
    learn(k, o);
    list_add(k->a, &k->made, (organization_row){ .slug = o->slug });
    *out = o;
    return q_organization_insert(c, o->id, o->uid, o->slug, o->name, o->name_en, o->short_name, o->code, o->oid,
                                 o->kind, o->grade, o->parent_id, o->description, o->homepage, o->state, o->extra,
                                 o->created_at, o->modified_at, o->ledger_seq);
}

/* 臺中市政府警察局 belongs to 臺中市政府: the longest known name that it begins with. */
static int64_t guess_parent(organization_cache *k, str name)
{
    char tmp[1024];
    for (size_t n = name.n - 1; n > 6; n--) {
        if (((unsigned char)name.p[n] & 0xc0) == 0x80)
            continue; /* inside a character */
        const organization_row *o = map_ptr(&k->by_name, vocabulary_fold(str_sub(name, 0, n), tmp, sizeof tmp));
        if (o != NULL)
            return o->id;
    }
    return 0;
}

/* … and those that came before their parent find it now. */
static bool adopt(ctx *c, change *ch, organization_cache *k, const organization_row *parent)
{
    if (parent->name.n < 9)
        return true;
    for (size_t i = 0; i < k->by_name.n; i++) {
        organization_row *o = k->by_name.items[i].p;
        if (o == NULL || o->parent_id != 0 || o == parent || !str_starts(o->name, parent->name))
            continue;
        if (!update(c, ch, k, o, &(organization_draft){ .name = o->name }, parent->id))
            return false;
    }
    return true;
}

/* What could not be stored, or not be found again. */
static bool check(ctx *c, organization_cache *k, const organization_draft *d)
{
    const str texts[] = { d->name, d->name_en, d->short_name, d->code, d->oid, d->homepage, d->parent_name };
    if (d->name.n == 0 && find(k, d) == NULL)
        return fail_field(c, INVALID, S("publisher"), "the publisher has no name");
    if (utf8_count(d->name) > NAME_MAX_CHARS || utf8_count(d->parent_name) > NAME_MAX_CHARS)
        return fail_field(c, INVALID, S("publisher"), "the name of the publisher is longer than %d characters", NAME_MAX_CHARS);
    for (size_t i = 0; i < array_len(texts); i++) {
        bool fine = texts[i].n <= TEXT_MAX_BYTES && utf8_valid(texts[i], NULL);
        for (size_t b = 0; fine && b < texts[i].n; b++)
            fine = (unsigned char)texts[i].p[b] >= 0x20 && texts[i].p[b] != 0x7f;
        if (!fine)
            return fail_field(c, INVALID, S("publisher"), "the publisher's “%.*s” is longer than %d bytes, not UTF-8, "
                              "or holds a control character", S_ARG(utf8_cut(texts[i], 100)), TEXT_MAX_BYTES);
    }
    return true;
}

bool organization_known(organization_cache *k, const organization_draft *given)
{
    organization_draft d = completed(given);
    return find(k, &d) != NULL;
}

bool organization_would(ctx *c, organization_cache *k, const organization_draft *given, int64_t *id)
{
    organization_draft d = completed(given);
    *id = 0;
    if (!check(c, k, &d))
        return false;
    const organization_row *o = find(k, &d);
    if (o != NULL) {
        *id = o->id;
        return true;
    }
    organization_row *made = new (k->a, organization_row);
    *made = (organization_row){ .id = -1, .slug = choose_slug(k, &d, organization_uid(k->a, d.name)),
                                .name = str_dup(k->a, d.name), .code = str_dup(k->a, d.code), .oid = str_dup(k->a, d.oid) };
    learn(k, made);
    return true;
}

bool organization_cached(ctx *c, change *ch, organization_cache *k, const organization_draft *given, int64_t *id)
{
    organization_draft d = completed(given);
    if (!check(c, k, &d))
        return false;
    int64_t parent = 0;
    if (d.parent_name.n > 0 && !str_eq(d.parent_name, d.name)) {
        organization_draft up = { .name = d.parent_name };
        const organization_row *known = find(k, &up);
        if (known != NULL)
            parent = known->id;
        else if (!organization_cached(c, ch, k, &up, &parent))
            return false;
    }
    organization_row *o = find(k, &d);
    if (o == NULL && parent == 0)
        parent = guess_parent(k, d.name);
    if (o == NULL ? !create(c, ch, k, &d, parent, &o) || !adopt(c, ch, k, o) : !update(c, ch, k, o, &d, parent))
        return false;
    *id = o->id;
    return true;
}

bool organization_store(ctx *c, change *ch, const organization_draft *d, int64_t *id)
{
    organization_cache *k;
    return organization_cache_new(c, c->a, &k) && organization_cached(c, ch, k, d, id);
}
