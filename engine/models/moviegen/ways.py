"""The way that someone goes, "to the left" or "towards the camera", in learnt words."""

from __future__ import annotations

import re

_RULES = tuple(
    (re.compile(rf"\b(?:{pattern})(?=$|\s)", re.IGNORECASE), told)
    for pattern, told in (
        (r"(?:from )?(?:the )?left (?:to|towards?) (?:the )?right", "goes from left to right"),
        (r"(?:from )?(?:the )?right (?:to|towards?) (?:the )?left", "goes from right to left"),
        (r"from (?:the )?left", "goes from left to right"),
        (r"from (?:the )?right", "goes from right to left"),
        (r"(?:(?:off )?to|towards?) the right|rightwards?|right", "moves to the right"),
        (r"(?:(?:off )?to|towards?) the left|leftwards?|left", "moves to the left"),
        (r"(?:towards?|to|at|into) (?:the )?(?:camera|viewer|lens|us|me|you)", "comes closer"),
        (r"closer|nearer|forwards?", "comes closer"),
        (r"away|off|(?:off )?in(?:to)? the distance|from us", "goes away"),
        (r"up(?:wards?)?|skywards?|(?:into|to) the (?:air|sky|clouds)", "rises into the air"),
        (r"down(?:wards?)?|to the ground", "falls down"),
    )
)


def way_of(words: str) -> str | None:
    """What someone does who goes the way that is said in the words after a verb."""
    return next((told for rule, told in _RULES if rule.search(words)), None)


def begins_way(phrase: str) -> bool:
    """Whether a phrase begins with a way."""
    return any(rule.match(phrase) for rule, _ in _RULES)
