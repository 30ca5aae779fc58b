/* cmd_check — quality of files, without a site: openshelf check FILE|URL|FOLDER … [--json|--html|--sarif]. */
#include "app/quality/quality.h"
#include "app/table/table_words.h"
#include "bin/check_metadata.h"
#include "bin/check_package.h"
#include "bin/cli.h"
#include "kit/fetch/fetch.h"
#include "kit/text/json_write.h"
#include "kit/text/lang.h"
#include "kit/text/url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define DEPTH_MAX 20
#define FETCH_MOST ((int64_t)4 << 30)

typedef struct {
    cli_args *a;
    quality_options o;
    quality_report r;
    bool allow_private;
    int64_t size;                   /* of the file that is read */
    map     packed;                 /* paths that a package spoke for: they are checked once, by its word */
} work;

static bool progress(ctx *c, void *to, str file, uint64_t bytes, uint64_t rows)
{
    const work *w = to;
    (void)c;
    (void)rows;
    cli_progress(w->a, str_z(c->a, file_base(file)), (int64_t)bytes, w->size);
    return true;
}

static bool check_file(ctx *c, work *w, str path)
{
    auto_fd fd = file_open(c, path);
    if (fd < 0)
        return false;
    w->size = lseek(fd, 0, SEEK_END);
    return quality_check(c, fd, path, &w->o, &w->r);
}

/* The resources of a package, each with what the package says of it. */
static bool check_package(ctx *c, work *w, str path, bool *is_package)
{
    check_resources l;
    const quality_options before = w->o;
    bool ok = check_package_read(c, path, is_package, &l);
    for (size_t i = 0; ok && i < l.n; i++) {
        const check_resource *r = &l.v[i];
        map_set_i64(&w->packed, r->schema_path, 1);
        if (r->refused.n == 0 && file_exists(c, r->path) && !file_is_dir(c, r->path)) {
            w->o = before;
            w->o.schema = r->schema != NULL ? r->schema : before.schema;
            w->o.called = r->name;
            w->o.titled = r->title;
            w->o.encoding = before.encoding.n > 0 ? before.encoding : r->encoding;
            w->o.keep = true;
            map_set_i64(&w->packed, r->path, 1);
            ok = check_file(c, w, r->path);
        } else {
            str why = r->refused.n > 0 ? r->refused : S("the package names this file, and it is not there");
            list_add(c->a, &w->r.refused, (quality_refusal){ r->path, S("invalid"), why });
        }
    }
    w->o = before;
    return ok;
}

static bool check_one(ctx *c, work *w, str path)
{
    bool is_package = false;
    if (str_eq(file_base(path), S(CHECK_PACKAGE_NAME)) && !check_package(c, w, path, &is_package))
        return false;
    return is_package || check_file(c, w, path);
}

static bool check_folder(ctx *c, work *w, str path, int depth)
{
    str_list names = { 0 };
    str described = file_join(c->a, path, S(CHECK_PACKAGE_NAME));
    bool is_package = false;
    if (depth > DEPTH_MAX)
        return fail(c, TOO_LARGE, "“%.*s” lies deeper than %d folders", S_ARG(path), DEPTH_MAX);
    if (!file_list(c, path, &names) || (file_exists(c, described) && !check_package(c, w, described, &is_package)))
        return false;
    if (is_package)
        map_set_i64(&w->packed, described, 1);
    list_each (str, n, &names) {
        str inner = file_join(c->a, path, *n);
        if (str_starts(*n, S(".")) || map_get(&w->packed, inner) != NULL)
            continue;
        if (!(file_is_dir(c, inner) ? check_folder(c, w, inner, depth + 1) : check_file(c, w, inner)))
            return false;
    }
    return true;
}

static bool keep(ctx *c, void *to, str piece)
{
    const int *fd = to;
    while (piece.n > 0) {
        ssize_t n = write(*fd, piece.p, piece.n);
        if (n < 0 && errno != EINTR)
            return fail(c, IO, "writing what was fetched failed: %s", strerrordesc_np(errno));
        piece = str_from(piece, n > 0 ? (size_t)n : 0);
    }
    return true;
}

