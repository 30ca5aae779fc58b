/* cmd_box — the child process in which strangers' files are read; started by this program, not by hand. */
#include "bin/cli.h"
#include "kit/ingest/ingest.h"

#include <unistd.h>

bool cmd_box(ctx *c, cli_args *a)
{
    if (a->argc < 1 || strcmp(a->argv[0], "read") != 0)
        return fail(c, USAGE, "the box is started by this program alone");
    _exit(ingest_child(c, a->argc - 1, a->argv + 1));
}
