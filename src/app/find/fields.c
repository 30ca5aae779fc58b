/* fields — the names of what is searched, filtered, counted and sorted by. */
#include "app/find/inside.h"

static const search_value_field value_fields[FIND_VALUES] = {
    [FIND_ORG] = { "organization", SEARCH_ONE, true },
    [FIND_ORG_TREE] = { "organization_tree", SEARCH_MANY, false },
    [FIND_CATEGORY] = { "category", SEARCH_ONE, true },
    [FIND_THEME] = { "theme", SEARCH_ONE, true },
    [FIND_FORMAT] = { "format", SEARCH_MANY, true },
    [FIND_LICENCE] = { "licence", SEARCH_ONE, true },
    [FIND_FREQUENCY] = { "frequency", SEARCH_ONE, true },
    [FIND_TAG] = { "tag", SEARCH_MANY, true },
    [FIND_STAR] = { "star", SEARCH_ONE, true },
    [FIND_STAR_BY] = { "star_by", SEARCH_ONE, true },
    [FIND_OPEN] = { "open", SEARCH_ONE, true },
    [FIND_CLASS] = { "class", SEARCH_ONE, true },
    [FIND_STATE] = { "state", SEARCH_ONE, true },
    [FIND_SOURCE] = { "source", SEARCH_ONE, true },
    [FIND_TYPE] = { "type", SEARCH_ONE, true },
    [FIND_COST] = { "cost", SEARCH_ONE, true },
    [FIND_BADGE] = { "badge", SEARCH_ONE, true },
    [FIND_SLUG] = { "name", SEARCH_ONE, false },
    [FIND_UID] = { "id", SEARCH_ONE, false },
};

/* Other spellings, blank separated: CKAN's, Chinese. */
static const char *const value_names[FIND_VALUES] = {
    [FIND_ORG] = "org publisher 機關 機關名稱 提供機關 組織",
    [FIND_ORG_TREE] = "under 所屬",
    [FIND_CATEGORY] = "分類 服務分類",
    [FIND_THEME] = "groups group 主題",
    [FIND_FORMAT] = "res_format formats 格式 檔案格式",
    [FIND_LICENCE] = "license license_id 授權 授權方式",
    [FIND_FREQUENCY] = "更新頻率 頻率",
    [FIND_TAG] = "tags 標籤",
    [FIND_STAR] = "stars 星等 星",
    [FIND_STAR_BY] = "星等依據",
    [FIND_OPEN] = "isopen 開放",
    [FIND_CLASS] = "級別",
    [FIND_STATE] = "狀態",
    [FIND_SOURCE] = "來源",
    [FIND_TYPE] = "dataset_type 類型 資料類型",
    [FIND_COST] = "費用 計費",
    [FIND_BADGE] = "品質",
    [FIND_SLUG] = "slug",
    [FIND_UID] = "uid",
};

static const search_text_field text_fields[FIND_TEXTS] = {
    [FIND_TITLE] = { "title", 8 },
    [FIND_KEYWORDS] = { "keywords", 4 },
    [FIND_ORG_NAME] = { "organization_name", 3 },
    [FIND_NAME] = { "identifier", 2 },
    [FIND_DESCRIPTION] = { "description", 1 },
    [FIND_FIELDS] = { "fields", 0.7 },
    [FIND_RESOURCES] = { "resources", 0.7 },
};

static const char *const text_names[FIND_TEXTS] = {
    [FIND_TITLE] = "標題 名稱",
    [FIND_KEYWORDS] = "keyword 關鍵字",
    [FIND_ORG_NAME] = "機關名",
    [FIND_NAME] = "識別碼",
    [FIND_DESCRIPTION] = "notes 說明 描述",
    [FIND_FIELDS] = "欄位",
    [FIND_RESOURCES] = "resource 檔案",
};

static const search_number_field number_fields[FIND_NUMBERS] = {
    [FIND_UPDATED] = { "updated" },
    [FIND_ISSUED] = { "issued" },
    [FIND_CREATED] = { "created" },
    [FIND_MODIFIED] = { "modified" },
    [FIND_POPULARITY] = { "popularity" },
    [FIND_NUM_RESOURCES] = { "num_resources" },
    [FIND_NUM_TAGS] = { "num_tags" },
    [FIND_STARS] = { "num_stars" },
    [FIND_COMPLETENESS] = { "completeness" },
    [FIND_SIGHT] = { "sight" },
};

static const char *const number_names[FIND_NUMBERS] = {
    [FIND_UPDATED] = "date 更新 更新日期 日期",
    [FIND_ISSUED] = "發布 發布日期 上架",
    [FIND_CREATED] = "metadata_created 建立",
    [FIND_MODIFIED] = "metadata_modified 修改",
    [FIND_POPULARITY] = "views_recent views_total 熱門",
    [FIND_NUM_RESOURCES] = "檔案數",
    [FIND_NUM_TAGS] = "標籤數",
    [FIND_STARS] = "星數",
    [FIND_COMPLETENESS] = "完整度",
    [FIND_SIGHT] = "",
};

static bool named(str name, const char *own, const char *also)
{
    if (str_ieq(name, str_of(own)))
        return true;
    str rest = str_of(also);
    for (str one; str_next(&rest, ' ', &one);)
        if (one.n > 0 && str_ieq(name, one))
            return true;
    return false;
}

const char *find_value_name(find_value f)
{
    return value_fields[f].name;
}

bool find_value_of(str name, find_value *out)
{
    for (int i = 0; i < FIND_VALUES; i++)
        if (named(name, value_fields[i].name, value_names[i])) {
            *out = (find_value)i;
            return true;
        }
    return false;
}

bool find_text_of(str name, find_text *out)
{
    for (int i = 0; i < FIND_TEXTS; i++)
        if (named(name, text_fields[i].name, text_names[i])) {
            *out = (find_text)i;
            return true;
        }
    return false;
}

bool find_number_of(str name, find_number *out)
{
    for (int i = 0; i < FIND_NUMBERS; i++)
        if (i != FIND_SIGHT && named(name, number_fields[i].name, number_names[i])) {
            *out = (find_number)i;
            return true;
        }
    return false;
}

const search_schema *find_schema(void)
{
    static const search_schema schema = { text_fields, FIND_TEXTS, value_fields, FIND_VALUES, number_fields, FIND_NUMBERS };
    return &schema;
}
