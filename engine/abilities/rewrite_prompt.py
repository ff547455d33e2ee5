"""A prompt in the words that the Movie Gen family learnt, as plain text."""

from __future__ import annotations

from collections.abc import Callable

from engine.abilities.context import JobContext
from engine.abilities.prompt_reading import VECTORS_BYTES, phrases_of
from engine.catalogue import load_catalogue
from engine.errors import BadRequest
from engine.models.moviegen.meanings import Embed
from engine.models.moviegen.rewriting import Rewriter
from engine.models.moviegen.sticker_rewriting import StickerRewriter
from engine.models.moviegen.sticker_things import read_things
from engine.planning.collage_vocabulary import POCKET_COLLAGE, POCKET_COLLAGE_LOOP
from engine.planning.plain_names import read_plainly
from engine.planning.sticker_vocabulary import POCKET_LOOP, POCKET_STICKER, clip_vocabulary
from engine.protocol.assets import MediaInfo, Output
from engine.protocol.recipes import CAST, PLAYED, Ability, Recipe

Read = Callable[[str], str]


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The prompt as a model would read it, UTF-8; the same text where it has no other word.

    Raises: BadRequest, WeightsNotInstalled.
    """
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what the clip should show.")
    embed = phrases_of(context)
    context.report("reading")
    read = context.models.get(
        f"{recipe.model}/reading", VECTORS_BYTES, lambda: _reading(recipe.model, embed())
    )
    told = read(recipe.prompt)
    return (context.save(told.encode(), "text/plain", MediaInfo(), "prompt"),)


def _reading(model: str, embed: Embed) -> Read:
    """How that model reads: what a sticker shows, what one does, or what a clip shows."""
    entry = load_catalogue().entry(model)
    abilities, is_collage = entry.abilities, entry.family == "collage"
    if Ability.ANIMATE_STICKER in abilities and is_collage:
        return StickerRewriter(POCKET_COLLAGE_LOOP, embed).motion
    if Ability.TEXT_TO_STICKER in abilities and is_collage:
        rewriter = StickerRewriter(POCKET_COLLAGE, embed)
        return lambda prompt: read_things(prompt, rewriter).words
    if Ability.ANIMATE_STICKER in abilities:
        return StickerRewriter(POCKET_LOOP, embed).motion
    if Ability.TEXT_TO_STICKER in abilities:
        return StickerRewriter(POCKET_STICKER, embed).still
    read = Rewriter(clip_vocabulary(model), embed).rewrite
    if entry.options.get(CAST) == PLAYED:
        return lambda prompt: read(read_plainly(prompt))
    return read
