/* main — the first word chooses the command; the edge where errors are printed, once. */
#include "app/table/table_open.h"
#include "bin/cli.h"
#include "embedded.h"
#include "kit/ingest/refusal.h"
#include "kit/text/lang.h"

#include <signal.h>
#include <unistd.h>

static const cli_word words[] = {
#define COMMAND(word, function, what) { word, function, what },
#include "bin/commands.def"
#undef COMMAND
};

const cli_word *cli_words(size_t *n)
{
    *n = array_len(words);
    return words;
}

static bool run(ctx *c, cli_args *a)
{
    if (str_eq(a->word, S("--help")) || str_eq(a->word, S("-h")))
        a->word = S("help");
    if (str_eq(a->word, S("--version")))
        a->word = S("version");
    for (size_t i = 0; i < array_len(words); i++)
        if (str_eq(a->word, str_of(words[i].word)))
            return words[i].run(c, a);
    return fail(c, USAGE, "there is no command “%.*s”: `openshelf help` lists them", S_ARG(a->word));
}

static void report(ctx *c)
{
    if (c->err.code == ERR_FINDINGS || c->err.code == ERR_READER_GONE) /* `| head` has what it wants: nothing is wrong */
        return;
    str m = c->err.message.n > 0 ? refusal_said(c, c->err.message) : T(c, err_text(c->err.code));
    fprintf(stderr, "openshelf: %.*s\n", S_ARG(m));
    if (c->err.detail.n > 0)
        log_line(LOG_ERROR, "the command failed", log_s("code", str_of(err_name(c->err.code))),
                 log_s("detail", c->err.detail), log_s("at", str_of(c->err.file)), log_i("line", c->err.line));
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    const embedded_file *mo = embedded_find(S("zh_Hant.mo"));
    if (mo != NULL)
        must(lang_load(LANG_ZH_HANT, (str){ (const char *)mo->bytes, mo->n }));
    ctx c = { .a = arena_new(65536), .actor = S("operator:cli"), .lang = LANG_EN };
    const char *data = getenv("OPENSHELF_DATA");
    cli_args a = {
        .argc = argc > 2 ? argc - 2 : 0, .argv = argv + 2, .word = argc > 1 ? str_of(argv[1]) : S("help"),
        .data_dir = data != NULL ? str_of(data) : S("data"),
    };
    log_set_level(LOG_WARN); /* what commands do is told by themselves; serve has a setting */
    bool ok = run(&c, &a);
    c.lang = cli_language();
    if (!ok)
        report(&c);
    int code = ok ? 0 : err_exit(c.err.code);
    site *s = c.site;
    if (s != NULL) {
        table_cache_end(s);
        site_detach(&c);
        site_close(s);
    }
    arena_free(c.a);
    return code;
}
