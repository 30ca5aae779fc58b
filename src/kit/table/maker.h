/* maker — a column file in the making (column_build.h), from within.
 *
 * A column begins as a dictionary with a code a row. When its texts turn out to
 * differ too much, it goes on raw: as numbers (value and spelling a row) while
 * it looks like numbers, else as texts. What it is gets decided at the end, from
 * what was counted on the way: per distinct text in a dictionary, else per row. */
#ifndef MAKER_H
#define MAKER_H
#include "kit/table/column_build.h"
#include "kit/table/column_layout.h"
#include "kit/table/maker_dict.h"
#include "kit/table/number_text.h"
#include "kit/table/spill.h"

#define MAKER_SPECIALS 64                   /* texts among numbers that are no numbers */
#define MAKER_PLACES 20                     /* of a finding */
#define MAKER_SAMPLE 60                     /* bytes of a sample */
#define MAKER_STRIP 128                     /* rows whose cells and texts stay in the nearest cache while each column takes its own */
#define MAKER_CODED (UINT32_C(1) << 16)     /* entries of a dictionary while its codes have two bytes */

#define BIT(type) (UINT32_C(1) << COLUMN_##type)

/* What a title says of the values below it. */
enum { SAYS_DATE = 1, SAYS_MONTH = 2, SAYS_YEAR = 4, SAYS_LONGITUDE = 8, SAYS_LATITUDE = 16, SAYS_EASTING = 32, SAYS_NORTHING = 64,
       SAYS_PHONE = 128, SAYS_CODE = 256, SAYS_BUSINESS = 512 };

/* What the values were seen to be: rows each. */
typedef struct {
    uint32_t alive;                         /* types that may still stand */
    uint64_t values;                        /* neither absent, blank nor a mark */
    uint64_t misses[COLUMN_TYPES];          /* values that are not of the type; only exact while alive */
    uint64_t distinct_dates;                /* different texts that are dates by their digits alone */
    uint64_t right[2];                      /* check digits that hold: business, national */
    uint64_t zero_led, negative, sentinel, odd, roc;
    uint64_t neutral;                       /* marks that only count in columns of numbers or dates */
    uint64_t no_words, no_dates;            /* of the neutral ones: 無, which is a boolean too; zeros that say there is no date */
    uint64_t distinct_right;                /* different texts that are numbers of businesses */
    uint8_t  decimals, whole;               /* most of a number */
    uint8_t  digits;                        /* of all values, when they are plain digits of one length; 255: they are not */
    bool     seen;                          /* any number yet */
} maker_profile;

typedef struct { uint32_t row; str sample; } maker_spot;
typedef struct { uint64_t count; maker_spot *spots; uint32_t spot_n; str sample; } maker_note;  /* sample: when there are no spots */

/* Kinds of findings beyond the facts of column_file.h. */
enum { NOTE_BAD_VALUE = COLUMN_FACTS, NOTE_MARK, NOTE_RANGE, NOTE_LENGTH, NOTE_ALLOWED, NOTE_PATTERN, NOTES };

typedef enum { MAKER_DICT, MAKER_NUMBER, MAKER_TEXT } maker_mode;

typedef struct {
    size_t index;                           /* from 0 */
    str title, second, hint, name;
    const table_field *field;               /* what the schema says; NULL */
    unsigned says;
    uint32_t same_before;                   /* columns before it with this title */
    maker_mode mode;
    maker_dict dict;                        /* DICT: all texts; NUMBER: those that are no numbers */
    spill_stream codes16, codes32;          /* DICT: codes32 goes on where codes16 ends */
    uint64_t blank_rows;                    /* DICT: of no bytes */
    uint8_t pad;                            /* NUMBER: all are digits of this length, zeros in front; 0: no */
    spill_stream values, styles;            /* NUMBER: i64 mantissa, or INT64_MIN + entry; u8 */
    spill_stream lengths, heap;             /* TEXT: as maker_length_put has them, bytes */
    maker_profile profile;                  /* NUMBER, TEXT: kept as rows come */
    maker_note *notes;                      /* NOTES of them; NULL: none yet */
    uint64_t text_bytes;
    uint32_t min_bytes, max_bytes;
    str min_text, max_text;                 /* TEXT: own memory of the arena of the builder, cut */
    uint64_t min_prefix, max_prefix;
    bool min_max_set;
} maker_column;

struct column_build {
    column_build_plan plan;
    arena *a;
    ctx *c;
    spill_pool pool;
    str name;
    str_list notes;
    size_t header_rows;
    maker_column *columns;
    size_t count;
    uint64_t rows;
    size_t dict_bytes, dict_limit;          /* memory of all dictionaries */
    uint64_t row_hash[MAKER_STRIP];         /* of the strip being read */
    uint32_t scratch[MAKER_STRIP];          /* codes of one column of it */
    spill_stream row_hashes;
    spill_stream row_bytes, row_lines;      /* u32 from the row before */
    bool place_bytes, place_lines;          /* known so far */
    uint64_t last_byte, last_line;
    struct { uint64_t byte, line; } *marks; /* of every 1,024th row: how findings at the end are placed */
    size_t mark_n, mark_cap;
    bool begun, ended;
};

/* maker_guess.c: which types of `alive` the text is a value of; counts into the profile. */
void maker_profile_add(const column_build *b, const maker_column *k, maker_profile *p, str s, uint64_t rows);
void maker_profile_new(const maker_column *k, maker_profile *p);

