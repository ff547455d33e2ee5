"""`sticker`: a film, a picture or several become one small looping file with transparency."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from studio.commands import units
from studio.commands.console import Console
from studio.commands.failures import UsageError
from studio.commands.outputs import check_place
from studio.commands.parser import CommandParser, add_json, one_of
from studio.media.stickers.clip import StickerClip
from studio.media.stickers.gif import Colour
from studio.media.stickers.loops import Loop
from studio.media.stickers.make import (
    LARGEST_SIDE,
    Sticker,
    Wish,
    make_sticker,
    save_sticker,
    size_text,
)
from studio.media.stickers.platforms import ANY, MOVING, PLATFORMS, STILL, Target, target_for
from studio.media.stickers.reading import STILLS_RATE, read_clip

_KB = 1000
_UNITS = {"": 1, "k": _KB, "kb": _KB, "m": _KB**2, "mb": _KB**2}


def run(argv: list[str]) -> int:
    """Make the sticker, and say what it is and what it gave up."""
    arguments = _parser().parse_args(argv)
    out: Path = arguments.out.absolute()
    if out.suffix.lower() not in ANY.suffixes:
        kinds = ", ".join(ANY.suffixes)
        raise UsageError(f"No sticker ends in {out.suffix or 'nothing'}. Let OUT end in {kinds}.")
    _check(arguments, out)
    check_place(out)
    console = Console(arguments.json)
    console.progress("reading")
    with console.clearing():
        clip, target = _clip(arguments)
        console.progress("fitting")
        sticker = make_sticker(clip, _wish(arguments, target, out))
        save_sticker(out, sticker)
    tell(out, sticker, target, console)
    return 0


def tell(out: Path, sticker: Sticker, target: Target, console: Console) -> None:
    """What was made, in a line or as JSON."""
    made = sticker.clip
    width, height = made.size
    count = len(made.pictures)
    motion = f"{count} frames in {float(made.duration):.2f} s" if made.moving else "still"
    console.say(f"{out}  {size_text(len(sticker.data))}, {width} × {height}, {motion}")
    for sentence in sticker.gave_up:
        console.say(sentence)
    body: dict[str, Any] = {
        "file": str(out),
        "for": target.name,
        "bytes": len(sticker.data),
        "max_bytes": sticker.max_bytes,
        "width": width,
        "height": height,
        "frames": count,
        "seconds": round(float(made.duration), 3) if made.moving else 0,
        "gave_up": list(sticker.gave_up),
    }
    console.result(body)


def _parser() -> argparse.ArgumentParser:
    limits = "\n".join(
        f"  {name:<10}{MOVING[name].limits} ({MOVING[name].suffixes[0]})\n"
        f"  {'':<10}a still: {STILL[name].limits} ({' or '.join(STILL[name].suffixes)})"
        for name in PLATFORMS
    )
    parser = CommandParser(
        "sticker",
        "Make a sticker that loops for ever, with transparency. IN is a film or an animated"
        " picture, one still, or several stills in their order. OUT's ending says what it is:"
        f" {', '.join(ANY.suffixes)}.\n\nplatforms and their limits:\n{limits}",
        "sticker wave.mkv wave.webm --for telegram --loop smooth",
    )
    parser.add_argument("paths", type=Path, nargs="+", metavar="IN", help="what it shows")
    parser.add_argument("out", type=Path, metavar="OUT", help="the sticker")
    parser.add_argument(
        "--for",
        dest="platform",
        type=one_of("platform", PLATFORMS),
        metavar="|".join(PLATFORMS),
        help="keep to that platform's limits, in the best quality that fits",
    )
    parser.add_argument(
        "--size", type=units.count, metavar="PX", help="the longer side (the platform's, or IN's)"
    )
    parser.add_argument(
        "--max-bytes", type=_bytes, metavar="N", help="no larger than this: 256000, 256KB"
    )
    parser.add_argument(
        "--loop",
        type=one_of("way to close the loop", [way.value for way in Loop]),
        metavar="|".join(way.value for way in Loop),
        default=Loop.AS_IS.value,
        help="smooth dissolves the end into the beginning, bounce plays it back (%(default)s)",
    )
    parser.add_argument(
        "--rate", type=units.seconds, metavar="FPS", help="of several stills (8 frames a second)"
    )
    parser.add_argument(
        "--matte", type=_colour, metavar="RRGGBB", help="colour under a GIF's soft edges (none)"
    )
    add_json(parser)
    return parser


def _clip(arguments: argparse.Namespace) -> tuple[StickerClip, Target]:
    clip = read_clip(arguments.paths, LARGEST_SIDE, arguments.rate or STILLS_RATE)
    return clip, target_for(arguments.platform, moving=clip.moving)


def _check(arguments: argparse.Namespace, out: Path) -> None:
    """Refuse what would be passed over in silence."""
    if arguments.rate and len(arguments.paths) == 1:
        raise UsageError("--rate is for several stills. A film keeps its own.")
    if arguments.matte and out.suffix.lower() != ".gif":
        raise UsageError("--matte goes with GIF; the other formats have soft edges of their own.")


def _wish(arguments: argparse.Namespace, target: Target, out: Path) -> Wish:
    return Wish(
        target,
        out.suffix.lower(),
        arguments.size,
        arguments.max_bytes,
        Loop(arguments.loop),
        arguments.matte,
    )


def _bytes(text: str) -> int:
    digits = text.strip().rstrip("kKmMbB")
    factor = _UNITS.get(text.strip()[len(digits) :].strip().lower())
    if factor is None or not digits.strip().isdecimal() or not int(digits):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 256000 or 256KB")
    return int(digits) * factor


def _colour(text: str) -> Colour:
    digits = text.removeprefix("#")
    try:
        red, green, blue = bytes.fromhex(digits)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a colour such as ffffff") from None
    return red, green, blue
