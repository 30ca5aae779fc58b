/* Archives, and whatever lies in them: 7z, tar, compressed files, zip. What is none has targets of its own. */
#include "kit/ingest/ingest.h"
#include "table_reader.h"

static bool archive_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink)
{
    ingest_found found;
    source_kind kind;
    if (!sniff_kind(c, s, &kind))
        return false;
    if (kind != SOURCE_ZIP && kind != SOURCE_ARCHIVE && kind != SOURCE_KMZ)
        return true;
    return ingest_read(c, s, &(ingest_options){ .scratch = o->scratch, .max_bytes = o->max_bytes }, sink, &found);
}

READER_TARGET(archive_read)
