"""The wire: a golden file for each message, and peers of other versions."""

from __future__ import annotations

import msgspec
import pytest

from engine.protocol.codec import BadMessage, decode, encode
from engine.protocol.jobs import JobEvent, Queued
from engine.protocol.recipes import Ability, Recipe
from tests.engine.protocol_samples import (
    GOLDENS,
    SAMPLES,
    golden_path,
    golden_text,
    message_kinds,
)


def test_every_message_has_a_sample_and_a_golden() -> None:
    goldens = {path.stem for path in GOLDENS.glob("*.json")}
    assert set(message_kinds()) == set(SAMPLES) == goldens


@pytest.mark.parametrize("name", SAMPLES)
def test_the_wire_is_as_the_golden_has_it(name: str) -> None:
    assert golden_text(SAMPLES[name]) == golden_path(name).read_bytes()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_golden_is_read_back_as_the_message_it_was_made_from(name: str) -> None:
    assert decode(golden_path(name).read_bytes(), message_kinds()[name]) == SAMPLES[name]


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_leave_no_field_at_its_default(name: str) -> None:
    sample = SAMPLES[name]
    for field in msgspec.structs.fields(sample):
        value = getattr(sample, field.name)
        assert field.default is msgspec.NODEFAULT or value != field.default or value is True, field


def test_a_field_of_a_later_version_is_ignored() -> None:
    text = (
        b'{"sequence": 1, "job_id": "j", "state": {"type": "queued", "ahead": 2}, "mood": "fine"}'
    )
    assert decode(text, JobEvent) == JobEvent(sequence=1, job_id="j", state=Queued(ahead=2))


def test_a_message_of_an_earlier_version_gets_defaults() -> None:
    recipe = decode(b'{"ability": "text_to_video", "model": "m"}', Recipe)
    assert recipe == Recipe(ability=Ability.TEXT_TO_VIDEO, model="m")


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"ability": "fly", "model": "m"}', b"\xff"])
def test_what_is_no_message_is_said_so(text: bytes) -> None:
    with pytest.raises(BadMessage, match="not a Recipe"):
        decode(text, Recipe)


def test_a_preview_survives_the_wire() -> None:
    event = JobEvent(sequence=1, job_id="j", state=Queued(), preview=bytes(range(256)))
    assert decode(encode(event), JobEvent) == event
