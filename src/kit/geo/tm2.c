#include "kit/geo/tm2.h"

#include <math.h>

#define DEGREE (M_PI / 180)
#define SCALE 0.9999
#define FALSE_EAST 250000.0

typedef struct {
    double a, f;
} ellipsoid;

static const ellipsoid grs80 = { 6378137.0, 1 / 298.257222101 }, grs67 = { 6378160.0, 1 / 298.25 };

static void inverse(ellipsoid e, double lon0, double x, double y, double *lon, double *lat)
{
    double n = e.f / (2 - e.f), n2 = n * n, n3 = n2 * n, n4 = n2 * n2;
    double radius = e.a / (1 + n) * (1 + n2 / 4 + n4 / 64);
    double beta[] = { n / 2 - n2 * 2 / 3 + n3 * 37 / 96 - n4 / 360, n2 / 48 + n3 / 15 - n4 * 437 / 1440, n3 * 17 / 480 - n4 * 37 / 840,
                      n4 * 4397 / 161280 };
    double delta[] = { n * 2 - n2 * 2 / 3 - n3 * 2 + n4 * 116 / 45, n2 * 7 / 3 - n3 * 8 / 5 - n4 * 227 / 45, n3 * 56 / 15 - n4 * 136 / 35,
                       n4 * 4279 / 630 };
    double xi0 = y / (SCALE * radius), eta0 = (x - FALSE_EAST) / (SCALE * radius), xi = xi0, eta = eta0;
    for (int j = 0; j < 4; j++) {
        xi -= beta[j] * sin(2 * (j + 1) * xi0) * cosh(2 * (j + 1) * eta0);
        eta -= beta[j] * cos(2 * (j + 1) * xi0) * sinh(2 * (j + 1) * eta0);
    }
    double chi = asin(sin(xi) / cosh(eta)), phi = chi;
    for (int j = 0; j < 4; j++)
        phi += delta[j] * sin(2 * (j + 1) * chi);
    *lat = phi / DEGREE;
    *lon = lon0 + atan2(sinh(eta), cos(xi)) / DEGREE;
}

/* Through geocentric coordinates, height nought. */
static void shift(double *lon, double *lat)
{
    double e2 = grs67.f * (2 - grs67.f), s = sin(*lat * DEGREE), k = cos(*lat * DEGREE);
    double nu = grs67.a / sqrt(1 - e2 * s * s);
    double x = nu * k * cos(*lon * DEGREE) - 752, y = nu * k * sin(*lon * DEGREE) - 358, z = nu * (1 - e2) * s - 179;
    double f2 = grs80.f * (2 - grs80.f), p = hypot(x, y), phi = atan2(z, p * (1 - f2));
    for (int i = 0; i < 4; i++) {
        double sp = sin(phi);
        phi = atan2(z + f2 * grs80.a / sqrt(1 - f2 * sp * sp) * sp, p);
    }
    *lat = phi / DEGREE;
    *lon = atan2(y, x) / DEGREE;
}

void tm2_to_lonlat(tm2_grid g, double x, double y, double *lon, double *lat)
{
    *lon = x;
    *lat = y;
    if (g == TM2_TWD97_121 || g == TM2_TWD97_119)
        inverse(grs80, g == TM2_TWD97_121 ? 121 : 119, x, y, lon, lat);
    else if (g == TM2_TWD67_121 || g == TM2_TWD67_119)
        inverse(grs67, g == TM2_TWD67_121 ? 121 : 119, x, y, lon, lat);
    if (g == TM2_TWD67_121 || g == TM2_TWD67_119 || g == TM2_TWD67_LONLAT)
        shift(lon, lat);
}

static bool has(str text, str part)          /* ASCII case folded */
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if (str_ieq(str_sub(text, i, i + part.n), part))
            return true;
    return false;
}

tm2_grid tm2_of_wkt(str w)
{
    bool old = has(w, S("TWD67")) || has(w, S("TWD_1967")) || has(w, S("Taiwan Datum 1967")) || has(w, S("aust_SA")) || has(w, S("GRS_1967"));
    bool modern = has(w, S("TWD97")) || has(w, S("TWD_1997")) || has(w, S("Taiwan Datum 1997")) || has(w, S("GRS_1980")) || has(w, S("GRS80"))
        || has(w, S("GRS 1980"));
    bool metres = has(w, S("PROJCS")) || has(w, S("PROJCRS"));
    if (!metres)
        return old ? TM2_TWD67_LONLAT : modern || has(w, S("GEOGCS")) || has(w, S("GEOGCRS")) ? TM2_LONLAT : TM2_NONE;
    bool east = has(w, S("Central_Meridian\",121")) || has(w, S("Central_Meridian\", 121")) || has(w, S("origin\",121"));
    bool west = has(w, S("Central_Meridian\",119")) || has(w, S("Central_Meridian\", 119")) || has(w, S("origin\",119"));
    if (!has(w, S("Transverse")) || (!east && !west) || (!old && !modern))
        return TM2_NONE;
    return old ? (east ? TM2_TWD67_121 : TM2_TWD67_119) : east ? TM2_TWD97_121 : TM2_TWD97_119;
}

tm2_grid tm2_of_epsg(str digits)
{
    static const struct { const char *digits; tm2_grid grid; } known[] = {
        { "4326", TM2_LONLAT }, { "3824", TM2_LONLAT }, { "3821", TM2_TWD67_LONLAT }, { "3826", TM2_TWD97_121 }, { "3825", TM2_TWD97_119 },
        { "3828", TM2_TWD67_121 }, { "3827", TM2_TWD67_119 },
    };
    for (size_t i = 0; i < array_len(known); i++)
        if (str_eq(digits, str_of(known[i].digits)))
            return known[i].grid;
    return TM2_NONE;
}

tm2_grid tm2_of_range(double x0, double y0, double x1, double y1)
{
    if (x0 >= -180 && x1 <= 180 && y0 >= -90 && y1 <= 90)
        return TM2_LONLAT;
    return x0 >= 90000 && x1 <= 380000 && y0 >= 2400000 && y1 <= 2830000 ? TM2_TWD97_121 : TM2_NONE;
}

static bool either_has(str x, str y, str what)
{
    return str_has(x, what) || str_has(y, what);
}

tm2_grid tm2_of_titles(str x, str y)
{
    bool old = either_has(x, y, S("67")), west = either_has(x, y, S("119"));
    return old ? west ? TM2_TWD67_119 : TM2_TWD67_121 : west ? TM2_TWD97_119 : TM2_TWD97_121;
}

const char *tm2_name(tm2_grid g)
{
    static const char *const names[] = { "unknown", "WGS 84", "TWD97 TM2 121", "TWD97 TM2 119", "TWD67 TM2 121", "TWD67 TM2 119", "TWD67" };
    return names[g];
}
