"""One saved object of each class with its fields filled, and the golden files made from them.

`python -m tests.studio.document.saved_samples` writes the goldens anew; look at the diff before
committing it, for a changed golden is a changed file format. The film of a past version is never
written anew: it is what files of that version look like.
"""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from studio.document.codec import encode
from studio.document.model.asset import Asset, AssetKind, AudioFacts, Proxy, VideoFacts
from studio.document.model.clip import (
    AdjustmentMedia,
    AssetMedia,
    BlendMode,
    CaptionMedia,
    Clip,
    ConstantSpeed,
    FadeShape,
    Fit,
    Gap,
    GeneratorKind,
    GeneratorMedia,
    SequenceMedia,
    SpeedPoint,
    SpeedRamp,
    TitleMedia,
    Transition,
    TransitionKind,
    UnknownMedia,
)
from studio.document.model.curve import Bezier, Curve, Hold, Keyframe, Linear
from studio.document.model.effect import Effect
from studio.document.model.generated import Failed, GeneratedMedia, Pending, Ready, Recipe, Take
from studio.document.model.marker import Marker, MarkerColour
from studio.document.model.project import Project
from studio.document.model.record import Record
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.model.title import Align, Bar, TextBlock, TextStyle, Title
from studio.document.time import Rate, Time

GOLDENS = Path(__file__).resolve().parents[2] / "goldens" / "document"
FILM = GOLDENS / "film-1.0.sql"

_HASH = "0123456789abcdef" * 4
_NTSC = Rate(24000, 1001)
_CURVE = Curve(
    keyframes=(
        Keyframe(at=-3, value=0.25),
        Keyframe(at=0, value=1.0, leave=Hold()),
        Keyframe(at=12, value=0.5, leave=Bezier(0.4, 0.0, 0.2, 1.2)),
    )
)
_RECIPE = Recipe.from_json(
    '{"ability":"image_to_video","model":"pocket-video","prompt":"a fox","seed":7,'
    f'"inputs":[{{"role":"first_frame","sha256":"{_HASH}"}}]}}'
)
_TAKE = Take(
    id="k1",
    asset_id="a2",
    recipe=_RECIPE,
    tier="local",
    made_at="2026-01-02T03:04:05Z",
    note="best",
)
_PENDING = Pending(job_id="j1", engine="http://127.0.0.1:5000")
_FAILED = Failed(job_id="j2", reason="The worker ran out of memory.")
_GENERATED = GeneratedMedia(
    recipe=_RECIPE,
    takes=(_TAKE,),
    chosen="k1",
    jobs=(_PENDING, _FAILED),
    stale_because="The recipe has changed.",
    handle_frames=8,
)
_STYLE = TextStyle(
    font="Source Serif",
    size=0.1,
    weight=400,
    italic=True,
    underline=True,
    colour="#ff0000ff",
    align=Align.LEFT,
    line_height=1.5,
    letter_spacing=0.01,
    outline=0.002,
    outline_colour="#00ff00ff",
    shadow=0.003,
    shadow_colour="#0000ffff",
    box_colour="#11223344",
    padding=0.02,
)
_TITLE = Title(
    blocks=(TextBlock(text="Fox", x=0.1, y=0.2, width=0.3, style=_STYLE),),
    bars=(Bar(x=0.1, y=0.8, width=0.4, height=0.1, colour="#00000080"),),
    template="lower third",
)
_EFFECT = Effect(id="e1", kind="blur", enabled=False, params=(("radius", _CURVE),))
_MARKER = Marker(
    id="m1",
    at=24,
    duration=5,
    name="Look",
    note="at this",
    colour=MarkerColour.RED,
    chapter=True,
)
_VIDEO = VideoFacts(
    width=1080,
    height=1920,
    rate=_NTSC,
    frames=100,
    codec="hevc",
    pixel_aspect=Fraction(4, 3),
    rotation_degrees=90,
    variable_rate=True,
    interlaced=True,
    has_alpha=True,
    bit_depth=10,
    colour="hlg",
)
_AUDIO = AudioFacts(sample_rate_hz=48_000, channels=6, samples=200_200, codec="aac", layout="5.1")
_PROXY = Proxy(sha256=_HASH, path="film.media/proxy.mp4", width=640, height=360)
_ASSET = Asset(
    id="a1",
    name="fox.mov",
    kind=AssetKind.VIDEO,
    path="/tapes/fox.mov",
    sha256=_HASH,
    fingerprint="12-34",
    size_bytes=12,
    media_type="video/quicktime",
    duration=Time(100, _NTSC),
    start=Time(2, _NTSC),
    start_timecode=Time(86_400, _NTSC),
    video=(_VIDEO,),
    audio=(_AUDIO,),
    proxies=(_PROXY,),
    generated=True,
    bin="Day 1/Foxes",
    colour="mango",
    note="shy",
)
_CLIP = Clip(
    id="c1",
    name="Fox",
    duration=48,
    media=_GENERATED,
    source_start=Time(1001, Rate(48_000)),
    speed=SpeedRamp((SpeedPoint(0, Fraction(1)), SpeedPoint(24, Fraction(-3, 2)))),
    preserve_pitch=False,
    enabled=False,
    link="l1",
    group="p1",
    opacity=_CURVE,
    blend=BlendMode.SCREEN,
    fit=Fit.FILL,
    gain_db=-6.5,
    pan=0.25,
    fade_in_frames=3,
    fade_out_frames=4,
    fade_shape=FadeShape.EQUAL_POWER,
    effects=(_EFFECT,),
    markers=(_MARKER,),
    colour="#aabbcc",
    note="keep",
)
_GAP = Gap(id="g1", duration=12)
_TRANSITION = Transition(
    id="x1",
    kind=TransitionKind.WIPE,
    in_offset=4,
    out_offset=5,
    params=(("angle", 90.0), ("shape", "clock")),
)
_TRACK = Track(
    id="t1",
    kind=TrackKind.VIDEO,
    name="V1",
    items=(_GAP, _TRANSITION, _CLIP),
    locked=True,
    mute=True,
    solo=True,
    hidden=True,
    targeted=False,
    synced=False,
    height=80,
    colour="#112233",
    gain_db=_CURVE,
    pan=-0.5,
    effects=(_EFFECT,),
    caption_style=_STYLE,
)
_SEQUENCE = Sequence(
    id="s1",
    name="Cut",
    rate=_NTSC,
    width=1080,
    height=1920,
    sample_rate_hz=44_100,
    start_timecode=86_400,
    drop_frame=True,
    background="#ffffff",
    tracks=(_TRACK,),
    markers=(replace(_MARKER, id="m2"),),
    effects=(replace(_EFFECT, kind="exposure"),),
    bin="Cuts",
    colour="iris",
)
_PROJECT = Project(
    name="Fox film",
    sequences=(_SEQUENCE,),
    assets=(_ASSET,),
    bins=("Cuts", "Day 1", "Day 1/Foxes", "Day 2"),
    next_id=99,
)

