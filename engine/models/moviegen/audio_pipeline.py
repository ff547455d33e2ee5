"""From a caption, cues of when something is heard, and known sound to samples, of any length.

It knows nothing of jobs or files; engine.abilities turns recipes into its requests. Sound longer
than the transformer's window is made either in one piece, all windows denoised together and
weighted by triangles, or segment by segment with a beam of the best beginnings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor
from transformers import BertModel, PreTrainedTokenizerFast

from engine.models.moviegen.audio_codec import LATENT_RATE_HZ, AudioCodec
from engine.models.moviegen.audio_transformer import AudioTransformer
from engine.models.moviegen.listener import Listener, onset_envelope
from engine.models.moviegen.sound_captions import CAPTION_TOKENS, SoundWords
from engine.models.moviegen.text import encode_prompts
from engine.models.moviegen.transformer import TextFeatures
from engine.sampling.euler import OnStep
from engine.sampling.guidance import classifier_free
from engine.sampling.midpoint import midpoint
from engine.sampling.multi_diffusion import merged_velocity
from engine.sampling.schedules import linear
from engine.sampling.spans import Span, covering

_SMOOTHING = 3
"""Latents over which events are blurred before they are compared: 120 ms."""


@dataclass(frozen=True, slots=True)
class Known:
    """Sound that is given: normalised latents (C, T), and which of them count, bool (T,)."""

    latents: Tensor
    counts: Tensor


@dataclass(frozen=True, slots=True)
class Windows:
    """How long sound is made: windows of `length` latents that share `overlap`."""

    length: int
    overlap: int


@dataclass(frozen=True, slots=True)
class SoundRequest:
    """What to make: `length` latents. `cues` (T, CUES) say when something is heard, None where

    nobody knows.

    `candidates` are made and the best is kept; `beams` above 0 makes segment after segment
    instead of all at once, and keeps that many beginnings after each.
    """

    words: SoundWords
    length: int
    seed: int
    windows: Windows
    steps: int = 8
    guidance_scale: float = 3.0
    candidates: int = 2
    beams: int = 0
    cues: Tensor | None = None
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Networks:
    """The networks of sound, and the text encoder that the whole cast shares."""

    codec: AudioCodec
    transformer: AudioTransformer
    listener: Listener
    text_encoder: BertModel
    tokenizer: PreTrainedTokenizerFast


@dataclass(frozen=True, slots=True)
class _Task:
    """One stretch to denoise: its noise (B, C, T), known part and cues."""

    noise: Tensor
    latents: Tensor
    mask: Tensor
    cues: Tensor | None

    def cut(self, span: Span) -> _Task:
        part = slice(*span)
        cues = None if self.cues is None else self.cues[part]
        return _Task(self.noise[..., part], self.latents[..., part], self.mask[..., part], cues)


class SoundPipeline:
    """Makes sound of requests, all candidates of one at a time as one batch."""

    def __init__(self, networks: Networks) -> None:
        self.networks = networks

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.networks.transformer.device

    @torch.inference_mode()
    def make(self, request: SoundRequest, on_step: OnStep) -> Tensor:
        """Samples (S,) float32 on the CPU, of `request.length` latents; the best candidate."""
        both = self._text(request.words)
        if request.beams:
            latents = self._in_segments(request, both, on_step)
        else:
            latents = self._in_one(request, both, on_step)
        sounds = self.networks.codec.decode(latents)[:, 0]
        best = int(self.scores(sounds, request).argmax()) if len(sounds) > 1 else 0
        return sounds[best].float().cpu()

    @torch.inference_mode()
    def encode(self, samples: Tensor) -> Tensor:
        """Normalised latents (C, T) of samples (S,)."""
        return self.networks.codec.encode(samples.to(self.device)[None, None])[0]

    @torch.inference_mode()
    def scores(self, sounds: Tensor, request: SoundRequest) -> Tensor:
        """How well sounds (N, S) fit, (N,): in time with its cues, and like the words."""
        total = torch.zeros(len(sounds), device=sounds.device)
        if request.cues is not None and request.cues.any():
            struck = request.cues[:, 0].to(sounds.device)
            total += torch.stack([in_time(sound, struck) for sound in sounds])
        said = " ".join(filter(None, (request.words.description, request.words.music)))
        if said:
            features = encode_prompts(self.networks.text_encoder, self.networks.tokenizer, [said])
            assert features.pooled is not None  # this encoder always gives it
            meaning = F.normalize(features.pooled, dim=-1).to(sounds.device)
            total += self.networks.listener(sounds) @ meaning[0]
        return total

    def _text(self, words: SoundWords) -> TextFeatures:
        """Features of nothing and of the caption, as one batch of two."""
        encoder, tokenizer = self.networks.text_encoder, self.networks.tokenizer
        both = encode_prompts(encoder, tokenizer, ["", words.caption], CAPTION_TOKENS)
        return both.to(self.device)

    def _in_one(self, request: SoundRequest, text: TextFeatures, on_step: OnStep) -> Tensor:
        """Latents (candidates, C, T), every window denoised at every step and merged."""
        task = self._task(request, request.candidates)
        spans = covering(request.length, request.windows.length, request.windows.overlap)

        def in_window(x: Tensor, time: float, span: Span) -> Tensor:
            return self._velocity(x, time, task.cut(span), text, request.guidance_scale)

        whole = merged_velocity(in_window, spans, request.length)
        return self._solve(task, whole, request.steps, on_step)

    def _in_segments(self, request: SoundRequest, text: TextFeatures, on_step: OnStep) -> Tensor:
        """Latents (beams, C, T), each segment going on from the end of the one before.

        Each kept beginning is gone on with in `candidates` ways; the whole of what is there then
        is scored and the best are kept (Movie Gen, section 6.2.5).
        """
        windows = request.windows
        spans = covering(request.length, windows.length, windows.overlap)
        made: Tensor | None = None
        for index, span in enumerate(spans):
            kept = 1 if made is None else len(made)
            task = self._task(request, kept * request.candidates).cut(span)
            if made is not None:
                task = _going_on(task, made.repeat_interleave(request.candidates, 0), span)
            told = partial(_tell, on_step, index, len(spans))
            velocity = partial(
                self._velocity, task=task, text=text, guidance_scale=request.guidance_scale
            )
            new = self._solve(task, velocity, request.steps, told)
            before = new[..., :0]
            if made is not None:
                before = made.repeat_interleave(request.candidates, 0)[..., : span[0]]
            made = self._best(torch.cat([before, new], dim=-1), request)
        assert made is not None  # there is always one span
        return made

    def _best(self, latents: Tensor, request: SoundRequest) -> Tensor:
        """The `beams` best of what has been made so far."""
        if len(latents) <= request.beams:
            return latents
        length = latents.shape[-1]
        cues = None if request.cues is None else request.cues[:length]
        sounds = self.networks.codec.decode(latents)[:, 0]
        scores = self.scores(sounds, replace(request, cues=cues))
        return latents[scores.topk(request.beams).indices]

    def _task(self, request: SoundRequest, count: int) -> _Task:
        """The noise is drawn for each candidate by itself: a seed keeps its candidates."""
        channels = self.networks.transformer.config.latent_channels
        generator = torch.Generator("cpu").manual_seed(request.seed)
        drawn = torch.randn(count, channels, request.length, generator=generator)
        noise = drawn.to(self.device)
        latents, mask = torch.zeros_like(noise), torch.zeros_like(noise[:, :1])
        if request.known is not None:
            counts = request.known.counts.to(self.device)
            latents[:] = request.known.latents.to(noise) * counts
            mask[:] = counts.to(noise)
        cues = None if request.cues is None else request.cues.to(noise)
        return _Task(noise, latents, mask, cues)

    def _solve(
        self, task: _Task, velocity: Callable[[Tensor, float], Tensor], steps: int, told: OnStep
    ) -> Tensor:
        """From noise to latents, known ones as they are."""

        def around_known(x: Tensor, time: float) -> Tensor:
            path = time * task.latents + (1.0 - time) * task.noise
            return velocity(x * (1 - task.mask) + path * task.mask, time)

        made = midpoint(around_known, task.noise, linear(steps), told)
        return made * (1 - task.mask) + task.latents * task.mask

    def _velocity(
        self, x: Tensor, time: float, task: _Task, text: TextFeatures, guidance_scale: float
    ) -> Tensor:
        """The guided velocity of candidates (B, C, T): caption and cues against neither."""
        count = len(x)
        context = _context(task, self.networks.transformer.config.context_channels)
        cues = None if task.cues is None else task.cues.expand(count, -1, -1)
        moments = torch.full((2 * count,), time, device=x.device)
        if guidance_scale == 1.0:
            words = _repeated(text.without_first(), count)
            return self.networks.transformer(x, moments[:count], words, context, cues)
        if cues is not None:
            cues = torch.cat([torch.zeros_like(cues), cues])
        out = self.networks.transformer(
            torch.cat([x, x]), moments, _repeated(text, count), torch.cat([context] * 2), cues
        )
        return classifier_free(out[count:], out[:count], guidance_scale)


def in_time(sound: Tensor, expected: Tensor) -> Tensor:
    """How well the onsets of a sound (S,) follow expected events (T,): their correlation."""
    heard = _blurred(onset_envelope(sound, LATENT_RATE_HZ))
    length = min(len(heard), len(expected))
    heard, wanted = heard[:length], _blurred(expected[:length])
    heard, wanted = heard - heard.mean(), wanted - wanted.mean()
    return (heard @ wanted) / (heard.norm() * wanted.norm() + 1e-6)


def _blurred(events: Tensor) -> Tensor:
    return F.avg_pool1d(events[None, None], _SMOOTHING, 1, _SMOOTHING // 2)[0, 0]


def _going_on(task: _Task, made: Tensor, span: Span) -> _Task:
    """A segment's task, with the end of what is made already known to it."""
    shared = made.shape[-1] - span[0]
    latents, mask = task.latents.clone(), task.mask.clone()
    latents[..., :shared] = made[..., span[0] :]
    mask[..., :shared] = 1.0
    return replace(task, latents=latents, mask=mask)


def _context(task: _Task, channels: int) -> Tensor:
    """Known latents, and their mask where the transformer takes one."""
    told = torch.cat([task.latents * task.mask, task.mask], dim=1)
    return told[:, :channels]


def _repeated(text: TextFeatures, count: int) -> TextFeatures:
    """Each prompt `count` times, one after the other."""
    states = tuple(part.repeat_interleave(count, 0) for part in text.states)
    return TextFeatures(states, text.mask.repeat_interleave(count, 0), None)


def _tell(on_step: OnStep, index: int, parts: int, step: int, steps: int, estimate: Tensor) -> None:
    """A step of one segment as a step of all of them."""
    on_step(index * steps + step, parts * steps, estimate)
