"""What is made out of a clip of the timeline: more of it, part of it again, a larger one, a loop.

Each verb reads the selection, says in one sentence why it cannot be, or opens the Generate panel
on the clip, where the plan is shown before anything runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Protocol, TypeAlias

from studio.document.errors import EditError
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia
from studio.document.time import FrameRange
from studio.session.draft import (
    EditDraft,
    ExtendDraft,
    Kind,
    RetakeDraft,
    SmoothDraft,
    SoundDraft,
    Source,
    UpscaleDraft,
    Words,
    random_seed,
)
from studio.session.film_recipes import film_recipe_of
from studio.session.played import PlayedClip, played_part
from studio.session.reworking import (
    edit_range,
    frame_time,
    retake_range,
    source_with_handles,
    sticker_of,
    subject_of,
    used_source,
)
from studio.session.session import Session
from studio.session.smoothing import smooth_source
from studio.session.sounding import sound_clip
from studio.session.sources import Part, Sources
from studio.ui.panels.generate_task import Extending, Reworking, Sounding

_Begin: TypeAlias = Callable[[Asset, Source, Fraction], object]
"""Called with what is read, the part of it that is used, and at which second of the clip's file

it begins.
"""


class Maker(Protocol):
    """The panel that makes things."""

    def begin(self, task: Extending | Reworking | Sounding) -> None: ...
    def make_kind(self, kind: Kind) -> None: ...
    def put_still(self, asset: Asset) -> None: ...


@dataclass(frozen=True, slots=True)
class _Bench:
    """What the window gives: the panel, and how it comes to the front."""

    maker: Maker
    show: Callable[[], object]


class ClipDesk:
    """The verbs of the Clip menu that make something of the selected clip."""

    def __init__(self, session: Session, sources: Sources) -> None:
        self._session = session
        self._sources = sources
        self._bench: _Bench | None = None

    def take_panel(self, maker: Maker, show: Callable[[], object]) -> None:
        """The window stands; `show` brings the Generate panel to the front."""
        self._bench = _Bench(maker, show)

    def extend(self) -> None:
        """Go on after the selected clip, or before it."""
        self._do("extend", self._extending)

    def retake(self) -> None:
        """Make the marked range of the selected clip again, or all that plays of it."""
        self._do("retake", self._retaking)

    def edit(self) -> None:
        """Change what the selected clip shows, as an instruction says."""
        self._do("edit", self._changing)

    def upscale(self) -> None:
        """Make the selected clip at twice its size."""
        self._do("upscale", self._upscaling)

    def smooth(self) -> None:
        """Make the frames that the selected clip lacks for the speed at which it plays."""
        self._do("smooth", self._smoothing)

    def soundtrack(self) -> None:
        """Make the sound of what the selected clip shows, on a track under it."""
        self._do("make sound for", self._scoring)

    def extend_sound(self) -> None:
        """Go on after the selected sound."""
        session = self._session
        try:
            found = sound_clip(session.project, session.selection.ids, session.footage.missing)
            part = played_part(found)
        except EditError as refusal:
            self._refuse(str(refusal))
            return
        taken = partial(self._going_on, found, part)
        self._sources.part(found.asset, part, taken, self._refuse)

    def animate_sticker(self) -> None:
        """Let the selected sticker move."""
        self._do("animate", self._animating)

    def from_frame(self) -> None:
        """Begin a clip with the frame of the selected one that the playhead shows."""
        self._do("take the frame of", self._from_frame)

    def cast(self, asset: Asset) -> None:
        """Begin a clip in which the subject of a picture acts."""
        self._put(Kind.PERSON, asset)

    def _do(self, verb: str, act: Callable[[PlayedClip], object]) -> None:
        session = self._session
        try:
            act(subject_of(session.project, session.selection.ids, session.footage.missing, verb))
        except EditError as refusal:
            session.notices.warning(str(refusal), topic="edit")

    def _extending(self, subject: PlayedClip) -> None:
        words = _words(subject.clip)

        def begin(asset: Asset, source: Source, _began: Fraction) -> None:
            draft = ExtendDraft(words=words, source=source)
            self._begin(Extending(subject.clip.id, f"Extend {subject.name}", asset, draft))

        self._read(subject, used_source(subject), begin)

    def _retaking(self, subject: PlayedClip) -> None:
        start, end = retake_range(subject, self._marks())
        seconds = f"{float(start):.2f} to {float(end):.2f} s"
        title = f"Retake {seconds} of {subject.name}"
        words = _words(subject.clip)

        def begin(asset: Asset, source: Source, began: Fraction) -> None:
            draft = RetakeDraft(
                words=words, source=source, start_s=start - began, end_s=end - began
            )
            self._begin(Reworking(subject.clip.id, title, asset, draft, "Retake range"))

        self._read(subject, source_with_handles(subject), begin)

    def _changing(self, subject: PlayedClip) -> None:
        wanted = source_with_handles(subject)
        start, end = edit_range(subject, self._marks(), wanted)
        title, film_recipe = f"Edit {subject.name}", film_recipe_of(subject)

        def begin(asset: Asset, source: Source, began: Fraction) -> None:
            words = Words(seed=random_seed())
            draft = EditDraft(
                words=words,
                source=source,
                start_s=start - began,
                end_s=end - began,
                began_s=began,
                film_recipe=film_recipe,
            )
            self._begin(Reworking(subject.clip.id, title, asset, draft, "Edit by instruction"))

        self._read(subject, wanted, begin)

    def _upscaling(self, subject: PlayedClip) -> None:
        wanted = source_with_handles(subject)
        wide, tall = wanted.width * 2, wanted.height * 2
        title = f"Upscale {subject.name} to {wide}×{tall}"
        words = replace(_words(subject.clip), negative_prompt="")

        def begin(asset: Asset, source: Source, _began: Fraction) -> None:
            draft = UpscaleDraft(words=words, source=source)
            self._begin(Reworking(subject.clip.id, title, asset, draft, "Upscale clip"))

        self._read(subject, wanted, begin)

    def _smoothing(self, subject: PlayedClip) -> None:
        wanted = smooth_source(subject)
        rate = f"{float(Fraction(wanted.rate)):.5g}"
        title = f"Smooth {subject.name} to {rate} frames/s"
        words = replace(_words(subject.clip), prompt="")

        def begin(asset: Asset, source: Source, _began: Fraction) -> None:
            draft = SmoothDraft(words=words, source=source)
            self._begin(Reworking(subject.clip.id, title, asset, draft, "Smooth motion"))

        self._read(subject, wanted, begin)

    def _scoring(self, subject: PlayedClip) -> None:
        title, film_recipe = f"Soundtrack for {subject.name}", film_recipe_of(subject)

        def begin(asset: Asset, source: Source, _began: Fraction) -> None:
            words, kind = Words(seed=random_seed()), Kind.SOUNDTRACK
            draft = SoundDraft(words=words, kind=kind, source=source, film_recipe=film_recipe)
            self._begin(Sounding(subject.clip.id, title, asset, draft))

        self._read(subject, used_source(subject), begin)

    def _going_on(self, found: PlayedClip, part: Part, asset: Asset, began: Fraction) -> None:
        source = Source(
            sha256=asset.sha256,
            width=0,
            height=0,
            frames=0,
            rate="25/1",
            in_s=part[0] - began,
            out_s=part[1] - began,
        )
        draft = SoundDraft(words=_words(found.clip), kind=Kind.EXTEND_SOUND, source=source)
        self._begin(Sounding(found.clip.id, f"Extend {found.name}", asset, draft))

    def _animating(self, subject: PlayedClip) -> None:
        self._sources.name(sticker_of(subject), partial(self._put, Kind.ANIMATION), self._refuse)

    def _from_frame(self, subject: PlayedClip) -> None:
        time = frame_time(subject, self._session.transport.position)
        taken = partial(self._put, Kind.STILLS)
        if subject.asset.duration:
            self._sources.frame(subject.asset, time, taken, self._refuse)
        else:
            self._sources.name(subject.asset, taken, self._refuse)

    def _read(self, subject: PlayedClip, source: Source, begin: _Begin) -> None:
        """Name what is read of the clip's file, a part of its own where the file is long."""

        def taken(asset: Asset, began: Fraction) -> None:
            named = replace(
                source,
                sha256=asset.sha256,
                in_s=source.in_s - began,
                out_s=source.out_s - began,
            )
            begin(asset, named, began)

        self._sources.part(subject.asset, (source.in_s, source.out_s), taken, self._refuse)

    def _begin(self, task: Extending | Reworking | Sounding) -> None:
        if self._bench is not None:
            self._bench.show()
            self._bench.maker.begin(task)

    def _put(self, kind: Kind, asset: Asset) -> None:
        if self._bench is not None:
            self._bench.show()
            self._bench.maker.make_kind(kind)
            self._bench.maker.put_still(asset)

    def _refuse(self, sentence: str) -> None:
        self._session.notices.warning(sentence, topic="edit")

    def _marks(self) -> FrameRange | None:
        """The sequence's in and out, None when neither is set."""
        transport = self._session.transport
        if transport.in_frame is None and transport.out_frame is None:
            return None
        return FrameRange(*transport.range_frames)


def _words(clip: Clip) -> Words:
    """The words that a clip was made with; the seed is another."""
    prompt = clip.media.recipe.prompt if isinstance(clip.media, GeneratedMedia) else ""
    return Words(prompt=prompt, seed=random_seed())
