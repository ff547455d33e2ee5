"""What the art library of drafts holds, by name: 1,852 cut-outs under some 3,600 names.

Fluent Emoji by Microsoft (MIT), named after Emojibase (MIT); engine.training.art packs them.
"""

from __future__ import annotations

import json
import zipfile
from functools import cache
from pathlib import Path

import msgspec

LIBRARY = Path(__file__).resolve().parents[2] / "resources" / "art" / "fluent-emoji.zip"
INDEX = "index.json"


class Index(msgspec.Struct, frozen=True):
    """Files of the library by Emojibase's labels and by all names, in the singular and in lower

    case; and those that a network of ours has learnt to draw.
    """

    labels: dict[str, str]
    names: dict[str, str]
    learnt: frozenset[str]


@cache
def index() -> Index:
    """The library's index."""
    with zipfile.ZipFile(LIBRARY) as library:
        return msgspec.convert(json.loads(library.read(INDEX)), Index)
