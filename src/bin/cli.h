/* cli — options, help, progress and exit codes of the shell contract
 * (docs/cli.md). A command is bool cmd_x(ctx *, cli_args *): it answers false
 * after fail(), and main prints the message and exits with the code's number.
 * Findings and refusals are reported by the command, which then answers
 * cli_found(c): exit code 1 without a message. */
#ifndef CLI_H
#define CLI_H
#include "app/site/site.h"
#include "base.h"

typedef struct cli_args {
    int    argc;                /* after the command's word */
    char **argv;
    str    word;
    str    data_dir, database;  /* --data, --database */
    bool   json, quiet, help;
    conf   conf;                /* settings with this command's flags */
    str_list rest;              /* what is no option */
} cli_args;

typedef enum { CLI_FLAG, CLI_TEXT, CLI_INT } cli_kind;
typedef struct {
    const char *name;           /* "dry-run" */
    cli_kind    kind;
    void       *to;             /* bool *, str *, int64_t * */
    const char *value;          /* "KIND" in the help; NULL for flags */
    const char *what;
} cli_opt;

typedef struct {
    const char    *usage;       /* "import FILE|FOLDER|- [--as KIND]" */
    const char    *what;        /* one paragraph */
    const char    *examples;    /* lines */
    const cli_opt *opts;
    size_t         opt_count;
    size_t         min_rest, max_rest;
} cli_form;

/* Reads options and words; prints help and sets *done for --help. USAGE on what it does not know. */
bool cli_parse(ctx *c, cli_args *a, const cli_form *form, bool *done) nodiscard;
bool cli_settings(ctx *c, cli_args *a) nodiscard;   /* into a->conf, with --database */
bool cli_site(ctx *c, cli_args *a, bool must_exist, site **out) nodiscard;   /* opens the site of --data */

/* For the care of a site: it must exist and is not migrated. Unless `any_version`, one of another version is CONFLICT. */
bool cli_site_as_it_is(ctx *c, cli_args *a, bool any_version, site **out) nodiscard;

str  cli_plain(arena *a, str s);                   /* strangers' text for a terminal: control characters become blanks */
bool cli_out(ctx *c, str text) nodiscard;          /* to standard output */
void cli_say(const cli_args *a, const char *fmt, ...) printf_like(2, 3);     /* a message, unless --quiet */
void cli_progress(const cli_args *a, const char *what, int64_t done, int64_t total);   /* on a terminal only; total 0: unknown */
void cli_progress_end(const cli_args *a);
lang_id cli_language(void);                                 /* what people at this terminal read, as the locale says */
bool cli_colour(void);                             /* standard output is a terminal that may be coloured */
bool cli_found(ctx *c);                            /* false with FINDINGS: exit 1 */

typedef bool cli_command(ctx *c, cli_args *a);
typedef struct {
    const char  *word;
    cli_command *run;
    const char  *what;
} cli_word;
const cli_word *cli_words(size_t *n);
/* A command of several words (`table list`): finds the one that is asked for and runs it; without one they are listed. */
bool cli_dispatch(ctx *c, cli_args *a, const cli_form *form, const cli_word *words, size_t n) nodiscard;

#define COMMAND(word, function, what) cli_command function;
#include "bin/commands.def"
#undef COMMAND
#endif
