"""Where a film is edited: around what stands out in it, where somebody drew, or everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engine.abilities.drawn_region import mask_of
from engine.abilities.edit_blending import Frames, Masks, change_masks
from engine.abilities.opticals_job import OpticalJob
from engine.abilities.opticals_region import region_shot
from engine.abilities.opticals_shot import look_at
from engine.models.moviegen.edit_regions import SEEN, TONED, region_of, softened
from engine.planning.edit_reading import PRONOUNS

_LOOKS = frozenset({"style", "weather"})


@dataclass(frozen=True, slots=True)
class EditRegion:
    """Where the network may draw, `told` (F, h, w) in [0, 1] at its own size, and how far what it

    drew is laid over the film, `reach` likewise; with `where_changed` only where it is another.
    """

    told: Masks
    reach: Masks
    where_changed: bool

    def masks(self, before: Frames, after: Frames) -> Masks:
        """Shares (F, h, w) of what the network made `after` what the codec makes of the source."""
        if not self.where_changed:
            return self.reach
        return (self.reach * change_masks(before, after)).astype(np.float32, copy=False)


def find_region(job: OpticalJob, size: tuple[int, int]) -> EditRegion:
    """The region of an edit for frames of a size (width, height).

    Raises: BadRequest, BadMedia.
    """
    asked, film, span = job.asked, job.film, job.span
    drawn = mask_of(job.recipe, job.context, (film.width, film.height))
    if drawn is not None:
        return drawn_on(asked.task, _sized(region_shot(job, drawn).mattes, size))
    if asked.task not in SEEN:
        mattes = np.zeros((span[1] - span[0], size[1], size[0]), np.float32)
        return seen_around(asked.task, asked.side, mattes)
    mattes = look_at(film, span, asked.thing, job.context).mattes
    if asked.thing and asked.thing not in PRONOUNS:
        job.context.note(f'What stands out most was taken for "{asked.thing}", all of it.')
    return seen_around(asked.task, asked.side, _sized(mattes, size))


def seen_around(task: str, side: str, mattes: Masks) -> EditRegion:
    """The region of a task, given what stands out (F, h, w)."""
    told = region_of(task, side, mattes)
    is_found = task in TONED or task == "background" or task in _LOOKS
    return EditRegion(told, told if is_found else softened(told), not is_found)


def drawn_on(task: str, mattes: Masks) -> EditRegion:
    """The region of a task that is about what was drawn (F, h, w), and nothing else."""
    if task in _LOOKS:
        return EditRegion(np.ones_like(mattes), mattes, where_changed=False)
    region = np.float32(1.0) - mattes if task == "background" else mattes
    return EditRegion(region, region, where_changed=task not in TONED and task != "background")


def _sized(mattes: Frames, size: tuple[int, int]) -> Masks:
    """Mattes in levels as shares, at a size (width, height)."""
    sized = [cv2.resize(matte, size, interpolation=cv2.INTER_LINEAR) for matte in mattes]
    return np.stack(sized).astype(np.float32) / np.float32(255.0)
