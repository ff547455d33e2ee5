"""The row below a prompt: how the model reads it, and the switch that leaves the words alone."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from engine.protocol.models import ModelCard
from engine.protocol.recipes import OFF, REWRITE, Recipe
from studio.session.preferences import Preferences
from studio.session.rewriting import Question, Rewriting, rewrites, with_rewriting
from studio.ui.controls import column, label

PAUSE_MS = 450
TIP = (
    "Small models know few words. Switched on, a prompt is put into those that the model learnt,"
    " and what has none stays as it is."
)


class RewrittenPrompt(QWidget):
    """Hidden for models that take words as they are. `switched` says that the user chose."""

    switched = Signal()

    def __init__(self, rewriting: Rewriting, preferences: Preferences) -> None:
        super().__init__()
        self._rewriting = rewriting
        self._preferences = preferences
        self._wanted: tuple[str, str, str] | None = None
        self.switch = QCheckBox("Rewrite prompts")
        self.switch.setToolTip(TIP)
        self.switch.setChecked(preferences.settings.rewrite_prompts)
        self.told = label("", "small", wrap=True)
        self.told.setAccessibleName("How the prompt is read")
        self.setLayout(column(self.told, self.switch, spacing=4))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.switch.clicked.connect(self._clicked)
        rewriting.answered.connect(self._answered)
        self._say("")
        self.hide()

    @property
    def on(self) -> bool:
        return self.switch.isChecked()

    def read(self, prompt: str, card: ModelCard | None, tier: str) -> None:
        """Say how a prompt will be read, once it has stood still for a moment."""
        self.setVisible(rewrites(card))
        words = prompt.strip()
        asks = card is not None and rewrites(card) and self.on and bool(words)
        wanted = (words, card.id, tier) if card is not None and asks else None
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._say("")
        self._rewriting.forget()
        if wanted is None:
            self._pause.stop()
        else:
            self._pause.start()

    def applied(self, recipe: Recipe, card: ModelCard) -> Recipe:
        """The recipe as the switch has it."""
        return with_rewriting(recipe, card, on=self.on)

    def show_recipe(self, recipe: Recipe) -> None:
        """Show how a recipe has it, without taking that for a choice."""
        self.switch.setChecked(recipe.options.get(REWRITE) != OFF)

    def show_choice(self) -> None:
        """Show again what the user chose."""
        self.switch.setChecked(self._preferences.settings.rewrite_prompts)

    def _clicked(self) -> None:
        self._preferences.update(rewrite_prompts=self.on)
        self.switched.emit()

    def _ask(self) -> None:
        if self._wanted is not None:
            self._rewriting.ask(*self._wanted)

    def _answered(self, question: Question, text: str) -> None:
        if self._wanted is not None and (question.prompt, question.model) == self._wanted[:2]:
            self._say("" if text == question.prompt else f"Read as: {text}")

    def _say(self, words: str) -> None:
        self.told.setText(words)
        self.told.setVisible(bool(words))
