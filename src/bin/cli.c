#include "bin/cli.h"

#include "app/table/table_open.h"
#include "kit/text/json_write.h"

#include <errno.h>
#include <unistd.h>

static void print_help(ctx *c, const cli_form *f)
{
    buf b = buf_in(c->a);
    buf_fmt(&b, "usage: openshelf %s\n\n%s\n", f->usage, f->what);
    if (f->opt_count > 0)
        buf_add(&b, S("\noptions:\n"));
    for (size_t i = 0; i < f->opt_count; i++) {
        const cli_opt *o = &f->opts[i];
        str left = str_fmt(c->a, "--%s%s%s", o->name, o->value != NULL ? " " : "", o->value != NULL ? o->value : "");
        buf_fmt(&b, "  %-24.*s %s\n", S_ARG(left), o->what);
    }
    buf_add(&b, S("\nfor every command:\n"
                  "  --data DIR               folder of the site (default: $OPENSHELF_DATA or ./data)\n"
                  "  --database URL           postgresql://… (default: SQLite in that folder)\n"
                  "  --json                   one JSON document on standard output\n"
                  "  --quiet                  no messages\n"));
    if (f->examples != NULL)
        buf_fmt(&b, "\nexamples:\n%s", f->examples);
    (void)!write(STDOUT_FILENO, b.p, b.n);
}

static bool take_value(ctx *c, cli_args *a, int *i, str name, str given, bool has_value, str *out)
{
    if (has_value) {
        *out = given;
        return true;
    }
    if (*i + 1 >= a->argc)
        return fail(c, USAGE, "--%.*s wants a value", S_ARG(name));
    *out = str_of(a->argv[++*i]);
    return true;
}

static bool take_own(ctx *c, cli_args *a, const cli_opt *o, int *i, str name, str given, bool has_value)
{
    str value = { 0 };
    if (o->kind == CLI_FLAG) {
        if (has_value)
            return fail(c, USAGE, "--%.*s takes no value", S_ARG(name));
        *(bool *)o->to = true;
        return true;
    }
    if (!take_value(c, a, i, name, given, has_value, &value))
        return false;
    if (o->kind == CLI_TEXT)
        *(str *)o->to = value;
    else if (!str_to_i64(value, o->to))
        return fail(c, USAGE, "--%.*s wants a whole number, not “%.*s”", S_ARG(name), S_ARG(value));
    return true;
}

static bool take_common(ctx *c, cli_args *a, int *i, str name, str given, bool has_value, bool *known)
{
    *known = true;
    if (str_eq(name, S("help")))
        a->help = true;
    else if (str_eq(name, S("json")))
        a->json = true;
    else if (str_eq(name, S("quiet")))
        a->quiet = true;
    else if (str_eq(name, S("data")))
        return take_value(c, a, i, name, given, has_value, &a->data_dir);
    else if (str_eq(name, S("database")))
        return take_value(c, a, i, name, given, has_value, &a->database);
    else
        *known = false;
    return true;
}

static bool take_option(ctx *c, cli_args *a, const cli_form *form, int *i)
{
    str name, value, arg = str_from(str_of(a->argv[*i]), 2);
    bool has_value = str_cut(arg, S("="), &name, &value), known;
    for (size_t k = 0; k < form->opt_count; k++)
        if (str_eq(name, str_of(form->opts[k].name)))
            return take_own(c, a, &form->opts[k], i, name, value, has_value);
    if (!take_common(c, a, i, name, value, has_value, &known))
        return false;
    return known || fail(c, USAGE, "`openshelf %.*s` does not know --%.*s; see --help", S_ARG(a->word), S_ARG(name));
}

bool cli_parse(ctx *c, cli_args *a, const cli_form *form, bool *done)
{
    bool only_words = false;
    *done = false;
    for (int i = 0; i < a->argc; i++) {
        str arg = str_of(a->argv[i]);
        if (!only_words && str_eq(arg, S("--"))) {
            only_words = true;
        } else if (!only_words && (str_eq(arg, S("-h")))) {
            a->help = true;
        } else if (!only_words && str_starts(arg, S("--"))) {
            if (!take_option(c, a, form, &i))
                return false;
        } else {
            list_add(c->a, &a->rest, arg);
        }
    }
    if (a->help) {
        print_help(c, form);
        *done = true;
        return true;
    }
    if (a->rest.n < form->min_rest || a->rest.n > form->max_rest)
        return fail(c, USAGE, "want: openshelf %s; see --help", form->usage);
    return true;
}

bool cli_settings(ctx *c, cli_args *a)
{
    return conf_load(c, a->data_dir, &a->conf)
        && (a->database.n == 0 || conf_set(c, &a->conf, S("database"), a->database, CONF_FROM_FLAG));
}

