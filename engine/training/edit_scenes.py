"""Rendered pairs for editing: one scene before and after each of several edits, exactly.

Before and after share seed, staging, camera and time, so that they differ in what the
instruction says and in nothing else.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.drops import Drops
from engine.models.animatic.layers import MARGIN, floor_of, lay, shade, standing
from engine.models.animatic.movements import ACTIONS, CAMERAS, Moment, Pose, View
from engine.models.animatic.place import Place
from engine.models.animatic.settings import paint
from engine.models.opticals import colours
from engine.models.opticals.looks import styled, weathered
from engine.planning.edit_words import COLOURS
from engine.training.edit_grammar import Edit
from engine.training.grammar import Scene
from engine.training.scenes import FLOORLESS, RATE_FPS, settled
from engine.training.sticker_pictures import dyed
from engine.training.stickers import sticker

TONES = {name: colours.TONES[name] for name in COLOURS}
"""Colours that are trained, by name: red, green and blue in [0, 1]."""

_ADDED_SIZE = 0.34
_ADDED_AT = {"left": 0.17, "right": 0.83}


@dataclass(frozen=True, slots=True)
class _Moment:
    """What all versions of a frame share."""

    pose: Pose
    view: View
    time_s: float


class _Take:
    """A scene that is rendered frame by frame in any of its versions."""

    def __init__(self, scene: Scene, width: int, height: int) -> None:
        self.scene, self.width, self.height = scene, width, height
        rng = random.Random(scene.seed)
        self.backdrop_seed, self.staging = settled(rng)
        self.places: dict[str, Place] = {}
        place = self.place(scene.setting.id)
        self.ground = place.backdrop.ground
        self.start = standing(self.staging.size, self.staging.x, self.ground, width, height)
        self.drops_seed = rng.getrandbits(31)

    def place(self, setting: str) -> Place:
        if setting not in self.places:
            canvas = round(self.width * MARGIN), round(self.height * MARGIN)
            backdrop = paint(setting, self.backdrop_seed, *canvas)
            self.places[setting] = Place(backdrop, self.width, self.height)
        return self.places[setting]

    def moment(self, index: int, length_frames: int) -> _Moment:
        """Frame `index` of a clip; the only frame of a still shows the subject at rest."""
        if length_frames == 1:
            return _Moment(self.start, View(), 0.0)
        time_s = index / RATE_FPS
        turns = 2 * math.pi * (time_s + self.staging.phase)
        now = Moment(index / length_frames, turns)
        act, look = ACTIONS[self.scene.action.id], CAMERAS[self.scene.camera.id]
        return _Moment(act(self.start, now), look(now), time_s)

    def picture(self, edit: Edit | None, now: _Moment) -> NDArray[np.float32]:
        task, detail = (edit.task, edit.detail) if edit else ("", "")
        setting = detail if task == "background" else self.scene.setting.id
        picture = self.place(setting).seen(now.view).copy()
        has_floor = setting not in FLOORLESS
        if edit is not None and task == "add":
            self._stand(picture, edit, now.view, has_floor=has_floor)
        if task != "remove":
            if has_floor:
                shade(picture, now.pose, now.view, self.ground)
            mask = lay(picture, self._art(task, detail), now.pose, now.view)
            if task == "segment":
                cover = mask.astype(np.float32)[..., None]
                picture *= 1 - cover
                picture += np.array(TONES[detail], np.float32) * cover
        Drops(setting, random.Random(self.drops_seed)).fall(picture, now.time_s)
        if task == "style":
            return styled(picture.clip(0, 1), detail)
        if task == "weather":
            return weathered(picture.clip(0, 1), detail, now.time_s, self.drops_seed + 1)
        return picture

    def matte(self, now: _Moment) -> NDArray[np.float32]:
        """How much of each pixel is the subject's, (H, W)."""
        nothing = np.zeros((self.height, self.width, 3), np.float32)
        return lay(nothing, self._art("", ""), now.pose, now.view).astype(np.float32)

    def _art(self, task: str, detail: str) -> NDArray[np.float32]:
        art = sticker(detail if task == "replace" else self.scene.subject.label)
        return dyed(art, TONES[detail]) if task == "recolour" else art

    def _stand(
        self, picture: NDArray[np.float32], edit: Edit, view: View, *, has_floor: bool
    ) -> None:
        """Lay what an edit adds, at rest beside where the scene happens."""
        size = _ADDED_SIZE * min(1.0, 1.25 * self.width / self.height)
        pose = Pose(_ADDED_AT[edit.side], floor_of(self.ground) - size / 2 + 0.02, size)
        if has_floor:
            shade(picture, pose, view, self.ground)
        lay(picture, sticker(edit.detail), pose, view)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A scene before and after each edit, `frames` (1 + edits, F, H, W, 3) uint8 at RATE_FPS, and

    the `mattes` (F, H, W) uint8 of its subject before them.
    """

    frames: NDArray[np.uint8]
    mattes: NDArray[np.uint8]


def render_edits(
    scene: Scene, edits: Sequence[Edit], width: int, height: int, frames: int
) -> Rendered:
    """Every version of a scene."""
    take = _Take(scene, width, height)
    versions: list[list[NDArray[np.uint8]]] = [[] for _ in range(1 + len(edits))]
    mattes: list[NDArray[np.uint8]] = []
    for index in range(frames):
        now = take.moment(index, frames)
        mattes.append(_levels(take.matte(now)))
        for version, edit in zip(versions, (None, *edits), strict=True):
            version.append(_levels(take.picture(edit, now)))
    return Rendered(np.stack([np.stack(version) for version in versions]), np.stack(mattes))


def _levels(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    return cv2.convertScaleAbs(picture, alpha=255.0).astype(np.uint8, copy=False)


def animated(stills: NDArray[np.uint8], frames: int, rng: random.Random) -> NDArray[np.uint8]:
    """Stills (N, H, W, 3) set in motion, all along one random affine path: (N, F, H, W, 3).

    Source: Movie Gen Edit, stage II, "animated frame editing".
    """
    height, width = stills.shape[1:3]
    turn, zoom = rng.uniform(-0.12, 0.12), rng.uniform(-0.15, 0.2)
    dx, dy = rng.uniform(-0.12, 0.12) * width, rng.uniform(-0.1, 0.1) * height
    begin = rng.uniform(-0.5, 0.0)
    out = np.empty((len(stills), frames, height, width, 3), np.uint8)
    for index in range(frames):
        share = begin + index / max(frames - 1, 1)
        matrix = cv2.getRotationMatrix2D(
            (width / 2, height / 2), math.degrees(turn * share), 1 + zoom * share
        )
        matrix[:, 2] += dx * share, dy * share
        for version, still in enumerate(stills):
            out[version, index] = cv2.warpAffine(
                still, matrix, (width, height), borderMode=cv2.BORDER_REFLECT
            )
    return out
