"""The identity that signs: the user's own certificate, or one made here on first use.

What the self-made one proves: that the credentials have not been changed since this installation
signed them. What it does not: who its user is, since nobody has vouched for it; checkers show it
as an unknown source. A certificate from an authority can be put in its place.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from platformdirs import user_data_path

STATEMENT = (
    "Signed with a certificate made by this installation of Workprint. It shows that the "
    "credentials were not changed after export; it does not show who made the film, since no "
    "authority has checked the signer."
)
YEARS = 10
DAYS = 365 * YEARS
CERTIFICATE, KEY = "certificates.pem", "key.pem"


@dataclass(frozen=True, slots=True)
class Identity:
    """A chain of certificates, the signer's first, and the signer's key (ES256), both PEM."""

    certificates: str
    key: str
    self_made: bool


def own_identity(folder: Path | None = None) -> Identity:
    """The identity kept for this user, made if there is none.

    Raises:
        OSError: it cannot be kept.
    """
    place = folder or user_data_path("workprint", appauthor=False) / "identity"
    if not (place / CERTIFICATE).exists() or not (place / KEY).exists():
        _keep(place, make_identity("Workprint user"))
    certificates = (place / CERTIFICATE).read_text()
    return Identity(certificates, (place / KEY).read_text(), is_self_made(certificates))


def _keep(folder: Path, identity: Identity) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(identity.key)
    (folder / CERTIFICATE).write_text(identity.certificates)


def is_self_made(certificates: str) -> bool:
    """True where the chain ends in an authority made here."""
    chain = x509.load_pem_x509_certificates(certificates.encode())
    return any(
        attribute.value == "Workprint local authority"
        for attribute in chain[0].issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    )


def make_identity(name: str) -> Identity:
    """A signer's certificate and key under an authority that is used once and forgotten."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _named("Workprint local authority")
    root = (
        _certificate(authority, authority, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .add_extension(_identifier(authority_key), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    leaf = (
        _certificate(_named(name), authority, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(_identifier(key), critical=False)
        .add_extension(issued_by, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    chain = "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in (leaf, root))
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    return Identity(chain, pem, self_made=True)


def _named(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Workprint"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=DAYS))
    )


def _identifier(key: ec.EllipticCurvePrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key())


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )
