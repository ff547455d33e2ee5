"""Proxies: smaller stand-ins for footage, every picture a key frame, made in the background.

A proxy has the pictures of its original at the same times, upright and in the canvas's colours,
so that scrubbing costs one small picture and nothing in the cut has to know.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from queue import SimpleQueue

import av
import av.error
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from studio.document.model.asset import Asset, Proxy
from studio.media.conform import Source, to_frame
from studio.media.decode.container import not_media, open_container, packets_of
from studio.media.decode.pictures import is_picture_file
from studio.media.decode.videostream import open_decoder, picture_stream, read_opening
from studio.media.errors import Cancelled, MediaError, NotMedia, from_os_error
from studio.media.export.placing import placed_file
from studio.media.facts import VideoFacts
from studio.media.fingerprint import fingerprint, sha256
from studio.media.libav import add_pictures, clock_of
from studio.media.picture import PLANAR, Size, tagged
from studio.media.probe import probe

HEIGHT = 540
OPTIONS = {"preset": "ultrafast", "crf": "22", "g": "1", "bf": "0", "tune": "fastdecode"}
THREADS = 1
"""One, since it runs beside everything else."""

LONGEST_CLOSE_S = 5.0

OnProgress = Callable[[float], None]


def wants_proxy(facts: VideoFacts, height: int = HEIGHT) -> bool:
    """True where a proxy would help: moving, opaque, and larger than it."""
    return not facts.still and not facts.alpha and min(facts.display_size) > height


def make_proxy(
    path: Path,
    out: Path,
    height: int = HEIGHT,
    on_progress: OnProgress = lambda share: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> Proxy:
    """Make the proxy of a film at `out`.

    Raises: as `write_proxy`.
    """
    size = write_proxy(path, out, height, on_progress, should_cancel)
    return Proxy(sha256=sha256(out), path=str(out), width=size[0], height=size[1])


def write_proxy(
    path: Path,
    out: Path,
    height: int = HEIGHT,
    on_progress: OnProgress = lambda share: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> Size:
    """Write the proxy of a film to `out`; -> its size.

    Raises:
        FileUnreadable, NotMedia: the film cannot be read.
        OutputUnwritable, DiskFull: the proxy cannot be written.
        Cancelled: `should_cancel` said so; nothing is left behind.
    """
    facts = probe(path).video
    if facts is None:
        raise NotMedia(f"{path.name} has no picture in it.")
    if is_picture_file(path):
        raise NotMedia(f"{path.name} is a still or an animation, which is shown without a proxy.")
    size = proxy_size(facts, height)
    with placed_file(out) as part:
        try:
            _write(path, part, facts, size, on_progress, should_cancel)
        except OSError:
            raise  # of the disk: placed_file has the sentence
        except av.error.FFmpegError as error:
            raise not_media(path) from error
    return size


def proxy_size(facts: VideoFacts, height: int) -> Size:
    """The size of a proxy: the shape as seen, on even pixels, never larger than the film.

    `height` is that of its shorter side.
    """
    width, tall = facts.display_size
    scale = min(Fraction(1), Fraction(height, min(width, tall)))
    return max(2, round(width * scale / 2) * 2), max(2, round(tall * scale / 2) * 2)


def _write(
    path: Path,
    part: Path,
    facts: VideoFacts,
    size: Size,
    on_progress: OnProgress,
    should_cancel: Callable[[], bool],
) -> None:
    with open_container(path) as source, av.open(str(part), "w", format="mp4") as made:
        stream = picture_stream(source)
        assert stream is not None  # its facts were read
        opening = read_opening(source, stream)
        origin = opening.stamp if opening is not None else 0
        out = _out_stream(made, stream, facts, size)
        with open_container(path) as again:
            footage = picture_stream(again)
            assert footage is not None
            last: int | None = None
            for frame in _frames(again, footage):
                if should_cancel():
                    raise Cancelled("The proxy was cancelled.")
                if frame.pts is None or (last is not None and frame.pts <= last):
                    continue  # damage: no file holds two pictures of one moment
                last = frame.pts
                stamp = frame.pts - origin
                small = tagged(to_frame(Source(frame, facts), size))
                small.pts, small.time_base, small.pict_type = stamp, footage.time_base, 0
                made.mux(out.encode(small))
                on_progress(min(1.0, float(stamp * clock_of(footage) / facts.duration)))
        made.mux(out.encode(None))


def _out_stream(
    made: OutputContainer, stream: VideoStream, facts: VideoFacts, size: Size
) -> VideoStream:
    out = add_pictures(made, "libx264", facts.rate, OPTIONS)
    out.width, out.height = size
    out.pix_fmt = PLANAR
    out.codec_context.time_base = clock_of(stream)
    out.codec_context.thread_count = THREADS
    out.codec_context.colorspace = out.codec_context.color_range = 1
    return out


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[av.VideoFrame]:
    decoder = open_decoder(stream, THREADS)
    try:
        for packet in packets_of(container, stream):
            try:
                yield from decoder.decode(packet if packet.size else None)
            except av.error.EOFError:
                return
            except av.error.FFmpegError:
                continue  # one damaged picture is not worth the proxy
    except av.error.FFmpegError:
        return


@dataclass(frozen=True, slots=True)
class Made:
    """An asset's proxy is ready."""

    asset_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class NotMade:
    """An asset's proxy could not be made: one sentence why."""

    asset_id: str
    reason: str


