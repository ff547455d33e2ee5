"""Palettes by role, as plain data. Nothing here knows Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """A palette by role. `clip_…` are timeline colours, the rest belongs to the window."""

    name: str
    window: str
    panel: str
    raised: str
    field: str
    hover: str
    border: str
    text: str
    dim: str
    faint: str
    accent: str
    on_accent: str
    info: str
    good: str
    warning: str
    danger: str
    playhead: str
    clip_video: str
    clip_audio: str
    clip_title: str
    clip_caption: str
    clip_generated: str
    clip_adjustment: str
    clip_missing: str


GRAPHITE = Theme(
    name="Graphite",
    window="#17181b",
    panel="#1f2125",
    raised="#2b2e34",
    field="#15161a",
    hover="#363a42",
    border="#33363d",
    text="#e7e9ed",
    dim="#a3a8b3",
    faint="#70757f",
    accent="#f0b44c",
    on_accent="#221803",
    info="#64a8ff",
    good="#5fc28b",
    warning="#f0b44c",
    danger="#f2695c",
    playhead="#ff5d4d",
    clip_video="#3d618f",
    clip_audio="#2f7263",
    clip_title="#735a9c",
    clip_caption="#7a6a3c",
    clip_generated="#8a5a2b",
    clip_adjustment="#5b6069",
    clip_missing="#7c3a38",
)

MIDNIGHT = Theme(
    name="Midnight",
    window="#08090a",
    panel="#101114",
    raised="#1d1f24",
    field="#060708",
    hover="#2a2d34",
    border="#26292f",
    text="#e2e4e8",
    dim="#9aa0ab",
    faint="#656a74",
    accent="#f0b44c",
    on_accent="#221803",
    info="#64a8ff",
    good="#5fc28b",
    warning="#f0b44c",
    danger="#f2695c",
    playhead="#ff5d4d",
    clip_video="#34557f",
    clip_audio="#296456",
    clip_title="#654e8b",
    clip_caption="#6c5d33",
    clip_generated="#7b4f25",
    clip_adjustment="#4d5159",
    clip_missing="#6d3230",
)

THEMES: dict[str, Theme] = {theme.name.lower(): theme for theme in (GRAPHITE, MIDNIGHT)}
