#include "kit/load/load.h"
#include "kit/load/load_judge.h"
#include "kit/load/load_schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One table is built at a time: readers hand them on one after the other. */
typedef struct {
    const load_options *o;
    load_result *out;
    arena  *keep;                   /* the caller's: what the result holds */
    column_build *build;
    table_sink sink;                /* the builder's */
    int     out_fd, spill_fd;
    load_before before;
    struct { const table_schema **v; size_t n, cap; } schemas;      /* of each table; NULL: none */
    uint64_t bytes, rows;
} work;

static load_table *now(work *w)
{
    return &w->out->tables.v[w->out->tables.n - 1];
}

static bool tell(ctx *c, work *w)
{
    return w->o->progress == NULL || w->o->progress(c, w->o->to, w->bytes, w->rows);
}

static int make_file(ctx *c, str folder, bool hidden, str *path)
{
    char *name = str_z(c->a, file_join(c->a, folder, S("new.XXXXXX")));
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd < 0)
        (void)fail(c, IO, "cannot write into “%.*s”: %s", S_ARG(folder), strerrordesc_np(errno));
    else if (hidden)
        unlink(name);
    else
        *path = str_of(name);
    return fd;
}

static void close_files(work *w)
{
    column_build_free(w->build);
    w->build = NULL;
    if (w->out_fd >= 0)
        close(w->out_fd);
    if (w->spill_fd >= 0)
        close(w->spill_fd);
    w->out_fd = w->spill_fd = -1;
}

/* A finding for whose place there is no room counts with the last one of its rule; false: it is the first of it. */
static bool count_like(load_table *t, const table_finding *f)
{
    for (size_t i = t->findings.n; i-- > 0;) {
        table_finding *like = &t->findings.v[i].at;
        if (strcmp(like->code, f->code) == 0) {
            uint64_t count = f->count > 0 ? f->count : 1;
            like->count = (like->count > 0 ? like->count : 1) + count;
            t->more_findings += count;
            return true;
        }
    }
    return false;
}

void load_add_finding(load_result *r, load_table *t, const table_finding *f)
{
    if (t->findings.n >= LOAD_FINDINGS_MAX && count_like(t, f))
        return;
    load_finding *k = list_push(r->keep, &t->findings);
    k->at = *f;
    k->at.sample = str_dup(r->keep, utf8_cut(f->sample, 200));
}

static bool keep_finding(ctx *c, void *to, const table_finding *f)
{
    work *w = to;
    (void)c;
    load_add_finding(w->out, now(w), f);
    return true;
}

static bool begin(ctx *c, void *to, const table_head *h)
{
    work *w = to;
    if (w->out->tables.n >= LOAD_TABLES_MAX)
        return fail(c, TOO_LARGE, "the file holds more than %d tables", LOAD_TABLES_MAX);
    size_t position = w->out->tables.n;
    load_table *t = list_push(w->keep, &w->out->tables);
    t->name = str_dup(w->keep, utf8_cut(h->name, 300));
    t->cols = h->col_count;
    t->header_rows = h->header_rows;
    t->notes_rows = h->notes_rows;
    w->before = (load_before){ 0 };
    if (w->o->before != NULL && !w->o->before(c, w->o->to, position, t->name, &w->before))
        return false;
    bool unfit = w->before.word != LOAD_SET && !load_schema_fits(w->before.schema, h), told = unfit && w->before.word == LOAD_NAMED;
    if (unfit)
        w->before = (load_before){ .old_titles = w->before.old_titles, .old_names = w->before.old_names };
    t->schema = str_dup(w->keep, w->before.label);
    list_add(c->a, &w->schemas, w->before.given ? w->before.schema : NULL);
    arena *a = c->a;
    c->a = w->keep; /* the path lives as long as the result */
    w->out_fd = make_file(c, w->o->folder, false, &t->path);
    c->a = a;
    w->spill_fd = w->out_fd < 0 ? -1 : make_file(c, w->o->folder, true, NULL);
    if (w->spill_fd < 0)
        return false;
    w->build = column_build_new(c, &(column_build_plan){
        .out_fd = w->out_fd, .spill_fd = w->spill_fd, .schema = w->before.schema, .words = w->o->words,
        .old_titles = w->before.old_titles.n > 0 ? &w->before.old_titles : NULL,
        .old_names = w->before.old_names.n > 0 ? &w->before.old_names : NULL,
        .source = w->o->source, .findings_to = w, .finding = keep_finding });
    w->sink = column_build_sink(w->build);
    return w->sink.begin(c, w->sink.to, h) && (!w->before.given || load_schema_columns(c, w->before.schema, h, &w->sink))
        && (!told || w->sink.finding(c, w->sink.to, &(table_finding){ .code = "schema_unfit", .count = 1 })) && tell(c, w);
}

