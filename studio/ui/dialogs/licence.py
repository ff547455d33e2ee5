"""The question before a model is fetched: how large it is, and under which terms it may be used."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from engine.protocol.models import ModelCard
from studio.ui.controls import boxed, column, label, push_button, row
from studio.ui.panels.plan_card import bytes_text

WIDTH_PX = 440


class LicenceDialog(QDialog):
    """Accepting it accepts the terms."""

    def __init__(self, card: ModelCard, on_accept: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Download {card.title}")
        self.setFixedWidth(WIDTH_PX)
        terms = card.licence
        use = "Commercial use is allowed." if terms.commercial else "Commercial use is not allowed."
        lines = [f"{terms.title}. {use}", terms.limits, terms.url]
        self.get = push_button(
            f"Accept and download {bytes_text(card.size_bytes)}", self.accept, "primary"
        )
        self.accepted.connect(on_accept)
        self.setLayout(
            column(
                label(card.title, "title"),
                *(label(line, "small", wrap=True) for line in lines if line),
                6,
                boxed(row(None, push_button("Cancel", self.reject), self.get)),
                spacing=8,
                margins=(16, 14, 16, 12),
            )
        )
        self.get.setDefault(True)
