"""Grad-CAM, guided backpropagation and deconvolution of two small networks, by PyTorch's automatic differentiation.

Writes Tests/InspectionTests/Golden/explanations.safetensors.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file

FILE = Path(__file__).resolve().parents[2] / "Tests/InspectionTests/Golden/explanations.safetensors"


class Ruled(torch.autograd.Function):
    """A ReLU that passes back what `rule` says."""

    @staticmethod
    def forward(context, x, rule):
        y = x.clamp(min=0)
        context.save_for_backward(y)
        context.rule = rule
        return y

    @staticmethod
    def backward(context, gradient):
        (y,) = context.saved_tensors
        if context.rule != "deconvolution":
            gradient = gradient * (y > 0)
        if context.rule != "derivative":
            gradient = gradient.clamp(min=0)
        return gradient, None


def classifier(p, x, rule):
    """Logits, and the activation before the mean over the image."""
    f = torch.nn.functional
    y = Ruled.apply(f.conv2d(x, p["c1.weight"], p["c1.bias"], padding=1), rule)
    y = f.max_pool2d(y, 2)
    y = f.conv2d(y, p["c2.weight"], padding=1)
    y = f.batch_norm(y, p["bn.running_mean"], p["bn.running_var"], p["bn.weight"], p["bn.bias"], eps=1e-5)
    y = Ruled.apply(y, rule)
    y.retain_grad()
    return y.mean((2, 3)) @ p["head.weight"].T + p["head.bias"], y


def segmenter(p, x):
    f = torch.nn.functional
    y = Ruled.apply(f.conv2d(x, p["s1.weight"], p["s1.bias"], padding=1, stride=2), "derivative")
    y.retain_grad()
    z = f.conv2d(f.interpolate(y, scale_factor=2), p["s2.weight"], p["s2.bias"], padding=1)
    return z, y


def cam(activation, gradient):
    return (gradient.mean((2, 3), keepdim=True) * activation).sum(1, keepdim=True).clamp(min=0)


def main():
    g = torch.Generator().manual_seed(7)

    def random(*shape):
        return (torch.rand(*shape, generator=g, dtype=torch.float64) * 2 - 1).float().double()

    p = {
        "c1.weight": random(4, 3, 3, 3), "c1.bias": random(4) * 0.1, "c2.weight": random(5, 4, 3, 3),
        "bn.weight": random(5), "bn.bias": random(5), "bn.running_mean": random(5) * 0.2,
        "bn.running_var": random(5).abs() + 0.5, "head.weight": random(3, 5), "head.bias": random(3),
        "s1.weight": random(4, 3, 3, 3), "s1.bias": random(4) * 0.1, "s2.weight": random(3, 4, 3, 3),
        "s2.bias": random(3) * 0.1,
    }
    p = {name: tensor.float().double() for name, tensor in p.items()}
    tensors = {f"parameters.{name}": tensor for name, tensor in p.items()}
    x = random(1, 3, 12, 10)
    tensors["input"] = x
    for rule in ["derivative", "deconvolution", "guided"]:
        image = x.clone().requires_grad_()
        logits, activation = classifier(p, image, rule)
        logits[0, 1].backward()
        tensors[f"classifier.{rule}"] = image.grad
        if rule == "derivative":
            tensors["classifier.logits"] = logits.detach()
            tensors["classifier.cam"] = cam(activation.detach(), activation.grad)
    for region in ["predicted", "box"]:
        image = x.clone().requires_grad_()
        logits, activation = segmenter(p, image)
        mask = logits.detach().argmax(1) == 2
        if region == "box":
            mask = torch.zeros_like(mask)
            mask[:, 3:8, 2:6] = True
        assert mask.any() and not mask.all()
        logits[:, 2][mask].mean().backward()
        tensors[f"segmenter.{region}.cam"] = cam(activation.detach(), activation.grad)
        tensors[f"segmenter.{region}.mask"] = mask.double()
    FILE.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.float().contiguous() for name, tensor in tensors.items()}, FILE)
    print(f"{FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
