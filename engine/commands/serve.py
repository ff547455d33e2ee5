"""`serve`: run an engine, for this machine's studios or for those of a whole network."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import ssl
import sys
import threading
from importlib import import_module
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType

import msgspec
import platformdirs
import uvicorn

from engine.commands.parser import EngineParser
from engine.errors import BadRequest, EngineError
from engine.lifeline import Lifeline, take_children_along
from engine.protocol.codec import encode
from engine.protocol.local import LocalEndpoint
from engine.server.app import build_app
from engine.server.assets import DEFAULT_BOUND_BYTES
from engine.server.auth import LOCAL_OWNER, Owner, Tokens, new_token, read_tokens
from engine.server.devices import AUTO, find_devices
from engine.server.listening import StateInUse, listen, lock_state, publish, withdraw
from engine.server.parts import LOGS, Parts, assemble
from engine.server.process_executor import Limits, ProcessExecutor

DEFAULT_PORT = 7878
LOCAL_MAX_WAITING = 10_000
EXIT_STATE_IN_USE = 3
"""Tells a studio's launcher that another engine has just been started for this user."""

_LAST_PORT = 65535
_EVERYWHERE = ("0.0.0.0", "::")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_GRACE_S = 1
_LAST_WORD_S = 1.5
_LOG_BYTES = 4 * 2**20

_EXAMPLE = """example:
  python3 main.py serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem --tokens tokens.txt

A tokens file has lines of NAME TOKEN [MOST_JOBS_WAITING]. Without one, a token is made for this
launch and printed."""


def run(argv: list[str]) -> int:
    """Serve until stopped. Exit codes: 0 stopped, 1 could not serve, 2 bad usage."""
    arguments = _parser().parse(argv)
    try:
        _serve(arguments)
    except StateInUse as problem:
        print(f"{problem.message} {problem.hint}", file=sys.stderr)
        return EXIT_STATE_IN_USE if arguments.local else 1
    except EngineError as problem:
        print(f"{problem.message} {problem.hint}", file=sys.stderr)
        return 1
    return 0


def _parser() -> EngineParser:
    parser = EngineParser(
        "serve",
        "Run the engine for studios on this machine or on others. Ctrl-C stops it.",
        _EXAMPLE,
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen at (%(default)s, this machine alone); 0.0.0.0 is every network",
    )
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help="(%(default)s); 0 takes a free one"
    )
    parser.add_argument("--tls-cert", type=Path, metavar="PEM", help="certificate chain")
    parser.add_argument("--tls-key", type=Path, metavar="PEM", help="its private key")
    parser.add_argument(
        "--tokens", type=Path, metavar="FILE", help="who may use it (see below); else one token"
    )
    parser.add_argument(
        "--executor", choices=["process"], default="process", help="how jobs are run (%(default)s)"
    )
    parser.add_argument(
        "--devices",
        default=AUTO,
        metavar="LIST",
        help="auto for all there are, cpu, or such as cuda:0,cuda:1 (%(default)s)",
    )
    parser.add_argument(
        "--state",
        type=Path,
        default=default_state(),
        metavar="DIR",
        help="where it keeps its queue, files and logs (%(default)s)",
    )
    parser.add_argument(
        "--cache-gb",
        type=_gigabytes,
        default=DEFAULT_BOUND_BYTES / 2**30,
        metavar="GIB",
        help="most that finished clips and inputs may take on the disk (%(default)g)",
    )
    parser.add_argument("--local", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--holder", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--cast", default="engine.server.catalogue_cast", help=argparse.SUPPRESS)
    parser.add_argument("--abilities", default="engine.abilities.registry", help=argparse.SUPPRESS)
    parser.add_argument("--limits", default="{}", help=argparse.SUPPRESS)
    return parser


def _port(text: str) -> int:
    """A TCP port: the socket would take a larger number for its remainder."""
    if not text.isdecimal() or len(text) > 5 or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port, which is 0 to {_LAST_PORT}")
    return int(text)


def _gigabytes(text: str) -> float:
    try:
        size = float(text)
    except ValueError:
        size = 0.0
    if not 0 < size < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a size in GiB, such as 50")
    return size


def default_state() -> Path:
    """Where a server keeps its queue and its assets: apart from this user's local engine."""
    return platformdirs.user_data_path("workprint") / "server"


