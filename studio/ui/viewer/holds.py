"""Holds: what of a clip the viewer's handles take hold of, and the edit that a drag of it gives.

A hold is made anew from the project as it is, or as a drag would leave it; it knows neither mouse
nor screen. Points are pixels of the sequence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeAlias

from studio.document.affine import Affine, Point, dot, minus, plus
from studio.document.edits.staging import crop_picture, pose_picture
from studio.document.edits.titles import set_title
from studio.document.grips import (
    CORNERS,
    HANDLES,
    Grip,
    Pull,
    about,
    cropped,
    dragged,
    point_of,
    turned,
)
from studio.document.guides import Axis, Line, spread
from studio.document.model.project import Project
from studio.document.model.title import Align, TextBlock, Title
from studio.document.queries.stage import Region, Staged
from studio.document.title_parts import (
    Parts,
    bar_set,
    grown,
    moved,
    region_of,
    whole,
    widened,
    wrap_region,
)

Edit: TypeAlias = Callable[[Project], Project]
LEAST_BOX_PX = 2.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a drag comes to: one named edit (None while it changes nothing), and how it is told."""

    name: str
    edit: Edit | None
    words: str
    lines: tuple[Line, ...] = ()


class Hold(Protocol):
    """`outline` are the corners in order; `room` a second outline around them, or nothing.
    What `turns` is turned by the room outside its corners.
    """

    @property
    def clip_id(self) -> str: ...
    @property
    def outline(self) -> tuple[Point, ...]: ...
    @property
    def room(self) -> tuple[Point, ...]: ...
    @property
    def anchor(self) -> Point | None: ...
    @property
    def turns(self) -> bool: ...
    def handles(self) -> dict[Grip, Point]: ...
    def drag(self, grip: Grip, pull: Pull) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class PictureHold:
    """A clip's picture, moved, scaled and turned by its transform."""

    clip_id: str
    at: int
    stage: Staged

    @property
    def outline(self) -> tuple[Point, ...]:
        return tuple(point_of(self.stage, corner) for corner in CORNERS)

    @property
    def room(self) -> tuple[Point, ...]:
        return ()

    @property
    def anchor(self) -> Point | None:
        return self.stage.anchor

    @property
    def turns(self) -> bool:
        return True

    def handles(self) -> dict[Grip, Point]:
        """Corners and sides."""
        return {grip: point_of(self.stage, grip) for grip in HANDLES}

    def drag(self, grip: Grip, pull: Pull) -> Outcome:
        """Another pose."""
        posed = dragged(self.stage, grip, pull)
        name, words = self._told(grip, self.stage.posed(posed.pose))
        if posed.pose == self.stage.pose:
            return Outcome(name, None, words, posed.lines)
        edit = partial(pose_picture, clip_id=self.clip_id, at=self.at, pose=posed.pose)
        return Outcome(name, edit, words, posed.lines)

    def _told(self, grip: Grip, after: Staged) -> tuple[str, str]:
        pose = after.pose
        if grip is Grip.INSIDE:
            x, y = minus(after.at(0, 0), self.stage.at(0, 0))
            return "Move picture", f"{x:+.0f}, {y:+.0f} px"
        if grip is Grip.TURN:
            return "Turn picture", f"{pose.rotation:.1f}°"
        if grip is Grip.ANCHOR:
            x, y = after.anchor
            return "Move anchor", f"Anchor {x:.0f}, {y:.0f} px"
        across, along = round(pose.scale_x * 100), round(pose.scale_y * 100)
        same = across == along
        return "Scale picture", f"{across} %" if same else f"{across} × {along} %"


@dataclass(frozen=True, slots=True)
class CropHold:
    """The edges of a clip's picture."""

    clip_id: str
    at: int
    stage: Staged

    @property
    def outline(self) -> tuple[Point, ...]:
        left = self.stage.cropped.cut(self.stage.crop)
        return _corners(left, self.stage.crop_map)

    @property
    def room(self) -> tuple[Point, ...]:
        return _corners(self.stage.cropped, self.stage.crop_map)

    @property
    def anchor(self) -> Point | None:
        return None

    @property
    def turns(self) -> bool:
        return False

    def handles(self) -> dict[Grip, Point]:
        """Corners and sides of what is left."""
        left = self.stage.cropped.cut(self.stage.crop)
        return {grip: self.stage.crop_map(left.at(*_share(grip))) for grip in HANDLES}

    def drag(self, grip: Grip, pull: Pull) -> Outcome:
        """Another crop; from inside, another part of the same size."""
        crop, lines = cropped(self.stage, grip, pull)
        sides = ("left", "top", "right", "bottom")
        words = "  ".join(
            f"{side.capitalize()} {getattr(crop, side) * 100:.1f} %"
            for side in sides
            if getattr(crop, side) > 0
        )
        edit = partial(crop_picture, clip_id=self.clip_id, at=self.at, crop=crop)
        changed = crop != self.stage.crop
        return Outcome("Crop picture", edit if changed else None, words or "Whole picture", lines)


