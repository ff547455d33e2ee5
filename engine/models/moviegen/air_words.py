"""The time of day and the weather that a prompt tells, by its words."""

from __future__ import annotations

import re

_TIMES = tuple(
    (re.compile(rf"\b(?:{said})\b", re.IGNORECASE), time)
    for said, time in (
        (
            (
                r"(?:at|by|in the|through the|all|one|late at|into the) (?:night|midnight)|moonlit"
                r"|moonlight|starlit|starry|nighttime|night-time|after dark|in the dark|at the moon"
                r"|moon (?:ris|shin|glow)\w*|under the (?:stars|moon)|starlight"
            ),
            "night",
        ),
        (r"sunset|sundown|dusk|twilight|golden hour|(?:in the |at )evening|sun sets|setting sun",
         "dusk"),
        (r"sunrise|dawn|daybreak|(?:in the |early )morning|sun (?:rises|comes up)|rising sun",
         "dawn"),
    )
)  # fmt: skip
_WEATHERS = tuple(
    (re.compile(rf"\b(?:{said})\b", re.IGNORECASE), weather)
    for said, weather in (
        (r"snow ?storm|blizzard|snowfall|snowing|snows?|snowy", "snow"),
        (r"thunderstorm|storm|stormy|rain|rains|raining|rainy|rainfall|downpour|drizzle|wet",
         "rain"),
        (r"fog|foggy|mist|misty|haze|hazy|smog", "fog"),
    )
)  # fmt: skip
_LEAD = (
    r"(?:\b(?:at|in|by|during|through|under|on|with|into) )?(?:\b(?:the|a|an|heavy|light|thick) )*"
)
_AIR = tuple(re.compile(_LEAD + rule.pattern, re.IGNORECASE) for rule, _ in (*_TIMES, *_WEATHERS))
_FALLS = re.compile(
    r"(?:(?:the|a|an|heavy|light|gentle|thick|dense|soft|some) )*"
    r"(?P<what>rain|drizzle|snow|snowflakes|fog|mist|storm|thunderstorm|blizzard) "
    r"(?:is |are )?(?:falls?|falling|pours?|pouring|rolls?|rolling|drifts?|drifting|comes?|coming"
    r"|covers?|covering|hangs?|rages?|raging|settles?|creeps?|sets? in)\b",
    re.IGNORECASE,
)


def time_told(prompt: str) -> str:
    """ "night", "dusk" or "dawn", as a prompt says; "" where it says none of them."""
    return next((time for rule, time in _TIMES if rule.search(prompt)), "")


def weather_told(prompt: str) -> str:
    """ "snow", "rain" or "fog", as a prompt says; "" where it says none of them."""
    return next((weather for rule, weather in _WEATHERS if rule.search(prompt)), "")


def without_air(phrase: str) -> str:
    """A phrase without its words of the time of day and the weather."""
    for rule in _AIR:
        phrase = rule.sub(" ", phrase)
    return " ".join(phrase.split())


def is_of_weather(prompt: str) -> bool:
    """Whether a prompt is of the weather itself, and of nobody: "rain falls on the city"."""
    return _FALLS.match(prompt.strip()) is not None
