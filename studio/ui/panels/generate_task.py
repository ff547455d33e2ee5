"""What the Generate panel works on when it began at a clip, and where the result goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from studio.document.model.asset import Asset
from studio.session.draft import (
    EditDraft,
    ExtendDraft,
    RetakeDraft,
    SmoothDraft,
    SoundDraft,
    UpscaleDraft,
)


@dataclass(frozen=True, slots=True)
class Editing:
    """The recipe of a generated clip is being changed; the result is another take of it."""

    clip_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Extending:
    """A clip goes on, after it or before it; the result is a clip that joins it."""

    clip_id: str
    title: str
    asset: Asset
    draft: ExtendDraft


@dataclass(frozen=True, slots=True)
class Reworking:
    """A clip is made anew, changed, larger or smoother; the result is a take that plays at once."""

    clip_id: str
    title: str
    asset: Asset
    draft: RetakeDraft | EditDraft | UpscaleDraft | SmoothDraft
    step: str


@dataclass(frozen=True, slots=True)
class Sounding:
    """A clip is given a soundtrack, or a sound goes on; the result lies under it, or after it."""

    clip_id: str
    title: str
    asset: Asset
    draft: SoundDraft


Task: TypeAlias = Editing | Extending | Reworking | Sounding
