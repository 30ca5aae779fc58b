/* table_stream_page — an export as the body of an answer, for pages and interfaces alike. */
#ifndef TABLE_STREAM_PAGE_H
#define TABLE_STREAM_PAGE_H
#include "app/table/table_stream.h"
#include "kit/http/http.h"

/* As table_stream_new; the answer has its type and an ETag of the version and of what was asked, may be read from everywhere,
 * and ends the stream. */
bool table_stream_answer(ctx *c, http_res *w, const export_plan *p, table_held *held, str asked, table_stream **out) nodiscard;
#endif
