"""Mixer: any stretch of a sequence's sound, clip over clip, track over track.

`read` may be called for any range; called for one after another it keeps the state of equalisers
and compressors, and after a jump it lets them settle on what comes before. Muting, soloing and
crossfades are as `studio.document.queries.layers` says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.document.model.clip import AssetMedia, Clip, GeneratorMedia, SequenceMedia
from studio.document.model.effect import Effect
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.layers import Sound, audible_tracks, track_sounds
from studio.document.queries.media import asset_of
from studio.document.time import FrameRange, Rate, sample_of_frame
from studio.media.errors import FootageMissing, MediaError
from studio.media.footage import Footage
from studio.media.mixer.clipsound import MIX_RATE, speed_samples, tone_samples
from studio.media.mixer.levels import clip_gain, crossfade, from_decibels, panned, values_at
from studio.media.mixer.processors import Chain

SETTLE_SAMPLES = MIX_RATE // 2
DEEPEST_NEST = 16


@dataclass(frozen=True, slots=True)
class SoundScene:
    """What sound is made from; a `forgiving` scene is silent where footage cannot be read."""

    project: Project
    footage: Footage
    forgiving: bool = True


class Mixer:
    """The sound of one sequence. For one thread; `tracks` limits it to some (for stems).

    `peaks` are the highest samples of the tracks, by their ids, in what was read last.
    """

    def __init__(
        self,
        scene: SoundScene,
        sequence_id: Id,
        tracks: frozenset[Id] | None = None,
        depth: int = 0,
    ) -> None:
        self._scene = scene
        self._sequence = scene.project.sequence(sequence_id)
        self._tracks = tracks
        self._depth = depth
        self._next = 0
        self._chains: dict[Id, Chain] = {}
        self._nested: dict[Id, Mixer] = {}
        self.peaks: dict[Id, float] = {}
        self._settles = _has_effects(self._sequence)
        self._order = self._needed()

    def read(self, start: int, count: int) -> np.ndarray:
        """Samples `start` to `start + count` of the sequence, float32 (count, 2), not clipped.

        Raises:
            MediaError: footage cannot be read, in a scene that does not forgive it.
        """
        if start != self._next and self._settles:
            self._chains.clear()
            before = min(SETTLE_SAMPLES, start)
            if before > 0:
                self._mix(start - before, before)
        self._next = start + count
        return self._mix(start, count)

    def _mix(self, start: int, count: int) -> np.ndarray:
        heard: dict[Id, np.ndarray] = {}
        for track in self._order:
            heard[track.id] = self._track(track, start, count, heard)
        total = np.zeros((count, 2), np.float32)
        for track in audible_tracks(self._sequence):
            if self._tracks is None or track.id in self._tracks:
                samples = self._through_track(track, heard[track.id], heard, start)
                self.peaks[track.id] = peak_of(samples)
                total += samples
        if self._sequence.effects:
            chain = self._chain(self._sequence.id, self._sequence.effects)
            total = chain.run(total, self._places(start, count), heard)
        return total

    def _needed(self) -> list[Track]:
        """The tracks that are heard, and those that others listen to for ducking.

        Those whose clips listen come last, so that what they listen to is there.
        """
        audible = audible_tracks(self._sequence)
        listening = {track.id for track in audible if _clip_keys(track)}
        keys = {key for track in audible for key in _keys(track.effects) | _clip_keys(track)}
        muted = [
            track
            for track in self._sequence.tracks
            if track.kind is TrackKind.AUDIO and track.id in keys and track not in audible
        ]
        return sorted([*audible, *muted], key=lambda track: track.id in listening)

    def _through_track(
        self, track: Track, samples: np.ndarray, heard: dict[Id, np.ndarray], start: int
    ) -> np.ndarray:
        places = self._places(start, len(samples))
        if track.effects:
            samples = self._chain(track.id, track.effects).run(samples, places, heard)
        gain = from_decibels(values_at(track.gain_db, places))
        return panned(_scaled(samples, gain), values_at(track.pan, places))

    def _track(
        self, track: Track, start: int, count: int, heard: dict[Id, np.ndarray]
    ) -> np.ndarray:
        """The clips of one track, before its own effects and gain."""
        out = np.zeros((count, 2), np.float32)
        span = self._frames(start, count)
        for sound in track_sounds(track, span):
            rate = self._sequence.rate
            low = max(start, sample_of_frame(sound.heard.start, rate, MIX_RATE), 0)
            high = min(start + count, sample_of_frame(sound.heard.end, rate, MIX_RATE))
            if low < high:
                here = slice(low - start, high - start)
                others = {key: samples[here] for key, samples in heard.items()}
                out[here] += self._sound(sound, low, high - low, others)
        return out

    def _sound(
        self, sound: Sound, start: int, count: int, heard: dict[Id, np.ndarray]
    ) -> np.ndarray:
        """One clip with its gain, fades, crossfades, effects and pan."""
        rate = self._sequence.rate
        clip = sound.clip
        begin = sample_of_frame(sound.start, rate, MIX_RATE)
        samples = self._raw(sound, start - begin, count)
        if samples is None:
            return np.zeros((count, 2), np.float32)
        frames = self._places(start, count)
        places = frames - sound.start
        if clip.effects:
            samples = self._chain(clip.id, clip.effects).run(samples, places, heard)
        gain = clip_gain(clip, places)
        gain = gain * crossfade(sound.fading_in, frames, rising=True)
        gain = gain * crossfade(sound.fading_out, frames, rising=False)
        return panned(_scaled(samples, gain), values_at(clip.pan, places))

    def _raw(self, sound: Sound, start: int, count: int) -> np.ndarray | None:
        clip, rate = sound.clip, self._sequence.rate
        match clip.media:
            case AssetMedia() | GeneratedMedia():
                return self._from_asset(sound, start, count)
            case SequenceMedia(sequence_id=nested) if self._depth < DEEPEST_NEST:
                mixer = self._nested.get(clip.id)
                if mixer is None:
                    mixer = Mixer(self._scene, nested, depth=self._depth + 1)
                    self._nested[clip.id] = mixer
                return speed_samples(clip, rate, start, count, mixer.read)
            case GeneratorMedia() as media:
                return tone_samples(media, start, count)
            case _:
                return None

    def _from_asset(self, sound: Sound, start: int, count: int) -> np.ndarray | None:
        clip = sound.clip
        asset = asset_of(self._scene.project, clip)
        if asset is None and isinstance(clip.media, GeneratedMedia):
            return None  # a placeholder is silent
        stream = clip.media.stream if isinstance(clip.media, AssetMedia) else 0
        try:
            if asset is None:
                raise FootageMissing("The project no longer has this clip's sound. Relink it.")
            return speed_samples(
                clip,
                self._sequence.rate,
                start,
                count,
                lambda at, size: self._scene.footage.sound(asset, stream, at, size),
            )
        except MediaError:
            if not self._scene.forgiving:
                raise
            return None

    # Places

    def _frames(self, start: int, count: int) -> FrameRange:
        """The frames that a range of samples touches."""
        rate = self._sequence.rate
        first = start * rate.num // (MIX_RATE * rate.den)
        last = -(-(start + count) * rate.num // (MIX_RATE * rate.den))
        return FrameRange(first, last + 1)

    def _places(self, start: int, count: int) -> np.ndarray:
        """Where samples lie in frames of the sequence, float64 (count,)."""
        return (start + np.arange(count)) * _frames_per_sample(self._sequence.rate)

    def _chain(self, owner: Id, effects: tuple[Effect, ...]) -> Chain:
        chain = self._chains.get(owner)
        if chain is None:
            chain = self._chains[owner] = Chain(effects)
        return chain


def peak_of(samples: np.ndarray) -> float:
    """The highest sample, either way; cheaper than by way of all their magnitudes."""
    return max(float(samples.max(initial=0)), -float(samples.min(initial=0)))


def _frames_per_sample(rate: Rate) -> float:
    return rate.num / (rate.den * MIX_RATE)


def _scaled(samples: np.ndarray, gain: np.ndarray | float) -> np.ndarray:
    if not isinstance(gain, np.ndarray):
        return samples if gain == 1.0 else samples * np.float32(gain)
    return (samples * gain[:, None]).astype(np.float32)


def _has_effects(sequence: Sequence) -> bool:
    tracks = [track for track in sequence.tracks if track.kind is TrackKind.AUDIO]
    return bool(sequence.effects) or any(
        track.effects or any(getattr(item, "effects", ()) for item in track.items)
        for track in tracks
    )


def _clip_keys(track: Track) -> set[Id]:
    """The tracks that a track's clips listen to."""
    found = (_keys(item.effects) for item in track.items if isinstance(item, Clip) and item.effects)
    return set[Id]().union(*found)


def _keys(effects: tuple[Effect, ...]) -> set[Id]:
    return {
        str(value)
        for effect in effects
        if effect.kind == "ducking"
        for name, value in effect.params
        if name == "key_track"
    }
