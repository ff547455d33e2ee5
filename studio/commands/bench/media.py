"""Media: scrubbing long-GOP 1080p with and without a proxy, playing it, and a waveform.

Scrubbing is 200 random places of one film, each decoded and turned into the RGB picture that a
viewer shows; OpenCV seeks the same places of the same film in the same run. Playback is thirty
seconds of two layers and a dissolve, at a viewer's size, as the window plays it: with proxies, by
the sound device's clock where there is one. The offset is how long after a frame's sound its
picture is handed to the screen.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
import wave
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

import cv2
import numpy as np

from studio.commands.console import Console
from studio.commands.figures import Figure
from studio.commands.sample_footage import FPS, SIZE, clip_of, cut_of, make_film
from studio.document.model.asset import Asset
from studio.document.model.clip import Transition, TransitionKind
from studio.media.compositor.render import Scene, render_frame
from studio.media.footage import Footage
from studio.media.playback.player import Player, Stats
from studio.media.proxies import make_proxy
from studio.media.waveform import measure as measure_waveform

FILM_FRAMES = 960
SEEKS = 200
PLAYED = 900
VIEW = (960, 540)
WAV_S = 80 * 60
RUNS = 5
SCRUB_TARGET_S, WAVEFORM_TARGET_S = 0.080, 2.0
OFFSET_TARGET_S = 0.040
"""A picture may be this late: EBU R 37 allows sound to be early by 40 ms."""


def measure(console: Console) -> Sequence[Figure]:
    """Measure on footage of its own, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix="workprint-bench-") as name:
        folder = Path(name)
        console.progress("footage")
        films = [make_film(folder / f"film{seed}.mp4", FILM_FRAMES, seed) for seed in (1, 2)]
        console.progress("proxies")
        smaller = [_with_proxy(film, folder) for film in films]
        places = random.Random(7).choices(range(FILM_FRAMES), k=SEEKS)
        console.progress("scrubbing")
        theirs = _p95(_opencv(folder / films[0].path), places)
        ours = _scrub(films[0], folder, places, SIZE)
        with_proxy = _scrub(smaller[0], folder, places, VIEW)
        console.progress("playing")
        played = _played(smaller, folder)
        console.progress("a waveform of 80 minutes")
        waveform = _waveform(folder / "long.wav")
    return [
        Figure(figure="scrub_p95_s", value=with_proxy, unit="s", target=SCRUB_TARGET_S),
        Figure(
            figure="scrub_vs_opencv",
            value=ours / theirs,
            unit="ratio",
            target=1.0,
            peer="OpenCV",
            peer_value=1.0,
        ),
        Figure(
            figure="scrub_full_size_p95_s", value=ours, unit="s", peer="OpenCV", peer_value=theirs
        ),
        Figure(figure="playback_dropped", value=PLAYED - played.shown, unit="frames", target=0),
        Figure(
            figure="playback_av_offset_s",
            value=played.offset_mean_s,
            unit="s",
            target=OFFSET_TARGET_S,
        ),
        Figure(figure="playback_av_offset_most_s", value=played.offset_most_s, unit="s"),
        Figure(figure="waveform_80min_s", value=waveform, unit="s", target=WAVEFORM_TARGET_S),
    ]


def _with_proxy(film: Asset, folder: Path) -> Asset:
    out = folder / f"{film.id}.proxy.mp4"
    proxy = make_proxy(folder / film.path, out)
    return replace(film, proxies=(replace(proxy, path=out.name),))


def _p95(show: Callable[[int], object], places: Sequence[int]) -> float:
    """Seconds within which 95 of 100 places are shown."""
    show(0)  # opening the film is not scrubbing it
    times: list[float] = []
    for place in places:
        began = time.perf_counter()
        show(place)
        times.append(time.perf_counter() - began)
    return statistics.quantiles(times, n=20)[-1]


def _opencv(path: Path) -> Callable[[int], object]:
    capture = cv2.VideoCapture(str(path))

    def show(place: int) -> object:
        capture.set(cv2.CAP_PROP_POS_FRAMES, place)
        return capture.read()

    return show


def _scrub(film: Asset, folder: Path, places: Sequence[int], size: tuple[int, int]) -> float:
    project = cut_of((film,), (clip_of(film, "c1", 0, FILM_FRAMES),))
    sequence_id = project.sequences[0].id
    with closing(Footage(folder, cache_bytes=0, use_proxies=True)) as footage:
        scene = Scene(project, footage)
        return _p95(lambda place: render_frame(scene, sequence_id, place, size), places)


def _played(films: Sequence[Asset], folder: Path) -> Stats:
    """How thirty seconds of two layers and a dissolve go."""
    half = PLAYED // 2
    one, two = films
    dissolve = Transition(id="x1", kind=TransitionKind.DISSOLVE, in_offset=15, out_offset=15)
    below = (clip_of(one, "c1", 0, half), dissolve, clip_of(two, "c2", 30, PLAYED - half))
    above = (replace(clip_of(two, "c3", 0, PLAYED), opacity=0.5),)
    project = cut_of(films, below, above)
    ended = Event()
    with closing(Footage(folder, use_proxies=True)) as footage:
        player = Player(lambda _frame, _picture: None, ended.set)
        with closing(player):
            player.load(Scene(project, footage), project.sequences[0].id, VIEW)
            player.play(0)
            ended.wait(10 * PLAYED / float(FPS.fraction))
            return player.stats


def _waveform(path: Path) -> float:
    """Seconds to read the peaks of 80 minutes of stereo sound: the median of several times."""
    second = np.random.default_rng(3).integers(-9000, 9000, (44_100, 2), np.int16).tobytes()
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(44_100)
        for _ in range(WAV_S):
            out.writeframesraw(second)
    times: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        measure_waveform(path, 0, lambda: False)
        times.append(time.perf_counter() - began)
    return statistics.median(times)
