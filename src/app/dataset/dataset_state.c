#include "app/dataset/dataset_state.h"

#include "kit/text/json_write.h"

typedef enum { TEXT, INT, OPT, JSON } kind;     /* OPT: a number that may be absent (q_null_int) */
typedef struct {
    const char *name;
    size_t at;
    kind k;
} field;

#define F(f, kind) { #f, offsetof(dataset_row, f), kind }
static const field fields[] = { /* in byte order */
    F(category, TEXT), F(category_dataset, TEXT), F(class, TEXT), F(completeness, INT), F(contact_email, TEXT),
    F(contact_name, TEXT), F(contact_org, TEXT), F(contact_phone, TEXT), F(cost, TEXT), F(cost_law, TEXT),
    F(cost_text, TEXT), F(cost_url, TEXT), F(description, TEXT), F(download_count, INT), F(extra, JSON),
    F(field_description, TEXT), F(frequency, TEXT), F(frequency_text, TEXT), F(identifier, TEXT), F(issued_at, OPT),
    F(keywords, JSON), F(landing_page, TEXT), F(language, TEXT), F(licence, TEXT), F(licence_text, TEXT),
    F(licence_url, TEXT), F(notes, TEXT), F(open_verdict, TEXT), F(organization_id, INT), F(publisher_code, TEXT),
    F(publisher_contact, TEXT), F(publisher_email, TEXT), F(publisher_name, TEXT), F(publisher_oid, TEXT),
    F(publisher_phone, TEXT), F(quality_badge, TEXT), F(record_count, OPT), F(slug, TEXT), F(source, TEXT),
    F(source_key, TEXT), F(spatial, TEXT), F(star, INT), F(state, TEXT), F(temporal_from, TEXT), F(temporal_to, TEXT),
    F(theme, TEXT), F(title, TEXT), F(title_en, TEXT), F(type, TEXT), F(uid, TEXT), F(updated_at, OPT),
    F(view_count, INT),
};
#undef F
#define F(f, kind) { #f, offsetof(distribution_row, f), kind }
static const field file_fields[] = {
    F(byte_count, OPT), F(charset, TEXT), F(description, TEXT), F(extra, JSON), F(fields, JSON), F(format, TEXT),
    F(format_text, TEXT), F(identifier, TEXT), F(media_type, TEXT), F(metadata_url, TEXT), F(notes, TEXT),
    F(record_count, OPT), F(star, INT), F(title, TEXT), F(uid, TEXT), F(updated_at, OPT), F(url, TEXT),
    F(url_kind, TEXT),
};
#undef F

static str text_at(const void *row, size_t at)
{
    return *(const str *)((const char *)row + at);
}

static int64_t int_at(const void *row, size_t at)
{
    return *(const int64_t *)((const char *)row + at);
}

static bool is_empty(const void *row, const field *f)
{
    if (f->k == INT)
        return int_at(row, f->at) == 0;
    if (f->k == OPT)
        return int_at(row, f->at) == q_null_int;
    str s = text_at(row, f->at);
    return s.n == 0 || (f->k == JSON && (str_eq(s, S("{}")) || str_eq(s, S("[]"))));
}

static bool same(const void *x, const void *y, const field *f)
{
    if (f->k == INT || f->k == OPT)
        return int_at(x, f->at) == int_at(y, f->at);
    return str_eq(text_at(x, f->at), text_at(y, f->at));
}

static void put(json_w *j, const void *row, const field *f)
{
    json_key(j, str_of(f->name));
    if (f->k == TEXT)
        json_str(j, text_at(row, f->at));
    else if (f->k == JSON)
        json_raw(j, text_at(row, f->at).n > 0 ? text_at(row, f->at) : S("null"));
    else if (int_at(row, f->at) == q_null_int)
        json_null(j);
    else
        json_int(j, int_at(row, f->at));
}

static void put_files(json_w *j, const distribution_row_list *files)
{
    json_key(j, S("distributions"));
    json_arr(j);
    for (size_t i = 0; i < files->n; i++) {
        json_obj(j);
        for (size_t k = 0; k < array_len(file_fields); k++)
            if (!is_empty(&files->v[i], &file_fields[k]))
                put(j, &files->v[i], &file_fields[k]);
        json_end(j);
    }
    json_end(j);
}

str dataset_state(arena *a, const dataset_row *d, const distribution_row_list *files)
{
    buf b = buf_in(a);
    (void)buf_room(&b, 1024);
    json_w j = json_to(&b);
    bool files_done = false; /* they have their place in the byte order too */
    json_obj(&j);
    for (size_t i = 0; i < array_len(fields); i++) {
        if (!files_done && strcmp(fields[i].name, "distributions") > 0) {
            put_files(&j, files);
            files_done = true;
        }
        if (!is_empty(d, &fields[i]))
            put(&j, d, &fields[i]);
    }
    json_end(&j);
    return buf_str(&b);
}

static bool same_files(const distribution_row_list *x, const distribution_row_list *y)
{
    if (x->n != y->n)
        return false;
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < array_len(file_fields); k++)
            if (!same(&x->v[i], &y->v[i], &file_fields[k]))
                return false;
    return true;
}

str dataset_changes(arena *a, const dataset_row *from, const distribution_row_list *from_files,
                    const dataset_row *other, const distribution_row_list *other_files)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    for (size_t i = 0; i < array_len(fields); i++)
        if (!same(from, other, &fields[i]))
            put(&j, from, &fields[i]);
    if (!same_files(from_files, other_files))
        put_files(&j, from_files);
    json_end(&j);
    return buf_str(&b);
}

static void take_missing(void *now, const void *old, const field *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const field *f = &list[i];
        if (!is_empty(now, f) || is_empty(old, f))
            continue;
        size_t size = f->k == TEXT || f->k == JSON ? sizeof(str) : sizeof(int64_t);
        memcpy((char *)now + f->at, (const char *)old + f->at, size);
    }
}

/* A file is known again by its address, and keeps its uid. */
static void merge_files(arena *a, distribution_row_list *files, const distribution_row_list *old_files)
{
    bool *taken = new_n(a, bool, old_files->n + 1);      /* two files of one address are two files */
    list_each (distribution_row, f, files)
        for (size_t i = 0; i < old_files->n; i++) {
            const distribution_row *o = &old_files->v[i];
            if (taken[i] || !str_eq(f->url, o->url) || (f->url.n == 0 && f->position != o->position))
                continue;
            taken[i] = true;
            f->uid = o->uid; /* permanent */
            take_missing(f, o, file_fields, array_len(file_fields));
            f->updated_at_null = f->updated_at == q_null_int;
            f->record_count_null = f->record_count == q_null_int;
            f->byte_count_null = f->byte_count == q_null_int;
            break;
        }
}

void dataset_merge(arena *a, dataset_row *now, distribution_row_list *files, const dataset_row *old,
                   const distribution_row_list *old_files)
{
    take_missing(now, old, fields, array_len(fields));
    now->issued_at_null = now->issued_at == q_null_int;
    now->updated_at_null = now->updated_at == q_null_int;
    now->record_count_null = now->record_count == q_null_int;
    if (files->n == 0) {
        list_each (const distribution_row, f, old_files)
            list_add(a, files, *f);
        return;
    }
    merge_files(a, files, old_files);
    list_each (distribution_row, f, files)
        list_each (const distribution_row, o, old_files)
            if (str_eq(f->uid, o->uid))
                f->found_format = o->found_format;      /* the bytes that are here belong to the uid */
}
