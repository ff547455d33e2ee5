"""The plan card: what a job will need, before anything is loaded; or why it cannot run."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel

from engine.protocol.plans import Offload, Plan
from engine.protocol.recipes import Recipe
from studio.session.jobs import duration_text
from studio.session.model_rules import seconds_of
from studio.ui.controls import boxed, column, label, push_button, row, set_role
from studio.ui.theme import current, themed_icon

GIB = 1024**3


def bytes_text(size: int) -> str:
    """Bytes as people read them: "1.4 GB", "620 MB"."""
    if size >= GIB:
        return f"{size / GIB:.1f} GB"
    return f"{max(1, round(size / 1024**2))} MB"


def plan_facts(plan: Plan) -> str:
    """Device, memory and time in one line."""
    facts = ["CPU" if plan.device == "cpu" else plan.device]
    if plan.vram_bytes:
        facts.append(f"{bytes_text(plan.vram_bytes)} VRAM")
    facts.append(f"{bytes_text(plan.ram_bytes)} memory")
    if plan.download_bytes:
        facts.append(f"{bytes_text(plan.download_bytes)} to download")
    return " · ".join(facts)


def setting_text(recipe: Recipe) -> str:
    """The setting a recipe stands for: "2 s at 512×288"."""
    seconds = float(seconds_of(recipe))
    size = f"{recipe.width}×{recipe.height}"
    return f"{seconds:g} s at {size}" if seconds else size


class PlanCard(QFrame):
    """Shows a plan, a refusal with its fix, or that the engine is being asked."""

    fix_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("PlanCard")
        self._nearest: Recipe | None = None
        self._icon = QLabel()
        self._icon.setFixedWidth(18)
        self.head = label("", "head", wrap=True)
        self.facts = label("", "small", wrap=True)
        self.fix = push_button("", self._take_fix)
        self.fix.hide()
        words = boxed(column(self.head, self.facts, self.fix, spacing=3))
        layout = row(self._icon, words, spacing=7, margins=(9, 8, 9, 8))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.say("Describe a shot to see what it will need.")

    def say(self, words: str, detail: str = "", *, warning: bool = False) -> None:
        """Say something that is not a plan."""
        self._show("triangle-alert" if warning else "info", words, detail, warning=warning)
        self._nearest = None
        self.fix.hide()

    def show_plan(self, plan: Plan) -> None:
        """Show a forecast or a refusal."""
        if plan.refusal is not None:
            self._refuse(plan)
            return
        self._nearest = None
        self.fix.hide()
        time = (
            f"About {duration_text(plan.seconds)}" if plan.seconds is not None else "Ready to run"
        )
        notes = [plan_facts(plan), *plan.notes]
        if plan.offload is not Offload.NONE:
            notes.insert(
                1, f"{plan.precision.value}, weights wait in {_waiting_place(plan.offload)}"
            )
        self._show("clock", time, "\n".join(notes), warning=False)

    def _refuse(self, plan: Plan) -> None:
        assert plan.refusal is not None
        self._show("triangle-alert", plan.refusal.message, plan.refusal.hint, warning=True)
        self._nearest = plan.nearest
        self.fix.setVisible(plan.nearest is not None)
        if plan.nearest is not None:
            self.fix.setText(f"Use {setting_text(plan.nearest)}")

    def _take_fix(self) -> None:
        if self._nearest is not None:
            self.fix_wanted.emit(self._nearest)

    def _show(self, icon: str, words: str, detail: str, *, warning: bool) -> None:
        theme = current()
        tint = theme.warning if warning else theme.dim
        self._icon.setPixmap(themed_icon(icon, 16, tint).pixmap(16, 16))
        self.head.setText(words)
        set_role(self.head, "warning" if warning else "head")
        self.facts.setText(detail)
        self.facts.setVisible(bool(detail))
        edge = theme.warning if warning else theme.border
        self.setStyleSheet(
            f"#PlanCard {{ background: {theme.field}; border: 1px solid {edge};"
            " border-radius: 6px; }"
        )


def _waiting_place(offload: Offload) -> str:
    return "files on disk" if offload is Offload.DISK else "main memory"
