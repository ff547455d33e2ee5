"""The three small networks that find faces, each surer than the one before (MTCNN, Zhang et al.).

The weights are those of facenet-pytorch (MIT), which ported the authors'.
"""

from __future__ import annotations

from torch import Tensor, nn


def _convolutions(*shapes: tuple[int, int, int, int]) -> nn.Sequential:
    """Layers of (inputs, outputs, kernel, pool), each with a PReLU and, where said, a pooling."""
    layers: list[nn.Module] = []
    for inputs, outputs, kernel, pool in shapes:
        layers += [nn.Conv2d(inputs, outputs, kernel), nn.PReLU(outputs)]
        if pool:
            layers.append(nn.MaxPool2d(pool, 2, ceil_mode=True))
    return nn.Sequential(*layers)


class Proposer(nn.Module):
    """Slides over a picture in steps of two pixels with a window of 12 (P-Net)."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = _convolutions((3, 10, 3, 2), (10, 16, 3, 0), (16, 32, 3, 0))
        self.face, self.box = nn.Conv2d(32, 2, 1), nn.Conv2d(32, 4, 1)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """How likely a face is (B, H', W'), and how its box must be moved (B, 4, H', W')."""
        x = self.trunk(picture)
        return self.face(x).softmax(dim=1)[:, 1], self.box(x)


class Refiner(nn.Module):
    """Looks at each proposal in 24 pixels (R-Net)."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = _convolutions((3, 28, 3, 3), (28, 48, 3, 3), (48, 64, 2, 0))
        self.dense = nn.Sequential(nn.Linear(576, 128), nn.PReLU(128))
        self.face, self.box = nn.Linear(128, 2), nn.Linear(128, 4)

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """How likely each is a face (B,), and how its box must be moved (B, 4)."""
        x = self.dense(self.trunk(crops).permute(0, 3, 2, 1).flatten(1))
        return self.face(x).softmax(dim=1)[:, 1], self.box(x)


class Judge(nn.Module):
    """Looks once more in 48 pixels, and says where eyes, nose and mouth are (O-Net)."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = _convolutions((3, 32, 3, 3), (32, 64, 3, 3), (64, 64, 3, 2), (64, 128, 2, 0))
        self.dense = nn.Sequential(nn.Linear(1152, 256), nn.PReLU(256))
        self.face, self.box = nn.Linear(256, 2), nn.Linear(256, 4)
        self.points = nn.Linear(256, 10)

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The same, and five points (B, 2, 5), x then y, as fractions of the box."""
        x = self.dense(self.trunk(crops).permute(0, 3, 2, 1).flatten(1))
        return self.face(x).softmax(dim=1)[:, 1], self.box(x), self.points(x).unflatten(1, (2, 5))


class FaceNetworks(nn.Module):
    """All three."""

    def __init__(self) -> None:
        super().__init__()
        self.proposer, self.refiner, self.judge = Proposer(), Refiner(), Judge()
