"""Golden values of optimisers and schedules, from PyTorch.

    python optimisers.py     writes Tests/TrainingTests/Golden/optimisers.safetensors
"""

import argparse
import pathlib

import torch
from safetensors.torch import save_file
from torch.optim import lr_scheduler

ROOT = pathlib.Path(__file__).resolve().parents[2]
STEPS = 12
RATE = 0.05
# The first of the two parameters decays, the second does not.
SHAPES = {"weight": (3, 4), "bias": (5,)}
DECAY = 0.1
OPTIMISERS = {
    "sgd": (torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adam": (torch.optim.Adam, {}),
    "adamw": (torch.optim.AdamW, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "rmsprop_centered": (torch.optim.RMSprop, {"alpha": 0.9, "momentum": 0.5, "centered": True}),
}
# Twelve epochs of five steps.
STEPS_PER_EPOCH = 5
TOTAL = 60
# What the plateau schedule is told after each epoch.
SCORES = [0.1, 0.3, 0.3, 0.2, 0.4, 0.4, 0.4, 0.1, 0.5, 0.5, 0.5, 0.5]


def trajectory(kind, settings, start, gradients, clip=None):
    """Every value after each step, in 64 bits: [STEPS, values]."""
    parameters = {name: torch.nn.Parameter(start[name].double()) for name in SHAPES}
    groups = [
        {"params": [parameters["weight"]], "weight_decay": DECAY},
        {"params": [parameters["bias"]], "weight_decay": 0.0},
    ]
    optimiser = kind(groups, lr=RATE, **settings)
    rows = []
    for step in range(STEPS):
        for name, parameter in parameters.items():
            parameter.grad = gradients[name][step].double()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(parameters.values(), clip)
        optimiser.step()
        rows.append(torch.cat([parameters[name].detach().flatten() for name in SHAPES]))
    return torch.stack(rows).float()


def rates(make, by_epoch):
    """The rate of each of TOTAL steps at a base of 0.5."""
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    scheduler = make(optimiser)
    values = []
    for step in range(TOTAL):
        values.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        if not by_epoch:
            scheduler.step()
        elif (step + 1) % STEPS_PER_EPOCH == 0:
            if isinstance(scheduler, lr_scheduler.ReduceLROnPlateau):
                scheduler.step(SCORES[step // STEPS_PER_EPOCH])
            else:
                scheduler.step()
    return torch.tensor(values, dtype=torch.float64).float()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--output", type=pathlib.Path, default=ROOT / "Tests/TrainingTests/Golden/optimisers.safetensors")
    path = parser.parse_args().output
    generator = torch.Generator().manual_seed(5)
    start = {name: torch.randn(shape, generator=generator) for name, shape in SHAPES.items()}
    gradients = {name: torch.randn((STEPS, *shape), generator=generator) for name, shape in SHAPES.items()}
    tensors = {f"start.{name}": value for name, value in start.items()}
    tensors |= {f"gradient.{name}": value for name, value in gradients.items()}
    for name, (kind, settings) in OPTIMISERS.items():
        tensors[f"optimiser.{name}"] = trajectory(kind, settings, start, gradients)
    tensors["optimiser.clipped"] = trajectory(*OPTIMISERS["sgd"], start, gradients, clip=2.0)
    schedules = {
        "step": (lambda o: lr_scheduler.StepLR(o, 3, 0.5), True),
        "multi_step": (lambda o: lr_scheduler.MultiStepLR(o, [2, 7, 8], 0.1), True),
        "plateau": (lambda o: lr_scheduler.ReduceLROnPlateau(o, "max", 0.5, 1, threshold=0), True),
        "polynomial": (lambda o: lr_scheduler.PolynomialLR(o, TOTAL, 0.9), False),
        "cosine": (lambda o: lr_scheduler.CosineAnnealingLR(o, TOTAL, 0.05), False),
        "one_cycle": (lambda o: lr_scheduler.OneCycleLR(o, 0.5, TOTAL, cycle_momentum=False), False),
        "warmup": (lambda o: lr_scheduler.LinearLR(o, 1 / 8, 1, 7), False),
    }
    for name, (make, by_epoch) in schedules.items():
        tensors[f"schedule.{name}"] = rates(make, by_epoch)
    path.parent.mkdir(parents=True, exist_ok=True)
    # One entry: the order of several is not fixed, and the file should not change from run to run.
    save_file({name: value.contiguous() for name, value in tensors.items()}, path,
              {"made_by": "Tools/Golden/optimisers.py"})
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
