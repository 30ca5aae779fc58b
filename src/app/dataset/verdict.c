#include "app/dataset/verdict.h"

#include "app/vocabulary/vocabulary.h"

static verdict_answer of_licence(const dataset_row *d, const char **why)
{
    const licence *l = licence_by_code(d->licence);
    if (l == NULL) {
        *why = d->licence_text.n > 0 ? "The licence is not in the register, so nobody has reviewed whether it is open."
                                     : "No licence is stated, so reuse is not permitted by a licence.";
        return VERDICT_UNKNOWN;
    }
    if (l->open) {
        *why = "The licence permits use by anyone for any purpose.";
        return VERDICT_YES;
    }
    bool judged = str_eq(l->od_conformance, S("rejected"));
    *why = judged ? "The licence forbids some uses, such as commercial use or derivatives."
                  : "The terms are the agency's own and have not been reviewed for openness.";
    return judged ? VERDICT_NO : VERDICT_UNKNOWN;
}

static verdict_answer of_access(const dataset_row *d, const distribution_row_list *files, const char **why)
{
    if (str_eq(d->class, S("limited"))) {
        *why = "The data are limited (class 乙): an application or a fee may be needed.";
        return VERDICT_NO;
    }
    if (str_eq(d->cost, S("charged"))) {
        *why = "A fee is charged.";
        return VERDICT_NO;
    }
    size_t with = 0;
    for (size_t i = 0; i < files->n; i++)
        with += files->v[i].url.n > 0;
    if (with == 0) {
        *why = "No file or service has an address, so the data cannot be fetched.";
        return VERDICT_NO;
    }
    *why = "Free of charge, without application, at an address on the web.";
    return VERDICT_YES;
}

static verdict_answer of_format(const distribution_row_list *files, bool declared, const char **why)
{
    bool known = false, archive = false;
    for (size_t i = 0; i < files->n; i++) {
        bool found = !declared && files->v[i].found_format.n > 0;
        const format *f = format_by_code(found ? files->v[i].found_format : files->v[i].format);
        known = known || found;         /* bytes of no format that is registered are known to be of none that is open */
        if (f == NULL)
            continue;
        known = true;
        if (f->open && f->structured) {
            *why = "At least one file is in an open, structured format.";
            return VERDICT_YES;
        }
        archive = archive || str_eq(f->code, S("ZIP")) || str_eq(f->code, S("7Z")) || str_eq(f->code, S("TAR"));
    }
    if (archive || !known) {
        *why = archive ? "The files are archives; what they hold is not stated." : "The format is not stated or not known.";
        return VERDICT_UNKNOWN;
    }
    *why = "No file is in a format that is both open and structured.";
    return VERDICT_NO;
}

static verdict judge(const dataset_row *d, const distribution_row_list *files, bool declared)
{
    verdict v = { 0 };
    v.licence = of_licence(d, &v.licence_why);
    v.access = of_access(d, files, &v.access_why);
    v.format = of_format(files, declared, &v.format_why);
    if (v.licence == VERDICT_NO || v.access == VERDICT_NO || v.format == VERDICT_NO)
        v.all = VERDICT_NO;
    else if (v.licence == VERDICT_YES && v.access == VERDICT_YES && v.format == VERDICT_YES)
        v.all = VERDICT_YES;
    else
        v.all = VERDICT_UNKNOWN;
    return v;
}

verdict verdict_of(const dataset_row *d, const distribution_row_list *files)
{
    return judge(d, files, false);
}

verdict verdict_declared(const dataset_row *d, const distribution_row_list *files)
{
    return judge(d, files, true);
}

const char *verdict_word(verdict_answer a)
{
    static const char *const words[] = { "open", "not_open", "unknown" };
    return words[a];
}

int verdict_star(const dataset_row *d, const distribution_row *f)
{
    const licence *l = licence_by_code(d->licence);
    const format *k = format_by_code(f->format);
    if (f->url.n == 0 || (l != NULL && !l->open))
        return 0;
    return k != NULL ? k->star : 1;
}

