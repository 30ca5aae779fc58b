/* file — whole files in and out, folders, locks. Paths are NUL-ended inside;
 * a path with an inner NUL is refused. */
#ifndef FILE_H
#define FILE_H
#include "ctx.h"

void file_close_fd(int *fd);
#define auto_fd __attribute__((cleanup(file_close_fd))) int

bool file_read(ctx *c, str path, size_t max_bytes, str *out) nodiscard;   /* IO, NOT_FOUND, TOO_LARGE */
bool file_write(ctx *c, str path, str bytes) nodiscard;                   /* aside, fsync, rename: all or nothing */
bool file_make_dir(ctx *c, str path) nodiscard;                           /* and its parents */
bool file_exists(ctx *c, str path);
bool file_is_dir(ctx *c, str path);
bool file_list(ctx *c, str dir, str_list *names) nodiscard;               /* sorted, without . and .. */
bool file_remove(ctx *c, str path) nodiscard;                             /* absent is fine */
str  file_join(arena *a, str dir, str name);
str  file_base(str path);                                                 /* last part */
int  file_open(ctx *c, str path);                                         /* read only; -1 */
/* All the bytes, however often the system takes only some: at the descriptor's place, or at one of the file. False: errno says why. */
bool file_put(int fd, str bytes) nodiscard;
bool file_put_at(int fd, str bytes, uint64_t at) nodiscard;
#endif
