"""The editor window: repaints and trims of a 20,000-clip timeline, opening, and stalls in a scrub.

A window is opened over a project made for the purpose, on the screen there is or on none. A stall
is the longest time in which the window could not have answered: a timer that should fire every
few milliseconds tells of it while the playhead is dragged through footage.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import av
import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio.commands.console import Console
from studio.commands.failures import CommandError
from studio.commands.figures import Figure
from studio.document.edits.assets import with_asset
from studio.document.edits.source import clips_of_asset
from studio.document.file.project_file import ProjectFile
from studio.document.model.clip import Clip
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence as Cut
from studio.document.model.sequence import Track, TrackKind
from studio.session.describing import describe
from studio.session.engines import Place
from studio.session.preferences import Preferences
from studio.session.projects import empty_project
from studio.ui.editor import Editor
from studio.ui.theme import apply_theme

CLIPS = 20_000
TRACKS = 10
SIZE = (1600, 1000)
REPAINTS, MOVES = 120, 80
SCRUB_S, BEAT_MS = 4.0, 4
FOOTAGE_S, FOOTAGE_RATE = 20, 25
WINDOW_LIMIT_S = 120
REPAINT_TARGET_S, TRIM_TARGET_S = 1 / 60, 1 / 30
SHOWN_TARGET_S, STALL_TARGET_S = 2.0, 0.1
_SCREENS = {"darwin": "cocoa", "win32": "windows"}


def measure(console: Console) -> Sequence[Figure]:
    """Measure on a project and settings of its own, which are thrown away."""
    os.environ.setdefault("QT_QPA_PLATFORM", _platform())
    with tempfile.TemporaryDirectory(prefix="workprint-bench-") as folder:
        home = Path(folder)
        console.progress("a film of 20,000 clips")
        path = _long_film(home)
        with _window(path, home) as editor:
            console.progress("repaints")
            repaints = sorted(_repaints(editor))
            console.progress("trims")
            trims = sorted(_trims(editor))
            console.progress("a scrub")
            stall = _longest_stall(editor)
        console.progress("opening the window")
        shown, why = _shown_s(path, home)
    return [
        _figure("repaint_p95_s", _p95(repaints), REPAINT_TARGET_S),
        _figure("trim_drag_p95_s", _p95(trims), TRIM_TARGET_S),
        _figure("window_shown_s", shown, SHOWN_TARGET_S, why),
        _figure("main_thread_stall_max_s", stall, STALL_TARGET_S),
    ]


def _platform() -> str:
    """Where a window can be: on the screen, or nowhere on a machine without one."""
    if sys.platform in _SCREENS:
        return _SCREENS[sys.platform]
    if "WAYLAND_DISPLAY" in os.environ:
        return "wayland"
    return "xcb" if "DISPLAY" in os.environ else "offscreen"


def _figure(name: str, value: float | None, target: float, why: str = "") -> Figure:
    return Figure(figure=name, value=value, unit="s", target=target, why=why)


def _p95(ordered: list[float]) -> float:
    return statistics.quantiles(ordered, n=20)[-1]


def _long_film(home: Path) -> Path:
    """A project of 20,000 clips of one file, over ten tracks."""
    footage = _footage(home / "footage.mp4")
    project, asset_id = with_asset(empty_project("bench"), describe(footage, home))
    path = home / "bench.workprint"
    ProjectFile.create(path, _filled(project, asset_id)).close()
    return path


def _footage(path: Path) -> Path:
    """Some seconds of moving picture, with long groups as cameras make them."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=FOOTAGE_RATE, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        wave = np.linspace(0, 255, stream.width, dtype=np.uint8)
        for number in range(FOOTAGE_S * FOOTAGE_RATE):
            picture = np.broadcast_to(np.roll(wave, 9 * number)[None, :, None], (720, 1280, 3))
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def _filled(project: Project, asset_id: str) -> Project:
    sequence = project.sequences[0]
    picture, _sound = clips_of_asset(project, asset_id, sequence.rate)
    assert picture is not None
    tracks = tuple(_row(picture, number) for number in range(TRACKS))
    filled: Cut = replace(sequence, tracks=tracks)
    return replace(project, sequences=(filled,), next_id=CLIPS * 2)


