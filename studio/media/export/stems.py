"""Stems: every audible track as a sound file of its own, all of one length."""

from __future__ import annotations

import re
from pathlib import Path
from time import monotonic

from studio.document.model.sequence import Track
from studio.document.queries.layers import audible_tracks
from studio.media.export.credentials import add_credentials, write_report
from studio.media.export.film import FilmWriter, Format
from studio.media.export.job import Result
from studio.media.export.loud import CHUNK
from studio.media.export.placing import placed_folder
from studio.media.export.plan import ExportPlan
from studio.media.export.reporter import Reporter
from studio.media.footage import Footage
from studio.media.mixer.mix import Mixer, SoundScene

UNSAFE = re.compile(r"[^\w \-.]+")


def export_stems(plan: ExportPlan, footage: Footage, reporter: Reporter) -> Result:
    """Write one file a track into a folder named like the output without its suffix.

    Added together they are the mix, but for what acts on the whole of it.
    """
    started = monotonic()
    folder = plan.out.with_suffix("")
    tracks = audible_tracks(plan.source)
    carried: list[str] = []
    with placed_folder(folder) as part:
        for index, track in enumerate(tracks):
            path = part / _file_name(index, track, plan)
            _write_stem(plan, footage, reporter, track, path)
            carried.append(add_credentials(plan, path))
    notes = tuple(dict.fromkeys(note for note in carried if note))
    return Result(
        folder,
        plan.frames,
        monotonic() - started,
        sidecars=write_report(plan, " ".join(notes)),
        notes=notes,
    )


def _write_stem(
    plan: ExportPlan, footage: Footage, reporter: Reporter, track: Track, path: Path
) -> None:
    scene = SoundScene(plan.project, footage, forgiving=False)
    mixer = Mixer(scene, plan.source.id, frozenset({track.id}))
    span = plan.samples
    with FilmWriter(path, plan.preset, Format(plan.size, plan.rate, True)) as writer:
        for start in range(span.start, span.end, CHUNK):
            writer.write_sound(mixer.read(start, min(CHUNK, span.end - start)))
            reporter.report(f"Exporting {track.name or 'a track'}", 0)


def _file_name(index: int, track: Track, plan: ExportPlan) -> str:
    name = UNSAFE.sub("_", track.name or track.id).strip() or track.id
    return f"{index + 1:02} {name}{plan.preset.suffix}"
