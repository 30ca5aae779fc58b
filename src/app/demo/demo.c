#include "app/demo/demo.h"
#include "app/demo/demo_table.h"

#include "app/vocabulary/tsv.h"
#include "app/vocabulary/vocabulary.h"

/* Where the calendar of the demonstration ends: it does not follow the clock. */
#define FIRST_YEAR 2015
#define YEARS 11

typedef struct {
    ctx            *c;
    change         *ch;
    dataset_writer *w;
    demo_report    *report;
    const agency   *agency;
    int64_t         number;         /* of the dataset within its agency */
} maker;

static uint64_t dice(const maker *m, const char *what)
{
    str s = str_fmt(m->c->a, "%.*s/%" PRId64 "/%s", S_ARG(m->agency->name), m->number, what);
    return str_hash(s);
}

static int64_t some(const maker *m, const char *what, int64_t from, int64_t to)
{
    return from + (int64_t)(dice(m, what) % (uint64_t)(to - from + 1));
}

static str host_of(const maker *m)
{
    str lower = str_lower(m->c->a, m->agency->code);
    return str_fmt(m->c->a, "data-%.*s.example", S_ARG(lower));
}

static void add_files(maker *m, const tsv *t, dataset_draft *d)
{
    ctx *c = m->c;
    str formats = tsv_get(t, "formats"), code;
    for (int n = 1; str_next(&formats, ' ', &code); n++) {
        const format *f = format_by_code(code);
        must(f != NULL);
        str lower = str_lower(c->a, f->extension);
        list_add(c->a, &d->distributions, (distribution_draft){
            .identifier = str_fmt(c->a, "%.*s-%03d", S_ARG(d->identifier), n),
            .title = str_fmt(c->a, "%.*s（%.*s）", S_ARG(d->title), S_ARG(f->title)),
            .description = str_fmt(c->a, "%.*s，%.*s 格式", S_ARG(d->title), S_ARG(f->title)), .format = code,
            .url = str_fmt(c->a, "https://%.*s/files/%.*s-%03d.%.*s", S_ARG(host_of(m)), S_ARG(d->identifier), n, S_ARG(lower)),
            .charset = f->structured ? S("UTF-8") : S(""), .updated_at = d->updated_at,
            .record_count = f->structured ? some(m, "rows", 20, 48000) : -1,
            .byte_count = some(m, "bytes", 4000, 9000000) });
    }
}

/* Some are not as they should be, so that every page has something to show. */
static void make_special(maker *m, dataset_draft *d)
{
    ctx *c = m->c;
    int64_t kind = some(m, "kind", 0, 99);
    if (kind < 3) {
        d->class_ = S("limited");
        d->licence = S("自訂授權條款");
        d->cost = S("付費");
        d->cost_url = str_fmt(c->a, "https://%.*s/fees", S_ARG(host_of(m)));
        d->cost_law = S("規費法第十條");
    } else if (kind < 5) {
        d->class_ = S("closed");
        d->title = str_cat(c->a, d->title, S("（含個人資料，不予開放）"));
    } else if (kind < 8) {
        d->state = S("draft");
    } else if (kind < 10) {
        d->state = S("withdrawn");
        d->extra = S("{\"withdrawal\":{\"date\":\"2024-06-28\",\"ground\":\"B\",\"reason\":\"內容涉及第三人著作權，經諮詢小組決議下架\"}}");
    } else if (kind < 16) {
        d->licence = S("CC-BY-4.0");
    } else if (kind < 22) {
        d->licence = S("政府資料開放平臺資料使用規範");
    } else if (kind < 25) {
        d->licence = S("");
        d->cost = S("");
    }
}

static bool make_one(maker *m, const tsv *t)
{
    ctx *c = m->c;
    const agency *g = m->agency;
    dataset_draft d = dataset_draft_new();
    m->number++;
    d.source = S("demo");
    d.identifier = str_fmt(c->a, "%.*s-%06" PRId64, S_ARG(g->code), m->number);
    d.source_key = d.identifier;
    str title = tsv_get(t, "title");
    d.title = str_eq(tsv_get(t, "agency"), S("*")) ? str_cat(c->a, g->short_name, title) : title;
    d.description = str_replace(c->a, tsv_get(t, "description"), S("{agency}"), g->name);
    d.field_description = tsv_get(t, "fields");
    d.type = S("rawData");
    d.category = tsv_get(t, "category");
    d.licence = S("政府資料開放授權條款-第1版");
    d.cost = S("免費");
    d.frequency = frequency_by_code(tsv_get(t, "frequency"))->title;
    str words = tsv_get(t, "keywords");
    for (str w; str_next(&words, ';', &w);)
        list_add(c->a, &d.keywords, w);
    str unit = tsv_get(t, "unit");
    d.publisher = unit.n > 0 ? (organization_draft){ .name = unit, .parent_name = g->name }
                             : (organization_draft){ .name = g->name, .code = g->code, .parent_name = S("行政院") };
    d.contact_org = d.publisher.name;
    d.contact_name = d.publisher_contact = S("資訊室");
    d.contact_phone = d.publisher_phone = S("02-0000-0000");
    d.contact_email = d.publisher_email = str_cat(c->a, S("opendata@"), host_of(m));
    int64_t day = some(m, "issued", 0, (int64_t)YEARS * 365 - 1);
    d.issued_at = (day_from_civil(FIRST_YEAR, 3, 1) + day) * DAY_MS;
    d.updated_at = d.issued_at + some(m, "updated", 0, 300) * DAY_MS;
    d.temporal_from = str_fmt(c->a, "%d-01-01", day_split(d.issued_at).year - 1);
    d.spatial = S("臺灣");
    d.language = S("zh-Hant");
    d.view_count = some(m, "views", 10, 90000);
    d.download_count = some(m, "downloads", 1, 20000);
    d.landing_page = str_fmt(c->a, "https://%.*s/datasets/%" PRId64, S_ARG(host_of(m)), m->number);
    if (!demo_table_has(d.title))
        make_special(m, &d);
    add_files(m, t, &d);
    store_outcome o;
    if (!dataset_store(c, m->ch, m->w, &d, &o))
        return false;
    m->report->created += o == STORE_CREATED;
    m->report->updated += o == STORE_UPDATED;
    m->report->unchanged += o == STORE_UNCHANGED;
    return true;
}

static bool make_agency(maker *m)
{
    tsv t;
    tsv_open(m->c->a, &t, "data/demo.tsv");
    while (tsv_next(&t)) {
        str whose = tsv_get(&t, "agency");
        if ((str_eq(whose, S("*")) || str_eq(whose, m->agency->short_name)) && !make_one(m, &t))
            return false;
    }
    return true;
}

static bool make_all(ctx *c, dataset_writer *w, demo_report *out)
{
    const vocabulary *v = vocabulary_get();
    auto_change ch = change_begin(c);
    if (!ch.tx.open)
        return false;
    list_each (const agency, g, &v->agencies) {
        maker m = { .c = c, .ch = &ch, .w = w, .report = out, .agency = g };
        if (!make_agency(&m))
            return false;
    }
    return change_commit(c, &ch);
}

bool demo_make(ctx *c, demo_report *out)
{
    dataset_writer *w;
    str actor = c->actor;
    *out = (demo_report){ 0 };
    if (!dataset_writer_new(c, &w))
        return false;
    c->actor = S("seed:demo");
    bool ok = make_all(c, w, out);
    c->actor = actor;
    dataset_writer_free(w);
    return ok;
}
