/* ckan_error — what goes wrong around a call (rate, method, no time, our own
 * faults), told in the envelope that CKAN's clients read. The text comes from
 * c->err; memory from c's arena. Requirement G4. */
#ifndef CKAN_ERROR_H
#define CKAN_ERROR_H
#include "base.h"
#include "kit/http/http.h"

bool ckan_error_belongs(const http_req *r);                  /* it was a call of an action that failed */
bool ckan_error(ctx *c, const http_req *r, http_res *w);     /* for http_config.error, as page_error is */
#endif
