#include "app/dataset/dataset_check.h"

#include "app/dataset/verdict.h"
#include "app/ledger/uid.h"
#include "app/policy/policy.h"
#include "app/vocabulary/vocabulary.h"
#include "kit/text/json_write.h"

#define TITLE_CHARS 1000
#define LONG_BYTES 65536
#define SHORT_BYTES 4096
#define EXTRA_BYTES 262144
#define FILES_MAX 1000
#define KEYWORDS_MAX 200
#define KEYWORD_CHARS 100

dataset_draft dataset_draft_new(void)
{
    return (dataset_draft){ .issued_at = DAY_NONE, .updated_at = DAY_NONE, .record_count = -1 };
}

static bool clean(ctx *c, const char *field, str s, size_t max, str *out)
{
    size_t bad;
    s = str_trim(s);
    if (s.n > max)
        return fail_field(c, TOO_LARGE, str_of(field), "%s has %zu bytes, the limit is %zu", field, s.n, max);
    if (!utf8_valid(s, &bad))
        return fail_field(c, INVALID, str_of(field), "%s is not UTF-8 at byte %zu", field, bad + 1);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\n' && s.p[i] != '\r' && s.p[i] != '\t')
            return fail_field(c, INVALID, str_of(field), "%s holds a control character (byte %zu)", field, i + 1);
    *out = s;
    return true;
}

static bool clean_texts(ctx *c, const dataset_draft *d, dataset_row *r)
{
    const struct { const char *name; str from; size_t max; str *to; } texts[] = {
        { "source", d->source, 200, &r->source }, { "source_key", d->source_key, 500, &r->source_key },
        { "identifier", d->identifier, 200, &r->identifier }, { "title", d->title, LONG_BYTES, &r->title },
        { "title_en", d->title_en, LONG_BYTES, &r->title_en },
        { "description", d->description, LONG_BYTES, &r->description },
        { "fieldDescription", d->field_description, LONG_BYTES, &r->field_description },
        { "type", d->type, 100, &r->type }, { "categoryDataset", d->category_dataset, 200, &r->category_dataset },
        { "license", d->licence, SHORT_BYTES, &r->licence_text },
        { "licenseURL", d->licence_url, SHORT_BYTES, &r->licence_url },
        { "cost", d->cost, SHORT_BYTES, &r->cost_text }, { "costURL", d->cost_url, SHORT_BYTES, &r->cost_url },
        { "costLaw", d->cost_law, SHORT_BYTES, &r->cost_law },
        { "organization", d->contact_org, SHORT_BYTES, &r->contact_org },
        { "organizationContactName", d->contact_name, SHORT_BYTES, &r->contact_name },
        { "organizationContactPhone", d->contact_phone, SHORT_BYTES, &r->contact_phone },
        { "organizationContactEmail", d->contact_email, SHORT_BYTES, &r->contact_email },
        { "publisher", d->publisher.name, SHORT_BYTES, &r->publisher_name },
        { "publisherContactName", d->publisher_contact, SHORT_BYTES, &r->publisher_contact },
        { "publisherContactPhone", d->publisher_phone, SHORT_BYTES, &r->publisher_phone },
        { "publisherContactEmail", d->publisher_email, SHORT_BYTES, &r->publisher_email },
        { "publisherOID", d->publisher.oid, 200, &r->publisher_oid },
        { "publisherOrgCode", d->publisher.code, 100, &r->publisher_code },
        { "accrualPeriodicity", d->frequency, 500, &r->frequency_text },
        { "temporalCoverageFrom", d->temporal_from, 200, &r->temporal_from },
        { "temporalCoverageTo", d->temporal_to, 200, &r->temporal_to },
        { "spatial", d->spatial, SHORT_BYTES, &r->spatial }, { "language", d->language, 500, &r->language },
        { "landingPage", d->landing_page, SHORT_BYTES, &r->landing_page },
        { "notes", d->notes, LONG_BYTES, &r->notes },
        { "dataQuality", d->quality_badge, 500, &r->quality_badge },
        { "extra", d->extra, EXTRA_BYTES, &r->extra },
    };
    for (size_t i = 0; i < array_len(texts); i++)
        if (!clean(c, texts[i].name, texts[i].from, texts[i].max, texts[i].to))
            return false;
    return true;
}

