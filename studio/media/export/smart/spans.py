"""Which frames of a cut are exactly a frame of one file, untouched by anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.document.fitting import fit_box
from studio.document.model.clip import AS_SHOT, BlendMode, CaptionMedia
from studio.document.model.record import Id
from studio.document.queries.layers import ClipLayer, layers_at
from studio.document.queries.levels import opacity_at
from studio.document.queries.media import asset_of
from studio.document.retime import source_time
from studio.media.errors import MediaError
from studio.media.export.plan import ExportPlan
from studio.media.facts import Scan, VideoFacts
from studio.media.footage import Footage


@dataclass(frozen=True, slots=True)
class Run:
    """Frames `first` to `first + count` of the film are frames `source_first`… of a file."""

    path: Path
    first: int
    source_first: int
    count: int


def untouched_runs(plan: ExportPlan, footage: Footage) -> list[Run]:
    """Every longest stretch of the film that is one file's frames in order.

    `first` counts from the first frame that goes out.
    """
    runs: list[Run] = []
    looker = _Looker(plan, footage, {})
    for number, (path, source) in looker.frames():
        last = runs[-1] if runs else None
        follows = (
            last is not None
            and last.path == path
            and last.first + last.count == number
            and last.source_first + last.count == source
        )
        if follows and last is not None:
            runs[-1] = Run(path, last.first, last.source_first, last.count + 1)
        else:
            runs.append(Run(path, number, source, 1))
    return runs


@dataclass(frozen=True, slots=True)
class _Looker:
    plan: ExportPlan
    footage: Footage
    usable: dict[Id, Path | None]
    """The files of assets that can be copied from, None for others."""

    def frames(self) -> Iterator[tuple[int, tuple[Path, int]]]:
        """Each untouched frame, with the file it is from and its number there."""
        sequence = self.plan.sequence
        if any(effect.enabled for effect in sequence.effects):
            return
        for number in range(self.plan.frames):
            layer = self._top(self.plan.span.start + number)
            found = self._source(layer) if layer is not None else None
            if found is not None:
                yield number, found

    def _top(self, frame: int) -> ClipLayer | None:
        """The uppermost layer, if it is a plain clip."""
        for layer in reversed(layers_at(self.plan.sequence, frame)):
            if not isinstance(layer, ClipLayer):
                return None
            if isinstance(layer.clip.media, CaptionMedia) and not self.plan.burn_captions:
                continue
            return layer
        return None

    def _source(self, layer: ClipLayer) -> tuple[Path, int] | None:
        clip = layer.clip
        plain = (
            clip.speed == AS_SHOT
            and clip.blend is BlendMode.NORMAL
            and not any(effect.enabled for effect in clip.effects)
            and opacity_at(clip, layer.frame) >= 1.0
        )
        asset = asset_of(self.plan.project, clip)
        if not plain or asset is None:
            return None
        if asset.id not in self.usable:
            path = self.footage.path_of(asset)
            self.usable[asset.id] = path if self._fits(path) else None
        path = self.usable[asset.id]
        if path is None or not self._fills(layer):
            return None
        rate = self.plan.sequence.rate
        time = source_time(clip, layer.frame, rate).seconds
        return path, int(time * rate.fraction)

    def _fits(self, path: Path) -> bool:
        try:
            facts = self.footage.facts(path)
        except MediaError:
            return False
        return can_be_copied(facts, self.plan)

    def _fills(self, layer: ClipLayer) -> bool:
        size = self.plan.size
        scale = size[0] / self.plan.sequence.width
        return fit_box(size, size, layer.clip.fit, scale) == (0.0, 0.0, *map(float, size))


def can_be_copied(facts: VideoFacts, plan: ExportPlan) -> bool:
    """True where a file's packets can stand in the film as they are."""
    return (
        facts.codec == "h264"
        and facts.pixel_format == "yuv420p"
        and (facts.width, facts.height) == plan.size
        and facts.rate == plan.rate
        and not facts.variable_rate
        and facts.colour.is_canvas
        and facts.scan is Scan.PROGRESSIVE
        and facts.rotation == 0
        and not facts.flipped
        and facts.pixel_aspect == 1
    )
