"""Small files of torch.save, and what they hold, for the tests of the reader of PyTorch's files.

    python checkpoints.py       writes Tests/WeightsTests/Golden

Files of the old form name storages by their addresses; theirs are the only bytes that change from run to run.
"""

import os
import pathlib
import pickle
import zipfile
from collections import OrderedDict

import torch
from safetensors.torch import save_file
from torch import nn

TARGET = pathlib.Path(__file__).resolve().parents[2] / "Tests/WeightsTests/Golden"


class Command:
    """A pickle that would run a command."""

    def __reduce__(self):
        return os.system, ("true",)


def replaced(source, target, name, content):
    """A copy of an archive with one entry replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename.endswith(name) else old.read(info))


def deflated(source, target):
    """A copy of an archive with every entry deflated."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))


def main():
    TARGET.mkdir(exist_ok=True)
    torch.manual_seed(0)
    network = nn.Sequential(OrderedDict(conv=nn.Conv2d(2, 3, 3), bn=nn.BatchNorm2d(3)))
    with torch.no_grad():
        for tensor in [*network.parameters(), network.bn.running_mean]:
            tensor.normal_()
        network.bn.running_var.uniform_(0.5, 2)
    state = network.state_dict()
    old = {"_use_new_zipfile_serialization": False}
    torch.save(state, TARGET / "plain.pth")
    torch.save(state, TARGET / "legacy.pth", **old)
    torch.save(state, TARGET / "protocol4.pth", pickle_protocol=4)
    torch.save(state, TARGET / "legacy_protocol4.pth", pickle_protocol=4, **old)
    torch.save(dict(network.named_parameters()), TARGET / "parameters.pth")
    for name, kind in {"half": torch.float16, "brain": torch.bfloat16, "double": torch.float64}.items():
        # Rounded first, so that all of them hold the same values.
        rounded = {key: value.bfloat16().half() if value.is_floating_point() else value for key, value in state.items()}
        torch.save({key: value.to(kind) for key, value in rounded.items()}, TARGET / f"{name}.pth")
    optimizer = torch.optim.Adam(network.parameters())
    wrapped = {
        "epoch": 3, "arch": "tiny", "loss": 0.25, "history": [1.0, (2, None)], "best": torch.tensor(0.5),
        "state_dict": {f"module.{key}": value for key, value in state.items()}, "optimizer": optimizer.state_dict(),
    }
    torch.save(wrapped, TARGET / "wrapped.pth")
    torch.save(wrapped, TARGET / "legacy_wrapped.pth", **old)

    base = torch.randn(4, 3, 5)
    views = {
        "whole": base, "transposed": base.transpose(0, 2), "sliced": base[1:, ::2, 1:4], "row": base[2, 1],
        "permuted": base.permute(1, 2, 0), "channels_last": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        "scalar": torch.tensor(1.5), "empty": torch.zeros(0, 3), "single": base[:1, :, :1].transpose(0, 2),
    }
    torch.save(views, TARGET / "views.pth")
    torch.save(views, TARGET / "legacy_views.pth", **old)

    torch.save(network, TARGET / "module.pth")
    torch.save({"w": torch.zeros(1).expand(1000, 1000)}, TARGET / "expanded.pth")
    torch.save({"conv.weight": torch.ones(3, dtype=torch.int64), "step": torch.tensor(7)}, TARGET / "integer.pth")
    torch.save({"step": torch.tensor(7), "w": torch.ones(2)}, TARGET / "counter.pth")
    torch.save({"w": torch.ones(2).to_sparse()}, TARGET / "sparse.pth")
    torch.save([torch.ones(2)], TARGET / "list.pth")
    torch.save({"epoch": 3, "name": "x"}, TARGET / "nothing.pth")
    replaced(TARGET / "plain.pth", TARGET / "command.pth", "data.pkl", pickle.dumps({"w": Command()}, protocol=2))
    replaced(TARGET / "plain.pth", TARGET / "big_endian.pth", "byteorder", "big")
    deflated(TARGET / "plain.pth", TARGET / "deflated.pth")
    # What tells a TorchScript program from a state dictionary.
    replaced(TARGET / "plain.pth", TARGET / "scripted.pt", "version", "3")
    with zipfile.ZipFile(TARGET / "scripted.pt", "a") as archive:
        archive.writestr("plain/constants.pkl", pickle.dumps((), protocol=2))

    floats = {f"plain.{key}": value for key, value in state.items() if value.is_floating_point()}
    floats |= {f"rounded.{key}": value.bfloat16().half().float() for key, value in state.items()
               if value.is_floating_point()}
    # A dense layer as a convolution, found by asking it for each element of its input.
    dense = nn.Linear(2 * 3 * 3, 4)
    with torch.no_grad():
        answers = torch.stack([dense(element.flatten()) - dense.bias for element in torch.eye(18).view(18, 2, 3, 3)])
        image = torch.randn(1, 2, 3, 3)
        convolved = nn.functional.conv2d(image, answers.T.reshape(4, 2, 3, 3), dense.bias).flatten()
        assert torch.allclose(convolved, dense(image.flatten()), atol=1e-6)
    fused = nn.utils.fuse_conv_bn_eval(network.eval().conv, network.bn)
    floats |= {
        "dense.weight": dense.weight.detach(), "dense.convolution": answers.T.reshape(4, 2, 3, 3),
        "fused.weight": fused.weight.detach(), "fused.bias": fused.bias.detach(),
    }
    floats |= {f"views.{key}": value.contiguous() for key, value in views.items()}
    save_file({key: value.contiguous().clone() for key, value in floats.items()}, TARGET / "expected.safetensors")


if __name__ == "__main__":
    main()
