"""A comparison of the program's classifiers with torchvision's, at full size.

    python backbones.py compare [--segment PROGRAM] [NAME …]    exit status 1 when an output differs by more than --limit
    python backbones.py compare --pth [NAME …]                  by files of torch.save, which must give the same bits

Parameters are random, running statistics of batch norm too. Needs torchvision besides what unet.py needs.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import torch
import torchvision
from safetensors.torch import load_file, save_file
from torch import nn

from network import fill, randomize
from unet import ROOT, outputs_of

NAMES = (
    ["alexnet"]
    + [f"vgg{depth}{norm}" for depth in (11, 13, 16, 19) for norm in ("", "_bn")]
    + ["googlenet"]
    + [f"resnet{depth}" for depth in (18, 34, 50, 101, 152)]
    + [f"densenet{depth}" for depth in (121, 161, 169, 201)]
)
SIZES = [(224, 224), (161, 97)]
# What torchvision's replace_stride_with_dilation does for each output stride; for bottlenecks alone.
DILATED = {16: [False, False, True], 8: [False, True, True]}


def network_of(name, classes, output_stride):
    """torchvision's network with random parameters."""
    options = {"num_classes": classes}
    if name == "googlenet":
        # The auxiliary heads are in the checkpoint and do nothing in inference.
        options |= {"aux_logits": True, "transform_input": False, "init_weights": False}
    if output_stride in DILATED:
        options["replace_stride_with_dilation"] = DILATED[output_stride]
    network = torchvision.models.get_model(name, weights=None, **options)
    generator = torch.Generator().manual_seed(len(name))
    randomize(network, generator)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.Linear):
                fill(module.weight, torch.randn, generator, scale=(2 / module.in_features) ** 0.5)
                fill(module.bias, torch.randn, generator, scale=0.1)
    return network


def same_from_pth(command, network, folder, target):
    """Whether the program gives the same bits by files of torch.save, old and new, bare and in a training's wrapper."""
    expected = load_file(target)["output"]
    wrapped = {"epoch": 3, "state_dict": {f"module.{key}": value for key, value in network.state_dict().items()}}
    same = True
    for content, is_zip in [(network.state_dict(), True), (network.state_dict(), False), (wrapped, True)]:
        weights = folder / "weights.pth"
        torch.save(content, weights, _use_new_zipfile_serialization=is_zip)
        target.unlink()
        subprocess.run([*command, "--weights", weights], check=True, stdout=sys.stderr)
        same &= torch.equal(load_file(target)["output"], expected)
    return same


def compare(segment, names, classes, limit, pth):
    """Prints the largest difference over the largest output of each case; whether all are below the limit."""
    cases = [(name, 32) for name in names]
    cases += [(name, stride) for name in names if name in ("resnet50", "resnet101") for stride in DILATED]
    good = True
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        weights, source, target = (folder / f"{name}.safetensors" for name in ("weights", "input", "output"))
        for name, stride in cases:
            network = network_of(name, classes, stride)
            # With the counters of batch norm, as a checkpoint of PyTorch has them.
            save_file(network.state_dict(), weights)
            settings = ["--set", f"classes={classes}"]
            settings += ["--set", f"output_stride={stride}"] if stride < 32 else []
            settings += ["--set", "auxiliary=1"] if name == "googlenet" else []
            generator = torch.Generator().manual_seed(7)
            for height, width in SIZES:
                image = torch.randn((2, 3, height, width), generator=generator)
                save_file({"input": image}, source)
                target.unlink(missing_ok=True)
                command = [segment, "run", name, *settings, "--input", source, "--output", target]
                subprocess.run([*command, "--weights", weights], check=True, stdout=sys.stderr)
                expected = outputs_of(network, image)
                found = load_file(target)["output"]
                case = f"{name}{f' at stride {stride}' if stride < 32 else ''}, {height}x{width}"
                if found.shape != expected.shape:
                    print(f"{case}: expected {tuple(expected.shape)}, found {tuple(found.shape)}")
                    good = False
                    continue
                difference = ((found - expected).abs().max() / expected.abs().max()).item()
                # A NaN is not below the limit.
                fits = difference <= limit
                good &= fits
                print(f"{case}: {difference:.2e} {'ok' if fits else 'TOO LARGE'}", flush=True)
                if pth:
                    same = same_from_pth(command, network, folder, target)
                    good &= same
                    print(f"{case} from .pth: {'same bits' if same else 'OTHER BITS'}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    mode = modes.add_parser("compare")
    mode.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all by default")
    mode.add_argument("--segment", default=str(ROOT / "Tools/segment"), help="the program")
    mode.add_argument("--classes", type=int, default=1000)
    mode.add_argument("--pth", action="store_true", help="read files of torch.save too")
    mode.add_argument("--limit", type=float, default=1e-4)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"expected names of {', '.join(NAMES)}, found {', '.join(sorted(unknown))}")
    if not compare(arguments.segment, arguments.names or NAMES, arguments.classes, arguments.limit, arguments.pth):
        sys.exit(1)


if __name__ == "__main__":
    main()
