"""What a person sees during a set-up: one living line on a terminal, plain lines in a pipe.

Everything goes to standard error, since standard output belongs to the command that was asked for.
"""

from __future__ import annotations

import shutil
import sys
from typing import TextIO

_BAR_CELLS = 24


def size(count_bytes: float) -> str:
    """A size as people read it: 999 bytes, 1.2 kB, 34.5 MB, 6.7 GB."""
    if count_bytes < 1000:
        return f"{count_bytes:.0f} bytes"
    for unit in ("kB", "MB"):
        count_bytes /= 1000
        if count_bytes < 1000:
            return f"{count_bytes:.1f} {unit}"
    return f"{count_bytes / 1000:.1f} GB"


class Progress:
    """Reports steps, downloads and remarks."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._downloading = ""

    def say(self, text: str) -> None:
        """Print a line that stays."""
        self._wipe()
        self._stream.write(text + "\n")
        self._stream.flush()

    def note(self, text: str) -> None:
        """Show what is happening now, until the next note; a pipe gets none."""
        if self._live:
            self._draw(f"  {text}")

    def begin_download(self, name: str, total: str) -> None:
        """A file of `total` (as "123.4 MB") has begun to arrive."""
        self._downloading = name
        if self._live:
            self._draw(f"  {name} ({total})")
        else:
            self.say(f"  {name} ({total})")

    def advance_download(self, done_bytes: int, total_bytes: int) -> None:
        """So much of the file has arrived; a terminal shows it as a bar."""
        if not self._live or total_bytes <= 0:
            return
        filled = min(_BAR_CELLS, _BAR_CELLS * done_bytes // total_bytes)
        bar = "█" * filled + "░" * (_BAR_CELLS - filled)
        self._draw(f"  {bar} {size(done_bytes)} of {size(total_bytes)}  {self._downloading}")

    def _draw(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r\x1b[2K{text[:width]}")
        self._stream.flush()

    def _wipe(self) -> None:
        if self._live:
            self._stream.write("\r\x1b[2K")
