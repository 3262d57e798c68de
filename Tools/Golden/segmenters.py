"""Comparison of the segmentation networks with PyTorch, by random parameters and running statistics.

    python segmenters.py compare [--segment PROGRAM] [--model NAME...]

Exit status 1 when an output differs by more than --limit of the largest. SegNet, FCN, the dilated networks and
FC-DenseNet are compared with the definitions in this file, FCN-ResNet with torchvision, U-Nets on encoders with
segmentation_models.pytorch (pip install torchvision segmentation-models-pytorch), at an even size and at one that no
power of two divides.

Where two values of a pooling window are equal but for rounding, either may be the larger one, and a network that
unpools by indices puts it in one place or the other. For SegNet images are drawn until no window is so close.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from network import fill

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLASSES = 5
SIZES = [(64, 96), (101, 75)]
# Few enough windows for an image without a close one to be found.
UNPOOLING_SIZES = [(32, 64), (45, 37)]
STAGES = [2, 2, 3, 3, 3]
# The least difference of a pooling's two largest values, over the largest activation of the layer.
LEAST_GAP = 3e-6


def gap(y):
    """The least difference of the two largest values of a 2x2 window, over the largest value, where not both are 0."""
    height, width = y.shape[2:]
    y = functional.pad(y, (0, width % 2, 0, height % 2), value=float("-inf"))
    windows = y.unflatten(3, (-1, 2)).unflatten(2, (-1, 2)).movedim(3, 4).flatten(4)
    best = windows.topk(2, dim=4).values
    differences = (best[..., 0] - best[..., 1])[best[..., 0] > 0]
    return (differences.min() / y.max()).item() if len(differences) else 1.0


def vgg16_features(batch_norm):
    """torchvision's VGG-16 features, with 64 to 512 channels, and the index of each pooling."""
    layers, inputs = [], 3
    for stage, count in enumerate(STAGES):
        outputs = 64 << min(stage, 3)
        for _ in range(count):
            layers.append(nn.Conv2d(inputs, outputs, 3, padding=1))
            layers += [nn.BatchNorm2d(outputs)] if batch_norm else []
            layers.append(nn.ReLU())
            inputs = outputs
        layers.append(nn.MaxPool2d(2, ceil_mode=True, return_indices=True))
    return nn.Sequential(*layers)


class SegNet(nn.Module):
    """VGG-16 with batch norm, and a decoder that unpools by its indices."""

    def __init__(self, classes):
        super().__init__()
        self.encoder = nn.Module()
        self.encoder.features = vgg16_features(True)
        self.decoder = nn.Module()
        for stage in range(5, 0, -1):
            channels = 64 << min(stage - 1, 3)
            for index in range(STAGES[stage - 1], 0, -1):
                outputs = channels if index > 1 else 64 << min(stage - 2, 3) if stage > 1 else classes
                self.decoder.add_module(f"conv{stage}_{index}", nn.Conv2d(channels, outputs, 3, padding=1))
                if (stage, index) != (1, 1):
                    self.decoder.add_module(f"bn{stage}_{index}", nn.BatchNorm2d(outputs))

    def forward(self, image):
        y, poolings, self.gap = image, [], 1.0
        for layer in self.encoder.features:
            if isinstance(layer, nn.MaxPool2d):
                size, self.gap = y.shape[2:], min(self.gap, gap(y))
                y, indices = layer(y)
                poolings.append((indices, size))
            else:
                y = layer(y)
        for stage in range(5, 0, -1):
            indices, size = poolings[stage - 1]
            y = functional.max_unpool2d(y, indices, 2, output_size=size)
            for index in range(STAGES[stage - 1], 0, -1):
                y = self.decoder.get_submodule(f"conv{stage}_{index}")(y)
                if (stage, index) != (1, 1):
                    y = self.decoder.get_submodule(f"bn{stage}_{index}")(y).relu()
        return y


