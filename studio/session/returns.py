"""Returns: what engines say of our jobs, taken into the board, the media folder and the project.

It also finds its way back after a restart of either side: the project says which jobs its clips
wait for, the engine what has become of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.protocol.jobs import (
    Cancelled,
    Done,
    Failed,
    JobEvent,
    JobList,
    JobState,
    Queued,
    Running,
)
from engine.protocol.recipes import Ability, Recipe
from studio.document.edits import takes
from studio.document.edits.stale import generated_media
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia, Pending
from studio.document.model.project import Project
from studio.document.queries.media import clips_awaiting
from studio.document.queries.places import clips_of, find_clip
from studio.session.collecting import Collected, collect
from studio.session.engines import EngineLink, Place
from studio.session.jobs import Fetching, JobBoard, JobRow
from studio.session.notices import NoticeAction
from studio.session.placeholders import short_name
from studio.session.recipes import recipe_of, stored
from studio.session.session import Session

LOST = "The engine no longer knows this job. Start it again."
CANCELLED = "Cancelled."
TOO_SHORT = (
    "The new take was made of less than the clip plays by now. It is kept beside the others: trim"
    " the clip, then choose it."
)
REWORKED = {
    Ability.RETAKE,
    Ability.EDIT_VIDEO,
    Ability.UPSCALE_VIDEO,
    Ability.INTERPOLATE_FRAMES,
}
"""What these give was asked for in place of what plays, so it plays at once."""


class Returns(QObject):
    """Listens to every engine. `retry` starts a job's clip again."""

    def __init__(
        self,
        session: Session,
        board: JobBoard,
        links: dict[Place, EngineLink],
        retry: Callable[[str], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._board = board
        self._links = links
        self._retry = retry
        self._collecting: set[str] = set()
        self._recovered: set[str] = set()
        for place, link in links.items():
            link.job_event.connect(self._heard)
            link.jobs_listed.connect(partial(self._listed, place))
        session.project_opened.connect(self._reattach)
        self._reattach()

    def not_started(self, job_id: str, error: Exception) -> None:
        """A job could not be handed to its engine."""
        self._fail(job_id, str(error))
        again = NoticeAction("Try again", lambda: self._retry(job_id))
        self._session.notices.error(f"The shot could not be started. {error}", again, "generation")

    def _heard(self, event: JobEvent) -> None:
        if self._board.row(event.job_id) is not None:
            self._take_in(event.job_id, event.state, event.preview)

    def _take_in(self, job_id: str, state: JobState, preview: bytes | None) -> None:
        match state:
            case Done():
                self._collect(job_id, state)
            case Failed(error=error):
                self._board.post(job_id, state, preview)
                self._fail(job_id, f"{error.message} {error.hint}".strip())
            case Cancelled():
                self._board.post(job_id, state, preview)
                self._let_go(job_id)
            case Queued() | Running():
                self._board.post(job_id, state, preview)

    def take_in_again(self, job_id: str) -> None:
        """Add a finished job's take once more, where undo has taken it back from its clip."""
        row = self._board.row(job_id)
        if row is not None and isinstance(row.news, Done):
            self._collect(job_id, row.news)

    def _collect(self, job_id: str, done: Done) -> None:
        """Fetch a finished job's output, if a clip still waits for it."""
        row = self._board.row(job_id)
        if job_id in self._collecting or row is None:
            return
        if not self._awaited(job_id):
            self._board.post(job_id, done)
            return
        self._collecting.add(job_id)
        self._board.post(job_id, Fetching(0, done.outputs[0].asset.size_bytes))
        link = self._links[Place(row.engine)]
        folder, media_folder = self._session.folder, self._session.media_folder

        def progress(received: int, total: int) -> None:
            link.post(lambda: self._board.post(job_id, Fetching(received, total)))

        link.call(
            lambda client: collect(client, done, folder, media_folder, progress),
            lambda collected: self._here(media_folder) and self._collected(row, done, collected),
            lambda error: self._here(media_folder) and self._not_collected(job_id, done, error),
        )

    def _here(self, media_folder: Path) -> bool:
        """Whether media still belongs into that folder.

        Another project may be open since, or this one under another name: the jobs that it waits
        for are then listed, and collected anew into its own folder.
        """
        return media_folder == self._session.media_folder

    def _collected(self, row: JobRow, done: Done, collected: Collected) -> None:
        self._collecting.discard(row.job_id)
        link = self._links[Place(row.engine)]
        edit = partial(
            takes.finish_job,
            job_id=row.job_id,
            asset=collected.asset,
            take=collected.take(stored(done.recipe), _tier(link, done)),
            choose=_plays(row),
        )
        clip = find_clip(self._session.project, row.clip_id)
        name = f"Take of {clip.name or short_name(row.recipe)}" if clip else "Take"
        if self._awaited(row.job_id) and not self._session.apply(name, edit):
            return
        self._board.post(row.job_id, done)
        link.call(lambda client: client.release(row.job_id), lambda _n: None, lambda _e: None)
        if _plays(row) and not self._plays_latest(row.clip_id):
            self._session.notices.info(TOO_SHORT)

    def _not_collected(self, job_id: str, done: Done, error: Exception) -> None:
        self._collecting.discard(job_id)
        again = NoticeAction("Fetch again", lambda: self._collect(job_id, done))
        words = f"The finished shot could not be fetched. {error}"
        self._session.notices.error(words, again, "collect")

    def _fail(self, job_id: str, reason: str) -> None:
        row = self._board.row(job_id)
        if row is not None and not isinstance(row.news, Failed):
            info = ErrorInfo(code=ErrorCode.INTERNAL, message=reason)
            self._board.post(job_id, Failed(error=info))
        self._note(job_id, reason)

    def _let_go(self, job_id: str) -> None:
        """A job was cancelled: what plays goes on as if it had never been asked for.

        Only a placeholder, which would be empty without a word, says what became of it.
        """
        if any(generated_media(clip).take is None for clip in self._waiting(job_id)):
            self._note(job_id, CANCELLED)
        elif self._awaited(job_id):
            edit = partial(takes.dismiss_job, job_id=job_id)
            self._session.apply("Cancel a take", edit)

    def _note(self, job_id: str, reason: str) -> None:
        if self._awaited(job_id):
            edit = partial(takes.fail_job, job_id=job_id, reason=reason)
            self._session.apply("Note what became of a job", edit)

    def _awaited(self, job_id: str) -> bool:
        return any(True for _clip in self._waiting(job_id))

    def _waiting(self, job_id: str) -> Iterator[Clip]:
        clips = clips_awaiting(self._session.project, job_id)
        return (clip for clip in clips if _is_pending(clip, job_id))

    def _plays_latest(self, clip_id: str) -> bool:
        """Whether a clip, where it is still there, plays the last of its takes."""
        clip = find_clip(self._session.project, clip_id)
        media = clip.media if clip is not None else None
        return not isinstance(media, GeneratedMedia) or media.chosen == media.takes[-1].id

    def _reattach(self) -> None:
        """A project was opened: follow the jobs that its clips wait for."""
        self._board.clear()
        self._collecting.clear()
        self._recovered.clear()
        if self._session.read_only:
            return
        places: set[Place] = set()
        for clip, job in _pending(self._session.project):
            recipe = _readable_recipe(clip)
            if recipe is None:
                continue
            place = Place(job.engine) if job.engine in set(Place) else Place.HERE
            places.add(place)
            self._recovered.add(job.job_id)
            self._board.add(JobRow(job.job_id, clip.id, recipe, place.value, Queued()))
        for place in places:
            self._links[place].call(
                lambda client: client.jobs(), partial(self._listed, place), lambda _error: None
            )

    def _listed(self, place: Place, listing: JobList) -> None:
        """What an engine knows of our jobs; one from before that it has forgotten has failed."""
        known = {job.id: job for job in listing.jobs}
        for row in self._board.rows:
            if row.engine != place.value:
                continue
            job = known.get(row.job_id)
            if job is not None:
                self._take_in(row.job_id, job.state, None)
            elif row.job_id in self._recovered:
                self._fail(row.job_id, LOST)
            self._recovered.discard(row.job_id)


def _plays(row: JobRow) -> bool:
    """Whether what a job made is to play as soon as it is there."""
    return row.plays_at_once and row.recipe.ability in REWORKED


def _tier(link: EngineLink, done: Done) -> str:
    if link.place is Place.SERVER:
        return "server"
    cards = (card.tier for card in link.cast if card.id == done.recipe.model)
    return next(cards, "draft")


def _readable_recipe(clip: Clip) -> Recipe | None:
    """A clip's recipe; None where a newer version wrote it in a way this one cannot read."""
    assert isinstance(clip.media, GeneratedMedia)
    try:
        return recipe_of(clip.media)
    except ValueError:
        return None


def _is_pending(clip: Clip, job_id: str) -> bool:
    media = clip.media
    return isinstance(media, GeneratedMedia) and any(
        isinstance(job, Pending) and job.job_id == job_id for job in media.jobs
    )


def _pending(project: Project) -> Iterator[tuple[Clip, Pending]]:
    for sequence in project.sequences:
        for _track, _start, clip in clips_of(sequence):
            if isinstance(clip.media, GeneratedMedia):
                for job in clip.media.jobs:
                    if isinstance(job, Pending):
                        yield clip, job
