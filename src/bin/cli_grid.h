/* cli_grid — a table for the eye: columns as wide as their longest cell on a terminal, where an East Asian character is
 * two wide. Long cells are cut, control characters are blanks. */
#ifndef CLI_GRID_H
#define CLI_GRID_H
#include "base.h"

/* cells: row by row, the titles first. */
typedef struct { str_list cells; size_t cols; } cli_grid;

void cli_grid_add(ctx *c, cli_grid *g, str cell);           /* may be gone afterwards: the grid keeps a copy */
bool cli_grid_print(ctx *c, const cli_grid *g) nodiscard;
#endif
