"""Whose bodies are cut together of drawings of the art library, which has only their bust or face.

And what figures people are who sit or sleep. Labels are Emojibase's, and made after its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.planning.art_library import index
from engine.planning.figures import Figure, deed_of, is_person, person_doing
from engine.planning.vocabulary import listed

Colour = tuple[float, float, float]
"""Red, green and blue in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Doll:
    """A bust that is set on legs: its label, the colour of its trousers or of its robe; and the

    label of a bust of the same outline where there is more in the picture than the bust.
    """

    bust: str
    legs: Colour
    is_robed: bool = False
    shape: str = ""


Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of 256."""


@dataclass(frozen=True, slots=True)
class Tail:
    """A bushy tail along three points of a bow, (x, y) in pixels of 256: how wide it is, and its

    other colour, which is that of its tip, or of every other of its `rings`.
    """

    points: tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
    other: Colour
    width: float = 1.0
    rings: int = 0


@dataclass(frozen=True, slots=True)
class Beast:
    """A face on another's body: labels of both, the body's new colour, and where the middle of the

    face is and how tall it is (x, y, height); what of the body is cut away; where it has other
    colours, to the floor in a box, higher up in an ellipse; where its spots are; and a tail.
    """

    face: str
    body: str
    tone: Colour
    head: tuple[int, int, int]
    bare: tuple[Box, ...]
    patches: tuple[tuple[Colour, Box], ...] = ()
    spots: Box | None = None
    tail: Tail | None = None


_ORANGE, _CREAM, _SOOT = (0.98, 0.50, 0.13), (0.99, 0.86, 0.72), (0.23, 0.18, 0.20)
_SLENDER = ((0, 0, 96, 122), (140, 0, 256, 86), (214, 0, 256, 122))
"""What of a slender cat's drawing is its head and its tail."""
_STOUT = ((0, 0, 91, 256), (0, 0, 112, 186))
"""What of a stout hippopotamus' drawing is its head and a leg."""
_LOWER_LEGS = (0, 206, 256, 256)
_SITTING = ((0, 0, 256, 113),)
BEASTS = {
    each.face: each
    for each in (
        Beast(
            "fox", "black cat", _ORANGE, (64, 92, 118), _SLENDER,
            ((_CREAM, (100, 150, 190, 196)), (_SOOT, (0, 212, 256, 256))),
            tail=Tail(((208, 114), (262, 128), (240, 48)), (0.99, 0.95, 0.92), 0.85),
        ),
        Beast(
            "wolf", "black cat", (0.52, 0.52, 0.55), (64, 92, 122), _SLENDER,
            (((0.86, 0.86, 0.90), (100, 154, 190, 196)),),
            tail=Tail(((208, 114), (246, 130), (244, 200)), (0.36, 0.36, 0.39), 0.66),
        ),
        Beast(
            "raccoon", "black cat", (0.55, 0.54, 0.57), (64, 100, 108), _SLENDER,
            (((0.76, 0.75, 0.79), (100, 154, 190, 196)), (_SOOT, (0, 214, 256, 256))),
            tail=Tail(((208, 114), (262, 128), (242, 52)), (0.24, 0.23, 0.28), 0.7, 7),
        ),
        Beast(
            "lion", "leopard", (0.98, 0.66, 0.16), (68, 102, 120), ((0, 0, 84, 132),),
            spots=(80, 80, 212, 180),
        ),
        Beast("bear", "hippopotamus", (0.50, 0.30, 0.26), (80, 132, 122), _STOUT),
        Beast("polar bear", "hippopotamus", (0.90, 0.89, 0.94), (80, 132, 122), _STOUT),
        Beast(
            "panda", "hippopotamus", (0.89, 0.86, 0.95), (80, 132, 122), _STOUT,
            (((0.27, 0.22, 0.40), _LOWER_LEGS), ((0.27, 0.22, 0.40), (104, 96, 152, 255))),
        ),
        Beast(
            "koala", "teddy bear", (0.60, 0.60, 0.63), (128, 66, 122), _SITTING,
            (((0.86, 0.86, 0.89), (92, 128, 164, 206)),),
        ),
        Beast(
            "frog", "teddy bear", (0.18, 0.80, 0.52), (128, 70, 112), _SITTING,
            (((0.98, 0.85, 0.30), (92, 128, 164, 206)),),
        ),
        Beast(
            "hamster", "teddy bear", (0.98, 0.70, 0.50), (128, 66, 120), _SITTING,
            (((0.99, 0.90, 0.82), (92, 128, 164, 206)),),
        ),
    )
}  # fmt: skip
"""Animals of whom the library has the face alone, by their labels."""

