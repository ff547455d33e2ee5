"""What tracks do to all of their clips, carried along when clips go into a sequence of their own.

Faders, panning, effects, mute, solo and hide belong to tracks; clips of several tracks that are
nested in one clip can only keep them on the tracks inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from studio.document.errors import EditError
from studio.document.keyframes import shifted, shifted_effects
from studio.document.model.effect import Effect
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.layers import audible_tracks

KEY = "key_track"


def differ(tracks: Iterable[Track]) -> bool:
    """True where tracks of one kind do different things to their clips."""
    return len({(t.gain_db, t.pan, t.effects, t.mute, t.solo, t.hidden) for t in tracks}) > 1


def is_neutral(track: Track) -> bool:
    """True where a track leaves its clips as they are."""
    return not differ([track, Track(id="", kind=track.kind)])


def carried(
    track: Track, source: Track, outer: Sequence, frames: int, ids: Mapping[Id, Id]
) -> Track:
    """A track inside a nest that does to its clips what their track did outside.

    The nest begins at frame `frames` outside; `ids` names the tracks inside by those outside.
    Raises: EditError where it is ducked by a track that stays outside.
    """
    silent = source.kind is TrackKind.AUDIO and source not in audible_tracks(outer)
    return replace(
        track,
        gain_db=shifted(source.gain_db, frames),
        pan=shifted(source.pan, frames),
        effects=tuple(
            _listening(each, source, ids) for each in shifted_effects(source.effects, frames)
        ),
        mute=silent,
        hidden=source.hidden,
    )


def _listening(effect: Effect, source: Track, ids: Mapping[Id, Id]) -> Effect:
    """An effect that listens to the same track, by its name inside."""
    key = dict(effect.params).get(KEY)
    if not key or not effect.enabled:
        return effect
    if str(key) not in ids:
        raise EditError(
            f"{source.name} is ducked by a track that would stay outside the nest. "
            "Select clips of that track too, or switch the ducking off."
        )
    params = tuple((name, ids[str(key)] if name == KEY else value) for name, value in effect.params)
    return replace(effect, params=params)
