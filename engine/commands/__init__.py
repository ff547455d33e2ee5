"""The engine's commands, one module each, with `run(argv) -> int`."""