static bool check_required(ctx *c, const dataset_row *r)
{
    if (r->source.n == 0 || r->source_key.n == 0)
        return fail_field(c, INVALID, S("identifier"), "the record has no identifier by which it could be found again");
    if (r->title.n == 0)
        return fail_field(c, INVALID, S("title"), "the title is missing or empty");
    if (utf8_count(r->title) > TITLE_CHARS)
        return fail_field(c, TOO_LARGE, S("title"), "the title is longer than %d characters", TITLE_CHARS);
    return true;
}

static bool check_state(ctx *c, const dataset_draft *d, dataset_row *r)
{
    policy_state state;
    policy_class klass;
    r->state = d->state.n > 0 ? d->state : S("published");
    r->class = d->class_.n > 0 ? d->class_ : S("open");
    if (!policy_state_of(r->state, &state))
        return fail_field(c, INVALID, S("state"), "“%.*s” is no state: want draft, published or withdrawn", S_ARG(r->state));
    if (!policy_class_of(r->class, &klass))
        return fail_field(c, INVALID, S("class"), "“%.*s” is no class: want open, limited or closed", S_ARG(r->class));
    return true;
}

static str cost_of(str text)
{
    static const char *const no[] = { "免費", "free", "無", "0", "否", "免計費", "免" };
    if (text.n == 0)
        return S("");
    for (size_t i = 0; i < array_len(no); i++)
        if (str_ieq(text, str_of(no[i])))
            return S("free");
    return str_starts(text, S("免費")) ? S("free") : S("charged");
}

static str type_of(str text)
{
    static const char *const spellings[][2] = {
        { "rawData", "rawData" }, { "原始資料", "rawData" }, { "檔案資料", "rawData" }, { "services", "services" },
        { "系統介接程式", "services" }, { "API服務", "services" }, { "apps", "apps" },
        { "行動化應用軟體", "apps" }, { "tools", "tools" }, { "其他", "tools" },
    };
    for (size_t i = 0; i < array_len(spellings); i++)
        if (str_ieq(text, str_of(spellings[i][0])))
            return str_of(spellings[i][1]);
    return text;
}

static str iso_day(arena *a, str said)
{
    int64_t ms;
    return said.n > 0 && day_read(said, &ms) ? day_iso_date(a, ms) : said;
}

static bool check_keywords(ctx *c, const dataset_draft *d, dataset_row *r)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    map seen = map_in(c->a);
    json_arr(&j);
    for (size_t i = 0; i < d->keywords.n; i++) {
        str k;
        bool fresh;
        if (!clean(c, "keyword", d->keywords.v[i], SHORT_BYTES, &k))
            return false;
        if (k.n == 0)
            continue;
        k = utf8_cut_chars(k, KEYWORD_CHARS);
        (void)map_put(&seen, k, &fresh);
        if (!fresh)
            continue;
        if (seen.n > KEYWORDS_MAX)
            return fail_field(c, TOO_LARGE, S("keyword"), "there are more than %d keywords", KEYWORDS_MAX);
        json_str(&j, k);
    }
    json_end(&j);
    r->keywords = buf_str(&b);
    return true;
}

static void recognise(ctx *c, const dataset_draft *d, dataset_row *r)
{
    const licence *l = licence_recognise(r->licence_text, r->licence_url);
    const category *g = category_recognise(d->category);
    const frequency *f = frequency_recognise(c->a, r->frequency_text);
    r->licence = l != NULL ? l->code : S("");
    r->category = g != NULL ? g->code : S("");
    r->frequency = f != NULL ? f->code : S("");
    const theme *t = theme_of(r->category, r->title, r->keywords);
    r->theme = t != NULL ? t->code : S("");
    r->cost = cost_of(r->cost_text);
    r->type = type_of(r->type);
    r->temporal_from = iso_day(c->a, r->temporal_from);
    r->temporal_to = iso_day(c->a, r->temporal_to);
    r->issued_at = d->issued_at;
    r->issued_at_null = d->issued_at == DAY_NONE;
    r->updated_at = d->updated_at;
    r->updated_at_null = d->updated_at == DAY_NONE;
    r->record_count = d->record_count < 0 ? q_null_int : d->record_count;
    r->record_count_null = d->record_count < 0;
    r->view_count = d->view_count > 0 ? d->view_count : 0;
    r->download_count = d->download_count > 0 ? d->download_count : 0;
    if (r->extra.n == 0)
        r->extra = S("{}");
}

