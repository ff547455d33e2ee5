"""Where the art library's names lie in the text encoder's space: what finds a thing by its meaning.

    python3 -m engine.training.art_vectors

Written to resources/art once; another encoder, or more names, make another. Animals, food,
vehicles, places and things by their labels, and people by what they are; no feelings, signs or
flags. Words for what no picture shows stand among them without a picture: what is nearer to one of
those is none of the things.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from engine.models.art import as_named
from engine.models.art_likeness import NAMES, VECTORS
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.art_library import index
from engine.planning.art_names import MORE_NAMES
from engine.planning.vocabulary import listed
from engine.training.packages import EMOJIBASE, fetch
from engine.training.sticker_grammar import STICKER_SUBJECTS

_MODELS = Path(__file__).resolve().parents[2] / "resources" / "models"
_THINGS = frozenset((3, 4, 5, 6, 7))
"""Emojibase's groups of animals, food, places and vehicles, pastimes, objects."""
_PEOPLE = listed(
    """
baby, child, boy, girl, man, woman, old man, old woman, person, health worker, student, teacher,
judge, farmer, cook, mechanic, factory worker, office worker, scientist, technologist, singer,
artist, pilot, astronaut, firefighter, police officer, detective, guard, ninja, construction worker,
prince, princess, baby angel, santa claus, superhero, supervillain, mage, fairy, vampire, mermaid,
merman, elf, genie, zombie, troll, skier, snowboarder, ghost, alien, robot, ogre, goblin, skull,
snowman, crown
"""
)
_NOTHING_SHOWN = listed(
    """
justice, law, economy, money matters, politics, government, democracy, freedom, peace, war, truth,
opinion, idea, thought, theory, theorem, mathematics, equation, number, strategy, plan, method,
algorithm, software, programming, internet, data, network, physics, gravity, speed, energy, power,
happiness, sadness, anger, love, fear, mood, feeling, memory, silence, noise, time, future, past,
yesterday, monday, week, year, weather, temperature, history, philosophy, religion, business,
marketing, price, tax, inflation, work, meeting, job, school subject, language, word, sentence,
name, question, answer, problem, success, failure, health, disease, colour, size, shape, direction,
distance, beginning, end, part, group, nothing, something, everything, beauty, style, quality,
chemistry, biology, vegetable, plant, substance, currency, vitamin, nonsense word, made-up name
"""
)
_NO_NAMES = re.compile(r"o’clock|-thirty|button|arrow| mark$|wheel of|[^a-z' -]|^no |symbol")


def write_vectors(target: Path) -> None:
    """Write the names' unit vectors, int8 (N, D) of 127ths, and the names in the header."""
    names = sorted(set(_named()))
    embed = phrase_vectors(*load_text_encoder(_MODELS / "text-encoder"))
    every = [*names, *_NOTHING_SHOWN]
    vectors = np.concatenate(
        [embed([f"a {name}" for name in every[at : at + 64]]) for at in range(0, len(every), 64)]
    )
    levels = (vectors * 127).round().astype(np.int8)
    shown = json.dumps([*names, *("" for _ in _NOTHING_SHOWN)])
    save_file({"vectors": levels}, target, metadata={NAMES: shown})


def _named() -> Iterator[str]:
    """Names by which the library is looked through: labels, ours, and what grammars have learnt."""
    group = _groups()
    for label in index().labels:
        name = as_named(label)
        if group.get(label) in _THINGS and not _NO_NAMES.search(name):
            yield name.removesuffix(" face") if f"{name} face" not in index().names else name
    yield from _PEOPLE
    yield from (word for word in MORE_NAMES if not word.endswith("s"))
    for subject in STICKER_SUBJECTS:
        if "face" not in subject.noun:
            yield from (subject.noun, *subject.synonyms)


def _groups() -> Mapping[str, int]:
    entries = json.loads((fetch(EMOJIBASE) / "package/en/data.json").read_text())
    return {entry["label"]: entry.get("group", -1) for entry in entries}


if __name__ == "__main__":
    write_vectors(VECTORS)
