"""What sound is learnt from: exact onsets, losses that fall, figures that measure what they say."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.abilities.foley_seen import Seen
from engine.abilities.sound_told import told_of
from engine.models.foley.cue_sheet import CueSheet
from engine.models.foley.palette import KINDS
from engine.models.moviegen.audio_codec import AudioCodec, FilteredNoise
from engine.models.moviegen.audio_configs import POCKET_PICTURE_READER
from engine.models.moviegen.audio_transformer import AudioTransformer
from engine.models.moviegen.cues import CUES, told_events
from engine.models.moviegen.listener import BANDS, Listener, log_mel
from engine.models.moviegen.motion import SIGNALS
from engine.models.moviegen.movement_reader import MovementReader
from engine.models.moviegen.picture_reader import PictureReader
from engine.models.moviegen.sound_captions import SoundWords
from engine.models.moviegen.transformer import TextFeatures
from engine.training.grammar import ACTIONS, CAMERAS, SETTINGS, SUBJECTS, Scene
from engine.training.listening import heard_sound, part_of
from engine.training.listening import loss_of as listening_loss
from engine.training.movement_reading import draw_clip, loss_of, stretch, watch
from engine.training.muon import learn
from engine.training.noise_apart import without_noise
from engine.training.onset_hearing import distances, heard_apart, heard_onsets
from engine.training.picture_reading import Examiner, asked, draw_lesson, joined
from engine.training.scenes import render
from engine.training.sound_codec import codec_loss, learn_noise, optimisers, ship
from engine.training.sound_distances import band_distance, spectral_distance
from engine.training.sound_evaluation import pocket_sound, si_sdr_db, through_opus
from engine.training.sound_latents import SoundShard, draw_sample
from engine.training.sound_scenes import kind_of, onsets, sound_of
from engine.training.sound_transformer import draw, flow_loss
from tests.engine.abilities.tiny_sound import TINY_CODEC, TINY_TRANSFORMER

CPU = torch.device("cpu")


def _scene(action: str, seed: int = 5, noun: str = "fox") -> Scene:
    subject = next(s for s in SUBJECTS if s.noun == noun)
    acted = next(a for a in ACTIONS if a.id == action)
    plain = next(s for s in SETTINGS if s.id == "plain")
    return Scene(subject, plain, acted, CAMERAS[0], seed)


def test_a_jump_lands_when_the_picture_shows_it() -> None:
    scene = _scene("jump")
    clip = render(scene, 128, 72, 48)
    rows = np.arange(72)[None, :, None]
    weight = clip.mask.astype(np.float32)
    height = (weight * rows).sum((1, 2)) / weight.sum((1, 2))
    lowest = [i for i in range(1, 47) if height[i] >= max(height[i - 1], height[i + 1])]
    landings = [at_s * 12 for at_s in onsets(scene, 4.0) if 1 < at_s * 12 < 46]
    assert len(landings) >= 4
    for frame in landings:
        assert min(abs(frame - low) for low in lowest) <= 1.0


def test_onsets_are_heard_where_they_are_said_to_be() -> None:
    for action in ("jump", "dance", "right", "spin", "roll"):
        scene = _scene(action)
        sound = sound_of(scene, 4.0, with_music=0.0)
        wanted = heard_apart(sound.onsets_s, 4.0)
        gaps = distances(wanted, heard_onsets(torch.from_numpy(sound.samples), len(wanted)))
        assert np.median(gaps) <= 0.015  # a whoosh swells within 30 ms
        assert np.quantile(gaps, 0.9) <= 0.06


def test_what_begins_with_a_sound_or_ends_it_has_no_onset_to_hear() -> None:
    assert heard_apart((0.0, 0.01, 0.5, 3.99), 4.0) == (0.5,)


def test_noise_is_in_time_with_nothing() -> None:
    noise = torch.randn(4 * 48_000, generator=torch.Generator().manual_seed(1))
    landings = onsets(_scene("jump"), 4.0)
    assert np.median(distances(landings, heard_onsets(noise, len(landings)))) > 0.06


def test_a_car_has_an_engine_and_no_steps() -> None:
    car = _scene("right", noun="red car")
    assert kind_of(car) == "engine"
    assert onsets(car, 4.0) == ()
    assert "an engine running" in sound_of(car, 0.5, 0.0).words.description


def test_events_fall_into_their_frames() -> None:
    scene = _scene("jump")
    events = told_events(onsets(scene, 4.0), 48, 12)
    assert float(events.sum()) == pytest.approx(len(onsets(scene, 4.0)), abs=1.0)


def test_the_same_index_gives_the_same_sound_and_picture() -> None:
    first, again = (draw_sample("seed/1", 1, 1) for _ in range(2))
    assert torch.equal(first.samples, again.samples)
    assert first.caption == again.caption
    assert len(first.samples) == 48_000


def test_the_codec_learns_a_tone(tmp_path: Path) -> None:
    torch.manual_seed(0)
    shape: dict[str, Any] = TINY_CODEC | {"decoder_channels": (16, 8, 8, 8)}
    model = AudioCodec(**shape)
    t = torch.arange(8 * model.hop) / 48_000
    tone = 0.3 * torch.sin(2 * np.pi * 300 * t)[None]
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3)
    losses: list[float] = []
    for _ in range(50):
        loss, _ = codec_loss(model, tone)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.9 * losses[0]
    ship(model.eval(), tmp_path, [tone[0]])
    read = AudioCodec.from_folder(tmp_path, torch.float32)
    with torch.no_grad():
        latents = read.encode(tone[None])
    assert float(latents.mean().abs()) < 0.2


def test_the_transformer_learns_and_known_sound_is_not_its_work() -> None:
    torch.manual_seed(0)
    model = AudioTransformer(**TINY_TRANSFORMER)
    generator = torch.Generator().manual_seed(3)
    shard = SoundShard(
        latents=torch.randn(2, 4, 1, generator=generator).expand(2, 4, 20).half(),
        cues=torch.rand(2, 20, CUES, generator=generator).half(),
        states=torch.randn(2, 5, 384, generator=generator).half(),
        mask=torch.ones(2, 5, dtype=torch.bool),
    )
    null = TextFeatures((torch.zeros(1, 5, 384),), torch.ones(1, 5, dtype=torch.bool), None)
    batch = draw(shard, 12, random.Random(1), null)
    assert 0.0 < float(batch.known.mean()) < 0.25
    assert batch.cues.shape == (12, 20, CUES)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses: list[float] = []
    for _ in range(30):
        loss = flow_loss(model, batch, CPU)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert np.mean(losses[-5:]) < 0.9 * np.mean(losses[:5])
    given = replace(batch, known=torch.ones_like(batch.known))
    given.known[..., 0] = 0.0
    assert torch.isfinite(flow_loss(model, given, CPU))


def test_the_decoder_learns_alone_and_latents_stay() -> None:
    torch.manual_seed(0)
    model = AudioCodec(**TINY_CODEC)
    model.encoder.requires_grad_(False)
    sound = 0.3 * torch.sin(2 * np.pi * 300 * torch.arange(8 * model.hop) / 48_000)[None]
    encoded = model.posterior(sound[None])[0].clone()
    both = optimisers(model)
    losses: list[float] = []
    for _ in range(40):
        loss, _ = codec_loss(model, sound)
        losses.append(loss.item())
        learn(model, loss, both)
    assert np.mean(losses[-5:]) < 0.95 * np.mean(losses[:5])
    assert torch.equal(model.posterior(sound[None])[0], encoded)


def test_noise_is_told_from_tones_and_how_loud_it_is() -> None:
    noise = FilteredNoise(4, 48, 12, 160)
    generator = torch.Generator().manual_seed(0)
    hiss = 0.1 * torch.randn(1, 48_000, generator=generator)
    rest, loud = without_noise(hiss, noise)
    assert float(rest.std()) < 0.5 * float(hiss.std())
    assert float(loud[:, 10:].exp().mean()) == pytest.approx(0.1, rel=0.15)
    tone = 0.1 * torch.sin(2 * np.pi * 3000 * torch.arange(48_000) / 48_000)[None]
    rest, loud = without_noise(tone, noise)
    assert float((rest - tone)[:, 2000:-2000].std()) < 0.1 * float(tone.std())
    rest, loud = without_noise(hiss + 3 * tone, noise)
    assert float(loud[:, 40:].exp().mean()) == pytest.approx(0.1, rel=0.15)
    assert float(band_distance(hiss, hiss)) == 0.0


def test_how_loud_noise_is_is_learnt_of_latents(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = AudioCodec(**TINY_CODEC)
    learn_noise(0.02, tmp_path, model)
    assert model.noise is not None
    loud = model.noise.loudness(torch.zeros(1, 4, 10)).detach()
    assert loud.shape == (1, 48, 120)
    assert float(loud.std(dim=1).mean()) > 0.1


def test_what_is_seen_is_told_as_it_was_learnt() -> None:
    scene = _scene("jump")
    seen = Seen(
        CueSheet({}, {"jump": onsets(scene, 4.0)}, None),
        ("quiet room tone", "a thud at each landing"),
        onsets(scene, 4.0),
    )
    told = told_of(seen, SoundWords(music="calm piano"))
    description = "a thud at each landing and quiet room tone"
    assert told.words == SoundWords(description, "calm piano")
    assert description == sound_of(scene, 1.0, 0.0).words.description
    assert told.moments_s == onsets(scene, 4.0)


def test_the_reader_is_asked_what_the_scene_says() -> None:
    torch.manual_seed(0)
    lesson = draw_lesson("lesson", 0)
    assert lesson.frames.shape == (36, 3, 36, 64)
    questions = joined([asked(lesson, 3), asked(draw_lesson("lesson", 1), 2)])
    assert questions.triples.shape == (5, 9, 36, 64)
    assert questions.answers[0].tolist() == lesson.answers.tolist()
    loss = Examiner().loss(questions)
    loss.backward()
    assert torch.isfinite(loss)


def test_the_reader_of_movements_learns_what_happens_and_when() -> None:
    torch.manual_seed(0)
    film = watch(PictureReader(**POCKET_PICTURE_READER).eval(), draw_clip("film", 1))
    parts = [stretch(film, random.Random(index)) for index in range(4)]
    rows, events, kinds = (torch.stack(each) for each in zip(*parts, strict=True))
    assert rows.shape == (4, 50, 96 + SIGNALS)
    assert events.shape == (4, 50)
    model = MovementReader(96, kinds=len(KINDS))
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3)
    losses = []
    for _ in range(12):
        loss = loss_of(model, rows, events, kinds)
        losses.append(float(loss.detach()))
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    assert losses[-1] < losses[0] - 1


def test_a_frame_is_asked_about_with_its_neighbours() -> None:
    lesson = draw_lesson("lesson", 0)
    questions = asked(lesson, 8)
    for triple, event in zip(questions.triples, questions.events, strict=True):
        before, frame, after = triple.unflatten(0, (3, 3))
        (index,) = [i for i, each in enumerate(lesson.frames) if torch.equal(each, frame)][:1]
        assert torch.equal(before, lesson.frames[max(0, index - 1)])
        assert torch.equal(after, lesson.frames[min(35, index + 1)])
        assert event == lesson.events[index]


def test_heard_sounds_know_what_they_are() -> None:
    music = heard_sound("ears", 4)
    assert music.answers[:2].tolist() == [-1, -1]
    assert music.answers[2] >= 0


def test_a_listener_learns_from_parts_of_sounds() -> None:
    torch.manual_seed(0)
    model = Listener(channels=(4, 4, 8, 8), text_dim=8)
    heard = [heard_sound("ears", index) for index in range(6)]
    mels = torch.stack([each.mel.float() for each in heard])
    answers = torch.stack([each.answers for each in heard])
    phrases = [torch.nn.functional.normalize(torch.randn(n, 8), dim=1) for n in (16, 12, 6)]
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses: list[float] = []
    for index in range(25):
        loss = listening_loss(model, part_of(mels, random.Random(index)), answers, phrases)
        losses.append(loss.item())
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    assert np.mean(losses[-5:]) < 0.9 * np.mean(losses[:5])


def test_a_part_of_a_sound_is_as_loud_as_its_samples_would_be() -> None:
    sound = torch.from_numpy(sound_of(_scene("jump"), 4.0, 0.0).samples)[None]
    louder = log_mel(1.4 * sound) - log_mel(sound)
    assert float((louder - np.log(1.4) / 4).abs().max()) < 0.01
    part = part_of(log_mel(sound), random.Random(0))
    assert part.shape[1] == BANDS
    assert 100 <= part.shape[2] <= 201


def test_spectra_differ_by_nothing_from_themselves_and_opus_loses_a_little() -> None:
    sound = torch.from_numpy(sound_of(_scene("jump"), 1.0, 0.0).samples)
    assert float(spectral_distance(sound[None], sound[None])) == 0.0
    opus = through_opus(sound, 24_000)
    assert len(opus) == len(sound)
    assert 0.0 < float(spectral_distance(opus[None], sound[None])) < 1.0
    assert si_sdr_db(opus, sound) > 5.0


def test_without_weights_every_figure_says_why(tmp_path: Path) -> None:
    scores = list(pocket_sound(tmp_path, 2))
    assert {"onset_median_s", "onset_p90_s", "class_right", "codec_spectral_distance"} <= {
        score.figure for score in scores
    }
    assert all(score.value is None and "train pocket-sound" in score.why for score in scores)
