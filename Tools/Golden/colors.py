"""Golden values of colour operations, by torchvision and Pillow: prints them for ColorGoldenTests.swift.

    python colors.py
"""

import numpy
import torch
from PIL import Image
from torchvision.transforms.v2 import functional

HEIGHT, WIDTH = 4, 6


def main():
    generator = numpy.random.default_rng(5)
    pixels = generator.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=numpy.uint8)
    image = torch.from_numpy(pixels).movedim(-1, 0)
    results = {
        "pixels": image,
        "brightness 1.3": functional.adjust_brightness(image, 1.3),
        "contrast 0.6": functional.adjust_contrast(image, 0.6),
        "saturation 1.7": functional.adjust_saturation(image, 1.7),
        "hue 0.1": functional.adjust_hue(image, 0.1),
        "hue -0.4": functional.adjust_hue(image, -0.4),
        "gray": functional.rgb_to_grayscale(image, num_output_channels=3),
    }
    for name, tensor in results.items():
        print(f"{name}: {tensor.movedim(0, -1).flatten().tolist()}")
    gray = Image.fromarray(pixels).convert("L").convert("RGB")
    print(f"Pillow's gray: {numpy.asarray(gray).flatten().tolist()}")


if __name__ == "__main__":
    main()
