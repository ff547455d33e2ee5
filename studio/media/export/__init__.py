"""A film leaves: presets, encoding, smart render, captions, chapters and the child process.

`run.export` does it in this process, `process.ExportProcess` in a child of it, which is what the
studio uses, so that a fault in an encoder costs an export and never the edit.
"""
