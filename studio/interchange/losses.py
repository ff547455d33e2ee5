"""What an exchange file could not carry: gathered on the way, told as sentences."""

from __future__ import annotations

_NAMED = 3
"""How many places a sentence names before it counts the rest."""


class Losses:
    """A list of what was left behind and where: one sentence for each kind of loss."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def add(self, what: str, where: str = "") -> None:
        """Note a loss: `what` is a clause without a full stop, `where` a name such as a clip's."""
        places = self._places.setdefault(what, [])
        if where and where not in places:
            places.append(where)

    def sentences(self) -> tuple[str, ...]:
        """The losses in the order they were met."""
        return tuple(_sentence(what, places) for what, places in self._places.items())


def _sentence(what: str, places: list[str]) -> str:
    if not places:
        return f"{what}."
    named = ", ".join(f"“{place}”" for place in places[:_NAMED])
    more = len(places) - _NAMED
    return f"{what}: {named}{f' and {more} more' if more > 0 else ''}."
