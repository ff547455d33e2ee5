"""Sound of a cut, by its samples."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from studio.document.edits.nest import nest, unnest
from studio.document.model.clip import (
    Clip,
    ConstantSpeed,
    FadeShape,
    GeneratorKind,
    GeneratorMedia,
    SequenceMedia,
    TransitionKind,
)
from studio.document.model.curve import Curve, Keyframe
from studio.document.model.project import Project
from studio.document.time import Rate, Time
from studio.media.errors import FootageMissing
from studio.media.footage import Footage
from studio.media.mixer.mix import Mixer, SoundScene
from tests.studio.media.cuts import FPS, audio, clip, cut, effect, gap, meet, shot
from tests.studio.media.footage import make_sound, tone

FRAME = 48000 // 25


def mixer(project: Project, folder: Path, **more: object) -> Mixer:
    return Mixer(SoundScene(project, Footage(folder)), "s", **more)  # type: ignore[arg-type]


def level(samples: np.ndarray) -> float:
    return float(np.sqrt((samples.astype(np.float64) ** 2).mean()) * np.sqrt(2))


def test_a_clip_begins_and_ends_on_its_sample(reel: Path) -> None:
    heard = mixer(cut(audio(gap(3), shot("tone.wav", 10, 5))), reel).read(0, 20 * FRAME)
    wanted = tone(48000, 48000)[5 * FRAME : 15 * FRAME]
    assert not heard[: 3 * FRAME].any()
    assert np.abs(heard[3 * FRAME : 13 * FRAME] - wanted).max() < 1e-4
    assert not heard[13 * FRAME :].any()


def test_a_razor_cut_cannot_be_heard(reel: Path) -> None:
    whole = mixer(cut(audio(shot("mono.wav", 40))), reel).read(0, 40 * FRAME)
    pieces = mixer(cut(audio(*(shot("mono.wav", 10, k) for k in (0, 10, 20, 30)))), reel)
    assert np.abs(pieces.read(0, 40 * FRAME) - whole).max() < 1e-5


def test_blocks_of_any_size_make_the_same_sound(reel: Path) -> None:
    project = cut(audio(shot("mono.wav", 30, 3, gain_db=-3.0, fade_in_frames=5), gap(4)))
    whole = mixer(project, reel).read(0, 48000)
    other, at, pieces = mixer(project, reel), 0, []
    for size in (1, 999, 1024, 30000, 48000):
        pieces.append(other.read(at, min(size, 48000 - at)))
        at += len(pieces[-1])
    assert np.abs(np.concatenate(pieces) - whole).max() < 1e-5


def test_an_odd_rate_loses_no_sample_between_frames(reel: Path) -> None:
    rate = Rate(30000, 1001)
    clips = [shot("tone.wav", 7) for _ in range(4)]
    clips = [replace(c, source_start=Time(7 * k, rate)) for k, c in enumerate(clips)]
    heard = mixer(cut(audio(*clips), rate=rate), reel).read(0, 28 * 48000 * 1001 // 30000)
    assert np.abs(heard - tone(len(heard), 48000)).max() < 0.03 * 0.5 + 1e-4


def test_gain_and_fades(reel: Path) -> None:
    loud = shot("tone.wav", 50, gain_db=-6.0206, fade_in_frames=10, fade_out_frames=20)
    heard = mixer(cut(audio(loud)), reel).read(0, 50 * FRAME)
    assert level(heard[20 * FRAME : 25 * FRAME]) == pytest.approx(0.25, rel=0.01)
    assert level(heard[5 * FRAME - 500 : 5 * FRAME + 500]) == pytest.approx(0.125, rel=0.02)
    assert level(heard[40 * FRAME - 500 : 40 * FRAME + 500]) == pytest.approx(0.125, rel=0.02)
    assert abs(heard[0]).max() < 1e-4


def test_gain_follows_its_keyframes(reel: Path) -> None:
    curve = Curve(keyframes=(Keyframe(at=0, value=0.0), Keyframe(at=20, value=-20.0)))
    heard = mixer(cut(audio(shot("tone.wav", 40, gain_db=curve))), reel).read(0, 40 * FRAME)
    assert level(heard[10 * FRAME - 300 : 10 * FRAME + 300]) == pytest.approx(
        0.5 * 10**-0.5, rel=0.02
    )
    assert level(heard[30 * FRAME :]) == pytest.approx(0.05, rel=0.01)


def test_a_crossfade_keeps_the_power(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    for name in ("x.wav", "y.wav"):
        make_sound(tmp_path / name, draw.uniform(-0.3, 0.3, (96000, 2)), 48000)
    fade = meet(TransitionKind.CROSSFADE, 10, 10)
    project = cut(audio(shot("x.wav", 20), fade, shot("y.wav", 20, 15)))
    heard = mixer(project, tmp_path).read(0, 40 * FRAME)
    steady = level(heard[: 8 * FRAME])
    for at in range(10, 30, 2):
        assert level(heard[at * FRAME : (at + 2) * FRAME]) == pytest.approx(steady, rel=0.06)


def test_a_straight_crossfade_of_one_sound_with_itself_changes_nothing(reel: Path) -> None:
    fade = meet(TransitionKind.CROSSFADE, 5, 5, shape=FadeShape.LINEAR.value)
    heard = mixer(cut(audio(shot("tone.wav", 20), fade, shot("tone.wav", 20, 20))), reel)
    assert np.abs(heard.read(0, 40 * FRAME) - tone(40 * FRAME, 48000)).max() < 1e-4


def test_pan_keeps_the_power(reel: Path) -> None:
    left = mixer(cut(audio(shot("mono.wav", 20, pan=-1.0))), reel).read(0, 20 * FRAME)
    assert level(left[:, 0]) == pytest.approx(0.5 * np.sqrt(2), rel=0.01)
    assert np.abs(left[:, 1]).max() < 1e-6


def test_mute_and_solo(reel: Path) -> None:
    tracks = [audio(shot("tone.wav", 10)), audio(shot("tone.wav", 10))]
    both = mixer(cut(*tracks), reel).read(0, 9600)
    one = mixer(cut(replace(tracks[0], mute=True), tracks[1]), reel).read(0, 9600)
    alone = mixer(cut(replace(tracks[0], solo=True), tracks[1]), reel).read(0, 9600)
    assert level(both) == pytest.approx(1.0, rel=0.01)
    assert level(one) == pytest.approx(0.5, rel=0.01)
    assert np.array_equal(one, alone)


def test_stems_add_up_to_the_mix(reel: Path) -> None:
    tracks = [audio(shot("tone.wav", 20, gain_db=-9.0)), audio(gap(5), shot("mono.wav", 15))]
    project = cut(*tracks)
    whole = mixer(project, reel).read(0, 20 * FRAME)
    stems = [mixer(project, reel, tracks=frozenset({t.id})).read(0, 20 * FRAME) for t in tracks]
    assert np.abs(sum(stems) - whole).max() < 1e-6


def test_a_nest_is_heard(reel: Path) -> None:
    inner = replace(cut(audio(shot("tone.wav", 30))).sequences[0], id="inner")
    outer = cut(audio(clip(SequenceMedia(sequence_id="inner"), 20, source_start=Time(4, FPS))))
    whole = replace(
        outer, sequences=(*outer.sequences, inner), assets=cut(audio(shot("tone.wav", 1))).assets
    )
    heard = mixer(whole, reel).read(0, 20 * FRAME)
    assert np.abs(heard - tone(48000, 48000)[4 * FRAME : 24 * FRAME]).max() < 1e-4


def test_a_tone_is_what_it_says() -> None:
    media = GeneratorMedia(
        kind=GeneratorKind.TONE, params=(("frequency", 1000.0), ("level", -20.0))
    )
    heard = mixer(cut(audio(clip(media, 25))), Path()).read(0, 48000)
    spectrum = np.abs(np.fft.rfft(heard[:, 0]))
    assert int(spectrum.argmax()) == 1000
    assert level(heard) == pytest.approx(0.1, rel=0.01)


@pytest.mark.parametrize(
    ("speed", "keep", "hertz"), [(2, False, 880), (2, True, 440), (-1, False, 440)]
)
def test_speed_on_tape_and_with_its_pitch(reel: Path, speed: int, keep: bool, hertz: int) -> None:
    start = 0 if speed > 0 else 100
    fast = shot("mono.wav", 25, start, speed=ConstantSpeed(Fraction(speed)), preserve_pitch=keep)
    heard = mixer(cut(audio(fast)), reel).read(0, 25 * FRAME)[:, 0]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert spectrum.argmax() * 48000 / len(heard) == pytest.approx(hertz, abs=3)
    assert level(heard[4800:-4800]) == pytest.approx(0.5, rel=0.08)


def test_a_freeze_is_silent(reel: Path) -> None:
    still = shot("tone.wav", 10, speed=ConstantSpeed(Fraction(0)))
    assert not mixer(cut(audio(still)), reel).read(0, 10 * FRAME).any()


def test_the_compressor_turns_down_what_is_loud(reel: Path) -> None:
    squeeze = effect("compressor", threshold=-20.0, ratio=4.0, knee=0.0)
    heard = mixer(cut(audio(shot("tone.wav", 50, effects=(squeeze,)))), reel).read(0, 50 * FRAME)
    over = 20 - 6.02
    assert 20 * np.log10(level(heard[48000:])) == pytest.approx(-20 + over / 4, abs=0.5)


def test_the_gate_closes_on_what_is_soft(reel: Path) -> None:
    gate = effect("gate", threshold=-30.0)
    soft = shot("tone.wav", 50, gain_db=-40.0, effects=(gate,))
    track = audio(shot("tone.wav", 25), replace(soft, duration=50), effects=(gate,))
    heard = mixer(cut(track), reel).read(0, 75 * FRAME)
    assert level(heard[: 24 * FRAME]) == pytest.approx(0.5, rel=0.02)
    assert level(heard[60 * FRAME :]) < 1e-4


@pytest.mark.parametrize("on_clip", [False, True])
def test_ducking_makes_room_under_a_voice(reel: Path, on_clip: bool) -> None:
    voice = audio(gap(25), shot("tone.wav", 25))
    duck = (effect("ducking", key_track=voice.id, amount=-12.0),)
    if on_clip:
        music = audio(shot("mono.wav", 100, effects=duck), solo=True)
    else:
        music = audio(shot("mono.wav", 100), effects=duck, solo=True)
    heard = mixer(cut(music, voice), reel).read(0, 100 * FRAME)
    assert level(heard[: 20 * FRAME]) == pytest.approx(0.5, rel=0.02)
    assert level(heard[40 * FRAME : 50 * FRAME]) == pytest.approx(0.5 * 10 ** (-12 / 20), rel=0.05)
    assert level(heard[95 * FRAME :]) > 0.43


@pytest.mark.parametrize(("shape", "gain"), [("low_cut", 0.0156), ("high_cut", 1.0), ("bell", 2.0)])
def test_the_equaliser_cuts_and_lifts(tmp_path: Path, shape: str, gain: float) -> None:
    make_sound(tmp_path / "low.wav", 0.3 * tone(96000, 48000, 2, 100.0), 48000)
    band = {
        "low_mid_shape": shape,
        "low_mid_frequency": 100.0 if shape == "bell" else 800.0,
        "low_mid_gain": 6.0206,
    }
    heard = mixer(cut(audio(shot("low.wav", 50, effects=(effect("eq", **band),)))), tmp_path)
    assert level(heard.read(0, 96000)[48000:]) == pytest.approx(0.15 * gain, rel=0.05)


def test_a_jump_lets_effects_settle(reel: Path) -> None:
    squeeze = effect("compressor", threshold=-20.0)
    project = cut(audio(shot("tone.wav", 100, effects=(squeeze,))))
    through = mixer(project, reel).read(0, 3 * 48000)[2 * 48000 :]
    jumped = mixer(project, reel).read(2 * 48000, 48000)
    assert np.abs(through - jumped).max() < 0.01


def test_missing_sound_is_silent_or_stops_an_export(tmp_path: Path) -> None:
    project = cut(audio(shot("gone.wav", 10)))
    assert not mixer(project, tmp_path).read(0, 4800).any()
    strict = Mixer(SoundScene(project, Footage(tmp_path), forgiving=False), "s")
    with pytest.raises(FootageMissing):
        strict.read(0, 4800)


FADER = Curve(keyframes=(Keyframe(at=10, value=-20.0), Keyframe(at=40, value=0.0)))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"gain_db": -9.0}, {"gain_db": 3.0, "pan": -0.7}),
        ({}, {"gain_db": FADER}),
        ({"mute": True}, {}),
        ({"solo": True, "pan": 0.5}, {"gain_db": -3.0}),
        ({"effects": (effect("gain", gain=-6.0),)}, {"pan": 0.3}),
        ({"gain_db": -6.0}, {"gain_db": -6.0}),
    ],
)
def test_a_nest_sounds_as_its_tracks_did_and_so_does_what_comes_out_of_it(
    reel: Path, one: dict[str, object], two: dict[str, object]
) -> None:
    """Every track keeps its own fader; the lowest one's does not act on all."""
    first, second = shot("tone.wav", 30), shot("mono.wav", 30)
    project = cut(audio(gap(5), first, **one), audio(gap(5), second, **two))
    project = replace(project, next_id=5000)
    before = mixed(project, reel)
    nested = nest(project, [first.id, second.id], "N")
    assert np.abs(mixed(nested, reel) - before).max() < 1e-6
    inner = [
        item.id
        for track in nested.sequences[0].tracks
        for item in track.items
        if isinstance(item, Clip)
    ]
    assert len(inner) == 1
    assert np.abs(mixed(unnest(nested, inner[0]), reel) - before).max() < 1e-6


def mixed(project: Project, folder: Path) -> np.ndarray:
    with closing(Footage(folder)) as footage:
        return Mixer(SoundScene(project, footage), "s").read(0, 35 * 1920)
