/* zip — members of a zip archive (XLSX, ODS, KMZ, bundles) by its central
 * directory: stored and deflated, zip64, names as raw bytes.
 *
 * Nothing that the archive says of itself is trusted: places are checked
 * against the source, members may not overlap, what is inflated is counted
 * and limited, and the CRC is compared. Reference: PKWARE APPNOTE 6.3. */
#ifndef ZIP_H
#define ZIP_H
#include "kit/source/source.h"

#define ZIP_ENTRIES_MAX 65536
#define ZIP_RATIO_MAX 250           /* inflated to packed, once past ZIP_RATIO_FROM */
#define ZIP_RATIO_FROM ((uint64_t)16 << 20)

typedef struct {
    str      name;                  /* raw: UTF-8 when `utf8`, else as the packer's code page had it */
    bool     utf8, encrypted, folder;
    uint16_t method;                /* 0 stored, 8 deflated */
    uint32_t crc;
    uint64_t packed, size, at;      /* size: as told; at: its local header */
} zip_entry;

typedef struct {
    source     src;
    zip_entry *v;
    size_t     n;
    uint64_t   max_bytes;           /* of one member, inflated */
} zip;

typedef struct zip_stream zip_stream;

bool zip_open(ctx *c, const source *s, uint64_t max_bytes, zip *out) nodiscard;      /* entries in c->a; INVALID, TOO_LARGE */
const zip_entry *zip_find(const zip *z, str name);                                   /* ASCII case folded; NULL when absent */
/* Reading one member from its start; memory of its own until zip_end. */
bool zip_begin(ctx *c, const zip *z, const zip_entry *e, zip_stream **out) nodiscard;
byte_in zip_bytes(zip_stream *s);
void zip_end(zip_stream *s);                                                         /* NULL is fine */
bool zip_all(ctx *c, const zip *z, const zip_entry *e, size_t max, str *out) nodiscard; /* in c->a; TOO_LARGE past max */
#endif
