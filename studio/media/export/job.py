"""ExportJob: everything an export needs to know, as plain data that travels as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from studio.media.errors import BadJob
from studio.media.export.presets import DEFAULT_PRESET, PRESETS, Preset
from studio.media.export.tuning import tuned


class Captions(StrEnum):
    """What becomes of the caption tracks. TRACK puts them in the file where it can hold them."""

    NONE = "none"
    BURN = "burn"
    TRACK = "track"
    SRT = "srt"


class Reframe(StrEnum):
    """How a film of one shape goes into a frame of another: with bars, or cut to fill it."""

    FIT = "fit"
    FILL = "fill"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """What to export and how.

    `first` and `end` are frames of the sequence, `end` not included; None is its own end.
    `loudness` in LUFS goes before the preset's; `keep_loudness` leaves the mix as it is. `quality`
    (constant, 0 is the best) and the bit rates, in bits a second, go before the preset's too.
    """

    sequence_id: str
    out: Path
    preset: str = DEFAULT_PRESET
    first: int = 0
    end: int | None = None
    size: tuple[int, int] | None = None
    reframe: Reframe = Reframe.FIT
    captions: Captions = Captions.BURN
    loudness: float | None = None
    keep_loudness: bool = False
    smart_render: bool = True
    hardware: bool = False
    chapters: bool = True
    credentials: bool = True
    quality: int | None = None
    bit_rate: int | None = None
    sound_bit_rate: int | None = None
    video_options: tuple[tuple[str, str], ...] = ()

    @property
    def way(self) -> Preset:
        """The preset, with the quality and the bit rates that were chosen.

        Raises:
            BadJob: there is none of that name, or it cannot be tuned so.
        """
        try:
            preset = PRESETS[self.preset]
        except KeyError:
            known = ", ".join(sorted(PRESETS))
            raise BadJob(f'There is no preset "{self.preset}". Choose one of: {known}.') from None
        return tuned(preset, self.quality, self.bit_rate, self.sound_bit_rate)

    @property
    def loudness_target(self) -> float | None:
        """LUFS to bring the mix to, None to leave it."""
        if self.keep_loudness:
            return None
        return self.loudness if self.loudness is not None else self.way.loudness

    def to_json(self) -> str:
        """As text that `from_json` reads back."""
        return json.dumps(asdict(self) | {"out": str(self.out)})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            BadJob: it is something else.
        """
        try:
            body = json.loads(text)
            size = body.pop("size", None)
            options = tuple((str(k), str(v)) for k, v in body.pop("video_options", ()))
            return cls(
                **body
                | {
                    "out": Path(body["out"]),
                    "size": tuple(size) if size else None,
                    "reframe": Reframe(body.get("reframe", "fit")),
                    "captions": Captions(body.get("captions", "burn")),
                    "video_options": options,
                }
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadJob(f"That is not an export job ({error}).") from error


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is. `seconds_left` is None until it can be told."""

    phase: str
    done_frames: int
    total_frames: int
    frames_per_second: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """What an export made. `notes` are sentences for the user; `copied_frames` were not encoded."""

    path: Path
    frames: int
    seconds: float
    copied_frames: int = 0
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    sidecars: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


OnProgress = Callable[[Progress], None]
ShouldCancel = Callable[[], bool]
