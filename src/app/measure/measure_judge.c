#include "app/measure/measure.h"
#include "app/vocabulary/vocabulary.h"

static const struct { const char *code, *title, *rule; } indicators[] = {
#define INDICATOR(code_, title_, rule_) { #code_, title_, rule_ },
#define REASON(indicator, letter, result, why)
#include "app/measure/measure_indicator.def"
#undef REASON
#undef INDICATOR
};

static const struct { measure_indicator of; char letter; measure_result result; const char *why; } reasons[] = {
#define INDICATOR(code, title, rule)
#define REASON(indicator_, letter_, result_, why_) { MEASURE_##indicator_, letter_, MEASURE_##result_, why_ },
#include "app/measure/measure_indicator.def"
#undef REASON
#undef INDICATOR
};

const char *measure_code(measure_indicator i)
{
    return indicators[i].code;
}

const char *measure_title(measure_indicator i)
{
    return indicators[i].title;
}

const char *measure_rule(measure_indicator i)
{
    return indicators[i].rule;
}

measure_result measure_result_of(char letter)
{
    return letter == 'y' ? MEASURE_PASSED : letter == 'n' ? MEASURE_FAILED : letter == '-' ? MEASURE_ASIDE : MEASURE_UNKNOWN;
}

const char *measure_why(measure_indicator i, char reason)
{
    for (size_t k = 0; k < array_len(reasons); k++)
        if (reasons[k].of == i && reasons[k].letter == reason)
            return reasons[k].why;
    return "";
}

static void set(measure_judgement *j, measure_indicator i, char reason)
{
    static const char letters[] = { [MEASURE_UNKNOWN] = '?', [MEASURE_ASIDE] = '-', [MEASURE_FAILED] = 'n', [MEASURE_PASSED] = 'y' };
    j->reasons[i] = reason;
    for (size_t k = 0; k < array_len(reasons); k++)
        if (reasons[k].of == i && reasons[k].letter == reason)
            j->letters[i] = letters[reasons[k].result];
}

static bool one_of(str s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_ieq(s, str_of(list[i])))
            return true;
    return false;
}

static bool is_structured(str name)
{
    static const char *const list[] = { "CSV", "TSV", "JSON", "NDJSON", "XML", "GeoJSON", "XLSX", "XLS", "KMZ", "KML", "SHP" };
    return one_of(name, list, array_len(list));
}

static bool is_text(str name)
{
    static const char *const list[] = { "CSV", "TSV", "JSON", "NDJSON", "XML", "GeoJSON" };
    return one_of(name, list, array_len(list));
}

/* UTF-8 and UTF8, Big5 and CP950: names of the same. */
static bool same_encoding(str declared, str is)
{
    static const char *const big5[] = { "BIG5", "BIG-5", "CP950", "MS950", "BIG5-HKSCS", "X-BIG5" };
    static const char *const utf8[] = { "UTF-8", "UTF8", "UTF-8-BOM", "UTF-8 BOM", "ASCII", "US-ASCII" };
    if (one_of(is, utf8, array_len(utf8)))
        return declared.n == 0 || one_of(declared, utf8, array_len(utf8));
    if (one_of(is, big5, array_len(big5)))
        return one_of(declared, big5, array_len(big5));
    return str_ieq(declared, is);
}

