#include "app/measure/measure_said.h"

#include "kit/text/json_read.h"

/* Those of the distribution before those of its dataset. */
void measure_fields_said(ctx *c, str of_file, str of_dataset, quality_fields *out)
{
    json doc;
    *out = (quality_fields){ 0 };
    if (of_file.n > 2 && json_parse(c, of_file, &doc) && doc.type == JSON_ARR)
        for (size_t i = 0; i < doc.arr.n; i++) {
            str name = str_trim(json_get_text(c, &doc.arr.v[i], "name"));
            if (name.n > 0)
                list_add(c->a, out, (quality_field){ .name = name, .said = name });
        }
    err_clear(c);
    if (out->n == 0)
        quality_fields_read(c, of_dataset, out);
}

static bool content_of(ctx *c, str fields_json, int64_t rows, quality_content *out)
{
    json doc;
    *out = (quality_content){ .rows = rows, .first_day = DAY_NONE, .last_day = DAY_NONE };
    if (!json_parse(c, fields_json, &doc) || doc.type != JSON_ARR) {
        err_clear(c);
        return false;
    }
    quality_heading *h = new_n(c->a, quality_heading, doc.arr.n + 1);
    for (size_t i = 0; i < doc.arr.n; i++) {
        const json *f = &doc.arr.v[i], *first = json_get(f, "first_day"), *last = json_get(f, "last_day");
        h[i] = (quality_heading){ json_get_text(c, f, "title"), json_get_text(c, f, "second"), json_get_text(c, f, "name") };
        if (first == NULL || last == NULL || first->type != JSON_INT || last->type != JSON_INT)
            continue;
        out->first_day = out->first_day == DAY_NONE || first->i < out->first_day ? first->i : out->first_day;
        out->last_day = out->last_day == DAY_NONE || last->i > out->last_day ? last->i : out->last_day;
    }
    out->headings = h;
    out->count = doc.arr.n;
    return true;
}

bool measure_compare(ctx *c, const measure_said *said, str fields_json, int64_t rows, measure_compared *out)
{
    quality_content is;
    quality_declared declared = quality_declared_none();
    buf b = buf_in(c->a);
    *out = (measure_compared){ 0 };
    if (!content_of(c, fields_json, rows, &is))
        return false;
    measure_fields_said(c, said->file_fields, said->dataset_fields, &declared.fields);
    declared.rows = said->rows;
    quality_period_read(said->from, said->to, &declared);
    quality_compare(c, &declared, &is, &out->findings);
    out->named = declared.fields.n;
    for (size_t i = 0; i < is.count; i++)
        buf_fmt(&b, "%.*s\n", S_ARG(is.headings[i].title));
    out->columns = buf_str(&b);
    return true;
}
