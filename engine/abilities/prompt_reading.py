"""How the Movie Gen abilities read a prompt: in the words that the model learnt, unless told not.

A recipe's option `rewrite` set to "off" leaves every word as it was written.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from engine.abilities.context import JobContext
from engine.abilities.film_recipe import is_staged
from engine.errors import WeightsNotInstalled
from engine.models.moviegen.meanings import Embed
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.rewriting import Rewriter
from engine.models.moviegen.sticker_rewriting import StickerRewriter
from engine.models.moviegen.sticker_things import Thing, Told, read_things
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.collage_vocabulary import POCKET_COLLAGE
from engine.planning.sticker_vocabulary import POCKET_LOOP, POCKET_STICKER, clip_vocabulary
from engine.protocol.recipes import OFF, REWRITE, Recipe

VECTORS_BYTES = 4 * 2**20
"""What the vectors of the vocabulary take, amply."""


def phrases_of(context: JobContext) -> Callable[[], Embed]:
    """How to load what tells phrases apart, of a model that reads and draws nothing.

    Raises: WeightsNotInstalled.
    """
    folder = context.weights.parent / "text-encoder"
    if not (folder / "config.json").exists():
        raise WeightsNotInstalled(
            f"The model is not complete: {folder} is not there.",
            "Fetch the program's resources again, for example with git checkout.",
        )
    return lambda: phrase_vectors(*load_text_encoder(folder))


def read_prompt(
    recipe: Recipe, model: str, context: JobContext, pipeline: MovieGenPipeline
) -> Recipe:
    """The recipe with its prompt as the model reads it; a note says so where that is new."""
    if recipe.options.get(REWRITE) == OFF or not recipe.prompt.strip():
        return recipe

    rewriter = video_rewriter(model, context, pipeline, recipe)
    return _told(recipe, rewriter.rewrite(recipe.prompt), context)


def video_rewriter(
    model: str, context: JobContext, pipeline: MovieGenPipeline, recipe: Recipe
) -> Rewriter:
    """What reads the prompt of a clip's recipe, warm from an earlier job if there was any."""
    staged = is_staged(recipe)

    def load() -> Rewriter:
        embed = phrase_vectors(pipeline.text_encoder, pipeline.tokenizer)
        return Rewriter(clip_vocabulary(model, is_staged=staged), embed)

    key = f"{model}/{context.device}/rewriter/{staged}"
    return context.models.get(key, VECTORS_BYTES, load)


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


def read_sticker_things(recipe: Recipe, context: JobContext, pipeline: MovieGenPipeline) -> Told:
    """What a sticker of cut-outs shows, in learnt words; a note says so where they are new."""
    if recipe.options.get(REWRITE) == OFF:
        return Told((Thing(recipe.prompt, is_known=False),))

    def load() -> StickerRewriter:
        return StickerRewriter(
            POCKET_COLLAGE, phrase_vectors(pipeline.text_encoder, pipeline.tokenizer)
        )

    key = f"{recipe.model}/{context.device}/rewriter"
    told = read_things(recipe.prompt, context.models.get(key, VECTORS_BYTES, load))
    if told.words != recipe.prompt:
        context.note(f"Read as: {told.words}")
    return told


def _told(recipe: Recipe, told: str, context: JobContext) -> Recipe:
    if told == recipe.prompt:
        return recipe
    context.note(f"Read as: {told}")
    return msgspec.structs.replace(recipe, prompt=told)
