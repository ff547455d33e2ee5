"""The inspector panel: the sections for whatever is selected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QScrollArea, QVBoxLayout, QWidget

from studio.document.catalogue import EFFECTS, Target
from studio.document.catalogue.entry import Entry
from studio.document.model.clip import (
    CaptionMedia,
    Clip,
    GeneratorMedia,
    Item,
    TitleMedia,
    Transition,
)
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from studio.document.model.sequence import Track, TrackKind
from studio.document.queries.places import Place, find
from studio.session.dressing import Dressing
from studio.session.generation import Generation
from studio.session.session import Session
from studio.ui.controls import boxed, column, push_button, row
from studio.ui.panels.inspector.clip_sections import (
    ClipSection,
    FadesSection,
    LevelsSection,
)
from studio.ui.panels.inspector.effect_section import EffectSection
from studio.ui.panels.inspector.generated_section import GeneratedSection, GeneratedVerbs
from studio.ui.panels.inspector.generator_section import GeneratorSection
from studio.ui.panels.inspector.section import Section
from studio.ui.panels.inspector.sequence_section import SequenceSection
from studio.ui.panels.inspector.several import Several, several_of, shared_effects
from studio.ui.panels.inspector.several_sections import (
    SeveralEffects,
    SeveralFades,
    SeveralLevels,
    SeveralSection,
    SeveralSpeed,
)
from studio.ui.panels.inspector.speed_section import SpeedSection, can_change_speed
from studio.ui.panels.inspector.title_section import (
    CaptionLookSection,
    CaptionSection,
    TitleSection,
)
from studio.ui.panels.inspector.track_section import TrackSection
from studio.ui.panels.inspector.transition_section import TransitionSection, selected_transitions


class InspectorPanel(QWidget):
    """Rebuilt when another thing is selected or its parts change, else only refreshed."""

    def __init__(
        self,
        session: Session,
        dressing: Dressing,
        generation: Generation,
        verbs: GeneratedVerbs,
    ) -> None:
        super().__init__()
        self._session = session
        self._dressing = dressing
        self._generation = generation
        self._verbs = verbs
        self._shape: object = self  # nothing has been shown yet
        self._previewed: Project | None = None
        self.sections: list[Section] = []
        self._list = QVBoxLayout()
        self._list.setContentsMargins(10, 8, 8, 12)
        self._list.setSpacing(8)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(boxed(self._list))
        self.setLayout(column(self._scroll))
        session.changed.connect(lambda _c: self.refresh())
        session.opened.connect(self.refresh)
        session.selection.changed.connect(self.refresh)
        session.transport.moved.connect(lambda _f: self._refresh_values())
        self.refresh()

    def show_preview(self, project: Project | None) -> None:
        """Show values as a drag in the picture would leave them; None goes back to what is."""
        self._previewed = project
        self._refresh_values()

    def section(self, kind: type[Section]) -> Section | None:
        """The first section of a kind that is shown."""
        return next((each for each in self.sections if isinstance(each, kind)), None)

    def refresh(self) -> None:
        """Bring the panel in line with selection and project."""
        place = self._chosen()
        shape = self._shape_now(place)
        if shape != self._shape:
            self._shape = shape
            self._rebuild(place)
        self._refresh_values()

    def _shape_now(self, place: Place | None) -> object:
        """What must stay the same for the sections to stay."""
        several = self._several()
        if several is not None:
            return tuple(
                (c.id, type(c.media), tuple((e.id, e.kind) for e in c.effects))
                for c in several.clips
            )
        transitions = self._transitions()
        if transitions:
            return tuple((each.id, each.kind) for each in transitions)
        if place is not None:
            return _shape_of(place)
        track = self._track()
        owner = self._session.sequence if track is None else track
        return owner.id, tuple((effect.id, effect.kind) for effect in owner.effects)

    def _track(self) -> Track | None:
        """The track whose header was chosen."""
        chosen = self._session.selection.track
        return next((t for t in self._session.sequence.tracks if t.id == chosen), None)

    def refresh_pictures(self) -> None:
        """Thumbnails have come."""
        self._refresh_values()

    def _several(self) -> Several | None:
        """The clips to inspect together, None where it is one thing."""
        return several_of(self._session.project, self._session.selection.ids)

    def _transitions(self) -> tuple[Transition, ...]:
        """The transitions to inspect together, none where it is something else."""
        return selected_transitions(self._session.project, tuple(self._session.selection.ids))

    def _chosen(self) -> Place | None:
        """The item to inspect: of several linked ones, the picture."""
        places = [find(self._session.project, each) for each in self._session.selection.ids]
        found = [place for place in places if place is not None]
        shown = [place for place in found if isinstance(place.item, Clip | Transition)]
        order = {TrackKind.VIDEO: 0, TrackKind.CAPTION: 1, TrackKind.AUDIO: 2}
        return min(
            shown, key=lambda p: (order[p.track.kind], p.range.start, p.item.id), default=None
        )

    def _refresh_values(self) -> None:
        place = self._chosen()
        if self._shape_now(place) != self._shape:
            self.refresh()
            return
        start = place.range.start if place is not None else 0
        frame = self._session.transport.position - start
        project = self._previewed if self._previewed is not None else self._session.project
        for section in self.sections:
            section.refresh(project, frame)

    def _rebuild(self, place: Place | None) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.sections = self._sections(place)
        for section in self.sections:
            self._list.addWidget(section)
        self._add_foot(place)
        self._list.addStretch(1)

    def _sections(self, place: Place | None) -> list[Section]:
        session, several = self._session, self._several()
        if several is not None:
            return _several_sections(session, several)
        if place is None:
            return self._whole_sections(self._track())
        if isinstance(place.item, Transition):
            return [TransitionSection(session, self._transitions() or (place.item,))]
        assert isinstance(place.item, Clip)
        return self._clip_sections(place, place.item)

    def _whole_sections(self, track: Track | None) -> list[Section]:
        """A track, or with none chosen the sequence, with the effects on all of it."""
        session = self._session
        if track is None:
            owner, first = session.sequence, list[Section]([SequenceSection(session)])
        else:
            owner, first = track, list[Section]([TrackSection(session, track)])
            if track.kind is TrackKind.CAPTION:
                first.append(CaptionLookSection(session, track.id))
        return [*first, *(EffectSection(session, owner.id, each) for each in owner.effects)]

    def _clip_sections(self, place: Place, clip: Clip) -> list[Section]:
        session, sections = self._session, list[Section]()
        match clip.media:
            case GeneratedMedia():
                sections.append(GeneratedSection(session, clip.id, self._generation, self._verbs))
            case TitleMedia(title=title):
                sections.append(TitleSection(session, clip.id, title))
            case CaptionMedia():
                return [
                    CaptionSection(session, clip.id),
                    ClipSection(session, clip.id),
                    CaptionLookSection(session, place.track.id),
                ]
            case GeneratorMedia(kind=kind):
                sections.append(GeneratorSection(session, clip.id, kind))
            case _:
                pass  # files and nested sequences have no section of their own
        sections.append(ClipSection(session, clip.id))
        sound = place.track.kind is TrackKind.AUDIO
        sections.append(LevelsSection(session, clip.id, sound=sound))
        if can_change_speed(clip):
            sections.append(SpeedSection(session, clip.id))
        sections.append(FadesSection(session, clip.id))
        sections += [EffectSection(session, clip.id, effect) for effect in clip.effects]
        return sections

    def _add_foot(self, place: Place | None) -> None:
        """Offer effects: on a clip, a sound track, or all of the film."""
        track, several = self._track(), self._several()
        if several is not None:
            self._add_foot_for_all(several)
            return
        targets: tuple[Target, ...] = (Target.PICTURE, Target.SOUND)
        if place is not None:
            if not isinstance(place.item, Clip) or place.track.kind is TrackKind.CAPTION:
                return
            owner, kind = place.item.id, place.track.kind
            targets = (Target.SOUND,) if kind is TrackKind.AUDIO else (Target.PICTURE,)
            words = "Add effect"
        elif track is not None:
            if track.kind is not TrackKind.AUDIO:
                return
            owner, targets, words = track.id, (Target.SOUND,), "Add effect to the track"
        else:
            owner, words = self._session.sequence_id, "Add effect to the whole film"
        add = partial(self._dressing.add_effect_to, owner)
        self._add_effect_button(words, self._effect_menu(add, targets))

    def _add_foot_for_all(self, several: Several) -> None:
        """Offer effects for all of several clips: those that suit the pictures, or the sounds."""
        suited = ((Target.PICTURE, several.pictures), (Target.SOUND, several.sounds))
        targets = tuple(target for target, found in suited if found)
        if targets:
            add = partial(self._dressing.add_effect, clip_ids=list(several.ids))
            self._add_effect_button("Add effect to all", self._effect_menu(add, targets))

    def _add_effect_button(self, words: str, menu: QMenu) -> None:
        button = push_button(words, lambda: None, icon="plus")
        button.setMenu(menu)
        self._list.addWidget(boxed(row(button, None, margins=(4, 4, 0, 0))))

    def _effect_menu(self, add: Callable[[str], object], targets: tuple[Target, ...]) -> QMenu:
        menu = QMenu(self)
        groups: dict[str, QMenu] = {}
        for entry in EFFECTS.values():
            if entry.target in targets:
                group = groups.get(entry.group) or menu.addMenu(entry.group)
                groups[entry.group] = group
                group.addAction(self._effect_action(entry, add, group))
        return menu

    def _effect_action(self, entry: Entry, add: Callable[[str], object], parent: QMenu) -> QAction:
        action = QAction(entry.label, parent)
        action.setToolTip(entry.about)
        action.triggered.connect(lambda: add(entry.kind))
        return action


def _several_sections(session: Session, several: Several) -> list[Section]:
    """What several clips have in common; what only some of them have is left out."""
    sections: list[Section] = [SeveralSection(session, several.ids, len(several.heads))]
    pictures = [clip.id for clip in several.pictures]
    sounds = [clip.id for clip in several.sounds]
    if pictures:
        sections.append(SeveralLevels(session, pictures, sound=False))
    if sounds:
        sections.append(SeveralLevels(session, sounds, sound=True))
    if all(can_change_speed(clip) for clip in several.heads):
        sections.append(SeveralSpeed(session, [clip.id for clip in several.heads]))
    faded = [clip.id for clip in several.heads if clip.id in {*pictures, *sounds}]
    if faded:
        sections.append(SeveralFades(session, faded))
    for clips in (several.pictures, several.sounds):
        sections += [SeveralEffects(session, each) for each in shared_effects(clips)]
    return sections


def _shape_of(place: Place) -> object:
    """What must stay the same for the sections to stay: the item and its parts, not its values."""
    item: Item = place.item
    if isinstance(item, Transition):
        return item.id, item.kind
    if not isinstance(item, Clip):
        return item.id
    title = item.media.title if isinstance(item.media, TitleMedia) else None
    blocks = (len(title.blocks), len(title.bars)) if title is not None else (0, 0)
    effects = tuple((effect.id, effect.kind) for effect in item.effects)
    return item.id, type(item.media), blocks, effects, place.track.kind
