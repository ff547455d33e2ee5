"""FILE.recipe.json: a recipe beside what it made, with what is needed to make it again.

It is the protocol's Recipe as it stands, so that any program can read it, and beside its fields
`input_files` (hash -> path) and `made` (on which machine, and the hash of the outcome).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import msgspec

from engine.protocol.plans import Plan
from engine.protocol.recipes import Recipe
from studio.commands.failures import CommandError, UsageError
from studio.media.errors import from_os_error

SUFFIX = ".recipe.json"


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of a run that decide its bits, and the bits it gave."""

    tier: str = ""
    device: str = ""
    device_name: str = ""
    precision: str = ""
    offload: str = ""
    tiled_decode: bool = False
    sha256: str = ""

    @classmethod
    def by(cls, plan: Plan, tier: str, sha256: str) -> Made:
        """What a plan says of the run that followed it."""
        return cls(
            tier=tier,
            device=plan.device.partition(":")[0],
            device_name=plan.device_name,
            precision=plan.precision.value,
            offload=plan.offload.value,
            tiled_decode=plan.tiled_decode,
            sha256=sha256,
        )


class _Beside(msgspec.Struct, frozen=True, kw_only=True):
    input_files: dict[str, str] = {}
    made: Made = Made()


class RecipeFile(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe, the files it reads by their hashes, and how it was made before."""

    recipe: Recipe
    input_files: dict[str, str]
    made: Made


def path_beside(output: Path) -> Path:
    """Where the recipe of an output lies: clip.mp4.recipe.json."""
    return output.with_name(output.name + SUFFIX)


def write_recipe_file(path: Path, content: RecipeFile) -> None:
    """Write it whole or not at all. Raises: MediaError."""
    body: dict[str, Any] = msgspec.to_builtins(content.recipe)
    body |= {
        "input_files": content.input_files,
        "made": msgspec.to_builtins(content.made),
    }
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(json.dumps(body, indent=2, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise from_os_error(error, path) from error


def read_recipe_file(path: Path) -> RecipeFile:
    """Read one; a bare recipe will do. Raises: UsageError, CommandError."""
    try:
        data = path.read_bytes()
        recipe = msgspec.json.decode(data, type=Recipe)
        beside = msgspec.json.decode(data, type=_Beside)
    except OSError as error:
        raise CommandError(
            f"The recipe {path} cannot be read: {(error.strerror or str(error)).lower()}."
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} is not a recipe: {error}. Give a file that ends in {SUFFIX}."
        ) from error
    return RecipeFile(recipe=recipe, input_files=beside.input_files, made=beside.made)


def recipe_beside(film: Path, sha256: str) -> Recipe | None:
    """The recipe that lies beside a film, if that film, by its hash, is what it made.

    Raises: UsageError, CommandError, for a file there that is no recipe.
    """
    path = path_beside(film)
    if not path.exists():
        return None
    found = read_recipe_file(path)
    return found.recipe if found.made.sha256 == sha256 else None


def differences(before: Made, now: Made) -> list[str]:
    """Why another run may not give the same bits, a sentence each, before it is made."""
    if not before.precision:
        return ["The recipe does not say on which machine it was made."]
    reasons: list[str] = []
    if (before.device, before.device_name) != (now.device, now.device_name):
        reasons.append(
            f"It was made on {before.device_name or before.device} and is made now on"
            f" {now.device_name or now.device}, which rounds in another way."
        )
    if before.precision != now.precision:
        reasons.append(f"It was made in {before.precision} and is made now in {now.precision}.")
    if before.tiled_decode != now.tiled_decode:
        words = ("in tiles", "in one piece")
        was, is_now = words if before.tiled_decode else words[::-1]
        reasons.append(f"It was decoded {was} and is decoded now {is_now}.")
    return reasons
