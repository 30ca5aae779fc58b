#include "app/table/table_thin.h"

#include "app/site/site.h"
#include "app/table/table_sweep.h"
#include "kit/blob/blob.h"

static bool put_away(ctx *c, const table_row *t, int64_t number, str_list *files)
{
    table_only_row_list l;
    if (!q_table_files_only_of(c, t->id, number, &l))
        return false;
    list_each (table_only_row, f, &l) {
        list_add(c->a, files, f->file);
        if (!q_table_blob_drop(c, f->file))
            return false;
    }
    return q_table_segments_drop(c, t->id, number) && q_table_version_drop(c, t->id, number);
}

bool table_thin(ctx *c, int64_t table)
{
    table_row t;
    dataset_row d;
    table_step_row_list steps;
    str_list files = { 0 };
    str hash;
    bool found = false;
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !q_table_by_id(c, table, &t, &found))
        return false;
    if (!found)
        return true;
    if (!q_dataset_by_id(c, t.dataset_id, &d) || !q_table_steps_before(c, t.id, t.version - TABLE_STEPS_KEPT, &steps))
        return false;
    if (steps.n == 0)
        return true;
    list_each (table_step_row, s, &steps)
        if (!put_away(c, &t, s->number, &files))
            return false;
    if (!table_state_hash(c, &t, &hash))
        return false;
    ledger_entry e = {
        .action = S("table.thin"), .subject_kind = S("table"), .subject_id = t.id, .subject_key = t.uid, .organization_id = d.organization_id,
        .reason = S("single additions and polled files are kept for the newest versions only"), .state_hash = hash,
        .after = str_fmt(c->a, "{\"before\":%" PRId64 ",\"versions\":%zu}", t.version - TABLE_STEPS_KEPT, steps.n),
    };
    list_each (str, f, &files)
        blob_touch(c, c->site->blob_dir, *f);
    return change_record(c, &ch, &e) && q_table_set_key(c, t.id, t.row_key, ch.seq) && table_sweep_wish(c) && change_commit(c, &ch);
}

/* Of a polled file that made no version, or none that is left, nothing can be read any more. */
static bool drop_files(ctx *c, const table_file_row *newest)
{
    table_unread_row_list l;
    table_only_row other;
    bool found;
    auto_tx tx = db_begin(c);
    if (!tx.open || !q_table_files_unread(c, newest->distribution_uid, newest->id, &l))
        return false;
    list_each (table_unread_row, f, &l) {
        if (!q_table_file_drop(c, f->id) || !q_table_blob_of_files(c, f->blob, &other, &found))
            return false;
        if (!found && !q_table_blob_drop(c, f->blob))
            return false;
        blob_touch(c, c->site->blob_dir, f->blob);
    }
    return db_commit(c, &tx);
}

bool table_thin_polled(ctx *c, const table_file_row *newest)
{
    table_row_list l;
    if (!q_table_of_distribution(c, newest->distribution_uid, &l))
        return false;
    list_each (table_row, t, &l)
        if (!table_thin(c, t->id))
            return false;
    return drop_files(c, newest);
}