static bool block(ctx *c, void *to, const table_block *b)
{
    work *w = to;
    if (b->rows > 0 && b->bytes != NULL)
        w->bytes = b->bytes[b->rows - 1];
    w->rows += b->rows;
    return w->sink.block(c, w->sink.to, b) && tell(c, w);
}

static bool finding(ctx *c, void *to, const table_finding *f)
{
    work *w = to;
    return w->sink.finding(c, w->sink.to, f);
}

static bool judge(ctx *c, work *w)
{
    column_file *f;
    if (!column_file_open_fd(c, w->out_fd, &f))
        return false;
    const load_told told = { .file = f, .to = w, .finding = keep_finding };
    const load_judge_plan p = { .words = w->o->words, .today = (day_now_ms() + DAY_TAIPEI_MS) / DAY_MS, .to = w, .finding = keep_finding };
    bool ok = (w->before.schema == NULL || load_schema_rows(c, w->before.schema, w->before.key, &told)) && load_judge(c, f, &p);
    column_file_close(f);
    return ok;
}

static bool end(ctx *c, void *to)
{
    work *w = to;
    if (!w->sink.end(c, w->sink.to))
        return false;
    now(w)->rows = column_build_rows(w->build);
    if (!judge(c, w))
        return false;
    if (fsync(w->out_fd) != 0)
        return fail(c, IO, "writing a column file failed: %s", strerrordesc_np(errno));
    close_files(w);
    return true;
}

static bool alive(ctx *c, void *to)
{
    return tell(c, to);
}

/* --- references, once all tables of the file are there --- */

typedef struct {
    work *w;
    column_file **files;                /* of the tables */
    size_t at;                          /* which of them is judged */
} refer;

static load_rows rows_of(const refer *r, size_t i)
{
    return (load_rows){ .files = &r->files[i], .n = 1, .schema = r->w->schemas.v[i] };
}

static bool find_table(ctx *c, void *to, str name, load_rows *out)
{
    refer *r = to;
    bool here = false;
    size_t at = 0;
    const load_options *o = r->w->o;
    for (size_t i = 0; i < r->w->out->tables.n; i++)
        if (table_is_called(r->w->out->tables.v[i].name, name)) {
            *out = rows_of(r, i);
            return true;
        }
    if (o->other == NULL)
        return true;
    if (!o->other(c, o->to, name, out, &here, &at))
        return false;
    if (here && at < r->w->out->tables.n)
        *out = rows_of(r, at);
    return true;
}

static bool keep_reference(ctx *c, void *to, const table_finding *f)
{
    const refer *r = to;
    (void)c;
    load_add_finding(r->w->out, &r->w->out->tables.v[r->at], f);
    return true;
}

static bool judge_references(ctx *c, work *w)
{
    size_t n = w->out->tables.n;
    refer r = { .w = w, .files = new_n(c->a, column_file *, n + 1) };
    bool any = false, ok = true;
    for (size_t i = 0; i < n; i++)
        any = any || (w->schemas.v[i] != NULL && w->schemas.v[i]->references.n > 0);
    for (size_t i = 0; any && ok && i < n; i++)
        ok = column_file_open(c, w->out->tables.v[i].path, &r.files[i]);
    for (r.at = 0; any && ok && r.at < n; r.at++) {
        const load_reference_plan p = { .schema = w->schemas.v[r.at], .own = rows_of(&r, r.at), .all = rows_of(&r, r.at), .to = &r, .find = find_table };
        ok = load_references(c, &p, &r, keep_reference);
    }
    for (size_t i = 0; i < n; i++)
        column_file_close(r.files[i]);
    return ok;
}

