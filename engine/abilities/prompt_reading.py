"""How the Movie Gen abilities read a prompt: in the words that the model learnt, unless told not.

A recipe's option `rewrite` set to "off" leaves every word as it was written.
"""

from __future__ import annotations

import msgspec

from engine.abilities.context import JobContext
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.rewriting import Rewriter
from engine.models.moviegen.sticker_rewriting import StickerRewriter
from engine.models.moviegen.text import phrase_vectors
from engine.planning.sticker_vocabulary import POCKET_LOOP, POCKET_STICKER, clip_vocabulary
from engine.protocol.recipes import OFF, REWRITE, Recipe

VECTORS_BYTES = 4 * 2**20
"""What the vectors of the vocabulary take, amply."""


def read_prompt(
    recipe: Recipe, model: str, context: JobContext, pipeline: MovieGenPipeline
) -> Recipe:
    """The recipe with its prompt as the model reads it; a note says so where that is new."""
    if recipe.options.get(REWRITE) == OFF or not recipe.prompt.strip():
        return recipe

    rewriter = video_rewriter(model, context, pipeline)
    return _told(recipe, rewriter.rewrite(recipe.prompt), context)


def video_rewriter(model: str, context: JobContext, pipeline: MovieGenPipeline) -> Rewriter:
    """What reads prompts for clips, warm from an earlier job if there was any."""

    def load() -> Rewriter:
        embed = phrase_vectors(pipeline.text_encoder, pipeline.tokenizer)
        return Rewriter(clip_vocabulary(model), embed)

    return context.models.get(f"{model}/{context.device}/rewriter", VECTORS_BYTES, load)


def read_sticker_prompt(
    recipe: Recipe, context: JobContext, pipeline: MovieGenPipeline, *, moving: bool
) -> Recipe:
    """The same for stickers: what one shows, or what one does."""
    if recipe.options.get(REWRITE) == OFF or not recipe.prompt.strip():
        return recipe

    def load() -> StickerRewriter:
        embed = phrase_vectors(pipeline.text_encoder, pipeline.tokenizer)
        return StickerRewriter(POCKET_LOOP if moving else POCKET_STICKER, embed)

    key = f"{recipe.model}/{context.device}/rewriter"
    rewriter = context.models.get(key, VECTORS_BYTES, load)
    read = rewriter.motion if moving else rewriter.still
    return _told(recipe, read(recipe.prompt), context)


def _told(recipe: Recipe, told: str, context: JobContext) -> Recipe:
    if told == recipe.prompt:
        return recipe
    context.note(f"Read as: {told}")
    return msgspec.structs.replace(recipe, prompt=told)
