"""What a sentence says of the air over a place, and of what moves there by itself."""

from __future__ import annotations

import re

from engine.abilities.animatic_cast import Cast
from engine.models.moviegen.air_words import time_told, weather_told
from engine.planning.figures import WAVE
from engine.planning.set_pieces import name_of


def _rule(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_SNOW_FALLS = _rule(
    r"snow ?storm|blizzard|snowfall|snowing|snow (?:is )?fall\w*|falling snow"
    r"|(?:in|through) the snow|heavy snow|snowflakes?"
)
_STORM = _rule(r"(?:thunder ?)?storms?|stormy|hurricane|thunder")
_RAIN = _rule(r"rain\w*|downpour|drizzle|umbrella in the rain")
_WINTER = _rule(r"in (?:the )?winter|wintry|winter (?:day|morning|evening|night|forest|landscape)")
_AUTUMN = _rule(r"autumn\w*|in the fall|fall (?:colou?rs|leaves|foliage)")
_AT_NIGHT = _rule(r"fireworks?|the stars|starry|night ?club|campfire|bonfire|at midnight")
BURNS = _rule(r"burning|on fire|in flames|ablaze")
_EFFECTS = (
    ("fireworks", _rule(r"fireworks?")),
    ("lightning", _rule(r"lightning|thunder ?storms?|storms?|stormy")),
    ("on glass", _rule(r"(?:rain\w*|drops?|storm) .*window|window .*(?:rain\w*|drops?|storm)")),
    ("steam", _rule(r"steam\w*|hot (?:coffee|tea|soup|chocolate|drink)")),
    ("smoke", _rule(r"smok(?:e|es|ing|y)|erupt\w*")),
    ("puddle", _rule(r"puddles?")),
    ("splash", _rule(r"splash\w*|puddles?")),
    ("shaken", _rule(r"shak\w+ (?:off )?(?:the )?(?:water|itself|himself|herself)")),
    ("twinkle", _rule(r"the stars|starry|starlit|milky way")),
    ("splash", _rule(r"(?:through|in|into) (?:the )?(?:shallow )?(?:water|surf|waves|shallows)")),
    ("bubbles", _rule(r"bubbles")),
    ("leaves", _rule(r"autumn\w*|leaves (?:are )?fall\w*|falling leaves|fall leaves")),
    ("petals", _rule(r"cherry blossoms?|petals|sakura")),
    ("confetti", _rule(r"confetti|celebrat\w+|new year'?s?|carnival|graduat\w+")),
    ("wind", _rule(r"windy|(?:in|by) the wind|breeze|breezy|gusts?|gale")),
)
_PUDDLES = _rule(r"puddles?")
_BREAKS = _rule(r"crash\w*|break\w*|smash\w*|pound\w*|hit\w*")
FIRES = frozenset(("fire", "campfire"))


def time_of(said: str) -> str:
    """The time of day that is told, or that what is told of happens at; "" for day."""
    return time_told(said) or ("night" if _AT_NIGHT.search(said) else "")


def weather_of(said: str) -> str:
    """The weather that is told, or what it left: "snowy" mountains need no snow that falls."""
    if _STORM.search(said) and not _SNOW_FALLS.search(said) and "sandstorm" not in said.lower():
        return "storm"
    told = weather_told(said)
    if told == "snow" or (not told and _WINTER.search(said)):
        return "snow" if _SNOW_FALLS.search(said) else "snow cover"
    if _PUDDLES.search(said) and told == "":
        return "wet"
    if told == "rain" and not _RAIN.search(said):
        return "wet"
    return told


def season_told(said: str) -> str:
    """ "autumn", or "" where no season is told that looks otherwise."""
    return "autumn" if _AUTUMN.search(said) else ""


def effects_of(cast: Cast, said: str) -> tuple[str, ...]:
    """Names of what moves by itself in a cast's film of a prompt that was `said`."""
    names = [name for name, rule in _EFFECTS if rule.search(said)]
    first = next(iter(cast.everybody), None)
    if first is not None and first.label == WAVE and _BREAKS.search(said):
        names.append("spray")
    if first is not None and first.label in FIRES:
        names.append("sparks")
    if first is None:
        names = [name for name in names if name not in _OF_SOMEBODY]
    is_smoky = any(name_of(piece) == "volcano" for piece in cast.pieces)
    names = list(dict.fromkeys(names))
    return tuple(name for name in names if name != "smoke" or first is not None or is_smoky)


_OF_SOMEBODY = frozenset(("steam", "smoke", "puddle", "splash", "shaken", "bubbles"))
