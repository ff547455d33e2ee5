"""Titles: change what a title says and how it looks.

    | Title |   ->   | Title* |

A new title is a clip with `TitleMedia`, made from a template (`studio.document.titles`) and
brought in like any other. No verb here moves a clip or changes its length.
"""

from __future__ import annotations

from dataclasses import replace

from studio.document.edits.rebuild import change_clip
from studio.document.errors import EditError
from studio.document.model.clip import Clip, TitleMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.title import TextStyle, Title


def _title(clip: Clip) -> Title:
    if not isinstance(clip.media, TitleMedia):
        raise EditError("That is not a title.")
    return clip.media.title


def set_title(project: Project, clip_id: Id, title: Title) -> Project:
    """Show another title in a clip's place.

    Raises: EditError when it is no title, or on a locked track.
    """

    def changed(clip: Clip) -> Clip:
        _title(clip)
        return replace(clip, media=TitleMedia(title=title))

    return change_clip(project, clip_id, changed)


def set_title_text(project: Project, clip_id: Id, block: int, text: str) -> Project:
    """Change the text of one block of a title.

    Raises: EditError when there is no such block, or on a locked track.
    """
    return _change_block(project, clip_id, block, text=text)


def set_title_style(project: Project, clip_id: Id, block: int, style: TextStyle) -> Project:
    """Change how one block of a title looks.

    Raises: EditError when there is no such block, or on a locked track.
    """
    return _change_block(project, clip_id, block, style=style)


def move_title_block(project: Project, clip_id: Id, block: int, x: float, y: float) -> Project:
    """Put one block of a title elsewhere; `x` and `y` are shares of the frame.

    Raises: EditError when there is no such block, or on a locked track.
    """
    return _change_block(project, clip_id, block, at=(x, y))


def _change_block(
    project: Project,
    clip_id: Id,
    block: int,
    *,
    text: str | None = None,
    style: TextStyle | None = None,
    at: tuple[float, float] | None = None,
) -> Project:
    def changed(clip: Clip) -> Clip:
        title = _title(clip)
        if not 0 <= block < len(title.blocks):
            raise EditError("That title has no such line.")
        old = title.blocks[block]
        x, y = at or (old.x, old.y)
        new = replace(
            old,
            text=old.text if text is None else text,
            style=style or old.style,
            x=x,
            y=y,
        )
        blocks = (*title.blocks[:block], new, *title.blocks[block + 1 :])
        return replace(clip, media=TitleMedia(title=replace(title, blocks=blocks)))

    return change_clip(project, clip_id, changed)
