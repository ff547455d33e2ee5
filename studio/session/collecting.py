"""Collecting: a finished job's output comes to the project's media folder, proved by its hash."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from engine.protocol.assets import AssetRef
from engine.protocol.jobs import Done
from engine.protocol.recipes import Recipe
from studio.client.engine import EngineClient
from studio.document.model.asset import Asset
from studio.document.model.generated import Recipe as StoredRecipe
from studio.document.model.generated import Take
from studio.document.model.project import Project
from studio.session.describing import describe
from studio.session.placeholders import short_name

_SUFFIXES = {
    "image/webp": ".webp",
    "audio/flac": ".flac",
    "audio/wav": ".wav",
    "video/x-matroska": ".mkv",
}
"""Where what the system's own list of endings says first is not what others know."""


@dataclass(frozen=True, slots=True)
class Collected:
    """An output as an asset of the project, which gives it its id, and what is said of it."""

    asset: Asset
    remarks: tuple[str, ...] = ()

    def take(self, recipe: StoredRecipe, tier: str) -> Take:
        """The take it becomes."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return Take(id="", asset_id="", recipe=recipe, tier=tier, made_at=now, remarks=self.remarks)


def collect(
    client: EngineClient,
    done: Done,
    folder: Path,
    media_folder: Path,
    on_progress: Callable[[int, int], None],
) -> Collected:
    """Download the first output into the media folder and describe it. Blocks.

    Raises:
        EngineClientError: it could not be fetched, or its bytes are not the ones promised.
        MediaError: it could not be read.
    """
    output = done.outputs[0].asset
    path = media_folder / f"{output.sha256}{suffix_of(output)}"
    if not path.exists():
        media_folder.mkdir(parents=True, exist_ok=True)
        client.download(output, path, on_progress=on_progress)
    asset = describe(path, folder)
    return Collected(
        replace(
            asset,
            name=short_name(done.recipe),
            sha256=output.sha256,
            media_type=output.media_type,
            generated=True,
            note=done.recipe.prompt,
        ),
        done.notes,
    )


def suffix_of(asset: AssetRef) -> str:
    """The file ending for a media type."""
    kind = asset.media_type
    return _SUFFIXES.get(kind) or mimetypes.guess_extension(kind) or ".bin"


def input_paths(project: Project, folder: Path, recipe: Recipe) -> tuple[Path, ...]:
    """The files that a recipe reads, to be given to the engine before the job."""
    by_hash = {asset.sha256: asset for asset in project.assets if asset.sha256}
    found = (by_hash.get(given.sha256) for given in recipe.inputs)
    return tuple(folder / asset.path for asset in found if asset is not None)
