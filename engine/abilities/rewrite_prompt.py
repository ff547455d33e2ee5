"""A prompt in the words that the Movie Gen family learnt, as plain text."""

from __future__ import annotations

from collections.abc import Callable

from engine.abilities.context import JobContext
from engine.abilities.prompt_reading import VECTORS_BYTES
from engine.catalogue import load_catalogue
from engine.errors import BadRequest, WeightsNotInstalled
from engine.models.moviegen.meanings import Embed
from engine.models.moviegen.rewriting import Rewriter
from engine.models.moviegen.sticker_rewriting import StickerRewriter
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.sticker_vocabulary import POCKET_LOOP, POCKET_STICKER, clip_vocabulary
from engine.protocol.assets import MediaInfo, Output
from engine.protocol.recipes import Ability, Recipe

Read = Callable[[str], str]


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The prompt as a model would read it, UTF-8; the same text where it has no other word.

    Raises: BadRequest, WeightsNotInstalled.
    """
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what the clip should show.")
    folder = context.weights.parent / "text-encoder"
    if not (folder / "config.json").exists():
        raise WeightsNotInstalled(
            f"The model is not complete: {folder} is not there.",
            "Fetch the program's resources again, for example with git checkout.",
        )
    context.report("reading")

    def load() -> Read:
        return _reading(recipe.model, phrase_vectors(*load_text_encoder(folder)))

    read = context.models.get(f"{recipe.model}/words", VECTORS_BYTES, load)
    told = read(recipe.prompt)
    return (context.save(told.encode(), "text/plain", MediaInfo(), "prompt"),)


def _reading(model: str, embed: Embed) -> Read:
    """How that model reads: what a sticker shows, what one does, or what a clip shows."""
    abilities = load_catalogue().entry(model).abilities
    if Ability.ANIMATE_STICKER in abilities:
        return StickerRewriter(POCKET_LOOP, embed).motion
    if Ability.TEXT_TO_STICKER in abilities:
        return StickerRewriter(POCKET_STICKER, embed).still
    return Rewriter(clip_vocabulary(model), embed).rewrite
