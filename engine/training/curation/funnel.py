"""The funnel: filters one after another, each asked only about what the ones before it left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.training.curation import (
    aesthetics,
    borders,
    concepts,
    duplicates,
    motion,
    scenes,
    sizes,
    text,
)
from engine.training.curation.facts import Clip
from engine.training.curation.thresholds import Thresholds

Rule = Callable[[Thresholds], str]
WhyNot = Callable[[Clip, Thresholds], str | None]
Thin = Callable[[Sequence[Clip], Thresholds], dict[int, str]]


@dataclass(frozen=True, slots=True)
class Filter:
    """Judges clips one by one."""

    name: str
    rule: Rule
    why_not: WhyNot

    def rejects(self, clips: Sequence[Clip], limits: Thresholds) -> dict[int, str]:
        """The places of clips that it takes out, and why."""
        found = ((place, self.why_not(clip, limits)) for place, clip in enumerate(clips))
        return {place: why for place, why in found if why is not None}


@dataclass(frozen=True, slots=True)
class Thinning:
    """Judges clips by the others beside them."""

    name: str
    rule: Rule
    thin: Thin

    def rejects(self, clips: Sequence[Clip], limits: Thresholds) -> dict[int, str]:
        """The places of clips that it takes out, and why."""
        return self.thin(clips, limits)


BY_HEADER = (
    Filter("duration", sizes.duration_rule, sizes.too_short_or_long),
    Filter("resolution", sizes.resolution_rule, sizes.too_small),
    Filter("aspect", sizes.aspect_rule, sizes.wrong_way_up),
)
"""What a file's header decides: a source that falls here is never decoded."""

FILTERS: tuple[Filter | Thinning, ...] = (
    *BY_HEADER,
    Filter("text", text.rule, text.shows_text),
    Filter("borders", borders.rule, borders.has_borders),
    Filter("scene", scenes.rule, scenes.not_one_scene),
    Filter("aesthetics", aesthetics.rule, aesthetics.poor_picture),
    Filter("motion", motion.motion_rule, motion.too_slow_or_fast),
    Filter("jitter", motion.jitter_rule, motion.jittery),
    Thinning("duplicates", duplicates.rule, duplicates.copies),
    Thinning("concepts", concepts.rule, concepts.surplus),
)
"""The paper's order."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a clip: kept, or rejected first by `filter` for `reason`."""

    clip: Clip
    filter: str = ""
    reason: str = ""

    @property
    def keeps(self) -> bool:
        """Whether it came through."""
        return not self.filter


@dataclass(frozen=True, slots=True)
class Stage:
    """A row of the funnel's table: what is left after a filter; `share` is of all seconds."""

    name: str
    rule: str
    clips: int
    seconds: Fraction
    share: float


def rejected_by_header(clip: Clip, limits: Thresholds) -> bool:
    """Whether the header alone takes this source out."""
    return any(each.why_not(clip, limits) is not None for each in BY_HEADER)


def judge(clips: Sequence[Clip], limits: Thresholds) -> tuple[list[Verdict], list[Stage]]:
    """Verdicts in the clips' order, and the table, whose first row is all there was."""
    verdicts = [Verdict(clip) for clip in clips]
    total = _seconds(verdicts)
    stages = [Stage("footage", "all that was found", len(clips), total, 1.0 if total else 0.0)]
    for each in FILTERS:
        left = [place for place, verdict in enumerate(verdicts) if verdict.keeps]
        rejects = each.rejects([clips[place] for place in left], limits) if left else {}
        for place, why in rejects.items():
            verdicts[left[place]] = Verdict(clips[left[place]], each.name, why)
        seconds = _seconds(verdicts)
        share = float(seconds / total) if total else 0.0
        count = len(left) - len(rejects)
        stages.append(Stage(each.name, each.rule(limits), count, seconds, share))
    return verdicts, stages


def _seconds(verdicts: Sequence[Verdict]) -> Fraction:
    return sum((v.clip.seconds for v in verdicts if v.keeps), Fraction(0))
