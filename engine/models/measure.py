"""Hold the plan's memory against what the real classes take, with random weights at full size.

    python -m engine.models.measure [--model ID …] [--device cuda:0] [--json]

On a GPU the networks run and the driver's peaks are read. On a machine without one they are
traced: torch's fake tensors go through the real code at full size, and every byte that is alive
is counted, but nothing is computed and no memory is needed.
"""

from __future__ import annotations

import argparse
import json
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from diffusers.models.transformers.transformer_wan_vace import WanVACETransformer3DModel
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from transformers import UMT5Config, UMT5EncoderModel

from engine.catalogue import Component, Entry, load_catalogue
from engine.planning.activations import decoder_bytes, text_bytes, transformer_bytes
from engine.planning.shapes import token_grid
from engine.planning.sizes import format_bytes
from engine.protocol.plans import Precision
from engine.protocol.recipes import Ability, Recipe

_MODELS = ("wan2.1-1.3b", "wan2.2-ti2v-5b", "wan2.1-14b", "wan2.1-vace-1.3b")
_TRACED_BLOCKS = 2
_TEXT_TOKENS = 512


class LiveBytes(TorchDispatchMode):
    """Counts the bytes of all tensors made while it is on, and the most there were at once."""

    def __init__(self) -> None:
        super().__init__()
        self.live, self.peak = 0, 0
        self._known: dict[int, int] = {}

    def ignore(self, network: nn.Module) -> None:
        """Weights are there before the pass and are planned apart."""
        for value in (*network.parameters(), *network.buffers()):
            self._known[value.untyped_storage()._cdata] = 0

    def __torch_dispatch__(
        self, function: Any, _types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """See TorchDispatchMode."""
        result = function(*args, **(kwargs or {}))
        for value in tree_leaves(result):
            if isinstance(value, Tensor):
                self._count(value)
        self.peak = max(self.peak, self.live)
        return result

    def _count(self, value: Tensor) -> None:
        storage = value.untyped_storage()
        key = storage._cdata
        if key not in self._known:
            self._known[key] = storage.nbytes()
            self.live += storage.nbytes()
            weakref.finalize(storage, self._forget, key)

    def _forget(self, key: int) -> None:
        self.live -= self._known.pop(key, 0)


@dataclass(frozen=True, slots=True)
class Case:
    """One stage of one model at one size: bytes planned beside its weights, and found."""

    model: str
    stage: str
    size: str
    planned: int
    found: int

    @property
    def error(self) -> float:
        """How far the plan is from what was found, as a fraction of it; below 0 is too little."""
        return self.planned / self.found - 1.0


def measure(
    entry: Entry, device: torch.device | None, lengths: tuple[int, ...] = ()
) -> Iterator[Case]:
    """Every stage of a model at its first size, in frames full length and a third of it.

    `device` is a GPU to run on; None traces.
    """
    width, height = next(iter(entry.rules.aspects.values()))
    most = entry.rules.max_frames
    for frames in lengths or (most, most // 12 * 4 + 1):
        recipe = Recipe(
            ability=Ability.TEXT_TO_VIDEO,
            model=entry.id,
            width=width,
            height=height,
            frames=frames,
        )
        for component in entry.components:
            yield from _measure(entry, component, recipe, device)


def _measure(
    entry: Entry, component: Component, recipe: Recipe, device: torch.device | None
) -> Iterator[Case]:
    size = f"{recipe.width}x{recipe.height}x{recipe.frames}"
    match component.kind:
        case "wan_transformer":
            grid = token_grid(recipe.width, recipe.height, recipe.frames, entry.latent)
            planned = transformer_bytes(component, grid, Precision.BF16)
            make = _controlled_pass if entry.is_controlled else _transformer_pass
            run = make(entry, component, recipe)
            yield Case(entry.id, "denoise", size, planned, _peak(run, device))
        case "wan_vae":
            for tiled in (False, True):
                planned = decoder_bytes(component, recipe, tiled)
                run = _decoder_pass(entry, component, recipe, tiled)
                stage = "decode a tile" if tiled else "decode"
                yield Case(entry.id, stage, size, planned, _peak(run, device))
        case "umt5_encoder":
            planned = text_bytes(Precision.BF16)
            run = _text_pass(component, device is None)
            yield Case(entry.id, "text", size, planned, _peak(run, device))
        case _:
            return


Pass = Callable[[torch.device], tuple[nn.Module, Callable[[], Any]]]
"""Builds a network with random weights on a device; -> it, and a pass through it."""


def _peak(run: Pass, device: torch.device | None) -> int:
    return _traced(run) if device is None else _run_on_gpu(run, device)


def _traced(run: Pass) -> int:
    with FakeTensorMode(allow_non_fake_inputs=True):
        network, forward = run(torch.device("cpu"))
        live = LiveBytes()
        live.ignore(network)
        with torch.no_grad(), live:
            forward()
    return live.peak


def _run_on_gpu(run: Pass, device: torch.device) -> int:
    network, forward = run(device)
    torch.cuda.synchronize(device)
    before = torch.cuda.memory_allocated(device)
    torch.cuda.reset_peak_memory_stats(device)
    with torch.no_grad():
        forward()
    torch.cuda.synchronize(device)
    peak = torch.cuda.max_memory_allocated(device) - before
    del network, forward
    torch.cuda.empty_cache()
    return peak


def _transformer_pass(entry: Entry, component: Component, recipe: Recipe) -> Pass:
    config = {**component.config, "num_layers": _TRACED_BLOCKS}
    shape = _latent_shape(entry, recipe)
    channels, grid = component.number("in_channels"), token_grid(*_wht(recipe), entry.latent)

    def run(device: torch.device) -> tuple[nn.Module, Callable[[], Any]]:
        with _made(torch.bfloat16, device):
            network = WanTransformer3DModel(**config).eval()
            inputs = torch.randn(1, channels, *shape)
            words = torch.randn(1, _TEXT_TOKENS, 4096)
        _keep_fp32(network)
        times = (1, grid.tokens) if component.per_token_time else (1,)
        time = torch.ones(times, device=device)
        return network, lambda: network(inputs, time, words)

    return run


def _controlled_pass(entry: Entry, component: Component, recipe: Recipe) -> Pass:
    """All layers: what each of the blocks that read what is known makes is held until its turn."""
    config: dict[str, Any] = dict(component.config)
    shape = _latent_shape(entry, recipe)

    def run(device: torch.device) -> tuple[nn.Module, Callable[[], Any]]:
        with _made(torch.bfloat16, device):
            network = WanVACETransformer3DModel(**config).eval()
            inputs = torch.randn(1, component.number("in_channels"), *shape)
            known = torch.randn(1, component.number("vace_in_channels"), *shape)
            words = torch.randn(1, _TEXT_TOKENS, 4096)
        _keep_fp32(network)
        time = torch.ones(1, device=device)
        return network, lambda: network(inputs, time, words, control_hidden_states=known)

    return run


def _decoder_pass(entry: Entry, component: Component, recipe: Recipe, tiled: bool) -> Pass:
    frames, rows, columns = _latent_shape(entry, recipe)
    tile = 256 // entry.latent.space
    rows, columns = (min(rows, tile), min(columns, tile)) if tiled else (rows, columns)
    config: dict[str, Any] = dict(component.config)
    if entry.latent.channels != 16:
        config |= {"latents_mean": [0.0] * 48, "latents_std": [1.0] * 48}

    def run(device: torch.device) -> tuple[nn.Module, Callable[[], Any]]:
        with _made(torch.float32, device):
            network = AutoencoderKLWan(**config).eval()
            latents = torch.randn(1, entry.latent.channels, frames, rows, columns)
        return network, lambda: network.decode(latents, return_dict=False)

    return run


def _text_pass(component: Component, is_traced: bool) -> Pass:
    config = {**component.config, "num_layers": _TRACED_BLOCKS}
    if is_traced:
        config["vocab_size"] = 1000

    def run(device: torch.device) -> tuple[nn.Module, Callable[[], Any]]:
        with _made(torch.bfloat16, device):
            network = UMT5EncoderModel(UMT5Config(**config)).eval()
            ids = torch.ones((1, _TEXT_TOKENS), dtype=torch.long)
        return network, lambda: network(ids, torch.ones_like(ids))

    return run


@contextmanager
def _made(dtype: torch.dtype, device: torch.device) -> Iterator[None]:
    """Tensors made inside are of this type and on this device."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with device:
            yield
    finally:
        torch.set_default_dtype(before)


def _keep_fp32(network: nn.Module) -> None:
    keep = set(getattr(network, "_keep_in_fp32_modules", None) or ())
    for name, value in list(network.named_parameters()):
        if keep & set(name.split(".")):
            path, _, leaf = name.rpartition(".")
            whole = nn.Parameter(value.detach().float(), requires_grad=False)
            network.get_submodule(path)._parameters[leaf] = whole


def _latent_shape(entry: Entry, recipe: Recipe) -> tuple[int, int, int]:
    grid = token_grid(*_wht(recipe), entry.latent)
    return grid.frames, grid.rows * entry.latent.patch, grid.columns * entry.latent.patch


def _wht(recipe: Recipe) -> tuple[int, int, int]:
    return recipe.width, recipe.height, recipe.frames


def figures(cases: list[Case], device: str) -> dict[str, Any]:
    """The cases as the object that `bench` commands print."""
    worst = max(cases, key=lambda case: abs(case.error))
    short = min(case.error for case in cases)
    return {
        "name": "memory",
        "machine": device,
        "figures": [
            {"figure": "plan_error_max", "value": round(abs(worst.error), 4), "unit": "fraction"},
            {"figure": "plan_short_max", "value": round(max(0.0, -short), 4), "unit": "fraction"},
        ],
        "cases": [
            {name: getattr(case, name) for name in ("model", "stage", "size", "planned", "found")}
            for case in cases
        ],
    }


def main() -> None:
    """Print each case, planned and found, and the largest error."""
    parser = argparse.ArgumentParser(description="Hold memory plans against the real classes.")
    parser.add_argument("--model", action="append", help="a catalogue id; may be repeated")
    parser.add_argument("--device", help="a GPU to run on, such as cuda:0; traced without one")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    device = torch.device(arguments.device) if arguments.device else None
    catalogue = load_catalogue()
    cases = []
    for model in arguments.model or _MODELS:
        for case in measure(catalogue.entry(model), device):
            cases.append(case)
            if not arguments.json:
                print(_line(case), flush=True)  # noqa: T201
    where = torch.cuda.get_device_name(device) if device else "traced"
    if arguments.json:
        print(json.dumps(figures(cases, where)))  # noqa: T201


def _line(case: Case) -> str:
    planned, found = format_bytes(case.planned), format_bytes(case.found)
    return (
        f"{case.model:16} {case.stage:14} {case.size:14} planned {planned:>9}  "
        f"found {found:>9}  {case.error:+.1%}"
    )


if __name__ == "__main__":
    main()
