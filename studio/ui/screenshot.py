"""A picture of the window, taken once everything it shows has come."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

LONGEST_WAIT_MS = 15_000
QUIET_MS = 250
LOOK_MS = 30


class Pictured(Protocol):
    """A window, and whether pictures for it are still being made."""

    @property
    def window(self) -> QWidget: ...

    @property
    def settled(self) -> bool: ...


def wait_until(app: QApplication, is_so: Callable[[], bool], limit_ms: int) -> bool:
    """Let the window live until something is so; False when it took too long."""
    clock, loop, look = QElapsedTimer(), QEventLoop(), QTimer()
    clock.start()
    look.setInterval(LOOK_MS)
    look.timeout.connect(lambda: loop.quit() if is_so() or clock.elapsed() > limit_ms else None)
    look.start()
    loop.exec()
    look.stop()
    app.processEvents()
    return is_so()


def save_picture(app: QApplication, editor: Pictured, path: Path) -> int:
    """Save the window as a PNG; -> exit code."""
    quiet = QElapsedTimer()
    quiet.start()

    def calm() -> bool:
        if not editor.settled:
            quiet.restart()
        return quiet.elapsed() > QUIET_MS

    wait_until(app, calm, LONGEST_WAIT_MS)
    partial = path.with_name(path.name + ".part")
    if not editor.window.grab().save(str(partial), "PNG"):
        sys.stderr.write(f"{path} cannot be written. Choose a folder that you may write to.\n")
        return 1
    partial.replace(path)
    return 0
