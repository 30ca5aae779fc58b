/* svg_map — a map of shaded areas and counted marks as SVG text. The caller has
 * projected everything to units of the picture, and shows the same numbers as a
 * table. The picture scales with its column, letters too: give it MAP_WIDTH units
 * across, so that letters are never smaller than said where it is narrowest.
 *
 * Areas are filled by class (svg_chart.h): each has a pattern of its own besides
 * its colour (web/maps.css), so that maps can be read without colours. Texts may
 * be of any length and any bytes. Errors: none. */
#ifndef SVG_MAP_H
#define SVG_MAP_H
#include "kit/chart/svg_chart.h"

#define MAP_WIDTH 360

#define MAP_LAND (-1)

/* path: of SVG, in tenths of a unit. level 0: no value; MAP_LAND: it has no part in the numbers. */
typedef struct { str path, title, href; int level; } map_area;
typedef struct { double x, y, r; str title, href; int level; } map_mark;       /* level 0: a single point */
typedef struct { double x, y; str text; } map_label;

typedef struct {
    str title, description;
    double height;                                  /* units; MAP_WIDTH across */
    const map_area *areas; size_t area_count;
    str borders;                                    /* a path over the areas; may be empty */
    str frames;                                     /* a path around what stands elsewhere than in the world */
    const map_mark *marks; size_t mark_count;
    const map_label *labels; size_t label_count;
} map_picture;

html chart_map(arena *a, const map_picture *m);
/* The pattern of a level, for a legend; the map must be on the same page. */
html chart_swatch(arena *a, int level);
#endif
