"""What is postponed stays whole: each in a Python of its own, where nothing is imported yet."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.engine.running import ROOT

INSTALL = "import sys; from engine.models import lean_imports; lean_imports.install(); "


def run(program: str) -> str:
    """What a fresh Python printed; its complaints, if there are any, are the test's failure."""
    ended = subprocess.run(
        [sys.executable, "-c", INSTALL + program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_a_draft_does_not_run_what_only_big_models_use() -> None:
    program = (
        "import engine.abilities.text_to_video;"
        "ran = lambda name: name in sys.modules"
        " and type(sys.modules[name]) is not lean_imports._Postponed;"
        "print([name for name in ('bitsandbytes', 'bitsandbytes.nn', 'scipy.stats',"
        " 'scipy.optimize', 'diffusers.hooks', 'diffusers.models.transformers',"
        " 'diffusers.models.transformers.transformer_wan') if ran(name)])"
    )
    assert run(program) == "[]"


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("import scipy.stats as s; print(s.norm.cdf(0.0))", "0.5"),
        ("from scipy import stats; print(stats.norm.cdf(0.0))", "0.5"),
        ("from scipy.stats import norm; print(norm.cdf(0.0))", "0.5"),
        ("import scipy.stats.distributions as d; print(d.norm.cdf(0.0))", "0.5"),
        ("from scipy.optimize import linear_sum_assignment as f; print(f([[1]])[0])", "[0]"),
        ("from scipy.optimize import brentq; print(brentq(lambda x: x, -1, 1))", "0.0"),
        (
            (
                "import bitsandbytes as b; import bitsandbytes.nn as n; print(b.nn is n,"
                " b.nn.Linear4bit is n.Linear4bit)"
            ),
            "True True",
        ),
        (
            (
                "import bitsandbytes.nn as n, bitsandbytes as b; print(b.nn is n,"
                " sys.modules['bitsandbytes.nn'] is n)"
            ),
            "True True",
        ),
        (
            (
                "from diffusers.models.transformers.transformer_wan import"
                " WanTransformer3DModel as a;"
                "from diffusers.models.transformers import WanTransformer3DModel as b;"
                "from diffusers import WanTransformer3DModel as c; print(a is b is c)"
            ),
            "True",
        ),
        (
            (
                "from diffusers.hooks.group_offloading import apply_group_offloading as a;"
                "from diffusers.hooks import apply_group_offloading as b; print(a is b)"
            ),
            "True",
        ),
        ("from diffusers import WanPipeline, AutoencoderKLWan; print('both')", "both"),
    ],
)
def test_what_is_postponed_works_by_every_road(program: str, printed: str) -> None:
    assert run(program) == printed


def test_every_thread_finds_it_whole() -> None:
    program = (
        "import threading, scipy.stats as s; found = [];"
        "go = threading.Barrier(8);"
        "look = lambda: (go.wait(), found.append(float(s.norm.cdf(0.0))));"
        "threads = [threading.Thread(target=look) for _ in range(8)];"
        "[t.start() for t in threads]; [t.join() for t in threads]; print(sum(found))"
    )
    assert run(program) == "4.0"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    program = "import scipy.stats as s; print(hasattr(s, 'no_such'), hasattr(s, 'norm'))"
    assert run(program) == "False True"


def test_installing_twice_changes_nothing() -> None:
    assert (
        run(
            "before = len(sys.meta_path); lean_imports.install();print(len(sys.meta_path) - before)"
        )
        == "0"
    )


def test_libraries_keep_their_chatter_to_themselves() -> None:
    program = (
        "import logging, engine.models;"
        "from transformers.utils.logging import is_progress_bar_enabled;"
        "print(is_progress_bar_enabled(), logging.getLogger('bitsandbytes.autograd').isEnabledFor("
        "logging.WARNING))"
    )
    assert run(program) == "False False"
