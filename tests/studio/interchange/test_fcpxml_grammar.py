"""FCPXML as Final Cut Pro's own grammar has it: its DTD refuses a file for one child out of order.

The content models are those of version 1.10 for the elements that are written, as expressions over
the names of children; so are the attributes that must be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings

from studio.document.model.project import Project
from studio.interchange.files import write
from tests.studio.document.actions import Action
from tests.studio.document.films import picture_and_sound
from tests.studio.document.random_sessions import SESSIONS, performed
from tests.studio.interchange.test_round_trip import HOME

_ANCHORED = "(audio|video|clip|title|caption|mc-clip|ref-clip|sync-clip|asset-clip|audition|spine)*"
_MARKED = "(marker|chapter-marker|rating|keyword|analysis-marker)*"
_TIMED = "(conform-rate)?(timeMap)?"
_SEEN = (
    "(object-tracker)?(adjust-crop)?(adjust-corners)?(adjust-conform)?(adjust-transform)?"
    "(adjust-blend)?(adjust-stabilization)?(adjust-rollingShutter)?"
)
_HEARD = "(adjust-volume)?(adjust-panner)?"
_FILTERED = "(filter-video|filter-video-mask)*(filter-audio)*"
MODELS = {
    "fcpxml": "(import-options)?(resources)?(library|event*)",
    "resources": "(asset|effect|format|media|locator)*",
    "format": "",
    "effect": "",
    "asset": "(media-rep)+(metadata)?",
    "media": "(sequence|multicam)?",
    "media-rep": "(bookmark)?",
    "metadata": "(md)*",
    "library": "(event|smart-collection)*",
    "event": "(clip|ref-clip|sync-clip|asset-clip|project)*",
    "project": "(sequence)(metadata)?",
    "sequence": "(note)?(spine)(metadata)?",
    "spine": "(audio|video|clip|title|mc-clip|ref-clip|sync-clip|asset-clip|audition|gap|"
    "transition)*",
    "asset-clip": f"(note)?{_TIMED}{_SEEN}{_HEARD}{_ANCHORED}{_MARKED}(audio-channel-source)*"
    f"{_FILTERED}(metadata)?",
    "ref-clip": f"(note)?{_TIMED}{_SEEN}{_HEARD}{_ANCHORED}{_MARKED}(audio-role-source)*"
    f"{_FILTERED}(metadata)?",
    "clip": f"(note)?{_TIMED}{_SEEN}{_HEARD}{_ANCHORED}{_MARKED}{_FILTERED}(metadata)?",
    "video": f"(param)*(note)?{_TIMED}{_SEEN}{_ANCHORED}{_MARKED}(filter-video)*(reserved)?",
    "audio": f"(note)?{_TIMED}(adjust-volume)?{_ANCHORED}{_MARKED}(filter-audio)*",
    "title": f"(param)*(text)*(text-style-def)*(note)?{_SEEN}{_ANCHORED}{_MARKED}(filter-video)*"
    "(metadata)?",
    "caption": "(text)*(text-style-def)*(note)?",
    "gap": f"(note)?{_ANCHORED}{_MARKED}(metadata)?",
    "transition": f"(filter-video)?(filter-audio)?{_MARKED}(metadata)?",
    "timeMap": "(timept)+",
}
MUST = {
    "format": {"id"},
    "effect": {"id", "uid"},
    "asset": {"id"},
    "media": {"id"},
    "media-rep": {"src"},
    "md": {"key"},
    "sequence": {"format"},
    "asset-clip": {"ref"},
    "ref-clip": {"ref", "duration"},
    "clip": {"duration"},
    "video": {"ref", "duration"},
    "audio": {"ref", "duration"},
    "title": {"ref", "duration"},
    "caption": {"duration"},
    "gap": {"duration"},
    "transition": {"duration"},
    "marker": {"start"},
    "chapter-marker": {"start", "value"},
    "timept": {"time", "value"},
}
_TIME = re.compile(r"-?\d+(/\d+)?s")


def complaints(text: str) -> Iterator[str]:
    """What Final Cut Pro would refuse about a file."""
    root = ElementTree.fromstring(text)
    names = {element.get("id") for element in root.iter() if element.get("id")}
    for element in root.iter():
        children = "".join(f"<{child.tag}>" for child in element)
        if element.tag in MODELS and not re.fullmatch(_pattern(MODELS[element.tag]), children):
            yield f"{element.tag} holds {children}"
        missing = MUST.get(element.tag, set()) - set(element.attrib)
        if missing:
            yield f"{element.tag} lacks {missing}"
        if element.tag != "effect" and element.get("ref") not in {None, *names}:
            yield f"{element.tag} refers to {element.get('ref')}"
        for name in ("offset", "start", "duration", "tcStart"):
            value = element.get(name)
            if value is not None and not _TIME.fullmatch(value):
                yield f"{element.tag} has {name}={value}"


def _pattern(model: str) -> str:
    return re.sub(r"[a-zA-Z][a-zA-Z-]*", lambda name: f"(?:<{name[0]}>)", model)


def _written(project: Project, folder: Path) -> str:
    path = folder / "cut.fcpxml"
    path.unlink(missing_ok=True)
    write(project, path, HOME)
    return path.read_text("utf-8")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(session=SESSIONS)
def test_random_films_are_written_by_the_grammar(tmp_path: Path, session: list[Action]) -> None:
    assert list(complaints(_written(performed(session), tmp_path))) == []


def test_a_file_against_the_grammar_is_found_out(tmp_path: Path) -> None:
    text = _written(picture_and_sound("AAABBB"), tmp_path)
    assert list(complaints(text)) == []
    assert any("lacks" in each for each in complaints(text.replace(' key="', ' kee="')))
    turned = replace(picture_and_sound("AAABBB"), name="Turned")
    swapped = _written(turned, tmp_path).replace("<spine>", "<metadata /><spine>", 1)
    assert any("sequence holds" in each for each in complaints(swapped))
