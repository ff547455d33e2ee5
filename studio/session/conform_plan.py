"""What a conform would do: which shots of a cut are made again, by what, and which stay.

Pure functions over a project and a cast. No engine is asked and nothing is started here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import msgspec

from engine.protocol.models import FrameRules, ModelCard
from engine.protocol.recipes import Ability, Recipe, Sampler
from studio.document.model.clip import Clip, SequenceMedia
from studio.document.model.generated import GeneratedMedia, Take
from studio.document.model.generated import Recipe as StoredRecipe
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track
from studio.document.queries.places import clips_of
from studio.document.retime import source_range
from studio.session.model_rules import nearest_aspect, rate_like
from studio.session.recipes import sent
from studio.session.sounding import SOUNDS

_LIKE_SOURCE = {
    Ability.RETAKE,
    Ability.UPSCALE_VIDEO,
    Ability.EDIT_VIDEO,
    Ability.INTERPOLATE_FRAMES,
    Ability.CUT_OUT,
    Ability.ANIMATE_STICKER,
}
"""Abilities whose length and rate no model chooses."""
_MODEL_TIERS = {"draft": ("draft",), "local": ("local",), "server": ("server", "local", "draft")}
"""Which models a tier means, best first: a server offers the largest that it has."""

_TOOLS = frozenset(
    {
        Ability.INTERPOLATE_FRAMES,
        Ability.UPSCALE_VIDEO,
        Ability.CUT_OUT,
        Ability.EDIT_VIDEO,
        Ability.VIDEO_TO_AUDIO,
    }
)
"""What models of drafts do to any film: where a tier has none for it, theirs are run again over

