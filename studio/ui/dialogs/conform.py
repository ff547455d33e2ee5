"""The conform dialog: which shots are made again, by what, and what that will need.

It surveys and asks for plans; the jobs it starts are followed in the Jobs panel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QGridLayout,
    QHeaderView,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from engine.protocol.models import ModelCard
from engine.protocol.plans import Plan
from engine.protocol.recipes import Ability
from studio.session.conform_plan import Shot, Target, cards_of
from studio.session.conforming import Conforming
from studio.session.engines import EngineLink, Starting, Unreachable
from studio.session.jobs import duration_text
from studio.ui.controls import boxed, column, combo, label, push_button, row, set_role
from studio.ui.model_words import model_words
from studio.ui.panels.plan_card import bytes_text
from studio.ui.segments import Segments
from studio.ui.theme import current

TIERS = (("local", "This GPU"), ("server", "GPU server"), ("draft", "Draft"))
_COLUMNS = ("Shot", "Plays now", "Becomes", "Time", "Memory", "Disk")
_WIDTHS_PX = {1: 130, 2: 150, 3: 70, 4: 80, 5: 70}
_MOST_STEPS = 200


class ConformDialog(QDialog):
    """`link_for` gives the engine of a tier, whose models may arrive while the dialog is open."""

    def __init__(
        self,
        conforming: Conforming,
        link_for: Callable[[str], EngineLink],
        titles: Callable[[str], str],
        get_models: Callable[[str], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._conforming = conforming
        self._link_for = link_for
        self._title_of = titles
        self._get_models = get_models
        self._shots: tuple[Shot, ...] = ()
        self._plans: dict[int, Plan] = {}
        self._refused: dict[int, str] = {}
        self._round = 0
        self.setWindowTitle("Conform")
        self.setMinimumSize(820, 500)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.finished.connect(self._stop_listening)
        self.tier = Segments(TIERS)
        self.steps = QSpinBox()
        self.steps.setRange(0, _MOST_STEPS)
        self.steps.setSpecialValueText("The model's own")
        self.steps.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.steps.setMinimumWidth(150)
        self.steps.setToolTip("Steps of denoising: more take longer and may look better")
        self.models: dict[Ability, QComboBox] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setColumnStretch(1, 1)
        self.list = _shot_list()
        self.summary = label("", "head", wrap=True)
        self.terms = label("", "small", wrap=True)
        self.get = push_button("Models…", self._fetch_models)
        self.get.setToolTip("Choose a model for this in Generate, and download it")
        self.go = push_button("Conform", self.start, "primary")
        self._lay_out()
        self.tier.chosen.connect(lambda _tier: self._tier_chosen())
        self.steps.valueChanged.connect(lambda _steps: self.renew())
        for tier in ("local", "server"):
            link_for(tier).state_changed.connect(self._tier_chosen)
        self._tier_chosen()

    @property
    def target(self) -> Target:
        """What the fields say."""
        models = {
            ability: str(box.currentData())
            for ability, box in self.models.items()
            if box.currentData()
        }
        return Target(tier=self.tier.key, models=models, steps=self.steps.value() or None)

    def start(self) -> None:
        """Begin; from here on the Jobs panel tells."""
        shots = [shot for shot in self._shots if id(shot) not in self._refused]
        if self._conforming.start(shots, self.target):
            self.accept()

    def renew(self) -> None:
        """Survey the cut again, and ask what each shot will need."""
        self._round += 1
        self._plans, self._refused = {}, {}
        self._shots = self._conforming.survey(self.target)
        for shot in self._shots:
            if shot.runs:
                self._conforming.plan(
                    shot,
                    self.tier.key,
                    partial(self._planned, self._round, shot),
                    partial(self._not_planned, self._round, shot),
                )
        self._show()

    def _lay_out(self) -> None:
        self._grid.addWidget(label("Make them with", "dim"), 0, 0)
        self._grid.addWidget(boxed(row(self.tier, None)), 0, 1)
        abilities = self._conforming.abilities()
        for at, ability in enumerate(abilities, 1):
            box = combo()
            box.currentIndexChanged.connect(lambda _index: self.renew())
            self.models[ability] = box
            self._grid.addWidget(label(ability_words(ability), "dim"), at, 0)
            self._grid.addWidget(box, at, 1)
        self._grid.addWidget(label("Steps", "dim"), len(abilities) + 1, 0)
        self._grid.addWidget(
            boxed(row(self.steps, label("0 leaves it to the model", "small"), None, spacing=10)),
            len(abilities) + 1,
            1,
        )
        about = label(
            "The shots of this cut are made again by better models. Until all are done the drafts "
            "play; then the new takes are swapped in as one step that can be undone. The cut stays "
            "as it is, frame for frame.",
            "dim",
            wrap=True,
        )
        buttons = row(self.get, None, push_button("Cancel", self.reject), self.go)
        layout = column(
            about, boxed(self._grid), self.list, self.summary, self.terms, boxed(buttons),
            spacing=10, margins=(16, 14, 16, 14),
        )  # fmt: skip
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.go.setDefault(True)

    def _tier_chosen(self) -> None:
        """Offer the models that the tier's engine has."""
        cast = self._conforming.cast(self.tier.key)
        for ability, box in self.models.items():
            _fill(box, cards_of(cast, self.tier.key, ability))
        self.renew()

    def _stop_listening(self) -> None:
        """News that is still on its way concerns nobody any more."""
        self._round += 1
        for tier in ("local", "server"):
            self._link_for(tier).state_changed.disconnect(self._tier_chosen)

    def _planned(self, asked: int, shot: Shot, plan: Plan) -> None:
        if asked != self._round:
            return
        if plan.refusal is not None:
            self._refused[id(shot)] = f"{plan.refusal.message} {plan.refusal.hint}".strip()
        else:
            self._plans[id(shot)] = plan
        self._show()

    def _not_planned(self, asked: int, shot: Shot, error: Exception) -> None:
        if asked == self._round:
            self._refused[id(shot)] = str(error)
            self._show()

    def _show(self) -> None:
        self.list.clear()
        for shot in self._shots:
            self.list.addTopLevelItem(self._item(shot))
        terms = (licence_words(s.card) for s in self._shots if s.card and not s.plays)
        notes = dict.fromkeys(note for shot in self._shots for note in shot.notes)
        self.terms.setText("\n".join([*dict.fromkeys(terms), *notes, *self._whys()]))
        self.terms.setVisible(bool(self.terms.text()))
        self.get.setVisible(any(shot.obstacle and shot.card is None for shot in self._shots))
        ready = [s for s in self._shots if (s.runs or s.swaps) and id(s) not in self._refused]
        words, bad = self._summary(ready)
        self.summary.setText(words)
        set_role(self.summary, "warning" if bad else "head")
        self.go.setEnabled(bool(ready) and all(s.swaps or id(s) in self._plans for s in ready))

    def _summary(self, ready: list[Shot]) -> tuple[str, bool]:
        """What will happen in a line, and whether it is a warning."""
        state = self._link_for(self.tier.key).state
        if isinstance(state, Unreachable):
            return state.reason, True
        if isinstance(state, Starting):
            return "Asking which models there are…", False
        if not self._shots:
            return "No clip of this cut was generated: there is nothing to conform.", False
        if all(shot.settled for shot in self._shots):
            return "Everything plays what this would make. There is nothing to do.", False
        if not ready:
            return "None of these shots can be made so.", True
        plans = [plan for shot in ready if (plan := self._plans.get(id(shot))) is not None]
        noun = "shot" if len(ready) == 1 else "shots"
        words = [f"{len(ready)} of {len(self._shots)} {noun}"]
        if plans:
            words.append(_time(sum(p.seconds or 0 for p in plans), plans))
            words.append(f"{bytes_text(max(_memory(plan) for plan in plans))} of memory at most")
            words.append(f"{bytes_text(sum(plan.disk_bytes for plan in plans))} on disk")
        return " · ".join(words), False

    def _whys(self) -> list[str]:
        """Why shots stay as they are: the table has no room for it."""
        names: dict[str, list[str]] = {}
        for shot in self._shots:
            if why := self._why(shot):
                names.setdefault(why, []).append(shot.name)
        return [f"{', '.join(stay)}: {why}" for why, stay in names.items()]

    def _fetch_models(self) -> None:
        self.reject()
        self._get_models(self.tier.key)

    def _why(self, shot: Shot) -> str:
        return shot.obstacle or self._refused.get(id(shot), "")

    def _item(self, shot: Shot) -> QTreeWidgetItem:
        count = len(shot.clip_ids)
        name = shot.name if count == 1 else f"{shot.name}  ({count} clips)"
        if shot.hidden:
            name = f"{shot.name}  (read by another shot)"
        before = self._title_of(shot.before.model)
        item = QTreeWidgetItem([name, before, *self._becomes(shot)])
        item.setToolTip(0, shot.before.prompt)
        item.setToolTip(2, self._why(shot))
        if self._why(shot) or shot.plays:
            for at in range(len(_COLUMNS)):
                item.setForeground(at, QColor(current().dim))
        return item

    def _becomes(self, shot: Shot) -> tuple[str, ...]:
        if self._why(shot):
            return ("Stays as it is",)
        if shot.plays:
            return ("Is it already",)
        if shot.made is not None:
            return ("Made already",)
        assert shot.card is not None
        plan = self._plans.get(id(shot))
        if plan is None:
            return shot.card.title, "…", "…", "…"
        time = duration_text(plan.seconds) if plan.seconds is not None else "?"
        return shot.card.title, time, bytes_text(_memory(plan)), bytes_text(plan.disk_bytes)


