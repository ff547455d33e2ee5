"""What of a prompt a cut-out film does not show, as far as rules can be sure of it.

A style between commas, what somebody else does meanwhile, how near the camera is: to be told, so
that nobody looks for it in vain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.models.moviegen.air_words import time_told, weather_told
from engine.models.moviegen.rewriting import Rewriter

_MEANWHILE = re.compile(r"\b(?:while|whilst|because|until|so that|and then) .+$", re.IGNORECASE)
_FRAMING = re.compile(
    r"\b(?:(?:extreme |medium )?close-?ups?|(?:extreme )?wide(?: angle)? shot|medium shot|long shot"
    r"|full shot|establishing shot|over-the-shoulder(?: shot)?|two-shot|point of view|pov"
    r"|aerial (?:shot|view)|bird's[- ]eye view|drone (?:shot|footage)|low[- ]angle|high[- ]angle"
    r"|dutch angle|slow[- ]motion|time-?lapse|split screen)\b",
    re.IGNORECASE,
)


def left_out(prompt: str, rewriter: Rewriter, shown: Sequence[str] = ()) -> tuple[str, ...]:
    """The words of a prompt that are not shown, in the order in which they are said; parts with

    one of the words that are `shown` are.
    """
    framing = [match[0] for match in _FRAMING.finditer(prompt)]
    framing = [each for each in framing if not any(word in each.lower() for word in shown)]
    parts = [part for part in rewriter.left_over(prompt) if not _is_shown(part, shown)]
    aside = [match[0] for part in prompt.split(",") for match in _MEANWHILE.finditer(part)]
    said = sorted(dict.fromkeys([*framing, *parts, *aside]), key=prompt.find)
    words = [each.strip(" .!?") for each in said]
    return tuple(one for one in words if not any(one != other and one in other for other in words))


def _is_shown(part: str, shown: Sequence[str]) -> bool:
    """Whether a part is of what is laid there, of the time of day or the weather, or told already

    as a framing.
    """
    if any(words in part.lower() for words in shown):
        return True
    return bool(time_told(part) or weather_told(part) or _FRAMING.search(part))