/* What has no star by what is declared has no address or no open terms: bytes do not change that. */
static int rating_of(const distribution_row *f)
{
    if (f->found_format.n == 0 || f->star == 0)
        return (int)f->star;
    const format *k = format_by_code(f->found_format);
    return k != NULL ? k->star : 1;
}

void verdict_rate(dataset_row *d, distribution_row_list *files)
{
    d->rating = 0;
    d->rating_by = S("declared");
    list_each (distribution_row, f, files) {
        f->rating = rating_of(f);
        if (f->rating < d->rating || f->rating == 0)
            continue;
        bool proven = f->found_format.n > 0;        /* of two that are equal, what is proven counts */
        if (f->rating > d->rating || proven)
            d->rating_by = proven ? S("bytes") : S("declared");
        d->rating = f->rating;
    }
    d->openness = str_of(verdict_word(verdict_of(d, files).all));
}

bool verdict_by_bytes(str rating_by)
{
    return str_eq(rating_by, S("bytes"));
}

const char *verdict_star_why(int star)
{
    static const char *const why[] = {
        "No star: without an address, or under terms that are not open.",
        "One star: on the web under an open licence, in any format.",
        "Two stars: structured, so that a program can read it.",
        "Three stars: structured and in a format that nobody owns.",
        "Four stars: every record has a URI (RDF).",
        "Five stars: linked to other data.",
    };
    return why[star < 0 || star > 5 ? 0 : star];
}

static bool all_files(const distribution_row_list *files, size_t at)
{
    for (size_t i = 0; i < files->n; i++)
        if (((const str *)((const char *)&files->v[i] + at))->n == 0)
            return false;
    return files->n > 0;
}

completeness verdict_completeness(const dataset_row *d, const distribution_row_list *files)
{
    const struct { const char *field, *label; bool there; } asked[] = {
        { "categoryCode", "Service category", d->category.n > 0 },
        { "identifier", "Identifier", d->identifier.n > 0 },
        { "title", "Title", d->title.n > 0 },
        { "description", "Description", d->description.n > 0 },
        { "fieldDescription", "Main fields", d->field_description.n > 0 },
        { "type", "Type", d->type.n > 0 },
        { "license", "Licence", d->licence.n > 0 || d->licence_text.n > 0 },
        { "cost", "Charge", d->cost.n > 0 },
        { "organization", "Managing organisation", d->contact_org.n > 0 },
        { "organizationContactName", "Contact", d->contact_name.n > 0 || d->publisher_contact.n > 0 },
        { "organizationContactPhone", "Telephone", d->contact_phone.n > 0 || d->publisher_phone.n > 0 },
        { "organizationContactEmail", "E-mail", d->contact_email.n > 0 || d->publisher_email.n > 0 },
        { "publisher", "Publisher", d->publisher_name.n > 0 },
        { "publisherOID", "OID of the publisher", d->publisher_oid.n > 0 },
        { "publisherOrgCode", "Agency code of the publisher", d->publisher_code.n > 0 },
        { "accrualPeriodicity", "Update frequency", d->frequency.n > 0 || d->frequency_text.n > 0 },
        { "issued", "Issued", !d->issued_at_null },
        { "modified", "Modified", !d->updated_at_null },
        { "resourceID", "Identifier of each file", all_files(files, offsetof(distribution_row, identifier)) },
        { "resourceDescription", "Description of each file", all_files(files, offsetof(distribution_row, description)) },
        { "format", "Format of each file", all_files(files, offsetof(distribution_row, format)) },
        { "downloadURL", "Address of each file", all_files(files, offsetof(distribution_row, url)) },
        { "characterSetCode", "Character set of each file", all_files(files, offsetof(distribution_row, charset)) },
    };
    completeness k = { .asked = array_len(asked) };
    for (size_t i = 0; i < array_len(asked); i++)
        if (!asked[i].there)
            k.v[k.n++] = (verdict_missing){ asked[i].field, asked[i].label };
    k.percent = (int)((k.asked - k.n) * 100 / k.asked);
    return k;
}
