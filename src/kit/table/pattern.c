#include "kit/table/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define EXPRESSION_MOST 1000        /* bytes */
#define NESTING_MOST 50
#define STEPS_MOST 100000
#define DEPTH_MOST 1000
#define HEAP_MOST_KB 4096

struct pattern {
    str text;
    pcre2_code *code;
    pcre2_match_data *found;
    pcre2_match_context *limits;
};

static void *take(PCRE2_SIZE n, void *a)
{
    return arena_get(a, n);
}

static void give_back(void *p, void *a)
{
    (void)p, (void)a;               /* the arena is given back whole */
}

bool pattern_new(ctx *c, str expression, pattern **out)
{
    int error;
    PCRE2_SIZE at;
    *out = NULL;
    if (expression.n > EXPRESSION_MOST)
        return fail(c, TOO_LARGE, "a pattern has at most %d bytes", EXPRESSION_MOST);
    pattern *p = new (c->a, pattern);
    pcre2_general_context *memory = pcre2_general_context_create(take, give_back, c->a);
    pcre2_compile_context *how = pcre2_compile_context_create(memory);
    pcre2_set_parens_nest_limit(how, NESTING_MOST);
    p->text = str_dup(c->a, expression);
    p->code = pcre2_compile((PCRE2_SPTR)p->text.p, p->text.n,
                            PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C, &error,
                            &at, how);
    if (p->code == NULL) {
        PCRE2_UCHAR why[200];
        pcre2_get_error_message(error, why, sizeof why);
        return fail(c, INVALID, "the pattern “%.*s” is wrong at character %zu: %s", S_ARG(utf8_cut(expression, 80)), (size_t)at + 1, (const char *)why);
    }
    p->found = pcre2_match_data_create(1, memory);
    p->limits = pcre2_match_context_create(memory);
    pcre2_set_match_limit(p->limits, STEPS_MOST);
    pcre2_set_depth_limit(p->limits, DEPTH_MOST);
    pcre2_set_heap_limit(p->limits, HEAP_MOST_KB);
    *out = p;
    return true;
}

bool pattern_fits(const pattern *p, str value)
{
    return pcre2_match(p->code, (PCRE2_SPTR)(value.p != NULL ? value.p : ""), value.n, 0, 0, p->found, p->limits) >= 0;
}

str pattern_text(const pattern *p)
{
    return p->text;
}
