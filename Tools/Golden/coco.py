"""Makes Tests/DatasetsTests/Golden/coco.json: masks of COCO as pycocotools encodes and draws them.

Each case has the size of a mask, its runs compressed and plain, and for some the polygons that it was drawn from.
"""

import json
import pathlib

import numpy as np
from pycocotools import mask as coco

TARGET = pathlib.Path(__file__).parents[2] / "Tests/DatasetsTests/Golden/coco.json"


def runs(mask):
    """Lengths of runs, column by column, of pixels outside and inside in turn."""
    flat = mask.flatten(order="F")
    edges = np.flatnonzero(np.diff(flat)) + 1
    lengths = np.diff(np.concatenate([[0], edges, [flat.size]])).tolist()
    return [0] + lengths if flat[0] else lengths


def case(mask, polygons=None):
    encoded = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    entry = {"size": list(mask.shape), "compressed": encoded["counts"].decode(), "counts": runs(mask)}
    if polygons:
        entry["polygons"] = polygons
    return entry


def main():
    random = np.random.default_rng(5)
    cases = []
    for height, width in [(1, 1), (1, 9), (7, 1), (5, 8), (31, 17), (40, 64), (300, 220)]:
        noise = random.random((height, width))
        cases.append(case(noise < 0.5 if height < 40 else noise < 0.01))
        cases.append(case(np.zeros((height, width), bool)))
        cases.append(case(np.ones((height, width), bool)))
    for height, width in [(60, 80), (120, 90)]:
        blocks = np.zeros((height, width), bool)
        for _ in range(6):
            y, x = random.integers(0, height), random.integers(0, width)
            blocks[y : y + random.integers(1, 40), x : x + random.integers(1, 40)] = True
        cases.append(case(blocks))
    for height, width, corners in [(60, 80, 3), (100, 90, 5), (128, 200, 12)]:
        angles = np.sort(random.random(corners)) * 2 * np.pi
        radius = (0.3 + 0.2 * random.random(corners)) * min(height, width)
        points = np.stack([width / 2 + radius * np.cos(angles), height / 2 + radius * np.sin(angles)], 1)
        polygons = [np.round(points, 2).flatten().tolist()]
        drawn = coco.decode(coco.merge(coco.frPyObjects(polygons, height, width)))
        cases.append(case(drawn.astype(bool), polygons))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


main()