static table_sink sink_of(work *w)
{
    return (table_sink){ .to = w, .begin = begin, .block = block, .finding = finding, .end = end };
}

static bool read_all(ctx *c, int fd, str name, work *w, int scratch)
{
    const load_options *o = w->o;
    table_sink own = sink_of(w), sink = o->shape != NULL ? load_align(c, o->shape, &own) : own;
    ingest_options how = { .format = o->format, .encoding = o->encoding, .scratch = scratch };
    if (!o->unboxed) {
        ingest_box box = { .limits = BOX_LIMITS_DEFAULT, .program = o->box_program, .to = w, .alive = alive };
        return ingest_boxed(c, fd, name, &how, &box, &sink, &w->out->found);
    }
    source s;
    return source_open(c, fd, name, &s) && ingest_read(c, &s, &how, &sink, &w->out->found);
}

bool load_file(ctx *c, int fd, str name, const load_options *o, load_result *out)
{
    *out = (load_result){ 0 };
    work w = { .o = o, .out = out, .keep = arena_new(65536), .out_fd = -1, .spill_fd = -1 };
    out->keep = w.keep;
    if (!file_make_dir(c, o->folder))
        return false;
    auto_fd scratch = make_file(c, o->folder, true, NULL);
    bool ok = scratch >= 0 && read_all(c, fd, name, &w, scratch);
    close_files(&w);
    if (ok && out->tables.n == 0)
        ok = fail(c, INVALID, "the file holds no table");
    ok = ok && judge_references(c, &w);
    if (!ok)
        load_free(c, out);
    return ok;
}

bool load_segments(ctx *c, column_file *const *files, const uint64_t *const *dropped, size_t n, const load_options *o, load_result *out)
{
    *out = (load_result){ 0 };
    work w = { .o = o, .out = out, .keep = arena_new(65536), .out_fd = -1, .spill_fd = -1 };
    table_sink sink = sink_of(&w);
    out->keep = w.keep;
    bool ok = file_make_dir(c, o->folder) && column_file_feed(c, files, dropped, n, &sink);
    close_files(&w);
    if (!ok)
        load_free(c, out);
    return ok;
}

void load_before_of(ctx *c, const column_file *f, const table_schema *given, bool judged, load_before *out)
{
    size_t n = column_file_count(f), *places = given != NULL ? table_schema_places(c, given, f) : NULL;
    table_schema *s = new (c->a, table_schema);
    *s = (table_schema){ .fields = new_n(c->a, table_field, n), .n = n };
    if (given != NULL) {
        s->missing = given->missing;
        s->own_marks = given->own_marks;
    }
    for (size_t i = 0; given != NULL && i < given->n; i++)
        if (places[i] != TABLE_NO_COLUMN) {
            const table_field *g = &given->fields[i];
            bool as_given = g->has_type && g->type == column_file_about(f, places[i])->type;
            s->fields[places[i]] = judged ? *g : (table_field){ .missing = g->missing, .allowed = g->allowed };
            s->fields[places[i]].spelling = as_given ? g->spelling : (field_spelling){ 0 };
        }
    *out = (load_before){ .schema = s };
    for (size_t i = 0; i < n; i++) {
        const column_about *k = column_file_about(f, i);
        s->fields[i].name = s->fields[i].title = (str){ 0 };    /* by place */
        s->fields[i].also = (str_list){ 0 };
        s->fields[i].has_type = true;
        s->fields[i].type = k->type;
        list_add(c->a, &out->old_titles, str_dup(c->a, k->title));
        list_add(c->a, &out->old_names, str_dup(c->a, k->name));
    }
}

void load_free(ctx *c, load_result *r)
{
    (void)c;
    for (size_t i = 0; i < r->tables.n; i++)
        if (r->tables.v[i].path.n > 0)
            unlink(r->tables.v[i].path.p);
    arena_free(r->keep);
    *r = (load_result){ 0 };
}
