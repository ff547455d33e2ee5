"""Films of more than 8 bits: composed in 16, so that values are kept and ramps stay smooth."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from studio.document.model.clip import (
    AdjustmentMedia,
    BlendMode,
    Clip,
    GeneratorKind,
    GeneratorMedia,
    SequenceMedia,
    TitleMedia,
    TransitionKind,
)
from studio.document.model.effect import Effect
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.document.model.title import TextBlock, Title
from studio.media.compositor.render import render_picture, render_transparent
from studio.media.depth import deepened, flattened
from studio.media.export.job import ExportJob
from studio.media.export.presets import PRESETS
from studio.media.export.run import export
from studio.media.libav import add_pictures, plane_bytes
from tests.studio.media.cuts import FPS, SIZE, clip, cut, effect, gap, meet, scene, shot, video

DEEP = [name for name, each in PRESETS.items() if each.deep]
STEPS = 800
"""Values of luma in a ramp of 10 bits, one a column."""


def ramp() -> np.ndarray:
    return np.broadcast_to(64 + np.arange(STEPS, dtype=np.uint16), (120, STEPS))


@pytest.fixture(scope="module")
def deep_reel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`ramp.mkv`: 12 frames of a ramp in which every column differs, 10 bits, BT.709, lossless."""
    folder = tmp_path_factory.mktemp("deep")
    with av.open(str(folder / "ramp.mkv"), "w") as out:
        stream = add_pictures(out, "ffv1", 25, {"level": "3"})
        stream.width, stream.height, stream.pix_fmt = STEPS, 120, "yuv422p10le"
        context = stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = 1
        context.color_range = 1
        for number in range(12):
            frame = VideoFrame(STEPS, 120, "yuv422p10le")
            planes = (ramp(), *(np.full((120, STEPS // 2), 512, np.uint16),) * 2)
            for plane, values in zip(frame.planes, planes, strict=True):
                rows = plane_bytes(plane).view(np.uint16).reshape(120, -1)
                rows[:, : values.shape[1]] = values
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return folder


def wide(*tracks: object, **more: object) -> Project:
    return cut(*tracks, width=STEPS, height=120, **more)  # type: ignore[arg-type]


def luma(frame: VideoFrame) -> np.ndarray:
    plane = frame.planes[0]
    rows = plane_bytes(plane).view(np.uint16).reshape(frame.height, -1)
    return rows[:, : frame.width].astype(int)


def composed(project: Project, folder: Path, frame: int = 0) -> np.ndarray:
    """Luma of 10 bits, (H, W), as an encoder would be given it."""
    deep = scene(project, folder, deep=True)
    size = project.sequences[0].width, project.sequences[0].height
    return luma(render_picture(deep, "s", frame, size).frame("yuv422p10le"))


def gradient(**more: object) -> Clip:
    params = (("angle", 0.0), ("from", "#000000"), ("to", "#404040"))
    return clip(GeneratorMedia(kind=GeneratorKind.GRADIENT, params=params), 12, **more)


def test_every_preset_of_ten_bits_is_composed_deep() -> None:
    assert {"hevc10", "av1", "prores_hq", "prores_4444", "dnxhr_hqx", "broadcast"} <= set(DEEP)
    assert not {"h264", "dnxhr_hq", "lossless", "gif", "webp"} & set(DEEP)


def test_untouched_footage_keeps_every_value(deep_reel: Path) -> None:
    assert np.array_equal(composed(wide(video(shot("ramp.mkv", 12))), deep_reel), ramp())


@pytest.mark.parametrize(
    "layers",
    [
        video(shot("ramp.mkv", 12, effects=(effect("blur", radius=0.01),))),
        video(shot("ramp.mkv", 12, effects=(effect("exposure", saturation=1.3),))),
        video(shot("ramp.mkv", 12, effects=(effect("exposure", contrast=1.001),))),
        video(shot("ramp.mkv", 6), meet(TransitionKind.DISSOLVE, 5, 5), shot("ramp.mkv", 6)),
        video(shot("ramp.mkv", 12, opacity=0.999)),
        video(clip(AdjustmentMedia(), 12)),
    ],
)
def test_what_is_worked_on_keeps_its_fine_steps(deep_reel: Path, layers: object) -> None:
    values = composed(wide(video(shot("ramp.mkv", 12)), layers), deep_reel, 6)[60]
    assert len(set(values)) > 0.97 * STEPS
    assert np.abs(values - ramp()[60]).max() <= 2


def test_a_gradient_has_more_than_the_steps_of_eight_bits() -> None:
    flat = composed(wide(video(gradient())), Path())[60]
    assert len(set(flat)) > 200
    assert np.diff(flat).min() >= 0


EFFECTS: list[tuple[Effect, ...]] = [
    (effect("transform", scale_x=0.7, scale_y=0.7, rotation=12.0),),
    (effect("crop", left=0.2, feather=0.05),),
    (effect("flip", horizontal=True),),
    (effect("exposure", exposure=0.4, contrast=1.2, saturation=1.4, vibrance=0.3),),
    (effect("white_balance", temperature=4800.0, tint=0.1),),
    (effect("lift_gamma_gain", lift=0.05, gamma=1.2, gain_r=1.1),),
    (effect("curves", master="0,0 0.4,0.5 1,1"),),
    (effect("blur", radius=0.05),),
    (effect("sharpen", amount=0.8, radius=0.01),),
    (effect("vignette", amount=0.6),),
    (effect("chroma_key", colour="#30a050", tolerance=0.2),),
    (effect("mask_ellipse", feather=0.1), effect("mask_rectangle", rotation=20.0)),
]


@pytest.mark.parametrize("effects", EFFECTS, ids=lambda each: each[0].kind)
@pytest.mark.parametrize("blend", [BlendMode.NORMAL, BlendMode.OVERLAY])
def test_effects_and_blends_look_the_same_in_either_depth(
    reel: Path, effects: tuple[Effect, ...], blend: BlendMode
) -> None:
    below, above = shot("a.mp4", 12), shot("b.mp4", 12, opacity=0.8, blend=blend, effects=effects)
    _alike(cut(video(below), video(above)), reel)


@pytest.mark.parametrize(
    "kind", [each for each in TransitionKind if each is not TransitionKind.CROSSFADE]
)
def test_transitions_look_the_same_in_either_depth(reel: Path, kind: TransitionKind) -> None:
    row = video(shot("a.mp4", 12, 6), meet(kind, 5, 5), shot("b.mp4", 12, 10))
    words = clip(TitleMedia(title=Title(blocks=(TextBlock(text="Deep", x=0.5, y=0.5),))), 24)
    _alike(cut(row, video(words)), reel, 10)


def test_nests_look_the_same_in_either_depth(reel: Path) -> None:
    bars = clip(GeneratorMedia(kind=GeneratorKind.BARS), 12, opacity=0.5)
    rows = (video(shot("a.mp4", 12)), video(bars))
    inner = Sequence(id="inner", name="", rate=FPS, width=320, height=180, tracks=rows)
    nest = clip(SequenceMedia(sequence_id="inner"), 12, opacity=0.9)
    outer = cut(video(gap(1), nest))
    _alike(_with(outer, inner, shot_names=("a.mp4",)), reel, 4)


def _with(project: Project, inner: Sequence, shot_names: tuple[str, ...]) -> Project:
    from dataclasses import replace

    from tests.studio.media.cuts import asset

    assets = tuple(asset(name) for name in shot_names)
    return replace(project, sequences=(*project.sequences, inner), assets=assets)


def _alike(project: Project, folder: Path, frame: int = 5) -> None:
    plain = render_picture(scene(project, folder), "s", frame, SIZE).rgb().astype(int)
    picture = render_picture(scene(project, folder, deep=True), "s", frame, SIZE)
    deep = flattened(deepened(picture.rgb())).astype(int)
    assert np.abs(plain - deep).mean() < 1.5
    sheer = render_transparent(scene(project, folder, deep=True), "s", frame, SIZE)
    assert sheer.pixels.dtype == np.uint16
    assert (sheer.pixels[..., :3] <= sheer.pixels[..., 3:]).all()


@pytest.mark.parametrize("name", ["prores_hq", "dnxhr_hqx", "hevc10"])
def test_ten_bits_come_out_of_an_export(deep_reel: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / f"x{PRESETS[name].suffix}"
    fine = (("crf", "1"), ("preset", "ultrafast")) if name == "hevc10" else ()
    project = wide(video(shot("ramp.mkv", 3, opacity=0.999)))
    export(project, deep_reel, ExportJob(sequence_id="s", out=out, preset=name, video_options=fine))
    with av.open(str(out)) as container:
        made = luma(next(container.decode(video=0)))[60]
    assert len(set(made)) > 0.6 * STEPS
    assert np.abs(made - ramp()[60]).mean() < 2
