"""Captions: add, change, split, join, and bring in a whole subtitle file.

    C1 |          |   ->   C1 |  "Hello."  |

Captions are clips of a caption track, so trimming, moving and cutting them are the verbs for any
clip. Pictures and sounds stay as they were.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from studio.document.edits.pieces import left_of, right_of
from studio.document.edits.rebuild import change_clip
from studio.document.edits.splicer import Splicer
from studio.document.edits.tracks import add_track
from studio.document.errors import EditError
from studio.document.model.clip import CaptionMedia, Clip, Gap
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import TrackKind
from studio.document.queries.limits import neighbour
from studio.document.queries.places import locate_clip, locate_track, sequence_of
from studio.document.subtitles import Cue
from studio.document.time import FrameRange, Rate, Rounding, Time

SHORTEST_OVERLAP_S = Fraction(1, 4)
"""Two captions on screen together for less than this cannot be read together."""


def add_caption(
    project: Project, track_id: Id, span: FrameRange, text: str, *, speaker: str = ""
) -> Project:
    """Lay a caption on a caption track, over whatever it holds there.

    Raises: EditError for an empty stretch, another kind of track, or a locked one.
    """
    sequence, track = locate_track(project, track_id)
    if track.kind is not TrackKind.CAPTION:
        raise EditError(f"{track.name or 'That track'} is not for captions. Add a caption track.")
    if span.start < 0 or span.duration < 1:
        raise EditError("A caption is at least one frame long.")
    splicer = Splicer(project, sequence.id)
    clip = Clip(
        id=splicer.new_id("c"),
        duration=span.duration,
        media=CaptionMedia(text=text, speaker=speaker),
    )
    splicer.lay(track_id, span.start, clip)
    return splicer.finish()


def _caption(clip: Clip) -> CaptionMedia:
    if not isinstance(clip.media, CaptionMedia):
        raise EditError("That is not a caption.")
    return clip.media


def set_caption(
    project: Project, clip_id: Id, text: str | None = None, *, speaker: str | None = None
) -> Project:
    """Change a caption's text or speaker; what is None stays.

    Raises: EditError when it is no caption, or on a locked track.
    """

    def changed(clip: Clip) -> Clip:
        media = _caption(clip)
        return replace(
            clip,
            media=replace(
                media,
                text=media.text if text is None else text,
                speaker=media.speaker if speaker is None else speaker,
            ),
        )

    return change_clip(project, clip_id, changed)


def split_caption(project: Project, clip_id: Id, frame: int, at_letter: int) -> Project:
    """Cut a caption in time and in its text. `frame` counts from its first.

        | "Hello. Goodbye." |   ->   | "Hello." | "Goodbye." |

    Raises: EditError for a place outside the caption, or a locked track.
    """
    place, clip = locate_clip(project, clip_id)
    media = _caption(clip)
    if not 0 < frame < clip.duration or not 0 < at_letter < len(media.text):
        raise EditError("Put the playhead and the cursor inside the caption to split it.")
    splicer = Splicer(project, place.sequence.id)
    start, end = place.range.start, place.range.end
    parts = (media.text[:at_letter].strip(), media.text[at_letter:].strip())
    left = replace(left_of(clip, frame), media=replace(media, text=parts[0]))
    right = replace(
        right_of(clip, frame, splicer.rate),
        id=splicer.new_id("c"),
        media=replace(media, text=parts[1]),
    )
    splicer.fill(place.track.id, FrameRange(start, end), [left, right])
    return splicer.finish()


def join_captions(project: Project, clip_id: Id) -> Project:
    """Join a caption with the next one of its track, over a gap between them.

        | "Hello." |gap| "Goodbye." |   ->   | "Hello. Goodbye." |

    Raises: EditError when no caption follows, or on a locked track.
    """
    place, clip = locate_clip(project, clip_id)
    after = neighbour(place.track, place.place, 1)
    if after is not None and isinstance(place.track.items[after], Gap):
        after = neighbour(place.track, after, 1)
    following = place.track.items[after] if after is not None else None
    if after is None or not isinstance(following, Clip):
        raise EditError("No caption follows to join with.")
    starts = place.track.index.starts
    span = FrameRange(starts[place.place], starts[after + 1])
    text = f"{_caption(clip).text} {_caption(following).text}".strip()
    joined = replace(clip, duration=span.duration, media=replace(_caption(clip), text=text))
    splicer = Splicer(project, place.sequence.id)
    splicer.fill(place.track.id, span, [joined])
    return splicer.finish()


def add_captions(project: Project, track_id: Id, cues: Sequence[Cue], start: int = 0) -> Project:
    """Lay the cues of a subtitle file on a caption track, the file's zero at a frame.

    Cues land on the nearest frames. Where some are on screen at once, their lines are one caption
    for as long, so that all is read when it is said; an overlap too short to read ends the earlier
    one instead.

        "What?" 0-4, "Rain." 2-6   ->   | "What?" | "What? / Rain." | "Rain." |

    Raises: EditError when there is none, for another kind of track, or a locked one.
    """
    sequence, track = locate_track(project, track_id)
    if not cues:
        raise EditError("There are no captions in that file.")
    if track.kind is not TrackKind.CAPTION:
        raise EditError(f"{track.name or 'That track'} is not for captions. Add a caption track.")
    splicer = Splicer(project, sequence.id)
    for span, shown in _on_screen(cues, sequence.rate, start):
        media = CaptionMedia(
            text="\n".join(dict.fromkeys(cue.text for cue in shown)),
            speaker=", ".join(dict.fromkeys(cue.speaker for cue in shown if cue.speaker)),
        )
        clip = Clip(id=splicer.new_id("c"), duration=span.duration, media=media)
        splicer.lay(track_id, span.start, clip)
    return splicer.finish()


def bring_captions(project: Project, sequence_id: Id, cues: Sequence[Cue], name: str) -> Project:
    """Lay the cues of a subtitle file on an empty caption track, or on a new one of that name.

        V1 |     A     |   ->   C1 | "What?" | "Rain." |
                                V1 |        A          |

    The file's zero is the film's, unless all of it lies after the timecode that the film begins
    at: then the file counts in timecode.
    Stays: every clip and track.
    Raises: EditError when there is none, or no such sequence.
    """
    sequence = sequence_of(project, sequence_id)
    known = {track.id for track in sequence.tracks}
    usable = (t for t in sequence.tracks if t.kind is TrackKind.CAPTION and not t.locked)
    home = next((track.id for track in usable if not track.items), None)
    if home is None:
        project = add_track(project, sequence_id, TrackKind.CAPTION, name=name)
        home = next(t.id for t in sequence_of(project, sequence_id).tracks if t.id not in known)
    begins = Time(sequence.start_timecode, sequence.rate)
    in_timecode = bool(begins) and all(cue.start >= begins for cue in cues)
    return add_captions(project, home, cues, -sequence.start_timecode if in_timecode else 0)


def _on_screen(
    cues: Sequence[Cue], rate: Rate, start: int
) -> Iterator[tuple[FrameRange, list[Cue]]]:
    """Each stretch in which the same cues are on screen, with these in order."""
    spans = _spans(cues, rate, start)
    edges = sorted({edge for span, _ in spans for edge in (span.start, span.end)})
    waiting = deque(spans)
    shown: list[tuple[FrameRange, Cue]] = []
    for first, end in pairwise(edges):
        while waiting and waiting[0][0].start <= first:
            shown.append(waiting.popleft())
        shown = [each for each in shown if each[0].end > first]
        if shown:
            yield FrameRange(first, end), [cue for _, cue in shown]


def _spans(cues: Sequence[Cue], rate: Rate, start: int) -> list[tuple[FrameRange, Cue]]:
    """Where cues are on screen, in order, without overlaps too short to read."""
    spans: list[tuple[FrameRange, Cue]] = []
    for cue in sorted(cues, key=lambda cue: cue.start):
        first = max(0, start + cue.start.ticks(rate, Rounding.NEAREST))
        end = max(first + 1, start + cue.end.ticks(rate, Rounding.NEAREST))
        if spans:
            before, earlier = spans[-1]
            touching = before.start < first < before.end
            if touching and before.end - first < SHORTEST_OVERLAP_S * rate.fraction:
                spans[-1] = FrameRange(before.start, first), earlier
        spans.append((FrameRange(first, end), cue))
    return spans
