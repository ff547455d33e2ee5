"""`export`: a project's sequence as a finished film, rendered in a child process."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from studio.commands import units
from studio.commands.captions import sequence_named
from studio.commands.console import Console
from studio.commands.cuts import frame_at, with_moved_footage
from studio.commands.exporting import run_export
from studio.commands.failures import UsageError
from studio.commands.outputs import check_place
from studio.commands.parser import CommandParser, add_json, one_of
from studio.document.file.project_file import ProjectFile
from studio.document.model.sequence import Sequence
from studio.media.export.job import Captions, ExportJob, Reframe, Result
from studio.media.export.presets import PRESETS, Output, Preset

_CAPTIONS = tuple(kind.value for kind in Captions)
_REFRAMES = tuple(kind.value for kind in Reframe)

LEAVE = "leave"
"""What --loudness takes in place of a number, to keep the mix as it is."""

_USUAL = ("h264", "prores_422", "vp9")
"""What an ending means that several presets share."""


def run(argv: list[str]) -> int:
    """Export, and say where the film is."""
    arguments = _parser().parse_args(argv)
    out: Path = arguments.out.absolute()
    preset = _preset(arguments.preset, out)
    if preset.output not in (Output.IMAGES, Output.STEMS):
        check_place(out)
    console = Console(arguments.json)
    with ProjectFile.open(arguments.project, read_only=True) as file:
        project, folder = with_moved_footage(file), file.path.parent
    sequence = sequence_named(project, arguments.sequence)
    job = _job(arguments, sequence, preset, out)
    console.progress("preparing")
    with console.clearing():
        result = run_export(project, folder, job, console)
    _tell(result, preset, console)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        "export",
        "Export a project as a film. The project may be open in the studio meanwhile.\n\npresets:\n"
        + "\n".join(f"  {name:<18}{_about(preset)}" for name, preset in PRESETS.items()),
        "export film.workprint film.mp4 --range 00:00:10:00 00:00:20:00 --loudness -14",
    )
    parser.add_argument("project", type=Path, metavar="FILE.workprint", help="the project")
    parser.add_argument("out", type=Path, metavar="OUT", help="the film; a folder for images")
    parser.add_argument(
        "--preset", metavar="NAME", help="one of those above (by OUT's ending if left out)"
    )
    parser.add_argument("--sequence", metavar="NAME", help="which sequence (the first)")
    parser.add_argument(
        "--range",
        nargs=2,
        metavar=("IN", "OUT"),
        help="the part to export, OUT not included: timecode (00:00:10:00) or seconds (10.5)",
    )
    parser.add_argument(
        "--no-smart-render",
        action="store_true",
        help="encode every frame, also those that could be copied as they are",
    )
    parser.add_argument(
        "--loudness",
        type=_loudness,
        metavar=f"LUFS|{LEAVE}",
        help=f"loudness to bring the sound to, such as -14, or {LEAVE} it (the preset's own)",
    )
    _add_coding(parser)
    parser.add_argument(
        "--captions",
        type=one_of("way with captions", _CAPTIONS),
        metavar="|".join(_CAPTIONS),
        default=Captions.BURN.value,
        help="what becomes of caption tracks (%(default)s)",
    )
    parser.add_argument(
        "--size", type=_size, metavar="WxH", help="the frame, such as 1920x1080 (the preset's own)"
    )
    parser.add_argument(
        "--reframe",
        type=one_of("way to reframe", _REFRAMES),
        metavar="|".join(_REFRAMES),
        default=Reframe.FIT.value,
        help="how a film of another shape goes into the frame: with bars, or cut to fill it "
        "(%(default)s)",
    )
    parser.add_argument("--no-chapters", action="store_true", help="leave chapter markers out")
    parser.add_argument(
        "--no-credentials",
        action="store_true",
        help="leave out Content Credentials and the report of what was generated",
    )
    parser.add_argument("--hardware", action="store_true", help="use the GPU's encoder, if any")
    add_json(parser)
    return parser


def _add_coding(parser: CommandParser) -> None:
    """How good and how large: what goes before the preset's own."""
    pictures = parser.add_mutually_exclusive_group()
    pictures.add_argument(
        "--quality",
        type=int,
        metavar="CRF",
        help="constant quality of the pictures, 0 is the best and 18 looks like the original "
        "(the preset's own)",
    )
    pictures.add_argument(
        "--bit-rate",
        type=_bit_rate,
        metavar="RATE",
        help="bit rate of the pictures, such as 12M or 800k, in place of a quality",
    )
    parser.add_argument(
        "--sound-bit-rate",
        type=_bit_rate,
        metavar="RATE",
        help="bit rate of the sound, such as 256k (the preset's own)",
    )


