#include "bin/cli_grid.h"

#include "bin/cli.h"

#define SHOWN_CHARS 40              /* of a cell */

void cli_grid_add(ctx *c, cli_grid *g, str cell)
{
    str cut = utf8_cut_chars(cli_plain(c->a, cell), SHOWN_CHARS);
    list_add(c->a, &g->cells, cut.n < cell.n ? str_cat(c->a, cut, S("…")) : cut);
}

bool cli_grid_print(ctx *c, const cli_grid *g)
{
    size_t *wide = new_n(c->a, size_t, g->cols);
    buf b = buf_in(c->a);
    for (size_t i = 0; i < g->cells.n; i++) {
        size_t w = utf8_width(g->cells.v[i]);
        wide[i % g->cols] = w > wide[i % g->cols] ? w : wide[i % g->cols];
    }
    for (size_t i = 0; i < g->cells.n; i++) {
        size_t col = i % g->cols;
        bool head = i < g->cols, last = col + 1 == g->cols;
        buf_fmt(&b, "%s%.*s%s", head && cli_colour() ? "\033[1m" : "", S_ARG(g->cells.v[i]), head && cli_colour() ? "\033[0m" : "");
        for (size_t n = utf8_width(g->cells.v[i]); !last && n < wide[col] + 2; n++)
            buf_byte(&b, ' ');
        if (last)
            buf_byte(&b, '\n');
    }
    return cli_out(c, buf_str(&b));
}
