#include "app/vocabulary/vocabulary.h"

#include "app/vocabulary/recognise.h"
#include "app/vocabulary/tsv.h"

#include <pthread.h>

/* Once-initialised; read by all threads, never changed after. */
static vocabulary all;
static vocabulary_index lookup;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool yes(str cell)
{
    return str_eq(cell, S("1"));
}

static void load_licences(arena *a)
{
    tsv t;
    tsv_open(a, &t, "data/licences.tsv");
    while (tsv_next(&t))
        list_add(a, &all.licences, (licence){
            .code = tsv_get(&t, "code"), .title = tsv_get(&t, "title"), .title_en = tsv_get(&t, "title_en"),
            .url = tsv_get(&t, "url"), .family = tsv_get(&t, "family"), .version = tsv_get(&t, "version"),
            .status = tsv_get(&t, "status"), .open = yes(tsv_get(&t, "open")),
            .open_reason = tsv_get(&t, "open_reason"), .open_reason_en = tsv_get(&t, "open_reason_en"),
            .od_conformance = tsv_get(&t, "od_conformance"), .compatible_with = tsv_get(&t, "compatible_with"),
            .attribution = tsv_get(&t, "attribution"), .spellings = tsv_words(a, tsv_get(&t, "spellings")) });
}

static void load_categories(arena *a)
{
    tsv t;
    tsv_open(a, &t, "data/categories.tsv");
    while (tsv_next(&t))
        list_add(a, &all.categories, (category){ .code = tsv_get(&t, "code"), .title = tsv_get(&t, "title"),
                                                 .title_en = tsv_get(&t, "title_en") });
}

static void load_themes(arena *a)
{
    tsv t;
    tsv_open(a, &t, "data/themes.tsv");
    while (tsv_next(&t))
        list_add(a, &all.themes, (theme){
            .code = tsv_get(&t, "code"), .title = tsv_get(&t, "title"), .title_en = tsv_get(&t, "title_en"),
            .icon = tsv_get(&t, "code"), .categories = tsv_words(a, tsv_get(&t, "categories")),
            .words = tsv_words(a, tsv_get(&t, "words")) });
}

static void load_formats(arena *a)
{
    tsv t;
    tsv_open(a, &t, "data/formats.tsv");
    while (tsv_next(&t)) {
        int64_t star = 0;
        must(str_to_i64(tsv_get(&t, "star"), &star));
        list_add(a, &all.formats, (format){
            .code = tsv_get(&t, "code"), .title = tsv_get(&t, "title"), .media_type = tsv_get(&t, "media_type"),
            .extension = tsv_get(&t, "extension"), .star = (int)star, .open = yes(tsv_get(&t, "open")),
            .structured = yes(tsv_get(&t, "structured")), .service = yes(tsv_get(&t, "service")),
            .spellings = tsv_words(a, tsv_get(&t, "spellings")) });
    }
}

static void load_frequencies(arena *a)
{
    tsv t;
    tsv_open(a, &t, "data/frequencies.tsv");
    while (tsv_next(&t)) {
        double days = 0;
        must(str_to_f64(tsv_get(&t, "days"), &days));
        list_add(a, &all.frequencies, (frequency){
            .code = tsv_get(&t, "code"), .title = tsv_get(&t, "title"), .title_en = tsv_get(&t, "title_en"),
            .iso8601 = tsv_get(&t, "iso8601"), .eu_code = tsv_get(&t, "eu"), .days_x100 = (int64_t)(days * 100 + 0.5),
            .spellings = tsv_words(a, tsv_get(&t, "spellings")) });
    }
}

static void load_agencies(arena *a)
{
    tsv t;
    tsv_open(a, &t, "data/agencies.tsv");
    while (tsv_next(&t))
        list_add(a, &all.agencies, (agency){
            .code = tsv_get(&t, "code"), .oid = tsv_get(&t, "oid"), .name = tsv_get(&t, "name"),
            .short_name = tsv_get(&t, "short_name"), .name_en = tsv_get(&t, "name_en"),
            .grade = tsv_get(&t, "grade"), .kind = tsv_get(&t, "kind"), .homepage = tsv_get(&t, "homepage") });
}

static void load_targets(arena *a)
{
    tsv t;
    tsv_open(a, &t, "data/targets.tsv");
    while (tsv_next(&t)) {
        int64_t year = 0, least = 0;
        must(str_to_i64(tsv_get(&t, "year"), &year) && str_to_i64(tsv_get(&t, "least"), &least));
        list_add(a, &all.targets, (target_seed){ .grade = tsv_get(&t, "grade"), .year = (int)year, .least = least,
                                                 .note = tsv_get(&t, "note") });
    }
}

static void load(void)
{
    arena *a = arena_new(65536); /* for ever */
    load_licences(a);
    load_categories(a);
    load_themes(a);
    load_formats(a);
    load_frequencies(a);
    load_agencies(a);
    load_targets(a);
    lookup = vocabulary_index_make(a, &all);
}

const vocabulary *vocabulary_get(void)
{
    must(pthread_once(&once, load) == 0);
    return &all;
}

const vocabulary_index *vocabulary_lookup(void)
{
    (void)vocabulary_get();
    return &lookup;
}

const licence *licence_by_code(str code)
{
    return map_ptr(&vocabulary_lookup()->licences, code);
}

const category *category_by_code(str code)
{
    return map_ptr(&vocabulary_lookup()->categories, code);
}

const theme *theme_by_code(str code)
{
    return map_ptr(&vocabulary_lookup()->themes, code);
}

const format *format_by_code(str code)
{
    return map_ptr(&vocabulary_lookup()->formats, code);
}

const frequency *frequency_by_code(str code)
{
    return map_ptr(&vocabulary_lookup()->frequencies, code);
}

const agency *agency_by_code(str code)
{
    return map_ptr(&vocabulary_lookup()->agency_codes, code);
}

const agency *agency_by_name(str name)
{
    char tmp[512];
    return map_ptr(&vocabulary_lookup()->agency_names, vocabulary_fold(name, tmp, sizeof tmp));
}
