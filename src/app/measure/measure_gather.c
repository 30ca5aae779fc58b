#include "app/measure/measure_gather.h"
#include "app/link/link.h"
#include "app/measure/measure_found.h"
#include "app/measure/measure_said.h"

#include "app/dataset/verdict.h"
#include "app/policy/policy.h"
#include "app/site/site.h"
#include "app/table/table_words.h"
#include "app/vocabulary/vocabulary.h"
#include "kit/blob/blob.h"
#include "kit/ingest/sniff.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

#include <unistd.h>

/* Everything of one organisation; files and tables in the order of datasets, the others by distribution. */
typedef struct {
    measure_dataset_list   sets;
    measure_file_row_list  files;
    measure_table_row_list tables;
    map bytes, links;
} known;

static bool read_all(ctx *c, int64_t organization, known *k)
{
    measure_bytes_row_list bytes;
    measure_link_row_list links;
    if (!q_measure_datasets(c, organization, &k->sets) || !q_measure_files(c, organization, &k->files)
        || !q_measure_tables(c, organization, &k->tables) || !q_measure_bytes(c, organization, &bytes)
        || !q_measure_links(c, organization, &links))
        return false;
    k->bytes = map_in(c->a);
    k->links = map_in(c->a);
    list_each (measure_bytes_row, b, &bytes)
        map_set_ptr(&k->bytes, b->distribution_uid, b);
    list_each (measure_link_row, l, &links)
        map_set_ptr(&k->links, l->distribution_uid, l);
    return true;
}

/* --- tables --- */

typedef struct { int64_t score_sum, tables; map codes; str columns; } tally;       /* of one dataset */

static void add_code(tally *t, str code)
{
    map_set_i64(&t->codes, code, map_i64(&t->codes, code, 0) + 1);
}

/* One table: how it was read, what was found in it, what its metadata says otherwise. */
static void read_table(ctx *c, const measure_dataset *d, const measure_file_row *row, const measure_table_row *t, bool alone, measure_file *f, tally *all)
{
    json about;
    measure_said said = { .file_fields = row->fields, .dataset_fields = d->field_description, .from = d->temporal_from, .to = d->temporal_to };
    measure_compared found = { 0 };
    all->score_sum += t->score;
    all->tables++;
    if (json_parse(c, t->about, &about)) {
        f->is = json_get_text(c, &about, "format");
        f->encoding = json_get_text(c, &about, "encoding");
        const json *codes = json_get(&about, "findings");
        for (size_t i = 0; codes != NULL && codes->type == JSON_OBJ && i < codes->obj.n; i++)
            add_code(all, codes->obj.keys[i]);
    }
    err_clear(c);
    said.rows = !alone ? -1 : !row->record_count_null ? row->record_count : d->record_count_null ? -1 : d->record_count;
    if (!measure_compare(c, &said, t->fields, t->rows, &found))
        return;
    f->read = true;
    f->named = found.named > 0;
    map codes = map_in(c->a);
    list_each (const table_finding, one, &found.findings) {
        f->missing += strcmp(one->code, "field_missing") == 0;
        map_set_i64(&codes, str_of(one->code), 1);
    }
    for (size_t i = 0; i < codes.n; i++)
        add_code(all, codes.items[i].key);
    buf b = buf_in(c->a);
    buf_add(&b, all->columns);
    buf_add(&b, found.columns);
    all->columns = buf_str(&b);
}

/* --- bytes without a table --- */

static str sniff_blob(ctx *c, str blob)
{
    source s;
    source_kind kind;
    auto_fd fd = file_open(c, blob_path(c->a, c->site->blob_dir, blob));
    bool ok = fd >= 0 && source_open(c, fd, blob, &s) && sniff_kind(c, &s, &kind);
    err_clear(c);                       /* a blob that is lost is told by verify; here it is only not known */
    return ok && kind != SOURCE_EMPTY ? str_of(sniff_called(kind)) : (str){ 0 };
}

static void read_file(ctx *c, const known *k, const measure_file_row *row, measure_file *f)
{
    const measure_bytes_row *b = map_ptr(&k->bytes, row->uid);
    const measure_link_row *l = map_ptr(&k->links, row->uid);
    *f = (measure_file){ .format = row->format, .charset = row->charset, .url = row->url };
    if (b != NULL) {
        f->is = sniff_blob(c, b->blob);
        f->fetched = b->source_url.n > 0 && str_eq(b->source_url, row->url);
    }
    if (l != NULL && str_eq(l->url, row->url)) {
        f->answered = l->error.n == 0;
        f->asked = f->answered || link_fails_named(l->error);
        f->gave = (link_gave)l->gave;
    } else if (f->fetched)
        f->asked = f->answered = true;
}

/* --- stars and openness --- */

/* By the bytes of the files, as the record will have them: noted where it has them otherwise. */
static void rate(ctx *c, const measure_dataset *d, const measure_file_row *rows, measure_file *f, size_t n, measure_ratings *out)
{
    dataset_row r = { .class = d->class, .licence = d->licence, .licence_text = d->licence_text, .cost = d->cost };
    distribution_row_list rated = { 0 };
    dataset_found *found = new_n(c->a, dataset_found, n + 1);
    for (size_t i = 0; i < n; i++) {
        found[i] = (dataset_found){ rows[i].uid, measure_found(rows[i].format, f[i].is) };
        list_add(c->a, &rated, (distribution_row){ .star = rows[i].star, .url = rows[i].url, .format = rows[i].format, .found_format = found[i].format });
    }
    verdict_rate(&r, &rated);
    bool differs = r.rating != d->rating || !str_eq(r.rating_by, d->rating_by) || !str_eq(r.openness, d->openness);
    for (size_t i = 0; i < n; i++) {
        f[i].star = (int)rated.v[i].rating;
        differs = differs || rated.v[i].rating != rows[i].rating || !str_eq(found[i].format, rows[i].found_format);
    }
    if (differs)
        list_add(c->a, out, (measure_rating){ d->id, found, n });
}

