/* XML on its way to rows. */
#include "kit/sheet/xml_rows.h"
#include "table_reader.h"

READER_TARGET(xml_rows_read)
