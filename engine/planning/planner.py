"""The plan of a job: the best setting that fits a machine, or why none does and what would fit.

`plan_job` is the whole of it. It never raises for a recipe that cannot be made: the plan then
carries a refusal, and where there is one the nearest recipe that can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import msgspec

from engine.catalogue import Entry
from engine.errors import BadRequest, EngineError, UnsupportedAbility
from engine.planning.calibration import Calibration, RunKey
from engine.planning.edit_reading import instruction_of, scale_of
from engine.planning.edit_vocabulary import LEARNT, OPTICALS, REDRAWN, EditVocabulary
from engine.planning.machine import Machine, shares_ram, usable_bytes
from engine.planning.nearest import nearest_that_fits
from engine.planning.needs import Needs, Setting, needs_of
from engine.planning.optical_work import FAMILY
from engine.planning.settings import settings_for
from engine.planning.shapes import (
    LIKE_SOURCE,
    SOUND,
    at_once,
    limits_broken,
    snap,
    token_grid,
    within_limits,
    worked,
)
from engine.planning.sizes import format_bytes, format_seconds
from engine.planning.subjects import names_nothing_known, understood_names
from engine.planning.timing import forecast_s, is_guided, is_measured, work_of
from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.protocol.plans import DeviceInfo, Offload, Plan, Precision
from engine.protocol.recipes import OFF, REWRITE, USUAL_SCALE, Ability, Recipe

_OWN_WORDS = frozenset({Ability.EDIT_VIDEO, Ability.PERSONALIZE_VIDEO})
"""Abilities whose prompt need not name a subject that a model knows."""
_EDIT_WORDS = {"moviegen": LEARNT, FAMILY: OPTICALS}
"""What the editors of a family can be asked for by word; the open ones' are anything."""

_NO_PAST = Calibration(Path("no-such-file"))
_FRAME_FILE_BYTES = 0.25
"""Bytes of a finished video per pixel and frame, generously."""
_LATENT_FILE_BYTES = 1920 * 2
"""Bytes of finished sound, 16 bits at 48 kHz, per latent."""

_TOO_LONG_S = 2 * 3600

_WAITING = {
    Offload.MODEL: "Each network waits in the machine's memory until its stage comes.",
    Offload.STAGE: "Each network is read from the disk for its stage and let go after it.",
    Offload.GROUP: "The weights stream from the machine's memory through the device.",
    Offload.DISK: "The weights stream from the disk through every step, which is slow.",
}
_HELD = {
    Precision.INT8: "The weights are held in 8 bits, which changes the picture a little.",
    Precision.NF4: "The weights are held in 4 bits, which changes the picture.",
}


class _BeyondLimits(BadRequest):
    """A size or a length that the model was not made for."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a plan depends on beside recipe, model and machine."""

    installed: bool = True
    past: Calibration = _NO_PAST
    below: Plan | None = None


@dataclass(frozen=True, slots=True)
class _Option:
    device: DeviceInfo
    setting: Setting
    needs: Needs


def plan_job(
    recipe: Recipe, entry: Entry, machine: Machine, given: Circumstances = Circumstances()
) -> Plan:
    """What `recipe` needs with the model `entry` on `machine`."""
    entry = entry.doing(recipe.ability)
    snapped = snap(recipe, entry)
    try:
        _check(snapped.recipe, entry, recipe)
        options = list(_options(snapped.recipe, entry, machine))
    except EngineError as problem:
        return _refused_unplanned(snapped.recipe, entry, machine, problem)
    fitting = (o for o in options if _fits(o, machine) and _is_below(o, given.below))
    best = next(fitting, None)
    if best is None:
        return _refused(snapped.recipe, entry, machine, given, options)
    plan = _plan(snapped.recipe, entry, machine, given, best)
    plan = msgspec.structs.replace(plan, notes=(*snapped.notes, *_notes(best, entry, plan, given)))
    return _checked_for_disk(plan, machine)


def fits(recipe: Recipe, entry: Entry, machine: Machine) -> bool:
    """Whether some setting of a snapped recipe fits the machine's memory."""
    return any(_fits(option, machine) for option in _options(recipe, entry, machine))


def _check(recipe: Recipe, entry: Entry, asked: Recipe) -> None:
    if recipe.ability not in entry.abilities:
        able = ", ".join(ability.value for ability in entry.abilities)
        raise UnsupportedAbility(
            f"{entry.title} cannot do {recipe.ability.value}.", f"It can do {able}."
        )
    words = _edit_words(entry)
    if recipe.ability is Ability.EDIT_VIDEO and words is not None:
        if recipe.prompt.strip():
            instruction_of(recipe, words)  # its refusal says what the model has words for
        for scale in USUAL_SCALE:
            scale_of(recipe, scale)
    problem = limits_broken(recipe, entry, asked)
    if problem:
        raise _BeyondLimits(problem)


