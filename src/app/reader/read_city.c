/* read_city — lists of the cities' portals, and the table of agencies. A row of a list has no identifier of its
 * own: the portal (the top level of its organisation) and the title together are one. */
#include "app/reader/fields.h"
#include "app/reader/reader.h"

bool read_city(ctx *c, const json *o, dataset_draft *d)
{
    static const char *const known[] = { "編號", "資料集名稱", "資料來源(部會單位)", "第一層級", "資料量", "下載次數",
        "瀏覽次數", "主要欄位", "最後更新時間" };
    *d = dataset_draft_new();
    str city = str_replace(c->a, field(c, o, "第一層級"), S("台"), S("臺"));
    str unit = field(c, o, "資料來源(部會單位)");
    d->title = field(c, o, "資料集名稱");
    d->source = city.n > 0 ? str_cat(c->a, S("city:"), city) : S("city");
    d->source_key = unit.n > 0 ? str_fmt(c->a, "%.*s/%.*s", S_ARG(unit), S_ARG(d->title)) : d->title;
    bool whole = unit.n == 0 || str_starts(unit, str_sub(city, 0, 9)) || city.n == 0;
    d->publisher.name = unit.n == 0 ? city : whole ? unit : str_cat(c->a, city, unit);
    d->publisher.parent_name = city;
    d->publisher.kind = S("local");
    d->field_description = field(c, o, "主要欄位");
    d->record_count = fields_count(field(c, o, "資料量"));
    int64_t views = fields_count(field(c, o, "瀏覽次數")), downloads = fields_count(field(c, o, "下載次數"));
    d->view_count = views > 0 ? views : 0;
    d->download_count = downloads > 0 ? downloads : 0;
    d->updated_at = fields_time(field(c, o, "最後更新時間"));
    d->extra = fields_extra(c, o, known, array_len(known));
    return true;
}

bool read_taipei(ctx *c, const json *o, dataset_draft *d)
{
    static const char *const known[] = { "編號", "資料名稱", "資料來源", "更新頻率", "檔案格式", "資料連結網址", "分類及編號",
        "資料集描述", "主要欄位說明", "資料集類型", "最後更新時間", "資料集提供機關", "資料量", "收錄期間(起)", "收錄期間(迄)",
        "授權方式", "計費方式", "計費說明網址", "計費法令依據", "資料集說明網址", "編碼格式", "標籤/關鍵字", "建立日期",
        "資料集提供機關聯絡人", "資料集提供機關電話", "資料集提供機關聯絡人電子郵件", "備註" };
    *d = dataset_draft_new();
    d->source = S("data.taipei");
    str link = field(c, o, "資料連結網址"), id;
    (void)str_cut(link, S("id="), &link, &id);
    d->source_key = id.n > 0 ? id : field(c, o, "資料名稱");
    d->title = field(c, o, "資料名稱");
    d->publisher.name = field(c, o, "資料集提供機關");
    if (d->publisher.name.n == 0)
        d->publisher.name = field(c, o, "資料來源");
    d->publisher.kind = S("local");
    d->frequency = field(c, o, "更新頻率");
    d->category = field(c, o, "分類及編號");
    d->description = field(c, o, "資料集描述");
    d->field_description = field(c, o, "主要欄位說明");
    d->type = field(c, o, "資料集類型");
    d->updated_at = fields_time(field(c, o, "最後更新時間"));
    d->issued_at = fields_time(field(c, o, "建立日期"));
    d->record_count = fields_count(field(c, o, "資料量"));
    d->temporal_from = field(c, o, "收錄期間(起)");
    d->temporal_to = field(c, o, "收錄期間(迄)");
    d->licence = field(c, o, "授權方式");
    d->cost = field(c, o, "計費方式");
    d->cost_url = field(c, o, "計費說明網址");
    d->cost_law = field(c, o, "計費法令依據");
    d->landing_page = field(c, o, "資料集說明網址");
    d->keywords = fields_words(c, json_get(o, "標籤/關鍵字"));
    d->publisher_contact = field(c, o, "資料集提供機關聯絡人");
    d->publisher_phone = field(c, o, "資料集提供機關電話");
    d->publisher_email = field(c, o, "資料集提供機關聯絡人電子郵件");
    d->notes = field(c, o, "備註");
    str_list formats = fields_split(c, field(c, o, "檔案格式"), ',');
    for (size_t i = 0; i < formats.n; i++) {
        distribution_draft *f = fields_file(c, d);
        f->format = formats.v[i];
        f->charset = field(c, o, "編碼格式");
        f->url = field(c, o, "資料連結網址");
        f->is_access = true;
    }
    d->extra = fields_extra(c, o, known, array_len(known));
    return true;
}

bool read_organization(ctx *c, const json *o, organization_draft *d)
{
    *d = (organization_draft){
        .code = str_trim(field(c, o, "機關代碼")), .name = str_trim(field(c, o, "機關名稱")),
        .name_en = str_trim(field(c, o, "英文名稱")), .parent_name = str_trim(field(c, o, "上層機關")),
        .oid = str_trim(field(c, o, "OID")),
    };
    return d->name.n > 0 || fail_field(c, INVALID, S("機關名稱"), "the name of the agency is missing");
}
