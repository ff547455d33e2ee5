"""An export from job to file, in this process: rendering and encoding side by side.

Pictures are rendered on one thread and encoded on another; only a few wait in between, so memory
stays flat however long the film is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from time import monotonic

import av.error
from av.video.frame import VideoFrame

from studio.document.model.project import Project
from studio.media.compositor.render import Scene, render_picture, render_transparent
from studio.media.depth import is_deep
from studio.media.errors import FULL_DISK_NUMBERS, MediaError, from_os_error
from studio.media.export.ahead import Ahead
from studio.media.export.captions import add_caption_track, write_captions
from studio.media.export.credentials import add_credentials, write_report
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
from studio.media.export.smart.cutlist import CutList, make_cut_list
from studio.media.export.smart.write import SmartVideo
from studio.media.export.stems import export_stems
from studio.media.footage import Footage
from studio.media.picture import PLANAR, RgbaPicture

PICTURES_AHEAD = 3
PATIENCE = 240
"""Pictures read after which a file that is not wanted any more is closed."""


def export(
    project: Project,
    folder: Path,
    job: ExportJob,
    on_progress: OnProgress = lambda progress: None,
    should_cancel: ShouldCancel = lambda: False,
    writer_kind: type[FilmWriter] = FilmWriter,
) -> Result:
    """Make what the job asks for; `folder` is where the project's relative paths begin.

    `writer_kind` makes what films are written with.

    Raises:
        MediaError: one sentence on what went wrong; nothing is left under the final name.
    """
    with closing(Footage(folder, cache_bytes=0, patience=PATIENCE)) as footage:
        plan = plan_export(project, footage, job)
        reporter = Reporter(plan.frames, on_progress, should_cancel)
        try:
            return _export(plan, footage, reporter, writer_kind)
        except OSError as error:
            raise from_os_error(error, job.out) from error
        except av.error.FFmpegError as error:
            raise MediaError(
                f"The export stopped while encoding ({error.strerror}). Try another preset."
            ) from error


def _export(
    plan: ExportPlan, footage: Footage, reporter: Reporter, writer_kind: type[FilmWriter]
) -> Result:
    match plan.preset.output:
        case Output.FILM | Output.ANIMATION | Output.SOUND:
            return _export_film(plan, footage, reporter, writer_kind)
        case Output.IMAGES:
            return export_images(plan, footage, reporter)
        case Output.STEMS:
            return export_stems(plan, footage, reporter)


def _export_film(
    plan: ExportPlan, footage: Footage, reporter: Reporter, writer_kind: type[FilmWriter]
) -> Result:
    started = monotonic()
    sound = LoudSound(plan, footage, reporter) if plan.has_sound else None
    reporter.restart()
    cuts = make_cut_list(plan, footage)
    try:
        encoder, carried = _placed(plan, footage, sound, reporter, cuts, writer_kind)
    except CardGaveUp:
        plain = without_card(plan)
        encoder, carried = _placed(plain, footage, sound, reporter, cuts, writer_kind)
    loudness = sound.loudness if sound else None
    return Result(
        path=plan.out,
        frames=plan.frames,
        seconds=monotonic() - started,
        copied_frames=cuts.copied_frames if cuts else 0,
        loudness_lufs=loudness.integrated_lufs if loudness else None,
        true_peak_dbtp=loudness.true_peak_dbtp if loudness else None,
        sidecars=(*write_captions(plan), *write_report(plan, carried)),
        notes=tuple(note for note in (carried, _on_encoder(plan, encoder)) if note),
    )


def _placed(
    plan: ExportPlan,
    footage: Footage,
    sound: LoudSound | None,
    reporter: Reporter,
    cuts: CutList | None,
    writer_kind: type[FilmWriter],
) -> tuple[str, str]:
    """Write the film and put it in place; its encoder's name, and what it carries.

    Raises: CardGaveUp where a graphics card opened and then failed; nothing is left of it.
    """
    encoder = ""
    try:
        with placed_file(plan.out) as part:
            with open_writer(part, plan, writer_kind, encode=cuts is None) as writer:
                encoder = writer.encoder_name
                _write_all(writer, plan, footage, sound, reporter, cuts)
            return encoder, add_credentials(plan, part)
    except av.error.FFmpegError as error:
        if _is_on_card(plan, encoder) and error.errno not in FULL_DISK_NUMBERS:
            raise CardGaveUp(encoder) from error
        raise


class CardGaveUp(Exception):
    """A graphics card took the job and failed on the way, as a driver may; its encoder's name."""


