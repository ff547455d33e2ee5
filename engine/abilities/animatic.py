"""Text to video as a cut-out film: a place, and somebody cut out of paper who moves over it.

A small video model redraws a subject in every frame and does not yet hold its shape; one that is
drawn once and moved does, as in an animatic. Sixteen places are painted, and whoever is in the art
library is cut out of it; the still model draws other places, and the sticker model others who act.
What moves, and how, is read from the prompt; what has no movement of the vocabulary stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.abilities.animatic_cast import Cast, cast_of
from engine.abilities.animatic_left_out import left_out
from engine.abilities.animatic_movement import movement_of
from engine.abilities.animatic_playing import NEAR, played_of
from engine.abilities.animatic_staging import staged_of
from engine.abilities.animatic_troupe import troupe_of
from engine.abilities.context import JobContext
from engine.abilities.film_recipe import has_troupe, is_eased, is_played, is_staged
from engine.abilities.library_art import (
    acting_arts,
    dressing_for,
    front_height,
    painted_place,
    subject_art,
)
from engine.abilities.moviegen_job import load_pipelines, preview_of, request_of, snap_and_tell
from engine.abilities.moviegen_sticker import SIZE_PIXELS
from engine.abilities.prompt_reading import read_prompt, video_rewriter
from engine.abilities.video_output import save_video, told
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadRequest
from engine.models.animatic.air import CLEAR
from engine.models.animatic.film import (
    GROUND,
    Direction,
    Part,
    Stage,
    staged_film,
    without_grain,
)
from engine.models.animatic.layers import floor_of
from engine.models.animatic.place import Plate, out_of_focus, setting_named
from engine.models.moviegen.pipeline import ClipRequest, MovieGenPipeline
from engine.models.moviegen.prompts import EMPTY, cut_out_caption
from engine.models.moviegen.rewriting import Clause, Rewriter
from engine.planning.bodies import DOLLS, seat_share_of
from engine.planning.figures import FAR_OFF, is_person
from engine.planning.painted_places import SEA
from engine.planning.plain_names import read_plainly
from engine.planning.set_pieces import Under
from engine.planning.shapes import drawn_size
from engine.protocol.assets import Output
from engine.protocol.recipes import OFF, REWRITE, Recipe

NETWORKS = "transformer", "sticker-transformer"
_NOWHERE = "on a plain background"
_FLOORLESS = ("space", "sky", "water", "ocean", "open sea")
"""Settings in whose name one of these stands have no ground to throw a shadow on."""


@dataclass(frozen=True, slots=True)
class Drawers:
    """Who draws: `places` the plate, `subjects` who or what is moved over it."""

    places: MovieGenPipeline
    subjects: MovieGenPipeline


Picture = NDArray[np.uint8]
OnStep = Callable[[int, int, Tensor], None]
"""(steps done, of, estimated latents) -> None; may raise to stop."""
Tell = Callable[[int, int, MovieGenPipeline, Tensor], None]
"""(steps done, of, who draws, estimated latents) -> None; may raise to stop."""


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A cut-out film of what the prompt says.

    Raises: BadRequest, BadWeights, WeightsNotInstalled.
    """
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    stage = stage_of(recipe, entry, context)
    return (save_video(laid(stage, recipe.frames, context), recipe.rate, context),)


def stage_of(recipe: Recipe, entry: Entry, context: JobContext) -> Stage:
    """The stage of a snapped recipe's film; notes say how its prompt was read.

    Raises: BadRequest, BadWeights, WeightsNotInstalled.
    """
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what the clip should show.")
    context.report("loading")
    drawers = Drawers(*load_pipelines(entry, context, NETWORKS))
    rewriter = video_rewriter(entry.id, context, drawers.places, recipe)
    said = recipe.prompt
    recipe = msgspec.structs.replace(recipe, prompt=_in_plain_names(recipe))
    recipe = read_prompt(recipe, entry.id, context, drawers.places)
    cast = _cast(clause_of(rewriter, recipe.prompt), recipe, said, rewriter)
    for note in cast.notes:
        context.note(note)
    if cast.air != CLEAR:
        context.note(f"The place is shown {cast.air.words}.")
    missing = left_out(said, rewriter, cast.shown)
    if missing:
        context.note(f"Not shown: {', '.join(f'“{words}”' for words in missing)}.")
    is_untold = movement_of(cast.clause.action) is None
    if is_untold and cast.action == "stand" and cast.actors != ():
        context.note("The prompt names no movement that this model knows, so the subject stands.")

    def tell(step: int, steps: int, pipeline: MovieGenPipeline, estimate: Tensor) -> None:
        context.report("denoising", step, steps, lambda: preview_of(pipeline, estimate))

    return draw(cast, recipe, entry, drawers, tell).stage()


