"""Command: one thing the user can ask for, as data. Menus, palette and shortcuts read the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Target = TypeVar("Target")


def always(_target: object) -> bool:
    """For commands that can be asked for at any time."""
    return True


@dataclass(frozen=True, slots=True)
class Command(Generic[Target]):
    """`id` is stable ("clip.split"); `menu` a path such as "Clip" or "View/Panels".

    `run`, `enabled` and `checked` get the target: the desk that owns session and window. A
    command without `checked` is no switch. `section` groups menu items between separators.
    """

    id: str
    title: str
    menu: str
    run: Callable[[Target], object]
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    enabled: Callable[[Target], bool] = always
    checked: Callable[[Target], bool] | None = None
    section: int = 0
    words: str = ""


def matches(command: Command[Target], query: str) -> int | None:
    """How well a command answers a search, lower is better; None when it does not.

    Every word of the query must occur in the title, the menu, or the extra search words.
    """
    wanted = query.lower().split()
    title = command.title.lower()
    everything = f"{title} {command.menu.lower()} {command.words.lower()}"
    if not all(word in everything for word in wanted):
        return None
    if not wanted:
        return 2
    if title.startswith(wanted[0]):
        return 0
    return 1 if all(word in title for word in wanted) else 2
