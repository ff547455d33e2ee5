"""Routes of assets: whole or in ranges out, in pieces by offset in."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from engine.errors import BadRequest
from engine.protocol import routes
from engine.server.assets import AssetStore, WrongOffset
from engine.server.recipe_check import is_sha256
from engine.server.replies import reply

WRITE_BYTES = 1 << 20
LARGEST_ASSET_BYTES = 2**40

log = logging.getLogger(__name__)

_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Bytes `offset` to `end` of an asset of `size_bytes`."""

    offset: int
    end: int
    size_bytes: int


class AssetRoutes:
    """Handlers over one store. Everything that waits for the disk does so on a thread."""

    def __init__(self, assets: AssetStore) -> None:
        self._assets = assets

    def routes(self) -> list[Route]:
        """The routes, for the application."""
        return [
            Route(routes.ASSET, self.get, methods=["GET"]),
            Route(routes.ASSET, self.put, methods=["PUT"]),
            Route(routes.UPLOAD, self.status, methods=["GET"]),
        ]

    async def get(self, request: Request) -> Response:
        """GET and HEAD of an asset; the response itself answers ranges."""
        path = self._assets.path(_name(request))
        return FileResponse(path, media_type="application/octet-stream")

    async def status(self, request: Request) -> Response:
        """How much of an asset is here."""
        return reply(self._assets.status(_name(request)))

    async def put(self, request: Request) -> Response:
        """One piece of an asset, written as it comes in."""
        sha256, piece = _name(request), _piece(request)
        try:
            await self._write(request, sha256, piece)
        except WrongOffset as problem:
            return reply(problem.status, 409)
        except ClientDisconnect:
            log.info("the upload of %s stopped at %d", sha256, piece.offset)
        return reply(self._assets.status(sha256))

    async def _write(self, request: Request, sha256: str, piece: _Piece) -> None:
        waiting, offset = bytearray(), piece.offset
        async for data in request.stream():
            waiting += data
            if offset + len(waiting) > piece.end:
                raise BadRequest("More bytes came than Content-Range says.", "Send it again.")
            if len(waiting) >= WRITE_BYTES:
                await self._append(sha256, offset, piece.size_bytes, bytes(waiting))
                offset += len(waiting)
                waiting.clear()
        if waiting:
            await self._append(sha256, offset, piece.size_bytes, bytes(waiting))

    async def _append(self, sha256: str, offset: int, size_bytes: int, data: bytes) -> None:
        await asyncio.to_thread(self._assets.append, sha256, offset, size_bytes, data)


def _name(request: Request) -> str:
    sha256 = str(request.path_params["sha256"])
    if not is_sha256(sha256):
        raise BadRequest(f"{sha256[:80]!r} does not name an asset.", "Use its SHA-256, in hex.")
    return sha256


def _piece(request: Request) -> _Piece:
    header = request.headers.get("Content-Range", "")
    match = _CONTENT_RANGE.fullmatch(header)
    if match is None:
        raise BadRequest(
            "The upload does not say which bytes it sends.",
            "Send a header such as: Content-Range: bytes 0-99/1000.",
        )
    first, last, size_bytes = (int(number) for number in match.groups())
    if not first <= last < size_bytes <= LARGEST_ASSET_BYTES:
        raise BadRequest(f"Content-Range {header!r} is no range.", "Check its three numbers.")
    return _Piece(first, last + 1, size_bytes)