def laid(stage: Stage, frames: int, context: JobContext) -> Iterator[Picture]:
    """The frames of a film, one by one as they are wanted; each is told of."""
    return told(map(stage.picture, range(frames)), frames, context)


def clause_of(rewriter: Rewriter, prompt: str) -> Clause:
    """A prompt's parts; all of it is the subject where it does not begin with one."""
    said = prompt.strip()
    return rewriter.clause(said) or Clause("", said, "", "")


def clause_as_made(rewriter: Rewriter, made_by: Recipe) -> Clause:
    """What the prompt of a film that was made was read as."""
    prompt = _in_plain_names(made_by).strip()
    if made_by.options.get(REWRITE) != OFF:
        prompt = rewriter.rewrite(prompt)
    return clause_of(rewriter, prompt)


def cast_as_made(rewriter: Rewriter, made_by: Recipe) -> Cast:
    """Who acts in the film of a recipe whose prompt is as it was written."""
    return _cast(clause_as_made(rewriter, made_by), made_by, made_by.prompt, rewriter)


def _in_plain_names(recipe: Recipe) -> str:
    """A recipe's prompt as it is read: roles and what is drawn by hand in names of the library."""
    if not is_played(recipe) or recipe.options.get(REWRITE) == OFF:
        return recipe.prompt
    return read_plainly(recipe.prompt)


def _cast(clause: Clause, recipe: Recipe, said: str, rewriter: Rewriter) -> Cast:
    """Who acts in a clause, as it was read in what was `said`."""
    if is_played(recipe):
        return played_of(clause, said, rewriter)
    if is_staged(recipe):
        return staged_of(clause, said, rewriter)
    return troupe_of(clause, said, rewriter) if has_troupe(recipe) else cast_of(clause, rewriter)


def make_film(
    cast: Cast, recipe: Recipe, entry: Entry, drawers: Drawers, tell: Tell
) -> NDArray[np.uint8]:
    """The frames (F, H, W, 3) of a snapped recipe."""
    stage = draw(cast, recipe, entry, drawers, tell).stage()
    return np.stack([stage.picture(index) for index in range(recipe.frames)])


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a film is made of: a place, straight RGBA (h, w, 4) and others, and what they do."""

    place: Plate
    cut_out: NDArray[np.uint8]
    direction: Direction
    frames: int
    rate_fps: float
    others: tuple[Part, ...] = ()
    name: str = ""

    def with_art(self, name: str, art: Picture) -> Drawn:
        """With other art in the place of everybody of a name."""
        front = art if self.name == name else self.cut_out
        others = (replace(part, art=art) if part.name == name else part for part in self.others)
        return replace(self, cut_out=front, others=tuple(others))

    def only(self, name: str, nobody: Picture) -> Drawn:
        """With an empty picture in the place of everybody else."""
        front = self.cut_out if self.name == name else nobody
        others = (each if each.name == name else replace(each, art=nobody) for each in self.others)
        return replace(self, cut_out=front, others=tuple(others))

    def named(self, name: str) -> bool:
        """Whether somebody of a name acts beside somebody who is not."""
        names = [self.name, *(part.name for part in self.others)]
        return name in names and len(set(names)) > 1

    def stage(self) -> Stage:
        """The film before its layers are laid over each other."""
        return staged_film(
            self.place, self.cut_out, self.direction, self.frames, self.rate_fps, self.others
        )


def draw(cast: Cast, recipe: Recipe, entry: Entry, drawers: Drawers, tell: Tell) -> Drawn:
    """What a snapped recipe's film is made of; what need not be drawn is taken as it is."""
    clause = cast.clause
    others: tuple[Part, ...] = ()
    name = ""
    if cast.actors is None:
        art = None if has_troupe(recipe) else subject_art(clause, recipe.seed)
    else:
        art, others = acting_arts(cast, recipe.seed)
        name = next((actor.name for actor in cast.actors), "")
    is_drawn = setting_named(clause.setting) is None
    drawings = is_drawn + (art is None)

    def telling(part: int, pipeline: MovieGenPipeline) -> OnStep:
        return lambda step, steps, estimate: tell(
            part * steps + step, drawings * steps, pipeline, estimate
        )

    on_place = telling(0, drawers.places)
    place = place_for(clause, recipe, entry, drawers.places, on_place, cast)
    direction = replace(direction_of(clause, recipe), ground=place.ground)
    if cast.actors is not None:
        direction = _directed(direction, cast, recipe)
    if art is None:
        request = _subject_request(clause, recipe, entry)
        latents = drawers.subjects.denoise(request, telling(int(is_drawn), drawers.subjects))
        art = drawers.subjects.decode_rgba(latents).numpy()[0]
    return Drawn(place, art, direction, recipe.frames, float(Fraction(recipe.rate)), others, name)


