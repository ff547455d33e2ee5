"""A generated clip: what was asked for, its takes side by side, and what can be done next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QButtonGroup, QInputDialog, QToolButton, QWidget

from engine.protocol.jobs import Done
from studio.document.edits import takes
from studio.document.model.asset import Asset
from studio.document.model.generated import Failed, GeneratedMedia, Pending, Take
from studio.document.model.project import Project
from studio.document.queries.places import find_clip
from studio.document.retime import shown_source_time
from studio.document.time import ZERO, Time
from studio.session.generation import Generation
from studio.session.jobs import UNDONE, news_text
from studio.session.session import Session
from studio.ui.controls import boxed, label, push_button, set_role
from studio.ui.flow import FlowLayout
from studio.ui.panels.inspector.section import Section
from studio.ui.theme import current, themed_icon

THUMB = QSize(84, 48)


Poster: TypeAlias = Callable[[Asset, Fraction], QPixmap | None]
"""The picture of an asset at a moment, None while there is none."""


@dataclass(frozen=True, slots=True)
class GeneratedVerbs:
    """What leads out of the inspector."""

    edit_recipe: Callable[[str], object]
    poster: Poster


class TakeStrip(QWidget):
    """One button a take, the one that plays marked; `choose`, `remove` and `note` get its id."""

    def __init__(
        self,
        choose: Callable[[str], object],
        remove: Callable[[str], object],
        note: Callable[[str], object],
        poster: Poster,
    ) -> None:
        super().__init__()
        self._choose = choose
        self._remove = remove
        self._note = note
        self._poster = poster
        self._group = QButtonGroup(self)
        self._shown: tuple[str, ...] = ()
        self.buttons: dict[str, QToolButton] = {}
        self._flow = FlowLayout(spacing=5)
        self.setLayout(self._flow)

    def show_takes(self, project: Project, media: GeneratedMedia, middle: Time) -> None:
        """Show the takes of a clip, each at the moment in the `middle` of what plays."""
        playing = media.take.begins if media.take is not None else ZERO
        ids = tuple(take.id for take in media.takes)
        if ids != self._shown:
            self._rebuild(media.takes)
            self._shown = ids
        for number, take in enumerate(media.takes, 1):
            button = self.buttons[take.id]
            button.setChecked(take.id == media.chosen)
            button.setText(f"{number} · {'footage' if take.is_footage else take.tier}")
            button.setToolTip(_tip(take))
            asset = project.assets_by_id.get(take.asset_id)
            moment = (middle + playing - take.begins).seconds
            picture = self._poster(asset, moment) if asset is not None else None
            if picture is not None:
                button.setIcon(QIcon(picture))
            else:
                button.setIcon(themed_icon("film", 20, current().faint))

    def _rebuild(self, shown: tuple[Take, ...]) -> None:
        for button in self.buttons.values():
            self._group.removeButton(button)
            self._flow.removeWidget(button)
            button.deleteLater()
        self.buttons = {take.id: self._button(take) for take in shown}
        self.updateGeometry()

    def _button(self, take: Take) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(THUMB)
        button.setFixedSize(THUMB.width() + 10, THUMB.height() + 29)
        button.clicked.connect(lambda _on=False, take_id=take.id: self._choose(take_id))
        button.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for words, verb in (
            ("Use this take", self._choose),
            ("Write a note…", self._note),
            ("Remove this take", self._remove),
        ):
            action = QAction(words, button)
            action.triggered.connect(partial(_told, verb, take.id))
            button.addAction(action)
        self._group.addButton(button)
        self._flow.addWidget(button)
        return button


class GeneratedSection(Section):
    """State, prompt, takes with A/B, and new takes from the same or a changed recipe."""

    def __init__(
        self, session: Session, clip_id: str, generation: Generation, verbs: GeneratedVerbs
    ) -> None:
        super().__init__("Generated", session)
        self._clip_id = clip_id
        self._generation = generation
        self._previous: str | None = None
        self.state = label("", "small", wrap=True)
        self.prompt = label("", "", wrap=True)
        self.facts = label("", "small", wrap=True)
        self.strip = TakeStrip(self._use, self._remove, self._ask_note, verbs.poster)
        self.keep = push_button("Keep this take", self._accept)
        self.keep.setToolTip("It is not out of date: its recipe becomes the clip's")
        self.again = push_button("New take", self._new_take, icon="dices")
        self.again.setToolTip("The same recipe with another seed; the take in use stays")
        self.change = push_button("Edit recipe…", lambda: verbs.edit_recipe(clip_id))
        self.flip = push_button("A/B", self._flip)
        self.flip.setToolTip("Switch between the last two takes you used")
        self.cancel = push_button("Cancel", self._cancel)
        self.retry = push_button("Try again", self._retry)
        self.remarks = label("", "small", wrap=True)
        self.restore = push_button("Take it in again", self._restore)
        self.restore.setToolTip("Undo took the finished take away; its file is still there")
        for widget in (
            self.prompt,
            self.facts,
            self.state,
            self.remarks,
            boxed(FlowLayout(self.cancel, self.retry, self.keep, self.restore)),
            self.strip,
            boxed(FlowLayout(self.again, self.change, self.flip)),
        ):
            self.form.addWidget(widget)
        generation.board.updated.connect(self._news)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the clip's recipe, takes and state."""
        clip, media = find_clip(project, self._clip_id), self._media(project)
        if clip is None or media is None:
            return
        self.prompt.setText(media.recipe.prompt)
        self.facts.setText(_facts(media))
        remarks = media.take.remarks if media.take is not None else ()
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))
        self.strip.setVisible(bool(media.takes))
        middle = shown_source_time(clip, clip.duration // 2, self.session.sequence.rate)
        self.strip.show_takes(project, media, middle)
        self.flip.setVisible(len(media.takes) > 1)
        self._show_state(media)

    def _show_state(self, media: GeneratedMedia) -> None:
        state = media.state
        words, role = "", "small"
        undone = isinstance(state, Pending) and self._is_done(state.job_id)
        match state:
            case Pending() if undone:
                words = UNDONE
            case Pending(job_id=job_id):
                job = self._generation.board.row(job_id)
                words = news_text(job) if job is not None else "Waiting for the engine"
            case Failed(reason=reason):
                words, role = reason, "danger"
            case _ if media.stale:
                words, role = media.stale_because, "warning"
            case _ if not media.takes:
                words = "There is no take yet."
            case _:
                pass  # a clip with a good take needs no words
        self.state.setText(words)
        self.state.setVisible(bool(words))
        set_role(self.state, role)
        self.cancel.setVisible(isinstance(state, Pending) and not undone)
        self.restore.setVisible(undone)
        self.retry.setVisible(isinstance(state, Failed))
        self.keep.setVisible(media.stale and role == "warning")
        self.again.setEnabled(undone or not isinstance(state, Pending))

    def _is_done(self, job_id: str) -> bool:
        """Whether a job that the clip seems to wait for was taken in, and then undone."""
        job = self._generation.board.row(job_id)
        return job is not None and isinstance(job.news, Done)

    def _media(self, project: Project) -> GeneratedMedia | None:
        clip = find_clip(project, self._clip_id)
        media = clip.media if clip is not None else None
        return media if isinstance(media, GeneratedMedia) else None

    def _news(self, job_id: str) -> None:
        media = self._media(self.session.project)
        if media is not None and any(job.job_id == job_id for job in media.jobs):
            self._show_state(media)

    def _use(self, take_id: str) -> None:
        media = self._media(self.session.project)
        if media is None or media.chosen == take_id:
            return
        self._previous = media.chosen
        edit = partial(takes.choose_take, clip_id=self._clip_id, take_id=take_id)
        self.session.apply("Use take", edit)

    def _remove(self, take_id: str) -> None:
        edit = partial(takes.remove_take, clip_id=self._clip_id, take_id=take_id)
        self.session.apply("Remove take", edit)

    def _ask_note(self, take_id: str) -> None:
        media = self._media(self.session.project)
        before = next((t.note for t in media.takes if t.id == take_id), "") if media else ""
        words, agreed = QInputDialog.getText(self, "Take", "Note", text=before)
        if agreed and words.strip() != before:
            self.note(take_id, words)

    def note(self, take_id: str, words: str) -> None:
        """Write a note on a take, which its button then tells."""
        edit = partial(takes.note_take, clip_id=self._clip_id, take_id=take_id, note=words.strip())
        self.session.apply("Note on take", edit)

    def _accept(self) -> None:
        self.session.apply("Keep take", partial(takes.accept, clip_ids=[self._clip_id]))

    def _flip(self) -> None:
        media = self._media(self.session.project)
        if media is None:
            return
        ids = [take.id for take in media.takes]
        other = self._previous if self._previous in ids else None
        if other is None or other == media.chosen:
            other = next((each for each in reversed(ids) if each != media.chosen), None)
        if other is not None:
            self._use(other)

    def _new_take(self) -> None:
        self._generation.another_seed(self._clip_id)

    def _cancel(self) -> None:
        media = self._media(self.session.project)
        if media is not None and isinstance(media.state, Pending):
            self._generation.cancel(media.state.job_id)

    def _restore(self) -> None:
        media = self._media(self.session.project)
        if media is not None and isinstance(media.state, Pending):
            self._generation.returns.take_in_again(media.state.job_id)

    def _retry(self) -> None:
        media = self._media(self.session.project)
        if media is not None and isinstance(media.state, Failed):
            self._generation.retry(media.state.job_id)


def _told(verb: Callable[[str], object], take_id: str, _checked: bool = False) -> None:
    """What a menu item does; whether it is checked is no matter."""
    verb(take_id)


def _tip(take: Take) -> str:
    """How a take was made, and what was noted on it."""
    if take.is_footage:
        lines = ["Use the footage as it was filmed"]
    else:
        lines = ["Use this take", f"{take.recipe.model}, seed {take.recipe.seed}", take.made_at]
    return "\n".join(line for line in (*lines, take.note) if line)


def _facts(media: GeneratedMedia) -> str:
    """Model and seed of what plays, and what is made beyond what is seen."""
    take = media.take
    recipe = media.recipe if take is None or take.is_footage else take.recipe
    words = f"{recipe.model} · seed {recipe.seed}"
    if not media.handle_frames:
        return words
    noun = "frame" if media.handle_frames == 1 else "frames"
    return f"{words}\n{media.handle_frames} extra {noun} on either side, for trims and dissolves"
