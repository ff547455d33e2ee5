"""Effects on pictures. Positions are shares of the frame, with (0, 0) its top left corner."""

from __future__ import annotations

from studio.document.catalogue.entry import (
    AssetParameter,
    ColourParameter,
    Entry,
    NumberParameter,
    Parameter,
    PointsParameter,
    SwitchParameter,
    Target,
    Unit,
)

_STRAIGHT = "0,0 1,1"


def _share(
    name: str, label: str, default: float = 0.0, low: float = 0.0, high: float = 1.0
) -> NumberParameter:
    return NumberParameter(name, label, default, low, high, Unit.SHARE, 0.001)


def _effect(kind: str, label: str, group: str, about: str, *parameters: Parameter) -> Entry:
    return Entry(kind, label, Target.PICTURE, parameters, group, about)


TRANSFORM = _effect(
    "transform",
    "Transform",
    "Geometry",
    "Moves, scales and turns the picture about its anchor.",
    _share("x", "Position X", 0.5, -5, 5),
    _share("y", "Position Y", 0.5, -5, 5),
    NumberParameter("scale_x", "Scale X", 1.0, 0.0, 20.0),
    NumberParameter("scale_y", "Scale Y", 1.0, 0.0, 20.0),
    NumberParameter("rotation", "Rotation", 0.0, -3600, 3600, Unit.DEGREES, 0.1),
    _share("anchor_x", "Anchor X", 0.5, -5, 5),
    _share("anchor_y", "Anchor Y", 0.5, -5, 5),
)

CROP = _effect(
    "crop",
    "Crop",
    "Geometry",
    "Cuts away the edges of the picture.",
    _share("left", "Left"),
    _share("top", "Top"),
    _share("right", "Right"),
    _share("bottom", "Bottom"),
    _share("feather", "Feather", 0.0, 0.0, 0.5),
)

FLIP = _effect(
    "flip",
    "Flip",
    "Geometry",
    "Mirrors the picture.",
    SwitchParameter("horizontal", "Left to right", True),
    SwitchParameter("vertical", "Top to bottom", False),
)

STABILISE = _effect(
    "stabilise",
    "Stabilise",
    "Geometry",
    "Takes the shake out of a hand-held shot, zooming in as far as it must.",
    NumberParameter("smoothness", "Smoothness", 0.5, 0.0, 1.0),
    _share("zoom_limit", "Most zoom", 0.2, 0.0, 1.0),
)

EXPOSURE = _effect(
    "exposure",
    "Exposure and contrast",
    "Colour",
    "Light in stops, contrast about mid grey, saturation and vibrance.",
    NumberParameter("exposure", "Exposure", 0.0, -6, 6, Unit.STOPS),
    NumberParameter("contrast", "Contrast", 1.0, 0.0, 4.0),
    NumberParameter("pivot", "Pivot", 0.435, 0.0, 1.0),
    NumberParameter("saturation", "Saturation", 1.0, 0.0, 4.0),
    NumberParameter("vibrance", "Vibrance", 0.0, -1.0, 1.0),
)

WHITE_BALANCE = _effect(
    "white_balance",
    "White balance",
    "Colour",
    "The colour of the light the shot was taken in.",
    NumberParameter("temperature", "Temperature", 6500, 1500, 15000, Unit.KELVIN, 10),
    NumberParameter("tint", "Tint", 0.0, -1.0, 1.0),
)


def _wheel(name: str, label: str, default: float, low: float, high: float) -> list[Parameter]:
    channels = (("r", "red"), ("g", "green"), ("b", "blue"))
    return [
        NumberParameter(name, label, default, low, high),
        *(
            NumberParameter(f"{name}_{short}", f"{label} {colour}", default, low, high)
            for short, colour in channels
        ),
    ]


