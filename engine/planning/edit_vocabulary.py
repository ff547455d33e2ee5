"""What an editor can be asked for by word: things, colours, places, styles and weathers.

The pocket editor has learnt a few of each. The opticals draw whatever the sticker model can, in
more colours and styles, and what is in the film may be called anything: they take what stands out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.planning.art_library import index
from engine.planning.art_names import MORE_NAMES
from engine.planning.edit_words import COLOURS, MORE_COLOURS
from engine.planning.sticker_vocabulary import clip_vocabulary
from engine.planning.vocabulary import POCKET_VIDEO, Words, meanings
from engine.protocol.recipes import EDIT_TASKS


@dataclass(frozen=True, slots=True)
class EditVocabulary:
    """Words, each with what it means.

    `nouns` are the things that can be drawn. With `names_freely` what is in the film already may
    have any name; with `draws_freely` so may what is to be drawn. `tasks` are those that it can do.
    """

    nouns: tuple[str, ...]
    subjects: Mapping[str, str]
    colours: Mapping[str, str]
    places: Mapping[str, str]
    styles: Mapping[str, str]
    weathers: Mapping[str, str]
    names_freely: bool = False
    draws_freely: bool = False
    tasks: frozenset[str] = frozenset(EDIT_TASKS)


def _names(subjects: Words, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Every name of the things a model draws; a last word such as "cake" will do for a name

    where `more` names do not say otherwise.
    """
    nouns = [group[0] for group in subjects.learnt]
    short = {noun.split()[-1]: noun for noun in reversed(nouns) if "face" not in noun.split()}
    return {**short, **(more or {}), **subjects.plain, **{noun: noun for noun in nouns}}


_PREPOSITION = r"^(in front of|inside|under|near|in|on|at|by) "

LEARNT = EditVocabulary(
    nouns=tuple(group[0] for group in POCKET_VIDEO.subjects.learnt),
    subjects=_names(POCKET_VIDEO.subjects),
    colours={colour: colour for colour in COLOURS}
    | meanings(
        """
crimson, scarlet: red
gold, golden: yellow
violet, lilac: purple
navy, azure, turquoise: blue
lime, emerald: green
rose, magenta: pink
amber: orange
"""
    ),
    places={
        re.sub(_PREPOSITION, "", words): words
        for group in POCKET_VIDEO.settings.learnt
        for words in group
    }
    | meanings(
        """
meadow, lawn, pasture, grass, field, park: in a green meadow
beach, seaside, shore, coast: on a sandy beach
forest, woods, wood, jungle: in a forest
desert, sand dunes, dunes, sahara: in the desert
snow, snowy mountains, ice, winter landscape: in the snow
city, street, town, road: on a city street
city at night, night city, neon city: in the city at night
space, outer space, stars, cosmos, galaxy: in outer space
sea, ocean, underwater, water, bottom of the sea, deep sea: under water
sunset, sunset by the sea: in front of a sunset
room, living room, apartment, house: in a living room
stage, theatre, concert: on a stage
sky, clouds, blue sky: in the blue sky
volcano, lava: near a volcano
plain colour, plain wall, plain background, studio: on a plain background
"""
    ),
    styles=meanings(
        """
black and white, black-and-white, monochrome, colours out, grayscale, greyscale, noir: mono
old film, old movie, sepia, vintage, silent movie, silent film: old film
comic, comic book, cartoon, manga, anime: comic
sketch, pencil, pencil sketch, drawing, drawn: sketch
painting, oil painting, painted, oil, watercolour, watercolor, impressionist: painting
pixel art, pixel, pixels, pixelated, 8-bit, video game: pixel art
"""
    ),
    weathers=meanings(
        """
snow, snowy, snowing, winter, blizzard: snow
rain, rainy, raining, storm, stormy, downpour: rain
fog, foggy, mist, misty, haze: fog
night, dark, midnight, nighttime: night
sunset, evening, dusk, golden hour, sundown: sunset
"""
    ),
)
"""What the pocket editor was trained on."""

_ANIMATIC = clip_vocabulary("pocket-animatic")
_LOOKS = LEARNT.places.keys() | LEARNT.weathers.keys() | LEARNT.styles.keys()


def _in_library() -> dict[str, str]:
    """Names of what the art library has, but for those that mean a place or a look as well."""
    taken = _LOOKS | {*COLOURS, *MORE_COLOURS}
    return {name: name for name in (*index().names, *MORE_NAMES) if name not in taken}


OPTICALS = replace(
    LEARNT,
    nouns=tuple(dict.fromkeys([*(g[0] for g in _ANIMATIC.subjects.learnt), *index().labels])),
    subjects=_names(_ANIMATIC.subjects, _in_library()),
    colours={colour: colour for colour in (*COLOURS, *MORE_COLOURS)}
    | {**LEARNT.colours}
    | meanings(
        """
turquoise, cyan, aqua: teal
ebony, jet black: black
ivory, cream: white
gray, silver: grey
tan, chocolate: brown
"""
    ),
    styles={**LEARNT.styles}
    | meanings(
        """
watercolour, watercolor, aquarelle: watercolour
vhs, video tape, videotape, camcorder, 80s video: vhs
dream, dreamy, soft focus, glow, glowing, romantic: dream
blur, blurred, blurry, out of focus, defocus, bokeh: blur
cinematic, teal and orange, blockbuster, movie look, film look: cinematic
"""
    ),
    names_freely=True,
)
"""What can be asked of the opticals."""

REDRAWN = replace(
    OPTICALS,
    draws_freely=True,
    tasks=frozenset({"add", "remove", "replace", "background"}),
)
"""What can be asked of open models that draw a part of a film anew."""
