"""The work that engines are compared on: one row of the table each."""

import pathlib
import sys
from dataclasses import dataclass

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Golden"))


@dataclass(frozen=True)
class Row:
    """A network at a size; `goal` is how much faster than the fastest other this program means to be, `engines` those
    that can do it, where not all can."""

    name: str
    model: str
    height: int
    width: int
    classes: int
    goal: float
    settings: tuple = ()
    batch: int = 1
    train: bool = False
    quick: bool = False
    engines: tuple = ()

    @property
    def title(self):
        settings = "".join(f", {key} {value}" for key, value in self.settings)
        batch = f", batch {self.batch}" if self.batch > 1 or self.train else ""
        return f"{'train ' if self.train else ''}{self.model}{settings} {self.height}×{self.width}{batch}"

    @property
    def is_dense(self):
        """Whether every pixel gets a class."""
        return self.model in ("unet", "segnet", "dilated")

    def segment_arguments(self):
        """What `segment benchmark` is called with."""
        arguments = [self.model, "--size", f"{self.height}x{self.width}", "--batch", str(self.batch)]
        arguments += ["--classes", str(self.classes)] + (["--train"] if self.train else [])
        for key, value in self.settings:
            arguments += ["--set", f"{key}={value}"]
        return arguments

    def network(self):
        """The same network in PyTorch, with random parameters."""
        import torchvision
        from network import UNet

        settings = dict(self.settings)
        if self.model in ("segnet", "dilated"):
            import segmenters

            # The comparison of outputs wants to know how close maxima are; that is no part of the network.
            segmenters.gap = lambda _: 1.0
            return segmenters.SegNet(self.classes) if self.model == "segnet" else segmenters.Dilated(
                self.classes, widths=(1,) * 7)
        if self.model == "unet":
            return UNet(width=settings.get("width", 64), depth=settings.get("depth", 4), classes=self.classes)
        return getattr(torchvision.models, self.model)(weights=None, num_classes=self.classes)


# Pooling indices are not what the others' formats can say.
TORCH = ("torch", "torch channels-last")

ROWS = [
    Row("unet-256", "unet", 256, 256, 2, 1.3, quick=True),
    Row("unet-512", "unet", 512, 512, 2, 1.3),
    Row("unet32", "unet", 368, 480, 11, 1.0, settings=(("width", 32),)),
    Row("unet16", "unet", 368, 480, 11, 1.0, settings=(("width", 16),), quick=True),
    Row("segnet", "segnet", 360, 480, 11, 2.5, engines=TORCH),
    Row("dilated", "dilated", 360, 480, 11, 1.3),
    Row("resnet18", "resnet18", 224, 224, 1000, 1.0),
    Row("resnet50", "resnet50", 224, 224, 1000, 1.0, quick=True),
    Row("densenet121", "densenet121", 224, 224, 1000, 1.0),
    Row("vgg16", "vgg16", 224, 224, 1000, 1.3),
    Row("train-unet-256", "unet", 256, 256, 2, 2.2, batch=2, train=True, quick=True),
    Row("train-unet16", "unet", 368, 480, 11, 1.5, settings=(("width", 16),), batch=4, train=True, quick=True),
    Row("train-segnet", "segnet", 360, 480, 11, 2.2, train=True, engines=TORCH),
    Row("train-resnet18", "resnet18", 224, 224, 1000, 1.5, batch=8, train=True),
    Row("train-resnet50", "resnet50", 224, 224, 1000, 1.5, batch=8, train=True, quick=True),
    Row("train-densenet121", "densenet121", 224, 224, 1000, 1.5, batch=4, train=True),
]
