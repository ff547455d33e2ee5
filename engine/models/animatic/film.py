"""A cut-out film: pictures with alpha that move over a plate, as a shadow play does it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic import easing
from engine.models.animatic.drops import Drops
from engine.models.animatic.effects import Effects, Whereabouts
from engine.models.animatic.layers import Laid, on_screen, posed, shadow, standing
from engine.models.animatic.movements import ACTIONS, CAMERAS, Moment, Pose, View, staged
from engine.models.animatic.place import Plate
from engine.models.animatic.scenery import Scenery, scenery_of
from engine.models.animatic.troupe import ALONE, Member, chasing, members, touching

GROUND = 0.76
"""Where feet stand, as most scenes have it: in front of the horizon, which is at 0.64."""
_IN_FRONT, _LOWER_EDGE, _HELD, _FADED = 0.86, 1.14, 0.4, 0.05
"""Of someone cut by the frame's lower edge: size, where the lower end is, how much of a movement up

and down is left, and how much of the height fades out."""
_SEEN = 40
"""Alpha from which something counts as seen, of 255.

Drawn art leaves a haze over its whole square; measured by that, it would stand above the ground.
"""
_GRAIN_LEVELS = 38.0, 24.0


@dataclass(frozen=True, slots=True)
class Direction:
    """What happens: a movement of `ACTIONS`, a camera of `CAMERAS`, and whether feet have a floor.

    `seed` settles where the subject stands, how large it is and where a repeating movement begins.
    One that `is_cropped`, as a photo crops a person at the waist, stands in front, cut by the
    frame's lower edge. `ground` is where others stand, as a fraction of the plate from the top.
    What `is_eased` begins and ends its movements gently, and its camera goes past the layers of
    the place; films were made evenly, of a flat place, before there was that. Who acts is `scale`
    times as large as usual, and `lift` frame heights above the ground; several who are
    `is_adrift` are one above the other, and stand on nothing. In a chase the second of two goes
    ahead of the first. Those who are `is_close` touch. `effects` are names of what moves by itself.
    """

    action: str
    camera: str
    has_floor: bool
    seed: int
    is_cropped: bool = False
    ground: float = GROUND
    is_eased: bool = False
    scale: float = 1.0
    lift: float = 0.0
    is_adrift: bool = False
    is_chase: bool = False
    effects: tuple[str, ...] = ()
    is_close: bool = False


def without_grain(plate: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A drawn place (H, W, 3) without the fine grid that few steps leave; its edges stay.

    Twice, first over more levels: the grid is about ten levels strong, and washes of colour in
    these places are even.
    """
    smooth = plate
    for levels in _GRAIN_LEVELS:
        smooth = cv2.bilateralFilter(smooth, d=9, sigmaColor=levels, sigmaSpace=5)
    return smooth.astype(np.uint8, copy=False)


def film(
    plate: NDArray[np.uint8],
    subject: NDArray[np.uint8],
    direction: Direction,
    frames: int,
    rate_fps: float,
) -> NDArray[np.uint8]:
    """The frames (F, H, W, 3) of `subject`, straight RGBA (h, w, 4), over `plate` (H, W, 3).

    The movement takes the whole film, and one that repeats keeps its pace. Where the camera moves
    the plate is enlarged, so that there is something to see beyond its edges.
    """
    stage = staged_film(Plate(plate, direction.ground), subject, direction, frames, rate_fps)
    return np.stack([stage.picture(index) for index in range(frames)])


Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody else who acts: straight RGBA (h, w, 4), how large, of one as large as usual, and

    who that is; `is_aside` is who stands on the ground whoever else does not.
    """

    art: NDArray[np.uint8]
    scale: float = 1.0
    name: str = ""
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody behind the one in front, as a film shows them: a pose for each frame."""

    art: Art
    poses: Sequence[Pose]
    ground: float


