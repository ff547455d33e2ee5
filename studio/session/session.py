"""The session: the open project, and the one gate through which it changes.

An edit that raises, or that cannot be written, leaves everything as it was and becomes a notice.
Views hear of `changed` with the ids that were touched and decide whether that concerns them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio.document.edits.assets import relink_paths
from studio.document.errors import DocumentError, EditError
from studio.document.file.project_file import ProjectFile
from studio.document.history import Changes, Edit, StepName
from studio.document.model.clip import SequenceMedia
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.document.queries.places import find, find_clip, sequence_duration
from studio.session.background import Background
from studio.session.decoding import card_to_use
from studio.session.footage import MissingFootage
from studio.session.late import Late
from studio.session.notices import Notices
from studio.session.selection import Selection
from studio.session.tabs import VIEW_KEY, SequenceTabs, frame_inside, frame_outside
from studio.session.transport import Transport

if TYPE_CHECKING:
    from studio.media.footage import Footage

log = logging.getLogger(__name__)


class Session(QObject):
    """A project is always open, if only an untitled one.

    `changed` carries the document's Changes; `opened` says that another project, or another of
    its sequences, is now looked at, `project_opened` before it that it is another project;
    `leaving` that what is looked at is about to be left or copied, so that views note how they
    look at it.
    """

    changed = Signal(object)
    opened = Signal()
    project_opened = Signal()
    leaving = Signal()

    def __init__(
        self, file: ProjectFile, parent: QObject | None = None, *, hardware_decoding: bool = False
    ) -> None:
        super().__init__(parent)
        self._hardware_decoding = hardware_decoding
        self.notices = Notices(self)
        self.selection = Selection(self)
        self.transport = Transport(parent=self)
        self.work = Background("session", threads=2, parent=self)
        self.footage = MissingFootage(self.work, self)
        self.footage.suspected.connect(self.look_for_footage, Qt.ConnectionType.QueuedConnection)
        self._file = file
        self.tabs = SequenceTabs(self)
        self._sequence_id = ""
        self.stand_ins: dict[Path, Path] = {}
        """Proxies that are ready, by the files they stand for."""
        self._take_over()

    @property
    def project(self) -> Project:
        return self._file.history.project

    @property
    def sequence_id(self) -> str:
        return self._sequence_id

    @property
    def sequence(self) -> Sequence:
        return self.project.sequence(self._sequence_id)

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def folder(self) -> Path:
        """Where the project's relative paths begin."""
        return self._file.path.parent

    @property
    def media_folder(self) -> Path:
        """Where generated media of this project is kept."""
        return self._file.media_folder

    @property
    def read_only(self) -> str:
        """Why the project may not be changed, "" when it may."""
        return self._file.notice if self._file.read_only else ""

    @property
    def file(self) -> ProjectFile:
        """The open file, for what is not an edit: view state and copies."""
        return self._file

    @property
    def media(self) -> Late[Footage]:
        """The project's footage, decoded; the decoders are loaded when it is first wanted."""
        return self._media

    def open(self, file: ProjectFile) -> None:
        """Look at another project; the one before is closed."""
        self.keep_views()
        before, self._file = self._file, file
        self._take_over()
        self.project_opened.emit()
        self.opened.emit()
        before.close()

    @Slot()
    def look_for_footage(self) -> None:
        """Ask, on another thread, which files are where the project left them."""
        self.footage.look(self.project.assets, self.folder)

    def set_hardware_decoding(self, wanted: bool) -> None:
        """Let the graphics card decode footage where it can, or the processor all of it."""
        self._hardware_decoding = wanted
        footage = self._media.made
        if footage is not None:
            footage.decode_with(card_to_use(wanted))

    def open_sequence(self, sequence_id: str, at: int | None = None) -> None:
        """Look at another sequence of the project, in a tab of its own, as it was left there.

        The playhead goes to `at`; where a nested sequence was opened through a clip, the two keep
        in step.
        """
        if sequence_id == self._sequence_id:
            return
        before, target = self._sequence_id, self.project.sequence(sequence_id).id
        self.keep_views()
        position = self._in_step(before, target) if at is None else at
        self._sequence_id = target
        self.tabs.add(target, after=before)
        self._look_as_before(position)
        self._keep_tabs()
        self.opened.emit()

    def open_nested(self, clip_id: str) -> None:
        """Look into the sequence that a clip of the open one plays, at the frame under its head."""
        clip = find_clip(self.project, clip_id)
        if clip is None or not isinstance(clip.media, SequenceMedia):
            return
        inner = clip.media.sequence_id
        self.tabs.note(inner, replace(self.tabs.view(inner), through=clip_id))
        self.open_sequence(inner)

    def close_tab(self, sequence_id: str) -> None:
        """Close a tab; the last one stays. The sequence is left as it is."""
        if sequence_id not in self.tabs.open_ids or len(self.tabs.open_ids) == 1:
            return
        if sequence_id == self._sequence_id:
            last = sequence_id == self.tabs.open_ids[-1]
            self.open_sequence(self.tabs.neighbour(sequence_id, -1 if last else 1))
        self.tabs.close(sequence_id)
        self._keep_tabs()

    def keep_views(self) -> None:
        """Note in the file how the project is looked at."""
        transport, old = self.transport, self.tabs.view(self._sequence_id)
        view = replace(
            old,
            position=transport.position,
            in_frame=transport.in_frame,
            out_frame=transport.out_frame,
            selected=tuple(sorted(self.selection.ids)),
        )
        self.tabs.note(self._sequence_id, view)
        self.leaving.emit()
        self._keep_tabs()

    def apply(self, name: str, edit: Edit) -> bool:
        """Make an edit as one named step; False, with a notice, when it was refused."""
        return self._make(lambda: self._file.history.apply(name, edit))

    def undo(self) -> bool:
        """Take the last step back."""
        return self._make(self._file.history.undo)

    def redo(self) -> bool:
        """Make the step again that was taken back last."""
        return self._make(self._file.history.redo)

    def go_to_step(self, number: int) -> bool:
        """Undo or redo until a step is the last one done."""
        return self._make(lambda: self._file.history.go_to(number))

    @property
    def undo_name(self) -> str | None:
        """What undo would take back, None when there is nothing."""
        return None if self.read_only else self._file.history.undo_name

    @property
    def redo_name(self) -> str | None:
        """What redo would make again, None when there is nothing."""
        return None if self.read_only else self._file.history.redo_name

    @property
    def steps(self) -> list[StepName]:
        """Every step that is kept, oldest first."""
        return self._file.history.steps

    @property
    def position(self) -> int:
        """The number of the last step that is done."""
        return self._file.history.position

    def close(self) -> None:
        """Close the project, when the studio ends."""
        self.keep_views()
        self.work.close()
        self._file.close()

    def _make(self, step: Callable[[], Changes]) -> bool:
        if self.read_only:
            self.notices.warning(self.read_only, topic="read only")
            return False
        try:
            changes = step()
        except EditError as refusal:
            self.notices.warning(str(refusal), topic="edit")
            return False
        except DocumentError as failure:
            self.notices.error(str(failure), topic="file")
            return False
        self.notices.clear_topic("edit")
        self._changed(changes)
        return True

    def _changed(self, changes: Changes) -> None:
        there = [sequence.id for sequence in self.project.sequences]
        gone = self._sequence_id not in there
        if gone:
            left = [each for each in self.tabs.open_ids if each in there]
            self._sequence_id = left[-1] if left else there[0]
            self.tabs.add(self._sequence_id, after="")
            self._look_as_before(self.tabs.view(self._sequence_id).position)
        else:
            self._measure()
        self.tabs.keep_only(there)
        if gone:
            self.opened.emit()
        if changes:
            self.changed.emit(changes)

    def remember(self, key: str, value: str) -> None:
        """Keep in the file how something is looked at, which no edit depends on."""
        try:
            self._file.set_view_state(key, value)
        except DocumentError as error:  # an edit that cannot be written is told; this need not be
            log.warning("how %s is looked at could not be kept: %s", key, error)

    def _keep_tabs(self) -> None:
        self.remember(VIEW_KEY, self.tabs.as_text(self._sequence_id))

    def _in_step(self, before: str, target: str) -> int:
        """Where the playhead of a tab goes that is brought to the front."""
        here, there = self.tabs.view(before), self.tabs.view(target)
        found = frame_inside(self.project, there.through, here.position)
        if found is None or not self._lies_on(there.through, before):
            found = frame_outside(self.project, here.through, here.position)
            if found is not None and not self._lies_on(here.through, target):
                found = None
        return there.position if found is None else found

    def _lies_on(self, clip_id: str, sequence_id: str) -> bool:
        place = find(self.project, clip_id)
        return place is not None and place.sequence.id == sequence_id

    def _look_as_before(self, position: int) -> None:
        """Playhead, marks and selection of the open sequence are those it was left with."""
        view = self.tabs.view(self._sequence_id)
        self.transport.pause()
        self.selection.set(view.selected)
        self.transport.mark_in(None)
        self.transport.mark_out(None)
        self._measure()
        self.transport.mark_in(view.in_frame)
        self.transport.mark_out(view.out_frame)
        self.transport.seek(min(position, self.transport.length_frames))

    def _take_over(self) -> None:
        """Everything that belongs to one project begins afresh."""
        self._sequence_id = self.tabs.restore(self._file)
        self.stand_ins = {}
        self._media = Late(partial(self._footage, self.folder))
        self._follow_moved()
        self._look_as_before(self.tabs.view(self._sequence_id).position)
        self.look_for_footage()

    def _follow_moved(self) -> None:
        """Footage that was moved together with the project is taken from its new place."""
        if self.read_only:
            return
        moved = {
            asset.id: str(path)
            for asset in self.project.assets
            if (path := self._file.media_path(asset)) != self.folder / asset.path
        }
        if moved:
            self._file.history.apply("Follow moved footage", partial(relink_paths, paths=moved))

    def _measure(self) -> None:
        """The transport's extent follows the sequence."""
        sequence = self.sequence
        rate, length = sequence.rate.fraction, sequence_duration(sequence)
        if (rate, length) != (self.transport.rate, self.transport.length_frames):
            self.transport.set_extent(rate, length)

    def _footage(self, folder: Path) -> Footage:
        from studio.media.footage import Footage

        card = card_to_use(self._hardware_decoding)
        gone = self.footage.suspect
        return Footage(folder, card=card, stand_ins=self.stand_ins, on_gone=gone)
