"""`bench engine` on a real engine over the fake cast: its figures are there and make sense."""

from __future__ import annotations

from studio.commands.bench.engine import measure_engine
from studio.commands.console import Console
from studio.commands.figures import report
from tests.engine.running import RunningEngine


def test_the_figures_are_measured(engine: RunningEngine) -> None:
    figures = {f.figure: f for f in measure_engine(engine.client(), Console(as_json=True))}
    assert list(figures) == ["job_overhead_s", "cancel_s", "control_request_p95_s"]
    for figure in figures.values():
        assert figure.value is not None
        assert figure.value > 0
        assert figure.unit == "s"


def test_the_report_is_the_agreed_object(engine: RunningEngine) -> None:
    body = report("engine", measure_engine(engine.client(), Console(as_json=True)))
    assert body["name"] == "engine"
    assert body["figures"][0]["target"] == 0.05
