"""Golden values of a tiny U-Net, and a comparison of the program with PyTorch at full size.

    python unet.py golden                         writes Tests/SegmentationTests/Golden/unet.safetensors
    python unet.py compare [--segment PROGRAM]    exit status 1 when an output differs by more than --limit
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file, save_file

from network import UNet, parameters_of, randomize

ROOT = pathlib.Path(__file__).resolve().parents[2]
TINY = {"width": 2, "depth": 2, "classes": 3}
SIZES = [(96, 64), (256, 240), (250, 333)]


def outputs_of(network, image):
    """The logits by inference in 64 bits, given back in 32: rounding then belongs to the other side alone."""
    with torch.no_grad():
        return network.double().eval()(image.double()).float()


def golden(path):
    """Parameters, two inputs and their outputs; the second input's size is no multiple of 2^depth."""
    generator = torch.Generator().manual_seed(20)
    network = UNet(**TINY)
    randomize(network, generator)
    tensors = {f"parameters.{name}": tensor for name, tensor in parameters_of(network).items()}
    for name, shape in (("even", (2, 3, 16, 24)), ("odd", (1, 3, 13, 18))):
        image = torch.randn(shape, generator=generator)
        tensors[f"{name}.input"] = image
        tensors[f"{name}.output"] = outputs_of(network, image).contiguous()
    path.parent.mkdir(parents=True, exist_ok=True)
    # One entry: the order of several is not fixed, and the file should not change from run to run.
    save_file(tensors, path, {"made_by": f"Tools/Golden/unet.py golden, U-Net {TINY}"})
    print(f"{path}: {path.stat().st_size} bytes")


def compare(segment, widths, classes, limit):
    """Prints the largest difference over the largest output of each case; whether all are below the limit."""
    good = True
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        weights, source, target = (folder / f"{name}.safetensors" for name in ("weights", "input", "output"))
        for width in widths:
            generator = torch.Generator().manual_seed(width)
            network = UNet(width, 4, classes)
            randomize(network, generator)
            # With the counters of batch norm, as a checkpoint of PyTorch has them.
            save_file(network.state_dict(), weights)
            for height, columns in SIZES:
                image = torch.randn((2, 3, height, columns), generator=generator)
                save_file({"input": image}, source)
                target.unlink(missing_ok=True)
                subprocess.run(
                    [segment, "run", "unet", "--set", f"width={width}", "--set", f"classes={classes}"]
                    + ["--weights", weights, "--input", source, "--output", target],
                    check=True, stdout=sys.stderr)
                expected = outputs_of(network, image)
                found = load_file(target)["output"]
                if found.shape != expected.shape:
                    print(f"width {width}, {height}x{columns}: expected {expected.shape}, found {found.shape}")
                    good = False
                    continue
                difference = ((found - expected).abs().max() / expected.abs().max()).item()
                # A NaN is not below the limit.
                fits = difference <= limit
                good &= fits
                print(f"width {width}, {height}x{columns}: {difference:.2e} {'ok' if fits else 'TOO LARGE'}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    mode = modes.add_parser("golden")
    mode.add_argument(
        "--output", type=pathlib.Path, default=ROOT / "Tests/SegmentationTests/Golden/unet.safetensors")
    mode = modes.add_parser("compare")
    mode.add_argument("--segment", default=str(ROOT / "Tools/segment"), help="the program")
    mode.add_argument("--width", type=int, nargs="+", default=[64, 16])
    mode.add_argument("--classes", type=int, default=5)
    mode.add_argument("--limit", type=float, default=1e-4)
    arguments = parser.parse_args()
    if arguments.mode == "golden":
        golden(arguments.output)
    elif not compare(arguments.segment, arguments.width, arguments.classes, arguments.limit):
        sys.exit(1)


if __name__ == "__main__":
    main()
