/* mend — one damage, of one source, that is always the same. The crawl of data.gov.tw was published with its API keys
 * hidden by a pattern that ran on to the next & or blank: where the key ended an address, the mark REDACTED took its
 * closing quote and the comma with it (…=REDACTED "https…), and at the end of the line the quote and both brackets.
 * Both places say what was there, so that and nothing else is put back; any other broken JSON stays broken. */
#ifndef MEND_H
#define MEND_H
#include "base.h"

/* False: the line does not have this damage, or is not of the crawl. */
bool mend_crawl_line(arena *a, str line, str *mended);
#endif