SAMPLES: tuple[Record, ...] = (
    _PROJECT,
    _SEQUENCE,
    _TRACK,
    _CLIP,
    _GAP,
    _TRANSITION,
    _MARKER,
    _ASSET,
    _VIDEO,
    _AUDIO,
    _PROXY,
    _EFFECT,
    _CURVE,
    Keyframe(at=3, value=0.5, leave=Hold()),
    Linear(),
    Hold(),
    Bezier(0.1, 0.2, 0.3, 0.4),
    ConstantSpeed(Fraction(-1, 3)),
    SpeedRamp((SpeedPoint(1, Fraction(2)),)),
    SpeedPoint(-4, Fraction(5, 7)),
    AssetMedia(asset_id="a1", stream=1),
    TitleMedia(title=_TITLE),
    CaptionMedia(text="Hello.", speaker="Fox"),
    GeneratorMedia(kind=GeneratorKind.COLOUR, params=(("colour", "#ff0000"),)),
    AdjustmentMedia(),
    SequenceMedia(sequence_id="s2"),
    UnknownMedia(text='{"@":"Hologram","depth":3}'),
    _GENERATED,
    _RECIPE,
    _TAKE,
    _PENDING,
    _FAILED,
    Ready(),
    _TITLE,
    TextBlock(text="Fox", x=0.1, y=0.2, width=0.3, style=_STYLE),
    Bar(x=0.1, y=0.2, width=0.3, height=0.4, colour="#01020304"),
    _STYLE,
)
"""The project is given with next_id, which its file keeps elsewhere."""

SAVED_PROJECT = replace(
    _PROJECT,
    sequences=(replace(_SEQUENCE, bin="", colour=""),),
    assets=(replace(_ASSET, colour=""),),
    bins=("Day 1", "Day 1/Foxes"),
)
"""What the film of version 1.0 is now: its assets had folders, and nothing a label."""


def golden_path(record: Record) -> Path:
    return GOLDENS / f"{type(record).__name__}.json"


def golden_text(record: Record) -> str:
    return json.dumps(encode(record), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    GOLDENS.mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        golden_path(sample).write_text(golden_text(sample), encoding="utf-8")
