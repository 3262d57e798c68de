"""Golden values of the scores of masks: by scikit-learn, and boundary F1 by SciPy's distance transform.

    python metrics.py     writes Tests/TrainingTests/Golden/metrics.safetensors
"""

import argparse
import pathlib

import numpy
from safetensors.numpy import save_file
from scipy.ndimage import distance_transform_edt
from sklearn import metrics

ROOT = pathlib.Path(__file__).resolve().parents[2]
IGNORED = 255
CLASSES = 4
IMAGES, HEIGHT, WIDTH = 2, 48, 240


def smooth_labels(generator):
    """Patches of classes with ragged borders."""
    coarse = generator.integers(0, CLASSES, (IMAGES, HEIGHT // 12, WIDTH // 12))
    labels = coarse.repeat(12, axis=1).repeat(12, axis=2)
    rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    return labels[:, rows, (columns + generator.integers(0, 3, (HEIGHT, 1))) % WIDTH]


def border(labels, truth, index):
    """Pixels of a class with a counted pixel of another class beside, above or below."""
    result = numpy.zeros(labels.shape, dtype=bool)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            for other_y, other_x in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if not (0 <= other_y < HEIGHT and 0 <= other_x < WIDTH) or truth[other_y, other_x] == IGNORED:
                    continue
                if labels[y, x] == index and labels[other_y, other_x] != index:
                    result[y, x] = True
    return result


def hits(points, others, tolerance):
    """The share of points with another within a distance; 0 without any."""
    if not points.any() or not others.any():
        return 0.0
    return float((distance_transform_edt(~others)[points] <= tolerance).mean())


def boundary_f1(truth, prediction):
    tolerance = max(1, 0.0075 * (HEIGHT**2 + WIDTH**2) ** 0.5)
    scores = []
    for index in range(CLASSES):
        shares = []
        for image in range(IMAGES):
            seen = numpy.where(truth[image] == IGNORED, IGNORED, prediction[image])
            expected = border(truth[image], truth[image], index)
            found = border(seen, truth[image], index)
            if expected.any() or found.any():
                shares.append((hits(found, expected, tolerance), hits(expected, found, tolerance)))
        precision, recall = numpy.mean(shares, axis=0)
        scores.append(2 * precision * recall / (precision + recall))
    return scores


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--output", type=pathlib.Path, default=ROOT / "Tests/TrainingTests/Golden/metrics.safetensors")
    path = parser.parse_args().output
    generator = numpy.random.default_rng(3)
    truth = smooth_labels(generator)
    prediction = numpy.roll(truth, (2, 3), axis=(1, 2))
    prediction[generator.random(truth.shape) < 0.01] = 0
    truth[generator.random(truth.shape) < 0.02] = IGNORED
    counted = truth != IGNORED
    t, p = truth[counted], prediction[counted]
    labels = list(range(CLASSES))
    iou = metrics.jaccard_score(t, p, labels=labels, average=None)
    dice = metrics.f1_score(t, p, labels=labels, average=None)
    accuracy = metrics.recall_score(t, p, labels=labels, average=None)
    weighted = metrics.jaccard_score(t, p, labels=labels, average="weighted")
    tensors = {
        "truth": numpy.ascontiguousarray(truth, numpy.uint8),
        "prediction": numpy.ascontiguousarray(prediction, numpy.uint8),
        "iou": iou, "dice": dice, "accuracy": accuracy, "pixel_accuracy": [metrics.accuracy_score(t, p)],
        "frequency_weighted_iou": [weighted], "boundary_f1": boundary_f1(truth, prediction),
    }
    tensors = {
        name: value if name in ("truth", "prediction") else numpy.array(value, dtype=numpy.float32)
        for name, value in tensors.items()
    }
    for name, value in tensors.items():
        if value.ndim == 1:
            print(name, value)
    save_file(tensors, path, {"made_by": "Tools/Golden/metrics.py"})
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
