"""A film enlarged frame by frame: the network draws each anew, and sound, rate and times stay.

Only the frames at work are in memory, so a film may be of any length.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from numpy.typing import NDArray

from engine.abilities.context import JobContext
from engine.abilities.enlarged_film import Layout, write_enlarged
from engine.abilities.moviegen_job import telling_damage
from engine.abilities.moviegen_source import source_of
from engine.abilities.sound_of_source import save_with_sound
from engine.abilities.video_input import Film, Shown, frames_from, part_used, pixels_of
from engine.abilities.video_output import small_preview
from engine.catalogue import Component, Entry, load_catalogue
from engine.errors import BadMedia, BadRequest, WeightsNotInstalled
from engine.models.enlarging.network import FACTOR, CompactEnlarger, load_enlarger
from engine.models.enlarging.pictures import FilmEnlarger, Picture
from engine.models.enlarging.transparency import TransparentEnlarger
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

_TIMES_LARGER = 2


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The part of the source that is used, at the size asked for.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    entry = load_catalogue().entry(recipe.model)
    given, film = source_of(recipe, context)
    part = part_used(film, given)
    size = _size(recipe, film, entry)
    first, end = film.between(*part)
    _check_length(end - first, entry)
    if max(size[0] / film.width, size[1] / film.height) > FACTOR:
        context.note(f"Beyond {FACTOR} times its size the film gets larger and no sharper.")
    context.report("loading")
    work = _Work(size, first, end - first, _enlarger_of(entry).number("tile_side"))
    worker = _Worker(_load(entry, context), work, context)
    frames = frames_from(film, first, end)
    copied, layout = write_enlarged(
        frames, film.rate, size, worker.enlarge, context.scratch / "picture"
    )
    return (save_with_sound(film, part, copied, context, has_alpha=layout.has_alpha),)


class _Enlarger(Protocol):
    """FilmEnlarger or TransparentEnlarger."""

    def enlarge(self, picture: NDArray, tell: Callable[[int, int], None]) -> Picture: ...


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be made: the size, which frame is the first of how many, and in what tiles."""

    size: tuple[int, int]
    first: int
    frames: int
    side: int


class _Worker:
    """Enlarges one frame after the other and tells how far it is, which ends a cancelled job."""

    def __init__(self, network: CompactEnlarger, work: _Work, context: JobContext) -> None:
        self._network, self._work, self._context = network, work, context
        self._enlarger: _Enlarger | None = None
        self._latest: Picture | None = None

    def enlarge(self, shown: Shown, layout: Layout) -> Picture:
        """The frame at the size."""
        if self._enlarger is None:
            self._enlarger = _enlarger(self._network, self._work, layout)
            if shown.frame.interlaced_frame:
                self._context.note(
                    "The film is interlaced. Its lines are enlarged as they are: edges that move "
                    "have combs, unless it is deinterlaced first."
                )
        done = shown.index - self._work.first
        latest = self._latest

        def tell(_tile: int, _tiles: int) -> None:
            self._report(done, latest)

        self._latest = self._enlarger.enlarge(pixels_of(shown, layout.seen), tell)
        self._report(done + 1, self._latest)
        return self._latest

    def _report(self, done: int, latest: Picture | None) -> None:
        preview = None if latest is None else lambda: small_preview(latest)
        self._context.report("enlarging", done, self._work.frames, preview)


def _enlarger(network: CompactEnlarger, work: _Work, layout: Layout) -> _Enlarger:
    kind = TransparentEnlarger if layout.has_alpha else FilmEnlarger
    return kind(network, work.size, work.side)


def _size(recipe: Recipe, film: Film, entry: Entry) -> tuple[int, int]:
    """Width and height of the output, even; left open, twice the source's."""
    width, height = recipe.width, recipe.height
    if width <= 0 or height <= 0:
        width, height = film.width * _TIMES_LARGER, film.height * _TIMES_LARGER
    width, height = width + width % 2, height + height % 2
    if width * height > entry.rules.max_pixels:
        raise BadRequest(
            f"{entry.title} makes pictures of up to {entry.rules.max_pixels / 1e6:.1f} million "
            f"pixels, and {width} × {height} are {width * height / 1e6:.1f}.",
            "Give a smaller width and height.",
        )
    if width < film.width or height < film.height:
        raise BadRequest(
            f"The film is {film.width} × {film.height}, and {width} × {height} is smaller.",
            "Give a larger width and height, or leave them out.",
        )
    return width, height


def _check_length(frames: int, entry: Entry) -> None:
    if frames > entry.rules.max_frames:
        raise BadMedia(
            f"{entry.title} enlarges at most {entry.rules.max_frames} frames, and this part has "
            f"{frames}.",
            "Use a shorter part of the film.",
        )


def _enlarger_of(entry: Entry) -> Component:
    component = entry.component("enlarger")
    assert component is not None  # the catalogue's own entry says
    return component


def _load(entry: Entry, context: JobContext) -> CompactEnlarger:
    component = _enlarger_of(entry)
    folder = context.weights / component.name
    if not (folder / "model.safetensors").exists():
        raise WeightsNotInstalled(
            f"{entry.title} is not complete: {folder} is not there.",
            "Fetch the program's resources again, for example with git checkout.",
        )
    device = torch.device(context.device)

    def read() -> CompactEnlarger:
        with telling_damage(folder):
            return load_enlarger(folder, device)

    return context.models.get(f"{entry.id}/{device}", component.parameters * 4, read)
