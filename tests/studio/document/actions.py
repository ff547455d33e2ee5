"""Edits by number, for property tests and for editing sessions that are killed.

An action is a verb and three whole numbers, which pick clips, tracks and frames of whatever the
project then holds; so any list of actions is an editing session, and a failing one can be shrunk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from studio.document.edits import (
    captions,
    clips,
    cut,
    effects,
    insert,
    link,
    marked,
    markers,
    move,
    nest,
    parameters,
    sequences,
    speed,
    takes,
    tracks,
    transitions,
    trim,
)
from studio.document.edits.source import Piece, copied
from studio.document.errors import EditError
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import (
    CaptionMedia,
    Clip,
    Gap,
    SpeedPoint,
    Transition,
    TransitionKind,
)
from studio.document.model.curve import Bezier, Hold, Linear
from studio.document.model.generated import GeneratedMedia, Recipe, Take
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.limits import Edge
from studio.document.queries.places import clips_of, sequence_duration
from studio.document.subtitles import Cue
from studio.document.time import FrameRange, Rate, Time, TimeRange
from tests.studio.document.films import RATE, clip


@dataclass(frozen=True)
class Action:
    verb: str
    a: int
    b: int
    c: int


class Picks:
    """What an action's numbers mean on a project."""

    def __init__(self, project: Project, action: Action) -> None:
        self.project = project
        self.a, self.b, self.c = action.a, action.b, action.c

    @property
    def sequence(self) -> Sequence:
        return self.project.sequences[0]

    def clip(self, number: int) -> Clip:
        found = [each for _, _, each in clips_of(self.sequence)]
        if not found:
            raise EditError("No clips.")
        return found[number % len(found)]

    def item(self, number: int, kind: type) -> str:
        found = [i.id for t in self.sequence.tracks for i in t.items if isinstance(i, kind)]
        if not found:
            raise EditError("None of those.")
        return found[number % len(found)]

    def track(self, number: int, kind: TrackKind | None = None) -> Track:
        found = [t for t in self.sequence.tracks if kind in (None, t.kind)]
        if not found:
            raise EditError("No tracks.")
        return found[number % len(found)]

    def frame(self, number: int) -> int:
        return number % (sequence_duration(self.sequence) + 20)

    def span(self) -> FrameRange:
        start = self.frame(self.b)
        return FrameRange(start, start + 1 + self.c % 40)

    def pieces(self) -> list[Piece]:
        length = 1 + self.c % 30
        new = clip(chr(65 + self.a % 26), length, source=self.a % 500)
        if self.a % 3 == 0:
            return [Piece(self.track(self.a, TrackKind.VIDEO).id, new)]
        tied = replace(new, link="pair")
        return [
            Piece(self.track(self.a, TrackKind.VIDEO).id, tied),
            Piece(self.track(self.a, TrackKind.AUDIO).id, tied),
        ]

    def edge(self) -> Edge:
        return Edge.HEAD if self.b % 2 else Edge.TAIL

    def delta(self) -> int:
        return self.c % 21 - 10


def _generated(p: Picks) -> str:
    return next(
        (c.id for _, _, c in clips_of(p.sequence) if isinstance(c.media, GeneratedMedia)),
        "",
    )


def _born(p: Picks) -> Project:
    recipe = Recipe.from_json(f'{{"ability": "text_to_video", "prompt": "p{p.c}", "seed": {p.a}}}')
    media = GeneratedMedia(recipe=recipe)
    new = Clip(id="", name="generated", duration=1 + p.c % 30, media=media)
    piece = Piece(p.track(p.a, TrackKind.VIDEO).id, new)
    return insert.overwrite(p.project, p.sequence.id, p.frame(p.b), [piece])


def _take(p: Picks) -> Project:
    asset = Asset(id="", name="take", kind=AssetKind.VIDEO, path=f"{p.c}.mp4", sha256=f"{p.c:064}")
    recipe = Recipe.from_json('{"ability": "text_to_video"}')
    take = Take(id="", asset_id="", recipe=recipe)
    return takes.add_take(p.project, _generated(p), asset, take, choose=p.b % 2 == 0)


def _transition(p: Picks) -> Project:
    chosen = p.clip(p.a)
    row = next(t for t, _, c in clips_of(p.sequence) if c.id == chosen.id)
    kinds = [k for k in TransitionKind if k is not TransitionKind.CROSSFADE]
    kind = TransitionKind.CROSSFADE if row.kind is TrackKind.AUDIO else kinds[p.c % len(kinds)]
    return transitions.add_transition(p.project, chosen.id, p.edge(), kind, 2 + p.c % 12)


