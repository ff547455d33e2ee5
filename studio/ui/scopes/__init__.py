"""Scopes on the screen: traces as images, their graticules, and the panel that holds them."""
