#include "app/table/table_stream_page.h"

bool table_stream_answer(ctx *c, http_res *w, const export_plan *p, table_held *held, str asked, table_stream **out)
{
    if (!table_stream_new(c, p, held, out))
        return false;
    w->type = str_of(export_media_type(p->format));
    w->etag = table_stream_tag(c, *out, asked);
    w->any_origin = true;
    w->stream = table_stream_next;
    w->stream_state = *out;
    w->stream_end = table_stream_end;
    return true;
}