def _directed(direction: Direction, cast: Cast, recipe: Recipe) -> Direction:
    """What a cast does, in movements of the laying; nobody throws no shadow."""
    direction = replace(direction, effects=cast.effects)
    if not cast.actors:
        return replace(direction, action="stand", has_floor=False)
    first = cast.actors[0]
    if cast.framing == NEAR:
        return _nearer(direction, cast, recipe)
    lift = cast.lift if direction.has_floor else cast.lift / 2
    return replace(
        direction,
        action=cast.action,
        lift=lift - seat_share_of(first.label) * front_height(cast, recipe) * _is_seated(cast),
        scale=first.scale,
        is_chase=cast.is_chase,
        is_close=cast.is_close,
        has_floor=direction.has_floor and first.label not in FAR_OFF,
        is_adrift=first.label not in FAR_OFF and (_is_aloft(cast) or _is_adrift(cast.clause)),
    )


_CLOSER, _BUST = 1.5, 2.5
_HEADROOM = 0.1
"""How much larger a thing and somebody upright are in a close-up, and the room over a head."""


def _nearer(direction: Direction, cast: Cast, recipe: Recipe) -> Direction:
    """Who is in front so near that the frame cuts them at the waist; a thing fills it."""
    first = cast.everybody[0]
    is_upright = is_person(first.name) or first.name in DOLLS
    closer = _BUST if is_upright else _CLOSER
    tall = front_height(cast, recipe) * closer
    lift = floor_of(direction.ground) - tall - _HEADROOM if is_upright else 0.0
    action = cast.action if cast.action in ("stand", "shake", "flicker", "dance") else "stand"
    return replace(
        direction, action=action, lift=min(lift, 0.0), scale=closer * first.scale, has_floor=False
    )


def _subject_request(clause: Clause, recipe: Recipe, entry: Entry) -> ClipRequest:
    """What is asked of the sticker model: the subject alone."""
    still = msgspec.structs.replace(recipe, frames=1)
    words = f"{clause.article} {clause.name}".strip()
    request = request_of(still, entry, cut_out_caption(words))
    return replace(request, width=SIZE_PIXELS, height=SIZE_PIXELS, apart=True)


def plate_request(clause: Clause, recipe: Recipe, entry: Entry) -> ClipRequest:
    """What is asked of the video model: the place alone, as a still."""
    width, height = drawn_size(recipe.width, recipe.height)
    still = msgspec.structs.replace(recipe, width=width, height=height, frames=1)
    return request_of(still, entry, f"{EMPTY} {clause.setting or _NOWHERE}")


def _is_aloft(cast: Cast) -> bool:
    """Whether who acts is off the ground, and on nothing that stands there."""
    return bool(cast.lift) and not _is_seated(cast)


def _is_seated(cast: Cast) -> bool:
    """Whether something of the place is under who acts."""
    return any(isinstance(piece, Under) for piece in cast.pieces)


def _is_adrift(clause: Clause) -> bool:
    return clause.setting != SEA and not has_floor(clause.setting)


def place_for(
    clause: Clause,
    recipe: Recipe,
    entry: Entry,
    drawer: MovieGenPipeline,
    on_step: OnStep,
    cast: Cast | None = None,
) -> Plate:
    """The place of a clause at the recipe's size, painted, or drawn where it cannot be.

    A painted one has the air of a cast, and what stands about there.
    """
    painted = (
        painted_place(clause.setting, recipe)
        if cast is None
        else painted_place(clause.setting, recipe, cast.air, dressing_for(cast, recipe.seed))
    )
    if painted is not None:
        return out_of_focus(painted) if cast is not None and cast.framing == NEAR else painted
    latents = drawer.denoise(plate_request(clause, recipe, entry), on_step)
    drawn = without_grain(drawer.decode(latents, 1).numpy()[0])
    size = recipe.width, recipe.height
    large = cv2.resize(drawn, size, interpolation=cv2.INTER_CUBIC)
    return Plate(large.astype(np.uint8, copy=False), GROUND)


def direction_of(clause: Clause, recipe: Recipe) -> Direction:
    """What the subject and the camera do in a recipe's film, and how gently."""
    return Direction(
        action=movement_of(clause.action) or "stand",
        camera=clause.camera.replace(" ", "_") or "static",
        has_floor=has_floor(clause.setting),
        seed=recipe.seed,
        is_eased=is_eased(recipe),
    )


def has_floor(setting: str) -> bool:
    """Whether a place has ground to throw a shadow on."""
    return not any(word in setting for word in _FLOORLESS)
