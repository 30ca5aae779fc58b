/* box — a child process in which strangers' files are read. It is this same
 * program (`openshelf box …`) with the descriptors it was given and nothing
 * else: no network, no path, no new process, limits on memory, processor time,
 * written bytes and wall clock. What it has to say comes as frames on a pipe;
 * whatever becomes of it, the parent goes on and knows which limit was met.
 *
 * Parent: box_run. Child: box_enter before the first byte of the file is read,
 * then box_say. Frames are bytes from a process that may have been taken over:
 * who reads them checks everything in them.
 *
 * The child's walls: rlimits, PR_SET_NO_NEW_PRIVS, Landlock (no path at all,
 * where the kernel has it), and a seccomp filter that ends the process at any
 * call it does not need. Under AddressSanitizer, which needs address space and
 * calls of its own, memory is not limited and the filter is left out;
 * box_walls says so. */
#ifndef BOX_H
#define BOX_H
#include "base.h"

#define BOX_FRAME_MAX ((size_t)64 << 20)
#define BOX_FDS_MAX 16
#define BOX_FD_FIRST 4              /* in the child: 3 is the pipe of frames, 4 … are the given descriptors in order */

typedef struct {
    uint64_t memory;                /* bytes of address space */
    uint64_t file_bytes;            /* of any file that it writes to */
    uint32_t cpu_seconds, wall_seconds;
} box_limits;

#define BOX_LIMITS_DEFAULT ((box_limits){ .memory = (uint64_t)512 << 20, .file_bytes = (uint64_t)64 << 30, \
                                          .cpu_seconds = 900, .wall_seconds = 1800 })

typedef struct {
    const char *const *args;        /* words after `openshelf box`, NULL-ended */
    const int  *fds;                /* descriptors the child gets */
    size_t      fd_count;
    box_limits  limits;
    const char *program;            /* NULL: this program */
    void       *to;
    bool      (*frame)(ctx *c, void *to, uint8_t kind, str bytes);     /* false after fail(): the child is ended */
    bool      (*alive)(ctx *c, void *to);    /* some times a second; NULL: nothing to do. false after fail(): ended (cancelled) */
} box_job;

/* True: the child ended by itself with code 0. Else TOO_LARGE (memory, written bytes), TIMEOUT (processor time, wall
 * clock), INVALID (the file made it crash, or it tried what it may not), or what frame and alive said. */
bool box_run(ctx *c, const box_job *job) nodiscard;

/* --- the child --- */

typedef struct {
    bool memory, filter, landlock;  /* which walls stand */
} box_walls;

/* Limits travel in the environment of the child. INTERNAL when a wall that should stand does not. */
bool box_enter(ctx *c, box_walls *out) nodiscard;
bool box_say(ctx *c, uint8_t kind, str bytes) nodiscard;     /* one frame to the parent */
#endif
