"""Footage: the files behind a project's assets, opened when needed and kept open a while.

It turns an asset and a time into a decoded picture or a stretch of samples. Several readers of
one file may be open, so that two clips of one shot playing at once do not make it jump to and
fro. Safe for any number of threads. What a picture becomes in a cut is the compositor's part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from threading import Lock, Thread

import numpy as np
from av.video.frame import VideoFrame

from studio.document.model.asset import Asset
from studio.media.cache import FrameCache
from studio.media.conform import Source
from studio.media.decode.audio import AudioReader
from studio.media.decode.pictures import PictureReader, is_picture_file
from studio.media.decode.video import VideoReader
from studio.media.errors import Cancelled, FootageMissing, NotMedia
from studio.media.facts import VideoFacts
from studio.media.motion import Motion, Motions
from studio.media.picture import Size
from studio.media.probe import probe
from studio.media.shelf import Shelf

MAX_OPEN = 16
DEFAULT_CACHE_BYTES = 256 * 1024 * 1024
AHEAD_BYTES = 128 * 1024 * 1024
"""Of pictures decoded ahead of who goes backwards; most of the time there are none."""

RUN_UP = 32
UNKNOWN = Fraction(0)


class Footage:
    """A project's media on this disk. `folder` is where its relative paths begin.

    `cache_bytes` bounds the decoded pictures kept for going back to; 0 keeps none. Where a quick
    picture is asked for, and always with `use_proxies`, an asset's smallest proxy that is there
    stands in for it, or the one that `stand_ins` has for its file, now or later. With
    `patience`, a file is closed when so many other pictures were read since its last one. `card`
    is a kind of graphics device to decode with, "" for none. `on_gone` is called, on any thread,
    with the id of an asset whose file was wanted and is not there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        cache_bytes: int = DEFAULT_CACHE_BYTES,
        use_proxies: bool = False,
        threads: int = 0,
        patience: int | None = None,
        card: str = "",
        stand_ins: Mapping[Path, Path] | None = None,
        on_gone: Callable[[str], object] | None = None,
    ) -> None:
        self._folder = folder
        self._stand_ins: Mapping[Path, Path] = {} if stand_ins is None else stand_ins
        self._use_proxies = use_proxies
        self._on_gone = on_gone
        self._threads = threads
        self._card = card
        self._facts: dict[Path, VideoFacts] = {}
        self._cache: FrameCache[Source] = FrameCache(cache_bytes)
        self._ahead: FrameCache[Source] = FrameCache(AHEAD_BYTES)
        self._motions = Motions()
        self._motion: dict[Path, Motion] = {}
        self._asked: set[Path] = set()
        self._measuring = Lock()
        self._closed = False
        self._videos: Shelf[VideoReader | PictureReader] = Shelf(MAX_OPEN, patience)
        self._sounds: Shelf[AudioReader] = Shelf(MAX_OPEN)

    @property
    def cached_bytes(self) -> int:
        """How much memory the pictures kept for going back to take."""
        return self._cache.held_bytes

    def path_of(self, asset: Asset) -> Path:
        """Where an asset's file should be."""
        return self._folder / asset.path

    def exists(self, asset: Asset) -> bool:
        """Whether an asset's file is there."""
        path = self.path_of(asset)
        return "%" in path.name or path.exists()

    def picture_path(self, asset: Asset, *, quick: bool = False) -> Path:
        """The file its pictures are read from: a proxy if wanted and there, else its own."""
        path = self.path_of(asset)
        if not (quick or self._use_proxies):
            return path
        for proxy in sorted(asset.proxies, key=lambda each: each.width):
            if (self._folder / proxy.path).exists():
                return self._folder / proxy.path
        stand_in = self._stand_ins.get(path)
        return stand_in if stand_in is not None and stand_in.exists() else path

    def picture(
        self, asset: Asset, time: Fraction, *, quick: bool = False, step_s: Fraction = UNKNOWN
    ) -> Source:
        """The picture of an asset on screen at `time`, in seconds of its own clock.

        A `quick` one may be that of a proxy. `step_s` is how much later the next one wanted is; for
        who goes backwards, what is wanted next is decoded on the way, and kept.

        Raises:
            FootageMissing: its file is not there.
            MediaError: the file cannot be read.
        """
        path = self._existing(asset, self.picture_path(asset, quick=quick))
        facts = self.facts(path)
        key = (path, Fraction(0) if facts.still else time)
        found = self._cache.get(key) or self._ahead.get(key)
        if found is None:
            card = self._card
            with self._videos.borrowed(
                (path, card), time, lambda: self._open_video(path, card)
            ) as reader:
                stands_for = self._stands_for(asset, path)
                for earlier in _run_up(facts, time, step_s):
                    before = Source(_as_frame(reader, earlier), facts, stands_for)
                    self._ahead.put((path, earlier), before, _size_bytes(before.frame))
                found = Source(_as_frame(reader, time), facts, stands_for)
            self._cache.put(key, found, _size_bytes(found.frame))
        return found

    def sound(self, asset: Asset, stream: int, start: int, count: int) -> np.ndarray:
        """Samples of an asset at 48 kHz from `start` on its own clock, float32 (count, 2).

        Raises:
            FootageMissing: its file is not there.
            MediaError: the file cannot be read, or has no such stream.
        """
        path = self._existing(asset, self.path_of(asset))
        with self._sounds.borrowed(
            (path, stream), Fraction(start, 48000), lambda: AudioReader(path, stream)
        ) as reader:
            return reader.read(start, count)

    def motion(self, asset: Asset, *, wait: bool) -> Motion | None:
        """How an asset's camera shook; None until it has been measured, unless asked to wait.

        Raises:
            MediaError: the file cannot be read.
        """
        path = self._existing(asset, self.path_of(asset))
        with self._measuring:
            found = self._motion.get(path)
            if found is None and not wait and path not in self._asked:
                self._asked.add(path)
                Thread(target=self._measure, args=(path,), name="motion", daemon=True).start()
        if found is None and wait:
            found = self._measure(path)
        return found

    def _measure(self, path: Path) -> Motion | None:
        try:
            found = self._motions.motion(path, lambda: self._closed)
        except Cancelled:
            return None
        except NotMedia:
            found = Motion(Fraction(1), np.zeros((1, 4), np.float32))  # a still does not shake
        with self._measuring:
            self._motion[path] = found
        return found

    def facts(self, path: Path) -> VideoFacts:
        """How the pictures of a file are to be read.

        Raises:
            MediaError: it cannot be read, or has no picture.
        """
        facts = self._facts.get(path)
        if facts is None:
            facts = probe(path).video
            if facts is None:
                raise NotMedia(f"{path.name} has no picture in it. Use it on a sound track.")
            self._facts[path] = facts
        return facts

    @property
    def card(self) -> str:
        """The kind of graphics device that files are opened with from now on, "" for none."""
        return self._card

    def decode_with(self, card: str) -> None:
        """Decode with another kind of graphics device from now on, "" for none."""
        self._card = card
        self._videos.close()

    def close(self) -> None:
        """Let go of every file."""
        self._closed = True
        self._videos.close()
        self._sounds.close()
        self._cache.clear()
        self._ahead.clear()

    def _stands_for(self, asset: Asset, path: Path) -> Size | None:
        """The size as seen of what a proxy stands for; None for the original itself."""
        if path == self.path_of(asset):
            return None
        if asset.video:
            facts = asset.video[0]
            return max(1, round(facts.width * facts.pixel_aspect)), facts.height
        original = self.path_of(asset)
        return self.facts(original).display_size if original.exists() else None

    def _existing(self, asset: Asset, path: Path) -> Path:
        if "%" not in path.name and not path.exists():
            if self._on_gone is not None:
                self._on_gone(asset.id)
            raise FootageMissing(
                f"{asset.name} is missing: {path} does not exist. "
                "Relink it, or bring the disk back."
            )
        return path

    def _open_video(self, path: Path, card: str) -> VideoReader | PictureReader:
        if is_picture_file(path):
            return PictureReader(path)
        return VideoReader(path, self._threads, card)


def _as_frame(reader: VideoReader | PictureReader, time: Fraction) -> VideoFrame:
    match reader:
        case VideoReader():
            return reader.frame_at(time)
        case PictureReader():
            picture = reader.frame_at(time)
            if picture.alpha is None:
                return VideoFrame.from_ndarray(picture.rgb, format="rgb24")
            return VideoFrame.from_ndarray(np.dstack([picture.rgb, picture.alpha]), format="rgba")


def _run_up(facts: VideoFacts, time: Fraction, step_s: Fraction) -> list[Fraction]:
    """The moments that are asked for next by who goes backwards, from the earliest on.

    They lie on the way to `time`, since a film is only decoded forwards.
    """
    if step_s >= 0 or facts.still:
        return []
    picture_bytes = facts.width * facts.height * 3 // 2 * (2 if facts.colour.bit_depth > 8 else 1)
    count = min(RUN_UP, AHEAD_BYTES // picture_bytes)
    moments = [time + place * step_s for place in range(count, 0, -1)]
    return [moment for moment in moments if moment >= 0]


def _size_bytes(frame: VideoFrame) -> int:
    return sum(plane.buffer_size for plane in frame.planes)
