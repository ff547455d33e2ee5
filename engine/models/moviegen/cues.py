"""When something is heard, as three numbers for every sound latent: what the transformer is told.

What is seen says it roughly, latent by latent; what looked at all of a film, or knows how it was
made, says it to a few milliseconds. A sound that is struck begins at its moment, one that swells
must know of it before: so each latent is told how near the moments around it are.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from engine.models.foley.palette import STRUCK
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ

CUES = 3
"""Whether something is struck; how long ago that was last; how soon it is next."""

CUED = frozenset({*STRUCK, "shake"})
"""Kinds of movement that are heard at moments."""

_FADE_S = 0.15
"""Seconds over which what is past and what is to come fade to a third."""

MOST = 4.0
"""What a cue is at its moment: three numbers must not drown beside a hundred of the picture."""


def cues_of(moments_s: Sequence[float], length: int) -> Tensor:
    """Cues (length, CUES) in [0, MOST] of moments in seconds; all zero where there are none."""
    at = torch.arange(length, dtype=torch.float64) / LATENT_RATE_HZ
    cues = torch.zeros(length, CUES)
    cues[:, 0] = told_events(moments_s, length, LATENT_RATE_HZ)
    for moment_s in moments_s:
        since = at - moment_s
        cues[:, 1] = torch.where(since >= 0, (-since / _FADE_S).exp(), 0.0).maximum(cues[:, 1])
        cues[:, 2] = torch.where(since <= 0, (since / _FADE_S).exp(), 0.0).maximum(cues[:, 2])
    return MOST * cues


def told_events(moments_s: Sequence[float], length: int, rate_hz: int) -> Tensor:
    """How much something begins to sound in each of `length` moments at `rate_hz`, in [0, 1].

    What begins between two is told to both, to each the more the nearer it is.
    """
    events = torch.zeros(length)
    for moment_s in moments_s:
        index = int(moment_s * rate_hz)
        share = moment_s * rate_hz - index
        for place, told in ((index, 1 - share), (index + 1, share)):
            if place < length:
                events[place] = max(float(events[place]), told)
    return events
