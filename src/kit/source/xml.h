/* xml — elements of an XML stream as they come (expat). Names come without
 * their namespace prefix. Entities of the document's own are refused where
 * they are declared, so none can expand or reach outside; nesting, attributes
 * and text are limited. Errors are INVALID with line and column. */
#ifndef XML_H
#define XML_H
#include "kit/source/source.h"

#define XML_DEPTH_MAX 200

typedef struct { uint64_t byte, line; } xml_place;                 /* of an element, from 0 and from 1 */

typedef struct xml_reading xml_reading;

typedef struct {
    void *to;
    /* atts: name, value, name, value, …, NULL; xml_att finds one by its local name. */
    bool (*start)(ctx *c, void *to, str name, const char *const *atts);
    bool (*end)(ctx *c, void *to, str name);
    bool (*text)(ctx *c, void *to, str text);      /* in pieces; NULL: not wanted */
    xml_reading **reading;                          /* is set to what xml_here asks; NULL: nobody does */
} xml_handler;

/* *stop (may be NULL) set by a handler ends reading early, with success. */
bool xml_read(ctx *c, byte_in in, str what, const xml_handler *h, const bool *stop) nodiscard;
xml_place xml_here(const xml_reading *r);                       /* of the element whose handler is running */
str  xml_att(const char *const *atts, const char *local);      /* p NULL: absent */
str  xml_local(const char *name);
#endif
