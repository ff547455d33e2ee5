"""Scores of the pocket sound model: in time with the picture, the right sounds, the codec's loss.

Scenes are combinations that were never trained. Onsets are what the ear finds in the samples, held
against the moments at which the picture shows something; chance is the same against the moments of
another scene. Which sound it is a listener says that was trained apart.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import av
import numpy as np
import torch
from torch import Tensor

from engine.abilities.foley_seen import heard_in
from engine.abilities.moviegen_sound import Eyes, Looked
from engine.abilities.sound_told import told_of
from engine.catalogue import load_catalogue
from engine.models.foley.cue_sheet import perform
from engine.models.foley.palette import KINDS, MOVEMENTS, PLACES
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ, SAMPLE_RATE_HZ, AudioCodec
from engine.models.moviegen.audio_pipeline import SoundPipeline, SoundRequest, Windows
from engine.models.moviegen.listener import Listener
from engine.models.moviegen.sound_captions import SoundWords
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.training.evaluation import Score
from engine.training.grammar import Scene, held_out_scenes
from engine.training.listening import ACTIONS, Embed
from engine.training.onset_hearing import distances, heard_apart, heard_onsets
from engine.training.pocket_sound import FOLDER, JUDGE, load_eyes, load_pipeline
from engine.training.sound_codec import draw_sound
from engine.training.sound_distances import band_distance, spectral_distance
from engine.training.sound_latents import SHORT_S, looked_at
from engine.training.sound_scenes import (
    AMBIENCE_PHRASES,
    SPARSE,
    kind_of,
    onsets,
    sound_of,
)
from engine.training.sound_seams import of_one_piece

_SCENE_SEED = 2027
_CODEC_SOUNDS = 24
_OPUS_BITS = (24_000, 48_000)
_NO_MODEL = "there are no weights yet; make them with: python3 main.py train pocket-sound"
_NO_JUDGE = "there is no judge of sounds yet; python3 main.py train pocket-sound makes one"
_NAMES = (
    ("onset_median_s", "s"),
    ("onset_p90_s", "s"),
    ("class_right", "share"),
    ("codec_class_right", "share"),
    ("codec_spectral_distance", "nepers"),
    ("codec_band_distance", "nepers"),
    ("codec_si_sdr_db", "dB"),
    ("codec_spectral_distance_beside_48k", "nepers"),
    ("codec_band_distance_beside_48k", "nepers"),
    ("codec_si_sdr_db_beside_48k", "dB"),
    ("seam_step", "ratio"),
    ("extension_seam_step", "ratio"),
    ("loudness_spread_db", "dB"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """A held-out scene, and the sound (S,) that was made for its picture alone."""

    scene: Scene
    samples: Tensor


def pocket_sound(models: Path, clips: int) -> Iterator[Score]:
    """Make the sound of `clips` held-out scenes and yield every score of the suite."""
    if not (models / FOLDER / "transformer/config.json").exists():
        yield from (Score(name, None, unit, why=_NO_MODEL) for name, unit in _NAMES)
        return
    pipeline = load_pipeline(models)
    eyes = load_eyes(models / FOLDER)
    made = [made_for(pipeline, eyes, scene) for scene in held_out_scenes(clips, _SCENE_SEED)]
    yield from _in_time(made)
    embed = phrase_vectors(pipeline.networks.text_encoder, pipeline.networks.tokenizer)
    yield _class_right(models, embed, made)
    coded = [through_codec(pipeline.networks.codec, each.scene) for each in made]
    heard = _class_right(models, embed, coded)
    yield replace(heard, figure="codec_class_right", target=None)
    yield from _codec(pipeline)
    entry = load_catalogue().entry(FOLDER)
    assert entry.windows is not None  # the catalogue's own entry says
    windows = Windows(entry.windows.frames, entry.windows.overlap)
    yield from of_one_piece(pipeline, windows, entry.defaults.steps)


def pocket_foley(models: Path, clips: int) -> Iterator[Score]:
    """The same of sound laid of what the reader of pictures sees, which has no codec to lose by."""
    folder = models / FOLDER
    if not (folder / "movement/config.json").exists():
        yield from (Score(name, None, unit, why=_NO_MODEL) for name, unit in _NAMES[:3])
        return
    eyes = load_eyes(folder)
    scenes = held_out_scenes(clips, _SCENE_SEED)
    looked = [looked_at(eyes, scene, SHORT_S) for scene in scenes]
    made = [_lay(eyes, *each) for each in zip(scenes, looked, strict=True)]
    yield from _in_time(made)
    seen_right = np.mean([_seen_right(eyes, *each) for each in zip(scenes, looked, strict=True)])
    yield Score("seen_right", float(seen_right), "share")
    yield _class_right(models, phrase_vectors(*load_text_encoder(models / "text-encoder")), made)


def _seen_right(eyes: Eyes, scene: Scene, looked: Looked) -> float:
    """Whether place and kind of movement are seen for what they are; half if one is."""
    rows = looked.rows
    place, kind = eyes.reader.told(rows)[0], eyes.movement.kind_of(rows)
    return float(np.mean([PLACES[place] == scene.setting.id, KINDS[kind] == kind_of(scene)]))


def _lay(eyes: Eyes, scene: Scene, looked: Looked) -> Made:
    seed = scene.seed % 1000
    sheet = heard_in(eyes, looked, seed).sheet
    samples = perform(sheet, SHORT_S, seed, lambda *_: None)
    return Made(scene, torch.from_numpy(samples))


def made_for(pipeline: SoundPipeline, eyes: Eyes, scene: Scene) -> Made:
    """The sound of a held-out scene, of its picture alone."""
    length, defaults = SHORT_S * LATENT_RATE_HZ, load_catalogue().entry(FOLDER).defaults
    seed = scene.seed % 1000
    request = SoundRequest(
        words=SoundWords(),
        length=length,
        seed=seed,
        windows=Windows(length, 0),
        steps=defaults.steps,
        guidance_scale=defaults.guidance_scale,
    )
    seen = heard_in(eyes, looked_at(eyes, scene, SHORT_S), seed)
    told = told_of(seen, request.words)
    return Made(scene, pipeline.make(told.asked_of(request), lambda *_: None))


@torch.inference_mode()
def through_codec(codec: AudioCodec, scene: Scene) -> Made:
    """The sound that was synthesised with a scene, through the codec: nothing made is better."""
    true = torch.from_numpy(sound_of(scene, SHORT_S, 0.0).samples)
    return Made(scene, codec.decode(codec.encode(true[None, None]))[0, 0, : len(true)])


def _in_time(made: list[Made]) -> Iterator[Score]:
    """Onsets against the scene's own moments, and against another scene's; and how far the ear

    itself is off, of the sound that was synthesised with the scenes.
    """
    told = [(each, heard_apart(onsets(each.scene, SHORT_S), SHORT_S)) for each in made]
    sparse = [(e, w) for e, w in told if w and kind_of(e.scene) in SPARSE]
    if len(sparse) < 2:
        why = "too few of the scenes have events; ask for more with --clips"
        yield from (Score(name, None, unit, why=why) for name, unit in _NAMES[:2])
        return
    own: list[float] = []
    chance: list[float] = []
    ear: list[float] = []
    for index, (each, wanted) in enumerate(sparse):
        other = sparse[index - 1][1]
        own += distances(wanted, heard_onsets(each.samples, len(wanted)))
        chance += distances(other, heard_onsets(each.samples, len(other)))
        true = torch.from_numpy(sound_of(each.scene, SHORT_S, 0.0).samples)
        ear += distances(wanted, heard_onsets(true, len(wanted)))
    for name, value, other in (
        ("onset_median_s", np.median(own), np.median(chance)),
        ("onset_p90_s", np.quantile(own, 0.9), np.quantile(chance, 0.9)),
    ):
        aim = 0.06 if name == "onset_median_s" else 0.12
        yield Score(name, float(value), "s", aim, "another scene's moments", float(other))
    yield Score("ear_median_s", float(np.median(ear)), "s")
    yield Score("ear_p90_s", float(np.quantile(ear, 0.9)), "s")


def _class_right(models: Path, embed: Embed, made: list[Made]) -> Score:
    """Share of sounds whose ambience and action the judge hears right, beside the synthesised."""
    if not (models / JUDGE / "config.json").exists():
        return Score("class_right", None, "share", 0.8, why=_NO_JUDGE)
    judge = Listener.from_folder(models / JUDGE, torch.float32).eval()
    groups = [torch.from_numpy(embed(group)) for group in (AMBIENCE_PHRASES, ACTIONS)]
    hears = partial(_right, judge, groups)
    ours = np.mean([hears(each.scene, each.samples) for each in made])
    truth = [torch.from_numpy(sound_of(each.scene, SHORT_S, 0.0).samples) for each in made]
    theirs = np.mean([hears(each.scene, real) for each, real in zip(made, truth, strict=True)])
    return Score("class_right", float(ours), "share", 0.8, "judge on synthesised", float(theirs))


@torch.inference_mode()
def _right(judge: Listener, groups: list[Tensor], scene: Scene, samples: Tensor) -> float:
    vector = judge(samples[None])[0]
    truth = sound_of(scene, 0.5, 0.0)
    hits = [AMBIENCE_PHRASES[int((groups[0] @ vector).argmax())] == truth.ambience]
    if truth.action:
        hits.append(ACTIONS[int((groups[1] @ vector).argmax())] == MOVEMENTS[truth.action])
    return float(np.mean(hits))


@torch.inference_mode()
def _codec(pipeline: SoundPipeline) -> Iterator[Score]:
    """What the codec loses of sounds it never saw, beside Opus at 24 and 48 kbit/s."""
    codec = pipeline.networks.codec
    real = [draw_sound("unheard", index) for index in range(_CODEC_SOUNDS)]
    ours = [codec.decode(codec.encode(sound[None, None]))[0, 0, : len(sound)] for sound in real]
    for bits_per_s in _OPUS_BITS:
        opus = [through_opus(sound, bits_per_s) for sound in real]
        rate = f"{bits_per_s // 1000}"
        for name, unit, measure in (
            ("codec_spectral_distance", "nepers", _spectral),
            ("codec_band_distance", "nepers", _banded),
            ("codec_si_sdr_db", "dB", si_sdr_db),
        ):
            value = np.mean([measure(a, b) for a, b in zip(ours, real, strict=True)])
            other = np.mean([measure(a, b) for a, b in zip(opus, real, strict=True)])
            told = name if bits_per_s == _OPUS_BITS[0] else f"{name}_beside_{rate}k"
            yield Score(told, float(value), unit, None, f"Opus at {rate} kbit/s", float(other))


def _spectral(sound: Tensor, real: Tensor) -> float:
    return float(spectral_distance(sound[None], real[None]))


def _banded(sound: Tensor, real: Tensor) -> float:
    return float(band_distance(sound[None], real[None]))


def si_sdr_db(sound: Tensor, real: Tensor) -> float:
    """Scale-invariant signal-to-distortion ratio of samples (S,) in dB (Le Roux et al. 2019)."""
    target = (sound @ real) / (real @ real).clamp_min(1e-9) * real
    ratio = target.square().sum() / (sound - target).square().sum().clamp_min(1e-9)
    return float(10 * torch.log10(ratio.clamp_min(1e-9)))


def through_opus(samples: Tensor, bits_per_s: int) -> Tensor:
    """Samples (S,) as Opus gives them back, in place with the originals."""
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream("libopus", SAMPLE_RATE_HZ)
        stream.layout, stream.bit_rate = "mono", bits_per_s
        frame = av.AudioFrame.from_ndarray(samples.numpy()[None].copy(), "flt", "mono")
        frame.sample_rate = SAMPLE_RATE_HZ
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as container:
        resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE_HZ)
        parts = [
            out.to_ndarray()[0]
            for decoded in container.decode(audio=0)
            for out in resampler.resample(decoded)
        ]
    back = torch.from_numpy(np.concatenate(parts))
    return torch.nn.functional.pad(back, (0, max(0, len(samples) - len(back))))[: len(samples)]
