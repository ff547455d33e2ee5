"""Where a clip's picture lies on the frame: its outline, the pose that moves it, what is cut off.

All in pixels of the sequence, whatever size it is shown at. A clip's effects move its picture in
turn; the last transform that is switched on is the one to take hold of:

    picture  --before-->  --pose-->  --after-->  frame

What steadies a shot or looks at neighbouring pixels is not counted: it hardly moves a picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

from studio.document.affine import Affine, Point, shift, stretch, turn
from studio.document.catalogue import EFFECTS
from studio.document.fitting import Size, fit_box
from studio.document.model.asset import Asset
from studio.document.model.clip import AssetMedia, Clip, Fit, SequenceMedia
from studio.document.model.effect import Effect
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.document.queries.media import asset_of

SMALLEST_SCALE = 1e-6


@dataclass(frozen=True, slots=True)
class Pose:
    """The values of a transform at one frame, in the catalogue's units."""

    x: float = 0.5
    y: float = 0.5
    scale_x: float = 1.0
    scale_y: float = 1.0
    rotation: float = 0.0
    anchor_x: float = 0.5
    anchor_y: float = 0.5

    def map(self, frame: Size) -> Affine:
        """What the transform does to a frame of a size in pixels."""
        width, height = frame
        return (
            shift(-self.anchor_x * width, -self.anchor_y * height)
            .then(stretch(self.scale_x, self.scale_y))
            .then(turn(self.rotation))
            .then(shift(self.x * width, self.y * height))
        )


@dataclass(frozen=True, slots=True)
class Region:
    """An upright rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def at(self, u: float, v: float) -> Point:
        """The point at shares of the width and the height."""
        return (
            self.left + u * (self.right - self.left),
            self.top + v * (self.bottom - self.top),
        )

    def holds(self, point: Point) -> bool:
        """Whether a point lies in it."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def cut(self, crop: Crop) -> Region:
        """What a crop leaves of it."""
        left, top = self.at(crop.left, crop.top)
        right, bottom = self.at(1 - crop.right, 1 - crop.bottom)
        return Region(left, top, max(left, right), max(top, bottom))

    def shared(self, other: Region) -> Region:
        """What lies in both."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Region(left, top, max(left, right), max(top, bottom))


@dataclass(frozen=True, slots=True)
class Crop:
    """How much is cut off each edge, in shares of what is cropped."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True, slots=True)
class Staged:
    """A clip's picture at one of its frames.

    `whole` is where it lies before any effect, `seen` what its crops leave of that. `cropped` is
    the rectangle that the crop in hand cuts from, `crop` how much, and `crop_map` leads from there
    to the frame.
    """

    frame: Size
    whole: Region
    seen: Region
    before: Affine
    pose: Pose
    after: Affine
    cropped: Region
    crop: Crop
    crop_map: Affine

    @property
    def map(self) -> Affine:
        """From the picture before any effect to the frame."""
        return self.before.then(self.pose.map(self.frame)).then(self.after)

    def at(self, u: float, v: float) -> Point:
        """The point of the frame at shares of the picture's width and height."""
        return self.map(self.seen.at(u, v))

    @property
    def anchor(self) -> Point:
        """Where the picture is scaled and turned about."""
        return self.after((self.pose.x * self.frame[0], self.pose.y * self.frame[1]))

    def posed(self, pose: Pose) -> Staged:
        """The same picture in another pose."""
        return replace(self, pose=pose)


def picture_size(project: Project, sequence: Sequence, clip: Clip) -> tuple[Size, Fit]:
    """A clip's picture as it is seen, in square pixels, and how that sits in the frame."""
    frame = sequence.width, sequence.height
    match clip.media:
        case AssetMedia() | GeneratedMedia():
            asset = asset_of(project, clip)
            return (frame, Fit.STRETCH) if asset is None else (_seen_size(asset, frame), clip.fit)
        case SequenceMedia(sequence_id=nested_id):
            nested = next((s for s in project.sequences if s.id == nested_id), sequence)
            return (nested.width, nested.height), clip.fit
        case _:
            return frame, Fit.STRETCH


