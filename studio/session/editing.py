"""Editing: the document's verbs applied to what is selected and where the playhead stands.

Each method is one command of the Edit, Clip and Sequence menus and makes at most one named step.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

from studio.document.edits import clips, cut, insert, link, move, nest, speed, tracks
from studio.document.edits.move import Move, MoveMode
from studio.document.edits.source import Piece, copied
from studio.document.errors import EditError
from studio.document.model.clip import Clip, Gap, Item, SequenceMedia, Transition
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, TrackKind
from studio.document.queries.limits import Edge
from studio.document.queries.places import clip_at, find, locate_clip, with_linked
from studio.document.queries.points import next_edit_point, previous_edit_point
from studio.document.time import FrameRange
from studio.session import sequence_edits
from studio.session.clipboard import Clipboard, Copied
from studio.session.placing import target_tracks
from studio.session.session import Session
from studio.session.trim_to_playhead import trim_to_playhead


class Editing:
    """The verbs of the open sequence."""

    def __init__(self, session: Session, clipboard: Clipboard) -> None:
        self._session = session
        self.clipboard = clipboard

    @property
    def sequence(self) -> Sequence:
        return self._session.sequence

    @property
    def playhead(self) -> int:
        return self._session.transport.position

    def items(self) -> list[Item]:
        """The selected items that are still on the timeline."""
        places = (find(self._session.project, each) for each in self._session.selection.ids)
        return [place.item for place in places if place is not None]

    def clip_ids(self) -> list[str]:
        """The selected clips."""
        return [item.id for item in self.items() if isinstance(item, Clip)]

    def split(self) -> None:
        """Cut at the playhead: the selected clips it crosses, else every unlocked track."""
        chosen = {
            place.track.id
            for each in self.clip_ids()
            if (place := locate_clip(self._session.project, each)[0]).range.start
            < self.playhead
            < place.range.end
        }
        self._apply_here("Cut", cut.razor, frame=self.playhead, track_ids=chosen or None)

    def split_all(self) -> None:
        """Cut every unlocked track at the playhead."""
        self._apply_here("Cut all tracks", cut.razor, frame=self.playhead)

    def delete(self) -> None:
        """Take the selection away: clips leave gaps, gaps close, transitions go."""
        items = self.items()
        gaps = [item.id for item in items if isinstance(item, Gap)]
        if gaps:
            self._apply("Close gap", partial(cut.close_gap, gap_id=gaps[0]))
        elif items:
            ids = [item.id for item in items]
            self._apply(f"Delete {_noun(items)}", partial(cut.delete, item_ids=ids))

    def ripple_delete(self) -> None:
        """Take the selection away and close up."""
        items = self.items()
        if any(isinstance(item, Gap | Transition) for item in items):
            self.delete()
        elif items:
            ids = [item.id for item in items]
            self._apply("Ripple delete", partial(cut.ripple_delete, clip_ids=ids))

    def lift(self) -> None:
        """Take the marked range out and leave a gap."""
        self._apply_here("Lift", cut.lift, span=self._marked())

    def extract(self) -> None:
        """Take the marked range out and close up."""
        self._apply_here("Extract", cut.extract, span=self._marked())

    def trim_start_to_playhead(self) -> None:
        """Ripple the head of the selected or targeted clip under the playhead away (Q)."""
        trim_to_playhead(self._session, Edge.HEAD)

    def trim_end_to_playhead(self) -> None:
        """Ripple the tail of the selected or targeted clip under the playhead away (W)."""
        trim_to_playhead(self._session, Edge.TAIL)

    def copy(self) -> None:
        """Keep the selected clips in the clipboard."""
        ids = with_linked(self._session.project, self.clip_ids())
        kinds = {track.id: track.kind for track in self.sequence.tracks}
        numbers = _numbers(self.sequence)
        pieces = copied(self._session.project, ids)
        content = tuple(
            Copied(piece, kinds[piece.track_id], numbers[piece.track_id]) for piece in pieces
        )
        self.clipboard.put(content)

    def cut_out(self) -> None:
        """Keep the selected clips in the clipboard and take them away."""
        self.copy()
        self.delete()

    def paste(self, *, ripple: bool = False) -> None:
        """Lay the clipboard down at the playhead, over what is there or pushing it on."""
        content = self.clipboard.content
        length = insert.length_of([each.piece for each in content])
        name = "Paste insert" if ripple else "Paste"
        start = self.playhead

        def edit(project: Project) -> Project:
            project, pieces = _aimed(project, self._session.sequence_id, content)
            verb = insert.insert if ripple else insert.overwrite
            return verb(project, self._session.sequence_id, start, pieces)

        if self._apply(name, edit):
            self._session.transport.seek(start + length)

    def duplicate(self) -> None:
        """Copy the selected clips to just after themselves."""
        ids = list(with_linked(self._session.project, self.clip_ids()))
        places = {each: locate_clip(self._session.project, each)[0] for each in ids}
        span = max(p.range.end for p in places.values()) - min(
            p.range.start for p in places.values()
        )
        moves = [Move(each, p.track.id, p.range.start + span) for each, p in places.items()]
        self._apply("Duplicate", partial(move.duplicate, moves=moves))

    def nudge(self, frames: int) -> None:
        """Move the selected clips by frames."""
        ids = self.clip_ids()
        if not ids:
            return

        def edit(project: Project) -> Project:
            moves = move.moves_by(project, ids, frames)
            return move.move(project, moves, MoveMode.OVERWRITE)

        self._apply("Nudge", edit)

    def link(self) -> None:
        """Link the selected clips."""
        self._apply("Link", partial(link.link, clip_ids=self.clip_ids()))

    def unlink(self) -> None:
        """Undo the links of the selected clips."""
        self._apply("Unlink", partial(link.unlink, clip_ids=self.clip_ids()))

    def group(self) -> None:
        """Group the selected clips."""
        self._apply("Group", partial(link.group, clip_ids=self.clip_ids()))

    def ungroup(self) -> None:
        """Undo the groups of the selected clips."""
        self._apply("Ungroup", partial(link.ungroup, clip_ids=self.clip_ids()))

    def nest(self) -> None:
        """Make the selected clips a sequence of their own."""
        name = f"Nest {len(self._session.project.sequences)}"
        before = _transitions(self._session.project)
        self._apply("Nest", partial(nest.nest, clip_ids=self.clip_ids(), name=name))
        gone = before - _transitions(self._session.project)
        if gone > 0:
            were = "A transition was" if gone == 1 else f"{gone} transitions were"
            self._session.notices.info(
                f"{were} taken off the ends of {name}: a nested sequence has no frames beyond "
                "them. Undo brings all back.",
                topic="nest",
            )

    def unnest(self) -> None:
        """Put the clips of the selected nested sequence back in its place."""
        nested = self._nested()
        if nested is not None:
            self._apply("Put nested clips back", partial(nest.unnest, clip_id=nested.id))

    def open_nested(self) -> None:
        """Look into the selected nested sequence."""
        nested = self._nested()
        if nested is not None:
            self._session.open_nested(nested.id)

    def _nested(self) -> Clip | None:
        clips = (item for item in self.items() if isinstance(item, Clip))
        return next((clip for clip in clips if isinstance(clip.media, SequenceMedia)), None)

    def pair(self) -> tuple[str, str] | None:
        """The two clips that are selected, linked ones counted once; None for fewer or more."""
        left, heads = set(self.clip_ids()), list[str]()
        order = {TrackKind.VIDEO: 0, TrackKind.AUDIO: 1, TrackKind.CAPTION: 2}
        kinds = {each: locate_clip(self._session.project, each)[0].track.kind for each in left}
        for each in sorted(left, key=lambda clip_id: (order[kinds[clip_id]], clip_id)):
            if each in left:
                heads.append(each)
                left -= with_linked(self._session.project, [each])
        return (heads[0], heads[1]) if len(heads) == 2 else None

    def swap(self) -> None:
        """Let two selected clips change places."""
        pair = self.pair()
        if pair is not None:
            self._apply("Swap clips", partial(move.swap, first_id=pair[0], second_id=pair[1]))

    def freeze_clip(self) -> None:
        """Show the frame under the playhead for all of the selected clip."""
        for clip_id in self.clip_ids():
            place, clip = locate_clip(self._session.project, clip_id)
            inside = self.playhead - place.range.start
            if place.track.kind is TrackKind.VIDEO and 0 <= inside < clip.duration:
                self._apply("Freeze clip", partial(speed.freeze, clip_id=clip_id, frame=inside))
                return
        self._session.notices.warning("Put the playhead on the selected picture.", topic="edit")

    def insert_sequence(self, sequence_id: str) -> None:
        """Nest another sequence at the playhead."""
        sequence_edits.insert_sequence(self._session, sequence_id)

    def duplicate_sequence(self) -> None:
        """Copy the open sequence as a new version."""
        sequence_edits.duplicate(self._session)

    def remove_sequence(self) -> None:
        """Remove the open sequence."""
        sequence_edits.remove(self._session)

    def go_to_marker(self, direction: int) -> None:
        """Move the playhead to the next (1) or previous (-1) marker."""
        sequence_edits.go_to_marker(self._session, direction)

    def toggle_enabled(self) -> None:
        """Take the selected clips out of the result, or put them back."""
        items = [item for item in self.items() if isinstance(item, Clip)]
        enable = not all(item.enabled for item in items)
        ids = [item.id for item in items]
        name = "Enable" if enable else "Disable"
        self._apply(name, partial(clips.enable, clip_ids=ids, enabled=enable))

    def reverse(self) -> None:
        """Play the selected clip backwards."""
        for clip_id in self.clip_ids()[:1]:
            self._apply("Reverse", partial(speed.reverse, clip_id=clip_id))

    def freeze(self) -> None:
        """Hold the picture under the playhead for two seconds."""
        rate = self.sequence.rate
        for clip_id in self.clip_ids():
            place, clip = locate_clip(self._session.project, clip_id)
            inside = self.playhead - place.range.start
            if place.track.kind is TrackKind.VIDEO and 0 <= inside < clip.duration:
                held = partial(
                    speed.hold_frame, clip_id=clip_id, frame=inside, duration=rate.nominal * 2
                )
                self._apply("Hold frame", held)
                return

    def close_gaps(self) -> None:
        """Close every gap on the first targeted track."""
        landing = target_tracks(self.sequence)
        if landing.video is not None:
            self._apply_here("Close all gaps", cut.close_all_gaps, track_id=landing.video)

    def add_track(self, kind: TrackKind) -> None:
        """Add an empty track."""
        self._apply_here(f"Add {kind.value} track", tracks.add_track, kind=kind)

    def select_all(self) -> None:
        """Select every clip of the sequence."""
        self._session.selection.set(
            item.id
            for track in self.sequence.tracks
            for item in track.items
            if isinstance(item, Clip)
        )

    def select_forward(self) -> None:
        """Select every clip that begins at or after the playhead."""
        self._session.selection.set(
            item.id
            for track in self.sequence.tracks
            for start, item in zip(track.index.starts, track.items, strict=False)
            if isinstance(item, Clip) and start >= self.playhead
        )

    def select_at_playhead(self) -> None:
        """Select the clips under the playhead."""
        found = (clip_at(track, self.playhead) for track in self.sequence.tracks)
        ids = [clip.id for clip in found if clip is not None]
        self._session.selection.set(with_linked(self._session.project, ids))

    def go_to_edit(self, direction: int) -> None:
        """Move the playhead to the next (1) or previous (-1) cut."""
        here = self.playhead
        point = (
            next_edit_point(self.sequence, here)
            if direction > 0
            else previous_edit_point(self.sequence, here)
        )
        if point is not None:
            self._session.transport.pause()
            self._session.transport.seek(point)

    def _marked(self) -> FrameRange:
        transport = self._session.transport
        if transport.in_frame is None and transport.out_frame is None:
            return FrameRange(0, 0)
        return FrameRange(*transport.range_frames)

    def _apply(self, name: str, edit: Callable[[Project], Project]) -> bool:
        return self._session.apply(name, edit)

    def _apply_here(self, name: str, verb: Callable[..., Project], **values: object) -> bool:
        return self._apply(name, partial(verb, sequence_id=self._session.sequence_id, **values))


def _noun(items: Collection[Item]) -> str:
    if all(isinstance(item, Transition) for item in items):
        return "transition"
    return "clip" if len(items) == 1 else "clips"


def _numbers(sequence: Sequence) -> dict[str, int]:
    counts: dict[TrackKind, int] = {}
    numbers: dict[str, int] = {}
    for track in sequence.tracks:
        numbers[track.id] = counts.get(track.kind, 0)
        counts[track.kind] = numbers[track.id] + 1
    return numbers


def _aimed(
    project: Project, sequence_id: str, content: tuple[Copied, ...]
) -> tuple[Project, list[Piece]]:
    """The clipboard's pieces on the tracks of the same kind and number, added where needed."""
    if not content:
        raise EditError("There is nothing to paste. Copy some clips first.")
    pieces: list[Piece] = []
    for each in content:
        of_kind = _tracks_of(project, sequence_id, each.kind)
        while len(of_kind) <= each.number:
            project = tracks.add_track(project, sequence_id, each.kind)
            of_kind = _tracks_of(project, sequence_id, each.kind)
        pieces.append(replace(each.piece, track_id=of_kind[each.number]))
    return project, pieces


def _tracks_of(project: Project, sequence_id: str, kind: TrackKind) -> list[str]:
    sequence = project.sequence(sequence_id)
    return [track.id for track in sequence.tracks if track.kind is kind]


def _transitions(project: Project) -> int:
    return sum(
        isinstance(item, Transition)
        for sequence in project.sequences
        for track in sequence.tracks
        for item in track.items
    )