@dataclass(frozen=True, slots=True)
class Stage:
    """A film before its layers are laid over each other. Pictures are (H, W, 3) of 8 bits.

    `art` and the poses of `shots` are of who is in front; `behind` is everybody else, the hindmost
    first.
    """

    scenery: Scenery
    art: Art
    shots: Sequence[tuple[Pose, View]]
    size: tuple[int, int]
    direction: Direction
    drops: Drops
    rate_fps: float
    behind: Sequence[Actor] = ()

    def place(self, index: int) -> Picture:
        """What a frame shows where nobody is; not to be changed in place."""
        seen = self.scenery.seen(self.shots[index][1])
        if not self.effects.has_behind:
            return seen
        lively = seen.copy()
        self.effects.behind(lively, index / self.rate_fps, self._whereabouts(index))
        return lively

    def arts(self) -> list[Art]:
        """Everybody who acts."""
        return [*(actor.art for actor in self.behind), self.art]

    def floor(self, index: int) -> Picture:
        """What is behind the subject of a frame: the place, with its shadow where it throws one."""
        seen = self.place(index).copy()
        self._shade(seen, index)
        return seen

    def subject(self, index: int) -> NDArray[np.float32]:
        """Who acts in a frame alone, premultiplied RGBA (H, W, 4) in [0, 1]."""
        layer = np.zeros((self.size[1], self.size[0], 4), np.float32)
        for laid in self._posed(index):
            under = layer[laid.rows, laid.columns]
            under *= 1 - laid.pixels[..., 3:]
            under += laid.pixels
        return layer

    def perform(self, picture: Picture, index: int) -> None:
        """Lay who acts in a frame, and their shadows, over a picture in place."""
        self._shade(picture, index)
        for laid in self._posed(index):
            under = picture[laid.rows, laid.columns]
            over = laid.pixels[..., :3] * np.float32(255.0)
            cv2.convertScaleAbs(under * (1 - laid.pixels[..., 3:]) + over, under)

    def behind_drops(self, index: int) -> Picture:
        """A frame without what falls in front of it."""
        seen = self.place(index).copy()
        self.perform(seen, index)
        return seen

    def with_drops(self, picture: Picture, index: int) -> Picture:
        """A picture with what falls in front of a frame, in place."""
        view = self.shots[index][1] if self.direction.is_eased else None
        self.drops.fall(picture, index / self.rate_fps, view)
        self.effects.before(picture, index / self.rate_fps, self._whereabouts(index))
        return picture

    @property
    def effects(self) -> Effects:
        """What moves by itself."""
        return Effects(self.direction.effects, self.direction.seed)

    def _whereabouts(self, index: int) -> Whereabouts:
        """Where who is in front is in a frame."""
        pose, view = self.shots[index]
        x, y, side = on_screen(pose, view, *self.size)
        half = side * math.sqrt(pose.stretch) * self.art.height_share / 2
        return Whereabouts(x, y - half, y + half)

    def bare(self, index: int) -> Picture:
        """A frame without anybody."""
        return self.with_drops(self.place(index).copy(), index)

    def picture(self, index: int) -> Picture:
        """A frame."""
        return self.with_drops(self.behind_drops(index), index)

    def beside(self, subject: NDArray[np.uint8], x: float, share: float) -> Stage:
        """The same place and camera with another subject, straight RGBA (h, w, 4), that stands at

        `x` on the same floor, `share` times as large as the one that moves.
        """
        width, height = self.size
        art = Art.of(subject, is_cropped=False)
        size = share * staged(random.Random(self.direction.seed)).size
        pose = art.on_foot(standing(size, x, self.direction.ground, width, height))
        shots = [(pose, view) for _, view in self.shots]
        return replace(self, art=_as_seen(art, shots, self.size), shots=shots, behind=())

    def _posed(self, index: int) -> Iterator[Laid]:
        """Everybody in a frame who can be seen, the hindmost first."""
        pose, view = self.shots[index]
        cast = [(actor.art, actor.poses[index]) for actor in self.behind]
        for art, at in (*cast, (self.art, pose)):
            laid = posed(art.pixels, at, view, *self.size)
            if laid is not None:
                yield laid

    def _shade(self, picture: Picture, index: int) -> None:
        if not self.direction.has_floor or self.direction.is_cropped:
            return
        pose, view = self.shots[index]
        smooth = self.direction.is_eased
        cast = [(actor.art, actor.poses[index], actor.ground) for actor in self.behind]
        for art, at, ground in (*cast, (self.art, pose, self.direction.ground)):
            if art.is_empty:
                continue
            foot = art.foot_of(at)
            found = shadow(foot, view, ground, self.size, art.width_share, is_smooth=smooth)
            if found is not None:
                under = picture[found.rows, found.columns]
                cv2.convertScaleAbs(under * found.light[..., None], under)


def staged_film(
    place: Plate,
    subject: NDArray[np.uint8],
    direction: Direction,
    frames: int,
    rate_fps: float,
    others: Sequence[Part] = (),
) -> Stage:
    """The stage of a film, of what `film` is made of; `others` act behind its subject."""
    height, width = place.picture.shape[:2]
    art = Art.of(subject, is_cropped=direction.is_cropped)
    size = width, height
    scales = direction.scale, *(part.scale for part in others)
    front, *behind = members(direction.seed, scales, is_adrift=direction.is_adrift)
    if direction.is_chase and len(others) == 1:
        front, *behind = chasing((front, *behind), is_to_left=direction.action == "left")
    if direction.is_close:
        front, *behind = touching((front, *behind))
    shots = _shots(direction, art, size, frames, rate_fps, front)
    drops = Drops(place.setting_id, random.Random(direction.seed))
    scenery = scenery_of(place, direction.camera, is_eased=direction.is_eased)
    actors = [
        _actor(part, member, direction, size, frames, rate_fps)
        for part, member in zip(others, behind, strict=True)
    ]
    actors.sort(key=lambda actor: actor.ground)
    seen = _as_seen(art, shots, size)
    return Stage(scenery, seen, shots, size, direction, drops, rate_fps, actors)


