#include "base.h"

#include <stdio.h>
#include <stdlib.h>

void must_failed(const char *cond, const char *file, int line)
{
    fprintf(stderr, "level=fatal msg=\"broken assumption\" at=%s:%d cond=\"%s\"\n", file, line, cond);
    abort();
}
