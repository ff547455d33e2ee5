"""How an engine would read a prompt, asked without making a job that anybody sees.

The question is a `rewrite_prompt` job that is on no board. One that is no longer wanted is
cancelled, an answer is let go of as soon as it has been read; failures are not news.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from engine.protocol.jobs import Cancelled, Done, Failed, JobEvent, Queued, Running
from engine.protocol.models import ModelCard
from engine.protocol.recipes import OFF, REWRITE, Ability, Recipe
from studio.client.engine import EngineClient
from studio.session.engines import EngineLink, Place, place_of

PRIORITY = 1
"""Before the shots that wait: it takes a moment, and somebody looks at the field."""
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a prompt, of a model, on the engine of a tier."""

    prompt: str
    model: str
    place: Place


@dataclass(slots=True)
class _Asked:
    question: Question
    job_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    queued: bool = False


class Rewriting(QObject):
    """One question at a time, the newest. `answered` carries it and the text as it is read."""

    answered = Signal(object, str)

    def __init__(self, links: Mapping[Place, EngineLink], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._links = links
        self._asked: _Asked | None = None
        self._known: dict[Question, str] = {}
        for link in links.values():
            link.job_event.connect(self._heard)

    def ask(self, prompt: str, model: str, tier: str) -> None:
        """Ask how a prompt is read; any other question is forgotten."""
        question = Question(prompt, model, place_of(tier))
        if self._asked is not None and self._asked.question == question:
            return
        self.forget()
        if question in self._known:
            self.answered.emit(question, self._known[question])
            return
        asked = self._asked = _Asked(question)
        recipe = Recipe(ability=Ability.REWRITE_PROMPT, model=model, prompt=prompt)
        self._call(
            asked,
            lambda client: client.submit(recipe, priority=PRIORITY, job_id=asked.job_id),
            lambda: self._is_queued(asked),
        )

    def forget(self) -> None:
        """The question is no longer wanted: its job is cancelled."""
        asked, self._asked = self._asked, None
        if asked is not None and asked.queued:
            self._drop(asked)

    def _is_queued(self, asked: _Asked) -> None:
        asked.queued = True
        if asked is not self._asked:  # it was forgotten on its way there
            self._drop(asked)

    def _drop(self, asked: _Asked) -> None:
        self._call(asked, lambda client: client.cancel(asked.job_id), lambda: None)

    def _heard(self, event: JobEvent) -> None:
        asked = self._asked
        if asked is None or event.job_id != asked.job_id:
            return
        match event.state:
            case Done() as done:
                link = self._links[asked.question.place]
                link.call(
                    lambda client: _text_of(client, asked.job_id, done),
                    lambda text: self._told(asked, text),
                    lambda _error: self._lost(asked),
                )
            case Failed() | Cancelled():
                self._lost(asked)
            case Queued() | Running():
                return

    def _told(self, asked: _Asked, text: str) -> None:
        self._known[asked.question] = text
        while len(self._known) > MOST_KEPT:
            del self._known[next(iter(self._known))]
        if asked is self._asked:
            self._asked = None
            self.answered.emit(asked.question, text)

    def _lost(self, asked: _Asked) -> None:
        """It could not be said; the next edit asks again."""
        if asked is self._asked:
            self._asked = None

    def _call(
        self, asked: _Asked, work: Callable[[EngineClient], object], done: Callable[[], object]
    ) -> None:
        self._links[asked.question.place].call(
            work, lambda _answer: done(), lambda _error: self._lost(asked)
        )


def rewrites(card: ModelCard | None) -> bool:
    """Whether a model that is here reads prompts in words of its own, and can say how."""
    return card is not None and card.installed and Ability.REWRITE_PROMPT in card.abilities


def with_rewriting(recipe: Recipe, card: ModelCard, *, on: bool) -> Recipe:
    """The recipe with its words put into the model's, or left as they are."""
    options = {key: value for key, value in recipe.options.items() if key != REWRITE}
    if recipe.prompt and rewrites(card) and not on:
        options[REWRITE] = OFF
    return replace(recipe, options=options)


def _text_of(client: EngineClient, job_id: str, done: Done) -> str:
    """Fetch an answer and let the engine forget it. Blocks."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "prompt.txt"
        client.download(done.outputs[0].asset, path)
        text = path.read_text(encoding="utf-8")
    client.release(job_id)
    return text
