"""Three-dimensional colour tables: .cube files applied to RGB frames by libav's lut3d.

A filter graph per table and frame size is kept on each thread, since reading a table is slow.
"""

from __future__ import annotations

from collections import OrderedDict
from fractions import Fraction
from pathlib import Path
from threading import local

import av.error
import numpy as np
from av.filter import Graph
from av.video.format import VideoFormat
from av.video.frame import VideoFrame

from studio.media.errors import NotMedia
from studio.media.fingerprint import unreadable

CLOCK = Fraction(1, 1000)
KEPT_GRAPHS = 8
HEADER_BYTES = 64 * 1024


class _Graphs(local):
    def __init__(self) -> None:
        self.by_key: OrderedDict[tuple[str, str, int, int], Graph] = OrderedDict()


_graphs = _Graphs()


def apply_cube(frame: VideoFrame, cube: Path) -> VideoFrame:
    """An RGB frame (rgb24 or rgb48le) with a .cube table applied, in the same format.

    Raises:
        FileUnreadable, NotMedia: the table cannot be read.
    """
    key = (str(cube), frame.format.name, frame.width, frame.height)
    graph = _graphs.by_key.get(key)
    if graph is None:
        graph = _graphs.by_key[key] = _build(frame, cube)
        if len(_graphs.by_key) > KEPT_GRAPHS:
            _graphs.by_key.popitem(last=False)
    _graphs.by_key.move_to_end(key)
    graph.vpush(frame)
    return graph.vpull()


def _build(frame: VideoFrame, cube: Path) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width,
        height=frame.height,
        format=VideoFormat(frame.format.name),
        time_base=CLOCK,
    )
    one_dimensional = "LUT_1D_SIZE" in _header(cube)
    options = {"file": str(cube), "interp": "linear" if one_dimensional else "tetrahedral"}
    try:
        step = graph.add("lut1d" if one_dimensional else "lut3d", **options)
        back = graph.add("format", frame.format.name)
        sink = graph.add("buffersink")
        source.link_to(step)
        step.link_to(back)
        back.link_to(sink)
        graph.configure()
    except (av.error.FFmpegError, ValueError) as error:
        raise NotMedia(f"{cube.name} is not a .cube colour table that can be read.") from error
    return graph


def _header(cube: Path) -> str:
    try:
        with cube.open("rb") as file:
            return file.read(HEADER_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise unreadable(cube, error) from error


def write_cube(path: Path, table: np.ndarray, title: str) -> None:
    """Save a table, float (N, N, N, 3) indexed [blue, green, red], as a .cube file."""
    size = table.shape[0]
    rows = np.char.mod("%.6f", table.reshape(-1, 3))
    lines = "\n".join(" ".join(row) for row in rows)
    path.write_text(f'TITLE "{title}"\nLUT_3D_SIZE {size}\n{lines}\n')
