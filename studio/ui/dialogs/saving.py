"""How far saving elsewhere is, for as long as it takes: shown only if that is noticed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressDialog, QWidget

from studio.session.saving import Saving

STEPS = 1000
UNSEEN_MS = 400


class SavingDialog(QProgressDialog):
    """Nothing can be edited behind it; cancel leaves everything as it was."""

    def __init__(self, saving: Saving, name: str, parent: QWidget) -> None:
        super().__init__(f"Copying the media of the film to {name}…", "Cancel", 0, STEPS, parent)
        self.setWindowTitle("Save as")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumDuration(UNSEEN_MS)
        self.setMinimumWidth(380)
        self.setAutoReset(False)
        self.setAutoClose(False)
        self._name = name
        saving.progressed.connect(self._show)
        saving.ended.connect(self._end)
        self.canceled.connect(saving.stop)
        self.setValue(0)

    def _show(self, done: int, total: int) -> None:
        self.setLabelText(
            f"Copying the media of the film to {self._name}: "
            f"{done / 1e9:.1f} of {total / 1e9:.1f} GB"
        )
        self.setValue(round(STEPS * done / total) if total else 0)

    def _end(self) -> None:
        self.canceled.disconnect()
        self.close()
