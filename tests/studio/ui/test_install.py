"""A model that is not here: its terms are shown, it comes with progress, and can be stopped."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.protocol.installs import InstallAction
from studio.session.installs import Fetching, Idle, Refused
from studio.ui.dialogs.licence import LicenceDialog
from studio.ui.editor import Editor
from tests.fakes.engine_client import POCKET, FakeEngine
from tests.studio.ui.driving import wait


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine((msgspec.structs.replace(POCKET, installed=False),))


def _offered(editor: Editor, qtbot: QtBot) -> LicenceDialog:
    """Press the button of a model that is not here, and look at what it asks."""
    panel = editor.parts.generate
    panel.form.prompt.setPlainText("A red fox")
    wait(qtbot, lambda: panel.plan is not None)
    assert panel.go.text() == "Download model  (57 MB)…"
    panel.go.click()
    shown = (w for w in QApplication.topLevelWidgets() if isinstance(w, LicenceDialog))
    return next(w for w in shown if w.isVisible())


def test_nothing_is_fetched_before_the_terms_are_accepted(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    dialog = _offered(empty, qtbot)
    assert "57 MB" in dialog.get.text()
    dialog.reject()
    assert engine.installs == []
    assert engine.submitted == []
    assert empty.generation.installs.state == Idle()


def test_an_accepted_model_comes_and_can_be_used_at_once(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.install_gate.clear()
    _offered(empty, qtbot).get.click()
    panel = empty.parts.generate
    wait(qtbot, lambda: isinstance(empty.generation.installs.state, Fetching))
    assert panel.go.text() == "Stop the download"
    wait(qtbot, lambda: "of 57 MB" in panel.plan_card.facts.text())
    engine.install_gate.set()
    wait(qtbot, lambda: panel.form.card is not None and panel.form.card.installed)
    wait(qtbot, lambda: panel.plan is not None)
    assert panel.go.text() == "Generate clip"
    (model, request) = engine.installs[0]
    assert (model, request.action) == ("pocket-video", InstallAction.DOWNLOAD)
    assert request.accept_licence
    panel.go.click()
    wait(qtbot, lambda: len(engine.submitted) == 1)


def test_a_download_is_stopped(empty: Editor, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.install_gate.clear()
    _offered(empty, qtbot).get.click()
    panel = empty.parts.generate
    wait(qtbot, lambda: len(engine.installs) == 1)
    panel.go.click()
    engine.install_gate.set()
    wait(qtbot, lambda: panel.plan is not None)
    assert empty.generation.installs.state == Idle()
    assert panel.go.text().startswith("Download model")


def test_a_download_that_fails_says_why(empty: Editor, engine: FakeEngine, qtbot: QtBot) -> None:
    dialog = _offered(empty, qtbot)
    engine.down = "The disk is full. Free 3 GB and try again."
    dialog.get.click()
    wait(qtbot, lambda: isinstance(empty.generation.installs.state, Refused))
    card = empty.parts.generate.plan_card
    assert "could not be fetched" in card.head.text()
    assert card.facts.text() == engine.down
