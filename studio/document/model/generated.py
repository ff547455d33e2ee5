"""Generated media: the recipe of a clip, the takes it gave, and the jobs still at work on it.

The recipe is opaque here: JSON text written by the studio for an engine, with the few fields that
an editor searches and sorts by lifted out. A job's progress is not kept: it lives in the session,
because it is news, not a decision.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self, TypeAlias, cast

from studio.document.model.record import Id, Record
from studio.document.time import ZERO, Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(Record):
    """`text` is the recipe as JSON; the other fields are read from it by `from_json`.

    `inputs` are the SHA-256 names of the assets it reads.
    """

    text: str
    ability: str = ""
    model: str = ""
    prompt: str = ""
    seed: int = 0
    inputs: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Lift the indexed fields out of a recipe's JSON text.

        Raises: ValueError when `text` is no JSON object.
        """
        parsed: Any = json.loads(text)
        if not isinstance(parsed, dict):
            raise ValueError("A recipe is a JSON object.")
        body = cast("dict[str, Any]", parsed)
        return cls(
            text=text,
            ability=str(body.get("ability", "")),
            model=str(body.get("model", "")),
            prompt=str(body.get("prompt", "")),
            seed=int(body.get("seed", 0)),
            inputs=tuple(str(given["sha256"]) for given in body.get("inputs", ())),
        )

    @property
    def footage_in(self) -> Time | None:
        """The moment of a clip's footage at which what is made of a part of it begins.

        None for what is as long as the footage, or is made of none.
        """
        options: dict[str, Any] = json.loads(self.text).get("options", {})
        stated = options.get("footage_in_s")
        return None if stated is None else Time.of_seconds(Fraction(str(stated)))

    def asks_the_same(self, other: Recipe) -> bool:
        """Whether both ask for the same thing, be it of another model or seed, in another shape.

        What an engine adds when it has run, such as the hash of the weights, is no difference.
        """
        return self.text == other.text or _asked(self.text) == _asked(other.text)


_MANNER = frozenset(
    {
        "model",
        "seed",
        "width",
        "height",
        "frames",
        "rate",
        "sampler",
        "adapters",
        "weights_sha256",
        "engine_version",
    }
)
"""Fields of a recipe that say how it is made, not what."""


def _asked(text: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(text).items() if name not in _MANNER}


FOOTAGE = Recipe(text="{}")
"""The recipe of what no model made: the footage that a clip played before it had other takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Record):
    """One output of a recipe, as an asset. `tier` is "draft", "local" or "server".

    `recipe` is the one that made it, which the clip's may have left behind since; footage that a
    retake stands beside has FOOTAGE and no tier. `made_at` is an ISO 8601 instant in UTC. `note`
    is the user's; `remarks` are what the engine had to say of it, such as how it read the prompt.
    """

    id: Id
    asset_id: Id
    recipe: Recipe
    tier: str = "draft"
    made_at: str = ""
    note: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def is_footage(self) -> bool:
        """Whether it was filmed or imported, and no model made it."""
        return not self.recipe.ability

    @property
    def begins(self) -> Time:
        """The moment of the clip's footage at which it begins."""
        return self.recipe.footage_in or ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending(Record):
    """A job at work in an engine. `engine` is its address, to be asked again after a restart."""

    job_id: str
    engine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Record):
    """A job that ended without a take: one sentence why, kept until retried or dismissed."""

    job_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready(Record):
    """Nothing at work and nothing failed."""


Job: TypeAlias = Pending | Failed
GenerationState: TypeAlias = Pending | Failed | Ready


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedMedia(Record):
    """What a generated clip shows: the chosen take, or a placeholder while there is none.

    `chosen` is the id of one of `takes`. `stale_because` says in a sentence what changed since the
    chosen take was made ("" when nothing did). `handle_frames` are extra sequence frames that a
    new take gets on either side of what is visible, for trims and transitions.
    """

    recipe: Recipe
    takes: tuple[Take, ...] = ()
    chosen: Id | None = None
    jobs: tuple[Job, ...] = ()
    stale_because: str = ""
    handle_frames: int = 0

    @property
    def take(self) -> Take | None:
        """The take that plays, None for a placeholder."""
        return next((take for take in self.takes if take.id == self.chosen), None)

    @property
    def stale(self) -> bool:
        return bool(self.stale_because)

    @property
    def state(self) -> GenerationState:
        """What to show on the clip: a job at work before a failure, a failure before ready."""
        for job in self.jobs:
            if isinstance(job, Pending):
                return job
        return self.jobs[0] if self.jobs else Ready()
