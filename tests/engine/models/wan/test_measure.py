"""The planner's formulas against the real classes, traced at full size without their memory."""

from __future__ import annotations

import pytest

from engine.models.measure import figures, measure
from tests.engine.planning.machines import catalogue


@pytest.mark.parametrize("model", ["wan2.1-1.3b", "wan2.2-ti2v-5b", "wan2.1-vace-1.3b"])
def test_plans_are_as_large_as_what_the_classes_take(model: str) -> None:
    cases = list(measure(catalogue().entry(model), None, lengths=(9,)))
    assert {case.stage for case in cases} == {"text", "denoise", "decode", "decode a tile"}
    for case in cases:
        assert case.error == pytest.approx(0.0, abs=0.015), case
    found = figures(cases, "traced")["figures"]
    assert [figure["figure"] for figure in found] == ["plan_error_max", "plan_short_max"]
