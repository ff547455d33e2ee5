"""Conforming the open project: shots are made again in the background, and swapped in at the end.

A take that has been made is kept on its clips at once, as any other; what plays changes only when
the last job has ended, in one edit. Closing the studio in between loses nothing: the next conform
finds the takes that are there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.protocol.jobs import Cancelled, Done, Failed
from engine.protocol.models import ModelCard
from engine.protocol.plans import Plan
from engine.protocol.recipes import Ability
from studio.document.edits import takes
from studio.document.model.project import Project
from studio.document.queries.places import find_clip
from studio.session.conform_chain import depends_on, resolved, survey
from studio.session.conform_plan import Shot, Target, abilities_of
from studio.session.conform_swap import swapped
from studio.session.engines import place_of
from studio.session.generation import Generation
from studio.session.jobs import JobBoard, news_text
from studio.session.session import Session

_UNREAD = "what it is made of was not made, or is no longer there."


@dataclass(slots=True)
class _Run:
    """One conform under way: the shots it is about, those that cannot begin before others that

    they read are made, and those that an engine makes.
    """

    path: Path
    target: Target
    shots: list[Shot]
    later: list[Shot]
    waiting: dict[str, Shot] = field(default_factory=dict[str, Shot])
    kept: list[str] = field(default_factory=list[str])


class Conforming(QObject):
    """Surveys, plans and runs conforms. `finished` says how many clips now play another take."""

    finished = Signal(int)

    def __init__(
        self,
        session: Session,
        board: JobBoard,
        generation: Generation,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._board = board
        self._generation = generation
        self._runs: list[_Run] = []
        board.updated.connect(self._heard)
        session.project_opened.connect(self._forget_other_projects)

    def cast(self, tier: str) -> tuple[ModelCard, ...]:
        """The models of a tier's engine, as far as they are known; the engine is woken."""
        link = self._generation.link_for(tier)
        link.wake()
        return link.cast

    def abilities(self) -> tuple[Ability, ...]:
        """What the shots of the open cut were made by."""
        return abilities_of(self._session.project, self._session.sequence_id)

    def survey(self, target: Target) -> tuple[Shot, ...]:
        """The shots of the open cut, as a target would have them."""
        cast = self.cast(target.tier)
        return survey(self._session.project, self._session.sequence_id, cast, target)

    def plan(
        self,
        shot: Shot,
        tier: str,
        on_plan: Callable[[Plan], object],
        on_error: Callable[[Exception], object],
    ) -> None:
        """Ask what a shot will need."""
        self._generation.plan(shot.recipe, tier, on_plan, on_error)

    def start(self, shots: Iterable[Shot], target: Target) -> bool:
        """Have what is not there made, and swap everything in when that is done."""
        run = _Run(
            self._session.path,
            target,
            [shot for shot in shots if shot.runs or shot.swaps],
            [shot for shot in shots if shot.runs],
        )
        if not self._begin(run):
            return False
        self._runs.append(run)
        self._end_if_done(run)
        return True

    def _begin(self, run: _Run) -> bool:
        """Start the jobs of all shots that read nothing that is still to be made."""
        project = self._session.project
        ready = {
            uuid.uuid4().hex: replace(now, clip_ids=there)
            for shot in run.later
            if (now := resolved(project, shot)) is not None
            and (there := tuple(each for each in now.clip_ids if find_clip(project, each)))
        }
        place = place_of(run.target.tier)

        def edit(project: Project) -> Project:
            for job_id, shot in ready.items():
                for clip_id in shot.clip_ids:
                    project = takes.start_job(project, clip_id, job_id, place.value)
            return project

        if ready and not self._session.apply("Begin conform", edit):
            return False
        begun = [shot.before for shot in ready.values()]
        run.later = [shot for shot in run.later if shot.before not in begun]
        run.waiting |= ready
        for job_id, shot in ready.items():
            again = [shot, *(later for later in run.later if depends_on(later, shot))]
            self._generation.retriers[job_id] = partial(self.start, again, run.target)
            self._generation.start(
                job_id, shot.clip_ids[0], shot.recipe, place, plays_at_once=False
            )
        return True

    def _heard(self, job_id: str) -> None:
        run = next((run for run in self._runs if job_id in run.waiting), None)
        row = self._board.row(job_id)
        if run is None or row is None:
            return
        match row.news:
            case Done():
                run.waiting.pop(job_id)
                self._generation.retriers.pop(job_id, None)
                self._begin(run)
            case Failed() | Cancelled():
                shot = run.waiting.pop(job_id)
                run.kept.append(f"{shot.name} keeps what it shows: {news_text(row)}")
            case _:
                return
        self._end_if_done(run)

    def _end_if_done(self, run: _Run) -> None:
        if run.waiting:
            return
        # What has not begun by now cannot: what it reads failed, or has gone from the cut.
        run.kept += [f"{shot.name} keeps what it shows: {_UNREAD}" for shot in run.later]
        run.later = []
        self._runs.remove(run)
        changed: list[str] = []

        def edit(project: Project) -> Project:
            outcome = swapped(project, run.shots)
            if outcome is None:
                return project
            changed.extend(outcome.clip_ids)
            return outcome.project

        if swapped(self._session.project, run.shots) is not None:
            self._session.apply("Conform", edit)
        self._tell(len(changed), run.kept)
        self.finished.emit(len(changed))

    def _tell(self, count: int, kept: list[str]) -> None:
        noun = "clip" if count == 1 else "clips"
        done = f"Conformed {count} {noun}." if count else "No clip was conformed."
        if kept:
            more = f" {len(kept) - 1} more did too; see Jobs." if len(kept) > 1 else ""
            self._session.notices.warning(f"{done} {kept[0]}{more}", topic="conform")
        else:
            self._session.notices.done(f"{done} Undo brings the drafts back.", topic="conform")

    def _forget_other_projects(self) -> None:
        """Another project was opened: jobs of the one before are taken in by its clips alone."""
        self._runs = [run for run in self._runs if run.path == self._session.path]
