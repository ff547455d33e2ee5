"""What decodes footage: chosen in the preferences, told in a sentence, in force at once."""

from __future__ import annotations

from studio.media.decode.hardware import card
from studio.session.decoding import card_to_use, words_on_decoding
from studio.session.settings import read_settings
from studio.ui.dialogs.preferences import PreferencesDialog
from studio.ui.editor import Editor


def test_it_is_used_where_it_is_unless_turned_off(cut: Editor) -> None:
    assert card_to_use(True) == card()
    assert card_to_use(False) == ""
    cut.session.media.get()
    cut.workspace.show_preferences("Editing")
    (dialog,) = cut.window.findChildren(PreferencesDialog)
    page = dialog.editing
    assert page.decoding.isChecked()
    assert page.decoder.text() == words_on_decoding(True)
    page.decoding.click()
    assert page.decoder.text() == words_on_decoding(False)
    assert not read_settings(cut.preferences.path).hardware_decoding
    dialog.accept()


def test_open_footage_is_told_of_a_change(cut: Editor) -> None:
    footage = cut.session.media.get()
    assert footage.card == card()
    footage.decode_with("cuda")
    cut.preferences.update(hardware_decoding=False)
    assert footage.card == ""
    cut.preferences.update(hardware_decoding=True)
    assert footage.card == card()