class ProxyMaker:
    """Makes proxies one after another on a thread of its own, into one folder."""

    def __init__(self, folder: Path, on_done: Callable[[Made | NotMade], None]) -> None:
        self._folder = folder
        self._on_done = on_done
        self._waiting: SimpleQueue[tuple[Asset, Path] | None] = SimpleQueue()
        self._stopped = threading.Event()
        self._going = threading.Event()
        self._going.set()
        self._thread = threading.Thread(target=self._work, name="proxies", daemon=True)
        self._thread.start()

    def ask(self, asset: Asset, path: Path) -> None:
        """Make the proxy of an asset whose file lies at `path`, when its turn comes."""
        self._waiting.put((asset, path))

    def hold(self, *, held: bool) -> None:
        """Wait in the middle of whatever is being made, or go on: playing comes first."""
        if held:
            self._going.clear()
        else:
            self._going.set()

    def close(self) -> None:
        """Stop, leaving nothing half made."""
        self._stopped.set()
        self._going.set()
        self._waiting.put(None)
        self._thread.join(LONGEST_CLOSE_S)

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None and not self._stopped.is_set():
            asset, path = item
            news = self._news(asset, path)
            if self._stopped.is_set():
                return  # whoever closed it may not be there any more
            self._on_done(news)

    def _news(self, asset: Asset, path: Path) -> Made | NotMade:
        try:
            return Made(asset.id, self._make(path))
        except MediaError as error:
            return NotMade(asset.id, str(error))
        except OSError as error:
            return NotMade(asset.id, str(from_os_error(error, self._folder)))

    def _make(self, path: Path) -> Path:
        return proxy_in(self._folder, path, should_cancel=self._should_stop)

    def _should_stop(self) -> bool:
        """Asked between two pictures; this is where it waits while it is held."""
        self._going.wait()
        return self._stopped.is_set()


def proxy_in(
    folder: Path,
    path: Path,
    on_progress: OnProgress = lambda share: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> Path:
    """Where a folder has the proxy of a film, made if it has none.

    It is named by what it stands for, so that a changed film gets another.

    Raises:
        OSError: the folder cannot be made; otherwise as `write_proxy`.
    """
    out = folder / f"{fingerprint(path)}.mp4"
    if _is_film(out):
        out.touch()  # what is in use is the last that a cache lets go of
        return out
    folder.mkdir(parents=True, exist_ok=True)
    write_proxy(path, out, HEIGHT, on_progress, should_cancel)
    return out


def _is_film(path: Path) -> bool:
    try:
        return path.exists() and probe(path).video is not None
    except MediaError:
        return False  # it is made anew
