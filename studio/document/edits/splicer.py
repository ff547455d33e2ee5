"""Splicer: one edit under way on one sequence. It cuts tracks, joins them, and hands out ids.

The project given never changes; `finish` returns the next one. Verbs say what, the splicer keeps
the rules: tracks stay settled, locked tracks are refused, halves of linked clips stay linked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from studio.document.edits.pieces import item_left_of, item_right_of, renamed
from studio.document.edits.rebuild import check_unlocked, with_item, with_sequence
from studio.document.edits.settle import settle
from studio.document.errors import EditError
from studio.document.model.clip import Clip, Gap, Item, Transition
from studio.document.model.marker import Marker
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Track
from studio.document.queries.places import clip_at, sequence_of
from studio.document.time import FrameRange


class Splicer:
    """Working state of one edit. Make one, cut and join, then `finish` it; use it once."""

    def __init__(self, project: Project, sequence_id: Id) -> None:
        self._project = project
        self._next_id = project.next_id
        self._halves: list[tuple[Id, Id, Id]] = []
        self.sequence = sequence_of(project, sequence_id)
        self.rate = self.sequence.rate
        self._tracks = {track.id: track for track in self.sequence.tracks}
        self._markers = self.sequence.markers

    def new_id(self, prefix: str) -> Id:
        """An id that nothing in the project has had."""
        number = self._next_id
        self._next_id += 1
        return f"{prefix}{number}"

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks as they now are, bottom to top."""
        return tuple(self._tracks.values())

    def track(self, track_id: Id) -> Track:
        """A track as it now is.

        Raises: EditError when the sequence has no such track.
        """
        track = self._tracks.get(track_id)
        if track is None:
            raise EditError("That track is no longer in the sequence.")
        return track

    def open(self, track_id: Id) -> Track:
        """A track to be changed.

        Raises: EditError when there is none, or it is locked.
        """
        track = self.track(track_id)
        check_unlocked(track)
        return track

    def set_items(self, track: Track, items: list[Item], low: int, high: int) -> None:
        """Give a track new items, of which `items[low:high]` changed."""
        settled = settle(items, low, high)
        row = tuple(settled.items)
        self._tracks[track.id] = track.with_items(row, settled.low, settled.high)

    def add_track(self, track: Track, place: int) -> None:
        """Put a new track among the others."""
        tracks = list(self._tracks.values())
        tracks.insert(place, track)
        self._tracks = {each.id: each for each in tracks}

    def fill(self, track_id: Id, span: FrameRange, items: Sequence[Item]) -> None:
        """Replace a stretch of a track by items, cutting what crosses its ends.

        The items need not be as long as the stretch: what lies later moves by the difference.
        Transitions inside the stretch and at its ends go.
        """
        track = self.open(track_id)
        total = track.duration
        if span.start > total:
            self._extend(track, [self.gap(span.start - total), *items] if items else [])
            return
        low, head = self._cut_before(track, span.start)
        high, tail = self._cut_after(track, span.end, low if head else None)
        middle = [*head, *items, *tail]
        row = [*track.items[:low], *middle, *track.items[high:]]
        self.set_items(track, row, low, low + len(middle))

    def _extend(self, track: Track, items: list[Item]) -> None:
        row = [*track.items, *items]
        self.set_items(track, row, len(track.items), len(row))

    def _cut_before(self, track: Track, frame: int) -> tuple[int, list[Item]]:
        """The place where a stretch begins, and the part of its first item that stays before."""
        place = track.place_at(frame)
        start = track.index.starts[place]
        if start < frame:
            return place, [item_left_of(track.items[place], frame - start)]
        while place > 0 and isinstance(track.items[place - 1], Transition):
            place -= 1
        return place, []

    def _cut_after(self, track: Track, frame: int, halved: int | None) -> tuple[int, list[Item]]:
        """The place after a stretch, and the part of its last item that stays behind.

        `halved` is the place of the item whose first part stays before the stretch: when that is
        the same item, what stays behind is a second half and takes a new id.
        """
        if frame >= track.duration:
            return len(track.items), []
        place = track.place_at(frame)
        start = track.index.starts[place]
        if start == frame:
            return place, []
        item = track.items[place]
        rest = item_right_of(item, frame - start, self.rate)
        return place + 1, [self._as_half(track, item, rest) if place == halved else rest]

    def _as_half(self, track: Track, whole: Item, half: Item) -> Item:
        named = renamed(half, self.new_id("c" if isinstance(half, Clip) else "g"))
        if isinstance(whole, Clip) and whole.link:
            self._halves.append((track.id, named.id, whole.link))
        return named

    def cut(self, track_id: Id, frame: int) -> bool:
        """Cut the clip that covers a frame in two there; False where there is none to cut."""
        track = self.open(track_id)
        clip = clip_at(track, frame)
        place = track.place_at(frame)
        if clip is None or track.index.starts[place] == frame:
            return False
        at = frame - track.index.starts[place]
        right = self._as_half(track, clip, item_right_of(clip, at, self.rate))
        row = [*track.items[:place], item_left_of(clip, at), right, *track.items[place + 1 :]]
        self.set_items(track, row, place, place + 2)
        return True

    def gap(self, duration: int) -> Gap:
        """A new gap."""
        return Gap(id=self.new_id("g"), duration=duration)

    def lift(self, track_id: Id, span: FrameRange) -> None:
        """Leave a gap where a stretch of a track was."""
        self.fill(track_id, span, [self.gap(span.duration)])

    def lay(self, track_id: Id, start: int, clip: Clip) -> None:
        """Lay a clip over whatever a track holds from a frame on."""
        self.fill(track_id, FrameRange(start, start + clip.duration), [clip])

    def open_time(self, frame: int, length: int, cutting: Collection[Id]) -> None:
        """Make room: what begins at or after a frame moves later on every track in step.

        Tracks of `cutting` are cut there, and tracks whose clip at that frame is linked to one
        so cut. On other synced tracks a clip that crosses the frame stays whole.
        """
        cut = self._with_linked_tracks(frame, cutting)
        for track in self.tracks:
            if track.id in cut:
                if frame < track.duration:
                    self.fill(track.id, FrameRange(frame, frame), [self.gap(length)])
            elif track.synced and not track.locked:
                self._push_later(track, frame, length)
        self._move_markers(frame, frame, length)

    def _with_linked_tracks(self, frame: int, cutting: Collection[Id]) -> set[Id]:
        crossing = {track.id: self._crossing(track, frame) for track in self.tracks}
        links = {clip.link for at, clip in crossing.items() if at in cutting and clip}
        cut = set(cutting)
        for track in self.tracks:
            clip = crossing[track.id]
            if clip and clip.link and clip.link in links and not track.locked:
                cut.add(track.id)
        return cut

    def _crossing(self, track: Track, frame: int) -> Clip | None:
        """The clip that begins before a frame and ends after it."""
        clip = clip_at(track, frame)
        begins = track.index.starts[track.place_at(frame)] if clip else frame
        return clip if begins < frame else None

    def _push_later(self, track: Track, frame: int, length: int) -> None:
        place = self._first_from(track, frame)
        if place is None:
            return
        rest = place
        if place > 0 and isinstance(track.items[place - 1], Transition):
            place -= 1
            joins = place > 0 and isinstance(track.items[place - 1], Clip)
            rest = place + 1 if joins else place
        row = [*track.items[:place], self.gap(length), *track.items[rest:]]
        self.set_items(track, row, place, place + 1)

    def _first_from(self, track: Track, frame: int) -> int | None:
        """The place of the first clip that begins at or after a frame."""
        starts = track.index.starts
        for place in range(max(0, track.place_at(frame)), len(track.items)):
            if starts[place] >= frame and isinstance(track.items[place], Clip):
                return place
        return None

    def close_time(self, span: FrameRange, cutting: Collection[Id]) -> None:
        """Take time out: what begins at or after the stretch moves earlier on every track in step.

        The stretch is cut out of the tracks of `cutting`. On other synced tracks nothing is cut:
        what comes later moves up, into empty room only.
        Raises: EditError when another track's clips would collide.
        """
        for track in self.tracks:
            if track.id in cutting:
                self.fill(track.id, span, [])
            elif track.synced and not track.locked:
                self._pull_earlier(track, span)
        self._move_markers(span.start, span.end, -span.duration)

    def _pull_earlier(self, track: Track, span: FrameRange) -> None:
        place = self._first_from(track, span.end)
        if place is None:
            return
        at = place - 1
        if isinstance(track.items[at], Transition):
            at -= 1
        gap = track.items[at] if at >= 0 else None
        if not isinstance(gap, Gap) or gap.duration < span.duration:
            name = track.name or "another track"
            raise EditError(
                f"Clips on {name} would run into each other. Lock that track, "
                "or turn off its sync, to ripple without it."
            )
        row = list(track.items)
        row[at] = replace(gap, duration=gap.duration - span.duration)
        self.set_items(track, row, at, at + 1)

    def ripple(self, frame: int, delta: int, own: Collection[Id]) -> None:
        """Keep other tracks in step with tracks `own` that have already moved by themselves."""
        others = [t for t in self.tracks if t.id not in own and t.synced and not t.locked]
        for track in others:
            if delta > 0:
                self._push_later(track, frame, delta)
            else:
                self._pull_earlier(track, FrameRange(frame + delta, frame))
        self._move_markers(min(frame, frame + delta), frame, delta)

    def _move_markers(self, start: int, end: int, delta: int) -> None:
        """Move markers from `end` on; one inside a stretch taken out stays at its start."""

        def moved(marker: Marker) -> Marker:
            if marker.at >= end:
                return replace(marker, at=marker.at + delta)
            if delta < 0 and marker.at > start:
                return replace(marker, at=start)
            return marker

        if any(marker.at > start or marker.at >= end for marker in self._markers):
            self._markers = tuple(moved(marker) for marker in self._markers)

    def finish(self) -> Project:
        """The next project."""
        self._relink_halves()
        sequence = replace(self.sequence, tracks=self.tracks, markers=self._markers)
        return replace(with_sequence(self._project, sequence), next_id=self._next_id)

    def _relink_halves(self) -> None:
        """Link the later halves of clips that were linked and cut together to each other."""
        by_link: defaultdict[Id, list[tuple[Id, Id]]] = defaultdict(list)
        for track_id, half_id, link in self._halves:
            place = self._tracks[track_id].index.place_of(half_id)
            if place is not None:
                by_link[link].append((track_id, half_id))
        for halves in by_link.values():
            if len(halves) > 1:
                link = self.new_id("l")
                for track_id, half_id in halves:
                    self._link(track_id, half_id, link)

    def _link(self, track_id: Id, clip_id: Id, link: Id) -> None:
        track = self._tracks[track_id]
        place = track.index.by_id[clip_id]
        item = track.items[place]
        if isinstance(item, Clip):
            self._tracks[track_id] = with_item(track, place, replace(item, link=link))
