/* An OpenDocument spreadsheet, packed or flat. */
#include "kit/sheet/ods.h"
#include "table_reader.h"

READER_TARGET(ods_read)
