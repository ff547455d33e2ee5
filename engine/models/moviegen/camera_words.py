"""What the camera does, found in what a film maker says of it."""

from __future__ import annotations

import re

_PACE = r"(?:(?:slow|slowly|quick|quickly|gentle|gently|smooth|smoothly|steady|steadily|then) )*"
_AFTER = r"(?: (?:slowly|quickly|gently|smoothly|steadily|a little|a bit))*"
_MOVES = r"(?:moves?|moving|slides?|sliding|travels?|trucks?|trucking|tracks?|tracking|follows?)"
_GOES = r"(?:moves?|moving|goes|dolly|dollies|dollying|push|pushes|pushing)"
_RULES = tuple(
    (pattern, move)
    for pattern, move in (
        (rf"(?:pan(?:s|ning)?|{_MOVES})(?: (?:over )?to the)? left(?:wards?)?", "pan left"),
        (rf"(?:pan(?:s|ning)?|{_MOVES})(?: (?:over )?to the)? right(?:wards?)?", "pan right"),
        (r"(?:tilt(?:s|ing)?|looks?|looking|cranes?|moves?) up(?:wards?)?", "tilt up"),
        (r"(?:tilt(?:s|ing)?|looks?|looking|moves?) down(?:wards?)?", "tilt down"),
        (rf"(?:zoom(?:s|ing)?|{_GOES}) in(?: (?:on|to|towards?) .+|wards?)?", "zoom in"),
        (rf"(?:zoom(?:s|ing)?|dolly|dollies|pull(?:s|ing)?|{_GOES}) (?:out|back)", "zoom out"),
        (r"(?:shakes|shaking)", "handheld"),
    )
)
_OF_A_KIND = (
    (r"(?:(?:shaky|hand-?held)(?: (?:camera|cam|shot|footage))?|shaky-?cam)", "handheld"),
    (r"(?:(?:static|fixed|still|locked-?off) (?:camera|shot)|no camera movement)", "static"),
)
_WHOLE = tuple(
    (
        re.compile(rf"(?:a |the |with (?:a )?)?(?:camera )?{_PACE}{rule}{_AFTER}", re.IGNORECASE),
        move,
    )
    for rule, move in _RULES
    if move != "handheld"
) + tuple(
    (re.compile(rf"(?:a |the |with (?:a )?)?{rule}", re.IGNORECASE), move)
    for rule, move in (*_OF_A_KIND, (r"camera (?:shakes|shaking)", "handheld"))
)
_WITHIN = tuple(
    (
        re.compile(
            rf"\s*\b(?:while|as|and|with|then)?\s*(?:the |a )?camera (?:is )?{_PACE}{rule}{_AFTER}",
            re.IGNORECASE,
        ),
        move,
    )
    for rule, move in _RULES
) + tuple(
    (re.compile(rf"\s+(?:with|in) (?:a )?{_PACE}{rule}", re.IGNORECASE), move)
    for rule, move in (
        *_OF_A_KIND,
        (r"zoom in", "zoom in"),
        (r"zoom out", "zoom out"),
        (r"pan (?:to the )?left", "pan left"),
        (r"pan (?:to the )?right", "pan right"),
    )
)


def camera_of(part: str) -> str | None:
    """The camera move that a whole part of a prompt describes."""
    said = part.rstrip(".")
    return next((move for rule, move in _WHOLE if rule.fullmatch(said)), None)


def without_camera(part: str) -> tuple[str, str | None]:
    """A part without what it says of the camera, and that move."""
    for rule, move in _WITHIN:
        found = rule.search(part)
        if found is not None and found.start() > 0:
            return f"{part[: found.start()]}{part[found.end() :]}".strip(), move
    return part, None