def _roll(p: Picks) -> Project:
    row = p.track(p.a)
    pairs = [c for c in row.items if isinstance(c, Clip)]
    if len(pairs) < 2:
        raise EditError("No cut.")
    at = p.b % (len(pairs) - 1)
    return trim.roll(p.project, pairs[at].id, pairs[at + 1].id, p.delta())


def _move(mode: move.MoveMode) -> Callable[[Picks], Project]:
    def moved(p: Picks) -> Project:
        chosen = [p.clip(p.a).id, p.clip(p.c).id]
        steps = p.c % 3 - 1 if p.b % 2 else 0
        moves = move.moves_by(p.project, chosen, p.b % 61 - 30, steps)
        return move.move(p.project, moves, mode)

    return moved


def _duplicate(p: Picks) -> Project:
    moves = move.moves_by(p.project, [p.clip(p.a).id], p.b % 61 - 30)
    return move.duplicate(p.project, moves)


def _ramp(p: Picks) -> Project:
    points = [
        SpeedPoint(p.a % 10 - 2, Fraction(p.b % 7 - 2, 2)),
        SpeedPoint(10 + p.c % 9, Fraction(1 + p.b % 3)),
    ]
    return speed.set_ramp(p.project, p.clip(p.a).id, points)


def _keyframe(p: Picks) -> Project:
    knob = parameters.Knob(p.clip(p.a).id, "opacity")
    leave = (Linear(), Hold(), Bezier(), None)[p.c % 4]
    return parameters.set_keyframe(p.project, knob, p.b % 40, (p.c % 11) / 10, leave)


def _effect(p: Picks) -> Project:
    chosen = p.clip(p.a)
    row = next(t for t, _, c in clips_of(p.sequence) if c.id == chosen.id)
    kind = "gain" if row.kind is TrackKind.AUDIO else ("blur", "crop", "transform")[p.b % 3]
    return effects.add_effect(p.project, chosen.id, kind)


def _blur(p: Picks) -> Project:
    for _, _, each in clips_of(p.sequence):
        for effect in each.effects:
            if effect.kind == "blur":
                knob = parameters.Knob(each.id, "radius", effect.id)
                return parameters.set_keyframe(p.project, knob, p.b % 30, (p.c % 50) / 100)
    raise EditError("No blur.")


def _caption(p: Picks) -> Project:
    row = p.track(p.a, TrackKind.CAPTION)
    return captions.add_caption(p.project, row.id, p.span(), f"words {p.c}")


def _three_point(p: Picks) -> Project:
    start = p.frame(p.b)
    source = marked.SourceMarks(in_=Time(p.a % 300, RATE))
    target = marked.TargetMarks(in_=start, out=start + 1 + p.c % 20)
    placing = marked.Placing.INSERT if p.a % 2 else marked.Placing.OVERWRITE
    return marked.three_point(p.project, p.sequence.id, p.pieces(), source, target, placing)


def _source(p: Picks) -> TimeRange:
    return TimeRange(Time(p.a % 300, RATE), Time(1 + p.b % 50, RATE))


def _written(p: Picks) -> Clip:
    """One of the captions."""
    found = [c for _, _, c in clips_of(p.sequence) if isinstance(c.media, CaptionMedia)]
    if not found:
        raise EditError("No captions.")
    return found[p.a % len(found)]


def _subtitles(p: Picks) -> Project:
    clock, start = Rate(1000), p.b % 9000
    cues = [
        Cue(Time(start + 700 * n, clock), Time(start + 700 * n + 1 + p.c % 1500, clock), f"c{n}")
        for n in range(1 + p.c % 4)
    ]
    return captions.add_captions(p.project, p.track(p.a, TrackKind.CAPTION).id, cues, p.a % 30)


def _reorder(p: Picks) -> Project:
    if p.c % 5 == 0 and len(p.sequence.tracks) > 3:
        return tracks.remove_track(p.project, p.track(p.a).id)
    return tracks.move_track(p.project, p.track(p.a).id, p.b % len(p.sequence.tracks))


def _lock(p: Picks) -> Project:
    row = p.track(p.a)
    return tracks.lock_track(p.project, row.id, locked=not row.locked)


def _paste(p: Picks) -> Project:
    pieces = copied(p.project, {p.clip(p.a).id, p.clip(p.c).id})
    return insert.paste(p.project, p.sequence.id, p.frame(p.b), pieces, ripple=p.c % 2 == 0)


