"""Cutting kept clips out of their sources, without a change to a pixel.

A clip that is its whole source is copied. Any other is encoded again with FFV1, which loses
nothing, in Matroska, which keeps stamps to a millisecond; a cut between key frames cannot be
copied exactly. Sound is left behind.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from engine.abilities.lossless_copy import ffv1_layout, in_layout
from engine.training.curation.facts import Clip
from engine.training.curation.footage import BadFootage, pictures
from engine.training.curation.funnel import Verdict

FOLDER = "clips"
_HEADERS_ROUND_S = Fraction(1, 200)
_TURNS = {
    90: (("transpose", "cclock"),),
    180: (("hflip", ""), ("vflip", "")),
    270: (("transpose", "clock"),),
}
"""Degrees anticlockwise -> filters that turn a picture so."""


def cut_kept(
    verdicts: Sequence[Verdict], out: Path, progress: Callable[[str], object]
) -> tuple[dict[int, str], list[str]]:
    """Write every kept clip below `out`; -> its name there by place, and sentences on failures."""
    files: dict[int, str] = {}
    problems: list[str] = []
    kept = [place for place, verdict in enumerate(verdicts) if verdict.keeps]
    for number, place in enumerate(kept, 1):
        progress(f"cutting {number}/{len(kept)}")
        try:
            files[place] = cut_clip(verdicts[place].clip, out)
        except BadFootage as problem:
            problems.append(str(problem))
    return files, problems


def cut_clip(clip: Clip, out: Path) -> str:
    """Write one clip, unless it is there already; -> its name below `out`.

    Raises:
        BadFootage: the source cannot be read any more.
    """
    path = Path(clip.source.path)
    whole = clip.in_s == 0 and clip.out_s + _HEADERS_ROUND_S >= clip.source.duration_s
    start = f"{float(clip.in_s):.3f}-{float(clip.out_s):.3f}"
    suffix = path.suffix.lower() if whole else ".mkv"
    name = f"{FOLDER}/{path.stem}-{clip.source.sha256[:8]}-{start}{suffix}"
    target = out / name
    if target.exists():
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.part")
    try:
        if whole:
            shutil.copyfile(path, partial)
        else:
            _encode(clip, partial)
        partial.replace(target)
    except FileNotFoundError as problem:
        raise BadFootage(f"{path} is not there any more; skipped.") from problem
    finally:
        partial.unlink(missing_ok=True)
    return name


def _encode(clip: Clip, target: Path) -> None:
    with av.open(str(target), "w", format="matroska") as container:
        stream: VideoStream | None = None
        turn: Graph | None = None
        for tick_s, picture in pictures(Path(clip.source.path)):
            at_s = picture.stamp * tick_s
            if at_s >= clip.out_s:
                break
            if at_s < clip.in_s:
                continue
            frame, degrees = picture.frame, picture.frame.rotation % 360
            if degrees in _TURNS:
                turn = turn or _turner(frame, _TURNS[degrees])
                frame = _turned(turn, frame)
            frame = in_layout(frame, ffv1_layout(frame.format.name))
            if stream is None:
                stream = _stream(container, frame, tick_s)
            frame.pts, frame.time_base = round((at_s - clip.in_s) / tick_s), tick_s
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode(None))


def _stream(container: OutputContainer, frame: VideoFrame, tick_s: Fraction) -> VideoStream:
    stream = container.add_stream("ffv1", rate=Fraction(25))
    assert isinstance(stream, VideoStream)
    stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, frame.format.name
    context = stream.codec_context
    context.time_base = tick_s
    context.colorspace, context.color_range = frame.colorspace, frame.color_range
    return stream


def _turner(frame: VideoFrame, filters: Sequence[tuple[str, str]]) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 1000)
    )
    turns = [graph.add(name, way) if way else graph.add(name) for name, way in filters]
    graph.link_nodes(source, *turns, graph.add("buffersink")).configure()
    return graph


def _turned(graph: Graph, frame: VideoFrame) -> VideoFrame:
    graph.push(frame)
    turned = graph.pull()
    assert isinstance(turned, VideoFrame)
    return turned
