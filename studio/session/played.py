"""A clip that plays a file: which one, and the part of it, or one sentence why it cannot be read.

Pure functions from a project and a place in it; what is made of the clip is said elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from studio.document.errors import EditError
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip, ConstantSpeed
from studio.document.model.project import Project
from studio.document.queries.media import asset_of
from studio.document.queries.places import Place
from studio.document.retime import source_range


@dataclass(frozen=True, slots=True)
class PlayedClip:
    """A clip that can be read: where it lies, and the asset it plays."""

    place: Place
    clip: Clip
    asset: Asset

    @property
    def name(self) -> str:
        return self.clip.name or self.asset.name


def played(project: Project, place: Place, missing: Collection[str], unmade: str) -> PlayedClip:
    """The clip at a place. `unmade` is the refusal while its asset is still being made.

    Raises: EditError when there is no asset yet, or its file is among `missing`.
    """
    clip = place.item
    assert isinstance(clip, Clip)
    asset = asset_of(project, clip)
    if asset is None:
        raise EditError(unmade)
    if asset.id in missing:
        raise EditError(
            f"{asset.name} is offline. Find its file first: File › Find missing footage."
        )
    return PlayedClip(place, clip, asset)


def played_part(found: PlayedClip) -> tuple[Fraction, Fraction]:
    """The part of its file that a clip plays, in seconds.

    Raises: EditError for a clip that does not play at its own pace.
    """
    if found.clip.speed != ConstantSpeed():
        raise EditError(f"{found.name} plays at another speed. Set it to 100 % to extend it.")
    used = source_range(found.clip, found.place.sequence.rate)
    end = min(used.end_time_exclusive.seconds, found.asset.duration.seconds)
    return used.start.seconds, end