static bool check_address(ctx *c, work *w, str address)
{
    char *path = str_z(c->a, file_join(c->a, w->o.folder, S("fetched.XXXXXX")));
    auto_fd fd = mkostemp(path, O_CLOEXEC);
    fetch_answer answer;
    if (fd < 0)
        return fail(c, IO, "cannot write into “%.*s”: %s", S_ARG(w->o.folder), strerrordesc_np(errno));
    unlink(path);
    if (!fetch_get(c, &(fetch_request){ .url = address, .allow_private = w->allow_private, .most_bytes = FETCH_MOST, .to = &fd, .bytes = keep },
                   &answer))
        return false;
    w->size = answer.bytes;
    return quality_check(c, fd, address, &w->o, &w->r);
}

static bool check_all(ctx *c, work *w)
{
    for (size_t i = 0; i < w->a->rest.n; i++) {
        str what = w->a->rest.v[i];
        bool ok = url_is_web(what) ? check_address(c, w, what) : file_is_dir(c, what) ? check_folder(c, w, what, 0) : check_one(c, w, what);
        if (!ok)
            return false;
    }
    cli_progress_end(w->a);
    return true;
}

static bool show(ctx *c, const work *w, bool as_html, bool as_sarif)
{
    const quality_report *r = &w->r;
    str text = w->a->json ? quality_json(c->a, r) : as_sarif ? quality_sarif(c, r) : as_html ? quality_html(c, r).s
                                                             : quality_text(c, r, cli_colour());
    if (!cli_out(c, text))
        return false;
    if (!w->a->json && !as_html && !as_sarif)
        cli_say(w->a, "%s", str_z(c->a, lang_with(c, "{tables} tables, {refused} files without one; rules broken: {errors} errors, {warnings} warnings, {notes} notes",
            { "tables", num_grouped(c->a, (int64_t)r->tables.n) }, { "refused", num_grouped(c->a, (int64_t)r->refused.n) }, { "errors", num_grouped(c->a, r->errors) },
            { "warnings", num_grouped(c->a, r->warnings) }, { "notes", num_grouped(c->a, r->notes) })));
    return (r->errors == 0 && r->warnings == 0 && r->refused.n == 0) || cli_found(c);
}

static bool show_rules_json(ctx *c)
{
    size_t n;
    const load_rule *r = load_rules(&n);
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_arr(&j);
    for (size_t i = 0; i < n; i++) {
        json_obj(&j);
        json_kv(&j, "code", r[i].code);
        json_kv(&j, "severity", quality_severity(r[i].severity));
        json_kv(&j, "says", r[i].says);
        json_kv(&j, "mend", r[i].mend);
        json_end(&j);
    }
    json_end(&j);
    buf_byte(&b, '\n');
    return cli_out(c, buf_str(&b));
}

/* All rules, as a table in Markdown. */
static bool show_rules(ctx *c)
{
    size_t n;
    const load_rule *r = load_rules(&n);
    buf b = buf_in(c->a);
    buf_add(&b, S("| Code | Severity | What it says | How to mend it |\n|---|---|---|---|\n"));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "| `%s` | %s | %s | %s |\n", r[i].code, quality_severity(r[i].severity), r[i].says, r[i].mend);
    return cli_out(c, buf_str(&b));
}

/* A file, else the code of a domain schema. */
static bool read_schema(ctx *c, str said, schema *out)
{
    str text;
    schema_entry e;
    if (file_exists(c, said) && !file_is_dir(c, said))
        return file_read(c, said, SCHEMA_BYTES_MAX, &text) && schema_read(c, text, out);
    if (!schema_registry_need(c, said, &e))
        return false;
    *out = e.schema;
    return true;
}

