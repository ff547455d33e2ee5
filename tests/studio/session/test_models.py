"""The session's small models: transport, selection, notices, jobs, drafts. No window."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.protocol.jobs import Cancelled, Done, Failed, Queued, Running
from engine.protocol.recipes import Ability, Recipe
from studio.session.draft import ClipDraft, Draft, DraftError, StickerDraft, Words, recipe_of
from studio.session.jobs import Fetching, JobBoard, JobRow, duration_text, news_text
from studio.session.model_rules import cards_for, frames_for, rate_like, seconds_of
from studio.session.notices import Notice, NoticeAction, Notices, Severity
from studio.session.recipes import sent, stored
from studio.session.selection import Selection
from studio.session.transport import Transport
from tests.fakes.engine_client import POCKET

RECIPE = Recipe(ability=Ability.TEXT_TO_VIDEO, model="pocket-video", prompt="A fox")
ERROR = ErrorInfo(code=ErrorCode.WORKER_DIED, message="It died.")


def test_shuttle_goes_faster_and_comes_back_through_standing_still() -> None:
    transport = Transport()
    speeds = []
    for direction in (1, 1, 1, 1, 1, -1, -1):
        transport.shuttle(direction)
        speeds.append(transport.speed)
    assert speeds == [1, 2, 4, 8, 8, -1, -2]


def test_marks_never_cross() -> None:
    transport = Transport()
    transport.set_extent(Fraction(25), 100)
    transport.mark_in(20)
    transport.mark_out(60)
    assert transport.range_frames == (20, 60)
    transport.mark_out(10)
    assert transport.range_frames == (0, 10)
    transport.mark_in(50)
    assert transport.range_frames == (50, 100)


def test_a_running_player_moves_the_playhead_but_is_not_told_to_seek() -> None:
    transport, sought, moved = Transport(), list[int](), list[int]()
    transport.sought.connect(sought.append)
    transport.moved.connect(moved.append)
    transport.follow_player(5)
    transport.seek(9)
    assert (sought, moved) == ([9], [5, 9])


def test_a_shorter_film_pulls_the_playhead_in() -> None:
    transport = Transport()
    transport.set_extent(Fraction(25), 100)
    transport.seek(90)
    transport.set_extent(Fraction(25), 40)
    assert transport.position == 40


def test_selection_says_when_it_changes_and_only_then() -> None:
    selection, changes = Selection(), list[frozenset[str]]()
    selection.changed.connect(lambda: changes.append(selection.ids))
    selection.set(["a", "b"])
    selection.set(["b", "a"])
    selection.remove(["a"])
    selection.add(["c"])
    selection.clear()
    assert changes == [{"a", "b"}, {"b"}, {"b", "c"}, frozenset()]


def test_notices_replace_by_topic_and_stay_few() -> None:
    notices = Notices()
    notices.error("One.", topic="file")
    notices.error("Two.", topic="file")
    assert [n.text for n in notices.shown] == ["Two."]
    notices.post(Notice(Severity.WARNING, "Read-only.", sticky=True))
    for number in range(5):
        notices.info(f"Passing {number}.")
    assert len(notices.shown) == Notices.LIMIT
    assert "Read-only." in [n.text for n in notices.shown]
    notices.clear_topic("file")
    notices.dismiss(notices.shown[-1])
    assert all(n.text != "Passing 4." for n in notices.shown)


def test_a_notice_carries_what_can_be_done() -> None:
    done: list[str] = []
    notices = Notices()
    notice = notices.warning("Missing.", NoticeAction("Find", lambda: done.append("found")))
    assert notice.action is not None
    notice.action.run()
    assert done == ["found"]


@pytest.mark.parametrize(
    ("news", "words", "fraction", "active"),
    [
        (Queued(), "Queued", 0.0, True),
        (Queued(ahead=2), "Queued · 2 ahead", 0.0, True),
        (Running(phase="load_weights"), "Load weights", None, True),
        (
            Running(phase="denoise", step=3, steps=12, seconds_left=100, attempt=2),
            "Denoise 3/12 · 2 min left · attempt 2",
            0.25,
            True,
        ),
        (Fetching(5, 10), "Fetching the result", 0.5, True),
        (Done(outputs=(), recipe=RECIPE, model_s=1.0), "Done", 1.0, False),
        (Failed(error=ERROR), "It died.", None, False),
        (Cancelled(), "Cancelled", None, False),
    ],
)
def test_news_in_words(news: object, words: str, fraction: float | None, active: bool) -> None:
    row = JobRow("j", "c", RECIPE, "here", news)  # type: ignore[arg-type]
    assert (news_text(row), row.fraction, row.active) == (words, fraction, active)


def test_the_board_keeps_the_last_preview_and_knows_who_is_active() -> None:
    board, updates = JobBoard(), list[str]()
    board.updated.connect(updates.append)
    board.add(JobRow("j", "c", RECIPE, "here", Queued()))
    board.post("j", Running(phase="denoise"), b"frame")
    board.post("j", Running(phase="decode"))
    board.post("stranger", Cancelled())
    row = board.row("j")
    assert row is not None
    assert (row.preview, board.active_count, updates) == (b"frame", 1, ["j", "j", "j"])
    board.post("j", Cancelled())
    assert board.active_count == 0
    board.clear_finished()
    assert board.rows == ()


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (89, "89 s"), (91, "2 min"), (7500, "2 h 5 min")]
)
def test_durations_as_people_say_them(seconds: float, words: str) -> None:
    assert duration_text(seconds) == words


def test_a_draft_becomes_a_recipe_on_the_model_grid() -> None:
    words = Words(prompt="A red fox.", seed=7)
    draft = ClipDraft(words=words, camera="zoom in", aspect="1:1", seconds=Fraction(2))
    recipe = recipe_of(draft, POCKET)
    assert recipe.prompt == "A red fox, zoom in"
    assert (recipe.width, recipe.height, recipe.frames, recipe.rate) == (224, 224, 24, "12/1")
    assert seconds_of(recipe) == 2
    assert sent(stored(recipe)) == recipe


ANIMATIC = msgspec.structs.replace(
    POCKET,
    id="pocket-animatic",
    rules=msgspec.structs.replace(
        POCKET.rules, rates=("24/1", "24000/1001", "25/1", "30/1", "12/1"), frame_step=1
    ),
    options={"moves": "eased"},
)


@pytest.mark.parametrize(
    ("timeline", "rate"),
    [
        (Fraction(24), "24/1"),
        (Fraction(24000, 1001), "24000/1001"),
        (Fraction(25), "25/1"),
        (Fraction(50), "25/1"),
        (Fraction(60), "30/1"),
        (Fraction(12), "12/1"),
        (Fraction(30000, 1001), "24/1"),
    ],
)
def test_a_clip_has_the_rate_that_plays_evenly_in_its_timeline(
    timeline: Fraction, rate: str
) -> None:
    assert rate_like(ANIMATIC.rules, timeline) == rate


def test_a_clip_has_the_rate_that_is_chosen_and_the_models_own_where_none_is() -> None:
    words = Words(prompt="A red fox")
    chosen = recipe_of(ClipDraft(words=words, seconds=Fraction(1), rate="25/1"), ANIMATIC)
    assert (chosen.rate, chosen.frames) == ("25/1", 25)
    for rate in ("", "60/1"):
        own = recipe_of(ClipDraft(words=words, seconds=Fraction(1), rate=rate), ANIMATIC)
        assert (own.rate, own.frames) == ("24/1", 24)
    assert chosen.options == {"moves": "eased"}


@given(st.fractions(Fraction(1, 10), Fraction(60)))
def test_frames_are_always_some_the_model_makes(seconds: Fraction) -> None:
    frames = frames_for(POCKET.rules, seconds, "12/1")
    assert 0 < frames <= POCKET.rules.max_frames
    assert (frames - POCKET.rules.frame_offset) % POCKET.rules.frame_step == 0


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (ClipDraft(words=Words(prompt="  ")), "Describe the shot first"),
        (ClipDraft(words=Words(prompt="x" * 2000)), "longer than"),
        (ClipDraft(words=Words(prompt="A fox"), aspect="21:9"), "cannot make 21:9"),
        (StickerDraft(words=Words(prompt="A fox")), "cannot do this"),
    ],
)
def test_a_draft_that_cannot_be_made_says_why(draft: Draft, words: str) -> None:
    with pytest.raises(DraftError, match=words):
        recipe_of(draft, POCKET)


def test_a_tier_offers_its_own_models_and_a_server_all_of_its() -> None:
    assert cards_for((POCKET,), "draft", Ability.TEXT_TO_VIDEO) == (POCKET,)
    assert cards_for((POCKET,), "local", Ability.TEXT_TO_VIDEO) == ()
    assert cards_for((POCKET,), "server", Ability.TEXT_TO_VIDEO) == (POCKET,)
    assert cards_for((POCKET,), "draft", Ability.CUT_OUT) == ()
