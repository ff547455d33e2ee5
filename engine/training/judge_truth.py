"""The truth that the judge learns from and is measured on: renders, and cut-out films of them.

Both show scenes of the grammar, so what is right is known by construction. Cut-out films are
composed as drafts are, of a plate and one piece of art. Who has a face and a whole body in the art
is shown by either, under one name. Much of that art is dyed, so that colour
does not tell who it is, and much is bent, bitten and coarse, so that a rough drawing of a pig is
still a pig. Nothing that a model made is here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.models.animatic.film import Direction, film, without_grain
from engine.training.grammar import ACTIONS, SETTINGS, SUBJECTS, Scene, held_out_scenes
from engine.training.grammar import sample_scene as trained_scene
from engine.training.scenes import FLOORLESS, RATE_FPS, render, render_plate
from engine.training.stickers import sticker

FRAMES = 24
"""How many frames of a clip tell how it moves."""
GLANCES = 6
"""How many of them tell who and where."""
SIZE = (128, 72)
"""Width and height in pixels of what the judge sees."""
CELLS = (9, 16)
"""Rows and columns in which it finds the subject."""
_RENDERED, _COMPOSED = (256, 144), (192, 108)
"""Sizes in pixels of the clips before they are made small."""
_LEVELS = 127.5


@dataclass(frozen=True, slots=True)
class Sight:
    """What the judge sees of a clip: `pictures` (GLANCES, 3, H, W) uint8, a few of its frames, and

    `moved` (3, FRAMES, H/2, W/2) float16, how far all of them are from their mean, in grey and in
    whichever colour differs most, and how far each is from the one before. In the latter two
    colours hardly count, and neither does whether someone is lighter than the place.
    """

    pictures: Tensor
    moved: Tensor


@dataclass(frozen=True, slots=True)
class Truth:
    """What the judge sees of a clip, and what is right: `covered` (GLANCES, *CELLS) float16, how

    much of each cell the subject covers; `right` (3,), the indices of subject, setting and action.
    """

    sight: Sight
    covered: Tensor
    right: Tensor


def sight(frames: NDArray[np.uint8]) -> Sight:
    """What the judge sees of a clip (F, H, W, 3) of any size and length."""
    chosen = np.linspace(0, len(frames) - 1, FRAMES).round().astype(int)
    small = [cv2.resize(frames[i], SIZE, interpolation=cv2.INTER_AREA) for i in chosen]
    pictures = np.stack([small[i] for i in glanced()]).transpose(0, 3, 1, 2)
    half = SIZE[0] // 2, SIZE[1] // 2
    smaller = np.stack([cv2.resize(each, half, interpolation=cv2.INTER_AREA) for each in small])
    light = smaller.astype(np.float32) / _LEVELS - 1.0
    apart = light - light.mean(axis=0)
    step = np.abs(np.diff(light, axis=0, prepend=light[:1])).max(axis=-1)
    moved = np.stack([apart.mean(axis=-1), np.abs(apart).max(axis=-1), step])
    return Sight(torch.from_numpy(np.ascontiguousarray(pictures)), torch.from_numpy(moved).half())


def glanced() -> list[int]:
    """Which of the frames are looked at for who and where: from an eighth to the last."""
    return [round(i) for i in np.linspace(FRAMES // 8, FRAMES - 1, GLANCES)]


def answers(scene: Scene) -> tuple[int, int, int]:
    """The right indices of a scene."""
    return (
        SUBJECTS.index(scene.subject),
        SETTINGS.index(scene.setting),
        ACTIONS.index(scene.action),
    )


def trained_clip(seed: str, index: int) -> Truth:
    """A clip of a combination that may be trained; every other one is a cut-out film.

    Who has two drawings, a face and a body, is shown twice as often: half as much would be learnt
    of each.
    """
    rng = random.Random(f"judge/{seed}/{index}")
    scene = trained_scene(rng)
    while not scene.subject.body and rng.random() < _AGAIN:
        scene = trained_scene(rng)
    return cut_out(scene, rng) if index % 2 else rendered(scene)


_AGAIN = 0.55


def unseen_render(seed: str, index: int) -> Truth:
    """A rendered clip of a combination that is never trained."""
    return rendered(_held_out(seed, index))


def unseen_cut_out(seed: str, index: int) -> Truth:
    """The same as a cut-out film, its art in its own colours."""
    return cut_out(_held_out(seed, index), None)


def unseen_body(seed: str, index: int) -> Truth:
    """The same of those alone who have a face and a body; the body is shown."""
    rng = random.Random(f"judge/{seed}/{index}")
    scenes = held_out_scenes(400, rng.getrandbits(31))
    return cut_out(next(s for s in scenes if s.subject.body), None, shows_body=True)


def _held_out(seed: str, index: int) -> Scene:
    (scene,) = held_out_scenes(1, random.Random(f"judge/{seed}/{index}").getrandbits(31))
    return scene


def has_body_shown(scene: Scene) -> bool:
    """Whether a scene of the truth shows all of who has a face and a body: one in two does."""
    return bool(scene.subject.body) and random.Random(f"body/{scene.seed}").random() < 0.5


def _drawing(scene: Scene, *, shows_body: bool) -> str:
    """The label of who acts in a scene."""
    return scene.subject.body if shows_body else scene.subject.label


def rendered(scene: Scene) -> Truth:
    """A scene as it is rendered, whichever of two drawings it shows."""
    label = _drawing(scene, shows_body=has_body_shown(scene))
    shown = replace(scene, subject=replace(scene.subject, label=label))
    clip = render(shown, *_RENDERED, FRAMES)
    return _truth(scene, clip.frames, clip.mask.astype(np.float32))


def cut_out(scene: Scene, rng: random.Random | None, *, shows_body: bool = False) -> Truth:
    """A scene as a cut-out film; with `rng` its art is dyed and roughened now and then.

    Of two drawings it shows either, and the body where it is told to.
    """
    plate = without_grain(render_plate(scene, *_COMPOSED))
    art = _art(_drawing(scene, shows_body=shows_body or has_body_shown(scene)), rng)
    has_floor = scene.setting.id not in FLOORLESS
    direction = Direction(scene.action.id, scene.camera.id, has_floor, scene.seed)
    white = np.full_like(art, 255)
    white[..., 3] = art[..., 3]
    dark = np.zeros((_COMPOSED[1] // 3, _COMPOSED[0] // 3, 3), np.uint8)
    shape = Direction(scene.action.id, scene.camera.id, has_floor=False, seed=scene.seed)
    frames = film(plate, art, direction, FRAMES, RATE_FPS)
    masks = film(dark, white, shape, FRAMES, RATE_FPS)[..., 0]
    return _truth(scene, frames, masks.astype(np.float32) / 255.0)


def _truth(scene: Scene, frames: NDArray[np.uint8], masks: NDArray[np.float32]) -> Truth:
    rows, columns = CELLS
    cells = [cv2.resize(masks[i], (columns, rows), interpolation=cv2.INTER_AREA) for i in glanced()]
    covered = torch.from_numpy(np.stack(cells)).half()
    return Truth(sight(frames), covered, torch.tensor(answers(scene)))


def _art(label: str, rng: random.Random | None) -> NDArray[np.uint8]:
    """A sticker as straight RGBA (256, 256, 4)."""
    rgba = sticker(label)
    colours = rgba[..., :3] / np.maximum(rgba[..., 3:], 1e-3)
    art = (np.concatenate([colours, rgba[..., 3:]], axis=-1).clip(0, 1) * 255).astype(np.uint8)
    if rng is None:
        return art
    if rng.random() < 0.4:
        art[..., :3] = _dyed(np.ascontiguousarray(art[..., :3]), rng)
    for change, share in ((_bent, 0.6), (_bitten, 0.3), (_grained, 0.6)):
        if rng.random() < share:
            art = change(art, rng)
    return art


def _bent(art: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """Art (S, S, 4) out of shape, as a hand draws it that is not sure."""
    side, reach = art.shape[0], rng.uniform(3.0, 11.0)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(size=(2, 6, 6)).astype(np.float32)
    bend = [cv2.resize(each, (side, side), interpolation=cv2.INTER_CUBIC) for each in noise]
    down, across = np.mgrid[:side, :side].astype(np.float32)
    bent = cv2.remap(art, across + reach * bend[0], down + reach * bend[1], cv2.INTER_LINEAR)
    return bent.astype(np.uint8, copy=False)


def _bitten(art: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """The same with one or two round pieces missing."""
    bitten = art.copy()
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(art.shape[0]), rng.randrange(art.shape[0])
        cv2.circle(bitten, at, rng.randint(16, 44), (0, 0, 0, 0), -1)
    return bitten


def _grained(art: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """The same of few pixels, each a little off in colour and light, and stronger or paler."""
    side = rng.randint(48, 112)
    coarse = cv2.resize(art, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    generator = np.random.default_rng(rng.getrandbits(32))
    grain = generator.normal(scale=rng.uniform(0.0, 26.0), size=(side, side, 3))
    coarse[..., :3] = 128 + rng.uniform(0.7, 1.4) * (coarse[..., :3] - 128) + grain
    grained = cv2.resize(coarse, art.shape[:2], interpolation=cv2.INTER_CUBIC)
    return grained.clip(0, 255).astype(np.uint8)


def _dyed(colours: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """Colours (H, W, 3) turned around the circle of hues, now and then grey."""
    hsv = cv2.cvtColor(colours, cv2.COLOR_RGB2HSV).astype(np.int16)
    hsv[..., 0] = (hsv[..., 0] + rng.randrange(180)) % 180
    strength = 0.0 if rng.random() < 0.2 else rng.uniform(0.5, 1.2)
    hsv[..., 1] = (hsv[..., 1] * strength).clip(0, 255)
    turned = cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)
    return turned.astype(np.uint8, copy=False)
