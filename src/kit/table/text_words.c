#include "kit/table/text_words.h"

#define LOW(n) (~UINT64_C(0) >> 8 * (8 - (n)))

const uint64_t text_words_keep[25] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0,
    LOW(1), LOW(2), LOW(3), LOW(4), LOW(5), LOW(6), LOW(7),
    LOW(8), LOW(8), LOW(8), LOW(8), LOW(8), LOW(8), LOW(8), LOW(8), LOW(8),
};
