#include "kit/table/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define EXPRESSION_MOST 1000        /* bytes */
#define STEPS_MOST 100000
#define DEPTH_MOST 1000
#define HEAP_MOST_KB 4096

struct pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
};

bool pattern_new(ctx *c, str expression, pattern **out)
{
    int error;
    PCRE2_SIZE at;
    *out = NULL;
    if (expression.n > EXPRESSION_MOST)
        return fail(c, TOO_LARGE, "a pattern has at most %d bytes", EXPRESSION_MOST);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)expression.p, expression.n,
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C, &error, &at, NULL);
    if (code == NULL) {
        PCRE2_UCHAR why[200];
        pcre2_get_error_message(error, why, sizeof why);
        return fail(c, INVALID, "the pattern “%.*s” is wrong at character %zu: %s", S_ARG(utf8_cut(expression, 80)), (size_t)at + 1, (const char *)why);
    }
    pattern *p = mem_get(sizeof *p);
    *p = (pattern){ .code = code, .limits = pcre2_match_context_create(NULL) };
    must(p->limits != NULL);
    pcre2_set_match_limit(p->limits, STEPS_MOST);
    pcre2_set_depth_limit(p->limits, DEPTH_MOST);
    pcre2_set_heap_limit(p->limits, HEAP_MOST_KB);
    *out = p;
    return true;
}

bool pattern_fits(const pattern *p, str value)
{
    pcre2_match_data *found = pcre2_match_data_create(1, NULL);
    must(found != NULL);
    int n = pcre2_match(p->code, (PCRE2_SPTR)(value.p != NULL ? value.p : ""), value.n, 0, 0, found, p->limits);
    pcre2_match_data_free(found);
    return n >= 0;
}

void pattern_free(pattern *p)
{
    if (p == NULL)
        return;
    pcre2_match_context_free(p->limits);
    pcre2_code_free(p->code);
    mem_free(p);
}
