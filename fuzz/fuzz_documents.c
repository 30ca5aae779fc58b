/* Catalogues that are given to `import`, whatever they are: read or refused with a reason, and then the ledger's chain
 * holds, a trial run says beforehand what the import does, and importing again changes nothing. Each run begins with
 * the same small record. */
#include "app/ledger/ledger.h"
#include "app/reader/reader.h"
#include "fuzz.h"
#include "queries.h"

#include <ftw.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static char folder[40];

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *f)
{
    (void)st;
    (void)flag;
    (void)f;
    return remove(path);
}

static void remove_folder(void)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The empty record of a new site, as bytes of its file. */
static str empty_record(ctx *c, str path)
{
    str bytes;
    site *s;
    must(site_open(c, &(site_options){ .data_dir = str_of(folder) }, &s));
    site_detach(c);
    site_close(s);
    must(file_read(c, path, (size_t)64 << 20, &bytes));
    return bytes;
}

static void put_record(str path, str bytes)
{
    FILE *f = fopen(path.p, "w");
    must(f != NULL && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0);
}

static void run(ctx *c, site *s, str path, bool dry, reader_report *out)
{
    reader_options o = { .dry_run = dry };
    bool ok = reader_import(c, s, path, &o, out);
    fuzz_refused(c, ok);
    must(ok && c->err.code == ERR_OK);
    for (size_t i = 0; i < out->refusals.n; i++)
        must(out->refusals.v[i].reason.n > 0 && utf8_valid(out->refusals.v[i].reason, NULL));
    must(out->refused == (int64_t)out->refusals.n);
}

static void check(ctx *c, site *s, str path)
{
    reader_report trial, first, second;
    ledger_report chain;
    run(c, s, path, true, &trial);
    run(c, s, path, false, &first);
    must(trial.refused == first.refused && trial.created + trial.updated + trial.unchanged
                                              == first.created + first.updated + first.unchanged);
    run(c, s, path, false, &second);
    must(second.refused == first.refused && second.created == 0);
    if (first.updated == 0) /* else one record stands twice and says two things */
        must(second.updated == 0 && second.unchanged == first.created + first.unchanged);
    must(ledger_verify(c, &chain) && str_empty(chain.problem));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static arena *forever;
    static str record, path;
    ctx c = { .actor = S("fuzz") };
    if (forever == NULL) {
        c.a = forever = arena_new(65536);
        /* in memory, where the machine has such a place: no disk is waited for */
        snprintf(folder, sizeof folder, "%s/openshelf-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        must(mkdtemp(folder) != NULL && atexit(remove_folder) == 0);
        path = file_join(forever, str_of(folder), S("openshelf.db"));
        record = empty_record(&c, path);
    }
    c.a = arena_new(262144);
    put_record(path, record);
    int fd = memfd_create("catalogue", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    site *s;
    must(site_open(&c, &(site_options){ .data_dir = str_of(folder) }, &s));
    check(&c, s, str_fmt(c.a, "/proc/self/fd/%d", fd));
    site_detach(&c);
    site_close(s);
    close(fd);
    arena_free(c.a);
    return 0;
}
