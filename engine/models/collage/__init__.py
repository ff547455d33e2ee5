"""Collages: stickers laid of cut-outs, each drawn alone, and the loops that they move in."""
