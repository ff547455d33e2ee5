"""A viewer: picture, scrub bar and transport bar over one subject.

Standing still, it asks the frame server for the frame under the playhead; the newest request
wins. Playing, the player gives frames and the sound device gives the time. Proxies stand in for
footage while it plays and while the playhead is dragged, never at rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.document.model.project import Project
from studio.session.background import Background
from studio.session.late import Late
from studio.session.transport import Transport
from studio.ui.controls import column
from studio.ui.viewer.canvas import PictureCanvas
from studio.ui.viewer.frame_server import Answer, FrameServer
from studio.ui.viewer.full_screen import FullScreen
from studio.ui.viewer.images import image_of
from studio.ui.viewer.playback import Playback
from studio.ui.viewer.scrub_bar import ScrubBar
from studio.ui.viewer.subject import Subject
from studio.ui.viewer.transport_bar import TransportBar, ViewerVerbs

if TYPE_CHECKING:
    from studio.media.compositor.placeholder import Glimpse
    from studio.media.compositor.render import Scene
    from studio.media.footage import Footage
    from studio.media.playback.player import Stats

RESIZE_PAUSE_MS = 60
FRAMES_BETWEEN_WORDS = 10


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a frame was asked for; an answer to another question is not shown."""

    project: Project
    sequence_id: str
    frame: int
    size: tuple[int, int]


