/* cmd_box — the child process in which strangers' files are read; started by this program, not by hand. */
#include "bin/cli.h"
#include "kit/ingest/ingest.h"

#include <unistd.h>

bool cmd_box(ctx *c, cli_args *a)
{
    static const cli_form form = {
        .usage = "box read …", .what = "Reads one file behind walls: no network, no paths, limits of time and memory. The program itself starts it.",
        .examples = "  openshelf box --help\n", .max_rest = SIZE_MAX,
    };
    bool done = false;
    if (a->argc == 1 && a->argv[0][0] == '-')
        return cli_parse(c, a, &form, &done) && (done || fail(c, USAGE, "the box is started by this program alone; see --help"));
    if (a->argc < 1 || strcmp(a->argv[0], "read") != 0)
        return fail(c, USAGE, "the box is started by this program alone; see --help");
    _exit(ingest_child(c, a->argc - 1, a->argv + 1));
}
