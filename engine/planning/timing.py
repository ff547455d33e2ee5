"""How long a job will take, from the operations it needs and the rates measured on this machine."""

from __future__ import annotations

from dataclasses import dataclass

import psutil

from engine.catalogue import Component, Entry
from engine.planning.activations import TEXT_TOKENS, transformer_width
from engine.planning.calibration import Calibration, RunKey, Stage
from engine.planning.edit_reading import guidance_of
from engine.planning.multiplane_work import multiplane_work
from engine.planning.optical_work import FAMILY, optical_work
from engine.planning.shapes import MULTIPLANE, SOUND, at_once, source_pixels, token_grid, worked
from engine.protocol.plans import DeviceInfo
from engine.protocol.recipes import Ability, Recipe

_PUBLISHED_TFLOPS = {
    "H200": 989, "H100": 989, "A100": 312, "L40S": 362,
    "RTX 5090": 209, "RTX 4090": 165, "RTX 3090": 71,
}  # fmt: skip
"""Dense bfloat16 with float32 sums, as their makers give it, until a run has been measured."""

_EFFICIENCY: dict[Stage, float] = {"text": 0.4, "denoise": 0.45, "decode": 0.2}
"""Share of a processor's matrix rate that a stage reaches; convolutions reach less."""

_CORE_RATE = 6e10
"""Operations a second of one core with 256-bit vectors, until a run has been measured."""

_SOUND_EVALUATIONS = 4
"""Of a step that makes sound: two for the midpoint solver, for each of two candidates."""

_CUT_OUTS, _LAID_PER_PIXEL = "animatic", 400.0
"""The family whose frames are laid of pictures, and what a pixel of one costs, coding included:

about 10 ms for 1024 × 576 on two cores.
"""

_DISK_BYTES_PER_S = 8e8
"""Reading and casting weights from a solid-state disk."""


@dataclass(frozen=True, slots=True)
class Work:
    """Operations of each stage; `load` is bytes read. Enlarging and interpolating count as

    denoising: it is the stage in which the work is. Laying frames of cut-outs counts as decoding.
    """

    load: float
    text: float
    denoise: float
    decode: float


def work_of(recipe: Recipe, entry: Entry, load_bytes: int, tiled: bool) -> Work:
    """The operations that a snapped recipe needs."""
    if entry.family == FAMILY:
        return _work_of_opticals(recipe, entry, load_bytes)
    if entry.family == MULTIPLANE:
        moved = multiplane_work(recipe)
        return Work(load_bytes, moved.looking, moved.interpolating, moved.laying)
    laying = _laying_operations(recipe, entry)
    recipe = worked(recipe, entry)
    windows = entry.windows.count(recipe.frames) if entry.windows else 1
    forward = forward_operations(at_once(recipe, entry), entry)
    return Work(
        load=load_bytes,
        text=2 * sum(_text_operations(part) for part in entry.components),
        denoise=passes(recipe, entry) * windows * forward + _enlarging_operations(recipe, entry),
        decode=_decode_operations(recipe, entry, tiled) + laying,
    )


def _laying_operations(recipe: Recipe, entry: Entry) -> float:
    pixels = recipe.width * recipe.height * recipe.frames
    return _LAID_PER_PIXEL * pixels if entry.family == _CUT_OUTS else 0.0


def _work_of_opticals(recipe: Recipe, entry: Entry, load_bytes: int) -> Work:
    """Looking counts as reading, and printing as decoding: they come first and last."""
    optical, still = optical_work(recipe), worked(recipe, entry)
    drawing = passes(still, entry) * forward_operations(still, entry)
    return Work(
        load=load_bytes if optical.stills else 0,
        text=optical.looking,
        denoise=optical.stills * drawing,
        decode=optical.printing,
    )


