/* verify — the parts of care_verify, a file each: what the subjects say, what the index says. Internal to app/care. */
#ifndef VERIFY_H
#define VERIFY_H
#include "app/care/care.h"

bool verify_tables(ctx *c, care_verdict *v) nodiscard;
bool verify_subjects(ctx *c, care_verdict *v, const care_progress *p) nodiscard;
bool verify_index(ctx *c, site *s, care_verdict *v) nodiscard;
#endif
