"""A frame of a sequence at a time: the one way from a project to a picture.

`render_picture` is pure in the project, the sequence and the frame; `Footage` only remembers
what it has read. Viewer, thumbnails, proxies and export all call it, with the same result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from studio.document.fitting import fit_box
from studio.document.model.asset import AssetKind
from studio.document.model.clip import (
    AdjustmentMedia,
    AssetMedia,
    BlendMode,
    CaptionMedia,
    Clip,
    ConstantSpeed,
    Fit,
    GeneratorMedia,
    SequenceMedia,
    TitleMedia,
)
from studio.document.model.effect import Effect
from studio.document.model.generated import GeneratedMedia, Pending
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence
from studio.document.queries.layers import ClipLayer, TransitionLayer, layers_at
from studio.document.queries.levels import opacity_at
from studio.document.queries.media import asset_of
from studio.document.retime import shown_source_time
from studio.document.time import Rounding
from studio.media.compositor.canvas import Canvas
from studio.media.compositor.colours import rgb_of
from studio.media.compositor.content import (
    ComposedContent,
    Content,
    DrawnContent,
    FootageContent,
    rgba_of_picture,
)
from studio.media.compositor.effects.apply import Surroundings, apply_effects
from studio.media.compositor.generators import generated_content
from studio.media.compositor.layer import Layer
from studio.media.compositor.patch import Patch, RgbaPatch
from studio.media.compositor.placeholder import Glimpse, missing_content, waiting_content
from studio.media.compositor.text import caption_patch, title_patch
from studio.media.compositor.transitions import Side, draw_transition
from studio.media.errors import FootageMissing, MediaError
from studio.media.footage import UNKNOWN, Footage
from studio.media.picture import Picture, RgbaPicture, RgbPicture, Size, even_size

DEEPEST_NEST = 16


@dataclass(frozen=True, slots=True)
class Scene:
    """What a picture is made from. `glimpses` is news of jobs, by id, for placeholders.

    A `forgiving` scene shows a slate where footage cannot be read; another raises. Captions are
    left out where `captions` is false, since an export may carry them as a track instead. In a
    `quick` scene proxies may stand in for footage: for playing and scrubbing. `step_s` is how
    much later, in seconds, the next frame asked for is: negative for who goes backwards. A `deep`
    scene is composed in 16 bits a channel, for films of more than 8.
    """

    project: Project
    footage: Footage
    glimpses: Mapping[str, Glimpse] = field(default_factory=dict)
    forgiving: bool = True
    captions: bool = True
    quick: bool = False
    step_s: Fraction = UNKNOWN
    deep: bool = False


def render_frame(scene: Scene, sequence_id: Id, frame: int, size: Size) -> np.ndarray:
    """A frame of a sequence as RGB, uint8 (H, W, 3); the size is rounded to even pixels.

    Raises:
        KeyError: there is no such sequence.
        MediaError: footage cannot be read, in a scene that does not forgive it.
    """
    return render_picture(scene, sequence_id, frame, size).rgb()


def render_picture(scene: Scene, sequence_id: Id, frame: int, size: Size) -> Picture:
    """A frame of a sequence, opaque, in the form it was composed in.

    Raises: as `render_frame`.
    """
    sequence = scene.project.sequence(sequence_id)
    canvas = _compose(scene, sequence, frame, even_size(size), rgb_of(sequence.background), 0)
    picture = canvas.picture()
    if isinstance(picture, RgbaPicture):
        return RgbPicture(picture.rgb())
    return picture


def render_transparent(scene: Scene, sequence_id: Id, frame: int, size: Size) -> RgbaPicture:
    """A frame of a sequence over nothing, for exports with an alpha channel.

    Raises: as `render_frame`.
    """
    sequence = scene.project.sequence(sequence_id)
    canvas = _compose(scene, sequence, frame, even_size(size), None, 0)
    return RgbaPicture(rgba_of_picture(canvas.picture(), scene.deep))


def _compose(
    scene: Scene,
    sequence: Sequence,
    frame: int,
    size: Size,
    background: tuple[int, int, int] | None,
    depth: int,
) -> Canvas:
    canvas = Canvas(size, background, deep=scene.deep)
    for layer in layers_at(sequence, frame):
        _Painter(scene, sequence, size, depth).draw(canvas, layer)
    if any(effect.enabled for effect in sequence.effects):
        _Painter(scene, sequence, size, depth).adjust(canvas, sequence.effects, frame, 1.0)
    return canvas


@dataclass(frozen=True, slots=True)
class _Painter:
    """Draws the layers of one sequence at one size."""

    scene: Scene
    sequence: Sequence
    size: Size
    depth: int

    def draw(self, canvas: Canvas, layer: ClipLayer | TransitionLayer) -> None:
        """Draw one layer over what is on the canvas."""
        match layer:
            case ClipLayer():
                self._draw_clip(canvas, layer)
            case TransitionLayer():
                draw_transition(
                    canvas,
                    layer.transition,
                    layer.progress,
                    self._side(layer.outgoing),
                    self._side(layer.incoming),
                )

    def adjust(
        self, canvas: Canvas, effects: tuple[Effect, ...], frame: int, opacity: float
    ) -> None:
        """Run effects over everything drawn so far."""
        below = ComposedContent(canvas.picture(), self.scene.deep)
        layer = Layer(below, self.size, Fit.STRETCH, 1.0)
        apply_effects(layer, effects, self._around(frame))
        changed = canvas.blank()
        changed.draw(layer.finished(1.0, BlendMode.NORMAL))
        canvas.become(
            changed.picture() if opacity >= 1 else canvas.mixed(changed, 1 - opacity, opacity)
        )

    def _draw_clip(self, canvas: Canvas, layer: ClipLayer) -> None:
        clip = layer.clip
        if isinstance(clip.media, AdjustmentMedia):
            self.adjust(canvas, clip.effects, layer.frame, opacity_at(clip, layer.frame))
            return
        patch = self._patch(layer)
        if patch is not None:
            canvas.draw(patch)

    def _side(self, layer: ClipLayer | None) -> Side:
        if layer is None:
            return Side(lambda canvas: None, None)
        if isinstance(layer.clip.media, AdjustmentMedia):
            return Side(lambda canvas: self._draw_clip(canvas, layer), None)
        patch = self._patch(layer)
        if patch is None:
            return Side(lambda canvas: None, None)
        return Side(lambda canvas: canvas.draw(patch), patch)

    def _patch(self, layer: ClipLayer) -> Patch | None:
        """A clip at one of its frames, ready to be drawn; None where it shows nothing."""
        clip, frame = layer.clip, layer.frame
        opacity = opacity_at(clip, frame)
        if opacity <= 0:
            return None
        drawn = self._drawn_patch(layer)
        if drawn is not None and not clip.effects and clip.blend is BlendMode.NORMAL:
            return drawn.faded(opacity)
        content, fit = self._content(layer, drawn)
        if content is None:
            return None
        ready = Layer(content, self.size, fit, self.size[0] / self.sequence.width)
        apply_effects(ready, clip.effects, self._around(frame, layer))
        return ready.finished(opacity, clip.blend)

    def _drawn_patch(self, layer: ClipLayer) -> RgbaPatch | None:
        """Text, which is drawn where it belongs; None for anything else."""
        match layer.clip.media:
            case TitleMedia(title=title):
                return title_patch(title, self.size)
            case CaptionMedia(text=text) if self.scene.captions:
                return caption_patch(text, layer.track.caption_style, self.size)
            case _:
                return None

    def _content(self, layer: ClipLayer, drawn: RgbaPatch | None) -> tuple[Content | None, Fit]:
        """What a clip shows, and how that sits in the frame."""
        clip = layer.clip
        if drawn is not None:
            pixels = spread(drawn, self.size, deep=self.scene.deep)
            return DrawnContent(pixels, opaque=False), Fit.STRETCH
        match clip.media:
            case AssetMedia() | GeneratedMedia():
                return self._footage(layer), clip.fit if asset_of(
                    self.scene.project, clip
                ) else Fit.STRETCH
            case GeneratorMedia() as media:
                made = generated_content(media, layer.frame, self.size, deep=self.scene.deep)
                return made, Fit.STRETCH
            case SequenceMedia(sequence_id=nested_id):
                return self._nested(layer, nested_id), clip.fit
            case _:
                return None, Fit.STRETCH

    def _footage(self, layer: ClipLayer) -> Content:
        clip = layer.clip
        asset = asset_of(self.scene.project, clip)
        if asset is None and isinstance(clip.media, GeneratedMedia):
            return waiting_content(clip.media, self._glimpse(clip.media), self.size)
        time = shown_source_time(clip, layer.frame, self.sequence.rate)
        try:
            if asset is None:
                raise FootageMissing("The project no longer has this clip's footage. Relink it.")
            source = self.scene.footage.picture(
                asset, time.seconds, quick=self.scene.quick, step_s=self._step_s(clip)
            )
            return FootageContent(source, self.scene.deep)
        except MediaError as error:
            if not self.scene.forgiving:
                raise
            return missing_content(str(error), self.size)

    def _step_s(self, clip: Clip) -> Fraction:
        """The scene's step on the clock of a clip's media, where that is a constant."""
        if not isinstance(clip.speed, ConstantSpeed):
            return UNKNOWN
        return self.scene.step_s * clip.speed.factor

    def _nested(self, layer: ClipLayer, nested_id: Id) -> Content | None:
        """A nested sequence at its own shape, no larger than it can be seen here."""
        if self.depth >= DEEPEST_NEST:
            return None
        nested = self.scene.project.sequence(nested_id)
        time = shown_source_time(layer.clip, layer.frame, self.sequence.rate)
        frame = time.ticks(nested.rate, Rounding.FLOOR)
        _, _, width, height = fit_box(
            (nested.width, nested.height),
            self.size,
            layer.clip.fit,
            self.size[0] / self.sequence.width,
        )
        size = even_size((round(width), round(height)))
        canvas = _compose(self.scene, nested, frame, size, None, self.depth + 1)
        return ComposedContent(canvas.picture(), self.scene.deep)

    def _glimpse(self, media: GeneratedMedia) -> Glimpse | None:
        state = media.state
        return self.scene.glimpses.get(state.job_id) if isinstance(state, Pending) else None

    def _around(self, frame: int, layer: ClipLayer | None = None) -> Surroundings:
        if layer is None:
            return Surroundings(frame, self._file_of)
        return Surroundings(
            frame,
            self._file_of,
            lambda smoothness, limit: self._steadied(layer, smoothness, limit),
        )

    def _steadied(
        self, layer: ClipLayer, smoothness: float, zoom_limit: float
    ) -> np.ndarray | None:
        """What takes the shake out of a clip's picture; a viewer does not wait for it."""
        asset = asset_of(self.scene.project, layer.clip)
        if asset is None or asset.kind is not AssetKind.VIDEO:
            return None
        try:
            motion = self.scene.footage.motion(asset, wait=not self.scene.forgiving)
        except MediaError:
            if not self.scene.forgiving:
                raise
            return None
        time = shown_source_time(layer.clip, layer.frame, self.sequence.rate).seconds
        return None if motion is None else motion.steadied(time, smoothness, zoom_limit)

    def _file_of(self, asset_id: Id) -> Path | None:
        asset = self.scene.project.assets_by_id.get(asset_id)
        return None if asset is None else self.scene.footage.path_of(asset)


def spread(patch: RgbaPatch, size: Size, *, deep: bool) -> np.ndarray:
    """A patch on a whole transparent canvas, uint8 or deep uint16 (H, W, 4)."""
    canvas = Canvas(size, None, deep=deep)
    canvas.draw(patch)
    picture = canvas.picture()
    assert isinstance(picture, RgbaPicture)
    return picture.pixels
