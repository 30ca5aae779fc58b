/* search_fts — SQLite FTS5: contentless, positions kept, prefix index for one
 * character, tokens by kit/search/token. Row ids are stepped in C, facets
 * counted in arrays, the best 20 kept in a heap; the score is an auxiliary
 * function that adds up occurrences by column. */
#ifndef SEARCH_FTS_H
#define SEARCH_FTS_H
#include "kit/search/norm.h"
#include "kit/search/token.h"
#include "search_other.h"

#include <sqlite3.h>

typedef struct {
    sqlite3      *db;
    sqlite3_stmt *by_score, *by_day;
    norm         *norm;
    norm_text     text;
    token_list    tokens;
    const corpus *k;
    uint8_t      *sight;                 /* the visibility filter, as an array */
    uint32_t     *counts[FACETS];
} fts;

static inline void fts_must(fts *f, int rc)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
        fprintf(stderr, "fts5: %s\n", sqlite3_errmsg(f->db));
        must(false);
    }
}

static inline int fts_create(void *own, const char **args, int n, Fts5Tokenizer **out)
{
    (void)args;
    (void)n;
    *out = own;
    return SQLITE_OK;
}

static inline void fts_delete(Fts5Tokenizer *t)
{
    (void)t;
}

/* Pairs of neighbouring characters; the last one of a run alone, but in a query only when it is alone there. */
static inline int fts_tokenize(Fts5Tokenizer *own, void *to, int flags, const char *p, int n,
                               int (*token)(void *, int, const char *, int, int, int))
{
    fts *f = (fts *)own;
    norm_fold(f->norm, (str){ p, (size_t)n }, &f->text);
    token_read(f->norm, &f->text, &f->tokens);
    const token_list *l = &f->tokens;
    for (size_t i = 0; i < l->atoms.n; i++) {
        char word[TOKEN_WORD_MAX + 8];
        size_t size = 0;
        const token_atom *t = &l->atoms.v[i];
        if (t->cjk) {
            bool pairs = token_pairs(l, i), after_pair = i > 0 && token_pairs(l, i - 1);
            if (!pairs && after_pair && (flags & FTS5_TOKENIZE_QUERY) != 0)
                continue;
            size = utf8_encode(token_code(t), word);
            if (pairs)
                size += utf8_encode(token_code(t + 1), word + size);
        } else {
            for (unsigned shift = 48; size < 7 && (t->key >> shift & 255) != 0; shift -= 8)
                word[size++] = (char)(t->key >> shift & 255);
            memcpy(word + size, token_tail(l, t).p, t->tail_n);
            size += t->tail_n;
        }
        int rc = token(to, 0, word, (int)size, 0, 0);
        if (rc != SQLITE_OK)
            return rc;
    }
    return SQLITE_OK;
}

static inline void fts_score(const Fts5ExtensionApi *api, Fts5Context *q, sqlite3_context *out, int n, sqlite3_value **v)
{
    static const int worth[] = { 8, 3 };
    int times = 0, sum = 0;
    (void)n;
    (void)v;
    api->xInstCount(q, &times);
    for (int i = 0; i < times; i++) {
        int phrase, column, at;
        api->xInst(q, i, &phrase, &column, &at);
        sum += worth[column];
    }
    sqlite3_result_int(out, sum);
}

