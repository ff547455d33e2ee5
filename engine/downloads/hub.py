"""A model hub: which files a repository has, with their hashes, and where to fetch them.

It speaks the Hugging Face hub's HTTP interface; the address is a setting, so that a mirror or a
test can stand in for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from engine.catalogue import Entry
from engine.downloads.errors import DownloadFailed, reason
from engine.downloads.manifest import Manifest, PinnedFile, refuse_pickles, wanted

ADDRESS = "https://huggingface.co"
ADDRESS_VARIABLE = "WORKPRINT_HUB"
TOKEN_VARIABLE = "HF_TOKEN"

_TIMEOUT = httpx.Timeout(20.0, read=60.0)


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub at an address; `token` opens repositories whose licence one has to accept there."""

    address: str = ADDRESS
    token: str = ""

    def client(self) -> httpx.Client:
        """A connection that follows the hub to its file servers."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return httpx.Client(
            base_url=self.address, headers=headers, timeout=_TIMEOUT, follow_redirects=True
        )

    def list_files(self, entry: Entry, client: httpx.Client) -> Manifest:
        """The files of a model at the present commit of its revision, with sizes and hashes.

        Raises: DownloadFailed, BadWeights.
        """
        repository, revision = entry.source.repository, entry.source.revision
        model = _get(client, f"/api/models/{repository}/revision/{quote(revision, safe='')}").json()
        commit = str(model["sha"])
        items = list(_tree(client, repository, commit))
        refuse_pickles([item["path"] for item in items], entry.source.folders, entry.title)
        chosen = [item for item in items if wanted(item["path"], entry.source.folders)]
        return Manifest(
            model=entry.id,
            repository=repository,
            commit=commit,
            files=tuple(_pinned(item) for item in chosen),
        )

    def file_url(self, manifest: Manifest, file: PinnedFile) -> str:
        """Where one file of a listed commit is."""
        return f"/{manifest.repository}/resolve/{manifest.commit}/{quote(file.path)}"


def configured_hub() -> Hub:
    """The hub this machine is set to use."""
    return Hub(
        address=os.environ.get(ADDRESS_VARIABLE, ADDRESS),
        token=os.environ.get(TOKEN_VARIABLE, ""),
    )


def _tree(client: httpx.Client, repository: str, commit: str) -> Iterator[dict[str, Any]]:
    url: str | None = f"/api/models/{repository}/tree/{commit}?recursive=true"
    while url:
        page = _get(client, url)
        yield from (item for item in page.json() if item["type"] == "file")
        url = page.links.get("next", {}).get("url")


def _pinned(item: dict[str, Any]) -> PinnedFile:
    large = item.get("lfs")
    if large:
        return PinnedFile(path=item["path"], size_bytes=int(large["size"]), sha256=large["oid"])
    return PinnedFile(path=item["path"], size_bytes=int(item["size"]), git_sha1=item["oid"])


def _get(client: httpx.Client, url: str) -> httpx.Response:
    try:
        return client.get(url).raise_for_status()
    except httpx.HTTPError as problem:
        raise DownloadFailed(
            f"The model hub {client.base_url.host} did not list the files: {reason(problem)}.",
            "Check the connection and run the command again; what is here is kept.",
        ) from problem
