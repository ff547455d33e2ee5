"""H.264 at the level of NAL units: splitting, lengths, parameter sets and the avcC record.

Source: ISO/IEC 14496-10 (units, identifiers), ISO/IEC 14496-15 (avcC).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass

IDR, SPS, PPS, DELIMITER = 5, 7, 8, 9
START = re.compile(b"\x00\x00\x01")
HIGH_PROFILES = (100, 110, 122, 144)


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """Sequence and picture parameter sets, as raw units."""

    sequence: tuple[bytes, ...]
    picture: tuple[bytes, ...]

    def joined(self, other: ParameterSets) -> ParameterSets:
        """Both, in one record."""
        return ParameterSets(self.sequence + other.sequence, self.picture + other.picture)

    @property
    def ids(self) -> frozenset[int]:
        """Every identifier that is taken, of either kind."""
        sequences = (_first_code(unit[4:]) for unit in self.sequence)
        pictures = (_first_code(unit[1:]) for unit in self.picture)
        return frozenset((*sequences, *pictures))


def _first_code(data: bytes) -> int:
    """The unsigned Exp-Golomb number that data begins with."""
    bits = "".join(f"{byte:08b}" for byte in data[:8])
    zeros = len(bits) - len(bits.lstrip("0"))
    return int(bits[zeros : 2 * zeros + 1], 2) - 1


def is_avcc(extradata: bytes) -> bool:
    """True for an avcC record, False for units with start codes."""
    return len(extradata) > 6 and extradata[0] == 1


def split_stream(data: bytes) -> list[bytes]:
    """The units of a byte stream with start codes."""
    places = [match.end() for match in START.finditer(data)]
    ends = [place - 3 for place in places[1:]] + [len(data)]
    return [data[a:b].rstrip(b"\x00") for a, b in zip(places, ends, strict=True)]


def split_lengths(data: bytes, size: int) -> list[bytes]:
    """The units of a packet in which each comes after its length, in `size` bytes."""
    units, at = [], 0
    while at + size <= len(data):
        length = int.from_bytes(data[at : at + size], "big")
        at += size
        units.append(data[at : at + length])
        at += length
    return units


def with_lengths(units: Iterable[bytes]) -> bytes:
    """Units each after its length in four bytes."""
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units)


def kind(unit: bytes) -> int:
    """What a unit is."""
    return unit[0] & 31 if unit else 0


def length_size(extradata: bytes) -> int:
    """How many bytes lengths take in packets of a stream; 0 for start codes."""
    return (extradata[4] & 3) + 1 if is_avcc(extradata) else 0


def units_of(packet: bytes, size: int) -> list[bytes]:
    """The units of a packet, whichever way they are set apart."""
    return split_lengths(packet, size) if size else split_stream(packet)


def parameter_sets(extradata: bytes) -> ParameterSets:
    """The parameter sets of a stream's extradata."""
    if not is_avcc(extradata):
        units = split_stream(extradata)
        return ParameterSets(
            tuple(unit for unit in units if kind(unit) == SPS),
            tuple(unit for unit in units if kind(unit) == PPS),
        )
    sequences, at = _counted(extradata, 6, extradata[5] & 31)
    pictures, _ = _counted(extradata, at + 1, extradata[at])
    return ParameterSets(sequences, pictures)


def _counted(data: bytes, at: int, count: int) -> tuple[tuple[bytes, ...], int]:
    units = []
    for _ in range(count):
        (length,) = struct.unpack_from(">H", data, at)
        units.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return tuple(units), at


def avcc_record(sets: ParameterSets) -> bytes:
    """An avcC record that holds several parameter sets, lengths being four bytes."""
    profile, compatible = sets.sequence[0][1], sets.sequence[0][2]
    level = max(unit[3] for unit in sets.sequence)
    record = bytes([1, profile, compatible, level, 0xFF, 0xE0 | len(sets.sequence)])
    record += b"".join(struct.pack(">H", len(unit)) + unit for unit in sets.sequence)
    record += bytes([len(sets.picture)])
    record += b"".join(struct.pack(">H", len(unit)) + unit for unit in sets.picture)
    if profile in HIGH_PROFILES:
        record += bytes([0xFC | 1, 0xF8, 0xF8, 0])  # 4:2:0, 8 bits, no extension
    return record
