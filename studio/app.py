"""The studio, put together: settings, project, engines and window. Everything is wired here."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtWidgets import QApplication

from studio.client.engine import EngineClient
from studio.client.errors import EngineUnreachable
from studio.document.errors import DocumentError, InUse
from studio.document.file.project_file import ProjectFile
from studio.session.engines import Place
from studio.session.preferences import Preferences
from studio.session.projects import create_untitled
from studio.session.settings import log_path
from studio.ui.editor import Editor
from studio.ui.screenshot import save_picture
from studio.ui.theme import apply_theme

LOG_BYTES = 2**20
DEFAULT_SIZE = "1600x1000"

log = logging.getLogger(__name__)


def run(argv: list[str]) -> int:
    """Open the studio, or with `--screenshot PNG` save a picture of its window; -> exit code."""
    options = _parser().parse_args(argv)
    start_log()
    app = _application()
    preferences = Preferences()
    apply_theme(app, preferences.settings.theme)
    try:
        file, refusal = _open(options.project)
    except DocumentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    editor = Editor(file, preferences, connector(preferences))
    if refusal:
        editor.session.notices.warning(refusal, topic="open")
    picture = options.screenshot is not None
    editor.show(options.size, for_picture=picture)
    code = save_picture(app, editor, options.screenshot) if picture else app.exec()
    editor.close()
    return code


def connector(preferences: Preferences) -> Callable[[Place], EngineClient]:
    """Makes clients of the engine here, and of the server in the preferences."""

    def connect(place: Place) -> EngineClient:
        from studio.client.connect import connect_local, connect_server

        settings = preferences.settings
        if place is Place.HERE:
            return connect_local()
        if not settings.server_address:
            raise EngineUnreachable("No server is set up. Enter its address in Preferences.")
        certificate = settings.server_certificate
        return connect_server(
            settings.server_address,
            settings.server_token,
            Path(certificate) if certificate else None,
        )

    return connect


def start_log() -> None:
    """Write the log file that sentences refer to, and record what nobody caught."""
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8")
    except OSError:
        return  # no place for a log: the studio works without
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="Open the studio.",
        epilog="example:\n  python3 main.py film.workprint",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("project", nargs="?", type=Path, metavar="FILE.workprint")
    parser.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="save a picture of the window and exit"
    )
    parser.add_argument(
        "--size", type=_size, default=DEFAULT_SIZE, metavar="WxH", help="of the window"
    )
    return parser


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as {DEFAULT_SIZE}")
    return int(width), int(height)


def _application() -> QApplication:
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Workprint")
    app.setApplicationDisplayName("Workprint")
    return app


def _open(path: Path | None) -> tuple[ProjectFile, str]:
    """The project to begin with, and what must be said about it.

    Raises: DocumentError when there is nothing to begin with.
    """
    if path is None:
        return create_untitled(), ""
    try:
        return ProjectFile.open(path), ""
    except InUse as error:
        return ProjectFile.open(path, read_only=True), str(error)
