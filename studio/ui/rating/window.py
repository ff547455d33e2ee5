"""The rating window: grid, stage and counts, driven by the keyboard; every choice saved at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QProgressBar, QPushButton, QWidget

from engine.protocol.ratings import Choice, Rater, Reason, Verdict
from studio.ui.controls import (
    ElidedLabel,
    PanelFrame,
    boxed,
    column,
    label,
    push_button,
    row,
    set_role,
)
from studio.ui.rating.board import RatingBoard
from studio.ui.rating.counts import SourceCounts
from studio.ui.rating.films import Background, FilmShelf
from studio.ui.rating.grid import RatingGrid, RatingModel, TilePainter
from studio.ui.rating.stage import Stage

SIZE = (1320, 860)
_SIDE_PX, _MARGIN_PX = 396, 12
_SHOWN = (
    ("All", None),
    ("Open", Verdict.OPEN),
    ("Kept", Verdict.KEEP),
    ("Rejected", Verdict.REJECT),
)
_REASON_KEYS = dict(zip("12345", Reason, strict=True))
_WORDS = {
    Reason.OFF_PROMPT: "Off prompt",
    Reason.UGLY: "Ugly",
    Reason.CROPPED: "Cropped",
    Reason.WRONG_STYLE: "Wrong style",
    Reason.NO_MOTION: "No motion",
}


class RatingWindow(QWidget):
    """Rates one folder. The source of the candidate in hand is not shown: it would sway."""

    def __init__(self, board: RatingBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.board = board
        self._shelf = FilmShelf()
        self.tiles = TilePainter(self._shelf)
        self.model = RatingModel(board, self)
        self.grid = RatingGrid(self.model, self.tiles)
        self.stage = Stage()
        self.stage.setFixedHeight(_SIDE_PX - 2 * _MARGIN_PX)
        self.prompt = label("", "title", wrap=True)
        self.state = label("", "dim")
        self.keep = push_button("Keep  (K)", self._keep, "primary")
        self.reject = push_button("Reject  (R)", self._reject)
        self.undo = push_button("Undo  (U)", self._undo)
        self.play = push_button("Play  (Space)", self._toggle_play)
        self.reasons = {reason: self._reason_chip(key) for key, reason in _REASON_KEYS.items()}
        self.bar = QProgressBar()
        self.progress = label("", "head")
        self.counts = SourceCounts()
        self.problem = label("", "danger", wrap=True)
        self._filters = QButtonGroup(self)
        self._backgrounds = QButtonGroup(self)
        self._place = 0
        self._build()
        self.setWindowTitle(f"Rate – {board.folder.resolve().name}")
        self.setObjectName("RatingWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet("#RatingWindow { background: palette(window); }")
        self.resize(*SIZE)
        self.grid.selectionModel().currentChanged.connect(self._chosen)
        first = board.next_open(len(board.candidates) - 1)
        self.go_to(first if first is not None else 0)
        self.grid.setFocus()

    @property
    def place(self) -> int:
        """The candidate in hand."""
        return self._place

    def go_to(self, place: int) -> None:
        """Take a candidate in hand."""
        index = self.model.index_of(place)
        self._place = place
        if index.isValid() and index != self.grid.currentIndex():
            self.grid.setCurrentIndex(index)
            self.grid.scrollTo(index)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_K: self._keep,
            Qt.Key.Key_R: self._reject,
            Qt.Key.Key_U: self._undo,
            Qt.Key.Key_Space: self._toggle_play,
            Qt.Key.Key_B: self._next_background,
        }
        reason = _REASON_KEYS.get(event.text())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif reason is not None:
            self._toggle_reason(reason)
        elif event.key() in actions:
            actions[event.key()]()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        chips = [self._filter_chip(text, verdict) for text, verdict in _SHOWN]
        behind = [self._background_chip(each) for each in Background]
        left = PanelFrame("Candidates", self.grid, *chips)
        stage = column(self.stage, self.prompt, self.state, spacing=8, margins=(12, 12, 12, 12))
        stage.addSpacing(2)
        stage.addLayout(row(self.keep, self.reject, self.undo, None, self.play))
        chips = list(self.reasons.values())
        stage.addLayout(row(*chips[:3], None, spacing=4))
        stage.addLayout(row(*chips[3:], None, spacing=4))
        stage.addWidget(self.problem)
        stage.addStretch(1)
        counts = column(self.progress, self.bar, self.counts, spacing=8, margins=(12, 10, 12, 12))
        legend = "Arrows move · K keep · R reject · 1–5 why · U undo · Space play · B background"
        right = column(
            PanelFrame("In hand", boxed(stage), *behind),
            PanelFrame("Progress", boxed(counts)),
            spacing=6,
        )
        right.setStretch(0, 1)
        side = boxed(right)
        side.setFixedWidth(_SIDE_PX)
        body = row(left, side, spacing=6)
        body.setStretch(0, 1)
        whole = column(boxed(body), ElidedLabel(legend, "small"), margins=(8, 8, 8, 6))
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.bar.setTextVisible(False)
        for button in (self.keep, self.reject, self.undo, self.play):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space plays, whatever was clicked
        self.problem.hide()

    def _filter_chip(self, text: str, verdict: Verdict | None) -> QPushButton:
        return self._chip(text, lambda: self._show_only(verdict), self._filters, on=verdict is None)

    def _background_chip(self, background: Background) -> QPushButton:
        return self._chip(
            background.value,
            lambda: self._set_background(background),
            self._backgrounds,
            on=background is Background.CHECKER,
        )

    def _reason_chip(self, key: str) -> QPushButton:
        reason = _REASON_KEYS[key]
        text = f"{key}  {_WORDS[reason]}"
        return self._chip(text, lambda: self._toggle_reason(reason), None, on=False)

    def _chip(
        self, text: str, on_click: Callable[[], object], group: QButtonGroup | None, *, on: bool
    ) -> QPushButton:
        chip = push_button(text, on_click, "chip")
        chip.setCheckable(True)
        chip.setChecked(on)
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if group is not None:
            group.addButton(chip)
        return chip

    def _chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self._place = self.model.places[index.row()]
            self._show()

    def _show(self) -> None:
        board, place = self.board, self._place
        film = self._shelf.film(board.path(place))
        self.stage.show_film(film)
        self.prompt.setText(board.candidates[place].prompt)
        self.play.setEnabled(film.moves)
        self._show_choice()

    def _show_choice(self) -> None:
        board, place = self.board, self._place
        given = board.reasons(place)
        words, role = _state(board.choice(place))
        self.state.setText(words)
        set_role(self.state, role)
        for reason, chip in self.reasons.items():
            chip.setChecked(reason in given)
        counts = board.by_source()
        kept = sum(count.kept for count in counts.values())
        left = sum(count.left for count in counts.values())
        everything = len(board.candidates)
        done = everything - left
        self.bar.setRange(0, everything)
        self.bar.setValue(done)
        text = f"{done} of {everything} rated" if left else f"All {done} rated"
        self.progress.setText(f"{text} · {kept} kept")
        self.counts.show_counts(counts)

    def _keep(self) -> None:
        if self._saved(lambda: self.board.keep(self._place)):
            self._go_on()

    def _reject(self) -> None:
        if self._saved(lambda: self.board.reject(self._place)):
            self._go_on()

    def _toggle_reason(self, reason: Reason) -> None:
        place = self._place
        if self._saved(lambda: self.board.toggle_reason(place, reason)):
            self.model.touched(place)
            self.go_to(place)  # it stays in hand, for more reasons, though the grid may lose it

    def _undo(self) -> None:
        undone: list[int | None] = []
        if self._saved(lambda: undone.append(self.board.undo())) and undone[0] is not None:
            self.model.touched(undone[0])
            self.go_to(undone[0])

    def _saved(self, write: Callable[[], object]) -> bool:
        """Whether a choice reached the disk; where not, the window says so and nothing moves."""
        try:
            write()
        except OSError as problem:
            self.problem.setText(
                f"This choice was not saved ({problem.strerror}). Make room in"
                f" {self.board.folder} or make it writable, and choose again."
            )
            self.problem.show()
            return False
        self.problem.hide()
        return True

    def _go_on(self) -> None:
        """To the next open candidate; where all are rated, stay."""
        place = self._place
        following = self.board.next_open(place)
        self.model.touched(place)
        self.go_to(place if following is None else following)

    def _show_only(self, verdict: Verdict | None) -> None:
        self.model.show_only(verdict)
        places = self.model.places
        if places:
            self.go_to(self._place if self._place in places else places[0])

    def _toggle_play(self) -> None:
        self.stage.set_playing(not self.stage.playing)
        self.play.setText("Stop  (Space)" if self.stage.playing else "Play  (Space)")

    def _next_background(self) -> None:
        choices = list(Background)
        following = (choices.index(self.stage.background) + 1) % len(choices)
        self._backgrounds.buttons()[following].setChecked(True)
        self._set_background(choices[following])

    def _set_background(self, background: Background) -> None:
        self.stage.background = self.tiles.background = background
        self.stage.update()
        self.grid.viewport().update()


def _state(made: Choice | None) -> tuple[str, str]:
    """What was decided on a candidate, and the role to say it in."""
    if made is None:
        return "Not rated yet", "dim"
    by = " by the automatic judge" if made.by is Rater.JUDGE else ""
    if made.verdict is Verdict.KEEP:
        return f"Kept{by}", "good"
    return f"Rejected{by}", "danger"
