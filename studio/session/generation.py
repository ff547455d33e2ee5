"""Generation: a recipe becomes a job and a clip that waits for it; cancel, retry and new takes.

What comes back from the engine is taken in by `returns`. Nothing here draws, and nothing blocks.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from engine.protocol.jobs import Done, Queued
from engine.protocol.plans import Plan
from engine.protocol.recipes import Ability, Recipe
from studio.client.engine import EngineClient
from studio.document.edits import takes
from studio.document.edits.stale import generated_media
from studio.document.model.asset import Asset
from studio.document.model.generated import GeneratedMedia, Pending
from studio.document.model.project import Project
from studio.document.queries.media import clips_awaiting
from studio.document.queries.places import find, find_clip
from studio.session.collecting import input_paths
from studio.session.draft import random_seed
from studio.session.engines import EngineLink, Place, place_of
from studio.session.installs import Installs
from studio.session.jobs import JobBoard, JobRow
from studio.session.placeholders import (
    AT_PLAYHEAD,
    AtPlayhead,
    Spot,
    place_placeholder,
    short_name,
)
from studio.session.recipes import recipe_of, stored
from studio.session.returns import Returns
from studio.session.session import Session
from studio.session.sources import SourceChanged, Sources, with_inputs

_SHOTS = frozenset(
    {
        Ability.TEXT_TO_VIDEO,
        Ability.IMAGE_TO_VIDEO,
        Ability.PERSONALIZE_VIDEO,
        Ability.TEXT_TO_IMAGE,
    }
)
"""What a script is made of, shot after shot; stickers and sounds belong to what is there."""


class Generation(QObject):
    """Everything that starts or stops a job of the open project.

    `placed` carries the id of a clip that has just been born.
    """

    placed = Signal(str)

    def __init__(
        self,
        session: Session,
        board: JobBoard,
        links: dict[Place, EngineLink],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.board = board
        self.links = links
        self.installs = Installs(self)
        self.sources = Sources(session)
        self._last_shot = ""
        self.retriers: dict[str, Callable[[], bool]] = {}
        """How jobs that are not their clip's own recipe are begun again, by their ids."""
        self.returns = Returns(session, board, links, self.retry, self)

    def link_for(self, tier: str) -> EngineLink:
        """The engine that serves a tier."""
        return self.links[place_of(tier)]

    def plan(
        self,
        recipe: Recipe,
        tier: str,
        on_plan: Callable[[Plan], object],
        on_error: Callable[[Exception], object],
    ) -> None:
        """Ask what a recipe would need."""
        self.link_for(tier).call(lambda client: client.plan(recipe), on_plan, on_error)

    def generate(
        self, recipe: Recipe, tier: str, inputs: Iterable[Asset] = (), spot: Spot = AT_PLAYHEAD
    ) -> str | None:
        """Lay a placeholder down and start the job; the clip's id, None if refused.

        `inputs` are the assets that the recipe reads, as `sources` gave them: they go into the
        media bin, under the names of their bytes, in the same step. While the playhead stands
        where the last shot was begun, the next one follows it, and takes the playhead along.
        """
        place = place_of(tier)
        job = Pending(job_id=uuid.uuid4().hex, engine=place.value)
        given = tuple(inputs)
        sequence_id, playhead = self._session.sequence_id, self._session.transport.position
        is_shot = isinstance(spot, AtPlayhead) and recipe.ability in _SHOTS
        if is_shot:
            playhead = self._after_last(playhead)

        def edit(project: Project) -> Project:
            project = with_inputs(project, given)
            return place_placeholder(project, sequence_id, playhead, recipe, job, spot)

        if not self._session.apply(f"{_verb(recipe)}: {short_name(recipe)}", edit):
            return None
        clip = next(clips_awaiting(self._session.project, job.job_id))
        self._session.selection.set([clip.id])
        self.placed.emit(clip.id)
        if is_shot:
            self._last_shot = clip.id
            self._session.transport.seek(playhead)
        self.start(job.job_id, clip.id, recipe, place)
        return clip.id

    def _after_last(self, playhead: int) -> int:
        """Where a shot begins: after the last one, if the playhead has not left its first frame."""
        place = find(self._session.project, self._last_shot)
        is_there = place is not None and place.sequence.id == self._session.sequence_id
        if place is None or not is_there or place.range.start != playhead:
            return playhead
        return place.range.end

    def new_take(
        self,
        clip_id: str,
        recipe: Recipe | None = None,
        tier: str = "",
        inputs: Iterable[Asset] = (),
    ) -> str | None:
        """Start another take of a clip: its own recipe, or a changed one. The job's id."""
        clip = find_clip(self._session.project, clip_id)
        media = clip.media if clip is not None else None
        if not isinstance(media, GeneratedMedia):
            return None
        try:
            wanted = recipe if recipe is not None else recipe_of(media)
        except ValueError as error:
            self._session.notices.error(str(error))
            return None
        place = place_of(tier) if tier else _place_of(media)
        name = f"New take of {clip.name or short_name(wanted)}" if clip is not None else "New take"
        return self._take(clip_id, wanted, place, tuple(inputs), name)

    def rework(
        self, clip_id: str, recipe: Recipe, tier: str, inputs: Iterable[Asset], name: str
    ) -> str | None:
        """Start a take of a clip that reads the clip itself, footage too. The job's id.

        The take plays as soon as it is there, for it was asked for in place of what plays.
        """
        return self._take(clip_id, recipe, place_of(tier), tuple(inputs), name)

    def _take(
        self, clip_id: str, recipe: Recipe, place: Place, inputs: tuple[Asset, ...], name: str
    ) -> str | None:
        job_id, wanted = uuid.uuid4().hex, stored(recipe)

        def edit(project: Project) -> Project:
            project = takes.adopt(with_inputs(project, inputs), clip_id, wanted)
            for undone in self._undone(project, clip_id):
                project = takes.dismiss_job(project, undone)
            clip = find_clip(project, clip_id)
            if clip is not None and generated_media(clip).recipe != wanted:
                project = takes.set_recipe(project, clip_id, wanted)
            return takes.start_job(project, clip_id, job_id, place.value)

        if not self._session.apply(name, edit):
            return None
        self.start(job_id, clip_id, recipe, place)
        return job_id

    def _undone(self, project: Project, clip_id: str) -> list[str]:
        """Jobs of a clip whose takes undo took away: another take is wanted in their place."""
        clip = find_clip(project, clip_id)
        jobs = generated_media(clip).jobs if clip is not None else ()
        rows = (self.board.row(job.job_id) for job in jobs)
        return [row.job_id for row in rows if row is not None and isinstance(row.news, Done)]

    def another_seed(self, clip_id: str) -> str | None:
        """Start another take with the clip's recipe under a new seed. The job's id."""
        clip = find_clip(self._session.project, clip_id)
        if clip is None or not isinstance(clip.media, GeneratedMedia):
            return None
        try:
            recipe = recipe_of(clip.media)
        except ValueError as error:
            self._session.notices.error(str(error))
            return None
        seeded = msgspec.structs.replace(recipe, seed=random_seed(), weights_sha256="")
        return self.new_take(clip_id, seeded)

    def retry(self, job_id: str) -> None:
        """Start a failed or cancelled job's clip again."""
        again = self.retriers.get(job_id)
        if again is not None:
            if again():
                self.retriers.pop(job_id)
                self.board.forget(job_id)
            return
        waiting = next(clips_awaiting(self._session.project, job_id), None)
        row = self.board.row(job_id)
        clip_id = waiting.id if waiting is not None else row.clip_id if row is not None else ""
        if clip_id and self.new_take(clip_id) is not None:
            self.board.forget(job_id)

    def cancel(self, job_id: str) -> None:
        """Stop a job. Its clip says so when the engine has agreed."""
        row = self.board.row(job_id)
        if row is None:
            return
        self.links[Place(row.engine)].call(
            lambda client: client.cancel(job_id),
            lambda _none: None,
            lambda error: self._session.notices.error(str(error)),
        )

    def asset_of(self, job_id: str) -> str:
        """The asset that a finished job made in this project, "" while there is none."""
        row = self.board.row(job_id)
        if row is None or not isinstance(row.news, Done):
            return ""
        names = {output.asset.sha256 for output in row.news.outputs}
        made = (asset.id for asset in self._session.project.assets if asset.sha256 in names)
        return next(made, "")

    def dismiss(self, clip_id: str) -> None:
        """Forget the failures noted on a clip."""
        clip = find_clip(self._session.project, clip_id)
        if clip is not None and isinstance(clip.media, GeneratedMedia):
            for job in clip.media.jobs:
                self._session.apply("Dismiss", partial(takes.dismiss_job, job_id=job.job_id))

    def start(
        self,
        job_id: str,
        clip_id: str,
        recipe: Recipe,
        place: Place,
        *,
        plays_at_once: bool = True,
    ) -> None:
        """Hand a job that a clip waits for to its engine.

        What reworks a clip plays as soon as it is there, unless it is only to be kept until then.
        """
        self.board.add(
            JobRow(job_id, clip_id, recipe, place.value, Queued(), plays_at_once=plays_at_once)
        )
        inputs = input_paths(self._session.project, self._session.folder, recipe)

        named = {given.sha256 for given in recipe.inputs}

        def submit(client: EngineClient) -> str:
            for path in inputs:
                if client.upload(path).sha256 not in named:
                    raise SourceChanged(path)
            return client.submit(recipe, job_id=job_id)

        self.links[place].call(
            submit, lambda _id: None, lambda error: self._not_started(job_id, error)
        )

    def _not_started(self, job_id: str, error: Exception) -> None:
        self.returns.not_started(job_id, error)
        if isinstance(error, SourceChanged):
            self.sources.has_changed(error.path)


def _verb(recipe: Recipe) -> str:
    """What a step that lays a clip down is called, before the clip's name."""
    extends = recipe.ability in (Ability.EXTEND_VIDEO, Ability.EXTEND_AUDIO)
    return "Extend" if extends else "Generate"


def _place_of(media: GeneratedMedia) -> Place:
    """The engine that made the last take, or works on the next."""
    pending = [job.engine for job in media.jobs if isinstance(job, Pending)]
    if pending and pending[-1] in set(Place):
        return Place(pending[-1])
    return place_of(media.takes[-1].tier) if media.takes else Place.HERE
