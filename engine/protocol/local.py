"""What a local engine writes into its state folder, so that every studio of this user finds it."""

from __future__ import annotations

from typing import Final

import msgspec

ENDPOINT_FILE: Final = "endpoint.json"
"""Readable by the user alone; gone when the engine ends in good order."""


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """How many processes a local engine lives for; at none it ends."""

    holders: int


class LocalEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a local engine listens, and the token of this launch.

    It is also the line that `engine serve --local` prints once it can be reached.
    """

    url: str
    token: str
    pid: int