/* maker_mark.c */
typedef enum { MARK_NONE, MARK_ABSENT, MARK_BLANK, MARK_ANY, MARK_TYPED } maker_mark;   /* TYPED: only in columns of numbers or dates */
maker_mark maker_mark_of(const column_build *b, const maker_column *k, str s);
bool maker_is_sentinel(const number_text *n);               /* -99, -999.0 … */
bool maker_is_no_date(str s);                               /* 0, 00000000 */
bool maker_is_no_word(str s);                               /* 無: a mark, and the opposite of 有 */
unsigned maker_title_says(str title);

/* Lengths of texts: a byte each; of long ones and absent ones a mark, of long ones four bytes behind it. */
#define MAKER_LENGTH_ROOM 5
#define MAKER_LENGTH_LONG 254
#define MAKER_LENGTH_ABSENT 255
static inline size_t maker_length_put(char *to, uint32_t n)
{
    bool is_long = n >= MAKER_LENGTH_LONG && n != MAKER_ABSENT;
    to[0] = (char)(n == MAKER_ABSENT ? MAKER_LENGTH_ABSENT : is_long ? MAKER_LENGTH_LONG : n);
    if (is_long)
        memcpy(to + 1, &n, 4);
    return is_long ? 5 : 1;
}
nodiscard static inline bool maker_length_take(ctx *c, spill_reader *r, uint32_t *n)
{
    uint8_t first = 0;
    if (!spill_take(c, r, &first, 1))
        return false;
    *n = first == MAKER_LENGTH_ABSENT ? MAKER_ABSENT : first;
    return first != MAKER_LENGTH_LONG || spill_take(c, r, n, 4);
}

/* maker_raw.c */
uint64_t maker_blank_row(const column_build *b);                    /* the hash of a row whose cells are all empty */
bool maker_add_dict(ctx *c, column_build *b, maker_column *k, const table_block *t) nodiscard;
bool maker_add_number(ctx *c, column_build *b, maker_column *k, const table_block *t) nodiscard;
bool maker_add_text(ctx *c, column_build *b, maker_column *k, const table_block *t) nodiscard;
void maker_bound_text(column_build *b, maker_column *k, str s);     /* least and greatest */
/* maker_change.c */
bool maker_give_up_dict(ctx *c, column_build *b, maker_column *k) nodiscard;    /* goes on as numbers or texts */
bool maker_give_up_number(ctx *c, column_build *b, maker_column *k) nodiscard;  /* goes on as texts */
void maker_column_drop(column_build *b, maker_column *k);                        /* its memory */

/* maker_fact.c */
void maker_note_add(column_build *b, maker_column *k, int note, uint32_t row, str sample, uint64_t rows);
void maker_facts(column_build *b, maker_column *k, str s, uint32_t row, uint64_t rows);
void maker_facts_weigh(maker_column *k, const maker_profile *p);   /* forgets what only looks like personal data */
void maker_facts_block(column_build *b, maker_column *k, const table_block *t, uint32_t first, const char *bytes, size_t n);

/* maker_type.c: what a column is, and what a text is worth in it. */
typedef struct {
    column_type type;
    unsigned scale;
    bool declared, roc, keyed, numeric;
    bool sentinels;                         /* -99 and the like are marks */
    bool has_low, has_high;                 /* of the schema, as keys */
    int64_t low, high;
} maker_rule;
#define MAKER_VALUE COLUMN_NULL_KINDS       /* no null */

maker_rule maker_decide(const column_build *b, const maker_column *k, const maker_profile *p);
bool maker_type_stands(const maker_profile *p, column_type t);
/* What the schema says of a value besides its type: noted where it does not hold. */
void maker_constraints_of(column_build *b, maker_column *k, const maker_rule *rule, str s, int64_t key, uint32_t row, uint64_t rows);
static inline void maker_constraints(column_build *b, maker_column *k, const maker_rule *rule, str s, int64_t key, uint32_t row, uint64_t rows)
{
    if (k->field != NULL)
        maker_constraints_of(b, k, rule, s, key, row, rows);
}
static inline bool maker_out_of_range(const maker_rule *rule, int64_t key)
{
    return (rule->has_low && key < rule->low) || (rule->has_high && key > rule->high);
}
column_null_kind maker_value(const column_build *b, const maker_column *k, const maker_rule *rule, str s, int64_t *key);

/* maker_out.c: the file as it is written. */
typedef struct { column_role role; uint64_t at, bytes; uint64_t *sums; uint32_t sum_n, sum_cap; } maker_section;
typedef struct {
    int fd;
    uint64_t at;                            /* where the next byte goes */
    char *block;                            /* of COLUMN_SUM_BLOCK */
    size_t block_n;
    maker_section now;
    buf directory;
} maker_out;

maker_out maker_out_open(arena *a, int fd);
void maker_out_begin(maker_out *o, column_role role);
bool maker_out_add(ctx *c, maker_out *o, const void *bytes, size_t n) nodiscard;
bool maker_out_end(ctx *c, maker_out *o, maker_section *s) nodiscard;
bool maker_out_close(ctx *c, maker_out *o, const column_build *b) nodiscard;    /* directory, then header */
void maker_out_free(maker_out *o);

/* maker_distinct.c */
bool maker_distinct(ctx *c, const column_build *b, const spill_stream *hashes, uint64_t *distinct, bool *exact) nodiscard;
bool maker_repeats(ctx *c, column_build *b) nodiscard;      /* whole rows that occur twice: findings */

/* maker_finish.c and its forms */
bool maker_finish(ctx *c, column_build *b) nodiscard;
bool maker_findings(ctx *c, column_build *b, maker_column *k, const column_about *about) nodiscard;
bool maker_place(ctx *c, const column_build *b, uint64_t row, uint64_t *byte, uint64_t *line) nodiscard;
void maker_names(column_build *b);
#endif
