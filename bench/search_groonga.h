/* search_groonga — Groonga: TokenBigram, NormalizerNFKC130, facet values as
 * references into hash tables, in a fresh database that its page cache holds; asked through `select`
 * with drilldowns, its usual way (0.1 to 0.3 ms more than the C calls). */
#ifndef SEARCH_GROONGA_H
#define SEARCH_GROONGA_H
#include "kit/text/json_write.h"
#include "search_other.h"

#include <groonga.h>

typedef struct {
    grn_ctx  ctx;
    grn_obj *db;
    const corpus *k;
} groonga;

static inline str groonga_send(groonga *g, const char *command, size_t n)
{
    char *p = NULL;
    unsigned size = 0;
    int flags = 0;
    grn_ctx_send(&g->ctx, command, (unsigned)n, 0);
    grn_ctx_recv(&g->ctx, &p, &size, &flags);
    if (g->ctx.rc != GRN_SUCCESS) {
        fprintf(stderr, "groonga: %s\n", g->ctx.errbuf);
        must(false);
    }
    return (str){ p, size };
}

static inline void groonga_text(buf *b, const char *name, str value)
{
    buf_fmt(b, "\"%s\":\"", name);
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] == '"' || value.p[i] == '\\')
            buf_byte(b, '\\');
        buf_byte(b, (unsigned char)value.p[i] < ' ' ? ' ' : value.p[i]);
    }
    buf_add(b, S("\","));
}

static inline void groonga_load(groonga *g, arena *a)
{
    const corpus *k = g->k;
    groonga_send(g, "load --table Docs --input_type json", 35);
    groonga_send(g, "[", 1);
    for (size_t i = 0; i < k->n; i++) {
        arena_mark m = arena_here(a);
        buf b = buf_in(a);
        buf_fmt(&b, "{\"_key\":%zu,\"day\":%" PRId64 ",", i + 1, k->day[i] / 1000);
        groonga_text(&b, "title", k->title[i]);
        groonga_text(&b, "org_name", k->org[i]);
        groonga_text(&b, "org", k->values[FACET_ORG].v[k->codes[FACET_ORG].v[i]]);
        groonga_text(&b, "category", k->values[FACET_CATEGORY].v[k->codes[FACET_CATEGORY].v[i]]);
        groonga_text(&b, "licence", k->values[FACET_LICENCE].v[k->codes[FACET_LICENCE].v[i]]);
        groonga_text(&b, "frequency", k->values[FACET_FREQUENCY].v[k->codes[FACET_FREQUENCY].v[i]]);
        buf_add(&b, S("\"format\":["));
        for (uint32_t c = i > 0 ? k->format_end[i - 1] : 0, from = c; c < k->format_end[i]; c++)
            buf_fmt(&b, "%s\"%.*s\"", c > from ? "," : "", S_ARG(k->values[FACET_FORMAT].v[k->codes[FACET_FORMAT].v[c]]));
        buf_fmt(&b, "]}%s", i + 1 < k->n ? "," : "");
        groonga_send(g, b.p, b.n);
        arena_back(a, m);
    }
    groonga_send(g, "]", 1);
}

static inline void groonga_open(groonga *g, const corpus *k, arena *a, const char *path)
{
    static const char *const schema[] = {
        "table_create Org TABLE_HASH_KEY ShortText", "table_create Format TABLE_HASH_KEY ShortText",
        "table_create Category TABLE_HASH_KEY ShortText", "table_create Licence TABLE_HASH_KEY ShortText",
        "table_create Frequency TABLE_HASH_KEY ShortText", "table_create Docs TABLE_HASH_KEY UInt32",
        "column_create Docs title COLUMN_SCALAR ShortText", "column_create Docs org_name COLUMN_SCALAR ShortText",
        "column_create Docs day COLUMN_SCALAR Int64", "column_create Docs org COLUMN_SCALAR Org",
        "column_create Docs format COLUMN_VECTOR Format", "column_create Docs category COLUMN_SCALAR Category",
        "column_create Docs licence COLUMN_SCALAR Licence", "column_create Docs frequency COLUMN_SCALAR Frequency",
    };
    static const char *const index[] = {
        "table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerNFKC130",
        "column_create Terms text COLUMN_INDEX|WITH_POSITION|WITH_SECTION Docs title,org_name",
        "column_create Org docs COLUMN_INDEX Docs org",
    };
    *g = (groonga){ .k = k };
    must(grn_init() == GRN_SUCCESS && grn_ctx_init(&g->ctx, 0) == GRN_SUCCESS);
    g->db = grn_db_create(&g->ctx, path, NULL);
    must(g->db != NULL);
    for (size_t i = 0; i < array_len(schema); i++)
        groonga_send(g, schema[i], strlen(schema[i]));
    groonga_load(g, a);
    groonga_send(g, "cache_limit 0", 13);      /* else the second round is answered from a cache of replies */
    for (size_t i = 0; i < array_len(index); i++)
        groonga_send(g, index[i], strlen(index[i]));
}

static inline other_answer groonga_search(groonga *g, const other_query *q)
{
    char command[1024], words[256] = "";
    for (int i = 0; i < 4 && q->terms[i] != NULL; i++)
        snprintf(words + strlen(words), sizeof words - strlen(words), "\\\"%s\\\" ", q->terms[i]);
    int n = snprintf(command, sizeof command, "select Docs --output_columns _key --limit %d --sort_keys %s,_key "
                     "--drilldown org,format,category,licence,frequency --drilldown_limit %d "
                     "--drilldown_sort_keys -_nsubrecs --drilldown_output_columns _key,_nsubrecs", BEST,
                     q->by_day || q->terms[0] == NULL ? "-day" : "-_score", FACET_LIMIT);
    if (q->terms[0] != NULL)
        n += snprintf(command + n, sizeof command - (size_t)n, " --match_columns 'title * 8 || org_name * 3' --query \"%s\"", words);
    if (q->org >= 0)
        n += snprintf(command + n, sizeof command - (size_t)n, " --filter 'org == \"%.*s\"'",
                      S_ARG(g->k->values[FACET_ORG].v[q->org]));
    str reply = groonga_send(g, command, (size_t)n);
    other_answer out = { .n = BEST };       /* [[[total],… */
    for (size_t i = 0; i < reply.n && (reply.p[i] < '0' || reply.p[i] > '9') && reply.p[i] == '['; i++)
        for (size_t d = i + 1; d < reply.n && reply.p[d] >= '0' && reply.p[d] <= '9'; d++)
            out.total = out.total * 10 + (reply.p[d] - '0');
    return out;
}
#endif
