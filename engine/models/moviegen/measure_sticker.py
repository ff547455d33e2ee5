"""How long the sticker models take on a device, without the engine around them.

    python -m engine.models.moviegen.measure_sticker --device cuda:0 --json

From words and a still on the device to RGBA on the processor: text, denoising, decoding. `bench
sticker` is what a user waits; this says what a card could do.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.pipeline import ClipRequest, MovieGenPipeline
from engine.models.moviegen.text import load_text_encoder
from engine.models.moviegen.transformer import VideoTransformer

_MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"
_REPEATS, _SIDE, _FRAMES = 20, 256, 8
_ANIMATE_STEPS, _STICKER_STEPS = (8, 4), 8


@dataclass(frozen=True, slots=True)
class StickerCost:
    """Medians of seconds, by steps for animations."""

    device: str
    animate_s: dict[int, float]
    sticker_s: float


def load(models: Path, network: str, device: torch.device) -> MovieGenPipeline:
    """The pipeline of a folder of transformers, in bfloat16 on a GPU and float32 elsewhere."""
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    home = models / "pocket-video"
    encoder, tokenizer = load_text_encoder(models / "text-encoder")
    torch.nn.Module.to(encoder, device)
    return MovieGenPipeline(
        TemporalAutoencoder.from_folder(home / "autoencoder", dtype).to(device).eval(),
        VideoTransformer.from_folder(home / network, dtype).to(device).eval(),
        encoder,
        tokenizer,
    )


def seconds(pipeline: MovieGenPipeline, request: ClipRequest) -> float:
    """The median time from a request to RGBA, after two that warm up."""
    taken = []
    for index in range(_REPEATS + 2):
        started = time.perf_counter()
        pipeline.decode_rgba(pipeline.denoise(request, lambda *_: None))
        if index >= 2:
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def measure(models: Path, device: torch.device) -> StickerCost:
    """Both abilities."""
    still = torch.zeros(1, 3, 1, _SIDE, _SIDE, device=device)
    request = ClipRequest("a cat jumps", _SIDE, _SIDE, _FRAMES, 1, apart=True, reference=still)
    loops, stickers = (load(models, f"{n}-transformer", device) for n in ("loop", "sticker"))
    animate = {steps: seconds(loops, replace(request, steps=steps)) for steps in _ANIMATE_STEPS}
    one = ClipRequest("a cat", _SIDE, _SIDE, 1, 1, steps=_STICKER_STEPS, apart=True)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else str(device)
    return StickerCost(name, animate, seconds(stickers, one))


def main(argv: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time the sticker models on a device.")
    parser.add_argument("--device", default="cuda:0", help="cuda:0 or cpu (%(default)s)")
    parser.add_argument("--models", type=Path, default=_MODELS, help="where weights lie")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args(argv)
    cost = measure(arguments.models, torch.device(arguments.device))
    report = json.dumps(asdict(cost), indent=2) if arguments.json else _as_table(cost)
    sys.stdout.write(f"{report}\n")
    return 0


def _as_table(cost: StickerCost) -> str:
    lines = [f"{cost.device}: 256 × 256 RGBA, medians of {_REPEATS}"]
    lines += [f"loop of 8 frames, {n} steps  {s * 1e3:.1f} ms" for n, s in cost.animate_s.items()]
    lines.append(f"sticker, {_STICKER_STEPS} steps           {cost.sticker_s * 1e3:.1f} ms")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