what the draft became.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to conform to: a tier, models named for some abilities, and steps of denoising."""

    tier: str
    models: Mapping[Ability, str] = field(default_factory=dict[Ability, str])
    steps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One recipe of the cut, and every clip that plays it: halves of one clip are made once.

    `recipe` is the one to run, and `before` the one that plays now. `made` is a take that is what
    is wanted already; `plays` says that every clip shows it. `obstacle` is a sentence why the shot
    stays as it is, "" where it does not. `needed_s` is how much of an output the clips use.

    `reads` are the outputs that the recipe reads, by SHA-256, and the shots that make those again.
    What is `hidden` no clip plays: it is made for another to read.
    """

    clip_ids: tuple[Id, ...]
    name: str
    before: Recipe
    recipe: Recipe
    card: ModelCard | None = None
    needed_s: Fraction = Fraction(0)
    made: Take | None = None
    plays: bool = False
    obstacle: str = ""
    notes: tuple[str, ...] = ()
    reads: tuple[tuple[str, Shot], ...] = ()
    hidden: bool = False

    @property
    def runs(self) -> bool:
        """Whether an engine has to make it."""
        return not self.obstacle and self.made is None

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do for it: it plays, or is there to be read."""
        return self.plays or (self.hidden and not self.obstacle and self.made is not None)

    @property
    def swaps(self) -> bool:
        """Whether a take is there that only has to be chosen."""
        return not self.obstacle and self.made is not None and not self.plays and not self.hidden


def shots_of(
    project: Project, sequence_id: Id, cast: tuple[ModelCard, ...], target: Target
) -> tuple[Shot, ...]:
    """Every generated shot of a sequence and of what is nested in it, in the order of the cut."""
    groups: dict[bytes, Shot] = {}
    for sequence in _reached(project, sequence_id):
        for track, _, clip in clips_of(sequence):
            shot = _shot(sequence, track, clip, cast, target)
            if shot is None:
                continue
            key = msgspec.json.encode((shot.recipe, shot.obstacle))
            groups[key] = _together(groups[key], shot) if key in groups else shot
    return tuple(groups.values())


def abilities_of(project: Project, sequence_id: Id) -> tuple[Ability, ...]:
    """What the generated shots of a cut were made by, each once."""
    found = (
        recipe.ability
        for sequence in _reached(project, sequence_id)
        for _, _, clip in clips_of(sequence)
        if isinstance(clip.media, GeneratedMedia) and (recipe := _playing(clip.media)) is not None
    )
    return tuple(dict.fromkeys(found))


def cards_of(cast: tuple[ModelCard, ...], tier: str, ability: Ability) -> tuple[ModelCard, ...]:
    """The models of a tier that can run an ability now, the best first."""
    able = [c for c in cast if ability in c.abilities and c.installed and c.runnable]
    tiers = _MODEL_TIERS[tier]
    if ability in _TOOLS and "draft" not in tiers:
        tiers = (*tiers, "draft")
    return tuple(c for each in tiers for c in able if c.tier == each)


def remade(recipe: Recipe, card: ModelCard, steps: int | None = None) -> Recipe:
    """A recipe for a model: the same thing asked for, in a shape and length that it makes."""
    sampler = recipe.sampler if card.id == recipe.model else Sampler()
    if steps is not None:
        sampler = msgspec.structs.replace(sampler, steps=steps)
    base = msgspec.structs.replace(
        recipe, model=card.id, sampler=sampler, weights_sha256="", engine_version=""
    )
    if card.id == recipe.model or recipe.ability in _LIKE_SOURCE:
        return base
    return msgspec.structs.replace(base, adapters=(), **_shape(recipe, card.rules))


def fits(take: Take, wanted: Recipe, card: ModelCard) -> bool:
    """Whether a take is what a recipe would give: the same request, by the same weights."""
    made = readable(take.recipe)
    if made is None:
        return False
    weights = made.weights_sha256 in ("", card.weights_sha256) or not card.weights_sha256
    bare = msgspec.structs.replace(made, weights_sha256="", engine_version="")
    return weights and bare == wanted


def take_for(clip: Clip, shot: Shot) -> Take | None:
    """The take of a clip that is what its shot asks for."""
    if not isinstance(clip.media, GeneratedMedia) or shot.card is None:
        return None
    takes = reversed(clip.media.takes)
    return next((take for take in takes if fits(take, shot.recipe, shot.card)), None)


def plays_it(clip: Clip, shot: Shot) -> bool:
    """Whether a clip shows what its shot asks for."""
    take = take_for(clip, shot)
    return (
        take is not None
        and isinstance(clip.media, GeneratedMedia)
        and (clip.media.chosen == take.id)
    )


def used_s(clip: Clip, sequence: Sequence, recipe: Recipe) -> Fraction:
    """How many seconds of what a recipe made a clip uses, counted from the start; 0 of a still."""
    if recipe.frames <= 1:
        return Fraction(0)
    end = source_range(clip, sequence.rate).end_time_exclusive.seconds
    return min(end, _length_s(recipe))


def shot_of(
    clip: Clip,
    recipe: Recipe,
    cast: tuple[ModelCard, ...],
    target: Target,
    needed_s: Fraction = Fraction(0),
) -> Shot:
    """What is to become of a recipe of a clip, of whose output so much is needed."""
    shot = Shot(
        clip_ids=(clip.id,),
        name=clip.name or recipe.prompt or recipe.ability.value.replace("_", " "),
        before=recipe,
        recipe=recipe,
        needed_s=needed_s,
    )
    card, why = _card(cast, target, recipe.ability)
    if card is None:
        return replace(shot, obstacle=why)
    return _by(replace(shot, card=card), clip, target)


def _shot(
    sequence: Sequence, track: Track, clip: Clip, cast: tuple[ModelCard, ...], target: Target
) -> Shot | None:
    media = clip.media
    recipe = _playing(media) if isinstance(media, GeneratedMedia) else None
    if recipe is None:
        return None
    shot = shot_of(clip, recipe, cast, target, used_s(clip, sequence, recipe))
    if track.locked:
        name = track.name or "Its track"
        said = f"{name} is locked. Unlock it to conform what is on it."
        return replace(shot, recipe=recipe, card=None, made=None, plays=False, obstacle=said)
    return shot


def _by(shot: Shot, clip: Clip, target: Target) -> Shot:
    """A shot that a model is to make, unless it cannot make it long enough."""
    card = shot.card
    assert card is not None
    shot = replace(shot, recipe=remade(shot.before, card, target.steps))
    longest = _length_s(shot.recipe)
    if shot.recipe.frames > 1 and longest < shot.needed_s:
        return replace(
            shot,
            obstacle=f"{card.title} makes at most {float(longest):.1f} s; "
            f"the cut uses {float(shot.needed_s):.1f} s of it.",
        )
    lost = shot.before.adapters and not shot.recipe.adapters
    notes = ("It was made with an adapter, which does not fit this model.",) if lost else ()
    return replace(shot, made=take_for(clip, shot), plays=plays_it(clip, shot), notes=notes)


def _together(first: Shot, other: Shot) -> Shot:
    return replace(
        first,
        clip_ids=(*first.clip_ids, *other.clip_ids),
        needed_s=max(first.needed_s, other.needed_s),
        made=first.made or other.made,
        plays=first.plays and other.plays,
    )


def _card(
    cast: tuple[ModelCard, ...], target: Target, ability: Ability
) -> tuple[ModelCard | None, str]:
    """The model to use, or a sentence why there is none."""
    named = target.models.get(ability)
    found = cards_of(cast, target.tier, ability)
    for card in found if named is None else (c for c in cast if c.id == named):
        if card.installed:
            return card, ""
        return None, f"{card.title} is not installed. Download it first."
    what = ability.value.replace("_", " ")
    return None, f"No model for {what} is installed at this tier. Choose another, or install one."


def _shape(recipe: Recipe, rules: FrameRules) -> dict[str, object]:
    shape: dict[str, object] = {}
    if rules.aspects and recipe.ability not in SOUNDS:
        aspect = nearest_aspect(rules, recipe.width, recipe.height)
        shape["width"], shape["height"] = rules.aspects[aspect]
    if recipe.frames > 1 or recipe.ability in SOUNDS:
        seconds = Fraction(recipe.frames) / Fraction(recipe.rate)
        rate = rate_like(rules, Fraction(recipe.rate))
        shape |= {"frames": _covering(rules, seconds, rate), "rate": rate}
    return shape


def _covering(rules: FrameRules, seconds: Fraction, rate: str) -> int:
    """The fewest frames a model makes that last so long at a rate, or the most that it makes."""
    wanted = seconds * Fraction(rate)
    steps = max(0, math.ceil((wanted - rules.frame_offset) / rules.frame_step))
    most = max(0, (rules.max_frames - rules.frame_offset) // rules.frame_step)
    return max(1, min(steps, most) * rules.frame_step + rules.frame_offset)


def _length_s(recipe: Recipe) -> Fraction:
    return Fraction(recipe.frames) / Fraction(recipe.rate)


def _playing(media: GeneratedMedia) -> Recipe | None:
    """The recipe of what plays; of a placeholder, what it asks for; None for footage."""
    take = media.take
    if take is not None and take.is_footage:
        return None
    return readable(media.recipe if take is None else take.recipe)


def readable(stored: StoredRecipe) -> Recipe | None:
    """A recipe, None where a newer version wrote it in a way that this one cannot read."""
    try:
        return sent(stored)
    except ValueError:
        return None


def _reached(project: Project, sequence_id: Id) -> Iterator[Sequence]:
    """A sequence and everything nested in it, each once."""
    seen: set[Id] = set()
    waiting = [sequence_id]
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        sequence = project.sequence(current)
        yield sequence
        waiting.extend(_nested(clip for _, _, clip in clips_of(sequence)))


def _nested(clips: Iterable[Clip]) -> Iterator[Id]:
    for clip in clips:
        if isinstance(clip.media, SequenceMedia):
            yield clip.media.sequence_id
