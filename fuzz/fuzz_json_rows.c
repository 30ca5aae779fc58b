/* JSON on its way to rows. */
#include "kit/sheet/json_rows.h"
#include "table_reader.h"

READER_TARGET(json_rows_read)
