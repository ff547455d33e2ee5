"""The export's child process: `python -m studio.media.export -` with a job on standard input.

The first line is JSON: {"project": …, "folder": …, "job": …}. Lines after it are "pause",
"resume" or "cancel". Progress and the end go to standard output, one JSON object a line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from studio.document.codec import decode
from studio.document.model.project import Project
from studio.media.errors import MediaError
from studio.media.export.job import ExportJob, Progress
from studio.media.export.process import Event, Finished, event_line, failure
from studio.media.export.run import export


class Orders:
    """What the parent says while the export runs."""

    def __init__(self) -> None:
        self._cancelled = Flag()
        self._going = Flag()
        self._going.set()

    def listen(self) -> None:
        """Read orders until the parent ends; then there is nobody to export for."""
        for line in sys.stdin:
            match line.strip():
                case "pause":
                    self._going.clear()
                case "resume":
                    self._going.set()
                case "cancel":
                    break
        self._cancelled.set()
        self._going.set()

    def should_cancel(self) -> bool:
        """True once cancelled; waits here while paused."""
        self._going.wait()
        return self._cancelled.is_set()


def main() -> int:
    """Run one job; 0 when the film is whole, 1 otherwise."""
    given = json.loads(sys.stdin.readline())
    orders = Orders()
    Thread(target=orders.listen, name="orders", daemon=True).start()
    try:
        project = decode(Project, given["project"])
        job = ExportJob.from_json(json.dumps(given["job"]))
        result = export(project, Path(given["folder"]), job, _tell, orders.should_cancel)
    except MediaError as error:
        _tell(failure(error))
        return 1
    _tell(Finished(result))
    return 0


def _tell(event: Event | Progress) -> None:
    sys.stdout.write(event_line(event) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
