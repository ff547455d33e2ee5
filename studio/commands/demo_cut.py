"""The demo's cut: shots in a row with dissolves between them, over a loop. Pure; it knows no files.

V1 |  shot 1  [x]  footage  [x]  shot 2  [x]  shot 3  \\|
A1 | its sound |  its sound |  its sound | its sound   |
A2 |/  loop                                  | loop   \\|
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.document.edits.assets import with_asset
from studio.document.edits.insert import overwrite
from studio.document.edits.link import link
from studio.document.edits.source import NEW, Piece, clips_of_asset
from studio.document.edits.takes import finish_job
from studio.document.edits.transitions import add_transition
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip, TransitionKind
from studio.document.model.generated import GeneratedMedia, Pending, Take
from studio.document.model.project import Project
from studio.document.model.sequence import TrackKind
from studio.document.queries.limits import Edge
from studio.document.queries.places import sequence_of
from studio.document.time import Rate, Rounding, Time, TimeRange
from studio.session.projects import empty_project

RATE = Rate(30)
SIZE = (1280, 720)
DISSOLVE_FRAMES = 16
FOOTAGE_FRAMES = 4 * 30
FADE_FRAMES = 24
MUSIC_FADE_FRAMES = 60
MUSIC_UNDER_SOUND_DB = -8.0
SOUND_EDGE_FRAMES = 6
"""Over which footage's own sound comes and goes."""

