#!/usr/bin/env python3
"""Makes the pictures of README.md's chapter 'Segmenting pictures', in Docs/outputs.

    pip install pillow
    Tools/output-pictures.py

segments Datasets/Samples/street.png into every kind of picture there is and scales the results to half their size.
"""

import pathlib
import subprocess
import tempfile

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[1]
TARGET = ROOT / "Docs/outputs"


def segment(folder, *options):
    picture = ROOT / "Datasets/Samples/street.png"
    command = [ROOT / "Tools/segment", picture, "--output", folder, *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def shrink(source, name):
    """Half the size, in 64 colours: a picture for a page."""
    picture = Image.open(source)
    if picture.mode == "I;16":
        picture = picture.point(lambda value: value / 257).convert("L")
    method = Image.Quantize.FASTOCTREE
    picture = picture.convert({"P": "RGB"}.get(picture.mode, picture.mode))
    picture = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    if picture.mode != "L":
        picture = picture.quantize(64, method, dither=Image.Dither.NONE)
    picture.save(TARGET / f"{name}.png", optimize=True)


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        segment(folder, "--format", "mask,color,overlay,probability-maps")
        segment(folder / "chosen", "--format", "cutout", "--classes", "tree,car,bicyclist")
        segment(folder / "clean", "--format", "mask", "--min-area", "400")
        shrink(ROOT / "Datasets/Samples/street.png", "picture")
        shrink(folder / "street.mask.png", "mask")
        shrink(folder / "street.color.png", "color")
        shrink(folder / "street.overlay.png", "overlay")
        shrink(folder / "street.probabilities.tree.png", "probabilities")
        shrink(folder / "chosen/street.cutout.png", "cutout")
        shrink(folder / "clean/street.mask.png", "clean")


main()