static inline void fts_open(fts *f, const corpus *k, norm *m)
{
    *f = (fts){ .norm = m, .k = k };
    fts_must(f, sqlite3_open(":memory:", &f->db));
    fts5_api *api = NULL;
    sqlite3_stmt *s;
    fts_must(f, sqlite3_prepare_v2(f->db, "SELECT fts5(?1)", -1, &s, NULL));
    sqlite3_bind_pointer(s, 1, (void *)&api, "fts5_api_ptr", NULL);
    fts_must(f, sqlite3_step(s));
    sqlite3_finalize(s);
    static fts5_tokenizer own = { fts_create, fts_delete, fts_tokenize };
    fts_must(f, api->xCreateTokenizer(api, "own", f, &own, NULL));
    fts_must(f, api->xCreateFunction(api, "hit_score", NULL, fts_score, NULL));
    fts_must(f, sqlite3_exec(f->db, "CREATE VIRTUAL TABLE t USING fts5(title, org, content='', tokenize='own', prefix='1');"
                                    "BEGIN", NULL, NULL, NULL));
    fts_must(f, sqlite3_prepare_v2(f->db, "INSERT INTO t (rowid, title, org) VALUES (?1, ?2, ?3)", -1, &s, NULL));
    for (size_t i = 0; i < k->n; i++) {
        sqlite3_bind_int64(s, 1, (int64_t)i + 1);
        sqlite3_bind_text(s, 2, k->title[i].p, (int)k->title[i].n, SQLITE_STATIC);
        sqlite3_bind_text(s, 3, k->org[i].p, (int)k->org[i].n, SQLITE_STATIC);
        fts_must(f, sqlite3_step(s));
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    fts_must(f, sqlite3_exec(f->db, "COMMIT; INSERT INTO t (t) VALUES ('optimize')", NULL, NULL, NULL));
    fts_must(f, sqlite3_prepare_v2(f->db, "SELECT rowid, hit_score(t) FROM t WHERE t MATCH ?1", -1, &f->by_score, NULL));
    fts_must(f, sqlite3_prepare_v2(f->db, "SELECT rowid FROM t WHERE t MATCH ?1", -1, &f->by_day, NULL));
    f->sight = memset(mem_get(k->n + 1), 3, k->n + 1);
    for (int i = 0; i < FACETS; i++)
        f->counts[i] = mem_get((k->values[i].n + 1) * sizeof **f->counts);
}

typedef struct { int64_t key, id; } fts_hit;

static inline bool fts_worse(fts_hit a, fts_hit b)
{
    return a.key != b.key ? a.key < b.key : a.id > b.id;
}

static inline void fts_keep(fts_hit *heap, size_t *n, fts_hit x)
{
    if (*n == BEST && !fts_worse(heap[0], x))
        return;
    if (*n < BEST) {
        size_t i = (*n)++;
        for (; i > 0 && fts_worse(x, heap[(i - 1) / 2]); i = (i - 1) / 2)
            heap[i] = heap[(i - 1) / 2];
        heap[i] = x;
        return;
    }
    size_t i = 0;
    for (size_t kid; (kid = 2 * i + 1) < *n; i = kid) {
        kid += kid + 1 < *n && fts_worse(heap[kid + 1], heap[kid]);
        if (!fts_worse(heap[kid], x))
            break;
        heap[i] = heap[kid];
    }
    heap[i] = x;
}

static inline void fts_count(fts *f, uint32_t doc, int64_t score, const other_query *q, other_answer *out, fts_hit *heap,
                             size_t *n)
{
    const corpus *k = f->k;
    if (f->sight[doc] < 3 || f->sight[doc] > 4 || (q->org >= 0 && k->codes[FACET_ORG].v[doc] != (uint32_t)q->org))
        return;
    out->total++;
    for (int i = 0; i < FACETS; i++)
        if (i != FACET_FORMAT)
            f->counts[i][k->codes[i].v[doc]]++;
    for (uint32_t i = doc > 0 ? k->format_end[doc - 1] : 0; i < k->format_end[doc]; i++)
        f->counts[FACET_FORMAT][k->codes[FACET_FORMAT].v[i]]++;
    fts_keep(heap, n, (fts_hit){ q->by_day ? k->day[doc] : score, (int64_t)doc + 1 });
}

static inline other_answer fts_search(fts *f, const other_query *q)
{
    other_answer out = { 0 };
    fts_hit heap[BEST];
    size_t n = 0;
    char match[256] = "";
    for (int i = 0; i < FACETS; i++)
        memset(f->counts[i], 0, f->k->values[i].n * sizeof **f->counts);
    if (q->terms[0] == NULL) {
        for (uint32_t doc = 0; doc < f->k->n; doc++)
            fts_count(f, doc, 0, q, &out, heap, &n);
    } else {
        for (int i = 0; i < 4 && q->terms[i] != NULL; i++)
            snprintf(match + strlen(match), sizeof match - strlen(match), "\"%s\"%s ", q->terms[i],
                     utf8_count(str_of(q->terms[i])) == 1 ? " *" : "");
        sqlite3_stmt *s = q->by_day ? f->by_day : f->by_score;
        sqlite3_bind_text(s, 1, match, -1, SQLITE_STATIC);
        int rc;
        while ((rc = sqlite3_step(s)) == SQLITE_ROW)
            fts_count(f, (uint32_t)(sqlite3_column_int64(s, 0) - 1), q->by_day ? 0 : sqlite3_column_int64(s, 1), q, &out,
                      heap, &n);
        fts_must(f, rc);
        sqlite3_reset(s);
    }
    out.n = n;
    for (int i = 0; i < FACETS; i++)
        for (size_t v = 0; v < f->k->values[i].n; v++)
            out.facet_sum += f->counts[i][v] * (str_hash(f->k->values[i].v[v]) & 0xffff);
    return out;
}
#endif
