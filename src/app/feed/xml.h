/* xml — text in XML 1.0: escaped, and without the characters that XML cannot
 * hold, which sources do send. */
#ifndef FEED_XML_H
#define FEED_XML_H
#include "base.h"

void xml_put(buf *o, str text);                              /* between tags and in "…" */
void xml_element(buf *o, const char *name, str text);        /* <name>text</name> and a line end */
#endif
