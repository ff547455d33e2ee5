"""The document: edits of a 20,000-clip project committed to its file, and opening it again.

The edits are those of a day's work, each on clips picked at random over ten tracks, and timed from
the call until the change is in the file. What an edit needs to know beforehand is not timed.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from studio.commands.console import Console
from studio.commands.figures import Figure
from studio.document.edits import clips, cut, insert, markers, move, parameters, trim
from studio.document.edits.sequences import add_sequence
from studio.document.edits.source import Piece
from studio.document.errors import EditError
from studio.document.file.project_file import ProjectFile
from studio.document.history import Edit
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import AssetMedia, Clip
from studio.document.model.project import Project
from studio.document.model.sequence import Track
from studio.document.queries.limits import Edge
from studio.document.time import Rate, Time

CLIPS = 20_000
TRACKS = 10
EDITS = 400
OPENINGS = 5
EDIT_TARGET_S, OPEN_TARGET_S = 0.005, 1.5
_RATE = Rate(24)
_CLIP_FRAMES = 48


def measure(console: Console) -> Sequence[Figure]:
    """Measure on a project of its own, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix="workprint-bench-") as folder:
        path = Path(folder, "bench.workprint")
        console.progress("a film of 20,000 clips")
        ProjectFile.create(path, _film()).close()
        console.progress("edits")
        edits = list(_edits(path))
        console.progress("opening")
        openings = [_opening(path) for _ in range(OPENINGS)]
    return [
        Figure(
            figure="edit_p95_s",
            value=statistics.quantiles(edits, n=20)[-1],
            unit="s",
            target=EDIT_TARGET_S,
        ),
        Figure(
            figure="open_20000_s",
            value=statistics.median(openings),
            unit="s",
            target=OPEN_TARGET_S,
        ),
    ]


def _film() -> Project:
    """A sequence of 20,000 clips of one tape, without gaps, over ten tracks."""
    project = add_sequence(Project(name="bench"), "Cut", _RATE, 1920, 1080, video_tracks=TRACKS)
    tape = Asset(
        id="tape",
        name="tape.mov",
        kind=AssetKind.VIDEO,
        path="/tape.mov",
        duration=Time(10**7, _RATE),
    )
    sequence = project.sequences[0]
    rows = tuple(_row(track, number) for number, track in enumerate(sequence.tracks[:TRACKS]))
    filled = replace(sequence, tracks=(*rows, *sequence.tracks[TRACKS:]))
    return replace(
        project, sequences=(filled,), assets=(tape,), next_id=project.next_id + 2 * CLIPS
    )


def _row(track: Track, number: int) -> Track:
    each = CLIPS // TRACKS
    first = CLIPS + number * each
    return replace(track, items=tuple(_clip(f"c{first + place}", place) for place in range(each)))


def _clip(clip_id: str, place: int) -> Clip:
    return Clip(
        id=clip_id,
        name=f"Shot {place}",
        duration=_CLIP_FRAMES,
        media=AssetMedia(asset_id="tape"),
        source_start=Time(1000 + place * 60, _RATE),
    )


def _edits(path: Path) -> Iterator[float]:
    """Seconds of each edit, from the call to the committed file."""
    chance = random.Random(4)
    with ProjectFile.open(path) as file:
        done = 0
        while done < EDITS:
            edit = _an_edit(file.project, chance)
            began = time.perf_counter()
            try:
                file.history.apply("Edit", edit)
            except EditError:
                continue
            yield time.perf_counter() - began
            done += 1


def _an_edit(project: Project, chance: random.Random) -> Edit:
    """One of the edits of a day's work, on a clip picked at random."""
    sequence = project.sequences[0]
    track = chance.choice(sequence.tracks[:TRACKS])
    one, two = _a_clip(track, chance), _a_clip(track, chance)
    frame = chance.randrange(track.duration)
    piece = Piece(track.id, _clip("", chance.randrange(1000)))
    knob = parameters.Knob(one.id, "opacity")
    choices: list[Callable[[Project], Project]] = [
        lambda p: trim.trim(p, one.id, Edge.TAIL, -3),
        lambda p: trim.ripple_trim(p, one.id, Edge.TAIL, -3),
        lambda p: trim.slip(p, one.id, Time(5, _RATE)),
        lambda p: cut.razor(p, sequence.id, frame, [track.id]),
        lambda p: cut.razor(p, sequence.id, frame),
        lambda p: cut.delete(p, [one.id]),
        lambda p: insert.insert(p, sequence.id, frame, [piece]),
        lambda p: insert.overwrite(p, sequence.id, frame, [piece]),
        lambda p: move.move(p, [move.Move(one.id, track.id, frame)]),
        lambda p: move.swap(p, one.id, two.id),
        lambda p: clips.set_fades(p, [one.id], in_frames=2),
        lambda p: markers.add_marker(p, sequence.id, frame),
        lambda p: parameters.set_keyframe(p, knob, 1, 0.5),
    ]
    return chance.choice(choices)


def _a_clip(track: Track, chance: random.Random) -> Clip:
    while True:
        item = chance.choice(track.items)
        if isinstance(item, Clip):
            return item


def _opening(path: Path) -> float:
    began = time.perf_counter()
    file = ProjectFile.open(path)
    seconds = time.perf_counter() - began
    file.close()
    return seconds
