"""The U-Net that golden values come from: PyTorch, parameter names of milesial/Pytorch-UNet."""

import torch
from torch import nn
from torch.nn import functional


class DoubleConv(nn.Module):
    """Two 3x3 convolutions without bias, each with batch norm and ReLU."""

    def __init__(self, inputs, outputs):
        super().__init__()
        layers = []
        for channels in (inputs, outputs):
            layers += [
                nn.Conv2d(channels, outputs, 3, padding=1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace=True),
            ]
        self.double_conv = nn.Sequential(*layers)

    def forward(self, x):
        return self.double_conv(x)


class Down(nn.Module):
    """Halves the size, then convolves."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConv(inputs, outputs))

    def forward(self, x):
        return self.maxpool_conv(x)


class Up(nn.Module):
    """Doubles the size, joins the skip connection in front, then convolves."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.up = nn.ConvTranspose2d(inputs, outputs, 2, stride=2)
        self.conv = DoubleConv(2 * outputs, outputs)

    def forward(self, x, skip):
        return self.conv(torch.cat([skip, self.up(x)], dim=1))


class Outc(nn.Module):
    """The logits, by a 1x1 convolution."""

    def __init__(self, inputs, classes):
        super().__init__()
        self.conv = nn.Conv2d(inputs, classes, 1)

    def forward(self, x):
        return self.conv(x)


class UNet(nn.Module):
    """Logits [N, classes, H, W] of an image [N, 3, H, W] of any size.

    A size that is no multiple of 2^depth is reflected at the lower and right border, and cropped back.
    """

    def __init__(self, width, depth, classes):
        super().__init__()
        self.depth = depth
        self.inc = DoubleConv(3, width)
        for level in range(1, depth + 1):
            self.add_module(f"down{level}", Down(width << (level - 1), width << level))
            outputs = width << (depth - level)
            self.add_module(f"up{level}", Up(2 * outputs, outputs))
        self.outc = Outc(width, classes)

    def forward(self, image):
        height, width = image.shape[2:]
        multiple = 1 << self.depth
        skips = [self.inc(functional.pad(image, (0, -width % multiple, 0, -height % multiple), "reflect"))]
        for level in range(1, self.depth + 1):
            skips.append(self.get_submodule(f"down{level}")(skips[-1]))
        y = skips.pop()
        for level in range(1, self.depth + 1):
            y = self.get_submodule(f"up{level}")(y, skips.pop())
        return self.outc(y)[:, :, :height, :width]


def randomize(network, generator):
    """Fills every parameter and running statistic, so that none can be mixed up unnoticed."""
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
                transposed = isinstance(module, nn.ConvTranspose2d)
                inputs = module.in_channels * (1 if transposed else module.kernel_size[0] ** 2)
                fill(module.weight, torch.randn, generator, scale=(2 / inputs) ** 0.5)
                if module.bias is not None:
                    fill(module.bias, torch.randn, generator, scale=0.1)
            elif isinstance(module, nn.BatchNorm2d):
                fill(module.weight, torch.rand, generator, shift=0.5)
                fill(module.bias, torch.randn, generator, scale=0.2)
                fill(module.running_mean, torch.randn, generator, scale=0.2)
                fill(module.running_var, torch.rand, generator, shift=0.5)


def fill(tensor, draw, generator, scale=1.0, shift=0.0):
    """Overwrites a tensor with scaled and shifted random numbers."""
    tensor.copy_(draw(tensor.shape, generator=generator) * scale + shift)


def parameters_of(network):
    """Name to tensor (32 bits), without the counters of batch norm."""
    return {
        name: tensor.detach().float().clone().contiguous()
        for name, tensor in network.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
