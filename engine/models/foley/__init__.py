"""Foley: sounds made by procedure and laid where the picture shows what makes them."""
