"""One message of each kind, every field filled, and the golden files made from them.

`python -m tests.engine.protocol_samples` writes the goldens anew; look at the diff before
committing it, for a changed golden is a changed wire.
"""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

import msgspec

import engine.protocol
from engine.protocol.assets import AssetRef, MediaInfo, Output, UploadStatus
from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.protocol.installs import (
    InstallAction,
    InstallDone,
    InstallFailed,
    Installing,
    InstallRequest,
)
from engine.protocol.jobs import (
    Cancelled,
    Done,
    Failed,
    Job,
    JobEvent,
    JobList,
    JobRequest,
    Queued,
    Running,
)
from engine.protocol.local import Holding, LocalEndpoint
from engine.protocol.models import FrameRules, Health, Licence, ModelCard
from engine.protocol.plans import DeviceInfo, Offload, Plan, PlanPart, PlanRequest, Precision
from engine.protocol.ratings import Candidate, Choice, Rater, Reason, Verdict
from engine.protocol.recipes import (
    Ability,
    AdapterRef,
    InputAsset,
    InputRole,
    Recipe,
    Sampler,
)

GOLDENS = Path(__file__).resolve().parents[1] / "goldens" / "protocol"

_HASH = "0123456789abcdef" * 4
_SAMPLER = Sampler(steps=50, guidance_scale=7.5, schedule="linear-quadratic")
_INPUT = InputAsset(role=InputRole.FIRST_FRAME, sha256=_HASH, in_s="1/24", out_s="5/2")
_ADAPTER = AdapterRef(sha256=_HASH, scale=0.8)
_RECIPE = Recipe(
    ability=Ability.IMAGE_TO_VIDEO,
    model="pocket-video",
    prompt="a fox runs through snow",
    negative_prompt="blur",
    seed=7,
    width=256,
    height=144,
    frames=25,
    rate="24000/1001",
    sampler=_SAMPLER,
    inputs=(_INPUT,),
    adapters=(_ADAPTER,),
    options={"strength": 0.5, "loop": True, "tiles": 4, "mode": "soft"},
    weights_sha256=_HASH,
    engine_version="0.1.0",
)
_ASSET = AssetRef(sha256=_HASH, size_bytes=123456, media_type="video/mp4")
_MEDIA = MediaInfo(
    width=256, height=144, frames=25, rate="12/1", sample_rate_hz=48000, has_alpha=True
)
_OUTPUT = Output(asset=_ASSET, media=_MEDIA, name="clip")
_ERROR = ErrorInfo(code=ErrorCode.DISK_FULL, message="The disk is full.", hint="Free some space.")
_DEVICE = DeviceInfo(
    id="cuda:0",
    kind="cuda",
    name="RTX 4090",
    memory_bytes=25_757_220_864,
    free_bytes=24_000_000_000,
    supports_bf16=True,
)
_LICENCE = Licence(
    spdx="Apache-2.0",
    title="Apache License 2.0",
    commercial=True,
    limits="None.",
    url="https://www.apache.org/licenses/LICENSE-2.0",
)
_RULES = FrameRules(
    size_multiple=16,
    frame_step=4,
    frame_offset=1,
    max_frames=81,
    rates=("16/1",),
    aspects={"16:9": (832, 480)},
    max_pixels=399_360,
)
_CARD = ModelCard(
    id="wan2.1-1.3b",
    title="Wan 2.1 1.3B",
    family="wan",
    tier="local",
    abilities=(Ability.TEXT_TO_VIDEO,),
    licence=_LICENCE,
    rules=_RULES,
    size_bytes=17_000_000_000,
    installed=True,
    weights_sha256=_HASH,
    note="Good motion.",
    runnable=True,
    options={"moves": "eased"},
)
_PART = PlanPart(name="denoising", weights_bytes=2_800_000_000, working_bytes=3_100_000_000)
_PLAN = Plan(
    model="wan2.1-1.3b",
    device="cuda:0",
    precision=Precision.NF4,
    offload=Offload.GROUP,
    tiled_decode=True,
    tokens=32760,
    vram_bytes=6_000_000_000,
    ram_bytes=12_000_000_000,
    disk_bytes=17_000_000_000,
    download_bytes=17_000_000_000,
    seconds=240.0,
    notes=("Decoded in tiles.",),
    refusal=_ERROR,
    nearest=_RECIPE,
    recipe=_RECIPE,
    parts=(_PART,),
    device_free_bytes=24_000_000_000,
    ram_free_bytes=20_000_000_000,
    device_name="RTX 4090",
)
_RUNNING = Running(phase="denoising", step=3, steps=50, seconds_left=12.5, attempt=2)
_JOB = Job(id="job-0001", recipe=_RECIPE, state=_RUNNING, priority=1, created_at_s=1_700_000_000.5)

