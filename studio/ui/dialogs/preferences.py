"""Preferences: engine, storage, look and shortcuts. Every change is saved as it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.protocol.models import Health
from studio.session.decoding import words_on_decoding
from studio.session.preferences import Preferences
from studio.ui.actions.book import CommandBook
from studio.ui.controls import boxed, column, label, push_button, row, rule, set_bad, set_role
from studio.ui.dialogs.shortcuts import ShortcutList
from studio.ui.palettes import THEMES
from studio.ui.segments import Segments

TIERS = (("draft", "Draft"), ("local", "This GPU"), ("server", "GPU server"))
LABEL_PX = 130


@dataclass(frozen=True, slots=True)
class PreferenceVerbs:
    """What the pages cannot do by themselves."""

    test_server: Callable[
        [str, str, Callable[[Health], object], Callable[[Exception], object]], object
    ]
    clear_cache: Callable[[], int]
    change_theme: Callable[[str], object]


class PreferencesDialog(QDialog):
    """Pages at the left, settings at the right."""

    PAGES = ("Engine", "Storage", "Editing", "Look", "Shortcuts")

    def __init__(
        self, preferences: Preferences, book: CommandBook, verbs: PreferenceVerbs, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self.resize(760, 520)
        self.engine = EnginePage(preferences, verbs)
        self.storage = StoragePage(preferences, verbs)
        self.editing = EditingPage(preferences)
        self.shortcuts = ShortcutList(book, preferences)
        self.pages = QListWidget()
        self.pages.addItems(self.PAGES)
        self.pages.setFixedWidth(150)
        self.stack = QStackedWidget()
        for page in (
            self.engine,
            self.storage,
            self.editing,
            LookPage(preferences, verbs),
            self.shortcuts,
        ):
            self.stack.addWidget(page)
        self.pages.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.pages.setCurrentRow(0)
        body = row(self.pages, rule(vertical=True), self.stack, spacing=14)
        body.setStretch(2, 1)
        done = push_button("Done", self.accept, "primary")
        foot = row(None, done)
        whole = column(boxed(body), boxed(foot), spacing=10, margins=(14, 14, 14, 12))
        whole.setStretch(0, 1)
        self.setLayout(whole)
        done.setDefault(True)

    def open_page(self, name: str) -> None:
        """Show a page by its name."""
        self.pages.setCurrentRow(self.PAGES.index(name))


def _page(title: str, *fields: tuple[str, QWidget] | QWidget) -> QVBoxLayout:
    """A page: a title, then rows of label and field; a bare widget takes a row to itself."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(10)
    grid.setColumnMinimumWidth(0, LABEL_PX)
    grid.setColumnStretch(1, 1)
    for place, field in enumerate(fields):
        if isinstance(field, tuple):
            top = (
                Qt.AlignmentFlag.AlignTop
                if field[1].sizeHint().height() > 40
                else Qt.AlignmentFlag(0)
            )
            grid.addWidget(label(field[0], "dim"), place, 0, top)
            grid.addWidget(field[1], place, 1)
        else:
            grid.addWidget(field, place, 0, 1, 2)
    return column(label(title, "title"), 6, boxed(grid), None, spacing=8)


class EnginePage(QWidget):
    """Where shots are made: tier, server address and token, and a test of the connection."""

    def __init__(self, preferences: Preferences, verbs: PreferenceVerbs) -> None:
        super().__init__()
        self._preferences = preferences
        self._verbs = verbs
        settings = preferences.settings
        self.tier = Segments(TIERS)
        self.tier.choose(settings.tier)
        self.tier.chosen.connect(lambda key: preferences.update(tier=key))
        self.address = QLineEdit(settings.server_address)
        self.address.setPlaceholderText("https://gpu-box.example:8443")
        self.token = QLineEdit(settings.server_token)
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText("From the person who runs the server")
        self.test = push_button("Test connection", self._test)
        self.result = label("", "small", wrap=True)
        self.address.editingFinished.connect(self._save)
        self.token.editingFinished.connect(self._save)
        about = label(
            "Draft models ship with the studio and run on any processor: quick cartoon animatics "
            "to block a film with. The other two tiers run large open models, on this machine's "
            "GPU or on a server that you or your studio run with “workprint serve”.",
            "small",
            wrap=True,
        )
        self.setLayout(
            _page(
                "Engine",
                ("Make shots with", self.tier),
                about,
                ("Server address", self.address),
                ("Access token", self.token),
                ("", boxed(row(self.test, None))),
                ("", self.result),
            )
        )

    def _save(self) -> None:
        self._preferences.update(
            server_address=self.address.text().strip(), server_token=self.token.text().strip()
        )

    def _test(self) -> None:
        self._save()
        address = self.address.text().strip()
        set_bad(self.address, not address)
        if not address:
            self._say("Enter the server's address first.", "danger")
            return
        self.test.setEnabled(False)
        self._say("Asking the server…", "small")
        self._verbs.test_server(address, self.token.text().strip(), self._answered, self._failed)

    def _answered(self, health: Health) -> None:
        self.test.setEnabled(True)
        devices = ", ".join(device.name for device in health.devices) or "no devices"
        self._say(f"Connected: engine {health.engine_version} on {devices}.", "good")

    def _failed(self, error: Exception) -> None:
        self.test.setEnabled(True)
        self._say(str(error), "danger")

    def _say(self, words: str, role: str) -> None:
        set_role(self.result, role)
        self.result.setText(words)