def _edit_words(entry: Entry) -> EditVocabulary | None:
    return REDRAWN if entry.is_controlled else _EDIT_WORDS.get(entry.family)


def _options(recipe: Recipe, entry: Entry, machine: Machine) -> Iterator[_Option]:
    """Every way to run it, on the first device first."""
    for device in machine.devices:
        for setting in settings_for(recipe, entry, device):
            yield _Option(device, setting, needs_of(recipe, entry, device, setting))


def _fits(option: _Option, machine: Machine) -> bool:
    if option.needs.vram > usable_bytes(option.device):
        return False
    return option.needs.ram <= _ram(option.device, machine)


def _ram(device: DeviceInfo, machine: Machine) -> int:
    """Memory that a job on the device may count on; a shared device's own figure is the limit."""
    if not shares_ram(device):
        return machine.usable_ram_bytes
    return replace(machine, ram_free_bytes=device.free_bytes).usable_ram_bytes


def _is_below(option: _Option, below: Plan | None) -> bool:
    """Whether it needs less of what the failed plan's device ran out of."""
    if below is None:
        return True
    if shares_ram(option.device) or below.vram_bytes == 0:
        return option.needs.ram < below.ram_bytes
    return option.needs.vram < below.vram_bytes


def _plan(
    recipe: Recipe, entry: Entry, machine: Machine, given: Circumstances, option: _Option
) -> Plan:
    setting, needs, device = option.setting, option.needs, option.device
    made = worked(recipe, entry)
    once = at_once(made, entry)
    download = 0 if given.installed or entry.source.kind != "hub" else entry.download_bytes
    frame = _LATENT_FILE_BYTES if recipe.ability in SOUND else _FRAME_FILE_BYTES
    output = made.width * made.height * made.frames * frame
    work = work_of(recipe, entry, needs.read, setting.tiled)
    return Plan(
        model=entry.id,
        device=device.id,
        precision=setting.precision,
        offload=setting.offload,
        tiled_decode=setting.tiled,
        tokens=token_grid(once.width, once.height, once.frames, entry.latent).tokens,
        vram_bytes=needs.vram,
        ram_bytes=needs.ram,
        disk_bytes=download + round(output),
        download_bytes=download,
        seconds=forecast_s(work, _key(entry, option), device, given.past),
        recipe=recipe,
        parts=needs.parts,
        device_name=device.name,
        device_free_bytes=device.free_bytes,
        ram_free_bytes=_ram(device, machine),
    )


def _key(entry: Entry, option: _Option) -> RunKey:
    return run_key(entry.id, option.device.name, option.setting.precision, option.setting.offload)


def run_key(model: str, device: str, precision: Precision, offload: Offload) -> RunKey:
    """The key under which a worker records a run's speed and the planner finds it."""
    return RunKey(model, device, f"{precision.value}/{offload.value}")


def _understood(recipe: Recipe | None, entry: Entry) -> frozenset[str]:
    """Other names for what the model learnt; none where its words are to be left alone."""
    kept = recipe is not None and recipe.options.get(REWRITE) == OFF
    if kept:
        return frozenset()
    return understood_names(entry.id, cut_from_art=entry.cut_from_art)


def _guess(entry: Entry) -> str:
    if entry.cut_from_art:
        return (
            "The art library has nothing by a name in this prompt: the nearest thing stands in, or "
            "what is drawn is a guess."
        )
    return (
        f"{entry.title} has learnt {len(entry.subjects)} subjects, such as "
        f"{', '.join(entry.subjects[:3])}. It finds none in this prompt and will guess."
    )


def _notes(option: _Option, entry: Entry, plan: Plan, given: Circumstances) -> Iterator[str]:
    setting = option.setting
    prompt = "" if plan.recipe is None else plan.recipe.prompt.strip()
    own_words = plan.recipe is not None and plan.recipe.ability in _OWN_WORDS
    if (
        prompt
        and not own_words
        and names_nothing_known(prompt, entry.subjects, _understood(plan.recipe, entry))
    ):
        yield _guess(entry)
    if (
        plan.recipe is not None
        and plan.recipe.negative_prompt
        and not is_guided(plan.recipe, entry)
    ):
        yield (
            f"{entry.title} takes no heed of what must not appear, unless guidance is set above 1; "
            "that takes twice as long."
        )
    if setting.precision in _HELD:
        yield _HELD[setting.precision]
    if setting.offload in _WAITING and not shares_ram(option.device):
        yield _WAITING[setting.offload]
    if plan.download_bytes:
        yield (
            f"{entry.title} is not on this machine yet: {format_bytes(plan.download_bytes)} to "
            f"download."
        )
    if not entry.runnable:
        yield "This version cannot run this model; the plan is for information."
    if plan.seconds is None:
        yield "The time is not known until this model has run here once."
    elif plan.seconds > _TOO_LONG_S:
        yield (
            f"It would take {format_seconds(plan.seconds)} here: choose a smaller size, fewer "
            "frames or steps, a smaller model, or a GPU server."
        )
    elif not is_measured(_key(entry, option), given.past):
        yield "The time is a first guess; after one run here it is measured."


