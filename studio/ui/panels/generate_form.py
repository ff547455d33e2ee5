"""The fields of the Generate panel: what is to be made, and how; those that do not apply hide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from engine.protocol.models import ModelCard
from engine.protocol.recipes import MOTION_SIZES, Ability, Recipe
from studio.document.model.asset import Asset
from studio.session.draft import (
    ABILITIES,
    AgainDraft,
    AnimationDraft,
    ClipDraft,
    Draft,
    EditDraft,
    ExtendDraft,
    Kind,
    PersonDraft,
    SoundDraft,
    StickerDraft,
    StillDraft,
    StillsDraft,
    Words,
    random_seed,
)
from studio.session.model_rules import longest_seconds, nearest_aspect, seconds_of
from studio.session.sounding import LONGEST_S, SOUNDS
from studio.ui.controls import boxed, column, label, row, set_bad, tool_button
from studio.ui.model_words import licence_line, model_words
from studio.ui.panels.boxes import extra_box, model_box, prompt_box, seed_box
from studio.ui.panels.camera_chips import CameraChips
from studio.ui.panels.edit_fields import EditFields
from studio.ui.panels.generate_fields import IN_SHAPE, KIND_OF, LOOKS, Template, kind_of
from studio.ui.panels.length_field import LengthField
from studio.ui.panels.rate_field import RateField
from studio.ui.panels.still_slot import StillSlot
from studio.ui.panels.still_slots import StillSlots
from studio.ui.segments import Segments
from studio.ui.still_picker import StillPicker


class GenerateForm(QWidget):
    """`edited` follows every change.

    `refused` says in a sentence why a still could not be taken. `rate` gives the frames a second of
    the open sequence. Widgets put into `under_prompt` stand right below the description.
    """

    edited = Signal()
    refused = Signal(str)

    def __init__(self, picker: StillPicker, rate: Callable[[], Fraction]) -> None:
        super().__init__()
        self._cards: tuple[ModelCard, ...] = ()
        self._rate = rate
        self._kind = Kind.CLIP
        self._template: Template | None = None
        self._keeps_length = False
        self._make_words()
        self._make_shape(picker)
        self.stills = StillSlots(picker)
        self._build()
        self._connect()
        self.set_kind(Kind.CLIP)

    @property
    def card(self) -> ModelCard | None:
        """The chosen model, None while there is none to choose."""
        index = self.model.currentIndex()
        return self._cards[index] if 0 <= index < len(self._cards) else None

    @property
    def kind(self) -> Kind:
        return self._kind

    @property
    def ability(self) -> Ability:
        """What a model must be able to do for this."""
        if isinstance(self._template, AgainDraft):
            return self._template.recipe.ability
        return ABILITIES[self._kind]

    @property
    def seconds(self) -> Fraction:
        return self.length.seconds

    @property
    def rate(self) -> str:
        """The frames a second of a clip by the chosen model; "" while there is none."""
        return self.rates.rate(self.card.rules) if self.card is not None else ""

    @property
    def extra_frames(self) -> int:
        """The frames hidden on either side of the clip, in the sequence's; 0 where none apply."""
        return self.extra.value() if self._kind is Kind.CLIP else 0

    def words(self) -> Words:
        """What is described, what is to be avoided, and the seed."""
        return Words(
            prompt=self.prompt.toPlainText(),
            negative_prompt=self.negative.text(),
            seed=int(self.seed.text() or 0),
        )

    def set_words(self, words: Words, camera: str = "") -> None:
        """Put in a description and what is to be avoided; the seed stays."""
        self.prompt.setPlainText(words.prompt)
        self.negative.setText(words.negative_prompt)
        self.camera.choose(camera)

    def draft(self) -> Draft:
        """What the fields say."""
        if self._template is not None:
            return self._from_template(self._template)
        words, camera, aspect = self.words(), self.camera.word, self.aspect.key
        match self._kind:
            case Kind.STILLS:
                return StillsDraft(
                    words=words,
                    camera=camera,
                    aspect=aspect,
                    seconds=self.seconds,
                    rate=self.rate,
                    first=self.stills.first.sha256,
                    middle=self.stills.middle.sha256,
                    last=self.stills.last.sha256,
                )
            case Kind.PERSON:
                return PersonDraft(
                    words=words,
                    acting=self.stills.cast.acting,
                    camera=camera,
                    aspect=aspect,
                    seconds=self.seconds,
                    rate=self.rate,
                )
            case Kind.STILL:
                return StillDraft(words=words, aspect=aspect)
            case Kind.STICKER:
                return StickerDraft(words=words)
            case Kind.SOUND:
                return SoundDraft(words=words, seconds=self.seconds)
            case Kind.ANIMATION:
                return AnimationDraft(
                    words=words, sticker=self.stills.sticker.sha256, motion=self.motion.key
                )
            case _:
                return ClipDraft(
                    words=words,
                    camera=camera,
                    aspect=aspect,
                    seconds=self.seconds,
                    rate=self.rate,
                    handle_s=self.extra_frames / self._rate(),
                )

    def set_kind(self, kind: Kind) -> None:
        """Show the fields of what is to be made, and forget the clip that it began at."""
        self._template = None
        self.rates.choose("")
        self._show_kind(kind)

    def set_template(self, template: Template) -> None:
        """Show the fields that may change in a draft that begins at a clip."""
        self._template = template
        self._show_kind(kind_of(template))
        self.set_words(template.words)
        if isinstance(template, ExtendDraft):
            self.direction.choose("before" if template.before else "after")
        if isinstance(template, EditDraft):
            self.edit.show(template)
        if isinstance(template, ExtendDraft | SoundDraft):
            self.length.set_seconds(template.seconds)
        self.edited.emit()

    def set_cards(self, cards: tuple[ModelCard, ...]) -> None:
        """Offer these models; the one chosen before stays if it is among them."""
        before = self.card.id if self.card is not None else ""
        self._cards = cards
        self.model.blockSignals(True)
        self.model.clear()
        for card in cards:
            title = card.title if card.installed else f"{card.title} (not installed)"
            self.model.addItem(title, card.id)
        ids = [card.id for card in cards]
        self.model.setCurrentIndex(ids.index(before) if before in ids else 0 if ids else -1)
        self.model.blockSignals(False)
        self.model.setEnabled(bool(cards))
        self._fit_to_card()
        self.edited.emit()

    def show_recipe(
        self, recipe: Recipe, assets: Iterable[Asset] = (), handle_frames: int = 0
    ) -> None:
        """Fill the fields from a recipe, to change it and run it again.

        `assets` are those that the recipe may read; `handle_frames` what its clip hides.
        """
        kind = KIND_OF.get(recipe.ability, Kind.AGAIN)
        words = Words(prompt=recipe.prompt, negative_prompt=recipe.negative_prompt)
        if kind is Kind.AGAIN:
            self.set_template(AgainDraft(words=words, recipe=recipe))
        else:
            self.set_kind(kind)
            self.set_words(words)
            self.stills.show_inputs(recipe, {asset.sha256: asset for asset in assets})
            self.motion.choose(str(recipe.options.get("motion", self.motion.key)))
        self.seed.setText(str(recipe.seed))
        self.extra.setValue(handle_frames)
        if (place := self.model.findData(recipe.model)) >= 0:
            self.model.setCurrentIndex(place)
        self._show_shape(recipe, handle_frames)
        self.edited.emit()

    def use_nearest(self, recipe: Recipe) -> None:
        """Take over the length and shape of the nearest recipe that fits."""
        if isinstance(self._template, IN_SHAPE):
            self.set_template(AgainDraft(words=self.words(), recipe=recipe))
        else:
            self._show_shape(recipe, self.extra_frames)
        self.edited.emit()

    def roll_seed(self) -> None:
        """Put in a seed by chance."""
        self.seed.setText(str(random_seed()))

    def after_start(self) -> None:
        """A shot has been started: the next one gets another seed, unless it is locked."""
        if not self.lock.isChecked():
            self.roll_seed()

    def complain(self, about_prompt: bool) -> None:
        """Mark the prompt as the thing to mend, or clear the mark."""
        set_bad(self.prompt, about_prompt)
        if about_prompt:
            self.prompt.setFocus()

    def keep_extra(self, kept: bool) -> None:
        """A clip that exists keeps the frames that it hides: they are not asked for again."""
        self._keeps_length = kept
        self._show_fields()

    def _from_template(self, template: Template) -> Draft:
        words = self.words()
        if isinstance(template, SoundDraft):
            return replace(template, words=words, seconds=self.seconds)
        if isinstance(template, EditDraft):
            return self.edit.applied(replace(template, words=words))
        if not isinstance(template, ExtendDraft):
            return replace(template, words=words)
        camera, before = self.camera.word, self.direction.key == "before"
        return replace(template, words=words, camera=camera, seconds=self.seconds, before=before)

    def _make_words(self) -> None:
        self.prompt = prompt_box()
        self.negative = QLineEdit()
        self.negative.setPlaceholderText("What must not appear")
        self.seed = seed_box()
        self.lock = tool_button("lock-open", "Keep this seed for the next shot", checkable=True)
        self.dice = tool_button("dices", "Another random seed", self.roll_seed)
        self.camera = CameraChips()
        self.licence = label("", "small", wrap=True)

    def _make_shape(self, picker: StillPicker) -> None:
        self.aspect = Segments([("16:9", "16:9"), ("9:16", "9:16"), ("1:1", "1:1")])
        self.length = LengthField()
        self.rates = RateField(self._rate)
        self.extra = extra_box()
        self.motion = Segments([(each, each.capitalize()) for each in MOTION_SIZES])
        self.motion.choose("medium")
        self.edit = EditFields(picker)
        self.direction = Segments([("before", "Before"), ("after", "After")])
        self.direction.choose("after")
        self.model = model_box()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        fields: list[tuple[str, str, QWidget]] = [
            ("task", "Task", self.edit.task),
            ("region", "Where", self.edit.region),
            ("keep", "Keep the source", self.edit.keep),
            ("follow", "Follow the words", self.edit.follow),
            ("motion", "Motion", self.motion),
            ("direction", "Add", self.direction),
            ("shape", "Shape", self.aspect),
            ("length", "Length", self.length),
            ("rate", "Rate", self.rates),
            ("extra", "Extra", self.extra),
            ("seed", "Seed", boxed(row(self.seed, self.dice, self.lock, spacing=2))),
            ("model", "Model", self.model),
            ("avoid", "Avoid", self.negative),
        ]
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        for place, (key, name, field) in enumerate(fields):
            self._rows[key] = (label(name, "dim"), field)
            grid.addWidget(self._rows[key][0], place, 0)
            grid.addWidget(field, place, 1)
        self._camera = boxed(column(label("Camera", "section"), self.camera, spacing=6))
        self.under_prompt = column(spacing=4)
        whole = column(self.stills, self.prompt, spacing=6)
        whole.addLayout(self.under_prompt)
        for widget in (self.edit.region.pad, boxed(grid), self._camera, self.licence):
            whole.addWidget(widget)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.prompt.textChanged.connect(lambda: self.complain(False))
        for signal in (
            self.prompt.textChanged,
            self.negative.textChanged,
            self.seed.textChanged,
            self.aspect.chosen,
            self.motion.chosen,
            self.direction.chosen,
            self.camera.chosen,
            self.length.changed,
            self.rates.changed,
            self.edit.changed,
            self.extra.valueChanged,
        ):
            signal.connect(lambda *_: self.edited.emit())
        self.extra.valueChanged.connect(lambda _v: self._fit_length())
        self.rates.changed.connect(self._fit_length)
        self.model.currentIndexChanged.connect(lambda _i: self._model_chosen())
        self.stills.refused.connect(self.refused)
        self.edit.region.refused.connect(self.refused)
        self.stills.changed.connect(self._still_changed)

    def _show_kind(self, kind: Kind) -> None:
        self._kind = kind
        self.edit.region.clear()
        self._show_fields()
        self.edited.emit()

    def _show_fields(self) -> None:
        look = LOOKS[self._kind]
        applies = {"extra": not self._keeps_length, "rate": self.rates.is_open}
        for key, widgets in self._rows.items():
            for widget in widgets:
                widget.setVisible(key in look.fields and applies.get(key, True))
        self.stills.show_kind(self._kind)
        self.prompt.setVisible(look.prompt)
        self.prompt.setPlaceholderText(look.example)
        self._camera.setVisible(look.camera)
        self._fit_length()

    def _show_shape(self, recipe: Recipe, handle_frames: int) -> None:
        for name, offered in self.card.rules.aspects.items() if self.card is not None else ():
            if tuple(offered) == (recipe.width, recipe.height):
                self.aspect.choose(name)
        self.rates.choose(recipe.rate)
        if seconds := seconds_of(recipe):
            self.length.set_seconds(seconds - 2 * handle_frames / self._rate())

    def _still_changed(self, slot: StillSlot) -> None:
        """The first still that is put in gives the clip its shape."""
        alone = self._kind is Kind.STILLS and self.stills.assets == (slot.asset,)
        if alone and slot.asset is not None and self.card is not None:
            video = slot.asset.video[0]
            self.aspect.choose(nearest_aspect(self.card.rules, video.width, video.height))
        self.edited.emit()

    def _model_chosen(self) -> None:
        self._fit_to_card()
        self.edited.emit()

    def _fit_to_card(self) -> None:
        """Offer only what the model can make."""
        card = self.card
        self.licence.setVisible(card is not None)
        if card is None:
            return
        if "shape" in LOOKS[self._kind].fields:
            self.aspect.set_choices([(name, name) for name in card.rules.aspects])
        self.licence.setText(licence_line(card))
        self.licence.setToolTip(model_words(card))
        self.rates.offer(card.rules.rates)
        self._show_fields()

    def _fit_length(self) -> None:
        """The longest clip is what the model makes, less what is hidden of it."""
        if (card := self.card) is not None and "length" in LOOKS[self._kind].fields:
            longest = longest_seconds(card.rules, self.rate)
            if ABILITIES.get(self._kind) in SOUNDS:
                longest = min(longest, Fraction(LONGEST_S))
            self.length.set_longest(longest - 2 * self.extra_frames / self._rate())
