"""An export from job to file, in this process: rendering and encoding side by side.

Pictures are rendered on one thread and encoded on another; only a few wait in between, so memory
stays flat however long the film is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from time import monotonic

import av.error
from av.video.frame import VideoFrame

from studio.document.model.project import Project
from studio.media.compositor.render import Scene, render_picture, render_transparent
from studio.media.errors import MediaError, from_os_error
from studio.media.export.ahead import Ahead
from studio.media.export.captions import write_captions
from studio.media.export.film import FilmWriter, Format
from studio.media.export.gif import Palette
from studio.media.export.images import export_images
from studio.media.export.job import ExportJob, OnProgress, Result, ShouldCancel
from studio.media.export.loud import LoudSound
from studio.media.export.markers import set_chapters
from studio.media.export.placing import placed_file
from studio.media.export.plan import ExportPlan, plan_export
from studio.media.export.presets import Output
from studio.media.export.reporter import Reporter
from studio.media.export.stems import export_stems
from studio.media.footage import Footage
from studio.media.picture import RgbaPicture

PICTURES_AHEAD = 3


def export(
    project: Project,
    folder: Path,
    job: ExportJob,
    on_progress: OnProgress = lambda progress: None,
    should_cancel: ShouldCancel = lambda: False,
) -> Result:
    """Make what the job asks for; `folder` is where the project's relative paths begin.

    Raises:
        MediaError: one sentence on what went wrong; nothing is left under the final name.
    """
    with closing(Footage(folder, cache_bytes=0)) as footage:
        plan = plan_export(project, footage, job)
        reporter = Reporter(plan.frames, on_progress, should_cancel)
        try:
            return _export(plan, footage, reporter)
        except OSError as error:
            raise from_os_error(error, job.out) from error
        except av.error.FFmpegError as error:
            raise MediaError(
                f"The export stopped while encoding ({error.strerror}). Try another preset."
            ) from error


def _export(plan: ExportPlan, footage: Footage, reporter: Reporter) -> Result:
    match plan.preset.output:
        case Output.FILM | Output.ANIMATION | Output.SOUND:
            return _export_film(plan, footage, reporter)
        case Output.IMAGES:
            return export_images(plan, footage, reporter)
        case Output.STEMS:
            return export_stems(plan, footage, reporter)


def _export_film(plan: ExportPlan, footage: Footage, reporter: Reporter) -> Result:
    started = monotonic()
    sound = LoudSound(plan, footage, reporter) if plan.has_sound else None
    reporter.restart()
    with placed_file(plan.out) as part, open_writer(part, plan) as writer:
        if plan.job.chapters:
            set_chapters(writer.container, plan)
        _write(writer, plan, footage, sound, reporter)
    loudness = sound.loudness if sound else None
    return Result(
        path=plan.out,
        frames=plan.frames,
        seconds=monotonic() - started,
        loudness_lufs=loudness.integrated_lufs if loudness else None,
        true_peak_dbtp=loudness.true_peak_dbtp if loudness else None,
        sidecars=write_captions(plan),
    )


def open_writer(part: Path, plan: ExportPlan) -> FilmWriter:
    """The writer that a plan asks for."""
    form = Format(plan.size, plan.rate, plan.has_sound)
    job = plan.job
    return FilmWriter(part, plan.preset, form, hardware=job.hardware, extra=job.video_options)


def _write(
    writer: FilmWriter,
    plan: ExportPlan,
    footage: Footage,
    sound: LoudSound | None,
    reporter: Reporter,
) -> None:
    """Pictures and sound in step, so that the file can be played as it comes."""
    chunks = sound.samples() if sound else iter(())
    heard = 0
    pictures = frames_of(plan, footage, writer.pixel_format) if writer.video else None
    with Ahead(pictures, PICTURES_AHEAD) if pictures else nullcontext(range(plan.frames)) as ahead:
        for number, frame in enumerate(ahead):
            if isinstance(frame, VideoFrame):
                writer.write_picture(frame, number)
            due = plan.sample_at(number + 1) - plan.samples.start
            while heard < due and (samples := next(chunks, None)) is not None:
                writer.write_sound(samples)
                heard += len(samples)
            reporter.report("Exporting", number + 1)
    for samples in chunks:
        writer.write_sound(samples)


def frames_of(plan: ExportPlan, footage: Footage, pixel_format: str) -> Iterator[VideoFrame]:
    """Every picture of the plan, in order, in an encoder's format."""
    scene = Scene(plan.project, footage, forgiving=False, captions=plan.burn_captions)
    span = range(plan.span.start, plan.span.end)

    def transparent(frame: int) -> RgbaPicture:
        return render_transparent(scene, plan.sequence.id, frame, plan.size)

    if pixel_format == "pal8":
        palette = Palette(transparent, span)
        yield from (palette.frame(transparent(frame)) for frame in span)
    elif plan.preset.alpha:
        yield from (transparent(frame).frame(pixel_format) for frame in span)
    else:
        for frame in span:
            yield render_picture(scene, plan.sequence.id, frame, plan.size).frame(pixel_format)
