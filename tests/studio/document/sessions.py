"""Checking an edit as Kdenlive's tests do: state, edit, state after, undo, state, redo, after."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.document.errors import EditError
from studio.document.history import History
from studio.document.model.project import Project
from tests.studio.document.films import drawn
from tests.studio.document.rules import check

Edit = Callable[[Project], Project]


def edited(project: Project, edit: Edit, *after: str, tracks: tuple[str, ...] = ("V1",)) -> Project:
    """Carry out an edit, and check the drawings of tracks after it, after undo and after redo."""
    before = tuple(drawn(project, name) for name in tracks)
    history = History(project)
    history.apply("Edit", edit)
    _is(history.project, tracks, after)
    done = history.project
    history.undo()
    _is(history.project, tracks, before)
    assert history.project == project
    history.redo()
    _is(history.project, tracks, after)
    assert history.project == done
    return done


def _is(project: Project, tracks: tuple[str, ...], drawings: tuple[str, ...]) -> None:
    check(project)
    assert tuple(drawn(project, name) for name in tracks) == drawings


def refused(project: Project, edit: Edit, reason: str) -> None:
    """Check that an edit is refused with one clear sentence, and changes nothing."""
    history = History(project)
    with pytest.raises(EditError, match=reason) as caught:
        history.apply("Edit", edit)
    assert str(caught.value).strip().endswith(".")
    assert history.project is project
    assert history.undo_name is None
