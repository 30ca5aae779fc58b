#include "app/site/site.h"

#include "app/ledger/ledger.h"
#include "app/site/migrate.h"
#include "app/target/target.h"
#include "embedded.h"
#include "queries.h"

#include <sys/random.h>

bool site_migrations(ctx *c, migration_list *out)
{
    *out = (migration_list){ 0 };
    for (size_t i = 0; i < embedded_count; i++) {
        const embedded_file *f = &embedded_files[i];
        str path = str_of(f->path), name = file_base(path);
        int64_t version;
        if (!str_starts(path, S("db/migrations/")))
            continue;
        must(name.n > 5 && str_to_i64(str_sub(name, 0, 4), &version) && version == (int64_t)out->n + 1);
        list_add(c->a, out, (migration){ (int)version, name, { (const char *)f->bytes, f->n } });
    }
    return true;
}

static str new_uuid(arena *a)
{
    unsigned char r[16];
    must(getrandom(r, sizeof r, 0) == (ssize_t)sizeof r);
    r[6] = (unsigned char)((r[6] & 0x0f) | 0x40);
    r[8] = (unsigned char)((r[8] & 0x3f) | 0x80);
    buf b = buf_in(a);
    for (size_t i = 0; i < sizeof r; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            buf_byte(&b, '-');
        buf_hex(&b, r + i, 1);
    }
    return buf_str(&b);
}

/* Once in the life of a site: its id, and the targets of the action plan, through the ledger. */
static bool seed(ctx *c)
{
    bool found;
    meta_row row;
    if (!q_meta_get(c, S("site_id"), &row, &found))
        return false;
    if (found)
        return true;
    str actor = c->actor;
    c->actor = S("seed:action-plan");
    auto_change ch = change_begin(c);
    bool ok = ch.tx.open && q_meta_get(c, S("site_id"), &row, &found);
    if (ok && !found) {
        str id = new_uuid(c->a);
        buf after = buf_in(c->a);
        buf_fmt(&after, "{\"id\":\"%.*s\"}", S_ARG(id));
        ok = q_meta_set(c, S("site_id"), id)
          && change_record(c, &ch, &(ledger_entry){ .action = S("site.create"), .subject_kind = S("site"),
                                                    .subject_key = id, .after = buf_str(&after),
                                                    .reason = S("a new site was made") })
          && target_seed_all(c, &ch) && change_commit(c, &ch);
    }
    c->actor = actor;
    return ok;
}

static bool open_record(ctx *c, site *s, bool as_it_is)
{
    migration_list all;
    int done;
    int64_t version;
    meta_row id;
    bool found;
    str path = str_starts(s->database, S("sqlite:")) ? str_from(s->database, 7) : s->database;
    if (as_it_is && !str_starts(path, S("postgres")) && !file_exists(c, path))
        return fail(c, NOT_FOUND, "there is no record in “%.*s”", S_ARG(s->data_dir));
    if (!db_open(c, s->database, &c->db))
        return false;
    if (!as_it_is && (!site_migrations(c, &all) || !migrate_run(c, &all, &done) || !seed(c)))
        return false;
    if (as_it_is && (!migrate_version(c, &version) || version == 0))
        return c->err.code != ERR_OK ? false : fail(c, NOT_FOUND, "there is no record in that database");
    if (!q_meta_get(c, S("site_id"), &id, &found))
        return false;
    s->id = str_dup(s->forever, id.value);
    return found || fail(c, DB, "the record has no id: it was not made by this program");
}

static str lasting(site *s, str x)
{
    return str_dup(s->forever, x);
}

str site_database(arena *a, const conf *k, str data_dir)
{
    str wanted = conf_text(k, CONF_database);
    return wanted.n > 0 ? wanted : file_join(a, data_dir, S("openshelf.db"));
}

bool site_open(ctx *c, const site_options *o, site **out)
{
    site *s = mem_get(sizeof *s);
    s->forever = arena_new(16384);
    s->data_dir = lasting(s, o->data_dir);
    bool ok = true;
    if ((o->must_exist || o->as_it_is) && !file_is_dir(c, o->data_dir))
        ok = fail(c, NOT_FOUND, "there is no site in “%.*s”", S_ARG(o->data_dir));
    ok = ok && (o->as_it_is || file_make_dir(c, o->data_dir));
    arena *a = c->a;
    c->a = s->forever; /* settings live as long as the site */
    if (ok && o->conf != NULL)
        s->conf = *o->conf;
    else
        ok = ok && conf_load(c, o->data_dir, &s->conf);
    c->a = a;
    if (ok) {
        s->database = lasting(s, o->database.n > 0 ? o->database : site_database(c->a, &s->conf, o->data_dir));
        s->blob_dir = lasting(s, file_join(c->a, o->data_dir, S("blobs")));
        s->url = conf_text(&s->conf, CONF_url);
        s->title = conf_text(&s->conf, CONF_title);
        s->title_en = conf_text(&s->conf, CONF_title_en);
        s->description = conf_text(&s->conf, CONF_description);
        s->description_en = conf_text(&s->conf, CONF_description_en);
        s->started_at = day_now_ms();
        ok = open_record(c, s, o->as_it_is);
    }
    if (!ok) {
        db_close(c->db);
        c->db = NULL;
        site_close(s);
        return false;
    }
    c->site = s;
    *out = s;
    return true;
}

bool site_attach(ctx *c, site *s)
{
    c->site = s;
    return db_open(c, s->database, &c->db);
}

void site_detach(ctx *c)
{
    db_close(c->db);
    c->db = NULL;
    c->site = NULL;
}

void site_close(site *s)
{
    if (s == NULL)
        return;
    arena_free(s->forever);
    mem_free(s);
}
