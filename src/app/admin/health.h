/* health — is the site able to answer (/health, for load balancers), and its
 * numbers (/metrics, Prometheus' text form). The numbers tell how the machine
 * is used: only this machine may read them, unless metrics_public is set. */
#ifndef HEALTH_H
#define HEALTH_H
#include "base.h"

struct http_server;
/* The text of /metrics, without the question who may see it. */
#endif
