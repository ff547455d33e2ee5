"""What is seen on a terminal, and what a log or a pipe gets instead."""

from __future__ import annotations

import io

from installers.progress import Progress, size


class Terminal(io.StringIO):
    """A stream that is one, as far as a program can tell."""

    def isatty(self) -> bool:
        return True


def report(stream: io.StringIO) -> str:
    progress = Progress(stream)
    progress.say("Installing")
    progress.note("looking around")
    progress.begin_download("reel-1.2.whl", "12.0 MB")
    progress.advance_download(3_000_000, 12_000_000)
    progress.say("Done")
    return stream.getvalue()


def test_a_pipe_gets_plain_lines_with_sizes() -> None:
    assert report(io.StringIO()) == "Installing\n  reel-1.2.whl (12.0 MB)\nDone\n"


def test_a_terminal_gets_one_living_line() -> None:
    text = report(Terminal())
    assert text.count("\n") == 2
    assert "██████░░░░░░░░░░░░░░░░░░ 3.0 MB of 12.0 MB  reel-1.2.whl" in text
    assert text.endswith("\r\x1b[2KDone\n")


def test_sizes_read_well() -> None:
    sizes = (12, 1_200, 34_500_000, 6_700_000_000)
    assert [size(count) for count in sizes] == ["12 bytes", "1.2 kB", "34.5 MB", "6.7 GB"]
