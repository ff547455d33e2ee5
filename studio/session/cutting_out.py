"""Cutting out: the subject of a picture alone, asked of the engine on this machine.

It is a `cut_out` job that is on no board; pictures of people are not sent to a server for it. An
answer is let go of as soon as it has been read.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from PySide6.QtCore import QObject

from engine.protocol.jobs import Cancelled, Done, Failed, JobEvent, Queued, Running
from engine.protocol.recipes import FACE, TELL_FACES, Ability, InputAsset, InputRole, Recipe
from studio.client.engine import EngineClient
from studio.session.engines import EngineLink
from studio.session.sources import Refused

PRIORITY = 1
"""Before the shots that wait: it takes a moment, and somebody looks at the slot."""
MOST_KEPT = 32


@dataclass(frozen=True, slots=True)
class CutOut:
    """A picture's subject as a PNG with alpha, and how many faces the picture shows."""

    png: bytes
    faces: int


Cut: TypeAlias = Callable[[CutOut], object]


class NoCutter(Exception):
    """The engine has no model that cuts out; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class _Asked:
    picture: tuple[Path, str, int]
    done: Cut
    refused: Refused


class CuttingOut(QObject):
    """Any number of pictures at a time. Callbacks come on the main thread."""

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._asked: dict[str, _Asked] = {}
        self._known: dict[tuple[Path, str, int], CutOut] = {}
        link.job_event.connect(self._heard)

    def ask(self, path: Path, sha256: str, face: int, done: Cut, refused: Refused) -> None:
        """Cut out what the picture of that name shows, or whoever has a face, from 1 at the left;

        0 is anyone's.
        """
        picture = path, sha256, face
        if picture in self._known:
            done(self._known[picture])
            return
        job_id = uuid.uuid4().hex
        self._asked[job_id] = _Asked(picture, done, refused)
        self._link.call(
            lambda client: _submit(client, path, face, job_id),
            lambda _queued: None,
            lambda error: self._lost(job_id, str(error)),
        )

    def _heard(self, event: JobEvent) -> None:
        if event.job_id not in self._asked:
            return
        match event.state:
            case Done() as done:
                self._link.call(
                    lambda client: _read(client, event.job_id, done),
                    lambda cut: self._told(event.job_id, cut),
                    lambda error: self._lost(event.job_id, str(error)),
                )
            case Failed(error=error):
                self._lost(event.job_id, f"{error.message} {error.hint}".strip())
            case Cancelled():
                self._lost(event.job_id, "The picture was not cut out: the job was cancelled.")
            case Queued() | Running():
                return

    def _told(self, job_id: str, cut: CutOut) -> None:
        asked = self._asked.pop(job_id)
        self._known[asked.picture] = cut
        while len(self._known) > MOST_KEPT:
            del self._known[next(iter(self._known))]
        asked.done(cut)

    def _lost(self, job_id: str, sentence: str) -> None:
        asked = self._asked.pop(job_id, None)
        if asked is not None:
            asked.refused(sentence)


def _submit(client: EngineClient, path: Path, face: int, job_id: str) -> None:
    """Hand the picture over and ask. Blocks."""
    able = (card for card in client.models() if Ability.CUT_OUT in card.abilities)
    card = next((card for card in able if card.installed), None)
    if card is None:
        raise NoCutter("No model here cuts pictures out. Get a newer copy of Workprint.")
    source = InputAsset(role=InputRole.SOURCE, sha256=client.upload(path).sha256)
    options: dict[str, str | int | float | bool] = {TELL_FACES: True}
    if face:
        options[FACE] = str(face)
    recipe = Recipe(ability=Ability.CUT_OUT, model=card.id, inputs=(source,), options=options)
    client.submit(recipe, priority=PRIORITY, job_id=job_id)


def _read(client: EngineClient, job_id: str, done: Done) -> CutOut:
    """Fetch an answer and let the engine forget it. Blocks."""
    with TemporaryDirectory() as folder:
        picture, faces = Path(folder) / "cut.png", Path(folder) / "faces.json"
        client.download(done.outputs[0].asset, picture)
        client.download(done.outputs[1].asset, faces)
        cut = CutOut(picture.read_bytes(), len(json.loads(faces.read_text("utf-8"))))
    client.release(job_id)
    return cut
