"""What goes wrong on the way from a hub to this machine, beside a full disk and damaged weights."""

from __future__ import annotations

import httpx

from engine.errors import EngineError
from engine.protocol.errors import ErrorCode

_MEANINGS = {
    401: "it wants an access token (set HF_TOKEN)",
    403: "this token may not read it: accept the licence on the model's page first",
    404: "there is no such file there",
    429: "too many requests",
}


class DownloadFailed(EngineError):
    """The hub could not be reached, or would not give a file."""

    code = ErrorCode.WEIGHTS_NOT_INSTALLED


class LicenceNotAccepted(EngineError):
    """A model with limits on its use, which the user has not agreed to yet."""

    code = ErrorCode.WEIGHTS_NOT_INSTALLED


def reason(problem: httpx.HTTPError) -> str:
    """Why a request failed, in a few words."""
    if isinstance(problem, httpx.HTTPStatusError):
        status = problem.response.status_code
        return _MEANINGS.get(status, f"it answered {status}")
    if isinstance(problem, httpx.TimeoutException):
        return "it does not answer"
    return str(problem) or type(problem).__name__
