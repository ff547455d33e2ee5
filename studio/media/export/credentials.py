"""Content Credentials and the report of an export, once its file is written."""

from __future__ import annotations

from pathlib import Path

from studio.media.export.placing import placed_file
from studio.media.export.plan import ExportPlan
from studio.media.provenance.credits import Credit, credits_of
from studio.media.provenance.identity import STATEMENT, own_identity
from studio.media.provenance.report import Film, as_html
from studio.media.provenance.sign import CannotSign, can_carry, sign_file

SIGNED = "Content Credentials (C2PA) are in the file. "
ELSEWHERE = "This kind of file has no place for Content Credentials; this report stands for them."

ONE_BY_ONE = (
    "Pictures of a sequence carry no Content Credentials one by one; this report stands for them."
)


def add_credentials(plan: ExportPlan, part: Path) -> str:
    """Sign the file in place; what it carries now, as a sentence ("" where none was asked for).

    A file that cannot be signed stays as it is: the film is worth more than its papers.
    """
    if not plan.job.credentials:
        return ""
    if not can_carry(plan.out):
        return ELSEWHERE
    try:
        identity = own_identity()
    except (OSError, ValueError) as error:
        return f"The film carries no Content Credentials: the signing identity failed ({error})."
    signed = part.with_name(f"{part.stem}.signed{part.suffix}")
    try:
        sign_file(part, signed, plan.out.name, credits_for(plan), identity)
        signed.replace(part)
    except CannotSign as error:
        return f"The film carries no Content Credentials: {error}"
    finally:
        signed.unlink(missing_ok=True)
    return SIGNED + (STATEMENT if identity.self_made else "Signed with the user's certificate.")


def credits_for(plan: ExportPlan) -> tuple[Credit, ...]:
    """What of the film was generated."""
    return credits_of(plan.project, plan.source, plan.source_span)


def write_report(plan: ExportPlan, carried: str) -> tuple[Path, ...]:
    """The report beside the film, where something was generated or the file carries nothing."""
    found = credits_for(plan)
    if not plan.job.credentials or not (found or carried in (ELSEWHERE, ONE_BY_ONE)):
        return ()
    film = Film(
        plan.out.name, plan.source_span.duration / plan.source.rate.fraction, found, carried
    )
    path = plan.out.with_name(f"{plan.out.stem}.credits.html")
    with placed_file(path) as part:
        part.write_text(as_html(film), encoding="utf-8")
    return (path,)
