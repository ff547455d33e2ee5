"""Running a recipe again: it is run as it stands, on the files it was made from."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from studio.commands.failures import CommandError, UsageError
from studio.commands.recipe_file import RecipeFile

_FIXED = (
    "ability", "model", "prompt", "negative", "seed", "aspect", "width", "height", "length",
    "frames", "rate", "steps", "guidance", "image", "middle", "last", "video", "mask", "range",
    "direction", "speed", "motion", "no-rewrite",
    "task", "keep_source", "follow", "mask_at",
)  # fmt: skip


def require_plain(arguments: argparse.Namespace) -> None:
    """See that nothing was asked for that the recipe itself decides.

    Raises: UsageError.
    """
    for name in _FIXED:
        if getattr(arguments, name, None) not in (None, "", []):
            said = name if name == "ability" else f"--{name}"
            raise UsageError(
                f"--recipe runs a recipe as it is; leave out {said}, or run without --recipe."
            )


def find_inputs(before: RecipeFile, folder: Path) -> dict[str, Path]:
    """The files a recipe reads, by hash: where they were, or of the same name beside the recipe.

    Raises: CommandError, for one that is gone or has changed.
    """
    wanted = [item.sha256 for item in before.recipe.inputs]
    wanted += [adapter.sha256 for adapter in before.recipe.adapters]
    return {sha256: _find(sha256, before.input_files.get(sha256, ""), folder) for sha256 in wanted}


def _find(sha256: str, name: str, folder: Path) -> Path:
    if not name:
        raise CommandError(
            f"The recipe reads a file with the SHA-256 {sha256[:12]}… and does not say where it is."
            " Make it anew from the file."
        )
    places = [Path(name), folder / Path(name).name]
    there = [path for path in places if path.is_file()]
    for path in there:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                return path
    what = "has changed since" if there else "is not there any more"
    raise CommandError(
        f"{there[0] if there else name}, which the recipe reads, {what}. Bring the old one back, or"
        " make it anew."
    )
