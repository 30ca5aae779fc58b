/* cmd_help — help, version, settings, routes: what the program can do. */
#include "app/routes.h"
#include "bin/cli.h"
#include "kit/text/json_write.h"

/* `help WORD` is `WORD --help`. */
static bool help_of(ctx *c, cli_args *a, str word)
{
    char flag[] = "--help", *argv[] = { flag };
    size_t n;
    const cli_word *w = cli_words(&n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_of(w[i].word))) {
            cli_args asked = { .argc = 1, .argv = argv, .word = word, .data_dir = a->data_dir };
            return w[i].run(c, &asked);
        }
    return fail(c, USAGE, "there is no command “%.*s”: `openshelf help` lists them", S_ARG(word));
}

bool cmd_help(ctx *c, cli_args *a)
{
    static const cli_form form = {
        .usage = "help [WORD]", .what = "Lists the commands, or says how one is used.",
        .examples = "  openshelf help\n  openshelf help import\n", .max_rest = 1,
    };
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (a->rest.n > 0)
        return help_of(c, a, a->rest.v[0]);
    size_t n;
    const cli_word *w = cli_words(&n);
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (a->json)
        json_arr(&j);
    else
        buf_add(&b, S("openshelf — open government data on an open shelf\n\nusage: openshelf COMMAND [options]; each has --help\n\n"));
    for (size_t i = 0; i < n; i++) {
        if (a->json) {
            json_obj(&j);
            json_kv(&j, "word", w[i].word);
            json_kv(&j, "what", w[i].what);
            json_end(&j);
        } else {
            buf_fmt(&b, "  %-10s %s\n", w[i].word, w[i].what);
        }
    }
    if (a->json) {
        json_end(&j);
        buf_byte(&b, '\n');
    }
    return cli_out(c, buf_str(&b));
}

bool cmd_version(ctx *c, cli_args *a)
{
    static const cli_form form = { .usage = "version", .what = "Prints the version of the program.",
                                   .examples = "  openshelf version\n" };
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    return cli_out(c, a->json ? S("{\"version\":\"" OPENSHELF_VERSION "\"}\n") : S("openshelf " OPENSHELF_VERSION "\n"));
}

bool cmd_settings(ctx *c, cli_args *a)
{
    static const cli_form form = {
        .usage = "settings", .what = "Prints every setting with its value and where the value comes from.",
        .examples = "  openshelf settings --data /srv/openshelf\n",
    };
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    conf k;
    if (!conf_load(c, a->data_dir, &k)
        || (a->database.n > 0 && !conf_set(c, &k, S("database"), a->database, CONF_FROM_FLAG)))
        return false;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (a->json)
        json_arr(&j);
    for (int i = 0; i < CONF_COUNT; i++) {
        bool secret = i == CONF_database && str_has(conf_text(&k, i), S("@"));
        str value = secret ? S("postgresql://… (not shown)") : conf_text(&k, i);
        if (a->json) {
            json_obj(&j);
            json_kv(&j, "name", conf_name(i));
            json_kv(&j, "value", value);
            json_kv(&j, "source", conf_source_name(k.from[i]));
            json_kv(&j, "what", conf_what(i));
            json_end(&j);
        } else {
            buf_fmt(&b, "# %s\n%s = %.*s    (%s)\n\n", conf_what(i), conf_name(i), S_ARG(value),
                    conf_source_name(k.from[i]));
        }
    }
    if (a->json)
        json_end(&j);
    if (a->json)
        buf_byte(&b, '\n');
    return cli_out(c, buf_str(&b));
}

bool cmd_routes(ctx *c, cli_args *a)
{
    static const cli_form form = { .usage = "routes", .what = "Prints every address that the server answers.",
                                   .examples = "  openshelf routes\n  openshelf routes --json | jq -r '.[].path'\n" };
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
    size_t n;
    const http_route *r = routes_all(&n);
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (a->json)
        json_arr(&j);
    for (size_t i = 0; i < n; i++) {
        buf m = buf_in(c->a);
        for (int k = 0; k < HTTP_METHODS; k++)
            if (r[i].methods >> k & 1)
                buf_fmt(&m, "%s%s", m.n > 0 ? "," : "", methods[k]);
        if (a->json) {
            json_obj(&j);
            json_kv(&j, "methods", buf_str(&m));
            json_kv(&j, "path", r[i].path);
            json_kv(&j, "handler", r[i].name);
            json_kv(&j, "summary", r[i].summary);
            json_end(&j);
        } else {
            buf_fmt(&b, "%-9.*s %-44s %s\n", S_ARG(buf_str(&m)), r[i].path, r[i].summary);
        }
    }
    if (a->json) {
        json_end(&j);
        buf_byte(&b, '\n');
    }
    return cli_out(c, buf_str(&b));
}