/* A file that fails makes its dataset fail; one that passes makes it pass where none fails; what is not known is not counted. */
static void judge_files(const measure_evidence *e, measure_judgement *j)
{
    bool answered = false, direct = false, structured = false, encoded = false, fits = false, text = false, named = false;
    char link = 0, page = 0, form = 0, code = 0, field = 0;
    for (size_t i = 0; i < e->n; i++) {
        const measure_file *f = &e->files[i];
        const format *declared = format_by_code(f->format);
        link = f->url.n == 0 ? 'c' : f->asked && !f->answered ? 'b' : link;
        answered = answered || (f->asked && f->answered);
        if (f->gave != LINK_NOT_KNOWN) {            /* later than what was fetched: fetching takes it back */
            page = f->gave == LINK_PAGE ? 'b' : page;
            direct = true;
        } else if (f->fetched && f->is.n > 0) {
            page = str_eq(f->is, S("HTML")) && !str_ieq(f->format, S("HTML")) ? 'b' : page;
            direct = true;
        }
        if (f->is.n > 0) {
            form = is_structured(f->is) ? form : 'b';
            structured = structured || is_structured(f->is);
        } else if (declared != NULL && !declared->service && !is_structured(f->format) && declared->star < 3
                   && !str_eq(f->format, S("ZIP")) && !str_eq(f->format, S("7Z")))
            form = 'c';
        text = text || is_text(f->is.n > 0 ? f->is : f->format) || (f->is.n == 0 && declared == NULL);
        if (is_text(f->is) && f->encoding.n > 0) {
            code = same_encoding(f->charset, f->encoding) ? code : 'b';
            encoded = true;
        }
        named = named || f->named;
        if (f->read && f->named) {
            field = f->missing > 0 ? 'b' : field;
            fits = true;
        }
    }
    set(j, MEASURE_link, e->n == 0 ? 'e' : link != 0 ? link : answered ? 'a' : 'd');
    set(j, MEASURE_direct, page != 0 ? page : direct ? 'a' : 'd');
    set(j, MEASURE_structure, form != 0 ? form : structured ? 'a' : 'd');
    set(j, MEASURE_encoding, code != 0 ? code : encoded ? 'a' : e->n > 0 && !text ? 'c' : 'd');
    set(j, MEASURE_fields, field != 0 ? field : fits ? 'a' : !named ? 'c' : 'd');
}

static void judge_time(const measure_evidence *e, measure_judgement *j)
{
    if (e->days_x100 == 0)
        set(j, MEASURE_timely, 'c');
    else if (!e->dated || e->days_x100 < 0)
        set(j, MEASURE_timely, 'd');
    else if (e->updated_at > e->now + DAY_MS)
        set(j, MEASURE_timely, 'e');
    else
        set(j, MEASURE_timely, e->now - e->updated_at <= e->days_x100 * (DAY_MS / 100) ? 'a' : 'b');
    set(j, MEASURE_reply, 'd');
}

/* Bronze: 1 and 2; silver: 3 too; gold: 4 and 5 too; platinum: 6 too. What is not known ends the climb; where it is the
 * first two, nothing can be said. */
static const char *badge_of(const char *l)
{
    if (l[MEASURE_link] == 'n' || l[MEASURE_direct] == 'n')
        return "none";
    if (l[MEASURE_link] != 'y' || l[MEASURE_direct] != 'y')
        return "unknown";
    if (l[MEASURE_structure] != 'y')
        return "bronze";
    if ((l[MEASURE_encoding] != 'y' && l[MEASURE_encoding] != '-') || l[MEASURE_fields] != 'y')
        return "silver";
    return l[MEASURE_timely] == 'y' ? "platinum" : "gold";
}

static int score_of(const measure_evidence *e, const measure_judgement *j)
{
    enum { TABLES = 4, INDICATORS = 4, METADATA = 2, STARS = 2, SERIES_COST = 4 };
    int passed = 0, known = 0, star = 0;
    for (size_t i = 0; i < e->n; i++)
        star = e->files[i].star > star ? e->files[i].star : star;
    star = star > 3 ? 3 : star;
    double sum = METADATA * e->completeness + STARS * star * 100 / 3.0, weight = METADATA + STARS;
    for (int i = 0; i < MEASURE_INDICATORS; i++) {
        passed += j->letters[i] == 'y';
        known += j->letters[i] == 'y' || j->letters[i] == 'n';
    }
    if (known > 0) {
        sum += INDICATORS * 100.0 * passed / known;
        weight += INDICATORS;
    }
    if (e->table_score >= 0) {
        sum += TABLES * e->table_score;
        weight += TABLES;
    }
    double score = sum / weight - (e->series ? SERIES_COST : 0);
    return score < 0 ? 0 : (int)(score + 0.5);
}

measure_judgement measure_judge(const measure_evidence *e)
{
    measure_judgement j = { 0 };
    judge_files(e, &j);
    judge_time(e, &j);
    j.badge = badge_of(j.letters);
    j.score = score_of(e, &j);
    return j;
}
