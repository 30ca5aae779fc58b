#include "app/reader/reader.h"

#include "app/reader/intake.h"
#include "kit/blob/blob.h"
#include "kit/text/json_write.h"
#include "queries.h"

static bool walk(ctx *c, intake *r, str path, int depth)
{
    if (str_eq(path, S("-")) || !file_is_dir(c, path))
        return intake_file(c, r, path);
    str_list names = { 0 };
    if (depth > 16)
        return fail(c, INVALID, "“%.*s” is nested too deeply", S_ARG(path));
    if (!file_list(c, path, &names))
        return false;
    list_each (str, n, &names)
        if (n->p[0] != '.' && !walk(c, r, file_join(c->a, path, *n), depth + 1))
            return false;
    return true;
}

/* The file that changed something is kept, and the ledger says so. One that holds comments of citizens is only
 * named by its hash: their names and addresses do not stay here. */
static bool keep_evidence(ctx *c, site *s, str path, const reader_report *p)
{
    blob_id id;
    blob_row have;
    bool found;
    if (str_eq(path, S("-")) || file_is_dir(c, path) || p->created + p->updated == 0)
        return true;
    bool keep = p->with_comments == 0;
    if (!(keep ? blob_keep_file(c, s->blob_dir, path, &id) : blob_name_file(c, path, &id))
        || !q_blob_get(c, str_of(id.hex), &have, &found))
        return false;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "bytes", id.bytes);
    json_kv(&j, "created", p->created);
    json_kv(&j, "hash", str_of(id.hex));
    json_kv(&j, "kept", keep);
    json_kv(&j, "kind", p->kind);
    json_kv(&j, "mended", p->mended);
    json_kv(&j, "name", file_base(path));
    json_kv(&j, "refused", p->refused);
    json_kv(&j, "unchanged", p->unchanged);
    json_kv(&j, "updated", p->updated);
    json_end(&j);
    auto_change ch = change_begin(c);
    ledger_entry e = { .action = S("catalog.import"), .subject_kind = S("blob"), .subject_key = str_of(id.hex),
                       .after = buf_str(&b), .state_hash = keep ? str_of(id.hex) : S("") };
    return ch.tx.open && change_record(c, &ch, &e)
        && (found || !keep || q_blob_add(c, str_of(id.hex), id.bytes, file_base(path), ch.at, ch.seq)) && change_commit(c, &ch);
}

static bool choose_kind(ctx *c, str name, const reader_kind **out)
{
    size_t n;
    const reader_kind *k = reader_kinds(&n);
    buf b = buf_in(c->a);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(name, str_of(k[i].name))) {
            *out = &k[i];
            return true;
        }
        buf_fmt(&b, "%s %s", i > 0 ? "," : "", k[i].name);
    }
    return fail(c, USAGE, "there is no kind “%.*s”; there are%.*s", S_ARG(name), S_ARG(buf_str(&b)));
}

bool reader_import(ctx *c, site *s, str path, const reader_options *o, reader_report *out)
{
    *out = (reader_report){ 0 };
    intake r = { .s = s, .o = o, .report = out };
    if (o->kind.n > 0 && !choose_kind(c, o->kind, &r.kind))
        return false;
    bool ok = intake_begin(c, &r) && walk(c, &r, path, 0) && intake_end(c, &r);
    if (ok) { /* the report outlives the run */
        for (size_t i = 0; i < out->refusals.n; i++) {
            refusal *f = &out->refusals.v[i];
            *f = (refusal){ str_dup(c->a, f->file), f->record, f->line, str_dup(c->a, f->key), str_dup(c->a, f->field),
                            str_dup(c->a, f->reason) };
        }
        refusal *kept = new_n(c->a, refusal, out->refusals.n);
        if (out->refusals.n > 0)
            memcpy(kept, out->refusals.v, out->refusals.n * sizeof *kept);
        out->refusals.v = kept;
        out->refusals.cap = out->refusals.n;
        out->kind = r.kind != NULL ? str_of(r.kind->name) : S("");
    }
    intake_free(&r);
    return ok && (o->dry_run || keep_evidence(c, s, path, out));
}