_GREY, _DARK, _BLACK = (0.46, 0.46, 0.52), (0.24, 0.21, 0.33), (0.17, 0.15, 0.24)
_DENIM, _NAVY, _WHITE = (0.16, 0.33, 0.62), (0.08, 0.24, 0.52), (0.82, 0.80, 0.90)
_RED, _BROWN, _BLUE = (0.80, 0.10, 0.24), (0.36, 0.24, 0.20), (0.12, 0.40, 0.86)
_TROUSERS: tuple[tuple[Colour, str], ...] = (
    (_GREY, "health worker, scientist, technologist, artist"),
    (
        _DARK,
        """
cook, office worker, pilot, detective, ninja, person in tuxedo, man in tuxedo, woman in tuxedo,
vampire, singer, zombie
""",
    ),
    (_BLACK, "guard, supervillain, person with crown"),
    (_DENIM, "farmer, mechanic, factory worker, construction worker"),
    (_NAVY, "police officer, prince, person with skullcap"),
    (_WHITE, "astronaut"),
    (_RED, "firefighter"),
    (_BROWN, "teacher, elf, troll"),
    (_BLUE, "superhero"),
)
_ROBES: tuple[tuple[Colour, str], ...] = (
    (_DARK, "student, judge"),
    ((0.08, 0.52, 0.92), "mage"),
    ((0.52, 0.33, 0.80), "princess, woman with headscarf"),
    ((0.88, 0.87, 0.92), "person with veil, man with veil, woman with veil"),
)


def _dolls() -> Iterator[Doll]:
    for is_robed, table in ((False, _TROUSERS), (True, _ROBES)):
        for tone, names in table:
            for name in listed(names):
                labels = (name, f"man {name}", f"woman {name}")
                for label in (each for each in labels if each in index().labels):
                    is_before_board = label.endswith("teacher")
                    shape = label.replace("teacher", "office worker") if is_before_board else ""
                    yield Doll(label, tone, is_robed, shape)


DOLLS = {each.bust: each for each in _dolls()}
"""Who has a trade, of whom the library has the bust alone, by their labels."""

DOINGS = ("standing", "walking", "running", "kneeling", "seated")
"""What dolls can do."""
WHOLE = "whole "
"""How labels of animals begin that are cut together; those of people end as the library's do."""
_SITS = re.compile(r"\b(?:sits?|sitting|sat|seated)\b", re.IGNORECASE)
_CHASE = re.compile(r"\b(?:chas(?:es?|ing)|flee(?:s|ing)?|pursu(?:es?|ing))\b", re.IGNORECASE)
_SLEEPS = re.compile(
    r"\b(?:in (?:a |the |his |her |their )?bed|sleep(?:s|ing)?|asleep|naps?|napping)\b",
    re.IGNORECASE,
)
SEAT_SHARE, DOLL_SEAT_SHARE = 0.27, 0.24
"""How high what they sit on is, of the height of a person's and of a doll's figure on it."""


def seat_share_of(label: str) -> float:
    """How high what a figure sits on is, of the figure's height; 0 for who does not sit."""
    if not label.endswith(" seated"):
        return 0.0
    return DOLL_SEAT_SHARE if label.removesuffix(" seated") in DOLLS else SEAT_SHARE


def body_of(label: str, said: str) -> Figure | None:
    """The figure that is cut together for who a label says, doing what a prompt says; of the size

    of one, and None where the library's own does. A doll that is told to do what it cannot stands.
    """
    sits, sleeps = _SITS.search(said), _SLEEPS.search(said)
    if label in BEASTS:
        return Figure(f"{WHOLE}{label}")
    if label in DOLLS:
        doing = "seated" if sits else "running" if _CHASE.search(said) else deed_of(said)
        return Figure(f"{label} {doing if doing in DOINGS else DOINGS[0]}")
    if is_person(label) and sleeps:
        return Figure("person in bed")
    return person_doing(label, "seated") if is_person(label) and sits else None