@dataclass(frozen=True, slots=True)
class TitleHold:
    """Some parts of a title, or all of it, which its transform can turn."""

    clip_id: str
    at: int
    title: Title
    parts: Parts
    stage: Staged
    box_of: Callable[[TextBlock], Region]

    @property
    def frame(self) -> tuple[int, int]:
        return self.stage.frame

    @property
    def map(self) -> Affine:
        """From the title's pixels to the frame's."""
        return self.stage.map

    @property
    def region(self) -> Region:
        """The box around the parts, in the title's pixels."""
        return region_of(self.title, self.parts, self.frame, self.box_of)

    @property
    def outline(self) -> tuple[Point, ...]:
        return _corners(self.region, self.map)

    @property
    def room(self) -> tuple[Point, ...]:
        wrap = self._wrap()
        return _corners(wrap, self.map) if wrap is not None else ()

    @property
    def anchor(self) -> Point | None:
        return None

    @property
    def turns(self) -> bool:
        return self.parts == whole(self.title)

    def handles(self) -> dict[Grip, Point]:
        """Corners; the sides of a bar; and of a block, those that say where its lines break."""
        found = {grip: self.map(self.region.at(*_share(grip))) for grip in CORNERS}
        wrap = self._wrap()
        if self.parts.bar is not None:
            found = {grip: self.map(self.region.at(*_share(grip))) for grip in HANDLES}
        elif wrap is not None and self.parts.block is not None:
            align = self.title.blocks[self.parts.block].style.align
            for grip, unless in ((Grip.LEFT, Align.LEFT), (Grip.RIGHT, Align.RIGHT)):
                if align is not unless:
                    found[grip] = self.map(wrap.at(*_share(grip)))
        return found

    def drag(self, grip: Grip, pull: Pull) -> Outcome:
        """Another title."""
        if grip is Grip.INSIDE:
            return self._move(pull)
        if grip is Grip.TURN:
            return self._turn(pull)
        if self.parts.bar is not None:
            return self._resize_bar(grip, self.parts.bar, pull)
        if grip.is_corner:
            return self._grow(grip, pull)
        return self._widen(grip, pull)

    def _wrap(self) -> Region | None:
        if self.parts.block is None:
            return None
        block = self.title.blocks[self.parts.block]
        return wrap_region(block, self.box_of(block), self.frame)

    def _move(self, pull: Pull) -> Outcome:
        travel = pull.travel
        way = float(round(travel[0])), float(round(travel[1]))
        drawn, lines = pull.guides.pull(spread([plus(each, way) for each in self.outline]))
        if pull.free:  # kept to an axis, whatever lies beside it
            drawn = (drawn[0] if way[0] else 0.0, drawn[1] if way[1] else 0.0)
            lines = tuple(line for line in lines if way[line.axis.value])
        way = plus(way, drawn)
        after = moved(self.title, self.parts, self.map.inverse().turned(way), self.frame)
        words = f"{way[0]:+.0f}, {way[1]:+.0f} px"
        return self._outcome("Move title text", after, words, lines)

    def _turn(self, pull: Pull) -> Outcome:
        """All of the title about its own middle, wherever the transform's anchor was."""
        pose = turned(about(self.stage, self.region.at(0.5, 0.5)), pull)
        edit = partial(pose_picture, clip_id=self.clip_id, at=self.at, pose=pose)
        same = pose.rotation == self.stage.pose.rotation
        return Outcome("Turn title", None if same else edit, f"{pose.rotation:.1f}°")

    def _grow(self, grip: Grip, pull: Pull) -> Outcome:
        u, v = _share(grip)
        region = self.region
        fixed = region.at(0.5, 0.5) if pull.centred else region.at(1 - u, 1 - v)
        arm = minus(region.at(u, v), fixed)
        goal = plus(region.at(u, v), self.map.inverse().turned(minus(pull.now, pull.start)))
        factor = dot(minus(goal, fixed), arm) / max(dot(arm, arm), LEAST_BOX_PX)
        after = grown(self.title, self.parts, fixed, factor, self.frame)
        sizes = [after.blocks[place].style.size for place in self.parts.blocks]
        words = f"Size {sizes[0] * 100:.1f} %" if len(sizes) == 1 else f"{factor * 100:.0f} %"
        return self._outcome("Resize title text", after, words)

    def _widen(self, grip: Grip, pull: Pull) -> Outcome:
        place, wrap = self.parts.block, self._wrap()
        assert place is not None
        assert wrap is not None
        x, _ = wrap.at(*_share(grip))
        x += self.map.inverse().turned(minus(pull.now, pull.start))[0]
        after = widened(self.title, place, x, self.frame)
        words = f"Width {after.blocks[place].width * 100:.1f} %"
        return self._outcome("Set width of title text", after, words)

    def _resize_bar(self, grip: Grip, place: int, pull: Pull) -> Outcome:
        u, v = _share(grip)
        edge = plus(self.map(self.region.at(u, v)), minus(pull.now, pull.start))
        drawn, lines = pull.guides.pull((edge,))
        still = [axis for axis, share in zip(Axis, (u, v), strict=True) if share == 0.5]
        lines = tuple(line for line in lines if line.axis not in still)
        x, y = self.map.inverse()(plus(edge, drawn))
        old = self.region
        after = Region(
            min(x, old.right - LEAST_BOX_PX) if u == 0 else old.left,
            min(y, old.bottom - LEAST_BOX_PX) if v == 0 else old.top,
            max(x, old.left + LEAST_BOX_PX) if u == 1 else old.right,
            max(y, old.top + LEAST_BOX_PX) if v == 1 else old.bottom,
        )
        words = f"{after.right - after.left:.0f} × {after.bottom - after.top:.0f} px"
        changed = bar_set(self.title, place, after, self.frame)
        return self._outcome("Resize title bar", changed, words, lines)

    def _outcome(
        self, name: str, after: Title, words: str, lines: tuple[Line, ...] = ()
    ) -> Outcome:
        edit = partial(set_title, clip_id=self.clip_id, title=after)
        return Outcome(name, edit if after != self.title else None, words, lines)


def _share(grip: Grip) -> Point:
    assert grip.share is not None
    return grip.share


def _corners(region: Region, onto: Affine) -> tuple[Point, ...]:
    return tuple(onto(region.at(*_share(corner))) for corner in CORNERS)
