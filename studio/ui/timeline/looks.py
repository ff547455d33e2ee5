"""How a clip looks on the timeline: data worked out from the document and the jobs, no painting."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from engine.protocol.jobs import Done
from studio.document.model.asset import Asset
from studio.document.model.clip import (
    AdjustmentMedia,
    AssetMedia,
    CaptionMedia,
    Clip,
    ConstantSpeed,
    GeneratorMedia,
    SequenceMedia,
    SpeedRamp,
    TitleMedia,
)
from studio.document.model.generated import Failed, GeneratedMedia, Pending
from studio.document.model.project import Project
from studio.document.model.sequence import TrackKind
from studio.session.jobs import UNDONE, JobBoard, news_text


@dataclass(frozen=True, slots=True)
class Plain:
    """Nothing special about it."""


@dataclass(frozen=True, slots=True)
class Working:
    """A job is at work on it. `fraction` is None while unknown."""

    job_id: str
    text: str
    fraction: float | None


@dataclass(frozen=True, slots=True)
class Broken:
    """Its job left it without a take, with the reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Its footage is not on this disk."""


ClipState: TypeAlias = Plain | Working | Broken | Missing


@dataclass(frozen=True, slots=True)
class ClipLook:
    """Everything the painter needs to know, besides where the clip lies.

    `asset_id` is what thumbnails and waveforms come from ("" when there is none). `badges` are
    short words at the right of the name. `label` is its own, or else its track's.
    """

    colour_role: str
    title: str
    badges: tuple[str, ...] = ()
    state: ClipState = Plain()
    asset_id: str = ""
    generated: bool = False
    stale: bool = False
    enabled: bool = True
    body_text: str = ""
    label: str = ""


def asset_of(clip: Clip) -> str:
    """The asset a clip plays now, "" when it plays none."""
    match clip.media:
        case AssetMedia(asset_id=asset_id):
            return asset_id
        case GeneratedMedia() as media:
            return media.take.asset_id if media.take is not None else ""
        case _:
            return ""


def look_of(
    clip: Clip,
    kind: TrackKind,
    project: Project,
    board: JobBoard,
    missing: frozenset[str],
    track_label: str = "",
) -> ClipLook:
    """Work out a clip's look, on a track that may have a label."""
    asset_id = asset_of(clip)
    asset = project.assets_by_id.get(asset_id)
    generated = isinstance(clip.media, GeneratedMedia)
    state = _state(clip, asset_id, board, missing)
    return ClipLook(
        colour_role=_colour(clip, kind, asset, state),
        title=title_of(clip, project),
        badges=tuple(_badges(clip)),
        state=state,
        asset_id="" if isinstance(state, Missing) else asset_id,
        generated=generated,
        stale=isinstance(clip.media, GeneratedMedia) and clip.media.stale,
        enabled=clip.enabled,
        body_text=_body_text(clip),
        label=clip.colour or track_label,
    )


def title_of(clip: Clip, project: Project) -> str:
    """The clip's name, or what it shows where it has none."""
    return clip.name or _plain_title(clip, project)


def _plain_title(clip: Clip, project: Project) -> str:
    match clip.media:
        case AssetMedia(asset_id=asset_id):
            asset = project.assets_by_id.get(asset_id)
            title = asset.name if asset is not None else "Clip"
        case GeneratedMedia(recipe=recipe):
            title = recipe.prompt or recipe.ability.replace("_", " ").capitalize()
        case TitleMedia(title=shown):
            title = shown.blocks[0].text.partition("\n")[0] if shown.blocks else "Title"
        case CaptionMedia(text=text):
            title = text
        case GeneratorMedia(kind=kind):
            title = kind.value.capitalize()
        case AdjustmentMedia():
            title = "Adjustment"
        case SequenceMedia(sequence_id=sequence_id):
            names = (s.name for s in project.sequences if s.id == sequence_id)
            title = next(names, "Sequence")
    return title


def _state(clip: Clip, asset_id: str, board: JobBoard, missing: frozenset[str]) -> ClipState:
    if isinstance(clip.media, GeneratedMedia):
        match clip.media.state:
            case Pending(job_id=job_id):
                row = board.row(job_id)
                if row is not None and isinstance(row.news, Done):
                    return Broken(UNDONE)
                text = news_text(row) if row is not None else "Waiting for the engine"
                return Working(job_id, text, row.fraction if row is not None else None)
            case Failed(reason=reason):
                return Broken(reason)
            case _:
                pass  # ready: only its take may be missing
    return Missing() if asset_id and asset_id in missing else Plain()


def _colour(clip: Clip, kind: TrackKind, asset: Asset | None, state: ClipState) -> str:
    generated = isinstance(clip.media, GeneratedMedia) or (asset is not None and asset.generated)
    if isinstance(state, Missing | Broken):
        role = "clip_missing"
    elif kind is TrackKind.CAPTION:
        role = "clip_caption"
    elif generated:
        role = "clip_generated"
    elif kind is TrackKind.AUDIO:
        role = "clip_audio"
    elif isinstance(clip.media, TitleMedia):
        role = "clip_title"
    elif isinstance(clip.media, AdjustmentMedia | GeneratorMedia):
        role = "clip_adjustment"
    else:
        role = "clip_video"
    return role


def _badges(clip: Clip) -> list[str]:
    badges: list[str] = []
    match clip.speed:
        case ConstantSpeed(factor=factor) if factor == 0:
            badges.append("freeze")
        case ConstantSpeed(factor=factor) if factor != 1:
            badges.append(speed_text(factor))
        case SpeedRamp():
            badges.append("ramp")
        case _:
            pass
    if isinstance(clip.media, GeneratedMedia) and len(clip.media.takes) > 1:
        ids = [take.id for take in clip.media.takes]
        number = ids.index(clip.media.chosen) + 1 if clip.media.chosen in ids else 0
        badges.append(f"take {number}/{len(ids)}")
    if clip.effects:
        badges.append("fx")
    return badges


def speed_text(factor: Fraction) -> str:
    """A speed as editors write it: "50 %", "-100 %"."""
    percent = float(factor * 100)
    return f"{percent:.0f} %" if percent.is_integer() else f"{percent:.1f} %"


def _body_text(clip: Clip) -> str:
    match clip.media:
        case TitleMedia(title=title):
            return " · ".join(block.text for block in title.blocks if block.text)
        case CaptionMedia(text=text):
            return text
        case _:
            return ""