class Viewer(QWidget):
    """`shown` is emitted with the frame number whenever a picture is on screen."""

    shown = Signal(int)

    def __init__(
        self,
        transport: Transport,
        verbs: ViewerVerbs,
        glimpses: Callable[[], Mapping[str, Glimpse]],
        work: Background,
        name: str,
    ) -> None:
        super().__init__()
        self._work = work
        self._screen: FullScreen | None = None
        self.transport = transport
        self.subject: Subject | None = None
        self._footage: Late[Footage] | None = None
        self._glimpses = glimpses
        self._previewed: Project | None = None
        self._scrubbed = False
        self._unseen: int | None = None
        self._at = self._step = 0
        self.canvas = PictureCanvas()
        self.bar = TransportBar(transport, self.canvas, verbs)
        self.scrub = ScrubBar(transport)
        self.frames = FrameServer(f"{name}-frames", self)
        self.playback = Playback(transport, self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(RESIZE_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        whole = column(self.canvas, self.scrub, self.bar, spacing=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.frames.answered.connect(self._answered)
        self.canvas.zoom_changed.connect(self.refresh)
        self.canvas.painted.connect(self._painted)
        self.playback.frame_ready.connect(self._played)
        self.playback.stopped.connect(self.refresh)
        self.playback.stopped.connect(self._tell_how_it_went)
        transport.moved.connect(self._moved)
        transport.sought.connect(self.playback.seek)
        transport.state_changed.connect(self._state_changed)

    @property
    def idle(self) -> bool:
        """Whether the picture on screen is the one that is wanted."""
        return self.frames.idle and not self._pause.isActive()

    def show_subject(self, subject: Subject | None, footage: Late[Footage] | None) -> None:
        """Look at something else, or at a newer state of the same."""
        self.subject, self._footage = subject, footage
        self._previewed = None
        if subject is None or footage is None:
            self.playback.set_scene(None, None)
            self.transport.set_extent(self.transport.rate, 0)
            return
        sequence = subject.sequence
        self.canvas.set_frame_size(sequence.width, sequence.height)
        self.bar.set_format(
            sequence.rate, drop_frame=sequence.drop_frame, start=sequence.start_timecode
        )
        if (self.transport.rate, self.transport.length_frames) != (subject.rate, subject.duration):
            self.transport.set_extent(subject.rate, subject.duration)
        self.playback.set_scene(self._scene(quick=True), subject.sequence_id)
        self.refresh()

    def preview(self, project: Project | None) -> None:
        """Show the sequence as another project has it, one that a drag would give; None goes back.

        A newer state of the subject ends the preview by itself.
        """
        self._previewed = project
        self.refresh()

    @property
    def on_whole_screen(self) -> bool:
        """Whether the picture is alone on the screen."""
        return self._screen is not None

    def refresh(self) -> None:
        """Ask for the frame under the playhead; a viewer that nobody sees asks when it is seen."""
        if not self.isVisible():
            return
        scene = self._scene(quick=self.transport.scrubbing)
        if scene is None or self.subject is None or self.transport.playing:
            return
        ticket = self._ticket()
        assert ticket is not None
        self.frames.ask(ticket, lambda: _render(scene, ticket))

    def renew_glimpses(self) -> None:
        """A job on show has news: draw its placeholder again."""
        if self.transport.playing:
            if self.subject is not None:
                self.playback.set_scene(self._scene(quick=True), self.subject.sequence_id)
        else:
            self.refresh()

    def save_frame(
        self, path: Path, on_done: Callable[[], object], on_error: Callable[[str], object]
    ) -> None:
        """Write the frame under the playhead at full size, on the session's threads."""
        scene, subject = self._scene(quick=False), self.subject
        if scene is None or subject is None:
            on_error("There is no picture to save yet. Open a sequence or a clip first.")
            return
        sequence, frame = subject.sequence, self.transport.position
        size = (sequence.width, sequence.height)
        ticket = Ticket(subject.project, subject.sequence_id, frame, size)

        def write() -> None:
            if not _render(scene, ticket).save(str(path)):
                raise OSError(f"{path} cannot be written. Choose a folder that you may write to.")

        self._work.run(write, lambda _none: on_done(), lambda error: on_error(str(error)))

    def toggle_full_screen(self) -> None:
        """Show the picture alone on the whole screen, or bring it back."""
        if self._screen is not None:
            self._screen.close()
            return
        self._screen = FullScreen(self.canvas, self._leave_screen)
        self._screen.showFullScreen()

    def _leave_screen(self) -> None:
        self._screen = None
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, self.canvas, 1)
        self.refresh()

    def close_threads(self) -> None:
        """End the render thread and the player."""
        self.playback.close()
        self.frames.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pause.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pause.start()

    def _scene(self, *, quick: bool) -> Callable[[], Scene] | None:
        """What is on, to be made where it is rendered: its makers take long to load."""
        if self.subject is None or self._footage is None:
            return None
        step_s = self._step / self.subject.rate
        project = self._previewed if self._previewed is not None else self.subject.project
        return partial(_make_scene, project, self._footage, self._glimpses(), quick, step_s)

    def _ticket(self) -> Ticket | None:
        if self.subject is None:
            return None
        return Ticket(
            self._previewed if self._previewed is not None else self.subject.project,
            self.subject.sequence_id,
            self.transport.position,
            self.canvas.wanted_pixels(),
        )

    def _moved(self, frame: int) -> None:
        step, self._at = frame - self._at, frame
        self._step = step if abs(step) == 1 else 0
        if not self.transport.playing:
            self.refresh()

    def _state_changed(self) -> None:
        if self.transport.playing:
            self.playback.set_size(self.canvas.wanted_pixels())
        if self._scrubbed and not self.transport.scrubbing:
            self.refresh()  # at rest, the picture is that of the footage itself
        self._scrubbed = self.transport.scrubbing

    def _answered(self, answer: Answer) -> None:
        ticket = answer.ticket
        assert isinstance(ticket, Ticket)
        subject = self.subject
        if subject is None or self.transport.playing:
            return
        current = ticket.project is subject.project or self._previewed is not None
        if not current or ticket.sequence_id != subject.sequence_id:
            return  # of a drag, what is a little late is still shown: the next is on its way
        if answer.image is not None:
            self.canvas.message = ""
            self.canvas.show_image(answer.image)
            self.shown.emit(ticket.frame)
        else:
            self.canvas.clear(answer.reason)

    def _played(self, answer: Answer) -> None:
        if answer.image is not None and isinstance(answer.ticket, int):
            self.canvas.message = ""
            self.canvas.show_image(answer.image)
            self._unseen = answer.ticket
            self.shown.emit(answer.ticket)

    def _painted(self) -> None:
        """A picture that was played is on the screen: how long after its sound?"""
        frame, self._unseen = self._unseen, None
        if frame is not None:
            self.playback.note_seen(frame)
            if frame % FRAMES_BETWEEN_WORDS == 0:
                self._tell_how_it_went()

    def _tell_how_it_went(self) -> None:
        stats = self.playback.stats
        if stats is not None and stats.shown:
            self.bar.show_playback(playback_words(stats), playback_tip(stats))


def playback_words(stats: Stats) -> str:
    """How playback goes, in as few words as can be."""
    return f"{stats.dropped} dropped · A/V {stats.offset_mean_s * 1000:+.0f} ms"


def playback_tip(stats: Stats) -> str:
    """The same in sentences."""
    mean, most = stats.offset_mean_s * 1000, stats.offset_most_s * 1000
    return (
        f"Since it last began to play: {stats.shown} pictures shown, {stats.dropped} dropped. "
        "Sound is never dropped.\n"
        f"Each came on the screen {mean:.0f} ms after its sound began on average, {most:.0f} ms at "
        "most.\nWhat the display itself adds is not counted."
    )


def _make_scene(
    project: Project,
    footage: Late[Footage],
    glimpses: Mapping[str, Glimpse],
    quick: bool,
    step_s: Fraction,
) -> Scene:
    from studio.media.compositor.render import Scene

    return Scene(project, footage.get(), glimpses, quick=quick, step_s=step_s)


def _render(scene: Callable[[], Scene], ticket: Ticket) -> QImage:
    from studio.media.compositor.render import render_frame

    return image_of(render_frame(scene(), ticket.sequence_id, ticket.frame, ticket.size))