def _about(preset: Preset) -> str:
    bits = ", 10 bit" if preset.deep and "10 bit" not in preset.label else ""
    return f"{preset.label}{bits} ({preset.suffix})"


def _loudness(text: str) -> float | str:
    if text == LEAVE:
        return text
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not -60 <= value <= -5:
        raise argparse.ArgumentTypeError(f"{text!r} is not a loudness from -60 to -5, nor {LEAVE}")
    return value


def _bit_rate(text: str) -> int:
    """Bits a second, written as 12M, 800k or in full; whether that will do, the export says."""
    factor = {"k": 1000, "m": 1_000_000}.get(text[-1:].lower(), 1)
    digits = text if factor == 1 else text[:-1]
    try:
        return round(float(digits) * factor)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a bit rate such as 12M") from None


def _size(text: str) -> tuple[int, int]:
    """A frame written as 1920x1080; whether a film can be that large, the export says."""
    width, _, height = text.lower().replace("×", "x").partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1920x1080")
    return int(width), int(height)


def _preset(name: str | None, out: Path) -> Preset:
    """The preset named, or the one that is meant by OUT's ending.

    Raises: UsageError.
    """
    if name is None:
        fitting = [each for each in PRESETS.values() if each.suffix == out.suffix.lower()]
        if not fitting:
            endings = ", ".join(dict.fromkeys(each.suffix for each in PRESETS.values()))
            raise UsageError(
                f"No film ends in {out.suffix or 'nothing'}. Name a --preset, or let OUT end in one"
                f" of {endings}."
            )
        return next((each for each in fitting if each.name in _USUAL), fitting[0])
    if name not in PRESETS:
        near = get_close_matches(name, PRESETS, n=1)
        hint = f"Did you mean {near[0]}?" if near else "export --help lists them."
        raise UsageError(f"There is no preset called {name!r}. {hint}")
    preset = PRESETS[name]
    takes_a_file = preset.output not in (Output.IMAGES, Output.STEMS)
    if takes_a_file and out.suffix.lower() != preset.suffix:
        raise UsageError(f"{preset.label} makes {preset.suffix} files. Let OUT end so.")
    return preset


def _job(arguments: argparse.Namespace, sequence: Sequence, preset: Preset, out: Path) -> ExportJob:
    first, end = (frame_at(text, sequence) for text in arguments.range or ("0", "0"))
    loudness: float | str | None = arguments.loudness
    return ExportJob(
        sequence_id=sequence.id,
        out=out,
        preset=preset.name,
        first=first,
        end=end if arguments.range else None,
        captions=Captions(arguments.captions),
        loudness=loudness if isinstance(loudness, float) else None,
        keep_loudness=loudness == LEAVE,
        smart_render=not arguments.no_smart_render,
        hardware=arguments.hardware,
        size=arguments.size,
        reframe=Reframe(arguments.reframe),
        chapters=not arguments.no_chapters,
        credentials=not arguments.no_credentials,
        quality=arguments.quality,
        bit_rate=arguments.bit_rate,
        sound_bit_rate=arguments.sound_bit_rate,
    )


def _tell(result: Result, preset: Preset, console: Console) -> None:
    took = units.time_text(result.seconds)
    console.say(f"{result.path}  {preset.label}, {result.frames} frames, {took}")
    if result.copied_frames:
        console.say(f"{result.copied_frames} of {result.frames} frames were copied as they are.")
    if result.loudness_lufs is not None and result.true_peak_dbtp is not None:
        console.say(f"{result.loudness_lufs:.1f} LUFS, peak {result.true_peak_dbtp:.1f} dBTP")
    for path in result.sidecars:
        console.say(str(path))
    for note in result.notes:
        console.say(note)
    body: dict[str, Any] = {
        "file": str(result.path),
        "sidecars": [str(path) for path in result.sidecars],
        "preset": preset.name,
        "frames": result.frames,
        "copied_frames": result.copied_frames,
        "seconds": round(result.seconds, 3),
        "loudness_lufs": result.loudness_lufs,
        "true_peak_dbtp": result.true_peak_dbtp,
        "notes": list(result.notes),
    }
    console.result(body)
