"""Reading an instruction: which task it asks for, in the words that the pocket editor learnt.

Rules and dictionaries alone, so that a plan can refuse what the model has no word for before
anything is loaded. What an instruction leaves open (on which side to add) is settled here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.errors import BadRequest
from engine.planning.edit_words import COLOURS, STYLES, TEMPLATES, WEATHERS
from engine.planning.vocabulary import POCKET_VIDEO, listed, meanings
from engine.protocol.recipes import (
    EDIT_TASKS,
    FOLLOW,
    LARGEST_SCALE,
    OFF,
    REWRITE,
    TASK,
    USUAL_SCALE,
    Recipe,
)

_NOUNS = tuple(group[0] for group in POCKET_VIDEO.subjects.learnt)
_SUBJECTS = {
    **{noun.split()[-1]: noun for noun in _NOUNS},
    **POCKET_VIDEO.subjects.plain,
    **{noun: noun for noun in _NOUNS},
}
_PRONOUNS = frozenset({"it", "him", "her", "them", "this", "that", "subject", "thing"})
_ARTICLES = frozenset({"a", "an", "the", "my", "his", "our", "some", "this", "that", "one"})
_COLOURS = {colour: colour for colour in COLOURS} | meanings(
    """
crimson, scarlet: red
gold, golden: yellow
violet, lilac: purple
navy, azure, turquoise: blue
lime, emerald: green
rose, magenta: pink
amber: orange
"""
)
_PLACES = {
    re.sub(r"^(in front of|inside|under|near|in|on|at|by) ", "", words): words
    for group in POCKET_VIDEO.settings.learnt
    for words in group
} | meanings(
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
)
_STYLE_WORDS = meanings(
    """
black and white, black-and-white, monochrome, colours out, grayscale, greyscale, noir: mono
old film, old movie, sepia, vintage, silent movie, silent film: old film
comic, comic book, cartoon, manga, anime: comic
sketch, pencil, pencil sketch, drawing, drawn: sketch
painting, oil painting, painted, oil, watercolour, watercolor, impressionist: painting
pixel art, pixel, pixels, pixelated, 8-bit, video game: pixel art
"""
)
_WEATHER_WORDS = meanings(
    """
