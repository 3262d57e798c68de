"""Golden values of ten training steps of a tiny U-Net, by SGD and by Adam from the same start.

    python training.py     writes Tests/TrainingTests/Golden/training.safetensors
"""

import argparse
import copy
import pathlib

import torch
from safetensors.torch import save_file
from torch.nn import functional

from network import UNet, parameters_of, randomize

ROOT = pathlib.Path(__file__).resolve().parents[2]
TINY = {"width": 2, "depth": 2, "classes": 3}
STEPS = 10
IGNORED = 255
# Without decay Adam would divide gradients that are nothing but rounding by their own size.
SETTINGS = {
    "sgd": {"lr": 0.05, "momentum": 0.9, "weight_decay": 1e-4},
    "adam": {"lr": 0.003, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 1e-4},
}


def optimizer_of(name, network):
    """Weight decay for the weights of convolutions only, not for batch norm or biases."""
    settings = dict(SETTINGS[name])
    decay = settings.pop("weight_decay")
    weights = [p for p in network.parameters() if p.ndim == 4]
    others = [p for p in network.parameters() if p.ndim != 4]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
    return (torch.optim.SGD if name == "sgd" else torch.optim.Adam)(groups, **settings)


def train(name, start, images, labels, class_weights, dtype):
    """The loss before each step, and the network after the last."""
    network = copy.deepcopy(start).to(dtype).train()
    optimizer = optimizer_of(name, network)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        logits = network(images.to(dtype) / 255)
        loss = functional.cross_entropy(
            logits, labels.long(), weight=class_weights.to(dtype), ignore_index=IGNORED)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses, dtype=torch.float64), network


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--output", type=pathlib.Path, default=ROOT / "Tests/TrainingTests/Golden/training.safetensors")
    path = parser.parse_args().output
    generator = torch.Generator().manual_seed(21)
    start = UNet(**TINY)
    randomize(start, generator)
    images = torch.randint(0, 256, (4, 3, 24, 24), generator=generator).to(torch.uint8)
    labels = torch.randint(0, TINY["classes"], (4, 24, 24), generator=generator).to(torch.uint8)
    labels[torch.rand(labels.shape, generator=generator) < 0.1] = IGNORED
    class_weights = torch.tensor([0.5, 1.0, 2.0])
    tensors = {f"start.{name}": tensor for name, tensor in parameters_of(start).items()}
    tensors |= {"images": images, "labels": labels, "class_weights": class_weights}
    for name in SETTINGS:
        # 64 bits, so that the reference has no rounding of its own; 32 bits show how much rounding matters.
        losses, network = train(name, start, images, labels, class_weights, torch.float64)
        rounded, _ = train(name, start, images, labels, class_weights, torch.float32)
        tensors[f"{name}.losses"] = losses.float()
        if name == "sgd":
            # Adam divides by tiny gradients, which makes its parameters, unlike its losses, a matter of rounding.
            tensors |= {f"sgd.end.{key}": tensor for key, tensor in parameters_of(network).items()}
        print(name, " ".join(f"{loss:.5f}" for loss in losses.tolist()))
        print(f"{name}: 32 bits differ by at most {(rounded - losses).abs().max():.1e}")
    path.parent.mkdir(parents=True, exist_ok=True)
    # One entry: the order of several is not fixed, and the file should not change from run to run.
    save_file(tensors, path, {"made_by": f"Tools/Golden/training.py, U-Net {TINY}, {SETTINGS}"})
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