def _actor(
    part: Part,
    member: Member,
    direction: Direction,
    size: tuple[int, int],
    frames: int,
    rate_fps: float,
) -> Actor:
    art = Art.of(part.art, is_cropped=False)
    lift = 0.0 if part.is_aside else direction.lift
    placed = replace(direction, ground=direction.ground - member.back, lift=lift)
    shots = _shots(placed, art, size, frames, rate_fps, member)
    return Actor(_as_seen(art, shots, size), [pose for pose, _ in shots], placed.ground)


@dataclass(frozen=True, slots=True)
class Art:
    """What is moved: premultiplied RGBA in the middle of a square, and how much of it it fills.

    One that `is_empty` shows nobody, and throws no shadow.
    """

    pixels: NDArray[np.float32]
    width_share: float
    height_share: float
    is_empty: bool = False

    @classmethod
    def of(cls, rgba: NDArray[np.uint8], *, is_cropped: bool) -> Art:
        """What there is to see of straight RGBA; where a photo cut it, it fades out."""
        rows, columns = np.nonzero(rgba[..., 3] > _SEEN)
        if not len(rows):
            return cls(_premultiplied(rgba), 1.0, 1.0, is_empty=True)
        seen = rgba[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        height, width = seen.shape[:2]
        side = max(height, width)
        top, left = (side - height) // 2, (side - width) // 2
        square = np.zeros((side, side, 4), np.float32)
        square[top : top + height, left : left + width] = _premultiplied(seen)
        if is_cropped:
            faded = max(1, round(_FADED * height))
            ramp = np.linspace(1.0, 0.0, faded, dtype=np.float32)[:, None, None]
            square[top + height - faded : top + height] *= ramp
        return cls(square, width / side, height / side)

    def on_foot(self, pose: Pose) -> Pose:
        """A pose of the square lowered, so that the art stands where the square would."""
        return replace(pose, y=pose.y + pose.size * (1 - self.height_share) / 2)

    def foot_of(self, pose: Pose) -> Pose:
        """The pose as if the square ended where the art does, for what happens at its feet."""
        return replace(pose, y=pose.y - pose.size * (1 - self.height_share) / 2)


def _shots(
    direction: Direction,
    art: Art,
    size: tuple[int, int],
    frames: int,
    rate_fps: float,
    member: Member = ALONE,
) -> list[tuple[Pose, View]]:
    """Where a subject is and what the camera sees in each frame."""
    width, height = size
    share, x, phase = staged(random.Random(direction.seed))
    x = x if member.x == 0 else 0.5
    start = art.on_foot(standing(share * member.share, x, direction.ground, width, height))
    start = replace(start, y=start.y - direction.lift)
    if direction.is_cropped:
        wide = min(1.0, 1.25 * width / height) * _IN_FRONT
        start = Pose(x, _LOWER_EDGE - wide * art.height_share / 2, wide)
    length_s = frames / rate_fps
    shots = []
    for index in range(frames):
        turns = 2 * math.pi * (index / rate_fps + phase)
        now = Moment(index / frames, turns, length_s)
        own = member.moment(now)
        if direction.is_eased:
            pose = easing.acted(direction.action, start, own, art.height_share)
            view = easing.seen(direction.camera, now)
        else:
            pose, view = ACTIONS[direction.action](start, own), CAMERAS[direction.camera](now)
        pose = member.moved(pose)
        shots.append((_held(start, pose) if direction.is_cropped else pose, view))
    return shots


def _held(start: Pose, pose: Pose) -> Pose:
    """A movement of someone whose lower end must not be seen: less up and down, no turn over."""
    y = start.y + _HELD * (pose.y - start.y)
    return replace(pose, y=y, turn=0.35 * math.sin(pose.turn))


def _as_seen(art: Art, shots: Sequence[tuple[Pose, View]], size: tuple[int, int]) -> Art:
    """The art in no more pixels than are ever seen: to leave some out each frame would flicker."""
    side = math.ceil(max(on_screen(pose, view, *size)[2] for pose, view in shots))
    if art.pixels.shape[0] <= side:
        return art
    small = cv2.resize(art.pixels, (side, side), interpolation=cv2.INTER_AREA)
    return replace(art, pixels=small.astype(np.float32, copy=False))


def _premultiplied(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    art = rgba.astype(np.float32) / 255.0
    art[..., :3] *= art[..., 3:]
    return art
