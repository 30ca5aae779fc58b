#include "app/reader/intake.h"

#include "app/reader/fields.h"
#include "kit/text/url.h"

const reader_kind *intake_kind_of(ctx *c, const json *record)
{
    size_t n;
    const reader_kind *k = reader_kinds(&n);
    if (record->type != JSON_OBJ)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (k[i].fits(c, record))
            return &k[i];
    return NULL;
}

bool intake_begin(ctx *c, intake *r)
{
    r->keep = arena_new(65536);
    return dataset_writer_new(c, &r->w);
}

void intake_free(intake *r)
{
    if (r->open)
        change_cancel(&r->ch);
    dataset_writer_free(r->w);
    arena_free(r->keep);
}

bool intake_refuse(ctx *c, intake *r, str key)
{
    r->report->refused++;
    if (r->report->refusals.n < READER_REFUSALS_MAX) {
        str why = c->err.message.n > 0 ? c->err.message : str_of(err_text(c->err.code));
        list_add(r->keep, &r->report->refusals, (refusal){
            .file = str_dup(r->keep, r->file), .record = r->record, .line = r->line,
            .key = url_hide_keys(r->keep, utf8_cut(key, 200)), .field = str_dup(r->keep, c->err.field),
            .reason = url_hide_keys(r->keep, why) });
    }
    err_clear(c);
    return true;
}

static bool commit(ctx *c, intake *r)
{
    if (!r->open)
        return true;
    r->open = false;
    bool ok = change_commit(c, &r->ch);
    if (ok) {
        dataset_writer_keep(r->w);
    } else {
        change_cancel(&r->ch);
        dataset_writer_undo(r->w);
    }
    r->in_batch = 0;
    return ok;
}

static bool open_change(ctx *c, intake *r)
{
    if (r->open || r->o->dry_run)
        return true;
    r->ch = change_begin(c);
    r->open = r->ch.tx.open;
    return r->open;
}

static bool store(ctx *c, intake *r, const json *record, str *key, store_outcome *out)
{
    change *ch = r->o->dry_run ? NULL : &r->ch;
    if (r->kind->map == NULL) {
        organization_draft d;
        if (!read_organization(c, record, &d))
            return false;
        *key = d.name;
        return dataset_store_organization(c, ch, r->w, &d, out);
    }
    dataset_draft d;
    if (!r->kind->map(c, record, &d))
        return false;
    if (str_eq(d.source, S("ckan")) && r->host.n > 0)
        d.source = str_cat(c->a, S("ckan:"), r->host);
    *key = d.source_key.n > 0 ? d.source_key : d.title;
    return dataset_store(c, ch, r->w, &d, out);
}

/* Errors of the record are refusals; errors of the machine end the run. */
static bool is_refusal(err_code code)
{
    return code == ERR_INVALID || code == ERR_TOO_LARGE || code == ERR_CONFLICT;
}

static bool has_comments(const json *v)
{
    for (size_t i = 0; v->type == JSON_OBJ && i < v->obj.n; i++)
        if ((fields_is_comment(v->obj.keys[i], &v->obj.v[i]) && !fields_says_nothing(&v->obj.v[i])) || has_comments(&v->obj.v[i]))
            return true;
    for (size_t i = 0; v->type == JSON_ARR && i < v->arr.n; i++)
        if (has_comments(&v->arr.v[i]))
            return true;
    return false;
}

bool intake_record(ctx *c, intake *r, const json *record)
{
    str key = { 0 };
    store_outcome outcome;
    arena_mark m = arena_here(c->a);
    r->record++;
    r->report->with_comments += has_comments(record);
    const reader_kind *kind = intake_kind_of(c, record);
    if (kind != NULL && r->o->kind.n == 0)
        r->kind = kind;
    bool ok;
    if (kind == NULL && r->o->kind.n == 0) {
        (void)fail(c, INVALID, "the record has none of the known forms");
        ok = intake_refuse(c, r, json_get_text(c, record, "id"));
    } else if (!open_change(c, r)) {
        return false;
    } else if (store(c, r, record, &key, &outcome)) {
        r->report->created += outcome == STORE_CREATED;
        r->report->updated += outcome == STORE_UPDATED;
        r->report->unchanged += outcome == STORE_UNCHANGED;
        ok = true;
    } else {
        ok = is_refusal(c->err.code) && intake_refuse(c, r, key);
    }
    if (ok && ++r->in_batch >= READER_BATCH)
        ok = commit(c, r);
    if (ok)
        arena_back(c->a, m);
    if (r->o->progress != NULL && r->record % 500 == 0)
        r->o->progress(r->o->data, r->record);
    return ok;
}

bool intake_end(ctx *c, intake *r)
{
    return commit(c, r);
}
