"""Sound for a film, of words, or after a sound, without a model that draws it: what drafts have.

What is seen, and when it moves so that it is heard, engine.abilities.foley_seen tells. Words say it
better where they name sounds: they replace what was seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import torch

from engine.abilities.context import JobContext
from engine.abilities.foley_seen import NOTHING, Seen, heard_in, in_words
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.moviegen_sound import film_to_score, load_eyes, look_at, sound_words
from engine.abilities.sound_files import SAMPLE_RATE_HZ, require_length, save_sound, sound_source
from engine.abilities.sound_words import load_words, seen_as_made
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadRequest
from engine.models.foley.cue_sheet import CueSheet, perform
from engine.models.foley.music import MOODS
from engine.models.foley.quilting import LEAST_S, gone_on
from engine.models.foley.words import KNOWN
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ
from engine.models.moviegen.sound_captions import SoundWords
from engine.protocol.assets import Output
from engine.protocol.recipes import Ability, Recipe

_CALM = MOODS[1]


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A soundtrack for the part of the source that is used, what follows a sound, or a sound of

    what the prompt says.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    if recipe.ability is Ability.VIDEO_TO_AUDIO:
        return (_for_film(recipe, entry, context),)
    if recipe.ability is Ability.EXTEND_AUDIO:
        return (_longer(recipe, context),)
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what should be heard.")
    length_s = recipe.frames / LATENT_RATE_HZ
    sheet = told_sheet(NOTHING, sound_words(recipe), recipe.seed, length_s, context, entry)
    return (_performed(sheet, length_s, recipe.seed, context),)


def _for_film(recipe: Recipe, entry: Entry, context: JobContext) -> Output:
    film, in_s, out_s = film_to_score(recipe, entry, context)
    words = sound_words(recipe)
    context.report("loading")
    length_s = float(out_s - in_s)
    seen = seen_as_made(recipe, entry, context, float(in_s), length_s)
    if seen is None:
        eyes = load_eyes(entry, context)
        context.report("watching")
        seen = heard_in(eyes, look_at(eyes, film, in_s, out_s), recipe.seed)
    sheet = told_sheet(seen, words, recipe.seed, length_s, context, entry)
    return _performed(sheet, length_s, recipe.seed, context)


def _longer(recipe: Recipe, context: JobContext) -> Output:
    """What follows where the part of the sound that is used ends, out of the sound itself."""
    _, samples = sound_source(recipe, context)
    require_length(samples, LEAST_S)
    if recipe.prompt.strip():
        context.note("The sound goes on as it is; words are for the model Pocket sound.")
    context.report("composing")
    count = round(recipe.frames / LATENT_RATE_HZ * SAMPLE_RATE_HZ)
    return save_sound(torch.from_numpy(gone_on(samples.numpy(), count, recipe.seed)), context)


def told_sheet(
    seen: Seen,
    words: SoundWords,
    seed: int,
    length_s: float,
    context: JobContext,
    entry: Entry,
) -> CueSheet:
    """The cue sheet of what is seen and said: words for what goes on, or for what moves, replace

    what the picture tells of it. Raises: BadRequest, where nothing would be heard.
    """
    sheet, told = seen.sheet, list(seen.told)
    if words.description or words.music:
        read = load_words(entry, context).sounds
        asked = read.sounds(words.description)
        sheet, told = in_words(seen, asked, seed, length_s)
        if asked.unknown:
            context.note(f"There is no sound here for {_listed(asked.unknown)}, so it is left out.")
        if words.music:
            mood = read.mood(words.music) or _CALM
            sheet = replace(sheet, music=mood)
            told.append(f"{mood.words[0]} music")
    if not told:
        raise BadRequest(
            "None of these sounds can be made.", f"Ask for {', '.join(KNOWN)}, or for music."
        )
    context.note(f"What is heard: {_listed(told)}.")
    return sheet


def _performed(sheet: CueSheet, length_s: float, seed: int, context: JobContext) -> Output:
    def tell(done: int, parts: int) -> None:
        context.report("composing", done, parts)

    samples = torch.from_numpy(perform(sheet, length_s, seed, tell))
    return save_sound(samples[: round(length_s * SAMPLE_RATE_HZ)], context)


def _listed(phrases: Iterable[str]) -> str:
    *first, last = phrases
    return f"{', '.join(first)} and {last}" if first else last