bool cmd_check(ctx *c, cli_args *a)
{
    work w = { .a = a };
    str schema_said = { 0 };
    schema wanted;
    check_metadata meta;
    str metadata = { 0 };
    bool as_html = false, as_sarif = false, chinese = false, rules = false, done;
    const cli_opt opts[] = {
        { "as", CLI_TEXT, &w.o.format, "FORMAT", "the format that was declared (CSV, XLSX …); what differs is a finding" },
        { "encoding", CLI_TEXT, &w.o.encoding, "NAME", "the encoding that was declared" },
        { "schema", CLI_TEXT, &schema_said, "CODE|FILE", "the schema that the tables should keep to: a domain schema, or a file of Table Schema or CSVW" },
        { "metadata", CLI_TEXT, &metadata, "FILE|DATASET", "what is said of the file: a JSON record in a form that is imported, or a dataset of the site; what differs is a finding" },
        { "html", CLI_FLAG, &as_html, NULL, "a page for people" },
        { "sarif", CLI_FLAG, &as_sarif, NULL, "SARIF 2.1.0, for tools that show findings beside the file" },
        { "zh", CLI_FLAG, &chinese, NULL, "in Chinese, also where the locale (LC_ALL, LC_MESSAGES, LANG) is another" },
        { "rules", CLI_FLAG, &rules, NULL, "all rules, what they say and how to mend what they find" },
        { "allow-private", CLI_FLAG, &w.allow_private, NULL, "addresses on this machine and in private networks may be fetched" },
    };
    const cli_form form = {
        .usage = "check FILE|URL|FOLDER … [--json|--html|--sarif] [--schema CODE|FILE] [--metadata FILE|DATASET] [--as FORMAT] [--encoding NAME]",
        .what = "Says what is wrong with tables in files and how to mend it: encoding, structure, header, values, suspected personal data. Needs no site. "
                "A folder with a datapackage.json, or that file, is checked as a package: each file against its schema, references among them. "
                "Exit 0: nothing but notes; 1: findings, or files that hold no table.",
        .examples = "  openshelf check stations.csv\n  openshelf check --json data/ > report.json\n  openshelf check --html --zh budget.xlsx > report.html\n"
                    "  openshelf check --schema air-quality aqx_p_432.csv\n  openshelf check --metadata dataset.json stations.csv\n"
                    "  openshelf check package/datapackage.json\n",
        .opts = opts, .opt_count = array_len(opts), .max_rest = 10000,
    };
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (rules)
        return a->json ? show_rules_json(c) : show_rules(c);
    if (a->rest.n == 0)
        return fail(c, USAGE, "want: openshelf check FILE|URL|FOLDER …; see --help");
    if (a->json + as_html + as_sarif > 1)
        return fail(c, USAGE, "one of --json, --html and --sarif is enough");
    if (schema_said.n > 0) {
        if (!read_schema(c, schema_said, &wanted))
            return false;
        w.o.schema = &wanted;
        w.o.keep = wanted.table.references.n > 0;
    }
    if (metadata.n > 0) {
        if (!check_metadata_read(c, a, metadata, a->rest.v[0], &meta))
            return false;
        w.o.declared = &meta.said;
        w.o.format = w.o.format.n > 0 ? w.o.format : meta.format;
        w.o.encoding = w.o.encoding.n > 0 ? w.o.encoding : meta.encoding;
    }
    const char *tmp = getenv("TMPDIR");
    char *folder = str_z(c->a, str_fmt(c->a, "%s/openshelf-check-XXXXXX", tmp != NULL ? tmp : "/tmp"));
    if (mkdtemp(folder) == NULL)
        return fail(c, IO, "cannot make a folder in “%s”: %s", tmp != NULL ? tmp : "/tmp", strerrordesc_np(errno));
    w.packed = map_in(c->a);
    w.o.folder = str_of(folder);
    w.o.words = table_words();
    w.o.to = &w;
    w.o.progress = progress;
    c->lang = chinese ? LANG_ZH_HANT : cli_language();
    bool ok = check_all(c, &w);
    ok = quality_end(c, &w.r, ok);
    rmdir(folder);
    return ok && show(c, &w, as_html, as_sarif);
}
