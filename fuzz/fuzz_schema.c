/* Schemas from strangers: Table Schema or CSVW is refused with a reason, or what is written of it reads as the same, in both
 * languages; patterns are matched in bounded time. */
#include "fuzz.h"
#include "kit/schema/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str in = fuzz_str(data, size);
    ctx c = { .a = arena_new(16384) };
    schema s, again;
    if (!schema_read(&c, in, &s)) {
        fuzz_refused(&c, false);
        arena_free(c.a);
        return 0;
    }
    must(s.table.n > 0 && s.table.n <= SCHEMA_FIELDS_MAX);
    str one = schema_write(&c, &s);
    if (one.n <= SCHEMA_BYTES_MAX) {
        must(schema_read(&c, one, &again) && again.table.n == s.table.n && again.key.n == s.key.n);
        must(str_eq(schema_write(&c, &again), one));
    }
    for (size_t i = 0; i < s.table.n; i++) {
        const table_field *f = &s.table.fields[i];
        char room[FIELD_TEXT_ROOM];
        if (f->pattern != NULL)
            (void)pattern_fits(f->pattern, str_sub(in, 0, 200));
        (void)field_text(&f->spelling, f->type, str_sub(in, 0, 80), room);
    }
    (void)schema_write_csvw(&c, &s, S("a.csv"));
    arena_free(c.a);
    return 0;
}