def _serve(arguments: argparse.Namespace) -> None:
    state: Path = arguments.state
    _start_log(state)
    with lock_state(state):
        listener = _listen(arguments)
        tokens, shown = _tokens(arguments)
        config = _server_config(arguments)
        parts = _assemble(arguments)
        server = uvicorn.Server(config)
        lifeline = _lifeline(server, arguments)
        config.app = build_app(parts, tokens, lifeline if arguments.local else None)
        endpoint = LocalEndpoint(url=_url(listener, config), token=shown, pid=os.getpid())
        _end_in_good_order_on_signals(server)
        _announce(endpoint, arguments)
        try:
            server.run(sockets=[listener])
        finally:
            withdraw(state)


def _end_in_good_order_on_signals(server: uvicorn.Server) -> None:
    """Before uvicorn has its own handlers, and after: it raises the signal again at its end."""

    def end(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def _start_log(state: Path) -> None:
    folder = state / LOGS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / "engine.log", maxBytes=_LOG_BYTES, backupCount=1)
    except OSError as problem:
        raise BadRequest(
            f"The engine's folder {state} cannot be written: {problem.strerror}.",
            "Choose another with --state.",
        ) from problem
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        handlers=[handler],
    )


def _listen(arguments: argparse.Namespace) -> socket.socket:
    if arguments.local:
        return listen("127.0.0.1", 0)
    return listen(arguments.host, arguments.port)


def _tokens(arguments: argparse.Namespace) -> tuple[Tokens, str]:
    """The tokens to accept, and the one to show: that of this launch, if it has one."""
    if arguments.tokens is not None:
        return read_tokens(arguments.tokens), ""
    token = new_token()
    return Tokens([(token, Owner(LOCAL_OWNER, LOCAL_MAX_WAITING))]), token


def _server_config(arguments: argparse.Namespace) -> uvicorn.Config:
    _check_certificate(arguments.tls_cert, arguments.tls_key)
    return uvicorn.Config(
        app="",
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
        ssl_certfile=arguments.tls_cert,
        ssl_keyfile=arguments.tls_key,
    )


def _check_certificate(certificate: Path | None, key: Path | None) -> None:
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise BadRequest("TLS needs both halves.", "Give --tls-cert and --tls-key.")
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as problem:
        raise BadRequest(
            f"The certificate {certificate} and the key {key} cannot be used: {problem}.",
            "Give a PEM certificate and the PEM key that belongs to it.",
        ) from problem


def _assemble(arguments: argparse.Namespace) -> Parts:
    take_children_along()
    limits = msgspec.json.decode(arguments.limits, type=Limits)
    devices = find_devices(arguments.devices)
    logs = arguments.state / LOGS
    executor = ProcessExecutor(devices, logs, arguments.abilities, limits)
    cast = import_module(arguments.cast).load_cast()
    return assemble(arguments.state, cast, executor, int(arguments.cache_gb * 2**30))


def _lifeline(server: uvicorn.Server, arguments: argparse.Namespace) -> Lifeline | None:
    """An engine with a holder ends with the last one, and does not dawdle."""
    if arguments.holder is None:
        return None

    def end() -> None:
        server.should_exit = True
        last_word = threading.Timer(_LAST_WORD_S, os._exit, (0,))
        last_word.daemon = True
        last_word.start()

    lifeline = Lifeline(end)
    lifeline.hold(arguments.holder)
    return lifeline


def _url(listener: socket.socket, config: uvicorn.Config) -> str:
    """An address that others can use: one that listens everywhere is known by its name."""
    host, port = listener.getsockname()[:2]
    if host in _EVERYWHERE:
        host = socket.gethostname()
    scheme = "https" if config.is_ssl else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _announce(endpoint: LocalEndpoint, arguments: argparse.Namespace) -> None:
    if arguments.local:
        publish(arguments.state, endpoint)
        print(encode(endpoint).decode(), flush=True)
        return
    print(f"address  {endpoint.url}")
    print(f"token    {endpoint.token or f'those in {arguments.tokens}'}", flush=True)
    if arguments.host not in _LOOPBACK and arguments.tls_cert is None:
        print(
            "Anyone on this network can read what is sent: give --tls-cert and --tls-key.",
            file=sys.stderr,
        )
