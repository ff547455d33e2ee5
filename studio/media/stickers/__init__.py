"""Stickers: a few pictures with transparency made into one small looping file.

`make.make_sticker` is the one door: it shapes a clip for a platform, searches the best quality
that fits its limits and writes the file. It knows nothing of projects or of the window.
"""