_SPARE_FRAMES = DISSOLVE_FRAMES // 2
_LEAST_FRAMES = 3 * DISSOLVE_FRAMES
"""A shot shorter than this is shown whole: its first and last picture are held in a dissolve."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A file to cut in; with a `take` it was generated, and so was the `sound` it may have."""

    asset: Asset
    take: Take | None = None
    sound: Shot | None = None

    @property
    def is_heard(self) -> bool:
        """Whether it has sound of its own, recorded or made."""
        return self.sound is not None or bool(self.asset.audio)


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where a shot lies: sequence frames, and where in its media it begins."""

    shot: Shot
    start: int
    duration: int
    source_start: Time


def in_order(generated: Sequence[Shot], footage: Sequence[Shot]) -> list[Shot]:
    """Generated shots with footage between them, and what is left of either after."""
    paired = min(len(generated), len(footage))
    mixed = [
        shot for pair in zip(generated[:paired], footage[:paired], strict=True) for shot in pair
    ]
    return [*mixed, *generated[paired:], *footage[paired:]]


def cut(name: str, shots: Sequence[Shot], music: Asset) -> Project:
    """The project: shots in a row, dissolves on every cut, the loop under all of it.

    Raises: EditError, for a shot shorter than a frame.
    """
    project = empty_project(name, RATE, SIZE)
    start = 0
    placed: list[_Placed] = []
    for number, shot in enumerate(shots):
        each = _place(shot, start, is_first=number == 0, is_last=number == len(shots) - 1)
        placed.append(each)
        start += each.duration
        project = _lay_generated(project, each) if shot.take else _lay_footage(project, each)
    project = _dissolved(project)
    return _scored(project, music, start, over_sound=any(shot.is_heard for shot in shots))


def _place(shot: Shot, start: int, *, is_first: bool, is_last: bool) -> _Placed:
    """What of a shot is shown: all but the spare frames its dissolves run over."""
    whole = shot.asset.duration.ticks(RATE, Rounding.FLOOR)
    frames = min(whole, FOOTAGE_FRAMES) if shot.take is None else whole
    if not shot.asset.duration:  # a still lasts as long as it is shown
        return _Placed(shot, start, FOOTAGE_FRAMES, shot.asset.start)
    head = 0 if is_first or frames < _LEAST_FRAMES else _SPARE_FRAMES
    tail = 0 if is_last or frames < _LEAST_FRAMES else _SPARE_FRAMES
    begins = shot.asset.start + Time(head, RATE)
    return _Placed(shot, start, max(1, frames - head - tail), begins)


def _lay_generated(project: Project, placed: _Placed) -> Project:
    """The shot, and the sound that was made for it linked to it."""
    project = _lay_take(project, placed, placed.shot, TrackKind.VIDEO)
    sound = placed.shot.sound
    if sound is None:
        return project
    project = _lay_take(project, placed, sound, TrackKind.AUDIO)
    tracks = (_track(project, kind, 0) for kind in (TrackKind.VIDEO, TrackKind.AUDIO))
    return link(project, [_last_clip(project, track).id for track in tracks])


def _lay_take(project: Project, placed: _Placed, shot: Shot, kind: TrackKind) -> Project:
    """As a job's clip is born: a placeholder that waits for the job, then its take."""
    take = shot.take
    assert take is not None
    job_id = f"demo-{placed.start}-{kind}"
    edge = min(SOUND_EDGE_FRAMES, placed.duration // 2) if kind is TrackKind.AUDIO else 0
    clip = Clip(
        id=NEW,
        name=shot.asset.name,
        duration=placed.duration,
        media=GeneratedMedia(recipe=take.recipe, jobs=(Pending(job_id=job_id),)),
        source_start=placed.source_start,
        fade_in_frames=edge,
        fade_out_frames=edge,
    )
    piece = Piece(_track(project, kind, 0), clip)
    project = overwrite(project, project.sequences[0].id, placed.start, [piece])
    return finish_job(project, job_id, shot.asset, take)


def _lay_footage(project: Project, placed: _Placed) -> Project:
    project, asset_id = with_asset(project, placed.shot.asset)
    shown = TimeRange(placed.source_start, Time(placed.duration, RATE))
    picture, sound = clips_of_asset(project, asset_id, RATE, shown, FOOTAGE_FRAMES)
    pieces: list[Piece] = []
    if picture is not None:
        pieces.append(Piece(_track(project, TrackKind.VIDEO, 0), picture))
    if sound is not None:
        edge = min(SOUND_EDGE_FRAMES, sound.duration // 2)
        sound = replace(sound, fade_in_frames=edge, fade_out_frames=edge)
        pieces.append(Piece(_track(project, TrackKind.AUDIO, 0), sound))
    return overwrite(project, project.sequences[0].id, placed.start, pieces)


def _dissolved(project: Project) -> Project:
    """Dissolves on the cuts between pictures, and a fade to black at the end."""
    track = sequence_of(project, project.sequences[0].id).tracks[0]
    clips = [item for item in track.items if isinstance(item, Clip)]
    for clip in clips[1:]:
        project = add_transition(
            project, clip.id, Edge.HEAD, TransitionKind.DISSOLVE, DISSOLVE_FRAMES
        )
    fade = min(FADE_FRAMES, clips[-1].duration)
    return add_transition(project, clips[-1].id, Edge.TAIL, TransitionKind.DISSOLVE, fade)


def _scored(project: Project, music: Asset, frames: int, *, over_sound: bool) -> Project:
    """The loop as often as it takes, faded in and out, lower where footage has its own sound."""
    project, asset_id = with_asset(project, music)
    track_id = _track(project, TrackKind.AUDIO, 1)
    start = 0
    while start < frames:
        _, sound = clips_of_asset(project, asset_id, RATE)
        assert sound is not None
        duration = min(sound.duration, frames - start)
        is_last = start + duration == frames
        clip = replace(
            sound,
            name="First light",
            duration=duration,
            gain_db=MUSIC_UNDER_SOUND_DB if over_sound else 0.0,
            fade_in_frames=min(SOUND_EDGE_FRAMES, duration) if start == 0 else 0,
            fade_out_frames=min(MUSIC_FADE_FRAMES, duration) if is_last else 0,
        )
        piece = Piece(track_id, clip)
        project = overwrite(project, project.sequences[0].id, start, [piece])
        start += duration
    return project


def _last_clip(project: Project, track_id: str) -> Clip:
    """The clip at the end of a track."""
    (track,) = (track for track in project.sequences[0].tracks if track.id == track_id)
    return [item for item in track.items if isinstance(item, Clip)][-1]


def _track(project: Project, kind: TrackKind, number: int) -> str:
    tracks = [track for track in project.sequences[0].tracks if track.kind is kind]
    return tracks[number].id
