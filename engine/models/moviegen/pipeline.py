"""From a prompt and known frames to pixels: the pocket and paper pipeline as diffusers has them.

It knows nothing of jobs or files; engine.abilities turns recipes into its requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import torch
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from torch import Tensor
from transformers import BertModel, PreTrainedTokenizerFast

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.blocking import BlockedShot, place_channels, rough_cut
from engine.models.moviegen.given_frames import told_of
from engine.models.moviegen.matte import lift_off_matte
from engine.models.moviegen.reference_encoder import with_references
from engine.models.moviegen.text import encode_prompts
from engine.models.moviegen.transformer import TextFeatures, TokenGrid, VideoTransformer
from engine.sampling.euler import euler
from engine.sampling.guidance import classifier_free
from engine.sampling.schedules import linear_quadratic


@dataclass(frozen=True, slots=True)
class KnownFrames:
    """Frames that are given, not made: which latent frames they are, bool (T',), and the pixels

    (1, 3, F, H, W) in [-1, 1] of these alone, one after the other.
    """

    pixels: Tensor
    latent_frames: Tensor


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """What to make. `frames`, `width` and `height` are pixels; `guidance_scale` 1 means none.

    `spans` are the half-open stretches of latent frames that are made one after the other, each
    going on from what those before it made; without any the clip is made in one piece.
    """

    prompt: str
    width: int
    height: int
    frames: int
    seed: int
    steps: int = 8
    guidance_scale: float = 1.0
    negative_prompt: str = ""
    emulated_steps: int = 25
    known: KnownFrames | None = None
    spans: tuple[tuple[int, int], ...] = ()
    keyframe: bool = False
    """Whether the middle latent frame is made before all others, and they around it. What a clip

    shows is settled at the cost of a still, and need only be carried on (factorised generation,
    after Emu Video, Girdhar et al. 2023).
    """
    apart: bool = False
    """Whether each frame has a latent of its own, as those of stickers have."""
    reference: Tensor | None = None
    """A still (1, 3, 1, H, W) in [-1, 1] that every frame is made after without being one."""
    pictures: Tensor | None = None
    """Tokens (N, 16, D) of the pictures that tell who acts."""
    shot: BlockedShot | None = None
    """How the subject and the camera move, where that is known: its place is made first, the

    subject at rest in it, and then the clip, after a rough cut of both.
    """


OnStep = Callable[[int, int, Tensor], None]
"""(steps done, of, estimated normalised latents (1, C, T, H, W) of the span) -> None; may raise to

stop.
"""
OnPassStep = Callable[[int, int, int, Tensor], None]
"""The same of one of several passes, whose number comes first."""
_FROM_ROUGH = 0.5
"""From which time on a rough cut is finished: before, movement is settled, and it has that."""
_STILLS = 2
"""Stills that are made before a blocked shot: its place, and its subject there."""


class MovieGenPipeline(DiffusionPipeline):
    """Text, and frames if there are any, to video, by flow matching."""

    model_cpu_offload_seq = "text_encoder->transformer->autoencoder"

    def __init__(
        self,
        autoencoder: TemporalAutoencoder,
        transformer: VideoTransformer,
        text_encoder: BertModel,
        tokenizer: PreTrainedTokenizerFast,
    ) -> None:
        super().__init__()
        self.register_modules(
            autoencoder=autoencoder,
            transformer=transformer,
            text_encoder=text_encoder,
            tokenizer=tokenizer,
        )

    def with_transformer(self, transformer: VideoTransformer) -> MovieGenPipeline:
        """Another transformer between the same autoencoder and text encoder."""
        return MovieGenPipeline(self.autoencoder, transformer, self.text_encoder, self.tokenizer)

    def encode_text(self, prompts: list[str]) -> TextFeatures:
        """Features of prompts: states (B, L, D), mask (B, L), and the normalised mean (B, D)."""
        return encode_prompts(self.text_encoder, self.tokenizer, prompts)

    @torch.inference_mode()
    def denoise(self, request: ClipRequest, on_step: OnStep) -> Tensor:
        """Normalised latents (1, C, T, H, W) of the clip, telling `on_step` after each step.

        The noise of all spans is drawn at once, so that the seed and the size decide it. The
        prompt and its absence go through the transformer as one batch of two.
        """
        autoencoder, transformer = self.autoencoder, self.transformer
        device = transformer.device
        space = autoencoder.space_factor
        shape = (
            1,
            transformer.config.latent_channels,
            request.frames if request.apart else autoencoder.latent_frames(request.frames),
            request.height // space,
            request.width // space,
        )
        generator = torch.Generator("cpu").manual_seed(request.seed)
        noise = torch.randn(shape, generator=generator).to(device)
        known = self._known_latents(request.known, noise)
        if request.reference is not None:
            known = replace(known, reference=self.encode(request.reference))
        text = self._text(request, request.prompt)
        spans = request.spans or ((0, shape[2]),)
        passes = [_Pass(span) for span in spans]
        before = 0
        if request.shot is not None:
            before = _STILLS
            noises = torch.randn(_STILLS, *shape[:2], 1, *shape[3:], generator=generator)
            told = partial(_tell, on_step, spans=before + len(passes), full=request.steps)
            known = self._blocked(request.shot, request, known, noises.to(device), told)
        elif request.keyframe:
            passes.insert(0, _keyframe(spans[0]))
        for index, one in enumerate(passes, before):
            told = partial(_tell, on_step, index, spans=before + len(passes), full=request.steps)
            known = self._denoise_span(one, known, noise, text, request, told)
        return known.latents

    def _text(self, request: ClipRequest, prompt: str, *, empty: bool = False) -> TextFeatures:
        """Features of what is not wanted and of a prompt, in the transformer's type.

        Pictures of who acts follow; of a place that is `empty` nobody is told.
        """
        device, dtype = self.transformer.device, self.transformer.dtype
        features = self.encode_text([request.negative_prompt, prompt]).to(device, dtype)
        if request.pictures is None:
            return features
        return _told_of(features, request.pictures.to(device, dtype), empty=empty)

    def _blocked(
        self,
        shot: BlockedShot,
        request: ClipRequest,
        known: _KnownLatents,
        noises: Tensor,
        on_step: OnPassStep,
    ) -> _KnownLatents:
        """What is known, and the rough cut of a shot: its place and its subject are drawn first.

        `noises` (2, 1, C, 1, H, W) is what both are made of.
        """
        size, latent = (request.width, request.height), tuple(known.latents.shape[2:])
        here = _KnownLatents(torch.zeros_like(noises[0]), torch.zeros_like(noises[0][:, :1]))
        drawn = _Pass((0, 1))
        text = self._text(request, shot.place, empty=True)
        place = self._denoise_span(drawn, here, noises[0], text, request, partial(on_step, 0))
        at_rest = place_channels(shot.blocking.at_rest, size, (1, *latent[1:]))
        here = replace(here, told=place.latents, place=at_rest[None].to(noises))
        text = self._text(request, shot.still)
        still = self._denoise_span(drawn, here, noises[1], text, request, partial(on_step, 1))
        pictures = [self.decode(made.latents, 1)[0].numpy() for made in (still, place)]
        rough = torch.from_numpy(rough_cut(pictures[0], pictures[1], shot.blocking))
        pixels = rough.permute(3, 0, 1, 2)[None].float() / 127.5 - 1.0
        where = place_channels(shot.blocking, size, latent)[None].to(noises)
        return replace(known, told=self.encode(pixels), place=where, is_rough=True)

    def _denoise_span(
        self,
        one: _Pass,
        known: _KnownLatents,
        noise: Tensor,
        text: TextFeatures,
        request: ClipRequest,
        on_step: OnStep,
    ) -> _KnownLatents:
        """What is known once the span is made too."""
        transformer = self.transformer
        device, dtype = transformer.device, transformer.dtype
        here, noise = known.cut(one.span), noise[:, :, slice(*one.span)]
        origin = TokenGrid(one.first_frame, 0, 0)
        only_prompt = text.without_first()
        place = None if here.place is None else here.place.to(dtype)

        def velocity(x: Tensor, time: float) -> Tensor:
            x = here.put_into(x, noise, time)
            guided = request.guidance_scale != 1.0
            count = 2 if guided else 1
            out = transformer(
                x.to(dtype).expand(count, -1, -1, -1, -1),
                torch.full((count,), time, device=device),
                text if guided else only_prompt,
                here.condition.to(dtype).expand(count, -1, -1, -1, -1),
                origin,
                place=None if place is None else place.expand(count, -1, -1, -1, -1),
            ).float()
            return classifier_free(out[1:], out[:1], request.guidance_scale) if guided else out

        times = linear_quadratic(request.steps, max(request.emulated_steps, request.steps))
        if here.is_rough:
            steps = max(1, round(request.steps * (1 - _FROM_ROUGH)))
            times = torch.linspace(_FROM_ROUGH, 1.0, steps + 1).tolist()
        latents = euler(velocity, here.start(noise), times, on_step)
        return known.with_span(one.span, here.put_into(latents, noise, 1.0))

    @torch.inference_mode()
    def decode(self, latents: Tensor, frames: int) -> Tensor:
        """Pixels (F, H, W, 3) uint8 on the CPU of normalised latents (1, C, T, H, W)."""
        return torch.cat(list(self._decoded(latents)))[:frames]

    def _decoded(self, latents: Tensor) -> Iterator[Tensor]:
        """Finished frames (F, H, W, 3) uint8, tile by tile, so that memory is that of one tile."""
        tiles = self.autoencoder.decode_tiles(latents.to(self.autoencoder.dtype))
        yield from (to_uint8(tile[0]) for tile in tiles)

    def encode(self, pixels: Tensor) -> Tensor:
        """Normalised latents (1, C, T', H', W') float32 of pixels (1, 3, F, H, W) in [-1, 1]."""
        autoencoder = self.autoencoder
        return autoencoder.encode(pixels.to(autoencoder.device, autoencoder.dtype)).float()

    @torch.inference_mode()
    def decode_rgba(self, latents: Tensor) -> Tensor:
        """Straight RGBA (F, H, W, 4) uint8 on the CPU of latents of frames apart."""
        frames = latents.transpose(1, 2).flatten(0, 1)[:, :, None]
        video = self.autoencoder.decode_rgba(frames.to(self.autoencoder.dtype), 1)
        return to_uint8(lift_off_matte(video.float())[:, :, 0].transpose(0, 1))

    def _known_latents(self, known: KnownFrames | None, noise: Tensor) -> _KnownLatents:
        latents, mask = torch.zeros_like(noise), torch.zeros_like(noise[:, :1])
        if known is None:
            return _KnownLatents(latents, mask)
        factor, taken = self.autoencoder.time_factor, 0
        for start, end in runs(known.latent_frames.tolist()):
            pixels = known.pixels[:, :, taken : taken + (end - start) * factor]
            latents[:, :, start:end] = self.encode(pixels)
            mask[:, :, start:end] = 1.0
            taken += pixels.shape[2]
        return _KnownLatents(latents, mask)


@dataclass(frozen=True, slots=True)
class _Pass:
    """One stretch of latent frames that is made at once; `first_frame` is its place in time for

    the network, which knows windows only.
    """

    span: tuple[int, int]
    first_frame: int = 0


def _keyframe(window: tuple[int, int]) -> _Pass:
    start, end = window
    middle = (end - start) // 2
    return _Pass((start + middle, start + middle + 1), middle)


def runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """The half-open stretches of `flags` that are true: they are encoded as films of their own."""
    edges = [index for index in range(len(flags) + 1) if _at(flags, index) != _at(flags, index - 1)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _at(flags: Sequence[bool], index: int) -> bool:
    return bool(0 <= index < len(flags) and flags[index])


def _told_of(text: TextFeatures, pictures: Tensor, *, empty: bool) -> TextFeatures:
    """The prompt with pictures; what it is held against has none, nor has an empty place."""
    there = torch.zeros(2, len(pictures), dtype=torch.bool, device=pictures.device)
    there[1] = not empty
    return with_references(text, pictures.expand(2, -1, -1, -1), there)


def _tell(
    on_step: OnStep, index: int, step: int, steps: int, estimate: Tensor, *, spans: int, full: int
) -> None:
    """A step of one span as a step of all of them; `full` is how many a span has at most."""
    on_step(index * full + step * full // steps, spans * full, estimate)


@dataclass(frozen=True, slots=True)
class _KnownLatents:
    """Latents that are given, zero elsewhere, and their mask (1, 1, T, H, W).

    A reference (1, C, 1, H, W) is added to what the model is told of every frame. Of a shot that
    is blocked, `told` (1, C, T, H, W) is the rough cut, and `place` (1, P, T, H, W) where its
    subject is; one that `is_rough` is finished from there on.
    """

    latents: Tensor
    mask: Tensor
    reference: Tensor | None = None
    told: Tensor | None = None
    place: Tensor | None = None
    is_rough: bool = False

    def cut(self, span: tuple[int, int]) -> _KnownLatents:
        """The part of it that lies in a span."""
        part = slice(*span)
        told = None if self.told is None else self.told[:, :, part]
        place = None if self.place is None else self.place[:, :, part]
        latents, mask = self.latents[:, :, part], self.mask[:, :, part]
        return replace(self, latents=latents, mask=mask, told=told, place=place)

    def with_span(self, span: tuple[int, int], made: Tensor) -> _KnownLatents:
        """The same, and all of a span."""
        latents, mask = self.latents.clone(), self.mask.clone()
        latents[:, :, slice(*span)] = made
        mask[:, :, slice(*span)] = 1.0
        return replace(self, latents=latents, mask=mask)

    @property
    def condition(self) -> Tensor:
        if self.told is not None:
            told = torch.where(self.mask > 0, self.latents, self.told)
            return torch.cat([told, self.mask], dim=1)
        if self.reference is None:
            return told_of(self.latents, self.mask)
        return torch.cat([self.latents + self.reference, self.mask], dim=1)

    def start(self, noise: Tensor) -> Tensor:
        """Where making begins: the noise, or of a rough cut the way from it to there."""
        if not self.is_rough or self.told is None:
            return noise
        return _FROM_ROUGH * self.told + (1.0 - _FROM_ROUGH) * noise

    def put_into(self, x: Tensor, noise: Tensor, time: float) -> Tensor:
        """`x` with the given part where it must be on its path at `time`."""
        path = time * self.latents + (1.0 - time) * noise
        return x * (1 - self.mask) + path * self.mask


def to_uint8(video: Tensor) -> Tensor:
    """(C, F, H, W) in [-1, 1] to (F, H, W, C) uint8 on the CPU."""
    pixels = (video.float() * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8)
    return pixels.permute(1, 2, 3, 0).contiguous().cpu()
