"""Interlaced frames made whole, each from its own two fields.

Only the frame itself is looked at, so that the result never depends on how one got there: a
scrub and an export give the same pixels.
"""

from __future__ import annotations

from fractions import Fraction

from av.filter import Graph
from av.video.format import VideoFormat
from av.video.frame import VideoFrame

CLOCK = Fraction(1, 1000)


def deinterlaced(frame: VideoFrame) -> VideoFrame:
    """The frame with its second field drawn anew along the edges of the first."""
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width,
        height=frame.height,
        format=VideoFormat(frame.format.name),
        time_base=CLOCK,
    )
    step = graph.add("estdif", "mode=frame:deint=all")
    sink = graph.add("buffersink")
    source.link_to(step)
    step.link_to(sink)
    graph.configure()
    stamp = frame.pts
    graph.vpush(frame)
    graph.vpush(None)
    made = graph.vpull()
    frame.pts = made.pts = stamp
    return made
