/* common_export — one row of the catalogue export: the columns of data.gov.tw in its order, then those that a round trip
 * needs. A dataset's files are packed into cells with “;”, or as a JSON array where “;” would not be read back. */
#include "app/common_api/common_api.h"
#include "app/vocabulary/vocabulary.h"
#include "kit/text/json_read.h"

const char *const common_api_columns[COMMON_API_COLUMNS] = {
    "資料集識別碼", "資料集名稱", "資料提供屬性", "服務分類", "品質檢測", "檔案格式", "資料下載網址", "編碼格式", "資料集上架方式",
    "資料集描述", "主要欄位說明", "提供機關", "更新頻率", "授權方式", "相關網址", "計費方式", "提供機關聯絡人姓名", "提供機關聯絡人電話",
    "上架日期", "詮釋資料更新時間", "備註", "資料量", "關鍵字", "瀏覽次數", "下載次數", "資料來源", "標準識別碼", "提供機關代碼",
    "提供機關OID", "授權說明網址", "資料網址類別",
};

static str as_array(ctx *c, const str *v, size_t n)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_arr(&j);
    for (size_t i = 0; i < n; i++)
        json_str(&j, v[i]);
    json_end(&j);
    return buf_str(&b);
}

static bool could_begin(str s)
{
    return s.n == 0 || str_has(str_sub(s, 0, 10), S("://"));
}

/* Would a reader cut this text where it is one, or join it to the one before? An address keeps its “;” unless another
 * address could begin there. */
static bool would_break(str s, bool address, bool is_first)
{
    str part;
    if (address && !is_first && !could_begin(s))
        return true;
    for (bool first = true; s.n > 0 && str_next(&s, ';', &part); first = false)
        if (!first && (!address || could_begin(part)))
            return true;
    return false;
}

/* Nothing when all are empty; joined by “;”; as a JSON array where that could not be read back. */
static str packed(ctx *c, const str *v, size_t n, bool address)
{
    buf b = buf_in(c->a);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (would_break(v[i], address, i == 0) || str_ends(v[i], S(";")))
            return as_array(c, v, n);
        any = any || v[i].n > 0;
        if (i > 0)
            buf_byte(&b, ';');
        buf_add(&b, v[i]);
    }
    return any ? buf_str(&b) : S("");
}

static bool has_separator(str s)
{
    static const char *const marks[] = { ";", "；", "、", ",", "，" };
    for (size_t i = 0; i < array_len(marks); i++)
        if (str_has(s, str_of(marks[i])))
            return true;
    return str_starts(s, S("["));
}

static str keywords(ctx *c, str list)
{
    json v;
    str_list l = { 0 };
    bool plain = true;
    if (!json_parse(c, list, &v) || v.type != JSON_ARR) {
        err_clear(c);
        return S("");
    }
    for (size_t i = 0; i < v.arr.n; i++) {
        list_add(c->a, &l, json_text(c, &v.arr.v[i]));
        plain = plain && !has_separator(l.v[i]);
    }
    return l.n == 0 ? S("") : plain ? str_join(c->a, &l, S(";")) : list;
}

static str moment(ctx *c, bool none, int64_t at)
{
    if (none)
        return S("");
    int64_t ms = ((at % 1000) + 1000) % 1000;
    return ms == 0 ? day_local(c->a, at) : str_fmt(c->a, "%.*s.%03d", S_ARG(day_local(c->a, at)), (int)ms);
}

static str count(ctx *c, int64_t n)
{
    return n > 0 ? str_fmt(c->a, "%" PRId64, n) : S("");
}

static str type_text(str type)
{
    static const char *const words[][2] = { { "rawData", "檔案資料" }, { "services", "API服務" }, { "apps", "行動化應用軟體" }, { "tools", "其他" } };
    for (size_t i = 0; i < array_len(words); i++)
        if (str_eq(type, str_of(words[i][0])))
            return str_of(words[i][1]);
    return type;
}

static void pack_files(ctx *c, const distribution_row *files, size_t n, str cells[COMMON_API_COLUMNS])
{
    str *urls = new_n(c->a, str, n + 1), *formats = new_n(c->a, str, n + 1), *charsets = new_n(c->a, str, n + 1);
    str *counts = new_n(c->a, str, n + 1), *kinds = new_n(c->a, str, n + 1);
    bool access = false;
    for (size_t i = 0; i < n; i++) {
        urls[i] = files[i].url;
        formats[i] = files[i].format_text;
        charsets[i] = files[i].charset;
        counts[i] = files[i].record_count_null ? S("") : str_fmt(c->a, "%" PRId64, files[i].record_count);
        bool is_access = str_eq(files[i].url_kind, S("access"));
        kinds[i] = is_access ? S("介接") : S("下載");
        access = access || is_access;
    }
    cells[5] = packed(c, formats, n, false);
    cells[6] = packed(c, urls, n, true);
    cells[7] = packed(c, charsets, n, false);
    cells[21] = packed(c, counts, n, false);
    cells[30] = access ? packed(c, kinds, n, false) : S("");
}

void common_api_export_row(ctx *c, const dataset_row *d, const distribution_row *files, size_t n, str cells[COMMON_API_COLUMNS])
{
    const category *g = category_by_code(d->category);
    const str all[COMMON_API_COLUMNS] = {
        d->source_key, d->title, type_text(d->type), g != NULL ? g->title : d->category, d->quality_badge, S(""), S(""), S(""), S(""),
        d->description, d->field_description, d->publisher_name, d->frequency_text, d->licence_text, d->landing_page, d->cost_text,
        d->publisher_contact, d->publisher_phone, moment(c, d->issued_at_null, d->issued_at), moment(c, d->updated_at_null, d->updated_at),
        d->notes, S(""), keywords(c, d->keywords), count(c, d->view_count), count(c, d->download_count),
        str_eq(d->source, S("data.gov.tw")) ? S("") : d->source, d->identifier, d->publisher_code, d->publisher_oid, d->licence_url, S(""),
    };
    memcpy(cells, all, sizeof all);
    pack_files(c, files, n, cells);
}
