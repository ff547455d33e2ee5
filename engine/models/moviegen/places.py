"""Which learnt setting a phrase of place tells, by the words in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.planning.vocabulary import listed

PREPOSITIONS = frozenset(
    listed(
        """in, on, at, by, near, inside, outside, under, underwater, beneath, above, over,
        among, beside, behind, between, against, around, through, across, along, amid, during,
        indoors, outdoors, downtown, high, throughout, next, within, upon"""
    )
)
"""Words that a place begins with."""
WAYS = frozenset(
    ("into", "from", "to", "towards", "toward", "down", "up", "past", "off", "onto", "out", "deep")
)
"""Words that a place begins with where it is one: "into the sky", but "to the right"."""

_WORD = re.compile(r"[a-z'-]+")
_NIGHT = frozenset(("night", "dark", "midnight", "neon", "neon-lit", "night-time"))
_TOWNS = frozenset(("city", "street", "streets", "downtown", "town", "urban", "road", "alley"))
_LOOKED_AT = frozenset(("moon", "sun", "stars", "sky", "camera"))
"""What somebody howls or looks at, and where nobody is."""
_WATERS = frozenset(("sea", "ocean", "water"))
_DEEP = frozenset(("under", "beneath", "below", "bottom", "deep", "depths", "floor", "underneath"))
_IN = frozenset(("in", "into", "through", "within"))
_OVERRULING = ("background", "backdrop", "underwater", "sunset", "sundown", "dusk", "snow", "snowy")
"""Words that tell more of the look of a place than any before them: "in a forest in the snow"."""


def placed(phrase: str, places: Mapping[str, str]) -> str | None:
    """The learnt wording of a place; None where no word of the phrase tells one."""
    words = _WORD.findall(phrase.lower())
    if words[:1] == ["at"] and words[-1] in _LOOKED_AT:
        return None
    said = frozenset(words)
    if said & _TOWNS and said & _NIGHT:
        return places.get("city") and "in the city at night"
    overruling = next((places[word] for word in words if word in _OVERRULING), None)
    if overruling is None and said & _WATERS and said & _DEEP:
        return places.get("underwater")
    told = overruling or next((places[word] for word in words if word in places), None)
    if told is None and said & _WATERS and said & _IN:
        return places.get("underwater")
    return told
