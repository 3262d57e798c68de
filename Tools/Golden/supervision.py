"""Golden values of ten SGD steps of a tiny U-Net under deep supervision, and under mixup.

    python supervision.py     writes Tests/TrainingTests/Golden/supervision.safetensors
"""

import argparse
import copy
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

from network import UNet, parameters_of, randomize

ROOT = pathlib.Path(__file__).resolve().parents[2]
TINY = {"width": 2, "depth": 3, "classes": 3}
STEPS = 10
IGNORED = 255
SETTINGS = {"lr": 0.05, "momentum": 0.9}


class SupervisedUNet(UNet):
    """Logits, and behind them those of the decoder's lower levels at half the image's size, a quarter, ..."""

    def __init__(self, width, depth, classes):
        super().__init__(width, depth, classes)
        self.deep_supervision = nn.ModuleDict(
            {str(level): nn.Conv2d(width << level, classes, 1) for level in range(1, depth)})

    def all_logits(self, image):
        height, width = image.shape[2:]
        multiple = 1 << self.depth
        skips = [self.inc(functional.pad(image, (0, -width % multiple, 0, -height % multiple), "reflect"))]
        for level in range(1, self.depth + 1):
            skips.append(self.get_submodule(f"down{level}")(skips[-1]))
        y, logits = skips.pop(), []
        for level in range(self.depth - 1, -1, -1):
            y = self.get_submodule(f"up{self.depth - level}")(y, skips.pop())
            if level > 0:
                scores = self.deep_supervision[str(level)](y)
                scores = functional.interpolate(scores, scale_factor=1 << level, mode="bilinear", align_corners=False)
                logits.insert(0, scores[:, :, :height, :width])
        return [self.outc(y)[:, :, :height, :width], *logits]


def cross_entropy(logits, labels):
    return functional.cross_entropy(logits, labels.long(), ignore_index=IGNORED)


def deep(network, images, labels, step):
    """Each level counts half as much as the one above it."""
    return sum(
        cross_entropy(logits, labels) / 2**level for level, logits in enumerate(network.all_logits(images / 255)))


def mixup(shares):
    def loss(network, images, labels, step):
        share = shares[step].to(images.dtype)
        pictures = share * images / 255 + (1 - share) * images.roll(-1, 0) / 255
        logits = network(pictures)
        return share * cross_entropy(logits, labels) + (1 - share) * cross_entropy(logits, labels.roll(-1, 0))

    return loss


def train(loss_of, start, images, labels):
    """The loss before each step."""
    network = copy.deepcopy(start).double().train()
    optimizer = torch.optim.SGD(network.parameters(), **SETTINGS)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(network, images.double(), labels, step)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses, dtype=torch.float64)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--output", type=pathlib.Path, default=ROOT / "Tests/TrainingTests/Golden/supervision.safetensors")
    path = parser.parse_args().output
    generator = torch.Generator().manual_seed(22)
    start = SupervisedUNet(**TINY)
    randomize(start, generator)
    images = torch.randint(0, 256, (3, 3, 24, 20), generator=generator).to(torch.uint8)
    labels = torch.randint(0, TINY["classes"], (3, 24, 20), generator=generator).to(torch.uint8)
    labels[torch.rand(labels.shape, generator=generator) < 0.1] = IGNORED
    # Both ends among them: only one of the two truths counts there.
    shares = torch.rand(STEPS, generator=generator)
    shares[3], shares[7] = 1.0, 0.0
    tensors = {f"start.{name}": tensor for name, tensor in parameters_of(start).items()}
    tensors |= {"images": images, "labels": labels, "shares": shares}
    for name, loss_of in {"deep": deep, "mixup": mixup(shares)}.items():
        losses = train(loss_of, start, images, labels)
        tensors[f"{name}.losses"] = losses.float()
        print(name, " ".join(f"{loss:.5f}" for loss in losses.tolist()))
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, {"made_by": f"Tools/Golden/supervision.py, U-Net {TINY}, {SETTINGS}"})
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