class SegNetBasic(nn.Module):
    """Four encoders and four decoders of one 7x7 convolution."""

    def __init__(self, classes):
        super().__init__()
        self.encoder, self.decoder = nn.ModuleList(), nn.ModuleList()
        for level in range(8):
            block = nn.Module()
            block.conv = nn.Conv2d(3 if level == 0 else 64, 64, 7, padding=3, bias=False)
            block.bn = nn.BatchNorm2d(64)
            (self.encoder if level < 4 else self.decoder).append(block)
        self.classifier = nn.Conv2d(64, classes, 1)

    def forward(self, image):
        y, poolings, self.gap = image, [], 1.0
        for block in self.encoder:
            y = block.bn(block.conv(y)).relu()
            size, self.gap = y.shape[2:], min(self.gap, gap(y))
            y, indices = functional.max_pool2d(y, 2, ceil_mode=True, return_indices=True)
            poolings.append((indices, size))
        for block in self.decoder:
            indices, size = poolings.pop()
            y = block.bn(block.conv(functional.max_unpool2d(y, indices, 2, output_size=size)))
        return self.classifier(y)


def padded_to(image, multiple):
    """The image reflected at the lower and right border to a multiple."""
    height, width = image.shape[2:]
    return functional.pad(image, (0, -width % multiple, 0, -height % multiple), "reflect")


class VGG16Network(nn.Module):
    """VGG-16 with its two hidden layers as convolutions: at stride 32, or at 8 by dilation."""

    def __init__(self, stride):
        super().__init__()
        self.dilates = stride == 8
        self.features = vgg16_features(False)
        dilation = 4 if self.dilates else 1
        self.classifier = nn.ModuleDict({
            "0": nn.Conv2d(512, 4096, 7, padding=3 * dilation, dilation=dilation),
            "3": nn.Conv2d(4096, 4096, 1),
        })
        if self.dilates:
            for layer in self.features[24:]:
                if isinstance(layer, nn.Conv2d):
                    layer.padding = layer.dilation = (2, 2)

    def poolings(self, image):
        """What stands behind each pooling, and behind the hidden layers."""
        y, poolings = image, []
        for layer in self.features:
            if not isinstance(layer, nn.MaxPool2d):
                y = layer(y)
            elif not (self.dilates and len(poolings) > 2):
                y = layer(y)[0]
                poolings.append(y)
        return poolings, self.classifier["3"](self.classifier["0"](y).relu()).relu()


class FCN(VGG16Network):
    """Scores upsampled and joined with those of finer layers."""

    def __init__(self, stride, classes):
        super().__init__(32)
        self.stride = stride
        self.score_fr = nn.Conv2d(4096, classes, 1)

        def upsampling(factor):
            return nn.ConvTranspose2d(classes, classes, 2 * factor, factor, factor // 2, bias=False)

        if stride <= 16:
            self.upscore2, self.score_pool4 = upsampling(2), nn.Conv2d(512, classes, 1)
        if stride == 8:
            self.upscore_pool4, self.score_pool3 = upsampling(2), nn.Conv2d(256, classes, 1)
        self.add_module(f"upscore{stride}", upsampling(stride))

    def forward(self, image):
        poolings, y = self.poolings(padded_to(image, 32))
        y = self.score_fr(y)
        if self.stride <= 16:
            y = self.upscore2(y) + self.score_pool4(poolings[3])
        if self.stride == 8:
            y = self.upscore_pool4(y) + self.score_pool3(poolings[2])
        return self.get_submodule(f"upscore{self.stride}")(y)[:, :, :image.shape[2], :image.shape[3]]


class Dilated(VGG16Network):
    """The front end, and the context module where widths are given."""

    def __init__(self, classes, widths=()):
        super().__init__(8)
        self.score = nn.Conv2d(4096, classes, 1)
        self.context, inputs = nn.ModuleList(), classes
        for width, dilation in zip(widths, (1, 1, 2, 4, 8, 16, 1)):
            self.context.append(nn.Conv2d(inputs, width * classes, 3, padding=dilation, dilation=dilation))
            inputs = width * classes
        if widths:
            self.context.append(nn.Conv2d(inputs, classes, 1))

    def forward(self, image):
        y = self.score(self.poolings(padded_to(image, 8))[1])
        for index, layer in enumerate(self.context):
            y = layer(y).relu() if index < 7 else layer(y)
        y = functional.interpolate(y, scale_factor=8, mode="bilinear", align_corners=False)
        return y[:, :, :image.shape[2], :image.shape[3]]


def tiramisu_layer(inputs, outputs, kernel):
    """Batch norm, ReLU and a convolution, by the names of bfortuner's PyTorch version."""
    layer = nn.Module()
    layer.norm, layer.conv = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)
    return layer


