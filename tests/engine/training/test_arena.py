"""The arena's arithmetic, exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.arena import Outcome, Vote, elo, majority, net_win_rate, reading, spread

WIN, TIE, LOSS = Outcome.WIN, Outcome.TIE, Outcome.LOSS


def votes(*outcomes: Outcome, prompt: str = "p") -> list[Vote]:
    return [Vote(prompt, "a", "b", outcome) for outcome in outcomes]


def test_net_win_rate_is_wins_less_losses_in_percent() -> None:
    asked = votes(WIN, WIN, WIN, TIE, LOSS)
    assert net_win_rate(asked, "a", "b") == 40.0
    assert net_win_rate(asked, "b", "a") == -40.0
    assert net_win_rate(votes(WIN, WIN), "a", "b") == 100.0
    assert net_win_rate(votes(TIE), "a", "b") == 0.0
    with pytest.raises(ValueError, match="never compared"):
        net_win_rate(asked, "a", "c")


def test_the_majority_of_three_raters_is_one_vote_whichever_side_they_saw() -> None:
    asked = [*votes(WIN, LOSS), Vote("p", "b", "a", LOSS), *votes(LOSS, TIE, TIE, prompt="q")]
    assert majority(asked) == [Vote("p", "a", "b", WIN), Vote("q", "a", "b", LOSS)]
    assert majority(votes(WIN, LOSS, TIE)) == votes(TIE)


def test_spread_and_its_reading() -> None:
    assert spread([10.0, 14.0]) == pytest.approx(8**0.5)
    assert spread([3.0, 3.0, 3.0]) == 0.0
    with pytest.raises(ValueError, match="two runs"):
        spread([1.0])
    assert [reading(rate, 5.0) for rate in (10.1, -10.1, 10.0, -5.1, 5.0, 0.0)] == [
        "significant",
        "significant",
        "moderate",
        "moderate",
        "on par",
        "on par",
    ]


def test_elo_moves_half_a_step_between_equals_and_less_where_it_was_expected() -> None:
    assert elo(votes(WIN)) == {"a": 1008.0, "b": 992.0}
    assert elo(votes(TIE)) == {"a": 1000.0, "b": 1000.0}
    second = elo(votes(WIN, WIN))["a"] - 1008.0
    assert second == pytest.approx(16 * (1 - 1 / (1 + 10 ** (-16 / 400))))
    assert elo([]) == {}


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("def"), st.sampled_from(Outcome)))
)
def test_elo_gives_nothing_away(asked: list[tuple[str, str, Outcome]]) -> None:
    ratings = elo([Vote("p", *each) for each in asked])
    assert sum(ratings.values()) == pytest.approx(1000 * len(ratings))


@given(st.lists(st.sampled_from(Outcome), min_size=1))
def test_net_win_rate_lies_in_its_range_and_turns_with_the_sides(outcomes: list[Outcome]) -> None:
    rate = net_win_rate(votes(*outcomes), "a", "b")
    assert -100 <= rate <= 100
    assert net_win_rate(votes(*outcomes), "b", "a") == -rate