def _seen_size(asset: Asset, frame: Size) -> Size:
    if not asset.video:
        return frame
    facts = asset.video[0]
    if facts.rotation_degrees in (90, 270):  # the pixels were wide before they were turned
        return facts.width, max(1, round(facts.height * facts.pixel_aspect))
    return max(1, round(facts.width * facts.pixel_aspect)), facts.height


def staged(project: Project, sequence: Sequence, clip: Clip, at: int) -> Staged:
    """A clip's picture at a frame counted from the clip's first."""
    size, fit = picture_size(project, sequence, clip)
    frame = sequence.width, sequence.height
    left, top, width, height = fit_box(size, frame, fit, 1.0)
    whole = Region(left, top, left + width, top + height)
    effects = [effect for effect in clip.effects if effect.enabled]
    maps = [_map(effect, at, frame) for effect in effects]
    pose_place = last_place(effects, "transform")
    crop_place = last_place(effects, "crop")
    cropped = _cropped(whole, maps[: crop_place or 0])
    return Staged(
        frame=frame,
        whole=whole,
        seen=_seen(whole, effects, maps, at),
        before=_chain(maps[:pose_place]),
        pose=pose_at(effects[pose_place], at) if pose_place is not None else Pose(),
        after=_chain(maps[pose_place + 1 :]) if pose_place is not None else Affine(),
        cropped=cropped,
        crop=crop_at(effects[crop_place], at) if crop_place is not None else Crop(),
        crop_map=_chain(maps[crop_place or 0 :]),
    )


def last_place(effects: list[Effect], kind: str) -> int | None:
    """Where the last effect of a kind stands, None where there is none."""
    found = [place for place, effect in enumerate(effects) if effect.kind == kind]
    return found[-1] if found else None


def pose_at(effect: Effect, at: int) -> Pose:
    """The values of a transform at a frame of its clip; a scale of nothing is a hair more."""
    values = EFFECTS["transform"].values_at(effect.params, at)
    numbers = {name: float(value) for name, value in values.items()}
    for name in ("scale_x", "scale_y"):
        numbers[name] = max(SMALLEST_SCALE, numbers[name])
    return Pose(**numbers)


def crop_at(effect: Effect, at: int) -> Crop:
    """The values of a crop at a frame of its clip."""
    values = EFFECTS["crop"].values_at(effect.params, at)
    return Crop(*(float(values[side]) for side in ("left", "top", "right", "bottom")))


def _map(effect: Effect, at: int, frame: Size) -> Affine:
    """What one effect does to where pixels lie."""
    if effect.kind == "transform":
        return pose_at(effect, at).map(frame)
    if effect.kind == "flip":
        values = EFFECTS["flip"].values_at(effect.params, at)
        across, along = bool(values["horizontal"]), bool(values["vertical"])
        return Affine(
            a=-1.0 if across else 1.0,
            d=-1.0 if along else 1.0,
            e=frame[0] if across else 0.0,
            f=frame[1] if along else 0.0,
        )
    return Affine()


def _chain(maps: list[Affine]) -> Affine:
    return reduce(Affine.then, maps, Affine())


def _seen(whole: Region, effects: list[Effect], maps: list[Affine], at: int) -> Region:
    """What the crops leave that come before the picture is moved; later ones cut the frame."""
    seen = whole
    for effect, moved in zip(effects, maps, strict=True):
        if effect.kind == "crop":
            seen = seen.shared(whole.cut(crop_at(effect, at)))
        elif moved != Affine():
            break
    return seen


def _cropped(whole: Region, maps: list[Affine]) -> Region:
    """What a crop cuts from: the picture; once it was moved, the upright box around it."""
    moved = _chain(maps)
    corners = [moved(whole.at(u, v)) for u in (0, 1) for v in (0, 1)]
    columns, rows = zip(*corners, strict=True)
    return Region(min(columns), min(rows), max(columns), max(rows))