def run_layer(layer, x):
    return layer.conv(layer.norm(x).relu())


class DenseBlock(nn.Module):
    """Layers that each read all that comes before them."""

    def __init__(self, inputs, growth, count):
        super().__init__()
        self.layers = nn.ModuleList(tiramisu_layer(inputs + growth * i, growth, 3) for i in range(count))

    def forward(self, x):
        """All, and what the layers added."""
        added = []
        for layer in self.layers:
            added.append(run_layer(layer, torch.cat([x, *added], 1)))
        return torch.cat([x, *added], 1), torch.cat(added, 1)


class FCDenseNet(nn.Module):
    """Dense blocks in a U-Net's shape."""

    def __init__(self, layers, bottleneck, growth, classes):
        super().__init__()
        self.firstconv, channels, skips = nn.Conv2d(3, 48, 3, padding=1), 48, []
        self.denseBlocksDown, self.transDownBlocks = nn.ModuleList(), nn.ModuleList()
        self.denseBlocksUp, self.transUpBlocks = nn.ModuleList(), nn.ModuleList()
        for count in layers:
            self.denseBlocksDown.append(DenseBlock(channels, growth, count))
            channels += growth * count
            skips.append(channels)
            self.transDownBlocks.append(tiramisu_layer(channels, channels, 1))
        self.bottleneck = nn.Module()
        self.bottleneck.bottleneck = DenseBlock(channels, growth, bottleneck)
        added = growth * bottleneck
        for count in reversed(layers):
            up = nn.Module()
            up.convTrans = nn.ConvTranspose2d(added, added, 3, 2)
            self.transUpBlocks.append(up)
            channels = added + skips.pop()
            self.denseBlocksUp.append(DenseBlock(channels, growth, count))
            added = growth * count
        self.finalConv = nn.Conv2d(channels + added, classes, 1)

    def forward(self, image):
        y, skips = self.firstconv(image), []
        for block, transition in zip(self.denseBlocksDown, self.transDownBlocks):
            skips.append(block(y)[0])
            y = functional.max_pool2d(run_layer(transition, skips[-1]), 2)
        added = self.bottleneck.bottleneck(y)[1]
        for up, block in zip(self.transUpBlocks, self.denseBlocksUp):
            skip = skips.pop()
            y = up.convTrans(added)[:, :, :skip.shape[2], :skip.shape[3]]
            y, added = block(torch.cat([y, skip], 1))
        return self.finalConv(y)


class TorchvisionFCN(nn.Module):
    """torchvision's, which gives a dictionary; its parameters keep their names."""

    def __init__(self, name, classes):
        super().__init__()
        from torchvision.models import segmentation

        self.inner = getattr(segmentation, name)(
            weights=None, weights_backbone=None, num_classes=classes, aux_loss=True)

    def state_dict(self):
        return self.inner.state_dict()

    def forward(self, image):
        return self.inner(image)["out"]


def encoder_unet(name, classes):
    """segmentation_models.pytorch's U-Net."""
    import segmentation_models_pytorch as smp

    return smp.Unet(name, encoder_weights=None, classes=classes)


