"""Pack the art library that drafts are cut from: every sticker under all its names.

    python3 -m engine.training.art

It is written once, to resources/art; only a newer package of art makes another.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from engine.models.art import as_named
from engine.planning.art_library import INDEX, LIBRARY
from engine.training.grammar import SUBJECTS
from engine.training.packages import EMOJIBASE, fetch
from engine.training.sticker_grammar import STICKER_SUBJECTS
from engine.training.stickers import all_labels, sticker_path

_PLAIN = {
    "car": "automobile",
    "truck": "delivery truck",
    "plane": "airplane",
    "train": "locomotive",
    "bike": "bicycle",
    "boat": "sailboat",
    "tree": "deciduous tree",
    "flower": "tulip",
    "dinosaur": "T-Rex",
    "king": "prince",
    "doctor": "health worker",
    "phone": "mobile phone",
    "book": "closed book",
    "hat": "top hat",
    "tv": "television",
    "clock": "alarm clock",
    "shoe": "running shoe",
    "bug": "lady beetle",
    "mouse": "mouse face",
}
"""What a label says in a word or two more than people do."""

_QUALITY, _LEAST_LETTERS = 82, 3
_FACE = " face"
_DATE = (2026, 1, 1, 0, 0, 0)
"""Of every file in the library, so that the same art makes the same bytes."""


def write_library(target: Path) -> None:
    """Write the library: one WebP of 256 x 256 for each label, and the index of names."""
    labels = all_labels()
    files = {label: f"{number:04}.webp" for number, label in enumerate(labels)}
    names = {name: files[label] for name, label in _named(labels)}
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as library:
        learnt = sorted({files[each.label] for each in (*SUBJECTS, *STICKER_SUBJECTS)})
        index = {"labels": files, "names": names, "learnt": learnt}
        _put(library, INDEX, json.dumps(index, ensure_ascii=False, indent=1).encode())
        for label, file in files.items():
            _put(library, file, _webp(sticker_path(label)))


def _named(labels: list[str]) -> Iterator[tuple[str, str]]:
    """Names and the labels they mean, the surest last: a later one replaces an earlier one."""
    tags = _tags()
    often = Counter(tag for found in tags.values() for tag in found)
    for label in labels:
        yield from ((as_named(tag), label) for tag in tags.get(label, ()) if _is_sure(tag, often))
    for label in labels:
        if label.endswith(_FACE):
            yield as_named(label.removesuffix(_FACE)), label
    yield from ((as_named(label), label) for label in labels)
    yield from _PLAIN.items()
    for subject in (*SUBJECTS, *STICKER_SUBJECTS):
        yield from ((as_named(word), subject.label) for word in subject.synonyms)
    yield from ((as_named(subject.noun), subject.label) for subject in STICKER_SUBJECTS)
    yield from ((as_named(subject.noun), subject.label) for subject in SUBJECTS)


def _is_sure(tag: str, often: Counter[str]) -> bool:
    """Whether a tag is a name: one label alone has it, and it is no abbreviation."""
    return often[tag] == 1 and len(tag) >= _LEAST_LETTERS


def _tags() -> dict[str, list[str]]:
    entries = json.loads((fetch(EMOJIBASE) / "package/en/data.json").read_text())
    return {entry["label"]: entry.get("tags", []) for entry in entries}


def _webp(path: Path) -> bytes:
    file = io.BytesIO()
    with Image.open(path) as picture:
        picture.convert("RGBA").save(file, "WEBP", quality=_QUALITY, method=4)
    return file.getvalue()


def _put(library: zipfile.ZipFile, name: str, data: bytes) -> None:
    library.writestr(zipfile.ZipInfo(name, _DATE), data)


if __name__ == "__main__":
    write_library(LIBRARY)
