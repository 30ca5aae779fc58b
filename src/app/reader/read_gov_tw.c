/* read_gov_tw — the faces of data.gov.tw: the crawl and the catalogue export. Both know a dataset by its
 * number there (資料集識別碼), so both write to the same record (source data.gov.tw). */
#include "app/reader/fields.h"
#include "app/reader/reader.h"

bool read_crawl(ctx *c, const json *o, dataset_draft *d)
{
    static const char *const known[] = { "id", "title", "name", "organization", "format", "urls" };
    *d = dataset_draft_new();
    d->source = S("data.gov.tw");
    d->source_key = field(c, o, "id");
    d->title = field(c, o, "title");
    if (d->title.n == 0)
        d->title = field(c, o, "name");
    d->publisher.name = field(c, o, "organization");
    str format = field(c, o, "format");
    if (str_eq(format, S("bin")) || str_eq(format, S("unknown")))
        format = S("");
    const json *urls = json_get(o, "urls");
    for (size_t i = 0; urls != NULL && urls->type == JSON_ARR && i < urls->arr.n; i++) {
        distribution_draft *f = fields_file(c, d);
        f->url = json_text(c, &urls->arr.v[i]);
        f->format = format;
    }
    d->extra = fields_extra(c, o, known, array_len(known));
    return true;
}

/* What stands at a place of a packed list; a list of one is of all. */
static str packed_at(const str_list *l, size_t i)
{
    return i < l->n ? l->v[i] : l->n == 1 ? l->v[0] : S("");
}

/* Lists in one cell, joined by “;”, may have unequal lengths: the addresses lead, the others follow as far as they go. */
static void read_packed_files(ctx *c, const json *o, dataset_draft *d)
{
    str_list urls = fields_packed(c, field(c, o, "資料下載網址"), true);
    str_list formats = fields_packed(c, field(c, o, "檔案格式"), false);
    str_list charsets = fields_packed(c, field(c, o, "編碼格式"), false);
    str_list counts = fields_packed(c, field(c, o, "資料量"), false);
    str_list kinds = fields_packed(c, field(c, o, "資料網址類別"), false);
    size_t n = urls.n > formats.n ? urls.n : formats.n;
    for (size_t i = 0; i < n; i++) {
        distribution_draft *f = fields_file(c, d);
        f->url = i < urls.n ? urls.v[i] : S("");
        f->format = packed_at(&formats, i);
        f->charset = packed_at(&charsets, i);
        f->record_count = i < counts.n ? fields_count(counts.v[i]) : -1;
        f->is_access = str_eq(packed_at(&kinds, i), S("介接"));
    }
}

bool read_export(ctx *c, const json *o, dataset_draft *d)
{
    static const char *const known[] = {
        "資料集識別碼", "資料集名稱", "資料提供屬性", "服務分類", "品質檢測", "檔案格式", "資料下載網址", "編碼格式",
        "資料集描述", "主要欄位說明", "提供機關", "更新頻率", "授權方式", "相關網址", "計費方式", "提供機關聯絡人姓名",
        "提供機關聯絡人電話", "上架日期", "詮釋資料更新時間", "備註", "資料量", "關鍵字", "瀏覽次數", "下載次數",
        "資料來源", "標準識別碼", "提供機關代碼", "提供機關OID", "授權說明網址", "資料網址類別",    /* of our own export */
    };
    *d = dataset_draft_new();
    d->source = field(c, o, "資料來源");
    if (d->source.n == 0)
        d->source = S("data.gov.tw");
    d->source_key = field(c, o, "資料集識別碼");
    d->identifier = field(c, o, "標準識別碼");
    d->publisher.code = field(c, o, "提供機關代碼");
    d->publisher.oid = field(c, o, "提供機關OID");
    d->licence_url = field(c, o, "授權說明網址");
    d->title = field(c, o, "資料集名稱");
    d->description = field(c, o, "資料集描述");
    d->field_description = field(c, o, "主要欄位說明");
    d->type = field(c, o, "資料提供屬性");
    d->category = field(c, o, "服務分類");
    d->quality_badge = field(c, o, "品質檢測");
    d->publisher.name = field(c, o, "提供機關");
    d->publisher_contact = field(c, o, "提供機關聯絡人姓名");
    d->publisher_phone = field(c, o, "提供機關聯絡人電話");
    d->frequency = field(c, o, "更新頻率");
    d->licence = field(c, o, "授權方式");
    d->landing_page = field(c, o, "相關網址");
    d->cost = field(c, o, "計費方式");
    d->issued_at = fields_time(field(c, o, "上架日期"));
    d->updated_at = fields_time(field(c, o, "詮釋資料更新時間"));
    d->notes = field(c, o, "備註");
    d->keywords = fields_words(c, json_get(o, "關鍵字"));
    int64_t views = fields_count(field(c, o, "瀏覽次數")), downloads = fields_count(field(c, o, "下載次數"));
    d->view_count = views > 0 ? views : 0;
    d->download_count = downloads > 0 ? downloads : 0;
    read_packed_files(c, o, d);
    d->extra = fields_extra(c, o, known, array_len(known));
    return true;
}

/* A page of data.gov.tw of 2017, as one research crawl kept it. */
bool read_dgtw(ctx *c, const json *o, dataset_draft *d)
{
    static const char *const known[] = { "title", "node", "資料集描述", "主要欄位說明", "資料資源", "提供機關", "更新頻率",
        "授權方式", "計費方式", "上架日期", "詮釋資料更新時間", "關鍵字", "服務分類", "相關網址", "備註", "提供機關聯絡人",
        "瀏覽次數", "下載次數", "資料集類型" };
    *d = dataset_draft_new();
    d->source = S("data.gov.tw");
    d->source_key = field(c, o, "node");
    d->title = field(c, o, "title");
    d->description = field(c, o, "資料集描述");
    d->field_description = field(c, o, "主要欄位說明");
    d->publisher.name = field(c, o, "提供機關");
    d->publisher_contact = field(c, o, "提供機關聯絡人");
    d->frequency = field(c, o, "更新頻率");
    d->licence = field(c, o, "授權方式");
    d->cost = field(c, o, "計費方式");
    d->issued_at = fields_time(field(c, o, "上架日期"));
    d->updated_at = fields_time(field(c, o, "詮釋資料更新時間"));
    d->keywords = fields_words(c, json_get(o, "關鍵字"));
    d->category = field(c, o, "服務分類");
    d->landing_page = field(c, o, "相關網址");
    d->notes = field(c, o, "備註");
    d->type = field(c, o, "資料集類型");
    const json *files = json_get(o, "資料資源");
    for (size_t i = 0; files != NULL && files->type == JSON_OBJ && i < files->obj.n; i++) {
        const json *r = &files->obj.v[i];
        distribution_draft *f = fields_file(c, d);
        f->description = field(c, r, "資源描述");
        f->format = field(c, r, "檔案格式");
        f->charset = field(c, r, "編碼");
        f->url = field(c, r, "資源網址");
        f->record_count = fields_count(field(c, r, "資料量"));
        f->updated_at = fields_time(field(c, r, "資料資源更新時間"));
    }
    d->extra = fields_extra(c, o, known, array_len(known));
    return true;
}
