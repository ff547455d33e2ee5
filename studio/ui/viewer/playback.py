"""Playback: the transport's wishes carried to a player, and its pictures brought to the screen.

The player is made when something is first played, and spoken to on a thread of its own: opening a
sound device may take its time. Only the newest picture is handed on, so a slow screen never
queues old ones.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio.document.time import FrameRange
from studio.session.background import Background
from studio.session.transport import Transport
from studio.ui.viewer.frame_server import Answer
from studio.ui.viewer.images import image_of

if TYPE_CHECKING:
    import numpy as np

    from studio.media.compositor.render import Scene
    from studio.media.playback.player import Player, Stats

DEFAULT_SIZE = (640, 360)


class Playback(QObject):
    """`frame_ready` carries an Answer whose ticket is the frame's number."""

    frame_ready = Signal(object)
    stopped = Signal()
    _shown = Signal()
    _ended = Signal()

    def __init__(self, transport: Transport, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transport = transport
        self._commands = Background("playback", parent=self)
        self._player: Player | None = None
        self._scene: Callable[[], Scene] | None = None
        self._sequence_id = ""
        self._size = DEFAULT_SIZE
        self._speed = 0
        self._closed = False
        self._lock = threading.Lock()
        self._speaking = threading.Lock()
        self._newest: tuple[int, np.ndarray] | None = None
        self._shown.connect(self._hand_on, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._at_end, Qt.ConnectionType.QueuedConnection)
        transport.state_changed.connect(self._follow)

    def set_scene(self, scene: Callable[[], Scene] | None, sequence_id: str | None) -> None:
        """Play something else from now on, or a newer state of it. The player's thread makes it."""
        self._scene, self._sequence_id = scene, sequence_id or ""
        if scene is None:
            self._transport.pause()
        elif self._player is not None:
            self._load()

    def set_size(self, size: tuple[int, int]) -> None:
        """Say at which size pictures are wanted."""
        if size != self._size:
            self._size = size
            if self._speed:
                self._load()

    def seek(self, frame: int) -> None:
        """The playhead was put elsewhere: go on from there, if it plays."""
        if self._speed:
            self._play(frame)

    def note_seen(self, frame: int) -> None:
        """Say that a frame's picture has been painted."""
        if self._player is not None:
            self._player.note_seen(frame)

    def take_heard(self) -> np.ndarray:
        """What was heard since this was last asked, before the volume: float32 (count, 2)."""
        import numpy as np

        player = self._player
        return np.zeros((0, 2), np.float32) if player is None else player.take_heard()

    def take_track_peaks(self) -> dict[str, float]:
        """The highest sample of each track that was heard since this was last asked."""
        return {} if self._player is None else self._player.take_track_peaks()

    @property
    def stats(self) -> Stats | None:
        """How playback went since it last began; None before anything was played."""
        return None if self._player is None else self._player.stats

    def close(self) -> None:
        """Let go of the player and its device; nothing is shown any more."""
        with self._lock:
            self._closed = True
        self._commands.close()
        with self._speaking:  # a command under way ends first, or it would start a closed player
            if self._player is not None:
                self._player.close()

    def _follow(self) -> None:
        """The transport has changed its mind."""
        if self._player is not None:
            muted = self._transport.muted
            self._player.volume = 0.0 if muted else self._transport.volume
        if self._transport.speed == self._speed:
            return
        self._speed = self._transport.speed
        if self._speed:
            self._play(self._start_frame())
        else:
            self._tell(lambda player: player.pause())
            self.stopped.emit()

    def _start_frame(self) -> int:
        """Where to begin: at the start again when the playhead stands at the end."""
        start, end = self._transport.range_frames
        here = self._transport.position
        if self._speed < 0:
            return here if here > 0 else max(0, self._transport.length_frames - 1)
        if self._transport.loop and not start <= here < end:
            return start
        return here if here < self._transport.length_frames - 1 else 0

    def _play(self, frame: int) -> None:
        scene, sequence_id, size, speed = self._scene, self._sequence_id, self._size, self._speed
        if scene is None:
            return
        span = FrameRange(*self._transport.range_frames)
        loop = span if self._transport.loop and span.duration > 1 else None

        def play(player: Player) -> None:
            player.load(scene(), sequence_id, size)
            player.play(frame, float(speed), loop)

        self._tell(play)

    def _load(self) -> None:
        scene, sequence_id, size = self._scene, self._sequence_id, self._size
        if scene is not None:
            self._tell(lambda player: player.load(scene(), sequence_id, size))

    def _tell(self, command: Callable[[Player], object]) -> None:
        self._commands.run(lambda: self._speak(command), lambda _none: None)

    def _speak(self, command: Callable[[Player], object]) -> None:
        """On the command thread."""
        with self._speaking:
            if not self._closed:
                command(self._ready_player())

    def _ready_player(self) -> Player:
        """On the command thread: the player, made at first use."""
        if self._player is None:
            from studio.media.playback.player import Player

            player = Player(self._on_picture, self._on_end)
            player.volume = 0.0 if self._transport.muted else self._transport.volume
            self._player = player
        return self._player

    def _on_picture(self, frame: int, picture: np.ndarray) -> None:
        """On the player's thread. The lock holds `close` back while the signal's source is used."""
        with self._lock:
            waiting, self._newest = self._newest is not None, (frame, picture)
            if not waiting and not self._closed:
                self._shown.emit()

    def _on_end(self) -> None:
        """On the player's thread."""
        with self._lock:
            if not self._closed:
                self._ended.emit()

    @Slot()
    def _hand_on(self) -> None:
        with self._lock:
            newest, self._newest = self._newest, None
        if newest is None or not self._speed:
            return
        frame, picture = newest
        self.frame_ready.emit(Answer(frame, image_of(picture)))
        self._transport.follow_player(frame)

    @Slot()
    def _at_end(self) -> None:
        self._transport.pause()
