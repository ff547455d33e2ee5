"""The sound of an export: the mix, brought to a loudness target where there is one.

The whole range is measured first, then lifted or lowered by one gain for its length, peaks held
under −1 dBTP by the limiter; where that takes loudness away, the gain is corrected and measured
again.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

import numpy as np

from studio.media.export.plan import ExportPlan
from studio.media.export.reporter import Reporter
from studio.media.footage import Footage
from studio.media.loudness import CEILING_DBTP, Limiter, Loudness, LoudnessMeter
from studio.media.mixer.mix import Mixer, SoundScene

CHUNK = 48000
TOLERANCE_LU = 0.1
MOST_PASSES = 4
MOST_GAIN_DB = 40.0


class LoudSound:
    """Samples of the range from first to last. `loudness` is what goes out, once it is known."""

    def __init__(self, plan: ExportPlan, footage: Footage, reporter: Reporter) -> None:
        self._plan = plan
        self._scene = SoundScene(plan.project, footage, forgiving=False)
        self._reporter = reporter
        self.loudness: Loudness | None = None
        self._gain_db = 0.0
        self._limits = False
        if plan.job.loudness_target is not None:
            self._settle(plan.job.loudness_target)

    def samples(self) -> Iterator[np.ndarray]:
        """The sound as it goes out, in chunks, float32 (count, 2)."""
        yield from self._through(self._gain_db, self._limits)

    def _settle(self, target: float) -> None:
        """Find the gain that meets the target."""
        heard = self._measured(0.0, limits=False)
        if not isfinite(heard.integrated_lufs):
            self.loudness = heard
            return
        self._gain_db = min(MOST_GAIN_DB, target - heard.integrated_lufs)
        self._limits = heard.true_peak_dbtp + self._gain_db > CEILING_DBTP
        self.loudness = Loudness(
            heard.integrated_lufs + self._gain_db, heard.true_peak_dbtp + self._gain_db
        )
        for _ in range(MOST_PASSES if self._limits else 0):
            self.loudness = self._measured(self._gain_db, limits=True)
            short = target - self.loudness.integrated_lufs
            if abs(short) <= TOLERANCE_LU or self._gain_db >= MOST_GAIN_DB:
                return
            self._gain_db = min(MOST_GAIN_DB, self._gain_db + short)

    def _measured(self, gain_db: float, *, limits: bool) -> Loudness:
        meter = LoudnessMeter()
        for samples in self._through(gain_db, limits):
            self._reporter.report("Measuring loudness", 0)
            meter.add(samples)
        return meter.result()

    def _through(self, gain_db: float, limits: bool) -> Iterator[np.ndarray]:
        factor = np.float32(10 ** (gain_db / 20))
        if not limits:
            for mixed in self._mixed():
                yield mixed * factor
            return
        limiter = Limiter(gain_db)
        for mixed in self._mixed():
            yield limiter.push(mixed)
        yield limiter.flush()

    def _mixed(self) -> Iterator[np.ndarray]:
        mixer = Mixer(self._scene, self._plan.sequence.id)
        span = self._plan.samples
        for start in range(span.start, span.end, CHUNK):
            yield mixer.read(start, min(CHUNK, span.end - start))
