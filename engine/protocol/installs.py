"""Installs: bringing a model to this machine, proving it, or taking over another program's copy."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from engine.protocol.errors import ErrorInfo
from engine.protocol.models import ModelCard


class InstallAction(StrEnum):
    """What to do with a model's files.

    DOWNLOAD fetches what is missing, VERIFY hashes what is here, IMPORT takes over the files of a
    folder of this machine.
    """

    DOWNLOAD = "download"
    VERIFY = "verify"
    IMPORT = "import"


class InstallRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One action on one model.

    `folder` is for IMPORT. `accept_licence` says that the user has read and accepts the terms of
    a model whose use is limited.
    """

    action: InstallAction
    folder: str = ""
    accept_licence: bool = False


class Installing(msgspec.Struct, frozen=True, kw_only=True, tag="installing"):
    """Under way: the file in hand, and bytes of the whole model."""

    file: str
    done_bytes: int
    total_bytes: int


class InstallDone(msgspec.Struct, frozen=True, kw_only=True, tag="done"):
    """Ended well. `damaged` names files that VERIFY found missing or changed, and put aside."""

    card: ModelCard
    damaged: tuple[str, ...] = ()


class InstallFailed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """Ended without success; what had arrived is kept, and another try goes on from it."""

    error: ErrorInfo


InstallNews = Installing | InstallDone | InstallFailed
