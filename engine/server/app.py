"""The ASGI application: the gate, the routes, and the dispatcher's life."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import BadRequest, EngineError, NotFound
from engine.lifeline import Lifeline
from engine.server.asset_routes import AssetRoutes
from engine.server.auth import Tokens
from engine.server.gate import Gate
from engine.server.install_routes import InstallRoutes
from engine.server.job_routes import JobRoutes
from engine.server.parts import Parts
from engine.server.replies import on_engine_error, on_fault, refusal


def build_app(parts: Parts, tokens: Tokens, lifeline: Lifeline | None = None) -> Starlette:
    """The application. `lifeline`, of a local engine, is held by the studios that use it."""

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncGenerator[None]:
        await parts.dispatcher.start()
        yield
        await parts.dispatcher.stop()
        parts.database.close()

    return Starlette(
        routes=[
            *JobRoutes(parts, lifeline).routes(),
            *AssetRoutes(parts.assets).routes(),
            *InstallRoutes(parts.cast, is_local=lifeline is not None).routes(),
        ],
        middleware=[Middleware(Gate, tokens=tokens)],
        exception_handlers={
            EngineError: on_engine_error,
            HTTPException: _on_http_error,
            Exception: on_fault,
        },
        lifespan=running,
    )


async def _on_http_error(request: Request, problem: Exception) -> Response:
    """The router's own refusals, in the protocol's words."""
    assert isinstance(problem, HTTPException)
    if problem.status_code == 404:
        return refusal(NotFound(f"There is nothing at {request.url.path}.", "Check the address."))
    return refusal(BadRequest(f"{request.method} {request.url.path}: {problem.detail}."))
