/* A workbook (XLSX): the archive around it, its parts, its sheets. */
#include "kit/sheet/xlsx.h"
#include "table_reader.h"

READER_TARGET(xlsx_read)
