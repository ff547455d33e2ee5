"""Replies and requests in the protocol's words: messages, refusals, and bodies within a limit."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from engine.errors import BadRequest, DiskFull, EngineError, Internal
from engine.protocol.codec import BadMessage, decode, encode
from engine.protocol.errors import ErrorCode

LARGEST_MESSAGE_BYTES = 4 * 2**20

STATUS = {
    ErrorCode.BAD_REQUEST: 400,
    ErrorCode.UNAUTHORIZED: 401,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.UNKNOWN_MODEL: 404,
    ErrorCode.UNSUPPORTED_ABILITY: 422,
    ErrorCode.DOES_NOT_FIT: 422,
    ErrorCode.MISSING_ASSET: 409,
    ErrorCode.BAD_MEDIA: 422,
    ErrorCode.BAD_WEIGHTS: 422,
    ErrorCode.WEIGHTS_NOT_INSTALLED: 409,
    ErrorCode.OUT_OF_MEMORY: 507,
    ErrorCode.DISK_FULL: 507,
    ErrorCode.WORKER_DIED: 500,
    ErrorCode.PROTOCOL_MISMATCH: 426,
    ErrorCode.QUOTA: 429,
    ErrorCode.INTERNAL: 500,
}

T = TypeVar("T")
log = logging.getLogger(__name__)


def reply(message: Any, status: int = 200) -> Response:
    """A message, or a list of them."""
    return Response(encode(message), status, media_type="application/json")


def refusal(problem: EngineError) -> Response:
    """What went wrong, with the HTTP status that goes with its code."""
    return reply(problem.info, STATUS[problem.code])


async def read_message(request: Request, kind: type[T]) -> T:
    """The request's body as a message.

    Raises: BadRequest.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_MESSAGE_BYTES:
            raise BadRequest("The message is too large.", "Upload media as assets instead.")
    try:
        return decode(bytes(body), kind)
    except BadMessage as problem:
        raise BadRequest(str(problem), "Check the client's version against the engine's.") from None


async def on_engine_error(_request: Request, problem: Exception) -> Response:
    """A refusal is no fault: one line in the log."""
    assert isinstance(problem, EngineError)
    log.info("refused: %s", problem.message)
    return refusal(problem)


async def on_fault(_request: Request, problem: Exception) -> Response:
    """Anything else is a fault of ours or of the machine; uvicorn writes its traceback."""
    if isinstance(problem, sqlite3.OperationalError) and "full" in str(problem):
        return refusal(
            DiskFull("The engine's disk is full; the job was not queued.", "Free some space first.")
        )
    return refusal(
        Internal("The engine made a mistake with this request.", "Its log has the details.")
    )