_CANDIDATE = Candidate(
    id="0007", file="pictures/0007.webp", prompt="a fox waves", source="teacher-2", seed=7
)
_CHOICE = Choice(
    id="0007",
    verdict=Verdict.REJECT,
    by=Rater.PERSON,
    when="2026-11-22T21:30:00+00:00",
    reasons=(Reason.CROPPED, Reason.NO_MOTION),
)

SAMPLES: dict[str, msgspec.Struct] = {
    type(sample).__name__: sample
    for sample in (
        _SAMPLER,
        _CANDIDATE,
        _CHOICE,
        _INPUT,
        _ADAPTER,
        _RECIPE,
        _ASSET,
        _MEDIA,
        _OUTPUT,
        _ERROR,
        _DEVICE,
        _LICENCE,
        _RULES,
        _CARD,
        _PART,
        _PLAN,
        PlanRequest(
            recipe=_RECIPE, devices=(_DEVICE,), ram_bytes=32 * 2**30, disk_bytes=100 * 2**30
        ),
        _RUNNING,
        _JOB,
        Queued(ahead=2),
        Done(
            outputs=(_OUTPUT,),
            recipe=_RECIPE,
            model_s=1.25,
            notes=("Made again at a lower plan.",),
            peak_ram_bytes=1_500_000_000,
            peak_vram_bytes=6_000_000_000,
        ),
        Failed(error=_ERROR, notes=("The worker was begun again.",)),
        Cancelled(),
        JobRequest(id="job-0001", recipe=_RECIPE, priority=1),
        JobEvent(sequence=42, job_id="job-0001", state=_RUNNING, preview=b"\xff\xd8\xff"),
        JobList(jobs=(_JOB,), sequence=42),
        UploadStatus(sha256=_HASH, received_bytes=4096, complete=False),
        Health(
            protocol_version=1,
            engine_version="0.1.0",
            engine_id="0123456789abcdef",
            devices=(_DEVICE,),
            queued=2,
            running=1,
        ),
        InstallRequest(action=InstallAction.IMPORT, folder="models/hub", accept_licence=True),
        Installing(file="vae/model.safetensors", done_bytes=1_000_000, total_bytes=17_000_000_000),
        InstallDone(card=_CARD, damaged=("vae/model.safetensors",)),
        InstallFailed(error=_ERROR),
        Holding(holders=1),
        LocalEndpoint(url="http://127.0.0.1:7878", token="secret", pid=4711),
    )
}


def message_kinds() -> dict[str, type[msgspec.Struct]]:
    """Every message of engine.protocol, by name."""
    modules = [
        import_module(f"engine.protocol.{module.name}")
        for module in pkgutil.iter_modules(engine.protocol.__path__)
    ]
    return {
        name: kind
        for module in modules
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__
    }


def golden_path(name: str) -> Path:
    """The golden file of one kind of message."""
    return GOLDENS / f"{name}.json"


def golden_text(sample: msgspec.Struct) -> bytes:
    """A message as its golden file has it: what the wire carries, laid out to be read."""
    return msgspec.json.format(msgspec.json.encode(sample), indent=2) + b"\n"


def main() -> None:
    """Write every golden file anew."""
    GOLDENS.mkdir(parents=True, exist_ok=True)
    for stale in GOLDENS.glob("*.json"):
        stale.unlink()
    for name, sample in SAMPLES.items():
        golden_path(name).write_bytes(golden_text(sample))


if __name__ == "__main__":
    main()
