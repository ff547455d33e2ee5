"""Edits of scenes: what is changed, and the instruction that asks for it, forwards and back.

Combinations that are held out are never trained, and synonyms are in no training instruction.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from engine.models.moviegen.nouns import article
from engine.planning.edit_words import (
    COLOURS,
    SIDES,
    STYLES,
    TEMPLATES,
    WEATHERS,
    Wording,
)
from engine.protocol.recipes import EDIT_TASKS
from engine.training.grammar import SETTINGS, SUBJECTS, Phrase, Scene, Subject, sample_scene

_HELD_OUT_SHARE = 0.08
_PREPOSITIONS = ("in front of ", "inside ", "under ", "near ", "in ", "on ", "at ", "by ")
_ALREADY = {
    ("snow", "snow"),
    ("underwater", "snow"),
    ("rain", "rain"),
    ("underwater", "rain"),
    ("space", "rain"),
    ("space", "snow"),
    ("night_city", "night"),
    ("space", "night"),
    ("sunset", "sunset"),
}
"""Settings and weathers that would change nothing, or make no sense."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to a scene: the `detail` is another subject's label, or a colour, a setting,

    a style or a weather by its id; `side` is where an added thing stands.
    """

    task: str
    detail: str = ""
    side: str = ""


def subject_of(label: str) -> Subject:
    """The subject of a sticker's label."""
    return next(subject for subject in SUBJECTS if subject.label == label)


def setting_of(name: str) -> Phrase:
    """The setting of an id."""
    return next(setting for setting in SETTINGS if setting.id == name)


def is_held_out_edit(scene: Scene, edit: Edit) -> bool:
    """Whether an edit of such a scene is never trained: eight in a hundred, by a hash."""
    of = scene.setting.id if edit.task in ("style", "weather", "remove") else scene.subject.noun
    who = f"/{scene.subject.noun}" if edit.task == "remove" else ""
    key = f"{edit.task}/{of}{who}/{edit.detail}".encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:4]) / 2**32 < _HELD_OUT_SHARE


def sample_edit(scene: Scene, task: str, rng: random.Random) -> Edit:
    """A random edit of a scene that changes something."""
    noun = scene.subject.noun
    if task in ("add", "replace"):
        label = rng.choice([s.label for s in SUBJECTS if s != scene.subject])
        return Edit(task, label, rng.choice(SIDES) if task == "add" else "")
    if task in ("recolour", "segment"):
        return Edit(task, rng.choice([c for c in COLOURS if c not in noun.split()]))
    if task == "background":
        return Edit(task, rng.choice([s.id for s in SETTINGS if s != scene.setting]))
    if task == "weather":
        return Edit(
            task, rng.choice([w for w in WEATHERS if (scene.setting.id, w) not in _ALREADY])
        )
    return Edit(task, rng.choice(tuple(STYLES)) if task == "style" else "")


def sample_edits(scene: Scene, count: int, rng: random.Random) -> list[Edit]:
    """`count` edits of different tasks, none of them held out."""
    edits: list[Edit] = []
    for task in rng.sample(EDIT_TASKS, count):
        edit = sample_edit(scene, task, rng)
        while is_held_out_edit(scene, edit):
            if task == "remove":
                edit = sample_edit(scene, "recolour", rng)
            else:
                edit = sample_edit(scene, task, rng)
        edits.append(edit)
    return edits


def held_out_edits(count: int, seed: int) -> list[tuple[Scene, Edit]]:
    """`count` edits that are never trained, the tasks in turn, of scenes that are not either."""
    rng = random.Random(f"held out/{seed}")
    found: list[tuple[Scene, Edit]] = []
    while len(found) < count:
        scene = sample_scene(rng)
        edit = sample_edit(scene, EDIT_TASKS[len(found) % len(EDIT_TASKS)], rng)
        if is_held_out_edit(scene, edit):
            found.append((scene, edit))
    return found


def instruction(
    scene: Scene, edit: Edit, rng: random.Random, *, back: bool = False, synonyms: bool = False
) -> str:
    """The words that ask for an edit, or with `back` for what was there before it.

    Raises:
        IndexError: there are no words for the way back; see `has_way_back`.
    """
    wording = _wording(edit)
    words = wording.back if back else wording.synonyms if synonyms else wording.words
    return rng.choice(words).format(**_fillings(scene, edit, rng))


def has_way_back(edit: Edit) -> bool:
    """Whether what was there before an edit can be asked for."""
    return bool(_wording(edit).back)


def _wording(edit: Edit) -> Wording:
    if edit.task == "style":
        return STYLES[edit.detail]
    return WEATHERS[edit.detail] if edit.task == "weather" else TEMPLATES[edit.task]


def _fillings(scene: Scene, edit: Edit, rng: random.Random) -> dict[str, str]:
    noun, old = scene.subject.noun, rng.choice(scene.setting.words)
    found = {"noun": f"the {noun}", "a_noun": article(noun), "side": edit.side}
    found |= {"old_setting": old, "old_place": place(old), "colour": edit.detail}
    if edit.task in ("add", "replace"):
        other = subject_of(edit.detail).noun
        found |= {"other": article(other), "the_other": f"the {other}"}
    if edit.task == "background":
        new = rng.choice(setting_of(edit.detail).words)
        found |= {"setting": new, "place": place(new)}
    return found


def place(words: str) -> str:
    """A setting's wording without its preposition: "in a forest" is "a forest"."""
    start = next((p for p in _PREPOSITIONS if words.startswith(p)), "")
    return words.removeprefix(start)


def edited_caption(scene: Scene, edit: Edit) -> str:
    """What a scene shows after an edit, as a caption without rate and camera.

    It is what a model that is not told of edits is prompted with.
    """
    rng = random.Random(scene.seed)
    subject, setting = article(scene.subject.noun), rng.choice(scene.setting.words)
    action = rng.choice(scene.action.words)
    if edit.task == "replace":
        subject = article(subject_of(edit.detail).noun)
    elif edit.task == "remove":
        return f"an empty scene {setting}"
    elif edit.task in ("recolour", "segment"):
        subject = article(f"{edit.detail} {scene.subject.noun}")
    elif edit.task == "add":
        action = f"and {article(subject_of(edit.detail).noun)} {action}"
    elif edit.task == "background":
        setting = rng.choice(setting_of(edit.detail).words)
    elif edit.task in ("style", "weather"):
        setting += f", {edit.detail}"
    return f"{subject} {action} {setting}"
