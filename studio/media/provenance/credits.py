"""Credits: which stretches of a film were generated, by which model, under which licence.

Read from the takes and recipes of the clips that go out, nested sequences included.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from studio.document.model.clip import Clip, SequenceMedia
from studio.document.model.generated import GeneratedMedia, Take
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, TrackKind
from studio.document.queries.layers import audible_tracks
from studio.document.retime import source_range
from studio.document.time import FrameRange

CATALOGUE = Path(__file__).resolve().parents[3] / "resources" / "catalogue"
UNKNOWN_LICENCE = "licence not known to this installation"
DEEPEST_NEST = 16


@dataclass(frozen=True, slots=True)
class Credit:
    """A stretch of the film, in its own seconds, that a model made.

    `what` is "picture" or "sound". `weights` is the SHA-256 of the model's weights, "" where the
    recipe does not say. `consent` is whether the person it shows is recorded to have agreed.
    """

    start_s: Fraction
    end_s: Fraction
    what: str
    clip: str
    ability: str
    model: str
    licence: str
    tier: str
    prompt: str
    seed: int
    weights: str
    made_at: str
    consent: bool = False


def credits_of(project: Project, sequence: Sequence, span: FrameRange) -> tuple[Credit, ...]:
    """Every generated stretch of a range of a sequence, in order of time."""
    rate = sequence.rate.fraction
    window = (span.start / rate, span.end / rate)
    found = _credits(project, sequence, window, 0)
    return tuple(sorted(found, key=lambda credit: (credit.start_s, credit.what)))


def generated_seconds(found: tuple[Credit, ...], what: str) -> Fraction:
    """How much of the film is generated, stretches that overlap counted once."""
    total, reached = Fraction(0), Fraction(0)
    for credit in sorted((c for c in found if c.what == what), key=lambda c: c.start_s):
        start = max(credit.start_s, reached)
        total += max(Fraction(0), credit.end_s - start)
        reached = max(reached, credit.end_s)
    return total


def _credits(
    project: Project, sequence: Sequence, window: tuple[Fraction, Fraction], depth: int
) -> Iterator[Credit]:
    """Credits within a window of the sequence, timed from the window's start."""
    rate = sequence.rate.fraction
    heard = {track.id for track in audible_tracks(sequence)}
    for track in sequence.tracks:
        sound = track.kind is TrackKind.AUDIO
        if track.hidden or (sound and track.id not in heard):
            continue
        for start, item in zip(track.index.starts, track.items, strict=False):
            low = max(start / rate, window[0])
            high = min((start + item.duration) / rate, window[1])
            if not isinstance(item, Clip) or not item.enabled or low >= high:
                continue
            where = (low - window[0], high - window[0])
            take = item.media.take if isinstance(item.media, GeneratedMedia) else None
            if take is not None and not take.is_footage:
                yield _credit(item, take, "sound" if sound else "picture", where)
            elif isinstance(item.media, SequenceMedia) and depth < DEEPEST_NEST:
                yield from _nested(project, sequence, item, low - start / rate, where, depth)


def _nested(
    project: Project,
    sequence: Sequence,
    clip: Clip,
    offset_s: Fraction,
    where: tuple[Fraction, Fraction],
    depth: int,
) -> Iterator[Credit]:
    """Credits inside a nested sequence; at another speed the whole clip is credited."""
    assert isinstance(clip.media, SequenceMedia)
    inner = project.sequence(clip.media.sequence_id)
    used = source_range(clip, sequence.rate)
    as_shot = used.duration.seconds * sequence.rate.fraction == clip.duration
    if as_shot:
        begin = used.start.seconds + offset_s
        window = (begin, begin + where[1] - where[0])
    else:
        window = (used.start.seconds, used.end_time_exclusive.seconds)
    for credit in _credits(project, inner, window, depth + 1):
        start, end = (credit.start_s, credit.end_s) if as_shot else (0, where[1] - where[0])
        yield Credit(
            where[0] + start,
            where[0] + end,
            credit.what,
            credit.clip,
            credit.ability,
            credit.model,
            credit.licence,
            credit.tier,
            credit.prompt,
            credit.seed,
            credit.weights,
            credit.made_at,
            credit.consent,
        )


def _credit(clip: Clip, take: Take, what: str, where: tuple[Fraction, Fraction]) -> Credit:
    recipe = take.recipe
    return Credit(
        start_s=where[0],
        end_s=where[1],
        what=what,
        clip=clip.name or clip.id,
        ability=recipe.ability,
        model=recipe.model or "unknown model",
        licence=licence_of(recipe.model),
        tier=take.tier,
        prompt=recipe.prompt,
        seed=recipe.seed,
        weights=str(_said(recipe.text).get("weights_sha256", "")),
        made_at=take.made_at,
        consent=_said(recipe.text).get("options", {}).get("consent") is True,
    )


def _said(recipe_text: str) -> dict[str, Any]:
    """What a recipe says, nothing where it cannot be read."""
    try:
        said = json.loads(recipe_text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


@lru_cache(maxsize=256)
def licence_of(model: str) -> str:
    """The licence of a model by its catalogue entry."""
    path = CATALOGUE / f"{model}.toml"
    if not model or "/" in model or not path.is_file():
        return UNKNOWN_LICENCE
    try:
        licence = tomllib.loads(path.read_text(encoding="utf-8")).get("licence", {})
    except (OSError, tomllib.TOMLDecodeError):
        return UNKNOWN_LICENCE
    return str(licence.get("title", "") or UNKNOWN_LICENCE)
