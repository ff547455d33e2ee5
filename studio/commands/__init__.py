"""The studio's commands with no window, one module each, with `run(argv) -> int`.

What they share is beside them: the parser, the console, failures, the choice of an engine and of a
model. A command wires the parts together as the window's composition root does, and knows no Qt.
"""
