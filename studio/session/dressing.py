"""Dressing: transitions, effects, titles and markers put on the cut where the user points.

Like `editing`, every method makes at most one named step.
"""

from __future__ import annotations

from functools import partial

from studio.document.catalogue import EFFECTS, TRANSITIONS, Target
from studio.document.edits import effects, markers
from studio.document.edits.captions import add_caption
from studio.document.edits.tracks import add_track
from studio.document.edits.transitions import add_transition
from studio.document.errors import EditError
from studio.document.model.clip import Clip, TransitionKind
from studio.document.model.marker import MarkerColour
from studio.document.model.project import Project
from studio.document.model.sequence import Track, TrackKind
from studio.document.queries.limits import Edge
from studio.document.queries.places import (
    clip_at,
    clips_in,
    find_clip,
    locate_clip,
    with_linked,
)
from studio.document.time import FrameRange
from studio.session.session import Session

TRANSITION_S = 1
NEAR_CUT_S = 2
CAPTION_S = 2


class Dressing:
    """What is laid over the cut of the open sequence."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.copied = ""

    def add_transition(self, kind: TransitionKind) -> None:
        """Put a transition on the cut nearest to the playhead of the selected clips or tracks.

        Picture transitions go to video tracks and the crossfade to audio tracks; a dissolve also
        crossfades linked sound at the same cut.
        """
        cut = self._nearest_cut(kind)
        if cut is None:
            label = TRANSITIONS[kind].label
            self._session.notices.warning(
                f"There is no cut near the playhead for “{label}”. Put the playhead on one."
            )
            return
        clip_id, edge = cut
        self.put_transition(clip_id, edge, kind)

    def put_transition(self, clip_id: str, edge: Edge, kind: TransitionKind) -> bool:
        """Put a transition on one end of a clip, with a crossfade on linked sound."""
        frames = self._session.sequence.rate.nominal * TRANSITION_S
        return self._session.apply(
            f"Add {TRANSITIONS[kind].label.lower()}",
            lambda project: _with_sound(project, clip_id, edge, kind, frames),
        )

    def add_effect(self, kind: str, clip_ids: list[str] | None = None) -> bool:
        """Put an effect on clips, by default on those selected that it suits."""
        entry = EFFECTS[kind]
        chosen = clip_ids if clip_ids is not None else list(self._session.selection.ids)
        suited = [each for each in chosen if self._suits(each, entry.target)]
        if not suited:
            what = "sound" if entry.target is Target.SOUND else "picture"
            self._session.notices.warning(
                f"“{entry.label}” works on {what}s. Select a {what} clip on the timeline first."
            )
            return False

        def edit(project: Project) -> Project:
            for each in suited:
                project = effects.add_effect(project, each, kind)
            return project

        return self._session.apply(f"Add {entry.label.lower()}", edit)

    def add_effect_to(self, owner_id: str, kind: str) -> bool:
        """Put an effect on one clip, a sound track, or the whole sequence."""
        edit = partial(effects.add_effect, owner_id=owner_id, kind=kind)
        return self._session.apply(f"Add {EFFECTS[kind].label.lower()}", edit)

    def add_caption(self) -> None:
        """Put a caption at the playhead, as long as there is room for, and select it."""
        session, here = self._session, self._session.transport.position
        before = {item.id for track in session.sequence.tracks for item in track.items}
        longest = session.sequence.rate.nominal * CAPTION_S

        def edit(project: Project) -> Project:
            sequence = project.sequence(session.sequence_id)
            usable = [t for t in sequence.tracks if t.kind is TrackKind.CAPTION and not t.locked]
            if not usable:
                project = add_track(project, session.sequence_id, TrackKind.CAPTION)
                usable = [project.sequence(session.sequence_id).tracks[-1]]
            home = next((t for t in usable if clip_at(t, here) is None), None)
            if home is None:
                raise EditError("There is a caption here already. Select it to change its words.")
            later = (start for start, _ in clips_in(home, FrameRange(here, here + longest)))
            end = min(later, default=here + longest)
            return add_caption(project, home.id, FrameRange(here, end), "Caption")

        if session.apply("Add caption", edit):
            rows = [t for t in session.sequence.tracks if t.kind is TrackKind.CAPTION]
            session.selection.set(i.id for t in rows for i in t.items if i.id not in before)

    def copy_effects(self) -> None:
        """Keep the effects of the selected clip, to be put on others."""
        clips = [find_clip(self._session.project, each) for each in self._session.selection.ids]
        source = next((clip for clip in clips if clip is not None and clip.effects), None)
        if source is None:
            self._session.notices.warning("Select a clip with effects to copy them.", topic="edit")
            return
        self.copied = source.id
        count = len(source.effects)
        noun = "effect" if count == 1 else "effects"
        self._session.notices.info(
            f"{count} {noun} copied. Select clips to paste on.", topic="edit"
        )

    def paste_effects(self) -> None:
        """Put the effects that were copied on the selected clips, after their own."""
        source = find_clip(self._session.project, self.copied)
        if source is None:
            self._session.notices.warning("Copy the effects of a clip first.", topic="edit")
            return
        found = [find_clip(self._session.project, each) for each in self._session.selection.ids]
        chosen = [clip.id for clip in found if clip is not None and clip.id != source.id]
        kind = locate_clip(self._session.project, source.id)[0].track.kind
        suited = [each for each in chosen if self._track_kind(each) is kind]
        if not suited:
            what = "sounds" if kind is TrackKind.AUDIO else "pictures"
            self._session.notices.warning(
                f"Select other {what} for the effects to go on.", topic="edit"
            )
            return
        edit = partial(effects.paste_effects, source_id=source.id, clip_ids=suited)
        self._session.apply("Paste effects", edit)

    def _track_kind(self, clip_id: str) -> TrackKind:
        return locate_clip(self._session.project, clip_id)[0].track.kind

    def add_marker(self, name: str = "", colour: MarkerColour = MarkerColour.GREEN) -> bool:
        """Put a marker on the sequence at the playhead."""
        return self._session.apply(
            "Add marker",
            partial(
                markers.add_marker,
                owner_id=self._session.sequence_id,
                at=self._session.transport.position,
                name=name,
                colour=colour,
            ),
        )

    def _suits(self, clip_id: str, target: Target) -> bool:
        clip = find_clip(self._session.project, clip_id)
        if clip is None:
            return False
        sound = locate_clip(self._session.project, clip_id)[0].track.kind is TrackKind.AUDIO
        return sound == (target is Target.SOUND)

    def _nearest_cut(self, kind: TransitionKind) -> tuple[str, Edge] | None:
        """The end of a clip nearest to the playhead, among selected clips if there are any."""
        wanted = TrackKind.AUDIO if kind is TransitionKind.CROSSFADE else TrackKind.VIDEO
        here = self._session.transport.position
        chosen = self._session.selection.ids
        found: list[tuple[int, str, Edge]] = []
        for track in self._session.sequence.tracks:
            if track.kind is wanted and not track.locked:
                found.extend(_ends_near(track, here, chosen))
        reach = self._session.sequence.rate.nominal * NEAR_CUT_S
        if not found or (not chosen and min(found)[0] > reach):
            return None
        _distance, clip_id, edge = min(found, key=lambda end: (end[0], end[2].value))
        return clip_id, edge


def _ends_near(track: Track, here: int, chosen: frozenset[str]) -> list[tuple[int, str, Edge]]:
    """(distance, clip, edge) of the ends of selected clips, or of the clips around a frame."""
    starts = track.index.starts
    places = [track.index.by_id[each] for each in chosen if each in track.index.by_id]
    if not chosen:
        around = [clip_at(track, here), clip_at(track, here - 1)]
        places = [track.index.by_id[clip.id] for clip in around if clip is not None]
    ends: list[tuple[int, str, Edge]] = []
    for place in places:
        item = track.items[place]
        if isinstance(item, Clip):
            ends.append((abs(starts[place] - here), item.id, Edge.HEAD))
            ends.append((abs(starts[place + 1] - here), item.id, Edge.TAIL))
    return ends


def _with_sound(
    project: Project, clip_id: str, edge: Edge, kind: TransitionKind, frames: int
) -> Project:
    place, _clip = locate_clip(project, clip_id)
    result = add_transition(project, clip_id, edge, kind, frames)
    if kind is not TransitionKind.DISSOLVE:
        return result
    cut = place.range.start if edge is Edge.HEAD else place.range.end
    for other in with_linked(project, [clip_id]) - {clip_id}:
        partner, _ = locate_clip(project, other)
        ends = partner.range.start if edge is Edge.HEAD else partner.range.end
        if partner.track.kind is TrackKind.AUDIO and ends == cut:
            result = _crossfaded(result, other, edge, frames)
    return result


def _crossfaded(project: Project, clip_id: str, edge: Edge, frames: int) -> Project:
    try:
        return add_transition(project, clip_id, edge, TransitionKind.CROSSFADE, frames)
    except EditError:  # a locked sound track keeps its cut; the picture dissolves all the same
        return project