bool cli_site_as_it_is(ctx *c, cli_args *a, bool any_version, site **out)
{
    migration_list all, pending;
    if (!cli_settings(c, a) || !site_open(c, &(site_options){ .data_dir = a->data_dir, .as_it_is = true, .conf = &a->conf }, out)
        || !site_migrations(c, &all) || !migrate_pending(c, &all, &pending))
        return false;
    return any_version || pending.n == 0
        || fail(c, CONFLICT, "the record is of an older version than this program: run `openshelf migrate` first");
}

bool cli_site(ctx *c, cli_args *a, bool must_exist, site **out)
{
    if (!cli_settings(c, a) || !site_open(c, &(site_options){ .data_dir = a->data_dir, .must_exist = must_exist, .conf = &a->conf }, out))
        return false;
    table_cache_start(*out);            /* ended by main */
    return true;
}

str cli_plain(arena *a, str s)
{
    buf b = buf_in(a);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char x = (unsigned char)s.p[i];
        bool c1 = x == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xa0;      /* U+0080 to U+009F */
        buf_byte(&b, x < ' ' || x == 127 || c1 ? ' ' : s.p[i]);
        i += c1;
    }
    return buf_str(&b);
}

bool cli_out(ctx *c, str text)
{
    while (text.n > 0) {
        ssize_t n = write(STDOUT_FILENO, text.p, text.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EPIPE)
            return fail(c, READER_GONE, "whoever read the output has gone");
        if (n <= 0)
            return fail(c, IO, "cannot write to standard output: %m");
        text = str_from(text, (size_t)n);
    }
    return true;
}

void cli_say(const cli_args *a, const char *fmt, ...)
{
    if (a->quiet)
        return;
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}

void cli_progress(const cli_args *a, const char *what, int64_t done, int64_t total)
{
    if (a->quiet || a->json || !isatty(STDERR_FILENO))
        return;
    if (total > 0)
        fprintf(stderr, "\r\033[K%s %" PRId64 " / %" PRId64 " (%d%%)", what, done, total, (int)(done * 100 / total));
    else
        fprintf(stderr, "\r\033[K%s %" PRId64, what, done);
}

void cli_progress_end(const cli_args *a)
{
    if (!a->quiet && !a->json && isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

lang_id cli_language(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < array_len(names); i++) {
        const char *said = getenv(names[i]);
        if (said != NULL && said[0] != 0)
            return str_starts(str_of(said), S("zh")) ? LANG_ZH_HANT : LANG_EN;
    }
    return LANG_EN;
}

bool cli_colour(void)
{
    const char *term = getenv("TERM");
    return isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL && term != NULL && strcmp(term, "dumb") != 0;
}

bool cli_found(ctx *c)
{
    return fail(c, FINDINGS, "there are findings");
}

/* --- commands of several words --- */

/* Options of every command may stand before the word. */
static int word_at(const cli_args *a)
{
    int i = 0;
    while (i < a->argc && a->argv[i][0] == '-' && a->argv[i][1] != 0)
        i += strcmp(a->argv[i], "--data") == 0 || strcmp(a->argv[i], "--database") == 0 ? 2 : 1;
    return i;
}

static bool list_words(ctx *c, const cli_args *a, const cli_word *words, size_t n)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (a->json)
        json_arr(&j);
    for (size_t i = 0; i < n; i++) {
        if (!a->json) {
            buf_fmt(&b, "  %.*s %-10s %s\n", S_ARG(a->word), words[i].word, words[i].what);
            continue;
        }
        json_obj(&j);
        json_kv(&j, "word", words[i].word);
        json_kv(&j, "what", words[i].what);
        json_end(&j);
    }
    if (a->json) {
        json_end(&j);
        buf_byte(&b, '\n');
    }
    return cli_out(c, buf_str(&b));
}

bool cli_dispatch(ctx *c, cli_args *a, const cli_form *form, const cli_word *words, size_t n)
{
    bool done;
    int at = word_at(a);
    for (size_t i = 0; at < a->argc && i < n; i++)
        if (strcmp(a->argv[at], words[i].word) == 0) {
            for (a->argc--; at < a->argc; at++)
                a->argv[at] = a->argv[at + 1];
            return words[i].run(c, a);
        }
    if (at < a->argc && a->argv[at][0] != '-')
        return fail(c, USAGE, "`openshelf %.*s` has no word “%s”; see --help", S_ARG(a->word), a->argv[at]);
    if (!cli_parse(c, a, form, &done) || done)
        return done;
    return list_words(c, a, words, n);
}
