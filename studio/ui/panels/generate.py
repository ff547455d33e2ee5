"""The Generate panel: say what to make, describe it, see what it will need, make it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QScrollArea, QWidget

from engine.protocol.models import ModelCard
from engine.protocol.plans import Plan
from engine.protocol.recipes import Ability, Recipe
from studio.document.model.asset import Asset
from studio.document.model.generated import GeneratedMedia
from studio.document.queries.places import find_clip
from studio.session.draft import WORDLESS, DraftError, ExtendDraft, Kind, Words, recipe_of
from studio.session.engines import Offline, Online, Starting, Unreachable
from studio.session.generation import Generation
from studio.session.installs import Fetching, Idle, Refused
from studio.session.model_rules import cards_for, is_untrained, not_here, why_none
from studio.session.placeholders import AtPlayhead, Beside, Under
from studio.session.preferences import Preferences
from studio.session.recipes import recipe_of as recipe_of_media
from studio.session.rewriting import Rewriting
from studio.session.session import Session
from studio.session.sounding import SOUNDS
from studio.ui.controls import ElidedLabel, boxed, column, label, push_button, row, set_role
from studio.ui.dialogs.licence import LicenceDialog
from studio.ui.panels.generate_fields import LOOKS, MAKES
from studio.ui.panels.generate_form import GenerateForm
from studio.ui.panels.generate_honest import HONEST, HONEST_OF, HONEST_SOUND, TIERS
from studio.ui.panels.generate_task import Editing, Extending, Reworking, Sounding, Task
from studio.ui.panels.plan_card import PlanCard, bytes_text
from studio.ui.panels.rewritten_prompt import RewrittenPrompt
from studio.ui.segments import Segments
from studio.ui.still_picker import StillPicker
from studio.ui.theme import themed_icon

PLAN_PAUSE_MS = 250
ASKED = "Describe it to see what it will need."


class GeneratePanel(QWidget):
    """`preferences_wanted` asks for the page where the server is set up."""

    preferences_wanted = Signal()

    def __init__(
        self,
        session: Session,
        generation: Generation,
        preferences: Preferences,
        picker: StillPicker,
    ) -> None:
        super().__init__()
        self._session = session
        self._generation = generation
        self._preferences = preferences
        self._task: Task | None = None
        self._asked = 0
        self.tier = Segments(TIERS)
        self.tier.choose(preferences.settings.tier)
        self.make = QComboBox()
        self.make.setAccessibleName("What to make")
        for kind, name, icon in MAKES:
            self.make.addItem(themed_icon(icon, 16), name, kind)
        self.title = ElidedLabel(role="head")
        self.form = GenerateForm(picker, lambda: session.sequence.rate.fraction)
        self.rewritten = RewrittenPrompt(Rewriting(generation.links, self), preferences)
        self.form.under_prompt.addWidget(self.rewritten)
        self._left = (Words(), "")
        self._left_length = self.form.seconds
        self.plan_card = PlanCard()
        self.plan: Plan | None = None
        self.status = label("", "small", wrap=True)
        self.honest = label("", "small", wrap=True)
        self.go = push_button("Generate", self.generate, "primary", icon="")
        self.go.setMinimumHeight(32)
        self.go.setToolTip("Make it, at the playhead or with its clip  (Ctrl+Return)")
        self.leave = push_button("Cancel", self.leave_task)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PLAN_PAUSE_MS)
        self._pause.timeout.connect(self._ask_for_plan)
        self._build()
        self._connect()
        self._link_changed()

    def wake(self) -> None:
        """Start the engine of the chosen tier, so that the first shot need not wait for it."""
        if self._can_wake(self.tier.key):
            self._generation.link_for(self.tier.key).wake()
        self._link_changed()

    def generate(self) -> None:
        """Start what the fields describe; a model that is not here is fetched first."""
        installs, card = self._generation.installs, self.form.card
        if isinstance(installs.state, Fetching):
            installs.stop()
            return
        if card is not None and not card.installed:
            if is_untrained(card):  # nothing to fetch: it ships, or is trained here
                self.plan_card.say(*not_here(card), warning=True)
            else:
                self._offer(card)
            return
        if self.form.stills.reading:
            self.plan_card.say("The still is being read.", "Try again in a moment.")
            return
        if self.form.edit.region.reading:
            self.plan_card.say("The region is being kept.", "Try again in a moment.")
            return
        recipe = self._recipe(complain=True)
        if recipe is not None and self._start(recipe):
            self.form.after_start()
            self.leave_task()

    def show_tier(self, tier: str) -> None:
        """Show the models of a tier, those too that can be fetched."""
        self.tier.choose(tier)
        self._tier_chosen(tier)

    def make_kind(self, kind: Kind) -> None:
        """Begin something new of a kind."""
        self.leave_task()
        self.make.setCurrentIndex(self.make.findData(kind))

    def begin(self, task: Extending | Reworking | Sounding) -> None:
        """Work on a clip: the next Generate extends it, makes a take of it, or its sound."""
        self._enter(task)
        self.form.edit.region.show_clip(task.clip_id)
        self.form.set_template(task.draft)
        self._link_changed()
        self._show_mode()
        if self.form.kind not in WORDLESS:
            self.focus_prompt()

    def put_still(self, asset: Asset) -> None:
        """Put a still into the first slot of what is being made."""
        self.form.stills.put(asset, self.form.kind)
        self.focus_prompt()

    def edit_clip(self, clip_id: str) -> None:
        """Load a clip's recipe; the next Generate makes a take of that clip."""
        clip = find_clip(self._session.project, clip_id)
        if clip is None or not isinstance(clip.media, GeneratedMedia):
            return
        try:
            recipe = recipe_of_media(clip.media)
        except ValueError as error:
            self._session.notices.error(str(error))
            return
        self._enter(Editing(clip_id, f"New take of {clip.name or 'the clip'}"))
        named = (asset for asset in self._session.project.assets if asset.sha256)
        self.rewritten.show_recipe(recipe)
        self.form.show_recipe(recipe, named, clip.media.handle_frames)
        self._link_changed()
        self._show_mode()

    def leave_task(self) -> None:
        """Go back to making something new."""
        if self._task is None:
            return
        self._task = None
        self.rewritten.show_choice()
        self.form.keep_extra(kept=False)
        self.form.set_kind(Kind(self.make.currentData()))
        self.form.set_words(*self._left)
        self._link_changed()
        self.form.length.set_seconds(self._left_length)
        self._show_mode()

    def _enter(self, task: Task) -> None:
        """Work on a clip; what was being described comes back afterwards."""
        if self._task is None:
            self._left = (self.form.words(), self.form.camera.word)
            self._left_length = self.form.seconds
        self._task = task
        self.form.keep_extra(kept=True)

    def focus_prompt(self) -> None:
        """Put the cursor where the description is written."""
        self.form.prompt.setFocus()

    def _start(self, recipe: Recipe) -> bool:
        """Hand the recipe on; False when the project refused."""
        tier, generation, stills = self.tier.key, self._generation, self.form.stills.assets
        match self._task:
            case None:
                spot = AtPlayhead(self.form.extra_frames, self.form.seconds)
                return generation.generate(recipe, tier, stills, spot) is not None
            case Editing(clip_id=clip_id):
                return generation.new_take(clip_id, recipe, tier, stills) is not None
            case Extending(clip_id=clip_id, asset=asset):
                draft = self.form.draft()
                spot = Beside(clip_id, before=isinstance(draft, ExtendDraft) and draft.before)
                return generation.generate(recipe, tier, [asset], spot) is not None
            case Sounding(clip_id=clip_id, asset=asset, draft=begun):
                spot = Beside(clip_id) if begun.kind is Kind.EXTEND_SOUND else Under(clip_id)
                return generation.generate(recipe, tier, [asset], spot) is not None
            case Reworking(clip_id=clip_id, asset=asset, step=step):
                mask = self.form.edit.region.mask
                inputs = [asset] if mask is None else [asset, mask]
                return generation.rework(clip_id, recipe, tier, inputs, step) is not None

    def _offer(self, card: ModelCard) -> None:
        """Ask before a model is fetched."""
        link = self._generation.link_for(self.tier.key)
        installs = self._generation.installs
        LicenceDialog(card, lambda: installs.start(link, card), self).open()

    def _show_install(self) -> None:
        match self._generation.installs.state:
            case Fetching(card=card, done=done, total=total):
                far = f"{bytes_text(done)} of {bytes_text(total)}" if total else "Starting…"
                self.plan_card.say(f"Downloading {card.title}", far)
            case Refused(card=card, reason=reason):
                self.plan_card.say(f"{card.title} could not be fetched.", reason, warning=True)
            case Idle():
                self._edited()
        self._show_mode()

    def _build(self) -> None:
        making = row(label("Make", "dim"), self.make, spacing=10)
        making.setStretch(1, 1)
        self._making = boxed(making)
        self._titled = boxed(row(self.title))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = column(scroll, spacing=0)
        self.setLayout(whole)  # first, and then what it holds: see the window
        inner = column(spacing=8, margins=(10, 10, 10, 10))
        scroll.setWidget(boxed(inner))
        for part in (
            self._making,
            self._titled,
            self.tier,
            self.status,
            self.form,
            self.honest,
        ):
            inner.addWidget(part)
        inner.addStretch(1)
        buttons = row(self.leave, self.go, spacing=6)
        buttons.setStretch(1, 1)
        foot = column(self.plan_card, boxed(buttons), spacing=8, margins=(10, 6, 10, 10))
        whole.addWidget(boxed(foot))
        whole.setStretch(0, 1)

    def _connect(self) -> None:
        self.tier.chosen.connect(self._tier_chosen)
        self.make.currentIndexChanged.connect(lambda _i: self._kind_chosen())
        self.form.edited.connect(self._edited)
        self.rewritten.switched.connect(self._edited)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.generate)
        self.form.refused.connect(lambda why: self.plan_card.say(why, warning=True))
        self.plan_card.fix_wanted.connect(self.form.use_nearest)
        for link in self._generation.links.values():
            link.state_changed.connect(self._link_changed)
        self._generation.installs.changed.connect(self._show_install)
        self._session.changed.connect(lambda _c: self._check_clip())
        self._session.opened.connect(self.leave_task)
        self._session.project_opened.connect(self.form.stills.clear)
        self._show_mode()

    def _kind_chosen(self) -> None:
        self.form.set_kind(Kind(self.make.currentData()))
        self._link_changed()
        self._show_mode()

    def _tier_chosen(self, tier: str) -> None:
        self._preferences.update(tier=tier)
        self.wake()

    def _can_wake(self, tier: str) -> bool:
        return tier != "server" or bool(self._preferences.settings.server_address)

    def _link_changed(self) -> None:
        tier = self.tier.key
        if not self._can_wake(tier):
            self._say("Set up a server in Preferences › Engine first.", "warning")
            self.form.set_cards(())
            return
        match self._generation.link_for(tier).state:
            case Starting():
                self._say("Starting the engine…", "small")
            case Offline() | Online():
                self._say("", "small")
            case Unreachable(reason=reason):
                self._say(reason, "danger")
        cast = self._generation.link_for(tier).cast
        self.form.set_cards(cards_for(cast, tier, self.form.ability))

    def _say(self, words: str, role: str) -> None:
        self.status.setText(words)
        self.status.setVisible(bool(words))
        set_role(self.status, role)

    def _edited(self) -> None:
        self.plan = None
        self._pause.start()
        self._show_mode()
        card = self.form.card if LOOKS[self.form.kind].prompt else None
        self.rewritten.read(self.form.words().prompt, card, self.tier.key)
        self.go.setEnabled(self.form.card is not None)

    def _ask_for_plan(self) -> None:
        if isinstance(self._generation.installs.state, Fetching):
            return
        self._asked += 1
        number = self._asked
        recipe = self._recipe(complain=False)
        if recipe is None:
            return
        tier = self.tier.key
        self._generation.plan(
            recipe,
            tier,
            lambda plan: self._planned(number, plan),
            lambda error: self._not_planned(number, error),
        )

    def _planned(self, number: int, plan: Plan) -> None:
        if number == self._asked:
            self.plan = plan
            self.plan_card.show_plan(plan)
            card = self.form.card
            here = card is not None and card.installed
            self.go.setEnabled(plan.refusal is None or not here)

    def _not_planned(self, number: int, error: Exception) -> None:
        if number == self._asked:
            self.plan_card.say("There is no forecast.", str(error), warning=True)

    def _recipe(self, *, complain: bool) -> Recipe | None:
        """The recipe of the fields, or None with the reason said."""
        card, draft = self.form.card, self.form.draft()
        if card is None:
            self._say_no_model()
            return None
        try:
            return self.rewritten.applied(recipe_of(draft, card), card)
        except DraftError as error:
            wordless = self.form.kind in WORDLESS
            asks = not wordless and not draft.words.prompt.strip()
            if complain:
                self.form.complain(asks)
            if complain or not asks:
                self.plan_card.say(str(error), warning=complain)
            else:
                self.plan_card.say(ASKED)
            return None

    def _say_no_model(self) -> None:
        tier = self.tier.key
        link = self._generation.link_for(tier)
        if self._can_wake(tier) and isinstance(link.state, Online):
            head, hint = why_none(link.cast, tier, self.form.ability)
            self.plan_card.say(head, hint, warning=True)
        else:
            self.plan_card.say("No model is ready for this.", self.status.text())

    def _show_mode(self) -> None:
        task = self._task
        self.leave.setVisible(task is not None)
        self._making.setVisible(task is None)
        self._titled.setVisible(task is not None)
        self.title.setText(task.title if task is not None else "")
        card = self.form.card
        if isinstance(self._generation.installs.state, Fetching):
            words = "Stop the download"
        elif card is not None and not card.installed:
            words = f"Download model  ({bytes_text(card.size_bytes)})…"
            if is_untrained(card):
                words = "Not installed"
        elif isinstance(task, Editing):
            words = "Make a new take"
        else:
            words = LOOKS[self.form.kind].button
        self.go.setText(words)
        self.honest.setText(_honest(self.tier.key, self.form.ability, self.form.card))

    def _check_clip(self) -> None:
        """The clip that is worked on may have gone."""
        if self._task and find_clip(self._session.project, self._task.clip_id) is None:
            self.leave_task()


def _honest(tier: str, ability: Ability, card: ModelCard | None) -> str:
    """What may be hoped for of a tier's models, or of the one that is chosen."""
    if tier != "draft" or (card is not None and card.family == "moviegen"):
        return HONEST[tier]
    return HONEST_SOUND if ability in SOUNDS else HONEST_OF.get(ability, HONEST[tier])