def _row(picture: Clip, number: int) -> Track:
    """One track of clips, none of the length of its neighbour."""
    each = CLIPS // TRACKS
    items = tuple(
        replace(
            picture, id=f"c{number * each + place + 1}", duration=20 + (place * 7 + number) % 50
        )
        for place in range(each)
    )
    return Track(id=f"t{CLIPS + number}", kind=TrackKind.VIDEO, name=f"V{number + 1}", items=items)


@contextmanager
def _window(path: Path, home: Path) -> Iterator[Editor]:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    preferences = Preferences(home / "preferences.json")
    preferences.update(cache_folder=str(home / "cache"))
    apply_theme(app, preferences.settings.theme)
    editor = Editor(ProjectFile.open(path), preferences, _no_engine)
    editor.show(SIZE, for_picture=True)
    app.processEvents()
    try:
        yield editor
    finally:
        editor.window.close()


def _no_engine(_place: Place) -> NoReturn:
    raise CommandError("No engine is wanted here.")


def _repaints(editor: Editor) -> Iterator[float]:
    """Seconds of whole repaints while scrolling, from single frames to the whole film."""
    state, canvas = editor.timeline, editor.parts.timeline.canvas
    for zoom in (8.0, 2.0, 0.3, 0.03):
        state.set_scale(state.scale.zoomed(zoom / state.scale.pixels_per_frame, 0))
        for step in range(REPAINTS // 4):
            state.set_scale(state.scale.scrolled_to(state.scale.frames_in(90) * step))
            yield _seconds(canvas.repaint)


def _trims(editor: Editor) -> Iterator[float]:
    """Seconds from a move of the mouse to the trimmed timeline on screen."""
    state, canvas = editor.timeline, editor.parts.timeline.canvas
    state.set_scale(state.scale.zoomed(4 / state.scale.pixels_per_frame, 0).scrolled_to(2000))
    track = state.sequence.tracks[-1]
    cut = track.index.starts[track.place_at(2100)]
    row = next(each for each in state.rows if each.track_id == track.id)
    start = QPoint(round(state.scale.x_of(cut)) + 2, round(row.top + row.height * 0.7))
    ripple = Qt.KeyboardModifier.ControlModifier
    editor.parts.timeline.hand.press(canvas.pointer(start, ripple), Qt.MouseButton.LeftButton)
    for step in range(MOVES):
        there = canvas.pointer(start + QPoint(8 + step % 40, 0), ripple)

        def move(pointer: object = there) -> None:
            editor.parts.timeline.hand.move(pointer)  # type: ignore[arg-type]
            canvas.repaint()

        yield _seconds(move)
        QApplication.processEvents()  # the viewer's pictures of both sides are made meanwhile
    editor.parts.timeline.hand.abandon()


def _longest_stall(editor: Editor) -> float:
    """Scrub for some seconds; the longest that the window was deaf."""
    transport, beat = editor.session.transport, QTimer()
    beat.setInterval(BEAT_MS)
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    began = last = time.perf_counter()
    longest = 0.0

    def tick() -> None:
        nonlocal last, longest
        now = time.perf_counter()
        longest, last = max(longest, now - last - BEAT_MS / 1000), now
        transport.seek(round((now - began) * 400))

    beat.timeout.connect(tick)
    transport.set_scrubbing(True)
    beat.start()
    while time.perf_counter() - began < SCRUB_S:
        QApplication.processEvents()
    beat.stop()
    transport.set_scrubbing(False)
    return longest


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def open_and_tell(path: str, home: str) -> None:
    """In a process of its own: open a project, and print the clock at the first picture."""
    with _window(Path(path), Path(home)) as editor:
        QApplication.processEvents()
        sys.stdout.write(f"{time.time()}\n")
        sys.stdout.flush()
        editor.window.close()


def _shown_s(path: Path, home: Path) -> tuple[float | None, str]:
    """From starting Python to the painted window; the first of two runs warms the disk's cache."""
    code = f"from {__name__} import open_and_tell; open_and_tell({str(path)!r}, {str(home)!r})"
    seconds: float = 0.0
    for _ in range(2):
        began = time.time()
        try:
            done = subprocess.run(
                [sys.executable, "-c", code],
                capture_output=True,
                text=True,
                timeout=WINDOW_LIMIT_S,
                check=True,
                cwd=Path(__file__).resolve().parents[3],
            )
        except (subprocess.SubprocessError, OSError) as error:
            return None, f"The window did not open ({type(error).__name__})."
        seconds = float(done.stdout.split()[0]) - began
    return seconds, ""