/* --- one dataset --- */

static void count_address(const known *k, const measure_file_row *row, dataset_quality_row *out)
{
    const measure_link_row *l = map_ptr(&k->links, row->uid);
    out->addresses += row->url.n > 0;
    if (l == NULL || !str_eq(l->url, row->url))
        return;
    out->asked++;
    out->failing += l->error.n > 0;
    out->pages += l->error.n == 0 && l->gave == LINK_PAGE;
}

static bool is_seen(const measure_dataset *d)
{
    policy_state state;
    policy_class class;
    return policy_state_of(d->state, &state) && policy_class_of(d->class, &class) && policy_sees(ROLE_VISITOR, state, class) == SEE_ALL;
}

static int64_t promised(const measure_dataset *d, arena *a)
{
    const frequency *f = d->frequency.n == 0 ? NULL : frequency_by_code(d->frequency);
    if (f == NULL && d->frequency.n > 0)
        f = frequency_recognise(a, d->frequency);
    return f == NULL ? -1 : f->days_x100;
}

static str codes_json(arena *a, const map *codes)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    for (size_t i = 0; i < codes->n; i++)
        json_kv(&j, str_z(a, codes->items[i].key), codes->items[i].i);
    json_end(&j);
    return buf_str(&b);
}

/* What is declared stands for the columns while no table was read. */
static str columns_declared(ctx *c, const measure_dataset *d)
{
    quality_fields fields;
    buf b = buf_in(c->a);
    quality_fields_read(c, d->field_description, &fields);
    list_each (const quality_field, f, &fields)
        buf_fmt(&b, "%.*s\n", S_ARG(f->name));
    return buf_str(&b);
}

typedef struct { size_t file, table; } place;      /* where the next dataset's begin */

static void measure_one(ctx *c, const known *k, const measure_dataset *d, place *at, measure_evidence *e, dataset_quality_row *out, str *columns,
                        measure_ratings *ratings)
{
    size_t first = at->file;
    tally all = { .codes = map_in(c->a) };
    while (at->file < k->files.n && k->files.v[at->file].dataset_id == d->id)
        at->file++;
    size_t n = at->file - first, t0 = at->table;
    while (at->table < k->tables.n && k->tables.v[at->table].dataset_id == d->id)
        at->table++;
    measure_file *f = new_n(c->a, measure_file, n + 1);
    for (size_t i = 0; i < n; i++) {
        const measure_file_row *row = &k->files.v[first + i];
        read_file(c, k, row, &f[i]);
        count_address(k, row, out);
        size_t mine = 0;
        for (size_t t = t0; t < at->table; t++)
            mine += str_eq(k->tables.v[t].distribution_uid, row->uid);
        for (size_t t = t0; t < at->table; t++)
            if (str_eq(k->tables.v[t].distribution_uid, row->uid))
                read_table(c, d, row, &k->tables.v[t], mine == 1 && (n == 1 || !row->record_count_null), &f[i], &all);
        out->known_files += f[i].is.n > 0;
    }
    rate(c, d, k->files.v + first, f, n, ratings);
    e->files = f;
    e->n = n;
    e->dated = !d->updated_at_null;
    e->updated_at = d->updated_at;
    e->days_x100 = promised(d, c->a);
    e->completeness = (int)d->completeness;
    e->table_score = all.tables > 0 ? (int)(all.score_sum / all.tables) : -1;
    out->dataset_id = d->id;
    out->files = (int64_t)n;
    out->tables = all.tables;
    out->table_score = all.tables > 0 ? e->table_score : 0;
    out->findings = codes_json(c->a, &all.codes);
    *columns = all.columns.n > 0 ? all.columns : columns_declared(c, d);
}

static void finish(ctx *c, const measure_member *m, measure_evidence *e, dataset_quality_row *out)
{
    e->series = m->series > 0 && m->sure;
    measure_judgement j = measure_judge(e);
    out->score = j.score;
    out->badge = str_of(j.badge);
    out->indicators = str_dup(c->a, str_of(j.letters));
    out->reasons = str_dup(c->a, str_of(j.reasons));
    out->series = m->series;
    out->series_stem = m->stem;
    out->series_count = m->count;
    out->series_sure = m->sure;
}

bool measure_gather(ctx *c, int64_t organization, int64_t now, dataset_quality_row_list *out, measure_ratings *ratings)
{
    known k;
    place at = { 0 };
    *out = (dataset_quality_row_list){ 0 };
    if (!read_all(c, organization, &k))
        return false;
    measure_evidence *e = new_n(c->a, measure_evidence, k.sets.n + 1);
    measure_member *m = new_n(c->a, measure_member, k.sets.n + 1);
    for (size_t i = 0; i < k.sets.n; i++) {
        const measure_dataset *d = &k.sets.v[i];
        dataset_quality_row row = { .organization_id = organization };
        size_t n = out->n;
        e[n].now = now;
        measure_one(c, &k, d, &at, &e[n], &row, &m[n].columns, ratings);
        if (!is_seen(d)) {
            e[n] = (measure_evidence){ 0 };
            continue;
        }
        m[n].id = d->id;
        m[n].title = d->title;
        list_add(c->a, out, row);
    }
    measure_series(c->a, table_words(), m, out->n);
    for (size_t i = 0; i < out->n; i++)
        finish(c, &m[i], &e[i], &out->v[i]);
    return true;
}
