"""Player: a sequence played in real time, picture after sound.

The clock is the sound. One thread makes pictures ahead of it, another shows each when its time
has come; one that cannot be ready in time is dropped, and a later one is made instead. Sound is
never dropped. Callbacks come on the player's own threads.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from threading import Condition, Thread
from time import monotonic

import numpy as np

from studio.document.model.record import Id
from studio.document.queries.places import sequence_duration
from studio.document.time import FrameRange, Rate, sample_of_frame
from studio.media.compositor.render import Scene, render_frame
from studio.media.mixer.clipsound import interpolated
from studio.media.mixer.mix import Mixer, SoundScene
from studio.media.picture import Size
from studio.media.playback.clock import BLOCKS_KEPT, RATE, Clock, open_clock

PICTURES_AHEAD = 8
PICTURES_FIRST = 3
"""How many must be ready before the clock starts, so that the opening is not dropped."""
LONGEST_PRIMING_S = 1.5
LONGEST_WAIT_S = 0.25
LONGEST_AHEAD_S = 2.0
"""Sound is never made so far ahead of what is heard."""

OnPicture = Callable[[int, np.ndarray], None]
"""Given a frame number and its picture, RGB uint8 (H, W, 3)."""


@dataclass(frozen=True, slots=True)
class Stats:
    """How playback went since it last began.

    `offset_…_s` is how long after the beginning of a frame's sound its picture came on: the mean,
    and the most. It counts to where the picture is handed on, or, once `note_seen` is called, to
    where it was put on the screen; what the display adds to that is not known here.
    """

    shown: int = 0
    dropped: int = 0
    offset_mean_s: float = 0.0
    offset_most_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Seen:
    """Offsets of pictures as they were put on the screen, in seconds."""

    count: int = 0
    total_s: float = 0.0
    most_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Programme:
    """What is played: a sequence of a scene, at a size."""

    scene: Scene
    sequence_id: Id
    size: Size
    rate: Rate
    length: int


def _no_peaks() -> deque[tuple[int, dict[Id, float]]]:
    """For what is made from now on: where each block begins, and the peaks of its tracks."""
    return deque(maxlen=BLOCKS_KEPT)


class Player:
    """Plays one sequence at a time. Its methods may be called from any thread."""

    def __init__(
        self, on_picture: OnPicture, on_end: Callable[[], None], clock: Clock | None = None
    ) -> None:
        self._on_picture = on_picture
        self._on_end = on_end
        self._clock = clock or open_clock(self._make_sound)
        self._programme: _Programme | None = None
        self._mixer: Mixer | None = None
        self._changed = Condition()
        self._run = 0  # grows whenever what runs is to stop; threads of an older run end
        self._playing = False
        self._primed = False
        self._speed = 1.0
        self._loop: FrameRange | None = None
        self._ready: dict[int, np.ndarray] = {}
        self._next = 0
        self._cost_s = 0.0
        self._still_at = 0
        self._stats = Stats()
        self._seen = _Seen()
        self._track_peaks = _no_peaks()

    @property
    def volume(self) -> float:
        """The monitor's volume, heard at once; 1 is unity. Meters do not know it."""
        return self._clock.volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self._clock.volume = volume

    def take_heard(self) -> np.ndarray:
        """What was heard since this was last asked, before volume: float32 (count, 2)."""
        return self._clock.take_heard()

    def take_track_peaks(self) -> dict[Id, float]:
        """The highest sample of each track that was heard since this was last asked."""
        now, found, told = self._clock.now(), dict[Id, float](), self._track_peaks
        while told:
            start, peaks = told[0]
            to_come_s = (start - now) / (RATE * self._speed)
            if 0 < to_come_s < LONGEST_AHEAD_S:
                break
            told.popleft()
            if to_come_s <= 0:  # what is further off was made before a jump
                found = {key: max(peak, found.get(key, 0.0)) for key, peak in peaks.items()}
        return found

    @property
    def playing(self) -> bool:
        """Whether it runs."""
        return self._playing

    @property
    def stats(self) -> Stats:
        """How playback went since it last began."""
        stats, seen = self._stats, self._seen
        if not seen.count:
            return stats
        return replace(stats, offset_mean_s=seen.total_s / seen.count, offset_most_s=seen.most_s)

    def note_seen(self, frame: int) -> None:
        """Say that a frame's picture is on the screen now."""
        programme = self._programme
        if programme is None or not self._playing or not self._primed:
            return
        offset_s = self._offset_s(programme, frame, self._clock.now())
        seen = self._seen
        self._seen = _Seen(seen.count + 1, seen.total_s + offset_s, max(seen.most_s, offset_s))

    @property
    def frame(self) -> int:
        """The frame of the sequence that is on now.

        The clock runs on for a moment after the end, until playback stops or goes round; what is
        on is still the last frame that is played, never the one after it.
        """
        if not self._playing or not self._primed or self._programme is None:
            return self._still_at
        return self._within(self._programme, self._frame_of(self._programme, self._clock.now()))

    def load(self, scene: Scene, sequence_id: Id, size: Size) -> None:
        """Say what to play. While it runs, an edit is heard and seen at once."""
        sequence = scene.project.sequence(sequence_id)
        length = sequence_duration(sequence)
        with self._changed:
            self._programme = _Programme(scene, sequence_id, size, sequence.rate, length)
            sounds = SoundScene(scene.project, scene.footage)
            self._mixer = Mixer(sounds, sequence_id)
            self._ready.clear()
            self._next = self.frame
            self._changed.notify_all()

    def play(self, frame: int, speed: float = 1.0, loop: FrameRange | None = None) -> None:
        """Run from a frame on, at a speed (2 is double, -1 backwards), round in `loop` if given."""
        self.pause()
        with self._changed:
            programme = self._programme
            if programme is None or programme.length == 0 or speed == 0:
                return
            self._run += 1
            self._playing, self._speed, self._loop = True, speed, loop
            self._primed = False
            self._track_peaks = _no_peaks()  # another one, as who reads this one has no lock
            self._next = self._still_at = self._within(programme, frame)
            self._ready.clear()
            self._stats, self._seen = Stats(), _Seen()
            run = self._run
        Thread(target=self._make_pictures, args=(run,), name="pictures", daemon=True).start()
        Thread(target=self._show_pictures, args=(run,), name="show", daemon=True).start()

    def pause(self) -> int:
        """Stand still; the frame where it stands."""
        with self._changed:
            if not self._playing:
                return self._still_at
            self._still_at = self.frame
            self._playing = False
            self._run += 1
            self._changed.notify_all()
        self._clock.stop()
        return self._still_at

    def close(self) -> None:
        """Stop, and let go of the sound device."""
        self.pause()
        self._clock.close()

    # Sound

    def _make_sound(self, start: int, count: int, speed: float) -> np.ndarray:
        mixer = self._mixer
        if mixer is None:
            return np.zeros((count, 2), np.float32)
        if speed == 1.0:
            samples = mixer.read(start, count)
        else:
            places = start + np.arange(count) * speed
            low = int(np.floor(places.min())) - 2
            high = int(np.ceil(places.max())) + 3
            samples = interpolated(mixer.read(low, high - low), places - low)
        self._track_peaks.append((start, dict(mixer.peaks)))
        return samples

    # Pictures

    def _make_pictures(self, run: int) -> None:
        while True:
            with self._changed:
                while run == self._run and len(self._ready) >= PICTURES_AHEAD:
                    self._changed.wait()
                programme = self._programme
                if run != self._run or programme is None:
                    return
                frame = self._frame_to_make(programme)
                if frame is None:
                    self._changed.wait(LONGEST_WAIT_S)
                    continue
            began = monotonic()
            scene = replace(programme.scene, step_s=self._step / programme.rate.fraction)
            picture = render_frame(scene, programme.sequence_id, frame, programme.size)
            with self._changed:
                self._cost_s = 0.7 * self._cost_s + 0.3 * (monotonic() - began)
                if run == self._run and programme is self._programme:
                    self._ready[frame] = picture
                    self._next = frame + self._step
                    self._changed.notify_all()

    @property
    def _step(self) -> int:
        """From one frame shown to the next; at high speeds not every frame is."""
        whole = max(1, round(abs(self._speed)))
        return whole if self._speed > 0 else -whole

    def _frame_to_make(self, programme: _Programme) -> int | None:
        """The next frame that can still be ready in time, None past the end."""
        now = self.frame
        frame = self._next
        behind = (now - frame) * (1 if self._speed > 0 else -1)
        if behind > 0:
            frames_a_picture = self._cost_s * float(programme.rate.fraction) * abs(self._speed)
            frame = now + (1 if self._speed > 0 else -1) * ceil(frames_a_picture)
        first, end = self._bounds(programme)
        return frame if first <= frame < end else None

    def _bounds(self, programme: _Programme) -> tuple[int, int]:
        """The first frame that is played, and the one after the last."""
        if self._loop is None:
            return 0, programme.length
        return self._loop.start, min(self._loop.end, programme.length)

    def _within(self, programme: _Programme, frame: int) -> int:
        """The frame, or the nearest one that is played."""
        first, end = self._bounds(programme)
        return min(max(first, min(frame, end - 1)), programme.length - 1)

    def _start_clock(self, run: int) -> None:
        """Start the clock once the first pictures are ready, or have been waited for enough."""
        give_up = monotonic() + LONGEST_PRIMING_S
        with self._changed:
            while run == self._run and len(self._ready) < PICTURES_FIRST:
                left = give_up - monotonic()
                if self._ready and left <= 0:
                    break
                self._changed.wait(max(left, LONGEST_WAIT_S))
            programme = self._programme
            if run != self._run or programme is None:
                return
            self._clock.start(self._begins(programme, self._still_at), self._speed)
            self._primed = True

    def _show_pictures(self, run: int) -> None:
        self._start_clock(run)
        last: int | None = None
        while True:
            with self._changed:
                programme = self._programme
                if run != self._run or programme is None:
                    return
                sample = self._clock.now()
                now = self._frame_of(programme, sample)
                frame = self._due(now)
                picture = self._take(frame) if frame is not None else None
                if picture is None and not self._over(programme, sample):
                    self._changed.wait(self._until_next(programme, now, sample))
                    continue
            if picture is not None and frame is not None:
                self._note(programme, frame, last, sample)
                last = frame
                self._on_picture(frame, picture)
            elif not self._ended(run):
                return

    def _due(self, now: int) -> int | None:
        """The latest frame that is ready and whose time has come."""
        if self._speed > 0:
            return max((frame for frame in self._ready if frame <= now), default=None)
        return min((frame for frame in self._ready if frame >= now), default=None)

    def _take(self, frame: int) -> np.ndarray:
        """A picture, letting go of those before it."""
        picture = self._ready.pop(frame)
        passed = [each for each in self._ready if (each - frame) * self._speed < 0]
        for each in passed:
            del self._ready[each]
        self._changed.notify_all()
        return picture

    def _over(self, programme: _Programme, sample: float) -> bool:
        """Whether the end, of the sequence or the loop, has been heard."""
        first, end = self._bounds(programme)
        if self._speed > 0:
            return sample >= sample_of_frame(end, programme.rate, RATE)
        return sample <= sample_of_frame(first, programme.rate, RATE)

    def _ended(self, run: int) -> bool:
        """Go round, or stop; False when this run is over."""
        with self._changed:
            if run != self._run:
                return False
            loop, speed = self._loop, self._speed
        if loop is not None:
            self.play(loop.start if speed > 0 else loop.end - 1, speed, loop)
            return False
        self.pause()
        self._on_end()
        return False

    def _until_next(self, programme: _Programme, now: int, sample: float) -> float:
        """Seconds until the next frame begins."""
        following = now + 1 if self._speed > 0 else now
        ahead = sample_of_frame(following, programme.rate, RATE) - sample
        return min(LONGEST_WAIT_S, max(0.001, ahead / (RATE * self._speed)))

    def _note(self, programme: _Programme, frame: int, last: int | None, sample: float) -> None:
        offset_s = self._offset_s(programme, frame, sample)
        skipped = 0 if last is None else max(0, abs(frame - last) // abs(self._step) - 1)
        shown = self._stats.shown
        self._stats = Stats(
            shown + 1,
            self._stats.dropped + skipped,
            (self._stats.offset_mean_s * shown + offset_s) / (shown + 1),
            max(self._stats.offset_most_s, offset_s),
        )

    def _offset_s(self, programme: _Programme, frame: int, sample: float) -> float:
        """How long ago the sound of a frame began, where a sample is heard now."""
        return (sample - self._begins(programme, frame)) / (RATE * self._speed)

    def _begins(self, programme: _Programme, frame: int) -> int:
        """The sample at which a frame comes on: its first, or its last when going backwards."""
        if self._speed > 0:
            return sample_of_frame(frame, programme.rate, RATE)
        return sample_of_frame(frame + 1, programme.rate, RATE) - 1

    @staticmethod
    def _frame_of(programme: _Programme, sample: float) -> int:
        frame = int(sample) * programme.rate.num // (RATE * programme.rate.den)
        return min(max(frame, 0), max(0, programme.length - 1))
