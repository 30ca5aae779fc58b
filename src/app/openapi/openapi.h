/* openapi — what the descriptions of this folder have in common. */
#ifndef OPENAPI_H
#define OPENAPI_H
#include "kit/http/http.h"
#include "kit/text/json_write.h"

/* Opens the document: its version, what it describes (an empty description is left out), and the server. */
void openapi_begin(ctx *c, const http_req *r, json_w *j, str title, str description, str version);
#endif
