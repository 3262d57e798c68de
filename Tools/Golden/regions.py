"""Regions of masks as scipy finds them, cleaned up by a plain loop, and as pycocotools encodes them.

    pip install numpy scipy pycocotools
    python Tools/Golden/regions.py

writes Tests/InferenceTests/Golden/regions.json.
"""

import json
import pathlib

import numpy as np
from pycocotools import mask as coco
from scipy import ndimage

PLACE = pathlib.Path(__file__).resolve().parents[2] / "Tests/InferenceTests/Golden/regions.json"


def regions(labels):
    """Every 4-connected region: its label, pixels and box, by its first pixel; and the region of each pixel."""
    number = np.zeros(labels.shape, int)
    found = []
    for value in np.unique(labels):
        parts, count = ndimage.label(labels == value)
        for part in range(1, count + 1):
            rows, columns = np.nonzero(parts == part)
            first = rows[0] * labels.shape[1] + columns[0]
            box = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
            found.append((int(first), int(value), len(rows), [int(side) for side in box], parts == part))
    found.sort(key=lambda region: region[0])
    for index, region in enumerate(found):
        number[region[4]] = index
    return [region[1:4] for region in found], number


def merged(labels, area):
    """Round by round, every small region that touches a large one takes the label of its longest border with them."""
    labels = labels.copy()
    while True:
        found, number = regions(labels)
        large = [pixels >= area for _, pixels, _ in found]
        if all(large) or not any(large):
            return labels
        changed = labels.copy()
        height, width = labels.shape
        votes = [{} for _ in found]
        for y in range(height):
            for x in range(width):
                for v, u in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                    if 0 <= v < height and 0 <= u < width and not large[number[y, x]] and large[number[v, u]]:
                        vote = votes[number[y, x]]
                        vote[int(labels[v, u])] = vote.get(int(labels[v, u]), 0) + 1
        for index, vote in enumerate(votes):
            if vote:
                changed[number == index] = min(vote, key=lambda label: (-vote[label], label))
        labels = changed


def cases():
    random = np.random.default_rng(5)
    yield "noise", random.integers(0, 3, (13, 17))
    yield "checkers", (np.indices((6, 7)).sum(0) % 2)
    smooth = ndimage.gaussian_filter(random.normal(size=(40, 66)), 2)
    yield "blobs", np.digitize(smooth, [-0.08, 0.0, 0.12])
    rings = np.maximum(*np.abs(np.indices((15, 15)) - 7)) % 4
    yield "rings", rings
    yield "row", random.integers(0, 2, (1, 70))
    yield "column", random.integers(0, 2, (70, 1))
    yield "one", np.full((3, 5), 2)


def text(labels):
    return "".join(str(int(label)) for label in labels.reshape(-1))


def main():
    entries = []
    for name, labels in cases():
        found, _ = regions(labels)
        encoded = [
            coco.encode(np.asfortranarray((labels == value).astype(np.uint8)))["counts"].decode() for value in range(4)
        ]
        entries.append(
            {
                "name": name,
                "height": labels.shape[0],
                "width": labels.shape[1],
                "labels": text(labels),
                "regions": [{"label": label, "area": pixels, "box": box} for label, pixels, box in found],
                "counts": encoded,
                "merged": {str(area): text(merged(labels, area)) for area in (2, 4, 9, 30, 100000)},
            }
        )
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    PLACE.write_text(json.dumps(entries, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")


main()
