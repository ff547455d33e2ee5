"""ExportProcess: an export in a child process of this one, with pause, resume and cancel.

The child is given the project and the job as JSON on its standard input and reports in lines of
JSON on its standard output; it ends when this process does, since its input then closes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from studio.document.codec import encode
from studio.document.model.project import Project
from studio.media import errors
from studio.media.errors import MediaError
from studio.media.export.job import ExportJob, Progress, Result

ROOT = Path(__file__).resolve().parents[3]
GRACE_S = 5.0


@dataclass(frozen=True, slots=True)
class Finished:
    """The export is whole."""

    result: Result


@dataclass(frozen=True, slots=True)
class Failed:
    """The export ended without a result: one sentence why. `cancelled` if that was asked for."""

    reason: str
    cancelled: bool = False


Event = Progress | Finished | Failed


class ExportProcess:
    """A running export. Read `events` on one thread; call the rest from any."""

    def __init__(self, project: Project, folder: Path, job: ExportJob) -> None:
        self._job = job
        self._lock = Lock()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "studio.media.export", "-"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._say(
            json.dumps(
                {
                    "project": encode(project),
                    "folder": str(folder),
                    "job": json.loads(job.to_json()),
                }
            )
        )

    def events(self) -> Iterator[Event]:
        """Progress as it comes, then Finished or Failed, once."""
        assert self._child.stdout is not None
        ended = False
        for line in self._child.stdout:
            event = _event(line)
            if event is not None:
                ended = not isinstance(event, Progress)
                yield event
        self._child.wait()
        if not ended:
            yield Failed(self._last_words())
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def pause(self) -> None:
        """Hold the export where it is."""
        self._say("pause")

    def resume(self) -> None:
        """Go on after a pause."""
        self._say("resume")

    def cancel(self) -> None:
        """Stop; nothing is left behind. Returns at once, `events` ends soon after."""
        self._say("cancel")

    def kill(self) -> None:
        """End the child if it has not ended within a grace period of being cancelled."""
        self.cancel()
        try:
            self._child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _say(self, line: str) -> None:
        assert self._child.stdin is not None
        with self._lock:
            try:
                self._child.stdin.write(line + "\n")
                self._child.stdin.flush()
            except (BrokenPipeError, ValueError):
                return  # it has ended; `events` says how

    def _last_words(self) -> str:
        assert self._child.stderr is not None
        said = self._child.stderr.read().strip().splitlines()
        detail = f" ({said[-1]})" if said else ""
        return f"The export stopped unexpectedly{detail}. Try again, or choose another preset."


def event_line(event: Event) -> str:
    """An event as the child writes it."""
    body = asdict(event)
    if isinstance(event, Finished):
        result = body["result"]
        result["path"] = str(result["path"])
        result["sidecars"] = [str(path) for path in result["sidecars"]]
    return json.dumps({"event": type(event).__name__, **body})


def _event(line: str) -> Event | None:
    """An event as it was written; None for a line of something else, such as a codec's chatter."""
    try:
        body = json.loads(line)
        kind = body.pop("event")
    except (ValueError, AttributeError, KeyError):
        return None
    match kind:
        case "Progress":
            return Progress(**body)
        case "Finished":
            fields = body["result"]
            sidecars = tuple(Path(path) for path in fields.pop("sidecars"))
            notes = tuple(fields.pop("notes"))
            path = Path(fields.pop("path"))
            return Finished(Result(path=path, sidecars=sidecars, notes=notes, **fields))
        case "Failed":
            return Failed(**body)
        case _:
            return None


def failure(error: MediaError) -> Failed:
    """An error as an event."""
    return Failed(str(error), cancelled=isinstance(error, errors.Cancelled))