def without_card(plan: ExportPlan) -> ExportPlan:
    """The plan, encoded by the processor."""
    return replace(plan, job=replace(plan.job, hardware=False))


def _is_on_card(plan: ExportPlan, encoder: str) -> bool:
    coding = plan.preset.video
    return plan.job.hardware and coding is not None and encoder in coding.hardware


def _on_encoder(plan: ExportPlan, name: str) -> str:
    """Who encoded the pictures, for those who asked for the graphics card."""
    coding = plan.preset.video
    if not plan.job.hardware or coding is None:
        return ""
    if _is_on_card(plan, name):
        return f"The graphics card encoded the pictures ({name})."
    return "No graphics card here could encode this; the processor did."


def _write_all(
    writer: FilmWriter,
    plan: ExportPlan,
    footage: Footage,
    sound: LoudSound | None,
    reporter: Reporter,
    cuts: CutList | None,
) -> None:
    if cuts is not None:
        _write_smart(writer, plan, footage, sound, reporter, cuts)
        return
    if plan.job.chapters:
        set_chapters(writer.container, plan)
    _write(writer, plan, footage, sound, reporter)


def _write_smart(
    writer: FilmWriter,
    plan: ExportPlan,
    footage: Footage,
    sound: LoudSound | None,
    reporter: Reporter,
    cuts: CutList,
) -> None:
    """Copied and encoded pictures in their order, the sound in step with them."""

    def pictures(first: int, count: int) -> Iterator[VideoFrame]:
        start = plan.span.start + first
        return frames_of(plan, footage, PLANAR, range(start, start + count))

    video = SmartVideo(plan, cuts, pictures)
    stream = video.add_stream(writer)
    if plan.job.chapters:
        set_chapters(writer.container, plan)
    track = InStep(writer, plan, sound)
    with closing(video.pictures()) as packets:
        for place, stored in enumerate(packets):
            writer.container.mux(video.packet(place, stored, stream))
            track.reach(place + 1)
            reporter.report("Exporting", place + 1)
    track.finish()


def open_writer(
    part: Path, plan: ExportPlan, kind: type[FilmWriter], *, encode: bool
) -> FilmWriter:
    """The writer that a plan asks for; without `encode` its pictures come from elsewhere."""
    form = Format(plan.size, plan.rate, plan.has_sound)
    job = plan.job
    return kind(
        part, plan.preset, form, hardware=job.hardware, pictures=encode, extra=job.video_options
    )


def _write(
    writer: FilmWriter,
    plan: ExportPlan,
    footage: Footage,
    sound: LoudSound | None,
    reporter: Reporter,
) -> None:
    """Pictures and sound in step, so that the file can be played as it comes."""
    track = InStep(writer, plan, sound)
    span = range(plan.span.start, plan.span.end)
    pictures = frames_of(plan, footage, writer.pixel_format, span) if writer.video else None
    with Ahead(pictures, PICTURES_AHEAD) if pictures else nullcontext(range(plan.frames)) as ahead:
        for number, frame in enumerate(ahead):
            if isinstance(frame, VideoFrame):
                writer.write_picture(frame, number)
            track.reach(number + 1)
            reporter.report("Exporting", number + 1)
    track.finish()


class InStep:
    """Writes sound and captions as far as the pictures have come. Make it before the first one."""

    def __init__(self, writer: FilmWriter, plan: ExportPlan, sound: LoudSound | None) -> None:
        self._writer = writer
        self._plan = plan
        self._chunks = sound.samples() if sound else iter(())
        self._written = 0
        self._captions = add_caption_track(writer.container, plan)

    def reach(self, number: int) -> None:
        """Write sound up to where frame `number` begins."""
        due = self._plan.sample_at(number) - self._plan.samples.start
        while self._written < due and (samples := next(self._chunks, None)) is not None:
            self._writer.write_sound(samples)
            self._written += len(samples)
        if self._captions is not None:
            self._captions.reach(number / self._plan.rate)

    def finish(self) -> None:
        """Write the rest."""
        for samples in self._chunks:
            self._writer.write_sound(samples)
        if self._captions is not None:
            self._captions.finish()


def frames_of(
    plan: ExportPlan, footage: Footage, pixel_format: str, span: range
) -> Iterator[VideoFrame]:
    """Frames of the plan's sequence, in order, in an encoder's format."""
    scene = Scene(
        plan.project,
        footage,
        forgiving=False,
        captions=plan.burn_captions,
        step_s=1 / plan.rate,
        deep=is_deep(pixel_format),
    )

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
