"""About: what this is, what it is made of, and under which terms each model may be used."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from engine.protocol.models import ModelCard
from studio.ui.controls import boxed, column, label, push_button, row
from studio.ui.model_words import model_words

PARTS = (
    ("Workprint", "Apache-2.0"),
    ("Qt and PySide6", "LGPL-3.0"),
    ("FFmpeg, through PyAV", "LGPL-2.1 / BSD-3-Clause"),
    ("PyTorch", "BSD-3-Clause"),
    ("diffusers, transformers", "Apache-2.0"),
    ("OpenTimelineIO", "Apache-2.0"),
    ("OpenCV", "Apache-2.0"),
    ("NumPy", "BSD-3-Clause"),
    ("Inter typeface", "OFL-1.1"),
    ("Lucide icons", "ISC / MIT"),
)


class AboutDialog(QDialog):
    """Two pages: the program, and its models with their licences."""

    def __init__(self, version: str, cast: tuple[ModelCard, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Workprint")
        self.resize(640, 460)
        self.tabs = QTabWidget()
        self.tabs.addTab(self._program(version), "Program")
        self.tabs.addTab(self._models(cast), "Models and licences")
        close = push_button("Close", self.accept)
        foot = row(None, close)
        self.setLayout(column(self.tabs, boxed(foot), spacing=8, margins=(12, 8, 12, 12)))
        close.setDefault(True)

    def _program(self, version: str) -> QWidget:
        words = (
            "A workprint is the rough print a film is cut on, before the lab conforms the cut to "
            "the final negative. This studio works the same way with generated footage: cut with "
            "drafts that any laptop makes in seconds, then conform the locked cut with the big "
            "models, on your own GPU or on your own server."
        )
        facts = f"Version {version} · Python {platform.python_version()} · Qt {PySide6.__version__}"
        tree = _tree(("Part", "Licence"))
        for part, licence in PARTS:
            tree.addTopLevelItem(QTreeWidgetItem([part, licence]))
        return boxed(
            column(
                label("Workprint", "hero"),
                label(facts, "small"),
                label(words, "dim", wrap=True),
                tree,
                spacing=8,
                margins=(10, 12, 10, 4),
            )
        )

    def _models(self, cast: tuple[ModelCard, ...]) -> QWidget:
        words = (
            "What you make with a model is bound by its licence. Draft models make small cartoon "
            "animatics from a handful of subjects, places and actions; they are for blocking a "
            "film and are not presented as more."
        )
        tree = _tree(("Model", "Tier", "Licence", "Commercial use", "State"))
        for card in cast:
            use = "yes" if card.licence.commercial else "no"
            state = "installed" if card.installed else "not installed"
            item = QTreeWidgetItem([card.title, card.tier, card.licence.title, use, state])
            for column_ in range(5):
                item.setToolTip(column_, model_words(card))
            tree.addTopLevelItem(item)
        if not cast:
            words = "The engine is not running yet; its models appear here once it is."
        return boxed(
            column(label(words, "dim", wrap=True), tree, spacing=8, margins=(10, 12, 10, 4))
        )


def _tree(heads: tuple[str, ...]) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels(list(heads))
    tree.setRootIsDecorated(False)
    tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    tree.header().setStretchLastSection(False)
    return tree
