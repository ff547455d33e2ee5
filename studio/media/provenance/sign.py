"""Content Credentials written into a finished file with c2pa-python, offline."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import gettempdir

from studio.media.errors import FULL_DISK_NUMBERS, MediaError
from studio.media.provenance.credits import Credit
from studio.media.provenance.identity import Identity

MEDIA_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".png": "image/png",
    ".webp": "image/webp",
}
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATOR = "Workprint"
SETTINGS = {"core": {"backing_store_memory_threshold_in_mb": 8}}
"""A film of less than 512 MB would be copied in memory; this has it copied on disk.

Hashing still reads hundreds of megabytes at a time: 219 MB of a film of 215, 525 of one of 1,009.
"""


class CannotSign(MediaError):
    """The credentials could not be written; the film itself is whole."""


def can_carry(path: Path) -> bool:
    """True where a file of this kind has a place for credentials."""
    return path.suffix.lower() in MEDIA_TYPES


def sign_file(
    path: Path, signed: Path, title: str, found: tuple[Credit, ...], identity: Identity
) -> None:
    """Write a copy of `path` with credentials in it to `signed`.

    Raises:
        CannotSign: the file or the identity cannot be used for that.
        OSError: `signed` cannot be written.
    """
    import c2pa  # a large library, for the end of an export alone

    kind = MEDIA_TYPES.get(path.suffix.lower())
    if kind is None:
        raise CannotSign(f"A {path.suffix} file has no place for Content Credentials.")
    try:
        signer = c2pa.Signer.from_info(
            c2pa.C2paSignerInfo(
                alg=b"es256",
                sign_cert=identity.certificates.encode(),
                private_key=identity.key.encode(),
                ta_url=None,
            )
        )
        context = c2pa.Context(c2pa.Settings.from_dict(SETTINGS))
        builder = c2pa.Builder.from_json(json.dumps(manifest(title, kind, found)), context)
        with path.open("rb") as source, signed.open("w+b") as dest:
            builder.sign(signer, kind, source, dest)
    except c2pa.C2paError as error:
        raise CannotSign(_reason(error)) from error


def _reason(error: Exception) -> str:
    """Why the library failed, in a sentence; it tells of a full disk in words alone."""
    if any(f"os error {number}" in str(error) for number in FULL_DISK_NUMBERS):
        return (
            f"the disk is full. Signing copies the film in {gettempdir()}. Free some space there, "
            "then export again."
        )
    return f"signing failed ({error})."


def manifest(title: str, kind: str, found: tuple[Credit, ...]) -> dict[str, object]:
    """What the credentials say, as c2pa's manifest definition."""
    return {
        "claim_generator_info": [{"name": GENERATOR}],
        "title": title,
        "format": kind,
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {
                    "actions": [
                        {
                            "action": "c2pa.created",
                            "digitalSourceType": SOURCE_TYPE + source_type(found),
                        }
                    ]
                },
            },
            {"label": "org.workprint.generated-spans", "data": {"spans": spans(found)}},
        ],
    }


def source_type(found: tuple[Credit, ...]) -> str:
    """IPTC's word for what the film is made of."""
    return "compositeWithTrainedAlgorithmicMedia" if found else "composite"


def spans(found: tuple[Credit, ...]) -> list[dict[str, object]]:
    """Each generated stretch, for machines. Prompts stay out of the file: they are the user's."""
    return [
        {
            "start_s": round(float(credit.start_s), 6),
            "end_s": round(float(credit.end_s), 6),
            "what": credit.what,
            "ability": credit.ability,
            "model": credit.model,
            "licence": credit.licence,
            "weights_sha256": credit.weights,
            **({"consent_recorded": True} if credit.consent else {}),
            "tier": credit.tier,
            "made_at": credit.made_at,
        }
        for credit in found
    ]
