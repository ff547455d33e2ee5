"""A sheet of drafts of editors' sentences, a line each, as the studio makes them.

Run it with: python3 -m engine.training.sentence_sheet SENTENCES SHEET [COUNT]

That of docs/pocket-animatic.jpg is of the first 28 of tests/engine/abilities/staged_sentences.txt.
What a line says after a bar, and lines that begin with #, are left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from engine.downloads.store import BUNDLED
from engine.training.contact_sheet import Row, save_sheet
from engine.training.precision import CPU
from engine.training.samples import load_drawers, make_animatic

_FRAMES, _SEED = 48, 7


def main(sentences: Path, sheet: Path, count: int) -> None:
    """Write the sheet of the first sentences as a JPEG."""
    lines = sentences.read_text(encoding="utf-8").splitlines()
    prompts = [line.split("|")[0].strip() for line in lines if line and not line.startswith("#")]
    drawers = load_drawers(BUNDLED, torch.float32, CPU)
    rows = [
        Row(prompt, make_animatic(drawers, prompt, _SEED + number, _FRAMES))
        for number, prompt in enumerate(prompts[:count])
    ]
    save_sheet(rows, sheet)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 24)
