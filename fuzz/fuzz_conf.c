/* openshelf.conf: whatever stands in the file, the settings are refused with a reason, or every one of them can be
 * asked for and would be taken again. */
#include "fuzz.h"
#include "kit/conf/conf.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static char folder[] = "/tmp/openshelf-fuzz-XXXXXX";

static void remove_folder(void)
{
    char path[sizeof folder + 20];
    snprintf(path, sizeof path, "%s/openshelf.conf", folder);
    unlink(path);
    rmdir(folder);
}

/* The file is a name of bytes in memory: no disk is waited for. */
static void write_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    if (fd < 0) {
        char path[sizeof folder + 20], target[40];
        must(mkdtemp(folder) != NULL && (fd = memfd_create("conf", MFD_CLOEXEC)) >= 0);
        snprintf(path, sizeof path, "%s/openshelf.conf", folder);
        snprintf(target, sizeof target, "/proc/self/fd/%d", fd);
        must(symlink(target, path) == 0 && atexit(remove_folder) == 0);
    }
    must(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
}

static void ask_all(ctx *c, conf *k)
{
#define TEXT(key) must(conf_text(k, key).n <= 16384)
#define INT(key) must(conf_int(k, key) >= 0)
#define REAL(key) must(conf_real(k, key) >= 0)
#define BOOL(key) (void)conf_bool(k, key)
#define SETTING(name, kind, def, what) kind(CONF_##name);
#include "kit/conf/settings.def"
#undef SETTING
    for (int i = 0; i < CONF_COUNT; i++)
        must(k->from[i] <= CONF_FROM_FILE && conf_set(c, k, str_of(conf_name((conf_key)i)), k->value[i], k->from[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ctx c = { .a = arena_new(65536) };
    conf k;
    write_file(data, size);
    bool ok = conf_load(&c, str_of(folder), &k);
    fuzz_refused(&c, ok);
    if (ok)
        ask_all(&c, &k);
    arena_free(c.a);
    return 0;
}
