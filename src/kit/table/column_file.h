/* column_file — a table (or one segment of it) as an immutable file of columns,
 * mapped into memory. The bytes are described in docs/column-file.md.
 *
 * Opening checks the header, the directory, and that every section lies inside
 * the file. The bytes of a column are checked against their checksums, and
 * everything in them that counts or points (codes, offsets), when the column
 * is first used: column_use is the only way to its arrays. A damaged file is an
 * INVALID error that names the column; it never crashes and never answers.
 *
 * A column_file is used by any number of threads at once and owns its mapping
 * until column_file_close; views and all text point into that mapping.
 * A table is a list of such files, one after the other: row numbers here count
 * from 0 within the file. A dictionary is the file's own.
 *
 * The three forms, and what a scan has to know:
 *   NUMBERS  data[row] < nulls: null, spelled as text `data[row]` of the dictionary;
 *            else the number (times 10^scale) is base + data[row]: the key, or digits of a code (`digits`).
 *   CODES    data[row] < nulls: null; else the text is entry data[row] of the dictionary. The
 *            dictionary is in order of value (key, then bytes), so that a range, a prefix or a sort
 *            is one of codes; keys[code] is the key where the type has one.
 *   HEAP     text of row = heap[offset[row] … offset[row + 1]); null when its bit in null_bits is
 *            set; keys[row] is the key where the type has one (COLUMN_KEY_NULL: null).
 * So nulls come first in every order, and `data[row] >= x` never catches one.
 * Every array is aligned to 64 bytes and readable 64 bytes beyond its end. */
#ifndef COLUMN_FILE_H
#define COLUMN_FILE_H
#include "kit/table/column_hash.h"
#include "kit/table/column_type.h"

#define COLUMN_FILE_VERSION 1
#define COLUMN_TOP_MAX 20               /* most frequent values that are kept */
#define COLUMN_BINS 32                  /* of a histogram */
#define COLUMN_NUMBER_ROOM 48           /* bytes that a printed number needs at most */

typedef enum { COLUMN_NUMBERS, COLUMN_CODES, COLUMN_HEAP } column_form;

/* How a number was spelled: the low five bits say how many decimals are printed, the others what else is odd about it. */
enum { COLUMN_STYLE_DECIMALS = 0x1f, COLUMN_STYLE_GROUPED = 0x20, COLUMN_STYLE_PLUS = 0x40, COLUMN_STYLE_BARE_POINT = 0x80 };

/* Why a value is null. */
typedef enum {
    COLUMN_NULL_ABSENT,         /* the source has no value there: a short record, JSON null */
    COLUMN_NULL_BLANK,          /* empty, or blanks only */
    COLUMN_NULL_MARK,           /* a mark for "missing": declared, or by rule (docs/column-file.md) */
    COLUMN_NULL_BAD,            /* no value of the column's type: kept as text, counts as missing */
    COLUMN_NULL_KINDS
} column_null_kind;

/* What was noticed about the texts of a column, in rows. */
typedef enum {
    COLUMN_FACT_LEADING_BLANK, COLUMN_FACT_TRAILING_BLANK, COLUMN_FACT_CONTROL, COLUMN_FACT_FORMULA,
    COLUMN_FACT_FULL_WIDTH, COLUMN_FACT_REPLACEMENT, COLUMN_FACT_PRIVATE_USE, COLUMN_FACT_CHECKSUM, COLUMN_FACT_NATIONAL_ID,
    COLUMN_FACT_MOBILE, COLUMN_FACT_EMAIL, COLUMN_FACTS
} column_fact;

typedef struct { str text; uint64_t count; } column_top;

typedef struct {
    uint64_t nulls[COLUMN_NULL_KINDS];  /* rows, by reason */
    uint64_t null_count;                /* their sum */
    uint64_t distinct;                  /* values that are not null */
    bool     distinct_exact;            /* else an estimate within 2 % */
    bool     has_keys;                  /* min_key … deviation mean something */
    int64_t  min_key, max_key;
    double   sum, mean, deviation;      /* of keys / 10^scale; NUMBER keys only */
    bool     sum_exact;
    int64_t  sum_key;                   /* the exact sum of keys, when sum_exact */
    str      min_text, max_text;        /* least and greatest value, by key or else by bytes; cut at 256 bytes */
    uint64_t text_bytes;                /* of all texts */
    uint32_t min_bytes, max_bytes;      /* of a text that is not null */
    column_top top[COLUMN_TOP_MAX];     /* most frequent first; none when nearly all differ */
    size_t   top_count;
    bool     has_bins;                  /* bins[i] counts keys from bin_from + i * bin_step on; the last bin takes the rest */
    int64_t  bin_from;
    uint64_t bin_step;
    uint64_t bins[COLUMN_BINS];
    uint64_t facts[COLUMN_FACTS];
} column_stats;

/* What the directory says of a column: no checksum of the column is needed to read it. */
typedef struct {
    str name;                           /* machine name: ASCII, unique in the table */
    str title, second;                  /* as published: header, second header row */
    column_type type;
    bool declared;                      /* the type was given, not found */
    bool roc;                           /* years or dates are in the ROC calendar */
    bool ascending;                     /* rows are in ascending order of value, nulls first */
    column_form form;
    unsigned scale;                     /* keys are numbers times 10^scale */
    uint64_t stored_bytes;              /* of its sections in the file */
    column_stats stats;
} column_about;