class StoragePage(QWidget):
    """The cache folder and its size; how saving works."""

    def __init__(self, preferences: Preferences, verbs: PreferenceVerbs) -> None:
        super().__init__()
        self._preferences = preferences
        self._verbs = verbs
        self.folder = QLineEdit(str(preferences.cache_folder))
        self.folder.setReadOnly(True)
        self.limit = QSpinBox()
        self.limit.setRange(1, 2000)
        self.limit.setSuffix(" GB")
        self.limit.setValue(preferences.settings.cache_limit_gib)
        self.limit.valueChanged.connect(lambda v: preferences.update(cache_limit_gib=v))
        self.freed = label("", "small")
        choose = push_button("Choose…", self._choose)
        clear = push_button("Empty the cache", self._clear)
        saving = label(
            "There is nothing to save: every edit is in the project file before it is shown as "
            "done, undo history included. Save As copies the project to another place.",
            "small",
            wrap=True,
        )
        folder_row = row(self.folder, choose)
        folder_row.setStretch(0, 1)
        self.setLayout(
            _page(
                "Storage",
                ("Saving", saving),
                ("Cache folder", boxed(folder_row)),
                ("Cache limit", boxed(row(self.limit, None))),
                ("", boxed(row(clear, self.freed, None))),
                label(
                    "The cache holds thumbnails, waveforms and proxies. It can be emptied at any "
                    "time; what is needed is made again.",
                    "small",
                    wrap=True,
                ),
            )
        )

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Cache folder", self.folder.text())
        if chosen:
            self.folder.setText(str(Path(chosen)))
            self._preferences.update(cache_folder=str(Path(chosen)))

    def _clear(self) -> None:
        megabytes = self._verbs.clear_cache() / 1024**2
        self.freed.setText(f"{megabytes:.0f} MB freed")


class EditingPage(QWidget):
    """Habits of the timeline, and what decodes footage."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        settings = preferences.settings
        self.snapping = QCheckBox("Snap to cuts, markers and the playhead")
        self.snapping.setChecked(settings.snapping)
        self.snapping.clicked.connect(lambda on: preferences.update(snapping=on))
        self.stills = QSpinBox()
        self.stills.setRange(1, 60)
        self.stills.setSuffix(" s")
        self.stills.setValue(settings.still_seconds)
        self.stills.valueChanged.connect(lambda v: preferences.update(still_seconds=v))
        self.proxies = QCheckBox("Make small stand-ins of large footage")
        self.proxies.setChecked(settings.proxies)
        self.proxies.clicked.connect(lambda on: preferences.update(proxies=on))
        about_proxies = label(
            "They are made while nothing plays, of footage with more than 540 lines, and used to "
            "scrub and to play. A picture at rest and every export are of the footage itself.",
            "small",
            wrap=True,
        )
        self.decoding = QCheckBox("Use the graphics card where it can")
        self.decoding.setChecked(settings.hardware_decoding)
        self.decoding.clicked.connect(self._set_decoding)
        self.decoder = label(words_on_decoding(settings.hardware_decoding), "small", wrap=True)
        self.setLayout(
            _page(
                "Editing",
                ("Snapping", self.snapping),
                ("Length of stills", boxed(row(self.stills, None))),
                ("Proxies", self.proxies),
                ("", about_proxies),
                ("Decoding footage", self.decoding),
                ("", self.decoder),
            )
        )

    def _set_decoding(self, wanted: bool) -> None:
        self._preferences.update(hardware_decoding=wanted)
        self.decoder.setText(words_on_decoding(wanted))


class LookPage(QWidget):
    """The theme."""

    def __init__(self, preferences: Preferences, verbs: PreferenceVerbs) -> None:
        super().__init__()
        self.theme = QComboBox()
        for key, theme in THEMES.items():
            self.theme.addItem(theme.name, key)
        self.theme.setCurrentIndex(max(0, self.theme.findData(preferences.settings.theme)))

        def change() -> None:
            preferences.update(theme=self.theme.currentData())
            verbs.change_theme(self.theme.currentData())

        self.theme.activated.connect(lambda _place: change())
        self.setLayout(_page("Look", ("Theme", boxed(row(self.theme, None)))))
