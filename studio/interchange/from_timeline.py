"""OpenTimelineIO as a project: our own objects from their records, others' as they can be read.

Where a record came along, what another program may have changed since wins over it: the name, the
length, the place in the media. A clip that is unchanged comes back exactly as it was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import opentimelineio as otio

from studio.document.edits.settle import settle
from studio.document.model.asset import Asset
from studio.document.model.clip import (
    AssetMedia,
    Clip,
    ConstantSpeed,
    Gap,
    GeneratorKind,
    GeneratorMedia,
    Item,
    SequenceMedia,
    Transition,
    TransitionKind,
)
from studio.document.model.generated import GeneratedMedia
from studio.document.model.marker import Marker, MarkerColour
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.time import ZERO, Rate
from studio.document.timecode import can_drop_frames
from studio.interchange.losses import Losses
from studio.interchange.payload import attached
from studio.interchange.references import first_time, from_reference, media_rate, path_of
from studio.interchange.times import exact_rate, frames_from_otio, from_otio
