"""A comparison of the program's older classifiers, which torchvision has not, with the same networks in PyTorch.

    python classics.py [--segment PROGRAM] [--limit LIMIT] [NAME …]    exit status 1 when an output differs by more

Full size, random parameters. Needs what unet.py needs.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
from collections import OrderedDict

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from network import fill, randomize
from unet import ROOT, outputs_of


def sequence(layers):
    """A network of named layers, and of others that are called by their place; a dense layer flattens first."""
    named = OrderedDict()
    for place, layer in enumerate(layers):
        name, layer = layer if isinstance(layer, tuple) else (f"layer{place}", layer)
        if isinstance(layer, nn.Linear):
            named[f"flatten{place}"] = nn.Flatten()
        named[name] = layer
    return nn.Sequential(named)


def lenet5():
    def stage(index, inputs, outputs):
        return [(f"conv{index}", nn.Conv2d(inputs, outputs, 5)), nn.Tanh(), nn.AvgPool2d(2)]

    head = [("fc1", nn.Linear(400, 120)), nn.Tanh(), ("fc2", nn.Linear(120, 84)), nn.Tanh(), ("fc3", nn.Linear(84, 10))]
    return sequence(stage(1, 1, 6) + stage(2, 6, 16) + head)


def mlp():
    head = [("fc1", nn.Linear(784, 512)), nn.ReLU(), nn.Dropout(0.2), ("fc2", nn.Linear(512, 256)), nn.ReLU()]
    return sequence(head + [nn.Dropout(0.2), ("fc3", nn.Linear(256, 10))])


def paper_norm():
    return nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2)


def five_convolutions(first, second, groups):
    """AlexNet's form: `first` and `second` are the first two stages behind their convolutions."""
    third = [("conv3", nn.Conv2d(256, 384, 3, padding=1)), nn.ReLU()]
    fourth = [("conv4", nn.Conv2d(384, 384, 3, padding=1, groups=groups)), nn.ReLU()]
    fifth = [("conv5", nn.Conv2d(384, 256, 3, padding=1, groups=groups)), nn.ReLU(), nn.MaxPool2d(3, 2)]
    head = [("fc6", nn.Linear(9216, 4096)), nn.ReLU(), nn.Dropout(), ("fc7", nn.Linear(4096, 4096)), nn.ReLU()]
    return sequence(first + second + third + fourth + fifth + head + [nn.Dropout(), ("fc8", nn.Linear(4096, 1000))])


def alexnet2012():
    def rest():
        return [nn.ReLU(), paper_norm(), nn.MaxPool2d(3, 2)]

    first = [("conv1", nn.Conv2d(3, 96, 11, stride=4))] + rest()
    return five_convolutions(first, [("conv2", nn.Conv2d(96, 256, 5, padding=2, groups=2))] + rest(), 2)


def caffenet():
    def rest():
        return [nn.ReLU(), nn.MaxPool2d(3, 2), nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1)]

    first = [("conv1", nn.Conv2d(3, 96, 11, stride=4))] + rest()
    return five_convolutions(first, [("conv2", nn.Conv2d(96, 256, 5, padding=2, groups=2))] + rest(), 2)


def zfnet():
    def rest():
        return [nn.ReLU(), nn.MaxPool2d(3, 2, padding=1), paper_norm()]

    first = [("conv1", nn.Conv2d(3, 96, 7, stride=2, padding=1))] + rest()
    return five_convolutions(first, [("conv2", nn.Conv2d(96, 256, 5, stride=2))] + rest(), 1)


# Name, network, and shapes of images: the paper's, and another one that gives as many features by other roundings.
NETWORKS = {
    "lenet5": (lenet5, [(1, 32, 32), (1, 35, 33)]),
    "mlp": (mlp, [(1, 28, 28)]),
    "alexnet2012": (alexnet2012, [(3, 227, 227), (3, 239, 250)]),
    "caffenet": (caffenet, [(3, 227, 227), (3, 239, 250)]),
    "zfnet": (zfnet, [(3, 224, 224), (3, 230, 241)]),
}


def compare(segment, names, limit):
    """Prints the largest difference over the largest output of each network; whether all are below the limit."""
    good = True
    with tempfile.TemporaryDirectory() as folder:
        weights, source, target = (
            pathlib.Path(folder) / f"{name}.safetensors" for name in ("weights", "input", "output")
        )
        for name in names:
            make, shapes = NETWORKS[name]
            network, generator = make(), torch.Generator().manual_seed(len(name))
            randomize(network, generator)
            with torch.no_grad():
                for module in network.modules():
                    if isinstance(module, nn.Linear):
                        fill(module.weight, torch.randn, generator, scale=(2 / module.in_features) ** 0.5)
                        fill(module.bias, torch.randn, generator, scale=0.1)
            save_file(network.state_dict(), weights)
            for shape in shapes:
                # As large as pixels less their mean are, so that normalisation has something to do.
                image = torch.randn((2, *shape), generator=generator) * (50 if shape[0] == 3 else 1)
                save_file({"input": image}, source)
                target.unlink(missing_ok=True)
                subprocess.run(
                    [segment, "run", name, "--weights", weights, "--input", source, "--output", target],
                    check=True, stdout=sys.stderr)
                expected, found = outputs_of(network, image), load_file(target)["output"]
                difference = ((found - expected).abs().max() / expected.abs().max()).item()
                # A NaN is not below the limit.
                fits = found.shape == expected.shape and difference <= limit
                good &= fits
                case = f"{name}, {shape[1]}x{shape[2]}"
                print(f"{case}: {difference:.2e} {'ok' if fits else 'TOO LARGE'}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NETWORKS)}; all by default")
    parser.add_argument("--segment", default=str(ROOT / "Tools/segment"), help="the program")
    parser.add_argument("--limit", type=float, default=1e-4)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NETWORKS)
    if unknown:
        parser.error(f"expected names of {', '.join(NETWORKS)}, found {', '.join(sorted(unknown))}")
    if not compare(arguments.segment, arguments.names or list(NETWORKS), arguments.limit):
        sys.exit(1)


if __name__ == "__main__":
    main()
