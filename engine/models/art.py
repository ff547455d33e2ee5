"""The art that drafts are cut from: what words name of it, and its pictures.

A network of the pocket's size draws eighty of 1,852, none of them well; paper and scissors need no
network.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.models.opticals.colours import TONES
from engine.planning.art_library import LIBRARY, index
from engine.planning.art_names import IRREGULAR, MORE_NAMES

_LEAST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Named:
    """What words name: a noun of the library, and the colour that is asked for, "" for its own."""

    noun: str
    colour: str = ""


def as_named(words: str) -> str:
    """Words as names are looked up: in lower case, without punctuation at their ends."""
    return " ".join(words.lower().replace("’", "'").strip(" .!,“”").split())


def named_in(words: str) -> Named | None:
    """What the longest last words name that is in the library, one or more of it: "blue foxes"."""
    return named_outright(words) or named_by_its_end(words)


def named_outright(words: str) -> Named | None:
    """What the longest last words name outright."""
    said = as_named(words).split()
    for start in range(len(said)):
        noun = _noun(" ".join(said[start:]))
        if noun is not None:
            return coloured(noun, said[:start])
    return None


def named_by_its_end(words: str) -> Named | None:
    """What the last word of words ends in: a goldfish is a fish."""
    said = as_named(words).split()
    noun = _compound(said[-1]) if said else None
    return None if noun is None else coloured(noun, said[:-1])


def label_of(noun: str) -> str:
    """What Emojibase calls a name of the library."""
    return MORE_NAMES.get(noun) or _labels()[index().names[noun]]


def art_labelled(label: str) -> NDArray[np.uint8]:
    """What Emojibase calls by a label: straight RGBA (256, 256, 4)."""
    return _picture(index().labels[label])


def names_a_thing(name: str) -> bool:
    """Whether a name as it stands is of something in the library."""
    return as_named(name) in MORE_NAMES or as_named(name) in index().names


def says_many(name: str) -> bool:
    """Whether a name says more than one of something that the library has by another name."""
    one = _noun(as_named(name))
    return one is not None and one != as_named(name)


@cache
def _labels() -> dict[str, str]:
    """Labels by files; of two with the same the first."""
    return {file: label for label, file in reversed(index().labels.items())}


def coloured(noun: str, before: list[str]) -> Named:
    """A noun in the last colour that is said before it."""
    return Named(noun, next((word for word in reversed(before) if word in TONES), ""))


def _compound(word: str) -> str | None:
    """What a word of two ends in: a goldfish is a fish, a snowboarder none."""
    tails = (word[at:] for at in range(2, len(word) - _LEAST_LETTERS + 1))
    found = (noun for tail in tails if (noun := _noun(tail)) in index().names)
    return next((noun for noun in found if noun and len(noun) >= _LEAST_LETTERS), None)


def is_only_here(words: str) -> bool:
    """Whether words are the whole name of something that no network of ours has learnt."""
    noun = _noun(as_named(words))
    return noun is not None and _file(noun) not in index().learnt


def art_of(noun: str) -> NDArray[np.uint8]:
    """Something that is in the library: straight RGBA (256, 256, 4)."""
    return _picture(_file(noun))


def _file(noun: str) -> str:
    return index().labels[MORE_NAMES[noun]] if noun in MORE_NAMES else index().names[noun]


def _noun(name: str) -> str | None:
    """A name, or what it is more than one of, if there is art of it."""
    ones = (
        name,
        IRREGULAR.get(name, name),
        name.removesuffix("s"),
        name.removesuffix("es"),
        f"{name.removesuffix('ies')}y",
    )
    return next((one for one in ones if one in MORE_NAMES or one in index().names), None)


@cache
def prop(label: str, size: int) -> NDArray[np.float32]:
    """What Emojibase calls by a label: premultiplied RGBA (size, size, 4) in [0, 1]."""
    art = _picture(index().labels[label]).astype(np.float32) / 255.0
    art[..., :3] *= art[..., 3:]
    how = cv2.INTER_AREA if size < art.shape[0] else cv2.INTER_CUBIC
    return cv2.resize(art, (size, size), interpolation=how).clip(0.0, 1.0).astype(np.float32)


@cache
def _picture(file: str) -> NDArray[np.uint8]:
    with zipfile.ZipFile(LIBRARY) as library, Image.open(io.BytesIO(library.read(file))) as art:
        return np.asarray(art.convert("RGBA"))
