"""A draft of a generation: what the panel's fields say, and the recipe that follows from it.

Pure functions over model cards. It asks no engine and changes no project.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from fractions import Fraction

import msgspec

from engine.protocol.models import FrameRules, ModelCard
from engine.protocol.recipes import (
    EDIT_IN_S,
    EDIT_OUT_S,
    FOLLOW,
    FOOTAGE_IN_S,
    KEEP_SOURCE,
    MASK_AT_S,
    SOURCE_SIZE,
    TASK,
    Ability,
    InputAsset,
    InputRole,
    Recipe,
)
from studio.session.draft_kinds import (
    AgainDraft,
    AnimationDraft,
    ClipDraft,
    Draft,
    EditDraft,
    ExtendDraft,
    Kind,
    PersonDraft,
    RetakeDraft,
    SmoothDraft,
    SoundDraft,
    Source,
    StickerDraft,
    StillDraft,
    StillsDraft,
    UpscaleDraft,
    Words,
)
from studio.session.film_recipes import with_film_recipe
from studio.session.model_rules import (
    frames_for,
    nearest_aspect,
    seconds_of,
    takes_any_size,
    usual_rate,
)
from studio.session.sounding import sounding

PROMPT_LIMIT = 1000
SEED_LIMIT = 2**31
STICKER_PX = 256
STICKER_FRAMES = 8
STICKER_RATE = "8/1"
UPSCALE = 2


class DraftError(ValueError):
    """A draft that no recipe can be made of; the text is one sentence for the user."""


ABILITIES = {
    Kind.CLIP: Ability.TEXT_TO_VIDEO,
    Kind.STILLS: Ability.IMAGE_TO_VIDEO,
    Kind.PERSON: Ability.PERSONALIZE_VIDEO,
    Kind.STILL: Ability.TEXT_TO_IMAGE,
    Kind.STICKER: Ability.TEXT_TO_STICKER,
    Kind.ANIMATION: Ability.ANIMATE_STICKER,
    Kind.EXTEND: Ability.EXTEND_VIDEO,
    Kind.RETAKE: Ability.RETAKE,
    Kind.EDIT: Ability.EDIT_VIDEO,
    Kind.UPSCALE: Ability.UPSCALE_VIDEO,
    Kind.SMOOTH: Ability.INTERPOLATE_FRAMES,
    Kind.SOUND: Ability.TEXT_TO_AUDIO,
    Kind.SOUNDTRACK: Ability.VIDEO_TO_AUDIO,
    Kind.EXTEND_SOUND: Ability.EXTEND_AUDIO,
}


def random_seed() -> int:
    """A seed that nobody chose."""
    return secrets.randbelow(SEED_LIMIT)


def recipe_of(draft: Draft, card: ModelCard) -> Recipe:
    """The recipe that a draft means for a model.

    Raises:
        DraftError: the prompt is empty or too long, a picture is missing, or the model cannot
            make that shape.
    """
    match draft:
        case ClipDraft():
            base = _described(Kind.CLIP, draft.words, card, draft.camera)
            return _with_handles(_in_shape(base, draft.aspect, card, draft.rate), draft, card)
        case StillsDraft() | PersonDraft():
            is_cast = isinstance(draft, PersonDraft)
            return _cast(draft, card) if is_cast else _from_stills(draft, card)
        case StillDraft():
            return _in_shape(_described(Kind.STILL, draft.words, card), draft.aspect, card)
        case StickerDraft():
            return _changed(_described(Kind.STICKER, draft.words, card), **_sticker_size(card))
        case AnimationDraft():
            return _animated(draft, card)
        case ExtendDraft():
            return _extended(draft, card)
        case RetakeDraft() | EditDraft() | UpscaleDraft() | SmoothDraft():
            return _reworked(draft, card)
        case SoundDraft():
            source, base = draft.source, _described(draft.kind, draft.words, card)
            base = with_film_recipe(base, draft.film_recipe)
            reading = (source.sha256, source.in_s, source.out_s) if source else None
            return sounding(base, card.rules, draft.seconds, reading)
        case AgainDraft():
            return _again(draft, card)


def _described(kind: Kind, words: Words, card: ModelCard, camera: str = "") -> Recipe:
    """The part of a recipe that the words give, once they and the model have been checked."""
    prompt = words.prompt.strip()
    if not prompt and kind not in WORDLESS:
        raise DraftError(_ASK.get(kind, "Describe the shot first: who, where, and what happens."))
    _check(words, ABILITIES[kind], card)
    return Recipe(
        ability=ABILITIES[kind],
        model=card.id,
        prompt=f"{prompt.rstrip('.')}, {camera}".removeprefix(", ") if camera else prompt,
        negative_prompt=words.negative_prompt.strip(),
        seed=words.seed,
        options=card.options,
    )


WORDLESS = {Kind.STILLS, Kind.EXTEND, Kind.RETAKE, Kind.UPSCALE, Kind.SMOOTH} | {
    Kind.SOUNDTRACK,
    Kind.EXTEND_SOUND,
}
"""What a film that is read says enough about: words help, and may be left out."""
_ASK = {
    Kind.STILL: "Describe the picture first: who or what is in it, and where.",
    Kind.EDIT: "Say what to change first: make it snow, remove the dog, paint the car blue.",
    Kind.PERSON: "Say first what happens, and where: waves on a beach at sunset.",
    Kind.SOUND: "Describe the sound first: what is heard, or what music is played.",
    Kind.STICKER: "Describe the sticker first: one character or thing, and its mood.",
    Kind.ANIMATION: "Say first what the sticker does: it waves, it jumps, it nods.",
}


def _check(words: Words, ability: Ability, card: ModelCard) -> None:
    if len(words.prompt.strip()) > PROMPT_LIMIT:
        raise DraftError(f"The prompt is longer than {PROMPT_LIMIT} characters. Shorten it.")
    if ability not in card.abilities:
        raise DraftError(f"{card.title} cannot do this. Choose another model.")


def _changed(recipe: Recipe, **fields: object) -> Recipe:
    return msgspec.structs.replace(recipe, **fields)


def _in_shape(recipe: Recipe, aspect: str, card: ModelCard, rate: str = "") -> Recipe:
    size = card.rules.aspects.get(aspect)
    if size is None:
        choices = ", ".join(card.rules.aspects)
        raise DraftError(f"{card.title} cannot make {aspect}. It makes {choices}.")
    made = rate if rate in card.rules.rates else usual_rate(card.rules)
    return _changed(recipe, width=size[0], height=size[1], rate=made)


def _in_time(recipe: Recipe, seconds: Fraction, card: ModelCard) -> Recipe:
    """So long at the rate that the recipe has."""
    return _changed(recipe, frames=frames_for(card.rules, seconds, recipe.rate))


def _with_handles(recipe: Recipe, draft: ClipDraft, card: ModelCard) -> Recipe:
    """Long enough for the clip and what is hidden of it, in the steps that the model makes."""
    whole = draft.seconds + 2 * draft.handle_s
    timed = _in_time(recipe, whole, card)
    if not draft.handle_s or seconds_of(timed) >= whole:
        return timed
    step = Fraction(card.rules.frame_step) / Fraction(timed.rate)
    return _in_time(recipe, whole + step / 2, card)


def _from_stills(draft: StillsDraft, card: ModelCard) -> Recipe:
    slots = (
        (InputRole.FIRST_FRAME, draft.first),
        (InputRole.MIDDLE_FRAME, draft.middle),
        (InputRole.LAST_FRAME, draft.last),
    )
    inputs = tuple(InputAsset(role=role, sha256=name) for role, name in slots if name)
    if not inputs:
        raise DraftError("Choose a still first: for the first, the middle or the last frame.")
    base = _described(Kind.STILLS, draft.words, card, draft.camera)
    shaped = _in_time(_in_shape(base, draft.aspect, card, draft.rate), draft.seconds, card)
    return _changed(shaped, inputs=inputs)


def _cast(draft: PersonDraft, card: ModelCard) -> Recipe:
    if draft.acting.missing:
        raise DraftError(draft.acting.missing)
    base = _described(Kind.PERSON, draft.words, card, draft.camera)
    if draft.acting.lacks_consent:
        raise DraftError("A person is to be seen. Ask them, then tick that you have permission.")
    shaped = _in_time(_in_shape(base, draft.aspect, card, draft.rate), draft.seconds, card)
    options = base.options | draft.acting.options
    return _changed(shaped, inputs=draft.acting.inputs, options=options)


def _animated(draft: AnimationDraft, card: ModelCard) -> Recipe:
    if not draft.sticker:
        raise DraftError("Choose the sticker first: drop one here, or click the box.")
    base = _described(Kind.ANIMATION, draft.words, card)
    return _changed(
        base,
        **_sticker_size(card),
        frames=STICKER_FRAMES,
        rate=STICKER_RATE,
        inputs=(InputAsset(role=InputRole.SOURCE, sha256=draft.sticker),),
        options=base.options | {"motion": draft.motion},
    )


def _sticker_size(card: ModelCard) -> dict[str, int]:
    width, height = card.rules.aspects.get("1:1", (STICKER_PX, STICKER_PX))
    return {"width": width, "height": height}


def _extended(draft: ExtendDraft, card: ModelCard) -> Recipe:
    source = draft.source
    base = _described(Kind.EXTEND, draft.words, card, draft.camera)
    direction = "before" if draft.before else "after"
    if takes_any_size(card.rules):
        frames = max(1, round(draft.seconds * Fraction(source.rate)))
        timed = _like(source, base, frames, card.rules)
    else:
        shaped = _in_shape(base, nearest_aspect(card.rules, source.width, source.height), card)
        timed = _in_time(shaped, draft.seconds, card)
    options = base.options | {"direction": direction}
    return _changed(timed, inputs=(_part(source),), options=options)


def _like(source: Source, recipe: Recipe, frames: int, rules: FrameRules) -> Recipe:
    """A recipe of so many frames at a film's own rate and size: in even pixels, and no more of them

    than the model makes.
    """
    scale = min(1.0, (rules.max_pixels / (source.width * source.height)) ** 0.5)
    width, height = (int(side * scale) // 2 * 2 for side in (source.width, source.height))
    return _changed(recipe, width=width, height=height, frames=frames, rate=source.rate)


def _reworked(
    draft: RetakeDraft | EditDraft | UpscaleDraft | SmoothDraft, card: ModelCard
) -> Recipe:
    match draft:
        case RetakeDraft():
            return _retaken(draft, card)
        case EditDraft():
            return _edited(draft, card)
        case UpscaleDraft():
            return _upscaled(draft, card)
        case SmoothDraft():
            base = _described(Kind.SMOOTH, draft.words, card)
            return _like_source(base, draft.source, 1, base.options)


def _retaken(draft: RetakeDraft, card: ModelCard) -> Recipe:
    if draft.end_s <= draft.start_s:
        raise DraftError("The range is empty. Mark in and out around the part to be made anew.")
    base = _described(Kind.RETAKE, draft.words, card)
    span = {"retake_in_s": rational(draft.start_s), "retake_out_s": rational(draft.end_s)}
    return _like_source(base, draft.source, 1, base.options | span)


def _edited(draft: EditDraft, card: ModelCard) -> Recipe:
    if draft.end_s <= draft.start_s:
        raise DraftError("The range is empty. Mark in and out around the part to be changed.")
    base = with_film_recipe(_described(Kind.EDIT, draft.words, card), draft.film_recipe)
    options: dict[str, str | int | float | bool] = {
        EDIT_IN_S: rational(draft.start_s),
        EDIT_OUT_S: rational(draft.end_s),
        KEEP_SOURCE: draft.keep_source,
        FOLLOW: draft.follow,
    }
    task: dict[str, str] = {TASK: draft.task} if draft.task else {}
    made = _like_source(base, draft.source, 1, base.options | options | task)
    return _in_region(made, draft) if draft.mask else made


def _in_region(recipe: Recipe, draft: EditDraft) -> Recipe:
    """An edit of a drawn region."""
    mask = InputAsset(role=InputRole.MASK, sha256=draft.mask)
    at = {MASK_AT_S: rational(draft.mask_at_s - draft.began_s)}
    return _changed(recipe, inputs=(*recipe.inputs, mask), options=recipe.options | at)


def _upscaled(draft: UpscaleDraft, card: ModelCard) -> Recipe:
    _check(draft.words, Ability.UPSCALE_VIDEO, card)
    base = Recipe(
        ability=Ability.UPSCALE_VIDEO,
        model=card.id,
        prompt=draft.words.prompt.strip(),
        negative_prompt=draft.words.negative_prompt.strip(),
        seed=draft.words.seed,
    )
    told = {SOURCE_SIZE: f"{draft.source.width}x{draft.source.height}"}
    return _like_source(base, draft.source, UPSCALE, told)


def _like_source(
    recipe: Recipe, source: Source, scale: int, options: Mapping[str, str | int | float | bool]
) -> Recipe:
    """The recipe for a film as long and as fast as its source, at `scale` times its size."""
    given = InputAsset(role=InputRole.SOURCE, sha256=source.sha256)
    if not source.is_whole:
        given = _part(source)
        options = {**options, FOOTAGE_IN_S: rational(source.footage_in_s)}
    return _changed(
        recipe,
        width=source.width * scale,
        height=source.height * scale,
        frames=source.frames,
        rate=source.rate,
        inputs=(given,),
        options=options,
    )


def _part(source: Source) -> InputAsset:
    return InputAsset(
        role=InputRole.SOURCE,
        sha256=source.sha256,
        in_s=rational(source.in_s),
        out_s=rational(source.out_s),
    )


def _again(draft: AgainDraft, card: ModelCard) -> Recipe:
    old = draft.recipe
    prompt = draft.words.prompt.strip()
    if not prompt and old.ability not in {ABILITIES[kind] for kind in WORDLESS}:
        raise DraftError("Describe the shot first: who, where, and what happens.")
    _check(draft.words, old.ability, card)
    weights = old.weights_sha256 if card.id == old.model else ""
    return _changed(
        old,
        model=card.id,
        weights_sha256=weights,
        prompt=prompt,
        negative_prompt=draft.words.negative_prompt.strip(),
        seed=draft.words.seed,
    )


def rational(seconds: Fraction) -> str:
    """Seconds as recipes write them: "n/d"."""
    return f"{seconds.numerator}/{seconds.denominator}"
