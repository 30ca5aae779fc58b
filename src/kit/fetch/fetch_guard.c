/* Which addresses are of the public internet: all but the registries of special
 * purpose addresses (RFC 6890 and what IANA added to them since), and all forms in
 * which an IPv6 address carries an IPv4 one. */
#include "kit/fetch/fetch.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static bool public_v4(uint32_t a) /* host order */
{
    static const struct { uint32_t net; int bits; } closed[] = {
        { 0x00000000, 8 },  { 0x0a000000, 8 },  { 0x64400000, 10 }, { 0x7f000000, 8 },  { 0xa9fe0000, 16 },
        { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0000200, 24 }, { 0xc0586300, 24 }, { 0xc0a80000, 16 },
        { 0xc6120000, 15 }, { 0xc6336400, 24 }, { 0xcb007100, 24 }, { 0xe0000000, 4 },  { 0xf0000000, 4 },
    };
    for (size_t i = 0; i < array_len(closed); i++)
        if ((a ^ closed[i].net) >> (32 - closed[i].bits) == 0)
            return false;
    return true;
}

static uint32_t four(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool public_v6(const unsigned char *p)
{
    static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    static const unsigned char nat64[12] = { 0, 0x64, 0xff, 0x9b };
    if (memcmp(p, mapped, 12) == 0 || memcmp(p, nat64, 12) == 0)
        return public_v4(four(p + 12));
    if (p[0] == 0x20 && p[1] == 0x02) /* 6to4 */
        return public_v4(four(p + 2));
    if ((p[0] & 0xe0) != 0x20) /* only 2000::/3 is given out */
        return false;
    if (p[0] == 0x20 && p[1] == 0x01 && (p[2] & 0xfe) == 0) /* 2001::/23: Teredo, benchmarks, ORCHID */
        return false;
    bool documentation = four(p) == 0x20010db8 || (p[0] == 0x3f && p[1] == 0xff && p[2] <= 0x0f);
    return !documentation;
}

bool fetch_is_public(const struct sockaddr *a)
{
    if (a->sa_family == AF_INET)
        return public_v4(ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr));
    if (a->sa_family == AF_INET6)
        return public_v6(((const struct sockaddr_in6 *)(const void *)a)->sin6_addr.s6_addr);
    return false;
}