snow, snowy, snowing, winter, blizzard: snow
rain, rainy, raining, storm, stormy, downpour: rain
fog, foggy, mist, misty, haze: fog
night, dark, midnight, nighttime: night
sunset, evening, dusk, golden hour, sundown: sunset
"""
)
_WORDS_OF_WEATHER_ONLY = frozenset({"snow", "rain", "rainy day", "sunset", "night"})
_EXAMPLES = listed(
    "add a cake on the left, remove the dog, replace the dog with a robot, paint the car blue,"
    " change the background to a beach, make it a comic, make it snow, mark the cat in green"
)
ANY_TASK = f"Say it as in: {'; '.join(_EXAMPLES)}."


@dataclass(frozen=True, slots=True)
class Instruction:
    """A task and the words that the model is given of it."""

    task: str
    words: str


class _Unknown(Exception):
    """A word that the model has none for."""


def instruction_of(recipe: Recipe) -> Instruction:
    """What a recipe asks for.

    Raises: BadRequest, where nothing can be read of it or the model has no word for it.
    """
    asked = str(recipe.options.get(TASK, "")) or None
    if asked is not None and asked not in EDIT_TASKS:
        raise BadRequest(
            f'There is no editing task "{asked[:40]}".', f"Choose from {', '.join(EDIT_TASKS)}."
        )
    if recipe.options.get(REWRITE) == OFF:
        if asked is None:
            asked = read_instruction(recipe.prompt).task
        return Instruction(asked, recipe.prompt.strip())
    return read_instruction(recipe.prompt, asked)


def scale_of(recipe: Recipe, option: str) -> float:
    """How closely an edit keeps its source, or follows its words; for the latter the sampler's

    guidance serves too.

    Raises: BadRequest.
    """
    usual, most = USUAL_SCALE[option], LARGEST_SCALE[option]
    guidance = recipe.sampler.guidance_scale if option == FOLLOW else None
    given = recipe.options.get(option, usual if guidance is None else guidance)
    if isinstance(given, str) or not 0 <= given <= most:
        raise BadRequest(
            f"The option {option} is {given!r}.",
            f"Give a number from 0 to {most:g}; {usual:g} is usual.",
        )
    return float(given)


def read_instruction(text: str, task: str | None = None) -> Instruction:
    """An instruction in learnt words; of `task`, or of the task that its words ask for.

    Raises: BadRequest.
    """
    said = " ".join(re.sub(r"[^a-z0-9' -]", " ", text.lower()).split())
    said = re.sub(r"^(please|can you|could you|now|just) ", "", said).removesuffix(" please")
    unknown = ""
    for name, read in _READERS if task is None else [(task, _READER_OF[task])]:
        try:
            words = read(said)
        except _Unknown as problem:
            unknown = unknown or str(problem)
            continue
        if words is not None:
            return Instruction(name, words)
    if unknown:
        raise BadRequest(f'The model has learnt no word for "{unknown[:60]}".', _known(unknown))
    what = f"how to {task}" if task else "no edit that the model has learnt"
    said_so = (
        f'"{text.strip()[:80]}" asks for {what}.'
        if not task
        else (f'"{text.strip()[:80]}" does not say {what} something.')
    )
    raise BadRequest(said_so, ANY_TASK)


def _known(unknown: str) -> str:
    return (
        f"It knows {len(_NOUNS)} things ({', '.join(_NOUNS[:6])} …), {len(WEATHERS)} weathers, "
        f"{len(STYLES)} styles, {len(POCKET_VIDEO.settings.learnt)} places and {len(COLOURS)} "
        f"colours; say it with one of those instead of {unknown[:60]}."
    )


def _subject(text: str) -> str | None:
    """The learnt noun of a name, or None; its last words decide."""
    words = [word for word in text.split() if word not in _ARTICLES]
    if words and words[-1] in _PRONOUNS:
        return words[-1]
    for start in range(len(words)):
        rest = " ".join(words[start:])
        for form in (rest, rest.removesuffix("s"), rest.removesuffix("es")):
            if form in _SUBJECTS:
                return _SUBJECTS[form]
    return None


def _named(text: str) -> str:
    found = _subject(text)
    if found is None:
        raise _Unknown(_bare(text))
    return found


def _bare(text: str) -> str:
    words = text.split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


def _the(noun: str) -> str:
    return noun if noun in _PRONOUNS else f"the {noun}"


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _place(text: str) -> str | None:
    """The learnt wording of a place, or None."""
    bare = re.sub(r"^(in front of|inside|into|under|near|in|on|at|by|to) ", "", text)
    for form in (text, bare, _bare(bare), *(bare[m.end() :] for m in re.finditer(" ", bare))):
        if form in _PLACES:
            return _PLACES[form]
    return None


def _found(text: str, words: Mapping[str, str]) -> str | None:
    """What the longest of these words in a text means."""
    for word in sorted(words, key=len, reverse=True):
        if re.search(rf"\b{re.escape(word)}\b", text):
            return words[word]
    return None


def _told(task: str, **slots: str) -> str:
    return TEMPLATES[task].words[0].format(**slots)


def _segment(said: str) -> str | None:
    found = re.fullmatch(
        r"(?:segment|mark|highlight|mask|outline|cut out) (.+?)(?: (?:in|as) (.+))?", said
    )
    if found is None:
        return None
    colour = _found(found[2], _COLOURS) if found[2] else "green"
    if colour is None:
        raise _Unknown(found[2])
    return _told("segment", noun=_the(_named(found[1])), colour=colour)


def _remove(said: str) -> str | None:
    found = re.fullmatch(r"(?:remove|delete|erase|hide|get rid of|take) (.+?)(?: away| out)?", said)
    if found is None or _found(found[1], _WEATHER_WORDS) or said.endswith("colours out"):
        return None
    return _told("remove", noun=_the(_named(found[1])))


def _replace(said: str) -> str | None:
    forms = (
        r"(?:replace|swap|exchange|substitute) (.+) (?:with|by|for) (.+)",
        r"(?:turn|change|transform|make) (.+?) (?:into|to) (.+)",
        r"make (the .+?) an? (.+)",
    )
    found = next((m for form in forms if (m := re.fullmatch(form, said))), None)
    if found is None or re.search(r"\b(background|day|scene|colou?r)\b", found[1]):
        return None
    new = _subject(found[2])
    if new is None and (_found(found[2], _STYLE_WORDS) or _found(found[2], _WEATHER_WORDS)):
        return None
    if new is None and (_place(found[2]) or _found(found[2], _COLOURS)):
        return None
    return _told("replace", noun=_the(_named(found[1])), other=_a(new or _named(found[2])))


def _background(said: str) -> str | None:
    forms = (
        r"(?:change|make|turn|replace|set) the background (?:to|into|with|of)? ?(.+)",
        r"(?:put|place|move|set) (?:.+?) ((?:inside|in|on|at|under|near|by|into|to)\b.+)",
        r"(?:make|turn|change) (?:it|this|the scene|the place) (?:into |to )?(.+)",
    )
    for form in forms:
        found = re.fullmatch(form, said)
        if found is None:
            continue
        where = _place(found[1])
        only_weather = _bare(found[1]) in _WORDS_OF_WEATHER_ONLY and "background" not in said
        if where is not None and not only_weather:
            place = re.sub(r"^(in front of|inside|under|near|in|on|at|by) ", "", where)
            return f"change the background to {place}"
        if "background" in said:
            raise _Unknown(found[1])
    return None


def _style(said: str) -> str | None:
    style = _found(said, _STYLE_WORDS)
    return None if style is None else STYLES[style].words[0]


def _weather(said: str) -> str | None:
    weather = _found(said, _WEATHER_WORDS)
    if weather is not None and re.match(r"(remove|stop|clear|take away|no more|end) ", said):
        return WEATHERS[weather].back[0]
    if re.search(r"\b(daylight|make it day|daytime|clear weather|weather clear|sunny)\b", said):
        return "make it day" if "day" in said else "make the weather clear"
    return None if weather is None else WEATHERS[weather].words[0]


def _recolour(said: str) -> str | None:
    forms = (
        r"(?:make|paint|dye|colou?r|recolou?r|turn|tint|change) (.+?) (?:to |into |in )?(\w+)",
        r"(?:change|set) the colou?r of (.+?) to (\w+)",
        r"give (.+?) an? (\w+) colou?r",
    )
    for form in reversed(forms):
        found = re.fullmatch(form, said)
        if found is not None and found[2] in _COLOURS:
            return _told("recolour", noun=_the(_named(found[1])), colour=_COLOURS[found[2]])
    return None


def _add(said: str) -> str | None:
    found = re.fullmatch(
        r"(?:add|put|place|insert|draw|show) (.+?)"
        r"(?: (?:on|at|to|in) the (left|right)(?: side)?| here| to it| next to .+| beside .+)?",
        said,
    )
    if found is None:
        return None
    return _told("add", other=_a(_named(found[1])), side=found[2] or "right")


_Reader = Callable[[str], str | None]
_READERS: tuple[tuple[str, _Reader], ...] = (
    ("segment", _segment),
    ("remove", _remove),
    ("replace", _replace),
    ("background", _background),
    ("style", _style),
    ("recolour", _recolour),
    ("weather", _weather),
    ("add", _add),
)
"""In this order: "make it a painting" is a style, though it begins as a colour might."""
_READER_OF: Mapping[str, _Reader] = dict(_READERS)
