/* blob — original bytes, kept under their SHA-256 and never changed:
 * DIR/ab/cdef…. Written aside, synced, renamed: a crash leaves no half blob.
 *
 * Nothing is removed at once: whoever lets a blob go touches it, keeping one that
 * is there already touches it too, and blob_sweep removes what no record names
 * and nobody has touched for a while. So bytes that come again while others put
 * them away, and a backup that is being written, find their file. */
#ifndef BLOB_H
#define BLOB_H
#include "base.h"

typedef struct { char hex[65]; int64_t bytes; } blob_id;

bool blob_keep_file(ctx *c, str store_dir, str path, blob_id *out) nodiscard;
bool blob_name_file(ctx *c, str path, blob_id *out) nodiscard;      /* its hash alone: nothing is kept */
/* A file of ours on the same disk becomes the blob: moved, not copied. On failure it stays where it was. */
bool blob_adopt_file(ctx *c, str store_dir, str path, blob_id *out) nodiscard;
bool blob_keep(ctx *c, str store_dir, str bytes, blob_id *out) nodiscard;
str  blob_path(arena *a, str store_dir, str hex);
bool blob_check(ctx *c, str store_dir, str hex, bool *intact) nodiscard;    /* hash of what is there */
bool blob_list(ctx *c, str store_dir, str_list *hexes) nodiscard;
void blob_touch(ctx *c, str store_dir, str hex);
/* Removes files that are not among `known` (a map by hash) and copies that a crash left half done, when they are older than that. */
bool blob_sweep(ctx *c, str store_dir, const map *known, int64_t older_than_s, int64_t *removed) nodiscard;
/* The hash of what comes in pieces; blob_hash_end gives it and frees. */
typedef struct blob_hash blob_hash;
blob_hash *blob_hash_new(void);
void blob_hash_add(blob_hash *h, str bytes);
void blob_hash_end(blob_hash *h, char hex[65]);
void blob_sha256(str bytes, unsigned char out[32]);
#endif