static bool check_file(ctx *c, const distribution_draft *d, distribution_row *f)
{
    const struct { const char *name; str from; size_t max; str *to; } texts[] = {
        { "resourceID", d->identifier, 500, &f->identifier }, { "resourceTitle", d->title, SHORT_BYTES, &f->title },
        { "resourceDescription", d->description, LONG_BYTES, &f->description },
        { "format", d->format, 200, &f->format_text }, { "mediaType", d->media_type, 200, &f->media_type },
        { "downloadURL", d->url, 8192, &f->url }, { "characterSetCode", d->charset, 100, &f->charset },
        { "metadataSourceOfData", d->metadata_url, 8192, &f->metadata_url },
        { "resourceNotes", d->notes, LONG_BYTES, &f->notes }, { "resourceField", d->fields, EXTRA_BYTES, &f->fields },
        { "resourceExtra", d->extra, EXTRA_BYTES, &f->extra },
    };
    for (size_t i = 0; i < array_len(texts); i++)
        if (!clean(c, texts[i].name, texts[i].from, texts[i].max, texts[i].to))
            return false;
    const format *k = format_recognise(f->format_text, f->url);
    char up[64] = { 0 };
    if (k != NULL) {
        f->format = k->code;
        if (f->media_type.n == 0)
            f->media_type = k->media_type;
    } else {
        size_t n = f->format_text.n < sizeof up ? f->format_text.n : sizeof up - 1;
        for (size_t i = 0; i < n; i++)
            up[i] = (char)(f->format_text.p[i] >= 'a' && f->format_text.p[i] <= 'z' ? f->format_text.p[i] - 32 : f->format_text.p[i]);
        f->format = str_dup(c->a, utf8_cut((str){ up, n }, n));
        if (!utf8_valid(f->format, NULL))
            f->format = S("");
    }
    f->url_kind = f->url.n == 0 ? S("") : d->is_access || (k != NULL && k->service) ? S("access") : S("download");
    f->updated_at = d->updated_at;
    f->updated_at_null = d->updated_at == DAY_NONE;
    f->record_count = d->record_count < 0 ? q_null_int : d->record_count;
    f->record_count_null = d->record_count < 0;
    f->byte_count = d->byte_count < 0 ? q_null_int : d->byte_count;
    f->byte_count_null = d->byte_count < 0;
    if (f->fields.n == 0)
        f->fields = S("[]");
    if (f->extra.n == 0)
        f->extra = S("{}");
    return true;
}

bool dataset_check(ctx *c, const dataset_draft *d, dataset_row *r, distribution_row_list *files)
{
    *r = (dataset_row){ 0 };
    *files = (distribution_row_list){ 0 };
    if (!clean_texts(c, d, r) || !check_required(c, r) || !check_state(c, d, r) || !check_keywords(c, d, r))
        return false;
    recognise(c, d, r);
    r->uid = uid_from(c->a, S("openshelf:dataset:"), r->source, r->source_key);
    if (d->distributions.n > FILES_MAX)
        return fail_field(c, TOO_LARGE, S("distribution"), "there are %zu distributions, the limit is %d",
                          d->distributions.n, FILES_MAX);
    map seen = map_in(c->a);
    for (size_t i = 0; i < d->distributions.n; i++) {
        distribution_row *f = list_push(c->a, files);
        if (!check_file(c, &d->distributions.v[i], f))
            return false;
        f->position = (int64_t)i;
        str key = f->identifier.n > 0 ? f->identifier : f->url;
        int64_t times = map_i64(&seen, key, 0);
        map_set_i64(&seen, key, times + 1);
        if (times > 0)
            key = str_fmt(c->a, "%.*s#%" PRId64, S_ARG(key), times);
        f->uid = uid_from(c->a, S("openshelf:distribution:"), r->uid, key);
    }
    return true;
}

void dataset_finish(dataset_row *r, distribution_row_list *files)
{
    r->star = 0;
    for (size_t i = 0; i < files->n; i++) {
        files->v[i].star = verdict_star(r, &files->v[i]);
        if (files->v[i].star > r->star)
            r->star = files->v[i].star;
    }
    verdict_rate(r, files);
    r->open_verdict = str_of(verdict_word(verdict_declared(r, files).all));
    r->completeness = verdict_completeness(r, files).percent;
}
