"""CaptionTrack: captions inside a film, as text that a player shows or hides.

Which kind of text depends on the container; a container without a place for any has no track.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from av.container import OutputContainer
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import SubtitleSet

from studio.document.subtitles import Cue
from studio.document.time import Rate

CODECS = {"mp4": "mov_text", "mov": "mov_text", "matroska": "subrip", "webm": "webvtt"}
"""How containers hold text."""

_MILLISECONDS = Rate(1000)
_HEADER = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Default,Arial,16,&Hffffff,2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""What encoders of text want to know before the first caption, in Advanced SubStation Alpha."""


class CaptionTrack:
    """Writes cues in step with the pictures. Make it before anything is written to the file."""

    def __init__(self, container: OutputContainer, kind: str, cues: Sequence[Cue]) -> None:
        """`kind` names the container, one of `CODECS`; cues are in order, from the film's start."""
        self._container = container
        self._waiting = list(cues)
        stream = container.add_stream(CODECS[kind])
        assert isinstance(stream, SubtitleStream)
        self._stream = stream
        self._stream.codec_context.subtitle_header = _HEADER
        self._stream.codec_context.time_base = 1 / _MILLISECONDS.fraction

    def reach(self, seconds: Fraction) -> None:
        """Write what is shown before this moment."""
        while self._waiting and self._waiting[0].start.seconds < seconds:
            self._write(self._waiting.pop(0))

    def finish(self) -> None:
        """Write the rest."""
        for cue in self._waiting:
            self._write(cue)
        self._waiting = []

    def _write(self, cue: Cue) -> None:
        start, end = cue.start.ticks(_MILLISECONDS), cue.end.ticks(_MILLISECONDS)
        line = f"0,0,Default,,0,0,0,,{_escaped(cue)}".encode()
        packet = self._stream.codec_context.encode_subtitle(
            SubtitleSet.create(line, 0, end - start, start)
        )
        packet.stream = self._stream
        packet.time_base = 1 / _MILLISECONDS.fraction
        self._container.mux(packet)


def _escaped(cue: Cue) -> str:
    """A cue's words as Advanced SubStation Alpha has them: braces are its markup."""
    words = f"{cue.speaker}: {cue.text}" if cue.speaker else cue.text
    return words.replace("{", "(").replace("}", ")").replace("\\", "/").replace("\n", "\\N")
