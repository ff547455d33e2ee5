"""Keeps libraries that a draft never uses out of a worker's first seconds.

Symptom: importing diffusers' ModelMixin and DiffusionPipeline runs bitsandbytes (which brings the
back end of torch's compiler), most of scipy, and every network and hook that diffusers knows: half
of the eight seconds of a processor's time that the imports of a pocket model take. Cause: diffusers
imports what is installed, not what is used
(https://github.com/huggingface/diffusers/issues/4260). Delete a line here when its library no
longer shows in `python -X importtime -c "import engine.abilities.text_to_video"`, and the file with
its last line.

Nothing is replaced or left out: a postponed module runs in full the moment something of it is
asked for. torch's compiler is not among them, since transformers takes it apart as it is imported.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import threading
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

POSTPONED = frozenset({"bitsandbytes", "scipy.integrate", "scipy.stats"})
"""Imported as a whole by libraries that use them in few places."""

OF_PARTS = frozenset(
    {
        "diffusers.hooks",
        "diffusers.models.autoencoders",
        "diffusers.models.transformers",
        "diffusers.models.unets",
    }
)
"""Packages whose own code does nothing but import all their parts; a part can do without it."""

FORWARDED = {"scipy.optimize": "linear_sum_assignment"}
"""Modules of which others import one function by name: a stand-in runs the module when called."""

_running = threading.RLock()
_under_way: set[str] = set()


def install() -> None:
    """Postpone from now on; what is imported already stays. Calling it again changes nothing."""
    if not any(isinstance(finder, _LeanFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _LeanFinder())


class _Postponed(ModuleType):
    """A module whose code runs when something of it is first asked for."""

    def __getattr__(self, name: str) -> Any:
        if FORWARDED.get(self.__name__) == name:
            return _forwarder(self, name)
        _run(self)
        return ModuleType.__getattribute__(self, name)


def _forwarder(module: ModuleType, name: str) -> Callable[..., Any]:
    def forward(*arguments: Any, **options: Any) -> Any:
        _run(module)
        return getattr(module, name)(*arguments, **options)

    return forward


def _run(module: ModuleType) -> None:
    """Run a module's code, unless that has been done or is what asks; other threads wait."""
    with _running:
        if not isinstance(module, _Postponed) or module.__name__ in _under_way:
            return
        assert module.__spec__ is not None
        loader = module.__spec__.loader
        assert isinstance(loader, _LaterLoader)
        _under_way.add(module.__name__)
        try:
            loader.run(module)
            ModuleType.__setattr__(module, "__class__", ModuleType)
        finally:
            _under_way.discard(module.__name__)


class _LaterLoader(importlib.abc.Loader):
    """A module's own loader, which is not asked to run the code yet."""

    def __init__(self, loader: importlib.abc.Loader) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__class__ = _Postponed

    def run(self, module: ModuleType) -> None:
        self._loader.exec_module(module)


class _KnownLoader(importlib.abc.Loader):
    """Hands out a part that its package imported when its own code ran."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        """It has run already."""


class _LeanFinder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in POSTPONED | OF_PARTS | FORWARDED.keys():
            return _postponed(fullname, path)
        package = sys.modules.get(fullname.rpartition(".")[0])
        if not isinstance(package, _Postponed) or package.__name__ in OF_PARTS:
            return None
        _run(package)
        part = sys.modules.get(fullname)
        return part and importlib.machinery.ModuleSpec(fullname, _KnownLoader(part))


def _postponed(name: str, path: Sequence[str] | None) -> importlib.machinery.ModuleSpec | None:
    spec = importlib.machinery.PathFinder.find_spec(name, path)
    if spec is not None and spec.loader is not None:
        spec.loader = _LaterLoader(spec.loader)
    return spec