CASES = {
    "segnet": (lambda: SegNet(CLASSES), []),
    "segnet_basic": (lambda: SegNetBasic(CLASSES), []),
    "dilated_frontend": (lambda: Dilated(CLASSES), []),
    "dilated": (lambda: Dilated(CLASSES, [1] * 7), []),
    "dilated large": (lambda: Dilated(CLASSES, [2, 2, 4, 8, 16, 32, 32]), ["--set", "large=1"]),
    "fcn32s": (lambda: FCN(32, CLASSES), []),
    "fcn16s": (lambda: FCN(16, CLASSES), []),
    "fcn8s": (lambda: FCN(8, CLASSES), []),
    "fc_densenet56": (lambda: FCDenseNet([4] * 5, 4, 12, CLASSES), []),
    "fc_densenet67": (lambda: FCDenseNet([5] * 5, 5, 16, CLASSES), []),
    "fc_densenet103": (lambda: FCDenseNet([4, 5, 7, 10, 12], 15, 16, CLASSES), []),
} | {
    name: (lambda name=name: TorchvisionFCN(name, CLASSES), []) for name in ("fcn_resnet50", "fcn_resnet101")
} | {
    f"unet-{encoder}": (lambda encoder=encoder: encoder_unet(encoder, CLASSES), [])
    for encoder in (
        "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "densenet121", "densenet161", "densenet169",
        "densenet201", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn")
}


def randomize(network, generator):
    """Fills parameters and running statistics so that activations keep their size through any depth."""
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
                inputs = module.weight[0].numel()
                if isinstance(module, nn.ConvTranspose2d):
                    inputs = module.in_channels * 4
                fill(module.weight, torch.randn, generator, scale=(2 / inputs) ** 0.5)
                if module.bias is not None:
                    fill(module.bias, torch.randn, generator, scale=0.1)
            elif isinstance(module, nn.BatchNorm2d):
                fill(module.weight, torch.rand, generator, scale=0.5, shift=0.5)
                fill(module.bias, torch.randn, generator, scale=0.2)
                fill(module.running_mean, torch.randn, generator, scale=0.2)
                fill(module.running_var, torch.rand, generator, shift=0.5)


def draw(network, shape, generator):
    """An image and the logits of it by inference in 64 bits, given back in 32."""
    while True:
        image = torch.randn(shape, generator=generator)
        with torch.no_grad():
            logits = network(image.double()).float()
        if getattr(network, "gap", 1.0) >= LEAST_GAP:
            return image, logits


def compare(segment, names, limit):
    """Prints the largest difference over the largest output of each case; whether all are below the limit."""
    good = True
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        weights, source, target = (folder / f"{name}.safetensors" for name in ("weights", "input", "output"))
        for name in names:
            make, settings = CASES[name]
            generator = torch.Generator().manual_seed(len(name))
            network = make().eval()
            randomize(network, generator)
            save_file({key: tensor.contiguous() for key, tensor in network.state_dict().items()}, weights)
            network.double()
            unpools = isinstance(network, (SegNet, SegNetBasic))
            for height, width in UNPOOLING_SIZES if unpools else SIZES:
                image, expected = draw(network, (1 if unpools else 2, 3, height, width), generator)
                save_file({"input": image}, source)
                target.unlink(missing_ok=True)
                subprocess.run(
                    [segment, "run", name.split()[0], "--set", f"classes={CLASSES}", *settings]
                    + ["--weights", weights, "--input", source, "--output", target],
                    check=True, stdout=sys.stderr)
                found = load_file(target)["output"]
                if found.shape != expected.shape:
                    print(f"{name}, {height}x{width}: expected {expected.shape}, found {found.shape}")
                    good = False
                    continue
                difference = ((found - expected).abs().max() / expected.abs().max()).item()
                # A NaN is not below the limit.
                fits = difference <= limit
                good &= fits
                print(f"{name}, {height}x{width}: {difference:.2e} {'ok' if fits else 'TOO LARGE'}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    mode = modes.add_parser("compare")
    mode.add_argument("--segment", default=str(ROOT / "Tools/segment"), help="the program")
    mode.add_argument("--model", nargs="+", choices=CASES, default=list(CASES), metavar="NAME")
    mode.add_argument("--limit", type=float, default=1e-4)
    arguments = parser.parse_args()
    if not compare(arguments.segment, arguments.model, arguments.limit):
        sys.exit(1)


if __name__ == "__main__":
    main()
