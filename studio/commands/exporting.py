"""Running an export in its child process: progress as it goes, and cancelled by Ctrl-C."""

from __future__ import annotations

from pathlib import Path

from studio.commands import units
from studio.commands.console import Console
from studio.commands.failures import CommandError
from studio.document.model.project import Project
from studio.media.export.job import ExportJob, Progress, Result
from studio.media.export.process import ExportProcess, Failed, Finished


def run_export(project: Project, folder: Path, job: ExportJob, console: Console) -> Result:
    """Export in a child process; `folder` is where the project's relative paths begin.

    Raises: CommandError with the reason; nothing is then left under the final name.
    """
    process = ExportProcess(project, folder, job)
    try:
        for event in process.events():
            match event:
                case Progress():
                    console.progress(_progress_text(event))
                case Finished(result=result):
                    return result
                case Failed(reason=reason):
                    raise CommandError(reason)
        raise CommandError("The export stopped without a word. Try it again.")
    except BaseException:
        process.kill()
        raise


def _progress_text(event: Progress) -> str:
    left = event.seconds_left
    rest = "" if left is None else f", {units.time_text(left)} left"
    rate = f", {event.frames_per_second:.0f} a second" if event.frames_per_second else ""
    return f"{event.phase}: {event.done_frames}/{event.total_frames} frames{rate}{rest}"
