/* kinds — which face a record has, told by the keys that only that face has. */
#include "app/reader/reader.h"

static bool has(const json *o, const char *key)
{
    return json_get(o, key) != NULL;
}

static bool fits_crawl(ctx *c, const json *o)
{
    (void)c;
    return has(o, "id") && has(o, "title") && has(o, "organization") && has(o, "urls");
}

static bool fits_v1(ctx *c, const json *o)
{
    (void)c;
    return has(o, "identifier") && has(o, "title")
        && (has(o, "categoryCode") || has(o, "accrualPeriodicity") || has(o, "publisherOrgCode"));
}

static bool fits_v2(ctx *c, const json *o)
{
    (void)c;
    return has(o, "title") && (has(o, "categoryService") || has(o, "updateFrequency") || has(o, "datasetid") || has(o, "datasetId"));
}

static bool fits_export(ctx *c, const json *o)
{
    (void)c;
    return has(o, "資料集識別碼");
}

static bool fits_ckan(ctx *c, const json *o)
{
    (void)c;
    return has(o, "resources") && has(o, "name")
        && (has(o, "owner_org") || has(o, "metadata_modified") || has(o, "organization") || has(o, "extras") || has(o, "tags"));
}

static bool fits_city(ctx *c, const json *o)
{
    (void)c;
    return has(o, "資料集名稱") && has(o, "資料來源(部會單位)");
}

static bool fits_taipei(ctx *c, const json *o)
{
    (void)c;
    return has(o, "資料名稱") && has(o, "資料連結網址");
}

static bool fits_dgtw(ctx *c, const json *o)
{
    (void)c;
    return has(o, "node") && has(o, "資料資源");
}

static bool fits_dcat_us(ctx *c, const json *o)
{
    (void)c;
    return has(o, "title") && has(o, "identifier") && (has(o, "accessLevel") || has(o, "bureauCode"));
}

static bool fits_agencies(ctx *c, const json *o)
{
    (void)c;
    return has(o, "機關代碼") && has(o, "機關名稱");
}

static const reader_kind kinds[] = {
    { "crawl", "crawl of data.gov.tw (NDJSON: id, title, organization, format, urls)", fits_crawl, read_crawl },
    { "export", "catalogue export of data.gov.tw (CSV or JSON: 資料集識別碼, 資料集名稱 …)", fits_export, read_export },
    { "v2", "dataset metadata standard, version 2 (JSON)", fits_v2, read_v2 },
    { "v1", "dataset metadata standard, version 1 (JSON)", fits_v1, read_v1 },
    { "dcat-us", "data.json of the United States (DCAT-US 1.1)", fits_dcat_us, read_dcat_us },
    { "ckan", "packages of the CKAN API (package_show, package_search, dump)", fits_ckan, read_ckan },
    { "taipei", "list of data.taipei (資料名稱, 資料來源, 資料連結網址)", fits_taipei, read_taipei },
    { "city", "list of a city's portal (資料集名稱, 資料來源(部會單位))", fits_city, read_city },
    { "dgtw", "record of a page of data.gov.tw (title, node, 資料資源)", fits_dgtw, read_dgtw },
    { "agencies", "table of agencies (機關代碼, 機關名稱, 英文名稱, 上層機關)", fits_agencies, NULL },
};

const reader_kind *reader_kinds(size_t *n)
{
    *n = array_len(kinds);
    return kinds;
}
