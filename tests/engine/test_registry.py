"""The table of abilities: what it names is there, and nothing of it is imported by looking."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from engine.abilities.registry import ABILITIES, PREWARM, find_ability
from engine.errors import UnsupportedAbility
from engine.protocol.recipes import Ability
from tests.engine.running import ROOT
from tests.fakes import noise_ability
from tests.fakes.engine_cast import ABILITIES as FAKE_ABILITIES


@pytest.mark.parametrize("module", sorted(set(ABILITIES.values())))
def test_every_module_named_has_a_run(module: str) -> None:
    spec = find_spec(module)
    assert spec is not None, f"there is no module {module}"
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    assert "run" in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_what_is_imported_early_exists() -> None:
    assert [module for module in PREWARM if find_spec(module) is None] == []


def test_looking_imports_no_torch() -> None:
    code = "import sys, engine.abilities.registry; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_an_ability_is_found_by_family() -> None:
    run = find_ability(Ability.TEXT_TO_VIDEO, "noise", FAKE_ABILITIES)
    assert run.__module__ == noise_ability.__name__


def test_what_a_family_cannot_do_is_a_sentence() -> None:
    with pytest.raises(UnsupportedAbility, match="family noise cannot do cut_out"):
        find_ability(Ability.CUT_OUT, "noise", FAKE_ABILITIES)
