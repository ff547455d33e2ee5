"""Sound's networks: sizes, chunks without seams, what adds nothing, captions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.catalogue import load_catalogue
from engine.models.moviegen.audio_codec import AudioCodec, fixed_noise
from engine.models.moviegen.audio_configs import (
    PAPER_AUDIO_TRANSFORMER,
    PAPER_CODEC,
    POCKET_AUDIO_TRANSFORMER,
    POCKET_CODEC,
    POCKET_LISTENER,
    POCKET_PICTURE_READER,
)
from engine.models.moviegen.audio_transformer import AudioTransformer
from engine.models.moviegen.cues import CUES, MOST, cues_of, told_events
from engine.models.moviegen.listener import Listener, onset_envelope
from engine.models.moviegen.picture_reader import PictureReader, at_latents
from engine.models.moviegen.sound_captions import SoundWords, described, voice_word, words_of
from engine.models.moviegen.transformer import TextFeatures
from engine.models.packed import save_packed
from tests.engine.abilities.tiny_sound import TINY_CODEC, TINY_TRANSFORMER

_TOTAL = 13e9


def _count(model: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def test_the_papers_transformer_has_thirteen_billion_parameters() -> None:
    with torch.device("meta"):
        model = AudioTransformer(**PAPER_AUDIO_TRANSFORMER)
    assert abs(_count(model) - _TOTAL) < 0.02 * _TOTAL


def test_the_papers_codec_makes_25_latents_a_second_of_128_channels() -> None:
    with torch.device("meta"):
        codec = AudioCodec(**PAPER_CODEC)
        mean, _ = codec.posterior(torch.zeros(1, 1, 48_000))
    assert codec.hop == 1920
    assert mean.shape == (1, 128, 25)


def test_the_catalogue_counts_the_pocket_classes() -> None:
    entry = load_catalogue().entry("pocket-sound")
    made: dict[str, tuple[type[torch.nn.Module], dict[str, Any]]] = {
        "transformer": (AudioTransformer, POCKET_AUDIO_TRANSFORMER),
        "codec": (AudioCodec, POCKET_CODEC),
        "reader": (PictureReader, POCKET_PICTURE_READER),
        "listener": (Listener, POCKET_LISTENER),
    }
    counted = {part.name: part.parameters for part in entry.components}
    with torch.device("meta"):
        for name, (kind, config) in made.items():
            assert counted[name] == _count(kind(**config))
    assert sum(counted[name] for name in made) <= 12_000_000


def test_chunks_of_long_sound_join_without_a_trace() -> None:
    torch.manual_seed(0)
    codec = AudioCodec(**TINY_CODEC).eval()
    torch.nn.init.normal_(codec.get_parameter("noise.layers.6.weight"), std=0.5)
    samples = 0.1 * torch.randn(1, 1, 900 * codec.hop)
    with torch.no_grad():
        latents = codec.encode(samples)
        mean, _ = codec.posterior(samples)
        assert torch.allclose(latents, mean, atol=1e-5)
        whole = codec.reconstruct(latents, fixed_noise(900 * codec.hop))
        assert torch.allclose(codec.decode(latents), whole, atol=1e-5)


def test_noise_is_heard_in_the_bands_that_say_so_and_is_the_same_again() -> None:
    torch.manual_seed(0)
    codec = AudioCodec(**TINY_CODEC).eval()
    assert codec.noise is not None
    latents = torch.zeros(1, 4, 25)
    with torch.no_grad():
        silent = codec.decode(latents)
        last = codec.noise.layers[-1]
        assert isinstance(last, torch.nn.Conv1d)
        assert last.bias is not None
        last.bias[-1] = 0.0
        added = (codec.decode(latents) - silent)[0, 0]
        assert torch.equal(codec.decode(latents) - silent, added[None, None])
    spectrum = torch.fft.rfft(added).abs()
    hertz = torch.fft.rfftfreq(len(added), 1 / 48_000)
    assert float(spectrum[hertz > 18_000].mean()) > 10 * float(spectrum[hertz < 5_000].mean())


def test_a_network_is_saved_and_read_again_whole_or_packed(tmp_path: Path) -> None:
    torch.manual_seed(0)
    codec = AudioCodec(**TINY_CODEC).eval()
    codec.std.fill_(2.0)
    codec.save_pretrained(tmp_path / "whole", safe_serialization=True)
    codec.save_config(str(tmp_path / "packed"))
    save_packed(codec.state_dict(), tmp_path / "packed")
    samples = 0.1 * torch.randn(1, 1, 20 * codec.hop)
    for name, near in (("whole", 1e-6), ("packed", 0.05)):
        again = AudioCodec.from_folder(tmp_path / name, torch.float32).eval()
        with torch.no_grad():
            assert torch.allclose(again.encode(samples), codec.encode(samples), atol=near)


def test_a_picture_counts_and_none_adds_nothing() -> None:
    torch.manual_seed(0)
    model = AudioTransformer(**TINY_TRANSFORMER).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    text = TextFeatures((torch.randn(1, 3, 384),), torch.ones(1, 3, dtype=torch.bool), None)
    latents, time = torch.randn(1, 4, 10), torch.tensor([0.5])
    with torch.no_grad():
        alone = model(latents, time, text)
        unseen = model(latents, time, text, picture=torch.zeros(1, 10, CUES))
        seen = model(latents, time, text, picture=torch.randn(1, 10, CUES))
    assert alone.shape == latents.shape
    assert torch.allclose(alone, unseen, atol=1e-6)
    assert not torch.allclose(alone, seen, atol=1e-3)


def test_sound_longer_than_the_positions_is_refused() -> None:
    model = AudioTransformer(**TINY_TRANSFORMER)
    text = TextFeatures((torch.randn(1, 3, 384),), torch.ones(1, 3, dtype=torch.bool), None)
    with pytest.raises(ValueError, match="more than 256 positions"):
        model(torch.randn(1, 4, 257), torch.tensor([0.5]), text)


def test_features_lie_at_their_own_times() -> None:
    features = torch.arange(24.0)[:, None]
    latents = at_latents(features, [index / 12 for index in range(24)], 50)[:, 0]
    assert torch.allclose(latents[:46], 12 * torch.arange(46.0) / 25, atol=1e-4)
    assert latents[-1] == 23


def test_an_onset_is_where_the_sound_begins() -> None:
    samples = torch.zeros(96_000)
    samples[48_000:] = 0.5 * torch.sin(torch.arange(48_000) * 0.05)
    envelope = onset_envelope(samples, 25)
    assert len(envelope) == 50
    assert int(envelope.argmax()) in (24, 25)


def test_captions_have_four_parts() -> None:
    caption = SoundWords("rain falling", "calm piano").caption
    assert caption.startswith("This audio has quality: 8.0.")
    assert "does not contain speech" in caption
    assert "music with a 0.90 likelihood" in caption
    assert 'description: "rain falling"' in caption
    assert 'music description: "calm piano"' in caption
    assert SoundWords("rain").caption.startswith("This audio has quality: 7.0.")


@pytest.mark.parametrize(
    ("prompt", "description", "music"),
    [
        ("rain on a roof", "rain on a roof", ""),
        ("rain on a roof; music: calm piano", "rain on a roof", "calm piano"),
        ("Music: calm piano.", "", "calm piano"),
        ("happy music with drums", "", "happy music with drums"),
        ("", "", ""),
    ],
)
def test_a_prompt_says_what_is_heard_and_what_is_played(
    prompt: str, description: str, music: str
) -> None:
    assert words_of(prompt) == SoundWords(description, music)


@pytest.mark.parametrize(
    ("prompt", "word"),
    [("a dog barks", ""), ("people talking", "talking"), ("a choir", "choir"), ("no singing", "")],
)
def test_words_for_voices_are_found(prompt: str, word: str) -> None:
    assert voice_word(prompt) == word


def test_sounds_are_described_as_one_would_say_them() -> None:
    assert described(()) == ""
    assert described(("rain falling",)) == "rain falling"
    said = ("footsteps", "an engine running", "city traffic")
    assert described(said) == "footsteps, an engine running and city traffic"


def test_an_event_between_two_latents_is_told_to_both() -> None:
    events = told_events((0.05, 1.0), 50, 25)
    assert events[1] == pytest.approx(0.75)
    assert events[2] == pytest.approx(0.25)
    assert events[25] == pytest.approx(1.0)
    assert events.sum() == pytest.approx(2.0)


_BETWEEN_LATENTS_S = st.integers(0, 3900).filter(lambda ms: ms % 40 != 0).map(lambda ms: ms / 1000)


@given(st.lists(_BETWEEN_LATENTS_S, max_size=12), st.integers(1, 100))
def test_cues_say_how_near_moments_are(moments_s: list[float], length: int) -> None:
    cues = cues_of(moments_s, length)
    assert cues.shape == (length, CUES)
    assert float(cues.min()) >= 0.0
    assert float(cues.max()) <= MOST
    last_s = (length - 1) / 25
    within = [at_s for at_s in moments_s if at_s <= last_s]
    backwards = cues_of([last_s - at_s for at_s in within], length)
    assert torch.allclose(backwards[:, 1], cues_of(within, length)[:, 2].flip(0), atol=1e-5)


def test_what_is_to_come_is_told_before_it_is_struck() -> None:
    struck, since, until = cues_of((0.4,), 20).T
    assert struck.nonzero().flatten().tolist() == [10]
    assert int(since.argmax()) == int(until.argmax()) == 10
    assert float(since[:10].sum()) == float(until[11:].sum()) == 0.0
    assert float(until[9]) > float(until[5]) > 0.0
