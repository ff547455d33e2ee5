"""The console: progress on a terminal and none in a pipe, results for people or for programs."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_REDRAW_S = 0.1
_CLEAR = "\r\x1b[K"


class Console:
    """Where a command speaks. With `as_json` only `result` reaches stdout, as one JSON object."""

    def __init__(self, as_json: bool = False) -> None:
        self._as_json = as_json
        self._shows_progress = sys.stderr.isatty()
        self._drawn_at_s = 0.0
        self._is_drawn = False

    def progress(self, text: str) -> None:
        """Show how far things are in one line that replaces the last, ten times a second."""
        now_s = time.monotonic()
        if not self._shows_progress or now_s - self._drawn_at_s < _REDRAW_S:
            return
        self._drawn_at_s, self._is_drawn = now_s, True
        width = shutil.get_terminal_size().columns - 1
        print(f"{_CLEAR}{text[:width]}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line of progress away."""
        if self._is_drawn:
            print(_CLEAR, end="", file=sys.stderr, flush=True)
        self._is_drawn = False

    @contextmanager
    def clearing(self) -> Iterator[None]:
        """Leave no line of progress behind, also when it fails."""
        try:
            yield
        finally:
            self.clear()

    def say(self, text: str) -> None:
        """Tell a person something; a program reading JSON is not disturbed."""
        self.clear()
        if not self._as_json:
            print(text, flush=True)

    def table(self, rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
        """Rows in columns as wide as their widest cell; the columns in `right` end flush."""
        for line in in_columns(rows, right):
            self.say(line)

    def result(self, body: dict[str, Any] | list[Any]) -> None:
        """The outcome as JSON, where that was asked for."""
        self.clear()
        if self._as_json:
            print(json.dumps(body, indent=2, ensure_ascii=False), flush=True)


def in_columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """Lines of a table, two blanks between columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
