"""The report for a client: what in a film was generated, by what, under which licence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from studio.media.provenance.credits import Credit, generated_seconds

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:3rem auto;padding:0 1rem;"
    "color:#1c1d21}table{border-collapse:collapse;width:100%}th,td{text-align:left;"
    "vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #d8d9df}"
    "th{font-weight:600}@media print{body{margin:0}}"
)
HEADINGS = ("From", "To", "What", "Clip", "Made by", "Model", "Licence", "Prompt")


@dataclass(frozen=True, slots=True)
class Film:
    """What the report is about. `credentials` says, in a sentence, what the file carries."""

    title: str
    duration_s: Fraction
    credits: tuple[Credit, ...]
    credentials: str


def as_markdown(film: Film) -> str:
    """The report as Markdown."""
    lines = [f"# {film.title}: where it comes from", "", *_summary(film), ""]
    if film.credits:
        lines += [_row(HEADINGS), _row("---" for _ in HEADINGS)]
        lines += [_row(_cells(credit)) for credit in film.credits]
        lines.append("")
    return "\n".join(lines)


def as_html(film: Film) -> str:
    """The report as a page that can be printed."""
    heading = escape(f"{film.title}: where it comes from")
    summary = "".join(f"<p>{escape(line)}</p>" for line in _summary(film))
    table = ""
    if film.credits:
        head = "".join(f"<th>{escape(word)}</th>" for word in HEADINGS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(credit)) + "</tr>"
            for credit in film.credits
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{heading}</title>'
        f"<style>{STYLE}</style></head><body><h1>{heading}</h1>{summary}{table}</body></html>\n"
    )


def _summary(film: Film) -> list[str]:
    lines = []
    for what in ("picture", "sound"):
        seconds = generated_seconds(film.credits, what)
        share = seconds / film.duration_s * 100 if film.duration_s else Fraction(0)
        lines.append(
            f"Generated {what}: {_clock(seconds)} of {_clock(film.duration_s)} "
            f"({float(share):.0f} %)."
        )
    models = sorted({(credit.model, credit.licence) for credit in film.credits})
    lines += [f"Model {model}: {licence}." for model, licence in models]
    return [*lines, film.credentials]


def _cells(credit: Credit) -> tuple[str, ...]:
    return (
        _clock(credit.start_s),
        _clock(credit.end_s),
        credit.what,
        credit.clip,
        f"{credit.ability.replace('_', ' ')} ({credit.tier})"
        + (", with the consent of who is shown" if credit.consent else ""),
        credit.model,
        credit.licence,
        credit.prompt,
    )


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _clock(seconds: Fraction) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
