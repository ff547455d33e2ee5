"""Reading an instruction: which task it asks for, of what, in the words that an editor knows.

Rules and dictionaries alone, so that a plan can refuse what the model has no word for before
anything is loaded. What an instruction leaves open (on which side to add) is settled here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.errors import BadRequest
from engine.planning.edit_vocabulary import LEARNT, EditVocabulary
from engine.planning.edit_words import OPTICAL_STYLES, STYLES, TEMPLATES, WEATHERS
from engine.planning.vocabulary import listed
from engine.protocol.recipes import (
    EDIT_TASKS,
    FOLLOW,
    KEEP_SOURCE,
    LARGEST_SCALE,
    OFF,
    REWRITE,
    TASK,
    USUAL_SCALE,
    Recipe,
)

PRONOUNS = frozenset({"it", "him", "her", "them", "this", "that", "subject", "thing"})
_ARTICLES = frozenset({"a", "an", "the", "my", "his", "our", "some", "this", "that", "one"})
_WORDS_OF_WEATHER_ONLY = frozenset({"snow", "rain", "rainy day", "sunset", "night"})
_AROUND = frozenset(
    listed(
        "sky, ground, floor, grass, wall, walls, water, sea, street, road, clouds,"
        " trees, mountains, ceiling, field, sand"
    )
)
"""Names of what is around whatever stands out: not to be taken for it."""
_PREPOSITION = r"^(in front of|inside|under|near|in|on|at|by) "
BACKGROUND = "background"
"""The thing of an instruction that is about all that is behind what stands out."""
_ALL = frozenset({"everything", "it all", "picture", "film", "shot", "clip", "video"})
_EXAMPLES = {
    "add": "add a cake on the left",
    "remove": "remove the dog",
    "replace": "replace the dog with a robot",
    "recolour": "paint the car blue",
    "background": "change the background to a beach",
    "style": "make it a comic",
    "weather": "make it snow",
    "segment": "mark the cat in green",
}


@dataclass(frozen=True, slots=True)
class Instruction:
    """A task, and the words that a model is given of it.

    `thing` is what is there, as it was called; `detail` is another thing's noun, or a colour, the
    learnt words of a place, or the id of a style or a weather. A weather's `detail` is "day" or
    "clear" where it is to end.
    """

    task: str
    words: str
    thing: str = ""
    detail: str = ""
    side: str = ""


class _Unknown(Exception):
    """A word that the model has none for."""


def instruction_of(recipe: Recipe, known: EditVocabulary = LEARNT) -> Instruction:
    """What a recipe asks for.

    Raises: BadRequest, where nothing can be read of it or the model has no word for it.
    """
    asked = str(recipe.options.get(TASK, "")) or None
    if asked is not None and asked not in EDIT_TASKS:
        raise BadRequest(
            f'There is no editing task "{asked[:40]}".', f"Choose from {', '.join(EDIT_TASKS)}."
        )
    if recipe.options.get(REWRITE) == OFF and not known.names_freely:
        if asked is None:
            asked = read_instruction(recipe.prompt).task
        return Instruction(asked, recipe.prompt.strip())
    return read_instruction(recipe.prompt, asked, known)


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


def guidance_of(recipe: Recipe) -> tuple[float, float]:
    """The two scales as shares of what is usual: 1 and 1 take one prediction a step, and no more.

    Raises: BadRequest.
    """
    keep, follow = (scale_of(recipe, name) / USUAL_SCALE[name] for name in (KEEP_SOURCE, FOLLOW))
    return keep, follow


def read_instruction(
    text: str, task: str | None = None, known: EditVocabulary = LEARNT
) -> Instruction:
    """An instruction in known words; of `task`, or of the task that its words ask for.

    Raises: BadRequest.
    """
    said = " ".join(re.sub(r"[^a-z0-9' -]", " ", text.lower()).split())
    said = re.sub(r"^(please|can you|could you|now|just) ", "", said).removesuffix(" please")
    unknown = ""
    for read in _READERS.values() if task is None else (_READERS[task],):
        try:
            found = read(said, known)
        except _Unknown as problem:
            unknown = unknown or str(problem)
            continue
        if found is not None:
            return _possible(found, known)
    if unknown:
        raise BadRequest(
            f'The model has learnt no word for "{unknown[:60]}".', _hint(unknown, known)
        )
    what = f"how to {task}" if task else "no edit that the model has learnt"
    said_so = (
        f'"{text.strip()[:80]}" asks for {what}.'
        if not task
        else (f'"{text.strip()[:80]}" does not say {what} something.')
    )
    raise BadRequest(said_so, f"Say it as in: {'; '.join(_examples(known))}.")


def _examples(known: EditVocabulary) -> list[str]:
    return [words for task, words in _EXAMPLES.items() if task in known.tasks]


def _possible(found: Instruction, known: EditVocabulary) -> Instruction:
    if found.task in known.tasks:
        return found
    raise BadRequest(
        f'"{found.words}" is not what this model does: it draws a part of the picture anew.',
        "Ask it to add, remove or replace something, or for another background; or use Pocket "
        "opticals.",
    )


def _hint(unknown: str, known: EditVocabulary) -> str:
    if unknown in _AROUND:
        return "It tells apart what stands out and what is behind that; name one of those."
    kinds = (len(set(of.values())) for of in (known.weathers, known.styles, known.places))
    weathers, styles, places = kinds
    return (
        f"It knows {len(known.nouns)} things ({', '.join(known.nouns[:6])} …), {weathers} weathers,"
        f" {styles} styles, {places} places and {len(set(known.colours.values()))} colours; say it"
        f" with one of those instead of {unknown[:60]}."
    )


def _subject(text: str, known: EditVocabulary) -> str | None:
    """The noun of a name among what can be drawn, or None; its last words decide."""
    words = [word for word in text.split() if word not in _ARTICLES]
    if words and words[-1] in PRONOUNS:
        return words[-1]
    for start in range(len(words)):
        rest = " ".join(words[start:])
        for form in (rest, rest.removesuffix("s"), rest.removesuffix("es")):
            if form in known.subjects:
                return known.subjects[form]
    return None


def _drawn(text: str, known: EditVocabulary) -> str:
    """The noun of a thing that is to be drawn."""
    if known.draws_freely:
        return _bare(text)
    found = _subject(text, known)
    if found is None:
        raise _Unknown(_bare(text))
    return found


def _there(text: str, known: EditVocabulary) -> str:
    """What a thing that is there is called."""
    if not known.names_freely:
        return _drawn(text, known)
    if _bare(text) in _AROUND:
        raise _Unknown(_bare(text))
    return _bare(text).removesuffix("'s")


def _bare(text: str) -> str:
    words = text.split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


def _the(noun: str) -> str:
    return noun if noun in PRONOUNS else f"the {noun}"


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _place(text: str, known: EditVocabulary) -> str | None:
    """The learnt wording of a place, or None."""
    bare = re.sub(r"^(in front of|inside|into|under|near|in|on|at|by|to) ", "", text)
    for form in (text, bare, _bare(bare), *(bare[m.end() :] for m in re.finditer(" ", bare))):
        if form in known.places:
            return known.places[form]
    return None


def _found(text: str, words: Mapping[str, str]) -> str | None:
    """What the longest of these words in a text means."""
    for word in sorted(words, key=len, reverse=True):
        if re.search(rf"\b{re.escape(word)}\b", text):
            return words[word]
    return None


def _told(task: str, **slots: str) -> str:
    return TEMPLATES[task].words[0].format(**slots)


def _segment(said: str, known: EditVocabulary) -> Instruction | None:
    found = re.fullmatch(
        r"(?:segment|mark|highlight|mask|outline|cut out) (.+?)(?: (?:in|as) (.+))?", said
    )
    if found is None:
        return None
    colour = _found(found[2], known.colours) if found[2] else "green"
    if colour is None:
        raise _Unknown(found[2])
    thing = _there(found[1], known)
    return Instruction(
        "segment", _told("segment", noun=_the(thing), colour=colour), thing, detail=colour
    )


def _remove(said: str, known: EditVocabulary) -> Instruction | None:
    found = re.fullmatch(r"(?:remove|delete|erase|hide|get rid of|take) (.+?)(?: away| out)?", said)
    if found is None or _found(found[1], known.weathers) or said.endswith("colours out"):
        return None
    if known.names_freely and _bare(found[1]) == BACKGROUND:
        return Instruction("background", "take the background away")
    thing = _there(found[1], known)
    return Instruction("remove", _told("remove", noun=_the(thing)), thing)


def _replace(said: str, known: EditVocabulary) -> Instruction | None:
    forms = (
        r"(?:replace|swap|exchange|substitute) (.+) (?:with|by|for) (.+)",
        r"(?:turn|change|transform|make) (.+?) (?:into|to) (.+)",
        r"make (the .+?) an? (.+)",
    )
    found = next((m for form in forms if (m := re.fullmatch(form, said))), None)
    if found is None or re.search(r"\b(background|day|scene|colou?r)\b", found[1]):
        return None
    new = _subject(found[2], known)
    if new is None and (_found(found[2], known.styles) or _found(found[2], known.weathers)):
        return None
    if new is None and (_place(found[2], known) or _found(found[2], known.colours)):
        return None
    thing, other = _there(found[1], known), _drawn(found[2], known)
    words = _told("replace", noun=_the(thing), other=_a(other))
    return Instruction("replace", words, thing, detail=other)


def _background(said: str, known: EditVocabulary) -> Instruction | None:
    forms = (
        r"(?:change|make|turn|replace|set) the background (?:to|into|with|of)? ?(.+)",
        r"(?:put|place|move|set) (?:.+?) ((?:inside|in|on|at|under|near|by|into|to)\b.+)",
        r"(?:make|turn|change) (?:it|this|the scene|the place) (?:into |to )?(.+)",
    )
    for form in forms:
        found = re.fullmatch(form, said)
        if found is None:
            continue
        where = _place(found[1], known)
        if where is None and known.draws_freely and form in forms[:2]:
            where = _bare(re.sub(_PREPOSITION, "", found[1]))
        only_weather = _bare(found[1]) in _WORDS_OF_WEATHER_ONLY and "background" not in said
        if where is not None and not only_weather:
            place = re.sub(_PREPOSITION, "", where)
            return Instruction("background", f"change the background to {place}", detail=where)
        if "background" in said and not (known.names_freely and _is_look(found[1], known)):
            raise _Unknown(found[1])
    return None


def _is_look(text: str, known: EditVocabulary) -> bool:
    """Whether a text names a colour or a style, which a background may have as well."""
    return bool(_found(text, known.colours) or _found(text, known.styles))


def _style(said: str, known: EditVocabulary) -> Instruction | None:
    style = _found(said, known.styles)
    if style is None:
        return None
    words = {**STYLES, **OPTICAL_STYLES}[style].words[0]
    if not known.names_freely:
        return Instruction("style", words, detail=style)
    blurred = re.fullmatch(r"(?:blur|defocus) (?:out )?(.+)", said)
    thing = BACKGROUND if BACKGROUND in said else _bare(blurred[1]) if blurred else ""
    thing = "" if thing in _ALL else thing
    return Instruction(
        "style", words.replace(" it", f" {_the(thing)}") if thing else words, thing, style
    )


def _weather(said: str, known: EditVocabulary) -> Instruction | None:
    weather = _found(said, known.weathers)
    if weather is not None and re.match(r"(remove|stop|clear|take away|no more|end) ", said):
        return _cleared(WEATHERS[weather].back[0], known)
    if re.search(r"\b(daylight|make it day|daytime|clear weather|weather clear|sunny)\b", said):
        if "day" in said:
            return Instruction("weather", "make it day", detail="day")
        return _cleared("make the weather clear", known)
    if weather is None:
        return None
    return Instruction("weather", WEATHERS[weather].words[0], detail=weather)


def _cleared(words: str, known: EditVocabulary) -> Instruction:
    if known.names_freely:
        raise BadRequest(
            "Weather that is in a film cannot be taken out of it.",
            'Ask for another: "make it day", "make it sunset", "make it foggy".',
        )
    return Instruction("weather", words, detail="clear")


def _recolour(said: str, known: EditVocabulary) -> Instruction | None:
    forms = (
        r"(?:make|paint|dye|colou?r|recolou?r|turn|tint|change) (.+?) (?:to |into |in )?(\w+)",
        r"(?:change|set) the colou?r of (.+?) to (\w+)",
        r"give (.+?) an? (\w+) colou?r",
    )
    for form in reversed(forms):
        found = re.fullmatch(form, said)
        if found is not None and found[2] in known.colours:
            thing, colour = _there(found[1], known), known.colours[found[2]]
            words = _told("recolour", noun=_the(thing), colour=colour)
            return Instruction("recolour", words, thing, detail=colour)
    return None


def _add(said: str, known: EditVocabulary) -> Instruction | None:
    found = re.fullmatch(
        r"(?:add|put|place|insert|draw|show) (.+?)"
        r"(?: (?:on|at|to|in) the (left|right)(?: side)?| here| to it| next to .+| beside .+"
        r"| (?:on|onto|in|into|to|behind|over|under|in front of) (?:the|a|an|his|her|its|my) .+)?",
        said,
    )
    if found is None:
        return None
    if found[1] in PRONOUNS:  # who is there already is put somewhere that it has no word for
        raise _Unknown(said.partition(f"{found[1]} ")[2] or found[1])
    other, side = _drawn(found[1], known), found[2] or "right"
    return Instruction("add", _told("add", other=_a(other), side=side), detail=other, side=side)


_Reader = Callable[[str, EditVocabulary], Instruction | None]
_READERS: Mapping[str, _Reader] = {
    "segment": _segment,
    "remove": _remove,
    "replace": _replace,
    "background": _background,
    "style": _style,
    "recolour": _recolour,
    "weather": _weather,
    "add": _add,
}
"""In this order: "make it a painting" is a style, though it begins as a colour might."""