VERBS: dict[str, Callable[[Picks], Project]] = {
    "overwrite": lambda p: insert.overwrite(p.project, p.sequence.id, p.frame(p.b), p.pieces()),
    "insert": lambda p: insert.insert(p.project, p.sequence.id, p.frame(p.b), p.pieces()),
    "append": lambda p: insert.append(p.project, p.sequence.id, p.pieces()),
    "paste": _paste,
    "three_point": _three_point,
    "four_point": lambda p: marked.four_point(
        p.project, p.sequence.id, p.pieces(), _source(p), p.span()
    ),
    "replace_media": lambda p: insert.replace_media(
        p.project, p.clip(p.a).id, p.clip(p.b).media, Time(p.c % 100, RATE)
    ),
    "trim": lambda p: trim.trim(p.project, p.clip(p.a).id, p.edge(), p.delta()),
    "ripple_trim": lambda p: trim.ripple_trim(p.project, p.clip(p.a).id, p.edge(), p.delta()),
    "roll": _roll,
    "slip": lambda p: trim.slip(p.project, p.clip(p.a).id, Time(p.delta(), RATE)),
    "slide": lambda p: trim.slide(p.project, p.clip(p.a).id, p.delta()),
    "razor": lambda p: cut.razor(p.project, p.sequence.id, p.frame(p.b)),
    "razor_one": lambda p: cut.razor(p.project, p.sequence.id, p.frame(p.b), [p.track(p.a).id]),
    "lift": lambda p: cut.lift(p.project, p.sequence.id, p.span()),
    "extract": lambda p: cut.extract(p.project, p.sequence.id, p.span()),
    "extract_one": lambda p: cut.extract(p.project, p.sequence.id, p.span(), [p.track(p.a).id]),
    "delete": lambda p: cut.delete(p.project, [p.clip(p.a).id, p.clip(p.c).id]),
    "ripple_delete": lambda p: cut.ripple_delete(p.project, [p.clip(p.a).id, p.clip(p.c).id]),
    "close_gap": lambda p: cut.close_gap(p.project, p.item(p.a, Gap)),
    "close_all_gaps": lambda p: cut.close_all_gaps(p.project, p.track(p.a).id, p.sequence.id),
    "move": _move(move.MoveMode.OVERWRITE),
    "move_insert": _move(move.MoveMode.INSERT),
    "rearrange": _move(move.MoveMode.REARRANGE),
    "duplicate": _duplicate,
    "swap": lambda p: move.swap(p.project, p.clip(p.a).id, p.clip(p.c).id),
    "link": lambda p: link.link(p.project, {p.clip(p.a).id, p.clip(p.c).id}),
    "unlink": lambda p: link.unlink(p.project, [p.clip(p.a).id]),
    "group": lambda p: link.group(p.project, {p.clip(p.a).id, p.clip(p.c).id}),
    "nest": lambda p: nest.nest(p.project, {p.clip(p.a).id}, "Nested"),
    "unnest": lambda p: nest.unnest(p.project, p.clip(p.a).id),
    "set_speed": lambda p: speed.set_speed(
        p.project, p.clip(p.a).id, Fraction(1 + p.b % 5, 1 + p.c % 4), ripple=p.b % 2 == 0
    ),
    "reverse": lambda p: speed.reverse(p.project, p.clip(p.a).id),
    "freeze": lambda p: speed.freeze(p.project, p.clip(p.a).id, 0),
    "hold_frame": lambda p: speed.hold_frame(
        p.project, p.clip(p.a).id, p.b % p.clip(p.a).duration, 1 + p.c % 12
    ),
    "ramp": _ramp,
    "fade": lambda p: clips.set_fades(p.project, [p.clip(p.a).id], in_frames=p.c % 5),
    "transition": _transition,
    "untransition": lambda p: transitions.remove_transition(p.project, p.item(p.a, Transition)),
    "effect": _effect,
    "blur": _blur,
    "keyframe": _keyframe,
    "marker": lambda p: markers.add_marker(p.project, p.sequence.id, p.frame(p.b), name=f"m{p.c}"),
    "clip_marker": lambda p: markers.add_marker(p.project, p.clip(p.a).id, p.b % 20),
    "caption": _caption,
    "split_caption": lambda p: captions.split_caption(p.project, _written(p).id, p.b % 20, p.c % 8),
    "join_captions": lambda p: captions.join_captions(p.project, _written(p).id),
    "subtitles": _subtitles,
    "born": _born,
    "take": _take,
    "lock": _lock,
    "sync": lambda p: tracks.sync_track(p.project, p.track(p.a).id, synced=p.b % 2 == 0),
    "reorder": _reorder,
    "add_track": lambda p: tracks.add_track(p.project, p.sequence.id, list(TrackKind)[p.a % 3]),
    "duplicate_sequence": lambda p: sequences.duplicate_sequence(
        p.project, p.sequence.id, f"Version {p.c}"
    ),
}


def perform(project: Project, action: Action) -> Project:
    """Carry an action out.

    Raises: EditError when it cannot be, on this project.
    """
    return VERBS[action.verb](Picks(project, action))