typedef struct {
    column_type type;
    column_form form;
    unsigned width;                     /* bytes of one entry of data: 1, 2, 4 or 8 (HEAP: 4 or 8) */
    unsigned scale;
    uint64_t rows;
    const void *data;                   /* NUMBERS, CODES: rows entries; HEAP: rows + 1 offsets into heap */
    uint32_t nulls;                     /* NUMBERS, CODES: entries below are null */
    int64_t  base;                      /* NUMBERS: key = base + entry */
    uint64_t top;                       /* NUMBERS, CODES: largest entry of data */
    const uint8_t *styles;              /* NUMBERS: how each row is spelled; NULL: plain, all with `scale` decimals */
    unsigned digits;                    /* NUMBERS: padded with zeros to so many digits (a code); 0: not padded */
    /* The dictionary. CODES: every text; NUMBERS: those of the nulls. */
    uint32_t dict_count;
    const uint32_t *dict_offsets;       /* dict_count + 1 */
    const char *dict_texts;
    const uint8_t *dict_nulls;          /* column_null_kind of entries below nulls */
    const uint32_t *dict_rows;          /* rows that have the entry */
    /* Keys. CODES: of each entry; HEAP: of each row; NUMBERS: NULL, they are the data. NULL: the type has none. */
    const int64_t *keys;
    /* HEAP only. */
    const char *heap;
    uint64_t heap_bytes;
    const uint64_t *null_bits;          /* bit row % 64 of word row / 64; NULL: no nulls */
    const uint64_t *absent_bits;        /* which of the nulls are ABSENT; NULL: none */
    const uint64_t *mark_bits;          /* … and which are MARK */
    const uint16_t *prints;             /* column_print of each row's text: equality is a scan of these */
} column_view;

typedef struct column_file column_file;

bool column_file_open(ctx *c, str path, column_file **out) nodiscard;      /* IO, NOT_FOUND, INVALID */
bool column_file_open_fd(ctx *c, int fd, column_file **out) nodiscard;     /* fd stays the caller's */
void column_file_close(column_file *f);                                     /* NULL is fine */
bool column_file_check(ctx *c, const column_file *f) nodiscard;             /* every byte; INVALID names what is damaged */

uint64_t column_file_rows(const column_file *f);
size_t   column_file_count(const column_file *f);                           /* columns */
const column_about *column_file_about(const column_file *f, size_t col);
bool     column_file_find(const column_file *f, str name, size_t *col);     /* machine name, else title */
str      column_file_name(const column_file *f);                            /* of the sheet or layer; may be empty */
const str_list *column_file_notes(const column_file *f);                    /* rows above the header */
str      column_file_fact(const column_file *f, str key);                   /* "encoding" …: what the loader noted; empty */
uint64_t column_file_bytes(const column_file *f);
const uint8_t *column_file_source(const column_file *f);                    /* SHA-256 of the source; zeros: not known */

/* Where a row stands in the source as published: false when that is not known. */
bool column_file_place(ctx *c, const column_file *f, uint64_t row, uint64_t *byte, uint64_t *line, bool *known) nodiscard;

/* The arrays of one column, checked on first use. INVALID when damaged. */
bool column_use(ctx *c, const column_file *f, size_t col, column_view *out) nodiscard;

/* One value. `room` is for what has to be printed (COLUMN_NUMBER_ROOM bytes); the text is as published, p == NULL for
 * ABSENT. Rows must be below view->rows. */
str  column_text(const column_view *v, uint64_t row, char *room) nodiscard;
bool column_is_null(const column_view *v, uint64_t row);
column_null_kind column_why_null(const column_view *v, uint64_t row);       /* only where it is null */
bool column_key(const column_view *v, uint64_t row, int64_t *key) nodiscard; /* false: null, or the type has none */
bool column_number(const column_view *v, uint64_t row, double *out) nodiscard; /* key / 10^scale; false as above */

/* The dictionary. */
static inline str column_entry(const column_view *v, uint32_t code)
{
    return (str){ v->dict_texts + v->dict_offsets[code], v->dict_offsets[code + 1] - v->dict_offsets[code] };
}
bool     column_entry_find(const column_view *v, str text, uint32_t *code) nodiscard; /* CODES: exact text; false: no row has it */
uint32_t column_entry_from(const column_view *v, int64_t key);              /* CODES with keys: first entry whose key is >= key */
uint32_t column_entry_from_text(const column_view *v, str text);            /* CODES without: first entry that is >= text */

static inline uint64_t column_at(const column_view *v, uint64_t row)        /* entry of data */
{
    switch (v->width) {
    case 1: return ((const uint8_t *)v->data)[row];
    case 2: return ((const uint16_t *)v->data)[row];
    case 4: return ((const uint32_t *)v->data)[row];
    default: return ((const uint64_t *)v->data)[row];
    }
}
#endif