def passes(recipe: Recipe, entry: Entry) -> int:
    """Passes through the denoising transformer: one a step, and one more where guided.

    An editor of ours compares up to three, as its two scales have it: with nothing, with the
    source, with the instruction as well.
    """
    steps = recipe.sampler.steps or entry.defaults.steps
    if recipe.ability is Ability.EDIT_VIDEO and _has_tasks(entry):
        keep, follow = guidance_of(recipe)
        return steps * sum(share != 0 for share in (1 - keep, keep - follow, follow))
    if recipe.ability in SOUND:
        steps *= _SOUND_EVALUATIONS
    return steps * (2 if is_guided(recipe, entry) else 1)


def _has_tasks(entry: Entry) -> bool:
    transformer = entry.component("moviegen_transformer")
    return transformer is not None and transformer.number("tasks") > 0


def is_guided(recipe: Recipe, entry: Entry) -> bool:
    """Whether each step compares the prompt with its absence, or with what must not appear."""
    guidance = recipe.sampler.guidance_scale
    return (entry.defaults.guidance_scale if guidance is None else guidance) > 1


def forward_operations(recipe: Recipe, entry: Entry) -> float:
    """Floating-point operations of one pass of the denoising transformer."""
    transformer = entry.component("wan_transformer") or entry.component("moviegen_transformer")
    if transformer is None:
        return 0.0
    tokens = token_grid(recipe.width, recipe.height, recipe.frames, entry.latent).tokens
    width = transformer_width(transformer)
    text = transformer.number("text_tokens", TEXT_TOKENS)
    cross_kv = transformer.blocks * 2 * width * width
    matrices = 2 * ((transformer.block_parameters - cross_kv) * tokens + cross_kv * text)
    attention = transformer.blocks * 4 * width * tokens * (tokens + text)
    return float(matrices + attention)


def forecast_s(work: Work, key: RunKey, device: DeviceInfo, past: Calibration) -> float | None:
    """Seconds that the job will take; None where nothing is known of the device's speed."""
    loading_s = work.load / _DISK_BYTES_PER_S
    stages: tuple[tuple[Stage, float], ...] = (
        ("text", work.text), ("denoise", work.denoise), ("decode", work.decode),
    )  # fmt: skip
    seconds = [_stage_s(stage, operations, key, device, past) for stage, operations in stages]
    if any(value is None for value in seconds):
        return None
    return loading_s + sum(value for value in seconds if value is not None)


def is_measured(key: RunKey, past: Calibration) -> bool:
    """Whether the forecast rests on a run of this very setting."""
    return any(past.rate(key, stage) is not None for stage in ("denoise", "decode"))


def _stage_s(
    stage: Stage, operations: float, key: RunKey, device: DeviceInfo, past: Calibration
) -> float | None:
    measured = past.rate(key, stage) or past.rate_of_device(device.name, stage)
    if measured is not None:
        return operations / measured
    nominal = _nominal_rate(device)
    return None if nominal is None else operations / (nominal * _EFFICIENCY[stage])


def _nominal_rate(device: DeviceInfo) -> float | None:
    if device.kind == "cpu":
        return processor_rate()
    name = device.name.upper()
    known = (rate for label, rate in _PUBLISHED_TFLOPS.items() if label in name)
    return next((rate * 1e12 for rate in known), None)


def processor_rate() -> float:
    """Operations a second that this machine's processor may be hoped to do on matrices."""
    return (psutil.cpu_count(logical=False) or 1) * _CORE_RATE


def _text_operations(component: Component) -> float:
    if component.kind not in ("umt5_encoder", "clip_vision"):
        return 0.0
    tokens = TEXT_TOKENS if component.kind == "umt5_encoder" else 257
    return 2.0 * component.block_parameters * tokens


def _enlarging_operations(recipe: Recipe, entry: Entry) -> float:
    enlarger = entry.component("enlarger")
    if enlarger is None:
        return 0.0
    return source_pixels(recipe) * recipe.frames * enlarger.pixel_frame_flops


def _decode_operations(recipe: Recipe, entry: Entry, tiled: bool) -> float:
    decoder = entry.component("wan_vae") or entry.component("moviegen_tae")
    if decoder is None:
        return 0.0
    pixels = recipe.width * recipe.height * recipe.frames
    return pixels * decoder.pixel_frame_flops * (1.7 if tiled else 1.0)
