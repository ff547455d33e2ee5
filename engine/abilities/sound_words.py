"""What reads words for sound: prompts that name sounds, and prompts that films were made of."""

from __future__ import annotations

from dataclasses import dataclass

from engine.abilities.animatic import cast_as_made
from engine.abilities.animatic_cast import Cast
from engine.abilities.context import JobContext
from engine.abilities.film_recipe import CUT_OUT_MODEL, cut_out_recipe, is_staged
from engine.abilities.foley_seen import Seen, heard_as_made
from engine.abilities.moviegen_job import telling_damage
from engine.abilities.prompt_reading import VECTORS_BYTES
from engine.catalogue import Entry
from engine.models.foley.words import SoundReader
from engine.models.moviegen.rewriting import Rewriter
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.sticker_vocabulary import clip_vocabulary
from engine.protocol.recipes import Recipe


@dataclass(frozen=True, slots=True)
class Words:
    """What reads prompts: of sounds, and of cut-out films, of today and of before."""

    sounds: SoundReader
    films: Rewriter
    films_before: Rewriter

    def scene(self, made_by: Recipe) -> Cast:
        """Who acts in a cut-out film, and where, as its prompt was read."""
        return cast_as_made(self.films if is_staged(made_by) else self.films_before, made_by)


def load_words(entry: Entry, context: JobContext) -> Words:
    """The readers of prompts, warm from an earlier job if there was any. Raises: BadWeights."""
    folder = context.weights.parent / "text-encoder"

    def read() -> Words:
        with telling_damage(folder):
            embed = phrase_vectors(*load_text_encoder(folder))
        films, before = (
            Rewriter(clip_vocabulary(CUT_OUT_MODEL, is_staged=staged), embed)
            for staged in (True, False)
        )
        return Words(SoundReader(embed), films, before)

    encoder = entry.component("text_encoder")
    assert encoder is not None  # the catalogue's own entry says
    size_bytes = encoder.parameters * 4 + VECTORS_BYTES
    return context.models.get(f"{entry.id}/words", size_bytes, read)


def seen_as_made(
    recipe: Recipe, entry: Entry, context: JobContext, in_s: float, length_s: float
) -> Seen | None:
    """What is heard in a film whose recipe is told, if that says it: a cut-out film's does."""
    made_by = cut_out_recipe(recipe)
    if made_by is None:
        return None
    return heard_as_made(made_by, load_words(entry, context).scene(made_by), in_s, length_s)
