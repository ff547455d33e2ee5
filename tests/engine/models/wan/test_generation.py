"""The denoise loop against diffusers' own pipelines, and under every arrangement of the weights."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers.pipelines.wan.pipeline_wan import WanPipeline
from diffusers.pipelines.wan.pipeline_wan_i2v import WanImageToVideoPipeline
from diffusers.pipelines.wan.pipeline_wan_vace import WanVACEPipeline
from PIL import Image

from engine.catalogue import Entry
from engine.errors import BadRequest, JobCancelled, UnsupportedAbility
from engine.models.wan.conditions import Pictures, fit_picture
from engine.models.wan.decoding import tile_weight, tiles_of
from engine.models.wan.generation import Request, generate
from engine.models.wan.known import Known, frames_known
from engine.models.wan.schedule import LINEAR_QUADRATIC, make_scheduler
from engine.models.wan.text import encode_prompt
from engine.protocol.plans import Offload, Precision
from engine.sampling.schedules import linear_quadratic
from tests.engine.models.wan import jobs

Entries = Callable[[str], Entry]


def ours(entry: Entry, home: Path, request: Request, **kind: Any) -> np.ndarray:
    networks = jobs.networks(entry, home / "models" / entry.id)
    return generate(request, jobs.kind_of(entry, **kind), networks, jobs.ignore)


def theirs(pipeline: Any, request: Request, **more: Any) -> np.ndarray:
    pipeline.set_progress_bar_config(disable=True)
    prompts = {"prompt": request.prompt, "negative_prompt": request.negative_prompt}
    made = pipeline(
        **(more.pop("embedded", None) or prompts),
        width=request.width,
        height=request.height,
        num_frames=request.frames,
        num_inference_steps=request.steps,
        guidance_scale=request.guidance,
        generator=torch.Generator().manual_seed(request.seed),
        output_type="np",
        **more,
    ).frames[0]
    return np.round(made * 255).astype(np.uint8)


def embedded(entry: Entry, home: Path, request: Request) -> dict[str, Any]:
    """The prompts' embeddings, for a pipeline that cannot read prompts without ftfy."""
    networks = jobs.networks(entry, home / "models" / entry.id)
    return {
        "prompt_embeds": encode_prompt(request.prompt, networks),
        "negative_prompt_embeds": encode_prompt(request.negative_prompt, networks),
    }


def difference(a: np.ndarray, b: np.ndarray) -> int:
    """The largest difference of two clips, in levels of 255."""
    assert a.shape == b.shape
    return int(np.abs(a.astype(int) - b.astype(int)).max())


def red_picture() -> Image.Image:
    noise = np.random.default_rng(1).integers(0, 255, (32, 32, 3), np.uint8)
    noise[..., 0] = 230
    return Image.fromarray(noise)


def test_text_to_video_is_what_diffusers_makes(tiny_home: Path, tiny_entry: Entries) -> None:
    entry, request = tiny_entry("t2v"), jobs.request()
    pipeline = WanPipeline.from_pretrained(tiny_home / "models" / entry.id)
    assert difference(ours(entry, tiny_home, request), theirs(pipeline, request)) <= 1


def test_a_time_for_each_token_is_what_diffusers_makes(
    tiny_home: Path, tiny_entry: Entries
) -> None:
    entry, request = tiny_entry("ti2v"), jobs.request()
    pipeline = WanPipeline.from_pretrained(tiny_home / "models" / entry.id)
    made = ours(entry, tiny_home, request, per_token_time=True)
    assert difference(made, theirs(pipeline, request)) <= 1


def test_two_experts_are_what_diffusers_makes(tiny_home: Path, tiny_entry: Entries) -> None:
    entry, request = tiny_entry("a14b"), jobs.request(steps=4)
    pipeline = WanPipeline.from_pretrained(tiny_home / "models" / entry.id)
    made = ours(entry, tiny_home, request, boundary=0.875)
    expected = theirs(pipeline, request, guidance_scale_2=request.guidance_2)
    assert difference(made, expected) <= 1


def test_a_first_frame_seen_and_joined_is_what_diffusers_makes(
    tiny_home: Path, tiny_entry: Entries
) -> None:
    entry, picture = tiny_entry("i2v"), red_picture()
    request = jobs.request(given=Pictures(picture))
    root = tiny_home / "models" / entry.id
    from transformers import CLIPImageProcessor

    pipeline = WanImageToVideoPipeline.from_pretrained(root, image_processor=CLIPImageProcessor())
    words = embedded(entry, tiny_home, request)
    expected = theirs(pipeline, request, image=picture, embedded=words)
    assert difference(ours(entry, tiny_home, request), expected) <= 2


def test_a_first_frame_that_replaces_is_what_diffusers_makes(
    tiny_home: Path, tiny_entry: Entries
) -> None:
    entry, picture = tiny_entry("ti2v"), red_picture()
    request = jobs.request(given=Pictures(picture))
    root = tiny_home / "models" / entry.id
    pipeline = WanImageToVideoPipeline.from_pretrained(
        root, image_encoder=None, image_processor=None
    )
    made = ours(entry, tiny_home, request, per_token_time=True)
    words = embedded(entry, tiny_home, request)
    expected = theirs(pipeline, request, image=picture, embedded=words)
    assert difference(made, expected) <= 1


