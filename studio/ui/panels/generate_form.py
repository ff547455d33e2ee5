"""The fields of the Generate panel: what the shot is, and how it is to be made."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QWidget,
)

from engine.protocol.models import ModelCard
from engine.protocol.recipes import Recipe
from studio.session.draft import (
    CAMERA_WORDS,
    SEED_LIMIT,
    Draft,
    longest_seconds,
    random_seed,
    seconds_of,
)
from studio.ui.controls import boxed, column, label, push_button, row, set_bad, tool_button
from studio.ui.flow import FlowLayout
from studio.ui.segments import Segments

HALF = Fraction(1, 2)
PROMPT_PX = 68


class GenerateForm(QWidget):
    """`edited` follows every change; `wanted` is Ctrl+Return in the prompt."""

    edited = Signal()
    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._cards: tuple[ModelCard, ...] = ()
        self.prompt = QPlainTextEdit()
        self.prompt.setPlaceholderText("A red fox runs to the right across a snowy field")
        self.prompt.setFixedHeight(PROMPT_PX)
        self.prompt.setTabChangesFocus(True)
        self.prompt.installEventFilter(self)
        self.negative = QLineEdit()
        self.negative.setPlaceholderText("What must not appear")
        self.aspect = Segments([("16:9", "16:9"), ("9:16", "9:16"), ("1:1", "1:1")])
        self.length = QSlider(Qt.Orientation.Horizontal)
        self.length.setRange(2, 8)
        self.length.setValue(8)
        self.length_text = label("4 s", "dim")
        self.length_text.setFixedWidth(34)
        self.seed = QLineEdit(str(random_seed()))
        self.seed.setValidator(QIntValidator(0, SEED_LIMIT - 1, self))
        self.lock = tool_button("lock-open", "Keep this seed for the next shot", checkable=True)
        self.dice = tool_button("dices", "Another random seed", self.roll_seed)
        self.model = QComboBox()
        self.model.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.model.setMinimumContentsLength(12)
        self.licence = label("", "small", wrap=True)
        self._camera_chips = self._chips()
        self._build()
        self._connect()

    @property
    def card(self) -> ModelCard | None:
        """The chosen model, None while there is none to choose."""
        index = self.model.currentIndex()
        return self._cards[index] if 0 <= index < len(self._cards) else None

    def draft(self) -> Draft:
        """What the fields say."""
        card = self.card
        return Draft(
            prompt=self.prompt.toPlainText(),
            model=card.id if card is not None else "",
            negative_prompt=self.negative.text(),
            camera=next((c.text() for c in self._camera_chips if c.isChecked()), ""),
            aspect=self.aspect.key,
            seconds=self.seconds,
            seed=int(self.seed.text() or 0),
        )

    @property
    def seconds(self) -> Fraction:
        return self.length.value() * HALF

    def set_cards(self, cards: tuple[ModelCard, ...]) -> None:
        """Offer these models; the one chosen before stays if it is among them."""
        before = self.card.id if self.card is not None else ""
        self._cards = cards
        self.model.blockSignals(True)
        self.model.clear()
        for card in cards:
            self.model.addItem(card.title if card.installed else f"{card.title} (not installed)")
        ids = [card.id for card in cards]
        self.model.setCurrentIndex(ids.index(before) if before in ids else 0 if ids else -1)
        self.model.blockSignals(False)
        self._fit_to_card()
        self.edited.emit()

    def show_recipe(self, recipe: Recipe) -> None:
        """Fill the fields from a recipe, to change it and run it again."""
        self.prompt.setPlainText(recipe.prompt)
        self.negative.setText(recipe.negative_prompt)
        self.seed.setText(str(recipe.seed))
        for chip in self._camera_chips:
            chip.setChecked(False)
        ids = [card.id for card in self._cards]
        if recipe.model in ids:
            self.model.setCurrentIndex(ids.index(recipe.model))
        if (card := self.card) is not None:
            size = (recipe.width, recipe.height)
            for name, offered in card.rules.aspects.items():
                if tuple(offered) == size:
                    self.aspect.choose(name)
        self.length.setValue(round(seconds_of(recipe) / HALF))
        self.edited.emit()

    def roll_seed(self) -> None:
        """Put in a seed by chance."""
        self.seed.setText(str(random_seed()))

    def after_start(self) -> None:
        """A shot has been started: the next one gets another seed, unless it is locked."""
        if not self.lock.isChecked():
            self.roll_seed()

    def complain(self, about_prompt: bool) -> None:
        """Mark the prompt as the thing to mend, or clear the mark."""
        set_bad(self.prompt, about_prompt)
        if about_prompt:
            self.prompt.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.wanted.emit()
                return True
        return super().eventFilter(watched, event)

    def _chips(self) -> list[QPushButton]:
        chips = [push_button(word, lambda: None, "chip") for word in CAMERA_WORDS]
        for chip in chips:
            chip.setCheckable(True)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(lambda on, chip=chip: self._chose_camera(chip, on))
        return chips

    def _chose_camera(self, chosen: QPushButton, on: bool) -> None:
        for chip in self._camera_chips:
            chip.setChecked(on and chip is chosen)
        self.edited.emit()

    def _build(self) -> None:
        chips = QWidget()
        chips.setLayout(FlowLayout(*self._camera_chips, spacing=4))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        fields: list[tuple[str, QWidget]] = [
            ("Shape", self.aspect),
            ("Length", boxed(row(self.length, self.length_text, spacing=8))),
            ("Seed", boxed(row(self.seed, self.dice, self.lock, spacing=2))),
            ("Model", self.model),
            ("Avoid", self.negative),
        ]
        for place, (name, field) in enumerate(fields):
            grid.addWidget(label(name, "dim"), place, 0)
            grid.addWidget(field, place, 1)
        self.setLayout(
            column(self.prompt, 2, boxed(grid), 4, label("Camera", "section"), chips, self.licence)
        )

    def _connect(self) -> None:
        self.prompt.textChanged.connect(lambda: self.complain(False))
        for signal in (
            self.prompt.textChanged,
            self.negative.textChanged,
            self.seed.textChanged,
            self.aspect.chosen,
            self.length.valueChanged,
        ):
            signal.connect(lambda *_: self.edited.emit())
        self.length.valueChanged.connect(lambda _v: self._show_length())
        self.model.currentIndexChanged.connect(lambda _i: self._model_chosen())

    def _model_chosen(self) -> None:
        self._fit_to_card()
        self.edited.emit()

    def _fit_to_card(self) -> None:
        """Offer only what the model can make."""
        card = self.card
        if card is None:
            self.licence.setText("")
            return
        self.aspect.set_choices([(name, name) for name in card.rules.aspects])
        longest = max(1, int(longest_seconds(card.rules) / HALF))
        self.length.setRange(1 if longest < 2 else 2, max(2, longest))
        use = "commercial use allowed" if card.licence.commercial else "no commercial use"
        self.licence.setText(f"{card.licence.title} · {use}")
        self.licence.setToolTip(card.licence.limits or card.note)
        self._show_length()

    def _show_length(self) -> None:
        seconds = self.seconds
        whole = seconds.denominator == 1
        self.length_text.setText(f"{seconds.numerator} s" if whole else f"{float(seconds):.1f} s")
