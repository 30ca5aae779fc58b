/* cmd_search — the site's search in the shell, as a visitor has it. */
#include "app/find/find.h"
#include "bin/cli.h"
#include "kit/text/json_write.h"
#include "kit/text/lang.h"
#include "queries.h"

typedef struct {
    bool    count, facets, english;
    str     sort;
    int64_t rows, page;
} options;

typedef struct {
    find_answer      answer;
    find_brief_list  briefs;
    find_format_list formats;
} results;

static bool sort_of(ctx *c, str name, find_sort *out)
{
    static const struct { const char *name; find_sort by; } sorts[] = {
        { "", FIND_BY_SCORE },          { "score", FIND_BY_SCORE }, { "updated", FIND_BY_UPDATED },
        { "issued", FIND_BY_ISSUED },   { "title", FIND_BY_TITLE }, { "popularity", FIND_BY_POPULARITY },
    };
    for (size_t i = 0; i < array_len(sorts); i++)
        if (str_eq(name, str_of(sorts[i].name))) {
            *out = sorts[i].by;
            return true;
        }
    return fail(c, USAGE, "--sort is score, updated, issued, title or popularity, not “%.*s”", S_ARG(name));
}

static const find_brief *brief_of(const results *r, int64_t id)
{
    for (size_t i = 0; i < r->briefs.n; i++)
        if (r->briefs.v[i].id == id)
            return &r->briefs.v[i];
    return NULL;
}

static str formats_of(ctx *c, const results *r, int64_t id, str sep)
{
    str_list l = { 0 };
    for (size_t i = 0; i < r->formats.n; i++)
        if (r->formats.v[i].dataset_id == id && r->formats.v[i].format.n > 0)
            list_add(c->a, &l, r->formats.v[i].format);
    return str_join(c->a, &l, sep);
}

static str address_of(ctx *c, const find_brief *b)
{
    return str_fmt(c->a, "%.*s/datasets/%.*s", S_ARG(c->site->url), S_ARG(b->slug));
}

static str title_of(const ctx *c, const find_brief *b)
{
    return lang_pick(c, b->title, b->title_en);
}

static str org_of(const ctx *c, const find_brief *b)
{
    return lang_pick(c, b->org_name, b->org_name_en);
}

static void write_json_hit(ctx *c, json_w *j, const results *r, const find_brief *b)
{
    json_obj(j);
    json_kv(j, "name", b->slug);
    json_kv(j, "title", b->title);
    json_kv(j, "organization", b->org_slug);
    json_kv(j, "organization_title", b->org_name);
    json_key(j, S("formats"));
    json_arr(j);
    for (size_t i = 0; i < r->formats.n; i++)
        if (r->formats.v[i].dataset_id == b->id)
            json_str(j, r->formats.v[i].format);
    json_end(j);
    json_key(j, S("updated"));
    json_str_or_null(j, b->updated_at_null ? S("") : day_iso_date(c->a, b->updated_at));
    json_kv(j, "address", address_of(c, b));
    json_end(j);
}

static void write_json(ctx *c, buf *out, const results *r, const options *o)
{
    json_w j = json_to(out);
    json_obj(&j);
    json_kv(&j, "count", r->answer.total);
    json_kv(&j, "near", r->answer.loose);
    json_key(&j, S("results"));
    json_arr(&j);
    for (size_t i = 0; i < r->answer.id_count; i++) {
        const find_brief *b = brief_of(r, r->answer.ids[i]);
        if (b != NULL)
            write_json_hit(c, &j, r, b);
    }
    json_end(&j);
    if (o->facets) {
        json_key(&j, S("facets"));
        json_obj(&j);
        for (size_t f = 0; f < r->answer.facet_count; f++) {
            const search_facet *k = &r->answer.facets[f];
            json_key(&j, str_of(find_value_name((find_value)k->field)));
            json_obj(&j);
            for (size_t i = 0; i < k->n; i++) {
                json_key(&j, k->v[i].value);
                json_int(&j, k->v[i].count);
            }
            json_end(&j);
        }
        json_end(&j);
    }
    json_end(&j);
    buf_byte(out, '\n');
}

static void write_facets(ctx *c, buf *out, const results *r)
{
    for (size_t f = 0; f < r->answer.facet_count; f++) {
        const search_facet *k = &r->answer.facets[f];
        if (k->n == 0)
            continue;
        buf_fmt(out, "\n%s\n", find_value_name((find_value)k->field));
        for (size_t i = 0; i < k->n && i < 10; i++)
            buf_fmt(out, "  %8.*s  %.*s\n", S_ARG(num_grouped(c->a, k->v[i].count)),
                    S_ARG(cli_plain(c->a, find_label(c, (find_value)k->field, k->v[i].value))));
        if (k->distinct > 10)
            buf_fmt(out, "            (%zu more)\n", k->distinct - 10);
    }
}

