#include "app/target/target.h"

#include "app/vocabulary/vocabulary.h"
#include "kit/text/json_write.h"
#include "queries.h"

static str state(arena *a, str grade, int year, int64_t least, str note)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "grade", grade);
    json_kv(&j, "least", least);
    json_kv(&j, "note", note);
    json_kv(&j, "year", year);
    json_end(&j);
    return buf_str(&b);
}

str target_state_hash(arena *a, str grade, int year, int64_t least, str note)
{
    return ledger_hash_json(a, state(a, grade, year, least, note));
}

bool target_set(ctx *c, change *ch, str grade, int year, int64_t least, str note)
{
    target_row old = { 0 };
    bool found;
    if (!q_target_get(c, grade, year, &old, &found))
        return false;
    if (found && old.least == least && str_eq(old.note, note))
        return true;
    ledger_entry e = {
        .action = found ? S("target.update") : S("target.create"), .subject_kind = S("target"),
        .subject_key = str_fmt(c->a, "%.*s/%d", S_ARG(grade), year),
        .before = found ? state(c->a, grade, year, old.least, old.note) : S(""),
        .after = state(c->a, grade, year, least, note),
        .state_hash = target_state_hash(c->a, grade, year, least, note),
        .reason = found ? S("") : S("table 1 of the action plan of 2015"),
    };
    return change_record(c, ch, &e) && q_target_put(c, grade, year, least, note, ch->seq);
}

bool target_seed_all(ctx *c, change *ch)
{
    const vocabulary *v = vocabulary_get();
    for (size_t i = 0; i < v->targets.n; i++) {
        const target_seed *t = &v->targets.v[i];
        if (!target_set(c, ch, t->grade, t->year, t->least, t->note))
            return false;
    }
    return true;
}
