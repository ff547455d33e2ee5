"""What goes wrong, in a form that crosses the wire: a code for programs, a sentence for people."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class ErrorCode(StrEnum):
    """Machine-readable reasons. Programs branch on these, never on the text."""

    BAD_REQUEST = "bad_request"
    UNAUTHORIZED = "unauthorized"
    NOT_FOUND = "not_found"
    UNKNOWN_MODEL = "unknown_model"
    UNSUPPORTED_ABILITY = "unsupported_ability"
    DOES_NOT_FIT = "does_not_fit"
    MISSING_ASSET = "missing_asset"
    BAD_MEDIA = "bad_media"
    BAD_WEIGHTS = "bad_weights"
    WEIGHTS_NOT_INSTALLED = "weights_not_installed"
    OUT_OF_MEMORY = "out_of_memory"
    DISK_FULL = "disk_full"
    WORKER_DIED = "worker_died"
    PROTOCOL_MISMATCH = "protocol_mismatch"
    QUOTA = "quota"
    INTERNAL = "internal"


class ErrorInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One failure. `message` says what happened and `hint` what to do next, a sentence each."""

    code: ErrorCode
    message: str
    hint: str = ""
