"""The right end of the menu bar: how the engine is, how many jobs run, and Export."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenuBar, QWidget

from studio.session.engines import Offline, Online, Starting, Unreachable
from studio.session.exports import Exports
from studio.session.generation import Generation
from studio.session.preferences import Preferences
from studio.session.proxies import Proxies
from studio.session.session import Session
from studio.ui.controls import label, push_button, row
from studio.ui.theme import current

WORDS_PX = 138
PROXIES_TIP = (
    "Proxies are small stand-ins of large footage, made while nothing plays. "
    "Preferences › Editing turns them off."
)


class StatusCorner(QWidget):
    """A dot and a word; a click leads to where it can be changed."""

    def __init__(
        self,
        session: Session,
        generation: Generation,
        exports: Exports,
        proxies: Proxies,
        preferences: Preferences,
        show_engine: Callable[[], object],
        show_jobs: Callable[[], object],
        export: Callable[[], object],
    ) -> None:
        super().__init__()
        self._generation = generation
        self._exports = exports
        self._proxies = proxies
        self._preferences = preferences
        self.dot = QLabel()
        self.dot.setFixedSize(8, 8)
        self.words = push_button("", show_engine, "link")
        self.words.setMinimumWidth(WORDS_PX)
        self.jobs = push_button("", show_jobs, "link")
        self.saved = label("", "small")
        self._session = session
        self.export = push_button("Export", export, "primary")
        self.setLayout(
            row(
                self.saved,
                8,
                self.jobs,
                self.dot,
                self.words,
                self.export,
                spacing=4,
                margins=(0, 0, 6, 0),
            )
        )
        for link in generation.links.values():
            link.state_changed.connect(self.refresh)
        generation.board.listed.connect(self.refresh)
        exports.updated.connect(lambda _n: self.refresh())
        proxies.changed.connect(self.refresh)
        preferences.changed.connect(lambda _n: self.refresh())
        session.opened.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the state of the engine in use, and of what runs."""
        theme = current()
        match self._generation.link_for(self._preferences.settings.tier).state:
            case Offline():
                tint, words, tip = theme.faint, "Engine idle", "It starts with the first shot."
            case Starting():
                tint, words, tip = theme.warning, "Engine starting", ""
            case Online(health=health):
                device = health.devices[0].name if health.devices else "no device"
                tint, words = theme.good, "Engine ready"
                tip = f"Engine {health.engine_version} on {device}"
            case Unreachable(reason=reason):
                tint, words, tip = theme.danger, "Engine unreachable", reason
        self.dot.setStyleSheet(f"background: {tint}; border-radius: 4px;")
        self.words.setText(words)
        self.words.setToolTip(tip)
        self._show_running()
        self.saved.setText("Read-only" if self._session.read_only else "Saved")
        self.saved.setToolTip(
            self._session.read_only
            or f"Every edit is in {self._session.path} as soon as it is made."
        )

    def _show_running(self) -> None:
        jobs, exports = self._generation.board.active_count, self._exports.active_count
        parts = [f"{jobs} job{'s' if jobs > 1 else ''}"] if jobs else []
        parts += [f"{exports} export{'s' if exports > 1 else ''}"] if exports else []
        waiting = self._proxies.waiting
        parts += [f"{waiting} {'proxies' if waiting > 1 else 'proxy'}"] if waiting else []
        self.jobs.setToolTip(PROXIES_TIP if waiting else "")
        self.jobs.setText(", ".join(parts))
        self.jobs.setVisible(bool(parts))
        self._ask_for_room()

    def _ask_for_room(self) -> None:
        """A menu bar only looks at how wide its corner wants to be when it is resized itself."""
        bar = self.parentWidget()
        if isinstance(bar, QMenuBar) and self.sizeHint().width() != self.width():
            QApplication.postEvent(bar, QResizeEvent(bar.size(), bar.size()))
