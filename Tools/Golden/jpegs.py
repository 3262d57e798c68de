"""Checksums of the JPEG files of the test corpora as libjpeg-turbo's own program, djpeg, decodes them.

    python jpegs.py CORPORA     writes Tests/ImagesTests/Golden/jpegs.tsv

Take the djpeg of the libjpeg that the program is built with (Debian and Ubuntu: libjpeg-turbo-progs); versions differ
in the last bit. A file has its size, channels and checksum; behind them, or alone where djpeg makes nothing of the file,
stands the first line of what djpeg says.
"""

import argparse
import pathlib
import subprocess
import tempfile

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRANSPOSED = {
    2: lambda p: p[:, ::-1], 3: lambda p: p[::-1, ::-1], 4: lambda p: p[::-1], 5: lambda p: p.swapaxes(0, 1),
    6: lambda p: p[::-1].swapaxes(0, 1), 7: lambda p: p[::-1, ::-1].swapaxes(0, 1),
    8: lambda p: p[:, ::-1].swapaxes(0, 1),
}


def checksum(pixels):
    """FNV-1a over the samples, 64 bits."""
    value = 0xCBF29CE484222325
    for sample in pixels.tobytes():
        value = (value ^ sample) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def orientation(path):
    """The EXIF tag, read by Pillow; 1 where there is none that can be read."""
    try:
        return Image.open(path).getexif().get(0x0112, 1)
    except (OSError, SyntaxError, ValueError, TypeError):
        return 1


def line(path, djpeg):
    """What stands behind a file's name: width, height, channels and checksum, and djpeg's complaint."""
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "pixels.pnm"
        result = subprocess.run(
            [djpeg, "-dct", "int", "-pnm", "-outfile", target, path], capture_output=True, text=True)
        said = (result.stderr.strip().splitlines() or [""])[0]
        # 2 is a warning; there are pixels nevertheless.
        if result.returncode not in (0, 2):
            return f"-\t-\t-\t-\t{said}"
        pixels = numpy.asarray(Image.open(target))
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    pixels = numpy.ascontiguousarray(TRANSPOSED.get(orientation(path), lambda p: p)(pixels))
    height, width, channels = pixels.shape
    return f"{width}\t{height}\t{channels}\t{checksum(pixels):016x}\t{said}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=pathlib.Path)
    parser.add_argument("--djpeg", default="djpeg")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Tests/ImagesTests/Golden/jpegs.tsv")
    arguments = parser.parse_args()
    files = sorted(
        path for path in arguments.corpora.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".mpo"))
    lines = [f"{path.relative_to(arguments.corpora)}\t{line(path, arguments.djpeg)}\n" for path in files]
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text("".join(lines))
    print(f"{arguments.output}: {len(lines)} files")


if __name__ == "__main__":
    main()