static void write_text(ctx *c, buf *out, const results *r, const options *o, size_t first)
{
    const char *bold = cli_colour() ? "\033[1m" : "", *dim = cli_colour() ? "\033[2m" : "", *end = cli_colour() ? "\033[0m" : "";
    for (size_t i = 0; i < r->answer.id_count; i++) {
        const find_brief *b = brief_of(r, r->answer.ids[i]);
        if (b == NULL)
            continue;
        str formats = formats_of(c, r, b->id, S(" "));
        buf_fmt(out, "%3zu. %s%.*s%s\n", first + i + 1, bold, S_ARG(cli_plain(c->a, title_of(c, b))), end);
        buf_fmt(out, "     %.*s", S_ARG(cli_plain(c->a, org_of(c, b))));
        if (formats.n > 0)
            buf_fmt(out, " · %.*s", S_ARG(cli_plain(c->a, formats)));
        if (!b->updated_at_null)
            buf_fmt(out, " · %.*s", S_ARG(day_iso_date(c->a, b->updated_at)));
        buf_fmt(out, "\n     %s%.*s%s\n", dim, S_ARG(cli_plain(c->a, address_of(c, b))), end);
    }
    if (o->facets)
        write_facets(c, out, r);
}

/* The shell takes quotes away: organization:"two words" comes as one argument, and gets them back. */
static str words_of(ctx *c, const str_list *rest)
{
    str_list l = { 0 };
    list_each(str, arg, rest) {
        str field, value;
        bool quote = str_cut(*arg, S(":"), &field, &value) && str_find_byte(value, ' ') < value.n
            && str_find_byte(field, ' ') == field.n && str_find_byte(value, '"') == value.n;
        list_add(c->a, &l, quote ? str_fmt(c->a, "%.*s:\"%.*s\"", S_ARG(field), S_ARG(value)) : *arg);
    }
    return str_join(c->a, &l, S(" "));
}

static bool run(ctx *c, const options *o, str words, results *r)
{
    find_request q = { .words = words, .rows = o->count ? 0 : (size_t)o->rows, .page = (size_t)o->page,
                       .facets = o->facets && !o->count };
    if (!sort_of(c, o->sort, &q.sort) || !find_run(c, ROLE_VISITOR, &q, &r->answer))
        return false;
    q_ints ids = { r->answer.ids, r->answer.id_count };
    return ids.n == 0 || (q_find_briefs(c, ids, &r->briefs) && q_find_formats_of(c, ids, &r->formats));
}

static bool answer(ctx *c, cli_args *a, const options *o)
{
    results r = { 0 };
    buf out = buf_in(c->a);
    if (!run(c, o, words_of(c, &a->rest), &r))
        return false;
    size_t first = (size_t)(o->page - 1) * (size_t)o->rows;
    if (o->count && !a->json) {
        buf_fmt(&out, "%" PRId64 "\n", r.answer.total);
    } else if (a->json) {
        write_json(c, &out, &r, o);
    } else {
        cli_say(a, "%.*s found", S_ARG(num_grouped(c->a, r.answer.total)));
        if (r.answer.loose)
            cli_say(a, "nothing has all the words as typed; these come near");
        write_text(c, &out, &r, o, first);
        if (first + r.answer.id_count < (size_t)r.answer.total)
            cli_say(a, "%zu–%zu shown; --page %" PRId64 " has the next", first + 1, first + r.answer.id_count, o->page + 1);
    }
    return cli_out(c, buf_str(&out));
}

bool cmd_search(ctx *c, cli_args *a)
{
    options o = { .rows = 10, .page = 1 };
    const cli_opt opts[] = {
        { "count", CLI_FLAG, &o.count, NULL, "print the number alone" },
        { "facets", CLI_FLAG, &o.facets, NULL, "with the counts of organisations, formats, licences …" },
        { "sort", CLI_TEXT, &o.sort, "KEY", "score, updated, issued, title, popularity" },
        { "rows", CLI_INT, &o.rows, "N", "results a page (10; at most 1000)" },
        { "page", CLI_INT, &o.page, "N", "which page (1)" },
        { "english", CLI_FLAG, &o.english, NULL, "names in English where there are any" },
    };
    const cli_form form = {
        .usage = "search [WORDS …] [field:value …]",
        .what = "Searches the catalogue as its visitors do. Words must all occur; \"…\" or 「…」 is a phrase; -word leaves out.\n"
                "Fields: organization, format, licence, theme, category, tag, star, frequency, type, title, updated, issued …\n"
                "Write -- before a word that begins with --.",
        .examples = "  openshelf search 空氣品質 即時\n  openshelf search 預算 organization:臺北市政府 format:CSV updated:2020..2024\n"
                    "  openshelf search --count 公車站牌\n",
        .opts = opts, .opt_count = array_len(opts), .max_rest = 200,
    };
    bool done;
    site *s;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (o.rows < 0 || o.rows > 1000 || o.page < 1 || o.page > 1000000)
        return fail(c, USAGE, "--rows is 0 to 1000, --page 1 to 1000000");
    if (!cli_site(c, a, true, &s))
        return false;
    c->lang = o.english ? LANG_EN : LANG_ZH_HANT;
    log_set_level(LOG_WARN);         /* that an index was built is no news here */
    bool ok = find_open(c, s) && answer(c, a, &o);
    find_close(s);
    return ok;
}
