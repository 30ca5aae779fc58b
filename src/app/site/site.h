/* site — one running hub: its folder, its settings, its record, its index.
 * Opened once by a command or the server; shared by all threads; each thread
 * attaches its own database connection to its ctx. */
#ifndef SITE_H
#define SITE_H
#include "base.h"
#include "app/site/migrate.h"
#include "kit/conf/conf.h"

struct find;
struct http_server;
struct table_cache;

typedef struct site {
    str data_dir;                 /* data/ */
    str database;                 /* as db_open takes it */
    str blob_dir;
    const char *box_program;      /* what reads strangers' files; NULL: this program (tests are another) */
    str id;                       /* UUID of this site, from meta */
    str url;                      /* public address without final slash; setting `url`; empty: from the Host header */
    str title, title_en, description, description_en;
    conf conf;
    arena *forever;               /* what lives as long as the site */
    int64_t started_at;
    struct find *find;            /* the search index and its follower; NULL until find_open */
    struct table_cache *tables;   /* open tables; NULL until table_cache_start */
    struct http_server *server;   /* for /metrics; NULL outside serve */
} site;

typedef struct {
    str data_dir, database;
    bool must_exist;              /* else the folder is made and migrated */
    bool as_it_is;                /* for its care: must exist, and is neither migrated nor seeded */
    const conf *conf;             /* loaded already, with the command's flags; NULL: load from data_dir */
} site_options;

bool site_open(ctx *c, const site_options *o, site **out) nodiscard;     /* makes, migrates, seeds; sets c->db, c->site */
str  site_database(arena *a, const conf *k, str data_dir);               /* where its record is, as db_open takes it */
bool site_attach(ctx *c, site *s) nodiscard;                             /* a connection for this thread's ctx */
void site_detach(ctx *c);
void site_close(site *s);
bool site_migrations(ctx *c, migration_list *out) nodiscard;              /* the ones built into the program */
#endif
