"""`loudness`: how loud a film or a file is, by EBU R 128, and how high its true peaks reach."""

from __future__ import annotations

import argparse
from contextlib import closing
from math import isfinite
from pathlib import Path

from studio.commands.console import Console
from studio.commands.cuts import Cut, open_cut
from studio.commands.failures import CommandError
from studio.commands.parser import CommandParser, add_json
from studio.document.queries.places import sequence_duration
from studio.document.time import sample_of_frame
from studio.media.footage import Footage
from studio.media.loudness import LoudnessMeter
from studio.media.mixer.mix import Mixer, SoundScene
from studio.media.running_loudness import RATE

_CHUNK = RATE * 2
_NAMES = {
    "integrated_lufs": ("Integrated", "LUFS"),
    "loudness_range_lu": ("Range", "LU"),
    "short_term_max_lufs": ("Short-term, loudest", "LUFS"),
    "momentary_max_lufs": ("Momentary, loudest", "LUFS"),
    "true_peak_dbtp": ("True peak", "dBTP"),
}
_ABOUT = (
    "Measure loudness by EBU R 128: the mix of a project's sequence, or a media file as the studio"
    "\nplays it, in stereo. Nothing is changed; export brings a film to a loudness with --loudness."
)


def run(argv: list[str]) -> int:
    """Measure, and say; -> exit code."""
    arguments = _parser().parse_args(argv)
    console = Console(arguments.json)
    cut = open_cut(arguments.file, arguments.sequence)
    if not cut.has_sound:
        raise CommandError(f"{arguments.file.name} has no sound in it. Try scopes instead.")
    samples = sample_of_frame(sequence_duration(cut.sequence), cut.sequence.rate, RATE)
    if samples == 0:
        raise CommandError(f"{cut.sequence.name} is empty: there is nothing to hear.")
    with console.clearing():
        found = _measured(cut, samples, console)
    for key, (name, unit) in _NAMES.items():
        console.say(f"{name:<21}{_written(found[key]):>7} {unit}")
    rounded = {key: round(value, 2) if isfinite(value) else None for key, value in found.items()}
    console.result({"file": str(arguments.file), "seconds": round(samples / RATE, 3), **rounded})
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser("loudness", _ABOUT, "loudness film.workprint")
    parser.add_argument("file", type=Path, metavar="FILE", help="a project or a media file")
    parser.add_argument("--sequence", metavar="NAME", help="which sequence (the first)")
    add_json(parser)
    return parser


def _measured(cut: Cut, count: int, console: Console) -> dict[str, float]:
    """Every figure by its name; -inf where there is silence, or too little to tell."""
    meter = LoudnessMeter()
    with closing(Footage(cut.folder)) as footage:
        mixer = Mixer(SoundScene(cut.project, footage, forgiving=False), cut.sequence.id)
        for start in range(0, count, _CHUNK):
            console.progress(f"listening: {start * 100 // count} %")
            meter.add(mixer.read(start, min(_CHUNK, count - start)))
    result, running = meter.result(), meter.running
    return {
        "integrated_lufs": result.integrated_lufs,
        "loudness_range_lu": running.range_lu,
        "short_term_max_lufs": running.short_term_max_lufs,
        "momentary_max_lufs": running.momentary_max_lufs,
        "true_peak_dbtp": result.true_peak_dbtp,
    }


def _written(value: float) -> str:
    return f"{value:.1f}" if isfinite(value) else "\N{EN DASH}"
