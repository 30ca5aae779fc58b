/* link_visit — one round of a walk: many addresses, a few at once, each host by
 * one connection at a time with a pause after it. A host that gives no answer
 * three times in a row is left alone, longer each time (link_host). Who has been
 * given up on two occasions is not asked for each of its addresses: that
 * it does not answer is noted of them too. */
#ifndef LINK_VISIT_H
#define LINK_VISIT_H
#include "app/link/link.h"

typedef struct {
    const link_due_row_list *due;
    str     agent;
    bool    allow_private;
    int     timeout_s;
    int64_t pause_ms, most_ms;          /* between two requests to a host; after most_ms none is begun */
    void   *to;
    /* From the caller's thread, about twice a second: outcomes that are new, perhaps none. False ends the round. */
    bool  (*tell)(ctx *c, void *to, const link_due_row *const *rows, const link_outcome *const *outcomes, size_t n);
} link_round;

/* `past`: so many of `due`, from the first on, are behind; `left` of them were not asked, since their hosts are left alone.
 * Writes link_host. */
bool link_visit(ctx *c, const link_round *r, size_t *past, size_t *left) nodiscard;
#endif
