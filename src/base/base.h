/* base — the one umbrella header: C without a world.
 *
 * Everything in src/base uses libc and itself, nothing else. A module above
 * includes "base.h" first and then what it needs from kit or app. */
#ifndef BASE_H
#define BASE_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define nodiscard __attribute__((warn_unused_result))
#define printf_like(f, v) __attribute__((format(printf, f, v)))
#define array_len(x) (sizeof(x) / sizeof((x)[0]))

#include "must.h"
#include "arena.h"
#include "str.h"
#include "buf.h"
#include "err.h"
#include "ctx.h"
#include "list.h"
#include "map.h"
#include "num.h"
#include "day.h"
#include "utf8.h"
#include "log.h"
#include "file.h"
#include "banned.h"
#endif
