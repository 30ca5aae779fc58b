/* A workbook of Excel 5 to 2003: container and records. */
#include "kit/sheet/xls.h"
#include "table_reader.h"

READER_TARGET(xls_read)