def ability_words(ability: Ability) -> str:
    """An ability as a label: "Text to video"."""
    return ability.value.replace("_", " ").capitalize()


def licence_words(card: ModelCard) -> str:
    """The terms of a model in a line."""
    terms = card.licence
    use = "commercial use is allowed" if terms.commercial else "commercial use is not allowed"
    return f"{card.title}: {terms.title}, {use}. {terms.limits}".strip()


def _shot_list() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels(list(_COLUMNS))
    tree.setRootIsDecorated(False)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for at, width in _WIDTHS_PX.items():
        header.resizeSection(at, width)
    return tree


def _fill(box: QComboBox, cards: Iterable[ModelCard]) -> None:
    """Offer models, keeping the choice; nobody is told, for the caller surveys anyway."""
    before = box.currentData()
    box.blockSignals(True)
    box.clear()
    for card in cards:
        box.addItem(card.title, card.id)
        box.setItemData(box.count() - 1, model_words(card), Qt.ItemDataRole.ToolTipRole)
    if not box.count():
        box.addItem("None installed", "")
    box.setEnabled(bool(box.itemData(0)))
    box.setCurrentIndex(max(0, box.findData(before)))
    box.blockSignals(False)


def _memory(plan: Plan) -> int:
    return max(plan.vram_bytes, plan.ram_bytes)


def _time(seconds: float, plans: list[Plan]) -> str:
    if any(plan.seconds is None for plan in plans):
        return "time not known before it has run once"
    return f"about {duration_text(seconds)}"