def noise_film(frames: int, size: tuple[int, int] = (32, 32)) -> np.ndarray:
    shape = (frames, size[1], size[0], 3)
    return np.random.default_rng(2).integers(0, 255, shape, np.uint8)


def controlled(entry: Entry, home: Path, request: Request) -> np.ndarray:
    """What diffusers makes of what is known, prompts embedded as ours are."""
    known = request.given
    assert isinstance(known, Known)
    pipeline = WanVACEPipeline.from_pretrained(home / "models" / entry.id)
    free = np.repeat(known.free[..., None], 3, axis=3)
    # Half of 255 in floats is the grey that nothing is told by.
    frames = np.where(free, np.float32(0.5), known.frames.astype(np.float32) / 255)

    def video(values: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(values.astype(np.float32)).permute(0, 3, 1, 2)[None]

    return theirs(
        pipeline,
        request,
        video=video(frames),
        mask=video(free),
        reference_images=list(known.references) or None,
        embedded=embedded(entry, home, request),
    )


def test_frames_that_are_known_are_what_diffusers_makes(
    tiny_home: Path, tiny_entry: Entries
) -> None:
    entry = tiny_entry("vace")
    known = frames_known(noise_film(9), np.arange(9) < 5)
    request = jobs.request(frames=9, given=known)
    made = ours(entry, tiny_home, request, controlled=True)
    assert difference(made, controlled(entry, tiny_home, request)) <= 1


def test_a_region_to_be_made_and_references_are_what_diffusers_makes(
    tiny_home: Path, tiny_entry: Entries
) -> None:
    entry = tiny_entry("vace")
    free = np.zeros((5, 32, 32), np.bool_)
    free[:, 8:24, 3:19] = True
    tall = Image.fromarray(noise_film(1, (20, 40))[0])
    request = jobs.request(given=Known(noise_film(5), free, (red_picture(), tall)))
    made = ours(entry, tiny_home, request, controlled=True)
    assert made.shape == (5, 32, 32, 3)
    assert difference(made, controlled(entry, tiny_home, request)) <= 1


def test_a_controlled_model_makes_clips_from_words_alone(
    tiny_home: Path, tiny_entry: Entries
) -> None:
    entry, request = tiny_entry("vace"), jobs.request()
    pipeline = WanVACEPipeline.from_pretrained(tiny_home / "models" / entry.id)
    words = embedded(entry, tiny_home, request)
    made = ours(entry, tiny_home, request, controlled=True)
    assert difference(made, theirs(pipeline, request, embedded=words)) <= 1


@pytest.mark.parametrize("offload", [Offload.MODEL, Offload.STAGE, Offload.GROUP, Offload.DISK])
def test_where_the_weights_wait_does_not_change_a_bit(
    tiny_home: Path, tiny_entry: Entries, offload: Offload
) -> None:
    entry = tiny_entry("a14b")
    kind: dict[str, Any] = {"boundary": 0.875}
    expected = ours(entry, tiny_home, jobs.request(), **kind)
    networks = jobs.networks(entry, tiny_home / "models" / entry.id, offload=offload)
    made = generate(jobs.request(), jobs.kind_of(entry, **kind), networks, jobs.ignore)
    assert np.array_equal(made, expected)


def test_the_same_recipe_makes_the_same_clip_also_when_warm(
    tiny_home: Path, tiny_entry: Entries
) -> None:
    entry, kept = tiny_entry("t2v"), jobs.warm()
    root = tiny_home / "models" / entry.id
    runs = [
        generate(
            jobs.request(), jobs.kind_of(entry), jobs.networks(entry, root, kept=kept), jobs.ignore
        )
        for _ in range(2)
    ]
    assert np.array_equal(runs[0], runs[1])
    other = generate(
        jobs.request(seed=8), jobs.kind_of(entry), jobs.networks(entry, root), jobs.ignore
    )
    assert not np.array_equal(runs[0], other)


@pytest.mark.parametrize(
    ("precision", "most"), [(Precision.BF16, 4.0), (Precision.INT8, 6.0), (Precision.NF4, 16.0)]
)
def test_coarser_weights_make_nearly_the_same_clip(
    tiny_home: Path, tiny_entry: Entries, precision: Precision, most: float
) -> None:
    entry, request = tiny_entry("t2v"), jobs.request()
    expected = ours(entry, tiny_home, request).astype(int)
    networks = jobs.networks(entry, tiny_home / "models" / entry.id, precision)
    made = generate(request, jobs.kind_of(entry), networks, jobs.ignore)
    assert 0 < np.abs(made - expected).mean() < most


def test_a_prompt_is_encoded_once(tiny_home: Path, tiny_entry: Entries) -> None:
    entry, kept = tiny_entry("t2v"), jobs.warm()
    loaded: list[str] = []
    networks = jobs.networks(entry, tiny_home / "models" / entry.id, kept=kept)
    counting = type(networks)(
        networks.arrangement, kept, lambda phase, _step, _steps: loaded.append(phase)
    )
    first = encode_prompt("a red boat", counting)
    loaded.clear()
    assert encode_prompt("a red boat", counting) is first
    assert not loaded
    assert first.shape == (1, 512, 64)


def test_a_job_is_cancelled_between_two_blocks_of_a_step(
    tiny_home: Path, tiny_entry: Entries
) -> None:
    entry = tiny_entry("t2v")
    reports: list[int] = []

    def cancel_soon(phase: str, step: int, *_: object) -> None:
        if phase == "denoising":
            reports.append(step)
            if len(reports) == 2:
                raise JobCancelled

    networks = jobs.networks(entry, tiny_home / "models" / entry.id)
    with pytest.raises(JobCancelled):
        generate(jobs.request(steps=50), jobs.kind_of(entry), networks, cancel_soon)
    assert reports == [0, 0]


def test_decoding_is_reported_and_cancelled_too(tiny_home: Path, tiny_entry: Entries) -> None:
    entry = tiny_entry("t2v")

    def cancel_in_decoder(phase: str, step: int, *_: object) -> None:
        if phase == "decoding" and step == 1:
            raise JobCancelled

    networks = jobs.networks(entry, tiny_home / "models" / entry.id)
    with pytest.raises(JobCancelled):
        generate(jobs.request(steps=1), jobs.kind_of(entry), networks, cancel_in_decoder)


def test_every_step_can_be_shown(tiny_home: Path, tiny_entry: Entries) -> None:
    entry = tiny_entry("t2v")
    pictures: list[Image.Image] = []

    def show(_phase: str, _step: int, _steps: int, preview: Callable[[], bytes] | None) -> None:
        if preview is not None:
            pictures.append(Image.open(io.BytesIO(preview())))

    networks = jobs.networks(entry, tiny_home / "models" / entry.id)
    generate(jobs.request(size=(64, 32)), jobs.kind_of(entry), networks, show)
    assert [picture.size for picture in pictures] == [(320, 160)] * 3


def test_the_linear_quadratic_schedule_is_the_papers(tiny_home: Path) -> None:
    folder = tiny_home / "models" / "tiny-wan" / "scheduler"
    scheduler = make_scheduler(folder, LINEAR_QUADRATIC, 50, torch.device("cpu"))
    expected = [1.0 - time for time in linear_quadratic(50, 250)]
    assert scheduler.sigmas.tolist() == pytest.approx(expected, abs=1e-6)


def test_an_unknown_schedule_is_refused_with_those_there_are(tiny_home: Path) -> None:
    folder = tiny_home / "models" / "tiny-wan" / "scheduler"
    with pytest.raises(BadRequest, match='no schedule "karras"') as refused:
        make_scheduler(folder, "karras", 5, torch.device("cpu"))
    assert refused.value.hint == "Choose from linear_quadratic, euler."


def test_a_model_that_cannot_end_on_a_frame_says_so(tiny_home: Path, tiny_entry: Entries) -> None:
    entry, picture = tiny_entry("i2v"), red_picture()
    with pytest.raises(UnsupportedAbility, match="cannot end on a given frame"):
        ours(entry, tiny_home, jobs.request(given=Pictures(picture, last=picture)))


@pytest.mark.parametrize("size", [(64, 64), (256, 256), (272, 480), (720, 1280)])
def test_tiles_cover_a_picture_and_their_weights_are_never_nought(size: tuple[int, int]) -> None:
    total = torch.zeros(size)
    for tile in tiles_of(*size):
        weight = tile_weight(tile, *size)
        assert weight.min() > 0
        total[tile.top : tile.bottom, tile.left : tile.right] += weight
        assert tile.bottom - tile.top <= 256
        assert tile.right - tile.left <= 256
    assert total.min() > 0


def test_tiles_join_without_a_seam(tiny_home: Path, tiny_entry: Entries) -> None:
    entry = tiny_entry("t2v")
    request = jobs.request(size=(448, 32), steps=1, frames=1)
    whole = ours(entry, tiny_home, request).astype(int)
    tiled = ours(entry, tiny_home, jobs.request(size=(448, 32), steps=1, frames=1, tiled=True))
    jump = np.abs(np.diff(tiled.astype(int), axis=2)).mean(axis=(0, 1, 3))
    assert np.abs(tiled - whole).mean() < 4
    assert jump[[191, 192, 255, 256]].max() <= jump.max()


def test_pictures_are_cut_to_the_clips_shape() -> None:
    wide = Image.new("RGB", (400, 100), "black")
    wide.paste("white", (150, 0, 250, 100))
    fitted = fit_picture(wide, 64, 64)
    assert fitted.size == (64, 64)
    assert np.asarray(fitted).min() > 200
