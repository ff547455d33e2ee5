"""The gate every request passes: a token that is known, and a protocol that is understood."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from engine.errors import BadRequest, EngineError, ProtocolMismatch
from engine.protocol import PROTOCOL_VERSION
from engine.protocol.routes import PROTOCOL_HEADER
from engine.server.auth import Tokens
from engine.server.replies import refusal


class Gate:
    """ASGI middleware; what passes has its `Owner` in `scope["owner"]`."""

    def __init__(self, app: ASGIApp, tokens: Tokens) -> None:
        self._app = app
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            _check_protocol(headers.get(PROTOCOL_HEADER))
            scope["owner"] = self._tokens.owner(headers.get("Authorization"))
        except EngineError as problem:
            await _refuse(problem, scope, receive, send)
            return
        await self._app(scope, receive, send)


def _check_protocol(spoken: str | None) -> None:
    """A client that names no version, such as curl, is taken to speak ours."""
    if spoken is None:
        return
    if not spoken.isdecimal():
        raise BadRequest(
            f"{spoken[:20]!r} is not a protocol version.", f"This engine speaks {PROTOCOL_VERSION}."
        )
    if int(spoken) > PROTOCOL_VERSION:
        raise ProtocolMismatch(
            f"The engine is older than this program: it speaks protocol {PROTOCOL_VERSION},"
            f" not {spoken}.",
            "Update the engine.",
        )


async def _refuse(problem: EngineError, scope: Scope, receive: Receive, send: Send) -> None:
    response = refusal(problem)
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(response)
    else:
        await response(scope, receive, send)
