"""Settings: what a user has chosen on this machine, as a value and as one JSON file.

The commands read it as the window does. It holds no project data. A damaged file is left where it
is and the defaults are used.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, cast

import platformdirs

log = logging.getLogger(__name__)

APP_NAME = "Workprint"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every choice with its default. Unknown keys of a newer version are kept in `extra`."""

    theme: str = "graphite"
    tier: str = "draft"
    server_address: str = ""
    server_token: str = ""
    server_certificate: str = ""
    cache_folder: str = ""
    cache_limit_gib: int = 20
    snapping: bool = True
    viewer_handles: str = "transform"
    frame_lines: tuple[str, ...] = ()
    still_seconds: int = 4
    hardware_decoding: bool = True
    proxies: bool = True
    rewrite_prompts: bool = True
    sound_meters: bool = True
    scopes: tuple[str, ...] = ("waveform", "vectorscope")
    scope_units: str = "percent"
    scope_brightness_percent: int = 100
    recent: tuple[str, ...] = ()
    open_project: str = ""
    shortcuts: dict[str, str] = field(default_factory=dict[str, str])
    window: dict[str, str] = field(default_factory=dict[str, str])
    export_folder: str = ""
    import_folder: str = ""
    extra: dict[str, Any] = field(default_factory=dict[str, Any])


def default_path() -> Path:
    """The settings file of this user."""
    return Path(platformdirs.user_config_dir(APP_NAME)) / "preferences.json"


def cache_folder_of(settings: Settings) -> Path:
    """Where thumbnails, waveforms and proxies are kept; safe to delete at any time."""
    chosen = settings.cache_folder
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir(APP_NAME))


def log_path() -> Path:
    """The log file that error sentences refer to."""
    return Path(platformdirs.user_log_dir(APP_NAME)) / "workprint.log"


def read_settings(path: Path) -> Settings:
    """The settings in a file; the defaults where there is none."""
    try:
        stored: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        log.warning("preferences in %s cannot be read (%s); using defaults", path, error)
        return Settings()
    return (
        _settings_from(cast("dict[str, object]", stored))
        if isinstance(stored, dict)
        else Settings()
    )


def _settings_from(stored: Mapping[str, object]) -> Settings:
    """The settings of a file's keys; a value of another type than its field's is left out."""
    defaults = Settings()
    known: dict[str, Any] = {}
    for item in fields(Settings):
        value = stored.get(item.name)
        if isinstance(value, list):
            value = tuple(cast("list[object]", value))
        default: object = getattr(defaults, item.name)
        if type(value) is type(default):  # not isinstance: true would pass for a number
            known[item.name] = value
    names = {item.name for item in fields(Settings)}
    known["extra"] = {key: value for key, value in stored.items() if key not in names}
    return Settings(**known)


def write_settings(path: Path, settings: Settings) -> None:
    """Write the file whole or not at all; what goes wrong is logged, for nothing depends on it."""
    content = asdict(settings)
    content.update(content.pop("extra"))
    text = json.dumps(content, indent=2, ensure_ascii=False)
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o600)  # it may hold a server token
        partial.replace(path)
    except OSError as error:
        log.warning("preferences could not be written to %s: %s", path, error)