LIFT_GAMMA_GAIN = _effect(
    "lift_gamma_gain",
    "Lift, gamma, gain",
    "Colour",
    "Shadows, midtones and highlights, together and by channel.",
    *_wheel("lift", "Lift", 0.0, -1.0, 1.0),
    *_wheel("gamma", "Gamma", 1.0, 0.1, 10.0),
    *_wheel("gain", "Gain", 1.0, 0.0, 10.0),
)

CURVES = _effect(
    "curves",
    "Curves",
    "Colour",
    "Tone curves through points, dark to light.",
    PointsParameter("master", "Master", _STRAIGHT),
    PointsParameter("red", "Red", _STRAIGHT),
    PointsParameter("green", "Green", _STRAIGHT),
    PointsParameter("blue", "Blue", _STRAIGHT),
)

LUT = _effect(
    "lut",
    "LUT",
    "Colour",
    "A look from a .cube file.",
    AssetParameter("lut", "File"),
    NumberParameter("strength", "Strength", 1.0, 0.0, 1.0),
)

BLUR = _effect(
    "blur",
    "Blur",
    "Detail",
    "Gaussian blur; the radius is a share of the frame's height.",
    _share("radius", "Radius", 0.01, 0.0, 0.5),
)

SHARPEN = _effect(
    "sharpen",
    "Sharpen",
    "Detail",
    "Unsharp mask.",
    NumberParameter("amount", "Amount", 0.5, 0.0, 5.0),
    _share("radius", "Radius", 0.002, 0.0, 0.1),
)

VIGNETTE = _effect(
    "vignette",
    "Vignette",
    "Detail",
    "Darkens, or lightens, towards the corners.",
    NumberParameter("amount", "Amount", 0.5, -1.0, 1.0),
    _share("size", "Size", 0.7, 0.0, 2.0),
    _share("softness", "Softness", 0.5, 0.0, 1.0),
)

CHROMA_KEY = _effect(
    "chroma_key",
    "Chroma key",
    "Keying and masks",
    "Makes a colour transparent.",
    ColourParameter("colour", "Key colour", "#00ff00"),
    NumberParameter("tolerance", "Tolerance", 0.3, 0.0, 1.0),
    NumberParameter("softness", "Softness", 0.1, 0.0, 1.0),
    NumberParameter("spill", "Spill removal", 0.5, 0.0, 1.0),
)

_MASK_EDGE: tuple[Parameter, ...] = (
    _share("feather", "Feather", 0.0, 0.0, 0.5),
    NumberParameter("opacity", "Opacity", 1.0, 0.0, 1.0),
    SwitchParameter("invert", "Invert", False),
)


def _box_mask(kind: str, label: str) -> Entry:
    return _effect(
        kind,
        label,
        "Keying and masks",
        "Keeps what lies inside the shape.",
        _share("x", "Centre X", 0.5, -2, 3),
        _share("y", "Centre Y", 0.5, -2, 3),
        _share("width", "Width", 0.5, 0.0, 4.0),
        _share("height", "Height", 0.5, 0.0, 4.0),
        NumberParameter("rotation", "Rotation", 0.0, -3600, 3600, Unit.DEGREES, 0.1),
        *_MASK_EDGE,
    )


MASK_BEZIER = _effect(
    "mask_bezier",
    "Bezier mask",
    "Keying and masks",
    "Keeps what lies inside a drawn outline: for each corner its point, then its incoming and "
    "outgoing handles.",
    PointsParameter("outline", "Outline", "", outline=True),
    *_MASK_EDGE,
)

PICTURE_EFFECTS: tuple[Entry, ...] = (
    TRANSFORM,
    CROP,
    FLIP,
    STABILISE,
    EXPOSURE,
    WHITE_BALANCE,
    LIFT_GAMMA_GAIN,
    CURVES,
    LUT,
    BLUR,
    SHARPEN,
    VIGNETTE,
    CHROMA_KEY,
    _box_mask("mask_rectangle", "Rectangle mask"),
    _box_mask("mask_ellipse", "Ellipse mask"),
    MASK_BEZIER,
)
