#include "kit/ingest/refusal.h"
#include "kit/text/lang.h"

#define VALUES_MAX 4
#define NESTED_MAX 4

static const char *const sentences[] = {
#define REFUSAL(text) text,
#include "kit/ingest/refusal.def"
#undef REFUSAL
#define KIND(name, called, declared, why) why,
#include "kit/ingest/kind.def"
#undef KIND
};

/* The values of a sentence's names as they stand in the text; false: it is another sentence. */
static bool match(ctx *c, str sentence, str text, lang_arg *args, size_t *n)
{
    for (*n = 0;;) {
        size_t open = str_find_byte(sentence, '{');
        if (!str_starts(text, str_sub(sentence, 0, open)))
            return false;
        text = str_from(text, open);
        if (open == sentence.n)
            return text.n == 0;
        size_t close = str_find_byte(sentence, '}');
        str name = str_sub(sentence, open + 1, close);
        sentence = str_from(sentence, close + 1);
        str next = str_sub(sentence, 0, str_find_byte(sentence, '{'));
        size_t end = next.n > 0 ? str_find(text, next) : text.n;
        if (*n == VALUES_MAX || (next.n > 0 && end == text.n))
            return false;
        args[(*n)++] = (lang_arg){ str_z(c->a, name), str_sub(text, 0, end) };
        text = str_from(text, end);
    }
}

static str say(ctx *c, str english, size_t nested)
{
    lang_arg args[VALUES_MAX];
    size_t n;
    for (size_t i = 0; i < array_len(sentences); i++) {
        if (sentences[i][0] == 0 || !match(c, str_of(sentences[i]), english, args, &n))
            continue;
        for (size_t k = 0; k < n; k++)
            if (strcmp(args[k].name, "why") == 0 && nested < NESTED_MAX)
                args[k].value = say(c, args[k].value, nested + 1);
        return lang_put(c, sentences[i], args, n);
    }
    return english;
}

str refusal_said(ctx *c, str english)
{
    return c->lang == LANG_EN ? english : say(c, english, 0);
}
