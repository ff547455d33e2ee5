"""The Generate panel: describe a shot, see what it will need, make it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from engine.protocol.models import ModelCard
from engine.protocol.plans import Plan
from engine.protocol.recipes import Recipe
from studio.document.model.generated import GeneratedMedia
from studio.document.queries.places import find_clip
from studio.session.draft import DraftError, cards_for, recipe_of
from studio.session.engines import Offline, Online, Starting, Unreachable
from studio.session.generation import Generation
from studio.session.installs import Fetching, Idle, Refused
from studio.session.preferences import Preferences
from studio.session.recipes import recipe_of as recipe_of_media
from studio.session.session import Session
from studio.ui.controls import boxed, column, label, push_button, row, set_role
from studio.ui.dialogs.licence import LicenceDialog
from studio.ui.panels.generate_form import GenerateForm
from studio.ui.panels.plan_card import PlanCard, bytes_text
from studio.ui.segments import Segments

PLAN_PAUSE_MS = 250
TIERS = (("draft", "Draft"), ("local", "This GPU"), ("server", "GPU server"))
HONEST = {
    "draft": "Draft models make small cartoon animatics: a subject, a place, one action. Good "
    "enough to block a film; not photoreal, no dialogue, no readable text.",
    "local": "Open models on this machine's GPU. They are downloaded once; the plan says how much.",
    "server": "The same models on your own server. Only what a shot needs is uploaded.",
}


class GeneratePanel(QWidget):
    """`preferences_wanted` asks for the page where the server is set up."""

    preferences_wanted = Signal()

    def __init__(self, session: Session, generation: Generation, preferences: Preferences) -> None:
        super().__init__()
        self._session = session
        self._generation = generation
        self._preferences = preferences
        self._editing: str | None = None
        self._asked = 0
        self.tier = Segments(TIERS)
        self.tier.choose(preferences.settings.tier)
        self.form = GenerateForm()
        self.plan_card = PlanCard()
        self.plan: Plan | None = None
        self.status = label("", "small", wrap=True)
        self.honest = label("", "small", wrap=True)
        self.go = push_button("Generate", self.generate, "primary", icon="")
        self.go.setMinimumHeight(32)
        self.go.setToolTip("Put the shot at the playhead and make it  (Ctrl+Return)")
        self.leave = push_button("Cancel", self._leave_clip)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PLAN_PAUSE_MS)
        self._pause.timeout.connect(self._ask_for_plan)
        self._build()
        self._connect()
        self.honest.setText(HONEST[self.tier.key])
        self._link_changed()

    def wake(self) -> None:
        """Start the engine of the chosen tier, so that the first shot need not wait for it."""
        if self._can_wake(self.tier.key):
            self._generation.link_for(self.tier.key).wake()
        self._link_changed()

    def generate(self) -> None:
        """Start the shot that the fields describe; a model that is not here is fetched first."""
        installs, card = self._generation.installs, self.form.card
        if isinstance(installs.state, Fetching):
            installs.stop()
            return
        if card is not None and not card.installed:
            self._offer(card)
            return
        recipe = self._recipe(complain=True)
        if recipe is None:
            return
        if self._editing is not None:
            self._generation.new_take(self._editing, recipe, self.tier.key)
            self._leave_clip()
        elif self._generation.generate(recipe, self.tier.key) is not None:
            self.form.after_start()

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
        self._editing = clip_id
        self.form.show_recipe(recipe)
        self._show_mode()

    def focus_prompt(self) -> None:
        """Put the cursor where the description is written."""
        self.form.prompt.setFocus()

    def _build(self) -> None:
        inner = column(
            self.tier,
            self.status,
            self.form,
            self.honest,
            None,
            spacing=8,
            margins=(10, 10, 10, 10),
        )
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(boxed(inner))
        buttons = row(self.leave, self.go, spacing=6)
        buttons.setStretch(1, 1)
        foot = column(self.plan_card, boxed(buttons), spacing=8, margins=(10, 6, 10, 10))
        whole = column(scroll, boxed(foot), spacing=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.tier.chosen.connect(self._tier_chosen)
        self.form.edited.connect(self._edited)
        self.form.wanted.connect(self.generate)
        self.plan_card.fix_wanted.connect(self.form.show_recipe)
        for link in self._generation.links.values():
            link.state_changed.connect(self._link_changed)
        self._generation.installs.changed.connect(self._show_install)
        self._session.changed.connect(lambda _c: self._check_clip())
        self._session.opened.connect(self._leave_clip)
        self._show_mode()

    def _tier_chosen(self, tier: str) -> None:
        self._preferences.update(tier=tier)
        self.honest.setText(HONEST[tier])
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
        draft = self.form.draft()
        cast = self._generation.link_for(tier).cast
        self.form.set_cards(cards_for(cast, tier, draft.ability))

    def _say(self, words: str, role: str) -> None:
        self.status.setText(words)
        self.status.setVisible(bool(words))
        set_role(self.status, role)

    def _edited(self) -> None:
        self.plan = None
        self._pause.start()
        self._show_mode()
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
        card = self.form.card
        if card is None:
            self.plan_card.say("No model is ready for this.", self.status.text())
            return None
        try:
            return recipe_of(self.form.draft(), card)
        except DraftError as error:
            empty = not self.form.draft().prompt.strip()
            if complain:
                self.form.complain(empty)
                self.plan_card.say(str(error), warning=True)
            elif empty:
                self.plan_card.say("Describe a shot to see what it will need.")
            else:
                self.plan_card.say(str(error), warning=True)
            return None

    def _show_mode(self) -> None:
        editing = self._editing is not None
        self.leave.setVisible(editing)
        card = self.form.card
        if isinstance(self._generation.installs.state, Fetching):
            words = "Stop the download"
        elif card is not None and not card.installed:
            words = f"Download model  ({bytes_text(card.size_bytes)})…"
        else:
            words = "Make a new take" if editing else "Generate"
        self.go.setText(words)

    def _leave_clip(self) -> None:
        self._editing = None
        self._show_mode()

    def _check_clip(self) -> None:
        """The clip whose recipe is being edited may have gone."""
        if self._editing and find_clip(self._session.project, self._editing) is None:
            self._leave_clip()