def _checked_for_disk(plan: Plan, machine: Machine) -> Plan:
    if plan.disk_bytes <= machine.disk_free_bytes:
        return plan
    refusal = ErrorInfo(
        code=ErrorCode.DISK_FULL,
        message=(
            f"It needs {format_bytes(plan.disk_bytes)} of disk, and "
            f"{format_bytes(machine.disk_free_bytes)} are free where the models are kept."
        ),
        hint="Free some space there, or keep the models on another disk.",
    )
    return msgspec.structs.replace(plan, refusal=refusal)


def _refused(
    recipe: Recipe, entry: Entry, machine: Machine, given: Circumstances, options: list[_Option]
) -> Plan:
    """No setting fits: the plan of the one that needs least, with a refusal and the way out."""
    closest = min(options, key=lambda option: _shortage(option, machine))
    made = worked(recipe, entry)
    nearest = None
    if recipe.ability not in LIKE_SOURCE | SOUND:
        sized = msgspec.structs.replace(recipe, width=made.width, height=made.height)
        nearest = nearest_that_fits(sized, entry, lambda r: fits(r, entry, machine))
    return msgspec.structs.replace(
        _plan(recipe, entry, machine, given, closest),
        refusal=ErrorInfo(
            code=ErrorCode.DOES_NOT_FIT,
            message=_why(made, entry, machine, closest),
            hint=_way_out(recipe, nearest, given.below),
        ),
        nearest=nearest,
    )


def _shortage(option: _Option, machine: Machine) -> int:
    """Bytes by which a setting is too large for its device and for the machine."""
    over_device = max(0, option.needs.vram - usable_bytes(option.device))
    return over_device + max(0, option.needs.ram - _ram(option.device, machine))


def _why(recipe: Recipe, entry: Entry, machine: Machine, closest: _Option) -> str:
    device, needs = closest.device, closest.needs
    shape = f"{recipe.width} × {recipe.height} and {recipe.frames} frames"
    if recipe.ability in SOUND:
        shape = f"{float(recipe.frames / Fraction(recipe.rate)):g} s"
    if needs.vram > usable_bytes(device):
        need, free, where = needs.vram, usable_bytes(device), f"on {device.name}"
    else:
        need, free, where = needs.ram, _ram(device, machine), "of this machine's memory"
    return (
        f"{entry.title} at {shape} needs {format_bytes(need)} {where} even in its most sparing "
        f"setting, and {format_bytes(free)} can be used."
    )


def _way_out(recipe: Recipe, nearest: Recipe | None, below: Plan | None) -> str:
    if below is not None and nearest == recipe:
        return "Close other programs, or choose a smaller size or fewer frames."
    if nearest is None:
        return "Choose a smaller model, or run it on a GPU server."
    return f"{nearest.width} × {nearest.height} with {nearest.frames} frames would fit."


def _nearest_within_limits(recipe: Recipe, entry: Entry, machine: Machine) -> Recipe | None:
    if min(recipe.width, recipe.height, recipe.frames) < 0 or recipe.ability in LIKE_SOURCE | SOUND:
        return None
    within = snap(within_limits(recipe, entry.rules), entry).recipe
    return nearest_that_fits(within, entry, lambda r: fits(r, entry, machine))


def _refused_unplanned(
    recipe: Recipe, entry: Entry, machine: Machine, problem: EngineError
) -> Plan:
    """A recipe beyond the model's limits is not worked out; the nearest within them is named."""
    nearest = None
    if isinstance(problem, _BeyondLimits):
        nearest = _nearest_within_limits(recipe, entry, machine)
    hint = problem.hint
    if nearest is not None:
        hint = f"It can make {nearest.width} × {nearest.height} with {nearest.frames} frames."
    return Plan(
        model=entry.id,
        device=machine.devices[0].id if machine.devices else "",
        precision=entry.precisions[0],
        offload=Offload.NONE,
        tiled_decode=False,
        tokens=0,
        vram_bytes=0,
        ram_bytes=0,
        disk_bytes=0,
        download_bytes=0,
        refusal=ErrorInfo(code=problem.code, message=problem.message, hint=hint),
        nearest=nearest,
        recipe=recipe,
    )
