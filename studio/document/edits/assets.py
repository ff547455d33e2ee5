"""Assets: add, remove, relink, proxies.

    bin [ a.mov ]   ->   bin [ a.mov, b.mov ]

No verb here touches a sequence: clips name assets by id, so a file that moves is relinked once for
all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from studio.document.edits.rebuild import mint
from studio.document.edits.stale import mark_users_stale
from studio.document.errors import EditError
from studio.document.model.asset import Asset, Proxy
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.media import uses_of
from studio.document.queries.places import asset_by_id


def with_asset(project: Project, asset: Asset) -> tuple[Project, Id]:
    """The project with an asset, and its id there: that of one with the same bytes if it has one.

    `asset.id` is given here.
    """
    for known in project.assets:
        if _same_bytes(known, asset):
            return project, known.id
    project, (asset_id,) = mint(project, "a")
    added = replace(asset, id=asset_id)
    return replace(project, assets=(*project.assets, added)), asset_id


def _same_bytes(known: Asset, asset: Asset) -> bool:
    if known.sha256 and asset.sha256:
        return known.sha256 == asset.sha256
    return (known.path, known.fingerprint) == (asset.path, asset.fingerprint)


def add_asset(project: Project, asset: Asset) -> Project:
    """Put a file in the media bin; one with the same bytes is not put there twice."""
    return with_asset(project, asset)[0]


def remove_assets(project: Project, asset_ids: Collection[Id]) -> Project:
    """Take files out of the media bin. The files themselves stay on the disk.

    Raises: EditError when a clip uses one, or keeps it as a take.
    """
    for asset_id in asset_ids:
        asset = asset_by_id(project, asset_id)
        if next(uses_of(project, asset_id), None) is not None:
            raise EditError(f"{asset.name} is used on a timeline. Delete its clips first.")
    left = tuple(asset for asset in project.assets if asset.id not in asset_ids)
    return replace(project, assets=left)


def change_asset(project: Project, asset_id: Id, change: Callable[[Asset], Asset]) -> Project:
    """The project with one asset changed; what is known of a file grows as it is read.

    Raises: EditError when there is no such asset.
    """
    changed = change(asset_by_id(project, asset_id))
    assets = tuple(changed if asset.id == asset_id else asset for asset in project.assets)
    return replace(project, assets=assets)


def relink(project: Project, asset_id: Id, found: Asset) -> Project:
    """Use a file elsewhere for an asset: `found` describes it.

        a.mov (missing)   ->   /elsewhere/a.mov

    Stays: the asset's id, name, bin, label and note, so that every clip plays it again. Clips
    generated from other bytes than the file's are then stale, but those on locked tracks.
    Raises: EditError when there is no such asset, or the file is of another kind or shorter than
    the media the asset had.
    """
    old = asset_by_id(project, asset_id)
    if found.kind is not old.kind:
        raise EditError(f"{old.name} was {old.kind.value}; that file is {found.kind.value}.")
    if old.duration and found.duration < old.duration:
        raise EditError(f"That file is shorter than {old.name}. Choose one at least as long.")
    same = _surely_same_bytes(old, found)
    linked = replace(
        found,
        id=old.id,
        sha256=found.sha256 or (old.sha256 if same else ""),
        name=old.name,
        bin=old.bin,
        colour=old.colour,
        note=old.note,
        generated=old.generated,
        proxies=old.proxies if same else (),
    )
    project = change_asset(project, asset_id, lambda _: linked)
    if same or not old.sha256:
        return project
    return mark_users_stale(project, old.sha256, f"{old.name}, which it was made from, is another.")


def _surely_same_bytes(old: Asset, found: Asset) -> bool:
    """Whether two files are the same, by name of their bytes or else by fingerprint."""
    if old.sha256 and found.sha256:
        return old.sha256 == found.sha256
    return bool(old.fingerprint) and old.fingerprint == found.fingerprint


def note_hash(project: Project, asset_id: Id, sha256: str) -> Project:
    """Note the name of an asset's bytes, once it is known, as when a recipe is to read them.

    Recipes name what they read by it: without it none can be found again, nor told to be stale.
    Raises: EditError when there is no such asset, or it is known to be other bytes.
    """

    def noted(asset: Asset) -> Asset:
        if asset.sha256 and asset.sha256 != sha256:
            raise EditError(f"{asset.name} has changed since it was imported. Relink it first.")
        return asset if asset.sha256 else replace(asset, sha256=sha256)

    return change_asset(project, asset_id, noted)


def relink_paths(project: Project, paths: dict[Id, str]) -> Project:
    """Note where files have moved, when they are known to be the same bytes.

    Raises: EditError when there is no such asset.
    """
    for asset_id in paths:
        asset_by_id(project, asset_id)
    assets = tuple(
        replace(asset, path=paths[asset.id]) if asset.id in paths else asset
        for asset in project.assets
    )
    return replace(project, assets=assets)


def add_proxy(project: Project, asset_id: Id, proxy: Proxy) -> Project:
    """Note a proxy of an asset, in place of one of the same size."""
    return change_asset(
        project,
        asset_id,
        lambda asset: replace(
            asset,
            proxies=(
                *(old for old in asset.proxies if old.height != proxy.height),
                proxy,
            ),
        ),
    )


def rename_asset(project: Project, asset_id: Id, name: str) -> Project:
    """Give an asset another name in the bin; the file keeps its own."""
    return change_asset(project, asset_id, lambda asset: replace(asset, name=name))
