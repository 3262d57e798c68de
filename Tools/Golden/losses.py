"""Golden values of the losses and of their gradients, by segmentation_models.pytorch and PyTorch.

    python losses.py     writes Tests/TrainingTests/Golden/losses.safetensors
"""

import argparse
import pathlib

import torch
from safetensors.torch import save_file
from segmentation_models_pytorch import losses
from torch.nn import functional

ROOT = pathlib.Path(__file__).resolve().parents[2]
IGNORED = 255
CLASSES = 4
MODE = "multiclass"


def valid_pixels(logits, labels):
    """Logits [P, C] and labels [P] of the pixels that count."""
    keep = labels.reshape(-1) != IGNORED
    return logits.movedim(1, -1).reshape(-1, CLASSES)[keep], labels.reshape(-1)[keep]


def binary_cross_entropy(logits, labels):
    rows, truth = valid_pixels(logits, labels)
    return functional.binary_cross_entropy_with_logits(
        rows, functional.one_hot(truth, CLASSES).to(rows.dtype))


def hard_pixels(threshold, keep):
    """The mean of the losses of pixels below a probability, or of the largest share of them."""
    def loss(logits, labels):
        rows, truth = valid_pixels(logits, labels)
        each = functional.cross_entropy(rows, truth, reduction="none")
        hard = each[each > -torch.log(torch.tensor(threshold, dtype=each.dtype))]
        least = max(1, int(keep * len(each)))
        return hard.mean() if len(hard) >= least else each.topk(least).values.mean()
    return loss


def lovasz(logits, labels):
    """In 32 bits, the only ones that the reference takes."""
    return losses.LovaszLoss(MODE, ignore_index=IGNORED)(logits.float(), labels)


def components(mask):
    """The 4-connected regions of a mask, a list of pixels each."""
    left, regions = {tuple(place) for place in mask.nonzero().tolist()}, []
    while left:
        region, front = [], [left.pop()]
        while front:
            y, x = front.pop()
            region.append((y, x))
            for place in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if place in left:
                    left.remove(place)
                    front.append(place)
        regions.append(region)
    return regions


def weight_map(labels, object_class, w0, sigma, class_weights):
    """Equation 2 of the U-Net paper outside of objects, by every distance."""
    weights = torch.zeros(labels.shape, dtype=torch.float64)
    for image, mask in enumerate(labels):
        regions = [torch.tensor(r, dtype=torch.float64) for r in components(mask == object_class)]
        for y in range(mask.shape[0]):
            for x in range(mask.shape[1]):
                if mask[y, x] == IGNORED:
                    continue
                weights[image, y, x] = class_weights[mask[y, x]]
                if mask[y, x] == object_class or len(regions) < 2:
                    continue
                here = torch.tensor([y, x], dtype=torch.float64)
                first, second = sorted((r - here).norm(dim=1).min().item() for r in regions)[:2]
                weights[image, y, x] += w0 * torch.exp(torch.tensor(-(first + second) ** 2 / (2 * sigma**2)))
    return weights


def boundary(w0, sigma, class_weights):
    def loss(logits, labels):
        weights = weight_map(labels, 1, w0, sigma, torch.tensor(class_weights, dtype=torch.float64))
        each = functional.cross_entropy(logits, labels, ignore_index=IGNORED, reduction="none")
        return (weights * each).sum() / weights.sum()
    return loss


LOSSES = {
    "binary_cross_entropy": binary_cross_entropy,
    "dice": losses.DiceLoss(MODE, ignore_index=IGNORED),
    "dice_smooth": losses.DiceLoss(MODE, ignore_index=IGNORED, smooth=3.0),
    "jaccard": losses.JaccardLoss(MODE, ignore_index=IGNORED, smooth=2.0),
    "tversky": losses.TverskyLoss(MODE, ignore_index=IGNORED, alpha=0.3, beta=0.7),
    "lovasz": lovasz,
    "focal": losses.FocalLoss(MODE, ignore_index=IGNORED),
    "focal_alpha": losses.FocalLoss(MODE, ignore_index=IGNORED, alpha=0.25, gamma=1.5),
    "hard": hard_pixels(0.7, 0.0625),
    "hard_share": hard_pixels(0.001, 0.4),
    "boundary": boundary(10.0, 5.0, [1.0, 1.0, 1.0, 1.0]),
    "boundary_weighted": boundary(4.0, 1.5, [0.5, 2.0, 1.0, 3.0]),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--output", type=pathlib.Path, default=ROOT / "Tests/TrainingTests/Golden/losses.safetensors")
    path = parser.parse_args().output
    generator = torch.Generator().manual_seed(33)
    logits = torch.randn((2, CLASSES, 7, 9), generator=generator) * 2
    # The last class does not occur.
    labels = torch.randint(0, CLASSES - 1, (2, 7, 9), generator=generator)
    labels[torch.rand(labels.shape, generator=generator) < 0.15] = IGNORED
    tensors = {"logits": logits, "labels": labels.to(torch.uint8)}
    for name, loss in LOSSES.items():
        exact = logits.double().requires_grad_()
        value = loss(exact, labels)
        value.backward()
        tensors[f"{name}.loss"] = value.detach().reshape(1).float()
        tensors[f"{name}.gradient"] = exact.grad.float()
        print(f"{name} {value.item():.6f}")
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, {"made_by": "Tools/Golden/losses.py"})
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
