"""A model hub on this machine, with the faults that real lines and servers have."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REPOSITORY = "film/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class HubFiles:
    """What the hub offers, and how it misbehaves."""

    files: dict[str, bytes]
    drops: list[int] = field(default_factory=list[int])
    """Bytes after which the next answers break off, one each."""
    ignores_ranges: bool = False
    lies_about: str = ""
    """A file whose listed hash is not that of its contents."""
    status: int = 200
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Path and Range header of every file asked for."""

    def listing(self) -> list[dict[str, object]]:
        """The tree as the hub's interface gives it, on one page."""
        return [self._item(path, content) for path, content in self.files.items()]

    def _item(self, path: str, content: bytes) -> dict[str, object]:
        blob = hashlib.sha1(b"blob %d\0%s" % (len(content), content)).hexdigest()
        item: dict[str, object] = {"type": "file", "path": path, "size": len(content), "oid": blob}
        if path.endswith(".safetensors"):
            told = content + b"!" if path == self.lies_about else content
            item["lfs"] = {"oid": hashlib.sha256(told).hexdigest(), "size": len(content)}
        return item


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: HubFiles

    def do_GET(self) -> None:
        if self.path.startswith("/api/"):
            return self._answer_listing()
        path = self.path.partition(f"/resolve/{COMMIT}/")[2]
        wanted = self.headers.get("Range", "")
        self.hub.asked.append((path, wanted))
        if self.hub.status != 200:
            return self._send(self.hub.status, b"", {})
        self._answer_file(self.hub.files[path], wanted)
        return None

    def _answer_listing(self) -> None:
        if "/revision/" in self.path:
            return self._send(200, json.dumps({"sha": COMMIT}).encode(), {})
        items = self.hub.listing()
        half = len(items) // 2
        if "cursor" in self.path:
            return self._send(200, json.dumps(items[half:]).encode(), {})
        following = f'<{self.path}&cursor=2>; rel="next"'
        return self._send(200, json.dumps(items[:half]).encode(), {"Link": following})

    def _answer_file(self, content: bytes, wanted: str) -> None:
        start = 0 if self.hub.ignores_ranges or not wanted else int(wanted[6:].rstrip("-"))
        if start and start >= len(content):
            return self._send(416, b"", {})
        status = 206 if start else 200
        return self._send(status, content[start:], {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.hub.drops and len(body) > self.hub.drops[0]:
            self.wfile.write(body[: self.hub.drops.pop(0)])
            self.close_connection = True
            self.connection.close()
            return
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running_hub(hub: HubFiles) -> Iterator[str]:
    """Serve it; -> the address."""
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
